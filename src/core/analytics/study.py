"""What followed: forward returns, separate cases, and intervals that bear overlap and clustering.

Everything is a function of columns of one shape, (n,), oldest first. Flags come in clusters and the windows
that follow them overlap, so ordinary errors are too small: the interval of a difference is a stationary
bootstrap (Politis and Romano 1994) of whole stretches of days, checked by Newey and West's errors (1987).
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from ..bars import Days, Floats
from ..model.study import AllDays, Horizon
from .weekly import MONTH

Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

DRAWS = 1000
"""Resampled histories behind an interval."""
SEED = 1994
"""The same histories in every run: an interval changes with the bars alone."""
LEAST_BLOCK = 20
"""Shortest mean stretch that is drawn whole, in sessions."""
LEAST_CASES = 10
"""Under so many cases there are counts and dates, and no means."""
_NORMAL_95 = 1.959963984540054
_AT_ONCE = 50
_PIECE = 10_000
"""Numbers above which BLAS shares a product among threads, which costs more than the product."""


# -- cases and what followed ----------------------------------------------------------------------------


def episodes(on: Bools, apart: int) -> list[int]:
    """Indices of the first day of each case; a later day within `apart` sessions belongs to it."""
    first: list[int] = []
    for index in np.flatnonzero(on):
        if not first or int(index) - first[-1] > apart:
            first.append(int(index))
    return first


def forward(close: Floats, horizon: int, opened: Floats | None = None, *, points: bool = False) -> Floats:
    """Percent change over the next `horizon` sessions; NaN where they have not happened yet.

    With `points`, of a yield in percent, the change in basis points.

    From the close of the day, or with `opened` (the opens) from the next session's open, to the close of
    the last of them.
    """
    ahead = np.full(len(close), np.nan)
    if len(close) > horizon:
        entry = close[:-horizon] if opened is None else opened[1 : len(close) - horizon + 1]
        ahead[:-horizon] = 100.0 * (close[horizon:] - entry) / (1.0 if points else entry)
    return ahead


def lowest_ahead(close: Floats, horizon: int, opened: Floats | None = None, *, points: bool = False) -> Floats:
    """The lowest close of the next `horizon` sessions against entry, in the unit of `forward`; NaN where not over."""
    lowest = np.full(len(close), np.nan)
    if len(close) > horizon:
        windows = np.lib.stride_tricks.sliding_window_view(close[1:], horizon)
        entry = close[:-horizon] if opened is None else opened[1 : len(close) - horizon + 1]
        lowest[:-horizon] = 100.0 * (windows.min(axis=1) - entry) / (1.0 if points else entry)
    return lowest


def over_a_gap(days: Days, horizon: int) -> Bools:
    """Where the next `horizon` sessions reach over more than a month without bars."""
    over = np.zeros(len(days), dtype=bool)
    if len(days) > horizon:
        wide = np.r_[0, np.cumsum(days[1:] - days[:-1] > MONTH)]
        over[:-horizon] = wide[horizon:] > wide[:-horizon]
    return over


# -- intervals ------------------------------------------------------------------------------------------


def wilson(hits: int, cases: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, in percent (Wilson 1927); `cases` > 0."""
    share, z = hits / cases, _NORMAL_95
    middle = share + z * z / (2 * cases)
    reach = z * math.sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases))
    scale = 1 + z * z / cases
    return 100.0 * max(0.0, (middle - reach) / scale), 100.0 * min(1.0, (middle + reach) / scale)


class Blocks(NamedTuple):
    """Resampled histories as stretches of days, each of `length` from `start` on, over the end into the first.

    Both have the shape (draws, stretches); the lengths of a row add up to the history's.
    """

    start: Integers
    length: Integers


def blocks_of(size: int, mean: float, draws: int = DRAWS, seed: int = SEED) -> Blocks:
    """Stretches with geometric lengths of this mean and starts anywhere, for histories of `size` days."""
    chance = np.random.default_rng(seed)
    expected = size / mean
    count = math.ceil(expected + 6 * math.sqrt(expected) + 6)
    ends = np.cumsum(_geometric(chance, mean, (draws, count)), axis=1)
    while int(ends[:, -1].min()) < size:
        more = np.cumsum(_geometric(chance, mean, (draws, count)), axis=1)
        ends = np.hstack([ends, ends[:, -1:] + more])
    # no row needs the stretches behind the last that any row needs
    ends = np.minimum(ends[:, : int(np.count_nonzero(ends < size, axis=1).max()) + 1], size)
    return Blocks(chance.integers(0, size, ends.shape), np.diff(ends, axis=1, prepend=0))


def _geometric(chance: np.random.Generator, mean: float, shape: tuple[int, int]) -> Integers:
    """Geometric lengths of one or more, from exponential ones: faster than the generator's own."""
    drawn = chance.standard_exponential(shape)
    return 1 + np.floor(drawn / -math.log1p(-1.0 / mean)).astype(np.int64)


def difference(returns: Floats, on: Bools) -> float:
    """Mean of the flagged days minus the mean of all; NaN without flagged ones."""
    return float(returns[on].mean() - returns.mean()) if on.any() else float("nan")


def difference_interval(returns: Floats, on: Bools, blocks: Blocks) -> tuple[float, float] | None:
    """The 95 % percentile interval of the difference of means; pairs of (return, flag) are drawn together.

    The sum over a stretch is the difference of two running sums over the history written twice, so that a
    draw costs two look-ups a stretch. Draws without a flagged day have no mean and are left out.
    """
    counted = [_drawn(column, blocks) for column in (returns, np.where(on, returns, 0.0), on.astype(np.float64))]
    every, flagged, days = counted[0], counted[1], np.rint(counted[2])
    some = days > 0
    if not some.any():
        return None
    drawn = flagged[some] / days[some] - every[some] / len(returns)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def _drawn(column: Floats, blocks: Blocks) -> Floats:
    """The sum of a column over each drawn history. Shape (draws,)."""
    running = np.r_[0.0, np.cumsum(np.r_[column, column])]
    sums = np.empty(len(blocks.start))
    # a few draws at a time stay in the processor's cache: five times as fast as all at once
    for at in range(0, len(sums), _AT_ONCE):
        start = blocks.start[at : at + _AT_ONCE]
        sums[at : at + _AT_ONCE] = (running[start + blocks.length[at : at + _AT_ONCE]] - running[start]).sum(axis=1)
    return sums


def hac_t(returns: Floats, on: Bools, lag: int) -> float | None:
    """The t value of the flag in a regression of returns on it, Newey-West errors with `lag` autocovariances.

    The slope is the mean of flagged days minus that of the others. None where there is no variance.
    """
    flag = on.astype(np.float64)
    centred = flag - flag.mean()
    square = _product(centred, centred)
    if square == 0.0 or returns.min() == returns.max():
        return None
    slope = _product(centred, returns) / square
    scores = centred * (returns - returns.mean() - slope * centred)
    variance = _product(scores, scores)
    for step in range(1, min(lag, len(scores) - 1) + 1):
        variance += 2.0 * (1.0 - step / (lag + 1.0)) * _product(scores[step:], scores[:-step])
    return slope * square / math.sqrt(variance) if variance > 0.0 else None


def _product(one: Floats, other: Floats) -> float:
    """The scalar product; of long columns piece by piece, or its last bit would hang on the machine's cores."""
    return sum(float(one[at : at + _PIECE] @ other[at : at + _PIECE]) for at in range(0, len(one), _PIECE))


# -- one horizon ----------------------------------------------------------------------------------------


class Followed(NamedTuple):
    """What is followed over one horizon: changes ahead, the lowest close ahead, the reference's change."""

    ahead: Floats
    lowest: Floats
    reference: Floats | None = None


def horizon_of(followed: Followed, on: Bools, horizon: int, *, intervals: bool = True) -> Horizon:
    """Counts, means and intervals of one horizon; sessions whose outcome is not known are left out."""
    known = ~np.isnan(followed.ahead)
    first = [index for index in episodes(on, horizon) if known[index]]
    if len(first) < LEAST_CASES:
        return Horizon(cases=len(first))
    returns, flagged = followed.ahead[known], on[known]
    own = followed.ahead[first]
    hits = int(np.count_nonzero(own > 0))
    plain = Horizon(
        cases=len(first),
        mean=float(own.mean()),
        median=float(np.median(own)),
        hit_percent=100.0 * hits / len(first),
        hit_interval=wilson(hits, len(first)),
        all_days=_all_days(returns),
        worst_adverse=float(followed.lowest[first].min()),
        relative_to_reference=_excess(own, followed.reference, first),
        difference=difference(returns, flagged),
        flagged_days=int(np.count_nonzero(flagged)),
        flagged_mean=float(returns[flagged].mean()),
    )
    return _with_intervals(plain, returns, flagged, horizon) if intervals else plain


def _with_intervals(plain: Horizon, returns: Floats, flagged: Bools, horizon: int) -> Horizon:
    blocks = blocks_of(len(returns), max(LEAST_BLOCK, 2 * horizon))
    return msgspec.structs.replace(
        plain,
        interval=difference_interval(returns, flagged, blocks),
        hac_t=hac_t(returns, flagged, horizon),
    )


def _all_days(returns: Floats) -> AllDays:
    rises = int(np.count_nonzero(returns > 0))
    return AllDays(
        mean=float(returns.mean()), median=float(np.median(returns)), hit_percent=100.0 * rises / len(returns)
    )


def _excess(own: Floats, reference: Floats | None, first: Sequence[int]) -> float | None:
    if reference is None:
        return None
    excess = own - reference[first]
    known = excess[~np.isnan(excess)]
    return float(known.mean()) if len(known) else None
