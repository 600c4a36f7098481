"""Goal 7: from a key to its paint while a feed fetches forty years of every symbol, against the same screen at rest.

The screen is the real program on a terminal and shows the whole board all the time. A real feed fills an empty store
beside it; whenever that publishes, the next recorded snapshot is published to the screen, which so paints as often as
it would on the feed's own store, and always as much. The second row is selected and the first again, over and over;
when the sign of the selection had moved is read from the recording afterwards.
"""

import os
import random
import subprocess
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyte

from tapewatch.core.channel import stamp
from tapewatch.core.paths import Paths, default_paths

from .console import PROGRAM, Console, listen
from .feeding import is_loaded, settings, symbols
from .measured import Measured, compared, percentile
from .service import Service
from .stage import Bench, stage

GOAL = 7
LIMIT = 2.0
EVERY = 0.1
"""Seconds between two keys, and a little chance."""
LONGEST = 40.0
"""Seconds after which a fetch is looked at no longer."""
AT_REST, FEW = 150, 40
"""Keys before the feed starts."""
WARM = 10
"""First keys, which are not counted."""
DOWN, UP = "j", "k"
SELECTED = "▸"
WITHIN = 10
"""Columns at the left in which that sign stands."""


@dataclass(frozen=True)
class Press:
    """A key, and whether it is the second row that is selected once it is painted."""

    at: float
    second: bool


def measure(bench: Bench) -> list[Measured]:
    """At rest, then fetching, in every run; p95 of each."""
    idle, busy, count = list[float](), list[float](), 0
    with Service(symbols(quick=bench.quick)) as service:
        for _ in range(bench.runs):
            rested, fetching = one_run(bench, service)
            count += len(fetching)
            idle.append(percentile(rested, 0.95))
            busy.append(percentile(fetching, 0.95))
    said = f"p95 {1000 * percentile(busy, 0.5):.1f} ms against {1000 * percentile(idle, 0.5):.1f} ms, {count} keys"
    return [compared(GOAL, "key to paint p95 in a full fetch / idle", said, busy, idle, LIMIT)]


def one_run(bench: Bench, service: Service) -> tuple[list[float], list[float]]:
    """Seconds of every key at rest and during a fetch, on one screen."""
    rested = WARM + (FEW if bench.quick else AT_REST)
    with stage(bench) as house, house.shown(refresh=1.0) as screen:
        presses = [_press(screen, number) for number in range(rested)]
        snapshots = bench.series.endless()
        with feed_beside(bench, service) as paths:
            for _ in _news(paths, lambda: house.publish(next(snapshots))):
                presses.append(_press(screen, len(presses)))
        found = latencies(screen, presses)
    return found[WARM:rested], found[rested:]


@contextmanager
def feed_beside(bench: Bench, service: Service) -> Generator[Paths, None, None]:
    """A feed at work on an empty store of its own."""
    folder = bench.new_folder()
    paths = default_paths(folder / "store", settings(folder / "settings.toml", quick=bench.quick))
    command = [*PROGRAM, "--config", str(paths.config_file), "--store", str(paths.store), "feed", "--service"]
    where = bench.environment(folder) | service.environment
    feed = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | where)
    try:
        yield paths
    finally:
        feed.terminate()
        feed.wait()


def _news(paths: Paths, told: Callable[[], None]) -> Iterator[None]:
    """Until every history is there, or long enough; `told` is called at each publication meanwhile."""
    end, seen = time.monotonic() + LONGEST, stamp(paths)
    while time.monotonic() < end and not is_loaded(paths):
        if (now := stamp(paths)) != seen:
            seen = now
            told()
        yield


def _press(screen: Console, number: int) -> Press:
    second = number % 2 == 0
    pressed = Press(time.monotonic(), second)
    screen.press(DOWN if second else UP)
    listen([screen], EVERY * random.uniform(0.9, 1.1))
    return pressed


def latencies(screen: Console, presses: list[Press]) -> list[float]:
    """Seconds from each key until a piece of output has arrived with which it shows."""
    found, left = list[float](), list(presses)
    first: int | None = None
    for chunk, shown in screen.shots():
        row = _selected(shown)
        if not left or row is None:
            continue
        if chunk.at < left[0].at:
            first = row if first is None else first
            continue
        while left and left[0].at <= chunk.at and left[0].second == (row != first):
            found.append(chunk.at - left.pop(0).at)
    return found


def _selected(screen: pyte.Screen) -> int | None:
    """The row of the selection's sign."""
    for row in range(screen.lines):
        if any(screen.buffer[row][column].data == SELECTED for column in range(WITHIN)):
            return row
    return None
