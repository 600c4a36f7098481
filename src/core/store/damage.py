"""Damaged databases: how one is known, and where it is put; nothing is ever deleted."""

import contextlib
import os
import sqlite3
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path

import msgspec

from ..clock import wall
from ..flags.lifecycle import Life
from ..model.alert import Delivery, Firing, Memory
from ..model.flag import Event

COMPANIONS = ("-wal", "-shm", "-journal", "-seal")
"""Files that belong to a database and go where it goes."""
EPOCH = date(1970, 1, 1).toordinal()
DATES = (date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH)
"""Days from 1970 that are dates at all: whatever an import takes must pass here."""
STRANGEST = 1000
"""A layout above this is no newer program's but noise."""

_NO_BAR = f"""
    SELECT symbol, session FROM bars WHERE typeof(session) <> 'integer' OR session NOT BETWEEN {DATES[0]} AND {DATES[1]}
    OR typeof(open) <> 'real' OR typeof(high) <> 'real' OR typeof(low) <> 'real' OR typeof(close) <> 'real'
    OR NOT (low > 0 AND high >= low) LIMIT 1
"""


class DamagedError(sqlite3.DatabaseError):
    """The database is not as we wrote it; the message says what was found."""


def is_damage(problem: BaseException) -> bool:
    """Whether SQLite itself says that the file is damaged: malformed, or no database at all."""
    code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
    return isinstance(problem, DamagedError) or code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def check_pages(database: sqlite3.Connection) -> None:
    """Raises DamagedError where the pages do not hold together; about 15 ms for the bars of a board."""
    found = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise DamagedError(" ".join(str(found).split()))


def check_tables(database: sqlite3.Connection, columns: dict[str, tuple[str, ...]]) -> None:
    """Raises DamagedError where a table or a column of this layout is missing."""
    for table, wanted in columns.items():
        if not set(wanted) <= set(columns_of(database, table)):
            raise DamagedError(f"its table {table} is missing or not as it was made")


def columns_of(database: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """Names of a table's columns, none where it is missing."""
    return tuple(row[1] for row in database.execute(f"PRAGMA table_info({table})"))


def check_rows(database: sqlite3.Connection) -> None:
    """Raises DamagedError where a row is nothing that we could have written."""
    try:
        odd = database.execute(_NO_BAR).fetchone()
        if odd is not None:
            raise DamagedError(f"the bar of {odd[0]} numbered {odd[1]} cannot be one")
        _decoded(database.execute("SELECT event FROM journal"), Event)
        _decoded(database.execute("SELECT life FROM lives"), Life)
        _decoded(database.execute("SELECT memory FROM alerts"), Memory)
        _decoded(database.execute("SELECT firing FROM firings"), Firing)
        _decoded(database.execute("SELECT delivery FROM deliveries"), Delivery)
    except sqlite3.OperationalError as problem:
        # text that is no text is raised by Python itself, without a code of SQLite's
        if getattr(problem, "sqlite_errorcode", None) is None:
            raise DamagedError(str(problem)) from problem
        raise


def _decoded(rows: Iterable[tuple[object]], kind: type[msgspec.Struct]) -> None:
    try:
        for (content,) in rows:
            if not isinstance(content, bytes):
                raise DamagedError(f"an entry is no {kind.__name__.lower()}")
            msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as problem:
        raise DamagedError(f"an entry cannot be read: {problem}") from problem


def damaged(path: Path) -> tuple[Path, ...]:
    """Databases, and logs without one, that were set aside beside this one, newest first."""
    found = {*path.parent.glob(f"{path.name}.damaged-*")}
    return tuple(sorted((one for one in found if not _is_companion(one, found)), reverse=True))


def _is_companion(one: Path, among: Collection[Path]) -> bool:
    return any(one.name.endswith(end) and one.with_name(one.name.removesuffix(end)) in among for end in COMPANIONS)


def set_aside(path: Path) -> Path:
    """Rename a damaged database (or what stands in its place) and its companions; nothing is deleted."""
    name = f"{path.name}.damaged-{wall():%Y%m%dT%H%M%S.%f}"
    for suffix in ("", *COMPANIONS):
        with contextlib.suppress(FileNotFoundError):
            os.replace(f"{path}{suffix}", path.with_name(f"{name}{suffix}"))
    return path.with_name(name)


def put_away_log(path: Path) -> str:
    """Rename a log that is of another database, before its pages are taken for this one's; its new name."""
    aside = f"{path.name}.damaged-{wall():%Y%m%dT%H%M%S.%f}-wal"
    with contextlib.suppress(FileNotFoundError):
        os.replace(f"{path}-wal", path.with_name(aside))
    return aside


def size_of(aside: Path) -> int:
    """Bytes that a database set aside takes with its companions."""
    total = 0
    for suffix in ("", *COMPANIONS):
        with contextlib.suppress(OSError):
            total += Path(f"{aside}{suffix}").stat().st_size
    return total
