"""Screens on real terminals: one feed for all of them, nothing lost when one goes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tapewatch.core.channel import feed_holder, is_watched, read_snapshot
from tapewatch.core.clock import elapsed, wall
from tapewatch.core.paths import Paths, default_paths

from ..fake_yahoo import FakeYahoo
from .terminal import Terminal
from .test_processes import wait_for


@pytest.fixture
def service() -> Iterator[FakeYahoo]:
    with FakeYahoo({}, {}, wall) as made:
        yield made


@pytest.fixture
def home(tmp_path: Path, service: FakeYahoo) -> dict[str, str]:
    places = {name: str(tmp_path / name) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    return {**service.environment(), **places, "HOME": str(tmp_path)}


def end_feed(paths: Paths) -> None:
    holder = feed_holder(paths)
    if holder is not None:
        os.kill(int(holder.split()[1].rstrip(",")), signal.SIGTERM)
        wait_for(lambda: feed_holder(paths) is None)


def test_two_screens_of_one_user_have_one_feed(tmp_path: Path, home: dict[str, str], service: FakeYahoo) -> None:
    paths = default_paths(tmp_path / "store")
    with Terminal("--store", str(paths.store), environment=home) as one:
        one.read(15.0, lambda: feed_holder(paths) is not None and service.count("spark") > 0)
        first = feed_holder(paths)
        assert first is not None
        with Terminal("--store", str(paths.store), environment=home) as other:
            other.read(7.0)
            assert feed_holder(paths) == first
            other.press("q")
            other.read(5.0, lambda: other.status is not None)
            assert other.status == 0
        assert is_watched(paths)
        assert service.count("spark") == 1
        one.send(signal.SIGHUP)
        one.read(5.0, lambda: one.status is not None)
        assert one.status is not None
    # the terminal is gone, the feed is not
    assert feed_holder(paths) == first
    end_feed(paths)


def reachable_for(user: int) -> bool:
    command = [sys.executable, "-P", "-c", "import tapewatch.tui.app"]
    try:
        return subprocess.run(command, user=user, cwd="/", capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_shared_store_serves_another_user_with_the_same_feed(
    tmp_path: Path, home: dict[str, str], service: FakeYahoo
) -> None:
    nobody = 65534
    if not reachable_for(nobody):
        pytest.skip("the other user cannot reach this Python or this program")
    for folder in (tmp_path, *tmp_path.parents):
        if not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o055)
        if folder == Path("/tmp"):
            break
    paths = default_paths(tmp_path / "store")
    paths.store.mkdir(mode=0o755)
    feed = subprocess.Popen(
        [sys.executable, "-P", "-m", "tapewatch", "feed", "--service", "--store", str(paths.store)],
        env=os.environ | home, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(lambda: read_snapshot(paths) is not None)
        before = sorted(os.listdir(paths.store))
        other = tmp_path / "other"
        other.mkdir()
        os.chown(other, nobody, nobody)
        theirs = home | {name: str(other) for name in home if name.startswith("XDG") or name == "HOME"}
        with Terminal("--store", str(paths.store), environment=theirs, user=nobody) as screen:
            screen.until("yahoo", 20.0)
            screen.read(7.0)
            assert is_watched(paths)
            screen.press("r")
            screen.until("takes no requests", 5.0)
            screen.press("q")
            screen.read(5.0, lambda: screen.status is not None)
            assert screen.status == 0
        assert str(feed.pid) in (feed_holder(paths) or "")
        assert sorted(os.listdir(paths.store)) == before
        assert service.count("spark") <= 1
    finally:
        feed.terminate()
        feed.wait()


def test_the_demo_paints_prices_marks_itself_and_gives_the_terminal_back(home: dict[str, str]) -> None:
    with Terminal("demo", environment=home) as screen:
        screen.until("RUT", 40.0)
        screen.until("not real prices")
        assert "DEMO" in screen.text()
        assert "Traceback" not in screen.text()
        begun = elapsed()
        screen.press("q")
        screen.read(10.0, lambda: screen.status is not None)
        assert screen.status == 0
        assert elapsed() - begun < 10.0
        # the alternate screen was left and the cursor shown again
        assert b"\x1b[?1049l" in screen.raw
        assert screen.raw.rindex(b"\x1b[?25h") > screen.raw.rindex(b"\x1b[?1049h")


def test_without_a_terminal_the_monitor_says_what_to_use_instead(home: dict[str, str]) -> None:
    found = subprocess.run(
        [sys.executable, "-P", "-m", "tapewatch", "demo"], env=os.environ | home, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert found.returncode == 2
    assert "needs a terminal" in found.stderr
    assert found.stdout == ""
