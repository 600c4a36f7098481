"""The feed: the one process that asks the source, computes, and publishes."""

import os
import sqlite3
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from msgspec.structs import replace as replace_in

from .. import __version__
from . import channel
from .account import OTHER, Account
from .alerts.desk import AlertDesk
from .book import Book
from .charting import Material
from .charting_feed import Clerk
from .clock import Clock, wall
from .closing import Closing
from .compose import JOURNAL_SHOWN, compose, world_at
from .flags.engine import FlagEngine, World
from .flags.history import survival
from .log import Log, warning
from .model.config import Config
from .model.flag import Event
from .model.snapshot import Health, Producer
from .off_board import ASKED, OffBoard
from .paths import Paths
from .recap_keeping import RecapKeeper, RecapText
from .restoring import restore
from .resume import live_rows
from .rota import AFTER_CLOSE, Known, Rota, Task, ready
from .rule_check import usable
from .sessions import Calendars
from .settings_watch import Followed, changes, store_part
from .sources import Answer, Follows, Manners, Source
from .spare import Spare
from .store.bars import held
from .store.budget import Budget
from .store.damage import damaged
from .store.journal import read_events, read_lives, write_events
from .store.keeper import Keeper
from .studying import StudyBook

FLOOR = 10.0
"""Seconds: the service's answers are cached that long, asking faster brings nothing."""


@dataclass
class Feed:
    """Asks, absorbs, judges and publishes, one step after another; steps never overlap."""

    paths: Paths
    config: Config
    source: Source
    clock: Clock
    database: sqlite3.Connection
    budget: Budget
    mode: str = "live"
    shared: bool = False
    log: Callable[[str], None] = print
    recap_text: RecapText | None = None
    account: Account = field(init=False)
    _in_force: Config = field(init=False)
    _applied: Config = field(init=False)
    _counter: int = field(default=0, init=False)
    _problem: str | None = field(default=None, init=False)
    _unwritten: list[Event] = field(default_factory=list[Event], init=False)

    def __post_init__(self) -> None:
        self.started = wall()
        self._born = int(self.started.timestamp())
        self._settings = Followed(self.paths.config_file, self.config)
        self._in_force = self._settings.config
        self.config, problems = usable(self.config)
        self._applied = self.config
        self.spare, self.keeper = Spare(self.paths), Keeper(self.paths.database, self.database, self.log)
        self._unusable = tuple(str(problem) for problem in problems)
        self.problems = self._all_problems()
        for problem in self.problems:
            self.log(warning(problem))
        self.calendars, self.clerk = Calendars(), Clerk(self.paths, self.shared, self.log)
        self.off_board = OffBoard(self.paths, self.config, self.calendars)
        self.book = Book(self.database, self.config.followed, self.calendars)
        self.studies = StudyBook(self.database)
        self.engine = FlagEngine(
            self.config.rules, self.config.instruments, lives=read_lives(self.database), told=self.studies.history
        )
        self.rota = Rota(self.config.followed, self._manners(), self.book.calendar)
        every = self.rota.manners.prices_every.total_seconds()
        health = Health(source=self.source.name, budget=self.budget.per_hour, refresh_seconds=every)
        self.account = Account(self.budget, self.log, health)
        self.closing = self._closing()
        pace = self.clock.reading().rate
        self.alerts = AlertDesk(
            self.database, self.config, self.log, outside=self.mode == "live", pace=pace, shared=self.shared
        )
        self.recaps = self._recaps()
        self.engine.survival = survival(read_events(self.database))
        self._lives = dict(self.engine.lives)
        self._journal: tuple[Event, ...] = read_events(self.database, newest=JOURNAL_SHOWN)
        self.book.load(self.clock.now())
        self._take_over(self.clock.now())
        self._note_histories(self.clock.now())
        self._record(self.engine.rebuild(self._world(self.clock.now())))

    def _recaps(self) -> RecapKeeper:
        folder, rights = self.config.feed.recap_folder if self.mode == "live" else "", 0o644 if self.shared else 0o600
        return RecapKeeper(folder, self.paths, self.recap_text, self.log, rights)

    def _closing(self) -> Closing:
        live = self.mode == "live"
        return Closing.of(self.config, self.database, self.calendars, self.budget, self.log, live=live)

    def _take_over(self, now: datetime) -> None:
        """Go on from what the feed before published: the running session, the outage, a pause that is on."""
        try:
            old = channel.read_snapshot(self.paths)
        except channel.ChannelError:
            old = None
        if old is not None:
            # a clock set back since must not make this feed's words look older than the last one's
            self._born = max(self._born, old.version[0] + 1)
        if old is None or old.mode != "live" or self.mode != "live":
            self.account.resume(None, now)
            return
        self.book.live.update(live_rows(old, lambda name: self.calendars.of(name, now.date()), now))
        self.account.resume(old.health, now)

    def _set_aside(self) -> tuple[str, ...]:
        """A damaged database was put away within the last day: said until it is no news."""
        for one in damaged(self.paths.database):
            if wall().timestamp() - one.stat().st_ctime < 86400:
                if one.name.endswith("-wal"):
                    return (f"a log that was none of the store's own is put away as {one.name}",)
                return (f"the store was damaged and set aside as {one.name}; its history is fetched again",)
        return ()

    def _manners(self) -> Manners:
        """The source's manners; with a budget the user's poll interval, never under ten seconds."""
        own = self.source.manners
        if own.budget is None:
            return own
        # prices may spend half the budget: charts and official closes live on the other half
        half = 7200.0 / own.budget
        every = timedelta(seconds=max(FLOOR, self.config.feed.poll, half))
        return replace(own, prices_every=every, burst=self.config.feed.burst)

    # -- one step -----------------------------------------------------------------------------------

    def step(self) -> datetime:
        """Send what is due and affordable, judge, publish; returns when to step again."""
        now = self.clock.now()
        self.hear(now)
        while (task := self._next(now)) is not None:
            self._serve(task, now)
            now = self.clock.now()
            self.hear(now)
            if task.kind == "chart" and task.span == "full":
                self.publish(now)
        self.closing.step(now, self.account.health, self.book.histories)
        now = self.clock.now()
        self._record(self.engine.run(self._world(now)))
        due = self._due(now)
        self.account.change(next_try=self.account.next_try(now, due))
        due = min(due, self.closing.due(now, self.account.health, self.book.histories) or due)
        self.account.change(next_due=due)
        self.publish(now)
        return now if self._study_next() else due

    def shift(self, by: timedelta) -> None:
        """The machine's clock was set by so much: no wait grows or shrinks by it."""
        self.rota.shift(by)
        self.account.shift(by)

    def _study_next(self) -> bool:
        """Count one rule's history anew if its bars have changed: one at a time, so that prices never wait."""
        for watch in self.engine.watches.values():
            if not self.studies.has(watch.setting, watch.judged):
                self.studies.history(watch.setting, watch.rule, watch.aligned, watch.judged)
                return True
        return False

    def _next(self, now: datetime) -> Task | None:
        return self.rota.next_task(now, self.budget.tokens(now), self.account.resting(now))

    def _due(self, now: datetime) -> datetime:
        """The rota's next moment, but not before a rest or a pause ends and a request can be paid."""
        resting = self.account.resting(now)
        if len(resting) == len(OTHER):
            return min(resting.values())
        return max(self.rota.next_due(now, resting), now + self.budget.wait(now))

    def hear(self, now: datetime) -> bool:
        """Take what screens ask for, and how alerts were told meanwhile; whether anything makes the next step due."""
        asked = channel.take_requests(self.paths)
        self.clerk.serve(asked, lambda: self._material(now))
        for request in asked:
            self.alerts.heard(request, now)
        due = self._tend_settings(now) or any(request.kind != "chart" for request in asked)
        if self.alerts.tend(now) and not due:
            self.publish(now)
        self.rota.refresh_asked |= any(request.kind == "refresh" for request in asked)
        if any(request.kind == "reload" for request in asked):
            self._reload(now)
        if any(request.kind == ASKED for request in asked):
            self.off_board.ask(self.database)
        return due

    def _tend_settings(self, now: datetime) -> bool:
        """The settings are followed while the feed runs; whether they make the next step due."""
        changed, config = self._settings.look(), self._settings.config
        if not changed and config is self._in_force:
            return False
        for said in (self._settings.problem, *map(str, self._settings.left_out)):
            if said:
                self.log(warning(said))
        self.alerts.configure(config, now)
        anew = store_part(config) != store_part(self._in_force)
        if anew:
            self.configure(config, now)
        # only now: what a failure of the store cut short is done again
        self._in_force = config
        self.problems = self._all_problems()
        self.publish(now)
        return anew

    def configure(self, config: Config, now: datetime) -> None:
        """Other settings: what is known of instruments and rules that stay goes on, requests spent are spent."""
        before, (taken, problems) = self._applied, usable(config)
        board = taken.instruments != before.instruments
        if board:
            # a store that cannot be read is told of before anything is exchanged
            self.off_board.follow(taken, self.database)
            self.book.follow(taken.followed, now)
        self.config, self._unusable = taken, tuple(str(problem) for problem in problems)
        for problem in self._unusable:
            self.log(warning(problem))
        if board and isinstance(self.source, Follows):
            self.source.follow(taken.followed)
        self.budget.retune(self.config.feed.budget, self.config.feed.burst)
        self.rota = self.rota.following(self.config.followed, self._manners())
        self.account.follow({one.symbol for one in self.config.followed}, self.rota.manners.prices_every)
        self.closing = self._closing()
        if self.config.feed.recap_folder != before.feed.recap_folder:
            self.recaps = self._recaps()
        if isinstance(self.log, Log):
            self.log.level = self.config.feed.log_level
        self._note_histories(now)
        if board or self.config.rules != before.rules:
            self.engine = self.engine.following(self.config.rules, self.config.instruments)
            self._record(self.engine.rebuild(self._world(now)))
        self._applied = self.config
        self.log(f"the settings were taken up anew: {changes(before, self.config)}")

    def _all_problems(self) -> tuple[str, ...]:
        broken = (self._settings.problem,) if self._settings.problem else ()
        return (*broken, *self._unusable, *self._set_aside())

    def _material(self, now: datetime) -> Material:
        """What charts are drawn from."""
        histories = {**self.off_board.histories(), **self.book.histories}
        return Material(histories, self.book.live, self.calendars, now)

    def _reload(self, now: datetime) -> None:
        """Bars were imported beside us: the store is read again."""
        self.book.load(now)
        self._note_histories(now)
        self._record(self.engine.rebuild(self._world(now)))

    def _serve(self, task: Task, now: datetime) -> None:
        if task.kind == "chart":
            self.account.change(loading=task.symbols[0] if task.span == "full" else None)
        answer = self._ask(task, now)
        now = self.clock.now()
        full = task.span == "full" and task.kind == "chart"
        changed = self.book.absorb(answer, now, self.source.name, full=full)
        self.book.say(self.log)
        self._account(task, answer, now)
        self._note_histories(now, task.symbols)
        if changed:
            self._record(self.engine.rebuild(self._world(now), changed))

    def _ask(self, task: Task, now: datetime) -> Answer:
        if task.kind == "prices":
            return self.source.prices(task.symbols, now)
        state = self.rota.known[task.symbols[0]]
        state.tried_at = state.charted_at = now
        return self.source.chart(task.symbols[0], task.span, now)

    def stored_anew(self, now: datetime) -> None:
        """The database was begun anew under the feed: what is in memory goes in, and what else is there comes out."""
        whole = [symbol for symbol, state in self.rota.known.items() if state.full_history]
        bars = self.book.bars()
        restore(self.database, bars, self.book.origins, whole, self._journal, self.engine.lives)
        self.alerts.stored_anew()
        self.problems = self._all_problems()
        self._reload(now)

    # -- what an answer means for the next ones -----------------------------------------------------

    def _account(self, task: Task, answer: Answer, now: datetime) -> None:
        for symbol in task.symbols:
            failure = answer.failures.get(symbol)
            state = self.rota.known[symbol]
            if failure is not None and failure.unknown_symbol:
                self.budget.mark_unknown(symbol, now.date())
                state.unknown_on = now.date()
            if task.kind == "chart" and not (failure is not None and failure.unsent):
                self._count_tries(state, symbol, now)
        self.account.answered(task, answer, now)

    def _count_tries(self, state: Known, symbol: str, now: datetime) -> None:
        """An official close (or a history) that did not come is asked for again later, not at once."""
        one = next(found for found in self.config.followed if found.symbol == symbol)
        last = self.book.histories[symbol].last_day
        closed = self.book.calendar(one, now).closed(now)
        due = now >= closed.close + AFTER_CLOSE
        came = last is not None and (last >= closed.day or not due)
        state.tries = 0 if came and self.book.complete(symbol, now) else state.tries + 1

    def _note_histories(self, now: datetime, symbols: Collection[str] | None = None) -> None:
        """Tell the rota what is here now (of some symbols alone, or of all)."""
        for one in self.config.followed:
            if symbols is not None and one.symbol not in symbols:
                continue
            state = self.rota.known[one.symbol]
            state.full_history = self.book.complete(one.symbol, now)
            state.last_final = self.book.histories[one.symbol].last_day
            state.urgent, state.near_extreme = self.book.wants_chart(one.symbol)
            state.gap = self.book.wants_again(one.symbol, now)
            live = self.book.live.get(one.symbol)
            state.delay = live.delay if live else timedelta()
            if self.budget.is_unknown(one.symbol, now.date()):
                state.unknown_on = now.date()
        loaded = ready({one.symbol: self.rota.known[one.symbol] for one in self.config.watched})
        self.account.loaded(loaded)

    # -- out ----------------------------------------------------------------------------------------

    def _world(self, now: datetime) -> World:
        return world_at(self.config.followed, self.book.histories, self.book.live, self.calendars, now)

    def _record(self, events: list[Event]) -> None:
        self._unwritten += events
        new = self._unwritten
        if self.engine.lives != self._lives or new:
            write_events(self.database, new, self.engine.lives)
            self._lives, self._unwritten = dict(self.engine.lives), []
        if new:
            self._journal = read_events(self.database, newest=JOURNAL_SHOWN)
        if any(event.state in ("confirmed", "faded") for event in new):
            self.engine.survival = survival(read_events(self.database))

    def publish(self, now: datetime, *, judge: bool = True) -> None:
        """Replace the snapshot file; a disk that refuses is logged and tried again at the next step.

        What the alerts make of it (`judge`) is written before it is told.
        """
        self._counter += 1
        self.account.change(**self.book.told(now))
        holding = tuple(f"{symbol} {day}: {reason}" for symbol, day, reason in held(self.database)[:20])
        due = max(self.account.health.next_due or now, now)
        self.account.change(store=self.keeper.trouble)
        self.account.change(requests_last_hour=self.budget.spent_last_hour(now), held=holding, next_due=due)
        snapshot = compose(
            self.config,
            self.book.histories,
            self.engine,
            self._world(now),
            clock=self.clock.reading(),
            version=(self._born, self._counter),
            mode=self.mode,
            health=self.account.health,
            journal=self._journal,
            problems=self.problems,
            origins=self.book.origins,
            held=self.book.held_lately(),
            producer=Producer(version=__version__, pid=os.getpid(), started=self.started, config=self.config.path),
        )
        snapshot = self.closing.beside(snapshot, self.book.histories, now)
        snapshot = self.alerts.judge(snapshot, now) if judge else replace_in(snapshot, alerts=self.alerts.standing(now))
        rights = 0o644 if self.shared else 0o600
        try:
            self.spare.publish(snapshot, rights)
            self.off_board.publish(snapshot, self.book.histories, self.book.origins, now, rights)
            self._problem = None
        except OSError as problem:
            if self._problem is None:
                self.log(warning(f"cannot write {self.paths.snapshot}: {problem.strerror or problem}"))
            self._problem = str(problem)
        self.recaps.keep(snapshot)
