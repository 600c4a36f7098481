"""Returns over calendar periods: months, years, any span between two dates. Closes only, price return.

Each runs from the last final close on or before one date to the last on or before another, in percent.
None is given where a month or more without bars lies in it or at either end: what happened there is not known.
"""

import math
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from ..bars import Bars
from ..model.measures import Period
from .returns import percent
from .weekly import MONTH

YEAR_DAYS = 365.25
BACK = ((1, "1 month"), (3, "3 months"), (6, "6 months"), (12, "1 year"), (36, "3 years"), (60, "5 years"))
"""Usual spans up to the newest close, in calendar months."""
YEARS_SHOWN = 5
WEEK = 7
"""Days by which two exchanges' last sessions of one period may lie apart."""


def period_return(bars: Bars, start: date, end: date, label: str) -> Period | None:
    """The change from the last close on or before `start` to the last on or before `end`; dated by those closes."""
    first, last = _last_on(bars, start), _last_on(bars, end)
    if first is None or last is None or last <= first or _holed(bars, first, last):
        return None
    change = percent(float(bars.close[last]), float(bars.close[first]))
    return Period(start=bars.day(first), end=bars.day(last), label=label, percent=change)


def _last_on(bars: Bars, day: date) -> int | None:
    """Where the last bar on or before a day stands; None where the one there is lies over a month back."""
    wanted = np.datetime64(day)
    index = int(np.searchsorted(bars.days, wanted, side="right")) - 1
    return None if index < 0 or wanted - bars.days[index] > MONTH else index


def _holed(bars: Bars, first: int, last: int) -> bool:
    days = bars.days[first : last + 1]
    return bool((days[1:] - days[:-1] > MONTH).any())


def after_hole(bars: Bars) -> Bars:
    """The bars after the newest gap of over a month: what a figure of their history may be made of."""
    wide = np.flatnonzero(bars.days[1:] - bars.days[:-1] > MONTH)
    return bars.slice(int(wide[-1]) + 1, len(bars)) if len(wide) else bars


def calendar_years(bars: Bars) -> tuple[Period, ...]:
    """Every whole calendar year with bars on both sides, from the last close of the year before to its last."""
    if not len(bars):
        return ()
    found = (_year(bars, year) for year in range(bars.day(0).year + 1, bars.day(len(bars) - 1).year + 1))
    return tuple(one for one in found if one is not None)


def _year(bars: Bars, year: int) -> Period | None:
    return _whole(bars, date(year - 1, 12, 31), date(year, 12, 31), str(year))


def months(bars: Bars, year: int) -> tuple[Period, ...]:
    """The whole months of a year, labelled ``2024-11``, each from the last close of the month before."""
    ends = [date(year - 1, 12, 31), *(_month_end(year, month) for month in range(1, 13))]
    spans = pairwise(ends)
    found = (_whole(bars, before, end, f"{end:%Y-%m}") for before, end in spans)
    return tuple(one for one in found if one is not None)


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _whole(bars: Bars, start: date, end: date, label: str) -> Period | None:
    """The period, unless a weekday of it may still bring a bar."""
    if not len(bars):
        return None
    left = np.busday_count(np.datetime64(bars.day(len(bars) - 1)) + 1, np.datetime64(end) + 1)
    return period_return(bars, start, end, label) if left <= 0 else None


def annualised(bars: Bars, start: date, end: date) -> float | None:
    """Percent a year between two dates, compounded, by calendar time of 365.25 days a year."""
    span = period_return(bars, start, end, "")
    if span is None:
        return None
    years = (span.end - span.start).days / YEAR_DAYS
    grown = 1.0 + span.percent / 100.0
    return 100.0 * (math.exp(math.log(grown) / years) - 1.0)


@dataclass(frozen=True)
class Difference:
    """How far one instrument was ahead of another in a period, in percentage points; below zero it was behind."""

    label: str
    start: date
    end: date
    ours: float
    theirs: float
    points: float


def difference(ours: Sequence[Period], theirs: Sequence[Period]) -> tuple[Difference, ...]:
    """Period by period, those that both have; where holidays differ each runs between its own closes."""
    others = {one.label: one for one in theirs}
    return tuple(
        Difference(one.label, one.start, one.end, one.percent, other.percent, one.percent - other.percent)
        for one in ours
        if (other := others.get(one.label)) is not None and _same_span(one, other)
    )


def _same_span(one: Period, other: Period) -> bool:
    return max(abs((one.start - other.start).days), abs((one.end - other.end).days)) < WEEK


def widest_since(differences: Sequence[Difference], label: str) -> Difference | None:
    """The last earlier period with a difference at least as wide the same way; None where there is none."""
    now = next(one for one in differences if one.label == label)
    sign = 1.0 if now.points >= 0 else -1.0
    earlier = [one for one in differences if one.end < now.end and sign * one.points >= sign * now.points]
    return max(earlier, key=lambda one: one.end, default=None)


def usual_periods(bars: Bars, record_close: date | None = None) -> tuple[Period, ...]:
    """What a desk looks at: 1 month to 5 years back, since the record close, the whole years of the last five.

    `bars` are final; the spans end at the newest. `record_close` is the session of the record close, where the
    instrument has one. Not for yields, whose changes are no percentages.
    """
    if not len(bars):
        return ()
    last = bars.day(len(bars) - 1)
    back = [period_return(bars, months_before(last, count), last, label) for count, label in BACK]
    if record_close is not None and record_close < last:
        back.append(period_return(bars, record_close, last, "since record close"))
    years = (_year(bars, last.year - count) for count in range(YEARS_SHOWN + 1))
    return tuple(one for one in (*back, *years) if one is not None)


def months_before(day: date, count: int) -> date:
    """The same day so many calendar months earlier, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
