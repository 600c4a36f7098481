"""Replay: the past of a store as it looked, a session at a time, for one screen.

It is a feed in a private folder. It reads the store once and never writes there; each session it shows is
made of bars up to and including it, so nothing later can be in it.
"""

import bisect
import os
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import msgspec

from .. import __version__
from . import channel
from .channel import Request
from .charting import Material
from .charting_feed import Clerk
from .clock import elapsed, wall
from .compose import compose_as_of, end_of, histories_upto
from .model.config import Config
from .model.measures import Transport
from .model.snapshot import Producer, Snapshot
from .off_board import ASKED, beside_board
from .paths import Paths
from .sessions import DAY, Calendars, monday_of
from .settings_watch import Followed
from .store.bars import load_bars, load_origins
from .store.schema import reading
from .store.span import stored_days

POLL = 0.05
"""Seconds between two looks at what the screen asks for."""
GONE = 5.0
"""Seconds without its screen after which a replay ends."""
PACE = 1.0
"""Seconds a session is shown while playing."""
KEPT = 40
"""Sessions kept once made."""
REACH = 200
"""Days from the middle of a calendar up to which it serves: two years before a session are known to it."""
NEW_YORK = "XNYS"


@dataclass(frozen=True)
class Course:
    """The sessions a replay can show, oldest first; which one it shows; whether it plays on."""

    sessions: tuple[date, ...]
    at: int = 0
    playing: bool = False

    @property
    def shown(self) -> date:
        """The session on the screen."""
        return self.sessions[self.at]

    @property
    def ended(self) -> bool:
        """Whether nothing later is stored."""
        return self.at == len(self.sessions) - 1

    def session_on(self, steps: int) -> "Course":
        """So many sessions on, or back; the first and the last are the ends."""
        return self._at(self.at + steps)

    def week_on(self) -> "Course":
        """The last session of the next week that has one."""
        after = bisect.bisect_left(self.sessions, monday_of(self.shown) + 7 * DAY)
        if after == len(self.sessions):
            return self._at(after)
        return self._at(bisect.bisect_left(self.sessions, monday_of(self.sessions[after]) + 7 * DAY) - 1)

    def week_back(self) -> "Course":
        """The last session of the last week before that has one."""
        return self._at(bisect.bisect_left(self.sessions, monday_of(self.shown)) - 1)

    def to(self, day: date) -> "Course":
        """The session of a date; else the last before it, or in a week that begins after it the week's first."""
        before = bisect.bisect_right(self.sessions, day) - 1
        after = min(before + 1, len(self.sessions) - 1)
        weeks = monday_of(day), monday_of(self.sessions[max(0, before)]), monday_of(self.sessions[after])
        return self._at(after if weeks[0] == weeks[2] != weeks[1] else before)

    def told(self, wish: str) -> "Course":
        """What the screen asked for: session+1, session-1, week+1, week-1, play, pause or a date."""
        match wish:
            case "session+1":
                return replace(self.session_on(1), playing=False)
            case "session-1":
                return replace(self.session_on(-1), playing=False)
            case "week+1":
                return replace(self.week_on(), playing=False)
            case "week-1":
                return replace(self.week_back(), playing=False)
            case "play" | "pause":
                return replace(self, playing=wish == "play" and not self.ended)
            case _:
                return self._dated(wish)

    def played(self) -> "Course":
        """The next session; at the last one it stops."""
        moved = self.session_on(1)
        return replace(moved, playing=not moved.ended)

    def _dated(self, wish: str) -> "Course":
        try:
            return replace(self.to(date.fromisoformat(wish)), playing=False)
        except ValueError:
            return self

    def _at(self, index: int) -> "Course":
        return replace(self, at=min(max(index, 0), len(self.sessions) - 1))

    def near(self) -> Iterator[date]:
        """What is likely to be asked for next, the likeliest first."""
        steps = (self.session_on(1), self.session_on(-1), self.week_back(), self.week_on(), self.session_on(2))
        return (one.shown for one in steps)


class Film:
    """The sessions of a store as they looked; each is made when first wanted and kept for a while."""

    def __init__(self, database: sqlite3.Connection, config: Config) -> None:
        self._database, self._config = database, config
        self._bars = load_bars(database)
        self._calendars = Calendars(REACH)
        self._beside = _shown_all(config, self._bars)
        self._made: OrderedDict[date, Snapshot] = OrderedDict()
        self._known: tuple[date, Material] | None = None
        self.sessions = stored_days(database, _leading(config, self._bars), date.min, date.max)

    def anew(self, config: Config) -> "Film":
        """The same store by other settings."""
        return Film(self._database, config)

    def opened(self, asked: date | None) -> Course:
        """At a date, or at the first session of the last week that is complete."""
        course = Course(self.sessions)
        return course.to(asked) if asked else course.to(self._last_whole_week())

    def _last_whole_week(self) -> date:
        """Its Monday; of a store that holds no whole week, that of the first."""
        last = self.sessions[-1]
        monday = monday_of(last)
        week = self._calendars.of(NEW_YORK, last).week(monday)
        if week and last >= week[-1].day:
            return monday
        return monday_of(Course(self.sessions).to(last).week_back().shown)

    def week_of(self, day: date) -> tuple[date, ...]:
        """The sessions of its week: those stored, and those the exchange has planned after the last one stored."""
        monday = monday_of(day)
        stored = [one for one in self.sessions if monday <= one < monday + 7 * DAY]
        planned = [one.day for one in self._calendars.of(NEW_YORK, day).week(monday)]
        return (*stored, *(one for one in planned if one > self.sessions[-1]))

    def has(self, day: date) -> bool:
        """Whether a session is made."""
        return day in self._made

    def known(self, day: date) -> Material:
        """What a chart of a session may be drawn from: the bars that had closed by the end of its day."""
        if self._known is None or self._known[0] != day:
            followed = msgspec.structs.replace(
                self._config, instruments=(*self._config.followed, *self._beside.instruments)
            )
            histories = histories_upto(followed, self._bars, day, self._calendars)
            self._known = (day, Material(histories, {}, self._calendars, end_of(day, self._calendars)))
        return self._known[1]

    def beside(self, day: date) -> Snapshot:
        """The instruments that are not on the board as they looked then: those that had bars."""
        made = compose_as_of(self._beside, self._bars, day, self._calendars, load_origins(self._database, upto=day))
        rows = tuple(row for row in made.instruments if row.quote is not None)
        return msgspec.structs.replace(made, instruments=rows, mode="replay")

    def frame(self, day: date) -> Snapshot:
        """The snapshot of a session, in the mode of a replay."""
        if day not in self._made:
            self._made[day] = self._make(day)
        self._made.move_to_end(day)
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        return self._made[day]

    def _make(self, day: date) -> Snapshot:
        origins = load_origins(self._database, upto=day)
        made = compose_as_of(self._config, self._bars, day, self._calendars, origins)
        loaded, _ = made.health.history_loaded
        source = "sample" if _is_sample(origins) else made.health.source
        # what is not stored was never asked for: it is not on its way
        health = msgspec.structs.replace(made.health, source=source, history_loaded=(loaded, loaded))
        return msgspec.structs.replace(made, mode="replay", health=health)


def _shown_all(config: Config, stored: Iterable[str]) -> Config:
    """What is not on the board and has bars, as if it stood there alone."""
    known = set(stored)
    rows = (one for one in beside_board(config) if one.symbol in known)
    instruments = tuple(msgspec.structs.replace(one, hidden=False, panel=False) for one in rows)
    return msgspec.structs.replace(config, instruments=instruments, rules=(), alerts=())


def _shown_by(config: Config) -> tuple[object, ...]:
    """What of the settings a session is made by; how a live feed asks its source is nothing to it."""
    return config.instruments, config.rules, config.levels


def _leading(config: Config, symbols: Iterable[str]) -> list[str]:
    """The instruments whose sessions are stepped through: those of New York, or all where there are none."""
    stored = set(symbols)
    watched = [one for one in config.watched if one.symbol in stored]
    return [one.symbol for one in watched if one.calendar == NEW_YORK] or [one.symbol for one in watched]


def _is_sample(origins: Mapping[str, tuple[str, datetime]]) -> bool:
    return any(source == "sample" for source, _ in origins.values())


def private_copy(paths: Paths) -> sqlite3.Connection:
    """The store's database in memory, read once and without a trace. Raises StoreError."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    with reading(paths.database) as stored:
        stored.backup(copy)
    return copy


@dataclass
class ReplayFeed:
    """Hears where the screen wants to be, and publishes how that looked."""

    paths: Paths
    config: Config
    film: Film
    course: Course
    log: Callable[[str], None] = print
    _counter: int = field(default=0, init=False)
    _shown_at: float = field(default=0.0, init=False)
    _wish: str = field(default="session+1", init=False)
    _beside: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._started = wall()
        self._clerk = Clerk(self.paths, log=self.log)
        self._settings = Followed(self.paths.config_file, self.config)
        self.course = self._resumed()

    def _resumed(self) -> Course:
        """Where the feed before this one stood, if it was ended from outside."""
        try:
            old = channel.read_snapshot(self.paths)
        except channel.ChannelError:
            return self.course
        return self.course.to(old.transport.shown) if old and old.transport else self.course

    def run(self, stopped: Callable[[], bool], wait: Callable[[float], None]) -> None:
        """Show and hear until told to stop or until the screen has gone."""
        self.show()
        watched_at = asked_at = elapsed()
        while not stopped():
            if not self.step():
                wait(POLL)
            if elapsed() - asked_at < 1.0:
                continue
            asked_at = elapsed()
            if channel.is_watched(self.paths):
                watched_at = asked_at
            elif asked_at - watched_at > GONE:
                self.log("nobody watches: the replay ends")
                return

    def step(self) -> bool:
        """What is asked for, or the next session while playing, or one made ahead; False where all is done."""
        before = self.course
        asked = channel.take_requests(self.paths)
        self._tend_settings()
        for request in asked:
            self.course = self._told(request)
        self._clerk.serve(asked, lambda: self.film.known(self.course.shown))
        if any(one.kind == ASKED for one in asked):
            self._beside = True
            self._show_beside()
        if self.course == before and before.playing and elapsed() - self._shown_at >= PACE:
            self.course = before.played()
        if self.course != before:
            self.show()
            return True
        return self._made_ahead()

    def _tend_settings(self) -> None:
        """Instruments, rules and levels follow the settings, on the session that is shown."""
        before = self._settings.config
        if not self._settings.look() or _shown_by(self._settings.config) == _shown_by(before):
            return
        film = self.film.anew(self._settings.config)
        if film.sessions:
            self.config, self.film = self._settings.config, film
            self.course = replace(Course(film.sessions).to(self.course.shown), playing=self.course.playing)
            self.show()

    def _told(self, request: Request) -> Course:
        if request.kind != "step" or not request.value:
            return self.course
        self._wish = request.value
        return self.course.told(request.value)

    def _made_ahead(self) -> bool:
        """Make one session that is likely to be asked for next, first the one further on the same way."""
        near = (self.course.told(self._wish).shown, *self.course.near())
        day = next((day for day in near if not self.film.has(day)), None)
        if day is not None:
            self.film.frame(day)
        return day is not None

    def show(self) -> None:
        """Publish the session shown and where it stands."""
        self._counter += 1
        shown = msgspec.structs.replace(
            self.film.frame(self.course.shown),
            version=(int(self._started.timestamp()), self._counter),
            transport=self.transport(),
            producer=Producer(version=__version__, pid=os.getpid(), started=self._started, config=self.config.path),
        )
        self._shown_at = elapsed()
        self._publish(self.paths, shown)
        if self._beside:
            self._show_beside()

    def _show_beside(self) -> None:
        """Publish what is not on the board as it looked at the session shown."""
        beside = msgspec.structs.replace(
            self.film.beside(self.course.shown), version=(int(self._started.timestamp()), self._counter)
        )
        self._publish(self.paths.off_board, beside)

    def _publish(self, paths: Paths, shown: Snapshot) -> None:
        try:
            channel.publish(paths, shown)
        except OSError as problem:
            self.log(f"cannot write {paths.snapshot}: {problem.strerror or problem}")

    def transport(self) -> Transport:
        """Where the replay stands, for the screen."""
        return Transport(
            sessions=self.film.week_of(self.course.shown),
            shown=self.course.shown,
            first=self.film.sessions[0],
            last=self.film.sessions[-1],
            playing=self.course.playing,
            seconds_a_session=PACE,
        )
