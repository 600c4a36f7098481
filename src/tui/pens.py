"""What a terminal is sent for colours and moves: the shortest way from one pen to another, from one cell to another."""

from functools import lru_cache
from typing import NamedTuple

OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}
ENDS = frozenset(OFF.values())
"""What switches an attribute off again; 22 ends bold and dim alike."""
ON_BLANKS = frozenset({"4", "5", "7", "9"})
"""Attributes that are seen on a blank too."""
FORE = frozenset(map(str, [*range(30, 38), *range(90, 98)]))
BACK = frozenset(map(str, [*range(40, 48), *range(100, 108)]))
"""The sixteen colours."""
PLAIN = ""
"""The pen of a terminal that was reset."""


class Pen(NamedTuple):
    """Attributes by their numbers, colours as they are sent; empty for the terminal's own."""

    attributes: frozenset[str]
    fore: str
    back: str


BARE = Pen(frozenset[str](), "", "")
"""The pen of a terminal that was reset."""


@lru_cache(maxsize=4096)
def taken_up(pen: str, sent: str) -> str:
    """The pen after so many numbers were sent (``38;2;1;2;3``), in one spelling for each look."""
    after = _read(sent.split(";") if sent else ["0"], pen_of(pen))
    return ";".join([*sorted(after.attributes), *(one for one in (after.fore, after.back) if one)])


def _read(numbers: list[str], pen: Pen) -> Pen:
    """The pen after numbers one after another; ValueError for what no pen of ours has."""
    attributes, fore, back = pen
    left = numbers[::-1]
    while left:
        one = left.pop().lstrip("0") or "0"
        if one == "0":
            attributes, fore, back = BARE
        elif one in OFF:
            attributes |= {one}
        elif one in ENDS:
            attributes = frozenset(each for each in attributes if OFF[each] != one)
        elif one in FORE or one in ("38", "39"):
            fore = _colour(one, left)
        elif one in BACK or one in ("48", "49"):
            back = _colour(one, left)
        else:
            raise ValueError(f"attribute {one}")
    return Pen(attributes, fore, back)


def _colour(one: str, left: list[str]) -> str:
    """A colour as it is sent, its further numbers taken from what is left; empty for the terminal's own."""
    if one not in ("38", "48"):
        return "" if one in ("39", "49") else one
    count = {"5": 2, "2": 4}.get(left[-1] if left else "", 0)
    if not count or len(left) < count:
        raise ValueError(f"colour {one}")
    return ";".join([one, *(left.pop() for _ in range(count))])


@lru_cache(maxsize=4096)
def pen_of(pen: str) -> Pen:
    """The parts of a pen spelled as :func:`taken_up` does."""
    return _read(pen.split(";"), BARE) if pen else BARE


@lru_cache(maxsize=4096)
def ground(pen: str) -> Pen:
    """What of a pen is seen on a blank: two pens of one ground make the same blank."""
    attributes, fore, back = pen_of(pen)
    seen = attributes & ON_BLANKS
    return Pen(seen, fore if seen else "", back)


@lru_cache(maxsize=8192)
def turned(pen: str, to: str) -> str:
    """The shortest sequence that makes one pen another."""
    if pen == to:
        return ""
    here, there = pen_of(pen), pen_of(to)
    anew = f"\x1b[0;{to}m" if to and pen else f"\x1b[{to}m"
    gone = here.attributes - there.attributes
    numbers = sorted({OFF[one] for one in gone})
    kept = frozenset(one for one in here.attributes if OFF[one] not in numbers)
    numbers += sorted(there.attributes - kept)
    numbers += [there.fore or "39"] if here.fore != there.fore else []
    numbers += [there.back or "49"] if here.back != there.back else []
    return min(anew, f"\x1b[{';'.join(numbers)}m", key=len)


def moved(x: int | None, y: int | None, to_x: int, to_y: int) -> str:
    """The shortest sequence that brings the cursor to a cell (from 0, 0); None where it is not known to stand."""
    ways = [_absolute(to_x, to_y)]
    if y == to_y:
        ways.append("" if x == to_x else f"\x1b[{to_x + 1}G" if to_x else "\r")
        if x is not None and x < to_x:
            ways.append(f"\x1b[{_count(to_x - x)}C")
        if x is not None and x > to_x:
            ways.append(f"\x1b[{_count(x - to_x)}D" if x - to_x > 3 else "\b" * (x - to_x))
    elif x == to_x and y is not None:
        ways.append(f"\x1b[{_count(abs(to_y - y))}{'B' if to_y > y else 'A'}")
    return min(ways, key=len)


def _absolute(x: int, y: int) -> str:
    if x:
        return f"\x1b[{y + 1};{x + 1}H"
    return f"\x1b[{y + 1}H" if y else "\x1b[H"


def _count(cells: int) -> str:
    return str(cells) if cells != 1 else ""
