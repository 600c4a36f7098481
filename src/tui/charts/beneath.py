"""What stands under a chart on the same dates: volume, RSI, MACD, and the spread of two."""

from collections.abc import Sequence

from ...core.model.chart import Beneath, Chart
from ..format import number, signed
from ..text import Line, Piece, line
from ..widgets.board import title_line
from .axis import Entry, labelled
from .candles import draw_bar
from .canvas import Canvas, Pen, columns
from .drawing import Drawing
from .figures import compact, moment
from .plot import draw_cross, draw_curve
from .scale import Scale, scale_of

RSI_SCALE = Scale(0.0, 100.0)
PENS = (Pen("accent", 5, "*"), Pen("range-new", 4, ".", joined=False))
TITLES = {"volume": "volume", "rsi": "RSI 14", "macd": "MACD 12 26 9", "spread": "spread"}


def panel(chart: Chart, one: Beneath, drawing: Drawing, cells: int, axis: int, rows: int) -> list[Line]:
    """A title with the values at the crosshair and its day, or else the newest values, and so many rows."""
    at = chart.size - 1 if drawing.cross is None else min(drawing.cross, chart.size - 1)
    canvas = Canvas(cells, rows, ascii_only=drawing.ascii_only)
    scale = _scale(one)
    if scale is not None:
        _draw(canvas, one, scale)
    draw_cross(canvas, chart.size, drawing)
    when = line(Piece(moment(chart, at, drawing), "muted")) if drawing.cross is not None else ()
    title = title_line(_title(one, chart), (_values(one, at), when), cells + axis, focused=False)
    return [title, *labelled(canvas.lines(), _labels(one, scale, rows), axis, ascii_only=drawing.ascii_only)]


def _title(one: Beneath, chart: Chart) -> str:
    if one.name != "spread" or len(chart.names) < 2:
        return TITLES.get(one.name, one.name)
    step = {"session": "daily", "week": "weekly", "month": "monthly"}.get(chart.step, "")
    return f"{step} spread, {chart.names[0]} minus {chart.names[1]}"


def _values(one: Beneath, at: int) -> Line:
    """The figures of a point, with their names where there are several."""
    if one.name == "volume":
        return line(Piece(compact(one.bars[at]), "text"))
    if one.name == "spread":
        return line(Piece(f"{signed(one.bars[at])} pp", "text"))
    if one.name == "rsi":
        return line(Piece(number(one.curves[0].numbers[at], 1), "text"))
    named = [(curve.name, curve.numbers[at]) for curve in one.curves]
    named += [("histogram", one.bars[at])] if one.bars else []
    pieces = [piece for name, value in named for piece in (Piece(f"  {name} ", "muted"), Piece(signed(value), "text"))]
    return (Piece(pieces[0].text.lstrip(), "muted"), *pieces[1:]) if pieces else ()


def _scale(one: Beneath) -> Scale | None:
    if one.name == "rsi":
        return RSI_SCALE
    values = [value for curve in one.curves for value in curve.numbers] + [*one.bars]
    found = scale_of([*values, 0.0])
    return found if found is not None and found.high > found.low else None


def _draw(canvas: Canvas, one: Beneath, scale: Scale) -> None:
    for level in _levels(one, canvas.rows):
        canvas.across(scale.row(level, canvas.rows), "-" if canvas.ascii_only else "╌", "faint")
    for column, value in _columns(one.bars, canvas.cells):
        style = "spark" if one.name == "volume" else "bull" if value >= 0.0 else "bear"
        draw_bar(canvas, column, value, scale, style)
    for curve, pen in zip(one.curves, PENS, strict=False):
        draw_curve(canvas, curve.numbers, scale, pen)


def _levels(one: Beneath, rows: int) -> tuple[float, ...]:
    """Lines across: of an RSI 70 and 30, where there is a row for each."""
    if one.name == "rsi":
        return (70.0, 30.0) if rows >= 4 else (50.0,)
    return () if one.name == "volume" else (0.0,)


def _columns(bars: Sequence[float | None], cells: int) -> list[tuple[int, float]]:
    """The bar of each column: where several points share one, the largest of them."""
    found: dict[int, float] = {}
    for column, value in zip(columns(len(bars), cells), bars, strict=True):
        if value is not None and abs(value) >= abs(found.get(column, 0.0)):
            found[column] = value
    return sorted(found.items())


def _labels(one: Beneath, scale: Scale | None, rows: int) -> list[Entry]:
    if scale is None:
        return []
    if one.name == "rsi":
        return [Entry(scale.row(level, rows), number(level, 0)) for level in _levels(one, rows)]
    if one.name == "volume":
        return [Entry(0, compact(scale.high))]
    ends = (scale.high, scale.low, 0.0)
    return [Entry(scale.row(value, rows), signed(value, 1)) for value in ends]
