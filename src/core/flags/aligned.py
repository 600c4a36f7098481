"""Bars of several instruments on the sessions they share.

Only the same session dates are ever compared; each change runs from the instrument's own previous close.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce

import numpy as np

from ..analytics.returns import daily_returns
from ..bars import Bar, Bars, Days, Floats

Indices = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True, eq=False)
class Leg:
    """One instrument: its own bars, and where the common sessions stand in them.

    `yields`: its prices are percent a year, so what follows is told in basis points.
    """

    symbol: str
    bars: Bars
    at: Indices
    yields: bool = False

    @property
    def change(self) -> Floats:
        """Daily change in percent on the common sessions."""
        return daily_returns(self.bars.close)[self.at]

    def session_before(self) -> Days:
        """The leg's own session before each common one; not-a-time where there is none."""
        before = np.full(len(self.bars.days), np.datetime64("NaT"), dtype="datetime64[D]")
        before[1:] = self.bars.days[:-1]
        return before[self.at]

    @property
    def close(self) -> Floats:
        """Closes on the common sessions."""
        return self.bars.close[self.at]


@dataclass(frozen=True, eq=False)
class Aligned:
    """The watched leg first, then its references; `days` are the sessions all of them share.

    `last_is_week_end` says whether the newest common session ends its week.
    """

    days: Days
    watched: Leg
    against: tuple[Leg, ...]
    last_is_week_end: bool = True

    def __len__(self) -> int:
        return len(self.days)

    def comparable(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Where the changes of all legs run from the same session: a missing bar makes one run over two."""
        own = self.watched.session_before()
        same = np.ones(len(self.days), dtype=bool)
        for leg in self.against:
            same &= leg.session_before() == own
        return same


def align(legs: list[tuple[str, Bars]], *, last_is_week_end: bool = True, yields: Collection[str] = ()) -> Aligned:
    """Put instruments on their common sessions; the first is the watched one. `yields` are the symbols of yields."""
    days = reduce(_shared, [bars.days for _, bars in legs])
    made = [Leg(symbol, bars, np.searchsorted(bars.days, days), symbol in yields) for symbol, bars in legs]
    return Aligned(days, made[0], tuple(made[1:]), last_is_week_end)


def _shared(days: Days, others: Days) -> Days:
    """The days that are in both of two ascending columns: looked up in order, without sorting them again."""
    at = np.searchsorted(others, days)
    there = at < len(others)
    there[there] = others[at[there]] == days[there]
    return days[there]


def with_bars(aligned: Aligned, bars: list[Bar], *, last_is_week_end: bool) -> Aligned:
    """The same legs with one more session, final or not, for each of them.

    A leg whose own bars reach that session already is cut to the days before it.
    """
    legs = (aligned.watched, *aligned.against)
    added: list[Leg] = []
    for leg, bar in zip(legs, bars, strict=True):
        earlier = leg.bars.upto(bar.day - timedelta(days=1))
        added.append(Leg(leg.symbol, earlier.merged(Bars.of((bar,))), np.r_[leg.at, len(earlier)], leg.yields))
    days = np.r_[aligned.days, np.datetime64(bars[0].day, "D")]
    return Aligned(days, added[0], tuple(added[1:]), last_is_week_end)
