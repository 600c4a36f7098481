"""A scenario played: a stepped feed on the real client and store, a real terminal beside it, an oracle."""

import contextlib
import io
import json
import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tapewatch.cli import run
from tapewatch.core import channel
from tapewatch.core.fetching import fetch
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.sources.yahoo import YahooSource

from ..end_to_end.desk import Desk, desk
from ..end_to_end.terminal import Terminal
from ..fake_yahoo import FakeYahoo
from .oracle import Oracle
from .scenario import FINE, Scenario
from .world import DAY, OPENED, service, settings

Key = tuple[Any, ...]


@dataclass
class Stage:
    """One scenario under way."""

    desk: Desk
    scenario: Scenario
    oracle: Oracle
    kept: dict[Key, Key] = field(default_factory=dict[Key, Key])
    held: set[str] = field(default_factory=set[str])

    @property
    def service(self) -> FakeYahoo:
        """The data service."""
        return self.desk.service

    def until(self, end: datetime, enough: Callable[[Snapshot], bool] = lambda _: False) -> None:
        """Step the feed, the oracle at its side, until a moment or until a snapshot is enough."""
        while self.desk.clock.now() < end:
            due = self._step()
            if enough(self.desk.snapshot):
                return
            self.desk.clock.jump(min(max(due, self.desk.clock.now() + timedelta(seconds=1)), end))
        self._step()

    def _step(self) -> datetime:
        due = self.desk.feed.step()
        self.oracle.watch(self.desk.snapshot)
        self.held |= set(self.desk.snapshot.health.held)
        return due

    def is_well(self, snapshot: Snapshot) -> bool:
        """Every row is as fresh as can be (but those that are gone for today), and nothing is amiss."""
        rows = [row for row in snapshot.instruments if row.symbol not in self.scenario.gone]
        return all(row.freshness in FINE for row in rows) and snapshot.health.error is None

    def remember(self) -> None:
        """What the store has now must be there for ever."""
        self.kept |= stored(self.desk.database)

    def lost(self) -> int:
        """Bars and journal lines that were in the store and are not, or are changed."""
        now = stored(self.desk.database)
        return sum(now.get(key) != value for key, value in self.kept.items())

    def damaged(self) -> list[str]:
        """Final bars in the store that are not the official ones."""
        found: list[str] = []
        for key, value in stored(self.desk.database).items():
            if key[0] == "bar":
                bars = self.service.market.history[key[1]]
                index = bars.index_of(DAY.fromordinal(key[2]))
                official = None if index is None else bars.bar(index)
                if official is None or value != (official.open, official.high, official.low, official.close):
                    found.append(f"{key[1]} {DAY.fromordinal(key[2])}: {value}, officially {official}")
        return found


def stored(database: sqlite3.Connection) -> dict[Key, Key]:
    """Final bars and journal lines of a store, each by what names it."""
    bars = database.execute("SELECT symbol, session, open, high, low, close FROM bars WHERE state = 'final'")
    found: dict[Key, Key] = {("bar", row[0], _ordinal(row[1])): tuple(row[2:]) for row in bars}
    events = database.execute("SELECT rowid, * FROM journal")
    return found | {("event", row[0]): tuple(row[1:]) for row in events}


def _ordinal(session: int) -> int:
    """The store counts days from 1970 on."""
    return session + date(1970, 1, 1).toordinal()


@contextmanager
def staged(scenario: Scenario, folder: Path) -> Generator[Stage, None, None]:
    """The feed at work at ten, all well; its lock is held, so that a screen starts no feed of its own."""
    with desk(folder, settings(), service(), OPENED, OPENED - timedelta(days=1)) as made:
        made.feed.source = YahooSource(
            made.budget, made.paths.source_cache, made.config.followed,
            session_of=lambda one, moment: made.feed.calendars.of(one.calendar, moment.date()).begun(moment).day,
            timeout=scenario.timeout,
        )  # fmt: skip
        lock = channel.Lock(made.paths.feed_lock, "alone")
        assert lock.take()
        try:
            yield Stage(made, scenario, Oracle(made.service))
        finally:
            lock.release()


# -- looking ---------------------------------------------------------------------------------------------


def answered(stage: Stage) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON of ``tapewatch snapshot --json``."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = run(["--store", str(stage.desk.paths.store), "snapshot", "--json"])
    return code, json.loads(out.getvalue())


def fetched(stage: Stage) -> tuple[int, list[str]]:
    """Exit code and words of ``tapewatch fetch`` on the market's clock."""
    said: list[str] = []
    code = fetch(stage.desk.paths, stage.desk.config, (), full=False, say=said.append, clock=stage.desk.clock)
    return code, said


def screen(stage: Stage, size: tuple[int, int] = (120, 40)) -> Terminal:
    """The monitor on this store."""
    homes = {name: str(stage.desk.paths.store.parent / name) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    return Terminal("--store", str(stage.desk.paths.store), size=size, environment=homes)


def line_with(terminal: Terminal, words: str) -> str:
    """The line of the screen that says something, without blanks around it."""
    return next((line.strip() for line in terminal.text().splitlines() if words in line), "")
