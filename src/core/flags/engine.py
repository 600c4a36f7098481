"""All configured rules through a day: what is on, what changed, what cannot be judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from ..analytics.returns import LEAST_HISTORY
from ..bars import Bars
from ..live import FIVE, Live
from ..model.config import RuleSetting
from ..model.flag import Event, Flag
from ..model.instrument import ZONES, Instrument
from ..model.snapshot import Chance
from ..sessions import Calendar
from . import rules
from .lifecycle import Life, Step, Verdict, advance
from .rule import Judged, Names
from .watch import Standing, Watch, flag_of, legs_of, stand

SETTLED = timedelta(minutes=20)
"""After the close: when the official closes can be had; the time a confirmation carries."""
PATIENCE = timedelta(minutes=15)
"""How long a 5-minute bar may be missing before its flag is unknown."""
OFFICIAL_PATIENCE = timedelta(minutes=80)
"""After the close: how long an official close may be missing before its flag is unknown."""
CAUGHT_UP = 10
"""Past sessions a journal is completed for when no feed was alive."""


@dataclass(frozen=True)
class World:
    """What the engine may look at: final bars, running sessions, calendars and the time."""

    bars: Mapping[str, Bars]
    live: Mapping[str, Live]
    calendars: Mapping[str, Calendar]
    now: datetime


@dataclass
class FlagEngine:
    """Keeps the life of every flag; `lives` may be given back after a restart."""

    settings: Sequence[RuleSetting]
    instruments: Sequence[Instrument]
    lives: dict[str, Life] = field(default_factory=dict[str, Life])
    watches: dict[str, Watch] = field(default_factory=dict[str, Watch])
    _standings: dict[str, Standing] = field(default_factory=dict[str, Standing])

    def __post_init__(self) -> None:
        self._names = Names(
            short={one.symbol: one.short for one in self.instruments},
            name={one.symbol: one.name for one in self.instruments},
        )
        self._calendar = {one.symbol: one.calendar for one in self.instruments}

    def rebuild(self, world: World, changed: frozenset[str] | None = None) -> list[Event]:
        """Judge final history anew where bars changed (None: everywhere); completes the journal."""
        events: list[Event] = []
        for setting in self.settings:
            rule = rules().get(setting.rule)
            if rule is None or (changed is not None and not changed & set(legs_of(setting))):
                continue
            watch = Watch.over(setting, rule, world.bars, last_is_week_end=self._ends_week(setting, world))
            self.watches[setting.id] = watch
            events += self._settle(watch, world)
        return events

    def run(self, world: World) -> list[Event]:
        """Judge every 5-minute bar that is over and not judged yet."""
        events: list[Event] = []
        for watch in self.watches.values():
            events += self._follow(watch, world)
        return events

    def flags(self, world: World) -> tuple[Flag, ...]:
        """What a trader sees now, rarest first, unknown after them and faded last."""
        found: list[Flag] = []
        for name, watch in self.watches.items():
            life = self.lives.get(name, Life())
            unjudged = self._unjudged(watch, life, world)
            life = unjudged or life
            zone = world_zone(self._calendar.get(watch.setting.watched, ""))
            flag = flag_of(watch, life, self._standing(watch, life, world), world.now, zone)
            if flag is not None:
                found.append(flag)
        return tuple(sorted(found, key=_order))

    def _unjudged(self, watch: Watch, life: Life, world: World) -> Life | None:
        """A rule that cannot be judged for want of history is unknown, not off; that is no event."""
        calendar = self._calendar_of(watch, world)
        session = calendar.begun(world.now) if calendar else None
        settled = watch.last_session is not None and session is not None and watch.last_session >= session.day
        if session is None or settled or (life.session == session.day and life.state != "off"):
            return None
        reason = self._history_lacks(watch, world, session.day)
        if reason is None:
            return None
        return Life(session=session.day, state="unknown", first_seen=session.open, reason=reason)

    def _history_lacks(self, watch: Watch, world: World, day: date) -> str | None:
        """Which leg's bars do not reach from a year back to the session before a day; None where all do."""
        for symbol in legs_of(watch.setting):
            calendar = world.calendars.get(self._calendar.get(symbol, ""))
            bars = world.bars.get(symbol, Bars.empty()).upto(day - timedelta(days=1))
            if calendar is None or not len(bars):
                return f"{self._short(symbol)} has no history yet"
            if len(bars) < LEAST_HISTORY:
                return f"{self._short(symbol)} has {len(bars)} sessions of history; {LEAST_HISTORY} are needed"
            before = calendar.on_or_before(day - timedelta(days=1)).day
            if bars.day(len(bars) - 1) != before:
                return self._no_close(symbol, before)
        return None

    def chance(self) -> Chance:
        """Flags on, and how many are on on an ordinary day."""
        on = ("forming", "provisional", "confirmed")
        known = [watch.history.share_of_days for watch in self.watches.values() if watch.history]
        return Chance(flags=sum(life.state in on for life in self.lives.values()), expected=sum(known))

    # -- final bars ---------------------------------------------------------------------------------

    def _settle(self, watch: Watch, world: World) -> list[Event]:
        """Final verdicts for the sessions since the last one settled, or the newest alone at first."""
        name, events = watch.setting.id, list[Event]()
        for index in self._unsettled(watch):
            day: date = watch.aligned.days[index].astype(object)
            at = self._settled_at(watch, day, world)
            if at is None or at > world.now:
                continue
            verdict = Verdict(
                at=at,
                session=day,
                enter=bool(watch.judged.enter[index]),
                stay=bool(watch.judged.stay[index]),
                final=True,
                decides=bool(watch.judged.decides[index]),
            )
            events += self._advance(name, watch, verdict, self._words(watch, watch.judged, index, verdict))
        return events

    def _unsettled(self, watch: Watch) -> range:
        size = len(watch.aligned)
        life = self.lives.get(watch.setting.id)
        if life is None or life.session is None:
            return range(max(0, size - 1), size)
        first = size
        while first > 0 and size - first < CAUGHT_UP and watch.aligned.days[first - 1].astype(object) >= life.session:
            first -= 1
        return range(first, size)

    def _settled_at(self, watch: Watch, day: date, world: World) -> datetime | None:
        calendar = self._calendar_of(watch, world)
        session = calendar.session(day) if calendar else None
        return session.close + SETTLED if session else None

    # -- the running session ------------------------------------------------------------------------

    def _follow(self, watch: Watch, world: World) -> list[Event]:
        calendar = self._calendar_of(watch, world)
        if calendar is None:
            return []
        session = calendar.begun(world.now)
        if watch.last_session is not None and watch.last_session >= session.day:
            return []
        if self._at_home(watch) and self._history_lacks(watch, world, session.day):
            # nothing is judged, and nothing is lost: the day is judged from its open once the bars are here
            return []
        life = self.lives.get(watch.setting.id, Life())
        judged_to = life.judged_to if life.session == session.day and life.judged_to else session.open
        events: list[Event] = []
        moment = judged_to + FIVE
        while moment <= min(world.now, session.close):
            lacking = self._lacking(watch, world, session.day, moment)
            if lacking and self._may_still_come(watch, world, moment):
                return events
            events += self._judge_at(watch, world, session.day, moment, lacking)
            moment += FIVE
        if world.now >= session.close + OFFICIAL_PATIENCE:
            events += self._without_official(watch, world, session.day, session.close + OFFICIAL_PATIENCE)
        return events

    def _may_still_come(self, watch: Watch, world: World, moment: datetime) -> bool:
        """Whether a missing bar is merely late: not once its instrument has shown a later one."""
        if world.now - moment >= PATIENCE + self._delay(watch, world):
            return False
        legs = [world.live.get(symbol) for symbol in legs_of(watch.setting)]
        lost = [live for live in legs if live is None or live.bar_at(moment) is None]
        return any(live is None or not live.ends or live.ends[-1] < moment for live in lost)

    def _judge_at(self, watch: Watch, world: World, day: date, moment: datetime, lacking: str | None) -> list[Event]:
        name = watch.setting.id
        if lacking:
            given_up = min(world.now, moment + PATIENCE + self._delay(watch, world))
            verdict = Verdict(at=moment, session=day, unknown=lacking, known_at=given_up)
            return self._advance(name, watch, verdict, None)
        bars = [world.live[symbol].bar_at(moment) for symbol in legs_of(watch.setting)]
        known = [bar for bar in bars if bar is not None]
        _, judged = watch.live(known, is_week_end=self._is_week_end(watch, world, day))
        verdict = Verdict(at=moment, session=day, enter=bool(judged.enter[-1]), stay=bool(judged.stay[-1]))
        standing = self._words(watch, judged, len(judged.enter) - 1, verdict)
        return self._advance(name, watch, verdict, standing)

    def _without_official(self, watch: Watch, world: World, day: date, at: datetime) -> list[Event]:
        """Long after the close a leg's official bar is missing."""
        have = [symbol for symbol in legs_of(watch.setting) if _has(world.bars, symbol, day)]
        lack = [symbol for symbol in legs_of(watch.setting) if symbol not in have]
        life = self.lives.get(watch.setting.id, Life())
        if not lack or life.state == "unknown" or (life.judged_to and life.judged_to >= at):
            return []
        reason = self._no_close(lack[0], day)
        return self._advance(watch.setting.id, watch, Verdict(at=at, session=day, unknown=reason), None)

    def _lacking(self, watch: Watch, world: World, day: date, moment: datetime) -> str | None:
        """Why the legs cannot be compared at a moment, None where they can."""
        if not self._at_home(watch):
            return "not comparable while open: the instruments trade on different exchanges"
        for symbol in legs_of(watch.setting):
            live = world.live.get(symbol)
            if live is None or live.session != day:
                return f"{self._short(symbol)} has no prices of this session{self._last_seen(symbol, world)}"
            if live.bar_at(moment) is None:
                since = live.silent_since(moment)
                when = f" since {self._clock(since, symbol, world)}" if since else " since the open"
                return f"{self._short(symbol)} has been silent{when}"
        return None

    def _no_close(self, symbol: str, day: date) -> str:
        return f"{self._short(symbol)} has no official close of {day:%a} {day.day} {day:%b}"

    def _at_home(self, watch: Watch) -> bool:
        """Whether all legs trade on one exchange."""
        return len({self._calendar.get(symbol) for symbol in legs_of(watch.setting)}) == 1

    def _last_seen(self, symbol: str, world: World) -> str:
        bars = world.bars.get(symbol)
        if bars is None or not len(bars):
            return ""
        day = bars.day(len(bars) - 1)
        return f"; its last is of {day:%a} {day.day} {day:%b}"

    def _clock(self, moment: datetime, symbol: str, world: World) -> str:
        calendar = world.calendars[self._calendar[symbol]]
        zone = "ET" if calendar.name == "XNYS" else "local"
        return f"{moment.astimezone(calendar.zone):%H:%M} {zone}"

    # -- common -------------------------------------------------------------------------------------

    def missing_legs(self, world: World) -> list[Event]:
        """On final bars alone: a flag is unknown where a leg lacks the newest session of another."""
        events: list[Event] = []
        for name, watch in self.watches.items():
            held = {one: world.bars[one] for one in legs_of(watch.setting) if one in world.bars}
            newest = max((bars.day(len(bars) - 1) for bars in held.values() if len(bars)), default=None)
            calendar = self._calendar_of(watch, world)
            session = calendar.session(newest) if calendar and newest else None
            if newest is None or session is None or watch.last_session == newest:
                continue
            lack = [one for one in legs_of(watch.setting) if not _has(world.bars, one, newest)]
            if lack:
                reason = self._no_close(lack[0], newest)
                verdict = Verdict(at=session.close + SETTLED, session=newest, unknown=reason)
                events += self._advance(name, watch, verdict, None)
        return events

    def _advance(self, name: str, watch: Watch, verdict: Verdict, standing: Standing | None) -> list[Event]:
        life, steps = advance(self.lives.get(name, Life()), verdict)
        if life.session == verdict.session and standing is not None:
            self._standings[name] = standing
        self.lives[name] = life
        zone = world_zone(self._calendar.get(watch.setting.watched, ""))
        return [_event(watch, verdict, step, standing, zone) for step in steps]

    def _words(self, watch: Watch, judged: Judged, index: int, verdict: Verdict) -> Standing | None:
        """The words of a verdict; None where the flag is off and stays off: its numbers may be missing."""
        on = self.lives.get(watch.setting.id, Life()).state in ("forming", "provisional")
        if not (on or verdict.enter or verdict.stay):
            return None
        return stand(watch, judged, index, self._names, final=verdict.final)

    def _standing(self, watch: Watch, life: Life, world: World) -> Standing | None:
        """The words of a life: as last judged, or judged again after a restart."""
        name = watch.setting.id
        if name in self._standings or life.session is None or life.state in ("off", "unknown"):
            return self._standings.get(name)
        index = watch.aligned.watched.bars.index_of(life.session)
        if index is not None and watch.last_session == life.session:
            self._standings[name] = stand(watch, watch.judged, len(watch.aligned) - 1, self._names, final=True)
        elif life.judged_to is not None and not self._lacking(watch, world, life.session, life.judged_to):
            moment = life.judged_to
            bars = [world.live[symbol].bar_at(moment) for symbol in legs_of(watch.setting)]
            _, judged = watch.live([bar for bar in bars if bar], is_week_end=False)
            self._standings[name] = stand(watch, judged, len(judged.enter) - 1, self._names, final=False)
        return self._standings.get(name)

    def _calendar_of(self, watch: Watch, world: World) -> Calendar | None:
        return world.calendars.get(self._calendar.get(watch.setting.watched, ""))

    def _delay(self, watch: Watch, world: World) -> timedelta:
        delays = [world.live[symbol].delay for symbol in legs_of(watch.setting) if symbol in world.live]
        return max(delays, default=timedelta())

    def _ends_week(self, setting: RuleSetting, world: World) -> bool:
        """Whether the newest session that all legs have is the last of its week."""
        legs = [world.bars.get(symbol, Bars.empty()) for symbol in legs_of(setting)]
        calendar = world.calendars.get(self._calendar.get(setting.watched, ""))
        if calendar is None or not all(len(bars) for bars in legs):
            return True
        return _ends_week(calendar, min(bars.day(len(bars) - 1) for bars in legs))

    def _is_week_end(self, watch: Watch, world: World, day: date) -> bool:
        calendar = self._calendar_of(watch, world)
        return calendar is None or _ends_week(calendar, day)

    def _short(self, symbol: str) -> str:
        return self._names.short.get(symbol, symbol)


def world_zone(calendar: str) -> ZoneInfo:
    """The zone of an exchange; UTC for an unknown one."""
    return ZoneInfo(ZONES.get(calendar, "UTC"))


def _ends_week(calendar: Calendar, day: date) -> bool:
    first, last = calendar.span
    if not first <= day <= last - timedelta(days=7):
        return True
    week = calendar.week(day - timedelta(days=day.weekday()))
    return not week or day >= week[-1].day


def _has(bars: Mapping[str, Bars], symbol: str, day: date) -> bool:
    found = bars.get(symbol)
    return found is not None and len(found) > 0 and found.day(len(found) - 1) >= day


def _event(watch: Watch, verdict: Verdict, step: Step, standing: Standing | None, zone: tzinfo) -> Event:
    setting = watch.setting
    sentence = standing.wording.sentence if standing else (verdict.unknown or "")
    return Event(
        time=step.at.astimezone(zone),
        session=verdict.session,
        flag=setting.id,
        rule=setting.rule,
        watched=setting.watched,
        against=setting.against,
        state=step.state,
        sentence=f"confirmed late, from final bars: {sentence}" if step.late else sentence,
        source="final bars" if verdict.final else "live",
        title=watch.rule.called(setting.set),
    )


_STATES = {"unknown": 1, "faded": 2}
_SEVERITIES = {"rare": 0, "notable": 1, "watch": 2, "info": 3}


def _order(flag: Flag) -> tuple[int, int, float]:
    return (
        _STATES.get(flag.state, 0),
        _SEVERITIES.get(flag.severity, 4),
        -flag.first_seen.timestamp(),
    )
