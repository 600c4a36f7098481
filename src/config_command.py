"""The command `config`: where the settings are, what they are, and changing them."""

import argparse
import sys

SHOWING = ("path", "show", "init", "check")
CHANGING = ("set", "unset", "add", "remove")
OPTIONS = {
    "short": "add symbol: what the board calls it",
    "name": "add symbol: its full name",
    "group": "add symbol: its block of the board",
    "kind": "add symbol: index, future, fund, volatility or yield",
    "currency": "add symbol: of its prices",
    "calendar": "add symbol: trading days of its exchange, such as XNYS",
    "rule": "add level: what it waits for, such as: close above",
    "note": "add level: your own words",
    "since": "add level: judged from this session on",
}


def config_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes; made for every command line, so nothing heavy is imported here."""
    parser.add_argument("what", nargs="?", choices=(*SHOWING, *CHANGING), default="show")
    parser.add_argument(
        "words", nargs="*", metavar="WORD",
        help="set KEY VALUE, unset KEY, add or remove: symbol SYMBOL, pair RULE WATCHED AGAINST, level SYMBOL PRICE",
    )  # fmt: skip
    for name, text in OPTIONS.items():
        parser.add_argument(f"--{name}", metavar="DATE" if name == "since" else "TEXT", help=text)


def run_config_command(chosen: argparse.Namespace) -> int:
    """Settings: path, show, init, check; set, unset, add, remove."""
    options = {name: value for name in OPTIONS if (value := getattr(chosen, name)) is not None}
    return _change(chosen, options) if chosen.what in CHANGING else _show(chosen, options)


def _show(chosen: argparse.Namespace, options: dict[str, str]) -> int:
    from .cli import USAGE, ComplaintError, places, settings_of
    from .core.config_command import run_config
    from .core.settings import load
    from .tui.checking import screen_doubts, screen_problems

    if chosen.words or options:
        extra = [*chosen.words, *(f"--{name}" for name in options)]
        raise ComplaintError(USAGE, f"`tapewatch config {chosen.what}` takes nothing more: {extra[0]!r}")
    paths = places(chosen)
    config, _ = load(paths.config_file) if chosen.what in ("init", "path") else settings_of(chosen, paths)
    doubts = screen_doubts(paths, config) if chosen.what == "check" else ()
    return run_config(chosen.what, paths, sys.stdout, more=screen_problems(paths, config), doubts=doubts)


def _change(chosen: argparse.Namespace, options: dict[str, str]) -> int:
    from .cli import ERROR, OK, USAGE, places, say, tell
    from .core.config_changing import WrongUseError, change

    paths = places(chosen)

    def refused(key: str, value: object) -> str:
        from .core.settings import load
        from .tui.checking import refused as on_screen

        # what the screen judges costs its imports
        return on_screen(paths, load(paths.config_file)[0], key, value) if key.startswith("screen.") else ""

    try:
        tell(change(paths.config_file, chosen.what, chosen.words, options, refused))
    except WrongUseError as wrong:
        return say(str(wrong), USAGE)
    except OSError as problem:
        return say(str(problem), ERROR)
    return OK
