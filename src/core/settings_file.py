"""Reading and changing one TOML file of the user's; whatever is wrong with it is a Problem."""

import json
import tomllib
from pathlib import Path
from typing import Any

from .model.config import Problem

LONGEST = 60
"""Characters of a value that a Problem repeats."""


def read_toml(path: Path) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The tables of a file, empty with one Problem where it cannot be read; a missing file is neither."""
    try:
        content = path.read_bytes().decode()
    except FileNotFoundError:
        return {}, ()
    except UnicodeDecodeError as fault:
        return {}, (_unreadable(path, f"is not text in UTF-8 (byte {fault.start})"),)
    except OSError as fault:
        return {}, (_unreadable(path, f"cannot be read: {fault.strerror or fault}"),)
    try:
        return tomllib.loads(content), ()
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        return {}, (_unreadable(path, f"is not valid TOML: {fault}; nothing of it is used"),)


def _unreadable(path: Path, why: str) -> Problem:
    return Problem(file=str(path), key="", value="", expected=why)


def shown(value: object) -> str:
    """A value as a user wrote it, in one line, cut where it is long."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError):
        text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
