"""Which sessions a store holds, told without loading a bar."""

import sqlite3
from collections.abc import Iterable
from datetime import date, timedelta

_EPOCH = date(1970, 1, 1)


def stored_days(database: sqlite3.Connection, symbols: Iterable[str], first: date, last: date) -> tuple[date, ...]:
    """Sessions from `first` to `last` of which a final bar of any of the symbols is there, oldest first."""
    names = tuple(symbols)
    query = (
        "SELECT DISTINCT session FROM bars WHERE state = 'final' AND session BETWEEN ? AND ? "
        f"AND symbol IN ({', '.join('?' * len(names))}) ORDER BY session"
    )
    rows = database.execute(query, ((first - _EPOCH).days, (last - _EPOCH).days, *names))
    return tuple(_EPOCH + timedelta(days=row[0]) for row in rows)


def stored_count(database: sqlite3.Connection) -> int:
    """How many final bars there are."""
    return int(database.execute("SELECT count(*) FROM bars WHERE state = 'final'").fetchone()[0])
