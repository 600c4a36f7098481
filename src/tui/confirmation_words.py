"""Values and changes of what confirms, written as their units are."""

from ..core.model.measures import Confirmation
from .format import NO_DATA, count, number, price, signed

ALIKE = 0.99
"""A correlation beyond this needs a third decimal."""


def value_text(one: Confirmation) -> str:
    """A value as its unit is written: ``95.11``, ``6 of 16``, ``0.84``, ``4.007``, ``+0.42``."""
    value = one.value
    if value is None:
        return NO_DATA
    if one.unit == "count":
        return f"{count(value)} of {one.of}"
    if one.unit == "net":
        return signed(value, 0)
    if one.unit in ("percent", "points"):
        return signed(value)
    if one.unit == "correlation":
        return number(value, 3 if value > ALIKE else 2)
    return number(value) if one.unit == "index" else price(value)


def change_text(one: Confirmation) -> str:
    """The change over 20 sessions: percent, basis points of a yield, points of a share."""
    if one.change20 is None:
        return NO_DATA
    if one.unit == "yield":
        return f"{signed(one.change20, 1)}bp"
    return f"{signed(one.change20, 1)}pp" if one.unit == "count" else signed(one.change20)
