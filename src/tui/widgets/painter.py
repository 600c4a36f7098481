"""Rows of a table drawn; of a row that was drawn before, only the cells that changed."""

from collections.abc import Sequence
from itertools import chain

from msgspec import Struct

from ..text import Line, on, pad, width
from .table import Cell, Fitted, Placed, TableRow, cell_line, underlined

EMPTY = Cell()
Part = tuple[Line, int]
"""A cell as it is drawn, the gap before it included, and its width."""


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

    def lines(self, wanted: Sequence[Line | RowLine]) -> list[Line]:
        """The lines, the same objects where they are as they were."""
        before, self._kept = self._kept, {}
        return [self._row(one, before) if isinstance(one, RowLine) else one for one in wanted]

    def _row(self, wanted: RowLine, before: dict[str, "_Painted"]) -> Line:
        key = wanted.row.key
        self._kept[key] = made = _Painted(wanted, before.get(key))
        return made.line


class _Painted:
    """A row that was drawn, cell by cell."""

    def __init__(self, wanted: RowLine, before: "_Painted | None") -> None:
        self.wanted = wanted
        if before is None or not _alike(wanted, before.wanted):
            self.parts = [_part(wanted, placed) for placed in wanted.table.placed]
            self.line = _joined(wanted, self.parts)
            return
        self.parts = [
            *map(self._again, wanted.table.placed, before.parts, [before.wanted.row.cells] * len(before.parts))
        ]
        unchanged = all(one is other for one, other in zip(self.parts, before.parts, strict=True))
        self.line = before.line if unchanged else _joined(wanted, self.parts)

    def _again(self, placed: Placed, part: Part, before: dict[str, Cell]) -> Part:
        key = placed.column.key
        same = looks_alike(self.wanted.row.cells.get(key, EMPTY), before.get(key, EMPTY))
        return part if same else _part(self.wanted, placed)


def _alike(one: RowLine, other: RowLine) -> bool:
    """Whether a row has the same places for its cells and is lifted as it was."""
    if one.row.lifted != other.row.lifted or one.cells != other.cells:
        return False
    return one.table == other.table and (one.figure == other.figure or not one.row.lifted)


def looks_alike(one: Cell, other: Cell) -> bool:
    """Whether two cells are drawn the same; what they are sorted by is not seen."""
    return (
        one.text == other.text
        and one.style == other.style
        and one.mark == other.mark
        and one.mark_style == other.mark_style
        and one.art == other.art
    )


def _part(wanted: RowLine, placed: Placed) -> Part:
    row, column = wanted.row, placed.column
    made = cell_line(row.cells.get(column.key, EMPTY), column, placed.cells)
    if row.lifted and column.key == wanted.figure:
        made = underlined(made)
    drawn = (*pad(column.gap), *made)
    if row.lifted and column.key != "group":
        drawn = on(drawn, "lift")
    return drawn, width(drawn)


def _joined(wanted: RowLine, parts: Sequence[Part]) -> Line:
    rest = pad(wanted.cells - sum(cells for _, cells in parts))
    return (*chain.from_iterable(line for line, _ in parts), *(on(rest, "lift") if wanted.row.lifted else rest))
