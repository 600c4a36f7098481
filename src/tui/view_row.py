"""The row in which what is shown is given a digit and a name to come back to."""

from collections.abc import Sequence
from difflib import get_close_matches

from ..core.model.view_setting import LONGEST_NAME, ViewSetting
from .text import clean

WANTED = f"a digit and a name of at most {LONGEST_NAME} letters"


def named(text: str) -> tuple[int, str] | None:
    """Digit and name of ``3 morning``; None where it is neither."""
    digit, _, name = text.strip().partition(" ")
    name = " ".join(name.split())
    if len(digit) != 1 or digit not in "123456789" or not name or len(name) > LONGEST_NAME or name.isdigit():
        return None
    return int(digit), name


def hints(text: str, views: Sequence[ViewSetting]) -> tuple[str, ...]:
    """What Enter would do with what has been typed, longest first."""
    found = named(text)
    if found is None:
        return f"{WANTED}; Esc leaves", "a digit and a name", "Esc leaves"
    there = next((one for one in views if one.digit == found[0]), None)
    if there is None:
        return "Enter saves it, Esc leaves", "Enter saves it", "Esc leaves"
    return f"Enter saves it in place of {clean(there.name)}", f"in place of {clean(there.name)}", "replaces a view"


def suggestion(now: ViewSetting | None, views: Sequence[ViewSetting]) -> str:
    """What stands there at first: the view that is shown, else the highest digit that no view has."""
    if now is not None:
        return f"{now.digit} {now.name}"
    free = [digit for digit in range(9, 0, -1) if all(one.digit != digit for one in views)]
    return f"{free[0]} " if free else ""


def nearest(word: str, known: Sequence[str]) -> str:
    """``; nearest: weekly`` of the names there are, or all of them."""
    found = get_close_matches(word[:40].casefold(), [one.casefold() for one in known], n=1)
    return f"; nearest: {found[0]}" if found else f"; there are {', '.join(known)}"
