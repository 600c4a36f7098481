"""A pane on the screen: a title on a hairline, a heading, rows that scroll and can be clicked."""

from collections.abc import Sequence

from msgspec import Struct
from textual import events
from textual.message import Message

from .. import glyphs
from ..text import Line, Piece, covered, joined, line, pad, width
from .painter import Painter, RowLine
from .sheet import Sheet

DOT = line(Piece(" · ", "muted"))


class BodyLine(Struct, frozen=True):
    """One line under the heading; `key` selects it, lines of one `unit` are shown together or not at all.

    `also` are the keys of everything that stands on the line, where that is more than one. A row of a table is drawn
    when it comes in sight.
    """

    content: Line | RowLine
    key: str | None = None
    unit: int | None = None
    also: tuple[str, ...] = ()

    @property
    def line(self) -> Line:
        """The line as it is drawn."""
        return self.content.drawn() if isinstance(self.content, RowLine) else self.content

    def holds(self, key: str | None) -> bool:
        """Whether what a key selects stands on the line."""
        return key is not None and (self.key == key or key in self.also)


class Page(Struct, frozen=True):
    """What a pane shows: `clauses` stand right in the title, the first one longest.

    `keys` are the rows that can be selected, `sortable` the columns they can be ordered by, `figures` those
    whose figures can be proved. In a page that `reads` a step of more than one row moves the lines, and the
    cursor goes along.
    """

    title: str
    body: tuple[BodyLine, ...]
    clauses: tuple[Line, ...] = ()
    heading: Line | None = None
    keys: tuple[str, ...] = ()
    sortable: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    reads: bool = False


def title_line(title: str, clauses: Sequence[Line], cells: int, focused: bool) -> Line:
    """Name at the left on a hairline, as many clauses at the right as fit."""
    rule = "accent" if focused else "rule"
    left = line(Piece(f"{glyphs.HAIRLINE} ", rule), Piece(title, "accent bold" if focused else "bright bold"), " ")
    kept = [clause for clause in clauses if clause]
    while kept and width(joined(kept, DOT)) + width(left) + 5 > cells:
        kept.pop()
    right = line(" ", *joined(kept, DOT), Piece(f" {glyphs.HAIRLINE}", rule)) if kept else ()
    return (*left, Piece(glyphs.HAIRLINE * (cells - width(left) - width(right)), rule), *right)


class Board(Sheet):
    """One pane. Its rows scroll by themselves; the selected one stays in sight when it moves."""

    class Chosen(Message):
        """A row (or only the pane) was clicked."""

        def __init__(self, pane: str, key: str | None) -> None:
            super().__init__()
            self.pane, self.key = pane, key

    def __init__(self, pane: str, ground: str = "background") -> None:
        super().__init__(ground=ground, id=pane)
        self.pane = pane
        self.page = Page(pane, ())
        self._first = 0
        self._cells = self._rows = self._seen = 0
        self._focused = False
        self._followed: str | None = None
        self._keys: dict[int, str | None] = {}
        self._painter = Painter()
        self._turned: tuple[int, int, bool, int, bool, str | None] | None = None

    def turn(
        self, page: Page, cells: int, rows: int, *, focused: bool, selected: str | None, seen: int | None = None
    ) -> None:
        """Show a page in so many cells and rows; of its cells only the first `seen` are not covered."""
        seen = cells if seen is None else seen
        shown = (cells, rows, focused, seen, self.plain, selected)
        if page is self.page and shown == self._turned:
            return
        self.page, self._cells, self._rows, self._focused, self._seen = page, cells, rows, focused, seen
        self._turned = shown
        if selected != self._followed:
            self._followed = selected
            self._follow(selected)
        self._draw()

    def in_sight(self) -> str | None:
        """The first that can be selected of what is shown from its beginning to its end; None where nothing is."""
        shown = range(self._first, self._first + self._room)
        for key in self.page.keys:
            places = [number for number, one in enumerate(self.page.body) if one.holds(key)]
            if places and places[0] in shown and places[-1] in shown:
                return key
        return None

    def scroll_rows(self, step: int) -> None:
        """Move the rows under the heading."""
        self._first += step
        self._draw()

    @property
    def _room(self) -> int:
        return max(0, self._rows - 1 - (self.page.heading is not None))

    def _follow(self, selected: str | None) -> None:
        places = [number for number, one in enumerate(self.page.body) if one.holds(selected)]
        if not places:
            return
        self._first = min(self._first, places[0])
        self._first = max(self._first, places[-1] + 1 - self._room)

    def _draw(self) -> None:
        body = self.page.body
        self._first = max(0, min(self._first, len(body) - self._room))
        shown = whole_units(body, self._first, self._room)
        head = [title_line(self.page.title, (*self._more(shown), *self.page.clauses), self._cells, self._focused)]
        if self.page.heading is not None:
            head.append(self.page.heading)
        self._keys = {len(head) + number: one.key for number, one in enumerate(shown)}
        lines = [*head, *self._painter.lines([one.content for one in shown])][: self._rows]
        if self._seen < self._cells:
            lines = [covered(one, self._seen) for one in lines]
        self.show([*lines, *[pad(self._seen)] * (self._rows - len(lines))], self._seen)

    def _more(self, shown: Sequence[BodyLine]) -> tuple[Line, ...]:
        above = _units(self.page.body[: self._first])
        below = _units(self.page.body[self._first + len(shown) :])
        marks: list[str] = []
        if above:
            marks.append(f"{above} more {glyphs.MORE_ABOVE}")
        if below:
            marks.append(f"{below} more {glyphs.MORE_BELOW}")
        return (line(Piece("  ".join(marks), "text")),) if marks else ()

    def on_click(self, event: events.Click) -> None:
        """Focus the pane, select the row."""
        event.stop()
        self.post_message(self.Chosen(self.pane, self._keys.get(event.y)))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Rows further down."""
        event.stop()
        self.scroll_rows(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Rows further up."""
        event.stop()
        self.scroll_rows(-1)


def whole_units(body: Sequence[BodyLine], first: int, room: int) -> Sequence[BodyLine]:
    """The lines from `first` that fit, without a last unit that would be cut; a lone unit is cut."""
    shown = body[first : first + room]
    rest = body[first + room : first + room + 1]
    if not shown or not rest or rest[0].unit is None or rest[0].unit != shown[-1].unit:
        return shown
    whole = [one for one in shown if one.unit != rest[0].unit]
    return whole or shown


def _units(lines: Sequence[BodyLine]) -> int:
    """Rows or cards among lines; blank lines between them are none."""
    return len({one.unit if one.unit is not None else id(one) for one in lines if one.key or one.unit is not None})
