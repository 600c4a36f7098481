"""Confirmation and macro: ratios, breadth, correlation, volatility and the yield, each in its own year."""

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace
from rich.cells import cell_len

from ...core.model.measures import Confirmation
from ...core.model.snapshot import Snapshot
from .. import glyphs
from ..confirmation_words import change_text, value_text
from ..format import count, sign_of, weekday_date
from ..look import Look
from ..text import Line, Piece, clean, fit, line, wrap
from ..text import width as width_of
from ..widgets.board import BodyLine, Page
from ..widgets.painter import RowLine
from ..widgets.range_bar import Canvas, Scale
from ..widgets.table import Art, Cell, Column, Fitted, Placed, TableRow, fitted, heading, reordered, sized
from ._common import NOTHING, arrow_of, found, nothing_left, sentence, tone_of
from ._parts import of_confirmation

NAME = "confirmation"
TITLE = "confirmation and macro"

COLUMNS = (
    Column("mark", "", 4, 1, align="left", gap=0),
    Column("what", "WHAT", 13, 1, align="left", gap=0),
    Column("meaning", "", 21, 4, align="left", gap=1),
    Column("value", "VALUE", 9, 1, after=3),
    Column("change", "20 S. %", 10, 2, after=3),
    Column("bar", "", 10, 6, align="left", gap=2, most=16),
    Column("position", "POS %", 5, 3),
    Column("reading", "READING", 20, 2, align="left", gap=2, most=40),
)
KEPT = ("what", "meaning", "mark", "value")
"""The columns an unknown line keeps; its reason stands in place of the others."""


class Place(Art, frozen=True):
    """A value on a hairline from the lowest to the highest of its year."""

    percent: float

    def draw(self, cells: int) -> Line:
        """The hairline in so many cells."""
        canvas = Canvas(cells)
        canvas.fill(0, cells - 1, glyphs.HAIRLINE, "range-prev")
        canvas.put(Scale(0.0, 100.0, cells).cell(self.percent), glyphs.FINAL, "range-mark bold")
        return canvas.line()


class Words(Art, frozen=True):
    """A few words in place of a hairline or of a number, which they need not line up with."""

    text: str
    style: str = "stale"
    right: bool = False

    def draw(self, cells: int) -> Line:
        """As many of them as fit whole; a number is never cut."""
        if self.right:
            return line(Piece(self.text.rjust(cells), self.style))
        if cell_len(self.text) <= cells:
            return line(Piece(fit(self.text, cells), self.style))
        return line(Piece(fit(f"{wrap(self.text, max(1, cells - 2))[0]} …", cells), self.style))


def rows(snapshot: Snapshot, look: Look) -> tuple[Confirmation, ...]:
    """The lines that what was typed leaves, in the feed's order."""
    wanted = look.choices.find.strip().casefold()
    return tuple(
        one
        for one in snapshot.confirmation
        if any(wanted in text.casefold() for text in (one.key, one.label, one.meaning))
    )


def figures(one: Confirmation) -> dict[str, Cell]:
    """The figures of one line."""
    named = {
        "what": Cell(clean(one.label), "bright bold" if one.state == "known" else "stale"),
        "meaning": Cell(clean(one.meaning), "muted"),
        "value": _value(one),
    }
    if one.state != "known":
        return named
    return named | {
        "change": _change(one),
        "bar": _bar(one),
        "position": Cell(count(one.position_percent), "text" if one.position_percent is not None else "muted"),
        "reading": Cell(art=Words(sentence(one.reading), "muted")),
    }


def _value(one: Confirmation) -> Cell:
    if one.value is None:
        return NOTHING
    if one.unit == "count":
        return Cell(art=Words(value_text(one), "text", right=True))
    return Cell(value_text(one), "text")


def _change(one: Confirmation) -> Cell:
    if one.change20 is None:
        return Cell()
    text = change_text(one)
    style = tone_of(sign_of(text))
    return Cell(text, style, mark=arrow_of(sign_of(text)), mark_style=style)


def _bar(one: Confirmation) -> Cell:
    if one.position_percent is not None:
        return Cell(art=Place(one.position_percent))
    return Cell(art=Words(clean(one.note))) if one.note else Cell()


part = of_confirmation
"""All of a snapshot that is shown here."""


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """A line each, title and heading."""
    told = rows(snapshot, look)
    return 2 + len(told) if told else 1 + len(_nothing(snapshot, look, cells))


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The pane."""
    del lines
    told = rows(snapshot, look)
    title = TITLE + found(look)
    if not told:
        return Page(title, _nothing(snapshot, look, cells))
    picked = selected(told, look)
    made = [TableRow(one.key, figures(one), lifted=one.key == picked) for one in told]
    table = fitted(reordered(sized(COLUMNS, made), look.first.get(NAME, ())), cells, look.hidden)
    made = made if any(one.column.key == "meaning" for one in table.placed) else _told_apart(told, made)
    body = tuple(
        BodyLine(_drawn(one, row, table, cells), one.key, unit=at)
        for at, (one, row) in enumerate(zip(told, made, strict=True))
    )
    keys = tuple(one.key for one in told)
    return Page(title, body, clauses=_clauses(snapshot), heading=heading(table, None, _labels(table)), keys=keys)


def selected(told: Sequence[Confirmation], look: Look) -> str | None:
    """The line the cursor is on; shown only where the pane has the focus."""
    if look.choices.focus != NAME:
        return None
    keys = [one.key for one in told]
    picked = look.choices.picked(NAME)
    return picked if picked in keys else keys[0]


def _told_apart(told: Sequence[Confirmation], made: Sequence[TableRow]) -> list[TableRow]:
    """Lines of one label called by their meaning, where there is no column for it."""
    labels = Counter(one.label for one in told)
    return [
        replace(row, cells=row.cells | {"what": replace(row.cells["what"], text=clean(one.meaning))})
        if labels[one.label] > 1
        else row
        for one, row in zip(told, made, strict=True)
    ]


def _drawn(one: Confirmation, row: TableRow, table: Fitted, cells: int) -> Line | RowLine:
    """A row, or what is known of an unknown one and the reason across the rest of it."""
    if one.state == "known":
        return RowLine(table, row, cells)
    kept: list[Placed] = [placed for placed in table.placed if placed.column.key in KEPT]
    start = RowLine(Fitted(tuple(kept), 0), row).drawn()
    room = cells - width_of(start) - 3
    words = sentence(one.reading)
    return line(*start, "   ", Piece(fit(words, max(0, room)) if cell_len(words) > room else words, "stale"))


def _clauses(snapshot: Snapshot) -> tuple[Line, ...]:
    session = max((one.as_of for one in snapshot.confirmation if one.as_of), default=None)
    return (
        line(Piece("closes of ", "muted"), Piece(weekday_date(session), "text")),
        line(Piece("ratios: 252 sessions ago = 100", "muted")),
        line(Piece("position in 252 sessions", "muted")),
    )


def _labels(table: Fitted) -> dict[str, Line]:
    width = next((one.cells for one in table.placed if one.column.key == "bar"), 0)
    return {"bar": line(Piece("LOW" + " " * (width - 7) + "HIGH", "muted"))} if width else {}


def _nothing(snapshot: Snapshot, look: Look, cells: int) -> tuple[BodyLine, ...]:
    if snapshot.confirmation:
        return (BodyLine(nothing_left(look)),)
    words = wrap("No ratio yet: it takes a year of closes of the US indices.", max(10, cells - 4))
    return tuple(BodyLine(line("    ", Piece(text, "muted"))) for text in words)
