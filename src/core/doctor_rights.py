"""Checks of who else may read or change what is the user's alone."""

import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from .answers import is_answer
from .doctor import Case, Check
from .log import older

OTHERS = stat.S_IRWXG | stat.S_IRWXO
CHANGE = stat.S_IWGRP | stat.S_IWOTH
MOST = 20
"""Things named; of more the number is told."""


def rights(case: Case) -> Iterator[Check]:
    """Settings, themes, state, log and store: what others may read or write there, and the chmod that mends it."""
    found = (*_private(case), *_in_store(case), *_changeable(case))
    yield from found[:MOST]
    if len(found) > MOST:
        more = f"and {len(found) - MOST} more"
        yield Check(name="rights", state="warn", finding=more, remedy="mend those named, then look again")
    if not found:
        finding = "nobody else reads or changes your settings, log and journal"
        yield Check(name="rights", state="ok", finding=finding)


def _private(case: Case) -> Iterator[Check]:
    """What is read by its owner alone wherever it stands."""
    paths = case.paths
    for one in (paths.config_file, paths.state, paths.log, older(paths.log)):
        yield from _unless_private(one)


def _in_store(case: Case) -> Iterator[Check]:
    """A shared store shows its snapshot and its locks; all else in it is its feed's."""
    paths = case.paths
    shown = {paths.snapshot.name, paths.off_board.snapshot.name}
    shown |= {paths.watch_lock.name, paths.feed_lock.name, paths.requests.name}
    try:
        with os.scandir(paths.store) as entries:
            names = sorted(one.name for one in entries)
    except OSError:
        return
    for name in names:
        one = paths.store / name
        yield from _planted(one)
        if name not in shown and not is_answer(name):
            yield from _unless_private(one)
    yield from _without_sticky(paths.requests)


def _changeable(case: Case) -> Iterator[Check]:
    """Folders whose files others could replace."""
    for folder in (case.paths.config_file.parent, case.paths.themes):
        mode = _mode(folder)
        if mode is not None and mode & CHANGE and _within_reach(folder):
            finding = f"{folder}: others may replace what is in it (rights {mode:04o})"
            yield Check(name="rights", state="warn", finding=finding, remedy=f"chmod go-w {_quoted(folder)}")


def _unless_private(path: Path) -> Iterator[Check]:
    mode = _mode(path)
    if mode is None or not mode & OTHERS or not _within_reach(path):
        return
    may = "read and change" if mode & CHANGE else "read"
    wanted = "700" if path.is_dir() else "600"
    finding = f"{path}: others may {may} it (rights {mode:04o})"
    yield Check(name="rights", state="warn", finding=finding, remedy=f"chmod {wanted} {_quoted(path)}")


def _planted(path: Path) -> Iterator[Check]:
    """A link, or a stranger's file: neither is ever used."""
    try:
        found, folder = path.lstat(), path.parent.stat()
    except OSError:
        return
    words = "a symbolic link" if stat.S_ISLNK(found.st_mode) else ""
    if not words and found.st_uid not in (os.geteuid(), 0, folder.st_uid):
        words = f"a file of another user (id {found.st_uid})"
    if words:
        finding = f"{path} is {words}, and not used"
        yield Check(name="rights", state="warn", finding=finding, remedy=f"rm {_quoted(path)}")


def _without_sticky(folder: Path) -> Iterator[Check]:
    mode = _mode(folder)
    if mode is not None and mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        finding = f"{folder}: everybody may remove everybody's requests (rights {mode:04o})"
        yield Check(name="rights", state="warn", finding=finding, remedy=f"chmod +t {_quoted(folder)}")


def _mode(path: Path) -> int | None:
    """Rights of a file or folder of this user; None where it is not there, or not this user's to change."""
    try:
        found = path.stat()
    except OSError:
        return None
    return stat.S_IMODE(found.st_mode) if found.st_uid == os.geteuid() else None


def _within_reach(path: Path) -> bool:
    """Whether others can come as far as this: one closed folder on the way is enough."""
    try:
        return all(one.stat().st_mode & (stat.S_IXGRP | stat.S_IXOTH) for one in path.absolute().parents)
    except OSError:
        return True


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))
