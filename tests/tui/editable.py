"""A monitor with a settings file of its own, and keys typed into it."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
from textual.pilot import Pilot

from tapewatch.core import channel
from tapewatch.core.data import MarketData
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.paths import Paths
from tapewatch.core.settings import Watched, load
from tapewatch.tui.app import Monitor
from tests.tui.stage import Stage, builders

COMMENTED = """\
# my settings
order = ["SPX", "RUT"]  # small caps second

[screen]
theme = "graphite"  # dark, for the night
glyphs = "unicode"

[feed]
# not too often
poll = 60.0

[[level]]
symbol = "RUT"
price = 2433.19  # the low of the week
"""


def settled(folder: Path, text: str | None = COMMENTED, snapshot: Snapshot | None = None) -> Stage:
    """A monitor that reads and writes a settings file of its own."""
    paths = Paths(store=folder, state=folder, config_file=folder / "config.toml", themes=folder / "themes")
    paths.requests.mkdir(exist_ok=True)
    channel.publish(paths, snapshot or builders.overview())
    if text is not None:
        paths.config_file.write_text(text)
    config, problems = load(paths.config_file)
    if text is None:
        config = msgspec.structs.replace(config, screen=msgspec.structs.replace(config.screen, glyphs="unicode"))
    return Stage(paths, Monitor(MarketData(paths, config), config, problems, Watched(paths.config_file).reloaded))


def file_of(seen: Stage) -> str:
    return seen.paths.config_file.read_text()


def tables(seen: Stage) -> dict[str, Any]:
    return tomllib.loads(file_of(seen))


def said(seen: Stage) -> str:
    """The line above the footer."""
    return seen.lines()[-2].strip()


async def typed(pilot: Pilot[int], text: str) -> None:
    await pilot.press(*("space" if one == " " else one for one in text))


async def to_setting(seen: Stage, pilot: Pilot[int], key: str) -> None:
    """The cursor on a setting of the page."""
    if seen.monitor.choices.page != "settings":
        await pilot.press("comma")
    await pilot.press("g")
    keys = seen.monitor.desk.boards["settings"].page.keys
    await pilot.press(*["j"] * keys.index(key))


def without_comments_lost(seen: Stage) -> bool:
    return all(one in file_of(seen) for one in ("# my settings", "# small caps second", "# not too often"))
