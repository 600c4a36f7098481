"""The settings as text: a commented default file, and what is in force."""

import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from datetime import date
from typing import cast

import msgspec

from .model.alert import AlertSetting
from .model.config import Config, RuleSetting
from .model.harmless import harmless
from .model.instrument import Instrument
from .model.user_level import UserLevel
from .model.view_setting import ViewSetting
from .settings_keys import KEYS, SECTIONS
from .universe import default_config

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEAD = """\
# Settings of tapewatch. A line that begins with "#" and holds a key shows its default:
# take the "#" away and change the value. `tapewatch config check` names what cannot be used;
# a change is taken up while the monitor runs.
#
# Instruments, rules, levels, alerts and [feed] belong to the store: its feed follows the file it was started with.
# [screen] and [keys] belong to this screen.
"""
_ORDER = "Order of the board, either spelling (RUT or ^RUT); what is not named follows in its own order."
_KEYS = 'A command\'s name and its key, such as quit = "Q". The names are listed under ? in the monitor.'
_INSTRUMENTS = "An [[instrument]] block changes the instrument of its symbol, or adds one. Only symbol is needed."
_LEVELS = (
    "[[level]] blocks are prices of your own, listed in the ladder of their instrument with what became of them. "
    "Needed are symbol and a price, or low and high:"
)
_ALERTS = (
    "[[alerts]] blocks are what you want to be told of. Needed are name, on and, but for flags and age, symbol; "
    "docs/alerts.md tells more:"
)
_VIEWS = (
    "[[view]] blocks are layouts of your own under the digits; V in the monitor writes one of what is shown. "
    "Needed are digit, name, and a screen or panes:"
)
_RULES = "[[rule]] blocks take the place of all rules that ship. These are the ones that ship:"


def default_text() -> str:
    """A settings file in which every key stands, commented out, with its default and what it does."""
    default = default_config()
    parts = [_HEAD, *_order(default), ""]
    for section in SECTIONS:
        parts += _section(section, getattr(default, section))
    parts += [*_comment(_KEYS), "[keys]", "", *_comment(_INSTRUMENTS), *_legend("instrument")]
    parts += _commented(_block("instrument", default.instruments[0]))
    parts += ["", *_comment(_RULES), *_legend("rule")]
    for rule in default.rules:
        parts += [*_commented(_block("rule", rule)), ""]
    parts += [*_comment(_LEVELS), *_legend("level")]
    parts += ["", *_comment(_ALERTS), *_legend("alerts")]
    parts += ["", *_comment(_VIEWS), *_legend("view")]
    return "\n".join(parts).rstrip() + "\n"


def describe(config: Config, unused: str = "") -> str:
    """Everything in force, as a settings file; what is not the default says what that is.

    `unused` is a file that is there and of which nothing can be used.
    """
    default = default_config()
    without = f"{harmless(unused)} cannot be read" if unused else "no settings file"
    lines = [f"# {config.path or f'{without}: these are the defaults'}"]
    lines += ["order = [" + ", ".join(toml(one.short) for one in config.instruments) + "]"]
    for section in SECTIONS:
        lines += ["", f"[{section}]"]
        lines += _pairs(getattr(config, section), getattr(default, section))
    lines += ["", "[keys]", *(f"{toml(name)} = {toml(key)}" for name, key in config.keys.items())]
    for one in config.instruments:
        lines += ["", *_block("instrument", one)]
    for rule in config.rules:
        lines += ["", *_block("rule", rule)]
    for level in config.levels:
        lines += ["", *_block("level", level)]
    for alert in config.alerts:
        lines += ["", *_sparse("alerts", alert, AlertSetting(name="", on=""))]
    for view in config.views:
        lines += ["", *_sparse("view", view, ViewSetting(digit=0, name=""))]
    return "\n".join(lines) + "\n"


def _order(config: Config) -> list[str]:
    shorts = ", ".join(toml(one.short) for one in config.instruments if not one.panel and not one.hidden)
    return [*_comment(_ORDER), *(f"# {line}" for line in textwrap.wrap(f"order = [{shorts}]", 96))]


def _section(section: str, values: msgspec.Struct) -> Iterator[str]:
    yield f"[{section}]"
    for key in KEYS[section]:
        yield from _comment(f"{key.does}: {key.expected}")
        yield f"# {key.name} = {toml(getattr(values, key.name))}"
    yield ""


def _legend(section: str) -> Iterator[str]:
    for key in KEYS[section]:
        yield from _comment(f"  {key.name}: {key.does} ({key.expected})")


def _pairs(values: msgspec.Struct, default: msgspec.Struct) -> Iterator[str]:
    for name in values.__struct_fields__:
        value, usual = getattr(values, name), getattr(default, name)
        note = "" if value == usual else f"  # default {toml(usual)}"
        yield f"{name} = {toml(value)}{note}"


def _block(section: str, values: Instrument | RuleSetting | UserLevel) -> Iterator[str]:
    yield f"[[{section}]]"
    for key in KEYS[section]:
        value = getattr(values, key.name, None)
        if value not in (None, (), {}, ""):
            yield f"{key.name} = {toml(value)}"


def _sparse(section: str, values: msgspec.Struct, plain: msgspec.Struct) -> Iterator[str]:
    """Only what is not the default: the other keys belong to other kinds of these blocks."""
    yield f"[[{section}]]"
    for key in KEYS[section]:
        value = getattr(values, key.name, None)
        if value != getattr(plain, key.name, None):
            yield f"{key.name} = {toml(value)}"


def _commented(lines: Iterable[str]) -> Iterator[str]:
    return (f"# {line}" for line in lines)


def _comment(text: str) -> list[str]:
    # two signs: these lines are words and can never be taken for a setting
    indent = " " * (len(text) - len(text.lstrip()))
    return textwrap.wrap(text, 100, initial_indent=f"## {indent}", subsequent_indent=f"## {indent}  ")


def toml(value: object) -> str:
    """A value in TOML; absent is the empty text."""
    if value is None:
        return '""'
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        pairs = (f"{_key(key)} = {toml(one)}" for key, one in cast("dict[str, object]", value).items())
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, tuple):
        return "[" + ", ".join(toml(one) for one in cast("tuple[object, ...]", value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else toml(name)
