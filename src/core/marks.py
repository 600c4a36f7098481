"""Holding and watching on a file system without locks: a file a process, counted while its process lives.

A mark names its process, when that began, and its machine. Of two that want to be alone the earlier mark
wins, the smaller process id of two at once. A mark of another machine counts as living: it cannot be asked.
"""

import contextlib
import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path

NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)
"""What a file system answers that has no locks."""
_MOST = 512


def take_mark(path: Path, *, alone: bool) -> Path | None:
    """Leave a mark beside a lock's file; None where another living process stands in the way."""
    mark = path.with_name(f"{path.name}.{socket.gethostname()}.{os.getpid()}.mark")
    with contextlib.suppress(OSError):
        mark.unlink(missing_ok=True)
    try:
        handle = os.open(mark, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    except OSError:
        return None
    try:
        os.write(handle, _named(os.getpid()).encode())
    finally:
        os.close(handle)
    if alone and any(_rank(other) < _rank(mark) for other in living_marks(path) if other != mark):
        mark.unlink(missing_ok=True)
        return None
    return mark


def living_marks(path: Path) -> Iterator[Path]:
    """Marks beside a lock's file whose processes live, or may; those of the dead are removed."""
    for mark in sorted(path.parent.glob(f"{path.name}.*.mark")):
        if _lives(mark):
            yield mark
        else:
            with contextlib.suppress(OSError):
                mark.unlink()


def _rank(mark: Path) -> tuple[int, int]:
    try:
        return mark.lstat().st_mtime_ns, int(mark.name.split(".")[-2])
    except (OSError, ValueError):
        return 1 << 63, 0


def _lives(mark: Path) -> bool:
    try:
        handle = os.open(mark, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        words = os.read(handle, _MOST).decode(errors="replace").split()
    finally:
        os.close(handle)
    if len(words) != 3:
        return True  # just being written
    if words[2] != socket.gethostname() or not words[0].isdigit():
        return True
    return _named(int(words[0])).split()[:2] == words[:2] and _is_process(int(words[0]))


def _named(pid: int) -> str:
    """A process id, when its process began (0 where that is not told), and this machine."""
    began = "0"
    with contextlib.suppress(OSError, IndexError):
        began = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()[19]
    return f"{pid} {began} {socket.gethostname()}"


def _is_process(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
