"""The recap's week session by session, with the records each one set."""

from ...core.model.recap import SessionLine
from ...core.model.snapshot import Snapshot
from .. import glyphs
from ..format import count, number, price, signed, weekday_number
from ..look import Look
from ..text import Piece, clean, line
from ..widgets.board import Page
from ..widgets.table import Cell, Column, TableRow
from ._common import change_cell
from ._recap import height, nothing, table, told

NAME = "recap_sessions"
TITLE = "by session"
COLUMNS = (
    Column("day", "DAY", 6, 1, align="left", gap=0),
    Column("close", "CLOSE", 10, 1, after=3),
    Column("change", "CHG %", 9, 1, after=3, gap=2),
    Column("high", "HIGH", 10, 3, after=3),
    Column("low", "LOW", 10, 4, after=3),
    Column("records", "", 2, 2, align="left"),
    Column("place", "POS", 3, 5),
    Column("range", "RANGE", 8, 7, after=3),
    Column("atr", "ATR", 4, 6, after=2),
)


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """Lines of all sessions."""
    return height(page(snapshot, look, cells, 0))


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The pane."""
    del look, lines
    recap = told(snapshot)
    if recap is None:
        return nothing(TITLE, snapshot, cells)
    clauses = (
        line(Piece("change from the previous close", "muted")),
        line(Piece(f"{glyphs.RECORD} {glyphs.RECORD_CLOSE} records", "record")),
    )
    return table(f"{clean(recap.short)} {TITLE}", [_row(one) for one in recap.by_session], COLUMNS, cells, clauses)


def _row(one: SessionLine) -> TableRow:
    marks = (glyphs.RECORD if one.record_high else " ") + (glyphs.RECORD_CLOSE if one.record_close else " ")
    cells = {
        "day": Cell(weekday_number(one.day), "text"),
        "close": Cell(price(one.close), "record bold" if one.record_close else "bright"),
        "change": change_cell(signed(one.change_percent), one.change_percent, arrow=True),
        "high": Cell(price(one.high), "record bold" if one.record_high else "text"),
        "low": Cell(price(one.low), "text"),
        "records": Cell(marks, "record bold"),
        "place": Cell(count(one.position_percent), "text"),
        "range": Cell(number(one.range), "text"),
        "atr": Cell(number(one.range_atr, 1), "muted"),
    }
    return TableRow(one.day.isoformat(), cells)
