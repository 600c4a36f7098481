"""Both ends of the folder between feed and screens: snapshot file, watch lock, requests.

The snapshot is replaced whole, so no reader ever sees half of one. The kernel forgets the locks of the
dead. A reader needs no right but to read.
"""

import contextlib
import os
import stat as modes
import tempfile
from collections.abc import Callable, Generator, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from .clock import wall
from .files import MEGABYTE, naming, read_file, refuse_planted, strange
from .locks import Lock as Lock
from .model.chart import Wish
from .model.decoding import decoded, encoded
from .model.harmless import harmless
from .model.reading import Aware
from .model.snapshot import SCHEMA, Snapshot
from .paths import Paths

REQUEST_LIFE = timedelta(seconds=30)
"""An older request is ignored: whoever asked has gone or given up. One from further in the future is no request."""
LARGEST_SNAPSHOT = 32 * MEGABYTE
"""Bytes: some hundred times what the feed publishes; a larger file is none of its."""
LARGEST_REQUEST = 4096
MOST_REQUESTS = 64
"""Requests read in one step of the feed; a folder with more is worked off in steps."""
MOST_NAMES = 4000
"""Names looked at in one step, and so the files removed."""

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What a file that is no answer of ours can raise when it is decoded."""


class ChannelError(Exception):
    """The folder cannot be used; the message is one sentence for the user."""


class NewerLayoutError(ChannelError):
    """The snapshot was written by a newer program; it is left as it is."""


class StrangeError(ChannelError):
    """Something else stands in place of the snapshot: what it is, and what to do, before the place where it is."""

    def __init__(self, path: Path, what: str, more: str = "") -> None:
        super().__init__(f"{path.name} {what}: remove or rename it, the feed writes it anew ({path.parent}){more}")
        self.what = f"{path} {what}{more}"


class Request(Aware, frozen=True, kw_only=True):
    """What a screen wants of the feed: `kind` is refresh, reload or chart, in a replay step with a `value`.

    For alerts it is alerts-test or alerts-mute: `symbol` is the alert's name (all without one), `value` the seconds.
    """

    kind: str
    asked_at: datetime
    symbol: str | None = None
    value: str | None = None
    chart: Wish | None = None


class Stamp(msgspec.Struct, frozen=True):
    """What `stat` says of a snapshot file; equal stamps mean the same file."""

    inode: int
    modified_ns: int
    size: int


def make_private(folder: Path) -> None:
    """Create a folder that only its owner may enter, whatever the umask; an existing one keeps its rights."""
    try:
        for one in (*reversed(folder.parents), folder):
            if not one.is_dir():
                one.mkdir(mode=0o700)
                one.chmod(0o700)
    except FileExistsError:
        if not folder.is_dir():
            raise ChannelError(f"cannot create {folder}: there is a file of this name") from None
    except OSError as problem:
        raise ChannelError(f"cannot create {folder}: {problem.strerror or problem}") from problem


def make_own(folder: Path) -> None:
    """Create a folder whose content is trusted: this user's, and closed to all others.

    One that is a link, somebody else's, or was open to others is put aside by name and made anew.
    """
    # what cannot even be looked at cannot be made either, and that is said below
    with contextlib.suppress(OSError):
        found = folder.lstat()
        loose = found.st_mode & 0o077 or found.st_uid != os.geteuid() or not modes.S_ISDIR(found.st_mode)
        if loose:
            _put_aside(folder)
    make_private(folder)


def _put_aside(folder: Path) -> None:
    try:
        os.rename(folder, folder.with_name(f"{folder.name}.refused-{wall():%Y%m%dT%H%M%S.%f}"))
    except OSError as problem:
        raise ChannelError(f"{folder} was open to others and cannot be put aside: {problem.strerror}") from problem


def publish(paths: Paths, snapshot: Snapshot, mode: int = 0o600) -> None:
    """Replace the snapshot file in one step. Raises OSError on a full or read-only disk."""
    write_atomically(paths.snapshot, encoded(snapshot), mode)


def write_atomically(
    path: Path,
    content: bytes,
    mode: int = 0o600,
    *,
    like: os.stat_result | None = None,
    check: Callable[[], None] | None = None,
) -> None:
    """Write beside and rename; on failure the old file stands and nothing is left behind.

    The new file belongs to whom the one it takes the place of (`like`) belongs. `check` is the last word before the
    old one goes: what it raises leaves that as it is.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with naming(path), os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, mode)
        if like is not None:
            _give(name, like)
        if check is not None:
            check()
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _give(name: str, like: os.stat_result) -> None:
    """Let a file belong to whom another belongs. Raises OSError where somebody could read it no longer."""
    mine = os.stat(name)
    if (mine.st_uid, mine.st_gid) == (like.st_uid, like.st_gid):
        return
    try:
        os.chown(name, like.st_uid, like.st_gid)
    except OSError:
        if mine.st_uid != like.st_uid or like.st_mode & 0o070:
            raise


def stamp(paths: Paths) -> Stamp | None:
    """The snapshot file's stamp, None where there is none; the cheap question of every refresh.

    ChannelError where the folder is closed to this user.
    """
    try:
        found = paths.snapshot.lstat()
    except PermissionError as problem:
        raise ChannelError(f"cannot look into {paths.store}: {problem.strerror}") from problem
    except OSError:
        return None
    return Stamp(found.st_ino, found.st_mtime_ns, found.st_size)


def read_snapshot(paths: Paths) -> Snapshot | None:
    """The published snapshot, None where there is none; ChannelError where it cannot be read.

    Whatever was written into it, its texts are harmless on a terminal.
    """
    try:
        refuse_planted(paths.snapshot)
        content = read_file(paths.snapshot, LARGEST_SNAPSHOT, links=False)
    except FileNotFoundError:
        return None
    except OSError as problem:
        what = strange(problem)
        if what:
            raise StrangeError(paths.snapshot, what) from problem
        raise ChannelError(f"cannot read {paths.snapshot}: {problem.strerror or problem}") from problem
    try:
        found = decoded(content, Snapshot)
    except UNREADABLE as problem:
        _refuse_newer(paths, _layout(content))
        raise StrangeError(paths.snapshot, "cannot be read as a snapshot", f": {problem}") from problem
    _refuse_newer(paths, found.schema)
    return found


def _layout(content: bytes) -> int:
    """The number of the layout of a file that cannot be read in ours; 0 where not even that can be read."""
    try:
        return msgspec.json.decode(content, type=_Schema).schema
    except UNREADABLE:
        return 0


def _refuse_newer(paths: Paths, written: int) -> None:
    if written > SCHEMA:
        raise NewerLayoutError(
            f"{paths.snapshot} is of layout {written}, this program knows {SCHEMA}: "
            "it was written by a newer tapewatch; quit and start the new one"
        )


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


def is_watched(paths: Paths) -> bool:
    """Whether any screen has this store open (asked by the feed)."""
    lock = Lock(paths.watch_lock, "alone")
    if lock.take():
        lock.release()
        return False
    return lock.problem is None and _is_there(paths.watch_lock)


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
    if lock.problem:
        # whoever wants to be the feed is told
        return None
    with contextlib.suppress(OSError):
        said = read_file(paths.feed_lock, LARGEST_REQUEST, links=False).decode(errors="replace")
        return harmless(said.strip()) or "another process"
    return "another process"


def ask(
    paths: Paths, kind: str, symbol: str | None = None, value: str | None = None, chart: Wish | None = None
) -> None:
    """Leave a request for the feed. Raises ChannelError where the folder is not ours to write."""
    request = Request(kind=kind, asked_at=wall(), symbol=symbol, value=value, chart=chart)
    name = f"{kind}-{os.getpid()}-{request.asked_at.timestamp():.6f}.json"
    try:
        with _folder(paths.requests) as folder:
            # a feed of another account has to read it
            ours = os.fstat(folder).st_uid == os.geteuid()
            _leave(folder, name, msgspec.json.encode(request), 0o600 if ours else 0o644)
    except OSError as problem:
        raise ChannelError("this store takes no requests from you; it refreshes by itself") from problem


def _leave(folder: int, name: str, content: bytes, mode: int) -> None:
    """A new file of a folder, there under its name only when it is whole."""
    unfinished = f".{name}"
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode, dir_fd=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, mode)
            file.write(content)
        os.rename(unfinished, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        os.unlink(unfinished, dir_fd=folder)
        raise


@contextlib.contextmanager
def _folder(path: Path) -> Generator[int, None, None]:
    """A folder held open, so that nobody can put another in its place; a link to one is refused."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield handle
    finally:
        os.close(handle)


def take_requests(paths: Paths) -> tuple[Request, ...]:
    """Requests not older than half a minute, oldest first; all are removed (asked by the feed).

    One that cannot be removed is not obeyed: it would be obeyed again and again. The work of a step is bounded.
    """
    try:
        with _folder(paths.requests) as folder:
            found = list(_taken(folder, _names(folder)))
    except OSError:
        return ()
    now = wall()
    young = (one for one in found if abs(now - one.asked_at) <= REQUEST_LIFE)
    return tuple(sorted(young, key=lambda one: one.asked_at))


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as entries:
        names = [one.name for one, _ in zip(entries, range(MOST_NAMES), strict=False)]
    return [name for name in names if ".json" in name]


def _taken(folder: int, names: list[str]) -> Iterator[Request]:
    left = MOST_REQUESTS
    for name in names:
        request, readable = None, left > 0 and not name.startswith(".")
        if readable:
            left -= 1
            with contextlib.suppress(OSError, *UNREADABLE):
                request = msgspec.json.decode(_read(folder, name), type=Request)
        elif not _is_forgotten(folder, name):
            continue
        with contextlib.suppress(OSError):
            os.unlink(name, dir_fd=folder)
            if request is not None:
                yield request


def _is_forgotten(folder: int, name: str) -> bool:
    """Whether nobody waits for this any more, finished or not."""
    try:
        written = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime
    except OSError:
        return False
    return abs(wall().timestamp() - written) > REQUEST_LIFE.total_seconds()


def _read(folder: int, name: str) -> bytes:
    if not modes.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        return b""
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    with os.fdopen(handle, "rb") as file:
        content = file.read(LARGEST_REQUEST)
    return content if len(content) < LARGEST_REQUEST else b""
