"""Quotes, week and record in one row an instrument, for narrow screens."""

from msgspec.structs import replace

from ...core.model.snapshot import Row, Snapshot
from ..format import count, number
from ..look import Look, has_bars, is_old, shown_rows
from ..text import Line, Piece, clean, line
from ..text import width as width_of
from ..widgets.board import BodyLine, Page
from ..widgets.table import Cell, Column, Fitted, TableRow
from ._common import (
    MARK,
    NAME_COLUMN,
    NOTHING,
    SYMBOL,
    bars_clause,
    day_cell,
    last_cell,
    table_page,
    table_rows,
    time_cell,
    week_basis_clause,
)
from .record import fresh_tone, in_force, roll_clause, roll_mark
from .weekly import LABELS, bar_label, replace_rows, week_cells

NAME = "board"
TITLE = "board"

COLUMNS = (
    MARK,
    SYMBOL,
    NAME_COLUMN,
    Column("last", "LAST", 10, 1, after=4, gap=0, sortable=True),
    Column("percent", "CHG %", 9, 1, after=4, sortable=True),
    Column("bar", "", 9, 1, align="left", most=25),
    Column("position", "POS", 3, 6, sortable=True),
    Column("change", "W/W %", 7, 1, after=4, sortable=True),
    Column("distance", "REC %", 6, 3, after=3, tone="record", sortable=True),
    Column("sessions", "SESS", 5, 5, tone="record", sortable=True),
    Column("time", "TIME", 6, 2, sortable=True),
)
EDGE = Column("edge", "", 1, 1, gap=0)
"""What keeps the last figure off the window's edge, where the pane itself has no margin."""
WITH_MARGIN = 78
"""Cells from which a pane stands apart from the edge, but on a bare screen."""


def rows(snapshot: Snapshot, look: Look) -> tuple[TableRow, ...]:
    """One row an instrument with a price."""
    kept = tuple(row for row in snapshot.instruments if has_bars(row))
    return table_rows(replace_rows(snapshot, kept), look, NAME, cells)


def cells(row: Row, snapshot: Snapshot, look: Look) -> dict[str, Cell]:
    """The figures of one instrument."""
    made = week_cells(row, snapshot, look, arrow=False)
    made["last"] = last_cell(row, snapshot, look)
    made["percent"] = day_cell(row, snapshot)
    made["time"] = time_cell(row, snapshot, look)
    made |= _record(row, look, old=is_old(row, snapshot))
    return made


def _record(row: Row, look: Look, *, old: bool) -> dict[str, Cell]:
    if row.record is None:
        return {"distance": NOTHING, "sessions": NOTHING}
    mark, quiet = in_force(row.record, look.choices.record_basis), "stale" if old else "text"
    return {
        # the mark touches its own figure: it must not be read with the mark of the week's change
        "distance": Cell(roll_mark(row) + number(mark.distance_percent), quiet, value=mark.distance_percent),
        "sessions": Cell(
            count(mark.sessions_since),
            fresh_tone(row, look.choices.record_basis, old=old),
            value=mark.sessions_since,
        ),
    }


def without_bars(snapshot: Snapshot, look: Look, cells: int) -> Line:
    """The instruments without a price on one line; as many names as fit, then how many more."""
    names = [clean(row.short) for row in shown_rows(snapshot, look) if not has_bars(row)]
    if not names:
        return ()
    for kept in range(len(names), 0, -1):
        more = f"  and {len(names) - kept} more" if kept < len(names) else ""
        text = f"  {'  '.join(names[:kept])}{more}  no bars yet"
        if width_of((Piece(text),)) <= cells:
            return line(Piece(text, "faint"))
    return line(Piece(f"  {len(names)} without bars", "faint"))


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """A line an instrument, one for those without bars, title and heading."""
    priced = sum(1 for row in shown_rows(snapshot, look) if has_bars(row))
    return priced + 2 + bool(without_bars(snapshot, look, cells))


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The pane."""
    del lines
    label = LABELS.get(look.choices.week_basis, "W/W %").removesuffix(
        " %" if look.choices.week_basis == "1stC>C" else ""
    )
    columns = tuple(replace(one, label=label) if one.key == "change" else one for one in COLUMNS)
    columns = (*columns, EDGE) if cells < WITH_MARGIN or look.choices.bare else columns
    clauses = (
        *bars_clause(snapshot, look),
        week_basis_clause(snapshot, short=cells < 118),
        roll_clause(snapshot, look, short=cells < 98),
    )
    made = rows(snapshot, look)
    whole = table_page(TITLE, made, columns, look, cells, clauses, labels=_labels, pane=NAME)
    last = without_bars(snapshot, look, cells)
    return replace(whole, body=(*whole.body, BodyLine(last))) if last and made else whole


def _labels(table: Fitted) -> dict[str, Line]:
    width = next((one.cells for one in table.placed if one.column.key == "bar"), 0)
    return {"bar": bar_label(width)}
