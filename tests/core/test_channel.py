"""The folder between feed and screens: one whole file, locks of the living, requests of the last half minute."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tapewatch.core import channel
from tapewatch.core.channel import ChannelError, Lock, Request
from tapewatch.core.clock import wall
from tapewatch.core.data import MarketData
from tapewatch.core.model.snapshot import SCHEMA, ClockReading, Health, Snapshot
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.universe import default_config

from ..market import eastern, tree

NOON = eastern("2025-10-17 12:00")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    made = default_paths(tmp_path / "store", tmp_path / "config.toml")
    made.requests.mkdir(parents=True)
    return made


def snapshot(counter: int = 1, start: int = 1, padding: int = 0) -> Snapshot:
    return Snapshot(
        version=(start, counter), mode="live", clock=ClockReading(now=NOON), health=Health(source="x" * padding)
    )


# -- the snapshot ---------------------------------------------------------------------------------------


def test_what_is_published_is_what_is_read(paths: Paths) -> None:
    assert channel.read_snapshot(paths) is None
    channel.publish(paths, snapshot(7))
    assert channel.read_snapshot(paths) == snapshot(7)
    assert paths.snapshot.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in paths.store.iterdir() if file.is_file()] == ["snapshot.json"]


def test_no_reader_ever_sees_half_a_file(paths: Paths) -> None:
    """A writer replaces a large file as fast as it can while a reader reads."""
    channel.publish(paths, snapshot(0, padding=200_000))
    done = threading.Event()

    def write() -> None:
        for counter in range(1, 150):
            channel.publish(paths, snapshot(counter, padding=200_000 + counter % 7))
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen: list[int] = []
    while not done.is_set() or not seen:
        found = channel.read_snapshot(paths)
        assert found is not None
        assert len(found.health.source) == 200_000 + found.version[1] % 7
        seen.append(found.version[1])
    writer.join()
    assert seen == sorted(seen)


def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel.publish(paths, snapshot(1))
    before = tree(paths.snapshot)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        channel.publish(paths, snapshot(2))
    assert tree(paths.snapshot) == before
    assert sorted(file.name for file in paths.store.iterdir()) == ["requests", "snapshot.json"]


def test_a_newer_layout_is_refused_said_and_left_alone(paths: Paths) -> None:
    paths.snapshot.write_bytes(msgspec.json.encode({"schema": SCHEMA + 1, "version": "of another kind"}))
    before = tree(paths.store)
    with pytest.raises(ChannelError, match=r"layout 2, this program knows 1.*newer tapewatch"):
        channel.read_snapshot(paths)
    assert tree(paths.store) == before


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff\xfe", b"[]", b"{", b'{"schema": 1}', b'{"schema": "x"}', b'{"mode": "\xff"}', b'{"a":' * 5000],
    ids=["empty", "binary", "list", "cut", "bare", "wrong", "not utf-8", "deep"],
)
def test_a_file_that_is_no_snapshot_is_said_in_a_sentence(paths: Paths, content: bytes) -> None:
    paths.snapshot.write_bytes(content)
    with pytest.raises(ChannelError, match="cannot be read as a snapshot"):
        channel.read_snapshot(paths)


def test_a_time_without_a_zone_is_no_snapshot(paths: Paths) -> None:
    channel.publish(paths, snapshot())
    text = paths.snapshot.read_text()
    assert text.count("2025-10-17T16:00:00Z") == 1
    paths.snapshot.write_text(text.replace("2025-10-17T16:00:00Z", "2025-10-17T16:00:00"))
    with pytest.raises(ChannelError, match="no time zone"):
        channel.read_snapshot(paths)


def test_a_folder_in_place_of_the_file_is_said(paths: Paths) -> None:
    paths.snapshot.mkdir()
    with pytest.raises(ChannelError, match="is a folder"):
        channel.read_snapshot(paths)


# -- the screen's end -----------------------------------------------------------------------------------


@pytest.fixture
def screen(paths: Paths) -> MarketData:
    return MarketData.open(paths, default_config())


def test_a_screen_shows_the_newest_and_never_goes_back(paths: Paths, screen: MarketData) -> None:
    assert screen.latest() is None
    for version, shown in (((1, 1), (1, 1)), ((1, 5), (1, 5)), ((1, 3), (1, 5)), ((2, 1), (2, 1))):
        channel.publish(paths, snapshot(start=version[0], counter=version[1]))
        latest = screen.latest()
        assert latest is not None
        assert latest.version == shown
    screen.close()


def test_a_file_that_breaks_leaves_the_last_good_one_and_says_why(paths: Paths, screen: MarketData) -> None:
    channel.publish(paths, snapshot(1))
    good = screen.latest()
    paths.snapshot.write_text("broken")
    assert screen.latest() is good
    assert screen.trouble is not None
    assert "cannot be read" in screen.trouble.text
    channel.publish(paths, snapshot(2))
    assert screen.latest() == snapshot(2)
    assert screen.trouble is None
    screen.close()


def test_nothing_new_costs_no_reading(paths: Paths, screen: MarketData, monkeypatch: pytest.MonkeyPatch) -> None:
    channel.publish(paths, snapshot(1))
    first = screen.latest()

    def refuse(_: Paths) -> Snapshot:
        raise AssertionError("read again")

    monkeypatch.setattr(channel, "read_snapshot", refuse)
    assert screen.latest() is first
    screen.close()


def test_a_screen_is_counted_until_it_closes(paths: Paths, screen: MarketData) -> None:
    other = MarketData.open(paths, default_config())
    assert channel.is_watched(paths)
    screen.close()
    assert channel.is_watched(paths)
    other.close()
    assert not channel.is_watched(paths)


def test_opening_where_there_is_no_store_creates_none(tmp_path: Path) -> None:
    nowhere = default_paths(tmp_path / "none", tmp_path / "config.toml")
    data = MarketData.open(nowhere, default_config())
    assert data.latest() is None
    assert data.ask("refresh") == "this store takes no requests from you; it refreshes by itself"
    data.close()
    assert not nowhere.store.exists()


# -- locks ----------------------------------------------------------------------------------------------

HOLD = (
    "import sys; from pathlib import Path; from tapewatch.core.channel import Lock; "
    "lock = Lock(Path(sys.argv[1]), 'alone'); assert lock.take(); lock.note('pid 1, version 9'); "
    "print('held', flush=True); sys.stdin.read()"
)


def test_a_killed_process_holds_nothing(paths: Paths) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(paths.feed_lock)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert channel.feed_holder(paths) == "pid 1, version 9"
        assert not Lock(paths.feed_lock, "alone").take()
        holder.kill()
        holder.wait()
    assert channel.feed_holder(paths) is None
    assert Lock(paths.feed_lock, "alone").take()


def test_many_may_share_and_one_may_be_alone(paths: Paths) -> None:
    one, other = Lock(paths.watch_lock, "shared"), Lock(paths.watch_lock, "shared")
    alone = Lock(paths.watch_lock, "alone")
    assert one.take()
    assert other.take()
    assert not alone.take()
    one.release()
    assert not alone.take()
    other.release()
    assert alone.take()
    assert not one.take()
    alone.release()


def test_a_symbolic_link_is_no_lock(paths: Paths, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    paths.feed_lock.symlink_to(victim)
    lock = Lock(paths.feed_lock, "alone")
    assert not lock.take()
    lock.note("overwritten")
    assert victim.read_text() == "precious"


# -- requests -------------------------------------------------------------------------------------------


def leave(paths: Paths, name: str, content: bytes) -> Path:
    path = paths.requests / name
    path.write_bytes(content)
    return path


def request(age: float = 0.0, kind: str = "refresh") -> bytes:
    return msgspec.json.encode(Request(kind=kind, asked_at=wall() - timedelta(seconds=age)))


def test_what_is_asked_is_heard_once(paths: Paths) -> None:
    channel.ask(paths, "refresh", "^RUT")
    taken = channel.take_requests(paths)
    assert [(one.kind, one.symbol) for one in taken] == [("refresh", "^RUT")]
    assert channel.take_requests(paths) == ()


def test_a_request_of_half_a_minute_ago_is_ignored_and_removed(paths: Paths) -> None:
    leave(paths, "old.json", request(age=31))
    leave(paths, "young.json", request(age=20, kind="reload"))
    assert [one.kind for one in channel.take_requests(paths)] == ["reload"]
    assert list(paths.requests.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[1]", b'{"kind": "refresh"}', b'{"kind": 1, "asked_at": "now"}', b"\xff" * 40, b" " * 5000,
     b'{"kind": "refresh", "asked_at": "2025-10-17T12:00:00"}'],
)  # fmt: skip
def test_a_request_that_is_none_is_removed(paths: Paths, content: bytes) -> None:
    leave(paths, "bad.json", content)
    leave(paths, "good.json", request())
    assert [one.kind for one in channel.take_requests(paths)] == ["refresh"]
    assert list(paths.requests.iterdir()) == []


def test_links_pipes_and_folders_are_no_requests(paths: Paths, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_bytes(request())
    (paths.requests / "link.json").symlink_to(outside)
    os.mkfifo(paths.requests / "pipe.json")
    (paths.requests / "folder.json").mkdir()
    assert channel.take_requests(paths) == ()
    assert outside.exists()
