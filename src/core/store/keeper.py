"""Keeping a running feed's database whole: damaged, taken away or refused under its hands.

The feed holds one connection all its life. What it stands for may change: a new file after the old one
was set aside, or memory while the disk refuses.
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from ..clock import elapsed
from .damage import check_pages, check_rows, check_tables, is_damage
from .refuge import put_back, stand_in, twin_of
from .rescue import take_over
from .schema import StoreError, begin_anew, connect, layout, migrated, open_in

DISK_REST = 30.0
"""Seconds between two tries to write to a disk that refuses, unless room was made meanwhile."""
OFTEN, TOO_OFTEN_IN = 3, 600.0
"""More damaged databases than this within so many seconds are the disk's doing."""
ENOUGH = 1 << 20
"""Bytes free on a disk that is not full."""
UNREADABLE = (sqlite3.Error, msgspec.DecodeError, UnicodeDecodeError)
"""What reading or writing a database can raise that is not as it was."""
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_REFUSED = (
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_PROTOCOL,
)  # fmt: skip


class _Stamp(NamedTuple):
    """What `stat` says of the database's file: it changes only when its log is written back, or by another hand."""

    inode: int
    size: int
    modified_ns: int


class Keeper:
    """Sees to it that a feed has a database to write to, and that nothing it had is lost.

    `trouble` is what is wrong with the store now, in a sentence for the screen; None where nothing is.
    """

    def __init__(self, path: Path, database: sqlite3.Connection, say: Callable[[str], None]) -> None:
        self._path, self._database, self._say = path, database, say
        self._seen = _stamp(path)
        self._next_try = 0.0
        self._asides: list[float] = []
        self.in_memory = False
        self.trouble: str | None = None

    def look(self) -> bool:
        """Asked before each step; whether the database has lost what was in it, so that it must be filled anew."""
        if self.in_memory:
            self._return()
            return False
        self.trouble = None
        found = _stamp(self._path)
        if found == self._seen:
            return False
        if found is None or self._seen is None or found.inode != self._seen.inode:
            return self._follow(found)
        try:
            self._check()
        except UNREADABLE as problem:
            return self.mend(problem)
        self._seen = found
        return False

    def mend(self, problem: Exception) -> bool:
        """After a failure: whether the database must be filled anew. Raises what is no fault of the store."""
        code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        if self.in_memory:
            raise problem
        if code in _BUSY:
            self.trouble = "another process is writing to the store; its turn comes again"
            return False
        found = problem if is_damage(problem) else self._damage()
        if found is not None:
            return self._set_aside(found)
        if code not in _REFUSED:
            raise problem
        self._take_refuge(problem)
        return False

    def close(self) -> None:
        """At the end of the feed: what is only in memory is written now, or said to be lost."""
        if self.in_memory:
            self._next_try = 0.0
            self._return(always=True)
        if self.in_memory:
            self._say(f"{self._path} could not be written to the end: what came since then is lost")

    def _check(self) -> None:
        """Read the file itself, past what is in memory of it; raises DamagedError."""
        fresh = sqlite3.connect(f"{self._path.as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=5.0)
        with contextlib.closing(fresh):
            check_pages(fresh)
            check_tables(fresh, layout())
            check_rows(fresh)

    def _damage(self) -> Exception | None:
        try:
            self._check()
        except UNREADABLE as problem:
            return problem if is_damage(problem) else None
        return None

    def _set_aside(self, problem: Exception) -> bool:
        self._asides = [at for at in self._asides if elapsed() - at < TOO_OFTEN_IN] + [elapsed()]
        try:
            if len(self._asides) > OFTEN:
                raise StoreError(f"{self._path} was damaged {OFTEN} times in a short while: its disk may be failing")
            inode = self._seen.inode if self._seen is not None else None
            begin_anew(self._database, self._path, problem, self._say, inode=inode)
        except (StoreError, OSError, sqlite3.Error) as refusal:
            self._take_refuge(refusal)
        self._seen = _stamp(self._path)
        return True

    def _follow(self, found: _Stamp | None) -> bool:
        """The file was taken away, or another put in its place: go on there with what the old one had."""
        twin = twin_of(self._database)
        did = "was taken away" if found is None else "was replaced"
        try:
            open_in(self._database, self._path, self._say)
        except (StoreError, OSError, sqlite3.Error) as refusal:
            self._take_refuge(refusal, twin)
            return twin is None
        if twin is not None:
            self._put_back(twin)
        self._say(f"{self._path} {did} while the feed ran; it goes on there with all it had")
        self._seen = _stamp(self._path)
        return True

    def _put_back(self, twin: sqlite3.Connection) -> None:
        try:
            put_back(twin, self._path)
        except sqlite3.Error:
            take_over(twin, self._database)
        finally:
            twin.close()

    def _take_refuge(self, problem: Exception, twin: sqlite3.Connection | None = None) -> None:
        """Go on in memory until the disk takes it again."""
        twin = twin or twin_of(self._database) or migrated(sqlite3.connect(":memory:", isolation_level=None))
        self._database.close()
        stand_in(self._database, twin)
        self.in_memory, self._next_try = True, elapsed() + DISK_REST
        self.trouble = f"the store cannot be written ({problem}); all is kept in memory until it can"
        self._say(self.trouble)

    def _return(self, *, always: bool = False) -> None:
        """Put everything back on the disk, if it takes it."""
        if not always and elapsed() < self._next_try and not self._room_was_made():
            return
        self._next_try = elapsed() + DISK_REST
        try:
            connect(self._path, self._say).close()
            put_back(self._database, self._path)
        except (StoreError, OSError, sqlite3.Error):
            return
        twin = twin_of(self._database)
        assert twin is not None
        try:
            open_in(self._database, self._path, self._say)
        except (StoreError, OSError, sqlite3.Error):
            stand_in(self._database, twin)
            return
        twin.close()
        self.in_memory, self.trouble, self._seen = False, None, _stamp(self._path)
        self._say(f"{self._path} is written again; nothing was lost")

    def _room_was_made(self) -> bool:
        if self.trouble is None or "full" not in self.trouble:
            return False
        with contextlib.suppress(OSError):
            found = os.statvfs(self._path.parent)
            return found.f_bavail * found.f_frsize >= ENOUGH
        return False


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return _Stamp(found.st_ino, found.st_size, found.st_mtime_ns)
