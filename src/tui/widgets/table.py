"""Columns: which fit, where they stand, and cells on one decimal line."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace
from rich.cells import cell_len

from ..text import Line, Piece, fit, line, pad
from ..text import width as cells_of

Value = float | str | None


class Art(Struct, frozen=True):
    """Something drawn across the whole width of a cell."""

    def draw(self, cells: int) -> Line:
        """The drawing in exactly so many cells."""
        raise NotImplementedError

    def marks(self, cells: int) -> object:
        """All that the drawing in so many cells depends on: of equal marks it is the same."""
        del cells
        return self


class Column(Struct, frozen=True):
    """A column of fixed width, or of `width` to `most` where it takes what is left.

    `after` are the cells at and behind the decimal point: with it a column aligns on the point, without
    it by `align`. The lower the `rank`, the longer it stays; 1 never goes. `gap` blanks stand before it.
    """

    key: str
    label: str
    width: int
    rank: int
    align: str = "right"
    after: int = 0
    gap: int = 1
    most: int = 0
    tone: str = "muted"
    sortable: bool = False


class Cell(Struct, frozen=True):
    """One figure, name or drawing. `mark` stands at the column's left edge (an arrow).

    `value` is what the column is sorted by.
    """

    text: str = ""
    style: str = "text"
    mark: str = ""
    mark_style: str = ""
    art: Art | None = None
    value: Value = None


class TableRow(Struct, frozen=True):
    """An instrument's cells by column key."""

    key: str
    cells: dict[str, Cell] = {}
    lifted: bool = False


class Placed(Struct, frozen=True):
    """A column and the width it got."""

    column: Column
    cells: int


class Fitted(Struct, frozen=True):
    """The columns that fit, and how many of rank 5 or less did not."""

    placed: tuple[Placed, ...]
    gone: int

    @property
    def sortable(self) -> tuple[str, ...]:
        """Keys of the columns in sight that rows can be ordered by."""
        return tuple(one.column.key for one in self.placed if one.column.sortable)


TOLD_RANK = 5
"""A column of this rank or less is missed when it has gone: the title says so."""


def sized(columns: Sequence[Column], rows: Sequence[TableRow]) -> tuple[Column, ...]:
    """The columns, wider where a number would not fit: numbers are never cut."""
    return tuple(_sized(column, rows) for column in columns)


def _sized(column: Column, rows: Sequence[TableRow]) -> Column:
    # a zone may have a name longer than any time in it
    column = replace(column, width=max(column.width, cell_len(column.label)))
    if column.align == "left" or column.most:
        return column
    before, after = _extent([row.cells[column.key] for row in rows if column.key in row.cells])
    if not column.after:
        return replace(column, width=max(column.width, before + after))
    after = max(after, column.after)
    return replace(column, after=after, width=max(column.width, before + after))


def _extent(cells: Sequence[Cell]) -> tuple[int, int]:
    """The most cells a number takes before its point, an arrow included, and from there on."""
    before = after = 0
    for cell in cells:
        text = cell.text
        if text == "–":
            continue
        whole, mark = _whole(text), len(cell.mark) + 1 if cell.mark else 0
        if whole + mark > before:
            before = whole + mark
        if len(text) - whole > after:
            after = len(text) - whole
    return before, after


def _whole(text: str) -> int:
    point = text.find(".")
    return point if point >= 0 else len(text)


FIXED = ("group", "margin", "mark", "symbol", "name", "what", "meaning")
"""Columns that say what a row is of: they stand where they are."""


def reordered(columns: Sequence[Column], first: Sequence[str]) -> tuple[Column, ...]:
    """The columns, those of these keys first after the name and in this order; no two new neighbours touch."""
    by_key = {one.key: one for one in columns if one.key not in FIXED}
    moved = [by_key[key] for key in first if key in by_key]
    if not moved:
        return tuple(columns)
    start = max((at + 1 for at, one in enumerate(columns) if one.key in FIXED), default=0)
    made = [one for one in columns[:start] if one not in moved] + moved
    made += [one for one in columns[start:] if one not in moved]
    before = dict(zip((one.key for one in columns[1:]), columns, strict=False))
    return tuple(
        one if not at or one.key in FIXED or before.get(one.key) == made[at - 1] else replace(one, gap=max(1, one.gap))
        for at, one in enumerate(made)
    )


EXTRA_RANK = 9
"""A column of this rank or more comes only when drawings have all the width they can use."""


def fitted(columns: Sequence[Column], cells: int, hidden: Sequence[str] = ()) -> Fitted:
    """Take columns by rank as long as they fit; what is left widens the ones that can grow."""
    unwanted = {name.casefold() for name in hidden}
    wanted = [one for one in columns if one.rank == 1 or not {one.key, one.label.casefold()} & unwanted - {""}]
    taken: set[str] = set()
    left = cells
    room_to_grow = sum(max(0, one.most - one.width) for one in wanted)
    for column in sorted(wanted, key=lambda one: one.rank):
        needs = column.width + column.gap + (room_to_grow if column.rank >= EXTRA_RANK else 0)
        if column.rank == 1 or needs <= left:
            taken.add(column.key)
            left -= column.width + column.gap
    placed: list[Placed] = []
    for column in (one for one in wanted if one.key in taken):
        more = min(max(0, left), column.most - column.width) if column.most else 0
        left -= more
        placed.append(Placed(column, column.width + more))
    gone = sum(1 for one in wanted if one.key not in taken and one.rank <= TOLD_RANK)
    return Fitted(tuple(placed), gone)


def heading(table: Fitted, sorted_by: str | None = None, labels: dict[str, Line] | None = None) -> Line:
    """The labels, the one rows are ordered by underlined."""
    out: list[Piece] = []
    for one in table.placed:
        column = one.column
        out += pad(column.gap)
        if labels and column.key in labels:
            label = labels[column.key]
            out += (*label, *pad(one.cells - cells_of(label)))
            continue
        out += _label(column, one.cells, column.key == sorted_by)
    return tuple(out)


def _label(column: Column, cells: int, is_sorted: bool) -> Line:
    style = "accent bold underline" if is_sorted else column.tone
    label = column.label
    if column.align == "left":
        return line(Piece(label, style), *pad(cells - cell_len(label)))
    right = max(0, min(column.after - 3, cells - cell_len(label)))
    return line(*pad(cells - cell_len(label) - right), Piece(label, style), *pad(right))


def underlined(pieces: Line) -> Line:
    """The words of a line underlined, the blanks around them not."""
    out: list[Piece] = []
    for text, style in pieces:
        word = text.strip(" ")
        if not word:
            out.append(Piece(text, style))
            continue
        start = text.index(word)
        out += pad(start, style)
        out.append(Piece(word, f"{style} underline"))
        out += pad(len(text) - start - len(word), style)
    return tuple(out)


def cell_line(cell: Cell, column: Column, cells: int) -> Line:
    """A cell in its column: art fills it, numbers stand on the decimal line, names may be shortened."""
    if cell.art is not None:
        return cell.art.draw(cells)
    mark = (Piece(cell.mark, cell.mark_style or cell.style),) if cell.mark else ()
    room = cells - cells_of(mark)
    if column.align == "left":
        return (*mark, Piece(fit(cell.text, room), cell.style))
    if not column.after:
        return (*mark, Piece(cell.text.rjust(room), cell.style))
    before = room - column.after
    whole = 0 if cell.text == "–" else _whole(cell.text)
    return (*mark, Piece((" " * (before - whole) + cell.text).ljust(room), cell.style))


def order(rows: Sequence[TableRow], column: str, reverse: bool) -> tuple[TableRow, ...]:
    """Numbers from the largest, words from A; reversed the other way; rows without a value last."""
    known = [row for row in rows if _value(row, column) is not None]
    empty = [row for row in rows if _value(row, column) is None]
    words = any(isinstance(_value(row, column), str) for row in known)
    known.sort(key=lambda row: _sort_key(_value(row, column)), reverse=words == reverse)
    return (*known, *empty)


def _value(row: TableRow, column: str) -> Value:
    return row.cells.get(column, Cell()).value


def _sort_key(value: Value) -> tuple[int, float, str]:
    if isinstance(value, str):
        return (1, 0.0, value.casefold())
    return (0, 0.0 if value is None else value, "")
