"""Room kept on the disk for the next snapshots, so that a feed can still say that the disk is full."""

import contextlib
import errno
import os
from pathlib import Path

from . import channel
from .model.decoding import encoded
from .model.snapshot import Snapshot
from .paths import Paths

LEAST = 256 * 1024
"""Bytes of each spare file at least; a snapshot of the board takes about a quarter of that."""
FULL = (errno.ENOSPC, errno.EDQUOT)


class Spare:
    """Two files of room beside the snapshot. Where no room is left they become the snapshot in turn.

    The snapshot that is replaced is kept as the next room, so that nobody else can take it; two are needed
    because the first one replaced is as small as it was.
    """

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._files = tuple(paths.store / f".snapshot.spare-{number}" for number in (1, 2))

    def publish(self, snapshot: Snapshot, mode: int) -> None:
        """Replace the snapshot file, in the spare room where the disk is full. Raises OSError where neither goes."""
        try:
            channel.publish(self._paths, snapshot, mode)
        except OSError as problem:
            if problem.errno not in FULL or not self._use(encoded(snapshot), mode):
                raise
            return
        for file in self._files:
            self._keep(file)

    def _keep(self, file: Path) -> None:
        """Take the room, if it is not taken yet and there is some."""
        with contextlib.suppress(OSError):
            size = self._paths.snapshot.stat().st_size
            if _size(file) >= max(LEAST, size + size // 4):
                return
            handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                _allocate(handle, max(LEAST, 2 * size))
            finally:
                os.close(handle)

    def _use(self, content: bytes, mode: int) -> bool:
        """Write into room that is there already, filled up with blanks, and let it be the snapshot."""
        for file in self._files:
            if _size(file) >= len(content):
                _fill(file, content.ljust(_size(file)), mode)
                self._put(file)
                return True
        return False

    def _put(self, file: Path) -> None:
        old = file.with_name(f"{file.name}-old")
        with contextlib.suppress(OSError):
            old.unlink(missing_ok=True)
            os.link(self._paths.snapshot, old)
        os.replace(file, self._paths.snapshot)
        with contextlib.suppress(OSError):
            os.replace(old, file)


def _size(file: Path) -> int:
    try:
        return file.lstat().st_size
    except OSError:
        return 0


def _fill(file: Path, content: bytes, mode: int) -> None:
    handle = os.open(file, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        os.fchmod(handle, mode)
        os.pwrite(handle, content, 0)
    finally:
        os.close(handle)


def _allocate(handle: int, size: int) -> None:
    """Blocks for so many bytes; where they cannot be asked for, they are written."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, size)
        return
    for at in range(os.fstat(handle).st_size, size, 65536):
        os.pwrite(handle, b"\0" * 65536, at)
