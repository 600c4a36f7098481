"""The journal: when each flag formed, was confirmed, faded; and the lives a restarted feed goes on with."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from ..flags.lifecycle import Life
from ..model.decoding import decoded
from ..model.flag import Event


def write_events(database: sqlite3.Connection, events: Iterable[Event], lives: Mapping[str, Life]) -> None:
    """Add events (a repeated one is kept once) and the lives that go with them, in one step."""
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.executemany(
            "INSERT OR IGNORE INTO journal (time, session, flag, event) VALUES (?, ?, ?, ?)",
            [(one.time.timestamp(), one.session.isoformat(), one.flag, msgspec.json.encode(one)) for one in events],
        )
        database.executemany(
            "INSERT OR REPLACE INTO lives VALUES (?, ?)",
            [(flag, msgspec.json.encode(life)) for flag, life in lives.items()],
        )


def read_events(
    database: sqlite3.Connection, *, since: date | None = None, newest: int | None = None
) -> tuple[Event, ...]:
    """Events oldest first, from the session `since` on, or the `newest` ones."""
    first = since.isoformat() if since else ""
    rows = database.execute(
        "SELECT event FROM journal WHERE session >= ? ORDER BY time DESC, id DESC LIMIT ?",
        (first, -1 if newest is None else newest),
    ).fetchall()
    return tuple(decoded(row[0], Event) for row in reversed(rows))


def read_lives(database: sqlite3.Connection) -> dict[str, Life]:
    """Where every flag stood when the last feed ended."""
    rows = database.execute("SELECT flag, life FROM lives")
    return {flag: msgspec.json.decode(life, type=Life) for flag, life in rows}
