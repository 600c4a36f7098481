"""The recap's week of every instrument: three definitions of its change side by side."""

from msgspec.structs import replace

from ...core.model.recap import IndexLine, Recap
from ...core.model.snapshot import Snapshot
from ..format import basis_points, count, price, sign_of, signed
from ..look import Look
from ..text import Piece, clean, line, wrap
from ..widgets.board import BodyLine, Page
from ..widgets.table import Cell, Column, TableRow
from ._common import NOTHING, change_cell
from ._parts import of_recap
from ._recap import cursor, height, nothing, table, told

NAME = "recap_index"
TITLE = "by index"
COLUMNS = (
    Column("symbol", "SYM", 5, 1, align="left", gap=0),
    Column("close", "CLOSE", 10, 2, after=3),
    Column("change", "W/W %", 9, 1, after=3, gap=2),
    Column("open", "O>C", 7, 3, after=3),
    Column("first", "1stC>C", 7, 4, after=3),
    Column("place", "POS", 3, 5),
    Column("days", "DAYS", 6, 6),
)
WITHOUT = ("volatility", "yield")
OTHER_SIGN = "flag-watch bold"


part = of_recap
"""All of a snapshot that is shown here."""


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """Lines of all instruments."""
    return height(page(snapshot, look, cells, 0))


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The pane."""
    del lines
    recap = told(snapshot)
    if recap is None:
        return nothing(TITLE, snapshot, cells)
    told_rows = shown(recap)
    picked = cursor(NAME, [one.symbol for one in told_rows], look) or recap.symbol
    rows = [_row(one, lifted=one.symbol == picked) for one in told_rows]
    clause = line(Piece("w/w, last close to last close", "muted"))
    made = table(TITLE, rows, COLUMNS, cells, (clause,))
    return replace(made, body=(*made.body, *_note(recap, cells)))


def shown(recap: Recap) -> tuple[IndexLine, ...]:
    """Indices, funds and futures; the macro line is told in words."""
    return tuple(one for one in recap.by_index if one.kind not in WITHOUT or one.symbol == recap.symbol)


def _note(recap: Recap, cells: int) -> tuple[BodyLine, ...]:
    """Which weeks change their sign with the definition."""
    found = [clean(one.short) for one in shown(recap) if one.disagrees]
    if not found:
        return ()
    words = f"! {', '.join(found)}: another definition differs in sign"
    return tuple(BodyLine(line(" ", Piece(one, "flag-watch"))) for one in wrap(words, max(10, cells - 1)))


def _row(one: IndexLine, *, lifted: bool) -> TableRow:
    text, value = signed(one.change_percent), one.change_percent
    if one.kind == "yield":
        text, value = basis_points(one.change_points), one.change_points
    cells = {
        "symbol": Cell(clean(one.short), "bright bold"),
        "close": Cell(price(one.close), "bright"),
        "change": change_cell(text, value, arrow=True),
        "open": _other(one.open_to_close_percent, one.change_percent),
        "first": _other(one.first_close_to_close_percent, one.change_percent),
        "place": Cell(count(one.position_percent), "text"),
        "days": Cell(f"{one.sessions} of {one.expected}", "muted" if one.sessions >= one.expected else "text"),
    }
    return TableRow(one.symbol, cells, lifted=lifted)


def _other(value: float | None, standard: float | None) -> Cell:
    """Another definition's change, marked where its sign is the other one."""
    if value is None:
        return NOTHING
    text = signed(value)
    differs = sign_of(text) * sign_of(signed(standard)) < 0
    return Cell(text, OTHER_SIGN if differs else "muted", value=value)
