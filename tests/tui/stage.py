"""A monitor on a store of its own, and what it has painted."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from tapewatch.core import channel
from tapewatch.core.data import MarketData
from tapewatch.core.model.config import Config, Problem, ScreenSettings
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.paths import Paths
from tapewatch.core.universe import default_config
from tapewatch.tui.app import Monitor
from tapewatch.tui.widgets.sheet import Sheet
from tests import builders

SIZES = ((60, 16), (80, 24), (100, 30), (120, 40), (160, 48), (200, 60))
"""From the least the monitor works in to the largest it is drawn for."""


@dataclass(frozen=True)
class Stage:
    """A store somebody publishes into and the monitor that watches it."""

    paths: Paths
    monitor: Monitor

    def publish(self, snapshot: Snapshot) -> None:
        """Put out a newer snapshot and let the screen's timer come round."""
        channel.publish(self.paths, snapshot)
        self.monitor.tick()

    def lines(self) -> list[str]:
        """The whole painted screen."""
        width, height = self.monitor.size
        rows = [[" "] * width for _ in range(height)]
        for sheet in self.monitor.screen.query(Sheet):
            if not self.shown(sheet):
                continue
            region = sheet.region
            for y in range(region.height):
                text = sheet.render_line(y).text
                rows[region.y + y][region.x : region.right] = list(text)
        return ["".join(row) for row in rows]

    def text(self) -> str:
        """The painted screen in one string."""
        return "\n".join(self.lines())

    def shown(self, sheet: Sheet) -> bool:
        """Whether a part is on the screen."""
        return sheet.display and bool(sheet.region.area)

    def pane(self, name: str) -> list[str]:
        """The painted lines of one pane; empty where it is not on the screen."""
        sheet = self.monitor.desk.boards[name]
        if not self.shown(sheet):
            return []
        return [sheet.render_line(y).text for y in range(sheet.region.height)]


def stage(
    folder: Path,
    snapshot: Snapshot | None,
    *,
    settings: ScreenSettings | None = None,
    keys: dict[str, str] | None = None,
    problems: tuple[Problem, ...] = (),
) -> Stage:
    """A monitor on a fresh store with this snapshot in it."""
    paths = Paths(store=folder, state=folder, config_file=folder / "config.toml", themes=folder / "themes")
    paths.requests.mkdir(exist_ok=True)
    if snapshot is not None:
        channel.publish(paths, snapshot)
    config = configured(settings or ScreenSettings(glyphs="unicode", theme="graphite"), keys or {})
    return Stage(paths, Monitor(MarketData(paths, config), config, problems))


def configured(settings: ScreenSettings, keys: dict[str, str]) -> Config:
    """The configuration that ships, with the screen's part replaced."""
    return msgspec.structs.replace(default_config(), screen=settings, keys=keys)


def changed(snapshot: Snapshot, symbol: str, last: float) -> Snapshot:
    """The snapshot after it with one last price changed and nothing else."""
    rows = tuple(
        msgspec.structs.replace(row, quote=msgspec.structs.replace(row.quote, last=last))
        if row.symbol == symbol and row.quote is not None
        else row
        for row in snapshot.instruments
    )
    return msgspec.structs.replace(snapshot, version=(snapshot.version[0], snapshot.version[1] + 1), instruments=rows)


__all__ = ["SIZES", "Stage", "builders", "changed", "configured", "stage"]
