"""Where a value stands in its own past."""

import numpy as np

from ..bars import Floats


def trailing_percentile(values: Floats, window: int, least: int) -> Floats:
    """Percent of the `window` values before each that lie below it, itself excluded; NaN under `least`.

    Values that are NaN count as missing. Shape (n,).
    """
    ranks = np.full(len(values), np.nan)
    for index in range(len(values)):
        ranks[index] = percentile_at(values, index, window, least)
    return ranks


def percentile_at(values: Floats, index: int, window: int, least: int) -> float:
    """The trailing percentile of one value; NaN where it or its past is missing."""
    past = values[max(0, index - window) : index]
    past = past[~np.isnan(past)]
    if len(past) < least or np.isnan(values[index]):
        return float("nan")
    return 100.0 * float(np.count_nonzero(past < values[index])) / len(past)
