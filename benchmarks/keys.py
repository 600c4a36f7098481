"""Goal 7: from a key to its paint while the feed fetches forty years of every symbol, against a screen at rest.

The screen is the real program on a terminal and has started its feed itself. The second row is selected and the first
again, over and over; when the sign of the selection had moved is read from the recording afterwards.
"""

import random
import time
from dataclasses import dataclass

import pyte

from .console import PROGRAM, Console, listen, settle
from .feeding import end_feed, feed_of, is_loaded, settings, symbols, wait
from .measured import Measured, compared, percentile
from .service import Service
from .stage import AT_WORK, Bench, stage

GOAL = 7
LIMIT = 2.0
EVERY = 0.1
"""Seconds between two keys, and a little chance."""
LONGEST = 40.0
"""Seconds after which a fetch is looked at no longer."""
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
    """Idle and fetching in turn; p95 of each run."""
    idle, busy = list[float](), list[float]()
    count = 0
    with Service(symbols(quick=bench.quick)) as service:
        for _ in range(1 if bench.quick else bench.runs):
            busy_ones = while_fetching(bench, service)
            idle_ones = at_rest(bench, len(busy_ones))
            count += len(busy_ones)
            busy.append(percentile(busy_ones, 0.95))
            idle.append(percentile(idle_ones, 0.95))
    said = f"p95 {1000 * percentile(busy, 0.5):.1f} ms against {1000 * percentile(idle, 0.5):.1f} ms, {count} keys each"
    return [compared(GOAL, "key to paint p95 in a full fetch / idle", said, busy, idle, LIMIT)]


def at_rest(bench: Bench, count: int) -> list[float]:
    """Latencies in seconds on a screen with prices and nothing else going on."""
    with stage(bench) as house, house.shown(refresh=1.0) as screen:
        settle([screen], 0.3)
        return latencies(screen, [_press(screen, number) for number in range(count)])


def while_fetching(bench: Bench, service: Service) -> list[float]:
    """The same from the start of a feed on an empty store until every history is there."""
    with stage(bench) as house:
        paths, file = house.paths, settings(house.folder / "settings.toml", quick=bench.quick)
        environment = house.environment | service.environment
    command = [*PROGRAM, "--config", str(file), "--store", str(paths.store)]
    presses = list[Press]()
    with Console(command, environment=environment) as screen:
        try:
            screen.until(AT_WORK)
            wait(lambda: feed_of(paths) is not None, 20.0, [screen])
            end = time.monotonic() + LONGEST
            while time.monotonic() < end and not is_loaded(paths):
                presses.append(_press(screen, len(presses)))
            return latencies(screen, presses)
        finally:
            end_feed(paths)


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
