"""However the monitor is told to end, the terminal comes back as it was and the exit code says why."""

import signal
from pathlib import Path

import pytest

from tapewatch.tui.ending import ENDS

from ..laboratory import ledger
from .conftest import House
from .tty import Tty, screen_of

QUICK = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
LONG = [pytest.param(one, marks=pytest.mark.long) for one in ENDS if one not in QUICK]


def given_back(tty: Tty, what: str, said: str = "") -> None:
    """Nothing is left on, nothing is printed but what is meant, and the table says so."""
    assert tty.left_on() == []
    assert said in tty.said_after()
    assert said or tty.said_after() == ""
    assert b"Traceback" not in tty.raw
    ledger.note("life", what, said=said, exit_code=tty.process.returncode, restored="yes")


@pytest.mark.parametrize("number", [*QUICK, *LONG])
def test_a_signal_ends_it_with_its_own_exit_code_and_the_terminal_is_as_it_was(
    house: House, number: signal.Signals
) -> None:
    with house.shown() as tty:
        tty.send(number)
        assert tty.end() == 128 + number
        given_back(tty, f"{number.name} from outside")


@pytest.mark.parametrize("keys", ["q", "\x03"])
def test_quit_and_ctrl_c_are_no_accidents(house: House, keys: str) -> None:
    with house.shown() as tty:
        tty.press(keys)
        assert tty.end() == 0
        given_back(tty, f"key {keys!r}")


def test_of_four_signals_at_once_one_names_the_exit_code(house: House) -> None:
    with house.shown() as tty:
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            tty.send(number)
        assert tty.end() - 128 in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
        given_back(tty, "four signals at once")


def test_sigpipe_changes_nothing(house: House) -> None:
    with house.shown() as tty:
        tty.send(signal.SIGPIPE)
        tty.press("?")
        tty.until("quit")
        tty.press("q")
        assert tty.end() == 0
        given_back(tty, "SIGPIPE, then q")


def test_nohup_is_respected(house: House) -> None:
    """Started with SIGHUP ignored, it goes on when told to hang up while its terminal is there."""
    deaf = ["/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "sh", *screen_of(house.paths.store)]
    with Tty(deaf, environment=house.environment) as tty:
        tty.until("6,664.01")
        tty.send(signal.SIGHUP)
        tty.press("q")
        assert tty.end() == 0
        given_back(tty, "SIGHUP where it is ignored, then q")


@pytest.mark.parametrize(
    "late", [0, 3, pytest.param(6, marks=pytest.mark.long), pytest.param(9, marks=pytest.mark.long)]
)
def test_ended_while_it_starts_it_leaves_nothing_switched_on(house: House, late: int) -> None:
    """From its first bytes to the terminal on, at any moment of its start."""
    with house.screen() as tty:
        tty.read(lambda: len(tty.raw) > late * 40)
        tty.send(signal.SIGTERM)
        assert tty.end() == 128 + signal.SIGTERM
        given_back(tty, f"SIGTERM {late * 40} bytes into the start")


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="what a process has loaded is not to be seen here")
def test_interrupted_before_it_has_the_terminal_it_is_silent(house: House) -> None:
    with house.screen() as tty:
        tty.read(lambda: "msgspec" in Path(f"/proc/{tty.process.pid}/maps").read_text())
        tty.send(signal.SIGINT)
        assert tty.end() == 128 + signal.SIGINT
        given_back(tty, "SIGINT while it loads")
