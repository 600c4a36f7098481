"""Prices that are held until they are seen again: kept, so that whoever asks next can release them."""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import get_args

from ..quarantine import Suspect, Way, What

KEPT = timedelta(days=7)
"""What was held longer ago is forgotten: its session's official bar has come, or never will."""

_EPOCH = date(1970, 1, 1)
_WAYS: tuple[Way, ...] = get_args(Way)
_WHATS: tuple[What, ...] = get_args(What)
_NAMES: dict[str, tuple[Way, What]] = {f"{way} {what}": (way, what) for way in _WAYS for what in _WHATS}


def load_suspects(database: sqlite3.Connection, now: datetime) -> dict[str, tuple[Suspect, ...]]:
    """What is held, by symbol; older than a week is dropped."""
    oldest = (now - KEPT).timestamp()
    query = "SELECT symbol, session, what, price, seen_at FROM suspects WHERE seen_at >= ? ORDER BY symbol, seen_at"
    found: dict[str, tuple[Suspect, ...]] = {}
    for symbol, session, named, price, seen_at in database.execute(query, (oldest,)):
        suspect = _suspect(int(session), str(named), float(price), float(seen_at))
        if suspect is not None:
            found[symbol] = (*found.get(symbol, ()), suspect)
    return found


def save_suspects(database: sqlite3.Connection, symbol: str, suspects: Iterable[Suspect]) -> None:
    """What is held of a symbol from now on, instead of what was."""
    rows = [
        (symbol, (one.session - _EPOCH).days, f"{one.way} {one.what}", one.price, one.seen_at.timestamp())
        for one in suspects
    ]
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.execute("DELETE FROM suspects WHERE symbol = ?", (symbol,))
        database.executemany("INSERT OR REPLACE INTO suspects VALUES (?, ?, ?, ?, ?)", rows)


def _suspect(session: int, named: str, price: float, seen_at: float) -> Suspect | None:
    """A row as it was written; None for one that a newer program wrote."""
    if named not in _NAMES:
        return None
    way, what = _NAMES[named]
    return Suspect(_EPOCH + timedelta(days=session), what, way, price, datetime.fromtimestamp(seen_at, UTC))
