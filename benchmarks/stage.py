"""A store whose feed is the benchmark itself, and the real program on it: `python -m tapewatch --store …`."""

import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from msgspec.structs import replace

from tapewatch import __version__
from tapewatch.core import channel
from tapewatch.core.model.config import ScreenSettings
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.paths import Paths, default_paths

from .console import LINUX, PROGRAM, Console, listen, settle
from .series import Series, record

HAS_CHOICE = "output" in ScreenSettings.__struct_fields__
"""Whether the program lets one choose between sending changed cells and the library's own output."""
AT_WORK = b"\x1b[?2004h"
"""What the library sends when it has taken the terminal; what stands there before may be a picture of last time."""
RESTS, MUCH = 0.2, 0.3
"""Seconds, and the share of them on a processor that is no rest."""
QUICKEST = 0.1
"""Seconds: the shortest `refresh` the settings allow."""
TABLES = Path(__file__).with_name("tables.py")
BORN = 1_700_000_000


@dataclass
class Bench:
    """One run of the benchmarks: where files go, how often each figure is taken, the recorded market."""

    folder: Path
    runs: int = 5
    quick: bool = False
    only: tuple[int, ...] | None = None
    _count: int = 0

    def wants(self, goal: int) -> bool:
        """Whether this goal was asked for."""
        return self.only is None or goal in self.only

    @cached_property
    def series(self) -> Series:
        """Recorded when it is first wanted."""
        return record(self.new_folder(), quick=self.quick)

    def new_folder(self) -> Path:
        """An empty folder of this run."""
        self._count += 1
        made = self.folder / f"{self._count:03}"
        made.mkdir(mode=0o700)
        return made

    def environment(self, folder: Path) -> dict[str, str]:
        """A user's own places, and a network in which nobody is reached."""
        places = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("STATE", "CONFIG", "DATA", "CACHE")}
        nowhere = dict.fromkeys(("HTTPS_PROXY", "https_proxy"), "http://127.0.0.1:1")
        # an installed program has its byte code; whoever forbids writing it would measure the compiler
        python = {"PYTHONWARNINGS": "ignore", "PYTHONDONTWRITEBYTECODE": ""}
        return {**places, **nowhere, **python, "HOME": str(folder), "TMPDIR": str(folder)}


@dataclass
class Stage:
    """A store that this process feeds; publications get a version of their own, each higher than the last."""

    folder: Path
    paths: Paths
    environment: dict[str, str]
    published: int = 0
    last: Snapshot | None = field(default=None, repr=False)

    def publish(self, snapshot: Snapshot) -> None:
        """Replace the snapshot file, as a feed does."""
        self.published += 1
        self.last = replace(snapshot, version=(BORN, self.published))
        channel.publish(self.paths, self.last)

    def again(self) -> None:
        """Publish what was published last once more: nothing has changed but the version."""
        if self.last is not None:
            self.publish(self.last)

    def command(self, *, refresh: float = QUICKEST, output: str = "") -> list[str]:
        """The monitor on this store with its settings in a file."""
        file = self.folder / f"settings-{refresh:g}-{output}.toml"
        chosen = f'output = "{output}"\n' if output and HAS_CHOICE else ""
        file.write_text(f"[screen]\nrefresh = {refresh}\n{chosen}", encoding="utf-8")
        return [*PROGRAM, "--config", str(file), "--store", str(self.paths.store)]

    def screen(self, *, size: tuple[int, int] = (120, 40), refresh: float = QUICKEST, output: str = "") -> Console:
        """The monitor on a terminal."""
        return Console(self.command(refresh=refresh, output=output), size=size, environment=self.environment)

    def tables(self, *, size: tuple[int, int] = (120, 40), refresh: float = QUICKEST) -> Console:
        """The same screen built on DataTables, on the same store."""
        command = [sys.executable, "-P", str(TABLES), str(self.paths.store), str(refresh)]
        return Console(command, size=size, environment=self.environment)

    def shown(self, *, size: tuple[int, int] = (120, 40), refresh: float = QUICKEST, output: str = "") -> Console:
        """The monitor once it has painted the first snapshot and rests."""
        made = self.screen(size=size, refresh=refresh, output=output)
        self.await_paint([made], refresh)
        return made

    def await_paint(self, consoles: Sequence[Console], refresh: float = QUICKEST) -> None:
        """Wait until all of them have painted what was published last and rest."""
        for one in consoles:
            one.until(AT_WORK, beside=consoles)
            one.until(self.price(), beside=consoles)
        settle(consoles, max(0.5, 2.5 * refresh))
        while LINUX and any(_busy(consoles)):
            pass

    def price(self) -> bytes:
        """A price of the last publication, as every screen of ours writes it."""
        first = self.last.instruments[0].quote if self.last else None
        if first is None or first.last is None:
            raise ValueError("nothing with a price was published")
        return f"{first.last:,.2f}".encode()


def _busy(consoles: Sequence[Console]) -> list[bool]:
    """Which of them is still at something that needs much of a processor."""
    before = [one.cpu() for one in consoles]
    listen(consoles, RESTS)
    return [one.cpu() - spent > MUCH * RESTS for one, spent in zip(consoles, before, strict=True)]


@contextmanager
def stage(bench: Bench, first: Snapshot | None = None) -> Generator[Stage, None, None]:
    """A store with a snapshot in it, held so that no screen starts a feed."""
    folder = bench.new_folder()
    # where the program itself looks in this environment, so that it can be started as most people start it
    paths = default_paths(folder / "data" / "tapewatch", folder / "no-settings.toml")
    paths.store.mkdir(mode=0o700, parents=True)
    paths.requests.mkdir(mode=0o700)
    lock = channel.Lock(paths.feed_lock, "alone")
    if not lock.take():
        raise RuntimeError(lock.problem or "the new store has a feed already")
    lock.note(f"pid {os.getpid()}, version {__version__}, benchmark, since today")
    made = Stage(folder, paths, bench.environment(folder))
    made.publish(first if first is not None else bench.series.running[0])
    try:
        yield made
    finally:
        lock.release()


def painted(screens: list[Console], refresh: float = QUICKEST) -> None:
    """Wait until the screens have looked at the store and rest again."""
    before = [len(one.chunks) for one in screens]
    listen(screens, 2.2 * refresh, lambda: all(len(one.chunks) > n for one, n in zip(screens, before, strict=True)))
    settle(screens, 1.3 * refresh)
