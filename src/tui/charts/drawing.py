"""How a chart is drawn: what the reader has chosen, and the sizes of its parts in a place of so many cells."""

from datetime import date

from msgspec import Struct

from ...core.model.chart import Chart

LEAST_ROWS = 8
"""Rows the chart itself keeps before anything is drawn beneath it."""
LADDER, LADDER_FROM = 42, 100
"""Cells of the ladder with its gap, and from how many cells of all it stands beside the chart."""
WIDE_LADDER, WIDE_FROM = 60, 160
"""The same where there is room for what lies at a level."""
ROOMY = 30
"""Lines from which a blank one sets the chart apart."""
LARGE = 48
"""Lines from which what is beneath is two rows higher."""
FIXED = 3
"""Lines of every chart: head, dates, readout."""
_ROWS = {"volume": 2, "rsi": 3, "macd": 4, "spread": 5}


class Drawing(Struct, frozen=True):
    """`log` scale, `candles` in place of the line, the point under the crosshair, signs of ASCII alone.

    `zone` is the one times are written in, `today` the date years are left out of. `state` is what a price that is
    not final may be called now: an answer that was live when it was made may be old by now.
    `decimals` are those of the first instrument's prices, None where their size decides.
    """

    today: date
    zone: str = "America/New_York"
    log: bool = False
    candles: bool = False
    ascii_only: bool = False
    cross: int | None = None
    state: str = ""
    decimals: int | None = None


class Geometry(Struct, frozen=True):
    """Cells of the plot and of its axis, of the ladder (0: none), rows of the plot and of each part beneath.

    `above` are the lines over the plot.
    """

    plot: int
    axis: int
    ladder: int
    rows: int
    beneath: tuple[tuple[str, int], ...]
    above: int

    def point_at(self, x: int, count: int) -> int | None:
        """The point nearest to a cell of the plot, counted from the first; None beside the plot."""
        if not 0 <= x < self.plot or count < 1:
            return None
        return round(x * (count - 1) / max(1, self.plot - 1))


def geometry_of(chart: Chart, axis: int, cells: int, lines: int, *, foot: int, levels: bool) -> Geometry:
    """The sizes over a foot of so many lines; what does not fit beneath the plot goes, the last first."""
    ladder = _ladder(cells) if levels else 0
    above = 2 if lines >= ROOMY else 1
    left = lines - FIXED - (above - 1) - foot
    kept: list[tuple[str, int]] = []
    for one in chart.beneath:
        rows = _ROWS.get(one.name, 3) + (lines >= ROOMY) + 2 * (lines >= LARGE)
        if left - rows - 1 >= LEAST_ROWS:
            kept.append((one.name, rows))
            left -= rows + 1
    return Geometry(max(10, cells - axis - ladder), axis, ladder, max(2, left), tuple(kept), above)


def _ladder(cells: int) -> int:
    if cells >= WIDE_FROM:
        return WIDE_LADDER
    return LADDER if cells >= LADDER_FROM else 0
