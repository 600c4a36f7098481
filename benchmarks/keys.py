"""Goal 7: from a key to its paint while the feed fetches forty years of every symbol, against a screen at rest.

The screen is the real program on a terminal and has started its feed itself. A letter is typed into the line of the
search and taken back, again and again; when each was painted is read from the recording afterwards.
"""

import random
import time
from dataclasses import dataclass

import pyte

from .console import PROGRAM, Console, listen, settle
from .feeding import end_feed, feed_of, is_loaded, settings, symbols, wait
from .measured import Measured, compared, percentile
from .service import Service
from .stage import FIRST_FRAME, Bench, stage

GOAL = 7
LIMIT = 2.0
EVERY = 0.1
"""Seconds between two keys, and a little chance."""
LONGEST = 40.0
"""Seconds after which a fetch is looked at no longer."""
LETTER, BACK = "z", "\x7f"


@dataclass(frozen=True)
class Press:
    """A key, and whether the letter must be on the screen once it is painted."""

    at: float
    there: bool


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
        screen.press("/")
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
            screen.until(FIRST_FRAME)
            wait(lambda: feed_of(paths) is not None, 20.0, [screen])
            screen.press("/")
            listen([screen], 0.2)
            end = time.monotonic() + LONGEST
            while time.monotonic() < end and not is_loaded(paths):
                presses.append(_press(screen, len(presses)))
            return latencies(screen, presses)
        finally:
            end_feed(paths)


def _press(screen: Console, number: int) -> Press:
    there = number % 2 == 0
    pressed = Press(time.monotonic(), there)
    screen.press(LETTER if there else BACK)
    listen([screen], EVERY * random.uniform(0.9, 1.1))
    return pressed


def latencies(screen: Console, presses: list[Press]) -> list[float]:
    """Seconds from each key until a piece of output has arrived with which it shows."""
    found, left = list[float](), list(presses)
    for chunk, shown in screen.shots():
        if not left or chunk.at < left[0].at:
            continue
        there = _typed(shown)
        while left and left[0].at <= chunk.at and left[0].there == there:
            found.append(chunk.at - left.pop(0).at)
    return found


def _typed(screen: pyte.Screen) -> bool:
    line = "".join(screen.buffer[screen.lines - 2][column].data for column in range(40))
    return f"find {LETTER}" in line
