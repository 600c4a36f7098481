"""Goals 1 and 2: first paint with cached data against a minimal Textual app, and what the screen's process loads.

CPU seconds of the whole process, user and system, from exec until a price has arrived on the wire, the programs taken
in turn; printed as ratios within this run. Also alone: `python benchmarks/startup.py [RUNS]`.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

from benchmarks.console import LINUX, PROGRAM, Console, cpu_of_life, listen
from benchmarks.measured import Measured, compared, milliseconds
from benchmarks.report import table
from benchmarks.stage import AT_WORK, Bench, Stage, stage

LIMIT, LAST_FRAME = 1.15, 0.15
HEAVY = ("pandas", "numpy", "yfinance", "curl_cffi", "requests", "exchange_calendars", "sqlite3")
PYTHON = (sys.executable, "-P", "-c")
PRICE = "6,664.01"
MINIMAL = f"""
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("{PRICE}")
Minimal().run()
"""
LOADED = """
import sys, atexit
def tell():
    names = sorted({name.partition(".")[0] for name in sys.modules})
    open(sys.argv[1], "w").write(" ".join(names))
from tapewatch.tui.app import Monitor
quit_after = Monitor.on_mount
def on_mount(self):
    quit_after(self)
    self.set_timer(1.2, lambda: (tell(), self.exit(0)))
Monitor.on_mount = on_mount
from tapewatch.cli import run
run(sys.argv[2:])
"""
"""The screen itself, asked for its modules when it has painted and looked for news a few times."""
AGAIN = 1.0
"""Seconds to wait for a price that was there before the library began."""
RESTS, LITTLE = 0.4, 0.004
"""A program rests that took so few CPU seconds in so many seconds."""


def main() -> int:
    """Print the table; exit code 1 only when the screen loads what it must not."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        found = measure(Bench(Path(folder), runs))
    print(table(found))
    return 1 if any(one.wrong for one in found) else 0


def measure(bench: Bench) -> list[Measured]:
    """Paint, rest, the quickest commands, modules."""
    with stage(bench) as house:
        first = [*paints(bench, house), *commands(bench, house)] if bench.wants(1) else []
        return [*first, *([modules(house)] if bench.wants(2) else [])]


def paints(bench: Bench, house: Stage) -> list[Measured]:
    """From exec to a price, on to the program's own first frame, and on until nothing more is done."""
    leave_frame(house)
    programs: dict[str, tuple[Sequence[str], bytes]] = {
        "minimal": ([*PYTHON, MINIMAL], PRICE.encode()),
        "screen": (PROGRAM, house.price()),
    }
    kinds = ("price", "frame") if bench.quick or not LINUX else ("price", "frame", "rest")
    spent: dict[str, dict[str, list[float]]] = {kind: {name: [] for name in programs} for kind in kinds}
    for number in range(bench.runs + 1):
        for name, (command, price) in programs.items():
            taken = [*first_paint(command, price, house.environment)]
            taken += [rest(command, price, house.environment)] if number and "rest" in kinds else []
            for kind, seconds in zip(kinds, taken, strict=False):
                spent[kind][name] += [seconds] if number else []  # the first writes byte code and warms caches

    def row(kind: str, what: str, limit: float | None) -> Measured:
        ours, base = spent[kind]["screen"], spent[kind]["minimal"]
        said = f"{milliseconds(ours)} against {milliseconds(base)} CPU"
        return compared(1, f"{what} / minimal app", said, ours, base, limit)

    rows = [row("frame", "first paint", LIMIT), row("price", "stretch: last frame", LAST_FRAME)]
    return [*rows, *([row("rest", "until it rests", None)] if "rest" in kinds else [])]


def leave_frame(house: Stage) -> None:
    """Let a screen end in order, as at the end of a day: it leaves its last frame for the next."""
    with Console(PROGRAM, environment=house.environment) as console:
        house.await_paint([console], 1.0)
        console.press("q")
        listen([console], AGAIN * 10, lambda: console.ended)


def first_paint(command: Sequence[str], price: bytes, environment: Mapping[str, str]) -> tuple[float, float]:
    """CPU seconds until its terminal was given a price, and until the library had taken it and painted one."""
    with Console(command, environment=environment) as console:
        console.until(price)
        early = console.cpu() if LINUX else 0.0
        console.until(AT_WORK)
        # a picture of last time may be right, and then nothing of it is sent again
        listen([console], AGAIN, lambda: price in console.raw().rpartition(AT_WORK)[2])
        whole = console.end()
        return early or whole, whole


def rest(command: Sequence[str], price: bytes, environment: Mapping[str, str]) -> float:
    """CPU seconds until it has painted and does nothing more: work put off until after the first paint counts here."""
    with Console(command, environment=environment) as console:
        console.until(price)
        end = time.monotonic() + 5.0
        before, now = 0.0, console.cpu()
        while now - before > LITTLE and time.monotonic() < end:
            listen([console], RESTS)
            before, now = now, console.cpu()
        return before


def commands(bench: Bench, house: Stage) -> list[Measured]:
    """`--version` and `--help` against a Python that does nothing."""
    bare = [sys.executable, "-P", "-c", "pass"]

    def taken(arguments: Sequence[str]) -> Callable[[], float]:
        return lambda: cpu_of_life(arguments, house.environment)

    kinds = {"bare": taken(bare), **{name: taken([*PROGRAM, name]) for name in ("--version", "--help")}}
    spent: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(bench.runs):
        for name, work in kinds.items():
            spent[name].append(work())
    return [
        compared(1, f"tapewatch {name} / python -c pass", f"{milliseconds(spent[name])} against "
                 f"{milliseconds(spent['bare'])} CPU", spent[name], spent["bare"])
        for name in ("--version", "--help")
    ]  # fmt: skip


def modules(house: Stage) -> Measured:
    """The packages in the process of a screen that is at work, the heavy ones of them by name."""
    file = house.folder / "modules"
    arguments = house.command(refresh=0.2)[len(PROGRAM) :]
    with Console([*PYTHON, LOADED, str(file), *arguments], environment=house.environment) as console:
        listen([console], 20.0, lambda: console.ended)
    loaded = file.read_text(encoding="utf-8").split() if file.exists() else []
    heavy = [name for name in HEAVY if name in loaded]
    wrong = f"the screen's process has imported {', '.join(heavy)}" if heavy else ""
    wrong = wrong if loaded else "the screen has not told its modules"
    figure = f"{len(loaded)} packages, of the heavy ones: {', '.join(heavy) or 'none'}"
    return Measured(2, "heavy packages in the screen's process", figure, len(heavy), 0, wrong=wrong)


if __name__ == "__main__":
    sys.exit(main())
