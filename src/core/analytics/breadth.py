"""Breadth of a panel: how many of its members rise, stand above an average, or make a new high.

A panel is counted whole or not at all. While a member has no bars, none of the session asked for, or too
few before it, breadth is unknown, and `Lacking` names who is missing: what is left would be another panel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from ..bars import Bars, Days, Floats
from .periods import after_hole
from .rolling import rolling_mean
from .weekly import MONTH
from .year_range import HOLIDAYS, WINDOW

SHORT, LONG = 50, 200
"""Sessions of the two averages."""
RECENT = 300
"""Sessions looked at: more than the longer average, or 52 weeks, and a month."""


@dataclass(frozen=True)
class Lacking:
    """Members that keep a panel from being counted; `short` have too few bars up to the session."""

    none: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    short: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.none or self.late or self.short)


@dataclass(frozen=True)
class Count:
    """Members with a property, of how many; `against` have the opposite one (fallen, at a new low).

    `others` are those without the property.
    """

    number: int
    of: int
    against: int = 0
    others: tuple[str, ...] = ()

    @property
    def net(self) -> int:
        """Those with the property minus those with the opposite."""
        return self.number - self.against

    @property
    def percent(self) -> float:
        """The share, 0-100."""
        return 100.0 * self.number / self.of


@dataclass(frozen=True)
class Panel:
    """The bars of a panel's members as of a session; what is later is not looked at."""

    members: tuple[str, ...]
    session: date
    bars: Mapping[str, Bars] = field(repr=False)

    @classmethod
    def of(cls, bars: Mapping[str, Bars], members: Sequence[str], session: date) -> "Panel":
        """As much of each member's unbroken history up to the session as any count needs."""
        empty = Bars.empty()
        return cls(tuple(members), session, {one: _recent(bars.get(one, empty).upto(session)) for one in members})

    def lacking(self, sessions: int = 1) -> Lacking:
        """Who has no bars, none of this session, or fewer than so many up to it."""
        none = tuple(one for one in self.members if not len(self.bars[one]))
        late = tuple(one for one in self.members if one not in none and not self._there(one))
        others = (one for one in self.members if one not in (*none, *late))
        return Lacking(none, late, tuple(one for one in others if len(self.bars[one]) < sessions))

    def _there(self, member: str) -> bool:
        return self.bars[member].day(-1) == self.session

    def histories(self) -> list[Bars]:
        """The members' bars, in their order."""
        return [self.bars[one] for one in self.members]


def _recent(bars: Bars) -> Bars:
    return after_hole(bars.slice(max(0, len(bars) - RECENT), len(bars)))


def above_average(panel: Panel, length: int, ago: int = 0) -> Count | Lacking:
    """Members whose close lies above the mean of their last `length` closes, so many sessions `ago`."""
    lacking = panel.lacking(length + ago)
    if lacking:
        return lacking
    closes = [bars.close[len(bars) - ago - length : len(bars) - ago] for bars in panel.histories()]
    others = tuple(name for name, one in zip(panel.members, closes, strict=True) if one[-1] <= _mean(one))
    return Count(len(closes) - len(others), len(closes), others=others)


def _mean(closes: Floats) -> float:
    return float(rolling_mean(closes, len(closes))[-1])


def advancing(panel: Panel) -> Count | Lacking:
    """Members that closed above their close before; `against` closed below it."""
    lacking = panel.lacking(2)
    if lacking:
        return lacking
    moves = [float(bars.close[-1] - bars.close[-2]) for bars in panel.histories()]
    return Count(sum(move > 0 for move in moves), len(moves), sum(move < 0 for move in moves))


def new_extremes(panel: Panel) -> Count | Lacking:
    """Members whose high is above every high of the 52 weeks before; `against`: the same of lows.

    The window is that of the 52-week range; a member whose bars begin inside it is lacking.
    """
    first = panel.session - WINDOW
    lacking = panel.lacking(2)
    young = tuple(one for one in panel.members if one not in (*lacking.none, *lacking.late)
                  and panel.bars[one].day(0) > first + HOLIDAYS)  # fmt: skip
    lacking = Lacking(lacking.none, lacking.late, young)
    if lacking:
        return lacking
    highs, lows = zip(*(_extremes(bars, first) for bars in panel.histories()), strict=True)
    return Count(sum(highs), len(highs), sum(lows))


def _extremes(bars: Bars, first: date) -> tuple[bool, bool]:
    """Whether the newest bar's high, and its low, is beyond all after `first`."""
    start = int(np.searchsorted(bars.days, np.datetime64(first), side="right"))
    high = bars.high[-1] > bars.high[start:-1].max(initial=-np.inf)
    low = bars.low[-1] < bars.low[start:-1].min(initial=np.inf)
    return bool(high), bool(low)


def share_above(bars: Mapping[str, Bars], members: Sequence[str], days: Days, length: int) -> Floats:
    """Percent of members above the mean of their last `length` closes on each of `days`.

    NaN on a day on which any member has no bar or no such mean yet. Shape (days,).
    """
    above = np.zeros(len(days))
    for member in members:
        above += _above_on(bars.get(member, Bars.empty()), days, length)
    return np.asarray(100.0 * above / max(1, len(members)))


def _above_on(bars: Bars, days: Days, length: int) -> Floats:
    mean = rolling_mean(bars.close, length)
    above = np.where(np.isnan(mean), np.nan, bars.close > mean)
    above[_after_wide_gap(bars, length)] = np.nan
    at = np.searchsorted(bars.days, days)
    there = at < len(bars)
    there[there] = bars.days[at[there]] == days[there]
    found = np.full(len(days), np.nan)
    found[there] = above[at[there]]
    return found


def _after_wide_gap(bars: Bars, length: int) -> npt.NDArray[np.bool_]:
    """Where a mean of so many closes would reach over a hole of more than a month."""
    spans = np.zeros(len(bars), dtype=bool)
    for wide in np.flatnonzero(bars.days[1:] - bars.days[:-1] > MONTH):
        spans[wide + 1 : wide + length] = True
    return spans
