"""Steps of price that no market makes, among bars that were taken: a point too far right, a split left out."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from .bars import Bars
from .model.instrument import Instrument
from .quarantine import HALVED, Reach

Reaches = tuple[Reach, ...]


@dataclass(frozen=True)
class Step:
    """A bar that no session before it leads to: which of its figures, and the close it is measured by."""

    day: date
    what: str
    price: float
    before: float
    before_day: date

    def __str__(self) -> str:
        """``2025-10-16: close 10,200.00 after 101.00 on 2025-10-15``."""
        return f"{self.day}: {self.what} {self.price:,.2f} after {self.before:,.2f} on {self.before_day}"


def impossible_steps(one: Instrument, bars: Bars) -> tuple[Step, ...]:
    """Each bar out of all reach of the one before it, oldest first.

    A single wrong bar is named once and its followers are measured by the bar before it; where the followers go on
    from it (a split, another unit) it is their first that is named.
    """
    if len(bars) < 2:
        return ()
    reaches = _reaches(one, bars)
    far = np.flatnonzero(np.logical_and.reduce([_far(reach, bars) for reach in reaches]))
    found: list[Step] = []
    ground = int(far[0]) if len(far) else len(bars)
    for at in range(ground + 1, len(bars)):
        figure = _out_of_reach(reaches, bars, ground, at)
        if figure is not None:
            found.append(Step(bars.day(at), *figure, float(bars.close[ground]), bars.day(ground)))
        if figure is None or _goes_on(reaches, bars, ground, at):
            ground = at
    return tuple(found)


def _reaches(one: Instrument, bars: Bars) -> Reaches:
    """What a step is measured by; one of a yield must be too far in points and as a factor, whatever its unit."""
    own = Reach.of(one, bars)
    return (own, replace(own, most=HALVED, in_points=False)) if own.in_points else (own,)


def _far(reach: Reach, bars: Bars) -> npt.NDArray[np.bool_]:
    """Of each bar but the first whether it is out of reach of the one just before, were that a session before."""
    top, bottom = bars.high[:-1], bars.low[:-1]
    if reach.in_points:
        return (bars.high[1:] > top + reach.most) | (bars.low[1:] < bottom - reach.most)
    return (bars.high[1:] > top * reach.most) | (bars.low[1:] < bottom / reach.most)


def _out_of_reach(reaches: Reaches, bars: Bars, ground: int, at: int) -> tuple[str, float] | None:
    """Which figure of a bar is out of all reach of another before it, if any."""
    sessions = int(np.busday_count(bars.day(ground), bars.day(at)))
    low, high = float(bars.low[ground]), float(bars.high[ground])
    bar = bars.bar(at)
    for what, price in {"close": bar.close, "high": bar.high, "low": bar.low}.items():
        if not any(reach.over(sessions).possible(price, low, high) for reach in reaches):
            return what, price
    return None


def _goes_on(reaches: Reaches, bars: Bars, ground: int, at: int) -> bool:
    """Whether the bar behind a strange one leads on from it, and not from the bar before it."""
    if at + 1 >= len(bars) or _out_of_reach(reaches, bars, ground, at + 1) is None:
        return False
    return _out_of_reach(reaches, bars, at, at + 1) is None
