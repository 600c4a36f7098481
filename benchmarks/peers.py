"""Other programs that stay open in a terminal, where they are installed: beside ours, in the same run, by version.

CPU until they have painted and rest for a moment, memory, CPU a minute while nobody touches them, bytes a refresh and
how many times that is of the ideal differ's. They show other things, so there is no limit. stocksTUI and stonks-cli
show what a network tells them, which is not there: their start is measured without data, and no refresh.
"""

import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .console import LINUX, Console, listen
from .differ import Pen, price
from .measured import Measured, mebibytes, not_measured
from .stage import Bench, stage

GOAL = 0
PAINTED = 400
"""Bytes that are more than a greeting to the terminal."""
QUIET = 0.25
"""Seconds without output between two refreshes."""
SECONDS, FEW = 30.0, 4.0


@dataclass(frozen=True)
class Peer:
    """A program by its command; `needs` is why it cannot be measured without a network, if it cannot."""

    name: str
    command: tuple[str, ...]
    version: tuple[str, ...] = ("--version",)
    needs: str = ""


PEERS = (
    Peer("htop", ("htop",)),
    Peer("btop", ("btop",)),
    Peer("glances", ("glances", "--disable-check-update")),
    Peer("stocksTUI", ("stockstui",), needs="without data, which it has from the network alone"),
    Peer("stonks-cli", ("stonks",), needs="without data, which it has from the network alone"),
)


@dataclass(frozen=True)
class Found:
    """CPU seconds to the first paint and a minute, bytes held, bytes a refresh and the ideal's."""

    painted: float
    resident: int
    minute: float
    refresh: float
    ideal: float

    @property
    def words(self) -> str:
        """All of it."""
        times = f" ({self.refresh / self.ideal:.1f} times the ideal)" if self.ideal else ""
        return (
            f"first paint {1000 * self.painted:,.0f} ms CPU, {mebibytes(self.resident)}, "
            f"{self.minute:.2f} CPU s a minute" + (f", {self.refresh:,.0f} B a refresh{times}" if self.refresh else "")
        )


def measure(bench: Bench) -> list[Measured]:
    """Ours on a running series, then whoever is there."""
    if not LINUX:
        return [not_measured(GOAL, "other programs", "no CPU clock of another process here")]
    return [ours(bench), *(of(one, bench) for one in PEERS)]


def of(peer: Peer, bench: Bench) -> Measured:
    """One program's row."""
    where = shutil.which(peer.command[0])
    if where is None:
        return not_measured(GOAL, peer.name, "not installed")
    environment = bench.environment(bench.new_folder())
    name = f"{peer.name} {version_of((where, *peer.version), environment)}".strip()
    found = watched([where, *peer.command[1:]], environment, FEW if bench.quick else SECONDS)
    if found is None:
        return not_measured(GOAL, name, "it painted nothing here")
    return Measured(GOAL, name, found.words + (f"; {peer.needs}" if peer.needs else ""))


def version_of(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """The first number with a point in what it says of itself."""
    try:
        said = subprocess.run(
            command, capture_output=True, text=True, timeout=20, env={"PATH": "/usr/bin:/bin", **environment},
            check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    plain = re.sub(r"\x1b\[[\d;]*m", "", said.stdout + said.stderr)
    found = re.search(r"\d+\.\d+[\w.]*", plain)
    return found[0] if found else ""


def watched(command: Sequence[str], environment: Mapping[str, str], seconds: float) -> Found | None:
    """Start it, let it be, look at what it sent."""
    with Console(command, environment=environment) as console:
        listen([console], 15.0, lambda: console.ended or len(console.raw()) > PAINTED)
        listen([console], QUIET)
        if console.ended or console.sent <= PAINTED:
            return None
        painted = console.cpu()
        listen([console], 2.0)
        before, start = console.cpu(), len(console.chunks)
        listen([console], seconds)
        if console.ended:
            return None
        minute = (console.cpu() - before) * 60.0 / seconds
        refresh, ideal = refreshes(console, start)
        return Found(painted, console.memory().resident, minute, refresh, ideal)


def refreshes(console: Console, since: int) -> tuple[float, float]:
    """Bytes of a refresh, the mean, and the ideal's for the same screens."""
    later = console.chunks[since:]
    ends = [since + at for at, (one, other) in enumerate(pairwise(later), 1) if other.at - one.at > QUIET]
    marks = [since, *ends, len(console.chunks)] if later else []
    if len(marks) < 2:
        return 0.0, 0.0
    pen, pictures = Pen(), list(console.pictures(marks))
    ideal = [price(one, other, pen) for one, other in pairwise(pictures)]
    sent = [sum(len(one.data) for one in console.chunks[start:end]) for start, end in pairwise(marks)]
    return statistics.mean(sent), statistics.mean(ideal)


def ours(bench: Bench) -> Measured:
    """The screen while a publication comes every two seconds."""
    seconds = FEW if bench.quick else SECONDS
    snapshots = bench.series.endless()
    with stage(bench, next(snapshots)) as house, house.screen(refresh=1.0) as screen:
        screen.until(house.price())
        listen([screen], QUIET)
        painted = screen.cpu()
        listen([screen], 2.0)
        before, start, end = screen.cpu(), len(screen.chunks), time.monotonic() + seconds
        while time.monotonic() < end:
            house.publish(next(snapshots))
            listen([screen], 2.0)
        minute = (screen.cpu() - before) * 60.0 / seconds
        refresh, ideal = refreshes(screen, start)
        found = Found(painted, screen.memory().resident, minute, refresh, ideal)
    return Measured(GOAL, "tapewatch, a publication every two seconds", found.words)
