"""Relative strength: one instrument against another on the sessions both have, on closes.

Exchanges that close at different hours do not trade the same day: changes over one session then look less
alike than they are, and are taken over two (`pace`), or from week to week (`by_week`).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from ..bars import Bars, Days, Floats, as_date
from .ranks import percentile_at
from .returns import percent, position
from .rolling import Ols, rolling_correlation, rolling_ols, rolling_slope
from .weekly import mondays

WINDOW, SHORT, AVERAGE, TRACKED = 252, 20, 50, 60
"""Sessions of the frame, of a change and its slope, of the average, and of a tracking or a sensitivity."""


@dataclass(frozen=True, eq=False)
class Pair:
    """Closes of two instruments on their common sessions, oldest first; columns of shape (n,)."""

    days: Days
    ours: Floats
    theirs: Floats

    def __len__(self) -> int:
        return len(self.days)

    @property
    def ratio(self) -> Floats:
        """Our close over theirs."""
        return np.asarray(self.ours / self.theirs)

    def day(self, index: int) -> date:
        """The session at an index."""
        return as_date(self.days[index])

    def last(self, sessions: int) -> "Pair":
        """The newest of its sessions, so many at most."""
        start = max(0, len(self) - sessions)
        return Pair(self.days[start:], self.ours[start:], self.theirs[start:])


def common(ours: Bars, theirs: Bars) -> Pair:
    """The sessions both have."""
    days, left, right = np.intersect1d(ours.days, theirs.days, assume_unique=True, return_indices=True)
    return Pair(days, ours.close[left], theirs.close[right])


def by_week(pair: Pair) -> Pair:
    """The last common session of each ISO week."""
    week = mondays(pair.days)
    ends = np.flatnonzero(np.r_[week[1:] != week[:-1], True]) if len(pair) else np.empty(0, np.int64)
    return Pair(pair.days[ends], pair.ours[ends], pair.theirs[ends])


def indexed(pair: Pair, base: date) -> Floats:
    """The ratio with 100 at the last common session on or before a date; NaN where there is none."""
    index = int(np.searchsorted(pair.days, np.datetime64(base), side="right")) - 1
    return 100.0 * pair.ratio / (float(pair.ratio[index]) if index >= 0 else np.nan)


def relative_return(pair: Pair, start: date, end: date) -> float | None:
    """How much more ours made than theirs between two dates: the change of the ratio, in percent."""
    marks = np.searchsorted(pair.days, np.array([start, end], dtype="datetime64[D]"), side="right") - 1
    first, last = int(marks[0]), int(marks[1])
    if first < 0 or last <= first:
        return None
    return percent(float(pair.ratio[last]), float(pair.ratio[first]))


@dataclass(frozen=True)
class RatioReading:
    """A ratio at its last common session.

    `index` is 100 at the close 252 sessions before; `low`, `high` and `position_percent` are of its last 252
    sessions in that index, `percentile` ranks it among the 252 before. `change20` is the change over 20
    sessions, `slope20` that of the least-squares line through the last 20 of its logarithm carried over 20
    sessions, `from_sma50` the distance from its mean of 50 sessions; all three in percent. `ours` and `theirs`
    are the closes behind `ratio`, `before` is the ratio 252 sessions ago, on the session `since`.
    """

    day: date
    since: date
    ours: float
    theirs: float
    ratio: float
    before: float
    index: float
    low: float
    high: float
    position_percent: float | None
    percentile: float
    change20: float
    slope20: float
    from_sma50: float


def read_ratio(pair: Pair) -> RatioReading | None:
    """The ratio as of the last common session; None under 253 of them."""
    if len(pair) <= WINDOW:
        return None
    year = pair.last(WINDOW + 1)
    ratio = year.ratio
    now, scale = float(ratio[-1]), 100.0 / float(ratio[0])
    low, high = float(ratio[1:].min()), float(ratio[1:].max())
    return RatioReading(
        day=pair.day(-1),
        since=year.day(0),
        ours=float(pair.ours[-1]),
        theirs=float(pair.theirs[-1]),
        ratio=now,
        before=float(ratio[0]),
        index=scale * now,
        low=scale * low,
        high=scale * high,
        position_percent=position(now, low, high),
        percentile=percentile_at(ratio, WINDOW, WINDOW, WINDOW),
        change20=percent(now, float(ratio[-1 - SHORT])),
        slope20=100.0 * SHORT * float(rolling_slope(np.log(ratio[-SHORT:]), SHORT)[-1]),
        from_sma50=percent(now, float(np.mean(ratio[-AVERAGE:]))),
    )


def changes(closes: Floats, sessions: int = 1) -> Floats:
    """Percent from the close so many sessions before; the first ones are NaN. Shape (n,)."""
    found = np.full(len(closes), np.nan)
    found[sessions:] = 100.0 * (closes[sessions:] - closes[:-sessions]) / closes[:-sessions]
    return found


def pace(calendar: str, other: str) -> int:
    """Sessions a change runs over: one on the same exchange, two where the closing hours differ."""
    return 1 if calendar == other else 2


def correlation(pair: Pair, length: int, sessions: int = 1) -> Floats:
    """Rolling correlation of the changes over so many sessions, in windows of `length`. Shape (n,)."""
    return rolling_correlation(changes(pair.theirs, sessions), changes(pair.ours, sessions), length)


def beta(pair: Pair, length: int, sessions: int = 1) -> Ols:
    """Rolling line of our changes on theirs: its slope is the beta. Percent on percent, columns of shape (n,)."""
    return rolling_ols(changes(pair.theirs, sessions), changes(pair.ours, sessions), length)


@dataclass(frozen=True)
class Tracking:
    """A fund against its index: correlation of daily changes over 60 sessions, and the returns of each since.

    `points` is the fund's return minus the index's in percentage points; a fund's price leaves its dividends out.
    """

    day: date
    correlation: float
    ours: float
    theirs: float
    points: float


def track(pair: Pair, length: int = TRACKED) -> Tracking | None:
    """How closely a fund followed its index; None with too few common sessions."""
    if len(pair) <= length:
        return None
    window = pair.last(length + 1)
    ours, theirs = (percent(float(one[-1]), float(one[0])) for one in (window.ours, window.theirs))
    found = float(correlation(window, length)[-1])
    return Tracking(day=pair.day(-1), correlation=found, ours=ours, theirs=theirs, points=ours - theirs)


@dataclass(frozen=True)
class Sensitivity:
    """What an instrument did when a yield moved: percent per 10 basis points, and the correlation of the two."""

    day: date
    beta10: float
    correlation: float


def yield_sensitivity(pair: Pair, length: int = TRACKED) -> Sensitivity | None:
    """Our daily change in percent on the change of their yield, over so many sessions; None with too few."""
    if len(pair) <= length:
        return None
    window = pair.last(length + 1)
    moved = np.r_[np.nan, 100.0 * np.diff(window.theirs)]
    ours = changes(window.ours)
    line = rolling_ols(moved, ours, length)
    alike = float(rolling_correlation(moved, ours, length)[-1])
    return Sensitivity(day=pair.day(-1), beta10=10.0 * float(line.slope[-1]), correlation=alike)
