"""Commands: one entry is key, palette entry, footer word and help line at once."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from msgspec import Struct
from textual.binding import Binding
from textual.keys import Keys

from ..core.model.config import Problem

SECTIONS = ("move", "lists", "chart", "screens", "week and time", "program")


class Command(Struct, frozen=True):
    """Something a key does.

    `name` is what a configuration rebinds, `keys` the default ones, `help` the line of the help page and
    the palette, `footer` a word for the footer (empty: not there), `action` what the program runs. Those of
    a `replay` are there in one alone.
    """

    name: str
    keys: tuple[str, ...]
    help: str
    section: str
    action: str
    footer: str = ""
    replay: bool = False


def _screen(digit: str, name: str, words: str) -> Command:
    return Command(f"screen-{name}", (digit,), words, "screens", f"to_screen('{name}')")


COMMANDS: tuple[Command, ...] = (
    Command("down", ("j", "down"), "row down", "move", "row(1)"),
    Command("up", ("k", "up"), "row up", "move", "row(-1)"),
    Command("next-figure", ("l", "right"), "figure, crosshair right", "move", "figure(1)"),
    Command("previous-figure", ("h", "left"), "figure, crosshair left", "move", "figure(-1)"),
    Command("next-pane", ("tab",), "next pane", "move", "focus_pane(1)", "section"),
    Command("previous-pane", ("shift+tab",), "previous pane", "move", "focus_pane(-1)"),
    Command("first", ("g", "home"), "first row", "move", "row(-10000)"),
    Command("last", ("G", "end"), "last row", "move", "row(10000)"),
    Command("page-down", ("pagedown",), "ten rows down", "move", "row(10)"),
    Command("page-up", ("pageup",), "ten rows up", "move", "row(-10)"),
    Command("zoom", ("z",), "zoom the pane and back", "move", "choose('zoom')", "zoom"),
    Command("back", ("escape",), "back, never quits", "move", "choose('back')", "back"),
    Command("proof", ("enter",), "proof of a figure or flag", "lists", "choose('proof')", "proof"),
    Command("copy", ("y",), "copy proof or export", "lists", "copy", "copy"),
    Command("find", ("/",), "find an instrument", "lists", "find", "find"),
    Command("instrument", ("i",), "all that is known of it", "lists", "open_symbol", "instrument"),
    Command("next-symbol", ("n",), "open: the next one", "lists", "next_symbol(1)", "next"),
    Command("previous-symbol", ("N",), "open: the one before", "lists", "next_symbol(-1)"),
    Command("sort", ("s",), "sort: next column", "lists", "sort", "sort"),
    Command("reverse", ("S",), "reverse the order", "lists", "reverse"),
    Command("filter", ("f",), "filter rows or rules", "lists", "filter"),
    Command("add", ("+",), "add symbol, level, pair", "lists", "change('add')", "add"),
    Command("remove", ("-", "delete"), "remove; default again", "lists", "change('remove')", "remove"),
    Command("change", ("=",), "its group, a setting", "lists", "change('change')", "change"),
    Command("move-down", ("J",), "move the row down", "lists", "move(1)"),
    Command("move-up", ("K",), "move the row up", "lists", "move(-1)"),
    Command("alert-test", ("!",), "tell alert as a test", "lists", "alert('test')", "test"),
    Command("alert-mute", ("M",), "mute alert an hour, back", "lists", "alert('mute')", "mute"),
    Command("export", ("e",), "export the pane", "lists", "export('pane')", "export"),
    Command("export-screen", ("E",), "export the screen", "lists", "export('screen')"),
    _screen("1", "overview", "overview"),
    _screen("2", "quotes", "quotes"),
    _screen("3", "weekly", "weekly ranges"),
    _screen("4", "record", "record distance"),
    _screen("5", "flags", "flags and journal"),
    Command("screen-chart", ("6", "c"), "chart of the row", "screens", "to_screen('chart')"),
    _screen("7", "world", "exchanges on one clock"),
    Command("screen-recap", ("8", "w"), "the week in words", "screens", "to_screen('recap')"),
    _screen("9", "confirmation", "confirmation and macro"),
    Command("alerts", ("a",), "alerts as they stand", "screens", "choose('alerts')"),
    Command("frame", ("t",), "next time frame", "chart", "chart('frame')", "frame"),
    Command("longer", (">",), "longer time frame", "chart", "chart('longer')"),
    Command("shorter", ("<",), "shorter time frame", "chart", "chart('shorter')"),
    Command("mode", ("m",), "next kind of chart", "chart", "chart('kind')", "mode"),
    Command("against", ("x",), "ratio to the next", "chart", "chart('against')", "against"),
    Command("since", ("o",), "count from crosshair", "chart", "chart('since')"),
    Command("candles", ("v",), "candles or line", "chart", "chart('candles')", "candles"),
    Command("log", ("L",), "log scale", "chart", "chart('log')", "log"),
    Command("cross-on", ("shift+right",), "crosshair ten on", "chart", "cross(10)"),
    Command("cross-back", ("shift+left",), "crosshair ten back", "chart", "cross(-10)"),
    Command("week-basis", ("d",), "weekly definition", "week and time", "choose('week_basis')"),
    Command("record-basis", ("b",), "record basis", "week and time", "choose('record_basis')"),
    Command("week-back", ("[",), "replay the week before", "week and time", "travel('week-1')"),
    Command("week-on", ("]",), "replay the week after", "week and time", "travel('week+1')"),
    Command("session-back", ("left",), "replay: session back", "week and time", "travel('session-1')", replay=True),
    Command("session-on", ("right",), "replay: session on", "week and time", "travel('session+1')", replay=True),
    Command("play", ("space",), "replay: play and stop", "week and time", "play", "play", replay=True),
    Command("pause", ("p",), "pause: keeps receiving", "week and time", "pause", "pause"),
    Command("refresh", ("r",), "ask for a refresh", "week and time", "ask_refresh"),
    Command("help", ("?",), "this page", "program", "choose('help')", "help"),
    Command("palette", ("ctrl+p",), "commands by name", "program", "palette"),
    Command("save-view", ("V",), "save this view", "program", "name_view"),
    Command("compact", ("C",), "compact: more rows", "program", "choose('compact')"),
    Command("theme", ("T",), "themes, with preview", "program", "theme"),
    Command("settings", (",",), "settings, to change", "program", "choose('settings')"),
    Command("repaint", ("ctrl+l",), "repaint", "program", "repaint"),
    Command("suspend", ("ctrl+z",), "to the shell; fg returns", "program", "suspend_process"),
    Command("quit", ("q", "ctrl+c"), "quit", "program", "quit", "quit"),
)
"""In the order of the help page."""

_NAMES = {"esc": "escape", "return": "enter", "del": "delete", "pgup": "pageup", "pgdn": "pagedown"}
_SHOWN = {
    "question_mark": "?", "slash": "/", "comma": ",", "escape": "Esc", "pagedown": "PgDn", "pageup": "PgUp",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "tab": "Tab", "enter": "Enter", "home": "Home",
    "end": "End", "exclamation_mark": "!", "space": "Space", "left_square_bracket": "[", "right_square_bracket": "]",
    "greater_than_sign": ">", "less_than_sign": "<", "plus": "+", "minus": "-", "equals_sign": "=", "delete": "Del",
}  # fmt: skip
_KNOWN = {key.value for key in Keys}


class Bound(Struct, frozen=True):
    """A command and the keys it has now."""

    command: Command
    keys: tuple[str, ...]

    @property
    def key(self) -> str:
        """Its first key as people write it; empty when another command took it."""
        return shown(self.keys[0]) if self.keys else ""

    @property
    def all_keys(self) -> str:
        """All its keys as people write them."""
        return " ".join(shown(key) for key in self.keys)


def key_name(text: str) -> str | None:
    """The program's name of a key as people write it (``?``, ``Ctrl+P``, ``F5``); None for no key."""
    text = text.strip()
    if len(text) == 1:
        return _character(text) if text.isprintable() and text != " " else None
    *modifiers, last = text.split("+")
    modifiers = [one.strip().lower() for one in modifiers]
    last = last.strip() if len(last.strip()) == 1 else last.strip().lower()
    last = _NAMES.get(last, last)
    if any(one not in ("ctrl", "shift", "alt") for one in modifiers) or not last:
        return None
    if len(last) == 1:
        return "+".join((*modifiers, last.lower() if "ctrl" in modifiers else _character(last)))
    return "+".join((*modifiers, last)) if last in _KNOWN or last in _SHOWN else None


def _character(one: str) -> str:
    if one == ",":
        return "comma"
    return next(iter(Binding.make_bindings([Binding(one, "")]))).key


def shown(key: str) -> str:
    """A key as people write it."""
    *modifiers, last = key.split("+")
    last = _SHOWN.get(last, last)
    if (modifiers and len(last) == 1) or (last[:1] == "f" and last[1:].isdigit()):
        last = last.upper()
    return "+".join((*(one.capitalize() for one in modifiers), last))


def bind(chosen: Mapping[str, str], file: str = "") -> tuple[tuple[Bound, ...], tuple[Problem, ...]]:
    """Every command with its keys: the default ones, or those chosen (``"x"``, or ``"x, F5"``).

    What is no command, no key, or taken already is a Problem, and the default stands. A key chosen for
    one command is taken from the default of another.
    """
    problems: list[Problem] = []
    taken: dict[str, str] = {}
    wanted: dict[str, tuple[str, ...]] = {}
    for name, text in chosen.items():
        keys, problem = _chosen(name, text, taken, file)
        if problem is not None:
            problems.append(problem)
            continue
        wanted[name] = keys
        taken |= dict.fromkeys(keys, name)
    bound = tuple(Bound(one, _keys_of(one, wanted, taken)) for one in COMMANDS)
    return bound, (*problems, *_keyless(bound, file))


WAY_OUT = "ctrl+c"
"""What ends any program of a terminal ends this one too, whatever key else does, unless it was given away by name."""


def _keys_of(one: Command, wanted: Mapping[str, tuple[str, ...]], taken: Mapping[str, str]) -> tuple[str, ...]:
    keys = wanted.get(one.name) or _left(one, taken)
    return (*keys, WAY_OUT) if one.name == "quit" and WAY_OUT not in (*keys, *taken) else keys


def _chosen(name: str, text: str, taken: Mapping[str, str], file: str) -> tuple[tuple[str, ...], Problem | None]:
    def wrong(expected: str, instead: str = "the default is used") -> tuple[tuple[str, ...], Problem]:
        return (), Problem(file=file, key=f"keys.{name}", value=f'"{text}"', expected=expected, instead=instead)

    names = [one.name for one in COMMANDS]
    if name not in names:
        near = get_close_matches(name, names, n=1)
        return wrong(f"a known command{f' (nearest: {near[0]})' if near else ''}", "it is left out")
    found = [key_name(one) for one in _split(text)]
    keys = tuple(key for key in found if key is not None)
    if not keys or len(keys) < len(found):
        return wrong('a key such as "x", "F5" or "ctrl+r"')
    clash = next((taken[key] for key in keys if key in taken), None)
    if clash is not None:
        return wrong(f"a key that {clash} does not have")
    return keys, None


def _split(text: str) -> list[str]:
    return [text.strip()] if text.strip() == "," else [one for one in text.split(",") if one.strip()]


def _left(command: Command, taken: Mapping[str, str]) -> tuple[str, ...]:
    names = (key_name(key) for key in command.keys)
    return tuple(name for name in names if name and name not in taken)


def _keyless(bound: Iterable[Bound], file: str) -> tuple[Problem, ...]:
    return tuple(
        Problem(file=file, key=f"keys.{one.command.name}", value="none", expected="a key: another command took it")
        for one in bound
        if not one.keys and one.command.name in ("quit", "help")
    )


def in_force(bound: Sequence[Bound], *, replaying: bool) -> tuple[Bound, ...]:
    """The commands there are now: a replay has its own too, whose keys the others lend it."""
    if not replaying:
        return tuple(one for one in bound if not one.command.replay)
    lent = {key for one in bound if one.command.replay for key in one.keys}
    return tuple(
        one if one.command.replay else Bound(one.command, tuple(key for key in one.keys if key not in lent))
        for one in bound
    )


def by_name(bound: Sequence[Bound]) -> dict[str, Bound]:
    """Commands with their keys, by name."""
    return {one.command.name: one for one in bound}
