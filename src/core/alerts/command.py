"""Running an alert's command: no shell unless asked, output and time bounded, with all that it started."""

import contextlib
import os
import selectors
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..clock import elapsed
from ..model.alert import Firing
from ..model.harmless import harmless

LIMIT = 20.0
"""Seconds a command may take."""
FLOOD = 1_000_000
"""Bytes of output after which it is ended: nobody reads them."""
KEPT = 4096
"""Bytes of output of which the last line is told where it fails."""
GRACE = 1.0
"""Seconds between asking a command to end and ending it."""
LOOK = 0.1
SHELL = "/bin/sh"


class Ran(NamedTuple):
    """How a command went: `cause` is empty where all is well; `began` whether anything was started at all.

    `told` whether it said itself that it failed, by its exit code.
    """

    cause: str
    began: bool
    told: bool = False


def filled(command: Sequence[str], firing: Firing) -> list[str]:
    """The command with what happened filled in; a word filled in never becomes an option."""
    words = {"text": firing.text, "alert": firing.alert, "symbol": firing.symbol, "id": firing.id}
    words["time"] = firing.time.isoformat()
    return [_filled(argument, words) for argument in command]


def _filled(argument: str, words: Mapping[str, str]) -> str:
    made = argument
    for name, word in words.items():
        made = made.replace(f"{{{name}}}", harmless(word))
    return made.lstrip("-") if made.startswith("-") and not argument.startswith("-") else made


def surroundings(firing: Firing) -> dict[str, str]:
    """The environment of a command: this process's, and what happened."""
    told = {
        "ALERT": firing.alert, "TEXT": firing.text, "SYMBOL": firing.symbol, "ID": firing.id,
        "TIME": firing.time.isoformat(), "TEST": "1" if firing.test else "",
    }  # fmt: skip
    return {**os.environ, **{f"TAPEWATCH_{name}": harmless(word) for name, word in told.items()}}


def run(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    as_line: bool = False,
    limit: float = LIMIT,
    stop: threading.Event | None = None,
) -> Ran:
    """Run a command to its end, or end it with its process group when its time is over or `stop` is set.

    `as_line`: it is one line for the shell.
    """
    line = [SHELL, "-c", *command] if as_line else [*command]
    try:
        process = subprocess.Popen(
            line, cwd="/", env=dict(environment), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or problem
        return Ran(harmless(f"{line[0]} cannot be started: {why}"), began=False)
    with process:
        cause, said = _watched(process, limit, stop or threading.Event())
        if cause:
            _end(process)
            return Ran(cause, began=True)
        return _judged(process.wait(), said)


def _watched(process: subprocess.Popen[bytes], limit: float, stop: threading.Event) -> tuple[str, bytes]:
    """Why it must be ended, empty where it ended by itself; and the end of what it said."""
    assert process.stdout is not None
    handle, begun, total, said = process.stdout.fileno(), elapsed(), 0, b""
    os.set_blocking(handle, False)
    with selectors.DefaultSelector() as selector:
        selector.register(handle, selectors.EVENT_READ)
        while process.poll() is None:
            if elapsed() - begun > limit:
                return f"took longer than {limit:g} s and was ended", said
            if stop.is_set():
                return "was ended with the feed", said
            if not selector.get_map():
                stop.wait(LOOK)
            elif selector.select(LOOK):
                chunk = _read(handle)
                if chunk == b"":
                    selector.unregister(handle)
                total, said = total + len(chunk), (said + chunk)[-KEPT:]
                if total > FLOOD:
                    return f"wrote more than {FLOOD // 1_000_000} MB and was ended", said
    return "", (said + _read(handle))[-KEPT:]


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 65536)
    except OSError:
        return b""


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and whatever it started in its group, also where it will not."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)


def _judged(code: int, said: bytes) -> Ran:
    if code == 0:
        return Ran("", began=True)
    lines = [line for line in harmless_lines_of(said) if line]
    last = f": {lines[-1][:80]}" if lines else ""
    if code < 0:
        return Ran(f"was ended by signal {-code}", began=True)
    return Ran(f"ended with exit code {code}{last}", began=True, told=True)


def harmless_lines_of(said: bytes) -> list[str]:
    """What a command said, line by line, as text a terminal can only show."""
    return [harmless(line.strip()) for line in said.decode(errors="replace").splitlines()]
