"""One instrument's bars as a claim sees them, and the sessions its dates mean there.

Nothing after the claim's last day is ever in a leg. A day that was no session means the last one before it;
a session that should have a bar and has none is named, never bridged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from ..analytics.weekly import MONTH
from ..bars import Bars
from ..model.claim import Figure, Provenance
from ..model.instrument import Instrument
from ..sessions import OWN_CALENDAR, Calendar, Calendars
from .when import DAY, Span, When, span_of

LATELY = timedelta(days=15)
"""How far before a claim's last day a missing session is named."""
HOLIDAYS = timedelta(days=7)
"""Old bars are their own calendar: a longer silence in them is a hole."""


class LackingError(Exception):
    """Bars that the claim needs are not there; the text says which."""


class BeyondError(Exception):
    """What the claim asks has no meaning for this instrument, whatever bars are there."""


@dataclass(frozen=True)
class Stretch:
    """Sessions `first` to `last` of a leg, both included; changes run from the close at `base`, if there is one."""

    unit: str
    base: int | None
    first: int
    last: int


@dataclass(frozen=True, eq=False)
class Leg:
    """An instrument with its bars up to the claim's last day."""

    instrument: Instrument
    bars: Bars

    @property
    def short(self) -> str:
        """The trader's name of it."""
        return self.instrument.short

    def day(self, index: int) -> date:
        """The session at an index."""
        return self.bars.day(index)

    def close(self, index: int) -> float:
        """The close at an index."""
        return float(self.bars.close[index])

    def figure(self, label: str, value: float | None, unit: str, *at: int) -> Figure:
        """A number with the sessions at one or two indices as its dates."""
        days = [self.day(index) for index in at]
        start = days[0] if len(days) > 1 else None
        return Figure(label=label, value=value, unit=unit, start=start, end=days[-1] if days else None)

    def price(self, label: str, value: float, index: int) -> Figure:
        """A price of the session at an index."""
        return self.figure(label, value, "price", index)

    def provenance(self) -> Provenance:
        """What was looked at."""
        one = self.instrument
        return Provenance(
            symbol=one.symbol, short=one.short, name=one.name, kind=one.kind, price_return=one.price_return,
            since=self.day(0), last=self.day(len(self.bars) - 1),
        )  # fmt: skip

    def upto(self, index: int) -> "Leg":
        """The same leg as it was known on the session at an index."""
        return Leg(self.instrument, self.bars.slice(0, index + 1))


class Legs:
    """Legs by instrument, and what their dates turned out to be: sessions moved, bars missing."""

    def __init__(self, bars: Mapping[str, Bars], when: When, today: date, calendars: Calendars) -> None:
        self._bars = bars
        self._calendars = calendars
        self.when = when
        self.today = today
        self.moved: dict[str, None] = {}
        self.missing: dict[str, None] = {}
        self.notes: dict[str, None] = {}

    def on(self, day: date) -> "Legs":
        """The same bars asked of one day; what turns out is said here as well."""
        other = Legs(self._bars, When(Span("day", day, day)), self.today, self._calendars)
        other.moved, other.missing, other.notes = self.moved, self.missing, self.notes
        return other

    def of(self, instrument: Instrument) -> Leg:
        """The leg of an instrument. Raises LackingError where it has no bars up to the claim's last day."""
        bars = self._bars.get(instrument.symbol, Bars.empty())
        cutoff = self.when.cutoff
        known = bars.upto(cutoff) if cutoff else bars
        if not len(known):
            up_to = f" up to {cutoff}; they begin on {bars.day(0)}" if cutoff and len(bars) else ""
            raise LackingError(f"no bars of {instrument.short}{up_to}")
        leg = Leg(instrument, known)
        self._name_gaps(leg)
        return leg

    def _name_gaps(self, leg: Leg) -> None:
        """Sessions of the last weeks that have no bar: what they held may decide a claim."""
        last = self._last_day(leg)
        one_day = self.when.span is None or self.when.span.unit == "day"
        if not one_day or self.today - last > OWN_CALENDAR or leg.instrument.kind == "yield":
            return
        known = self._calendar(leg).between(max(leg.day(0), last - LATELY), last)
        gaps = [day for day in known if leg.bars.index_of(day) is None]
        if gaps:
            self.missing[f"{leg.short}: no bar of {_listed(gaps)}"] = None

    def _whole(self, leg: Leg, base: int | None, last: int) -> int | None:
        """The base of one session's change. Raises LackingError where a session in between has no bar."""
        if base is None or self.today - leg.day(last) > OWN_CALENDAR or leg.instrument.kind == "yield":
            return base
        between = self._calendar(leg).between(leg.day(base), leg.day(last))
        if between:
            raise LackingError(
                f"{leg.short} has no bar of {_listed(list(between))}, the session before {leg.day(last)}"
            )
        return base

    def stretch(self, leg: Leg, when: When | None = None) -> Stretch:
        """The sessions a claim is about, of this leg."""
        when = when or self.when
        if when.span is None and when.since is not None:
            return self._since(leg, when.since)
        span = when.span or span_of(when.as_of or self._last_day(leg), when.unit)
        if span.unit == "day":
            last = self.session(leg, span.first)
            return Stretch("day", self._whole(leg, _neighbour(leg, last - 1), last), last, last)
        if span.unit == "dates":
            base = self.session(leg, span.first)
            return Stretch("dates", base, base + 1, self.session(leg, span.last))
        return self._period(leg, span)

    def session(self, leg: Leg, day: date, *, said: bool = True) -> int:
        """The session of a day, or the last before it (`said` aside). Raises LackingError where its bar is missing."""
        found = int(np.searchsorted(leg.bars.days, np.datetime64(day), side="right")) - 1
        if found < 0:
            raise LackingError(f"the bars of {leg.short} begin on {leg.day(0)}")
        expected = self._expected(leg, day, leg.day(found))
        if expected is not None and leg.day(found) < expected:
            raise LackingError(f"{leg.short} has no bar of {expected}; the last before it is of {leg.day(found)}")
        if said and leg.day(found) != day:
            self._say_moved(leg, day, leg.day(found))
        return found

    def last(self, leg: Leg) -> int:
        """The session a claim looks back from: of its last day, or the last there is."""
        if self.when.cutoff is None:
            return len(leg.bars) - 1
        named = self.when.as_of is not None or (self.when.span is not None and self.when.span.unit == "day")
        return self.session(leg, min(self.when.cutoff, self.closed(leg)), said=named)

    def _since(self, leg: Leg, since: Span) -> Stretch:
        day = since.unit == "day"
        base = self.session(leg, since.first) if day else self.session(leg, since.first - DAY, said=False)
        last = self.last(leg)
        if base >= last:
            raise LackingError(f"no bars of {leg.short} after {leg.day(base)}")
        return Stretch("dates", base, base + 1, last)

    def _period(self, leg: Leg, span: Span) -> Stretch:
        first = int(np.searchsorted(leg.bars.days, np.datetime64(span.first)))
        stop = int(np.searchsorted(leg.bars.days, np.datetime64(span.last), side="right"))
        if first == stop:
            raise LackingError(f"{leg.short} has no bars from {span.first} to {span.last}")
        self._check_whole(leg, span, first, stop)
        return Stretch(span.unit, _neighbour(leg, first - 1), first, stop - 1)

    def _check_whole(self, leg: Leg, span: Span, first: int, stop: int) -> None:
        """Name the sessions of a recent period that have no bar."""
        if self.today - span.first > OWN_CALENDAR:
            return
        end = min(span.last, self.when.cutoff or span.last)
        whole = [one.day for one in self._calendar(leg).days(span.first, end)]
        held = {leg.day(index) for index in range(first, stop)}
        holes = [day for day in whole if day not in held and day <= self.closed(leg)]
        if holes:
            count = f"{len(held)} of {len(held) + len(holes)} sessions"
            self.missing[f"{leg.short}: bars of {count} of the {span.unit}; none of {_listed(holes)}"] = None
        if whole and whole[-1] > self.closed(leg) and whole[-1] not in held:
            self.notes[f"the {span.unit} is not over: {len(held)} of {len(whole)} sessions of {leg.short}"] = None

    def _expected(self, leg: Leg, day: date, found: date) -> date | None:
        """The session a bar must be of; of old days none is known, only how far back is too far."""
        if self.today - day > OWN_CALENDAR:
            return day if day - found > HOLIDAYS else None
        return min(self._calendar(leg).on_or_before(day).day, self.closed(leg))

    def closed(self, leg: Leg) -> date:
        """The last day that can have a final bar; today is not asked for before its close is taken."""
        calendar = self._calendar(leg)
        return calendar.on_or_before(self.today - DAY).day

    def _calendar(self, leg: Leg) -> Calendar:
        return self._calendars.of(leg.instrument.calendar, self.today)

    def _last_day(self, leg: Leg) -> date:
        return leg.day(len(leg.bars) - 1)

    def _say_moved(self, leg: Leg, day: date, found: date) -> None:
        text = f"{day} is no session of {leg.short}; taken is the last before it, {found:%A} {found}"
        self.moved[text] = None


def _neighbour(leg: Leg, index: int) -> int | None:
    """The session before, None where there is none or a hole lies between."""
    if index < 0 or leg.bars.days[index + 1] - leg.bars.days[index] > MONTH:
        return None
    return index


def _listed(days: list[date]) -> str:
    shown = ", ".join(day.isoformat() for day in days[:3])
    return shown if len(days) <= 3 else f"{shown} and {len(days) - 3} more"
