"""The settings of screen, feed and keys as they are listed, typed and stepped through."""

from collections.abc import Sequence
from contextlib import suppress
from typing import cast

from msgspec import Struct

from ..core.model.config import Config
from .commands import COMMANDS, Bound, by_name, key_name, shown

PLACES = {
    "screen": "belongs to this screen",
    "feed": "belongs to the store and its feed",
    "keys": "a command and its keys",
}
"""The sections that are listed, and whom each concerns."""


class Entry(Struct, frozen=True):
    """One setting: `value` and `default` as they are shown, `text` as the value is typed.

    `does` is its line of the documentation, `holds` what it may hold, `options` all of that where it can be counted.
    """

    key: str
    value: str
    text: str
    default: str
    does: str
    holds: str
    options: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """The section it stands under."""
        return self.key.partition(".")[0]

    @property
    def changed(self) -> bool:
        """Whether another value than the default is in force."""
        return self.value != self.default


def entries(config: Config, bound: Sequence[Bound], themes: Sequence[str], theme: str = "") -> tuple[Entry, ...]:
    """Every setting that is changed as one value; `theme` are the words for the one in force."""
    from ..core.settings_keys import KEYS, SECTIONS

    made: list[Entry] = []
    for section in ("screen", "feed"):
        for key in KEYS[section]:
            now, usual = getattr(getattr(config, section), key.name), getattr(SECTIONS[section](), key.name)
            options = ("auto", *themes) if key.name == "theme" else key.choices
            worn = theme if key.name == "theme" and theme else _shown(now)
            holds = f"one of {', '.join(options)}" if key.name == "theme" else key.expected
            made.append(Entry(f"{section}.{key.name}", worn, words(now), _shown(usual), key.does, holds, options))
    return (*made, *_keys(bound))


def _keys(bound: Sequence[Bound]) -> tuple[Entry, ...]:
    named = by_name(bound)
    return tuple(_command(named[one.name]) for one in COMMANDS if one.name in named)


def _command(one: Bound) -> Entry:
    usual = (name for name in map(key_name, one.command.keys) if name)
    default = " ".join(map(shown, usual))
    return Entry(
        f"keys.{one.command.name}", one.all_keys or "none", "", default, one.command.help,
        "any key but Esc; it is taken from the command that has it by default",
    )  # fmt: skip


def _shown(value: object) -> str:
    return "none" if value == () else words(value)


def words(value: object) -> str:
    """A value as it is shown and typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in cast("tuple[object, ...]", value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def typed_value(key: str, text: str) -> bool | int | float | str | tuple[str, ...]:
    """What was typed as a value of the setting's own kind; what is none stays text, and is refused as that."""
    from ..core.settings import check_setting
    from ..core.settings_keys import SECTIONS

    section, _, name = key.partition(".")
    usual: object = getattr(SECTIONS[section](), name) if section in SECTIONS else ""
    bare = text.strip()
    if isinstance(usual, bool):
        return {"true": True, "false": False}.get(bare.casefold(), bare)
    if isinstance(usual, int | float):
        with suppress(ValueError, OverflowError):
            return type(usual)(bare)
        return bare
    if isinstance(usual, tuple) or (name == "closes" and "," in bare):
        parts = (one.strip(" \"'") for one in bare.strip("[]").split(","))
        return tuple(one for one in parts if one)
    if bare.isdecimal() and section in SECTIONS and check_setting(section, name, bare):
        return int(bare)  # where a word or a number will do
    return bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == '"' else bare


def beside(entry: Entry, step: int) -> str:
    """The choice so many on from the present one, round and round."""
    here = entry.options.index(entry.text) if entry.text in entry.options else -1 if step > 0 else 0
    return entry.options[(here + step) % len(entry.options)]


def chosen(picked: str | None, listed: Sequence[Entry]) -> Entry:
    """The setting under the cursor: the first until another was chosen."""
    return next((one for one in listed if one.key == picked), listed[0])
