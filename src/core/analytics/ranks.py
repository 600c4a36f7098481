"""Where a value stands in its own past."""

import numpy as np

from ..bars import Floats


def trailing_percentile(values: Floats, window: int, least: int) -> Floats:
    """Percent of the `window` values before each that lie below it, itself excluded; NaN under `least`.

    Values that are NaN count as missing. Shape (n,).
    """
    if not len(values):
        return np.empty(0)
    padded = np.r_[np.full(window, np.nan), values[:-1]]
    past = np.lib.stride_tricks.sliding_window_view(padded, window)
    known = np.count_nonzero(~np.isnan(past), axis=1).astype(np.float64)
    below = np.count_nonzero(past < values[:, None], axis=1)
    missing = np.isnan(values) | (known < max(1, least))
    return np.where(missing, np.nan, 100.0 * below / np.maximum(known, 1.0))


def percentile_at(values: Floats, index: int, window: int, least: int) -> float:
    """The trailing percentile of one value; NaN where it or its past is missing."""
    past = values[max(0, index - window) : index]
    past = past[~np.isnan(past)]
    if len(past) < least or np.isnan(values[index]):
        return float("nan")
    return 100.0 * float(np.count_nonzero(past < values[index])) / len(past)
