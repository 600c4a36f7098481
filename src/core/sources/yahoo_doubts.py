"""What makes a whole answer unbelievable, whatever else stands in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from ..model.instrument import Instrument
from . import Failure
from .yahoo_rows import Row

AHEAD = timedelta(minutes=5)
"""How far a quote may be ahead of our clock before one of the two clocks must be wrong."""
LATELY = 5
"""Rows at the end of an answer that must lie on weekdays."""
SATURDAY = 5


def ahead_of(now: datetime, when: datetime | None) -> Failure | None:
    """A quote from the future: its age cannot be told, so it is not shown as a young one."""
    if when is None or when - now <= AHEAD:
        return None
    return Failure(f"quotes stamped {_span(when - now)} ahead of this machine's clock", 200)


def _span(ahead: timedelta) -> str:
    minutes = round(ahead.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"


def misdated(instrument: Instrument, rows: Sequence[Row]) -> Failure | None:
    """Lately a row on a weekend: the days are stamped in another zone, and all of them may be a day off.

    Futures open on Sunday evening and are exempt.
    """
    if instrument.calendar == "CMES":
        return None
    astray = any(row.day.weekday() >= SATURDAY for row in rows[-LATELY:])
    return Failure("days stamped in another zone", 200) if astray else None
