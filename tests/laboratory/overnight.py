"""Real processes in real time: a screen and the feed it starts, watched from outside until told to stop.

The service of the tests answers on the wall's clock; now and then it fails, and now and then the feed is killed, which
the screen has to notice and mend by itself. A line a minute goes to a CSV file.
"""

import contextlib
import csv
import os
import random
import re
import signal
import sys
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path

from tapewatch.core.channel import ChannelError, feed_holder, read_snapshot
from tapewatch.core.clock import elapsed, wall
from tapewatch.core.paths import Paths, default_paths

from ..end_to_end.desk import stocked
from ..end_to_end.terminal import Terminal
from ..fake_yahoo import FakeYahoo
from . import week
from .scenario import all_scenarios
from .soaked import held_by

MINUTE = 60.0


@dataclass(frozen=True)
class Minute:
    """What was seen at one moment."""

    at: str
    feed: int
    """Process id, 0 where none runs."""
    feed_rss: float
    feed_handles: int
    screen_rss: float
    screen_handles: int
    requests: int
    age: float
    """Seconds since the feed published, -1 where nothing can be read."""
    error: str
    fault: str


def watch(folder: Path, file: Path, hours: float, seed: int) -> int:
    """Run until Ctrl+C or so many hours; 1 where the screen ended by itself."""
    paths = default_paths(folder / "store", folder / "no-settings.toml")
    paths.store.mkdir(parents=True)
    service = week.service(seed, wall())
    service.now = wall
    stocked(paths, service.market.history, wall() - timedelta(days=1))
    minutes: list[Minute] = []
    with service, _told(file) as out:
        homes = {name: str(folder / name) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME")}
        with Terminal("--store", str(paths.store), environment=service.environment() | homes) as screen:
            with contextlib.suppress(KeyboardInterrupt):
                for minute in _watched(paths, screen, service, hours, seed):
                    minutes.append(minute)
                    out.writerow(asdict(minute))
            ended = screen.status
        _end(paths)
    sys.stdout.write(summary(minutes))
    return 0 if ended is None else 1


@contextlib.contextmanager
def _told(file: Path) -> "Generator[csv.DictWriter[str], None, None]":
    with file.open("w", newline="", buffering=1) as raw:
        out = csv.DictWriter(raw, [one.name for one in fields(Minute)])
        out.writeheader()
        yield out


def _watched(paths: Paths, screen: Terminal, service: FakeYahoo, hours: float, seed: int) -> Iterator[Minute]:
    chance, begun = random.Random(seed), elapsed()
    fault, renewed = "", wall()
    while screen.status is None and elapsed() - begun < 3600 * hours:
        screen.read(MINUTE)
        screen.raw = b""
        if wall() - renewed > timedelta(days=1):
            service.market, renewed = week.market(seed, wall().date()), wall()
        fault = _something(chance, service, fault)
        if chance.random() < 1 / 180:
            _end(paths, signal.SIGKILL)
        screen.press(chance.choice("12345678w0"))
        if screen.status is None:
            yield _minute(paths, screen, service, fault)


def _something(chance: random.Random, service: FakeYahoo, fault: str) -> str:
    """A fault a half-hour, for ten minutes; those of this process's own environment cannot reach another's."""
    if fault:
        if chance.random() < 0.1:
            service.heal()
            return ""
        return fault
    if chance.random() > 1 / 30:
        return ""
    chosen = chance.choice(all_scenarios())
    chosen.spoil(service)
    return chosen.name


def _minute(paths: Paths, screen: Terminal, service: FakeYahoo, fault: str) -> Minute:
    feed = _feed(paths)
    sent = len(service.requests)
    service.requests.clear()
    service.answers.clear()
    age, error = _published(paths)
    rss, handles = _held(feed)
    return Minute(f"{wall():%Y-%m-%dT%H:%M:%SZ}", feed, rss, handles, *_held(screen.pid), sent, age, error, fault)


def _held(process: int) -> tuple[float, int]:
    try:
        return held_by(str(process)) if process else (0.0, 0)
    except OSError:
        return 0.0, 0


def _published(paths: Paths) -> tuple[float, str]:
    try:
        found = read_snapshot(paths)
    except ChannelError as problem:
        return -1.0, str(problem)
    if found is None or found.clock.read_at is None:
        return -1.0, "nothing published"
    return (wall() - found.clock.read_at).total_seconds(), found.health.error or ""


def _feed(paths: Paths) -> int:
    """The feed's process id as its lock tells it."""
    found = re.match(r"pid (\d+)", feed_holder(paths) or "")
    return int(found[1]) if found else 0


def _end(paths: Paths, how: signal.Signals = signal.SIGTERM) -> None:
    """End the feed of this store."""
    feed = _feed(paths)
    if feed:
        with contextlib.suppress(ProcessLookupError):
            os.kill(feed, how)


def summary(minutes: list[Minute]) -> str:
    """What the minutes say together."""
    if len(minutes) < 2:
        return "under two minutes: nothing to say\n"
    lives = list(dict.fromkeys(one.feed for one in minutes if one.feed))
    lines = [f"{len(minutes)} minutes from {minutes[0].at} to {minutes[-1].at}, {len(lives)} feeds"]
    longest = max(lives, key=lambda pid: sum(one.feed == pid for one in minutes), default=0)
    alone = [one for one in minutes if one.feed == longest]
    lines += [_grown("longest feed", [(one.at, one.feed_rss, one.feed_handles) for one in alone])]
    lines += [_grown("screen", [(one.at, one.screen_rss, one.screen_handles) for one in minutes])]
    hour = max(sum(one.requests for one in minutes[at : at + 60]) for at in range(len(minutes)))
    lines += [f"requests       {sum(one.requests for one in minutes):,}, {hour} in the busiest hour"]
    silent = sum(one.age > 300 or one.age < 0 for one in minutes)
    return "\n".join([*lines, f"silent         {silent} minutes without a publication of the last five"]) + "\n"


def _grown(name: str, held: list[tuple[str, float, int]]) -> str:
    """From the first to the last, and the slope between the settled minutes."""
    settled = held[len(held) // 5 :] if len(held) > 10 else held
    days = (_time(settled[-1][0]) - _time(settled[0][0])) / timedelta(days=1) if settled else 0.0
    slope = f"{(settled[-1][1] - settled[0][1]) / days:+.2f} MiB a day" if days > 1 / 24 else "too short for a slope"
    first, last = held[0], held[-1]
    return f"{name:14} {first[1]:.1f} to {last[1]:.1f} MiB ({slope}), {first[2]} to {last[2]} handles"


def _time(at: str) -> datetime:
    return datetime.fromisoformat(at)
