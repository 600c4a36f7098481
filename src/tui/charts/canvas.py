"""A canvas of cells: lines of braille dots, or of one sign a cell where braille cannot be drawn.

A braille cell has one colour, so of two lines in a cell the one of higher rank is drawn and the other waits.
"""

from collections.abc import Iterable

from msgspec import Struct

from ..text import Line, Piece

DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""Bits of a braille cell, by column and from the top down."""
BRAILLE = 0x2800
PER_CELL = (2, 4)
"""Columns and rows of dots in a cell."""


class Pen(Struct, frozen=True):
    """How a line is drawn: its colour role, its rank, its sign in ASCII; `every` so many columns have a dot.

    `mark` stands on the line here and there where several must be told apart without their colours.
    Of a line that is joined there is no gap between one point and the next, however steep.
    """

    style: str
    rank: int = 1
    sign: str = "*"
    every: int = 1
    joined: bool = True
    mark: str = ""


class _Cell(Struct):
    style: str
    rank: int
    bits: int
    sign: str


_BLANK = _Cell("text", -1, 0, " ")


class Canvas:
    """So many cells and rows, blank at first."""

    def __init__(self, cells: int, rows: int, *, ascii_only: bool = False) -> None:
        self.cells, self.rows, self.ascii_only = cells, rows, ascii_only
        self._across, self._down = (1, 1) if ascii_only else PER_CELL
        self.width, self.height = cells * self._across, rows * self._down
        self._filled: dict[tuple[int, int], _Cell] = {}

    def dot(self, x: int, y: int, pen: Pen) -> None:
        """One dot, counted from the left and from the top."""
        place = (y // self._down, x // self._across)
        bit = 1 if self.ascii_only else DOTS[x % 2][y % 4]
        cell = self._filled.get(place)
        if cell is None or pen.rank > cell.rank or (pen.rank == cell.rank and cell.style != pen.style):
            self._filled[place] = _Cell(pen.style, pen.rank, bit, pen.sign)
        elif pen.rank == cell.rank:
            cell.bits |= bit

    def put(self, column: int, row: int, sign: str, style: str, rank: int = 0) -> None:
        """A sign in a cell; what stands there in a higher rank stays."""
        if rank >= self._rank(row, column):
            self._filled[row, column] = _Cell(style, rank, 0, sign)

    def _rank(self, row: int, column: int) -> int:
        return self._filled.get((row, column), _BLANK).rank

    def line(self, places: Iterable[tuple[int, int | None]], pen: Pen) -> None:
        """A line through dots from the left to the right; it is interrupted where one is missing."""
        before: tuple[int, int] | None = None
        for x, y in places:
            if y is not None:
                self._segment(before or (x, y), (x, y), pen)
            before = None if y is None else (x, y)

    def _segment(self, before: tuple[int, int], place: tuple[int, int], pen: Pen) -> None:
        (x0, y0), (x1, y1) = before, place
        last = y0
        for x in range(x0, x1 + 1):
            y = y1 if x1 == x0 else y0 + round((y1 - y0) * (x - x0) / (x1 - x0))
            if pen.joined:
                self._column(x, last, y, pen)
            elif x % pen.every == 0:
                self.dot(x, y, pen)
            last = y

    def _column(self, x: int, last: int, y: int, pen: Pen) -> None:
        step = 1 if y >= last else -1
        for between in range(last + step, y, step):
            self.dot(x, between, pen)
        self.dot(x, y, pen)

    def across(self, row: int, sign: str, style: str) -> None:
        """A level: the sign in every cell of a row in which nothing stands."""
        for column in range(self.cells):
            if self._rank(row, column) < 0:
                self.put(column, row, sign, style)

    def down(self, column: int, sign: str, style: str) -> None:
        """The same in every cell of a column; over levels, which are of the same rank."""
        for row in range(self.rows):
            if self._rank(row, column) <= 0:
                self.put(column, row, sign, style)

    def lines(self) -> list[Line]:
        """What is drawn, from the top down."""
        return [self._line(row) for row in range(self.rows)]

    def _line(self, row: int) -> Line:
        pieces: list[Piece] = []
        text, style = "", ""
        for column in range(self.cells):
            cell = self._filled.get((row, column), _BLANK)
            sign = cell.sign if self.ascii_only or not cell.bits else chr(BRAILLE + cell.bits)
            if cell.style != style and text:
                pieces.append(Piece(text, style))
                text = ""
            text, style = text + sign, cell.style
        return (*pieces, Piece(text, style)) if text else tuple(pieces)


def columns(count: int, width: int) -> list[int]:
    """Where each of so many points stands in so many columns: the first at the left end, the last at the right."""
    if count < 2:
        return [width - 1] * count
    return [round(number * (width - 1) / (count - 1)) for number in range(count)]
