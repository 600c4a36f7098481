"""The program on a real terminal: keys in, the painted screen out."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

from tapewatch.core.clock import elapsed

QUERIES = {b"\x1b[6n": b"\x1b[1;1R", b"\x1b[c": b"\x1b[?62;22c"}
SIZE_NAMES = ("COLUMNS", "LINES")
UNKNOWN_TO_PYTE = (b"\x1b[?2026$p", b"\x1b[>4;1m", b"\x1b[>1u", b"\x1b[<u", b"\x1b[>4m")


class Terminal:
    """`tapewatch` with arguments on a pseudo-terminal of so many columns and rows."""

    def __init__(
        self,
        *arguments: str,
        size: tuple[int, int] = (120, 40),
        environment: Mapping[str, str] | None = None,
        user: int | None = None,
        python: Path | str = sys.executable,
    ) -> None:
        self._python = str(python)
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.status: int | None = None
        self.raw = b""
        self.pid, self._handle = pty.fork()
        if self.pid == 0:
            usual = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            chosen = os.environ | usual | dict(environment or {})
            # workers of a parallel test run carry a size of their own, which programs would believe
            self._become(arguments, {key: value for key, value in chosen.items() if key not in SIZE_NAMES}, user)

    def _become(self, arguments: tuple[str, ...], environment: Mapping[str, str], user: int | None) -> None:
        """In the child: the program; whatever goes wrong, never a second test run."""
        try:
            if user is not None:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
            os.execve(self._python, [self._python, "-P", "-m", "tapewatch", *arguments], environment)
        finally:
            os._exit(127)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)
            self.read(5.0, lambda: self.status is not None)
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        with contextlib.suppress(OSError):
            os.close(self._handle)

    def read(self, seconds: float, enough: Callable[[], bool] = lambda: False) -> None:
        """Show what the program sends for so long, or until it is enough, or it has ended."""
        begun = elapsed()
        while elapsed() - begun < seconds and not enough():
            if not select.select([self._handle], [], [], 0.05)[0]:
                continue
            try:
                data = os.read(self._handle, 65536)
            except OSError:
                data = b""
            if not data:
                self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
                return
            self._show(data)

    def _show(self, data: bytes) -> None:
        self.raw += data
        for query, answer in QUERIES.items():
            if query in data:
                os.write(self._handle, answer)
        for one in UNKNOWN_TO_PYTE:
            data = data.replace(one, b"")
        self._stream.feed(data)

    def until(self, words: str, seconds: float = 30.0) -> None:
        """Wait until the screen shows some words."""
        self.read(seconds, lambda: words in self.text())
        assert words in self.text(), f"{words!r} is not on the screen:\n{self.text()}"

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._handle, keys.encode())

    def send(self, number: signal.Signals) -> None:
        """Signal the program."""
        os.kill(self.pid, number)

    def text(self) -> str:
        """The painted screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)
