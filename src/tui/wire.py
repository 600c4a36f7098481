"""What the terminal shows, and the least that must be sent to change it.

Textual writes whole spans of lines; a :class:`Wire` reads that, keeps the picture it makes, and sends the cells that
differ from what the terminal is known to show. It knows the sequences of a full screen alone: positions, colours,
text. Whatever else is written is sent as it is.
"""

import re
from collections.abc import Iterator

from rich.cells import cell_len, split_graphemes

from .pens import PLAIN, ground, moved, taken_up, turned
from .text import is_narrow

Cell = tuple[str, str]
"""A character and its pen; the second half of a wide one is empty."""

TOKEN = re.compile(
    r"\x1b\[(?P<ink>[\d;]+)m(?P<inked>[^\x00-\x1f\x7f-\x9f]+)\x1b\[0m"
    r"|(?P<move>\x1b\[\d*(?:;\d*)?[Hf])"
    r"|\x1b\[(?P<pen>[\d;]*)m"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|(?P<step>[\r\n\b]|\x1b\[\d*[A-DG])"
    r"|\x1b\[\?2026(?P<sync>[hl])"
    r"|(?P<link>\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\))"
    r"|(?P<clear>\x1b\[\?1049[hl])"
    r"|(?P<lost>\x1b\[[\d;:]*[EFI-MP-TX-Z@`abderu]|\x1b[DEMc78]|[\t\x0b\x0c\x7f-\x9f])"
    r"|(?P<device>\x1bP(?:[^\x1b]|\x1b\x1b)*\x1b\\)"
    r"|(?P<other>\x1b\[[<=>?]?[\d;:]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b?[\x00-\x7f])"
)
"""Everything that can be written, in pieces. What moves the cursor or cells in ways not counted here is `lost`."""
MARKED = 64
"""Characters of a frame from which marks around it, that make it appear at once, are worth their own length."""
PENS = 1024
"""Pens whose cells are kept: bounded, for a theme with every colour there is."""


class _Cells(dict[str, Cell]):
    """The cells of one pen, each made once."""

    def __init__(self, pen: str) -> None:
        super().__init__()
        self._pen = pen

    def __missing__(self, character: str) -> Cell:
        self[character] = made = (character, self._pen)
        return made


class Wire:
    """One terminal of so many columns and rows: the picture that is wanted and the one it shows.

    `lost` says what was written that is not understood; from then on the picture is not to be trusted.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self.lost: str | None = None
        self._columns, self._rows = columns, rows
        self._pens: dict[str, _Cells] = {}
        self._pen, self._x, self._y = PLAIN, 0, 0
        self._marks = self._begun = False
        self._wide: set[int] = set()
        self._want = [self._blank(columns) for _ in range(rows)]
        self._dirty: dict[int, tuple[int, int]] = {}
        self.forget()

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self._columns, self._rows

    def picture(self) -> list[list[Cell]]:
        """The cells that are wanted, row by row."""
        return [list(row) for row in self._want]

    def _blank(self, cells: int) -> list[Cell]:
        return [self._made(PLAIN)[" "]] * cells

    def _made(self, pen: str) -> _Cells:
        found = self._pens.get(pen)
        if found is None:
            if len(self._pens) >= PENS:
                self._pens.clear()
            found = self._pens[pen] = _Cells(pen)
        return found

    def forget(self) -> None:
        """Nothing is known of what the terminal shows: the next frame paints every cell."""
        self._shown: list[list[Cell | None]] = [[None] * self._columns for _ in range(self._rows)]
        self._dirty = dict.fromkeys(range(self._rows), (0, self._columns))
        self._sent_pen: str | None = None
        self._sent_x: int | None = None
        self._sent_y: int | None = None

    def resize(self, columns: int, rows: int) -> None:
        """Another size; what the terminal makes of its picture then, each does in its own way."""
        if (columns, rows) == self.size:
            return
        kept = [row[:columns] for row in self._want[:rows]]
        self._columns, self._rows = columns, rows
        self._want = [*(row + self._blank(columns - len(row)) for row in kept)]
        self._want += [self._blank(columns) for _ in range(rows - len(kept))]
        for row in self._want:
            self._mend(row, columns)
        self._wide = {*range(rows)}
        self.forget()

    # -- what is written --------------------------------------------------------------------------------

    def take(self, data: str) -> str:
        """Take up what is written; what is no part of a picture comes back, to be sent as it is."""
        passed: list[str] = []
        for token in TOKEN.finditer(data):
            kind, text = token.lastgroup, token[token.lastgroup or 0]
            if kind == "inked":
                self._turn(token["ink"])
                self._put(text)
                self._pen = PLAIN
            elif kind == "text":
                self._put(text)
            elif kind == "pen":
                self._turn(text)
            elif kind == "move":
                row, _, column = text[2:-1].partition(";")
                self._x, self._y = int(column or 1) - 1, int(row or 1) - 1
            elif kind == "step":
                self._step(text)
            elif kind == "sync":
                self._marks = True
            elif kind == "clear":
                self.forget()
                passed.append(text)
            elif kind == "lost":
                self.lost = self.lost or repr(text)
            elif kind != "link":  # a link is shown as its words
                passed.append(text)
        return "".join(passed)

    def _step(self, text: str) -> None:
        count = int(text[2:-1] or 1) if text[0] == "\x1b" else 1
        kind = text[-1]
        if kind in "\r\n":
            self._x, self._y = 0, self._y + (kind == "\n")
        elif kind == "G":
            self._x = count - 1
        elif kind in "AB":
            self._y += count if kind == "B" else -count
        else:
            self._x += count if kind == "C" else -count

    def _turn(self, numbers: str) -> None:
        try:
            self._pen = taken_up(self._pen, numbers)
        except ValueError as problem:
            self.lost = self.lost or str(problem)

    def _put(self, text: str) -> None:
        x, y, columns = self._x, self._y, self._columns
        narrow = text.isascii() or is_narrow(text) is not None
        cells = [*map(self._made(self._pen).__getitem__, text)] if narrow else self._clusters(text)
        self._x = x + len(cells)
        if not 0 <= y < self._rows or x >= columns:
            return
        self._begun = True
        row, end = self._want[y], min(self._x, columns)
        row[x:end] = cells[: end - x]
        if not narrow:
            self._wide.add(y)
        if y in self._wide:
            self._mend(row, x)
            self._mend(row, end)
        lo, hi = self._dirty.get(y, (x, end))
        self._dirty[y] = (lo if lo < x else max(0, x - 1)), (hi if hi > end else min(columns, end + 1))

    def _clusters(self, text: str) -> list[Cell]:
        """Cells of a text that may hold wide characters and marks that stand on others."""
        made = self._made(self._pen)
        if cell_len(text) == len(text) and all(map(_single, text)):
            return [*map(made.__getitem__, text)]
        cells: list[Cell] = []
        for start, end, width in split_graphemes(text)[0]:
            if width:  # a mark with nothing before it to stand on takes no cell
                cells += [made[text[start:end]], *[made[""]] * (width - 1)]
        return cells

    def _mend(self, row: list[Cell], x: int) -> None:
        """Half a wide character is none: both sides of a cut become blanks."""
        if 0 < x < len(row) and not row[x][0] and not _is_wide(row[x - 1][0]):
            row[x] = self._made(row[x][1])[" "]
        if 0 < x <= len(row) and _is_wide(row[x - 1][0]) and (x == len(row) or row[x][0]):
            row[x - 1] = self._made(row[x - 1][1])[" "]

    # -- what is sent -----------------------------------------------------------------------------------

    def frame(self) -> str:
        """What makes the terminal show the picture that is wanted; empty where it does, or where there is none yet."""
        if not self._begun:
            return ""
        sent: list[str] = []
        for y in sorted(self._dirty):
            for start, end in self._runs(y, *self._dirty[y]):
                self._paint(sent, y, start, end)
        self._dirty = {}
        if sent and (self._x, self._y) != (0, 0):
            self._send_to(sent, min(self._x, self._columns - 1), min(self._y, self._rows - 1))
        text = "".join(sent)
        if self._marks and len(text) > MARKED:
            return f"\x1b[?2026h{text}\x1b[?2026l"
        return text

    def _runs(self, y: int, lo: int, hi: int) -> Iterator[tuple[int, int]]:
        """Stretches of a row that differ; a wide character differs as a whole."""
        want, shown = self._want[y], self._shown[y]
        if want[lo:hi] == shown[lo:hi]:
            return
        start = end = -1
        # most cells are the same objects: made once each
        differing = [x for x in range(lo, hi) if want[x] is not shown[x] and not _alike(want[x], shown[x])]
        for x in differing:
            if x > end:
                if start >= 0:
                    yield start, end
                start = x
                while start and not (want[start][0] and _text(shown[start])):
                    start -= 1
            end = x + 1
            while end < self._columns and not (want[end][0] and _text(shown[end])):
                end += 1
        if start >= 0:
            yield start, end

    def _paint(self, sent: list[str], y: int, start: int, end: int) -> None:
        want = self._want[y]
        if not self._bridged(sent, y, start):
            self._send_to(sent, start, y)
        plain = True
        pen = self._sent_pen
        for character, wanted in want[start:end]:
            if pen is None:
                sent.append(f"\x1b[0;{wanted}m" if wanted else "\x1b[m")
                pen = wanted
            elif wanted != pen and not (character == " " and ground(wanted) == ground(pen)):
                sent.append(turned(pen, wanted))
                pen = wanted
            sent.append(character)
            plain = plain and character.isascii() and bool(character)
        self._sent_pen = pen
        self._shown[y][start:end] = want[start:end]
        # terminals differ in where the cursor stands after the last column, and in how wide they draw some signs
        self._sent_x = end if plain and end < self._columns else None

    def _send_to(self, sent: list[str], x: int, y: int) -> None:
        sent.append(moved(self._sent_x, self._sent_y, x, y))
        self._sent_x, self._sent_y = x, y

    def _bridged(self, sent: list[str], y: int, start: int) -> bool:
        """Whether the cells on the way were sent once more, since that is shorter than a move."""
        x, pen = self._sent_x, self._sent_pen
        if y != self._sent_y or x is None or pen is None or not 0 <= start - x <= 5:
            return False
        between = self._want[y][x:start]
        if not all(_repeatable(one, pen) for one in between) or len(between) > len(moved(x, y, start, y)):
            return False
        sent.extend(character for character, _ in between)
        return True


def _single(character: str) -> bool:
    return cell_len(character) == 1


def _is_wide(text: str) -> bool:
    return len(text) > 0 and not text.isascii() and cell_len(text) > 1


def _text(cell: Cell | None) -> bool:
    """Whether something begins in a cell; a cell of which nothing is known may begin anything."""
    return cell is None or bool(cell[0])


def _alike(want: Cell, shown: Cell | None) -> bool:
    if want == shown:
        return True
    return shown is not None and want[0] == shown[0] == " " and ground(want[1]) == ground(shown[1])


def _repeatable(cell: Cell, pen: str) -> bool:
    character, own = cell
    if not character or not character.isascii():
        return False
    return own == pen or (character == " " and ground(own) == ground(pen))
