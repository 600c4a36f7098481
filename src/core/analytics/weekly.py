"""Weekly bars built from days; a week is the ISO week of its sessions, dated by its Monday.

Vendors' weekly bars are not used: they disagree with the days they claim to sum up.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

import numpy as np

from ..bars import Bar, Bars, Days, Floats, as_date
from ..model.reading import PreviousWeek, Week
from .momentum import atr
from .returns import percent, position

MONTH = np.timedelta64(31, "D")
"""Bars further apart are no neighbours: a change across the gap would be no week's (or day's)."""
PERCENTILE_WEEKS, LEAST_WEEKS, MEAN_WEEKS = 260, 52, 10


@dataclass(frozen=True, eq=False)
class Weeks:
    """All weeks of a history, oldest first, columns of shape (n,).

    `first` and `last` index the daily bars; `first_close` is the close of the week's first session.
    """

    monday: Days
    first: np.ndarray[tuple[int], np.dtype[np.int64]]
    last: np.ndarray[tuple[int], np.dtype[np.int64]]
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    first_close: Floats

    def __len__(self) -> int:
        return len(self.monday)

    @cached_property
    def sessions(self) -> Floats:
        """Sessions of each week."""
        return (self.last - self.first + 1).astype(np.float64)

    @cached_property
    def atr14(self) -> Floats:
        """Wilder's ATR(14) of the weekly bars in points; NaN for the first fourteen, and after a hole."""
        wide = np.flatnonzero(self.monday[1:] - self.monday[:-1] > MONTH)
        start = int(wide[-1]) + 1 if len(wide) else 0
        columns = (self.open, self.high, self.low, self.close, np.zeros(len(self)))
        bars = Bars.columns(self.monday[start:], *(column[start:] for column in columns))
        return np.asarray(np.r_[np.full(start, np.nan), atr(bars)])

    def range_percent(self) -> Floats:
        """High minus low in percent of the previous week's close; the first is NaN."""
        ranges = np.full(len(self), np.nan)
        ranges[1:] = 100.0 * (self.high[1:] - self.low[1:]) / self.close[:-1]
        return ranges


def mondays(days: Days) -> Days:
    """The Monday of each day's week. 1970-01-01 was a Thursday."""
    numbers = days.astype(np.int64)
    return (numbers - (numbers + 3) % 7).astype("datetime64[D]")


def weeks_of(bars: Bars) -> Weeks:
    """Group daily bars into weeks."""
    week = mondays(bars.days)
    first = np.flatnonzero(np.r_[True, week[1:] != week[:-1]]) if len(bars) else np.empty(0, np.int64)
    last = np.r_[first[1:] - 1, len(bars) - 1] if len(bars) else first
    empty = np.empty(0)
    return Weeks(
        monday=week[first],
        first=first,
        last=last,
        open=bars.open[first],
        high=np.maximum.reduceat(bars.high, first) if len(bars) else empty,
        low=np.minimum.reduceat(bars.low, first) if len(bars) else empty,
        close=bars.close[last],
        first_close=bars.close[first],
    )


@dataclass(frozen=True)
class Expected:
    """What the exchange's calendar says of a week: its sessions, and the early closes among them."""

    sessions: int
    half_days: tuple[date, ...] = ()
    over: bool = True


def read_week(
    bars: Bars, weeks: Weeks, live: Bar | None, expected: Expected, *, basis_points: bool, open_is_real: bool
) -> Week | None:
    """The newest week, the live session included and marked by `final` being false; None without bars.

    `basis_points` for yields, whose changes are differences times 100 and never percent of a yield.
    """
    days = _days_of_week(bars, weeks, live)
    if not days:
        return None
    monday = as_date(mondays(np.array([days[0].day], dtype="datetime64[D]"))[0])
    earlier = int(np.searchsorted(weeks.monday, np.datetime64(monday)))
    if earlier and np.datetime64(monday) - weeks.monday[earlier - 1] > MONTH:
        earlier = 0
    before = float(weeks.close[earlier - 1]) if earlier else None
    high, low, close = max(day.high for day in days), min(day.low for day in days), days[-1].close
    final = live is None and (expected.over or len(days) >= expected.sessions)
    # with a session missing its range may have been another
    whole = final and len(days) >= expected.sessions
    first_open = days[0].open if open_is_real else None
    points = None if before is None or not basis_points else 100.0 * (close - before)
    share = None if before is None or basis_points else 100.0 * (high - low) / before
    gap = None if before is None or first_open is None else first_open - before
    way = None if before is None else _way(before, days)
    return Week(
        monday=monday,
        sessions=len(days),
        expected=max(expected.sessions, len(days)),
        final=final,
        open=first_open,
        high=high,
        high_date=next(day.day for day in days if day.high == high),
        low=low,
        low_date=next(day.day for day in days if day.low == low),
        close=close,
        previous_close=before,
        range=high - low,
        range_percent=share,
        range_percentile=None if share is None or not whole else _percentile(weeks, earlier, share),
        range_times_average=_times_average(weeks, earlier, high - low),
        range_atr=_times_atr(weeks, earlier, high - low),
        position_percent=position(close, low, high),
        change_percent=None if before is None or basis_points else percent(close, before),
        change_points=points,
        open_to_close_percent=None if first_open is None or basis_points else percent(close, first_open),
        first_close_to_close_percent=None if basis_points else percent(close, days[0].close),
        gap=gap,
        gap_percent=None if gap is None or before is None or basis_points else 100.0 * gap / before,
        path_percent=None if way is None or before is None or basis_points else 100.0 * way / before,
        efficiency_percent=None if not way or before is None else 100.0 * abs(close - before) / way,
        previous=_previous(weeks, earlier, basis_points),
        patterns=_patterns(weeks, earlier, high, low) if whole else (),
        patterns_per_session=_narrowest(weeks, earlier, high - low, len(days)) if whole else (),
        half_days=expected.half_days,
    )


def _way(before: float, days: list[Bar]) -> float:
    """Points gone from close to close, up and down alike."""
    return sum(abs(later - earlier) for earlier, later in pairwise([before, *(day.close for day in days)]))


def _days_of_week(bars: Bars, weeks: Weeks, live: Bar | None) -> list[Bar]:
    if live is None:
        return [bars.bar(i) for i in range(int(weeks.first[-1]), len(bars))] if len(weeks) else []
    monday = mondays(np.array([live.day], dtype="datetime64[D]"))[0]
    same = len(weeks) > 0 and weeks.monday[-1] == monday
    finals = [bars.bar(i) for i in range(int(weeks.first[-1]), len(bars))] if same else []
    return [day for day in finals if day.day < live.day] + [live]


def _previous(weeks: Weeks, earlier: int, basis_points: bool) -> PreviousWeek | None:
    if not earlier:
        return None
    close = float(weeks.close[earlier - 1])
    before = float(weeks.close[earlier - 2]) if earlier > 1 and not basis_points else None
    return PreviousWeek(
        monday=as_date(weeks.monday[earlier - 1]),
        high=float(weeks.high[earlier - 1]),
        low=float(weeks.low[earlier - 1]),
        close=close,
        change_percent=None if before is None else percent(close, before),
    )


def _percentile(weeks: Weeks, earlier: int, share: float) -> float | None:
    past = weeks.range_percent()[max(1, earlier - PERCENTILE_WEEKS) : earlier]
    return 100.0 * float(np.mean(past < share)) if len(past) >= LEAST_WEEKS else None


def _times_average(weeks: Weeks, earlier: int, size: float) -> float | None:
    if earlier < MEAN_WEEKS:
        return None
    past = weeks.high[earlier - MEAN_WEEKS : earlier] - weeks.low[earlier - MEAN_WEEKS : earlier]
    mean = float(np.mean(past))
    return size / mean if mean > 0 else None


def _times_atr(weeks: Weeks, earlier: int, size: float) -> float | None:
    mean = float(weeks.atr14[earlier - 1]) if earlier else np.nan
    return size / mean if mean > 0 else None


def _patterns(weeks: Weeks, earlier: int, high: float, low: float) -> tuple[str, ...]:
    """Inside and outside against the week before, NR4 and NR7 against the last weeks; all strict."""
    if not earlier:
        return ()
    found: list[str] = []
    before_high, before_low = float(weeks.high[earlier - 1]), float(weeks.low[earlier - 1])
    if high < before_high and low > before_low:
        found.append("inside")
    if high > before_high and low < before_low:
        found.append("outside")
    return (*found, *_narrow(weeks.high[:earlier] - weeks.low[:earlier], high - low))


def _narrowest(weeks: Weeks, earlier: int, size: float, sessions: int) -> tuple[str, ...]:
    """NR4 and NR7 by the range over the root of the number of sessions, which holidays do not narrow."""
    ranges = (weeks.high[:earlier] - weeks.low[:earlier]) / np.sqrt(weeks.sessions[:earlier])
    return _narrow(ranges, size / float(np.sqrt(sessions)))


def _narrow(before: Floats, size: float) -> tuple[str, ...]:
    pasts = {count: before[max(0, len(before) - count + 1) :] for count in (4, 7)}
    return tuple(f"nr{count}" for count, past in pasts.items() if len(past) == count - 1 and size < float(past.min()))
