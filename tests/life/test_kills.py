"""Feeds and imports killed at any moment: nothing that anybody had seen is lost, and the next one feeds at once."""

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tapewatch.core.channel import feed_holder, is_watched, read_snapshot
from tapewatch.core.clock import elapsed
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.store.damage import damaged
from tapewatch.core.store.schema import MIGRATIONS, close_whole, connect

from ..end_to_end.terminal import Terminal
from ..laboratory import ledger
from .market import Kept, kept, lost
from .nursery import EDITABLE, Nursery
from .watching import CREATED, MODIFIED, MOVED, Watching

PATIENCE = 60.0
POLLS = 2 * 10.0
"""Seconds of two poll intervals at the floor, in which another feed must have published."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="file events are seen through inotify")


class NeverCameError(AssertionError):
    """The moment to kill at did not come."""


class Moment(NamedTuple):
    """When to kill: at the n-th event on a file, or after so many seconds; `full` where the log has to be full."""

    name: str
    what: int = 0
    begins: str = ""
    latest: int = 1
    full: bool = False

    def comes(self, watching: Watching, chance: random.Random, seen: "Seen", patience: float = PATIENCE) -> None:
        """Return at the moment; what is stored is looked at meanwhile."""
        left = chance.randint(1, self.latest)
        end = elapsed() + (patience if self.what else chance.uniform(0.05, 2.0))
        looked = elapsed()
        while elapsed() < end and left:
            left -= watching.seen(self.what, self.begins, 0.02)
            if elapsed() - looked > 0.1:
                seen.look()
                looked = elapsed()
        if self.what and left:
            raise NeverCameError(f"{self.name} did not come")


MOMENTS = (
    Moment("at any moment"),
    Moment("between the snapshot's making and its renaming", CREATED, ".snapshot.json.", 12),
    Moment("just after the snapshot was renamed", MOVED, "snapshot.json", 12),
    Moment("in a transaction", MODIFIED, "tapewatch.db-wal", 30),
    Moment("in its first write", CREATED | MODIFIED, "tapewatch.db-wal"),
    Moment("while the log is written back", MODIFIED, "tapewatch.db", full=True),
)


class Seen:
    """Everything that a reader beside the feed was shown of the store so far."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self.kept = Kept({}, (), frozenset())
        self.version = (0, 0)

    def look(self) -> None:
        try:
            found = kept(self._paths.database)
            shown = read_snapshot(self._paths)
        except (sqlite3.OperationalError, OSError):  # not there yet, or its first moment
            return
        assert lost(self.kept, found) == 0
        self.kept = found
        if shown is not None:
            assert shown.version >= self.version
            self.version = shown.version


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with Nursery(tmp_path_factory.mktemp("nursery")) as made:
        yield made


def sound_after(paths: Paths, seen: Seen) -> int:
    """What a kill left: free lock, whole database, readable snapshot; returns the writes that are gone."""
    assert feed_holder(paths) is None
    read_snapshot(paths)
    if not paths.database.exists():
        return len(seen.kept.bars)
    with closing(connect(paths.database)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert damaged(paths.database) == ()
    return lost(seen.kept, kept(paths.database))


def published_after(paths: Paths, version: tuple[int, int]) -> float:
    """Seconds until a newer snapshot is there."""
    begun = elapsed()
    while (shown := read_snapshot(paths)) is None or shown.version <= version:
        assert elapsed() - begun < PATIENCE, "no feed has published"
        os.sched_yield()
    return elapsed() - begun


def fill_log(paths: Paths, elsewhere: Path) -> None:
    """A store as a killed feed leaves it whose log is so long that the next write is followed by writing it back."""
    made = default_paths(elsewhere)
    made.store.mkdir(mode=0o700)
    with closing(connect(made.database)) as database:
        database.execute("PRAGMA wal_autocheckpoint = 0")
        rows = [("^HSI", 1000 + day, 100.0, 102.0, 99.0, 101.5, 0.0, "yahoo", "final", 1.0) for day in range(17000)]
        for _ in range(8):
            database.execute("BEGIN")
            database.executemany("INSERT OR REPLACE INTO bars VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            database.execute("COMMIT")
        assert Path(f"{made.database}-wal").stat().st_size > 1000 * 4096
        for file in made.store.glob("tapewatch.db*"):
            shutil.copy(file, paths.store)


def half_written(paths: Paths) -> list[str]:
    return [one.name for one in paths.store.iterdir() if one.name.startswith((".snapshot.json.", ".tapewatch.db."))]


@dataclass
class Figures:
    """What was counted of one moment: kills, writes lost, and the slowest feed that followed, in seconds."""

    count: int = 0
    lost: int = 0
    recovered: float = 0.0


def kills(nursery: Nursery, folder: Path, seeds: range) -> None:
    """One feed after another on one store, each killed at a moment of its own; now and then a new store."""
    counted = {moment.name: Figures() for moment in MOMENTS}
    for seed in seeds:
        chance, moment = random.Random(seed), MOMENTS[seed % len(MOMENTS)]
        paths = default_paths(folder / (f"full-{seed}" if moment.full else f"store-{seed // 20}"))
        paths.store.mkdir(exist_ok=True, mode=0o700)
        if moment.full:
            fill_log(paths, folder / f"filled-{seed}")
        seen, figures = Seen(paths), counted[moment.name]
        seen.look()
        with Watching(paths.store) as watching:
            pid = nursery.feed(paths.store)
            if seed % 3 == 0:
                figures.recovered = max(figures.recovered, published_after(paths, seen.version))
            moment.comes(watching, chance, seen)
            nursery.kill(pid)
        figures.count += 1
        figures.lost += sound_after(paths, seen)
    for name, one in counted.items():
        ledger.note("kill", f"feed {name}", what="feed", when=name, count=one.count, lost=one.lost, unreadable=0,
                    recovery_seconds=round(one.recovered, 2) or None)  # fmt: skip
        assert (one.lost, one.recovered < POLLS) == (0, True)


def test_six_feeds_killed_at_six_moments_lose_nothing(nursery: Nursery, tmp_path: Path) -> None:
    kills(nursery, tmp_path, range(6))


@pytest.mark.parametrize("whom", ["screen", "both"])
def test_a_screen_killed_with_or_without_its_feed_holds_nothing_back(
    nursery: Nursery, tmp_path: Path, whom: str
) -> None:
    """The next screen is counted at once, the next feed feeds, and an unwatched store is known as such."""
    paths = default_paths(tmp_path / "store")
    seen = Seen(paths)
    feed = nursery.feed(paths.store, 500.0)
    published_after(paths, (0, 0))
    places = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("STATE", "CONFIG", "DATA", "CACHE")}
    with Terminal("--store", str(paths.store), environment={**places, "HOME": str(tmp_path)}) as screen:
        screen.until("RUT")
        assert is_watched(paths)
        seen.look()
        screen.send(signal.SIGKILL)  # first: else it would start a feed of its own
        if whom == "both":
            nursery.kill(feed)
        screen.read(PATIENCE, lambda: screen.status is not None)
    assert not is_watched(paths)
    if whom == "screen":
        published_after(paths, seen.version)
        nursery.kill(feed)
    assert sound_after(paths, seen) == 0
    nursery_feed = nursery.feed(paths.store)
    assert published_after(paths, seen.version) < POLLS
    nursery.kill(nursery_feed)
    ledger.note("kill", f"{whom} killed", what=whom, when="while prices are shown", count=1, lost=0, unreadable=0)


@pytest.mark.long
def test_a_hundred_and_twenty_feeds_killed_lose_nothing(nursery: Nursery, tmp_path: Path) -> None:
    kills(nursery, tmp_path, range(6, 126))


def test_what_the_killed_left_half_written_is_cleared_away(nursery: Nursery, tmp_path: Path) -> None:
    """Half a snapshot, half a request, the folder of a demo nobody watches; a demo that lives is left alone."""
    paths = default_paths(tmp_path / "store")
    paths.requests.mkdir(parents=True, mode=0o700)
    paths.store.chmod(0o700)
    living, dead = nursery.home / "tapewatch-demo-living", nursery.home / "tapewatch-demo-dead"
    dead.mkdir()
    left = [paths.store / ".snapshot.json.x7", paths.requests / ".refresh-1-2.json", dead / "snapshot.json"]
    for one in left:
        one.write_text("half")
    living.mkdir(mode=0o700)
    other = nursery.feed(living)
    published_after(default_paths(living), (0, 0))
    for one in (*left, dead, living):
        os.utime(one, (1.0, 1.0))
    feed = nursery.feed(paths.store)
    published_after(paths, (0, 0))
    assert [one.exists() for one in (*left, dead)] == [False] * 4
    assert living.exists()
    assert half_written(paths) == []
    nursery.kill(feed)
    nursery.kill(other)


@pytest.mark.parametrize("at", [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)])
def test_a_feed_killed_while_it_brings_an_old_store_up_to_date_leaves_it_old_or_new(
    nursery: Nursery, tmp_path: Path, at: int
) -> None:
    paths = default_paths(tmp_path / "store")
    bars = old_store(paths)
    seen = Seen(paths)
    with Watching(paths.store) as watching:
        pid = nursery.feed(paths.store)
        for _ in range(at):
            Moment("in a migration", CREATED | MODIFIED, "tapewatch.db-wal").comes(watching, random.Random(0), seen)
        nursery.kill(pid)
    with closing(sqlite3.connect(paths.database)) as database:
        assert database.execute("PRAGMA user_version").fetchone()[0] in (1, 2)
    assert sound_after(paths, seen) == 0
    after = kept(paths.database)
    assert {key: after.bars[key] for key in bars} == bars
    ledger.note("kill", "feed in a migration", what="feed", when="in a migration", count=1, lost=0)


def old_store(paths: Paths) -> dict[tuple[str, int], tuple[float, ...]]:
    """A store as the first layout made it, by its own script, with bars in it."""
    paths.store.mkdir(mode=0o700)
    with closing(sqlite3.connect(paths.database, isolation_level=None)) as database:
        database.executescript(f"PRAGMA journal_mode = WAL; {MIGRATIONS[1]} PRAGMA user_version = 1;")
        rows = [("^HSI", 12000 + day, 100.0, 102.0, 99.0, 101.5, 0.0, "yahoo", "final", 1.0) for day in range(4000)]
        database.executemany("INSERT INTO bars VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return {(row[0], row[1]): row[2:7] for row in rows}


# -- imports --------------------------------------------------------------------------------------------


def files(folder: Path, count: int) -> Path:
    """Daily bars of four symbols, 2015 on, every weekday; the last digit of the close is the file's."""
    folder.mkdir()
    for number, symbol in enumerate(("^RUT", "^GSPC", "^DJI", "^NDX")):
        days = [date(2015, 1, 5) + timedelta(days=one) for one in range(count)]
        rows = [f"{day},100,102,99,101.{number},0" for day in days if day.weekday() < 5]
        (folder / f"{symbol}.csv").write_text("\n".join(["date,open,high,low,close,volume", *rows]))
    return folder


def killed_import(nursery: Nursery, folder: Path, source: Path, seed: int) -> tuple[Paths, Seen]:
    """A new store whose import was killed; one that was quicker than the kill is no case and is tried again."""
    for attempt in range(10):
        paths, chance = default_paths(folder / f"store-{seed}-{attempt}"), random.Random(seed)
        paths.store.mkdir(mode=0o700)
        seen = Seen(paths)
        with Watching(paths.store) as watching:
            pid = nursery.run("--store", paths.store, "import", source)
            latest = max(1, 12 - 3 * attempt)
            with contextlib.suppress(NeverCameError):  # it had ended before, which the kill tells
                Moment("in an import", MODIFIED, "tapewatch.db-wal", latest).comes(watching, chance, seen, 10.0)
            if nursery.killed(pid):
                return paths, seen
    raise AssertionError("every import had ended before it was killed")


def imports(nursery: Nursery, folder: Path, seeds: range) -> None:
    """An import killed: every file whose bars anybody has seen is there whole, and once more it is all there."""
    source, gone = files(folder / "files", 1500), 0
    for seed in seeds:
        paths, seen = killed_import(nursery, folder, source, seed)
        gone += sound_after(paths, seen)
        whole = {symbol: sum(key[0] == symbol for key in kept(paths.database).bars) for symbol in ("^RUT", "^GSPC")}
        assert nursery.ended(nursery.run("--store", paths.store, "import", source)) in (0, 3)
        after = kept(paths.database)
        for symbol, count in whole.items():
            assert count in (0, sum(key[0] == symbol for key in after.bars))
    assert gone == 0
    ledger.note("kill", "imports killed", what="import", when="in a transaction", count=len(seeds), lost=gone)


def test_an_import_killed_in_a_transaction_loses_nothing(nursery: Nursery, tmp_path: Path) -> None:
    imports(nursery, tmp_path, range(1))


def test_what_a_command_beside_a_feed_does_takes_nothing_from_it(nursery: Nursery, tmp_path: Path) -> None:
    """An import opens and closes the store of a feed at work, again and again; then the feed is killed."""
    paths, source = default_paths(tmp_path / "store"), files(tmp_path / "files", 400)
    for file in source.iterdir():  # what the feed keeps bars of it mends by its own source
        if file.stem != "^NDX":
            file.unlink()
    seen = Seen(paths)
    pid = nursery.feed(paths.store)
    published_after(paths, (0, 0))
    for _ in range(4):
        assert nursery.ended(nursery.run("--store", paths.store, "import", source)) in (0, 3)
        seen.look()
        published_after(paths, seen.version)
    seen.look()
    nursery.kill(pid)
    assert sound_after(paths, seen) == 0
    assert list(paths.store.glob("*.damaged-*")) == []
    ledger.note("kill", "feed beside imports", what="feed", when="after imports beside it", count=1, lost=0)


def test_two_that_have_a_store_open_leave_it_to_the_last_to_seal_it(tmp_path: Path) -> None:
    """One closes while another process writes on: its log is its own, whatever the first has left behind."""
    file = tmp_path / "store" / "tapewatch.db"
    script = (
        "import sys; from pathlib import Path; from tapewatch.core.store.schema import *; "
        "file = Path(sys.argv[1]); database = connect(file); print('open', flush=True); sys.stdin.readline(); "
        "database.execute(\"INSERT INTO budget VALUES ('probe', 3.5, '')\"); print('written', flush=True); "
        "sys.stdin.readline()"
    )
    environment = os.environ | {"PYTHONPATH": str(EDITABLE)}
    with subprocess.Popen([sys.executable, "-c", script, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True, env=environment) as other:  # fmt: skip
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        for words in ("written", None):
            close_whole(connect(file), file)
            if words:
                other.stdin.write("\n")
                other.stdin.flush()
                assert other.stdout.readline() == f"{words}\n"
        other.kill()
    said: list[str] = []
    with closing(connect(file, said.append)) as database:
        assert database.execute("SELECT value FROM budget WHERE key = 'probe'").fetchall() == [(3.5,)]
    assert (said, damaged(file)) == ([], ())


@pytest.mark.long
def test_twenty_imports_killed_in_a_transaction_lose_nothing(nursery: Nursery, tmp_path: Path) -> None:
    imports(nursery, tmp_path, range(1, 21))
