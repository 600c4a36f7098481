"""The legs of a rule at a moment: their calendars and names, and why they cannot be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from ..analytics.returns import LEAST_HISTORY
from ..bars import Bars
from ..live import Live
from ..model.config import RuleSetting
from ..model.instrument import ZONES, Instrument, letters
from ..sessions import OWN_CALENDAR, Calendar
from .watch import Watch, legs_of

PATIENCE = timedelta(minutes=15)
"""How long a 5-minute bar may be missing before its flag is unknown."""
WITHIN = timedelta(days=8)
"""How far before a day a missing session makes its verdict unknown: five sessions or so."""
PANEL = 5
"""References from which they are a panel: counted whole or not at all."""


@dataclass(frozen=True)
class World:
    """What the engine may look at: final bars, running sessions, calendars and the time."""

    bars: Mapping[str, Bars]
    live: Mapping[str, Live]
    calendars: Mapping[str, Calendar]
    now: datetime

    def has(self, symbol: str, day: date) -> bool:
        """Whether a symbol's final bars reach to a day."""
        found = self.bars.get(symbol)
        return found is not None and len(found) > 0 and found.day(len(found) - 1) >= day


class Legs:
    """What is lacking of a rule's instruments, in words that name the one that lacks."""

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        self._calendar = {one.symbol: one.calendar for one in instruments}
        self._shorts = {one.symbol: one.short for one in instruments}
        self._kinds = {one.symbol: one.kind for one in instruments}

    def short(self, symbol: str) -> str:
        """The trader's name of a symbol."""
        return self._shorts.get(symbol, symbol)

    def zone(self, symbol: str) -> ZoneInfo:
        """The zone of a symbol's exchange; UTC for an unknown one."""
        return ZoneInfo(ZONES.get(self._calendar.get(symbol, ""), "UTC"))

    def calendar(self, symbol: str, world: World) -> Calendar | None:
        """The calendar of a symbol's exchange."""
        return world.calendars.get(self._calendar.get(symbol, ""))

    def at_home(self, watch: Watch) -> bool:
        """Whether all legs trade on one exchange."""
        return len({self._calendar.get(symbol) for symbol in legs_of(watch.setting)}) == 1

    def history_lacks(self, watch: Watch, world: World, day: date) -> str | None:
        """Which leg's bars do not reach from a year back to the session before a day; None where all do."""
        for symbol in legs_of(watch.setting):
            calendar = self.calendar(symbol, world)
            bars = world.bars.get(symbol, Bars.empty()).upto(day - timedelta(days=1))
            if calendar is None or not len(bars):
                return f"{self.short(symbol)} has no history yet"
            if len(bars) < LEAST_HISTORY:
                return f"{self.short(symbol)} has {len(bars)} sessions of history; {LEAST_HISTORY} are needed"
            before = calendar.on_or_before(day - timedelta(days=1)).day
            if bars.day(len(bars) - 1) != before:
                return self.no_close(symbol, before)
        return self.missed(watch, world, day)

    def missed(self, watch: Watch, world: World, day: date) -> str | None:
        """Which leg lacks one of the last sessions before a recent day: its records and moves are not known."""
        if world.now.date() - day > OWN_CALENDAR:
            return None
        for symbol in legs_of(watch.setting):
            calendar, bars = self.calendar(symbol, world), world.bars.get(symbol, Bars.empty())
            if calendar is None or not len(bars) or self._kinds.get(symbol) == "yield":
                continue
            first = max(bars.day(0), day - WITHIN)
            held = set(bars.days[np.searchsorted(bars.days, np.datetime64(first)) :][: 2 * WITHIN.days].tolist())
            for session in calendar.between(first, day):
                if session not in held:
                    return f"{self.short(symbol)} lacks the bar of {session:%a} {session.day} {session:%b}"
        return None

    def lacking(self, watch: Watch, world: World, day: date, moment: datetime) -> str | None:
        """Why the legs cannot be compared at a moment, None where they can."""
        if not self.at_home(watch):
            return "not comparable while open: the instruments trade on different exchanges"
        for symbol in legs_of(watch.setting):
            live = world.live.get(symbol)
            if live is None or live.session != day:
                return f"{self.short(symbol)} has no prices of this session{self._last_seen(symbol, world)}"
            if not live.ends:
                # taken over from a feed that ended: it has a price, and may have had every bar
                return f"{self.short(symbol)} has no 5-minute prices of this session yet"
            if live.bar_at(moment) is None:
                since = live.silent_since(moment)
                when = f" since {self._clock(since, symbol)}" if since else " since the open"
                return f"{self.short(symbol)} has been silent{when}"
        return None

    def may_still_come(self, watch: Watch, world: World, moment: datetime) -> bool:
        """Whether a missing bar is merely late: not once its instrument has shown a later one."""
        if world.now - moment >= PATIENCE + self.delay(watch, world):
            return False
        legs = [world.live.get(symbol) for symbol in legs_of(watch.setting)]
        lost = [live for live in legs if live is None or live.bar_at(moment) is None]
        return any(live is None or not live.ends or live.ends[-1] < moment for live in lost)

    def delay(self, watch: Watch, world: World) -> timedelta:
        """The longest declared delay among the legs."""
        delays = [world.live[symbol].delay for symbol in legs_of(watch.setting) if symbol in world.live]
        return max(delays, default=timedelta())

    def no_close(self, symbol: str, day: date) -> str:
        """The sentence of a leg without its official close."""
        return f"{self.short(symbol)} has no official close of {day:%a} {day.day} {day:%b}"

    def without(self, watch: Watch, world: World, day: date) -> str | None:
        """Which legs lack a session's official close, in one sentence; None where none does."""
        lack = [symbol for symbol in legs_of(watch.setting) if not world.has(symbol, day)]
        bare = [symbol for symbol in lack if not len(world.bars.get(symbol, Bars.empty()))]
        named = bare or lack
        if not named:
            return None
        panel = "panel incomplete: " if len(watch.setting.against) >= PANEL else ""
        if len(named) == 1:
            alone = f"{self.short(named[0])} has no history yet" if bare else self.no_close(named[0], day)
            return f"{panel}{alone}"
        what = "history yet" if bare else f"official close of {day:%a} {day.day} {day:%b}"
        others = "1 other" if len(named) == 2 else f"{len(named) - 1} others"
        return f"{panel}{self.short(named[0])} and {others} have no {what}"

    def ends_week(self, setting: RuleSetting, world: World) -> bool:
        """Whether the newest session that all legs have is the last of its week."""
        legs = [world.bars.get(symbol, Bars.empty()) for symbol in legs_of(setting)]
        calendar = self.calendar(setting.watched, world)
        if calendar is None or not all(len(bars) for bars in legs):
            return True
        return ends_week(calendar, min(bars.day(len(bars) - 1) for bars in legs))

    def _last_seen(self, symbol: str, world: World) -> str:
        bars = world.bars.get(symbol)
        if bars is None or not len(bars):
            return ""
        day = bars.day(len(bars) - 1)
        return f"; its last is of {day:%a} {day.day} {day:%b}"

    def _clock(self, moment: datetime, symbol: str) -> str:
        there = moment.astimezone(self.zone(symbol))
        return f"{there:%H:%M} {letters(there)}"


def ends_week(calendar: Calendar, day: date) -> bool:
    """Whether a session is the last of its week, as far as the calendar knows."""
    first, last = calendar.span
    if not first <= day <= last - timedelta(days=7):
        return True
    week = calendar.week(day - timedelta(days=day.weekday()))
    return not week or day >= week[-1].day
