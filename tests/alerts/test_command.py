"""Commands of alerts: they may hang, flood, fail or be missing, and each of that is one sentence."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tapewatch.core.alerts.command import filled, run, surroundings
from tapewatch.core.clock import elapsed
from tapewatch.core.model.alert import Firing
from tests.builders import FRIDAY, at

FIRED = Firing(id="f1", alert="up", on="price", time=at(FRIDAY, 12), text="RUT 2,461.00", symbol="^RUT")


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" not in status.read_text()


def soon(what: Callable[[], bool]) -> bool:
    begun = elapsed()
    while not what() and elapsed() - begun < 10.0:
        time.sleep(0.02)
    return what()


def ran(*command: str, **how: object) -> str:
    return run(command, surroundings(FIRED), **how).cause  # type: ignore[arg-type]


def test_a_command_is_given_what_happened_in_its_words_and_in_its_environment(tmp_path: Path) -> None:
    out = tmp_path / "said"
    script = 'printf "%s|%s|%s" "$1" "$TAPEWATCH_SYMBOL" "$TAPEWATCH_ID" > "$2"'
    assert ran(*filled(("/bin/sh", "-c", script, "x", "{alert}: {text}", str(out)), FIRED)) == ""
    assert out.read_text() == "up: RUT 2,461.00|^RUT|f1"


@pytest.mark.parametrize("text", ["$(touch owned)", "`touch owned`; touch owned", "x\x1b]0;owned\x07\n--help"])
def test_no_word_of_outside_is_ever_run_or_acts(tmp_path: Path, text: str) -> None:
    fired = Firing(id="f", alert="a", on="flag", time=at(FRIDAY, 12), text=text)
    out = tmp_path / "said"
    command = filled(("/bin/sh", "-c", f'cd "{tmp_path}"; printf %s "$1" > said', "x", "{text}"), fired)
    assert run(command, surroundings(fired)).cause == ""
    assert sorted(os.listdir(tmp_path)) == ["said"]
    assert not set(out.read_text()) & {"\x1b", "\x07", "\n"}


def test_what_is_filled_in_never_becomes_an_option() -> None:
    fired = Firing(id="f", alert="-rf", on="flag", time=at(FRIDAY, 12), text="--delete")
    assert filled(("x", "{text}", "{alert}", "--", "--title={text}"), fired) == [
        "x", "delete", "rf", "--", "--title=--delete",
    ]  # fmt: skip


def test_with_a_shell_nothing_is_filled_in_and_the_environment_has_it(tmp_path: Path) -> None:
    out = tmp_path / "said"
    assert ran(f'echo "$TAPEWATCH_TEXT {{text}}" > "{out}"', as_line=True) == ""
    assert out.read_text() == "RUT 2,461.00 {text}\n"


def test_a_command_that_is_not_there_has_not_begun() -> None:
    found = run(("/nowhere/ding",), surroundings(FIRED))
    assert found == ("/nowhere/ding cannot be started: No such file or directory", False, False)


def test_a_command_that_fails_says_so_with_its_last_line_as_plain_text() -> None:
    script = "import sys; print('one'); print('\\x1b[31mno sound card\\x1b[0m'); sys.exit(3)"
    found = run(("python3", "-c", script), surroundings(FIRED))
    assert (found.began, found.told) == (True, True)
    assert (
        found.cause == "ended with exit code 3: \N{REPLACEMENT CHARACTER}[31mno sound card\N{REPLACEMENT CHARACTER}[0m"
    )


def test_a_command_that_hangs_is_ended_with_all_it_started(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    script = f'trap "" TERM; sleep 600 & echo $$ $! > "{pids}"; wait; wait'
    begun = elapsed()
    assert ran("/bin/sh", "-c", script, limit=0.5) == "took longer than 0.5 s and was ended"
    assert elapsed() - begun < 10.0
    parent, child = map(int, pids.read_text().split())
    assert soon(lambda: not lives(parent) and not lives(child))


def test_a_command_that_floods_is_ended_and_its_output_never_kept() -> None:
    assert ran("yes", "x" * 500, limit=30.0) == "wrote more than 1 MB and was ended"


def test_a_command_that_closed_its_output_and_goes_on_is_still_watched() -> None:
    assert ran("/bin/sh", "-c", "exec >/dev/null 2>&1; exit 4") == "ended with exit code 4"
    assert ran("/bin/sh", "-c", "exec >/dev/null 2>&1; sleep 60", limit=0.4) == "took longer than 0.4 s and was ended"


def test_what_a_command_leaves_running_on_purpose_is_not_waited_for(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    begun = elapsed()
    assert ran("/bin/sh", "-c", f'sleep 60 & echo $! > "{pid}"') == ""
    assert elapsed() - begun < 10.0
    os.kill(int(pid.read_text()), 9)


def test_it_ends_with_the_feed() -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    assert ran("sleep", "60", stop=stop) == "was ended with the feed"


def test_a_command_ended_by_a_signal_is_named_with_it() -> None:
    assert ran("/bin/sh", "-c", "kill -9 $$") == "was ended by signal 9"
