"""Flags on one instrument, each with its sentence and record; then those it is a reference of."""

from msgspec.structs import replace

from ...core.model.flag import Flag
from ...core.model.snapshot import Row, Snapshot
from ..look import ON, Look
from ..text import Line, Piece, line, wrap
from ..widgets.board import BodyLine, Page
from ..words import short_of, title_of
from . import flags as cards
from ._symbol import shown

NAME = "symbol_flags"
TITLE = "flags"
INDENT = 4


def rows(snapshot: Snapshot, look: Look) -> tuple[Flag, ...]:
    """Those that watch it, in the order of the pane of all."""
    row = shown(snapshot, look)
    return cards.rows(_alone(row, snapshot), _anyway(look)) if row else ()


def references(row: Row, snapshot: Snapshot) -> tuple[Flag, ...]:
    """Those it is held against."""
    return tuple(flag for flag in snapshot.flags if row.symbol in flag.against and flag.watched != row.symbol)


def _alone(row: Row, snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, flags=tuple(flag for flag in snapshot.flags if flag.watched == row.symbol))


def _anyway(look: Look) -> Look:
    """The pane of all flags is asked as if it had this one's cursor, and without its filter."""
    choices = look.choices
    picked = choices.picked(NAME)
    focus = cards.NAME if choices.focus == NAME else ""
    return replace(
        look, choices=replace(choices, rule=None, focus=focus, picks=((cards.NAME, picked),) if picked else ())
    )


def body(snapshot: Snapshot, look: Look, cells: int, lines: int) -> tuple[BodyLine, ...]:
    """Cards, each saying as much as there is room for; a sentence where none is on."""
    row = shown(snapshot, look)
    if row is None:
        return ()
    made = cards.cards(_alone(row, snapshot), _anyway(look), cells, lines - 1)
    known = any(flag.watched == row.symbol for flag in snapshot.flags)
    words = "Its rules wait for a history." if known else "No flag is on it."
    made = made or (BodyLine(line(Piece(f"    {words}", "text"))),)
    return (*made, *(BodyLine(one) for one in _also(row, snapshot, cells)))


def _also(row: Row, snapshot: Snapshot, cells: int) -> tuple[Line, ...]:
    named = [
        f"{short_of(flag.watched, snapshot)} {title_of(flag)} ({flag.state})" for flag in references(row, snapshot)
    ]
    if not named:
        return ()
    words = f"Held against it: {', '.join(named)}."
    return ((), *(line(Piece(f"    {text}", "muted")) for text in wrap(words, cells - INDENT)))


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """All cards in full, and the title."""
    return 1 + max(1, len(body(snapshot, look, cells, cards.ENDLESS)))


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The section."""
    found = rows(snapshot, look)
    on = sum(flag.state in ON for flag in found)
    clauses = (line(Piece(f"{on} on it", "text")),)
    return Page(TITLE, body(snapshot, look, cells, lines), clauses=clauses, keys=tuple(flag.id for flag in found))
