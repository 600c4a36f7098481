"""How often is asked, and how often somebody looks, changes no line of the journal."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tapewatch.core.data import MarketData
from tapewatch.core.model.config import RuleSetting
from tapewatch.core.model.snapshot import Snapshot

from ..fake_yahoo import FakeYahoo, load_daily, load_five_minutes
from .desk import desk, eastern, watching

NAMES = {"^RUT": "RUT", "^GSPC": "SPX", "^IXIC": "IXIC"}
RULES = (
    RuleSetting(rule="same-day-direction", watched="^RUT", against=("^GSPC", "^IXIC")),
    RuleSetting(rule="record-reversal", watched="^RUT"),
    RuleSetting(rule="weekly-lag", watched="^RUT", against=("^GSPC",)),
)
DAY = "2025-10-17"
Line = tuple[str, str, str]


class Screen:
    """Somebody who looks every so often, and presses `r` each time."""

    def __init__(self, data: MarketData, every: timedelta) -> None:
        self.data, self.every = data, every
        self.looked_at: datetime | None = None
        self.looks = 0

    def look(self, snapshot: Snapshot) -> None:
        now = snapshot.clock.now
        if self.looked_at is None or now - self.looked_at >= self.every:
            self.looked_at = now
            self.looks += 1
            assert self.data.latest() is not None
            self.data.ask("refresh")


def journal(daily: Path, intraday: Path, folder: Path, poll: float, every: timedelta) -> tuple[list[Line], int]:
    """The journal of the afternoon of 17 October 2025, and how often prices were asked for."""
    bars = {symbol: load_five_minutes(intraday / f"{name}_5m_{DAY}.csv") for symbol, name in NAMES.items()}
    start = eastern(f"{DAY} 13:50")
    service = FakeYahoo(load_daily(daily), bars, start)
    config = watching(*NAMES, rules=RULES, poll=poll)
    with desk(folder, config, service, start, eastern("2025-10-16 00:00")) as day:
        screen = Screen(MarketData.open(day.paths, config), every)
        day.until(eastern(f"{DAY} 16:50"), screen.look)
        screen.data.close()
        assert screen.looks > 5
        lines = [(f"{one.time.astimezone(start.tzinfo):%H:%M}", one.rule, one.state) for one in day.events()]
        return sorted(lines), service.count("spark")


def test_three_polls_and_three_refreshes_write_one_journal(
    daily_folder: Path, intraday_folder: Path, tmp_path: Path
) -> None:
    written: dict[tuple[float, float], list[Line]] = {}
    asked: dict[float, int] = {}
    for poll, minutes in ((30.0, 5), (60.0, 5), (300.0, 5), (60.0, 1), (60.0, 15)):
        folder = tmp_path / f"{poll:g}-{minutes}"
        lines, asked[poll] = journal(daily_folder, intraday_folder, folder, poll, timedelta(minutes=minutes))
        written[poll, minutes] = lines
    first = written[60.0, 5]
    assert ("14:20", "same-day-direction", "forming") in first
    assert ("14:35", "same-day-direction", "provisional") in first
    assert ("16:20", "same-day-direction", "confirmed") in first
    assert all(lines == first for lines in written.values())
    assert asked[30.0] > asked[300.0]


@pytest.mark.parametrize("rule", [one.rule for one in RULES])
def test_every_rule_of_the_afternoon_is_one_that_is_judged_live(rule: str) -> None:
    from tapewatch.core.flags import rules

    assert rules()[rule].live
