"""Feeds as processes: killed, doubled, shared; against the real client and the fake service."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tapewatch.core.channel import feed_holder, is_watched, read_snapshot
from tapewatch.core.clock import elapsed, wall
from tapewatch.core.paths import Paths, default_paths

from ..fake_yahoo import FakeYahoo, troubles
from ..fake_yahoo.market import FiveMinuteBar

PATIENCE = 30.0


def wait_for(what: Callable[[], bool]) -> None:
    """Wait for something that happens in another process, at most half a minute."""
    begun = elapsed()
    while not what():
        assert elapsed() - begun < PATIENCE, "it did not happen"
        time.sleep(0.05)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return default_paths(tmp_path / "store")


@pytest.fixture
def service() -> Iterator[FakeYahoo]:
    bars: dict[str, list[FiveMinuteBar]] = {}
    with FakeYahoo({}, bars, wall) as made:
        yield made


@pytest.fixture
def start(tmp_path: Path, service: FakeYahoo) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts `tapewatch` with arguments; what still runs at the end is killed."""
    begun: list[subprocess.Popen[str]] = []
    home = {
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }

    def run(*arguments: str) -> subprocess.Popen[str]:
        made = subprocess.Popen(
            [sys.executable, "-P", "-m", "tapewatch", *arguments],
            env=os.environ | service.environment() | home,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        begun.append(made)
        return made

    yield run
    for process in begun:
        process.kill()
        process.communicate()


def test_a_feed_killed_in_a_pause_is_followed_by_one_that_stays_silent(
    paths: Paths, service: FakeYahoo, start: Callable[..., subprocess.Popen[str]]
) -> None:
    """429 with Retry-After, kill -9, a new feed: nothing is sent until the pause ends, and then it is."""
    service.trouble(troubles.too_many("6"), nth=1)
    first = start("feed", "--service", "--store", str(paths.store))
    wait_for(lambda: service.count() > 0 and paths.snapshot.exists())
    wait_for(lambda: (shot := read_snapshot(paths)) is not None and shot.health.paused_until is not None)
    first.send_signal(signal.SIGKILL)
    first.wait()
    sent, paused = service.count(), service.requests[0].at + timedelta(seconds=6)
    assert sent == 1
    start("feed", "--service", "--store", str(paths.store))
    wait_for(lambda: service.count() > sent)
    assert service.requests[sent].at >= paused - timedelta(milliseconds=50)


def test_a_second_feed_names_the_first_and_leaves(paths: Paths, start: Callable[..., subprocess.Popen[str]]) -> None:
    first = start("feed", "--service", "--store", str(paths.store))
    wait_for(lambda: feed_holder(paths) is not None)
    second = start("feed", "--store", str(paths.store))
    _, said = second.communicate(timeout=PATIENCE)
    assert second.returncode == 0
    assert f"pid {first.pid}" in said
    # a feed is no screen: nobody watches
    assert not is_watched(paths)
    first.terminate()
    assert first.wait(timeout=PATIENCE) == 0
    assert feed_holder(paths) is None


def test_a_snapshot_of_a_newer_program_is_left_as_it_is(
    paths: Paths, start: Callable[..., subprocess.Popen[str]]
) -> None:
    paths.store.mkdir()
    paths.snapshot.write_text('{"schema": 99}')
    feed = start("feed", "--store", str(paths.store))
    _, said = feed.communicate(timeout=PATIENCE)
    assert feed.returncode == 1
    assert "newer tapewatch" in said
    assert paths.snapshot.read_text() == '{"schema": 99}'


def test_no_network_is_one_sentence_and_a_next_try(paths: Paths, start: Callable[..., subprocess.Popen[str]]) -> None:
    feed = start("feed", "--service", "--store", str(paths.store))
    wait_for(lambda: (shot := read_snapshot(paths)) is not None and bool(shot.health.error))
    shot = read_snapshot(paths)
    assert shot is not None
    assert shot.health.last_success is None
    assert shot.health.next_try is not None
    feed.terminate()
    _, said = feed.communicate(timeout=PATIENCE)
    assert "Traceback" not in said


def test_fetch_without_anything_to_bring_is_exit_code_four(
    paths: Paths, service: FakeYahoo, start: Callable[..., subprocess.Popen[str]]
) -> None:
    service.trouble(troubles.too_many("600"))
    fetch = start("fetch", "--store", str(paths.store), "RUT")
    said, _ = fetch.communicate(timeout=PATIENCE)
    assert (fetch.returncode, "slowed down (429)" in said) == (4, True)
    before = service.count()
    again = start("fetch", "--store", str(paths.store), "RUT")
    said, _ = again.communicate(timeout=PATIENCE)
    assert (again.returncode, service.count()) == (4, before)
    assert "pause until" in said
