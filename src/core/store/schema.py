"""The database file: its layout, its migrations, and reading it without touching it."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path

from ..channel import make_private
from ..files import refuse_planted
from ..room import no_room, unwritable
from .damage import (
    STRANGEST,
    DamagedError,
    check_pages,
    check_rows,
    check_tables,
    columns_of,
    is_damage,
    put_away_log,
    set_aside,
)
from .door import door
from .seal import check_seal, has_log, in_use, new_seal, put_seal

VERSION = 3
"""Layout of the database; each step up has its migration."""

MIGRATIONS: dict[int, str] = {
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
    CREATE TABLE gaps (
        symbol TEXT NOT NULL, session INTEGER NOT NULL, asked INTEGER NOT NULL, asked_at REAL NOT NULL,
        PRIMARY KEY (symbol, session)) WITHOUT ROWID;
    """,
    3: """
    CREATE TABLE alerts (name TEXT PRIMARY KEY, memory BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE firings (id TEXT PRIMARY KEY, time REAL NOT NULL, alert TEXT NOT NULL, firing BLOB NOT NULL);
    CREATE INDEX firings_by_time ON firings (time);
    CREATE TABLE deliveries (
        firing TEXT NOT NULL, way TEXT NOT NULL, changed_at REAL NOT NULL, delivery BLOB NOT NULL,
        PRIMARY KEY (firing, way));
    """,
}
"""The script of each step up, from an empty file on."""


Say = Callable[[str], None]
"""Whoever is told a sentence."""


def _nobody(_: str) -> None:
    """Nobody is told."""


class StoreError(Exception):
    """The store cannot be used; the message is one sentence for the user."""


def connect(path: Path, say: Say = _nobody) -> sqlite3.Connection:
    """Open the database for the feed (or an import), creating and migrating it.

    A damaged file is set aside under a name with the time, a new one is begun, and what can still be read
    of the journal is taken over; `say` hears of it. A file of a newer layout is refused untouched.
    """
    make_private(path.parent)
    database = sqlite3.Connection(":memory:", isolation_level=None)
    try:
        open_in(database, path, say)
    except BaseException:
        database.close()
        raise
    return database


def open_in(database: sqlite3.Connection, path: Path, say: Say = _nobody) -> None:
    """Let a connection go on with the database at a path; StoreError, and no connection, where it cannot be used."""
    try:
        with _door(path):
            _open_or_begin(database, path, say)
    except sqlite3.DatabaseError as problem:
        raise StoreError(f"cannot open {path}: {_in_words(problem, path)}") from problem


def _open_or_begin(database: sqlite3.Connection, path: Path, say: Say) -> None:
    try:
        _open(database, path, say)
    except sqlite3.DatabaseError as problem:
        if not is_damage(problem):
            raise
        _begin_anew(database, path, problem, say)


@contextlib.contextmanager
def _door(path: Path) -> Generator[None, None, None]:
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(door(path))
        except BlockingIOError as held:
            raise StoreError(f"cannot open {path}: another process is opening it and does not get on") from held
        yield


def close_whole(database: sqlite3.Connection, path: Path) -> None:
    """Close a database that was written, whole and in one file, and seal it; who else has it open seals it later."""
    with contextlib.suppress(sqlite3.Error):
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    try:
        with door(path):
            database.close()
            put_seal(path, new_seal(path, whole=not (in_use(path) or has_log(path)), written=True))
    except BlockingIOError:  # who is at the door sees to it
        database.close()


@contextlib.contextmanager
def writing(path: Path, say: Say = _nobody) -> Generator[sqlite3.Connection, None, None]:
    """The database for one command that writes, closed whole behind it."""
    database = connect(path, say)
    try:
        yield database
    finally:
        close_whole(database, path)


def begin_anew(
    database: sqlite3.Connection, path: Path, problem: BaseException, say: Say = _nobody, *, inode: int | None = None
) -> None:
    """Set the damaged database aside and let the connection go on with a new one.

    `inode` is the damaged file's: where another process has put a new one there meanwhile, that one is opened.
    """
    database.close()
    with _door(path):
        if inode is None or not path.exists() or path.stat().st_ino == inode:
            _begin_anew(database, path, problem, say)
        else:
            _open_or_begin(database, path, say)


def _begin_anew(database: sqlite3.Connection, path: Path, problem: BaseException, say: Say) -> None:
    from .rescue import rescue

    database.close()
    try:
        aside = set_aside(path)
    except OSError as refusal:
        raise StoreError(
            f"{path} is damaged ({problem}) and cannot be set aside: {refusal.strerror or refusal}"
        ) from refusal
    _open(database, path, say)
    entries = rescue(aside, database)
    kept = f"; {entries} entries of its journal were taken over" if entries else ""
    say(f"{path} was damaged ({problem}); it is set aside as {aside.name}, a new one is begun{kept}")


def _open(database: sqlite3.Connection, path: Path, say: Say) -> None:
    if path.is_dir():
        raise DamagedError("a folder stands in its place")
    _refuse_traps(path)
    if _emptied(path):
        raise DamagedError("it is empty")
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    _refuse_newer(_layout_of_file(path), path)
    sealed = check_seal(path)
    if sealed is not None and sealed.whole and has_log(path) and not in_use(path):
        say(f"a log lay beside {path} that is none of its own; it is put away as {put_away_log(path)}")
    seal = new_seal(path, whole=False)
    # the same object stands for another file from here on: whoever holds it goes on with it
    sqlite3.Connection.__init__(database, path, timeout=5.0, isolation_level=None)
    try:
        _check_version(database, path)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("PRAGMA busy_timeout = 5000")
        check_pages(database)
        migrated(database)
        check_tables(database, layout())
        check_rows(database)
    except BaseException:
        database.close()
        raise
    put_seal(path, seal)


def _emptied(path: Path) -> bool:
    """Whether nothing is left of a file that had been something: it has a log, or its feed has published."""
    try:
        emptied = path.stat().st_size == 0
    except OSError:
        return False
    log, published = Path(f"{path}-wal"), path.with_name("snapshot.json")
    return emptied and (published.exists() or (log.exists() and log.stat().st_size > 0))


@cache
def layout() -> dict[str, tuple[str, ...]]:
    """Tables of this layout and their columns."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        migrated(made)
        tables = [str(row[0]) for row in made.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: columns_of(made, table) for table in tables}


_WORDS = {
    sqlite3.SQLITE_BUSY: "another process is writing to it; try again",
    sqlite3.SQLITE_FULL: "no room is left on its disk",
    sqlite3.SQLITE_READONLY: "it may not be written: its owner, its rights or its disk forbid it",
    sqlite3.SQLITE_CANTOPEN: "its owner or its rights forbid it, or its disk is full",
    sqlite3.SQLITE_PROTOCOL: "its file system cannot lock files; choose another folder with --store",
}
_NO_LOCKS = (sqlite3.SQLITE_IOERR_LOCK, sqlite3.SQLITE_IOERR_RDLOCK, sqlite3.SQLITE_IOERR_SHMLOCK)


def _in_words(problem: sqlite3.DatabaseError, path: Path) -> str:
    code = getattr(problem, "sqlite_errorcode", 0)
    if code in _NO_LOCKS:
        return _WORDS[sqlite3.SQLITE_PROTOCOL]
    words = no_room(path) if code & 0xFF == sqlite3.SQLITE_IOERR else _WORDS.get(code & 0xFF)
    if code & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) and (refused := unwritable(path.parent)):
        words = f"its folder cannot be written: {refused}"
    return f"{words} ({problem})" if words else str(problem)


def _layout(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _refuse_traps(path: Path) -> None:
    """StoreError where a link, a pipe or a stranger's file stands in place of the database or its log."""
    for suffix in ("", "-wal", "-shm"):
        try:
            refuse_planted(path.with_name(f"{path.name}{suffix}"))
        except IsADirectoryError:
            continue
        except OSError as trap:
            raise StoreError(f"cannot use {trap.filename}: {trap.strerror}") from trap


def _layout_of_file(path: Path) -> int:
    """The layout as the file's header says it: asking through a connection may write a log back."""
    with path.open("rb") as file:
        header = file.read(64)
    return int.from_bytes(header[60:64]) if header.startswith(b"SQLite format 3\0") else 0


def _check_version(database: sqlite3.Connection, path: Path) -> None:
    _refuse_newer(_layout(database), path)


def _refuse_newer(found: int, path: Path) -> None:
    if not 0 <= found <= STRANGEST:
        raise DamagedError(f"its layout would be {found}")
    if found > VERSION:
        raise StoreError(
            f"{path} has layout {found} and this program knows {VERSION}: "
            "it belongs to a newer tapewatch and was left untouched"
        )


def migrated(database: sqlite3.Connection) -> sqlite3.Connection:
    """The database, brought to this program's layout."""
    for step in range(_layout(database) + 1, VERSION + 1):
        try:
            database.executescript(f"BEGIN IMMEDIATE; {MIGRATIONS[step]} PRAGMA user_version = {step}; COMMIT;")
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                raise
            database.rollback()
            if _layout(database) < step:  # else another process has just done it
                raise DamagedError(f"it is not of the layout {step - 1} that it names: {problem}") from problem
    return database


@contextlib.contextmanager
def reading(path: Path) -> Generator[sqlite3.Connection, None, None]:
    """Open the database to read, leaving its folder exactly as it is, also for another user.

    A plain read-only connection to a WAL database creates files beside it, so: without a write-ahead
    log the file is opened as immutable and checked for changes afterwards; with one, both are copied to
    a private folder first. StoreError where there is none or it cannot be read.
    """
    if not path.exists():
        raise StoreError(f"there is no store at {path.parent}; import bars or start the monitor first")
    _refuse_traps(path)
    with tempfile.TemporaryDirectory(prefix="tapewatch-read-", ignore_cleanup_errors=True) as folder:
        before = _state(path)
        at = path if not _pending(path) else _copied(path, Path(folder))
        _unbroken(at, path)
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


def _unbroken(at: Path, path: Path) -> None:
    try:
        check_seal(at)
    except DamagedError as problem:
        raise StoreError(f"cannot read {path}: it is damaged: {problem}") from problem


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
