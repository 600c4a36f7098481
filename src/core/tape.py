"""Final bars up to one session, asked for by what a figure needs of them.

What is not there raises `UnknownError` with the reason, so that a figure is either whole or unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .analytics.breadth import Panel
from .analytics.periods import after_hole
from .analytics.relative import WINDOW, Pair, common
from .bars import Bars

RECENT = 2 * WINDOW + 1
"""Sessions looked at: twice the longest frame."""


class UnknownError(Exception):
    """Why a figure cannot be told."""


@dataclass(frozen=True)
class Tape:
    """Final bars up to one session, and how instruments are called."""

    bars: Mapping[str, Bars]
    session: date
    names: Mapping[str, str]

    def name(self, symbol: str) -> str:
        """As a trader writes it."""
        return self.names.get(symbol, symbol)

    def has(self, symbol: str) -> bool:
        """Whether there is any bar of it up to the session."""
        return bool(len(self.bars.get(symbol, Bars.empty()).upto(self.session)))

    def whole(self, symbol: str) -> Bars:
        """All its bars up to the session; raises UnknownError where it has none of it."""
        bars = self.bars.get(symbol, Bars.empty()).upto(self.session)
        if not len(bars):
            raise UnknownError(f"{self.name(symbol)} has no bars")
        if bars.day(-1) < self.session:
            raise UnknownError(f"{self.name(symbol)} has bars to {bars.day(-1)} only")
        return bars

    def recent(self, symbol: str) -> Bars:
        """A little over two years of them."""
        bars = self.whole(symbol)
        return bars.slice(max(0, len(bars) - RECENT), len(bars))

    def of(self, symbol: str, sessions: int = 1) -> Bars:
        """The recent ones since their newest hole; raises UnknownError where those are too few."""
        bars = after_hole(self.recent(symbol))
        if len(bars) < sessions:
            raise UnknownError(f"{self.name(symbol)}: {len(bars)} of {sessions} sessions{self.hole(symbol)}")
        return bars

    def hole(self, symbol: str) -> str:
        """``, no bars between … and …`` among the recent ones; empty where they have no hole."""
        bars = self.recent(symbol)
        start = len(bars) - len(after_hole(bars))
        return f", no bars between {bars.day(start - 1)} and {bars.day(start)}" if start else ""

    def pair(self, ours: str, theirs: str, sessions: int) -> Pair:
        """The common sessions of two; raises UnknownError where they are too few."""
        legs = [self.of(one, sessions) for one in (ours, theirs)]
        found = common(*legs)
        if len(found) < sessions:
            raise UnknownError(f"{len(found)} of {sessions} common sessions")
        return found

    def panel(self, members: tuple[str, ...]) -> Panel:
        """Several instruments as of the session, to be counted together."""
        return Panel.of(self.bars, members, self.session)
