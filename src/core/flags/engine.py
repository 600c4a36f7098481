"""All configured rules through a day: what is on, what changed, what cannot be judged."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

import msgspec

from ..live import FIVE
from ..model.config import RuleSetting
from ..model.flag import Event, Flag
from ..model.instrument import Instrument, yields_of
from ..model.measures import Nearest
from ..model.snapshot import Chance
from ..sessions import Calendar, Session
from . import rules
from .history import Historian
from .legs import PATIENCE, Legs, World, ends_week
from .lifecycle import Life, Step, Verdict, advance
from .ranking import chance_of, nearest_of, order, recent, run_start
from .rule import Judged, Names
from .watch import Standing, Watch, flag_of, legs_of, stand

SETTLED = timedelta(minutes=20)
"""After the close: when the official closes can be had; the time a confirmation carries."""
OFFICIAL_PATIENCE = timedelta(minutes=80)
"""After the close: how long an official close may be missing before its flag is unknown."""
MENDED = "an official close was mended, and by it the rule does not hold"
CAUGHT_UP = 10
"""Past sessions a journal is completed for when no feed was alive."""

__all__ = ["CAUGHT_UP", "FlagEngine", "World"]


@dataclass
class FlagEngine:
    """Keeps the life of every flag; `lives` may be given back after a restart.

    `replayed`: the past is gone through as if the feed had been there, so nothing is confirmed late.
    `told` gives the whole history of a flag that is shown; without it there are counts alone.
    `survival`: of each flag's provisional days the share confirmed, in percent, and their number.
    """

    settings: Sequence[RuleSetting]
    instruments: Sequence[Instrument]
    lives: dict[str, Life] = field(default_factory=dict[str, Life])
    watches: dict[str, Watch] = field(default_factory=dict[str, Watch])
    replayed: bool = False
    told: Historian | None = None
    survival: dict[str, tuple[float, int]] = field(default_factory=dict[str, tuple[float, int]])
    _standings: dict[str, Standing] = field(default_factory=dict[str, Standing])

    def __post_init__(self) -> None:
        self._names = Names(
            short={one.symbol: one.short for one in self.instruments},
            name={one.symbol: one.name for one in self.instruments},
        )
        self._legs = Legs(self.instruments)
        self._yields = yields_of(self.instruments)

    def following(self, settings: Sequence[RuleSetting], instruments: Sequence[Instrument]) -> "FlagEngine":
        """The engine of other rules or instruments: flags of rules that stay live on, the others are not shown."""
        return FlagEngine(
            settings, instruments, self.lives, replayed=self.replayed, told=self.told, survival=self.survival
        )

    def rebuild(self, world: World, changed: frozenset[str] | None = None, *, sessions: int = 1) -> list[Event]:
        """Judge final history anew where bars changed (None: everywhere); completes the journal.

        A flag without a life begins with the newest of so many `sessions`.
        """
        events: list[Event] = []
        for setting in self.settings:
            rule = rules().get(setting.rule)
            if rule is None or (changed is not None and not changed & set(legs_of(setting))):
                continue
            watch = Watch.over(
                setting, rule, world.bars,
                last_is_week_end=self._legs.ends_week(setting, world), yields=self._yields,
            )  # fmt: skip
            self.watches[setting.id] = watch
            events += self._settle(watch, world, sessions)
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
            zone = self._legs.zone(watch.setting.watched)
            flag = flag_of(watch, life, self._standing(watch, life, world), world.now, zone)
            if flag is not None:
                found.append(self._with_past(flag, watch))
        return tuple(sorted(found, key=order))

    def _with_past(self, flag: Flag, watch: Watch) -> Flag:
        """The flag with the day its run began and how many like it lasted to the close."""
        setting, rule = watch.setting, watch.rule
        history = self.told(setting, rule, watch.aligned, watch.judged) if self.told else watch.history
        lasted = self.survival.get(flag.id)
        if history is not None and lasted is not None:
            history = msgspec.structs.replace(history, survival_percent=lasted[0], survival_cases=lasted[1])
        return msgspec.structs.replace(
            flag, history=history, continues=run_start(watch, flag.session), recent=recent(watch)
        )

    def _unjudged(self, watch: Watch, life: Life, world: World) -> Life | None:
        """A rule that cannot be judged for want of history is unknown, not off; that is no event."""
        calendar = self._legs.calendar(watch.setting.watched, world)
        session = self._latest(calendar, world.now) if calendar else None
        settled = watch.last_session is not None and session is not None and watch.last_session >= session.day
        if session is None or settled or (life.session == session.day and life.state != "off"):
            return None
        reason = self._legs.history_lacks(watch, world, session.day)
        if reason is None:
            return None
        return Life(session=session.day, state="unknown", first_seen=session.open, reason=reason)

    def _latest(self, calendar: Calendar, now: datetime) -> Session:
        """The session a rule should have been judged on: of the past only those that were over."""
        return calendar.closed(now) if self.replayed else calendar.begun(now)

    def chance(self) -> Chance:
        """Flags on, and how many are on on an ordinary day."""
        return chance_of(self.watches, self.lives)

    def nearest(self) -> tuple[Nearest, ...]:
        """The rules that are off and closest to firing, by the percentile of their newest verdict."""
        return nearest_of(self.watches, self.lives)

    # -- final bars ---------------------------------------------------------------------------------

    def _settle(self, watch: Watch, world: World, sessions: int) -> list[Event]:
        """Final verdicts for the sessions since the last one settled."""
        name, events = watch.setting.id, list[Event]()
        for index in self._unsettled(watch, sessions):
            day: date = watch.aligned.days[index].astype(object)
            at = self._settled_at(watch, day, world)
            if at is None or at > world.now:
                continue
            verdict = Verdict(
                at=self._known_at(watch, day, at, world),
                session=day,
                enter=bool(watch.judged.enter[index]),
                stay=bool(watch.judged.stay[index]),
                final=True,
                decides=bool(watch.judged.decides[index]),
                unknown=self._legs.missed(watch, world, day),
                close=at - SETTLED,
                in_time=self._in_time(watch, at, world),
            )
            events += self._advance(name, watch, verdict, self._words(watch, watch.judged, index, verdict))
        return events

    def _known_at(self, watch: Watch, day: date, at: datetime, world: World) -> datetime:
        """When a final verdict was known: at the settled close; of a close that was mended since, now."""
        life = self.lives.get(watch.setting.id, Life())
        ended = life.session == day and life.state in ("confirmed", "faded")
        return world.now if ended and life.last_seen is not None and life.last_seen >= at else at

    def _in_time(self, watch: Watch, at: datetime, world: World) -> bool:
        """Whether nothing was missed: a rule of official closes is judged with them, whoever watched the day."""
        return self.replayed or (not watch.rule.live and world.now <= at - SETTLED + OFFICIAL_PATIENCE)

    def _unsettled(self, watch: Watch, sessions: int) -> range:
        size = len(watch.aligned)
        life = self.lives.get(watch.setting.id)
        if life is None or life.session is None:
            return range(max(0, size - sessions), size)
        first = size
        while first > 0 and size - first < CAUGHT_UP and watch.aligned.days[first - 1].astype(object) >= life.session:
            first -= 1
        return range(first, size)

    def _settled_at(self, watch: Watch, day: date, world: World) -> datetime | None:
        calendar = self._legs.calendar(watch.setting.watched, world)
        session = calendar.session(day) if calendar else None
        return session.close + SETTLED if session else None

    # -- the running session ------------------------------------------------------------------------

    def _follow(self, watch: Watch, world: World) -> list[Event]:
        calendar = self._legs.calendar(watch.setting.watched, world)
        if calendar is None:
            return []
        session = calendar.begun(world.now)
        if watch.last_session is not None and watch.last_session >= session.day:
            return []
        if self._legs.at_home(watch) and self._legs.history_lacks(watch, world, session.day):
            # nothing is judged, and nothing is lost: the day is judged from its open once the bars are here
            return []
        events = self._through(watch, world, session.day, session.open, session.close) if watch.rule.live else []
        if world.now >= session.close + OFFICIAL_PATIENCE:
            events += self._without_official(watch, world, session.day, session.close + OFFICIAL_PATIENCE)
        return events

    def _through(self, watch: Watch, world: World, day: date, opens: datetime, closes: datetime) -> list[Event]:
        """Every 5-minute bar that is over and not judged yet, until one that may still come."""
        life = self.lives.get(watch.setting.id, Life())
        judged_to = life.judged_to if life.session == day and life.judged_to else opens
        events: list[Event] = []
        moment = judged_to + FIVE
        while moment <= min(world.now, closes):
            lacking = self._legs.lacking(watch, world, day, moment)
            if lacking and self._legs.may_still_come(watch, world, moment):
                break
            events += self._judge_at(watch, world, day, moment, lacking)
            moment += FIVE
        return events

    def _judge_at(self, watch: Watch, world: World, day: date, moment: datetime, lacking: str | None) -> list[Event]:
        name = watch.setting.id
        if lacking:
            given_up = min(world.now, moment + PATIENCE + self._legs.delay(watch, world))
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
        reason = self._legs.without(watch, world, day)
        life = self.lives.get(watch.setting.id, Life())
        of_this_day = life.session == day
        if reason is None or (of_this_day and (life.state == "unknown" or (life.judged_to and life.judged_to >= at))):
            return []
        return self._advance(watch.setting.id, watch, Verdict(at=at, session=day, unknown=reason), None)

    # -- common -------------------------------------------------------------------------------------

    def missing_legs(self, world: World) -> list[Event]:
        """On final bars alone: a flag is unknown where a leg lacks the newest session of another."""
        events: list[Event] = []
        for name, watch in self.watches.items():
            held = {one: world.bars[one] for one in legs_of(watch.setting) if one in world.bars}
            newest = max((bars.day(len(bars) - 1) for bars in held.values() if len(bars)), default=None)
            calendar = self._legs.calendar(watch.setting.watched, world)
            session = calendar.session(newest) if calendar and newest else None
            if newest is None or session is None or watch.last_session == newest:
                continue
            reason = self._legs.without(watch, world, newest)
            if reason is not None:
                verdict = Verdict(at=session.close + SETTLED, session=newest, unknown=reason)
                events += self._advance(name, watch, verdict, None)
        return events

    def _advance(self, name: str, watch: Watch, verdict: Verdict, standing: Standing | None) -> list[Event]:
        life, steps = advance(self.lives.get(name, Life()), verdict)
        if life.session == verdict.session and standing is not None:
            self._standings[name] = standing
        self.lives[name] = life
        zone = self._legs.zone(watch.setting.watched)
        return [_event(watch, verdict, step, standing, zone) for step in steps]

    def _words(self, watch: Watch, judged: Judged, index: int, verdict: Verdict) -> Standing | None:
        """The words of a verdict; None where the flag is off and stays off: its numbers may be missing."""
        if verdict.unknown is not None:
            return None
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
        elif life.judged_to is not None and not self._legs.lacking(watch, world, life.session, life.judged_to):
            moment = life.judged_to
            bars = [world.live[symbol].bar_at(moment) for symbol in legs_of(watch.setting)]
            _, judged = watch.live([bar for bar in bars if bar], is_week_end=False)
            self._standings[name] = stand(watch, judged, len(judged.enter) - 1, self._names, final=False)
        return self._standings.get(name)

    def _is_week_end(self, watch: Watch, world: World, day: date) -> bool:
        calendar = self._legs.calendar(watch.setting.watched, world)
        return calendar is None or ends_week(calendar, day)


def _event(watch: Watch, verdict: Verdict, step: Step, standing: Standing | None, zone: tzinfo) -> Event:
    setting = watch.setting
    sentence = standing.wording.sentence if standing else (verdict.unknown or "")
    if not sentence and step.state == "faded":
        sentence = MENDED
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
