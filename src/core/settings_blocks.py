"""Changing one block of the settings file, or its order, and nothing else of it.

Every function gives None when it is done, or one Problem, and then nothing was changed. Comments, empty lines and
spellings of whatever else stands in the file stay byte for byte.
"""

import math
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from .model.config import Config, Problem
from .settings import taken
from .settings_cut import Block, BlockValue, ByHandError, Fields, added, blocks, changed, dropped, placed, plain
from .settings_file import UNTOUCHED, replaced, shown
from .universe import find

__all__ = ["BlockValue", "Fields", "drop_block", "put_block", "write_order"]

Match = Mapping[str, BlockValue]
Table = dict[str, Any]
Tables = list[Fields]
BLOCKS = ("instrument", "rule", "level", "alerts", "view")
"""The sections that are blocks."""
SYMBOLS = ("symbol", "watched", "against")
"""Keys that hold symbols, in either spelling."""
Step = Callable[[str, Config], str]
"""One change of the text, with what the settings were before it."""


class RefusedError(Exception):
    """Why a change is not made: the key, what was asked, and what was expected."""

    def __init__(self, key: str, value: object, expected: str) -> None:
        super().__init__(expected)
        self.key, self.value, self.expected = key, value, expected


def put_block(path: Path, section: str, match: Match, fields: Fields) -> Problem | None:
    """Change the first block of a section whose keys are as in `match`; append one of both where there is none.

    A field of None takes its key away. The first rule ever written takes the place of all that ship, so those in
    force are written out before it.
    """
    return edited(path, section, lambda text, now: put(text, section, match, fields, now))


def drop_block(path: Path, section: str, match: Match) -> Problem | None:
    """Take the first such block away; a Problem where there is none.

    The last rule is left as a block that is not judged: without any block all that ship would come back.
    """
    return edited(path, section, lambda text, now: drop(text, section, match, now))


def write_order(path: Path, symbols: Sequence[str]) -> Problem | None:
    """Which instruments stand first on the board, and in what order."""
    return edited(path, "order", lambda text, _: ordered(text, tuple(symbols)))


# -- one change of the text ---------------------------------------------------------------------------------


def put(text: str, section: str, match: Match, fields: Fields, now: Config) -> str:
    """The text with one block changed or appended."""
    _known(section)
    for name, value in {**match, **fields}.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise RefusedError(f"{section}.{name}", str(value), "a number")
    found = _found(text, section, match, now)
    if found is None:
        more = [_rule(one) for one in now.rules] if section == "rule" and "rule" not in tomllib.loads(text) else []
        return _verified(text, section, [*more, {**match, **fields}])
    number, block = found
    after = changed(text, block, section, fields)
    return _held(text, after, section, lambda tables: _merge(tables[number], fields))


def drop(text: str, section: str, match: Match, now: Config) -> str:
    """The text with the first such block taken away."""
    _known(section)
    found = _found(text, section, match, now)
    if found is None:
        raise RefusedError(section, _told(match), "a block that is in the file")
    number, block = found
    if section == "rule" and len(tomllib.loads(text)[section]) == 1:
        return put(text, section, match, {"enabled": False}, now)
    return _held(text, dropped(text, block), section, lambda tables: tables.pop(number))


def ordered(text: str, symbols: tuple[str, ...]) -> str:
    """The text with another order."""
    after = placed(text, "order", symbols)
    expected = {**tomllib.loads(text), "order": list(symbols)}
    return _same(after, expected)


def placed_away(text: str, key: str) -> str:
    """The text without a key of its top."""
    expected = tomllib.loads(text)
    if key not in expected:
        return text
    del expected[key]
    return _same(placed(text, key, None), expected)


def rules_written(text: str, now: Config, without: Iterable[str] = ()) -> str:
    """The text with the rules in force as blocks, where it has none and those that ship are in force."""
    gone = set(without)
    kept = [_rule(one) for one in now.rules if one.id not in gone]
    # without any block all that ship would be judged
    off: Tables = [{**_rule(one), "enabled": False} for one in now.rules]
    return _verified(text, "rule", kept or off)


def _rule(one: Any) -> Fields:
    against: Fields = {"against": one.against} if one.against else {}
    chosen: Fields = {"set": one.set} if one.set else {}
    return {"rule": one.rule, "watched": one.watched, **against, **chosen}


def _known(section: str) -> None:
    if section not in BLOCKS:
        raise RefusedError(section, section, f"one of {', '.join(BLOCKS)}")


def _found(text: str, section: str, match: Match, now: Config) -> tuple[int, Block] | None:
    from .settings_cut import cut

    tables = tomllib.loads(text).get(section, [])
    found = blocks(cut(text), section)
    if [one.table for one in found] != tables:
        raise ByHandError
    return next((one for one in enumerate(found) if _fits(one[1].table, match, now)), None)


def _fits(table: Table, match: Match, now: Config) -> bool:
    return all(_same_value(name, table.get(name), plain(value), now) for name, value in match.items())


def _same_value(name: str, found: object, wanted: object, now: Config) -> bool:
    if name in SYMBOLS:
        return symbols_of(found, now) == symbols_of(wanted, now)
    # a missing list is an empty one, and true is not 1
    return found == wanted and isinstance(found, bool) == isinstance(wanted, bool)


def symbols_of(value: object, now: Config) -> tuple[str, ...]:
    """One symbol or several as the board spells them."""
    names = cast("list[object]", value) if isinstance(value, list | tuple) else [] if value is None else [value]
    return tuple(symbol_of(str(name), now) for name in names)


def symbol_of(name: str, now: Config) -> str:
    """A symbol as the board spells it, whichever way it was written."""
    one = find(name, now.instruments)
    return one.symbol if one is not None else name.strip().upper().lstrip("^")


# -- nothing else must have changed -------------------------------------------------------------------------


def _verified(text: str, section: str, tables: Tables) -> str:
    plainly = [{key: plain(value) for key, value in one.items() if value is not None} for one in tables]
    return _held(text, added(text, section, tables), section, lambda known: known.extend(plainly))


def _merge(table: Table, fields: Fields) -> None:
    for name, value in fields.items():
        if value is None:
            table.pop(name, None)
        else:
            table[name] = plain(value)


def _held(text: str, after: str, section: str, change: Callable[[list[Table]], object]) -> str:
    """The edited text if it says what the old one said with this change, and nothing else."""
    expected = tomllib.loads(text)
    tables = expected.setdefault(section, [])
    change(tables)
    if not tables:
        del expected[section]
    return _same(after, expected)


def _same(after: str, expected: Table) -> str:
    try:
        if tomllib.loads(after) == expected:
            return after
    except (ValueError, RecursionError):
        pass
    raise ByHandError


# -- writing ------------------------------------------------------------------------------------------------


def edited(path: Path, key: str, *steps: Step, bearing: str = "\n", bearing_keys: str = "\n") -> Problem | None:
    """Make changes of a file in one write, if the settings read it without a Problem that was not there before.

    Problems with `bearing` in their sentence are what was asked for, and those whose key begins with `bearing_keys`.
    """

    def edit(text: str) -> str | Problem | None:
        try:
            return _stepped(str(path), text, steps, bearing, bearing_keys)
        except RefusedError as refusal:
            value = shown(refusal.value)
            return Problem(file=str(path), key=refusal.key, value=value, expected=refusal.expected, instead=UNTOUCHED)
        except (ByHandError, AttributeError, IndexError, KeyError, TypeError, ValueError):
            return None

    return replaced(path, edit, key)


def _stepped(file: str, text: str, steps: Iterable[Step], bearing: str, bearing_keys: str) -> str | Problem:
    now, before = taken(file, tomllib.loads(text))
    after = text
    for step in steps:
        after = step(after, now)
    problems = [one for one in taken(file, tomllib.loads(after))[1] if not one.key.startswith(bearing_keys)]
    more = Counter(map(_nameless, problems)) - Counter(map(_nameless, before))
    new = next((one for one in problems if _nameless(one) in more and bearing not in one.expected), None)
    return Problem(file=file, key=new.key, value=new.value, expected=new.expected, instead=UNTOUCHED) if new else after


def _nameless(problem: Problem) -> tuple[str, str, str]:
    """A Problem without the number of its block, which another block may have taken."""
    return problem.key.rpartition("]")[2], problem.value, problem.expected


def _told(match: Match) -> object:
    return ", ".join(f"{name} {plain(value)}" for name, value in match.items())
