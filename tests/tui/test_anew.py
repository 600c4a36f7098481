"""What is kept from one painting to the next changes nothing: each is what a screen would show that is painted anew."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from rich.style import Style
from textual.pilot import Pilot

from tapewatch.core import channel
from tapewatch.core.model.snapshot import Row, Snapshot
from tapewatch.tui.palette import Palette
from tapewatch.tui.panes import discover
from tapewatch.tui.screens.desk import Desk
from tapewatch.tui.text import plain
from tapewatch.tui.widgets.sheet import Sheet
from tests.tui.stage import SIZES, Stage, builders, stage
from tests.tui.twin import KEYS, NAMES

MARKETS = (builders.overview, builders.live, builders.offline, builders.loading)
PASSING = (timedelta(seconds=5), timedelta(minutes=15))
STEPS = 60


class Anew:
    """A monitor to which anything happens, and beside it each time a screen that has never shown anything."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.shown: Snapshot = builders.overview()
        self.stage: Stage = stage(folder, self.shown)
        self.steps = 0

    async def run(self, steps: int) -> None:
        monitor = self.stage.monitor
        async with monitor.run_test(size=(120, 40)) as pilot:
            for _ in range(steps):
                step = self.chance.choices((self._newer, self._key, self._resize, self._other), (50, 35, 8, 7))[0]
                await step(pilot)
                await pilot.pause()
                self.compare()

    async def _newer(self, _: Pilot[int]) -> None:
        shot = self.shown
        rows = tuple(self._moved(row) for row in shot.instruments)
        clock = msgspec.structs.replace(
            shot.clock, now=shot.clock.now + timedelta(seconds=self.chance.choice((5, 900)))
        )
        flags = tuple(one for one in MARKETS[0]().flags if self.chance.random() < 0.9)
        journal = shot.journal if self.chance.random() < 0.8 else shot.journal[1:]
        self._publish(msgspec.structs.replace(shot, clock=clock, instruments=rows, flags=flags, journal=journal))

    async def _other(self, _: Pilot[int]) -> None:
        """Another market altogether."""
        self._publish(self.chance.choice(MARKETS)())

    def _publish(self, snapshot: Snapshot) -> None:
        version = (self.shown.version[0], self.shown.version[1] + 1)
        self.shown = msgspec.structs.replace(snapshot, version=version)
        channel.publish(self.stage.paths, self.shown)
        self.stage.monitor.tick()

    def _moved(self, row: Row) -> Row:
        quote, chance = row.quote, self.chance
        if quote is None or quote.last is None or chance.random() < 0.5:
            return row
        last = quote.last * chance.choice((1.0, 1.0001, 0.9999, 1.01, 10.0))
        quote = msgspec.structs.replace(quote, last=last, change_percent=chance.uniform(-2, 2))
        week = row.week and msgspec.structs.replace(row.week, close=last, high=max(row.week.high, last))
        name = chance.choice((row.name, row.name, *NAMES))
        return msgspec.structs.replace(row, quote=quote, week=week, name=name)

    async def _key(self, pilot: Pilot[int]) -> None:
        await pilot.press(self.chance.choice(KEYS))

    async def _resize(self, pilot: Pilot[int]) -> None:
        await pilot.resize_terminal(*self.chance.choice(SIZES))

    def compare(self) -> None:
        """Every line that is shown, and the colours it is painted in."""
        self.steps += 1
        monitor = self.stage.monitor
        anew = Desk(lambda: None)
        anew.panes = discover()
        for old, new in zip(sheets(monitor.desk), sheets(anew), strict=True):
            new.plain, new.palette = old.plain, Palette(monitor.worn.themes[monitor.theme])
        for name, board in monitor.desk.boards.items():
            scrolled_like(anew.boards[name], board)
        scrolled_like(anew.proof, monitor.desk.proof)
        anew.paint(monitor.view())
        for old, new in zip(sheets(monitor.desk), sheets(anew), strict=True):
            if self.stage.shown(old) and (new.lines() or old.id in (*anew.in_sight(), "proof")):
                assert [*map(plain, old.lines())] == [*map(plain, new.lines())], (self.steps, old.id)
                assert old.lines() == new.lines(), (self.steps, old.id)
                assert painted(old) == wanted(new, old.size.height), (self.steps, old.id)


def sheets(desk: Desk) -> Iterator[Sheet]:
    yield from (desk.header, desk.line, desk.footer, desk.welcome, desk.proof, *desk.boards.values())


def scrolled_like(new: object, old: object) -> None:
    """Where a pane stands is no matter of what is kept."""
    for name in ("_first", "_followed"):
        setattr(new, name, getattr(old, name))


def painted(sheet: Sheet) -> list[list[tuple[str, object]]]:
    """Every cell as it is painted: of a blank what is seen of it."""
    rows = (sheet.render_line(y) for y in range(min(sheet.size.height, len(sheet.lines()))))
    return [[seen(one, style) for text, style, _ in row for one in text] for row in rows]


def wanted(sheet: Sheet, lines: int) -> list[list[tuple[str, object]]]:
    """The same of what a sheet was given to show, piece by piece."""
    palette, ground = sheet.palette, sheet.ground
    assert palette is not None
    rows = sheet.lines()[:lines]
    return [[seen(one, palette.style(style, ground)) for text, style in row for one in text] for row in rows]


def seen(character: str, style: Style | None) -> tuple[str, object]:
    if character != " " or style is None or style.underline or style.reverse:
        return character, style
    return character, style.bgcolor


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_each_painting_is_what_a_new_screen_would_show(tmp_path: Path, seed: int) -> None:
    await Anew(tmp_path, seed).run(STEPS)
