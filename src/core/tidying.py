"""What killed processes left behind: files half written, folders of demos and of readers that are gone."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .answers import BEGINS, forget_answers
from .channel import Lock
from .clock import wall
from .paths import Paths, private_paths

PRIVATE = ("tapewatch-demo-", "tapewatch-replay-")
"""How the private folders of demos and replays begin."""
COPIES = ("tapewatch-read-", "tapewatch-rescue-")
"""How the folders begin in which a database is copied to be read."""
SETTLED, OLD = 60.0, 86400.0
"""Seconds: a private folder is younger than the first while its screen begins; a copy is read within the second."""


def tidy(paths: Paths) -> int:
    """Remove what no living process needs, of this store and of this user's; how many files and folders that were.

    Called by a feed that holds the store's lock: what is half written there is nobody's.
    """
    gone = [*_unfinished(paths.store, ".snapshot.json."), *_unfinished(paths.store, f".{paths.database.name}.")]
    gone += [*_unfinished(paths.requests, "."), *_unfinished(paths.store, f".{BEGINS}")]
    gone += _unfinished(paths.store, f".{paths.off_board.snapshot.name}.")
    forget_answers(paths)
    removed = sum(_removed(one) for one in gone)
    for folder in _forsaken(paths):
        shutil.rmtree(folder, ignore_errors=True)
        removed += 1
    return removed


def _unfinished(folder: Path, begins: str) -> list[Path]:
    try:
        # a folder of requests that is a link leads to files of other kinds
        if folder.name == "requests" and folder.is_symlink():
            return []
        return [one for one in folder.iterdir() if one.name.startswith(begins) and _age(one) > SETTLED]
    except OSError:
        return []


def _forsaken(paths: Paths) -> Iterator[Path]:
    """This user's folders for one screen or one reading whose processes are gone."""
    try:
        ours = [one for one in Path(tempfile.gettempdir()).glob("tapewatch-*") if _is_ours(one)]
    except OSError:
        return
    for one in ours:
        if one.name.startswith(COPIES) and _age(one) > OLD:
            yield one
        if one.name.startswith(PRIVATE) and _age(one) > SETTLED and one != paths.store and not _is_held(one, paths):
            yield one


def _is_held(folder: Path, like: Paths) -> bool:
    """Whether a feed or a screen of it lives; a lock that cannot be tried may be held."""
    its = private_paths(folder, like)
    for path in (its.feed_lock, its.watch_lock):
        lock = Lock(path, "alone")
        if path.exists() and not lock.take():
            return True
        lock.release()
    return False


def _is_ours(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        return folder.lstat().st_uid == os.geteuid() and folder.is_dir() and not folder.is_symlink()
    return False


def _age(path: Path) -> float:
    with contextlib.suppress(OSError):
        return wall().timestamp() - path.lstat().st_mtime
    return 0.0


def _removed(file: Path) -> bool:
    with contextlib.suppress(OSError):
        file.unlink()
        return True
    return False
