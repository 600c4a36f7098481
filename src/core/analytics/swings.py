"""Swing points: a price beyond every neighbour on both sides, known only once the right side is full.

A pivot stands at its own session and is known `right` sessions later. What is said of a day may use the
pivots known by then and no other: one dated where it stands is looked up in the future.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..bars import Floats

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Pivots:
    """Where pivots stand, ascending, and the index of the session each was known after: `right` later."""

    index: Indices
    known_at: Indices

    def known(self, at: int) -> "Pivots":
        """Those a trader could name after the session `at`."""
        count = int(np.searchsorted(self.known_at, at, side="right"))
        return Pivots(self.index[:count], self.known_at[:count])


def pivot_highs(values: Floats, left: int, right: int) -> Pivots:
    """Values strictly above the `left` values before and the `right` values after, both at least 1.

    An equal neighbour makes none of the two a pivot, and neither does a missing one (NaN).
    """
    if left < 1 or right < 1:
        raise ValueError("a pivot needs a neighbour on both sides")
    width = left + right + 1
    if len(values) < width:
        return Pivots(np.empty(0, np.int64), np.empty(0, np.int64))
    windows = np.lib.stride_tricks.sliding_window_view(values, width)
    middle = windows[:, left]
    above = (middle > windows[:, :left].max(axis=1)) & (middle > windows[:, left + 1 :].max(axis=1))
    index = np.flatnonzero(above).astype(np.int64) + left
    return Pivots(index, index + right)


def pivot_lows(values: Floats, left: int, right: int) -> Pivots:
    """Values strictly below the `left` values before and the `right` values after."""
    return pivot_highs(np.asarray(-values), left, right)
