"""Memory in place of a disk that refuses: a twin of the database, and the way back.

While the disk is full or may not be written, everything goes into the twin; when it can be written again
each row of the twin that is newer than the disk's is put back, in one step.
"""

import contextlib
import sqlite3
from pathlib import Path

WAYS_BACK: dict[str, tuple[str, ...]] = {
    "bars": (
        "INSERT OR REPLACE INTO disk.bars SELECT m.* FROM main.bars m LEFT JOIN disk.bars d "
        "ON d.symbol = m.symbol AND d.session = m.session WHERE d.symbol IS NULL OR d.taken_at < m.taken_at",
    ),
    "closes": (
        "INSERT OR REPLACE INTO disk.closes SELECT m.* FROM main.closes m LEFT JOIN disk.closes d "
        "ON d.symbol = m.symbol AND d.session = m.session AND d.source = m.source "
        "WHERE d.symbol IS NULL OR d.taken_at < m.taken_at",
    ),
    "journal": (
        "INSERT OR IGNORE INTO disk.journal (time, session, flag, event) "
        "SELECT time, session, flag, event FROM main.journal ORDER BY id",
    ),
    "lives": ("DELETE FROM disk.lives", "INSERT INTO disk.lives SELECT * FROM main.lives"),
    "alerts": ("DELETE FROM disk.alerts", "INSERT INTO disk.alerts SELECT * FROM main.alerts"),
    "firings": ("INSERT OR IGNORE INTO disk.firings SELECT * FROM main.firings ORDER BY rowid",),
    "deliveries": (
        # what was told while the disk refused must not be told again
        "INSERT OR REPLACE INTO disk.deliveries SELECT m.* FROM main.deliveries m LEFT JOIN disk.deliveries d "
        "ON d.firing = m.firing AND d.way = m.way WHERE d.firing IS NULL OR d.changed_at <= m.changed_at",
    ),
    "held": ("DELETE FROM disk.held", "INSERT INTO disk.held SELECT * FROM main.held"),
    "suspects": ("DELETE FROM disk.suspects", "INSERT INTO disk.suspects SELECT * FROM main.suspects"),
    "gaps": ("DELETE FROM disk.gaps", "INSERT INTO disk.gaps SELECT * FROM main.gaps"),
    "studies": ("INSERT OR IGNORE INTO disk.studies SELECT * FROM main.studies",),
    "requests": (
        "INSERT INTO disk.requests SELECT m.* FROM main.requests m WHERE NOT EXISTS "
        "(SELECT 1 FROM disk.requests d WHERE d.sent_at = m.sent_at AND d.url = m.url)",
    ),
    "budget": (
        # a pause that another process was told of meanwhile is kept, if it is the longer one
        "INSERT OR REPLACE INTO disk.budget SELECT m.* FROM main.budget m LEFT JOIN disk.budget d ON d.key = m.key "
        "WHERE d.key IS NULL OR substr(m.key, 1, 12) <> 'paused_until' OR d.value < m.value",
    ),
    "symbols": (
        "INSERT INTO disk.symbols SELECT * FROM main.symbols WHERE true ON CONFLICT (symbol) DO UPDATE SET "
        "unknown_on = coalesce(excluded.unknown_on, unknown_on), "
        "full_history = max(full_history, excluded.full_history)",
    ),
}
"""How the rows of each table of a twin get back to the disk; every table of the layout has its way."""


def twin_of(database: sqlite3.Connection) -> sqlite3.Connection | None:
    """A copy of a database in memory, None where it cannot be read any more."""
    twin = sqlite3.connect(":memory:", isolation_level=None)
    try:
        database.backup(twin)
    except sqlite3.Error:
        twin.close()
        return None
    return twin


def stand_in(database: sqlite3.Connection, twin: sqlite3.Connection) -> None:
    """Let a connection go on in memory with the content of a twin, which is closed."""
    sqlite3.Connection.__init__(database, ":memory:", isolation_level=None)
    twin.backup(database)
    twin.close()


def put_back(database: sqlite3.Connection, path: Path) -> None:
    """All of a database in memory into the one at a path, of the same layout, in one step or not at all."""
    database.execute("ATTACH ? AS disk", (str(path),))
    try:
        database.execute("BEGIN IMMEDIATE")
        for statements in WAYS_BACK.values():
            for statement in statements:
                database.execute(statement)
        database.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            database.execute("ROLLBACK")
        raise
    finally:
        with contextlib.suppress(sqlite3.Error):
            database.execute("DETACH disk")
