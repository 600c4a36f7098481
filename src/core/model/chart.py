"""A chart: what a screen asks for, and the series it is answered with.

Absent is None. Prices are in the instrument's currency or index points, percentages 0-100.
"""

from datetime import date, datetime

import msgspec

from .reading import Aware

KINDS = ("price", "ratio", "relative", "drawdown")
"""What is drawn: prices; A over B; changes of several from one date; distance below the highest close."""
FRAMES = ("1d", "1w", "1m", "3m", "6m", "ytd", "1y", "5y", "all")
"""From the shortest to the longest."""
MOST_SYMBOLS = 8
"""Lines that can still be told apart."""
STEPS = {"5 minutes": "5-minute closes", "session": "daily", "week": "weekly", "month": "monthly"}
"""What one point of a chart stands for, and how that is called."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What to draw: one symbol for price and drawdown, two for a ratio, up to eight for relative performance.

    `since` is the date relative performance is counted from; without it the beginning of the frame.
    """

    kind: str
    symbols: tuple[str, ...]
    frame: str = "1y"
    since: date | None = None


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """One line: a value for each point of its chart, None where there is too little history for one."""

    name: str
    numbers: tuple[float | None, ...]


class Candles(msgspec.Struct, frozen=True, kw_only=True):
    """Open, high and low of each point; its close is the chart's first curve."""

    open: tuple[float, ...]
    high: tuple[float, ...]
    low: tuple[float, ...]


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A level across the whole chart; `day` is when it was made, where it was."""

    name: str
    value: float
    day: date | None = None


class Beneath(msgspec.Struct, frozen=True, kw_only=True):
    """What is drawn under the chart, on the same points: rsi, macd, volume or spread.

    `curves` are lines, `bars` stand on zero.
    """

    name: str
    curves: tuple[Curve, ...] = ()
    bars: tuple[float | None, ...] = ()


class Chart(Aware, frozen=True, kw_only=True):
    """Series of one wish, oldest first, and what must be known to read them.

    `points` are sessions (the last one of each week or month), `times` the ends of five-minute bars instead.
    `step` is what a point stands for, `unit` that of the curves: price, yield, index (100 = the first point) or
    percent. The first curve is the one that is asked for. `state` is final, live or provisional as the last
    point is, and `as_of` the time of a price that is not final. `basis` says in words what the values are;
    `notes` what is missing, a sentence each. `problem` is why nothing can be drawn, a sentence.
    `position_percent` places the last value of a ratio between the marks of its year.
    """

    wish: Wish
    names: tuple[str, ...] = ()
    points: tuple[date, ...] = ()
    times: tuple[datetime, ...] = ()
    step: str = "session"
    unit: str = "price"
    curves: tuple[Curve, ...] = ()
    candles: Candles | None = None
    beneath: tuple[Beneath, ...] = ()
    marks: tuple[Mark, ...] = ()
    position_percent: float | None = None
    state: str = "final"
    as_of: datetime | None = None
    basis: str = ""
    notes: tuple[str, ...] = ()
    problem: str = ""

    @property
    def size(self) -> int:
        """Points along the chart."""
        return len(self.times or self.points)
