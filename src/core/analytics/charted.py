"""What is drawn of a history: daily columns, the span of a time frame, and points that stand for weeks or months.

Columns have the shape of the bars, (n,), oldest first, NaN where there is too little history. Every value is of
its own session and those before it alone, so cutting a history off changes nothing earlier.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import numpy as np
import numpy.typing as npt

from ..bars import Bar, Bars, Days, Floats, as_date
from ..model.measures import Momentum
from . import momentum
from .momentum_state import WARM_UP
from .periods import months_before
from .relative import AVERAGE, WINDOW, Pair
from .returns import daily_returns
from .rolling import rolling_max, rolling_mean, rolling_min
from .weekly import mondays

Indices = npt.NDArray[np.int64]

MOST_POINTS = 1300
"""Points of one chart: five years of sessions, a century of months; no terminal has more columns of dots."""
_MONTHS = {"1m": 1, "3m": 3, "6m": 6, "1y": 12, "5y": 60}


@dataclass(frozen=True, eq=False)
class Daily:
    """Daily bars without a hole, and the averages and oscillators of their closes."""

    bars: Bars
    sma50: Floats
    sma200: Floats
    rsi14: Floats
    macd: Floats
    macd_signal: Floats
    macd_histogram: Floats

    @classmethod
    def of(cls, bars: Bars) -> "Daily":
        """Of final bars. Oscillators remember their first bar: they are NaN until that is forgotten."""
        close = bars.close
        short, long = momentum.sma(close, momentum.SHORT), momentum.sma(close, momentum.LONG)
        line, signal, histogram = (_warm(one) for one in momentum.macd(close))
        return cls(bars, short, long, _warm(momentum.rsi(close)), line, signal, histogram)

    def with_running(self, bar: Bar, found: Momentum) -> "Daily":
        """The same with a session that is not final, and its provisional readings."""
        return Daily(
            self.bars.merged(Bars.of([bar])),
            _followed(self.sma50, found.sma50),
            _followed(self.sma200, found.sma200),
            _followed(self.rsi14, found.rsi14),
            _followed(self.macd, found.macd),
            _followed(self.macd_signal, found.macd_signal),
            _followed(self.macd_histogram, found.macd_histogram),
        )


def _followed(values: Floats, newest: float | None) -> Floats:
    return np.asarray(np.r_[values, np.nan if newest is None else newest])


def _warm(values: Floats) -> Floats:
    """Without the values that still depend on where the history begins."""
    return np.asarray(np.where(np.arange(len(values)) >= WARM_UP - 1, values, np.nan))


# -- time frames ----------------------------------------------------------------------------------------


def start_of(frame: str, last: date) -> date | None:
    """The date a frame that ends on `last` is counted from; None for all there is.

    A change over the frame runs from the last close on or before it, so year to date begins on 31 December.
    """
    if frame == "1w":
        return last - timedelta(days=7)
    if frame == "ytd":
        return date(last.year - 1, 12, 31)
    return months_before(last, _MONTHS[frame]) if frame in _MONTHS else None


def first_of(days: Days, start: date | None) -> int:
    """Where a frame begins: the last session on or before its date, or the first there is."""
    if start is None:
        return 0
    return max(0, int(np.searchsorted(days, np.datetime64(start), side="right")) - 1)


def step_of(frame: str, days: Days) -> str:
    """What a point stands for: a session, in five years a week, in all a week or a month where there are too many."""
    if frame != "all":
        return "week" if frame == "5y" else "session"
    if len(days) <= MOST_POINTS:
        return "session"
    weeks = int((days[-1] - days[0]).astype(np.int64)) // 7
    return "week" if weeks <= MOST_POINTS else "month"


def ends_of(days: Days, step: str) -> Indices:
    """The last session of each point."""
    if not len(days):
        return np.empty(0, np.int64)
    if step == "session":
        return np.arange(len(days))
    group = mondays(days) if step == "week" else days.astype("datetime64[M]").astype("datetime64[D]")
    return np.flatnonzero(np.r_[group[1:] != group[:-1], True])


def grouped(bars: Bars, ends: Indices) -> Bars:
    """One bar for each point: first open, highest high, lowest low, last close, all volume; dated by its end."""
    if not len(ends):
        return bars
    first = np.r_[0, ends[:-1] + 1]
    return Bars.columns(
        bars.days[ends], bars.open[first], np.maximum.reduceat(bars.high, first), np.minimum.reduceat(bars.low, first),
        bars.close[ends], np.add.reduceat(bars.volume, first),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Window:
    """Where a frame begins in the bars, what a point stands for, and the last bar of each point."""

    first: int
    step: str
    ends: Indices


def window_of(days: Days, frame: str, start: date | None = None) -> Window:
    """The points of a frame that ends with the newest session; `start` where it is counted from another date."""
    last = as_date(days[-1])
    first = first_of(days, start_of(frame, last) if start is None else start)
    tail = days[first:]
    step = step_of(frame, tail)
    return Window(first, step, first + ends_of(tail, step))


def dates(days: Days) -> tuple[date, ...]:
    """Sessions as dates of Python."""
    return tuple(cast("list[date]", days.tolist()))


# -- one against another ----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class RatioColumns:
    """A over B on common sessions, as their quotient: itself, its average, and the range of its own year."""

    ratio: Floats
    average: Floats
    high: Floats
    low: Floats

    @classmethod
    def of(cls, pair: Pair) -> "RatioColumns":
        """`average` is of 50 sessions, `high` and `low` of 252, each up to its session."""
        ratio = pair.ratio
        return cls(ratio, rolling_mean(ratio, AVERAGE), rolling_max(ratio, WINDOW), rolling_min(ratio, WINDOW))


def spread_points(ours: Floats, theirs: Floats) -> Floats:
    """Our change from one point to the next less theirs, in percentage points; the first is NaN."""
    return np.asarray(daily_returns(ours) - daily_returns(theirs))


def rebased(days: Days, close: Floats, sessions: Days, start: date) -> Floats:
    """Percent from the last close on or before `start`, for each of `sessions`; NaN outside the closes' own span.

    On a session this exchange did not hold its last close stands.
    """
    base = int(np.searchsorted(days, np.datetime64(start), side="right")) - 1
    if base < 0:
        return np.full(len(sessions), np.nan)
    places = np.searchsorted(days, sessions, side="right") - 1
    inside = (places >= base) & (sessions <= days[-1])
    found = 100.0 * (close[np.maximum(places, 0)] - close[base]) / close[base]
    return np.asarray(np.where(inside, found, np.nan))


def common_start(histories: list[Days], start: date) -> date:
    """The date all of them have a close on or before, as near to `start` as there is one."""
    return max(start, *(as_date(one[0]) for one in histories))


# -- numbers for the file ---------------------------------------------------------------------------------


def plain(values: Floats) -> tuple[float | None, ...]:
    """A column as numbers of Python, None for NaN."""
    return tuple(None if one != one else one for one in values.tolist())
