"""Times of alerts: durations as people write them, and hours in which nobody wants to be told."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

_DURATION = re.compile(r"(\d{1,5})\s*(s|m|h|d)")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LONGEST = timedelta(days=366)


def duration(text: str) -> timedelta | None:
    """``90s``, ``15m``, ``1h``, ``2d``, up to a year; None for anything else."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        return None
    made = timedelta(seconds=int(found[1]) * _UNITS[found[2]])
    return made if made <= LONGEST else None


class Quiet(NamedTuple):
    """Hours of every day in one zone, over midnight where the end is the earlier; the end is not in them."""

    start: time
    end: time
    zone: ZoneInfo

    @classmethod
    def of(cls, text: str, zone: str) -> "Quiet | None":
        """``22:00-07:00``; None for anything else, and for hours without length."""
        found = _HOURS.fullmatch(text.strip())
        if found is None:
            return None
        start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
        return cls(start, end, ZoneInfo(zone)) if start != end else None

    def until(self, now: datetime) -> datetime | None:
        """When the quiet hours end that a moment lies in, UTC; None outside of them."""
        local = now.astimezone(self.zone)
        clock = local.time()
        over_midnight = self.end < self.start
        within = clock >= self.start or clock < self.end if over_midnight else self.start <= clock < self.end
        if not within:
            return None
        day = local.date() + timedelta(days=1) if over_midnight and clock >= self.start else local.date()
        # an hour that a change of clocks leaves out ends when the next one begins
        return datetime.combine(day, self.end, self.zone).astimezone(UTC)
