"""Stored official closes of other sources: a row a symbol, session and source, never among the bars."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from .schema import reading

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class StoredClose:
    """One close and when it was taken."""

    close: float
    taken_at: datetime


Closes = Mapping[str, Mapping[str, Mapping[date, StoredClose]]]
"""By symbol, then source, then session."""


def save_closes(
    database: sqlite3.Connection, symbol: str, source: str, closes: Iterable[tuple[date, float]], taken_at: datetime
) -> int:
    """Insert or replace closes of one source; how many are new or have another value."""
    known = load_closes(database).get(symbol, {}).get(source, {})
    news = [(day, close) for day, close in closes if day not in known or known[day].close != close]
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.executemany(
            "INSERT OR REPLACE INTO closes (symbol, session, source, close, taken_at) VALUES (?, ?, ?, ?, ?)",
            [(symbol, (day - _EPOCH).days, source, close, taken_at.timestamp()) for day, close in news],
        )
    return len(news)


def load_closes(database: sqlite3.Connection) -> dict[str, dict[str, dict[date, StoredClose]]]:
    """All stored closes; none in a store of an older layout that is only read."""
    found: dict[str, dict[str, dict[date, StoredClose]]] = {}
    if not database.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'closes'").fetchone():
        return found
    rows = database.execute("SELECT symbol, source, session, close, taken_at FROM closes ORDER BY session")
    for symbol, source, session, close, taken_at in rows:
        stored = StoredClose(float(close), datetime.fromtimestamp(taken_at, UTC))
        found.setdefault(symbol, {}).setdefault(source, {})[_EPOCH + timedelta(days=session)] = stored
    return found


def stored_closes(path: Path) -> dict[str, dict[str, dict[date, StoredClose]]]:
    """All closes of a store that is only read, whatever its layout; none where there is no store."""
    if not path.exists():
        return {}
    with reading(path) as database:
        return load_closes(database)


@dataclass(frozen=True)
class Asking:
    """When a source was last asked for a symbol's closes, and what came of it in words."""

    at: datetime
    what: str


def asked(database: sqlite3.Connection, source: str, symbol: str) -> Asking | None:
    """The last request of whichever process; None before the first."""
    row = database.execute("SELECT value, why FROM budget WHERE key = ?", (_key(source, symbol),)).fetchone()
    return Asking(datetime.fromtimestamp(row[0], UTC), str(row[1])) if row else None


def mark_asked(database: sqlite3.Connection, source: str, symbol: str, now: datetime, what: str = "no answer") -> None:
    """Remember that a source is asked: before the request, so that a feed killed in it does not ask again."""
    database.execute(
        "INSERT INTO budget (key, value, why) VALUES (?, ?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value, why = excluded.why",
        (_key(source, symbol), now.timestamp(), what),
    )


def _key(source: str, symbol: str) -> str:
    return f"closes asked:{source}:{symbol}"
