"""Stores damaged in every way: set aside by name with all that is in them, and the desk goes on."""

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.store.damage import damaged
from tapewatch.core.store.schema import close_whole, connect

from ..laboratory import ledger
from .market import Kept, kept, lost, market


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[Paths, Paths]:
    """A store after a morning with flags: as a killed feed leaves it, and as one that ended in order."""
    paths = default_paths(tmp_path_factory.mktemp("stores") / "store")
    killed = default_paths(paths.store.parent / "killed")
    with market(paths) as made:
        made.pass_by(90)
        shutil.copytree(paths.store, killed.store)
        close_whole(made.database, paths.database)
    assert len(kept(paths.database).journal) >= 3
    assert Path(f"{killed.database}-wal").stat().st_size > 0
    return killed, paths


@pytest.fixture(scope="module")
def killed(stores: tuple[Paths, Paths]) -> Paths:
    """Its newest writes stand in the log alone."""
    return stores[0]


@pytest.fixture(scope="module")
def sound(stores: tuple[Paths, Paths]) -> Paths:
    """Whole and sealed."""
    return stores[1]


def again(store: Paths, folder: Path) -> Paths:
    shutil.copytree(store.store, folder / "store", copy_function=shutil.copy2)
    return default_paths(folder / "store")


def contents(path: Path) -> dict[str, bytes]:
    """A database and its companions, byte for byte (a folder in its place: what is in it)."""
    found = {suffix: Path(f"{path}{suffix}") for suffix in ("", "-wal")}
    return {
        suffix: b"".join(one.read_bytes() for one in sorted(file.iterdir())) if file.is_dir() else file.read_bytes()
        for suffix, file in found.items()
        if file.is_dir() or (file.exists() and (not suffix or file.stat().st_size))
    }


# -- damages --------------------------------------------------------------------------------------------

Damage = Callable[[Path], object]


def overwritten(start: float, stop: float, content: bytes = b"\xa5") -> Damage:
    """A part of the file, from a share of its length to another, is something else."""

    def do(path: Path) -> None:
        whole = bytearray(path.read_bytes())
        first, last = int(len(whole) * start), int(len(whole) * stop)
        whole[first:last] = (content * (last - first))[: last - first]
        path.write_bytes(whole)

    return do


def cut(share: float) -> Damage:
    return lambda path: path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


def asked(statement: str) -> Damage:
    """A hand with SQLite's own shell."""

    def do(path: Path) -> None:
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA writable_schema = ON")
            database.executescript(statement)

    return do


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "what.txt").write_text("something of the user's")


DAMAGES: dict[str, Damage] = {
    "cut in half": cut(0.5),
    "cut by a few pages": cut(0.97),
    "cut inside its header": lambda path: path.write_bytes(path.read_bytes()[:60]),
    "emptied": cut(0.0),
    "garbage": overwritten(0.0, 1.0, b"\x13\xfe\x00garbage"),
    "noughts": overwritten(0.0, 1.0, b"\0"),
    "its header overwritten": overwritten(0.0, 0.00001),
    "its middle overwritten": overwritten(0.4, 0.5),
    "its end overwritten": overwritten(0.9, 1.0),
    "a text in its place": lambda path: path.write_text("see the backup of Monday\n"),
    "a folder in its place": folder_instead,
    "without its journal": asked("DROP TABLE journal"),
    "without a column": asked("ALTER TABLE budget DROP COLUMN why"),
    "an entry that is none": asked("UPDATE journal SET event = 'x' WHERE id = 1"),
    "a life that is none": asked("UPDATE lives SET life = x'00ff'"),
    "a bar that is none": asked("UPDATE bars SET low = high + 1.0 WHERE symbol = '^DJI' AND session = 20000"),
    "a price that is text": asked("UPDATE bars SET close = 'dear' WHERE symbol = '^DJI' AND session = 20000"),
    "the layout of an empty file": asked("PRAGMA user_version = 0"),
    "the layout before": asked("PRAGMA user_version = 1"),
    "a layout no program has": asked("PRAGMA user_version = 1500000"),
    "a layout below nought": asked("PRAGMA user_version = -7"),
}
RECOVERED = (
    "without a column", "a life that is none", "a bar that is none", "a price that is text",
    "the layout of an empty file", "the layout before", "a layout no program has", "a layout below nought",
)  # fmt: skip
"""Where every entry of the journal can still be read."""


@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_store_is_set_aside_as_it_is_with_what_can_be_read_taken_over(
    sound: Paths, tmp_path: Path, what: str
) -> None:
    paths = again(sound, tmp_path)
    before = kept(paths.database)
    DAMAGES[what](paths.database)
    left = contents(paths.database)
    heard: list[str] = []
    close_whole(connect(paths.database, heard.append), paths.database)
    (aside,) = damaged(paths.database)
    assert contents(aside) == left
    (said,) = heard
    assert f"it is set aside as {aside.name}" in said
    whole = set(before.journal) <= set(kept(paths.database).journal)
    assert whole or what not in RECOVERED
    ledger.note("corrupt", what, said=said.split("; ")[0].split("(")[-1].rstrip(")"), set_aside=True, count=1)


LONG = [pytest.param(what, marks=() if place % 7 == 0 else pytest.mark.long) for place, what in enumerate(DAMAGES)]


@pytest.mark.parametrize("what", LONG)
def test_a_feed_on_a_damaged_store_says_so_and_fetches_its_history_again(
    sound: Paths, tmp_path: Path, what: str
) -> None:
    paths = again(sound, tmp_path)
    DAMAGES[what](paths.database)
    with market(paths) as made:
        (aside,) = damaged(paths.database)
        made.pass_by(2)
        assert any(aside.name in one for one in made.snapshot.problems)
    assert kept(paths.database).bars


def same_after(paths: Paths, before: Kept) -> bool:
    """Opened again by a feed: nothing is lost, and nothing was set aside but a log of no sense."""
    said: list[str] = []
    close_whole(connect(paths.database, said.append), paths.database)
    after = kept(paths.database)
    logs = [one for one in damaged(paths.database) if one.name.endswith("-wal")]
    assert len(said) == len(logs) == len(damaged(paths.database))
    return lost(before, after) == 0


@pytest.mark.parametrize("companion", ["-wal", "-shm", "-seal"])
@pytest.mark.parametrize("content", [b"", b"garbage" * 4000, b"\0" * 8192], ids=["empty", "garbage", "noughts"])
def test_companions_without_sense_do_no_harm_to_a_store_that_ended_in_order(
    sound: Paths, tmp_path: Path, companion: str, content: bytes
) -> None:
    paths = again(sound, tmp_path)
    before = kept(paths.database)
    Path(f"{paths.database}{companion}").write_bytes(content)
    assert same_after(paths, before)
    ledger.note("corrupt", f"{companion[1:]} without sense", said="nothing lost", set_aside=False, count=1)


@pytest.mark.parametrize("content", [b"", b"garbage" * 4000, b"\0" * 32768], ids=["empty", "garbage", "noughts"])
def test_a_killed_feed_s_index_of_its_log_is_made_again(killed: Paths, tmp_path: Path, content: bytes) -> None:
    paths = again(killed, tmp_path)
    before = kept(again(killed, tmp_path / "undamaged").database)
    Path(f"{paths.database}-shm").write_bytes(content)
    assert same_after(paths, before)


def test_the_log_of_another_store_is_put_away_before_its_pages_are_taken_for_this_one_s(
    sound: Paths, tmp_path: Path
) -> None:
    paths = again(sound, tmp_path)
    before = kept(paths.database)
    other = tmp_path / "other" / "tapewatch.db"
    foreign = connect(other)
    foreign.execute("CREATE TABLE wishes (one TEXT)")
    foreign.executemany("INSERT INTO wishes VALUES (?)", [("x" * 3000,)] * 200)
    shutil.copy(f"{other}-wal", f"{paths.database}-wal")
    foreign.close()
    said: list[str] = []
    close_whole(connect(paths.database, said.append), paths.database)
    (aside,) = damaged(paths.database)
    assert said == [f"a log lay beside {paths.database} that is none of its own; it is put away as {aside.name}"]
    assert aside.name.endswith("-wal")
    assert lost(before, kept(paths.database)) == 0
    ledger.note("corrupt", "the log of another store", said="put away alone", set_aside=True, count=1)


# -- decay ----------------------------------------------------------------------------------------------


def decay(path: Path, chance: random.Random) -> int:
    """Bits flip where they lie: no program wrote, so the time of the last change stands; returns how many."""
    about, whole = path.stat(), bytearray(path.read_bytes())
    count = chance.choice((1, 1, 2, 8, 64, 512))
    for _ in range(count):
        whole[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    path.write_bytes(whole)

    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    return count


def decayed(sound: Paths, folder: Path, seeds: range) -> None:
    """Whatever bits flip, the store is set aside; of its journal at most what stood on a damaged page is lost."""
    original = kept(sound.database)
    entries = 0
    for seed in seeds:
        paths = again(sound, folder / str(seed))
        decay(paths.database, random.Random(seed))
        left = contents(paths.database)
        close_whole(connect(paths.database), paths.database)
        (aside,) = damaged(paths.database)
        assert contents(aside) == left
        after = kept(paths.database)
        assert set(after.journal) <= set(original.journal), seed
        entries += len(after.journal)
        shutil.rmtree(paths.store)
    share = entries / (len(original.journal) * len(seeds))
    assert share > 0.8
    ledger.note("corrupt", "flipped bits", count=len(seeds), set_aside=True, said=f"{share:.0%} of the journal kept")


def test_a_bit_that_flips_on_the_disk_is_found(sound: Paths, tmp_path: Path) -> None:
    decayed(sound, tmp_path, range(20))


@pytest.mark.long
def test_bits_that_flip_on_the_disk_are_found(sound: Paths, tmp_path: Path) -> None:
    decayed(sound, tmp_path, range(20, 260))
