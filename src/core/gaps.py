"""Sessions an exchange held and the history lacks: which they are, and when they are worth asking for again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from .bars import Bars
from .model.instrument import Instrument
from .sessions import OWN_CALENDAR, Calendar
from .sources import Span

DAY = timedelta(days=1)
PAUSES = (DAY, 3 * DAY, 7 * DAY, 30 * DAY)
"""After the first, second … answer without the session it is asked for again this much later."""
GIVEN_UP = len(PAUSES) + 1
"""After so many answers without it the service has none."""
SHORT = 5
"""Sessions that a short request brings."""


@dataclass(frozen=True, order=True)
class Gap:
    """A session without a bar: how many answers had none, and when the last of them came."""

    day: date
    asked: int = 0
    asked_at: datetime | None = None

    @property
    def given_up(self) -> bool:
        """Whether the service has been asked often enough to know that it has none."""
        return self.asked >= GIVEN_UP

    @property
    def due(self) -> datetime | None:
        """When to ask again; None for at once."""
        return None if self.asked_at is None else self.asked_at + PAUSES[min(self.asked, len(PAUSES)) - 1]

    def again(self, now: datetime) -> "Gap":
        """The same after one more answer that covered its day and had none; answers within a pause are one."""
        waits = self.given_up or (self.due is not None and now < self.due)
        return self if waits else Gap(self.day, self.asked + 1, now)


def missing(one: Instrument, bars: Bars, calendar: Calendar, today: date) -> tuple[date, ...]:
    """Sessions of the last two years between the first and the newest bar that have none; newest last.

    Bonds rest on two days on which stocks trade: of a yield nothing is missing then.
    """
    if not len(bars):
        return ()
    first = max(bars.day(0), today - OWN_CALENDAR, calendar.span[0])
    held = [one.day for one in calendar.days(first, bars.day(-1))]
    there = np.isin(np.array(held, dtype="datetime64[D]"), bars.days)
    days = (day for day, is_there in zip(held, there, strict=True) if not is_there)
    return tuple(day for day in days if one.kind != "yield" or not bond_holiday(day))


def bond_holiday(day: date) -> bool:
    """Columbus Day (the second Monday of October) and Veterans Day (11 November, on a Sunday the day after)."""
    columbus = day.month == 10 and day.weekday() == 0 and 8 <= day.day <= 14
    veterans = day.month == 11 and (day.day == 11 or (day.day == 12 and day.weekday() == 0))
    return columbus or veterans


def next_asking(gaps: Iterable[Gap], recent: date) -> tuple[datetime | None, Span] | None:
    """When to ask for them again (None: at once) and how much; None where nothing is to be asked.

    `recent` is the first session that a short request brings.
    """
    waiting = sorted((gap for gap in gaps if not gap.given_up), key=lambda gap: gap.day)
    fresh = [gap for gap in waiting if gap.due is None]
    if fresh:
        return None, _span(fresh[0], recent)
    if not waiting:
        return None
    due, gap = min((gap.due, gap) for gap in waiting if gap.due is not None)
    return due, _span(gap, recent)


def _span(gap: Gap, recent: date) -> Span:
    return "days" if gap.day >= recent else "full"


def counted(days: Iterable[date], known: Mapping[date, Gap], covered: date, now: datetime) -> dict[date, Gap]:
    """The gaps after an answer that covered the days from `covered` on; those that are filled are forgotten."""
    found = {day: known.get(day, Gap(day)) for day in days}
    return {day: gap.again(now) if day >= covered else gap for day, gap in found.items()}
