"""The row in which what is shown is given a digit and a name to come back to."""

from collections.abc import Sequence
from difflib import get_close_matches

from ..core.model.view_setting import LONGEST_NAME, ViewSetting
from .text import Line, Piece, clip, line


def named(text: str) -> tuple[int, str] | None:
    """Digit and name of ``3 morning``; None where it is neither."""
    digit, _, name = text.strip().partition(" ")
    name = " ".join(name.split())
    if len(digit) != 1 or digit not in "123456789" or not name or len(name) > LONGEST_NAME or name.isdigit():
        return None
    return int(digit), name


def view_row(text: str, views: Sequence[ViewSetting], cells: int) -> Line:
    """What has been typed, and what Enter would do with it."""
    shown = line(
        Piece(" save this view as ", "accent bold"), Piece(text, "bright"), Piece(" ", "text reverse"),
        Piece(f"  {_words(text, views)}", "muted"),
    )  # fmt: skip
    return clip(shown, cells)


def _words(text: str, views: Sequence[ViewSetting]) -> str:
    found = named(text)
    if found is None:
        return f"a digit and a name of at most {LONGEST_NAME} letters; Esc leaves"
    there = next((one for one in views if one.digit == found[0]), None)
    return f"Enter saves it in place of {there.name}" if there is not None else "Enter saves it"


def suggestion(now: ViewSetting | None, views: Sequence[ViewSetting]) -> str:
    """What stands there at first: the view that is shown, else the highest digit that no view has."""
    if now is not None:
        return f"{now.digit} {now.name}"
    free = [digit for digit in range(9, 0, -1) if all(one.digit != digit for one in views)]
    return f"{free[0]} " if free else ""


def typed(text: str, key: str, character: str | None) -> str:
    """What stands there after a key."""
    if key == "backspace":
        return text[:-1]
    fits = character is not None and character.isprintable() and len(text) < LONGEST_NAME + 2
    return text + character if fits and character else text


def nearest(word: str, known: Sequence[str]) -> str:
    """``; nearest: weekly`` of the names there are, or all of them."""
    found = get_close_matches(word[:40].casefold(), [one.casefold() for one in known], n=1)
    return f"; nearest: {found[0]}" if found else f"; there are {', '.join(known)}"
