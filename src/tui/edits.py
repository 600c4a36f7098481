"""What is being changed on the line above the footer: typed, or asked about; and the step of each key there."""

import re

from msgspec import Struct
from msgspec.structs import replace

LONGEST = 200
"""Characters that can be typed; the settings take no longer text."""


class Edit(Struct, frozen=True):
    """A change that is not made yet.

    `kind` is what is changed, `of` whose (a setting, a symbol, a rule), `text` what is typed so far. `fault` says
    why the last try was not taken. With a `question` nothing is typed: the same key again means yes. While `fresh` the
    text is what stood there before: whoever types writes in its place, whoever takes a letter away goes on from it.
    """

    kind: str
    of: str = ""
    text: str = ""
    fault: str = ""
    question: str = ""
    fresh: bool = True


def typed(now: Edit, key: str, character: str | None) -> Edit:
    """The step of a key that neither makes the change nor leaves it."""
    if key == "backspace":
        return replace(now, text=now.text[:-1], fault="", fresh=False)
    if key == "ctrl+u":
        return replace(now, text="", fault="", fresh=False)
    return pasted(now, character) if character is not None else now


def pasted(now: Edit, text: str) -> Edit:
    """The step of a text: of its first line what can be seen."""
    seen = "".join(one for one in _first_line(text) if one.isprintable())
    return replace(now, text=(_before(now, seen) + seen)[:LONGEST], fault="", fresh=False) if seen else now


def _before(now: Edit, seen: str) -> str:
    """What stays of what stood there: of a view its digit, where a name is typed and no other digit."""
    if not now.fresh:
        return now.text
    return now.text[:2] if now.kind == "view" and not seen[0].isdigit() else ""


def _first_line(text: str) -> str:
    lines = text.splitlines()
    return next((one for one in lines if one.strip()), lines[0] if lines else "")


# -- what was typed, taken apart ----------------------------------------------------------------------------

NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?"
_LEVEL = re.compile(rf"\s*({NUMBER})(?:\s*[-–]\s*({NUMBER}))?(?:\s+(.*))?")
_RULE = re.compile(r"(touch|close (?:above|below)|[2-9] closes (?:above|below))(?:\s+(.*))?")

_LIKE_RULE = re.compile(r"close|touch|\d+ closes?\b")


class Level(Struct, frozen=True):
    """A level as it was typed: a price or the edges of a zone, what it waits for, a note."""

    price: float | tuple[float, float]
    rule: str = ""
    note: str = ""


class Pair(Struct, frozen=True):
    """A rule on a pair as it was typed."""

    rule: str
    watched: str
    against: tuple[str, ...] = ()


def level_of(text: str) -> Level | None:
    """``2417.74-2433.19 close below the two lows``; None where it does not begin with a price."""
    found = _LEVEL.fullmatch(text)
    if found is None:
        return None
    low, high = (float(one.replace(",", "")) if one else None for one in found.group(1, 2))
    rest = (found[3] or "").strip()
    rule = _RULE.fullmatch(rest)
    # what begins as a rule and is none is refused as one, and not kept as a note
    waits, note = (rule[1], rule[2] or "") if rule else (rest, "") if _LIKE_RULE.match(rest) else ("", rest)
    assert low is not None
    return Level(low if high is None else (low, high), waits, note.strip())


def pair_of(text: str) -> Pair | None:
    """``spread-shock RUT SPX,DJIA``; None where there is no rule and symbol."""
    words = text.replace(",", " ").split()
    return Pair(words[0], words[1], tuple(words[2:])) if len(words) > 1 else None


def symbol_of(text: str) -> tuple[str, str, str]:
    """``^GDAXI DAX europe``: symbol, short name, group; what is not typed is empty."""
    words = (*text.split(), "", "")
    return words[0], words[1], " ".join(words[2:]).strip()


def another_rule(now: Edit, rules: tuple[str, ...], step: int) -> Edit:
    """The next rule in place of the one at the beginning of the row."""
    rule, _, rest = now.text.partition(" ")
    here = rules.index(rule) if rule in rules else -1
    return replace(now, text=f"{rules[(here + step) % len(rules)]} {rest}", fault="", fresh=False)
