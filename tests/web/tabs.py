"""`tapewatch web` as it is started from a shell."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pyte
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tapewatch.core.clock import elapsed
from tapewatch.web_command import NOTE


class Server:
    """A server that has been started and has printed its link."""

    def __init__(self, *options: str, environment: dict[str, str]) -> None:
        command = [sys.executable, "-P", "-m", "tapewatch", "web", *options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        assert self.process.stdout is not None
        self.link = self.process.stdout.readline().strip()
        self.note = "".join(self.process.stdout.readline() for _ in NOTE.splitlines()) if self.link else ""

    @property
    def host(self) -> str:
        """Address and port, as a browser names them."""
        return self.link.split("/")[2]

    @property
    def socket(self) -> str:
        """Where a tab connects to."""
        return f"ws{self.link.removeprefix('http')}ws"

    def ended(self, number: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        """End it: exit code, what else it said, what it complained of."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            out, err = self.process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
        return self.process.returncode, out, err


class Screen:
    """A tab: what it is sent, painted; what is typed, sent."""

    def __init__(self, server: Server, size: tuple[int, int] = (120, 40)) -> None:
        address = f"{server.socket}?width={size[0]}&height={size[1]}"
        self._asked = connect(address, origin=Origin(f"http://{server.host}"))
        self.line: ClientConnection = self._asked.__enter__()
        self._screen = pyte.Screen(*size)
        self._stream, self.closed = pyte.ByteStream(self._screen), False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._asked.__exit__(None, None, None)

    def text(self) -> str:
        """The painted screen."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def read(self, seconds: float, enough: Callable[[], bool] = lambda: False) -> None:
        """Show what comes for so long, or until it is enough."""
        begun = elapsed()
        while not enough() and not self.closed and elapsed() - begun < seconds:
            try:
                said = self.line.recv(timeout=0.1)
            except TimeoutError:
                continue
            except ConnectionClosed:
                self.closed = True
                return
            if isinstance(said, bytes):
                self._stream.feed(said.replace(b"\x1b[?2026$p", b""))

    def until(self, words: str, seconds: float = 40.0) -> None:
        """Wait until the screen shows some words."""
        self.read(seconds, lambda: words in self.text())
        assert words in self.text(), f"{words!r} is not on the screen:\n{self.text()}"


def places(folder: Path) -> dict[str, str]:
    """The environment in which settings, store and state are in a folder."""
    names = ("CONFIG", "DATA", "STATE", "CACHE")
    return os.environ | {f"XDG_{name}_HOME": str(folder / name.lower()) for name in names}


def alive(folder: Path) -> list[str]:
    """What runs with its settings in a folder: servers, screens and feeds of a test."""
    mark, found = os.fsencode(folder), list[str]()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if process.name != str(os.getpid()) and mark in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found
