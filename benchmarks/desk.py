"""Goal 9: twenty screens of one feed against twenty programs that each fetch for themselves.

Memory that is each process's own, requests that reached the data service, and how long a publication takes to be seen
on all twenty. The others are the same screen with its feed as a thread of the same process, each on its own store.
"""

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from tapewatch.core.paths import Paths, default_paths

from .console import LINUX, PROGRAM, Console, Memory, listen, memory_of, settle
from .feeding import end_feed, feed_of, is_loaded, settings, symbols, wait
from .measured import Measured, mebibytes, not_measured, percentile
from .series import marked, number_of
from .service import Service
from .stage import AT_WORK, Bench, stage

GOAL = 9
MEMORY_LIMIT, REQUESTS_LIMIT, SHOWN_LIMIT = 0.35, 1.0, 1.5
SCREENS, FEW = 20, 3
REFRESH = 1.0
"""Seconds between two looks of a screen: the usual setting."""
MARKS = 20
APART = 1.37
"""Seconds between two publications: no multiple of a look."""
ALONE = Path(__file__).with_name("alone.py")
PATIENCE = 600.0


class Found(NamedTuple):
    """What some screens and whatever feeds them hold, and the requests until every history was there."""

    memory: Memory
    requests: int


def measure(bench: Bench) -> list[Measured]:
    """Memory, requests, the way of a publication."""
    if not LINUX:
        return [not_measured(GOAL, "private memory of twenty screens", "no memory of another process here")]
    count = FEW if bench.quick else SCREENS
    with Service(symbols(quick=bench.quick)) as service:
        one = of_one_feed(bench, service, 1)
        ours = of_one_feed(bench, service, count)
        others = by_themselves(bench, service, count)
    said = f"{mebibytes(ours.memory.private)} against {mebibytes(others.memory.private)}"
    shares = f"shares counted {mebibytes(ours.memory.proportional)}, {mebibytes(others.memory.proportional)}"
    requests = f"{ours.requests} with {count}, {one.requests} with one; {others.requests} by {count} alone"
    return [
        Measured(GOAL, f"private memory, {count} screens and a feed / {count} alone", f"{said}; {shares}",
                 ours.memory.private / others.memory.private, MEMORY_LIMIT),
        Measured(GOAL, f"requests of {count} screens / of one", requests, ours.requests / max(1, one.requests),
                 REQUESTS_LIMIT),
        published_to_shown(bench, count),
    ]  # fmt: skip


def of_one_feed(bench: Bench, service: Service, count: int) -> Found:
    """So many screens started at once on an empty store."""
    folder = bench.new_folder()
    paths = default_paths(folder / "store", settings(folder / "settings.toml", quick=bench.quick))
    command = [*PROGRAM, "--config", str(paths.config_file), "--store", str(paths.store)]
    environment = bench.environment(folder) | service.environment

    def feed() -> int | None:
        return feed_of(paths)

    return _filled(service, [(command, environment)] * count, [paths], feed)


def by_themselves(bench: Bench, service: Service, count: int) -> Found:
    """So many that each fetch into a store of their own."""
    programs, stores = list[tuple[Sequence[str], dict[str, str]]](), list[Paths]()
    for _ in range(count):
        folder = bench.new_folder()
        paths = default_paths(folder / "store", settings(folder / "settings.toml", quick=bench.quick))
        stores.append(paths)
        command = [sys.executable, "-P", str(ALONE), str(paths.store), str(paths.config_file)]
        programs.append((command, bench.environment(folder) | service.environment))
    return _filled(service, programs, stores, lambda: None)


def _filled(
    service: Service,
    programs: Sequence[tuple[Sequence[str], dict[str, str]]],
    stores: Sequence[Paths],
    feed: Callable[[], int | None],
) -> Found:
    """Start them, wait until every history is there, look."""
    before = service.counts().total()
    with ExitStack() as stack:
        for paths in stores:
            stack.callback(end_feed, paths)
        consoles = [stack.enter_context(Console(command, environment=where)) for command, where in programs]
        wait(lambda: all(is_loaded(paths) for paths in stores), PATIENCE, consoles)
        settle(consoles, 2 * REFRESH, 20.0)
        pids = [one.pid for one in consoles] + [pid for pid in (feed(),) if pid is not None]
        held = [memory_of(pid) for pid in pids]
        requests = service.counts().total() - before
    return Found(Memory(*(sum(sizes) for sizes in zip(*held, strict=True))), requests)


def published_to_shown(bench: Bench, count: int) -> Measured:
    """Seconds from a publication until each screen has been given it, all screens together."""
    first = bench.series.running[0]
    with stage(bench, marked(first, 0)) as house, ExitStack() as stack:
        screens = [stack.enter_context(house.screen(refresh=REFRESH)) for _ in range(count)]
        wait(lambda: all(AT_WORK in one.raw() for one in screens), PATIENCE, screens)
        settle(screens, 2 * REFRESH, 20.0)
        published: list[float] = []
        for number in range(1, (2 if bench.quick else MARKS) + 1):
            house.publish(marked(bench.series.running[number % len(bench.series.running)], number))
            published.append(time.monotonic())
            listen(screens, APART)
        listen(screens, 2 * REFRESH)
        ages = [age for one in screens for age in _shown(one, published)]
    lost = count * len(published) - len(ages)
    p99 = percentile(ages, 0.99) if ages else 0.0
    said = f"p50 {percentile(ages, 0.5):.2f} s, p99 {p99:.2f} s of {len(ages)}" if ages else "nothing was shown"
    wrong = f"{lost} publications were never shown" if lost else ""
    what = f"published to shown on {count} screens, p99 / seconds between two looks"
    return Measured(GOAL, what, said, p99 / REFRESH, SHOWN_LIMIT, wrong=wrong)


def _shown(screen: Console, published: Sequence[float]) -> list[float]:
    """Seconds after which each publication, or a later one, was on the screen."""
    ages = list[float]()
    for chunk, shown in screen.shots():
        if chunk.at < published[0]:
            continue
        number = number_of(" ".join(shown.display)) or 0
        while len(ages) < min(number, len(published)) and published[len(ages)] <= chunk.at:
            ages.append(chunk.at - published[len(ages)])
    return ages
