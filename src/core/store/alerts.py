"""What alerts remember, what fired, and how each way of telling it went; only the feed writes here.

A firing, its deliveries and the memory that will not let it fire again are written in one step: a process that
is killed before has done nothing, one that is killed after has it all.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from ..model.alert import Delivery, Firing, Memory
from ..model.decoding import decoded

KEPT = timedelta(days=90)
"""How long a firing stays in the journal."""
OPEN = ("pending", "begun")
"""States of a delivery of which more is to come."""


def write_alerts(
    database: sqlite3.Connection,
    memories: Mapping[str, Memory],
    firings: Iterable[Firing],
    deliveries: Iterable[Delivery],
) -> None:
    """What alerts remember now with what fired and how it is to be told, in one step; what is there already stands."""
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.executemany(
            "INSERT OR REPLACE INTO alerts VALUES (?, ?)",
            [(name, msgspec.json.encode(memory)) for name, memory in memories.items()],
        )
        database.executemany(
            "INSERT OR IGNORE INTO firings VALUES (?, ?, ?, ?)",
            [(one.id, one.time.timestamp(), one.alert, msgspec.json.encode(one)) for one in firings],
        )
        database.executemany("INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?, ?)", map(_row, deliveries))


def note_deliveries(database: sqlite3.Connection, deliveries: Iterable[Delivery]) -> None:
    """How deliveries stand now."""
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT OR REPLACE INTO deliveries VALUES (?, ?, ?, ?)", map(_row, deliveries))


def _row(one: Delivery) -> tuple[str, str, float, bytes]:
    return one.firing, one.way, one.changed_at.timestamp(), msgspec.json.encode(one)


def forget_alerts(database: sqlite3.Connection, names: Iterable[str]) -> None:
    """Alerts that are no longer in the settings: back again, they begin anew."""
    with database:
        database.executemany("DELETE FROM alerts WHERE name = ?", [(name,) for name in names])


def forget_old_firings(database: sqlite3.Connection, now: datetime) -> None:
    """Take firings out of the journal that are older than it reaches, but for those still to be told."""
    before = (now - KEPT).timestamp()
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.execute("DELETE FROM firings WHERE time < ?", (before,))
        database.execute("DELETE FROM deliveries WHERE firing NOT IN (SELECT id FROM firings)")


def read_memories(database: sqlite3.Connection) -> dict[str, Memory]:
    """What every alert remembered when the last feed ended."""
    return {name: decoded(memory, Memory) for name, memory in database.execute("SELECT name, memory FROM alerts")}


def read_firings(database: sqlite3.Connection, newest: int = 200) -> tuple[Firing, ...]:
    """The newest firings, oldest first."""
    rows = database.execute("SELECT firing FROM firings ORDER BY time DESC, rowid DESC LIMIT ?", (newest,)).fetchall()
    return tuple(decoded(row[0], Firing) for row in reversed(rows))


def read_deliveries(database: sqlite3.Connection) -> dict[tuple[str, str], Delivery]:
    """Every delivery in the journal, by firing and way, in the order in which they were made."""
    rows = database.execute("SELECT delivery FROM deliveries ORDER BY changed_at, rowid")
    found = (decoded(row[0], Delivery) for row in rows)
    return {(one.firing, one.way): one for one in found}
