"""What an exchange does now and next, from the sessions a snapshot carries: its chip, its next bell, its day.

Everything is compared in UTC: of two times in one zone Python takes the difference of the clocks on the wall, which is
an hour off on the days they are moved.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from ..core.model.snapshot import Hours, Market
from .format import in_zone

CHIPS = {"pre": "PRE", "open": "OPEN", "post": "POST", "closed": "CLSD", "holiday": "HOL"}
LUNCH, HALF, UNKNOWN = "LUNCH", "HALF", "?"


class Bell(Struct, frozen=True):
    """The next change: what it does to trading (closes, lunch, reopens, opens), and when."""

    word: str
    at: datetime

    def seconds(self, now: datetime) -> float:
        """Seconds from now, whatever the clocks on the wall do meanwhile."""
        return (self.at.astimezone(UTC) - now.astimezone(UTC)).total_seconds()


class Span(Struct, frozen=True):
    """A part of a session in UTC; `rests` where it is the lunch."""

    start: datetime
    end: datetime
    rests: bool = False


class Axis(Struct, frozen=True):
    """One day of a zone, from midnight to midnight as instants: 23, 24 or 25 hours."""

    start: datetime
    end: datetime
    zone: str

    @classmethod
    def of(cls, now: datetime, zone: str) -> "Axis":
        """The day it is in a zone."""
        day = in_zone(now, zone).date()
        return cls(_midnight(day, zone), _midnight(day + timedelta(days=1), zone), zone)

    def cell(self, moment: datetime, cells: int) -> int:
        """The cell of a moment among so many, those before and after at the edges; never further left when later."""
        share = (moment.astimezone(UTC) - self.start) / (self.end - self.start)
        return min(cells - 1, max(0, int(share * cells)))

    def hours(self, step: int) -> tuple[tuple[int, datetime], ...]:
        """The full hours of its clocks, every so many, with their moments; of an hour that comes twice the first."""
        found: dict[int, datetime] = {}
        moment = self.start
        while moment < self.end:
            local = in_zone(moment, self.zone)
            if local.minute == 0 and local.hour % step == 0:
                found.setdefault(local.hour, moment)
            moment += timedelta(minutes=30)
        return tuple(found.items())


def _midnight(day: date, zone: str) -> datetime:
    try:
        return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    except (KeyError, ValueError, OSError):
        return datetime.combine(day, time(), UTC)


def running(market: Market, now: datetime) -> Hours | None:
    """The session that is open."""
    now = now.astimezone(UTC)
    return next((one for one in market.hours if one.open.astimezone(UTC) <= now < one.close.astimezone(UTC)), None)


def resting(market: Market, now: datetime) -> bool:
    """Whether it is the exchange's lunch."""
    session, now = running(market, now), now.astimezone(UTC)
    if session is None or session.lunch is None:
        return False
    return session.lunch[0].astimezone(UTC) <= now < session.lunch[1].astimezone(UTC)


def state(market: Market, now: datetime) -> str:
    """PRE OPEN LUNCH HALF POST CLSD HOL; a question mark where its sessions are not known."""
    if market.state == "open" and resting(market, now):
        return LUNCH
    if market.state == "open" and market.half_day:
        return HALF
    return CHIPS.get(market.state, UNKNOWN)


def next_bell(market: Market, now: datetime) -> Bell | None:
    """The next bell; None where none is known."""
    session = running(market, now)
    if session is None:
        return _opening(market, now)
    lunch, now = session.lunch, now.astimezone(UTC)
    if lunch is not None and now < lunch[0].astimezone(UTC):
        return Bell("lunch", lunch[0])
    if lunch is not None and now < lunch[1].astimezone(UTC):
        return Bell("reopens", lunch[1])
    return Bell("closes", session.close)


def _opening(market: Market, now: datetime) -> Bell | None:
    now = now.astimezone(UTC)
    if not market.hours and market.state == "open" and market.next_close is not None:
        return Bell("closes", market.next_close)
    opens = next((one.open for one in market.hours if one.open.astimezone(UTC) > now), market.next_open)
    return Bell("opens", opens) if opens is not None and opens.astimezone(UTC) > now else None


def spans(market: Market, axis: Axis) -> tuple[Span, ...]:
    """What of its sessions falls into a day, lunches after the sessions they lie in."""
    found: list[Span] = []
    for one in market.hours:
        found.append(Span(one.open.astimezone(UTC), one.close.astimezone(UTC)))
        if one.lunch is not None:
            found.append(Span(one.lunch[0].astimezone(UTC), one.lunch[1].astimezone(UTC), rests=True))
    return tuple(one for one in found if one.end > axis.start and one.start < axis.end)
