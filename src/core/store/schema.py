"""The database file: its layout, its migrations, and reading it without touching it."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Generator
from pathlib import Path

from ..channel import make_private
from ..clock import wall

VERSION = 2
"""Layout of the database; each step up has its migration."""

_MIGRATIONS: dict[int, str] = {
    1: """
    CREATE TABLE bars (
        symbol TEXT NOT NULL, session INTEGER NOT NULL,
        open REAL NOT NULL, high REAL NOT NULL, low REAL NOT NULL, close REAL NOT NULL, volume REAL NOT NULL,
        source TEXT NOT NULL, state TEXT NOT NULL, taken_at REAL NOT NULL,
        PRIMARY KEY (symbol, session)) WITHOUT ROWID;
    CREATE TABLE held (
        symbol TEXT NOT NULL, session INTEGER NOT NULL, reason TEXT NOT NULL, taken_at REAL NOT NULL,
        PRIMARY KEY (symbol, session)) WITHOUT ROWID;
    CREATE TABLE journal (
        id INTEGER PRIMARY KEY, time REAL NOT NULL, session TEXT NOT NULL, flag TEXT NOT NULL,
        event BLOB NOT NULL, UNIQUE (flag, session, time, event));
    CREATE INDEX journal_by_session ON journal (session);
    CREATE TABLE lives (flag TEXT PRIMARY KEY, life BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE studies (key TEXT PRIMARY KEY, study BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE requests (sent_at REAL NOT NULL, url TEXT NOT NULL);
    CREATE INDEX requests_by_time ON requests (sent_at);
    CREATE TABLE budget (key TEXT PRIMARY KEY, value REAL NOT NULL, why TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
    CREATE TABLE symbols (
        symbol TEXT PRIMARY KEY, unknown_on TEXT, full_history INTEGER NOT NULL DEFAULT 0,
        charted_at REAL, note TEXT) WITHOUT ROWID;
    """,
    2: """
    CREATE TABLE closes (
        symbol TEXT NOT NULL, session INTEGER NOT NULL, source TEXT NOT NULL,
        close REAL NOT NULL, taken_at REAL NOT NULL,
        PRIMARY KEY (symbol, session, source)) WITHOUT ROWID;
    CREATE TABLE suspects (
        symbol TEXT NOT NULL, session INTEGER NOT NULL, what TEXT NOT NULL,
        price REAL NOT NULL, seen_at REAL NOT NULL,
        PRIMARY KEY (symbol, session, what)) WITHOUT ROWID;
    """,
}


class StoreError(Exception):
    """The store cannot be used; the message is one sentence for the user."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the database for the feed (or an import), creating and migrating it.

    A damaged file is set aside under a name with the time and a new one is begun; a file of a newer
    layout is refused untouched.
    """
    try:
        make_private(path.parent)
        return _opened(path)
    except sqlite3.DatabaseError as problem:
        if isinstance(problem, sqlite3.OperationalError) and "malformed" not in str(problem):
            raise StoreError(f"cannot open {path}: {problem}") from problem
        set_aside(path)
        return _opened(path)


def _opened(path: Path) -> sqlite3.Connection:
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    _refuse_newer(_layout_of_file(path), path)
    database = sqlite3.connect(path, timeout=5.0, isolation_level=None)
    try:
        _check_version(database, path)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("PRAGMA busy_timeout = 5000")
        _migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def _layout(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _layout_of_file(path: Path) -> int:
    """The layout as the file's header says it: asking through a connection may write a log back."""
    with path.open("rb") as file:
        header = file.read(64)
    return int.from_bytes(header[60:64]) if header.startswith(b"SQLite format 3\0") else 0


def _check_version(database: sqlite3.Connection, path: Path) -> None:
    _refuse_newer(_layout(database), path)


def _refuse_newer(found: int, path: Path) -> None:
    if found > VERSION:
        raise StoreError(
            f"{path} has layout {found} and this program knows {VERSION}: "
            "it belongs to a newer tapewatch and was left untouched"
        )


def _migrate(database: sqlite3.Connection) -> None:
    for step in range(_layout(database) + 1, VERSION + 1):
        database.executescript(f"BEGIN IMMEDIATE; {_MIGRATIONS[step]} PRAGMA user_version = {step}; COMMIT;")


def damaged(path: Path) -> tuple[Path, ...]:
    """Databases that were set aside beside this one, newest first."""
    found = path.parent.glob(f"{path.name}.damaged-*")
    return tuple(sorted((one for one in found if not one.name.endswith(("-wal", "-shm"))), reverse=True))


def set_aside(path: Path) -> Path:
    """Rename a damaged database and its companions; nothing is deleted."""
    name = f"{path.name}.damaged-{wall():%Y%m%dT%H%M%S.%f}"
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.replace(f"{path}{suffix}", path.with_name(f"{name}{suffix}"))
    return path.with_name(name)


@contextlib.contextmanager
def reading(path: Path) -> Generator[sqlite3.Connection, None, None]:
    """Open the database to read, leaving its folder exactly as it is, also for another user.

    A plain read-only connection to a WAL database creates files beside it, so: without a write-ahead
    log the file is opened as immutable and checked for changes afterwards; with one, both are copied to
    a private folder first. StoreError where there is none or it cannot be read.
    """
    if not path.exists():
        raise StoreError(f"there is no store at {path.parent}; import bars or start the monitor first")
    with tempfile.TemporaryDirectory(prefix="tapewatch-") as folder:
        before = _state(path)
        at = path if not _pending(path) else _copied(path, Path(folder))
        mode = "immutable=1" if at is path else "mode=rw"
        try:
            database = sqlite3.connect(f"{at.as_uri()}?{mode}", uri=True, isolation_level=None)
        except sqlite3.Error as problem:
            raise StoreError(f"cannot read {path}: {problem}") from problem
        try:
            _check_version(database, path)
            yield database
            if at is path and _state(path) != before:
                raise StoreError(f"{path} was written while it was read; try again")
        except sqlite3.DatabaseError as problem:
            raise StoreError(f"cannot read {path}: {problem}") from problem
        finally:
            database.close()


def _pending(path: Path) -> bool:
    log = Path(f"{path}-wal")
    try:
        log.stat()
    except OSError:
        return False
    return True


def _state(path: Path) -> tuple[int, int, int]:
    """What tells one content of the file from another."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _copied(path: Path, folder: Path) -> Path:
    """A consistent copy: taken again while the file changes under the reader."""
    copy = folder / path.name
    for _ in range(10):
        before = _state(path)
        shutil.copyfile(path, copy)
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(f"{path}-wal", f"{copy}-wal")
        if _state(path) == before:
            return copy
    raise StoreError(f"{path} is being written without pause; try again")
