"""The arguments of a command line as they come: bytes that may be no text, and answers of the parser's own."""

import argparse
import errno
import os
import re
import sys

from .core.model.harmless import MARK, as_text
from .streams import flush_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path
    from typing import NoReturn

    from _typeshed import SupportsWrite

FILES = ("config", "store")
"""Arguments that name a file: of their names every byte counts."""
_SPELLED = re.compile(r"\\udc[89a-f][0-9a-f]")


class Parser(argparse.ArgumentParser):
    """A parser that does not hide that its help cannot be written, and whose complaints are text."""

    def error(self, message: str) -> "NoReturn":
        """Say it with the usage, and end."""
        super().error(_SPELLED.sub(MARK, message))

    def _get_formatter(self) -> argparse.HelpFormatter:
        return argparse.HelpFormatter(self.prog, width=columns() - 2)

    def _print_message(self, message: str, file: "SupportsWrite[str] | None" = None) -> None:
        if file is None or file is not sys.stdout:
            super()._print_message(message, file)
        else:  # the parent would say nothing of a disk that is full
            file.write(message)


def parsed(parser: argparse.ArgumentParser, arguments: "Sequence[str]") -> argparse.Namespace:
    """What was asked for, its words made text. Raises OSError where help or version cannot be written."""
    try:
        chosen = parser.parse_args(arguments)
    except SystemExit as end:
        if not end.code:
            _need_written()
        raise
    for name, value in vars(chosen).items():
        if name not in FILES:
            setattr(chosen, name, _worded(value))
    return chosen


def columns() -> int:
    """How wide help may be: as `shutil` has it, whose import costs more than all else the help needs."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdigit() and int(asked):
        return int(asked)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1).columns or 80
    except (OSError, ValueError):
        return 80


def _need_written() -> None:
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    flush_output()


def _worded(value: object) -> object:
    if isinstance(value, list):
        return [*map(_worded, value)]  # pyright: ignore[reportUnknownArgumentType]
    return as_text(value) if isinstance(value, str) else value


def positive(text: str) -> float:
    """A number above zero."""
    value = float(text)
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return value


def a_path(text: str) -> "Path":
    """The name of a file or folder."""
    from pathlib import Path

    return Path(text)


def a_day(text: str) -> "date":
    """A date, any; ValueError for what is none."""
    from datetime import date

    return date.fromisoformat(text)
