"""A seal on the database's file: what it held when it was last written, so that decay on the disk is found.

SQLite keeps no sums of its pages: a price with a flipped bit reads as another price. The seal is a file
beside the database with its size, its time of change and a CRC-32 of its content. A file whose size and time
are the seal's and whose content is not was changed by no program. A log beside
a file that was sealed whole is none of its own.
"""

import contextlib
import fcntl
import os
import tempfile
import zlib
from pathlib import Path

import msgspec

from ..files import open_file, read_file
from .damage import DamagedError

_CHUNK = 1 << 20
COARSEST_NS = 3_000_000_000
"""File systems tell times in steps of up to two seconds."""
LARGEST = 4096
"""Bytes of a seal, by far."""
HELD_OPEN = 128
"""The byte of a log's index that SQLite locks for as long as a connection is open, since 3.7."""


class Seal(msgspec.Struct, frozen=True):
    """Bytes, nanoseconds of the last change, CRC-32; `whole` where nothing of it stood in a log."""

    size: int
    modified_ns: int
    crc: int
    whole: bool = False


def seal_of(path: Path) -> Path:
    """Where a database's seal lies."""
    return path.with_name(f"{path.name}-seal")


def check_seal(path: Path) -> Seal | None:
    """The file's seal, None where it was written since; raises DamagedError where its content is not the sealed one."""
    sealed = _read(path)
    if sealed is None or (sealed.size, sealed.modified_ns) != _stat(path) or not _settled(path, sealed):
        return None
    found = _made(path, whole=False)
    if found is not None and found.modified_ns == sealed.modified_ns and found.crc != sealed.crc:
        raise DamagedError("its content is not what was last written")
    return sealed


def new_seal(path: Path, *, whole: bool, written: bool = False) -> Seal | None:
    """What to seal the file with, reckoned anew where it was `written`; None where it cannot be read.

    Never asked while this process has it open: closing a file gives back all of a process's locks on it.
    """
    sealed = _read(path)
    if not written and sealed is not None and (sealed.size, sealed.modified_ns) == _stat(path):
        return msgspec.structs.replace(sealed, whole=whole)
    return _made(path, whole=whole)


def _settled(path: Path, sealed: Seal) -> bool:
    """Whether the seal was made so long after the change that no later one can bear the same time."""
    if sealed.whole:
        return True  # nobody has opened it to write since
    with contextlib.suppress(OSError):
        return abs(seal_of(path).stat().st_mtime_ns - sealed.modified_ns) > COARSEST_NS
    return False


def has_log(path: Path) -> bool:
    """Whether a write-ahead log with something in it lies beside the file."""
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except OSError:
        return False


def in_use(path: Path) -> bool:
    """Whether another process has the database open: every one of them holds a byte of the index of its log.

    As :func:`new_seal`, never asked while this process has it open. Where files cannot be locked nobody knows, and a
    log may be anybody's.
    """
    try:
        handle = os.open(path.with_name(f"{path.name}-shm"), os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, HELD_OPEN)
        fcntl.lockf(handle, fcntl.LOCK_UN, 1, HELD_OPEN)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def put_seal(path: Path, seal: Seal | None) -> None:
    """Leave the seal beside the file; where there is no room for it there is none."""
    if seal is None:
        return
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(seal))
            os.replace(name, seal_of(path))
        except OSError:
            os.unlink(name)
            raise


def _read(path: Path) -> Seal | None:
    try:
        return msgspec.json.decode(read_file(seal_of(path), LARGEST, links=False), type=Seal)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _stat(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _made(path: Path, *, whole: bool) -> Seal | None:
    """None where the file cannot be read or is being written."""
    before, crc = _stat(path), 0
    try:
        with open_file(path) as file:
            while chunk := file.read(_CHUNK):
                crc = zlib.crc32(chunk, crc)
    except OSError:
        return None
    if before is None or before != _stat(path):
        return None
    return Seal(*before, crc, whole)
