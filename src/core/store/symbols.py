"""What the store remembers of each symbol: whether its whole history was ever taken."""

import sqlite3


def mark_full(database: sqlite3.Connection, symbol: str) -> None:
    """The symbol's whole history has been taken (fetched or imported)."""
    database.execute(
        "INSERT INTO symbols (symbol, full_history) VALUES (?, 1) ON CONFLICT (symbol) DO UPDATE SET full_history = 1",
        (symbol,),
    )


def unmark_full(database: sqlite3.Connection, symbol: str) -> None:
    """The symbol's whole history must be taken again."""
    database.execute("UPDATE symbols SET full_history = 0 WHERE symbol = ?", (symbol,))


def with_full_history(database: sqlite3.Connection) -> frozenset[str]:
    """Symbols whose whole history has been taken."""
    return frozenset(row[0] for row in database.execute("SELECT symbol FROM symbols WHERE full_history = 1"))
