"""The journal: when each flag formed, was confirmed, faded; newest first."""

from datetime import UTC, datetime

from ...core.model.flag import Event
from ...core.model.snapshot import Snapshot
from ..format import clock, in_zone, session_date, weekday, weekday_date, zone_name
from ..look import Look
from ..text import Line, Piece, line, wrap
from ..widgets.board import BodyLine, Page
from ..widgets.meter import state_mark, tone
from ..words import event_words, rule_name, short_of
from ._parts import of_journal

NAME = "journal"
TITLE = "journal"
INDENT = 14


def rows(snapshot: Snapshot, look: Look) -> tuple[Event, ...]:
    """Entries newest first, narrowed to one rule where that is chosen."""
    wanted = look.choices.rule
    newest = sorted(snapshot.journal, key=lambda event: event.time, reverse=True)
    return tuple(event for event in newest if wanted is None or event.rule == wanted)


def entry(event: Event, snapshot: Snapshot, look: Look, cells: int) -> tuple[Line, ...]:
    """Time, state mark in the flag's colour, what happened; further lines are indented."""
    severity = next((flag.severity for flag in snapshot.flags if flag.id == event.flag), "info")
    words = wrap(f"{short_of(event.watched, snapshot)} {event_words(event, snapshot)}", max(10, cells - INDENT)) or [""]
    head = line(
        Piece(f" {_stamp(event, snapshot, look):<9}", "muted"), "  ",
        Piece(state_mark(event.state), f"{tone(severity, event.state)} bold"), " ",
    )  # fmt: skip
    first = line(*head, Piece(words[0], "muted" if event.state == "faded" else "text"))
    return (first, *(line(Piece(" " * INDENT + text, "muted")) for text in words[1:]))


def _stamp(event: Event, snapshot: Snapshot, look: Look) -> str:
    """``Fri 16:20`` in the week shown; of another week its date, since every week has a Friday."""
    shown = snapshot.session or event.session
    if event.session.isocalendar()[:2] == shown.isocalendar()[:2]:
        return f"{weekday(event.session)} {clock(event.time, look.zone)}"
    return session_date(event.session, shown)


def body(snapshot: Snapshot, look: Look, cells: int) -> tuple[BodyLine, ...]:
    """All entries."""
    return tuple(
        BodyLine(one, unit=number)
        for number, event in enumerate(rows(snapshot, look))
        for one in entry(event, snapshot, look, cells)
    )


part = of_journal
"""All of a snapshot that is shown here."""


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """Lines of all entries and the title."""
    return 1 + max(2, len(body(snapshot, look, cells)))


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The pane."""
    del lines
    narrowed = f" · {rule_name(look.choices.rule)}" if look.choices.rule else ""
    clauses = (line(Piece("newest first", "muted")), line(Piece(_span(snapshot), "muted")))
    return Page(TITLE + narrowed, body(snapshot, look, cells) or _empty(snapshot, look), clauses=clauses)


def _span(snapshot: Snapshot) -> str:
    first = min((event.session for event in snapshot.journal), default=None)
    return f"since {weekday_date(first)}" if first else ""


def _empty(snapshot: Snapshot, look: Look) -> tuple[BodyLine, ...]:
    since = _started(snapshot)
    day = weekday(in_zone(since, look.zone).date()) if since else ""
    words = f" since {day} {clock(since, look.zone)} {zone_name(since, look.zone)}" if since else ""
    return (BodyLine(line(Piece(f"    No flag has changed its state{words}.", "muted"))),)


def _started(snapshot: Snapshot) -> datetime | None:
    """When the feed began, on the market's clock: in a demo that runs faster than the wall's."""
    reading, producer = snapshot.clock, snapshot.producer
    if producer is None or reading.read_at is None or not reading.rate:
        return None
    return reading.now.astimezone(UTC) - (reading.read_at - producer.started) * reading.rate
