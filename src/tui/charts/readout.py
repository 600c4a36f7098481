"""What is said around a chart: head, legend, values under the crosshair, basis."""

from collections.abc import Sequence

from ...core.model.chart import Chart, Mark
from ...core.model.reading import Quote
from ...core.model.snapshot import Row
from ..format import basis_points, change, price, sign_of, signed, weekday_date
from ..glyphs import DOWN, UNCHANGED, UP
from ..look import OLD
from ..text import Line, Piece, clean, joined, line, width
from .drawing import Drawing
from .figures import day_words, figure, moment, standing
from .plot import candles_of, pens_of

FRAMES = {
    "1d": "1 day", "1w": "1 week", "1m": "1 month", "3m": "3 months", "6m": "6 months", "ytd": "year to date",
    "1y": "1 year", "5y": "5 years", "all": "all",
}  # fmt: skip
_TURNS = {1: UP, -1: DOWN}
_TONES = {1: "bull", -1: "bear"}
_POINTS = {"session": "sessions", "week": "weeks", "month": "months"}


def head(chart: Chart, row: Row | None, cells: int, decimals: int | None = None) -> Line:
    """Who it is; of one instrument its last price and change, of two the ratio, of several their names."""
    names = [clean(one) for one in chart.names]
    if chart.wish.kind == "ratio":
        value = figure(_newest(chart), chart.unit)
        who = line(Piece(f"{names[0]} / {names[1]}", "bright bold"), Piece("  indexed to 100", "muted"))
        return fitting((*who, Piece(f"  {value}", "bright bold")), [_place(chart)], cells)
    if chart.wish.kind == "relative":
        return fitting(
            line(Piece(" ".join(names), "bright bold")), [line(Piece("  percent from one date", "muted"))], cells
        )
    who = line(Piece(names[0], "bright bold"))
    about = line(Piece(f"  {clean(row.name)}", "text")) if row else ()
    return fitting((*who, *about), _price(row, decimals) if row is not None else [], cells)


def fitting(first: Line, more: Sequence[Line], cells: int) -> Line:
    """As much of it as has room, each part whole: no number is ever cut."""
    kept, left = first, cells - width(first)
    for one in more:
        left -= width(one)
        if left < 0:
            break
        kept = (*kept, *one)
    return kept


def _newest(chart: Chart) -> float | None:
    return next((one for one in reversed(chart.curves[0].numbers) if one is not None), None)


def _place(chart: Chart) -> Line:
    if chart.position_percent is None:
        return ()
    return line("   ", Piece(f"at {chart.position_percent:.0f} % of its year's range", "text"))


def _price(row: Row, decimals: int | None) -> list[Line]:
    """Last price, change and range of the session; what is old keeps its price and loses its change."""
    quote = row.quote
    if quote is None or quote.last is None:
        return []
    if row.freshness in OLD:
        return [line(Piece(f"   {price(quote.last, decimals)}  {row.freshness}", "stale"))]
    day = [("O", quote.open), ("H", quote.high), ("L", quote.low)]
    return [
        line(Piece(f"   {price(quote.last, decimals)}", "bright bold")),
        _changed(row, quote, decimals),
        joined([_pair(name, price(value, decimals)) for name, value in day if value is not None], ()),
    ]


def _changed(row: Row, quote: Quote, decimals: int | None) -> Line:
    """The session's change in points and percent; nothing where the close before is not known."""
    if quote.change is None:
        return ()
    moved = change(quote.change, quote.last, decimals)
    share = basis_points(quote.change_points) if row.kind == "yield" else f"{signed(quote.change_percent)} %"
    sign = sign_of(moved)
    return line(Piece(f"  {_TURNS.get(sign, UNCHANGED)} {moved}  {share}", _TONES.get(sign, "flat")))


def legend(chart: Chart) -> tuple[Line, ...]:
    """Frame, and the averages in their colours, for the title."""
    frame = line(Piece(FRAMES.get(chart.wish.frame, chart.wish.frame), "accent"))
    if chart.wish.since is not None:
        frame = line(Piece(f"since {weekday_date(chart.wish.since)} {chart.wish.since.year}", "accent"))
    others = () if chart.wish.kind == "relative" else chart.curves[1:]
    pens = pens_of(chart)
    return (frame, *(line(Piece(one.name, pens[at + 1].style)) for at, one in enumerate(others)))


def readout(chart: Chart, drawing: Drawing, cells: int, *, named: bool = False) -> Line:
    """The values under the crosshair; without it the change over what is drawn, or where each line stands.

    Of several lines that are `named` beside the chart with their values only the span is said.
    """
    if drawing.cross is not None:
        at = min(drawing.cross, chart.size - 1)
        return _at_cross(chart, drawing, at, cells)
    if chart.wish.kind == "relative" and named:
        return line(Piece(_span(chart, drawing), "text"))
    if chart.unit in ("price", "yield", "index") and not chart.times:
        return _over(chart, drawing, cells)
    marks = [(_mark_words(one, drawing), figure(one.value, chart.unit)) for one in chart.marks if one.day]
    return _written((), [(one.name, figure(one.numbers[-1], chart.unit)) for one in chart.curves] + marks, cells)


def _at_cross(chart: Chart, drawing: Drawing, at: int, cells: int) -> Line:
    """Its day and values; open, high and low together or not at all, of candles before everything else."""
    first = line(Piece(moment(chart, at, drawing), "bright"))
    lines = [_pair(one.name, figure(one.numbers[at], chart.unit)) for one in chart.curves]
    opened = joined([_pair(name, text) for name, text in _opened(chart, at)], ())
    parts = [opened, *lines] if drawing.candles and width((*first, *opened, *lines[0])) <= cells else [*lines, opened]
    return fitting(first, parts, cells)


def _opened(chart: Chart, at: int) -> list[tuple[str, str]]:
    if chart.candles is None:
        return []
    columns = (("O", chart.candles.open), ("H", chart.candles.high), ("L", chart.candles.low))
    return [(name, figure(column[at], chart.unit)) for name, column in columns]


def _mark_words(mark: Mark, drawing: Drawing) -> str:
    return f"{mark.name} {day_words(mark.day, drawing.today)}" if mark.day else mark.name


def _written(first: Line, pairs: Sequence[tuple[str, str]], cells: int) -> Line:
    found = fitting(first, [_pair(name, text) for name, text in pairs], cells)
    return found if first or not found else (Piece(found[0].text.lstrip(), found[0].style), *found[1:])


def _pair(name: str, text: str) -> Line:
    return (Piece(f"  {name} ", "muted"), Piece(text, "text"))


def _over(chart: Chart, drawing: Drawing, cells: int) -> Line:
    """From the first point drawn to the last: the change, and the highest and lowest value between."""
    known = [one for one in chart.curves[0].numbers if one is not None]
    moved = known[-1] - known[0]
    share = f"{signed(100.0 * moved)} bp" if chart.unit == "yield" else f"{signed(100.0 * moved / known[0])} %"
    pairs = [("change", share), ("highest", figure(max(known), chart.unit)), ("lowest", figure(min(known), chart.unit))]
    return _written(line(Piece(_span(chart, drawing), "text")), pairs, cells)


def _span(chart: Chart, drawing: Drawing) -> str:
    return f"{day_words(chart.points[0], drawing.today)} to {day_words(chart.points[-1], drawing.today)}"


def basis(chart: Chart, drawing: Drawing, cells: int) -> str:
    """How far the values reach and whether they are final, what they are, how they are drawn."""
    how = ["log scale"] if drawing.log and chart.unit != "percent" else []
    size = candles_of(chart, cells)[1] if drawing.candles else 1
    if size > 1:
        how.append(f"{size} {_POINTS.get(chart.step, 'points')} a candle")
    return " · ".join((standing(chart, drawing), *how, chart.basis))
