"""A widget of lines that remembers what it shows and repaints only the cells that changed."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from ..glyphs import to_ascii
from ..palette import Palette
from ..text import Line, Piece, clean, clip, pad, width

BLANK: Line = ()


class Sheet(Widget):
    """Lines of pieces on one ground.

    Give it lines with :meth:`show`; it finds the cells that differ from what it shows and asks for
    those alone to be painted again.
    """

    def __init__(self, *, ground: str = "background", id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.ground = ground
        self.palette: Palette | None = None
        self.plain = False
        self._lines: list[Line] = []
        self._strips: dict[int, Strip] = {}

    def show(self, lines: Sequence[Line], cells: int) -> None:
        """Show these lines, each filled up to so many cells."""
        new = [self._filled(line, cells) for line in lines]
        old, self._lines = self._lines, new
        if not old:
            self._strips.clear()
            self.refresh()
            return
        for y in range(max(len(old), len(new))):
            was = old[y] if y < len(old) else BLANK
            now = new[y] if y < len(new) else BLANK
            if was != now:
                self._strips.pop(y, None)
                self._refresh_span(y, was, now)

    def _filled(self, line: Line, cells: int) -> Line:
        # whatever a pane has forgotten: this is the last place before the terminal
        line = tuple(Piece(clean(text), style) for text, style in line)
        if self.plain:
            line = tuple(Piece(to_ascii(text), style) for text, style in line)
        taken = width(line)
        if taken > cells:
            line = clip(line, cells)
            taken = width(line)
        return (*line, *pad(cells - taken)) if taken < cells else line

    def _refresh_span(self, y: int, was: Line, now: Line) -> None:
        span = changed_span(was, now)
        if span is not None:
            self.refresh(Region(span[0], y, span[1] - span[0], 1))

    def lines(self) -> tuple[Line, ...]:
        """What is shown now."""
        return tuple(self._lines)

    def recolour(self, palette: Palette) -> None:
        """Paint everything again in another theme."""
        self.palette = palette
        self._strips.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One painted line."""
        found = self._strips.get(y)
        if found is None:
            found = self._strips[y] = self._paint(self._lines[y] if y < len(self._lines) else BLANK)
        blank = self._style("text")
        return found.adjust_cell_length(self.size.width, blank)

    def _style(self, words: str) -> Style:
        return self.palette.style(words, self.ground) if self.palette else Style()

    def _paint(self, line: Line) -> Strip:
        return Strip([Segment(text, self._style(words)) for text, words in line])


def changed_span(was: Line, now: Line) -> tuple[int, int] | None:
    """First and past-last cell that differ between two lines, None where none does."""
    before, after = _cells(was), _cells(now)
    if before is None or after is None:
        end = max(width(was), width(now))
        return (0, end) if was != now else None
    longest = max(len(before), len(after))
    before += [Piece("")] * (longest - len(before))
    after += [Piece("")] * (longest - len(after))
    differing = [cell for cell in range(longest) if before[cell] != after[cell]]
    return (differing[0], differing[-1] + 1) if differing else None


def _cells(line: Line) -> list[Piece] | None:
    """One piece a cell; None where a character is not one cell wide."""
    if any(width((piece,)) != len(piece.text) for piece in line):
        return None
    return [Piece(one, piece.style) for piece in line for one in piece.text]
