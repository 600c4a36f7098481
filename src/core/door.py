"""The door daily bars come through: which are final, which are held until seen again, which are not believed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from .bars import Bar, Bars, Refusal, at_the_door
from .freshness import LAST_PRINT
from .live import Live
from .model.instrument import Instrument
from .quarantine import HELD, Ground, Reach, Suspect, agree
from .sessions import OWN_CALENDAR, SETTLING, Calendar, Session
from .sources import Tick

NEWEST = 5
"""Of a whole history the newest sessions are judged; all before is taken as it is."""
APART = timedelta(minutes=1)
"""Two answers with one final bar are two witnesses when this lies between them."""
UNFINISHED = timedelta(minutes=30)
"""A quote so long before the close is of a session that goes on, or of a service that stopped: no close either way."""
ANOTHER_UNIT = 1.3
"""All common closes off by about one factor, and by more than this: not errors but another unit (a split)."""
UNEVEN = 1.02
MENDED = 1e-6
"""Relative change of an official close below which it is the same number written otherwise."""


@dataclass(frozen=True)
class Known:
    """What is known of one instrument when daily bars arrive."""

    one: Instrument
    bars: Bars
    live: Live | None
    calendar: Calendar
    suspects: tuple[Suspect, ...] = ()
    tick: Tick | None = None
    """The running quote of the same answer: by its time the service itself tells how far the session is."""


@dataclass
class Taken:
    """Daily bars after the door: final ones, refused ones with the reason, and what is held from now on.

    `factor`: all of it is in another unit than the history here, by this factor.
    """

    final: list[Bar] = field(default_factory=list[Bar])
    refused: list[Refusal] = field(default_factory=list[Refusal])
    suspects: tuple[Suspect, ...] = ()
    factor: float | None = None


def take(known: Known, given: Bars, now: datetime, *, full: bool) -> Taken:
    """Sort an answer's bars; running and unsettled sessions are in neither list."""
    whole, refused = at_the_door([given.bar(index) for index in range(len(given))])
    taken = Taken(refused=refused, suspects=tuple(one for one in known.suspects if one.what == "bar"))
    settled: list[Bar] = []
    for bar in whole:
        reason = _not_final(known, bar.day, now)
        if reason is None:
            settled.append(bar)
        elif reason:
            refused.append(Refusal(bar.day, reason))
    if (factor := unit_factor(known.bars, settled)) is not None:
        if not _unit_seen_again(known, factor, settled[-1].day, now, taken, full=full):
            return taken
        known = replace(known, bars=Bars.empty(), live=None)
    judged_from = settled[-NEWEST].day if full and len(settled) > NEWEST else date.min
    reach = Reach.of(known.one, known.bars if len(known.bars) else Bars.of(settled[:-1]))
    for bar in settled:
        if bar.day >= judged_from:
            _judge(known, reach, bar, now, taken)
        else:
            taken.final.append(bar)
    done = {bar.day for bar in taken.final}
    taken.suspects = tuple(one for one in taken.suspects if one.session not in done)
    return taken


def _not_final(known: Known, day: date, now: datetime) -> str | None:
    """None for a session that is over and settled, "" for one that is not yet, else why there is none."""
    calendar = known.calendar
    if day > calendar.begun(now).day:
        return "a session that has not begun"
    session = calendar.session(day)
    if session is None:
        recent = now.date() - day <= OWN_CALENDAR
        return "not a trading day of its exchange" if recent else None
    delay = known.live.delay if known.live else timedelta()
    settling = now < session.close + delay + SETTLING
    return "" if settling or _still_quoted(known, session) else None


def _still_quoted(known: Known, session: Session) -> bool:
    """Whether the answer's own quote is of the middle of this session: it is not over, whatever our clock says."""
    tick, ends = known.tick, session.close
    if tick is None or tick.session != session.day:
        return False
    if known.one.kind in LAST_PRINT:
        last = datetime.combine(session.day, LAST_PRINT[known.one.kind], known.calendar.zone)
        ends = min(ends, last.astimezone(UTC))
    return tick.time < ends - UNFINISHED


# -- one bar -----------------------------------------------------------------------------------------


def _judge(known: Known, reach: Reach, bar: Bar, now: datetime, taken: Taken) -> None:
    """Take a settled bar, or hold it: a figure out of reach of its neighbours is believed when seen again."""
    index = known.bars.index_of(bar.day)
    if index is not None and known.bars.bar(index) == bar:
        taken.final.append(bar)
        return
    ground = _ground(known, reach, bar.day, taken.final)
    what = ground and _out_of_reach(ground, bar)
    found = Suspect(bar.day, "bar", "chart", getattr(bar, what or "close"), now)
    if not ground or not what or _seen_again(ground, bar, found, known.suspects):
        taken.final.append(bar)
        return
    first = next((one for one in taken.suspects if one.session == bar.day and agree(reach, one, found)), found)
    taken.suspects = (*(one for one in taken.suspects if one.session != bar.day), first)
    taken.refused.append(Refusal(bar.day, ground.words(found.price, what)))


def _out_of_reach(ground: Ground, bar: Bar) -> str | None:
    """Which figure of a bar is out of reach, if any."""
    named = {"close": bar.close, "high": bar.high, "low": bar.low}
    return next((what for what, price in named.items() if not ground.near(price)), None)


def _seen_again(ground: Ground, bar: Bar, found: Suspect, suspects: Iterable[Suspect]) -> bool:
    if not (ground.possible(bar.high) and ground.possible(bar.low)):
        return False
    own = (one for one in suspects if one.what == "bar" and found.seen_at - one.seen_at >= APART)
    return any(agree(ground.reach, one, found) for one in own)


def _ground(known: Known, reach: Reach, day: date, before: Sequence[Bar]) -> Ground | None:
    """The neighbours of a session: the final bar before, the bar here of the same day, its prices while it ran."""
    at = int(np.searchsorted(known.bars.days, np.datetime64(day)))
    stored = known.bars.bar(at - 1) if at else None
    given = before[-1] if before and before[-1].day < day else None
    earlier = max((bar for bar in (given, stored) if bar), key=lambda bar: bar.day, default=None)
    if earlier is None:
        return None
    beside = [earlier]
    own = known.bars.index_of(day)
    beside += [known.bars.bar(own)] if own is not None else []
    beside += [known.live.bar] if known.live and known.live.session == day else []
    low, high = min(bar.low for bar in beside), max(bar.high for bar in beside)
    sessions = len(known.calendar.days(earlier.day + timedelta(days=1), day))
    return Ground(reach.over(sessions), low, high, earlier.close)


# -- another unit ------------------------------------------------------------------------------------


def _unit_seen_again(known: Known, factor: float, day: date, now: datetime, taken: Taken, *, full: bool) -> bool:
    """Nothing is taken in another unit, until a whole history has come in it twice."""
    held = tuple(one for one in known.suspects if one.what == "unit" and _even(one.price, factor))
    if full and any(now - one.seen_at >= APART for one in held):
        return True
    found = (Suspect(day, "unit", "chart", factor, now),) if full and not held else ()
    taken.factor = factor
    taken.suspects = (*taken.suspects, *held, *found)
    # what else is wrong with such bars is no news
    taken.refused[:] = [Refusal(day, f"all prices are {factor:,.4g} times those here{HELD}another unit")]
    return False


def _even(one: float, other: float) -> bool:
    return max(one, other) <= UNEVEN * min(one, other)


def unit_factor(bars: Bars, given: Sequence[Bar]) -> float | None:
    """By how much all common closes differ, if by one factor that is no error; None otherwise (and under two)."""
    common = [(bar.close, bars.index_of(bar.day)) for bar in given[-250:]]
    ratios = [close / float(bars.close[index]) for close, index in common if index is not None]
    if len(ratios) < 2 or not _even(max(ratios), min(ratios)):
        return None
    middle = sorted(ratios)[len(ratios) // 2]
    return middle if max(middle, 1.0 / middle) > ANOTHER_UNIT else None


# -- what changed ------------------------------------------------------------------------------------


def mended(one: Instrument, bars: Bars, final: Iterable[Bar], now: datetime, calendar: Calendar) -> tuple[str, ...]:
    """Official closes of these bars that differ from the ones here, a sentence each."""
    said: list[str] = []
    for bar in final:
        index = bars.index_of(bar.day)
        old = float(bars.close[index]) if index is not None else bar.close
        if abs(bar.close - old) > MENDED * old:
            when = (
                "the same evening"
                if now.astimezone(calendar.zone).date() == bar.day
                else _later(bar.day, now, calendar)
            )
            said.append(f"{one.short} {bar.day} close mended {old:,.2f} -> {bar.close:,.2f}, {when}")
    return tuple(said)


def _later(day: date, now: datetime, calendar: Calendar) -> str:
    """When a close was mended, in words."""
    today = now.astimezone(calendar.zone).date()
    sessions = len(calendar.days(day + timedelta(days=1), today))
    if today == day:
        return "the same evening"
    return "next morning" if sessions <= 1 else f"{sessions} sessions later"
