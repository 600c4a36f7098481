"""What would change the recap: closes beyond a price, and what each would be."""

from ...core.model.recap import Turn
from ...core.model.snapshot import Snapshot
from ..format import number, price, signed
from ..look import Look
from ..recap_keys import turn_key
from ..text import Piece, clean, line
from ..widgets.board import Page
from ..widgets.table import Cell, Column, TableRow
from ._parts import of_recap
from ._recap import cursor, height, nothing, table, told

NAME = "recap_turns"
TITLE = "what would change it"
COLUMNS = (
    Column("side", "A CLOSE", 7, 1, align="left", gap=0),
    Column("price", "PRICE", 10, 1, after=3),
    Column("distance", "DIST %", 7, 1, after=3),
    Column("atr", "ATR", 5, 3, after=2),
    Column("meaning", "WOULD BE", 27, 1, align="left", most=40),
)


part = of_recap
"""All of a snapshot that is shown here."""


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """Lines of all turns."""
    return height(page(snapshot, look, cells, 0))


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The pane."""
    del lines
    recap = told(snapshot)
    if recap is None:
        return nothing(TITLE, snapshot, cells)
    clause = line(Piece(f"from {price(recap.close)}", "muted"))
    picked = cursor(NAME, [turn_key(one) for one in recap.turns], look)
    return table(TITLE, [_row(one, lifted=turn_key(one) == picked) for one in recap.turns], COLUMNS, cells, (clause,))


def _row(one: Turn, *, lifted: bool) -> TableRow:
    cells = {
        "side": Cell(clean(one.side), "text"),
        "price": Cell(price(one.price), "bright"),
        "distance": Cell(signed(one.distance_percent), "muted"),
        "atr": Cell(number(one.distance_atr, 1), "muted"),
        "meaning": Cell(clean(one.meaning), "text"),
    }
    return TableRow(turn_key(one), cells, lifted=lifted)
