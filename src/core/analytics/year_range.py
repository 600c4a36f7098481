"""The 52-week range: extremes of the sessions in (t - 364 days, t], intraday and on closes.

The rule matters: 364 days, 365 days, a year and 252 sessions give different extremes on one S&P day in
eight.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from ..bars import Bar, Bars, Floats
from ..model.reading import RangeOf52Weeks, YearRange
from .returns import position

WINDOW = timedelta(days=364)
HOLIDAYS = timedelta(days=10)
"""A window whose first bar is later than this has a beginning (or a hole) inside it."""


@dataclass(frozen=True)
class Extremes:
    """Highest and lowest price of the window with the last session that reached each."""

    high: float
    high_day: date
    low: float
    low_day: date


def read_year_range(bars: Bars, live: Bar | None, last: float) -> YearRange | None:
    """The range on both bases, the live session's high and low counted on the intraday one only."""
    if not len(bars):
        return None
    today = live.day if live else bars.day(len(bars) - 1)
    start = int(np.searchsorted(bars.days, np.datetime64(today - WINDOW), side="right"))
    window = bars.slice(start, len(bars))
    if not len(window):
        return None
    intraday = _with_live(_extremes(window, window.high, window.low), live)
    return YearRange(
        intraday=_range(intraday, last),
        close=_range(_extremes(window, window.close, window.close), last),
        since=window.day(0) if window.day(0) > today - WINDOW + HOLIDAYS else None,
    )


def _extremes(window: Bars, highs: Floats, lows: Floats) -> Extremes:
    high = len(highs) - 1 - int(np.argmax(highs[::-1]))
    low = len(lows) - 1 - int(np.argmin(lows[::-1]))
    return Extremes(float(highs[high]), window.day(high), float(lows[low]), window.day(low))


def _with_live(found: Extremes, live: Bar | None) -> Extremes:
    if live is None:
        return found
    high, high_day = (live.high, live.day) if live.high >= found.high else (found.high, found.high_day)
    low, low_day = (live.low, live.day) if live.low <= found.low else (found.low, found.low_day)
    return Extremes(high, high_day, low, low_day)


def _range(found: Extremes, last: float) -> RangeOf52Weeks:
    return RangeOf52Weeks(
        high=found.high,
        high_date=found.high_day,
        low=found.low,
        low_date=found.low_day,
        position_percent=position(last, found.low, found.high),
    )
