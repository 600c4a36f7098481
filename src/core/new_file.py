"""Writing a file that was not there: whole, beside what there is, its owner's alone."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

MOST_NAMES = 1000
"""Files of one name before a number is looked for no longer."""


def write_new(path: Path, content: bytes, mode: int = 0o600) -> Path:
    """Write a whole new file beside those there are; where the name is taken, with the first number that is free.

    The file appears in one step; a link in its place is another name that is taken. Raises OSError, and leaves
    nothing behind then.
    """
    handle, unfinished = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(unfinished, mode)
        for name in _names(path):
            if _put(unfinished, name):
                return name
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(unfinished)
    raise FileExistsError(errno.EEXIST, "there are too many files of this name")


def _names(path: Path) -> Iterator[Path]:
    yield path
    for number in range(2, MOST_NAMES):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")


def _put(unfinished: str, path: Path) -> bool:
    """Give a finished file its name; False where that is taken."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        return False
    except OSError:
        return _put_without_links(unfinished, path)
    return True


def _put_without_links(unfinished: str, path: Path) -> bool:
    """The same on a file system without hard links: the name is taken first, then filled."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return False
    try:
        os.replace(unfinished, path)
    except OSError:
        os.unlink(path)
        raise
    return True
