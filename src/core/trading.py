"""When an exchange trades, from the sessions a snapshot carries: state, bells, trading time.

Pure and light: the feed takes the sessions from its calendars, a screen from the snapshot, and both read them here.
Sums are in UTC, so that no change of clocks can add or take an hour.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from .model.instrument import ZONES
from .model.snapshot import Hours, Market

UNKNOWN = "unknown"
"""The state of an exchange whose sessions are not known so far on (or back)."""
_PRE, _POST = time(4, 0), time(20, 0)
"""Extended hours in New York; other exchanges have none here."""
_EXTENDED = "XNYS"


class Trading:
    """The sessions of one exchange around a moment, oldest first."""

    def __init__(self, name: str, hours: Iterable[Hours]) -> None:
        self.name = name
        self.zone = ZoneInfo(ZONES.get(name, "UTC"))
        self.hours = tuple(hours)
        self._endings: dict[time, Trading] = {}
        # times of one zone object are compared without a look at its offsets
        self._times = [(one.open.astimezone(UTC), one.close.astimezone(UTC), one) for one in self.hours]

    def ending(self, last_print: time | None) -> "Trading":
        """The same for an index that ends before its exchange does (`last_print`, local time)."""
        if last_print is None:
            return self
        found = self._endings.get(last_print)
        if found is None:
            found = Trading(self.name, (_cut(one, last_print, self.zone) for one in self.hours))
            self._endings[last_print] = found
        return found

    def running(self, now: datetime) -> Hours | None:
        """The session that is open now."""
        now = now.astimezone(UTC)
        return next((one for opens, closes, one in self._times if opens <= now < closes), None)

    def begun(self, now: datetime) -> Hours | None:
        """The newest session that has opened."""
        now = now.astimezone(UTC)
        return next((one for opens, _, one in reversed(self._times) if opens <= now), None)

    def closed(self, now: datetime) -> Hours | None:
        """The newest session that has closed."""
        now = now.astimezone(UTC)
        return next((one for _, closes, one in reversed(self._times) if closes <= now), None)

    def upcoming(self, now: datetime) -> Hours | None:
        """The next session to open."""
        now = now.astimezone(UTC)
        return next((one for opens, _, one in self._times if opens > now), None)

    def on(self, day: date) -> Hours | None:
        """The session of a date."""
        return next((one for one in self.hours if one.day == day), None)

    def traded(self, since: datetime, until: datetime) -> timedelta:
        """How long the exchange traded between two moments; nights and lunch do not count."""
        total, since, until = timedelta(), since.astimezone(UTC), until.astimezone(UTC)
        for opens, closes, one in self._times:
            if closes > since and opens < until:
                total += sum((_within(part, since, until) for part in _parts(one)), timedelta())
        return total

    def state(self, now: datetime) -> str:
        """open, pre, post, closed or holiday; unknown before the first and after the last session known."""
        if self.running(now) is not None:
            return "open"
        local = now.astimezone(self.zone)
        if not self.hours or not self.hours[0].day <= local.date() <= self.hours[-1].day:
            return UNKNOWN
        today = self.on(local.date())
        if today is None:
            upcoming = self.upcoming(now)
            evening = upcoming is not None and upcoming.open.astimezone(self.zone).date() == local.date()
            return "closed" if local.weekday() > 4 or evening else "holiday"
        if self.name == _EXTENDED and now < today.open and local.time() >= _PRE:
            return "pre"
        if self.name == _EXTENDED and now >= today.close and local.time() < _POST:
            return "post"
        return "closed"

    def market(self, now: datetime) -> Market:
        """State and bells; times carry the exchange's offset."""
        running, upcoming, begun = self.running(now), self.upcoming(now), self.begun(now)
        bell = running or upcoming
        return Market(
            state=self.state(now),
            half_day=bool(bell and bell.half and bell.day == now.astimezone(self.zone).date()),
            next_open=upcoming.open.astimezone(self.zone) if upcoming else None,
            next_close=bell.close.astimezone(self.zone) if bell else None,
            session=begun.day if begun else None,
            hours=self.hours,
        )


class Exchanges:
    """Exchanges by name, each made ready once for as long as its sessions stay the same."""

    def __init__(self) -> None:
        self._known: dict[str, Trading] = {}

    def of(self, markets: Mapping[str, Market]) -> Mapping[str, Trading]:
        """Those whose sessions are known; what is not asked for any more is forgotten."""
        self._known = {name: self._ready(name, market.hours) for name, market in markets.items() if market.hours}
        return self._known

    def _ready(self, name: str, hours: tuple[Hours, ...]) -> Trading:
        known = self._known.get(name)
        return known if known is not None and known.hours == hours else Trading(name, hours)


def _parts(one: Hours) -> tuple[tuple[datetime, datetime], ...]:
    if one.lunch is None:
        return ((one.open, one.close),)
    return (one.open, min(one.lunch[0], one.close)), (one.lunch[1], one.close)


def _within(part: tuple[datetime, datetime], since: datetime, until: datetime) -> timedelta:
    # differences of times in one zone object would be of its wall clock: an hour off on days it changes
    start, end = (one.astimezone(UTC) for one in (max(part[0], since), min(part[1], until)))
    return max(end - start, timedelta())


def _cut(one: Hours, last_print: time, zone: ZoneInfo) -> Hours:
    end = datetime.combine(one.day, last_print, zone).astimezone(UTC)
    return replace(one, close=end) if one.open < end < one.close else one
