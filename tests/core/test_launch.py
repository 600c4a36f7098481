"""Starting a feed, and trying again more slowly when it dies young."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tapewatch.core import launch
from tapewatch.core.channel import Lock
from tapewatch.core.launch import FeedKeeper
from tapewatch.core.paths import Paths, default_paths


class Process:
    """A started feed that lives until it is told to be dead."""

    def __init__(self, command: list[str], more: dict[str, object]) -> None:
        self.command, self.more = command, more
        self.returncode: int | None = None
        self.ended: list[str] = []

    def poll(self) -> int | None:
        return self.returncode

    def terminate(self) -> None:
        self.ended.append("terminate")
        self.returncode = 0

    def wait(self, timeout: float | None = None) -> int:
        del timeout
        return self.returncode or 0


class Desk:
    """A keeper on a clock of ours, and the processes it started."""

    def __init__(self, paths: Paths, *, own: bool = False) -> None:
        self.paths = paths
        self.now = 1000.0
        self.started: list[Process] = []
        self.keeper = FeedKeeper(paths, ["feed", "--store", str(paths.store)], own=own)

    def start(self, command: list[str], **more: object) -> Process:
        self.started.append(Process(command, more))
        return self.started[-1]

    def dies(self, code: int, lived: float, log: str = "") -> None:
        self.now += lived
        with self.paths.log.open("a") as file:
            file.write(log)
        self.started[-1].returncode = code
        self.keeper.tend()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    store = tmp_path / "store"
    store.mkdir()
    made = Desk(default_paths(store))
    monkeypatch.setattr(launch, "elapsed", lambda: made.now)
    monkeypatch.setattr(subprocess, "Popen", made.start)
    made.keeper.tend()
    return made


def test_a_feed_is_started_on_its_own_away_from_the_terminal_and_the_folder(desk: Desk) -> None:
    feed = desk.started[0]
    assert feed.command == [sys.executable, "-P", "-m", "tapewatch", "feed", "--store", str(desk.paths.store)]
    assert (feed.more["cwd"], feed.more["start_new_session"], feed.more["close_fds"]) == ("/", True, True)
    assert desk.paths.log.stat().st_mode & 0o777 == 0o600


def test_one_is_enough(desk: Desk) -> None:
    for _ in range(5):
        desk.keeper.tend()
    assert len(desk.started) == 1


def test_somebody_elses_feed_is_enough(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    del monkeypatch, tmp_path
    lock = Lock(desk.paths.feed_lock, "alone")
    assert lock.take()
    desk.dies(0, 3.0)
    assert len(desk.started) == 1
    lock.release()
    desk.keeper.tend()
    assert len(desk.started) == 2


def test_a_feed_that_dies_young_is_tried_again_after_10_60_and_300_seconds(desk: Desk) -> None:
    for count, pause in enumerate((10, 60, 300, 300), start=1):
        desk.dies(1, 2.0, f"trouble number {count}\n\n")
        assert desk.keeper.problem == f"the feed stopped: trouble number {count}"
        desk.now += pause - 0.5
        desk.keeper.tend()
        assert len(desk.started) == count
        desk.now += 0.6
        desk.keeper.tend()
        assert len(desk.started) == count + 1


@pytest.mark.parametrize(("code", "lived"), [(0, 1.0), (1, 11.0)])
def test_a_feed_that_ended_in_order_or_lived_is_started_again_at_once(desk: Desk, code: int, lived: float) -> None:
    desk.dies(code, lived)
    assert desk.keeper.problem is None
    assert len(desk.started) == 2


def test_a_feed_that_cannot_be_started_is_said_and_rests(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> Process:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    desk.dies(0, 1.0)
    assert desk.keeper.problem == "the feed could not be started: Resource temporarily unavailable"
    monkeypatch.setattr(subprocess, "Popen", desk.start)
    desk.keeper.tend()
    assert len(desk.started) == 1
    desk.now += 10.1
    desk.keeper.tend()
    assert len(desk.started) == 2


def test_only_an_own_feed_ends_with_its_screen(desk: Desk) -> None:
    desk.keeper.close()
    assert desk.started[0].ended == []
    demo = FeedKeeper(desk.paths, ["feed"], own=True)
    demo.tend()
    demo.close()
    assert desk.started[1].ended == ["terminate"]


def test_the_state_folder_is_private(desk: Desk) -> None:
    assert os.stat(desk.paths.state).st_mode & 0o777 == 0o700


def test_where_no_log_can_be_written_the_feed_is_started_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    store = tmp_path / "store"
    store.mkdir()
    made = Desk(default_paths(store))
    monkeypatch.setattr(subprocess, "Popen", made.start)
    made.keeper.tend()
    assert len(made.started) == 1
    assert made.keeper.problem is None
