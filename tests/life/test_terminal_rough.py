"""Rough handling: sizes that storm, bytes that are no keys, a line that takes nothing any more."""

import fcntl
import os
import random
import select
import signal
import struct
import termios
from pathlib import Path

import pytest

from tapewatch.core import channel
from tapewatch.core.clock import elapsed

from .. import builders
from .conftest import House
from .test_terminal_signals import given_back
from .tty import Tty, ended, wait_until

SMALLEST, LARGEST = (10, 3), (400, 200)
SIZES = [SMALLEST, (1, 1), LARGEST, (80, 24), (60, 16), (200, 60), (10, 50), (400, 3)]


def drain(tty: Tty) -> None:
    while tty.take():
        pass


def storm(tty: Tty, times: int) -> None:
    """One size after another, the terminal read meanwhile as terminals do."""
    for number in range(times):
        tty.resize(*SIZES[number % len(SIZES)])
        tty.send(signal.SIGWINCH)
        drain(tty)


@pytest.mark.parametrize("times", [60, pytest.param(3000, marks=pytest.mark.long)])
def test_a_storm_of_sizes_ends_in_a_whole_screen(house: House, times: int) -> None:
    with house.shown() as tty:
        storm(tty, times)
        mark = len(tty.raw)
        tty.resize(100, 30)
        tty.read(lambda: "quit" in tty.text(mark).split("\n")[29] and "6,664.01" in tty.text(mark))
        tty.press("q")
        assert tty.end() == 0
        given_back(tty, f"{times} sizes from {SMALLEST[0]}x{SMALLEST[1]} to {LARGEST[0]}x{LARGEST[1]}")


@pytest.mark.parametrize("size", [SMALLEST, (1, 1), LARGEST])
def test_it_starts_and_quits_in_any_size(house: House, size: tuple[int, int]) -> None:
    with house.screen(size=size) as tty:
        tty.read(lambda: b"?2026$p" in tty.raw)
        tty.press("q")
        assert tty.end() == 0
        given_back(tty, f"{size[0]}x{size[1]} cells")


def rubbish(count: int) -> bytes:
    """Bytes no keyboard sends: half sequences, wrong UTF-8, long numbers, pastes without an end; no key that quits."""
    chance = random.Random(17)
    shapes = (
        b"\x1b[", b"\x1b[999999999999;1H", b"\x1b]52;c;", b"\x1bP1$r", b"\xff\xfe", b"\xc3", b"\x1b[<0;99999;99999M",
        b"\x1b[M\xff\xff\xff", b"\x1b[200~", b"\x1b[201~", b"\x1b[1;1;1;1u", b"\x1b[?2026;2$y", b"\x1b[27;5;999999~",
        b"\x1b[57441u", b"\x1b\x1b\x1b", b"\x00", b"\x1b[48;1;1;1;1t", b"\x1b[?2048;9$y", b"\x1b[I", b"\x1b[O",
        b"\x1b[<-1;-1;-1m",
    )  # fmt: skip
    random_bytes = (bytes(one for one in chance.randbytes(6) if one not in b"qQ\r\x03\x1a") for _ in range(count))
    return b"".join(chance.choice(shapes) + more for more in random_bytes)


@pytest.mark.parametrize("count", [200, pytest.param(20000, marks=pytest.mark.long)])
def test_bytes_that_are_no_keys_are_passed_over(house: House, count: int) -> None:
    with house.shown() as tty:
        waiting = rubbish(count)
        while waiting:
            waiting = waiting[os.write(tty.master, waiting[:256]) :]
            drain(tty)
            assert tty.process.poll() is None, tty.said_after()
        # whatever was begun is ended, whatever was opened is left
        tty.press(b"\x1b[201~\x1b\\")
        tty.send(signal.SIGTERM)
        assert tty.end() == 128 + signal.SIGTERM
        given_back(tty, f"{count} pieces of rubbish typed")


def test_a_terminal_that_takes_nothing_holds_no_memory_and_nobody_up(house: House) -> None:
    """The line is stuck: what is painted waits, nothing piles up, and a signal still ends it."""
    with house.shown() as tty:
        before = memory(tty.process.pid)
        for number in range(40):
            channel.publish(house.paths, builders.overview(counter=10 + number))
            tty.press("T\x0c" * 5)
            wait_until(lambda: True)
        stuck_at = memory(tty.process.pid)
        begun = elapsed()
        tty.send(signal.SIGTERM)
        code, _ = ended(tty.process)
        assert code == 128 + signal.SIGTERM
        assert elapsed() - begun < 30.0
        assert stuck_at - before < 60_000_000
        drain(tty)
        given_back(tty, "SIGTERM with a stuck line")


def test_a_line_that_was_stuck_goes_on_where_it_was(house: House) -> None:
    with house.shown() as tty:
        tty.press("T\x0c" * 60)
        wait_until(lambda: asleep(tty.process.pid))
        tty.read(lambda: not tty.take(0.3))
        mark = len(tty.raw)
        tty.press("?")
        tty.read(lambda: len(tty.raw) > mark)
        tty.press("q")
        assert tty.end() == 0
        given_back(tty, "a stuck line that comes back")


def memory(pid: int) -> int:
    """Resident bytes."""
    if not Path(f"/proc/{pid}/statm").exists():
        pytest.skip("what memory a process has is not to be seen here")
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def asleep(pid: int) -> bool:
    """Whether every thread of a process waits for something."""
    tasks = Path(f"/proc/{pid}/task")
    if not tasks.exists():
        pytest.skip("what a process does is not to be seen here")
    return all(" S " in (one / "stat").read_text() for one in tasks.iterdir())


@pytest.mark.parametrize("times", [15, pytest.param(300, marks=pytest.mark.long)])
def test_commands_closed_while_they_are_still_looked_for_are_no_bug(house: House, times: int) -> None:
    """Ctrl+P and Esc in one breath, again and again."""
    with house.shown() as tty:
        for number in range(times):
            tty.press("\x10" + "q"[: number % 2])
            tty.take(0.01 * (number % 5))
            tty.press(b"\x1b[27u")
            drain(tty)
            assert tty.process.poll() is None, tty.said_after()
        tty.send(signal.SIGTERM)
        assert tty.end() == 128 + signal.SIGTERM
        given_back(tty, "commands opened and closed in one breath")


def wait_until_quiet(tty: Tty) -> None:
    """Until nothing has come for a while: the start is over."""
    while tty.take(0.5):
        pass


def shaken(tty: Tty, away: tuple[int, int]) -> None:
    mark, size = len(tty.raw), tty.size
    tty.resize(*away)
    tty.resize(*size)
    tty.read(lambda: "6,664.01" in tty.text(mark) and "quit" in tty.text(mark).split("\n")[size[1] - 1])


@pytest.mark.parametrize("away", [(80, 24), (200, 60)])
def test_a_size_that_was_another_for_a_moment_leaves_a_whole_screen(house: House, away: tuple[int, int]) -> None:
    """What the terminal made of its picture meanwhile nobody knows: every cell is painted again."""
    with house.shown() as tty:
        tty.read(lambda: "quit" in tty.text().split("\n")[39])
        wait_until_quiet(tty)
        shaken(tty, away)
        wait_until_quiet(tty)
        shaken(tty, away)
        tty.press("q")
        assert tty.end() == 0
        given_back(tty, f"{away[0]}x{away[1]} for a moment")


@pytest.mark.long
def test_a_terminal_that_says_it_is_endless_costs_no_gigabytes(house: House) -> None:
    """Nobody paints here what it sends: an emulator of that size is slower than the monitor."""
    with house.shown() as tty:
        fcntl.ioctl(tty.master, termios.TIOCSWINSZ, struct.pack("HHHH", 65535, 65535, 0, 0))
        tty.press(b"\x1b[48;99999999999;99999999;0;0t\x1b[48;0;0;0;0t\x1b[48;1;1;1;1t")
        begun = elapsed()
        while elapsed() - begun < 6.0:
            if select.select([tty.master], [], [], 0.05)[0]:
                os.read(tty.master, 65536)
        assert memory(tty.process.pid) < 500_000_000
        tty.press("q")
        while tty.process.poll() is None and elapsed() - begun < 60.0:
            if select.select([tty.master], [], [], 0.05)[0]:
                os.read(tty.master, 65536)
        assert tty.process.returncode == 0
