"""A terminal that is looked at from outside: its modes before and after, what was switched on and not off again."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

from tapewatch.core.clock import elapsed

PATIENCE = 60.0
PROGRAM = (sys.executable, "-P", "-m", "tapewatch")
USUAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
ODD = ("COLUMNS", "LINES", "NO_COLOR", "LC_ALL", "LC_CTYPE")
PRIVATE_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
AT_HOME = {"7": "h", "25": "h"}
"""Modes that are on in a terminal at rest: lines wrap, the cursor is shown. All others are off."""
UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[\?2026\$p|\x1b\[\?2048\$p|\x1b\[[<>=]\d*;?\d*[um]|\x1b\[<u|\x1b\[[\d;]*(?=[\x18\x1b])|\x18"
)

UNFINISHED = re.compile(rb"\x1b(\[[<=>?]?[\d;]*\$?)?$")


def _as_from_a_login() -> None:
    """The terminal is its own, and it hears every signal, whatever whoever started the tests ignores."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


class Tty:
    """A pseudo-terminal of so many columns and rows, and one program in a session of its own on it."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        size: tuple[int, int] = (120, 40),
        environment: Mapping[str, str | None] | None = None,
        folder: Path | str = "/",
    ) -> None:
        self.master, self.slave = pty.openpty()
        self._screen = pyte.Screen(*size)
        self._stream, self._held = pyte.ByteStream(self._screen), b""
        self.resize(*size)
        self.before = termios.tcgetattr(self.slave)
        chosen = {key: value for key, value in os.environ.items() if key not in ODD} | USUAL | dict(environment or {})
        self.process = subprocess.Popen(
            command,
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
            preexec_fn=_as_from_a_login,
            env={key: value for key, value in chosen.items() if value is not None},
            cwd=folder,
        )
        self.raw = b""
        self.hung_up = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGCONT)
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        if not self.hung_up:
            self.hang_up()
        os.close(self.slave)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the system tells the program."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.size = columns, rows
        self._screen.resize(rows, columns)

    def hang_up(self) -> None:
        """The terminal goes, as when its window is closed or its line drops."""
        self.hung_up = True
        os.close(self.master)

    def press(self, keys: str | bytes) -> None:
        """Type."""
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def send(self, number: signal.Signals) -> None:
        """Signal the program."""
        os.kill(self.process.pid, number)

    def read(self, enough: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Take what comes until it is enough; fails when it never is."""
        begun = elapsed()
        while not enough():
            assert elapsed() - begun < seconds, f"it did not happen; the screen:\n{self.text()}"
            self.take(0.02)

    def take(self, seconds: float = 0.0) -> int:
        """Take what is there now; how many bytes."""
        if not select.select([self.master], [], [], seconds)[0]:
            return 0
        got = os.read(self.master, 65536)
        self.raw += got
        self._paint(self._held + got)
        return len(got)

    def drain(self) -> None:
        """Take all that a program which is gone had still written."""
        while self.take():
            pass

    def _paint(self, sent: bytes) -> None:
        """Show what came, but for a sequence that may not be whole yet."""
        unfinished = UNFINISHED.search(sent)
        cut = unfinished.start() if unfinished else len(sent)
        self._held = sent[cut:]
        show(self._stream, sent[:cut])

    def until(self, words: str, since: int = 0) -> None:
        """Wait until some words are on the screen painted by what came from `since` on."""
        self.read(lambda: words in self.text(since))

    def text(self, since: int = 0) -> str:
        """The screen as painted by what was sent (from a byte on)."""
        screen = self._screen
        if since:
            screen = pyte.Screen(*self.size)
            show(pyte.ByteStream(screen), self.raw[since:])
        return "\n".join(line.rstrip() for line in screen.display)

    def end(self, seconds: float = PATIENCE) -> int:
        """Wait for the end, reading on; the exit code."""
        self.read(lambda: self.process.poll() is not None, seconds)
        self.drain()
        return self.process.returncode

    # -- what it leaves behind --------------------------------------------------------------------------

    def left_on(self) -> list[str]:
        """What was switched on, or off, and not back: nothing where the terminal was restored."""
        last = {
            mode.decode(): way.decode() for modes, way in PRIVATE_MODE.findall(self.raw) for mode in modes.split(b";")
        }
        left = [f"?{mode}{way}" for mode, way in last.items() if way != AT_HOME.get(mode, "l")]
        pushed, popped = len(re.findall(rb"\x1b\[>\d+u", self.raw)), self.raw.count(b"\x1b[<u")
        left += ["kitty keys"] if pushed > popped else []
        left += ["line discipline"] if termios.tcgetattr(self.slave) != self.before else []
        colours = re.findall(rb"\x1b\[([\d;]*)m", self.raw)
        return left + (["colours"] if colours and colours[-1] not in (b"", b"0") else [])

    def said_after(self) -> str:
        """Words that came after the monitor's screen had been left."""
        rest = self.raw.rpartition(b"\x1b[?1049l")[2]
        return re.sub(rb"\x1b\[[\d;?<>]*[a-zA-Z]", b"", rest).decode()


def show(stream: pyte.ByteStream, sent: bytes) -> None:
    """Let pyte paint; a sequence into which another program wrote is one it does not know."""
    with contextlib.suppress(TypeError):
        stream.feed(UNKNOWN_TO_PYTE.sub(b"", sent))


def screen_of(store: Path, *arguments: str) -> list[str]:
    """The monitor on a store."""
    return [*PROGRAM, "--store", str(store), *arguments]


def shell(environment: Mapping[str, str | None]) -> Tty:
    """A shell with job control, which a terminal is usually left to."""
    return Tty(["bash", "--norc", "--noprofile", "-i"], environment={**environment, "PS1": "ready> "})


def wait_until(happened: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for something that another process does."""
    begun = elapsed()
    while not happened():
        assert elapsed() - begun < seconds, "it did not happen"
        select.select([], [], [], 0.02)


def ended(process: subprocess.Popen[bytes], seconds: float = PATIENCE) -> tuple[int, float]:
    """Wait for a process whose terminal nobody reads: its exit code and the CPU seconds of its whole life."""
    found: list[tuple[int, float]] = []

    def over() -> bool:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            found.append((process.returncode, used.ru_utime + used.ru_stime))
        return bool(pid)

    wait_until(over, seconds)
    return found[0]
