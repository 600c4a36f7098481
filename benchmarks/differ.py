"""The fewest bytes that turn one screen into the next: what any program's output is held against.

It shares nothing with the program: two screens as pyte shows them, a price for what lies between. The pricing:

* Only cells that differ are sent: another character, colour or attribute.
* Changed cells of a row are one run; the unchanged ones between two runs are sent again where that is cheaper than
  to jump over them.
* A jump is the cheapest of: `CSI row;column H` with ones left out; `CSI n A`, `B` or `CSI n d` for the row together
  with `CSI n C`, `D`, `CSI n G`, a carriage return or backspaces for the column. It knows where the cursor was left,
  also by the screen before; after a cell in the last column, where terminals differ, it does not know the column.
* Colours and attributes are one `CSI … m` with the codes that change, or a reset and those that are on, whichever is
  shorter; they too go on from the screen before. A colour costs two digits where it is one of the eight, `38;5;n`
  where it is one of the palette of 256, else its red, green and blue.
* A character costs its bytes in UTF-8. Nothing is erased, scrolled or repeated by a command of the terminal, nothing
  begins or ends a frame, and nothing is compressed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import pyte

NAMED = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
"""pyte's names of the eight colours."""
LEVELS = (0x00, 0x5F, 0x87, 0xAF, 0xD7, 0xFF)
SWITCHES = {"bold": (1, 22), "italics": (3, 23), "underscore": (4, 24), "reverse": (7, 27), "strikethrough": (9, 29)}
"""Attributes by pyte's names: the codes that switch them on and off."""


class Look(NamedTuple):
    """Colours and attributes of a cell."""

    fg: str = "default"
    bg: str = "default"
    on: frozenset[str] = frozenset()


class Glyph(NamedTuple):
    """A cell: its character, empty for the second half of a wide one, and its look."""

    text: str
    look: Look


Cells = tuple[tuple[Glyph, ...], ...]
"""A screen, row by row."""


class Run(NamedTuple):
    """Cells sent without moving the cursor, from a column of a row."""

    row: int
    column: int
    glyphs: tuple[Glyph, ...]


@dataclass
class Pen:
    """Where the cursor was left and with which look; no column where the last cell of a row was written."""

    row: int | None = None
    column: int | None = None
    look: Look | None = None


def picture_of(screen: pyte.Screen) -> Cells:
    """The screen as it is now."""
    return tuple(
        tuple(_glyph(screen.buffer[row][column]) for column in range(screen.columns)) for row in range(screen.lines)
    )


@cache
def _glyph(cell: pyte.screens.Char) -> Glyph:
    on = frozenset(name for name in SWITCHES if getattr(cell, name))
    return Glyph(str(cell.data), Look(str(cell.fg), str(cell.bg), on))


def changed(before: Cells, after: Cells) -> set[tuple[int, int]]:
    """Row and column of every cell that differs."""
    return {
        (row, column)
        for row, (old, new) in enumerate(zip(before, after, strict=True))
        if old != new
        for column, (one, other) in enumerate(zip(old, new, strict=True))
        if one != other
    }


def price(before: Cells, after: Cells, pen: Pen) -> int:
    """Bytes that turn one screen into the next; `pen` is moved along."""
    return len(output(before, after, pen).encode())


def output(before: Cells, after: Cells, pen: Pen) -> str:
    """What would be sent: given to a terminal that shows `before`, it shows `after`."""
    sent: list[str] = []
    for run in runs(before, after, pen.look):
        sent += [move((pen.row, pen.column), (run.row, run.column)), _text(run.glyphs, pen.look)]
        end = run.column + len(run.glyphs)
        pen.row, pen.column, pen.look = run.row, None if end == len(after[run.row]) else end, run.glyphs[-1].look
    return "".join(sent)


def runs(before: Cells, after: Cells, look: Look | None = None) -> Iterator[Run]:
    """What is sent, row by row, gaps bridged where that is cheaper; `look` is the one before the first."""
    by_row: dict[int, list[int]] = {}
    for row, column in sorted(changed(before, after)):
        by_row.setdefault(row, []).append(column)
    for row, columns in by_row.items():
        for run in _of_row(row, columns, after[row], look):
            look = run.glyphs[-1].look
            yield run


def _of_row(row: int, columns: Sequence[int], glyphs: tuple[Glyph, ...], look: Look | None) -> Iterator[Run]:
    start = end = _whole(glyphs, columns[0])
    for column in columns:
        column = _whole(glyphs, column)
        if column > end and not _bridges(row, glyphs[end - 1].look if end > start else look, glyphs[end : column + 1]):
            yield Run(row, start, glyphs[start:end])
            start = column
        end = max(end, _after(glyphs, column))
    yield Run(row, start, glyphs[start:end])


def _whole(glyphs: Sequence[Glyph], column: int) -> int:
    """The second half of a wide character is sent with the first."""
    return column - 1 if column and not glyphs[column].text else column


def _after(glyphs: Sequence[Glyph], column: int) -> int:
    wide = column + 1 < len(glyphs) and not glyphs[column + 1].text
    return column + 2 if wide else column + 1


def _bridges(row: int, look: Look | None, gap_and_next: Sequence[Glyph]) -> bool:
    """Whether to send a gap again costs no more than to jump over it."""
    *gap, following = gap_and_next
    bridged = len(_text(gap_and_next, look).encode()) - len(following.text.encode())
    jumped = len(move((row, 0), (row, len(gap)))) + len(recolour(look, following.look))
    return bridged <= jumped


def _text(glyphs: Sequence[Glyph], look: Look | None) -> str:
    sent: list[str] = []
    for glyph in glyphs:
        sent += [recolour(look, glyph.look), glyph.text]
        look = glyph.look
    return "".join(sent)


# -- the cursor -----------------------------------------------------------------------------------------


@cache
def move(start: tuple[int | None, int | None], to: tuple[int, int]) -> str:
    """The cheapest way of the cursor; None where its row or column is not known."""
    (row, column), (to_row, to_column) = start, to
    if (row, column) == (to_row, to_column):
        return ""
    home = f"\x1b[{_number(to_row + 1)}{f';{to_column + 1}' if to_column else ''}H"
    if row is None:
        return home
    return min(home, _vertical(row, to_row) + _horizontal(column, to_column), key=len)


def _vertical(row: int, to: int) -> str:
    if row == to:
        return ""
    by = to - row
    return min(f"\x1b[{_number(abs(by))}{'B' if by > 0 else 'A'}", f"\x1b[{_number(to + 1)}d", key=len)


def _horizontal(column: int | None, to: int) -> str:
    if column == to:
        return ""
    ways = ["\r" if to == 0 else f"\x1b[{_number(to + 1)}G"]
    if column is not None:
        by = to - column
        ways += [f"\x1b[{_number(abs(by))}{'C' if by > 0 else 'D'}", *(["\b" * -by] if by < 0 else [])]
    return min(ways, key=len)


def _number(number: int) -> str:
    return "" if number == 1 else str(number)


# -- colours --------------------------------------------------------------------------------------------


@cache
def recolour(before: Look | None, after: Look) -> str:
    """The shortest change of colours and attributes; None is a look that is not known."""
    if before == after:
        return ""
    anew = _codes(Look(), after)
    ways = [["0", *anew] if anew else [""]]
    if before is not None:
        ways.append(_codes(before, after))
    return min((f"\x1b[{';'.join(codes)}m" for codes in ways), key=len)


def _codes(before: Look, after: Look) -> list[str]:
    codes = [str(SWITCHES[name][1]) for name in sorted(before.on - after.on)]
    codes += [str(SWITCHES[name][0]) for name in sorted(after.on - before.on)]
    codes += [_colour(after.fg, 30)] if before.fg != after.fg else []
    return codes + ([_colour(after.bg, 40)] if before.bg != after.bg else [])


def _colour(name: str, base: int) -> str:
    """The code of a colour; `base` 30 for the character, 40 for what is behind it."""
    if name == "default":
        return str(base + 9)
    plain = name.removeprefix("bright").removeprefix("bfight")  # one of pyte's names is misspelt
    if plain in NAMED:
        return str(base + NAMED.index(plain) + (60 if plain != name else 0))
    if name in _palette():
        return f"{base + 8};5;{_palette()[name]}"
    red, green, blue = (int(name[at : at + 2], 16) for at in (0, 2, 4))
    return f"{base + 8};2;{red};{green};{blue}"


@cache
def _palette() -> dict[str, int]:
    """The fixed colours of the palette of 256, by pyte's name for them."""
    cube = [(red, green, blue) for red in LEVELS for green in LEVELS for blue in LEVELS]
    greys = [(grey, grey, grey) for grey in range(8, 239, 10)]
    return {f"{red:02x}{green:02x}{blue:02x}": 16 + at for at, (red, green, blue) in enumerate((*cube, *greys))}
