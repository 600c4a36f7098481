"""The vertical scale of a chart: where a value stands, and the round numbers beside it."""

import math
from collections.abc import Iterable, Sequence

from msgspec import Struct

ROOM = 0.35
"""Share of the values' own height by which a mark may stretch a scale; one further off is only named."""
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


class Scale(Struct, frozen=True):
    """From `low` at the bottom to `high` at the top; `log`: equal distances are equal changes in percent."""

    low: float
    high: float
    log: bool = False

    def share(self, value: float) -> float:
        """How high a value stands, 0 at the bottom to 1 at the top; in the middle where nothing moved."""
        low, span = self._span
        if span <= 0.0:
            return 0.5
        return min(1.0, max(0.0, ((math.log(value) if self.log else value) - low) / span))

    @property
    def _span(self) -> tuple[float, float]:
        low, high = (math.log(self.low), math.log(self.high)) if self.log else (self.low, self.high)
        return low, high - low

    def row(self, value: float, rows: int) -> int:
        """Its row, 0 at the top: the highest value is on the first and the lowest on the last."""
        return round((1.0 - self.share(value)) * (rows - 1))

    def rows(self, values: Iterable[float | None], rows: int) -> list[int | None]:
        """The same of a whole series, a tick's worth of them at a time."""
        low, span = self._span
        if span <= 0.0:
            return [None if one is None else self.row(one, rows) for one in values]
        if self.log:
            values = (None if one is None else math.log(one) for one in values)
        last = rows - 1
        return [None if one is None else round((1.0 - min(1.0, max(0.0, (one - low) / span))) * last) for one in values]

    def holds(self, value: float) -> bool:
        """Whether the value stands on it."""
        return self.low <= value <= self.high


def scale_of(values: Iterable[float | None], marks: Iterable[float] = (), *, log: bool = False) -> Scale | None:
    """The scale all values stand on, and the marks near them; None without a value."""
    known = [one for one in values if one is not None]
    if not known:
        return None
    low, high = min(known), max(known)
    room = ROOM * (high - low)
    near = [one for one in marks if low - room <= one <= high + room]
    low, high = min([low, *near]), max([high, *near])
    return Scale(low, high, log and low > 0.0)


def ticks(scale: Scale, most: int) -> tuple[float, ...]:
    """At most so many round numbers on a scale, the lowest first."""
    if most < 1 or scale.high <= scale.low:
        return ()
    if scale.log and scale.high / scale.low > 4.0:
        return _powers(scale, most)
    return _multiples(scale, round_step((scale.high - scale.low) / most))


def round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is no less."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(one * power for one in STEPS if one * power >= least * (1 - 1e-9))


def _multiples(scale: Scale, step: float) -> tuple[float, ...]:
    first, last = math.ceil(scale.low / step - 1e-9), math.floor(scale.high / step + 1e-9)
    return tuple(count * step for count in range(first, last + 1))


def _powers(scale: Scale, most: int) -> tuple[float, ...]:
    """1, 2 and 5 times powers of ten, or 1 and 5, or powers alone, as many as there is room for."""
    first, last = math.floor(math.log10(scale.low)), math.ceil(math.log10(scale.high))
    kept = tuple[float, ...]()
    for digits in ((1, 2, 5), (1, 5), (1,)):
        found = [digit * 10.0**power for power in range(first, last + 1) for digit in digits]
        kept = tuple(one for one in found if scale.holds(one))
        if len(kept) <= most:
            return kept
    return kept[:: -(-len(kept) // most)]


def decimals_for(marks: Sequence[float]) -> int:
    """Decimals that tell round numbers apart, at most four."""
    for decimals in range(4):
        if all(abs(round(one, decimals) - one) <= 1e-9 * max(1.0, abs(one)) for one in marks):
            return decimals
    return 4
