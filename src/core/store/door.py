"""One process at a time opens, makes or sets aside a database."""

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Generator
from pathlib import Path

from ..clock import elapsed

PATIENCE = 20.0
"""Seconds to wait for another process at the door."""
_HELD = (errno.EAGAIN, errno.EACCES)


@contextlib.contextmanager
def door(path: Path) -> Generator[None, None, None]:
    """Alone with the database at a path; BlockingIOError where another process does not come out.

    The system opens the door when its holder dies. Where it cannot lock, all go in as they come.
    """
    handle = _handle(path)
    try:
        if handle is not None:
            _wait(handle)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _handle(path: Path) -> int | None:
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        return os.open(path.with_name(f"{path.name}-door"), flags, 0o600)
    except OSError:
        return None


def _wait(handle: int) -> None:
    until = elapsed() + PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as problem:
            if problem.errno not in _HELD:
                return
            if elapsed() > until:
                raise
        time.sleep(0.01)
