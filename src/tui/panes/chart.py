"""A chart of the selected row: what the feed has answered, or one sentence while it has not.

What draws is imported with the first chart: most screens are opened for their prices.
"""

from typing import TYPE_CHECKING

from ...core.model.chart import Chart
from ...core.model.snapshot import Snapshot
from ..chart_choices import place_of
from ..look import AGED, Look, is_live, shown_rows, state_of, today
from ..text import Line, Piece, clean, line
from ..widgets.board import BodyLine, Page
from ._common import nothing_left

if TYPE_CHECKING:
    from ..charts.drawing import Drawing

NAME = "chart"
LINES = 36
WAITING = "Asked the feed for another one, which is on its way."
TITLES = {"price": "chart", "ratio": "ratio", "relative": "relative performance", "drawdown": "drawdown"}


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """As many lines as a terminal of usual size has; a chart fills what it is given."""
    del snapshot, look, cells
    return LINES


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The chart of what is selected, its frame and averages in the title."""
    from ..charts.newest import with_newest
    from ..charts.page import chart_lines, sentence_lines
    from ..charts.readout import legend

    keys = tuple(row.symbol for row in shown_rows(snapshot, look))
    title = TITLES.get(look.choices.chart.kind, look.choices.chart.kind)
    if not keys:
        return Page(title, (BodyLine(nothing_left(look)),))
    chart, said = look.chart.chart, look.chart.said
    if chart is None:
        return Page(title, _body(sentence_lines(said or _asking(snapshot, look), cells)), keys=keys)
    row = snapshot.row(chart.wish.symbols[0])
    chart = with_newest(chart, row)
    left = lines - 1 - (1 if said else 0)
    drawn = chart_lines(chart, row, drawing_of(chart, snapshot, look), cells, left)
    foot = [line(Piece(said, "muted" if said == WAITING else "fault"))] if said else []
    clauses = legend(chart) if not chart.problem else ()
    return Page(TITLES.get(chart.wish.kind, title), _body([*drawn, *foot]), clauses=clauses, keys=keys)


def _body(lines: list[Line]) -> tuple[BodyLine, ...]:
    return tuple(BodyLine(one) for one in lines)


def _asking(snapshot: Snapshot, look: Look) -> str:
    row = snapshot.row(look.choices.selected or "")
    return f"asking the feed for the series of {clean(row.short) if row else 'this row'}"


def drawing_of(chart: Chart, snapshot: Snapshot, look: Look) -> "Drawing":
    """How the reader wants it drawn."""
    from ..charts.drawing import Drawing

    chosen = look.choices.chart
    return Drawing(
        today=today(look),
        zone=look.zone,
        log=chosen.log,
        candles=chosen.candles,
        ascii_only=look.ascii,
        cross=place_of(chart, chosen.cross) if not chart.problem else None,
        state=aged_state(chart, snapshot),
        decimals=look.decimals.of(row) if (row := snapshot.row(chart.wish.symbols[0])) else None,
    )


def aged_state(chart: Chart, snapshot: Snapshot) -> str:
    """Why one of the charted prices is not of now; empty where the chart's own word is right."""
    rows = (snapshot.row(symbol) for symbol in chart.wish.symbols)
    words = [state_of(row) for row in rows if row is not None and is_live(row)]
    return next((word for word in words if word in AGED), "")
