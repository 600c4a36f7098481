"""A chart of the instrument that is open, under its figures, in the frame chosen on the chart's own screen."""

from msgspec.structs import replace

from ...core.model.snapshot import Snapshot
from ..look import Look
from ..text import Line, clean
from ..widgets.board import BodyLine, Page
from ._symbol import shown
from .chart import LINES, TITLES, WAITING, drawing_of

NAME = "symbol_chart"


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """What a chart fills of its own screen; here it has what is left."""
    del snapshot, look, cells
    return LINES


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """Its price over the chosen frame; never another instrument's, whose answer may still be there."""
    from ..charts.newest import with_newest
    from ..charts.page import chart_lines, sentence_lines
    from ..charts.readout import legend

    row = shown(snapshot, look)
    chart, said = look.chart.chart, look.chart.said
    title = TITLES["price"]
    if row is None:
        return Page(title, ())
    if chart is None or chart.wish.kind != "price" or chart.wish.symbols != (row.symbol,):
        asking = f"asking the feed for the series of {clean(row.short)}"
        return _page(title, sentence_lines(asking if said in ("", WAITING) else said, cells))
    if chart.problem:
        return _page(title, sentence_lines(chart.problem, cells))
    chart = with_newest(chart, row)
    plain = replace(look, choices=replace(look.choices, chart=replace(look.choices.chart, cross=None)))
    drawing = drawing_of(chart, snapshot, plain)
    # price, ladder and momentum have sections of their own above it
    _, *drawn = chart_lines(replace(chart, beneath=()), replace(row, levels=()), drawing, cells, lines)
    return _page(title, drawn, legend(chart))


def _page(title: str, lines: list[Line], clauses: tuple[Line, ...] = ()) -> Page:
    return Page(title, tuple(BodyLine(one) for one in lines), clauses=clauses)
