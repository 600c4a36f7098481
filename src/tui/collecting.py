"""When Python looks for what nobody holds any more but itself: seldom, for it is little, and looking is not."""

import gc

YOUNG = 5_000
"""Objects made from one look to the next. Nearly all go by themselves: of some ticks there remain painted lines."""
OLDER = 4
"""Looks at the young from one look at older ones to the next."""


def look_seldom() -> None:
    """What there is now stays to the end and is not looked at again."""
    gc.freeze()
    gc.enable()  # while all that was being made, nobody looked
    gc.set_threshold(YOUNG, OLDER, OLDER)
