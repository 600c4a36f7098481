"""The week drawn: this week's ground against the last's, on one scale."""

from itertools import groupby

from msgspec import Struct

from ...core.model.reading import Quote, Week
from .. import glyphs
from ..text import Line, Piece
from .table import Art


class Scale(Struct, frozen=True):
    """Prices onto cells 0 to `cells` - 1; a scale without extent puts everything in the middle."""

    low: float
    high: float
    cells: int

    def cell(self, price: float) -> int:
        """The price's cell, prices outside at the edge."""
        if self.high <= self.low:
            return self.cells // 2
        place = (price - self.low) / (self.high - self.low) * (self.cells - 1)
        return min(self.cells - 1, max(0, round(place)))


class Canvas:
    """One row of cells that later marks may overwrite."""

    def __init__(self, cells: int) -> None:
        self._glyphs, self._styles = [" "] * cells, ["text"] * cells

    def put(self, cell: int, glyph: str, style: str) -> None:
        """Draw one glyph; a cell outside is left out."""
        self.fill(cell, cell, glyph, style)

    def fill(self, first: int, last: int, glyph: str, style: str) -> None:
        """Draw one glyph from a cell to another; cells outside are left out."""
        first, end = max(0, first), min(last + 1, len(self._glyphs))
        if end > first:
            self._glyphs[first:end] = [glyph] * (end - first)
            self._styles[first:end] = [style] * (end - first)

    def at(self, cell: int) -> str:
        """The glyph in a cell."""
        return self._glyphs[cell]

    def line(self) -> Line:
        """The row as pieces, neighbours of one style joined."""
        text, pieces, start = "".join(self._glyphs), list[Piece](), 0
        for style, run in groupby(self._styles):
            end = start + len(list(run))
            pieces.append(Piece(text[start:end], style))
            start = end
        return tuple(pieces)


class WeekBar(Art, frozen=True):
    """A week's range with its open, the last close before it and the last price.

    From the lower of both weeks' lows to the higher of their highs. `tone` colours the last price,
    `live` leaves it hollow.
    """

    week: Week
    tone: str
    live: bool

    def draw(self, cells: int) -> Line:
        """The bar in so many cells."""
        low, high, before, previous_close, open_, close = self._cells(cells)
        canvas = Canvas(cells)
        if before is not None:
            canvas.fill(*before, glyphs.LAST_WEEK, "range-prev")
        canvas.fill(low, high, glyphs.NEW_GROUND, "range-new")
        if before is not None:
            canvas.fill(max(low, before[0]), min(high, before[1]), glyphs.BOTH_WEEKS, "range-track")
        self._tick(canvas, previous_close, glyphs.PREVIOUS_HEAVY, glyphs.PREVIOUS_LIGHT)
        self._tick(canvas, open_, glyphs.OPEN_HEAVY, glyphs.OPEN_LIGHT)
        canvas.put(close, glyphs.LIVE if self.live else glyphs.FINAL, f"{self.tone} bold")
        return canvas.line()

    def marks(self, cells: int) -> object:
        """The cells of its prices, and how the last one is drawn."""
        return self._cells(cells), self.tone, self.live

    def _cells(self, cells: int) -> tuple[int, int, tuple[int, int] | None, int | None, int | None, int]:
        """Low, high, last week's low and high, the last close before, open and last price."""
        week, previous, cell = self.week, self.week.previous, self._scale(cells).cell
        return (
            cell(week.low),
            cell(week.high),
            None if previous is None else (cell(previous.low), cell(previous.high)),
            None if week.previous_close is None else cell(week.previous_close),
            None if week.open is None else cell(week.open),
            cell(week.close),
        )

    def _scale(self, cells: int) -> Scale:
        week, previous = self.week, self.week.previous
        if previous is None:
            return Scale(week.low, week.high, cells)
        return Scale(min(week.low, previous.low), max(week.high, previous.high), cells)

    def _tick(self, canvas: Canvas, cell: int | None, heavy: str, light: str) -> None:
        if cell is not None:
            canvas.put(cell, heavy if canvas.at(cell) == glyphs.BOTH_WEEKS else light, "text")


class DayBar(Art, frozen=True):
    """The day's range with the previous close standing and the last price on it."""

    quote: Quote
    tone: str

    def draw(self, cells: int) -> Line:
        """The bar in so many cells; blank without a high and a low."""
        canvas, places = Canvas(cells), self._cells(cells)
        if places is None:
            return canvas.line()
        low, high, before, last = places
        canvas.fill(low, high, glyphs.NEW_GROUND, "range-track")
        if before is not None:
            canvas.put(before, glyphs.PREVIOUS_LIGHT, "text")
        mark = glyphs.FINAL if self.quote.state == "final" else glyphs.LIVE
        canvas.put(last, mark, f"{self.tone} bold")
        return canvas.line()

    def marks(self, cells: int) -> object:
        """The cells of its prices, and how the last one is drawn."""
        return self._cells(cells), self.tone, self.quote.state == "final"

    def _cells(self, cells: int) -> tuple[int, int, int | None, int] | None:
        """Low, high, the previous close and the last price; None without a high and a low."""
        quote = self.quote
        if quote.high is None or quote.low is None or quote.last is None:
            return None
        before = quote.low if quote.previous_close is None else quote.previous_close
        cell = Scale(min(quote.low, before), max(quote.high, before), cells).cell
        known = None if quote.previous_close is None else cell(before)
        return cell(quote.low), cell(quote.high), known, cell(quote.last)
