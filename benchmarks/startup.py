"""First paint with cached data against a minimal Textual app, and what the screen's process loads.

CPU seconds of the whole process from exec to the first frame, user and system, the median of several
runs taken in turn; printed as a ratio within this run. `python benchmarks/startup.py [RUNS]`.
"""

import os
import pty
import resource
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

SIZE = "120x40"
HEAVY = ("pandas", "numpy", "yfinance", "curl_cffi", "requests", "exchange_calendars", "sqlite3")

MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("6,664.01")
Minimal().run()
"""
SCREEN = """
import sys
from pathlib import Path
from tapewatch.core.data import MarketData
from tapewatch.core.paths import default_paths
from tapewatch.core.settings import load
from tapewatch.tui.app import run
paths = default_paths(sys.argv[1])
config, problems = load(Path("/nonexistent/config.toml"))
run(MarketData.open(paths, config), config, problems)
"""
LOADED = """
import sys, tapewatch.tui.app, tapewatch.core.data, tapewatch.core.settings
print(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def main() -> int:
    """Print the table; exit code 1 only when the screen loads what it must not."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        publish(Path(folder))
        programs = {"minimal app": ("-c", MINIMAL), "screen": ("-c", SCREEN, folder)}
        spent: dict[str, list[float]] = {name: [] for name in programs}
        for _ in range(runs):
            for name, arguments in programs.items():
                spent[name].append(first_paint(arguments))
    middle = {name: statistics.median(values) for name, values in spent.items()}
    for name, values in spent.items():
        print(f"{name:12} {1000 * middle[name]:7.0f} ms CPU to the first frame ({span(values)})")
    print(f"ratio        {middle['screen'] / middle['minimal app']:7.2f} (goal 1.15)")
    loaded = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True).stdout.split()
    heavy = [name for name in HEAVY if name in loaded]
    print(f"modules      {len(loaded)} packages; of the heavy ones: {', '.join(heavy) or 'none'}")
    return 1 if heavy else 0


def span(values: Sequence[float]) -> str:
    """Least and most of several runs."""
    return f"{1000 * min(values):.0f} to {1000 * max(values):.0f}, {len(values)} runs"


def publish(folder: Path) -> None:
    """A store with the demo's first whole snapshot, made by its own feed."""
    command = [sys.executable, "-P", "-m", "tapewatch", "feed", "--store", str(folder), "--demo-rate", "1"]
    feed = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    from tapewatch.core.channel import read_snapshot
    from tapewatch.core.paths import default_paths

    for _ in range(600):
        found = read_snapshot(default_paths(folder))
        if found is not None and found.health.history_loaded[0] == found.health.history_loaded[1] > 0:
            break
        time.sleep(0.1)
    feed.terminate()
    feed.wait()


def first_paint(arguments: Sequence[str]) -> float:
    """CPU seconds of a program until its terminal shows a price."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    pid, handle = pty.fork()
    if pid == 0:
        columns, rows = SIZE.split("x")
        usual = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": columns, "LINES": rows}
        os.execve(sys.executable, [sys.executable, *arguments], os.environ | usual)
    seen = b""
    until = time.monotonic() + 20
    while b"6,6" not in seen and time.monotonic() < until:
        if select.select([handle], [], [], 0.05)[0]:
            seen += os.read(handle, 65536)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    os.close(handle)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


if __name__ == "__main__":
    sys.exit(main())
