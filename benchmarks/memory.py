"""Goal 8: memory of a screen after 300,000 updates of cells, in quick succession, against a minimal app.

Every publication moves every figure to where it has never been, so that no cache of texts is spared. A cell of a table
that is painted anew is one update: a run of changed cells of the terminal, counted on the first refreshes.
"""

import random
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from .console import LINUX, Console, listen, settle
from .differ import runs
from .measured import Measured, mebibytes, not_measured, slope
from .series import stirred
from .stage import QUICKEST, Bench, Stage, painted, stage
from .startup import MINIMAL, PRICE, PYTHON

GOAL = 8
LIMIT, SLOPE_LIMIT = 1.35, 1.0
UPDATES, FEW = 300_000, 600
COUNTED = 8
"""Refreshes whose updates are counted one by one."""
WARM = 1 / 3
"""Share of the updates before a slope is looked for: caches are filling."""
LOOKS = 60


@dataclass(frozen=True)
class Look:
    """Bytes that the screen held after so many updates."""

    updates: int
    resident: int


def measure(bench: Bench) -> list[Measured]:
    """One long run: a leak does not vary."""
    if not LINUX:
        return [not_measured(GOAL, "memory after 300,000 updates", "no memory of another process here")]
    wanted = FEW if bench.quick else UPDATES
    with stage(bench) as house, Console([*PYTHON, MINIMAL], environment=house.environment) as app:
        app.until(PRICE.encode())
        settle([app], 1.0)
        with house.shown() as screen:
            looks = updated(bench, house, screen, wanted)
        base = app.memory().resident
    last = median(one.resident for one in looks[-5:])
    later = [one for one in looks if one.updates >= WARM * wanted]
    rise = slope([one.updates / 100_000 for one in later], [one.resident / 2**20 for one in later])
    figure = f"{mebibytes(last)} after {looks[-1].updates:,} updates, {mebibytes(looks[0].resident)} at first"
    rows = [
        Measured(GOAL, "memory of a screen / minimal app", f"{figure}; minimal {mebibytes(base)}", last / base, LIMIT)
    ]
    if not bench.quick:
        rows.append(Measured(GOAL, "MiB more per 100,000 updates", f"{rise:+.2f} MiB", max(0.0, rise), SLOPE_LIMIT))
    return rows


def updated(bench: Bench, house: Stage, screen: Console, wanted: int) -> list[Look]:
    """Publish until so many updates were painted, looking at the memory now and then."""
    chance, first = random.Random(7), bench.series.running[0]
    each = _updates_of_one(house, screen, chance)
    looks, done, seen = [Look(0, screen.memory().resident)], 0, len(screen.chunks)
    while done < wanted:
        house.publish(stirred(first, chance))
        listen([screen], QUICKEST)
        if len(screen.chunks) > seen:
            done += each
            seen = len(screen.chunks)
        if done - looks[-1].updates >= wanted / LOOKS:
            looks.append(Look(done, screen.memory().resident))
            screen.chunks.clear()
            seen = 0
    return looks


def _updates_of_one(house: Stage, screen: Console, chance: random.Random) -> int:
    """How many updates one such publication is, the mean of a few."""
    first, marks = house.last, [len(screen.chunks)]
    if first is None:
        raise ValueError("nothing was published")
    for _ in range(COUNTED):
        house.publish(stirred(first, chance))
        painted([screen])
        marks.append(len(screen.chunks))
    shots = dict(zip(sorted(set(marks)), screen.pictures(sorted(set(marks))), strict=True))
    counts = [sum(1 for _ in runs(shots[one], shots[other])) for one, other in pairwise(marks)]
    return max(1, round(sum(counts) / len(counts)))
