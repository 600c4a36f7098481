"""Prices that are watched: pivots of the session and week before, swing points, round numbers, phase lines.

Pivots and round numbers are conventions, not evidence; `holding` counts what they did. Each function gives
the levels themselves; `ladder` puts them in their place around the last price.
"""

import math
import re
from dataclasses import dataclass
from statistics import median
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from ..bars import Bars, Floats
from ..model.measures import Swing
from .momentum import atr
from .momentum_state import WARM_UP
from .records import BEAR, CORRECTION, PULLBACK
from .swings import pivot_highs, pivot_lows

WIDTHS = (3, 5, 10)
"""Bars on each side of a swing point, from the narrowest."""
LOOKED_BACK = 504
"""Sessions in which swing points are looked for: two years."""
FOLLOWED = 20
"""Sessions after a swing point in which the move away from it is measured."""
SAME_SWING = 0.5
"""ATRs within which swing points are one level."""
STEP_SHARE = 0.04
"""Share of the price that the step of round numbers comes nearest to."""
ORDER = (
    "old record", "record close", "record high", "52-week high", "52-week low", "major round number", "round number",
    "two lows", "week high", "week low", "last week high", "last week low", "swing high and low", "swing high",
    "swing low", "week open", "last week close", "200-day average", "50-day average", "pullback line",
    "correction line", "bear line", "week pivot", "pivot",
)  # fmt: skip
"""Names of levels, the most watched first."""
ROUND_NUMBERS = 2
"""Round numbers shown on each side; major ones as far as the ladder goes."""
PHASES = ((PULLBACK, "pullback line"), (CORRECTION, "correction line"), (BEAR, "bear line"))


@dataclass(frozen=True)
class Mark:
    """One level before it is placed: a price, or a zone from `low` to `high`."""

    source: str
    low: float
    high: float
    swing: Swing | None = None

    @classmethod
    def at(cls, source: str, price: float) -> "Mark":
        """A single price."""
        return cls(source, price, price)

    @property
    def middle(self) -> float:
        """Of a zone; of a price itself."""
        return (self.low + self.high) / 2.0

    @property
    def rank(self) -> int:
        """How much a trader looks at it, 0 the most: what names the line where several meet."""
        return ORDER.index(re.sub(r" [PRS]\d?$", "", self.source))


# -- pivots of a bar ------------------------------------------------------------------------------------


Prices = TypeVar("Prices", float, Floats)


class FloorPivots(NamedTuple, Generic[Prices]):
    """The floor traders' pivot, its resistances and supports, in price units."""

    p: Prices
    r1: Prices
    r2: Prices
    r3: Prices
    s1: Prices
    s2: Prices
    s3: Prices


def floor_pivots(high: Prices, low: Prices, close: Prices) -> FloorPivots[Prices]:
    """Of the bar before, a final session's or a final week's; or of a column of them.

    P is the mean of high, low and close; R1 = 2P - L, R2 = P + R, R3 = H + 2(P - L), and S1 to S3 their
    mirror images, R being high less low.
    """
    p, size = (high + low + close) / 3.0, high - low
    return FloorPivots(
        p=p, r1=2 * p - low, r2=p + size, r3=high + 2 * (p - low),
        s1=2 * p - high, s2=p - size, s3=low - 2 * (high - p),
    )  # fmt: skip


def pivot_marks(found: FloorPivots[float], of: str = "") -> list[Mark]:
    """The seven levels, named ``pivot R1`` or, of a week, ``week pivot R1``."""
    name = f"{of} pivot".strip()
    return [Mark.at(f"{name} {field.upper()}", price) for field, price in found._asdict().items()]


# -- round numbers --------------------------------------------------------------------------------------


class Step(NamedTuple):
    """A step of 1, 2 or 5 times a power of ten."""

    mantissa: int
    exponent: int

    def times(self, count: int) -> float:
        """So many steps, exact as written in decimals."""
        digits = count * self.mantissa
        return float(digits * 10**self.exponent) if self.exponent >= 0 else digits / 10**-self.exponent

    @property
    def major(self) -> int:
        """Steps between major round numbers: those that begin with 5 or 1."""
        return 10 if self.mantissa == 5 else 5


CLOSE_CALL = 1e-9
"""Difference of logarithms under which two steps are all but equally near."""
_LOG = {mantissa: math.log10(mantissa) for mantissa in (1, 2, 5)}


def round_step(price: float) -> Step:
    """The step nearest in ratio to 4 % of a price: 100 for 2,452, 1,000 for 25,000, 200 for 6,600."""
    wanted = math.log10(STEP_SHARE * price)
    below = math.floor(wanted)
    distances = [abs(_LOG[mantissa] + below - wanted) for mantissa in (1, 2, 5)] + [abs(below + 1 - wanted)]
    return (Step(1, below), Step(2, below), Step(5, below), Step(1, below + 1))[distances.index(min(distances))]


def round_steps(prices: Floats) -> tuple[Floats, Floats]:
    """Of each price the size of its `round_step`, as the digits and the power of ten that they are multiples of."""
    wanted = np.log10(STEP_SHARE * prices)
    below = np.floor(wanted)
    distances = np.abs(np.array([_LOG[1] + below, _LOG[2] + below, _LOG[5] + below, below + 1]) - wanted)
    nearest = distances.argmin(axis=0)
    digits, exponents = np.array([1.0, 2.0, 5.0, 1.0])[nearest], below + (nearest == 3)
    # where two are all but equally near the last bit of a logarithm decides, and there is one judge of that
    for at in np.flatnonzero(np.ptp(np.partition(distances, 1, axis=0)[:2], axis=0) < CLOSE_CALL).tolist():
        digits[at], exponents[at] = round_step(float(prices[at]))
    return digits, exponents


def round_numbers(price: float, reach: float) -> list[Mark]:
    """The two nearest round numbers on each side of a price, and the major ones up to `reach` points away."""
    step = round_step(price)
    size = step.times(1)
    under = math.floor(price / size)
    near = range(under - ROUND_NUMBERS + 1, under + ROUND_NUMBERS + 1)
    wide = range(math.ceil((price - reach) / size), math.floor((price + reach) / size) + 1)
    counts = {*near, *(count for count in wide if count % step.major == 0)}
    return [
        Mark.at("major round number" if count % step.major == 0 else "round number", step.times(count))
        for count in sorted(counts)
        if count > 0
    ]


# -- lines below the record -----------------------------------------------------------------------------


def phase_lines(record_close: float) -> list[Mark]:
    """Where a pullback, a correction and a bear market begin: 5, 10 and 20 percent below the record close."""
    return [Mark.at(name, record_close * (1.0 + border / 100.0)) for border, name in PHASES]


# -- swing points ---------------------------------------------------------------------------------------


class _Point(NamedTuple):
    """One swing point: `away` is the furthest move from it afterwards, in the ATRs of its day."""

    price: float
    bar: int
    side: str
    width: int
    away: float


def swing_marks(bars: Bars) -> list[Mark]:
    """The swing points of the last 504 sessions that are known at the last close, those of one price merged.

    One price is 0.5 of the last ATR, the level is the median of its points; without an ATR there is none.
    """
    bars = bars.slice(max(0, len(bars) - LOOKED_BACK - WARM_UP), len(bars))
    ranges = atr(bars)
    if not len(bars) or math.isnan(ranges[-1]):
        return []
    points = sorted(_points(bars, ranges))
    groups: list[list[_Point]] = []
    for point in points:
        if groups and point.price - groups[-1][0].price <= SAME_SWING * float(ranges[-1]):
            groups[-1].append(point)
        else:
            groups.append([point])
    return [_merged(bars, group) for group in groups]


def _points(bars: Bars, ranges: Floats) -> list[_Point]:
    """Each swing point once, with the widest frame it stands out in."""
    first = max(0, len(bars) - LOOKED_BACK)
    widest: dict[tuple[int, str], int] = {}
    for width in WIDTHS:
        for side, pivots in (
            ("high", pivot_highs(bars.high, width, width)),
            ("low", pivot_lows(bars.low, width, width)),
        ):
            widest |= {(int(at), side): width for at in pivots.index if at >= first}
    return [_point(bars, ranges, at, side, width) for (at, side), width in widest.items()]


def _point(bars: Bars, ranges: Floats, at: int, side: str, width: int) -> _Point:
    after = slice(at + 1, at + 1 + FOLLOWED)
    if side == "high":
        price = float(bars.high[at])
        move = price - float(bars.low[after].min())
    else:
        price = float(bars.low[at])
        move = float(bars.high[after].max()) - price
    return _Point(price, at, side, width, move / float(ranges[at]))


def _merged(bars: Bars, group: list[_Point]) -> Mark:
    sides = {point.side for point in group}
    side = sides.pop() if len(sides) == 1 else "both"
    away = max((point.away for point in group if not math.isnan(point.away)), default=None)
    prices = [point.price for point in group]
    swing = Swing(
        side=side,
        low=prices[0],
        high=prices[-1],
        first=bars.day(min(point.bar for point in group)),
        last=bars.day(max(point.bar for point in group)),
        touches=len(group),
        sessions=max(point.width for point in group),
        move_atr=away,
    )
    name = "swing high and low" if side == "both" else f"swing {side}"
    middle = median(prices)
    return Mark(name, middle, middle, swing)


def strongest(marks: list[Mark], count: int) -> list[Mark]:
    """The swing levels of most weight: more touches first, then the wider frame, then the larger move away."""

    def weight(mark: Mark) -> tuple[int, int, float]:
        swing = mark.swing
        return (swing.touches, swing.sessions, swing.move_atr or 0.0) if swing else (0, 0, 0.0)

    return sorted(marks, key=weight, reverse=True)[:count]


# -- a week -----------------------------------------------------------------------------------------------


def two_lows(week_low: float, session_low: float) -> Mark:
    """The support between the week's low and the last session's."""
    return Mark("two lows", min(week_low, session_low), max(week_low, session_low))
