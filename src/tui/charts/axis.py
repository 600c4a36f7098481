"""The labels at the right of a chart: the last value first, then levels, then round numbers where a row is free."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from ..text import Line, Piece, pad, width

POINTER = "◂"
"""Stands at the height of the last value."""


class Label(Struct, frozen=True):
    """What is written at a row; a `last` value has a pointer, one that is `named` goes to the nearest free row."""

    row: int
    text: str
    style: str = "muted"
    last: bool = False
    named: bool = False


def labelled(rows: Sequence[Line], labels: Iterable[Label], cells: int, *, ascii_only: bool) -> list[Line]:
    """The rows with their labels in so many cells; of two labels in one row the first given stands."""
    taken: dict[int, Label] = {}
    for one in labels:
        row = _free(one.row, taken, len(rows)) if one.named else one.row
        taken.setdefault(row, one if row == one.row else replace(one, row=row, last=False))
    pointer = "<" if ascii_only else POINTER
    return [(*row, *_written(taken.get(at), pointer, cells)) for at, row in enumerate(rows)]


def _free(row: int, taken: Mapping[int, Label], count: int) -> int:
    """The nearest row that is free; its own where none is."""
    return min((at for at in range(count) if at not in taken), key=lambda at: abs(at - row), default=row)


def _written(label: Label | None, pointer: str, cells: int) -> Line:
    if label is None:
        return pad(cells)
    lead = Piece(pointer if label.last else " ", label.style)
    text = Piece(label.text, label.style)
    return (lead, text, *pad(cells - width((lead, text))))


def cells_for(texts: Iterable[str]) -> int:
    """Cells an axis needs for these: a pointer, the longest, a blank."""
    return max((len(one) for one in texts), default=0) + 2
