"""The recap's distances from the record, drawn as in the record pane."""

from ...core.model.recap import RecordLine
from ...core.model.snapshot import Snapshot
from .. import glyphs
from ..format import number
from ..look import Look
from ..text import Line, Piece, clean, line
from ..widgets.board import Page
from ..widgets.gauge import Gauge
from ..widgets.gauge import heading as gauge_heading
from ..widgets.table import Cell, Column, TableRow
from ._parts import of_recap
from ._recap import EDGE, cursor, height, nothing, table, told

NAME = "recap_records"
TITLE = "records and distance"
LEAST, MOST = 16, 32
COLUMNS = (
    Column("symbol", "SYM", 5, 1, align="left", gap=0),
    Column("gauge", "", LEAST, 2, align="left", gap=2, most=MOST),
    Column("distance", "DIST", 7, 1, after=3, gap=2),
)


part = of_recap
"""All of a snapshot that is shown here."""


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """Lines of all instruments with a record."""
    return height(page(snapshot, look, cells, 0))


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The pane."""
    del lines
    recap = told(snapshot)
    if recap is None or not recap.records:
        return nothing(TITLE, snapshot, cells)
    marks: Line = line(Piece(f"{glyphs.RECORD} intraday  {glyphs.RECORD_CLOSE} close", "record"))
    picked = cursor(NAME, [one.symbol for one in recap.records], look)
    rows = [_row(one, lifted=one.symbol == picked) for one in recap.records]
    return table(TITLE, rows, COLUMNS, cells, (marks,), {"gauge": line(Piece(gauge_heading(_width(cells)), "muted"))})


def _width(cells: int) -> int:
    """Cells the gauge gets beside the other columns."""
    taken = sum(one.width + one.gap for one in (EDGE, *COLUMNS)) - LEAST
    return max(LEAST, min(MOST, cells - taken))


def _row(one: RecordLine, *, lifted: bool) -> TableRow:
    gauge = Gauge(min(0.0, one.intraday_percent), min(0.0, one.gap_percent))
    cells = {
        "symbol": Cell(clean(one.short), "bright bold"),
        "gauge": Cell(art=gauge),
        "distance": Cell(number(one.intraday_percent), "text", value=one.intraday_percent),
    }
    return TableRow(one.symbol, cells, lifted=lifted)
