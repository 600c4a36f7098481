"""All-time highs on both bases, and the drawdown since the record close.

A new record needs a strictly higher price; an equal one is a match, and the date shown is the last
session that reached the price. "All time" is as long as the history.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from ..bars import Bar, Bars, Floats
from ..model.reading import Drought, Record, RecordMark
from .returns import LEAST_HISTORY, percent

PULLBACK, CORRECTION, BEAR = -5.0, -10.0, -20.0
"""Percent from the record close; each bound belongs to the deeper phase."""

Indices = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class Peak:
    """A record price and the index of the last session that reached it."""

    price: float
    index: int
    day: date


@dataclass(frozen=True)
class _Past:
    """What every close before the newest is looked at for."""

    depth_percentile: float | None
    drought: Drought | None
    longest_drought: Drought | None


@dataclass(frozen=True)
class Records:
    """The records of final bars on both bases; what is told beside them is counted when first asked for.

    The two peaks are one sweep each over a column, and a new bar moves both; depths and waits look at every
    close against the highest before it, which costs several times as much.
    """

    bars: Bars = field(repr=False, compare=False)
    intraday: Peak
    close: Peak

    @cached_property
    def since(self) -> date:
        """The first session."""
        return self.bars.day(0)

    @property
    def sessions(self) -> int:
        """How many there are."""
        return len(self.bars)

    @cached_property
    def last_day(self) -> date:
        """The newest session."""
        return self.bars.day(-1)

    @cached_property
    def _lowest(self) -> int:
        return self.close.index + int(self.bars.close[self.close.index :].argmin())

    @cached_property
    def lowest(self) -> float:
        """The lowest close since the record close, the first of equal ones."""
        return float(self.bars.close[self._lowest])

    @cached_property
    def lowest_day(self) -> date:
        """When that was."""
        return self.bars.day(self._lowest)

    @property
    def depth_percentile(self) -> float | None:
        """The rank of the depth of the last close among those of the sessions before it, 0-100."""
        return self._past.depth_percentile

    @property
    def drought(self) -> Drought | None:
        """The last wait for a new record close that has ended."""
        return self._past.drought

    @property
    def longest_drought(self) -> Drought | None:
        """The longest of them in days, the first of equal ones."""
        return self._past.longest_drought

    @cached_property
    def _past(self) -> _Past:
        highest = np.maximum.accumulate(self.bars.close)
        starts, ends = _waits(self.bars.close, highest)
        rank = _rank(self.bars.close, highest)
        if not len(ends):
            return _Past(rank, None, None)
        longest = int(np.argmax(self.bars.days[ends] - self.bars.days[starts]))
        newest, worst = (_drought(self.bars, int(starts[at]), int(ends[at])) for at in (-1, longest))
        return _Past(rank, newest, worst)


def peak(prices: Floats, bars: Bars) -> Peak:
    """The highest price and the last session that reached it; `prices` is one of the bars' columns."""
    index = int(prices.argmax())
    price: float = prices.item(index)
    # the highest of what is left: a search from the end would copy the column, and a record is rarely old
    while len(left := prices[index + 1 :]):
        again = int(left.argmax())
        if left.item(again) < price:
            break
        index += 1 + again
    return Peak(price, index, bars.day(index))


def records_of(bars: Bars) -> Records | None:
    """The records of a history, None without bars."""
    return Records(bars, peak(bars.high, bars), peak(bars.close, bars)) if len(bars) else None


def depths(close: Floats) -> Floats:
    """How far each close lies below the highest close up to it, in percent, zero or below. Shape (n,)."""
    return _below(close, np.maximum.accumulate(close))


def _below(close: Floats, highest: Floats) -> Floats:
    return np.asarray(100.0 * (close - highest) / highest)


def depth_percentile(close: Floats) -> float | None:
    """The share of sessions before the last that closed less deep below their record, 0-100; None under 252."""
    return _rank(close, np.maximum.accumulate(close))


def _rank(close: Floats, highest: Floats) -> float | None:
    if len(close) <= LEAST_HISTORY:
        return None
    depth = _below(close, highest)
    return 100.0 * int(np.count_nonzero(depth[:-1] > depth[-1])) / (len(close) - 1)


def droughts(bars: Bars) -> tuple[Drought, ...]:
    """Every wait for a new record close that has ended, oldest first; sessions in a row at records are none.

    It runs from the last session that reached the old record close to the first that closed above it.
    """
    starts, ends = _waits(bars.close, np.maximum.accumulate(bars.close))
    return tuple(_drought(bars, start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True))


def _waits(close: Floats, highest: Floats) -> tuple[Indices, Indices]:
    """Where each wait begins and ends; `highest` is the highest close up to each."""
    before = np.r_[0.0, highest[:-1]]
    made, reached = np.flatnonzero(close > before)[1:], np.flatnonzero(close >= before)
    starts = reached[np.searchsorted(reached, made) - 1]
    waited = made - starts > 1
    return starts[waited], made[waited]


def _drought(bars: Bars, start: int, end: int) -> Drought:
    first, last = bars.day(start), bars.day(end)
    return Drought(start=first, end=last, days=(last - first).days, sessions=end - start)


def read_record(records: Records, live: Bar | None, last: float, last_close: float) -> Record:
    """Distance of the last price from both records.

    The intraday record counts the live session's high, the record close final bars only; the phase and
    the depth are on `last_close`, the last final close.
    """
    intraday = records.intraday
    sessions = records.sessions + (live is not None)
    if live is not None and live.high >= intraday.price:
        intraday = Peak(live.high, sessions - 1, live.day)
    at = live.day if live else records.last_day
    return Record(
        since=records.since,
        intraday=_mark(intraday, last, sessions, at),
        close=_mark(records.close, last, sessions, at),
        phase=phase(percent(last_close, records.close.price)),
        deepest_percent=percent(records.lowest, records.close.price),
        deepest_date=records.lowest_day,
        made_this_week=_same_week(intraday.day, at),
        close_made_this_week=_same_week(records.close.day, at),
        depth_percentile=records.depth_percentile,
        drought=records.drought,
        longest_drought=records.longest_drought,
    )


def _same_week(one: date, other: date) -> bool:
    return one.isocalendar()[:2] == other.isocalendar()[:2]


def _mark(found: Peak, last: float, sessions: int, at: date) -> RecordMark:
    # a last price above a record close (it is no close yet) stands at it, not beyond
    price = max(found.price, last)
    return RecordMark(
        price=found.price,
        date=found.day,
        distance_percent=percent(last, price),
        points=price - last,
        to_recover_percent=percent(price, last),
        sessions_since=sessions - 1 - found.index,
        days_since=(at - found.day).days,
    )


def phase(depth_percent: float) -> str:
    """The phase of a depth below the record close, by the usual 5, 10 and 20 percent."""
    if depth_percent >= 0:
        return "at record"
    if depth_percent > PULLBACK:
        return "near high"
    if depth_percent > CORRECTION:
        return "pullback"
    return "correction" if depth_percent > BEAR else "bear"
