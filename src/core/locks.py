"""The lock files of a store: who feeds it and who watches it."""

import contextlib
import fcntl
import os
from collections.abc import Generator
from pathlib import Path
from threading import Event
from typing import Literal

from .files import naming, refuse_planted, refuse_strange, refuse_stranger
from .marks import NO_LOCKS, take_mark

WAIT, TRIES = 0.01, 50
"""Seconds between two tries for a folder that somebody else changes a file in, and how many tries."""
_LOCK_FLAGS = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class Lock:
    """A `flock` on a file, held until closed or until its process dies.

    `problem` is a sentence where the file cannot be a lock of ours: a link, a pipe, somebody else's trap.
    """

    def __init__(self, path: Path, kind: Literal["shared", "alone"]) -> None:
        self._path = path
        self._how = fcntl.LOCK_SH if kind == "shared" else fcntl.LOCK_EX
        self._handle: int | None = None
        self._mark: Path | None = None
        self.problem: str | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock now."""
        return self._handle is not None

    @property
    def in_force(self) -> bool:
        """Whether it is held on the file that is at its path now, and not on one put aside or removed."""
        if self._handle is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._handle), self._path.lstat())
        except OSError:
            return False

    def take(self) -> bool:
        """Take the lock if nobody stands in the way; a file that cannot be opened is nobody's."""
        if self.held:
            return True
        handle = self._open()
        if handle is None:
            return False
        try:
            fcntl.flock(handle, self._how | fcntl.LOCK_NB)
        except OSError as refusal:
            if refusal.errno not in NO_LOCKS or not self._take_mark():
                os.close(handle)
                return False
        self._handle = handle
        return True

    def _take_mark(self) -> bool:
        """On a file system without locks: be counted by a file of one's own."""
        self._mark = take_mark(self._path, alone=self._how == fcntl.LOCK_EX)
        return self._mark is not None

    def _open(self) -> int | None:
        self.problem = None
        try:
            refuse_planted(self._path)
            handle = self._created() or self._existing()
            if handle is not None:
                self._refuse_strange(handle)
            return handle
        except OSError as fault:
            self.problem = f"{self._path} cannot be used as a lock: {fault.strerror or fault}"
            return None

    def _created(self) -> int | None:
        """The file made anew; all who may enter the folder may watch and see who feeds."""
        try:
            handle = os.open(self._path, _LOCK_FLAGS | os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
        except OSError:
            return None
        os.fchmod(handle, 0o644)
        return handle

    def _existing(self) -> int | None:
        for more in (os.O_RDWR, os.O_RDONLY):
            with contextlib.suppress(OSError):
                return os.open(self._path, _LOCK_FLAGS | more)
        return None

    def _refuse_strange(self, handle: int) -> None:
        try:
            found = os.fstat(handle)
            refuse_strange(found, self._path)
            refuse_stranger(found, self._path)
        except OSError:
            os.close(handle)
            raise

    def note(self, text: str) -> None:
        """Write who holds the lock into its file, for others to read."""
        if self._handle is not None:
            with naming(self._path):
                os.ftruncate(self._handle, 0)
                os.pwrite(self._handle, text.encode(errors="replace"), 0)

    def release(self) -> None:
        """Give the lock back."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        if self._mark is not None:
            self._mark.unlink(missing_ok=True)
            self._mark = None


@contextlib.contextmanager
def one_at_a_time(folder: Path) -> Generator[None, None, None]:
    """Change a file of a folder while nobody else does so through here; leaves nothing in the folder.

    Whoever holds on for half a second is not waited for: he may have been stopped, and each change is whole in itself.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    except OSError:
        yield  # whoever cannot be waited for is not: the change itself says what is wrong with the folder
        return
    try:
        for _ in range(TRIES):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                Event().wait(WAIT)
            except OSError:
                break  # a file system without locks
        yield
    finally:
        os.close(handle)
