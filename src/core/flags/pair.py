"""What the rules of a pair share: both changes of a day side by side, the tails of the past, and words."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..analytics.rolling import trailing_percentile
from ..bars import Floats
from .aligned import Aligned, Indices
from .rule import Bools, Telling, percent_text

LEAST = 252
"""Sessions of its own past below which nothing is ranked."""


@dataclass(frozen=True, eq=False)
class Pair:
    """Daily changes in percent of the watched leg and its first reference, where both run over one span.

    `at` are the places of these sessions among all `size` common ones. A session that follows a bar missing
    on one leg alone is left out: it neither fires nor enters a mean, a line or a rank.
    """

    at: Indices
    size: int
    own: Floats
    other: Floats

    @property
    def spread(self) -> Floats:
        """Watched less reference, in percentage points."""
        return self.own - self.other

    def placed(self, values: Floats) -> Floats:
        """A column of these sessions on all common ones, NaN on the others."""
        column = np.full(self.size, np.nan)
        column[self.at] = values
        return column

    def marked(self, which: Bools) -> Bools:
        """A mark of these sessions on all common ones, off on the others."""
        column = np.zeros(self.size, dtype=bool)
        column[self.at] = which
        return column


def pair_of(aligned: Aligned, days: int = 1) -> Pair:
    """The changes from close to close; over several `days`, from the common session that many before."""
    own, other = _changes(aligned, days)
    known = ~(np.isnan(own) | np.isnan(other))
    at = np.flatnonzero(known if days > 1 else known & aligned.comparable())
    return Pair(at, len(aligned), own[at], other[at])


def _changes(aligned: Aligned, days: int) -> tuple[Floats, Floats]:
    watched, reference = aligned.watched, aligned.against[0]
    if days <= 1:
        return watched.change, reference.change
    return _over(watched.close, days), _over(reference.close, days)


def _over(close: Floats, days: int) -> Floats:
    changes = np.full(len(close), np.nan)
    changes[days:] = 100.0 * (close[days:] / close[:-days] - 1.0)
    return changes


def whole(parameters: Mapping[str, float | bool | str], name: str, least: int) -> int:
    """A count of sessions among the parameters, never under the least that makes sense."""
    return max(least, int(float(parameters[name])))


def ranked(values: Floats, window: int) -> Floats:
    """Signed percentile of each value among so many before it, of which at least a year must be known."""
    return trailing_percentile(values, window, min(LEAST, window))


def ratio(values: Floats, by: Floats) -> Floats:
    """One column by another, NaN where the divisor is zero or missing."""
    return np.asarray(values / np.where(by > 0.0, by, np.nan))


def facing(values: Floats, parameters: Mapping[str, float | bool | str], top: float = 0.0) -> Floats:
    """How far out a value is on the side the rule looks at: below, above (mirror), or either (sides "both").

    `top` is the sum of a value and its mirror image: 100 for percentiles, 0 for deviations.
    """
    mirrored = top - values
    if parameters["sides"] == "both":
        return np.maximum(values, mirrored)
    return values if parameters["mirror"] else mirrored


def outer(rank: Floats, values: Floats, parameters: Mapping[str, float | bool | str]) -> Bools:
    """Where a value is among the outer `tail` percent on the side the rule looks at, and on that side of zero.

    Without the second a pair that never parts, all of whose spreads are the lowest, would be on every day.
    """
    far = facing(rank, parameters, 100.0) >= 100.0 - float(parameters["tail"])
    return np.asarray(far & (facing(values, parameters) > 0.0), dtype=bool)


def bound(telling: Telling, low: float, high: float) -> str:
    """The threshold of the side the rule looks at, for a sentence."""
    if telling.parameters["sides"] == "both":
        return f"{number(low)} or {number(high)}"
    return number(high if telling.parameters["mirror"] else low)


def changes(telling: Telling) -> tuple[str, str]:
    """Both changes as they stand in a brief: ``−0.60 %`` and ``SPX +0.53 %``."""
    reference = telling.against[0]
    other = percent_text(telling.number(reference))
    return percent_text(telling.number(telling.watched)), f"{called(telling, reference)} {other}"


def called(telling: Telling, symbol: str) -> str:
    """Short name of a leg."""
    return telling.names.short.get(symbol, symbol)


def points(value: float) -> str:
    """Percentage points for a sentence."""
    return f"{percent_text(value)[:-2]}\u00a0pp"


def number(value: float) -> str:
    """A threshold with a real minus: ``−2``, ``97.5``."""
    return f"{value:g}".replace("-", "−")


def deviations(value: float | None) -> str:
    """A z for a sentence, with its sign; ``unknown`` where the sessions before do not give one."""
    return "unknown" if value is None else percent_text(value)[:-2]


def place(value: float | None, window: float) -> str:
    """Where a value stands among the sessions before, for a sentence."""
    if value is None:
        return "with too few sessions before to rank it"
    return f"percentile {value:.1f} of up to {int(window):,} sessions"
