"""The labels at the right of a chart: the last value first, then levels, then round numbers where a row is free."""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from ..text import Line, Piece, pad, width

POINTER = "◂"
"""Stands at the height of the last value."""


class Entry(Struct, frozen=True):
    """What is written at a row; a `last` value has a pointer, what lies off the scale the arrow of its `lead`."""

    row: int
    text: str
    style: str = "muted"
    last: bool = False
    lead: str = " "


def labelled(rows: Sequence[Line], labels: Iterable[Entry], cells: int, *, ascii_only: bool) -> list[Line]:
    """The rows with their labels in so many cells; of two labels in one row the first given stands."""
    taken: dict[int, Entry] = {}
    for one in labels:
        taken.setdefault(one.row, one)
    pointer = "<" if ascii_only else POINTER
    return [(*row, *_written(taken.get(at), pointer, cells)) for at, row in enumerate(rows)]


def apart(labels: Sequence[Entry], rows: int) -> list[Entry]:
    """Labels from the top down, each in a row of its own; one that had to give way has no pointer."""
    placed: list[int] = []
    for one in labels:
        placed.append(max(one.row, placed[-1] + 1 if placed else 0))
    for at in reversed(range(len(placed))):
        placed[at] = min(placed[at], rows - 1 if at + 1 == len(placed) else placed[at + 1] - 1)
    pairs = zip(labels, placed, strict=True)
    return [one if row == one.row else replace(one, row=row, last=False) for one, row in pairs if row >= 0]


def _written(label: Entry | None, pointer: str, cells: int) -> Line:
    if label is None:
        return pad(cells)
    lead = Piece(pointer if label.last else label.lead, label.style)
    text = Piece(label.text, label.style)
    return (lead, text, *pad(cells - width((lead, text))))


def cells_for(texts: Iterable[str]) -> int:
    """Cells an axis needs for these: a pointer, the longest, a blank."""
    return max((len(one) for one in texts), default=0) + 2
