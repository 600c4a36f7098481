"""A desk whose main source is out, with two publishers of official closes on the same line."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tapewatch.core.bars import Bars
from tapewatch.core.model.config import Config, RuleSetting
from tapewatch.core.model.reading import Quote
from tapewatch.core.model.snapshot import Row

from ..fake_closes import FakeCloses
from ..fake_yahoo import FakeYahoo, load_daily, load_five_minutes, troubles
from .desk import Desk, desk, eastern, watching

INTRADAY = {"^RUT": "RUT", "^GSPC": "SPX", "^IXIC": "IXIC"}
OUT = troubles.status(503)


@dataclass
class Closed:
    """The desk, its main source and the publishers."""

    desk: Desk
    yahoo: FakeYahoo
    closes: FakeCloses
    history: dict[str, Bars]

    def row(self, short: str) -> Row:
        found = self.desk.snapshot.row(short)
        assert found is not None
        return found

    def official(self, short: str) -> Quote:
        found = self.row(short).official
        assert found is not None, f"{short} shows no official close"
        return found

    def until(self, moment: str) -> None:
        self.desk.until(eastern(moment))

    def close_of(self, symbol: str, day: str) -> float:
        """The close of the real bar."""
        bars = self.history[symbol].upto(eastern(f"{day} 12:00").date())
        assert str(bars.day(-1)) == day
        return float(bars.close[-1])


def asking(config: Config, closes: str | tuple[str, ...]) -> Config:
    """The settings with sources of closes."""
    return msgspec.structs.replace(config, feed=msgspec.structs.replace(config.feed, closes=closes))


@contextmanager
def closed(
    folders: tuple[Path, Path],
    place: Path,
    *symbols: str,
    start: str,
    closes: str | tuple[str, ...] = "cboe",
    rules: Sequence[RuleSetting] = (),
) -> Generator[Closed, None, None]:
    """A desk from a moment of October 2025 on, its store filled up to the 14th; 5-minute bars of the 15th exist."""
    daily, intraday = folders
    history = load_daily(daily)
    bars = {symbol: load_five_minutes(intraday / f"{name}_5m_2025-10-15.csv") for symbol, name in INTRADAY.items()}
    yahoo = FakeYahoo(history, bars, eastern(start))
    publishers = FakeCloses(history, yahoo)
    config = asking(watching(*symbols, rules=rules), closes)
    with desk(place, config, yahoo, eastern(start), eastern("2025-10-14 00:00")) as made:
        yield Closed(made, yahoo, publishers, history)
