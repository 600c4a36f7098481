"""Canaries: strings that would show if anything in them acted; putting them everywhere; an eye for what acts.

What acts is told from the character database alone, not by the code under test.
"""

import types
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

import msgspec

from tests import builders

SEEN = "PWNED"
"""What can be seen of every canary."""
ESCAPES = "\x1b]0;PWNED\x07\x1b[91;107m\x9b2J\x1b]52;c;cm0=\x1b\\\x1bc"
HIDDEN = "\u202eRLO\u2066\u2069\u200b\u200f\u061c\ufeff\u00ad\ufe0f\u115f\u3164\U000e0067\u2060\u034f"
BREAKS = "\r\n\0\x07\x08\x7f\t\x0b\x0c\x85\u2028\u2029"
MARKUP = "[red]x[@click=app.quit]y[/][/]"
CANARY = f"{SEEN}{ESCAPES}{HIDDEN}{BREAKS}{MARKUP}\ue000Z{chr(0x301) * 40}"
HEAP = "Z" + "\u0301" * 10_000
ACCENTS = 3
"""More of them on one letter than any written language has."""


def acting(text: str, allowed: str = "\n") -> list[str]:
    """The characters of a text that a terminal would not simply show, and accents that pile up."""
    found: list[str] = []
    pile = ACCENTS
    for one in text:
        kind = unicodedata.category(one)
        pile = pile + 1 if kind[0] == "M" else 0
        if one in allowed:
            pile = ACCENTS
        elif (
            kind in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
            or pile > ACCENTS
            or "VARIATION SELECTOR" in (name := unicodedata.name(one, ""))
            or ("HANGUL" in name and "FILLER" in name)
        ):
            found.append(one)
    return found


# -- everywhere ------------------------------------------------------------------------------------------

Place = tuple[str, str]
"""A field that holds text: its type and its name."""


def places(kind: type[msgspec.Struct]) -> set[Place]:
    """Every field of a type, or of what it holds, that may hold text."""
    found: set[Place] = set()
    todo, done = [kind], set[type]()
    while todo:
        one = todo.pop()
        if one in done:
            continue
        done.add(one)
        for name, hint in hints(one).items():
            parts = list(leaves(hint))
            found |= {(one.__name__, name)} if str in parts else set()
            todo += [part for part in parts if is_struct(part)]
    return found


@cache
def hints(kind: type) -> dict[str, Any]:
    return {name: hint for name, hint in get_type_hints(kind).items() if name in kind.__struct_fields__}  # type: ignore[attr-defined]


def leaves(hint: Any) -> Iterator[Any]:
    inner = get_args(hint)
    if not inner:
        yield hint
    for one in inner:
        yield from leaves(one)


def is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def infected(value: msgspec.Struct, canary: str, where: set[Place] | None = None) -> msgspec.Struct:
    """A copy with the canary in every text, or in those places alone; what is empty there is filled."""
    kind = type(value)
    made = {
        name: _infected(getattr(value, name), hint, canary, (kind.__name__, name), where)
        for name, hint in hints(kind).items()
    }
    return msgspec.convert(msgspec.to_builtins(kind(**made)), kind)


def _infected(value: Any, hint: Any, canary: str, place: Place, where: set[Place] | None) -> Any:
    inside = where is None or place in where
    if isinstance(value, str):
        return canary if inside else value
    if isinstance(value, msgspec.Struct):
        return infected(value, canary, where)
    if isinstance(value, dict):
        values = cast("dict[str, Any]", value) or (made(hint, canary) if _wanted(hint, inside, where) else {})
        # the markets keep their names, or no state would be shown at all
        keyed = inside and (place[1] != "markets" or where is not None)
        return {canary if keyed else key: _infected(one, None, canary, place, where) for key, one in values.items()}
    if isinstance(value, tuple) and value:
        return tuple(_infected(one, None, canary, place, where) for one in value)
    if value in (None, ()) and hint is not None and _wanted(hint, inside, where):
        return made(hint, canary)
    return value


def _wanted(hint: Any, inside: bool, where: set[Place] | None) -> bool:
    """Whether something empty has to be filled to have text where it is wanted."""
    parts = list(leaves(hint))
    if str in parts and inside:
        return True
    return any(is_struct(part) and (where is None or places(part) & where) for part in parts)


def made(hint: Any, canary: str) -> Any:
    """Some value of a type, the canary in its texts."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return made(next(one for one in inner if one is not type(None)), canary)
    if origin is tuple:
        return tuple(made(one, canary) for one in inner if one is not Ellipsis)
    if origin is dict:
        return {made(inner[0], canary): made(inner[1], canary)}
    if is_struct(hint):
        needed = {one.name for one in msgspec.structs.fields(hint) if one.required}
        texts = {
            name for name, one in hints(hint).items() if set(leaves(one)) & {str} or any(map(is_struct, leaves(one)))
        }
        return hint(**{name: made(hints(hint)[name], canary) for name in needed | texts})
    plain = {
        str: canary, bool: True, int: 3, float: 3.0, date: builders.FRIDAY, datetime: builders.at(builders.FRIDAY, 15),
    }  # fmt: skip
    return plain[hint]
