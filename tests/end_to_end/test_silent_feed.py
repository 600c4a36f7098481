"""A screen whose feed is stopped in the middle of a session, on a real terminal: nothing of it looks alive."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tapewatch.core import channel
from tapewatch.core.channel import Lock, feed_holder
from tapewatch.core.clock import wall
from tapewatch.core.model.snapshot import ClockReading, Snapshot
from tapewatch.core.paths import Paths, default_paths

from ..core.test_silence import friday
from ..laboratory import ledger
from .terminal import Terminal

PATIENCE = 90.0


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Folders of a user of his own; the demo's store lies in them too."""
    places = {name: str(tmp_path / name) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return {**places, "HOME": str(tmp_path), "TMPDIR": str(scratch)}


@pytest.fixture
def fed(tmp_path: Path) -> Iterator[Paths]:
    """A store whose feed holds its lock and says no more."""
    paths = default_paths(tmp_path / "store")
    paths.store.mkdir()
    paths.requests.mkdir()
    lock = Lock(paths.feed_lock, "alone")
    assert lock.take()
    lock.note(f"pid {os.getpid()}, version 0, default settings")
    yield paths
    lock.release()


def at_rate(rate: float, passed: timedelta = timedelta()) -> Snapshot:
    """Noon of Friday as it was published so long ago, its time passing at a rate."""
    shot = friday()
    read_at = wall() - passed / max(rate, 1.0)
    return replace(shot, clock=ClockReading(now=shot.clock.now, rate=rate, read_at=read_at))


def until(screen: Terminal, *words: str) -> str:
    """Wait until all of these words are on the screen at once."""
    screen.read(PATIENCE, lambda: all(word in screen.text() for word in words))
    text = screen.text()
    assert [word for word in words if word not in text] == [], text
    return text


def is_moving(text: str) -> bool:
    """Whether SPX shows a change on the day: a price that is old shows none."""
    row = next(line for line in text.splitlines() if "S&P 500" in line)
    return any(sign in row.split("S&P 500")[1][:36] for sign in "+−")


def test_left_open_on_a_dead_feed_the_words_go_from_live_to_old_and_the_chip_to_closed(
    fed: Paths, home: dict[str, str]
) -> None:
    # four market minutes a second: stale after four, the bell after a minute
    channel.publish(fed, at_rate(240.0))
    with Terminal("--store", str(fed.store), environment=home, size=(120, 40)) as screen:
        assert is_moving(until(screen, "OPEN", "closes in", "same-day direction", "S&P 500"))
        old = until(screen, "OPEN", "RUT has been silent since 12:00 ET", "1 ?")
        assert not is_moving(old)
        # eight hours on: post-market is over too
        channel.publish(fed, replace(at_rate(1.0, timedelta(hours=8, minutes=10)), version=(1, 2)))
        closed = until(screen, "CLOSED", "feed silent", "the feed has said nothing since 12:00 ET")
        assert "OPEN" not in closed
        assert "closes in" not in closed
    ledger.note("freshness", "a dead feed on a terminal: late, old, closed", count=3)


def test_the_age_in_the_header_grows_while_the_feed_says_nothing(fed: Paths, home: dict[str, str]) -> None:
    channel.publish(fed, at_rate(1.0, timedelta(minutes=7)))
    with Terminal("--store", str(fed.store), environment=home, size=(80, 24)) as screen:
        until(screen, "OPEN", "7 min old", "the feed has said nothing since 12:00 ET")
        channel.publish(fed, replace(at_rate(1.0, timedelta(minutes=77)), version=(1, 2)))
        until(screen, "OPEN", "1 h 1", "min old", "the feed has said nothing")
        # the feed is back
        alive = at_rate(1.0)
        channel.publish(fed, replace(alive, version=(1, 3)))
        screen.read(PATIENCE, lambda: "has said nothing" not in screen.text())
        assert "has said nothing" not in until(screen, "OPEN", " s old", "+0.53")
    ledger.note("freshness", "the header's age grows without a feed", count=3)


@pytest.mark.long
def test_a_feed_that_is_stopped_and_continued(tmp_path: Path, home: dict[str, str]) -> None:
    """SIGSTOP in the middle of the demo's session: flags turn unknown, the bell rings; SIGCONT: all is well again."""
    with Terminal("demo", "--rate", "600", environment=home, size=(120, 40)) as screen:
        until(screen, "OPEN", "closes in", "+")
        folder = next((tmp_path / "scratch").glob("tapewatch-demo-*"))
        holder = feed_holder(default_paths(folder))
        assert holder is not None
        feed = int(holder.split()[1].rstrip(","))
        os.kill(feed, signal.SIGSTOP)
        try:
            stopped = until(screen, "POST")
            assert "OPEN" not in stopped
            assert "closes in" not in stopped
            assert not is_moving(stopped)
        finally:
            os.kill(feed, signal.SIGCONT)
        until(screen, "OPEN", "closes in", "S&P 500")
        screen.read(PATIENCE, lambda: is_moving(screen.text()))
        assert is_moving(screen.text())
    ledger.note("freshness", "SIGSTOP and SIGCONT of a feed under a screen", count=1)
