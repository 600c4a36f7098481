"""The recap's week session by session, with the records each one set."""

from msgspec.structs import replace

from ...core.model.recap import Recap, SessionLine
from ...core.model.snapshot import Snapshot
from .. import glyphs
from ..format import count, number, price, weekday_number
from ..look import Look
from ..recap_report import change_words, is_yield, range_words
from ..text import Piece, clean, line
from ..widgets.board import Page
from ..widgets.table import Cell, Column, TableRow
from ._common import change_cell
from ._parts import of_recap
from ._recap import cursor, height, nothing, table, told

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


part = of_recap
"""All of a snapshot that is shown here."""


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """Lines of all sessions."""
    return height(page(snapshot, look, cells, 0))


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The pane."""
    del lines
    recap = told(snapshot)
    if recap is None:
        return nothing(TITLE, snapshot, cells)
    clauses = (
        line(Piece("change from the previous close", "muted")),
        line(Piece(f"{glyphs.RECORD} {glyphs.RECORD_CLOSE} records", "record")),
    )
    picked = cursor(NAME, [one.day.isoformat() for one in recap.by_session], look)
    rows = [_row(one, lifted=one.day.isoformat() == picked) for one in recap.by_session]
    return table(f"{clean(recap.short)} {TITLE}", rows, _columns(recap), cells, clauses)


def _columns(recap: Recap) -> tuple[Column, ...]:
    """A yield's changes are basis points."""
    if not is_yield(recap):
        return COLUMNS
    return tuple(replace(one, label="CHG bp") if one.key == "change" else one for one in COLUMNS)


def _row(one: SessionLine, *, lifted: bool) -> TableRow:
    marks = (glyphs.RECORD if one.record_high else " ") + (glyphs.RECORD_CLOSE if one.record_close else " ")
    cells = {
        "day": Cell(weekday_number(one.day), "text"),
        "close": Cell(price(one.close), "record bold" if one.record_close else "bright"),
        "change": change_cell(change_words(one), _change(one), arrow=True),
        "high": Cell(price(one.high), "record bold" if one.record_high else "text"),
        "low": Cell(price(one.low), "text"),
        "records": Cell(marks, "record bold"),
        "place": Cell(count(one.position_percent), "text"),
        "range": Cell(range_words(one), "text"),
        "atr": Cell(number(one.range_atr, 1), "muted"),
    }
    return TableRow(one.day.isoformat(), cells, lifted=lifted)


def _change(one: SessionLine) -> float | None:
    return one.change_percent if one.change_points is None else one.change_points
