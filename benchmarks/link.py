"""Goal 6: a slow line. How old is what is shown when only so many bytes a second get through, ten updates a second?

Screens on one store, each behind a reader that takes so many bytes a second and no more. Every publication carries a
number that can be read on the screen; what was shown when is read from the recording afterwards. The ticks of its
timer are counted by the program itself, which is told to write their number into a file.
"""

import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tapewatch.core.model.snapshot import Snapshot

from .console import PROGRAM, Console
from .measured import Measured, compared
from .series import all_at_once, number_of, one_by_one
from .stage import QUICKEST, Bench, Stage, stage

GOAL = 6
AGE_LIMIT, MISSED_LIMIT = 2.0, 0.02
SLOW, FAST = 4_000, 100_000
"""Bytes a second."""
SLICE = 0.02
"""Seconds between two readings of the line."""
SECONDS, FEW = 30.0, 1.5
COUNTING = """
import os, sys
from tapewatch.tui.app import Monitor
file, tick = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT, 0o600), Monitor.tick
def counted(self):
    tick(self)
    os.pwrite(file, b"%12d" % self.ticks, 0)
Monitor.tick = counted
from tapewatch.cli import run
sys.exit(run(sys.argv[2:]))
"""
"""The monitor, which also writes down how often its timer has rung."""


@dataclass
class Line:
    """A terminal at the end of a line of so many bytes a second."""

    console: Console
    rate: int
    counts: Path | None = None
    _owed: float = 0.0

    def drain(self, seconds: float) -> None:
        """What gets through in so long; what is not used is not saved up."""
        self._owed = min(self._owed + self.rate * seconds, max(self.rate * SLICE, 1.0) * 2)
        if self._owed >= 1.0 and _waiting(self.console):
            self._owed -= self.console.take(int(self._owed))

    def ticks(self) -> int:
        """How often its timer has rung."""
        if self.counts is None or not self.counts.exists():
            return 0
        return int(self.counts.read_text(encoding="ascii") or 0)


def _waiting(console: Console) -> bool:
    from select import select

    return bool(select([console.master], [], [], 0)[0])


def measure(bench: Bench) -> list[Measured]:
    """Instruments one by one, which is what ten updates a second are; then all of them ten times a second."""
    seconds, runs = (FEW, 1) if bench.quick else (SECONDS, bench.runs)
    made = [one_run(bench, one_by_one(bench.series), seconds) for _ in range(runs)]
    said = f"median {_middle(made, 'slow'):.2f} s at 4 kB/s against {_middle(made, 'fast'):.2f} s at 100 kB/s"
    missed = [1.0 - one.share for one in made]
    rows = [
        compared(GOAL, "age of what is shown, 4 kB/s / 100 kB/s", said, [one.slow for one in made],
                 [one.fast for one in made], AGE_LIMIT),
        Measured(GOAL, "ticks of the timer missed at 4 kB/s", f"{100 * (1 - statistics.median(missed)):.1f} % run",
                 max(0.0, statistics.median(missed)), MISSED_LIMIT, (min(missed), max(missed))),
    ]  # fmt: skip
    if bench.quick:
        return rows
    hard = one_run(bench, all_at_once(bench.series), seconds)
    words = f"{hard.slow:.2f} s against {hard.fast:.2f} s, {100 * hard.share:.1f} % of ticks run"
    words += f"; DataTables {hard.tables:.1f} s"
    return [*rows, Measured(GOAL, "the same, all instruments ten times a second", words, hard.slow / hard.fast)]


def _middle(made: Sequence["Found"], name: str) -> float:
    return float(statistics.median(getattr(one, name) for one in made))


@dataclass(frozen=True)
class Found:
    """Median ages in seconds, and the share of its ticks that the slow one's timer ran."""

    slow: float
    fast: float
    tables: float
    share: float


def one_run(bench: Bench, snapshots: Iterator[Snapshot], seconds: float) -> Found:
    """Three screens on one store; a publication every tenth of a second."""
    with stage(bench, next(snapshots)) as house:
        counts = house.folder / "ticks"
        lines = {"slow": Line(_counting(house, counts), SLOW, counts), "fast": Line(house.screen(), FAST)}
        if not bench.quick:
            lines["tables"] = Line(house.tables(), SLOW)
        try:
            house.await_paint([one.console for one in lines.values()])
            return _measured(house, lines, snapshots, seconds)
        finally:
            for one in lines.values():
                one.console.end()


def _counting(house: Stage, counts: Path) -> Console:
    arguments = house.command()[len(PROGRAM) :]
    return Console([sys.executable, "-P", "-c", COUNTING, str(counts), *arguments], environment=house.environment)


def _measured(house: Stage, lines: dict[str, Line], snapshots: Iterator[Snapshot], seconds: float) -> Found:
    published = {0: time.monotonic()}
    ticks, begun = lines["slow"].ticks(), time.monotonic()
    last, due = begun, begun
    while (now := time.monotonic()) < begun + seconds:
        if now >= due:
            house.publish(next(snapshots))
            published[len(published)] = time.monotonic()
            due += QUICKEST
        for line in lines.values():
            line.drain(now - last)
        last = now
        time.sleep(max(0.0, SLICE - (time.monotonic() - now)))
    share = (lines["slow"].ticks() - ticks) * QUICKEST / (time.monotonic() - begun)
    ages = {name: age(line.console, published, begun, last) for name, line in lines.items()}
    return Found(ages["slow"], ages["fast"], ages.get("tables", 0.0), min(1.0, share))


def age(console: Console, published: dict[int, float], begun: float, end: float) -> float:
    """Median seconds since what was shown had been published, over all moments of the time between."""
    changes = [(begun, 0)]
    for chunk, screen in console.shots():
        number = number_of(" ".join(screen.display))
        # half of a figure that is being written can look like another
        if number is not None and changes[-1][1] < number and published.get(number, end) <= chunk.at:
            changes.append((chunk.at, number))
    ages = list[float]()
    moment, at = begun + 0.2 * (end - begun), 0
    while moment < end:
        while at + 1 < len(changes) and changes[at + 1][0] <= moment:
            at += 1
        ages.append(moment - published[changes[at][1]])
        moment += SLICE
    return statistics.median(ages)
