"""What is wrong with the settings that only the screen can judge: keys, columns, themes."""

import os
from collections.abc import Iterator

from msgspec import structs

from ..core.model.config import Config, Problem
from ..core.model.harmless import harmless
from ..core.paths import Paths
from ..core.settings import check_setting, near
from ..core.settings_file import shown as quoted
from .commands import COMMANDS, Bound, bind, key_name, shown
from .contrast import doubts
from .outfit import outfit
from .panes import headings


def screen_problems(paths: Paths, config: Config) -> tuple[Problem, ...]:
    """Problems of `[keys]`, of the user's themes, of the theme, the order and the columns asked for."""
    file = config.path or str(paths.config_file)
    dressed = outfit(config, paths.themes, os.environ).problems
    return (*dressed, *_shared_keys(config, file), *_unknown_columns(config, file))


def refused(paths: Paths, config: Config, key: str, value: object) -> str:
    """What only the screen can say against a value of one of its keys: no such theme, column or order; else empty."""
    section, _, name = key.partition(".")
    if section != "screen" or value is None or check_setting(section, name, value):
        return ""
    wanted = structs.replace(config, screen=structs.replace(config.screen, **{name: value}))
    found = (one for one in screen_problems(paths, wanted) if one.key == key)
    return next((f"expected {harmless(one.expected)}" for one in found), "")


def screen_doubts(paths: Paths, config: Config) -> tuple[str, ...]:
    """What makes the user's themes, or the one in force with the colours set, hard to use; nothing of it is wrong."""
    dressed = outfit(config, paths.themes, os.environ)
    files = dressed.wardrobe.files
    of_files = [(str(files[name][0]), doubts(dressed.themes[name])) for name in files]
    file = config.path or str(paths.config_file)
    of_settings = () if dressed.theme.name in files else doubts(dressed.theme)
    return tuple(harmless(f"{where}: {one}") for where, found in (*of_files, (file, of_settings)) for one in found)


def _shared_keys(config: Config, file: str) -> Iterator[Problem]:
    """Keys that a command took from another which was given none of its own."""
    bound = {one.command.name: one for one in bind(config.keys, file)[0]}
    rebound = [one for name, one in bound.items() if name in config.keys]
    for command in COMMANDS:
        theirs = dict.fromkeys(name for name in map(key_name, command.keys) if name)
        for key in theirs if command.name not in config.keys else ():
            taker = next((one for one in rebound if key in one.keys), None)
            if taker is not None:
                yield _taken(file, config, key, taker, bound[command.name])


def _taken(file: str, config: Config, key: str, taker: Bound, loser: Bound) -> Problem:
    name, other = taker.command.name, loser.command.name
    return Problem(
        file=file, key=f"keys.{name}", value=quoted(config.keys[name]),
        expected=f"a key that {other} does not have",
        instead=f"{shown(key)} is {name} now and {_left(loser)}; a line for {other} under [keys] settles it",
    )  # fmt: skip


def _left(one: Bound) -> str:
    return f"{one.command.name} keeps {one.all_keys}" if one.keys else f"{one.command.name} has no key"


def _unknown_columns(config: Config, file: str) -> Iterator[Problem]:
    """Headings that no pane has; a column without a heading goes by its name."""
    known = headings()
    asked = [("screen", name) for name in config.screen.hidden_columns]
    asked += [(f"view[{one.name}]", name) for one in config.views for name in one.hidden_columns]
    for where, name in asked:
        if name.casefold() not in known:
            nearest = near(name.upper(), sorted(known.values()))
            yield Problem(
                file=file, key=f"{where}.hidden_columns", value=quoted(name),
                expected=f"the heading of a column{nearest}", instead="it is left out",
            )  # fmt: skip
