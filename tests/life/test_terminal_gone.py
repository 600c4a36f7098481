"""The terminal goes, or the shell does: the monitor ends by itself, at once, without work and without a word."""

import os
import re
import shutil
import signal
from pathlib import Path

import pytest

from tapewatch.core.channel import is_watched

from ..laboratory import ledger
from .conftest import House
from .tty import Tty, ended, screen_of, shell

HELP, PROOF, FINDING, PALETTE = "?", "\r", "/", "\x10"
STATES = {"prices": "", "help": HELP}
MORE_STATES = {"proof": PROOF, "finding": FINDING, "commands": PALETTE, "zoom": "z", "paused": "p"}
ALL_STATES = [*STATES, *(pytest.param(one, marks=pytest.mark.long) for one in MORE_STATES)]


def hung_up(tty: Tty, what: str, most: float = 3.0) -> None:
    """It has ended by itself, as a hang-up ends programs, and did not burn the machine meanwhile."""
    tty.hang_up()
    code, seconds = ended(tty.process)
    assert code == 128 + signal.SIGHUP
    assert seconds < most, f"{seconds:.1f} CPU seconds for {what}"
    ledger.note("life", f"terminal gone: {what}", said="", exit_code=code, restored="there is none")


@pytest.mark.parametrize("state", ALL_STATES)
def test_a_window_closed_ends_it_whatever_it_shows(house: House, state: str) -> None:
    with house.shown() as tty:
        before = len(tty.raw)
        tty.press((STATES | MORE_STATES)[state])
        tty.read(lambda: state == "prices" or len(tty.raw) > before)
        hung_up(tty, state)
    assert not is_watched(house.paths)


@pytest.mark.parametrize("late", [1, pytest.param(200, marks=pytest.mark.long)])
def test_a_window_closed_while_it_starts_ends_it(house: House, late: int) -> None:
    with house.screen() as tty:
        tty.read(lambda: len(tty.raw) > late)
        hung_up(tty, f"{late} bytes into the start")


def test_a_window_closed_in_a_demo_takes_its_feed_and_folder_along(house: House) -> None:
    own = house.folder / "tmp"
    own.mkdir()
    with house.screen("demo", TMPDIR=str(own)) as tty:
        tty.until("not real prices")
        hung_up(tty, "demo", most=15.0)  # its feed is counted in
    assert list(own.iterdir()) == []


@pytest.mark.parametrize("deaf", [False, True])
def test_a_terminal_that_vanishes_without_a_signal_is_noticed_by_reading(house: House, deaf: bool) -> None:
    """SIGHUP is ignored, as under nohup: what is left to tell are errors on reading and writing."""
    trap = "trap '' HUP; " if deaf else ""
    command = ["/bin/sh", "-c", f'{trap}exec "$@"', "sh", *screen_of(house.paths.store)]
    with Tty(command, environment=house.environment) as tty:
        tty.until("6,664.01")
        hung_up(tty, "no SIGHUP" if deaf else "with SIGHUP")


def test_the_last_shell_killed_it_is_hung_up(house: House) -> None:
    """kill -9 of the shell that leads the session: the system hangs up for it."""
    note = house.folder / "pid"
    background = ["/bin/sh", "-c", 'exec 3<&0; "$@" <&3 & echo "$!" >"$0"; wait', str(note)]
    with Tty([*background, *screen_of(house.paths.store)], environment=house.environment) as tty:
        tty.until("6,664.01")
        child = int(note.read_text())
        tty.send(signal.SIGKILL)
        tty.read(lambda: gone(child))
        tty.drain()
        assert tty.left_on() == []
    ledger.note("life", "login shell killed", said="", exit_code=129, restored="yes")


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_a_shell_killed_under_it_leaves_no_orphan_on_the_terminal_of_another(house: House) -> None:
    """kill -9 of a shell within a shell: the outer one takes the terminal, which is given back and left alone."""
    with shell(house.environment) as tty:
        tty.press("bash --norc --noprofile -i\n")
        tty.press("PS1='inner> '; echo me=$$.\n")
        tty.read(lambda: re.search(rb"me=\d+\.", tty.raw) is not None and tty.raw.endswith(b"inner> "))
        found = re.search(rb"me=(\d+)\.", tty.raw)
        assert found
        tty.press(f"{' '.join(screen_of(house.paths.store))}\n")
        tty.until("6,664.01")
        os.kill(int(found[1]), signal.SIGKILL)
        tty.read(lambda: b"Killed" in tty.raw.rpartition(b"?1049h")[2])
        tty.press("echo still $((40 + 2))\n")
        tty.read(lambda: b"still 42" in tty.raw and not is_watched(house.paths))
        tty.press("exit\n")
        tty.end()
        assert tty.left_on() == []
    ledger.note("life", "parent shell killed", said="", exit_code=129, restored="yes")


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").exists() and " Z " in Path(f"/proc/{pid}/stat").read_text()
