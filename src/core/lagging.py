"""How far the newest bar of a store lies behind the last session that is final."""

from datetime import date, datetime

from .sessions import DAY, SETTLING, Calendar


def lagging(short: str, last: date | None, calendar: Calendar, now: datetime) -> str:
    """How many sessions have been since the newest bar of an instrument; empty where none has."""
    if last is None:
        return ""
    first = max(last + DAY, calendar.span[0])
    over = [one for one in calendar.days(first, now.date()) if one.close + SETTLING <= now]
    if not over:
        return ""
    count = "one session" if len(over) == 1 else f"{len(over)} sessions"
    return f"the newest bar of {short} is of {last}: {count} since {'is' if len(over) == 1 else 'are'} not stored"
