"""A long session on two terminals: one is sent all that Textual writes, the other the cells that changed."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pyte
from pyte.screens import Char
from textual import events
from textual.driver import Driver
from textual.geometry import Size

from tapewatch.core import channel
from tapewatch.core.model.config import ScreenSettings
from tapewatch.core.model.snapshot import Row, Snapshot
from tapewatch.tui.sender import Sender
from tests.life.tty import UNKNOWN_TO_PYTE
from tests.tui.stage import SIZES, Stage, builders, stage

ODD_SIZES = ((10, 3), (33, 9), (61, 17), (79, 23), (99, 41), (133, 37))
KEYS = (
    "1", "2", "3", "4", "5", "7", "8", "9", "j", "k", "down", "up", "l", "h", "tab", "shift+tab", "enter", "escape",
    "s", "S", "z", "d", "b", "f", "T", "question_mark", "comma", "p", "pagedown", "pageup", "ctrl+l",
    "i", "n", "N",
)  # fmt: skip
WORDS = ("spx", "rut", "q", "日本", "zzz")
NAMES = ("日本 225", "Ünïcode ✓", "e\u0301\u0302 mark", "👩\u200d👩\u200d👧 family")
SEEN_ON_BLANKS = ("underscore", "strikethrough", "reverse", "blink")


class Emulator:
    """A terminal that has been sent so much."""

    def __init__(self, columns: int, rows: int) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.screen)
        self.bytes = 0

    def feed(self, text: str) -> None:
        self.bytes += len(text.encode())
        self._stream.feed(UNKNOWN_TO_PYTE.sub(b"", text.encode()).decode())

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)

    def cells(self) -> Iterator[tuple[object, ...]]:
        """What is seen, cell after cell."""
        for y in range(self.screen.lines):
            row = self.screen.buffer[y]
            for x in range(self.screen.columns):
                yield seen(row[x])


def seen(cell: Char) -> tuple[object, ...]:
    """What of a cell can be seen: of a blank its ground alone."""
    marks = tuple(getattr(cell, name) for name in SEEN_ON_BLANKS)
    if cell.data == " ":
        return (" ", cell.bg, marks, cell.fg if any(marks) else "")
    return (cell.data, cell.fg, cell.bg, marks, cell.bold, cell.italics)


class Twin(Driver):
    """Textual's way to both terminals; no terminal of ours is touched."""

    def __init__(self, app: Any, **more: Any) -> None:
        super().__init__(app, **more)
        columns, rows = self._size or (120, 40)
        self.plain, self.differed = Emulator(columns, rows), Emulator(columns, rows)
        self.idle, self.frames = True, 0
        self.sender: Sender = app.sender
        self.sender.connect((columns, rows), self._send, lambda: self.idle)

    def _send(self, text: str) -> None:
        self.frames += 1
        self.differed.feed(text)

    def write(self, data: str) -> None:
        self.plain.feed(data)
        self.sender.write(data)

    def flush(self) -> None:
        self.sender.paint()

    def start_application_mode(self) -> None:
        self.write("\x1b[?1049h\x1b[?25l\x1b[?7l")
        self.resize(self.plain.screen.columns, self.plain.screen.lines)

    def resize(self, columns: int, rows: int) -> None:
        """As the kernel tells it: the terminal first."""
        self.plain.resize(columns, rows)
        self.differed.resize(columns, rows)
        self.sender.resize(columns, rows)
        size = Size(columns, rows)
        self._app.post_message(events.Resize(size, size))

    def disable_input(self) -> None: ...

    def stop_application_mode(self) -> None: ...


@dataclass
class Counts:
    """What was compared."""

    steps: int = 0
    cells: int = 0
    resizes: int = 0
    modals: int = 0
    pauses: int = 0
    snapshots: int = 0
    frames: int = 0
    plain_bytes: int = 0
    differed_bytes: int = 0
    differing: list[str] = field(default_factory=list[str])


class Session:
    """A monitor on two terminals, and somebody who does anything at all to it."""

    def __init__(self, folder: Path, seed: int, settings: ScreenSettings | None = None) -> None:
        self.chance, self.counts = random.Random(seed), Counts()
        self.shown: Snapshot = builders.overview()
        self.stage: Stage = stage(folder, self.shown, settings=settings)
        self.monitor = self.stage.monitor
        self.monitor.driver_class = Twin

    async def run(self, steps: int) -> Counts:
        """So many steps, compared after each."""
        running = asyncio.create_task(self.monitor.run_async(size=(120, 40), mouse=False))
        await self.settled()
        for _ in range(steps):
            step = self.chance.choices(
                (self._key, self._newer, self._resize, self._modal, self._behind, self._find), (40, 30, 8, 5, 6, 4)
            )[0]
            await step()
            await self.settled()
            self._compare(step.__name__)
        self.counts.frames = self.twin.frames
        self.counts.plain_bytes, self.counts.differed_bytes = self.twin.plain.bytes, self.twin.differed.bytes
        self.monitor.exit(0)
        await running
        return self.counts

    @property
    def twin(self) -> Twin:
        found = self.monitor._driver  # pyright: ignore[reportPrivateUsage]
        assert isinstance(found, Twin)
        return found

    async def settled(self) -> None:
        """Until nothing more is painted."""
        before, now = -1, -2
        while before != now:
            started = self.monitor._driver is not None  # pyright: ignore[reportPrivateUsage]
            before, now = now, self.twin.plain.bytes if started else -2
            for _ in range(4):
                await asyncio.sleep(0.015)

    async def press(self, key: str) -> None:
        self.monitor.post_message(events.Key(key, key if len(key) == 1 else None))
        await asyncio.sleep(0)

    async def _key(self) -> None:
        await self.press(self.chance.choice(KEYS))

    async def _find(self) -> None:
        for key in ("slash", *self.chance.choice(WORDS), self.chance.choice(("enter", "escape"))):
            await self.press(key)

    async def _modal(self) -> None:
        self.counts.modals += 1
        await self.press("ctrl+p")
        await self.settled()
        self._compare("palette")
        for key in self.chance.choice(WORDS):
            await self.press(key)
        await self.settled()
        self._compare("palette typed in")
        await self.press("escape")

    async def _resize(self) -> None:
        self.counts.resizes += 1
        self.twin.resize(*self.chance.choice((*SIZES, *ODD_SIZES)))

    async def _newer(self) -> None:
        self.counts.snapshots += 1
        counter = self.shown.version[1] + 1
        rows = tuple(self._moved(row) for row in self.shown.instruments)
        self.shown = msgspec.structs.replace(self.shown, version=(self.shown.version[0], counter), instruments=rows)
        channel.publish(self.stage.paths, self.shown)
        self.monitor.tick()

    def _moved(self, row: Row) -> Row:
        quote = row.quote
        if quote is None or quote.last is None or self.chance.random() < 0.6:
            return row
        last = quote.last * self.chance.choice((1.0001, 0.9999, 1.01, 0.99, 10.0, 0.1))
        name = self.chance.choice(
            (row.name, "日本 225", "Ünïcode ✓", "e\u0301\u0302 mark", "👩‍👩‍👧 family", row.name * 3)
        )
        return msgspec.structs.replace(row, name=name, quote=msgspec.structs.replace(quote, last=last))

    async def _behind(self) -> None:
        """The terminal takes nothing for a while: what was painted meanwhile is skipped but for the last."""
        self.counts.pauses += 1
        self.twin.idle = False
        for _ in range(self.chance.randint(1, 5)):
            await self.chance.choice((self._key, self._newer))()
            await self.settled()
        self.twin.idle = True
        self.twin.sender.paint()

    def _compare(self, after: str) -> None:
        self.counts.steps += 1
        plain, differed = [*self.twin.plain.cells()], [*self.twin.differed.cells()]
        self.counts.cells += len(plain)
        columns = self.twin.plain.screen.columns
        for at, (one, other) in enumerate(zip(plain, differed, strict=True)):
            if one != other and len(self.counts.differing) < 20:
                self.counts.differing.append(
                    f"after {after} in step {self.counts.steps}: row {at // columns}, column {at % columns}: "
                    f"{one} was written, {other} is shown"
                )  # fmt: skip
        assert self.twin.sender.cells, self.twin.sender.refused
