"""The monitor in a real terminal: it gives it back, and what its process loads."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from tapewatch.core import channel
from tapewatch.core.paths import Paths
from tests import builders

PROGRAM = """
import sys
from pathlib import Path
from tapewatch.core.data import MarketData
from tapewatch.core.paths import Paths
from tapewatch.core.universe import default_config
from tapewatch.tui.app import Monitor
from tapewatch.tui.running import run
root = Path(sys.argv[1])
paths = Paths(store=root, state=root, config_file=root / "config.toml", themes=root / "themes")
config = default_config()
if sys.argv[2] == "bug":
    def broken(self):
        raise ValueError("a bug on purpose")
    Monitor.action_sort = broken
code = run(MarketData.open(paths, config), config)
if sys.argv[2] == "modules":
    print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules}))
    print("CORE", *sorted(name for name in sys.modules if name.startswith("tapewatch.core")))
sys.exit(code)
"""

RESTORED = b"\x1b[?1049l"
"""The sequence that leaves the alternate screen."""


class Terminal:
    """A pseudo-terminal with the monitor in it."""

    def __init__(self, folder: Path, what: str) -> None:
        paths = Paths(store=folder, state=folder, config_file=folder / "config.toml", themes=folder / "themes")
        self.paths = paths
        channel.publish(paths, builders.overview())
        controller, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        root = Path(__file__).parents[2]
        environment = os.environ | {
            "PYTHONPATH": str(root / ".editable"), "TERM": "xterm-256color", "LANG": "C.UTF-8",
            "COLORTERM": "truecolor",
        }  # fmt: skip
        environment.pop("NO_COLOR", None)
        self.controller = controller
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder), what],
            stdin=terminal, stdout=terminal, stderr=terminal, env=environment, start_new_session=True,
        )  # fmt: skip
        os.close(terminal)
        self.sent = b""

    def until(self, ready: Callable[[bytes], bool], patience: float = 30.0) -> None:
        """Read until what was sent satisfies, or nothing comes any more."""
        while not ready(self.sent):
            readable, _, _ = select.select([self.controller], [], [], patience)
            if not readable or not self._read():
                return

    def _read(self) -> bool:
        try:
            got = os.read(self.controller, 65536)
        except OSError:
            return False
        self.sent += got
        return bool(got)

    def press(self, keys: bytes) -> None:
        """Type."""
        os.write(self.controller, keys)

    def end(self) -> int:
        """Wait for the program's end; its exit code."""
        self.until(lambda _: False)
        os.close(self.controller)
        return self.process.wait(30)


def painted(sent: bytes) -> bool:
    """Whether a price and the footer have been painted."""
    return b"6,664.01" in sent and b"quit" in sent


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_gives_the_terminal_back(tmp_path: Path, number: signal.Signals) -> None:
    terminal = Terminal(tmp_path, "run")
    terminal.until(painted)
    terminal.process.send_signal(number)
    code = terminal.end()
    assert painted(terminal.sent)
    assert RESTORED in terminal.sent
    assert b"Traceback" not in terminal.sent
    assert code == 128 + number


def test_quit_gives_the_terminal_back(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "run")
    terminal.until(painted)
    terminal.press(b"q")
    assert terminal.end() == 0
    assert RESTORED in terminal.sent


def test_a_bug_ends_with_a_sentence_and_is_logged(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "bug")
    terminal.until(painted)
    terminal.press(b"s")
    assert terminal.end() == 1
    after = terminal.sent.partition(RESTORED)[2]
    assert b"tapewatch stopped: ValueError: a bug on purpose" in after
    assert b"Traceback" not in terminal.sent
    assert "a bug on purpose" in terminal.paths.log.read_text()


def test_the_screen_stays_light(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "modules")
    terminal.until(painted)
    terminal.press(b"q")
    assert terminal.end() == 0
    after = terminal.sent.partition(RESTORED)[2].decode()
    loaded = set(after.partition("LOADED")[2].partition("CORE")[0].split())
    core = set(after.partition("CORE")[2].split())
    assert "textual" in loaded
    assert loaded & {"pandas", "numpy", "yfinance", "curl_cffi", "exchange_calendars", "sqlite3", "requests"} == set()
    heavy = ("analytics", "store", "sources", "take", "flags", "feed", "sessions")
    assert [name for name in core if name.split(".")[2:3] and name.split(".")[2] in heavy] == []
