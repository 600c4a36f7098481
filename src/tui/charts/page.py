"""A whole chart in so many cells and lines: head, plot, dates, readout, what is beneath, basis; the ladder beside."""

from collections.abc import Sequence
from functools import lru_cache

from ...core.model.chart import Chart
from ...core.model.snapshot import Row
from ..text import Line, Piece, clean, clip, line, pad, width, wrap
from .axis import cells_for
from .beneath import panel
from .changes import changes
from .dates import day_axis, time_axis
from .drawing import ROOMY, Drawing, Geometry, geometry_of
from .figures import dated
from .ladder import ladder
from .plot import axis_texts, plot
from .readout import basis, head, readout


def chart_geometry(chart: Chart, row: Row | None, drawing: Drawing, cells: int, lines: int) -> Geometry:
    """Where the parts of a chart stand; the same for drawing it and for finding what was clicked."""
    axis = cells_for([*axis_texts(chart, drawing), "+100.0"])
    levels = chart.wish.kind == "price" and row is not None and bool(row.levels)
    return geometry_of(chart, axis, cells, lines, foot=len(_foot(chart, drawing, cells, lines)), levels=levels)


def chart_lines(chart: Chart, row: Row | None, drawing: Drawing, cells: int, lines: int) -> list[Line]:
    """The chart; where nothing can be drawn the sentence that says why."""
    if chart.problem:
        return sentence_lines(chart.problem, cells)
    at = chart_geometry(chart, row, drawing, cells, lines)
    left = _left(chart, drawing, at)
    body = list(left)
    if at.ladder and row is not None:
        beside = ladder(row, at.ladder - 2, len(left), drawing.decimals)
        beside += changes(row, at.ladder - 2, len(left) - len(beside), drawing.today)
        body = [(*one, *pad(2), *more) for one, more in _paired(left, beside, at.plot + at.axis)]
    above = [head(chart, row, cells, drawing.decimals), *[()] * (at.above - 1)]
    return [clip(one, cells) for one in (*above, *body, *_foot(chart, drawing, cells, lines))]


def _foot(chart: Chart, drawing: Drawing, cells: int, lines: int) -> list[Line]:
    """What the values are, and what is missing; few lines where there are few."""
    notes = [f"{_capital(one)}." for one in chart.notes]
    texts = (dated(one, drawing.today) for one in (basis(chart, drawing, cells), *notes))
    said = [one for text in texts for one in wrap(text, cells)]
    return [line(Piece(one, "muted")) for one in said[: 2 if lines < ROOMY else 5]]


def sentence_lines(text: str, cells: int) -> list[Line]:
    """One sentence in as many lines as it takes."""
    return [line(Piece(one, "muted")) for one in wrap(f"{_capital(clean(text)).rstrip('.')}.", cells)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _paired(left: Sequence[Line], right: Sequence[Line], cells: int) -> list[tuple[Line, Line]]:
    filled = [(*one, *pad(cells - width(one))) for one in left]
    return [(one, right[at] if at < len(right) else ()) for at, one in enumerate(filled)]


@lru_cache(maxsize=2)
def _left(chart: Chart, drawing: Drawing, at: Geometry) -> tuple[Line, ...]:
    """Plot, dates, readout and what is beneath: the same series and sizes are not drawn twice a tick."""
    rows = plot(chart, drawing, at.plot, at.axis, at.rows)
    dates = time_axis(chart.times, drawing.zone, at.plot) if chart.times else day_axis(chart.points, at.plot)
    found = [
        *rows,
        line(Piece(dates, "muted")),
        readout(chart, drawing, at.plot + at.axis, named=at.rows >= len(chart.curves)),
    ]
    by_name = {one.name: one for one in chart.beneath}
    for name, count in at.beneath:
        found += panel(chart, by_name[name], drawing, at.plot, at.axis, count)
    return tuple(found)
