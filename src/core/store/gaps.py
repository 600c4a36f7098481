"""Sessions without a bar, and how often they were asked for."""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from ..gaps import Gap

_EPOCH = date(1970, 1, 1)


def load_gaps(database: sqlite3.Connection) -> dict[str, dict[date, Gap]]:
    """By symbol and session; none in a store of an older layout that is only read."""
    found: dict[str, dict[date, Gap]] = {}
    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'gaps'").fetchone() is None:
        return found
    for symbol, session, asked, asked_at in database.execute("SELECT symbol, session, asked, asked_at FROM gaps"):
        day = _EPOCH + timedelta(days=int(session))
        found.setdefault(str(symbol), {})[day] = Gap(day, int(asked), datetime.fromtimestamp(asked_at, UTC))
    return found


def save_gaps(database: sqlite3.Connection, symbol: str, gaps: Mapping[date, Gap]) -> None:
    """A symbol's gaps from now on, instead of those before; one that was never asked for is no row."""
    rows = [
        (symbol, (day - _EPOCH).days, gap.asked, gap.asked_at.timestamp())
        for day, gap in gaps.items()
        if gap.asked_at is not None
    ]
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.execute("DELETE FROM gaps WHERE symbol = ?", (symbol,))
        database.executemany("INSERT INTO gaps VALUES (?, ?, ?, ?)", rows)
