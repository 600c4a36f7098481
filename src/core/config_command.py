"""`tapewatch config`: where the settings are, what is in force, a commented default, what is wrong."""

import os
import sys
from typing import Literal, TextIO

from .channel import ChannelError, make_private, write_atomically
from .model.config import Config, Problem
from .paths import Paths
from .settings import load
from .settings_text import default_text, describe

OK, ERROR, PARTIAL = 0, 1, 3
Problems = tuple[Problem, ...]


def run_config(
    what: Literal["path", "show", "init", "check"],
    paths: Paths,
    out: TextIO,
    err: TextIO | None = None,
    more: Problems = (),
    doubts: tuple[str, ...] = (),
) -> int:
    """Run one of the four; returns the exit code.

    0 done and nothing wrong, 1 nothing done (`init` over an existing file) or problems found (`check`),
    3 shown, but not everything of the file is in force. `more` are problems found elsewhere (themes); `doubts` are
    what `check` tells without calling it a problem.
    """
    complain = err or sys.stderr
    if what == "path":
        return _path(paths, out)
    if what == "init":
        return _init(paths, out, complain)
    config, problems = load(paths.config_file)
    problems = problems + _rule_problems(config) + more
    return _show(paths, config, problems, out, complain) if what == "show" else _check(paths, problems, doubts, out)


def _rule_problems(config: Config) -> Problems:
    from .rule_check import usable

    return usable(config)[1]


def _path(paths: Paths, out: TextIO) -> int:
    out.write(f"{paths.config_file}\n")
    return OK


def _show(paths: Paths, config: Config, problems: Problems, out: TextIO, err: TextIO) -> int:
    unused = config.path is None and os.path.lexists(paths.config_file)
    out.write(describe(config, str(paths.config_file) if unused else ""))
    for problem in problems:
        err.write(f"tapewatch: {problem}\n")
    return PARTIAL if problems else OK


def _init(paths: Paths, out: TextIO, err: TextIO) -> int:
    file = paths.config_file
    if file.exists() or file.is_symlink():
        err.write(f"tapewatch: {file} is there already and was left as it is\n")
        return ERROR
    try:
        make_private(file.parent)
        write_atomically(file, default_text().encode())
    except (ChannelError, OSError) as fault:
        why = getattr(fault, "strerror", None) or fault
        err.write(f"tapewatch: {file} cannot be written: {why}\n")
        return ERROR
    out.write(f"{file}\n")
    return OK


def _check(paths: Paths, problems: Problems, doubts: tuple[str, ...], out: TextIO) -> int:
    for problem in problems:
        out.write(f"{problem}\n")
    for doubt in doubts:
        out.write(f"doubtful: {doubt}\n")
    if problems:
        return ERROR
    there = paths.config_file.exists()
    out.write(f"{paths.config_file}: {'no problems' if there else 'not there; the defaults are used'}\n")
    return OK
