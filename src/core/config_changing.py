"""`tapewatch config set`, `unset`, `add` and `remove`: one change of the settings file, said in one sentence."""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from . import settings_actions as actions
from .model.config import Config, Problem
from .model.harmless import harmless
from .settings import Table, check_setting, load, near
from .settings_blocks import RefusedError, edited, placed_away, write_order
from .settings_file import UNTOUCHED, Value, read_toml, shown, write_setting
from .settings_keys import SECTIONS, names_in
from .universe import default_config, find

Words = Sequence[str]
Options = Mapping[str, str]
Refused = Callable[[str, Value], str]
"""What somebody else says against the value of a key, such as: expected a theme; empty where nothing."""
FOR_SYMBOLS = ("short", "name", "group", "kind", "currency", "calendar")
FOR_LEVELS = ("rule", "note", "since")
FORMS = {
    "set": "KEY VALUE, such as: set screen.theme amber; set order RUT,SPX; set group.RUT mine",
    "unset": "KEY, such as: unset screen.theme",
    "add": "symbol SYMBOL, pair RULE WATCHED [AGAINST ...], level SYMBOL PRICE, or level SYMBOL LOW HIGH",
    "remove": "symbol SYMBOL, pair RULE WATCHED [AGAINST ...], level SYMBOL PRICE, or level SYMBOL LOW HIGH",
}
TAKEN_UP = "a feed and a monitor that run take it up"


class WrongUseError(Exception):
    """What was typed will not do: one sentence, with the nearest that would."""


def change(path: Path, what: str, words: Words, options: Options, refused: Refused = lambda _key, _value: "") -> str:
    """Make the change; what was changed in one sentence. Raises WrongUseError, or OSError with the reason.

    `refused` is asked about a setting that would do by itself.
    """
    _go_together(what, words, options)
    if what in ("set", "unset"):
        said = _setting(path, what, words, refused)
    else:
        makers = {"symbol": _symbol, "pair": _pair, "level": _level}
        thing = words[0] if words else ""
        if thing not in makers:
            raise WrongUseError(f"{what} what?{near(thing, makers)} `tapewatch config {what}` takes {FORMS[what]}")
        said = makers[thing](path, what, words[1:], options)
    return harmless(f"{said} in {path}; {TAKEN_UP}")


def _go_together(what: str, words: Words, options: Options) -> None:
    allowed = {("add", "symbol"): FOR_SYMBOLS, ("add", "level"): FOR_LEVELS}.get((what, words[0] if words else ""), ())
    wrong = [f"--{name}" for name in options if name not in allowed]
    if wrong:
        homes = "`config add level`" if wrong[0][2:] in FOR_LEVELS else "`config add symbol`"
        raise WrongUseError(f"{wrong[0]} goes with {homes}")


def _done(problem: Problem | None) -> None:
    if problem is None:
        return
    if problem.instead == UNTOUCHED:
        raise WrongUseError(str(problem))
    raise OSError(str(problem))


def _counted(what: str, words: Words, least: int, most: int) -> None:
    if not least <= len(words) <= most:
        raise WrongUseError(f"`tapewatch config {what}` takes {FORMS[what]}")


# -- single settings ----------------------------------------------------------------------------------------


def _setting(path: Path, what: str, words: Words, refused: Refused) -> str:
    _counted(what, words, *((2, 2) if what == "set" else (1, 1)))
    if words[0] == "order":
        return _order(path, words)
    section, _, rest = words[0].partition(".")
    if section == "group" and rest:
        group = words[1] if what == "set" else ""
        _done(actions.set_group(path, rest, group))
        return f"{rest} is in the group {group}" if group else f"{rest} is back in its own group"
    key = _full(words[0])
    value = _value(key, words[1]) if what == "set" else None
    if what == "unset" and key not in _keys():
        raise _no_setting(key)
    fault = refused(key, value)
    if fault:
        raise WrongUseError(f"{key} = {shown(value)}: {fault}; {UNTOUCHED}")
    _done(write_setting(path, key, value))
    return f"{key} is {shown(value)}" if what == "set" else f"{key} is back at its default"


def _order(path: Path, words: Words) -> str:
    if len(words) == 1:
        _done(edited(path, "order", lambda text, _: placed_away(text, "order")))
        return "the board is back in its own order"
    named = tuple(one.strip() for one in words[1].split(",") if one.strip())
    _done(write_order(path, named))
    return f"{', '.join(named)} stand first on the board"


def _keys() -> list[str]:
    return [f"{section}.{name}" for section in SECTIONS for name in names_in(section)]


def _no_setting(key: str) -> WrongUseError:
    names = [name for full in _keys() for name in (full, full.partition(".")[2])]
    return WrongUseError(f"there is no setting {key!r}{near(key, [*names, 'order'])}")


def _full(key: str) -> str:
    """A key with its section, which may be left out."""
    homes = [full for full in _keys() if full.partition(".")[2] == key]
    return homes[0] if len(homes) == 1 else key


def _value(key: str, text: str) -> Value:
    """What was typed as the key wants it: a number, true or false, a text, several texts."""
    section, _, name = key.partition(".")
    if key not in _keys():
        raise _no_setting(key)
    for value in _readings(text):
        if check_setting(section, name, value) is None:
            return value
    raise WrongUseError(f"{key} = {shown(text)}: expected {check_setting(section, name, text)}")


def _readings(text: str) -> Iterable[Value]:
    try:
        read = tomllib.loads(f"x = {text}")
    except (ValueError, RecursionError):
        read = {}
    found = read.get("x") if set(read) == {"x"} else None
    if isinstance(found, bool | int | float | str):
        yield found
    yield text
    yield tuple(one.strip() for one in text.split(",") if one.strip())


# -- symbols, pairs, levels ---------------------------------------------------------------------------------


def _symbol(path: Path, what: str, words: Words, options: Options) -> str:
    _counted(what, words, 1, 1)
    if what == "add":
        _done(actions.add_symbol(path, words[0], **dict(options)))
        new = find(words[0], load(path)[0].instruments)
        if new is None:
            return f"{words[0]} was added, and somebody else has changed that since"
        return f"{new.short} is on the board ({new.kind}, {new.currency}, days of {new.calendar}, group {new.group})"
    one, waits = find(words[0], load(path)[0].instruments), actions.goes_with(path, words[0])
    _done(actions.remove_symbol(path, words[0]))
    short = one.short if one is not None else words[0]
    if one is not None and actions.is_own(one.symbol):
        return f"{short} is taken off the board{f', and with it {waits},' if waits else ''}"
    return f"{short} is hidden{f', and {waits} with it until it is shown again,' if waits else ''}"


def _pair(path: Path, what: str, words: Words, _: Options) -> str:
    _counted(what, words, 1 if what == "remove" else 2, 40)
    (now, _problems), before = load(path), read_toml(path)[0]
    if what == "remove":
        ids = [words[0]] if len(words) == 1 else _ids(now, words)
        _done(actions.remove_pairs(path, ids))
        after, _problems = load(path)
        return f"{', '.join(ids)} {'is' if len(ids) == 1 else 'are'} not judged any more{_written(before, after)}"
    against = tuple(name for one in words[2:] for name in one.split(","))
    _done(actions.add_pair(path, words[0], words[1], against))
    after, _problems = load(path)
    known = {old.id for old in now.rules}
    new = [one.id for one in after.rules if one.id not in known]
    return f"{', '.join(new) or words[0]} is judged{_written(before, after)}"


def _ids(now: Config, words: Words) -> list[str]:
    """The rules of a pair, whatever their thresholds."""
    against = tuple(name for one in words[2:] for name in one.split(","))
    try:
        asked = actions.rule_setting(now, words[0], words[1], against)
    except RefusedError as refusal:
        raise WrongUseError(f"{refusal.key} = {shown(refusal.value)}: expected {refusal.expected}") from None
    pair = asked.rule, asked.watched, asked.against
    return [one.id for one in now.rules if (one.rule, one.watched, one.against) == pair] or [asked.id]


def _written(before: Table, after: Config) -> str:
    """Whether the rules that ship had to be written out."""
    ship = {one.id for one in default_config().rules}
    kept = sum(one.id in ship for one in after.rules)
    return f", the {kept} others that ship stand as blocks" if "rule" not in before and kept else ""


def _level(path: Path, what: str, words: Words, options: Options) -> str:
    _counted(what, words, 2, 3)
    first, *second = map(_price, words[1:])
    price = (first, second[0]) if second else first
    if what == "add":
        since = _date(options["since"]) if "since" in options else None
        rule, note = options.get("rule", ""), options.get("note", "")
        _done(actions.add_level(path, words[0], price, rule, note, since=since))
    else:
        _done(actions.remove_level(path, words[0], price))
    one = find(words[0], load(path)[0].instruments)
    short = one.short if one is not None else words[0]
    return f"{short} {actions.told(price)} is {'a level of yours' if what == 'add' else 'no level any more'}"


def _price(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        raise WrongUseError(f"{text!r} is not a price; write it like 2417.74") from None


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUseError(f"{text!r} is not a date; write it like 2025-10-17") from None
