"""When Python looks for what nobody holds any more: seldom, since here nearly everything goes by itself."""

import gc

YOUNG = 20_000
"""Objects made from one look to the next; a snapshot is some thousands, which go with the one after it."""
OLDER = 10
"""Looks at the young from one look at older ones to the next."""


def look_seldom() -> None:
    """What there is now stays to the end and is not looked at again."""
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDER)
