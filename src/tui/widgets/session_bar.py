"""A day of an exchange drawn: when it trades, when it rests, and where now is."""

from datetime import datetime, timedelta

from .. import glyphs
from ..session_bells import Axis, Span
from ..text import Line, Piece
from .range_bar import Canvas
from .table import Art

LEAST = timedelta(seconds=1)


class SessionBar(Art, frozen=True):
    """Sessions on one axis; `trades` while one of them runs."""

    axis: Axis
    spans: tuple[Span, ...]
    now: datetime
    trades: bool

    def draw(self, cells: int) -> Line:
        """The day in so many cells; the time that is no session stays blank."""
        canvas = Canvas(cells)
        for one in self.spans:
            first, last = self._cells(one, cells)
            tone = "accent" if self.trades and one.start <= self.now < one.end else "range-track"
            canvas.fill(first, last, glyphs.LAST_WEEK if one.rests else glyphs.FILLED, "muted" if one.rests else tone)
        here = self.axis.cell(self.now, cells)
        inside = canvas.at(here) == glyphs.FILLED
        canvas.put(here, glyphs.BORDER_INSIDE if inside else glyphs.BORDER_OUTSIDE, "range-mark bold")
        return canvas.line()

    def marks(self, cells: int) -> object:
        """The cells of the sessions and of now."""
        drawn = tuple((*self._cells(one, cells), one.rests, one.start <= self.now < one.end) for one in self.spans)
        return drawn, self.axis.cell(self.now, cells), self.trades

    def _cells(self, one: Span, cells: int) -> tuple[int, int]:
        """The first and the last cell in which any of it falls."""
        return self.axis.cell(one.start, cells), self.axis.cell(one.end - LEAST, cells)


def scale(axis: Axis, now: datetime, cells: int) -> Line:
    """The hours over a bar, and ``now`` over its mark; an hour that would touch another word is left out."""
    row, taken = [" "] * cells, [False] * cells
    here = axis.cell(now, cells)
    first = min(max(0, here - 1), max(0, cells - 3))
    _write(row, taken, first, "now")
    for hour, moment in axis.hours(3 if cells >= 40 else 6):
        _write(row, taken, axis.cell(moment, cells), f"{hour:02d}")
    text = "".join(row)
    return (
        Piece(text[:first], "muted"), Piece(text[first : first + 3], "accent bold"), Piece(text[first + 3 :], "muted"),
    )  # fmt: skip


def _write(row: list[str], taken: list[bool], first: int, word: str) -> None:
    around = taken[max(0, first - 1) : first + len(word) + 1]
    if first + len(word) > len(row) or any(around):
        return
    row[first : first + len(word)] = word
    taken[first : first + len(word)] = [True] * len(word)
