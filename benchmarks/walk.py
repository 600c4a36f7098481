"""A new user's way from nothing to the first alert, step by step: `python -m benchmarks.walk [--here]`.

A checkout is cloned into a new folder, installed with the README's own line, opened, looked at, and given one alert,
which then rings a terminal's bell, runs a command and reaches a web server of this machine. Each step says when it
was done. `--here` leaves cloning and installing out and walks with the program that runs this. Exit code 1 where a
step did not happen.
"""

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from tests.life.tty import PATIENCE, Tty

from tapewatch.core.clock import elapsed

HOUSE = Path(__file__).parents[1]
INSTALLING = 900.0
BELL, OTHER = b"\x07", re.compile(rb"\x1b\][^\x07\x1b]*\x07")
"""What rings a terminal, and the sequences that only end with the same byte."""
ALERT = """
[[alerts]]
name = "my first"
on = "price"
symbol = "RUT"
above = 1.0
at_first = true
how = ["bell", "command", "webhook"]
command = ["sh", "-c", "echo told >> {told}"]
url = "http://127.0.0.1:{port}/"
"""


class Walk:
    """Steps with the seconds since the first; one that does not happen raises."""

    def __init__(self) -> None:
        self._begun = self._last = elapsed()
        self.steps: list[tuple[str, float, float]] = []

    def step(self, words: str) -> None:
        """This has happened now."""
        now = elapsed()
        self.steps.append((words, now - self._last, now - self._begun))
        self._last = now
        print(f"{now - self._begun:7.1f} s  {words}", flush=True)


def readme_line() -> str:
    """The line of the README that sets up and runs the demo."""
    lines = (HOUSE / "README.md").read_text(encoding="utf-8").splitlines()
    return next(one for one in lines if one.startswith("python3 -m venv") and one.endswith("tapewatch demo"))


def main(arguments: list[str] | None = None) -> int:
    """Walk, and say when each step was done."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.walk", description="from a clone to the first alert")
    parser.add_argument("--here", action="store_true", help="with the program that runs this: nothing is installed")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="walk-") as folder:
        try:
            walked(Path(folder), here=chosen.here)
        except (AssertionError, subprocess.CalledProcessError) as fault:
            print(f"it stopped here: {fault}", file=sys.stderr)
            return 1
    return 0


def walked(folder: Path, *, here: bool) -> Walk:
    """The whole way in one folder; raises AssertionError at the step that did not happen."""
    walk = Walk()
    program, clone = [sys.executable, "-P", "-m", "tapewatch"], folder
    environment = places(folder)
    first = [*program, "demo"]
    if not here:
        clone = folder / "tapewatch"
        subprocess.run(["git", "clone", "--quiet", str(HOUSE), str(clone)], check=True)
        walk.step("cloned")
        program = [str(clone / ".venv/bin/tapewatch")]
        first = ["sh", "-c", readme_line()]
    with Tty(first, environment=environment, folder=clone) as tty:
        tty.read(lambda: "DEMO" in tty.text() and "RUT" in tty.text(), INSTALLING)
        walk.step("the README's line has set it up, and its demo shows prices")
        look_around(tty, walk)
    with told_on(folder / "told.web") as port:
        first_alert(program, environment, folder, port, walk)
    return walk


def look_around(tty: Tty, walk: Walk) -> None:
    """A figure proved, a chart, an instrument, the help, and out."""
    for keys, words, said in (
        ("jjjj\r", "y copies", "proved a figure"),
        ("\x1bc", "SMA 50", "drew its chart"),
        ("i", "source and notes", "opened all that is known of it"),
        ("?", "week bar", "read the help"),
    ):
        press(tty, keys)
        tty.until(words)
        walk.step(said)
    press(tty, "q")
    assert tty.end() == 0, "quitting was no clean end"
    walk.step("quit")


def press(tty: Tty, keys: str) -> None:
    """Type a key at a time, as a hand does: Esc and what follows at once would be another key."""
    for key in keys:
        tty.press(key)
        begun = elapsed()
        tty.read(lambda begun=begun: elapsed() - begun > 0.3)  # type: ignore[misc]


def first_alert(program: list[str], environment: Mapping[str, str], folder: Path, port: int, walk: Walk) -> None:
    """Settings made, an alert written, and heard: the bell in a demo, command and web server by the test of it."""

    def command(*words: str) -> str:
        return subprocess.run(
            [*program, *words], env=os.environ | environment, check=True, capture_output=True, text=True
        ).stdout

    command("config", "init")
    settings = Path(command("config", "path").strip())
    walk.step("made a settings file")
    text = ALERT.replace("{told}", shlex.quote(str(folder / "told.command"))).replace("{port}", str(port))
    with settings.open("a", encoding="utf-8") as file:
        file.write(text)
    command("config", "check")
    walk.step("wrote an alert into it, and it was found good")
    with Tty([*program, "demo"], environment=environment) as tty:
        tty.read(lambda: BELL in OTHER.sub(b"", tty.raw))
        walk.step("the terminal's bell has rung")
        press(tty, "a!")
        for way in ("command", "web"):
            heard(tty, folder / f"told.{way}")
            walk.step(f"its {'command has run' if way == 'command' else 'web server was told'}")
        press(tty, "q")
        assert tty.end() == 0, "quitting was no clean end"


def heard(tty: Tty, note: Path) -> None:
    """Wait until it was told there."""
    tty.read(note.exists, PATIENCE)


def places(folder: Path) -> dict[str, str]:
    """A user's own places, and nobody else's."""
    names = ("CONFIG", "DATA", "STATE", "CACHE")
    return {f"XDG_{name}_HOME": str(folder / name.lower()) for name in names} | {"PYTHONDONTWRITEBYTECODE": ""}


@contextmanager
def told_on(note: Path) -> Generator[int]:
    """A web server that writes down what it is told; its port."""

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            note.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is the library's)
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Ear)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    sys.exit(main())
