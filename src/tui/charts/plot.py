"""The chart itself: levels, averages, the line or candles, the crosshair, and the labels at the right."""

from collections.abc import Sequence

from msgspec.structs import replace

from ...core.model.chart import Chart, Curve
from ..glyphs import MORE_ABOVE, MORE_BELOW
from ..text import Line
from .axis import Entry, apart, labelled
from .candles import RANK as CANDLE_RANK
from .candles import Candle, draw_candle, together
from .canvas import Canvas, Pen, columns
from .dates import week_columns
from .drawing import Drawing
from .figures import figure, tick_labels
from .scale import Scale, scale_of, ticks

LEVEL, PLAIN_LEVEL, WEEK, CROSS = "╌", "-", "┊", "│"
MAIN = Pen("accent", 6, "*")
AVERAGES = (Pen("range-new", 4, "+", joined=False), Pen("range-prev", 2, ".", every=2, joined=False))
SEVERAL = (
    Pen("accent", sign="*", mark="●"), Pen("bright", sign="+", mark="◆"), Pen("spark", sign="x", mark="■"),
    Pen("range-new", sign="o", mark="○"), Pen("muted", sign="#", mark="◇"), Pen("text", sign="%", mark="□"),
    Pen("range-prev", sign="&", mark="+"), Pen("faint", sign="@", mark="×"),
)  # fmt: skip
"""Roles that say neither rise nor fall, no record and no flag; where they are much alike the marks differ."""
MARKS, MARK_RANK = 6, 20
"""Marks along a line, over all lines."""
ROWS_A_TICK = 3


def pens_of(chart: Chart) -> tuple[Pen, ...]:
    """The pen of each curve; of several a symbol keeps its own whichever is asked for, and that one lies on top."""
    if chart.wish.kind != "relative":
        return (MAIN, *AVERAGES)
    own = {symbol: at for at, symbol in enumerate(sorted(chart.wish.symbols))}
    count = len(own)
    return tuple(
        replace(SEVERAL[own[symbol] % len(SEVERAL)], rank=count - number)
        for number, symbol in enumerate(chart.wish.symbols)
    )


def scale_for(chart: Chart, drawing: Drawing) -> Scale | None:
    """The scale of what is charted; averages and marks stretch it a little and never press the price flat."""
    own = chart.curves if chart.wish.kind == "relative" else chart.curves[:1]
    values = [one for curve in own for one in curve.numbers]
    if drawing.candles and chart.candles is not None:
        values += [*chart.candles.high, *chart.candles.low]
    beside = [one for curve in chart.curves[len(own) :] for one in curve.numbers if one is not None]
    marks = [*beside, *(mark.value for mark in chart.marks)]
    return scale_of(values, marks, log=drawing.log and chart.unit != "percent")


def axis_texts(chart: Chart, drawing: Drawing) -> list[str]:
    """Everything that may be written at the right, to make room for the longest."""
    scale = scale_for(chart, drawing)
    if scale is None:
        return []
    return [
        *(_named(chart, scale, _last(curve), number) for number, curve in enumerate(chart.curves)),
        *(figure(mark.value, chart.unit) for mark in chart.marks),
        *tick_labels(ticks(scale, 8), chart.unit),
    ]


def _named(chart: Chart, scale: Scale, value: float | None, number: int, *, ascii_only: bool = False) -> str:
    """A last value; of several with the mark and the name of its line."""
    text = _aligned(figure(value, chart.unit), chart, scale)
    if chart.wish.kind != "relative":
        return text
    pen = pens_of(chart)[number]
    return f"{text} {pen.sign if ascii_only else pen.mark} {chart.curves[number].name}"


def _aligned(text: str, chart: Chart, scale: Scale) -> str:
    """Percentages stand under each other by their points."""
    if chart.unit != "percent":
        return text
    values = (scale.low, scale.high, *(mark.value for mark in chart.marks if scale.holds(mark.value)))
    return text.rjust(max(len(figure(one, chart.unit)) for one in values))


def plot(chart: Chart, drawing: Drawing, cells: int, axis: int, rows: int) -> list[Line]:
    """So many rows of the plot in so many cells, and its axis in as many more."""
    scale = scale_for(chart, drawing)
    canvas = Canvas(cells, rows, ascii_only=drawing.ascii_only)
    if scale is None:
        return labelled(canvas.lines(), (), axis, ascii_only=drawing.ascii_only)
    _draw_levels(canvas, chart, scale)
    pens = pens_of(chart)
    for number, curve in enumerate(chart.curves):
        if number or not (drawing.candles and chart.candles):
            draw_curve(canvas, _on(scale, curve.numbers) if number else curve.numbers, scale, pens[number])
        if pens[number].mark and not canvas.ascii_only:
            _draw_marks(canvas, curve, scale, pens[number], number / len(chart.curves))
    if drawing.candles and chart.candles:
        _draw_candles(canvas, chart, scale)
    _draw_upright(canvas, chart, drawing)
    return labelled(canvas.lines(), _labels(chart, scale, rows, canvas.ascii_only), axis, ascii_only=drawing.ascii_only)


def _on(scale: Scale, numbers: Sequence[float | None]) -> list[float | None]:
    """The values that stand on a scale: an average is not drawn along its edge."""
    return [one if one is not None and scale.holds(one) else None for one in numbers]


def draw_curve(canvas: Canvas, numbers: Sequence[float | None], scale: Scale, pen: Pen) -> None:
    """One line across the whole canvas; nothing where a value is not known."""
    down = scale.rows(numbers, canvas.height)
    canvas.line(zip(columns(len(numbers), canvas.width), down, strict=True), pen)


def _draw_marks(canvas: Canvas, curve: Curve, scale: Scale, pen: Pen, shift: float) -> None:
    """The line's mark on some of its points, each line's at other places: `shift` is a share of their distance."""
    count = len(curve.numbers)
    places = columns(count, canvas.cells)
    for number in range(MARKS):
        at = round((number + shift) * (count - 1) / MARKS)
        value = curve.numbers[at]
        if value is not None:
            canvas.put(places[at], scale.row(value, canvas.rows), pen.mark, pen.style, MARK_RANK)


def _draw_levels(canvas: Canvas, chart: Chart, scale: Scale) -> None:
    sign = PLAIN_LEVEL if canvas.ascii_only else LEVEL
    for mark in chart.marks:
        if scale.holds(mark.value):
            canvas.across(scale.row(mark.value, canvas.rows), sign, _tone(mark.name))


def _tone(name: str) -> str:
    return "record" if name.startswith("record") else "faint"


def _draw_candles(canvas: Canvas, chart: Chart, scale: Scale) -> None:
    made = candles_of(chart, canvas.cells)[0]
    for column, candle in zip(columns(len(made), canvas.cells), made, strict=True):
        draw_candle(canvas, column, candle, scale)


def candles_of(chart: Chart, cells: int) -> tuple[list[Candle], int]:
    """The candles that have room, and of how many points each is made."""
    if chart.candles is None:
        return [], 1
    made = chart.candles
    found = zip(made.open, made.high, made.low, chart.curves[0].numbers, strict=True)
    whole = [Candle(start, high, low, start if end is None else end) for start, high, low, end in found]
    return together(whole, cells)


def _draw_upright(canvas: Canvas, chart: Chart, drawing: Drawing) -> None:
    if chart.step == "session" and not chart.times:
        for column in week_columns(chart.points, canvas.cells):
            canvas.down(column, ":" if canvas.ascii_only else WEEK, "rule")
    if drawing.cross is not None:
        draw_cross(canvas, chart.size, drawing)


def draw_cross(canvas: Canvas, count: int, drawing: Drawing) -> None:
    """The crosshair, behind the lines."""
    if drawing.cross is None or not count:
        return
    column = columns(count, canvas.cells)[min(drawing.cross, count - 1)]
    canvas.down(column, "|" if canvas.ascii_only else CROSS, "muted")


def _labels(chart: Chart, scale: Scale, rows: int, ascii_only: bool) -> list[Entry]:
    """The last values, then the levels, then round numbers."""
    marks = ticks(scale, max(2, rows // ROWS_A_TICK))
    levels = [
        Entry(scale.row(mark.value, rows), _aligned(figure(mark.value, chart.unit), chart, scale), _tone(mark.name))
        for mark in chart.marks
        if scale.holds(mark.value)
    ]
    return [
        *_beside_records(_last_labels(chart, scale, rows, ascii_only), levels, rows),
        *_beyond(chart, scale, rows),
        *(
            Entry(scale.row(one, rows), _aligned(text, chart, scale))
            for one, text in zip(marks, tick_labels(marks, chart.unit), strict=True)
        ),
    ]


def _beside_records(last: list[Entry], levels: list[Entry], rows: int) -> list[Entry]:
    """The last values before the levels; of a record in the row of a last price one gives way by a row.

    The record goes up where there is a row above it that is free, else the price goes down.
    """
    taken = {one.row for one in (*last, *levels)}
    met = next((one for one in levels if one.style == "record" and one.row in {each.row for each in last}), None)
    if met is None or len(last) != 1:
        return [*last, *levels]
    if met.row and met.row - 1 not in taken:
        moved = [replace(one, row=one.row - 1) if one is met else one for one in levels]
        return [*last, *moved]
    return [replace(last[0], row=min(met.row + 1, rows - 1)), *levels]


def _beyond(chart: Chart, scale: Scale, rows: int) -> list[Entry]:
    """At its edge the name of an average that stands off the scale now."""
    ends = [(one.name, _last(one), pen.style) for one, pen in zip(chart.curves, pens_of(chart), strict=False)]
    return [
        Entry(0, name, style, lead=MORE_ABOVE) if value > scale.high else Entry(rows - 1, name, style, lead=MORE_BELOW)
        for name, value, style in ends
        if value is not None and not scale.holds(value)
    ]


def _last_labels(chart: Chart, scale: Scale, rows: int, ascii_only: bool) -> list[Entry]:
    """Of the first line its last value; of several each one's with its name, in the order of their heights."""
    ends = [
        (value, number, pen)
        for number, (curve, pen) in enumerate(zip(chart.curves, pens_of(chart), strict=False))
        if (value := _last(curve)) is not None
    ]
    several = chart.wish.kind == "relative"
    found = [
        Entry(
            scale.row(value, rows),
            _named(chart, scale, value, number, ascii_only=ascii_only),
            f"{pen.style} bold" if several else "bright bold",
            last=True,
        )
        for value, number, pen in (sorted(ends, key=lambda one: -one[0]) if several else ends[:1])
    ]
    return apart(found, rows)


def _last(curve: Curve) -> float | None:
    return next((one for one in reversed(curve.numbers) if one is not None), None)


__all__ = ["CANDLE_RANK", "axis_texts", "candles_of", "draw_cross", "draw_curve", "pens_of", "plot", "scale_for"]
