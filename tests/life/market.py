"""A feed on the sample market, in this process, and stores to damage."""

import shutil
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import msgspec

from tapewatch.core.channel import read_snapshot
from tapewatch.core.clock import PacedClock
from tapewatch.core.feed import Feed
from tapewatch.core.feed_loop import safe_step
from tapewatch.core.model.config import Config, RuleSetting
from tapewatch.core.model.flag import Event
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.sources.sample import SampleSource
from tapewatch.core.store.budget import Budget
from tapewatch.core.store.schema import connect
from tapewatch.core.universe import default_config

PAIR = RuleSetting(rule="same-day-direction", watched="^RUT", against=("^GSPC", "^DJI"))
MINUTE = timedelta(minutes=1)


def board() -> Config:
    """Three indices and one rule: enough for bars, a journal and lives."""
    usual = default_config()
    chosen = tuple(one for one in usual.instruments if one.symbol in ("^RUT", "^GSPC", "^DJI"))
    return msgspec.structs.replace(usual, instruments=chosen, rules=(PAIR,))


def settings(file: Path) -> Path:
    """The same as a settings file."""
    watched = {one.symbol for one in board().instruments}
    hidden = [one.symbol for one in default_config().instruments if one.symbol not in watched]
    blocks = [f'[[instrument]]\nsymbol = "{symbol}"\nhidden = true\n' for symbol in hidden]
    rule = f'[[rule]]\nrule = "{PAIR.rule}"\nwatched = "{PAIR.watched}"\nagainst = {list(PAIR.against)!r}\n'
    file.write_text("\n".join([*blocks, rule]), encoding="utf-8")
    return file


@dataclass
class Market:
    """A feed that is stepped by hand on the sample market's Friday."""

    paths: Paths
    said: list[str] = field(default_factory=list[str])

    def open(self) -> None:
        config = board()
        source = SampleSource(config.followed)
        self.clock = PacedClock(source.start_time, 0.0)
        self.database = connect(self.paths.database, self.said.append)
        self.paths.requests.mkdir(exist_ok=True)
        budget = Budget(self.database, None, 6)
        self.feed = Feed(
            self.paths, config, source, self.clock, self.database, budget, mode="demo", log=self.said.append
        )

    def pass_by(self, minutes: int) -> None:
        """Let so many minutes of the market pass, a step each; the loop's own step, with what it mends."""
        for _ in range(minutes):
            self.clock.jump(self.clock.now() + MINUTE)
            safe_step(self.feed)

    @property
    def snapshot(self) -> Snapshot:
        found = read_snapshot(self.paths)
        assert found is not None
        return found


@contextmanager
def market(paths: Paths) -> Generator[Market, None, None]:
    made = Market(paths)
    made.open()
    try:
        yield made
    finally:
        made.feed.keeper.close()
        made.database.close()


@dataclass(frozen=True)
class Kept:
    """What a store holds: bars by symbol and session, entries of the journal in their order, flags with a life."""

    bars: dict[tuple[str, int], tuple[float, ...]]
    journal: tuple[bytes, ...]
    lives: frozenset[str]

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(msgspec.json.decode(one, type=Event) for one in self.journal)


def kept(path: Path) -> Kept:
    """Read with nothing but SQLite, as a bystander would."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT symbol, session, open, high, low, close, volume FROM bars").fetchall()
        return Kept(
            bars={(row[0], row[1]): row[2:] for row in rows},
            journal=tuple(row[0] for row in database.execute("SELECT event FROM journal ORDER BY id")),
            lives=frozenset(row[0] for row in database.execute("SELECT flag FROM lives")),
        )


def lost(before: Kept, after: Kept) -> int:
    """How many bars, entries and lives of `before` are gone or changed."""
    bars = sum(after.bars.get(key) != values for key, values in before.bars.items())
    return bars + len(set(before.journal) - set(after.journal)) + len(before.lives - after.lives)


def copy_of(store: Path, to: Path) -> Paths:
    """The store once more, to be damaged."""
    shutil.copytree(store, to)
    return default_paths(to, to.parent / "no-settings.toml")
