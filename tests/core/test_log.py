"""The log takes every line whole, counts what is too much, tells no secret, and stops nobody."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core import log as logging
from tapewatch.core.log import Entry, Log, debug, error, last_words, older, open_log, recorded, visible, warning

LINE = re.compile(r"(\S+)Z (error|warning|info|debug) (feed|screen)\[(\d+)\] (.*)")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "tapewatch.log"


@pytest.fixture
def minutes(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The wall's minutes since a Friday afternoon, moved by hand."""
    passed = [0.0]
    begun = datetime(2025, 10, 17, 18, 16, 30, 250_000, tzinfo=UTC)
    monkeypatch.setattr(logging, "wall", lambda: begun + timedelta(minutes=passed[0]))
    return passed


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    """A log that is large soon."""
    monkeypatch.setattr(logging, "LARGEST", 2000)
    return 2000


def words(path: Path) -> list[str]:
    """What each line says, every line of a form."""
    found = [LINE.fullmatch(line) for line in path.read_text().splitlines()]
    assert all(found), path.read_text()
    return [one[5] for one in found if one]


def test_a_line_says_when_how_bad_who_and_what(file: Path, minutes: list[float]) -> None:
    del minutes
    log = Log(file)
    log("feed started")
    log(warning("time-out"))
    log.close()
    assert file.read_text() == (
        f"2025-10-17T18:16:30.250Z info feed[{os.getpid()}] feed started\n"
        f"2025-10-17T18:16:30.250Z warning feed[{os.getpid()}] time-out\n"
    )
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_demo_tells_the_markets_time_beside_the_walls(file: Path) -> None:
    log = Log(file, market=lambda: datetime(2026, 11, 23, 19, 2, 11, tzinfo=UTC))
    log("no answer")
    log.close()
    assert words(file) == ["no answer (market 2026-11-23 14:02:11 ET)"]


@pytest.mark.parametrize(("level", "kept"), [("error", 1), ("warning", 2), ("info", 3), ("debug", 4)])
def test_a_level_takes_itself_and_all_worse(file: Path, level: str, kept: int) -> None:
    log = Log(file, level)
    for one in (error("e"), warning("w"), "i", debug("d")):
        log(one)
    log.close()
    assert words(file) == ["e", "w", "i", "d"][:kept]


@given(st.text())
def test_whatever_is_said_stays_one_visible_line(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    assert len(shown) <= 10 * logging.LONGEST + 40


def test_a_megabyte_is_cut_and_counted() -> None:
    assert visible("x" * 1_000_000) == "x" * 2000 + "… (998,000 characters more)"


def test_a_line_that_comes_again_is_counted(file: Path, minutes: list[float]) -> None:
    log = Log(file)
    for _ in range(41):
        log("time-out")
    log("better now")
    for _ in range(3):
        log("time-out")
    log.close()
    del minutes
    assert words(file) == [
        "time-out", "the line before came 40 times more", "better now",
        "time-out", "the line before came 2 times more",
    ]  # fmt: skip


def test_what_goes_on_for_hours_is_said_every_ten_minutes(file: Path, minutes: list[float]) -> None:
    log = Log(file)
    for step in range(60):
        minutes[0] = step / 2
        log("the disk is full")
    log.close()
    said = words(file)
    assert said[:3] == ["the disk is full", "the line before came 19 times more", "the disk is full"]
    assert said.count("the disk is full") == 3


def test_a_flood_is_bounded_a_level_a_minute(file: Path, minutes: list[float]) -> None:
    log = Log(file)
    for number in range(5000):
        log(f"bar {number}")
    log(error("and this is why"))
    minutes[0] = 1.0
    log("quiet again")
    log.close()
    said = words(file)
    assert len(said) == logging.MOST + 3
    assert said[-3:] == ["and this is why", "4,700 lines of this level left out", "quiet again"]


def test_a_large_log_is_put_aside_and_one_older_kept(file: Path, small: int) -> None:
    log = Log(file)
    for number in range(200):
        log(f"line {number}")
    log.close()
    assert sorted(one.name for one in file.parent.iterdir()) == ["tapewatch.log", "tapewatch.log.1"]
    assert max(file.stat().st_size, older(file).stat().st_size) < small + 200
    both = words(older(file)) + words(file)
    assert both[-1] == "line 199"
    assert both == [f"line {number}" for number in range(200 - len(both), 200)]


def test_the_others_go_on_in_the_new_file(file: Path, small: int) -> None:
    feed, screen = Log(file, who="feed"), Log(file, who="screen")
    screen("here")
    for number in range(small // 60):
        feed(f"line {number}")
    screen("still here")
    assert words(file)[-1] == "still here"
    file.unlink()
    feed("and after somebody deleted it")
    assert words(file) == ["and after somebody deleted it"]


def _many_lines(path: str, who: int) -> None:
    log = Log(Path(path))
    for number in range(200):
        log(f"{who} says {number} " + "x" * 100)


def test_many_processes_write_whole_lines_into_one_log(file: Path) -> None:
    spawn = get_context("fork")
    writers = [spawn.Process(target=_many_lines, args=(str(file), who)) for who in range(4)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    said = words(file)
    assert len(said) == 800
    for who in range(4):
        assert [line.split()[2] for line in said if line.startswith(f"{who} ")] == [str(n) for n in range(200)]


def test_a_disk_that_is_full_stops_nobody_and_is_counted(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log(file)
    log("before")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)
        for number in range(7):
            log(f"lost {number}")
    log("after")
    log.close()
    assert words(file) == ["before", "7 lines could not be written", "after"]


def test_a_torn_line_does_not_swallow_the_next(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, whole = Log(file), os.write
    with monkeypatch.context() as disk:

        def ten(handle: int, content: bytes) -> int:
            return whole(handle, content[:10])

        disk.setattr(os, "write", ten)
        log("torn")
    log("whole")
    log.close()
    assert LINE.fullmatch(file.read_text().splitlines()[-1])


@pytest.mark.parametrize("there", ["folder", "link", "pipe", "file for a folder"])
def test_a_log_that_cannot_be_a_file_stops_nobody(tmp_path: Path, there: str) -> None:
    file = tmp_path / "state" / "tapewatch.log"
    if there == "file for a folder":
        (tmp_path / "state").write_text("")
    else:
        file.parent.mkdir()
        target = tmp_path / "target"
        target.write_text("mine")
        if there == "folder":
            file.mkdir()
        elif there == "link":
            file.symlink_to(target)
        else:
            os.mkfifo(file)
    log = Log(file)
    log("nobody reads this")
    with recorded(log):
        log("nor this")
    if there == "link":
        assert (tmp_path / "target").read_text() == "mine"


def test_no_secret_is_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://jane:corr%40ct@proxy.desk:3128")
    log = Log(file)
    log("Failed to perform https://query1.example/v8/finance/chart/^RUT?range=5d&crumb=Ab1.xYz: proxy said corr@ct")
    log.close()
    said = file.read_text()
    assert not re.search(r"corr@ct|corr%40ct|Ab1\.xYz", said)
    assert "range=5d" in said


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"", None), (b"\n \n", None), (b"one\ntwo\n\n", "two"), (b"\xff\xfe bad", "\ufffd\ufffd bad"),
     (b"x" * 9000 + b"\nlast", "last"),
     (b"2025-10-17T18:16:30.250Z error feed[7] the store is gone\n", "the store is gone"),
     (b"2025-10-17T18:16:30.250Z error feed[7] dead\n2025-10-17T18:16:31.000Z info screen[8] bye\n", "dead")],
)  # fmt: skip
def test_the_last_words_of_a_feed_are_its_own(tmp_path: Path, content: bytes, line: str | None) -> None:
    log = tmp_path / "log"
    log.write_bytes(content)
    assert last_words(log) == line
    assert last_words(tmp_path / "none") is None


# -- a process whose standard error is the log ------------------------------------------------------------

PROGRAM = """
import sys, threading, warnings
from pathlib import Path
from tapewatch.core import log as logging
from tapewatch.core.log import Log, recorded
logging.LARGEST = 3000
def fault(): raise KeyError("in a thread")
with recorded(Log(Path(sys.argv[1]), echo=True)) as log:
    for number in range(60): log(f"line {number}")
    worker = threading.Thread(target=fault)
    worker.start(); worker.join()
    print("a library prints", file=sys.stderr, flush=True)
    if sys.argv[2] == "bug": raise ZeroDivisionError("a bug")
    import ctypes; ctypes.string_at(0)
"""


def run(file: Path, how: str) -> subprocess.CompletedProcess[bytes]:
    """A process that is given the log as its outputs, as a screen starts its feed."""
    handle = open_log(file)
    try:
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, str(file), how], stdout=handle, stderr=handle, check=False
        )  # fmt: skip
    finally:
        os.close(handle)


def lines(file: Path) -> Iterator[str]:
    for path in (older(file), file):
        yield from path.read_text().splitlines()


def test_bugs_threads_and_prints_end_in_the_log_that_was_rotated_under_them(file: Path) -> None:
    assert run(file, "bug").returncode == 1
    said = list(lines(file))
    assert sum("line 59" in line for line in said) == 1, "echoed into itself"
    assert any("KeyError: 'in a thread'" in line for line in said)
    assert "a library prints" in file.read_text().splitlines(), "the old file was still written"
    assert last_words(file) == "ZeroDivisionError: a bug"


def test_a_crash_inside_a_library_leaves_its_stack(file: Path) -> None:
    assert run(file, "crash").returncode < 0
    assert "Fatal Python error: Segmentation fault" in file.read_text()


def test_an_exception_is_written_and_goes_on(file: Path) -> None:
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    with pytest.raises(LookupError), recorded(Log(file)):
        raise LookupError("lost")
    assert words(file)[-1] == "LookupError: lost"
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


def test_an_entry_is_its_words() -> None:
    assert Entry("time-out", "warning") == "time-out"
    assert (warning("x").level, error("x").level, debug("x").level) == ("warning", "error", "debug")
