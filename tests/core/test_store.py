"""The database file: never harmed, never needing to be written in order to be read."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given

from tapewatch.core.bars import Bar, Bars, Refusal
from tapewatch.core.store.bars import held, hold, load_bars, release, save_bars
from tapewatch.core.store.budget import Budget
from tapewatch.core.store.damage import damaged, set_aside
from tapewatch.core.store.schema import VERSION, StoreError, connect, reading
from tapewatch.core.store.symbols import mark_full, with_full_history

from ..market import closes, eastern, rows, short_bars, tree, walk

NOON = eastern("2025-10-17 12:00")
DAY = date(2025, 10, 17)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "tapewatch.db"


def save(database: sqlite3.Connection, symbol: str, bars: list[Bar], state: str = "final") -> tuple[int, int]:
    return save_bars(database, symbol, bars, source="test", state=state, taken_at=NOON)


def filled(path: Path) -> Bars:
    bars = closes([100.0, 101.0, 102.0])
    with closing(connect(path)) as database:
        save(database, "^RUT", rows(bars))
    return bars


# -- the file -------------------------------------------------------------------------------------------


def test_a_store_is_private(path: Path) -> None:
    connect(path).close()
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600


def in_a_newer_layout(path: Path, *, pending: bool) -> None:
    """As a newer program leaves it; `pending` as it leaves it when killed."""
    filled(path)
    script = (
        "import os, sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None); "
        f"db.execute('PRAGMA user_version = {VERSION + 1}'); db.execute('PRAGMA wal_checkpoint(TRUNCATE)'); "
        "db.execute('CREATE TABLE wishes (one)'); "
    )
    subprocess.run([sys.executable, "-c", script + ("os._exit(0)" if pending else "db.close()"), str(path)], check=True)
    assert Path(f"{path}-wal").exists() is pending


@pytest.mark.parametrize("pending", [False, True])
def test_a_newer_layout_is_refused_and_untouched(path: Path, pending: bool) -> None:
    in_a_newer_layout(path, pending=pending)
    before = tree(path.parent)
    with pytest.raises(StoreError, match=f"layout {VERSION + 1} and this program knows {VERSION}.*left untouched"):
        connect(path)
    with pytest.raises(StoreError, match="newer tapewatch"), reading(path):
        pass
    assert tree(path.parent) == before


def test_damaged_files_are_set_aside_by_name_and_none_is_deleted(path: Path) -> None:
    """Twice within a second, too."""
    path.parent.mkdir()
    spoiled = [b"this is no database " * 400, b"nor is this one " * 400]
    for content in spoiled:
        path.write_bytes(content)
        with closing(connect(path)) as database:
            assert load_bars(database) == {}
    assert sorted(file.read_bytes() for file in damaged(path)) == sorted(spoiled)


def test_companions_of_a_damaged_file_go_with_it(path: Path) -> None:
    path.parent.mkdir()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").write_text(f"content{suffix}")
    aside = set_aside(path)
    assert not path.exists()
    assert [Path(f"{aside}{suffix}").read_text() for suffix in ("", "-wal", "-shm")] == [
        "content", "content-wal", "content-shm",
    ]  # fmt: skip


def test_a_folder_in_the_place_of_the_store_is_set_aside_with_what_is_in_it(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "thesis.txt").write_text("three years of work")
    with closing(connect(path)) as database:
        assert load_bars(database) == {}
    (aside,) = damaged(path)
    assert (aside / "thesis.txt").read_text() == "three years of work"


# -- reading --------------------------------------------------------------------------------------------


def test_reading_leaves_the_folder_as_it_is(path: Path) -> None:
    bars = filled(path)
    before = tree(path.parent)
    with reading(path) as database:
        assert rows(load_bars(database)["^RUT"]) == rows(bars)
    assert tree(path.parent) == before


def test_reading_beside_a_living_writer_sees_what_it_wrote_and_touches_nothing(path: Path) -> None:
    filled(path)
    with closing(connect(path)) as writer:
        save(writer, "^GSPC", rows(closes([5000.0])))
        assert Path(f"{path}-wal").stat().st_size > 0
        before = tree(path.parent)
        with reading(path) as database:
            assert sorted(load_bars(database)) == ["^GSPC", "^RUT"]
        assert tree(path.parent) == before


def as_nobody(path: Path) -> str:
    """What another user of this machine reads: its symbols, or why not."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        try:
            with reading(path) as database:
                os.write(into, " ".join(load_bars(database)).encode())
        except BaseException as problem:
            os.write(into, repr(problem).encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return text


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("writing", [False, True])
def test_another_user_may_read_a_shared_store(writing: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tapewatch.db"
        filled(path)
        writer = connect(path)
        if writing:
            save(writer, "^GSPC", rows(closes([5000.0])))
        else:
            writer.close()
        path.parent.chmod(0o755)
        for file in path.parent.iterdir():
            file.chmod(0o644)
        before = tree(path.parent)
        assert as_nobody(path) == ("^GSPC ^RUT" if writing else "^RUT")
        assert tree(path.parent) == before
        writer.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_private_store_is_private(path: Path) -> None:
    filled(path)
    assert "Permission denied" in as_nobody(path)


@pytest.mark.parametrize(
    ("content", "said"), [(None, "no store at"), (b"no database " * 300, "cannot read"), (b"", "cannot read")]
)
def test_what_cannot_be_read_is_said(path: Path, content: bytes | None, said: str) -> None:
    path.parent.mkdir()
    if content is not None:
        path.write_bytes(content)
    before = tree(path.parent)
    with pytest.raises(StoreError, match=said), reading(path) as database:
        load_bars(database)
    assert tree(path.parent) == before


# -- bars -----------------------------------------------------------------------------------------------


@given(short_bars())
def test_bars_come_back_as_they_were_stored(bars: Bars) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(connect(Path(folder) / "a.db")) as database:
        assert save(database, "^RUT", rows(bars)) == (len(bars), 0)
        assert rows(load_bars(database)["^RUT"]) == rows(bars)
        assert save(database, "^RUT", rows(bars)) == (0, 0)
        cut = bars.day(len(bars) // 2)
        assert rows(load_bars(database, upto=cut)["^RUT"]) == rows(bars.upto(cut))


def test_new_replaced_and_unchanged_are_told_apart(path: Path) -> None:
    filled(path)
    other = closes([100.0, 101.0, 102.5, 103.0])
    with closing(connect(path)) as database:
        assert save(database, "^RUT", rows(other)) == (1, 1)
        assert rows(load_bars(database)["^RUT"]) == rows(other)


def test_a_final_bar_is_never_replaced_by_one_that_is_not(path: Path) -> None:
    with closing(connect(path)) as database:
        save(database, "^RUT", [Bar(DAY, 1, 2, 1, 2)])
        assert save(database, "^RUT", [Bar(DAY, 1, 9, 1, 9)], "provisional") == (0, 0)
        assert load_bars(database)["^RUT"].close.tolist() == [2]
        save(database, "^DJI", [Bar(DAY, 1, 9, 1, 9)], "provisional")
        assert "^DJI" not in load_bars(database)
        assert save(database, "^DJI", [Bar(DAY, 1, 8, 1, 8)]) == (0, 1)
        assert load_bars(database)["^DJI"].close.tolist() == [8]


def test_a_long_history_survives_and_is_remembered_as_whole(path: Path) -> None:
    bars = walk(3, 3000, first=date(1990, 1, 2))
    with closing(connect(path)) as database:
        save(database, "^RUT", rows(bars))
        mark_full(database, "^RUT")
        mark_full(database, "^RUT")
    with closing(connect(path)) as database:
        assert rows(load_bars(database)["^RUT"]) == rows(bars)
        assert with_full_history(database) == {"^RUT"}


def test_held_bars_are_named_until_released(path: Path) -> None:
    with closing(connect(path)) as database:
        hold(database, "^RUT", [Refusal(DAY, "first"), Refusal(DAY, "too high")], NOON)
        assert held(database) == [("^RUT", DAY, "too high")]
        release(database, "^RUT", DAY)
        assert held(database) == []


# -- the budget -----------------------------------------------------------------------------------------


def test_what_was_spent_paused_and_not_found_outlives_the_process(path: Path) -> None:
    until = NOON + timedelta(minutes=7)
    with closing(connect(path)) as database:
        budget = Budget(database, 240, 6)
        assert [budget.claim(NOON, "u") for _ in range(7)] == [True] * 6 + [False]
        budget.pause(until, "429")
        budget.set_strikes(2)
        budget.mark_unknown("^XXX", DAY)
    with closing(connect(path)) as database:
        again = Budget(database, 240, 6)
        assert again.spent_last_hour(NOON) == 6
        assert not again.claim(NOON + timedelta(minutes=5), "u")
        pause = again.paused(NOON)
        assert pause is not None
        assert (pause.until, pause.why) == (until, "429")
        assert again.strikes() == 2
        assert again.is_unknown("^XXX", DAY)
        assert not again.is_unknown("^XXX", DAY + timedelta(days=1))
        assert again.paused(until) is None
        assert again.claim(until, "u")


def test_times_are_in_utc_whatever_the_machine(path: Path) -> None:
    with closing(connect(path)) as database:
        budget = Budget(database, 240, 6)
        budget.pause(datetime(2025, 10, 17, 16, 30, tzinfo=UTC), "429")
        pause = budget.paused(NOON)
        assert pause is not None
        assert pause.until.isoformat() == "2025-10-17T16:30:00+00:00"
