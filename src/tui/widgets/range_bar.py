"""The week drawn: this week's ground against the last's, on one scale."""

from itertools import groupby

from msgspec import Struct

from ...core.model.reading import Quote, Week
from .. import glyphs
from ..text import Line, Piece


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


class WeekBar(Struct, frozen=True):
    """A week's range with its open, the last close before it and the last price.

    From the lower of both weeks' lows to the higher of their highs. `tone` colours the last price,
    `live` leaves it hollow.
    """

    week: Week
    tone: str
    live: bool

    def draw(self, cells: int) -> Line:
        """The bar in so many cells."""
        scale, canvas = self._scale(cells), Canvas(cells)
        self._ground(canvas, scale)
        self._tick(canvas, scale, self.week.previous_close, glyphs.PREVIOUS_HEAVY, glyphs.PREVIOUS_LIGHT)
        self._tick(canvas, scale, self.week.open, glyphs.OPEN_HEAVY, glyphs.OPEN_LIGHT)
        mark = glyphs.LIVE if self.live else glyphs.FINAL
        canvas.put(scale.cell(self.week.close), mark, f"{self.tone} bold")
        return canvas.line()

    def _scale(self, cells: int) -> Scale:
        week, previous = self.week, self.week.previous
        if previous is None:
            return Scale(week.low, week.high, cells)
        return Scale(min(week.low, previous.low), max(week.high, previous.high), cells)

    def _ground(self, canvas: Canvas, scale: Scale) -> None:
        week, previous = self.week, self.week.previous
        low, high = scale.cell(week.low), scale.cell(week.high)
        if previous is None:
            canvas.fill(low, high, glyphs.NEW_GROUND, "range-new")
            return
        before = scale.cell(previous.low), scale.cell(previous.high)
        canvas.fill(*before, glyphs.LAST_WEEK, "range-prev")
        canvas.fill(low, high, glyphs.NEW_GROUND, "range-new")
        canvas.fill(max(low, before[0]), min(high, before[1]), glyphs.BOTH_WEEKS, "range-track")

    def _tick(self, canvas: Canvas, scale: Scale, price: float | None, heavy: str, light: str) -> None:
        if price is None:
            return
        cell = scale.cell(price)
        canvas.put(cell, heavy if canvas.at(cell) == glyphs.BOTH_WEEKS else light, "text")


class DayBar(Struct, frozen=True):
    """The day's range with the previous close standing and the last price on it."""

    quote: Quote
    tone: str

    def draw(self, cells: int) -> Line:
        """The bar in so many cells; blank without a high and a low."""
        quote, canvas = self.quote, Canvas(cells)
        if quote.high is None or quote.low is None or quote.last is None:
            return canvas.line()
        before = quote.low if quote.previous_close is None else quote.previous_close
        scale = Scale(min(quote.low, before), max(quote.high, before), cells)
        canvas.fill(scale.cell(quote.low), scale.cell(quote.high), glyphs.NEW_GROUND, "range-track")
        if quote.previous_close is not None:
            canvas.put(scale.cell(before), glyphs.PREVIOUS_LIGHT, "text")
        mark = glyphs.FINAL if quote.state == "final" else glyphs.LIVE
        canvas.put(scale.cell(quote.last), mark, f"{self.tone} bold")
        return canvas.line()
