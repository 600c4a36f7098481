"""The footer: screens by digit, the keys that matter here."""

from collections.abc import Mapping, Sequence

from .choices import SCREENS, Choices
from .commands import Bound, by_name
from .text import Line, Piece, apart, joined, line, pad
from .text import width as width_of

NAMES_FROM = 118
"""Columns from which the footer names its screens."""
SETTINGS = (
    ("quit", "quit"), ("back", "back"), ("remove", "default"), ("next-figure", "next choice"), ("proof", "change"),
)  # fmt: skip
"""Commands that do something of their own on the settings page, the likeliest last."""


def footer(bound: Sequence[Bound], choices: Choices, cells: int) -> Line:
    """Screens by digit at the left, the keys that matter here at the right."""
    named = by_name(bound)
    left: list[Line] = []
    for screen in SCREENS:
        key = named[f"screen-{screen}"].key
        if not key:
            continue
        active = screen == choices.screen and not choices.page
        left.append(_screen_entry(key, screen, active, cells >= NAMES_FROM))
    if choices.page == "settings" and not choices.edit:
        words = [(named[name].key, word) for name, word in SETTINGS]
    else:
        keys = [named[name] for name in _hints(choices, replaying="play" in named)]
        words = [(one.key, one.command.footer or one.command.name) for one in keys]
    hints = [line(Piece(key, "text"), Piece(f" {word}", "muted")) for key, word in words if key]
    hints += _step_hints(named)
    start = (Piece(" "), *joined(left, pad(2 if cells >= NAMES_FROM else 1)))
    while hints and width_of(start) + width_of(joined(hints, pad(2))) + 3 > cells:
        hints.pop(0)
    return apart(start, (*joined(hints, pad(2)), Piece(" ")), cells)


def _step_hints(named: Mapping[str, Bound]) -> list[Line]:
    """In a replay: the keys that step and play."""
    if "play" not in named:
        return []
    step = " ".join(named[name].key for name in ("session-back", "session-on") if named[name].key)
    words = ((step, "step"), (named["play"].key, "play"))
    return [line(Piece(key, "text"), Piece(f" {word}", "muted")) for key, word in words if key]


def _screen_entry(key: str, screen: str, active: bool, names: bool) -> Line:
    if active:
        return line(Piece(f"{key} {screen}", "accent bold underline"))
    return line(Piece(key, "text"), Piece(f" {screen}", "muted")) if names else line(Piece(key, "muted"))


def _hints(choices: Choices, *, replaying: bool) -> tuple[str, ...]:
    if choices.edit:
        return ()
    if choices.page == "alerts":
        return ("alert-test", "alert-mute", "back", "quit")
    if choices.page or choices.finding or choices.exporting:
        return ("back", "quit")
    if replaying:
        return ("proof", "pause", "help", "quit", "back")
    if choices.proof:
        return ("copy", "back", "help", "quit")
    if choices.opened:
        return ("add", "zoom", "proof", "help", "find", "next-symbol", "next-pane", "back", "quit")
    if choices.screen == "recap":
        return ("pause", "help", "back", "export", "quit")
    if choices.screen == "chart":
        return ("pause", "log", "candles", "against", "mode", "frame", "help", "back", "quit")
    if choices.screen == "flags":
        return ("add", "filter", "proof", "pause", "help", "quit")
    return ("add", "sort", "zoom", "proof", "find", "pause", "help", "quit")
