"""To the shell and back: a stopped monitor has given the terminal away, a continued one has all of it again."""

import os
import shutil
import signal
from collections.abc import Iterator

import pytest

from ..laboratory import ledger
from .conftest import House
from .tty import Tty, screen_of, shell

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")


@pytest.fixture
def at_shell(house: House) -> Iterator[Tty]:
    """A shell in which the monitor runs as a job."""
    with shell(house.environment) as tty:
        tty.press(f"{' '.join(screen_of(house.paths.store))}\n")
        tty.until("6,664.01")
        tty.read(lambda: b"?2026$p" in tty.raw)
        yield tty


def job(tty: Tty) -> int:
    """The monitor's process: the one in the terminal's foreground."""
    return os.tcgetpgrp(tty.master)


def stopped(tty: Tty, since: int) -> None:
    """Wait for the shell's prompt after a stop; nothing of the monitor may be left on then."""
    tty.read(lambda: b"Stopped" in tty.raw[since:] and tty.raw.endswith(b"ready> "))
    left = [one for one in tty.left_on() if one not in ("line discipline", "?2004h")]
    assert left == [], "bash has its own line discipline and paste mode; the rest was the monitor's"


def brought_back(tty: Tty) -> None:
    """The job in front again: every mode set anew, every cell painted anew, keys heard."""
    mark = len(tty.raw)
    tty.press("fg\n")
    tty.read(lambda: b"\x1b[?1049h" in tty.raw[mark:])
    tty.until("6,664.01", since=mark)
    for mode in (b"?1049h", b"?25l", b"?1000h", b"?1006h", b"?2004h", b"?1004h"):
        assert mode in tty.raw[mark:]
    tty.press("?")
    tty.read(lambda: "6,664.01" not in tty.text(mark))
    tty.press("?")
    tty.read(lambda: "6,664.01" in tty.text(mark))


def quits(tty: Tty, what: str, code: int = 0) -> None:
    """It ends and leaves the shell as it found it."""
    mark = len(tty.raw)
    tty.press("q")
    tty.read(lambda: b"?1049l" in tty.raw[mark:])
    # typed ahead of the shell's prompt, as people do: from here on the keys are the shell's
    tty.press("echo ended=$?.\n")
    tty.read(lambda: f"ended={code}.".encode() in tty.raw)
    tty.press("exit\n")
    tty.end()
    assert tty.left_on() == []
    ledger.note("life", what, said="", exit_code=code, restored="yes")


@pytest.mark.parametrize("how", ["key", "signal"])
def test_ctrl_z_gives_the_terminal_to_the_shell_and_fg_brings_all_of_it_back(at_shell: Tty, how: str) -> None:
    for _ in range(2):
        mark = len(at_shell.raw)
        if how == "key":
            at_shell.press("\x1a")
        else:
            os.kill(job(at_shell), signal.SIGTSTP)
        stopped(at_shell, mark)
        brought_back(at_shell)
    quits(at_shell, f"stopped by {how} and continued, twice")


def test_another_size_meanwhile_is_the_size_it_comes_back_in(at_shell: Tty) -> None:
    mark = len(at_shell.raw)
    at_shell.press("\x1a")
    stopped(at_shell, mark)
    at_shell.resize(100, 30)
    mark = len(at_shell.raw)
    at_shell.press("fg\n")
    at_shell.until("6,664.01", since=mark)
    at_shell.read(lambda: "quit" in at_shell.text(mark).split("\n")[29])
    quits(at_shell, "stopped, resized and continued")


def test_terminated_while_stopped_it_ends_without_touching_the_shells_terminal(at_shell: Tty) -> None:
    mark = len(at_shell.raw)
    pid = job(at_shell)
    at_shell.press("\x1a")
    stopped(at_shell, mark)
    mark = len(at_shell.raw)
    os.kill(pid, signal.SIGTERM)
    os.kill(pid, signal.SIGCONT)
    at_shell.press(f"wait {pid}; echo ended=$?.\n")
    at_shell.read(lambda: b"ended=143." in at_shell.raw[mark:])
    assert b"1049" not in at_shell.raw[mark:]
    at_shell.press("exit\n")
    at_shell.end()
    assert at_shell.left_on() == []
    ledger.note("life", "SIGTERM while stopped", said="", exit_code=143, restored="yes")


def test_stopped_hard_and_continued_it_sets_everything_anew(house: House) -> None:
    """SIGSTOP cannot be heard; whoever continues it finds a whole screen, and gets his terminal back at the end."""
    with house.shown() as tty:
        tty.send(signal.SIGSTOP)
        mark = len(tty.raw)
        tty.send(signal.SIGCONT)
        tty.until("6,664.01", since=mark)
        tty.press("q")
        assert tty.end() == 0
        assert tty.left_on() == []
    ledger.note("life", "SIGSTOP, SIGCONT, q", said="", exit_code=0, restored="yes")


def test_where_no_shell_could_continue_it_ctrl_z_does_not_freeze_it(house: House) -> None:
    """``ssh -t host tapewatch``: its session has nobody who could type fg."""
    with house.shown() as tty:
        mark = len(tty.raw)
        tty.press("\x1a")
        tty.until("6,664.01", since=mark)
        tty.press("q")
        assert tty.end() == 0
        assert tty.left_on() == []
    ledger.note("life", "Ctrl+Z without a shell", said="", exit_code=0, restored="yes")
