"""Extremes that stood before each session, the breaks of old ones, and whether a break lasted.

A record close is strictly above every close before it; an equal one only brings its date up to date.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..bars import Bars, Days, Floats
from .momentum import atr
from .year_range import WINDOW

Bools = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]


class Extreme(NamedTuple):
    """The highest value up to each session, its own included, and `at` which session it was last reached."""

    value: Floats
    at: Indices


class Margin(NamedTuple):
    """How far the close of a break stood above the level: in points, in percent of it, in ATR(14) of that close."""

    points: float
    percent: float
    atrs: float


class Zone(NamedTuple):
    """Sessions whose low came down to a zone's upper edge, and those that closed under its lower edge."""

    touched: int
    closed_under: int


def upside_down(bars: Bars) -> Bars:
    """The same bars with every price negated: its highs are their lows, so that one code finds both."""
    return Bars.columns(bars.days, -bars.open, -bars.low, -bars.high, -bars.close, bars.volume)


def highest_so_far(values: Floats) -> Extreme:
    """Of all history up to each session."""
    highest = np.maximum.accumulate(values)
    at = np.where(values >= highest, np.arange(len(values)), 0)
    return Extreme(highest, np.maximum.accumulate(at))


def highest_of_year(days: Days, values: Floats) -> Extreme:
    """Of the 52 weeks (t - 364 days, t] up to each session t."""
    starts = np.searchsorted(days, days - np.timedelta64(WINDOW.days, "D"), side="right").tolist()
    column, at = values.tolist(), np.empty(len(values), dtype=np.int64)
    falling: list[int] = []
    head = 0
    for index, value in enumerate(column):
        while len(falling) > head and column[falling[-1]] <= value:
            falling.pop()
        falling.append(index)
        while falling[head] < starts[index]:
            head += 1
        at[index] = falling[head]
    return Extreme(values[at], at)


def first_record_closes(close: Floats, drought: int) -> Indices:
    """Sessions of a record close that follow at least so many sessions since the record before was reached."""
    if len(close) < 2:
        return np.empty(0, dtype=np.int64)
    before = highest_so_far(close)
    index = np.arange(1, len(close))
    new = close[1:] > before.value[:-1]
    return index[new & (index - before.at[:-1] >= drought)]


def back_below(close: Floats, cases: Indices, within: int) -> Bools:
    """Of each case, whether one of the next `within` closes lay under the record that stood before it."""
    before = np.maximum.accumulate(close)
    waits = [sessions_to_fall_back(close, float(before[at - 1]), at) for at in cases.tolist()]
    return np.array([wait is not None and wait <= within for wait in waits], dtype=bool)


def sessions_to_fall_back(close: Floats, level: float, index: int) -> int | None:
    """Sessions from the break at `index` to the first close under the level; None where none was."""
    under = np.flatnonzero(close[index + 1 :] < level)
    return int(under[0]) + 1 if len(under) else None


def margin(bars: Bars, level: float, index: int) -> Margin:
    """Of one session's close over a level; the ATR is the one known at that close."""
    points = float(bars.close[index]) - level
    return Margin(points, 100.0 * points / level, points / float(atr(bars.slice(0, index + 1))[-1]))


def zone_of(bars: Bars, low: float, high: float, broken: int) -> Zone:
    """What became of a zone in the sessions after the one that broke it."""
    touched = int(np.count_nonzero(bars.low[broken + 1 :] <= high))
    return Zone(touched, int(np.count_nonzero(bars.close[broken + 1 :] < low)))
