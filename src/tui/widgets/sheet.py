"""A widget of lines that remembers what it shows and repaints only the cells that changed."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from ..glyphs import to_ascii
from ..palette import Palette
from ..text import Line, Piece, cleaned, clip, is_narrow, pad, width

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
        self._given: list[Line] = []
        self._fill: tuple[int, bool] = (0, False)
        self._lines: list[Line] = []
        self._strips: dict[int, Strip] = {}

    def show(self, lines: Sequence[Line], cells: int) -> None:
        """Show these lines, each filled up to so many cells."""
        old, self._lines = self._lines, self._filled_up(lines, cells)
        if not old:
            self._strips.clear()
            self.refresh()
            return
        spans = [*self._spans(old, self._lines)]
        if spans:
            self.refresh(*spans)

    def _filled_up(self, lines: Sequence[Line], cells: int) -> list[Line]:
        """The lines as they are shown; what was given before is as it was made then."""
        given, fill = self._given, (cells, self.plain)
        if fill != self._fill:
            given = []
        self._given, self._fill = [*lines], fill
        before = len(given)
        return [
            self._lines[y] if y < before and (one is given[y] or one == given[y]) else self._filled(one, cells)
            for y, one in enumerate(self._given)
        ]

    def _filled(self, line: Line, cells: int) -> Line:
        # whatever a pane has forgotten: this is the last place before the terminal
        line = cleaned(line)
        if self.plain:
            line = tuple(Piece(to_ascii(text), style) for text, style in line)
        taken = width(line)
        if taken > cells:
            line = clip(line, cells)
            taken = width(line)
        return (*line, *pad(cells - taken)) if taken < cells else line

    def _spans(self, old: Sequence[Line], new: Sequence[Line]) -> Iterator[Region]:
        for y, (was, now) in enumerate(zip_longest(old, new, fillvalue=BLANK)):
            span = None if was is now else changed_span(was, now)
            if span is not None:
                self._strips.pop(y, None)
                yield Region(span[0], y, span[1] - span[0], 1)

    def lines(self) -> tuple[Line, ...]:
        """What is shown now."""
        return tuple(self._lines)

    def recolour(self, palette: Palette) -> None:
        """Paint everything again in another theme."""
        self.palette = palette
        self._strips.clear()
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Painted lines: they have neither border nor padding, and are kept here already."""
        if self.get_line_filters():
            return super().render_lines(crop)
        start, end, width = *crop.column_span, self.size.width
        strips = [self._painted(y, width) for y in crop.line_range]
        return strips if (start, end) == (0, width) else [one.crop(start, end) for one in strips]

    def render_line(self, y: int) -> Strip:
        """One painted line."""
        return self._painted(y, self.size.width)

    def _painted(self, y: int, width: int) -> Strip:
        found = self._strips.get(y)
        if found is None or found.cell_length != width:
            line = self._lines[y] if y < len(self._lines) else BLANK
            found = self._strips[y] = self._paint(line).adjust_cell_length(width, self._style("text"))
        return found

    def _style(self, words: str) -> Style:
        return self.palette.style(words, self.ground) if self.palette else Style()

    def _paint(self, line: Line) -> Strip:
        return Strip([Segment(text, style) for text, style in self._runs(line)], width(line))

    def _runs(self, line: Line) -> list[tuple[str, Style]]:
        """Texts of one style; a blank goes with its neighbour where it looks the same in that one's."""
        if self.palette is None:
            return [(text, self._style(words)) for text, words in line]
        ink, ground, runs = self.palette.ink, self.ground, list[tuple[str, Style]]()
        before, last, seen, blank = "", Style(), None, False
        for text, words in line:
            style, sees = ink(words, ground)
            is_blank = text.isspace()
            if last is style or ((is_blank or blank) and seen == sees):
                before += text
                last, seen, blank = (last, seen, blank) if is_blank else (style, sees, False)
                continue
            if before:
                runs.append((before, last))
            before, last, seen, blank = text, style, sees, is_blank
        return [*runs, (before, last)] if before else runs


def changed_span(was: Line, now: Line) -> tuple[int, int] | None:
    """First and past-last cell of what differs between two lines, None where nothing does; never too little."""
    if was == now:
        return None
    left = _alike(was, now)
    right = _alike(was[left:][::-1], now[left:][::-1])
    one, other = was[left : len(was) - right], now[left : len(now) - right]
    first, taken = width(now[:left]), width(other)
    if width(one) != taken:
        return 0, max(width(was), width(now))
    last = first + taken
    if len(one) != 1 or len(other) != 1 or one[0].style != other[0].style or not is_narrow(one[0].text + other[0].text):
        return first, last
    return first + _alike(one[0].text, other[0].text), last - _alike(one[0].text[::-1], other[0].text[::-1])


def _alike(one: Sequence[object], other: Sequence[object]) -> int:
    """How many of two rows of things are alike from the beginning on."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (this, that) in pairs if this != that), min(len(one), len(other)))
