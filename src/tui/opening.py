"""Opening one instrument on a screen of its own, and going along the others from there."""

from collections.abc import Iterable

from msgspec.structs import replace

from ..core.model.snapshot import Row, Snapshot
from .choices import Choices, Opened
from .look import matches
from .text import clean

SCREEN = "instrument"
LADDER = ("symbol_levels", "last")
"""On the ladder the cursor begins at the last price."""


def opened(now: Choices, symbol: str, line: tuple[str, ...]) -> Choices:
    """The screen of an instrument; back leads to where one is now, also from one opened out of another."""
    there = now.opened or Opened(
        symbol, line, now.screen, now.focus, now.figure, "" if now.finding else now.find, now.zoomed
    )
    if symbol not in there.line:
        there = replace(there, line=line)
    others = tuple(one for one in now.picks if one[0] != LADDER[0])
    return replace(
        now,
        screen=SCREEN,
        picks=(*others, LADDER),
        opened=replace(there, symbol=symbol),
        focus=now.focus if now.opened else "",
        figure=now.figure if now.opened else None,
        proof=now.proof and now.opened is not None,
        zoomed=now.zoomed and now.opened is not None,
        find="",
        finding=False,
        page="",
    )


def along(now: Choices, step: int) -> Choices:
    """The instrument so many further on in its line, stopping at either end."""
    there = now.opened
    if there is None or there.symbol not in there.line:
        return now
    place = min(len(there.line) - 1, max(0, there.line.index(there.symbol) + step))
    return replace(now, opened=replace(there, symbol=there.line[place]))


def under_cursor(pane: str, key: str | None, now: Choices, snapshot: Snapshot) -> str | None:
    """The instrument of a pane's selected row; of a flag the one it watches; else the one selected on the board."""
    if pane in ("flags", "journal"):
        watched = {one.id: one.watched for one in snapshot.flags}
        return watched.get(key or "", now.selected)
    row = snapshot.row(key) if key else None
    return row.symbol if row is not None else now.selected


def line_of(keys: Iterable[str], snapshot: Snapshot) -> tuple[str, ...]:
    """The symbols of a pane as it is ordered and narrowed; of one without instruments, those of the board."""
    known = {row.symbol for row in snapshot.instruments}
    found = tuple(key for key in keys if key in known)
    return found or tuple(row.symbol for row in snapshot.instruments)


def _found(now: Choices, snapshot: Snapshot, others: Iterable[Row]) -> Row | None:
    """What would be opened: on an instrument's screen the likeliest, elsewhere what the board does not have."""
    rows = snapshot.instruments
    if not now.opened and any(matches(row, now.find) for row in rows):
        return None
    return next(iter(matching(now.find, (*rows, *others))), None)


def entered(now: Choices, snapshot: Snapshot, others: tuple[Row, ...]) -> Choices | None:
    """The step of Enter behind what was typed; None where it keeps the rows that were found."""
    found = _found(now, snapshot, others)
    if found is not None:
        return opened(now, found.symbol, line_of((), snapshot) if not _is_other(found, others) else symbols(others))
    return replace(now, finding=False, find="") if now.opened else None


def _is_other(row: Row, others: Iterable[Row]) -> bool:
    return any(one.symbol == row.symbol for one in others)


def symbols(rows: Iterable[Row]) -> tuple[str, ...]:
    """Their symbols."""
    return tuple(row.symbol for row in rows)


NAMED = 4
"""Instruments named beside what is being typed."""


def found_words(now: Choices, snapshot: Snapshot | None, others: tuple[Row, ...]) -> str:
    """What Enter and Esc would do with what has been typed so far."""
    if snapshot is None or not now.find:
        return "Enter opens, Esc leaves" if now.opened else "Enter keeps, Esc restores"
    found = _found(now, snapshot, others)
    if found is None:
        return "nothing of this name has bars; Esc leaves" if now.opened else "Enter keeps, Esc restores"
    name = "" if _is_other(found, others) is False else ", not on the board"
    more = [clean(row.short) for row in matching(now.find, (*snapshot.instruments, *others))[1:NAMED]]
    also = f" · also {', '.join(more)}" if more else ""
    return f"Enter opens {clean(found.short)} {clean(found.name)}{name}{also}"


def matching(words: str, rows: Iterable[Row]) -> tuple[Row, ...]:
    """Instruments a typed word may mean, the likeliest first: whole symbol, its beginning, then any part of a name."""
    wanted = words.strip().casefold().lstrip("^")
    if not wanted:
        return ()
    ranked = [(_rank(wanted, row), place, row) for place, row in enumerate(rows)]
    return tuple(row for rank, _, row in sorted(ranked, key=lambda one: one[:2]) if rank < NO_MATCH)


NO_MATCH = 4


def _rank(wanted: str, row: Row) -> int:
    spellings = (row.short.casefold(), row.symbol.casefold().lstrip("^"))
    if wanted in spellings:
        return 0
    if any(one.startswith(wanted) for one in spellings):
        return 1
    if row.name.casefold().startswith(wanted):
        return 2
    return 3 if any(wanted in text for text in (*spellings, row.name.casefold(), row.role.casefold())) else NO_MATCH
