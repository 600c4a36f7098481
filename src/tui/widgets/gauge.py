"""Distance from the record drawn: three equal thirds to 5, 10 and 20 percent below it."""

from itertools import pairwise

from .. import glyphs
from ..text import Line
from .range_bar import Canvas
from .table import Art

BORDERS = (-20.0, -10.0, -5.0, 0.0)
"""Percent from the record at the ends of the thirds: correction, pullback, near high."""


def place(distance_percent: float, cells: int) -> int:
    """The cell of a distance (<= 0) on a gauge of so many cells; -1 beyond its left end."""
    if distance_percent < BORDERS[0]:
        return -1
    for third, (low, high) in enumerate(pairwise(BORDERS)):
        if distance_percent <= high:
            part = (distance_percent - low) / (high - low)
            return round((third + part) / 3 * (cells - 1))
    return cells - 1


class Gauge(Art, frozen=True):
    """A price `distance_percent` under the record in force, which is the right end.

    `other_percent` is the other record on the same scale where it lies below; `basis` is intraday or
    close. A price at its record is drawn in the record's colour.
    """

    distance_percent: float
    other_percent: float | None = None
    basis: str = "intraday"
    live: bool = False
    stale: bool = False

    def draw(self, cells: int) -> Line:
        """The gauge in so many cells."""
        canvas, mark = Canvas(cells), place(self.distance_percent, cells)
        self._fill(canvas, mark, cells)
        right = glyphs.RECORD if self.basis == "intraday" else glyphs.RECORD_CLOSE
        if self.other_percent is not None:
            canvas.put(place(self.other_percent, cells), glyphs.RECORD_CLOSE, "record")
        canvas.put(cells - 1, right, "record bold")
        if mark < 0:
            canvas.put(0, glyphs.BEYOND, "bright")
            return canvas.line()
        canvas.put(mark, glyphs.LIVE if self.live else glyphs.FINAL, self._tone(mark, cells))
        return canvas.line()

    def marks(self, cells: int) -> object:
        """The cells of price and record, and how they are drawn."""
        other = None if self.other_percent is None else place(self.other_percent, cells)
        return place(self.distance_percent, cells), other, self.basis, self.live, self.stale

    def _tone(self, mark: int, cells: int) -> str:
        if self.stale:
            return "stale"
        return "record bold" if mark == cells - 1 else "range-mark bold"

    def _fill(self, canvas: Canvas, mark: int, cells: int) -> None:
        canvas.fill(0, mark, glyphs.FILLED, "range-track")
        canvas.fill(mark + 1, cells - 1, glyphs.TO_RECOVER, "range-prev")
        for border in BORDERS[1:3]:
            cell = place(border, cells)
            if cell <= mark:
                canvas.put(cell, glyphs.BORDER_INSIDE, "range-track")
            else:
                canvas.put(cell, glyphs.BORDER_OUTSIDE, "range-prev")


def heading(cells: int) -> str:
    """The scale's labels over a gauge of so many cells, each over its border."""
    row = [" "] * cells
    for label, border in (("−10", -10.0), ("−5", -5.0), ("0", 0.0)):
        start = min(place(border, cells) - len(label) // 2, cells - len(label))
        if all(cell == " " for cell in row[max(0, start - 1) : start + len(label)]):
            row[start : start + len(label)] = label
    first = "−20 %"
    if all(cell == " " for cell in row[: len(first) + 1]):
        row[: len(first)] = first
    return "".join(row)
