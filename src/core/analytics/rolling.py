"""Statistics over a moving window of sessions, each from its window alone.

Every function takes columns of shape (n,), oldest first, and gives one value a session: over the window
of `length` values that ends with that session. NaN where the window is not full or holds one.

Each window is centred on its own level before anything is squared: running sums over decades would lose
the small variances of large prices, and would not be the same to the last bit once history is cut off.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..bars import Floats

CELLS = 500_000
"""Values of all windows that are held at once: 4 MB a column."""

_Windows = npt.NDArray[np.float64]


class Ols(NamedTuple):
    """The least-squares line y = intercept + slope x of each window; `sd` is that of its residuals (n - 2)."""

    intercept: Floats
    slope: Floats
    sd: Floats


class _Moments(NamedTuple):
    """Means and sums of squared and crossed deviations of each window."""

    mean_x: Floats
    mean_y: Floats
    xx: Floats
    xy: Floats
    yy: Floats


def rolling_mean(values: Floats, length: int) -> Floats:
    """Arithmetic mean, in the values' unit."""
    return _each(_mean, values, length)


def rolling_sd(values: Floats, length: int, ddof: int = 1) -> Floats:
    """Standard deviation, in the values' unit; `ddof` 1 is the sample's, 0 the population's."""
    if length <= ddof:
        return np.full(len(values), np.nan)
    return _each(lambda windows: np.sqrt((_centred(windows) ** 2).sum(axis=1) / (length - ddof)), values, length)


def rolling_max(values: Floats, length: int) -> Floats:
    """The largest value."""
    return _each(lambda windows: windows.max(axis=1), values, length)


def rolling_min(values: Floats, length: int) -> Floats:
    """The smallest value."""
    return _each(lambda windows: windows.min(axis=1), values, length)


def rolling_slope(values: Floats, length: int) -> Floats:
    """Slope of the least-squares line through the window, in the values' unit per session."""
    time = np.arange(length, dtype=np.float64)
    time -= time.mean()
    spread = float((time**2).sum())
    if not spread:
        return np.full(len(values), np.nan)
    return _each(lambda windows: (_levelled(windows) * time).sum(axis=1) / spread, values, length)


def rolling_correlation(x: Floats, y: Floats, length: int) -> Floats:
    """Pearson's correlation, -1 to 1; NaN where either column does not move in the window."""
    found = _moments(x, y, length)
    moved = (found.xx > 0.0) & (found.yy > 0.0)
    scale = np.sqrt(np.where(moved, found.xx, np.nan)) * np.sqrt(np.where(moved, found.yy, np.nan))
    return np.asarray(np.clip(found.xy / scale, -1.0, 1.0))


def rolling_ols(x: Floats, y: Floats, length: int) -> Ols:
    """The line that explains y by x; NaN where x does not move in the window."""
    found = _moments(x, y, length)
    xx = np.where(found.xx > 0.0, found.xx, np.nan)
    slope = found.xy / xx
    left = np.maximum(found.yy - slope * found.xy, 0.0)
    sd = np.sqrt(left / (length - 2)) if length > 2 else np.full(len(x), np.nan)
    return Ols(found.mean_y - slope * found.mean_x, slope, sd)


def trailing_percentile(values: Floats, window: int, least: int) -> Floats:
    """100 x the share of the `window` values before each one that are strictly below it, itself excluded.

    Missing values of the past are not counted; NaN where fewer than `least` are known or the value is missing.
    """
    padded = np.r_[np.full(window, np.nan), values]
    ranks = np.full(len(values), np.nan)
    # how many are known is a difference of running counts; only what is below must be looked for in each window
    counted = np.r_[0, np.cumsum(~np.isnan(padded))]
    for rows in _blocks(0, len(values), window):
        past = _view(padded[rows.start : rows.stop + window - 1], window)
        today = values[rows, None]
        known = counted[rows.start + window : rows.stop + window] - counted[rows]
        below = np.count_nonzero(past < today, axis=1)
        enough = (known >= max(least, 1)) & ~np.isnan(values[rows])
        ranks[rows] = np.where(enough, 100.0 * below / np.maximum(known, 1), np.nan)
    return ranks


def lagged(values: Floats, sessions: int = 1) -> Floats:
    """The value so many sessions earlier; NaN where there was none."""
    kept = max(0, len(values) - sessions)
    return np.asarray(np.r_[np.full(len(values) - kept, np.nan), values[:kept]])


def _each(statistic: Callable[[_Windows], Floats], values: Floats, length: int) -> Floats:
    """A statistic of every full window, a block of them at a time."""
    found = np.full(len(values), np.nan)
    for rows in _blocks(length - 1, len(values), length):
        found[rows] = statistic(_view(values[rows.start - length + 1 : rows.stop], length))
    return found


def _moments(x: Floats, y: Floats, length: int) -> _Moments:
    found = np.full((5, len(x)), np.nan)
    for rows in _blocks(length - 1, len(x), length):
        across = slice(rows.start - length + 1, rows.stop)
        windows_x, windows_y = _view(x[across], length), _view(y[across], length)
        dx, dy = _centred(windows_x), _centred(windows_y)
        found[:2, rows] = _mean(windows_x), _mean(windows_y)
        found[2:, rows] = (dx * dx).sum(axis=1), (dx * dy).sum(axis=1), (dy * dy).sum(axis=1)
    return _Moments(*found)


def _blocks(first: int, stop: int, length: int) -> list[slice]:
    """The sessions from `first` in pieces whose windows fit into memory."""
    step = max(1, CELLS // max(1, length))
    return [slice(start, min(start + step, stop)) for start in range(first, stop, step)]


def _view(values: Floats, length: int) -> _Windows:
    return np.lib.stride_tricks.sliding_window_view(values, length)


def _levelled(windows: _Windows) -> _Windows:
    """Each window less its first value, so that one that does not move is exactly zero."""
    return np.asarray(windows - windows[:, :1])


def _centred(windows: _Windows) -> _Windows:
    level = _levelled(windows)
    return np.asarray(level - level.mean(axis=1, keepdims=True))


def _mean(windows: _Windows) -> Floats:
    return np.asarray(windows[:, 0] + _levelled(windows).mean(axis=1))
