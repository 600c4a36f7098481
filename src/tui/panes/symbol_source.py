"""Where the figures of one instrument come from, and what must be known beside them."""

from datetime import date

from msgspec import Struct

from ...core.model.snapshot import Row, Snapshot
from ..format import NO_BREAK, count, price, weekday_date
from ..look import Look
from ..proofs._common import KINDS
from ..proofs.proof import at_time
from ..text import Piece, clean, line, pad, wrap
from ..widgets.board import BodyLine, Page
from ._common import made_of
from ._symbol import shown

NAME = "symbol_source"
TITLE = "source and notes"
NAMES = 10
"""Cells of the names."""


class Told(Struct, frozen=True):
    """One thing that is told: its name, the words, and whether they are a warning."""

    name: str
    words: str
    style: str = "text"


def rows(row: Row, snapshot: Snapshot, look: Look) -> tuple[Told, ...]:
    """What it is, who gave it and when, how far it reaches; then all that is doubtful."""
    what = Told("symbol", f"{clean(row.symbol)}: {KINDS.get(row.kind, clean(row.kind))}")
    return (what, *_origin(row, look), *_quote(row, snapshot, look),
            *_official(row), *_doubts(row, snapshot))  # fmt: skip


def _origin(row: Row, look: Look) -> tuple[Told, ...]:
    origin = row.origin
    if origin is None:
        return (Told("bars", "none yet", "stale"),)
    taken = at_time(origin.taken_at, look)
    return (
        Told("bars", f"daily, {clean(origin.source or 'stored')}{f', taken {taken}' if taken else ''}"),
        Told("reach", f"{count(origin.sessions)} sessions since {_day(origin.since)}"),
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}".replace(" ", NO_BREAK)


def _quote(row: Row, snapshot: Snapshot, look: Look) -> tuple[Told, ...]:
    quote = row.quote
    if quote is None or quote.state == "final":
        return ()
    delay = f", {quote.delay_minutes} min delayed" if quote.delay_minutes else ""
    said = [Told("running", f"{clean(snapshot.health.source)}{delay}, price of {at_time(quote.time, look)}")]
    if quote.range_as_of is not None:
        said.append(Told("range", f"high and low known to {at_time(quote.range_as_of, look)}"))
    if quote.same_answers:
        times = "answer" if quote.same_answers == 1 else "answers"
        said.append(Told("unchanged", f"the same price and time in {count(quote.same_answers)} {times} in a row"))
    return tuple(said)


def _official(row: Row) -> tuple[Told, ...]:
    close = row.official
    if close is None:
        return ()
    made = f", {what}" if (what := made_of(close)) else ""
    words = f"{price(close.last)} of {weekday_date(close.session)} from {clean(close.source or '')}{made}"
    return (Told("official", f"{words}: shown, and nothing else is computed from it"),)


def _doubts(row: Row, snapshot: Snapshot) -> tuple[Told, ...]:
    """Prices and bars held back, holes, silence: all that is known against the figures."""
    health, names = snapshot.health, (row.short, row.symbol)
    said: list[Told] = []
    if row.held:
        said.append(Told("held", clean(row.held), "fault"))
    said += [Told("held", clean(one), "fault") for one in health.held if one.split(" ", 1)[0] in names]
    said += [Told("hole", clean(one), "stale") for one in health.gaps if one.split(":", 1)[0] in names]
    if row.note and not any(one.name == "hole" for one in said):
        said.append(Told("note", clean(row.note), "stale"))
    said += [Told("mended", clean(one)) for one in health.mended if one.split(" ", 1)[0] in names]
    said += [Told("differs", clean(one), "stale") for one in health.disagreements if one.split(" ", 1)[0] in names]
    if row.symbol in health.silent:
        cause = f": {clean(health.error)}" if health.error else ""
        said.append(Told("silent", f"the last request brought nothing{cause}", "fault"))
    return tuple(said)


def body(row: Row, snapshot: Snapshot, look: Look, cells: int) -> tuple[BodyLine, ...]:
    """A name and its words, wrapped."""
    made: list[BodyLine] = []
    for number, one in enumerate(rows(row, snapshot, look)):
        for place, text in enumerate(wrap(one.words, cells - NAMES - 2)):
            name = Piece(one.name.ljust(NAMES) if not place else " " * NAMES, "muted")
            made.append(BodyLine(line(*pad(1), name, " ", Piece(text, one.style)), unit=number))
    return tuple(made)


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """All of it, and the title."""
    row = shown(snapshot, look)
    return 1 + (len(body(row, snapshot, look, cells)) if row else 1)


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The section."""
    del lines
    row = shown(snapshot, look)
    if row is None:
        return Page(TITLE, ())
    doubts = _doubts(row, snapshot)
    word = line(Piece("nothing is doubtful", "muted")) if not doubts else line(Piece(f"{len(doubts)} to know", "stale"))
    return Page(TITLE, body(row, snapshot, look, cells), clauses=(word,))
