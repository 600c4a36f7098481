"""What the sections of one instrument's screen share: which instrument, and blocks of figures under headings."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from ...core.model.snapshot import Row, Snapshot
from ..format import NO_DATA
from ..look import Look, first_choice, is_old
from ..proofs.symbol import figures_of
from ..text import Line, Piece, clean, line, wrap
from ..widgets.board import BodyLine, Page
from ..widgets.painter import RowLine
from ..widgets.table import Cell, Column, TableRow, fitted, heading, sized

INDENT = Column("margin", "", 1, 1, align="left", gap=0)
INK = {"stale": "stale", "muted": "muted"}


class Block(Struct, frozen=True):
    """Rows of figures under one heading; `labels` are headings that are drawn."""

    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    labels: Callable[[dict[str, int]], dict[str, Line]] | None = None


def shown(snapshot: Snapshot, look: Look) -> Row | None:
    """The instrument that is open."""
    opened = look.choices.opened
    symbol = opened.symbol if opened else look.choices.selected or first_choice(snapshot)
    return snapshot.row(symbol) if symbol else None


def ink(row: Row, snapshot: Snapshot, style: str = "text") -> str:
    """The style of a figure, or that of an old one."""
    return "stale" if is_old(row, snapshot) else style


def figure(text: str, style: str = "text", value: float | None = None) -> Cell:
    """A figure; without one a dash."""
    return Cell(text, "muted" if text == NO_DATA else style, value=value)


def single(key: str, cells: dict[str, Cell]) -> TableRow:
    """A row of figures of its own kind."""
    return TableRow(key, cells)


def labelled(columns: Sequence[Column], labels: dict[str, str]) -> tuple[Column, ...]:
    """The columns under other headings."""
    return tuple(replace(one, label=labels.get(one.key, one.label)) for one in columns)


def section(
    pane: str, title: str, blocks: Sequence[Block], look: Look, cells: int, clauses: Sequence[Line] = ()
) -> Page:
    """Blocks under each other: the first heading stays, figures go by column, as a whole and counted."""
    rows = [row for block in blocks for row in block.rows]
    keys = tuple(row.key for row in rows)
    picked = picked_row(pane, keys, look)
    body: list[BodyLine] = []
    gone, figures = 0, tuple[str, ...]()
    first: Line | None = None
    chosen = look.choices.figure if look.choices.focus == pane else None
    for number, block in enumerate(blocks):
        table = fitted(sized((INDENT, *block.columns), block.rows), cells, look.hidden)
        gone += table.gone
        widths = {one.column.key: one.cells for one in table.placed}
        head = heading(table, None, block.labels(widths) if block.labels else None)
        if number:
            body.append(BodyLine(head, unit=number))
        else:
            first = head
        for row in block.rows:
            lifted = replace(row, lifted=row.lifted or row.key == picked)
            unit = None if len(blocks) == 1 else number
            body.append(BodyLine(RowLine(table, lifted, cells, chosen), row.key, unit=unit))
            if row.key == picked:
                figures = tuple(key for key in widths if key in figures_of(pane, row.key) and _has_one(row, key))
    hidden = (line(Piece(f"{gone} column{'s' if gone > 1 else ''} hidden", "muted")),) if gone else ()
    return Page(title, tuple(body), clauses=(*hidden, *clauses), heading=first, keys=keys, figures=figures)


def _has_one(row: TableRow, column: str) -> bool:
    cell = row.cells.get(column, Cell())
    return cell.text not in ("", NO_DATA)


def picked_row(pane: str, keys: Sequence[str], look: Look) -> str | None:
    """The row the cursor is on, where the section has the focus: the first until another is chosen."""
    if look.choices.focus != pane or not keys:
        return None
    picked = look.choices.picked(pane)
    return picked if picked in keys else keys[0]


def lines_of(blocks: Sequence[Block]) -> int:
    """Lines of blocks with their headings, and the title."""
    return 1 + sum(1 + len(block.rows) for block in blocks)


def said(title: str, words: str, cells: int, clauses: Sequence[Line] = ()) -> Page:
    """A section without figures: why there are none."""
    body = tuple(BodyLine(line(Piece(f"  {text}", "stale"))) for text in wrap(clean(words), cells - 2))
    return Page(title, body, clauses=tuple(clauses))


def said_lines(words: str, cells: int) -> int:
    """Lines of the reason and the title."""
    return 1 + len(wrap(clean(words), cells - 2))
