"""One measured figure, and the few statistics that are made of several runs."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

Spread = tuple[float, float]
"""Least and most of several runs."""


@dataclass(frozen=True)
class Measured:
    """One figure of one goal.

    `what` is measured, `figure` says it in words with its units, `ratio` is what is held against `limit`: at most
    that much, within the same run; None where there is no goal or nothing was measured. `spread` is the least and
    the most ratio of several runs. `wrong` is a sentence where the result itself is wrong, which alone fails a run.
    """

    goal: int
    what: str
    figure: str
    ratio: float | None = None
    limit: float | None = None
    spread: Spread | None = None
    wrong: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None where there is no goal or nothing was measured."""
        if self.ratio is None or self.limit is None:
            return None
        return self.ratio <= self.limit and not self.wrong


def not_measured(goal: int, what: str, why: str) -> Measured:
    """A row that says why there is no figure."""
    return Measured(goal, what, f"not measured: {why}")


def compared(
    goal: int,
    what: str,
    figure: str,
    ours: Sequence[float],
    base: Sequence[float],
    limit: float | None = None,
    wrong: str = "",
) -> Measured:
    """The medians of two series of runs as a ratio; its spread is that of the runs taken in turn."""
    each = [ratio(one, other) for one, other in zip(ours, base, strict=False)]
    middle = ratio(statistics.median(ours), statistics.median(base))
    return Measured(goal, what, figure, middle, limit, (min(each), max(each)), wrong)


def ratio(one: float, other: float) -> float:
    """How many times the other; nothing against nothing is once, something against nothing is without end."""
    if other:
        return one / other
    return 1.0 if not one else math.inf


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that so much of the series does not exceed; `share` 0 to 1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]


def slope(places: Sequence[float], values: Sequence[float]) -> float:
    """Rise of the straight line nearest to the values, a unit of place."""
    if len(set(places)) < 2:
        return 0.0
    return statistics.linear_regression(places, values).slope


def milliseconds(seconds: Sequence[float]) -> str:
    """The median of CPU seconds in words."""
    return f"{1000 * statistics.median(seconds):,.1f} ms"


def mebibytes(size: float) -> str:
    """Bytes in words."""
    return f"{size / 2**20:,.1f} MiB"
