"""Pipes, devices, folders, links and monsters in place of files: one sentence, no hang, nothing followed."""

import os
import socket
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import msgspec
import pytest

from tapewatch.core import channel
from tapewatch.core.channel import ChannelError, Request
from tapewatch.core.clock import wall
from tapewatch.core.data import MarketData
from tapewatch.core.doctor import Case, Terminal
from tapewatch.core.doctor_bundle import write_bundle
from tapewatch.core.files import refuse_planted
from tapewatch.core.locks import Lock
from tapewatch.core.log import last_words, open_log
from tapewatch.core.model.instrument import Instrument
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.settings import load
from tapewatch.core.settings_file import LARGEST, read_toml, write_setting
from tapewatch.core.sources.csv_folder import MOST_LINES, read_file
from tapewatch.core.store.schema import StoreError, connect, reading
from tapewatch.core.tidying import tidy
from tapewatch.core.universe import INSTRUMENTS, default_config
from tapewatch.tui.themes import load_themes
from tests.laboratory.ledger import note
from tests.tui.stage import builders


def no_judge(_one: Instrument, _day: date) -> str | None:
    """Every day is a session."""
    return None


def monster(path: Path, size: int) -> None:
    """A file that says it is as large as this, and takes no room."""
    path.touch()
    os.truncate(path, size)


STRANGE: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
    "folder": Path.mkdir,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "terminal": lambda path: path.symlink_to("/dev/tty"),
    "loop": lambda path: path.symlink_to(path),
    "nowhere": lambda path: path.symlink_to(path.parent / "not there"),
    "monster": lambda path: monster(path, 500_000_000),
}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    made = default_paths(tmp_path / "store", tmp_path / "config.toml")
    made.requests.mkdir(parents=True)
    return made


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[Path]:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tmp_path / "socket"))
        yield tmp_path / "socket"


@pytest.mark.parametrize("kind", STRANGE)
def test_in_place_of_the_snapshot(paths: Paths, kind: str) -> None:
    """The screen says so, keeps what it has, and shows the next one that is good."""
    channel.publish(paths, builders.overview())
    screen = MarketData.open(paths, default_config())
    good = screen.latest()
    paths.snapshot.unlink()
    STRANGE[kind](paths.snapshot)
    assert screen.latest() == good
    assert screen.trouble is not None
    assert screen.trouble.text.count("\n") == 0
    with pytest.raises(ChannelError, match=r"snapshot\.json"):
        channel.read_snapshot(paths)
    if kind != "folder":
        channel.publish(paths, builders.live())
        latest = screen.latest()
        assert latest is not None
        assert latest.version == builders.live().version
        assert screen.trouble is None
    screen.close()
    note("hostile", f"in place of the snapshot: {kind}", count=1)


def test_a_link_to_a_good_snapshot_is_refused(paths: Paths, tmp_path: Path) -> None:
    """Whoever may put links there could show one store's prices as another's."""
    other = default_paths(tmp_path / "other")
    other.store.mkdir()
    channel.publish(other, builders.overview())
    paths.snapshot.symlink_to(other.snapshot)
    with pytest.raises(ChannelError, match=r"snapshot\.json is a symbolic link: remove or rename it, the feed"):
        channel.read_snapshot(paths)


@pytest.mark.parametrize("kind", STRANGE)
def test_in_place_of_the_settings(paths: Paths, kind: str) -> None:
    STRANGE[kind](paths.config_file)
    config, problems = load(paths.config_file)
    assert config.feed == default_config().feed
    assert len(problems) == (kind != "nowhere")
    assert all(str(paths.config_file) in str(one) for one in problems)
    problem = write_setting(paths.config_file, "screen.theme", "ledger")
    assert (problem is None) == (kind == "nowhere")
    note("hostile", f"in place of the settings: {kind}", count=1)


@pytest.mark.parametrize("kind", STRANGE)
def test_among_the_themes(tmp_path: Path, kind: str) -> None:
    STRANGE[kind](tmp_path / "strange.toml")
    themes, problems = load_themes(tmp_path)
    assert {"graphite", "ledger"} <= set(themes)
    assert len(problems) == (kind != "nowhere")
    note("hostile", f"among the themes: {kind}", count=1)


@pytest.mark.parametrize("kind", STRANGE)
def test_among_the_files_to_import(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "^RUT.csv"
    STRANGE[kind](file)
    read = read_file(file, INSTRUMENTS, date(2025, 10, 17), no_judge)
    assert read.bars == []
    assert len(read.faults) == 1
    note("hostile", f"among the files to import: {kind}", count=1)


@pytest.mark.parametrize("kind", [kind for kind in STRANGE if kind != "monster"])
def test_in_place_of_a_lock(paths: Paths, kind: str) -> None:
    """No feed takes it for a lock, and no screen for a feed at work."""
    STRANGE[kind](paths.feed_lock)
    STRANGE[kind](paths.watch_lock)
    lock = Lock(paths.feed_lock, "alone")
    assert not lock.take()
    lock.note("overwritten")
    assert lock.problem is not None
    assert "feed.lock cannot be used as a lock" in lock.problem
    assert channel.feed_holder(paths) is None
    assert not channel.is_watched(paths)
    assert not (paths.store / "not there").exists()
    note("hostile", f"in place of a lock: {kind}", count=2)


def test_a_socket_is_neither_snapshot_nor_lock(paths: Paths, listening: Path) -> None:
    for path in (paths.snapshot, paths.feed_lock):
        os.rename(listening, path) if not path.exists() and listening.exists() else None
    with pytest.raises(ChannelError, match="is a socket"):
        channel.read_snapshot(paths)


def test_a_second_name_of_another_file_is_no_lock_where_all_may_write(paths: Paths, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    os.link(victim, paths.feed_lock)
    paths.store.chmod(0o1777)
    lock = Lock(paths.feed_lock, "alone")
    assert not lock.take()
    lock.note("overwritten")
    assert victim.read_text() == "precious"
    with pytest.raises(OSError, match="second name"):
        refuse_planted(paths.feed_lock)


def test_a_log_that_is_a_pipe_holds_nobody_up(paths: Paths) -> None:
    os.mkfifo(paths.store / "tapewatch.log")
    assert last_words(paths.store / "tapewatch.log") is None
    with pytest.raises(OSError, match=r"No such device|is no file"):
        open_log(paths.store / "tapewatch.log")


def test_a_report_holds_no_file_that_a_link_in_the_store_points_to(paths: Paths, tmp_path: Path) -> None:
    """Whoever may write into the store could have a private key sent along."""
    (tmp_path / "id").write_text("PRIVATE KEY")
    paths.snapshot.symlink_to(tmp_path / "id")
    case = Case(paths, default_config(), (), Terminal({}, None, "utf-8"), wall())
    assert write_bundle(tmp_path / "report.zip", (), case).state == "ok"
    with ZipFile(tmp_path / "report.zip") as report:
        assert not any(b"PRIVATE KEY" in report.read(name) for name in report.namelist())


# -- the database ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
@pytest.mark.parametrize("kind", ["pipe", "device", "loop", "nowhere"])
def test_in_place_of_the_database(paths: Paths, kind: str, suffix: str) -> None:
    """Neither the feed nor a command that only reads opens it, or waits for it."""
    if suffix:
        connect(paths.database).close()
    planted = paths.store / f"tapewatch.db{suffix}"
    planted.unlink(missing_ok=True)
    STRANGE[kind](planted)
    with pytest.raises(StoreError, match=f"cannot use .*tapewatch.db{suffix}: it is a"):
        connect(paths.database)
    with pytest.raises(StoreError), reading(paths.database):
        pass
    assert not (paths.store / "not there").exists()
    note("hostile", f"in place of the database: {kind}", count=1)


# -- requests -------------------------------------------------------------------------------------------


def request(kind: str = "refresh", later: float = 0.0) -> bytes:
    return msgspec.json.encode(Request(kind=kind, asked_at=wall() + timedelta(seconds=later)))


def test_a_folder_of_requests_that_is_a_link_is_neither_read_nor_emptied(paths: Paths, tmp_path: Path) -> None:
    elsewhere = tmp_path / "mine"
    elsewhere.mkdir()
    (elsewhere / "precious.json").write_bytes(request())
    paths.requests.rmdir()
    paths.requests.symlink_to(elsewhere)
    assert channel.take_requests(paths) == ()
    assert (elsewhere / "precious.json").exists()
    with pytest.raises(ChannelError, match="takes no requests"):
        channel.ask(paths, "refresh")
    (elsewhere / ".profile").touch()
    old = (wall() - timedelta(days=5)).timestamp()
    os.utime(elsewhere / ".profile", (old, old))
    tidy(paths)
    assert sorted(one.name for one in elsewhere.iterdir()) == [".profile", "precious.json"]


def test_ten_thousand_requests_are_worked_off_in_steps(paths: Paths) -> None:
    for number in range(10_000):
        (paths.requests / f"{number}.json").write_bytes(request())
    first = channel.take_requests(paths)
    assert len(first) == channel.MOST_REQUESTS
    old = (wall() - timedelta(minutes=5)).timestamp()
    for one in paths.requests.iterdir():
        os.utime(one, (old, old))
    steps = 0
    while any(paths.requests.iterdir()):
        assert len(channel.take_requests(paths)) <= channel.MOST_REQUESTS
        steps += 1
        assert steps <= 4
    note("hostile", "requests in one folder", count=10_000)


def test_monsters_and_requests_of_the_future_are_none(paths: Paths) -> None:
    monster(paths.requests / "large.json", 1_000_000_000)
    (paths.requests / "later.json").write_bytes(request(later=3600))
    (paths.requests / "ever.json").write_bytes(b'{"kind":"refresh","asked_at":"9999-12-31T23:59:59Z"}')
    (paths.requests / "zone.json").write_bytes(b'{"kind":"refresh","asked_at":"0001-01-01T00:00:00+23:59"}')
    os.mkfifo(paths.requests / "pipe.json")
    (paths.requests / "device.json").symlink_to("/dev/zero")
    (paths.requests / "good.json").write_bytes(request("reload"))
    assert [one.kind for one in channel.take_requests(paths)] == ["reload"]
    assert list(paths.requests.iterdir()) == []


def test_what_somebody_is_still_writing_is_left_and_what_nobody_finishes_goes(paths: Paths) -> None:
    (paths.requests / ".new.json").write_bytes(b"{")
    (paths.requests / ".old.json").write_bytes(b"{")
    old = (wall() - timedelta(minutes=5)).timestamp()
    os.utime(paths.requests / ".old.json", (old, old))
    (paths.requests / "README").write_text("not mine to remove")
    assert channel.take_requests(paths) == ()
    assert sorted(one.name for one in paths.requests.iterdir()) == [".new.json", "README"]


# -- settings -------------------------------------------------------------------------------------------

MONSTERS = {
    "deep list": b"a = " + b"[" * 50_000,
    "dotted keys": b".".join([b"a"] * 400_000) + b" = 1",
    "deep keys": b".".join([b"a"] * 90) + b" = 1",
    "deep tables": b"[" + b".".join([b"a"] * 300) + b"]\nb = 1",
    "long number": b"[feed]\nbudget = " + b"9" * 10_000,
    "many keys": b"\n".join(b"a%d = 1" % number for number in range(100_000)),
    "not text": b"[screen]\ntheme = \"\xff\xfe\"",
    "nul": b"[screen]\ntheme = \"a\0b\"",
    "utf-16": "[screen]\ntheme = 'x'".encode("utf-16"),
    "too large": b"#" * (LARGEST + 1),
    "one long name": b"a" * 900_000 + b" = 1",
    "one long text": b"[screen]\ntheme = \"" + b"a" * 900_000 + b"\"",
}  # fmt: skip


@pytest.mark.parametrize("name", MONSTERS)
def test_a_monster_for_settings_costs_a_short_sentence_and_nothing_else(tmp_path: Path, name: str) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(MONSTERS[name])
    config, problems = load(file)
    assert config.feed == default_config().feed
    assert len(problems) in (1, 2) or name == "long number"
    assert all(len(str(one)) < 600 and "\n" not in str(one) for one in problems)
    folder = tmp_path / "themes"
    folder.mkdir()
    (folder / "x.toml").write_bytes(MONSTERS[name])
    themes, told = load_themes(folder)
    assert {"graphite"} <= set(themes)
    assert 1 <= len(told) <= 3
    note("hostile", f"settings and theme: {name}", count=2)


def test_a_file_with_every_key_is_far_from_the_limits() -> None:
    from tapewatch.core.settings_text import default_text, describe

    for text in (default_text(), describe(default_config())):
        assert len(text) < LARGEST / 20


def test_a_settings_file_may_be_a_link_into_a_folder_of_dotfiles(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").write_text('[screen]\ntheme = "ledger"\n')
    (tmp_path / "config.toml").symlink_to(tmp_path / "dotfiles")
    assert read_toml(tmp_path / "config.toml") == ({"screen": {"theme": "ledger"}}, ())


# -- CSV ------------------------------------------------------------------------------------------------

HEAD = "date,open,high,low,close,volume\n"
GOOD = "2025-10-16,102,104,101,103,5\n"


def bars_of(folder: Path, content: bytes) -> tuple[int, list[str]]:
    file = folder / "^RUT.csv"
    file.write_bytes(content)
    read = read_file(file, INSTRUMENTS, date(2025, 10, 17), no_judge)
    return len(read.bars), [one.reason for one in read.faults]


@pytest.mark.parametrize(
    ("content", "bars", "said"),
    [
        (("\ufeff" + HEAD + GOOD).encode(), 1, ""),
        ((HEAD + GOOD).encode("utf-16"), 0, "text in UTF-16; save it as UTF-8"),
        ((HEAD + GOOD).replace(",", ";").encode(), 0, "it is separated by semicolons, and commas are wanted"),
        ((HEAD + GOOD).replace(",", "\t").encode(), 0, "it is separated by tabs"),
        ((HEAD + "2025-10-16,=1+1,104,101,103,5\n" + GOOD).encode(), 1, "open is not a number: '=1+1'"),
        ((HEAD + "2025-10-16,1_02,104,101,103,5\n").encode(), 0, "open is not a number: '1_02'"),
        ((HEAD + "2025-10-16,١٠٢,104,101,103,5\n").encode(), 0, "open is not a number"),
        ((HEAD + "2025-10-16,1e999,104,101,103,5\n").encode(), 0, "open is not a number: '1e999'"),
        ((HEAD + '2025-10-15,"1\n2",104,101,103,5\n' + GOOD).encode(), 1, "open is not a number: '1 2'"),
        ((HEAD + GOOD).encode() + b"\0\0\0,\0\n", 1, "not a date"),
        ((HEAD + GOOD).encode() + b"2025-10-15," + b"9" * 200_000, 1, "not CSV from here on"),
        (b"", 0, "no column date, open, high, low, close"),
    ],
)  # fmt: skip
def test_a_csv_file_of_any_kind_gives_its_bars_and_says_the_rest(
    tmp_path: Path, content: bytes, bars: int, said: str
) -> None:
    found, reasons = bars_of(tmp_path, content)
    assert found == bars
    assert any(said in one for one in reasons) if said else reasons == []
    note("hostile", "CSV files", count=1)


@pytest.mark.long
def test_a_million_rows_are_not_all_read(tmp_path: Path) -> None:
    found, reasons = bars_of(tmp_path, (HEAD + GOOD * 1_000_000).encode())
    assert found == 1
    assert reasons[-1] == f"more than {MOST_LINES:,} lines; no more is read"
