"""`tapewatch replay` on a terminal: its week, its keys, its private folder, and the store it only reads."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from tapewatch.cli import run
from tapewatch.core.bars import Bars
from tapewatch.core.clock import wall
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.sessions import trading_days
from tapewatch.core.store.bars import save_bars
from tapewatch.core.store.schema import connect

from ..fake_yahoo import FakeYahoo
from ..market import rows, tree, walk
from .terminal import Terminal
from .test_processes import wait_for
from .test_screens import end_feed

USAGE, NOTHING = 2, 4
DAYS = trading_days("XNYS", date(2025, 1, 2), date(2025, 10, 15))


def made(seed: int) -> Bars:
    bars = walk(seed, len(DAYS))
    days = np.array(DAYS, "datetime64[D]")
    return Bars.columns(days, bars.open, bars.high, bars.low, bars.close, bars.volume)


@pytest.fixture
def store(tmp_path: Path) -> Paths:
    """Two made indices up to a Wednesday."""
    paths = default_paths(tmp_path / "store")
    database = connect(paths.database)
    for seed, symbol in enumerate(("^GSPC", "^RUT")):
        taken = datetime(2025, 10, 16, tzinfo=UTC)
        save_bars(database, symbol, rows(made(seed)), source="file", state="final", taken_at=taken)
    database.close()
    return paths


@pytest.fixture
def home(tmp_path: Path) -> Iterator[dict[str, str]]:
    (tmp_path / "private").mkdir()
    places = {name: str(tmp_path / name) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    with FakeYahoo({}, {}, wall) as service:
        yield {**service.environment(), **places, "HOME": str(tmp_path), "TMPDIR": str(tmp_path / "private")}


def private(home: dict[str, str]) -> list[str]:
    """The private folders of replays that are there."""
    return [name for name in os.listdir(home["TMPDIR"]) if name.startswith("tapewatch-replay-")]


def close_of(day: date) -> str:
    bars = made(0)
    return f"{bars.close[DAYS.index(day)]:,.2f}"


def test_a_week_is_stepped_through_and_nothing_is_left_or_written(store: Paths, home: dict[str, str]) -> None:
    before = tree(store.store)
    with Terminal("replay", "2025-10-07", "--store", str(store.store), environment=home) as screen:
        screen.until("Tue 7 Oct 2025, after the close", 40.0)
        assert "REPLAY" in screen.text()
        screen.until(close_of(date(2025, 10, 7)))
        assert len(private(home)) == 1
        screen.press("\x1b[C")
        screen.until("Wed 8 Oct 2025")
        screen.until(close_of(date(2025, 10, 8)))
        screen.press("[")
        screen.until("Fri 3 Oct 2025")
        screen.press("]")
        screen.until("Fri 10 Oct 2025")
        screen.press(" ")
        screen.until("Wed 15 Oct 2025")  # played to the end
        screen.until("paused")
        screen.press("\x1b[C")
        screen.until("This is the last session stored.")
        screen.press("q")
        screen.read(10.0, lambda: screen.status is not None)
        assert screen.status == 0
    assert private(home) == []
    assert tree(store.store) == before


def test_without_a_date_it_is_the_last_complete_week(store: Paths, home: dict[str, str]) -> None:
    with Terminal("replay", "--store", str(store.store), size=(80, 24), environment=home) as screen:
        screen.until("Mon 6 Oct 2025", 40.0)


def test_a_screen_that_is_killed_leaves_no_folder_for_long(store: Paths, home: dict[str, str]) -> None:
    with Terminal("replay", "--store", str(store.store), environment=home) as screen:
        screen.until("Mon 6 Oct 2025", 40.0)
        screen.send(signal.SIGKILL)
        screen.read(5.0, lambda: screen.status is not None)
    wait_for(lambda: private(home) == [])


def test_from_the_monitor_to_the_week_before_and_back(store: Paths, home: dict[str, str]) -> None:
    with Terminal("--store", str(store.store), environment=home) as screen:
        screen.until(close_of(DAYS[-1]), 40.0)
        screen.press("[")
        screen.until("Fri 10 Oct 2025, after the close")
        assert len(private(home)) == 1
        screen.press("\x1b")
        screen.read(5.0, lambda: "REPLAY" not in screen.text())
        assert "REPLAY" not in screen.text()
        screen.until(close_of(DAYS[-1]))
        screen.press("q")
        screen.read(10.0, lambda: screen.status is not None)
        assert screen.status == 0
    assert private(home) == []
    end_feed(store)


@pytest.mark.parametrize(
    ("week", "code", "words"),
    [
        ("October", USAGE, "'October' is not a date"),
        ("9999-01-04", USAGE, "in the future"),
        ("1999-01-04", NOTHING, "no bars of the week of 1999-01-04"),
        ("0001-01-03", NOTHING, "no bars of the week of 0001-01-01"),
        ("2025-10-22", NOTHING, "no bars of the week of 2025-10-20"),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(
    store: Paths, capsys: pytest.CaptureFixture[str], week: str, code: int, words: str
) -> None:
    assert run(["replay", week, "--store", str(store.store)]) == code
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_without_a_store_there_is_nothing_and_none_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["replay", "--store", str(tmp_path / "none")]) == NOTHING
    assert "no bars yet in" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_in_a_pipe_it_says_what_to_use_instead(store: Paths, home: dict[str, str]) -> None:
    found = subprocess.run(
        [sys.executable, "-P", "-m", "tapewatch", "replay", "--store", str(store.store)], env=os.environ | home,
        capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert found.returncode == USAGE
    assert "needs a terminal" in found.stderr
    assert private(home) == []
