"""The footer: screens by digit, the keys that matter here."""

from collections.abc import Mapping, Sequence

from .choices import Choices
from .commands import Bound, by_name
from .text import Line, Piece, apart, clean, joined, line, pad
from .text import width as width_of

LEAST_GAP = 3
"""Cells between the screens and the keys."""
SETTINGS = (
    ("quit", "quit"), ("back", "back"), ("remove", "default"), ("next-figure", "next choice"), ("proof", "change"),
)  # fmt: skip
"""Commands that do something of their own on the settings page, the likeliest last."""
EXPORTING = (("quit", "quit"), ("back", "back"), ("copy", "clipboard"), ("proof", "file"))
"""The same while the export row is open."""
ENTERED = {
    "view": "save",
    "setting": "write", "symbol": "add", "group": "move", "level": "add", "pair": "add", "unpair": "remove",
}  # fmt: skip
"""What Enter does with what is typed."""


def footer(bound: Sequence[Bound], choices: Choices, cells: int, *, alerts: bool = True) -> Line:
    """Screens by digit at the left, the keys that matter here at the right; names of other screens go before a key.

    While something is typed digits are typed too, and only the screen that is shown is named. Keys of `alerts` stand
    where there are any.
    """
    hints = [_hint(key, word) for key, word in _keys(by_name(bound), choices, alerts=alerts) if key]
    start = _start(bound, choices, names=True)
    if is_typed(choices):
        start = line(" ", *screen_word(bound, choices))
    elif width_of(start) + _beside(hints) > cells:
        start = _start(bound, choices, names=False)
    while hints and width_of(start) + _beside(hints) > cells:
        hints.pop(0)
    return apart(start, (*joined(hints, pad(2)), Piece(" ")), cells)


def _beside(hints: Sequence[Line]) -> int:
    """Cells that keys take at the right end, with what sets them apart."""
    return width_of(joined(hints, pad(2))) + 1 + LEAST_GAP if hints else 0


def _hint(key: str, word: str) -> Line:
    return line(Piece(key, "text"), Piece(f" {word}", "muted"))


def _keys(named: Mapping[str, Bound], choices: Choices, *, alerts: bool) -> list[tuple[str, str]]:
    """Keys and their words, the likeliest last."""
    if is_typed(choices):
        return _typed_hints(named, choices)
    if choices.exporting:
        return [(named[name].key, word) for name, word in EXPORTING]
    if choices.page == "settings":
        return [(named[name].key, word) for name, word in SETTINGS]
    hinted = _hints(choices, replaying="play" in named)
    keys = [named[name] for name in hinted if alerts or not name.startswith("alert-")]
    words = [(one.key, _word(one, choices)) for one in keys]
    return words + _step_hints(named)


def is_typed(choices: Choices) -> bool:
    """Whether keys are letters, a new key or an answer: those of commands do nothing then."""
    return bool(choices.finding or choices.edit is not None)


def _typed_hints(named: Mapping[str, Bound], choices: Choices) -> list[tuple[str, str]]:
    """What keys do in the row that is open; Enter and Esc are their own there, whatever they are bound to."""
    edit = choices.edit
    if edit is None:
        return [("Enter", "find"), ("Esc", "leave")]
    if edit.question:
        return [(named["remove"].key, "yes"), ("Esc", "no")]
    rules = [("↑ ↓", "another rule")] if edit.kind in ("pair", "unpair") else []
    enters = [("Enter", ENTERED[edit.kind])] if edit.kind in ENTERED else []
    return [*rules, *enters, ("Esc", "leave")]


def _word(one: Bound, choices: Choices) -> str:
    if one.command.name == "pause" and choices.paused:
        return "resume"
    return one.command.footer or one.command.name


def _start(bound: Sequence[Bound], choices: Choices, *, names: bool) -> Line:
    left = [
        _screen_entry(key, name, active and not choices.page, names)
        for key, name, active in screens(bound, choices)
        if key or active
    ]
    return (Piece(" "), *joined(left, pad(2 if names else 1)))


def screens(bound: Sequence[Bound], choices: Choices) -> list[tuple[str, str, bool]]:
    """Views and screens in the order of their keys: key, name, whether it is the one that is shown."""
    here = choices.view.setting.digit if choices.view is not None else choices.screen
    found: list[tuple[str, str, bool]] = []
    for one in bound:
        kind, _, name = one.command.name.partition("-")
        if kind == "view":
            found.append((one.key, clean(one.command.help), name == str(here)))
        elif kind == "screen":
            found.append((one.key, SHORT.get(name, name), name == here))
    return sorted(found, key=lambda one: one[0] if one[0].isdigit() else "~")


SHORT = {"confirmation": "macro"}
"""Names of screens where the row has no room for the whole."""


def screen_word(bound: Sequence[Bound], choices: Choices) -> Line:
    """``3 weekly``: what is shown, where there is no footer to say it."""
    here = next(((key, name) for key, name, active in screens(bound, choices) if active), None)
    return line(Piece(f"{here[0]} {here[1]}".strip(), "muted"), " ") if here and not choices.page else ()


def beside(left: Line, right: Line, cells: int) -> Line:
    """A word at the right end of a row, where the row leaves it room."""
    return apart(left, right, cells) if right and width_of(left) + width_of(right) + 2 <= cells else left


def _step_hints(named: Mapping[str, Bound]) -> list[tuple[str, str]]:
    """In a replay: the keys that step and play."""
    if "play" not in named:
        return []
    step = " ".join(named[name].key for name in ("session-back", "session-on") if named[name].key)
    return [(step, "step"), (named["play"].key, "play")]


def _screen_entry(key: str, screen: str, active: bool, names: bool) -> Line:
    if active:
        return line(Piece(f"{key} {screen}".strip(), "accent bold underline"))
    return line(Piece(key, "text"), Piece(f" {screen}", "muted")) if names else line(Piece(key, "muted"))


def _hints(choices: Choices, *, replaying: bool) -> tuple[str, ...]:
    if choices.page == "alerts":
        return ("alert-test", "alert-mute", "back", "quit")
    if choices.page:
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
