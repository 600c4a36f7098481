"""Weeks in minutes: the real feed on the real client and store, with faults, kills, sleeps and screens at random.

What happens when is drawn from a seed. The feed is stepped on a market clock that stands still but for jumps; the
service of the tests answers over TLS; an oracle that shares no code with the program reads every publication.
"""

import contextlib
import gc
import io
import random
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from tapewatch.cli import run
from tapewatch.core import channel
from tapewatch.core.book import Book
from tapewatch.core.clock import elapsed
from tapewatch.core.compose import world_at
from tapewatch.core.flags.engine import FlagEngine
from tapewatch.core.model.flag import Event
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.paths import Paths
from tapewatch.core.sessions import Calendars
from tapewatch.core.sources.yahoo import YahooSource
from tapewatch.core.store.schema import connect

from ..end_to_end.desk import Desk, stocked
from ..end_to_end.terminal import Terminal
from ..fake_yahoo import FakeYahoo, Request
from ..fake_yahoo.library import forget
from . import week
from .oracle import Oracle
from .scenario import Scenario, all_scenarios
from .soaked import HOUR, Found, Sample, busiest, faults_of, held_by
from .stage import stored

TIMEOUT = 3.0
"""Real seconds an answer may take here: silence is waited for in earnest."""
SHORT, LONG = 4.0, 40.0
"""Minutes a fault lasts at most: one that costs real seconds, and any other."""
KEYS = "12345678w0"
"""Through the panes, one key a look."""


class LongOracle(Oracle):
    """An oracle for weeks: what was read is let go, and of a price told many times the last telling is kept."""

    def watch(self, snapshot: Snapshot) -> None:
        """As ever; then forget the answers."""
        super().watch(snapshot)
        del self.service.answers[: self._read]
        self._read = 0
        if self.looked % 20 == 0:
            self._told = {
                symbol: list({(one.price, one.time): one for one in told}.values())
                for symbol, told in self._told.items()
            }
        if self.looked % 2000 == 0:
            self.forget(self.service.now - timedelta(days=5))

    def _take(self, request: Request, body: Any) -> None:
        """A chart whose running day is of no use may still have brought days that are over."""
        super()._take(request, body)
        if request.what == "chart" and any(_closes(body)):
            self._good.append(request.at)

    def forget(self, before: datetime) -> None:
        """Let go of what no row can show any more."""
        self._good = [one for one in self._good if one >= before]
        for symbol, told in self._told.items():
            self._told[symbol] = [one for one in told if one.time >= before]


def _closes(body: Any) -> list[bool]:
    """Of each day of a chart whether it has a price."""
    with contextlib.suppress(KeyError, IndexError, TypeError):
        closes = body["chart"]["result"][0]["indicators"]["quote"][0]["close"]
        return [isinstance(one, int | float) and one > 0 for one in closes]
    return []


class Soak:
    """One soak under way."""

    def __init__(
        self, folder: Path, service: FakeYahoo, hours: float, seed: int, often: float = 1.0, *, patient: bool = True
    ) -> None:
        self.chance, self.often = random.Random(seed), often
        self.seed, self.service = seed, service
        self.config = week.settings()
        start = service.now
        self.found = Found(start, start + timedelta(hours=hours))
        self.desk = self._desk(folder, start)
        self.oracle = LongOracle(service)
        self.scenarios = [one for one in all_scenarios() if patient or not is_costly(one)]
        self.fault: Scenario | None = None
        self._drained = elapsed()
        self._kept: dict[tuple[object, ...], tuple[object, ...]] = {}
        self._asked: list[datetime] = []
        self._week = start + week.WEEK
        self._next = {name: self._drawn(name, start) for name in ("fault", "restart", "sleep", "look", "sample")}

    def _desk(self, folder: Path, start: datetime) -> Desk:
        paths = Paths(folder / "store", folder / "state", folder / "no-settings.toml", folder / "themes")
        paths.store.mkdir(parents=True)
        stocked(paths, self.service.market.history, start - timedelta(days=1))
        made = Desk(paths, self.config, self.service, start)
        self._patient(made)
        return made

    def _patient(self, desk: Desk) -> None:
        feed = desk.feed
        feed.source = YahooSource(
            desk.budget, desk.paths.source_cache, self.config.followed,
            session_of=lambda one, moment: feed.calendars.of(one.calendar, moment.date()).begun(moment).day,
            timeout=TIMEOUT,
        )  # fmt: skip

    def _drawn(self, name: str, now: datetime) -> datetime:
        """When something happens next."""
        means = {"fault": 0.75, "restart": 5.0, "sleep": 6.0, "look": 4.0, "sample": 0.5}
        hours = means[name] if name == "sample" else self.chance.expovariate(self.often / means[name])
        return now + timedelta(hours=max(0.02, hours))

    # -- time passes ----------------------------------------------------------------------------------

    def run(self) -> Found:
        """To the end; what was found. The feed's lock is held, so that the screen starts none of its own."""
        lock = channel.Lock(self.desk.paths.feed_lock, "alone")
        lock.take()
        homes = {name: str(self.desk.paths.state) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME")}
        try:
            with Terminal("--store", str(self.desk.paths.store), environment=homes) as self.screen:
                self._pass()
                self.screen.press("q")
                self.screen.read(20.0, lambda: self.screen.status is not None)
                if self.screen.status != 0:
                    self.found.store.append(f"the screen ended with {self.screen.status}")
        finally:
            lock.release()
        self._close()
        return self.found

    def _pass(self) -> None:
        clock = self.desk.clock
        while clock.now() < self.found.ended:
            due = self.desk.feed.step()
            self.found.steps += 1
            self.oracle.watch(self.desk.snapshot)
            self._asked += [one.at for one in self.service.requests]
            self.service.requests.clear()
            self.desk.said.clear()
            self._drain()
            ahead = min(due, self.found.ended, *self._next.values())
            clock.jump(max(ahead, clock.now() + timedelta(seconds=1)))
            self._happen(clock.now())

    def _happen(self, now: datetime) -> None:
        if now >= self._week:
            self.service.market = week.market(self.seed, now.date())
            self._week += week.WEEK
        for name in [name for name, at in self._next.items() if at <= now]:
            # a fault draws its own end, a sleep moves the clock
            self._next[name] = self._drawn(name, now)
            getattr(self, f"_{name}")(now)

    def _fault(self, now: datetime) -> None:
        """The fault that is on ends; or one begins, and it is drawn when it ends."""
        if self.fault is not None:
            self.service.heal()
            self.fault = None
            return
        self.fault = self.chance.choice(self.scenarios)
        self.found.faults.append(self.fault.name)
        self.fault.spoil(self.service)
        minutes = self.chance.uniform(1.0, SHORT if is_costly(self.fault) else LONG)
        self._next["fault"] = now + timedelta(minutes=minutes)

    def _restart(self, _: datetime) -> None:
        """The feed is killed, and the next one finds the files as they lie; every other time it is ended in order."""
        self._remember()
        if self.found.kills > self.found.restarts:
            self.found.restarts += 1
            self.desk.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.desk.database.close()
        else:
            self.found.kills += 1
            self._as_it_lay()
        forget()
        self.desk.database = connect(self.desk.paths.database)
        self.desk.open_feed()
        self._patient(self.desk)
        self._miss("after a restart")

    def _as_it_lay(self) -> None:
        """Close the database, and put its files back as they lay before anybody could tidy up."""
        file = self.desk.paths.database
        lay = {name: Path(name).read_bytes() for name in (str(file), f"{file}-wal") if Path(name).exists()}
        self.desk.database.close()
        for name, content in lay.items():
            Path(name).write_bytes(content)
        Path(f"{file}-shm").unlink(missing_ok=True)

    def _sleep(self, now: datetime) -> None:
        """The machine is suspended: for a while by day, in the evening until the morning."""
        self.found.sleeps += 1
        local = now.astimezone(week.FIRST.tzinfo)
        night = local.hour >= 19 or local.hour < 5
        hours = self.chance.uniform(6.0, 11.0) if night else self.chance.uniform(0.1, 3.0)
        self.desk.clock.jump(min(now + timedelta(hours=hours), self.found.ended))

    def _look(self, _: datetime) -> None:
        """Somebody looks: the next pane of the screen that is always open, and the snapshot as text."""
        self.found.looks += 1
        self.screen.press(KEYS[self.found.looks % len(KEYS)])
        self._drain(1.0)
        if self.screen.status is not None:
            self.found.store.append(f"the screen ended with {self.screen.status}: {self.screen.text()}")
        with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.redirect_stderr(io.StringIO()):
            code = run(["--store", str(self.desk.paths.store), "snapshot"])
        if code not in (0, 3) or "SPX" not in said.getvalue():
            self.found.store.append(f"snapshot ended with {code}")

    def _drain(self, seconds: float = 0.0) -> None:
        """Take what the screen has painted, lest it waits for us; it paints once a second."""
        if seconds or elapsed() - self._drained > 1.0:
            self.screen.read(max(seconds, 0.01))
            self.screen.raw = b""
            self._drained = elapsed()

    def _sample(self, now: datetime) -> None:
        gc.collect()
        rss, handles = held_by("self")
        screen = held_by(str(self.screen.pid)) if self.screen.status is None else (0.0, 0)
        self.found.samples.append(
            Sample(now, rss, len(gc.get_objects()), handles, threading.active_count(), *screen)
        )  # fmt: skip

    # -- what must be true ----------------------------------------------------------------------------

    def _remember(self) -> None:
        """What the store has now must be there for ever."""
        self._miss("while it ran")
        self._kept |= stored(self.desk.database)

    def _miss(self, when: str) -> None:
        now = stored(self.desk.database)
        gone = [key for key, value in self._kept.items() if now.get(key) != value]
        self.found.lost += [f"{when}: {key}" for key in gone if not self._is_official(key, now.get(key))]

    def _is_official(self, key: tuple[object, ...], value: tuple[object, ...] | None) -> bool:
        """A final bar may be put right by the official one."""
        return key[0] == "bar" and value is not None and value == self._official(str(key[1]), key[2])

    def _official(self, symbol: str, ordinal: object) -> tuple[float, float, float, float] | None:
        assert isinstance(ordinal, int)
        bars = self.service.market.history[symbol]
        index = bars.index_of(datetime.fromordinal(ordinal).date())
        bar = None if index is None else bars.bar(index)
        return None if bar is None else (bar.open, bar.high, bar.low, bar.close)

    def _close(self) -> None:
        self._remember()
        found, database = self.found, self.desk.database
        found.lies, found.looked = self.oracle.lies, self.oracle.looked
        found.requests, found.busiest_hour = len(self._asked), busiest(self._asked)
        found.budget = self.config.feed.budget
        found.events = len(self.desk.events())
        found.journal = list(faults_of(self._as_written())) + self._untold()
        whole = [row[0] for row in database.execute("PRAGMA integrity_check")]
        found.store += [] if whole == ["ok"] else whole
        found.store += [
            f"{key[1]} {datetime.fromordinal(key[2]).date()} is {value}, officially {self._official(key[1], key[2])}"
            for key, value in stored(database).items()
            if key[0] == "bar" and value != self._official(key[1], key[2])
        ]
        database.close()

    def _as_written(self) -> list[Event]:
        """The journal in the order of its writing: what was lost for long is told when it was given up."""
        rows = self.desk.database.execute("SELECT event FROM journal ORDER BY id")
        return [msgspec.json.decode(row[0], type=Event) for row in rows]

    def _untold(self) -> list[str]:
        """Where the journal's confirmations are not those of its own final bars, judged from nothing."""
        now = self.desk.clock.now()
        days = week.sessions(self.found.began, now - 2 * HOUR)
        calendars = Calendars()
        book = Book(self.desk.database, self.config.followed, calendars)
        book.load()
        engine = FlagEngine(self.config.rules, self.config.instruments, replayed=True)
        judged = engine.rebuild(world_at(self.config.followed, book.histories, {}, calendars, now), sessions=20)
        said, true = (
            {(one.session, one.flag) for one in among if one.state == "confirmed" and one.session in days}
            for among in (self.desk.events(), judged)
        )
        taken_back = {
            (one.session, one.flag) for one in self.desk.events() if one.source != "live" and one.state == "faded"
        }
        return [f"{day} {flag} was never confirmed" for day, flag in sorted(true - said)] + [
            f"{day} {flag} was confirmed without its bars" for day, flag in sorted(said - true - taken_back)
        ]


def is_costly(fault: Scenario) -> bool:
    """Whether a fault costs real seconds: of waiting, or of reading megabytes."""
    return fault.timeout < 10 or "MB" in fault.name or "brackets" in fault.name


def soak(
    folder: Path, hours: float, seed: int, start: datetime = week.FIRST, *, often: float = 1.0, patient: bool = True
) -> Found:
    """One soak of so many simulated hours, everything happening so many times as `often`.

    Without patience no fault is chosen that costs real seconds.
    """
    service = week.service(seed, start)
    with service, service.here():
        return Soak(folder, service, hours, seed, often, patient=patient).run()
