"""Trading days: which days trade, when the bell rings, which week a day belongs to.

The one import of exchange_calendars. Two sets of hours are ours: a European index is computed
09:00-17:30 Berlin, and a Globex session runs from 17:00 Chicago on the evening before to 16:00.
"""

import bisect
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from . import timetable
from .model.instrument import ZONES
from .model.snapshot import Hours, Market
from .timetable import Listed
from .trading import Trading

DAY = timedelta(days=1)
SETTLING = timedelta(minutes=15)
"""After the close and the declared delay: until then a session's bar is provisional."""
OWN_CALENDAR = timedelta(days=730)
"""Bars older than this are their own calendar: what is known of holidays contradicts them here and there."""
_YEARS_BACK, _YEARS_ON = 3, 1
_OWN_HOURS = {"XEUR": (time(9, 0), time(17, 30), 0), "CMES": (time(17, 0), time(16, 0), -1)}
_FIRST = {"XHKG": date(1986, 1, 1), "XASX": date(1986, 1, 1), "XTKS": date(1997, 1, 1)}
"""The years before are not known to the library; of the others nothing older is asked for than 1928."""
_LUNCH = {"XHKG": (time(12, 0), time(13, 0)), "XTKS": (time(11, 30), time(12, 30))}
_HOURS_BACK, _HOURS_ON = 3, timedelta(days=14)
"""How many sessions before, and how long after, a snapshot tells when its exchanges trade."""


@dataclass(frozen=True)
class Session:
    """One trading day of one exchange; times are aware UTC; `half` marks an early close."""

    day: date
    open: datetime
    close: datetime
    half: bool = False


class Calendar:
    """The sessions of one exchange over some years."""

    def __init__(self, name: str, sessions: Iterable[Session]) -> None:
        self.name = name
        self.zone = ZoneInfo(ZONES[name])
        self._sessions = tuple(sessions)
        self._days = [one.day for one in self._sessions]
        self._opens = [one.open for one in self._sessions]
        self._closes = [one.close for one in self._sessions]

    @property
    def span(self) -> tuple[date, date]:
        """First and last day this calendar can speak of."""
        return self._days[0], self._days[-1]

    def session(self, day: date) -> Session | None:
        """The session of a day, None where the exchange is closed."""
        found = bisect.bisect_left(self._days, day)
        return self._sessions[found] if found < len(self._days) and self._days[found] == day else None

    def on_or_before(self, day: date) -> Session:
        """The newest session not after a day."""
        return self._sessions[max(0, bisect.bisect_right(self._days, day) - 1)]

    def days(self, first: date, last: date) -> tuple[Session, ...]:
        """Sessions from `first` to `last`, both included."""
        return self._sessions[bisect.bisect_left(self._days, first) : bisect.bisect_right(self._days, last)]

    def between(self, first: date, last: date) -> tuple[date, ...]:
        """The sessions after `first` and before `last`; none where this calendar cannot speak of all of them."""
        known, _ = self.span
        return tuple(one.day for one in self.days(first + DAY, last - DAY)) if first >= known else ()

    def week(self, monday: date) -> tuple[Session, ...]:
        """The sessions of the week that begins on a Monday."""
        return self.days(monday, monday + 6 * DAY)

    def begun(self, now: datetime) -> Session:
        """The newest session that has opened: today's, or the last before."""
        return self._sessions[max(0, bisect.bisect_right(self._opens, now) - 1)]

    def closed(self, now: datetime) -> Session:
        """The newest session that has closed."""
        return self._sessions[max(0, bisect.bisect_right(self._closes, now) - 1)]

    def close_of(self, day: date) -> datetime:
        """When a day's session closed; for a day the calendar does not know, at the usual time."""
        session = self.session(day)
        if session is not None:
            return session.close
        usual = next(one.close for one in reversed(self._sessions) if not one.half)
        return self._at(Session(day, usual, usual), usual.astimezone(self.zone).time())

    def running(self, now: datetime) -> Session | None:
        """The session that is open now."""
        begun = self.begun(now)
        return begun if begun.open <= now < begun.close else None

    def upcoming(self, now: datetime) -> Session | None:
        """The next session to open."""
        found = bisect.bisect_right(self._opens, now)
        return self._sessions[found] if found < len(self._sessions) else None

    def trading(self, now: datetime) -> Trading:
        """The sessions around a moment, as a snapshot carries them."""
        first = max(0, bisect.bisect_right(self._opens, now) - _HOURS_BACK)
        until = bisect.bisect_right(self._opens, now + _HOURS_ON)
        return Trading(self.name, map(self._hours, self._sessions[first:until]))

    def market(self, now: datetime) -> Market:
        """State and bells of the exchange; times carry the exchange's offset."""
        return self.trading(now).market(now)

    def _hours(self, session: Session) -> Hours:
        lunch = _LUNCH.get(self.name)
        noon = tuple(self._at(session, bell).astimezone(self.zone) for bell in lunch) if lunch else None
        opens, closes = session.open.astimezone(self.zone), session.close.astimezone(self.zone)
        whole = noon is None or closes > noon[1]
        return Hours(
            day=session.day, open=opens, close=closes, half=session.half,
            lunch=None if noon is None or not whole else (noon[0], noon[1]),
        )  # fmt: skip

    def _at(self, session: Session, bell: time) -> datetime:
        return datetime.combine(session.day, bell, self.zone).astimezone(UTC)


class Calendars:
    """Calendars built when first asked for and rebuilt weekly, so that a long life never runs off their end.

    `reach` are the days from the one a calendar was built around up to which it serves.
    """

    def __init__(self, reach: int = 7) -> None:
        self._reach = reach
        self._built: dict[str, tuple[date, Calendar]] = {}

    def of(self, name: str, around: date) -> Calendar:
        """The exchange's calendar, good for three years before and one after a day."""
        built = self._built.get(name)
        if built is None or abs((around - built[0]).days) > self._reach:
            built = (around, build(name, around))
            self._built[name] = built
        return built[1]


def build(name: str, around: date) -> Calendar:
    """A calendar of exchange_calendars, with our hours where theirs are not the index's.

    Around a day before its first year a calendar begins with that year.
    """
    first = _within(name, date(max(1, around.year - _YEARS_BACK), around.month, 1))
    last = max(date(around.year + _YEARS_ON, around.month, 28), first + 366 * DAY)
    known = timetable.listed(name, first, last)
    return Calendar(name, (_session(name, one) for one in (asked(name, first, last) if known is None else known)))


def asked(name: str, first: date, last: date) -> list[Listed]:
    """The sessions of an exchange as the library gives them; it knows none before the `earliest`."""
    import exchange_calendars  # pyright: ignore[reportMissingTypeStubs]

    kind = exchange_calendars.get_calendar
    with warnings.catch_warnings():
        # the library lags behind the newest pandas; what it warns of is not ours to mend
        warnings.simplefilter("ignore")
        made: Any = kind(name, start=first.isoformat(), end=last.isoformat())
        early = {one.date() for one in made.early_closes.to_pydatetime()}
    days = [one.date() for one in made.sessions.to_pydatetime()]
    opens = [one.to_pydatetime() for one in made.opens]
    closes = [one.to_pydatetime() for one in made.closes]
    return list(map(Listed, days, opens, closes, [day in early for day in days]))


def earliest(name: str) -> date:
    """The first day an exchange is asked of."""
    return _FIRST.get(name, date(1928, 1, 1))


def _within(name: str, first: date) -> date:
    return max(first, earliest(name))


def _session(name: str, listed: Listed) -> Session:
    own, (day, opens, closes, half) = _OWN_HOURS.get(name), listed
    if own is not None:
        zone = ZoneInfo(ZONES[name])
        opens = datetime.combine(day + own[2] * DAY, own[0], zone)
        closes = closes if half else datetime.combine(day, own[1], zone)
    return Session(day, opens.astimezone(UTC), closes.astimezone(UTC), half)


def monday_of(day: date) -> date:
    """The Monday of a day's week: the one key of a week."""
    return day - day.weekday() * DAY


def trading_days(name: str, first: date, last: date) -> tuple[date, ...]:
    """Session dates of an exchange over any span, however long, without their bells."""
    first = _within(name, first)
    known = timetable.days(name, first, last)
    return tuple([one.day for one in asked(name, first, last)] if known is None else known)
