"""What a soak measured, and the laws it is held to."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from tapewatch.core.model.flag import Event

HOUR = timedelta(hours=1)
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Sample:
    """What this process holds at a market time."""

    at: datetime
    rss: float
    """MiB of the process that holds the feed."""
    objects: int
    handles: int
    threads: int
    screen_rss: float
    """MiB of the screen that has been open all the time."""
    screen_handles: int


@dataclass
class Found:
    """What a soak did and what it found; every list of sentences ought to be empty."""

    began: datetime
    ended: datetime
    steps: int = 0
    looked: int = 0
    faults: list[str] = field(default_factory=list[str])
    restarts: int = 0
    kills: int = 0
    sleeps: int = 0
    looks: int = 0
    requests: int = 0
    busiest_hour: int = 0
    budget: int = 0
    events: int = 0
    lies: list[str] = field(default_factory=list[str])
    lost: list[str] = field(default_factory=list[str])
    journal: list[str] = field(default_factory=list[str])
    store: list[str] = field(default_factory=list[str])
    samples: list[Sample] = field(default_factory=list[Sample])

    @property
    def wrong(self) -> list[str]:
        """Everything that must not be."""
        return self.lies + self.lost + self.journal + self.store

    @property
    def hours(self) -> float:
        """Hours of the market's time."""
        return (self.ended - self.began) / HOUR

    def settled(self, warm_up: timedelta = timedelta(days=1)) -> list[Sample]:
        """The samples after so long a warm-up."""
        return [one for one in self.samples if one.at >= self.began + warm_up]


def slope(samples: Sequence[Sample], name: str = "rss") -> float | None:
    """How much a figure grows a simulated day, by least squares; None from under three samples."""
    if len(samples) < 3:
        return None
    days = [(one.at - samples[0].at) / timedelta(days=1) for one in samples]
    return float(np.polyfit(days, [float(getattr(one, name)) for one in samples], 1)[0])


def held_by(process: str) -> tuple[float, int]:
    """MiB of memory and open handles of a process."""
    folder = Path("/proc") / process
    return int((folder / "statm").read_text().split()[1]) * PAGE / 2**20, len(os.listdir(folder / "fd"))


def busiest(times: Sequence[datetime]) -> int:
    """The most requests in any hour."""
    most = first = 0
    times = sorted(times)
    for last, at in enumerate(times):
        while times[first] <= at - HOUR:
            first += 1
        most = max(most, last - first + 1)
    return most


BEFORE = {
    "faded": ("forming", "provisional", "confirmed"),
    "provisional": ("forming", "unknown", ""),
    "forming": ("", "faded", "unknown"),
}
"""What a state of a flag may follow in its session ("": nothing)."""


def faults_of(events: Sequence[Event]) -> Iterator[str]:
    """What cannot be true of a journal: a line twice, or a state that follows none it can follow."""
    before: dict[tuple[str, date], str] = {}
    seen: set[tuple[str, date, str, datetime]] = set()
    for one in events:
        last = before.get((one.flag, one.session), "")
        if (one.flag, one.session, one.state, one.time) in seen:
            yield f"{one.session} {one.flag} is {one.state} twice at {one.time:%H:%M}"
        # what was lost may come back without a word, and be lost again
        if last not in BEFORE.get(one.state, (last,)) or (one.state == last and last != "unknown"):
            yield f"{one.session} {one.flag} is {one.state} after {last or 'nothing'}"
        seen.add((one.flag, one.session, one.state, one.time))
        before[one.flag, one.session] = one.state
