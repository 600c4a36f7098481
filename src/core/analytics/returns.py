"""Changes between closes. Percent is 0-100; nothing is rounded.

Differences are taken before they are divided: a fall from 100 to 90 is 10 percent to the last bit, and a
threshold of 10 holds.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from ..bars import Bars, Days, Floats
from ..model.reading import Returns

UNUSUAL_WINDOW = 1260
UNUSUAL_SHARE = 0.975
LEAST_HISTORY = 252
OPEN_TOLERANCE = 0.10


def percent(now: float, before: float) -> float:
    """Change from `before` to `now` in percent; `before` > 0."""
    return 100.0 * (now - before) / before


def position(value: float, low: float, high: float) -> float | None:
    """Where a value stands between low (0) and high (100); None where they are equal."""
    if high <= low:
        return None
    return min(100.0, max(0.0, 100.0 * (value - low) / (high - low)))


def daily_returns(close: Floats) -> Floats:
    """Percent change of each close from the one before; the first is NaN. Shape (n,)."""
    changes = np.full(len(close), np.nan)
    changes[1:] = 100.0 * (close[1:] - close[:-1]) / close[:-1]
    return changes


@dataclass(frozen=True, eq=False)
class Moves:
    """Sizes of the daily changes of the last 1,260 sessions in percent, sorted, to rank the next one in."""

    sizes: Floats

    @classmethod
    def of(cls, close: Floats) -> "Moves":
        """The changes between closes, the last one included."""
        return cls(np.sort(np.abs(daily_returns(close)[1:][-UNUSUAL_WINDOW:])))

    def percentile(self, change: float | None) -> float | None:
        """The share of them smaller than a change, 0-100; None under 252 of them."""
        if change is None or len(self.sizes) < LEAST_HISTORY:
            return None
        return 100.0 * int(np.searchsorted(self.sizes, abs(change))) / len(self.sizes)


def unusual_change(close: Floats) -> float | None:
    """The |daily change| in percent that only 2.5 % of the last 1,260 sessions reach; None under 252."""
    changes = np.abs(daily_returns(close)[1:][-UNUSUAL_WINDOW:])
    return float(np.quantile(changes, UNUSUAL_SHARE)) if len(changes) >= LEAST_HISTORY else None


def opens_are_real(bars: Bars) -> bool:
    """Whether the opens of the last 252 sessions are prices: false where over a tenth equal the close before."""
    opens, closes = bars.open[-252:], bars.close[-253:-1]
    size = min(len(opens), len(closes))
    if size == 0:
        return True
    equal = int(np.count_nonzero(opens[-size:] == closes[-size:]))
    return equal / size <= OPEN_TOLERANCE


@dataclass(frozen=True)
class PeriodBases:
    """Last closes before the running week, month, quarter and year; None where history is shorter."""

    week: float | None
    month: float | None
    quarter: float | None
    year: float | None


def period_bases(days: Days, close: Floats, today: date) -> PeriodBases:
    """The closes that returns of today's periods run from: the last of each period before."""
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    quarter = first.replace(month=today.month - (today.month - 1) % 3)
    starts = (monday, first, quarter, first.replace(month=1))
    found = [_last_before(days, close, np.datetime64(start)) for start in starts]
    return PeriodBases(*found)


def _last_before(days: Days, close: Floats, start: np.datetime64) -> float | None:
    index = int(np.searchsorted(days, start)) - 1
    return float(close[index]) if index >= 0 else None


def read_returns(bases: PeriodBases, last: float, previous_close: float | None) -> Returns:
    """Percent from each base to the last price."""

    def since(base: float | None) -> float | None:
        return percent(last, base) if base else None

    return Returns(
        day=since(previous_close),
        week=since(bases.week),
        month=since(bases.month),
        quarter=since(bases.quarter),
        year=since(bases.year),
    )
