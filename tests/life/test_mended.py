"""A store damaged, filled up or taken away under a running feed: it says so, goes on, and loses nothing."""

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tapewatch.core.channel import read_snapshot
from tapewatch.core.data import MarketData
from tapewatch.core.oneshot import lacking
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.store.damage import damaged
from tapewatch.core.store.keeper import OFTEN
from tapewatch.core.store.refuge import WAYS_BACK
from tapewatch.core.store.schema import connect, layout

from ..laboratory import ledger
from .market import Market, board, kept, lost, market


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return default_paths(tmp_path / "store")


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store after an hour of the market."""
    paths = default_paths(tmp_path_factory.mktemp("morning") / "store")
    with market(paths) as made:
        made.pass_by(60)
    return paths.store


@pytest.fixture
def desk(paths: Paths, morning: Path) -> Iterator[Market]:
    """A feed that runs on it."""
    shutil.copytree(morning, paths.store, copy_function=shutil.copy2)
    with market(paths) as made:
        made.pass_by(5)
        yield made


def checkpointed(desk: Market) -> None:
    """Let everything stand in the file, so that damage to it is damage to everything."""
    with closing(sqlite3.connect(desk.paths.database)) as beside:
        beside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    desk.pass_by(1)


def spoilt(path: Path, start: int, stop: int) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(random.Random(start).randbytes(stop - start))


# -- damaged --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["all of it", "its middle", "cut", "its log"])
def test_a_store_damaged_under_the_feed_is_set_aside_and_filled_from_memory(desk: Market, part: str) -> None:
    checkpointed(desk)
    path = desk.paths.database
    before, shown = kept(path), desk.snapshot
    size = path.stat().st_size
    if part == "its log":
        desk.feed.budget.mark_unknown("^GONE", desk.clock.now().date())
        log = Path(f"{path}-wal")
        spoilt(log, 32, log.stat().st_size)
        spoilt(path, 8192, size // 2)
    elif part == "cut":
        os.truncate(path, size // 3)
    else:
        spoilt(path, *((0, size) if part == "all of it" else (size // 3, size // 2)))
    screen = MarketData.open(desk.paths, board())
    desk.pass_by(5)
    assert len(damaged(path)) == 1
    assert lost(before, kept(path)) == 0
    newest = desk.snapshot
    assert newest.version > shown.version
    assert any("set aside" in one for one in newest.problems)
    seen = screen.latest()
    screen.close()
    assert seen is not None
    assert seen.version == newest.version
    ledger.note("corrupt", f"under the feed: {part}", said="set aside, nothing lost", set_aside=True, count=1, lost=0)


@pytest.mark.parametrize("how", ["removed", "another in its place"])
def test_a_store_taken_away_under_the_feed_is_made_again_with_all_it_had(
    desk: Market, paths: Paths, tmp_path: Path, how: str
) -> None:
    before = kept(paths.database)
    other = tmp_path / "other.db"
    connect(other).close()
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{paths.database}{suffix}").unlink()
    if how != "removed":
        shutil.copy(other, paths.database)
    desk.pass_by(5)
    assert lost(before, kept(paths.database)) == 0
    ledger.note("corrupt", f"under the feed: {how}", said="made again, nothing lost", set_aside=False, count=1, lost=0)


def test_a_disk_that_damages_every_store_ends_in_memory_and_not_in_a_heap_of_stores(desk: Market, paths: Paths) -> None:
    for _ in range(OFTEN + 3):
        with closing(sqlite3.connect(paths.database)) as beside, contextlib.suppress(sqlite3.Error):
            beside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        spoilt(paths.database, 0, paths.database.stat().st_size)
        desk.pass_by(2)
    assert len(damaged(paths.database)) <= OFTEN + 2
    store = desk.snapshot.health.store
    assert store is not None
    assert "disk may be failing" in store


def test_a_bug_is_no_damage(desk: Market, paths: Paths) -> None:
    """What SQLite refuses because we asked nonsense must not cost a sound store its place."""
    with closing(sqlite3.connect(":memory:")) as nothing, pytest.raises(sqlite3.OperationalError) as bug:
        nothing.execute("SELECT nonsense FROM nowhere")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        desk.feed.keeper.mend(bug.value)
    assert damaged(paths.database) == ()


def test_a_snapshot_file_that_was_spoilt_is_said_and_healed_by_the_next_publish(desk: Market, paths: Paths) -> None:
    screen = MarketData.open(paths, board())
    good = screen.latest()
    assert good is not None
    paths.snapshot.write_bytes(paths.snapshot.read_bytes()[:5000])
    kept_one = screen.latest()
    assert kept_one is not None
    assert kept_one.version == good.version
    assert screen.trouble is not None
    assert "cannot be read as a snapshot" in screen.trouble.text
    desk.pass_by(1)
    newer = screen.latest()
    assert newer is not None
    assert newer.version > good.version
    assert screen.trouble is None
    screen.close()


# -- full -----------------------------------------------------------------------------------------------


def test_every_table_has_its_way_back_from_memory() -> None:
    assert set(WAYS_BACK) == set(layout())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of twelve megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)]
    if os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("only root can mount a small disk")
    if subprocess.run(mounted, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Take all the room that is left."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\xee" * 4096)
    return ballast


def test_a_full_disk_is_said_with_fresh_prices_and_when_there_is_room_nothing_is_missing(small_disk: Path) -> None:
    paths = default_paths(small_disk / "store")
    with market(paths) as desk:
        desk.pass_by(20)
        before = kept(paths.database)
        ballast = fill(small_disk)
        first = desk.snapshot
        desk.pass_by(70)
        full = desk.snapshot
        assert full.version > first.version
        assert full.clock.now == desk.clock.now()
        assert full.health.store is not None
        assert "full" in full.health.store
        assert any("full" in one for one in lacking(full))
        entries = {one.time for one in full.journal}
        assert len(full.journal) > len(first.journal)
        ballast.unlink()
        desk.pass_by(2)
        after = kept(paths.database)
        assert desk.snapshot.health.store is None
        assert lost(before, after) == 0
        assert entries <= {one.time for one in after.events}
    ledger.note("fault", "disk full under the feed", said="the store cannot be written (database or disk is full)",
                lost=0, false_fresh=0)  # fmt: skip


def test_a_disk_that_stays_full_to_the_end_is_said_in_the_log(small_disk: Path) -> None:
    paths = default_paths(small_disk / "store")
    with market(paths) as desk:
        desk.pass_by(20)
        before = kept(paths.database)
        fill(small_disk)
        desk.pass_by(70)
    assert any("what came since then is lost" in one for one in desk.said)
    with closing(connect(default_paths(copied(paths, small_disk)).database)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert lost(before, kept(default_paths(small_disk.parent / "copy").database)) == 0


def copied(paths: Paths, disk: Path) -> Path:
    """The store on a disk with room."""
    shutil.copytree(paths.store, disk.parent / "copy")
    return disk.parent / "copy"


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-P", "-m", "tapewatch", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("fresh", [True, False])
def test_an_import_onto_a_full_disk_is_one_sentence_and_leaves_the_store(
    small_disk: Path, tmp_path: Path, fresh: bool
) -> None:
    paths = default_paths(small_disk / "store")
    paths.store.mkdir(mode=0o700)
    bars = tmp_path / "^RUT.csv"
    rows = [f"{1950 + day // 336}-{1 + day // 28 % 12:02}-{1 + day % 28:02},100,102,99,101,0" for day in range(20_000)]
    bars.write_text("\n".join(["date,open,high,low,close,volume", *rows]))
    if not fresh:
        connect(paths.database).close()
    fill(small_disk)
    done = command("--store", paths.store, "import", bars)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    (said,) = done.stderr.strip().splitlines()
    assert "room" in said or "full" in said
    ledger.note("fault", "import onto a full disk", said=said.partition(": ")[2][-60:], exit_code=1, lost=0)
    (small_disk / "ballast").unlink()
    assert command("--store", paths.store, "import", bars).returncode == 0
    assert read_snapshot(paths) is None
    assert damaged(paths.database) == ()
