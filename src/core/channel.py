"""Both ends of the folder between feed and screens: snapshot file, watch lock, requests.

The snapshot is replaced whole, so no reader ever sees half of one. The kernel forgets the locks of the
dead. A reader needs no right but to read.
"""

import contextlib
import fcntl
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from .clock import wall
from .model.reading import Aware
from .model.snapshot import SCHEMA, Snapshot
from .paths import Paths

REQUEST_LIFE = timedelta(seconds=30)
"""An older request is ignored: whoever asked has gone or given up."""


UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What a file that is no answer of ours can raise when it is decoded."""


class ChannelError(Exception):
    """The folder cannot be used; the message is one sentence for the user."""


class NewerLayoutError(ChannelError):
    """The snapshot was written by a newer program; it is left as it is."""


class Request(Aware, frozen=True, kw_only=True):
    """What a screen wants of the feed: `kind` is refresh or reload, in a replay step with a `value`."""

    kind: str
    asked_at: datetime
    symbol: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Stamp:
    """What `stat` says of a snapshot file; equal stamps mean the same file."""

    inode: int
    modified_ns: int
    size: int


def make_private(folder: Path) -> None:
    """Create a folder that only its owner may enter; an existing one keeps its rights."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise ChannelError(f"cannot create {folder}: {problem.strerror or problem}") from problem


def publish(paths: Paths, snapshot: Snapshot, mode: int = 0o600) -> None:
    """Replace the snapshot file in one step. Raises OSError on a full or read-only disk."""
    write_atomically(paths.snapshot, msgspec.json.encode(snapshot), mode)


def write_atomically(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write beside and rename; on failure the old file stands and nothing is left behind."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def stamp(paths: Paths) -> Stamp | None:
    """The snapshot file's stamp, None where there is none; the cheap question of every refresh.

    ChannelError where the folder is closed to this user.
    """
    try:
        found = paths.snapshot.stat()
    except PermissionError as problem:
        raise ChannelError(f"cannot look into {paths.store}: {problem.strerror}") from problem
    except OSError:
        return None
    return Stamp(found.st_ino, found.st_mtime_ns, found.st_size)


def read_snapshot(paths: Paths) -> Snapshot | None:
    """The published snapshot, None where there is none; ChannelError where it cannot be read."""
    try:
        content = paths.snapshot.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise ChannelError(f"cannot read {paths.snapshot}: {problem.strerror or problem}") from problem
    try:
        written = msgspec.json.decode(content, type=_Schema).schema
        if written > SCHEMA:
            raise NewerLayoutError(
                f"{paths.snapshot} is of layout {written}, this program knows {SCHEMA}: "
                "it was written by a newer tapewatch; quit and start the new one"
            )
        return msgspec.json.decode(content, type=Snapshot)
    except UNREADABLE as problem:
        raise ChannelError(f"{paths.snapshot} cannot be read as a snapshot: {problem}") from problem


def newer_snapshot(paths: Paths) -> str | None:
    """Why this program must not publish here: the snapshot is of a newer layout."""
    try:
        read_snapshot(paths)
    except NewerLayoutError as newer:
        return str(newer)
    except ChannelError:
        pass
    return None


class _Schema(msgspec.Struct):
    schema: int = SCHEMA


class Lock:
    """A `flock` on a file, held until closed or until its process dies."""

    def __init__(self, path: Path, kind: Literal["shared", "alone"]) -> None:
        self._path = path
        self._how = fcntl.LOCK_SH if kind == "shared" else fcntl.LOCK_EX
        self._handle: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock now."""
        return self._handle is not None

    def take(self) -> bool:
        """Take the lock if nobody stands in the way; a file that cannot be opened is nobody's."""
        if self.held:
            return True
        handle = self._open()
        if handle is None:
            return False
        try:
            fcntl.flock(handle, self._how | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def _open(self) -> int | None:
        flags = os.O_CLOEXEC | os.O_NOFOLLOW
        for more in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):
            with contextlib.suppress(OSError):
                return os.open(self._path, flags | more, 0o644)
        return None

    def note(self, text: str) -> None:
        """Write who holds the lock into its file, for others to read."""
        if self._handle is not None:
            os.ftruncate(self._handle, 0)
            os.pwrite(self._handle, text.encode(), 0)

    def release(self) -> None:
        """Give the lock back."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def is_watched(paths: Paths) -> bool:
    """Whether any screen has this store open (asked by the feed)."""
    lock = Lock(paths.watch_lock, "alone")
    if lock.take():
        lock.release()
        return False
    return _is_there(paths.watch_lock)


def _is_there(path: Path) -> bool:
    """Whether a file can be seen at all; in another user's private folder none can."""
    try:
        return path.exists()
    except OSError:
        return False


def feed_holder(paths: Paths) -> str | None:
    """What the running feed wrote about itself, None where none runs."""
    if not _is_there(paths.feed_lock):
        return None
    lock = Lock(paths.feed_lock, "alone")
    if lock.take():
        lock.release()
        return None
    with contextlib.suppress(OSError):
        return paths.feed_lock.read_text(errors="replace").strip() or "another process"
    return "another process"


def ask(paths: Paths, kind: str, symbol: str | None = None, value: str | None = None) -> None:
    """Leave a request for the feed. Raises ChannelError where the folder is not ours to write."""
    request = Request(kind=kind, asked_at=wall(), symbol=symbol, value=value)
    name = f"{kind}-{os.getpid()}-{request.asked_at.timestamp():.6f}.json"
    try:
        write_atomically(paths.requests / name, msgspec.json.encode(request))
    except OSError as problem:
        raise ChannelError("this store takes no requests from you; it refreshes by itself") from problem


def take_requests(paths: Paths) -> tuple[Request, ...]:
    """Requests not older than half a minute, oldest first; all are removed (asked by the feed)."""
    taken: list[Request] = []
    try:
        files = [file for file in paths.requests.iterdir() if file.suffix == ".json"]
    except OSError:
        return ()
    for file in files:
        with contextlib.suppress(OSError, *UNREADABLE):
            if not file.is_symlink() and file.is_file() and file.stat().st_size < 4096:
                taken.append(msgspec.json.decode(file.read_bytes(), type=Request))
        with contextlib.suppress(OSError):
            file.unlink()
    oldest = wall() - REQUEST_LIFE
    return tuple(sorted((one for one in taken if one.asked_at >= oldest), key=lambda one: one.asked_at))
