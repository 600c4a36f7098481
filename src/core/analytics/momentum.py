"""Wilder's average true range."""

import numpy as np

from ..bars import Bars, Floats


def true_range(bars: Bars) -> Floats:
    """The larger of high minus low and either one's distance from the close before; the first is NaN."""
    ranges = np.full(len(bars), np.nan)
    before = bars.close[:-1]
    ranges[1:] = np.maximum(bars.high[1:], before) - np.minimum(bars.low[1:], before)
    return ranges


def atr(bars: Bars, length: int = 14) -> Floats:
    """ATR in points, seeded by the mean of the first `length` true ranges; NaN before. Shape (n,)."""
    ranges, smooth = true_range(bars), np.full(len(bars), np.nan)
    if len(bars) <= length:
        return smooth
    value = float(np.mean(ranges[1 : length + 1]))
    smooth[length] = value
    for index in range(length + 1, len(bars)):
        value += (float(ranges[index]) - value) / length
        smooth[index] = value
    return smooth
