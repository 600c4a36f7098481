"""Reading and changing one TOML file of the user's; whatever is wrong with it is a Problem."""

import os
import tomllib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from .channel import ChannelError, make_private, write_atomically
from .files import MEGABYTE, read_file
from .locks import one_at_a_time
from .model.config import Problem
from .model.harmless import harmless

LONGEST = 60
"""Characters of a value that a Problem repeats."""
LARGEST = MEGABYTE
"""Bytes: a file with every key and a hundred instruments has twenty thousand."""
BYTE_ORDER = "\ufeff"
"""The mark that editors of Windows begin a file with; it says nothing."""
MOST_KEYS, DEEPEST, MOST_DOTS = 5000, 12, 100
"""Values of one file, tables inside one another, and dots of a line: the parser takes their square in time."""


def read_toml(path: Path) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The tables of a file, empty with one Problem where it cannot be read; a missing file is neither."""
    try:
        content = read_file(path, LARGEST).decode().removeprefix(BYTE_ORDER)
    except FileNotFoundError:
        return {}, ()
    except UnicodeDecodeError as fault:
        return {}, (_unreadable(path, f"is not text in UTF-8 (byte {fault.start})"),)
    except OSError as fault:
        return {}, (_unreadable(path, f"cannot be read: {fault.strerror or fault}"),)
    if max((line.count(".") for line in content.splitlines()), default=0) > MOST_DOTS:
        return {}, (_unreadable(path, f"has a line with more than {MOST_DOTS} dots; nothing of it is used"),)
    try:
        tables = tomllib.loads(content)
    except (ValueError, RecursionError) as fault:
        return {}, (_unreadable(path, f"is not valid TOML: {fault}; nothing of it is used"),)
    unfit = _unfit(tables)
    return ({}, (_unreadable(path, f"{unfit}; nothing of it is used"),)) if unfit else (tables, ())


def _unfit(tables: dict[str, Any]) -> str:
    """Why valid TOML is no settings file of anybody's: it would take minutes to name what is wrong with it."""
    level: list[Any] = [tables]
    count = 0
    for _ in range(DEEPEST):
        inner = [values for one in level if (values := _values(one))]
        count += sum(map(len, inner))
        if count > MOST_KEYS:
            return f"holds more than {MOST_KEYS:,} values"
        level = [value for values in inner for value in values]
        if not level:
            return ""
    return f"holds tables more than {DEEPEST} deep" if any(map(_values, level)) else ""


def _values(one: Any) -> list[Any]:
    if isinstance(one, dict):
        return list(cast("dict[str, Any]", one).values())
    return list(cast("list[object]", one)) if isinstance(one, list) else []


def _unreadable(path: Path, why: str) -> Problem:
    return Problem(file=str(path), key="", value="", expected=why)


def shown(value: object) -> str:
    """A value as a user wrote it, in one harmless line, cut where it is long."""
    import json

    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):
        text = f"a {type(value).__name__}"
    return harmless(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")


Value = bool | float | str | tuple[str, ...] | None


def write_setting(path: Path, key: str, value: Value) -> Problem | None:
    """Change one setting, such as ``screen.theme``, and leave every other character of the file.

    None takes the setting away. The file is replaced in one step and made where there is none; one that
    is no valid TOML, a value that will not do and a folder that cannot be written are a Problem, and
    nothing is changed.
    """
    from .settings import check_setting

    section, _, name = key.partition(".")
    expected = None if value is None else check_setting(section, name, value)
    if expected is not None:
        return Problem(file=str(path), key=key, value=shown(value), expected=expected, instead=UNTOUCHED)
    return replaced(path, lambda text: _edited(text, section, name, value), key)


UNTOUCHED = "the file was left as it was"
TRIES = 5
"""How often a change is begun anew because somebody else has written meanwhile."""
Edit = Callable[[str], str | Problem | None]
"""From a file's text to another; None where it cannot be changed safely, a Problem where it must not be."""


def replaced(path: Path, edit: Edit, key: str) -> Problem | None:
    """Replace a file by its edited text in one step, or make it; whatever stands in the way is a Problem.

    Nobody else who edits it through here does so meanwhile; what somebody else writes in between is read and edited
    anew, not overwritten.
    """
    _, broken = read_toml(path)
    if broken:
        return broken[0]
    try:
        for _ in range(TRIES):
            with suppress(_ChangedError):
                return _replace(path, edit, key)
        return _unreadable(path, f"is being changed by somebody else again and again; {UNTOUCHED}")
    except UnicodeError:
        return _unreadable(path, f"cannot be changed at {key}: that is not text in UTF-8")
    except OSError as fault:
        return _unreadable(path, f"cannot be written: {fault.strerror or fault}")
    except ChannelError as fault:
        return _unreadable(path, str(fault))


class _ChangedError(Exception):
    """The file is another than the one that was read."""


def _replace(path: Path, edit: Edit, key: str) -> Problem | None:
    # a link into a folder of dotfiles stays a link
    target = path.resolve()
    if not target.exists():
        make_private(target.parent)
    with one_at_a_time(target.parent):
        known = _look(target)
        before = read_file(target, LARGEST).decode() if known else ""
        mark = BYTE_ORDER if before.startswith(BYTE_ORDER) else ""
        after = edit(before.removeprefix(mark))
        if isinstance(after, Problem):
            return after
        if after is None:
            return _unreadable(path, f"cannot be changed at {key}: edit it by hand")
        if mark + after != before:
            mode = known.st_mode & 0o777 if known else 0o600
            write_atomically(target, (mark + after).encode(), mode, like=known, check=lambda: _unchanged(target, known))
    return None


def _look(target: Path) -> os.stat_result | None:
    try:
        return target.stat()
    except FileNotFoundError:
        return None


def _unchanged(target: Path, known: os.stat_result | None) -> None:
    """Raise where somebody else, an editor say, has written meanwhile."""

    def seen(one: os.stat_result | None) -> tuple[int, int, int] | None:
        return (one.st_ino, one.st_mtime_ns, one.st_size) if one else None

    if seen(_look(target)) != seen(known):
        raise _ChangedError


def _edited(text: str, section: str, name: str, value: Value) -> str | None:
    """The text with one setting changed, None where that cannot be done safely."""
    from .settings_cut import ByHandError, with_setting

    try:
        return with_setting(text, section, name, value)
    except (ByHandError, AttributeError, KeyError, TypeError, ValueError):
        return None
