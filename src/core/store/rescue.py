"""What can still be read of a damaged database, taken over into a new one.

Journal, lives, what is held back, and what was spent of the budget: each row is checked by what it must
be. Bars are not taken: a price with a flipped bit cannot be told from a true one.
"""

import contextlib
import math
import shutil
import sqlite3
import tempfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from ..clock import wall
from ..flags.lifecycle import Life
from ..model.alert import Delivery, Firing, Memory
from ..model.flag import Event
from .budget import LONGEST
from .damage import COMPANIONS
from .journal import read_events, write_events

GIVEN_UP = 64
"""Places at which a table could not be read, after which the rest of it is given up."""
Row = tuple[object, ...]
_ENTRY = ("flag", "session", "time", "event")
_INDEXED = "journal INDEXED BY sqlite_autoindex_journal_1"
Kind = TypeVar("Kind", Event, Life, Memory, Firing, Delivery)
_REQUEST = "INSERT INTO requests SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM requests WHERE sent_at = ? AND url = ?)"


def rescue(damaged: Path, into: sqlite3.Connection) -> int:
    """Take over what is readable of a database that was set aside; returns the entries of the journal."""
    for with_log in (True, False):
        # a log of another database hides what the file itself still holds
        with contextlib.suppress(sqlite3.Error, OSError), _opened(damaged, with_log=with_log) as source:
            take_over(source, into)
    return len(read_events(into))


def take_over(source: sqlite3.Connection, into: sqlite3.Connection) -> None:
    """Everything but bars, closes and studies of one database into another, as far as it can be read."""
    add_events(into, _events(source), _lives(source))
    now, day = wall().timestamp(), timedelta(days=1).total_seconds()
    for row in _readable(source, "held", ("symbol", "session", "reason", "taken_at")):
        _put(into, "INSERT OR IGNORE INTO held VALUES (?, ?, ?, ?)", row)
    for row in _readable(source, "suspects", ("symbol", "session", "what", "price", "seen_at")):
        _put(into, "INSERT OR IGNORE INTO suspects VALUES (?, ?, ?, ?, ?)", row)
    for row in _readable(source, "gaps", ("symbol", "session", "asked", "asked_at")):
        if _number(row[2]) and _number(row[3]):
            _put(into, "INSERT OR IGNORE INTO gaps VALUES (?, ?, ?, ?)", row)
    for row in _readable(source, "requests", ("sent_at", "url")):
        if _number(row[0]) and now - 2 * day < _as_float(row[0]) < now + day:
            _put(into, _REQUEST, (*row, *row))
    for key, value, why in _readable(source, "budget", ("key", "value", "why")):
        if _number(value):
            kept = _within(str(key), _as_float(value), now)
            _put(into, "INSERT OR REPLACE INTO budget VALUES (?, ?, ?)", (key, kept, why))
    for row in _readable(source, "symbols", ("symbol", "unknown_on")):
        _put(into, "INSERT OR IGNORE INTO symbols (symbol, unknown_on) VALUES (?, ?)", row)
    _take_over_alerts(source, into)


def _take_over_alerts(source: sqlite3.Connection, into: sqlite3.Connection) -> None:
    """What alerts remember, so that nothing fires a second time, and what was still to be told."""
    for name, memory in _readable(source, "alerts", ("name", "memory")):
        if _decoded(memory, Memory) is not None:
            _put(into, "INSERT OR IGNORE INTO alerts VALUES (?, ?)", (name, memory))
    for row in _readable(source, "firings", ("id", "time", "alert", "firing")):
        if _decoded(row[3], Firing) is not None and _number(row[1]):
            _put(into, "INSERT OR IGNORE INTO firings VALUES (?, ?, ?, ?)", row)
    for row in _readable(source, "deliveries", ("firing", "way", "changed_at", "delivery")):
        if _decoded(row[3], Delivery) is not None and _number(row[2]):
            _put(into, "INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?, ?)", row)


def add_events(into: sqlite3.Connection, events: Iterable[Event], lives: dict[str, Life]) -> None:
    """Entries that the journal does not have yet, oldest first, and lives."""
    known = set(read_events(into))
    write_events(into, sorted(set(events) - known, key=lambda one: one.time), lives)


def _within(key: str, value: float, now: float) -> float:
    """A pause ends in six hours at the latest, and nobody owes requests, whatever a flipped bit says."""
    if key.startswith("paused_until"):
        return min(value, now + LONGEST)
    return max(0.0, value) if key.startswith("tokens") else value


def _number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _as_float(value: object) -> float:
    assert isinstance(value, int | float)
    return float(value)


def _put(into: sqlite3.Connection, statement: str, row: Sequence[object]) -> None:
    with contextlib.suppress(sqlite3.IntegrityError, sqlite3.InterfaceError):
        into.execute(statement, tuple(row))


def _events(source: sqlite3.Connection) -> list[Event]:
    """Entries of which the two copies on the disk, the table's and its index's, agree, or one cannot be read.

    Where they differ nothing tells which is true: the entry stays in the file that was set aside alone.
    """
    table, index = (_by_place(_readable(source, one, _ENTRY)) for one in ("journal", _INDEXED))
    found: list[Event] = []
    for place in {**table, **index}:
        one, other = table.get(place), index.get(place)
        found += one & other if one and other else one or other or ()
    return found


def _by_place(rows: Iterable[Row]) -> dict[Row, set[Event]]:
    """Entries that are what their row says of them, by flag, session and time."""
    found: dict[Row, set[Event]] = {}
    for flag, session, time, content in rows:
        event = _decoded(content, Event)
        place = (flag, session, time)
        if event is not None and place == (event.flag, event.session.isoformat(), event.time.timestamp()):
            found.setdefault(place, set()).add(event)
    return found


def _lives(source: sqlite3.Connection) -> dict[str, Life]:
    found = {str(flag): _decoded(life, Life) for flag, life in _readable(source, "lives", ("flag", "life"))}
    return {flag: life for flag, life in found.items() if life is not None}


def _decoded(content: object, kind: type[Kind]) -> Kind | None:
    """What a row holds, None where it cannot be read as that."""
    if not isinstance(content, bytes):
        return None
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
        return None


def _readable(source: sqlite3.Connection, table: str, columns: Sequence[str]) -> Iterator[Row]:
    """Rows of a table from its front up to where it cannot be read, and then from its end back to there."""
    seen: set[Row] = set()
    for order in ("", " DESC"):
        for row in _upto_fault(source, f"SELECT {', '.join(columns)} FROM {table} ORDER BY {_key(table)}{order}"):
            if row not in seen:
                seen.add(row)
                yield row
    if table == "journal":
        yield from (row for row in _one_by_one(source, columns) if row not in seen)


def _key(table: str) -> str:
    return {
        "journal": "id",
        _INDEXED: "flag, session, time",
        "requests": "rowid",
        "budget": "key",
        "lives": "flag",
        "symbols": "symbol",
        "alerts": "name",
        "firings": "rowid",
        "deliveries": "rowid",
    }.get(table, "symbol, session")


def _upto_fault(source: sqlite3.Connection, query: str) -> Iterator[Row]:
    with contextlib.suppress(sqlite3.Error, UnicodeDecodeError):
        yield from source.execute(query)


def _one_by_one(source: sqlite3.Connection, columns: Sequence[str]) -> Iterator[Row]:
    """Entries between damaged places, asked for by their numbers in growing strides."""
    at, faults = 0, 0
    while faults < GIVEN_UP:
        try:
            for row in source.execute(f"SELECT id, {', '.join(columns)} FROM journal WHERE id > ? ORDER BY id", (at,)):
                at, faults = row[0], 0
                yield row[1:]
            return
        except (sqlite3.Error, UnicodeDecodeError):
            faults += 1
            at += 2 ** min(faults, 10)


@contextlib.contextmanager
def _opened(damaged: Path, *, with_log: bool) -> Generator[sqlite3.Connection, None, None]:
    """A copy (with its log), so that reading it changes nothing of what was set aside."""
    with tempfile.TemporaryDirectory(prefix="tapewatch-rescue-") as folder:
        copy = Path(folder) / "damaged.db"
        shutil.copyfile(damaged, copy)
        with contextlib.suppress(OSError):
            if with_log:
                shutil.copyfile(f"{damaged}{COMPANIONS[0]}", f"{copy}{COMPANIONS[0]}")
        source = sqlite3.connect(copy, isolation_level=None)
        try:
            with contextlib.suppress(sqlite3.Error):
                source.execute("PRAGMA writable_schema = ON")  # a damaged schema is read as far as it goes
            yield source
        finally:
            source.close()
