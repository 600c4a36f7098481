"""How old a quote is and what that means: the one place where age is judged.

Age runs from the quote's own time, never from when it was fetched. While the exchange is shut nothing
ages; a delay the service declares is shown as a delay, not as staleness.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from .sessions import Calendar

LATE = timedelta(minutes=15)
"""Beyond the declared delay: from late to stale."""
CLOSING = timedelta(minutes=5)
"""How long before the bell a last price may be and still be the close's."""
FROZEN_POLLS = 10
"""Answers in a row with the same price and time, in an open session."""


@dataclass(frozen=True)
class Freshness:
    """The word for a quote's age and the age itself in seconds (None where there is no quote)."""

    word: str
    age_seconds: float | None


def age(now: datetime, time: datetime) -> timedelta:
    """Time since the quote's own time, never negative: a service whose clock is ahead is not young."""
    return max(now - time, timedelta())


def judge(
    calendar: Calendar,
    now: datetime,
    quoted: datetime | None,
    delay: timedelta,
    refresh: timedelta,
    same_polls: int = 0,
    last_print: time | None = None,
) -> Freshness:
    """live, delayed, late, stale, frozen, closed or missing.

    Counted is the time the exchange has traded since the quote: live up to the delay and two refreshes,
    late up to the delay and 15 minutes, stale beyond. `closed` where it is shut, or has opened so lately
    that nothing newer can be had. `last_print` (local) ends the day of an index that ends before its
    exchange does.
    """
    if quoted is None:
        return Freshness("missing", None)
    seconds = age(now, quoted).total_seconds()
    behind = calendar.traded(quoted, now, last_print)
    running = calendar.running(now)
    if running is None:
        # the closing print comes up to its delay after the bell
        return Freshness("closed" if behind <= delay + CLOSING else "stale", seconds)
    if behind <= delay + 2 * refresh:
        word = "delayed" if delay else "live"
        return Freshness(word if quoted >= running.open else "closed", seconds)
    if same_polls >= FROZEN_POLLS:
        return Freshness("frozen", seconds)
    return Freshness("late" if behind <= delay + LATE else "stale", seconds)
