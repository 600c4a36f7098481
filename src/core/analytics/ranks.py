"""Where a value stands in its own past."""

import numpy as np

from ..bars import Floats


def percentile_at(values: Floats, index: int, window: int, least: int) -> float:
    """The trailing percentile of one value; NaN where it or its past is missing."""
    past = values[max(0, index - window) : index]
    past = past[~np.isnan(past)]
    if len(past) < least or np.isnan(values[index]):
        return float("nan")
    return 100.0 * float(np.count_nonzero(past < values[index])) / len(past)
