"""Reading files that somebody else may have put there: never a hang, never more than was bargained for."""

import contextlib
import errno
import os
import stat
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO

MEGABYTE = 1_000_000

_IT, _NO_FILE = "it ", " and not a file"
_KINDS = (
    (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"),
    (stat.S_ISLNK, "a symbolic link"),
)  # fmt: skip


def read_file(path: Path, most: int, *, links: bool = True) -> bytes:
    """All bytes of an ordinary file of at most so many; OSError says in `strerror` what it is instead.

    A pipe, a device or a folder is not opened for reading. Without `links` a symbolic link is refused too.
    """
    with open_file(path, links=links) as handle:
        found = os.fstat(handle.fileno())
        if found.st_size > most:
            raise _too_large(path, most)
        # it may be growing, or say nothing of its size
        content = handle.read(most + 1)
    if len(content) > most:
        raise _too_large(path, most)
    return content


def open_file(path: Path, *, links: bool = True) -> BinaryIO:
    """An ordinary file opened to read bytes; anything else is refused as in :func:`read_file`."""
    # looked at first: opening alone wakes a device or waits for the other end of a pipe
    refuse_strange(os.stat(path, follow_symlinks=links), path)
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
    handle = os.open(path, flags if links else flags | os.O_NOFOLLOW)
    try:
        refuse_strange(os.fstat(handle), path)
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def refuse_strange(found: os.stat_result, path: Path) -> None:
    """OSError for what is no ordinary file."""
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):
        kind = next((words for is_one, words in _KINDS if is_one(found.st_mode)), "something else")
        raise OSError(errno.EINVAL, f"{_IT}is {kind}{_NO_FILE}", str(path))


def refuse_planted(path: Path, *, links: bool = False) -> None:
    """OSError where a file of ours could be somebody else's trap: a link, no file at all, or a stranger's.

    A stranger is whoever is neither this user, nor root, nor the owner of the folder, where the folder is open
    for all to write. A second name of a file is refused as well: it may be one that must not be written.
    Nothing is wrong with a file that is not there.
    """
    try:
        found = os.stat(path, follow_symlinks=links)
    except FileNotFoundError:
        return
    refuse_strange(found, path)
    refuse_stranger(found, path)


def refuse_stranger(found: os.stat_result, path: Path) -> None:
    """OSError where a file in a folder that all may write to is a stranger's, or has a second name."""
    folder = os.stat(path.parent)
    if not folder.st_mode & stat.S_IWOTH:
        return
    if found.st_uid not in (os.geteuid(), 0, folder.st_uid):
        raise OSError(errno.EPERM, f"it was put there by another user (id {found.st_uid})", str(path))
    if found.st_nlink > 1:
        raise OSError(errno.EPERM, "it is a second name of another file", str(path))


@contextlib.contextmanager
def naming(path: Path) -> Generator[None, None, None]:
    """Let an OSError of a write say of which file it is: the system names one only where it opens it."""
    try:
        yield
    except OSError as problem:
        if problem.filename is None:
            problem.filename = str(path)
        raise


def strange(refusal: OSError) -> str:
    """``is a folder``, ``is a pipe``: what was refused by this module for what it is; empty for any other reason."""
    if isinstance(refusal, IsADirectoryError):
        return "is a folder"
    words = refusal.strerror or ""
    return words.removeprefix(_IT).removesuffix(_NO_FILE) if words.startswith(_IT) else ""


def _too_large(path: Path, most: int) -> OSError:
    return OSError(errno.EFBIG, f"it is larger than {most / MEGABYTE:g} MB", str(path))
