"""Rows of a table drawn; of a row that was drawn before, only the cells that changed."""

from collections.abc import Sequence
from itertools import chain
from operator import is_

from msgspec import Struct

from ..text import Line, on, pad, width
from .table import Art, Cell, Fitted, Placed, TableRow, cell_line, underlined

EMPTY = Cell()


class RowLine(Struct, frozen=True):
    """A row of a table, not drawn yet: `figure` is the column chosen in the selected one, `cells` the whole width."""

    table: Fitted
    row: TableRow
    cells: int = 0
    figure: str | None = None

    def drawn(self) -> Line:
        """The line."""
        return _Painted(self, None).line


class Painter:
    """Draws the lines of one pane. It keeps what it drew last, and nothing older."""

    def __init__(self) -> None:
        self._kept: dict[str, _Painted] = {}
        self._table = Fitted((), 0)

    def lines(self, wanted: Sequence[Line | RowLine]) -> list[Line]:
        """The lines, the same objects where they are as they were."""
        before, self._kept = self._kept, {}
        return [self._row(one, before) if isinstance(one, RowLine) else one for one in wanted]

    def _row(self, wanted: RowLine, before: dict[str, "_Painted"]) -> Line:
        if wanted.table is not self._table:
            if wanted.table != self._table:
                before.clear()  # every cell has another place
            self._table = wanted.table
        key = wanted.row.key
        self._kept[key] = made = _Painted(wanted, before.get(key))
        return made.line


class _Painted:
    """A row that was drawn, cell by cell; one drawn `before` has the same places."""

    def __init__(self, wanted: RowLine, before: "_Painted | None") -> None:
        self.wanted, places = wanted, wanted.table.placed
        find = wanted.row.cells.get
        self.cells = [find(one.column.key, EMPTY) for one in places]
        if before is None or not _alike(wanted, before.wanted):
            self.parts = [_part(wanted, cell, one) for cell, one in zip(self.cells, places, strict=True)]
            self.line = _joined(wanted, self.parts)
            return
        pairs = zip(self.cells, before.cells, before.parts, places, strict=True)
        # equality is the quicker question, and mostly enough
        self.parts = [
            part if cell == old or looks_alike(cell, old, one.cells) else _part(wanted, cell, one)
            for cell, old, part, one in pairs
        ]
        unchanged = all(map(is_, self.parts, before.parts))
        self.line = before.line if unchanged else _joined(wanted, self.parts)


def _alike(one: RowLine, other: RowLine) -> bool:
    """Whether a row is as wide and lifted as it was."""
    if one.row.lifted != other.row.lifted or one.cells != other.cells:
        return False
    return one.figure == other.figure or not one.row.lifted


def looks_alike(one: Cell, other: Cell, cells: int) -> bool:
    """Whether two contents of a cell of this width are drawn the same; what they are sorted by is not seen."""
    return (
        one.text == other.text
        and one.style == other.style
        and one.mark == other.mark
        and one.mark_style == other.mark_style
        and _drawn_alike(one.art, other.art, cells)
    )


def _drawn_alike(one: Art | None, other: Art | None, cells: int) -> bool:
    if one is None or other is None:
        return one is other
    return type(one) is type(other) and one.marks(cells) == other.marks(cells)


def _part(wanted: RowLine, cell: Cell, placed: Placed) -> Line:
    """A cell as it is drawn, the gap before it included."""
    row, column = wanted.row, placed.column
    made = cell_line(cell, column, placed.cells)
    if row.lifted and column.key == wanted.figure:
        made = underlined(made)
    drawn = (*pad(column.gap), *made)
    if row.lifted and column.key != "group":
        drawn = on(drawn, "lift")
    return drawn


def _joined(wanted: RowLine, parts: Sequence[Line]) -> Line:
    drawn = tuple(chain.from_iterable(parts))
    rest = pad(wanted.cells - width(drawn))
    return (*drawn, *(on(rest, "lift") if wanted.row.lifted else rest))
