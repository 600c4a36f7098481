"""A day as the feed lives it: the real client over TLS, real bars, the market's own clock."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from tapewatch.core.model.config import RuleSetting
from tapewatch.core.model.snapshot import Snapshot

from ..fake_yahoo import FakeYahoo, load_daily, load_five_minutes
from .desk import Desk, desk, eastern, watching

PAIR = RuleSetting(rule="same-day-direction", watched="^RUT", against=("^GSPC", "^IXIC"))
NAMES = {"^RUT": "RUT", "^GSPC": "SPX", "^IXIC": "IXIC"}

Open = Callable[..., AbstractContextManager[Desk]]


@pytest.fixture
def live(daily_folder: Path, intraday_folder: Path, tmp_path: Path) -> Open:
    """A desk on one of the three days whose 5-minute bars exist, history up to the day before."""

    def make(day: str, *symbols: str, start: str = "09:25", rules: tuple[RuleSetting, ...] = (PAIR,)) -> object:
        bars = {symbol: load_five_minutes(intraday_folder / f"{name}_5m_{day}.csv") for symbol, name in NAMES.items()}
        service = FakeYahoo(load_daily(daily_folder), bars, eastern(f"{day} {start}"))
        config = watching(*(symbols or NAMES), rules=rules)
        before = eastern(f"{day} 00:00") - timedelta(days=1)
        return desk(tmp_path, config, service, eastern(f"{day} {start}"), before)

    return make  # type: ignore[return-value]


def test_the_flag_of_17_october_forms_holds_and_is_confirmed_from_official_closes(live: Open) -> None:
    with live("2025-10-17", start="13:50") as day:
        day.until(eastern("2025-10-17 16:50"))
        assert day.journal("same-day-direction") == [
            ("17 14:20", "forming"),
            ("17 14:35", "provisional"),
            ("17 16:20", "confirmed"),
        ]
        confirmed = day.events()[-1]
        assert confirmed.source == "final bars"
        flag = day.snapshot.flags[0]
        # the last 5-minute close was 2,451.89; the official one is 2,452.17
        assert flag.measures["^RUT"] == pytest.approx(-0.602, abs=0.0005)
        assert flag.measures["^GSPC"] == pytest.approx(0.527, abs=0.0005)
        row = day.snapshot.row("RUT")
        assert row is not None
        assert row.quote is not None
        assert row.quote.state == "final"
        assert row.quote.last == pytest.approx(2452.17, abs=0.005)


@pytest.mark.parametrize("date_of", ["2025-08-08", "2025-10-15"])
def test_nothing_forms_on_the_other_days(live: Open, date_of: str) -> None:
    with live(date_of, start="15:30") as day:
        day.until(eastern(f"{date_of} 16:50"))
        assert day.journal() == []
        row = day.snapshot.row("RUT")
        assert row is not None
        assert row.quote is not None
        assert row.quote.state == "final"


def test_without_prices_of_the_dow_the_flag_is_unknown_and_names_it(live: Open) -> None:
    rule = RuleSetting(rule="same-day-direction", watched="^RUT", against=("^GSPC", "^DJI"))
    with live("2025-10-17", *NAMES, "^DJI", start="15:40", rules=(rule,)) as day:
        day.until(eastern("2025-10-17 16:01"))
        assert {state for _, state in day.journal()} == {"unknown"}
        flag = day.snapshot.flags[0]
        assert flag.state == "unknown"
        assert flag.sentence.startswith("DJIA has no prices of this session")
        assert "Thu 16 Oct" in flag.sentence
        day.until(eastern("2025-10-17 16:50"))
        assert day.journal()[-1] == ("17 16:20", "confirmed")


def test_a_day_begun_late_writes_the_same_journal(live: Open) -> None:
    with live("2025-10-17", start="15:10") as day:
        day.until(eastern("2025-10-17 15:20"))
        assert day.journal() == [("17 14:20", "forming"), ("17 14:35", "provisional")]


def test_a_spike_between_two_prices_is_seen_within_one_rotation(live: Open) -> None:
    """At 11:00 the day's high of RUT jumps over the record; no 5-minute close ever shows it."""
    with live("2025-10-17", start="10:50") as day:
        day.until(eastern("2025-10-17 10:59"))
        day.service.spike("^RUT", eastern("2025-10-17 11:00"), 2560.0)
        seen: list[Snapshot] = []
        rotation = timedelta(seconds=20 * (len(NAMES) + 1) + 60)

        def watch(snapshot: Snapshot) -> None:
            row = snapshot.row("RUT")
            if row and row.quote and row.quote.high == 2560.0:
                seen.append(snapshot)

        day.until(eastern("2025-10-17 11:00") + rotation, watch)
        assert seen
        first = seen[0]
        row = first.row("RUT")
        assert row is not None
        assert row.quote is not None
        assert row.week is not None
        assert row.record is not None
        assert row.quote.range_as_of is not None
        assert eastern("2025-10-17 11:00") <= row.quote.range_as_of <= first.clock.now
        assert row.week.high == row.record.intraday.price == 2560.0
        assert (row.week.high_date, row.record.intraday.date) == (date(2025, 10, 17), date(2025, 10, 17))


def test_requests_stay_within_the_budget_and_only_the_needed_ones_are_sent(live: Open) -> None:
    with live("2025-10-17") as day:
        day.until(eastern("2025-10-17 16:50"))
        times = [request.at for request in day.service.requests]
        busiest = max(sum(at <= other < at + timedelta(hours=1) for other in times) for at in times)
        assert 100 < busiest <= 240
        assert day.service.count("spark") <= 7 * 60
        after_close = [one for one in day.service.requests if one.at > eastern("2025-10-17 16:05")]
        assert sorted(one.symbols[0] for one in after_close if one.what == "chart") == sorted(NAMES)
        assert day.service.strangers == []


def test_nothing_is_asked_at_night_on_weekends_and_on_holidays(daily_folder: Path, tmp_path: Path) -> None:
    """Thanksgiving week of 2025: Thursday closed, Friday until 13:00; and the weekend after it."""
    symbols = ("^RUT", "^GSPC", "^DJI", "^IXIC", "^NDX")
    history = load_daily(daily_folder)
    service = FakeYahoo(history, {}, eastern("2025-11-24 00:00"), early={date(2025, 11, 28): time(13, 0)})
    config = watching(*symbols)
    with desk(tmp_path, config, service, eastern("2025-11-24 00:00"), eastern("2025-11-21 00:00")) as week:
        week.until(eastern("2025-12-01 00:00"))
        asked = [request.at.astimezone(eastern("2025-11-24 00:00").tzinfo) for request in service.requests]
        days = {at.date() for at in asked}
        assert days == {date(2025, 11, day) for day in (24, 25, 26, 28)}
        assert all((8, 45) <= (at.hour, at.minute) <= (16, 50) for at in asked)
        assert max(at for at in asked if at.date() == date(2025, 11, 28)).hour == 13
        row = week.snapshot.row("RUT")
        assert row is not None
        assert row.week is not None
        assert (row.week.sessions, row.week.expected, row.week.half_days) == (4, 4, (date(2025, 11, 28),))
