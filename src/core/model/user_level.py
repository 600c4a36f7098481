"""A user's own level: what the settings say of it."""

import re
from datetime import date

import msgspec

SERIES = ("cash", "future", "fund", "CFD")
"""What a number may have been taken from."""
RULE = re.compile(r"touch|close (above|below)|([2-9]) closes (above|below)")
"""What a level can wait for."""


class UserLevel(msgspec.Struct, frozen=True, kw_only=True):
    """A price, or a zone from `low` to `high`, that a user watches on one instrument.

    `instrument` is what the number was taken from: it is measured only against bars of the same series.
    `rule` is what it waits for (``touch``, ``close above``, ``2 closes below``), judged on the sessions from
    `since` on, or on the newest alone; a close above `invalid_above` or under `invalid_below` ends it.
    """

    symbol: str
    price: float | None = None
    low: float | None = None
    high: float | None = None
    instrument: str = "cash"
    rule: str = ""
    note: str = ""
    since: date | None = None
    invalid_above: float | None = None
    invalid_below: float | None = None

    @property
    def bottom(self) -> float:
        """The price, or the lower edge of the zone."""
        found = self.low if self.price is None else self.price
        assert found is not None
        return found

    @property
    def top(self) -> float:
        """The price, or the upper edge of the zone."""
        found = self.high if self.price is None else self.price
        assert found is not None
        return found


def series_of(kind: str) -> str:
    """What the bars of an instrument of this kind are a series of: the cash price, a future or a fund."""
    return kind if kind in ("future", "fund") else "cash"
