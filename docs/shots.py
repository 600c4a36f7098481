"""The pictures of the documentation, made from the demo's own market: `python docs/shots.py`.

Needs the development install; writes docs/pictures/*.svg. Same seed, same pictures.
"""

import asyncio
import re
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import msgspec

from tapewatch.core.clock import PacedClock
from tapewatch.core.data import MarketData
from tapewatch.core.feed import Feed
from tapewatch.core.model.config import Config
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.sources.sample import SampleSource
from tapewatch.core.store.budget import Budget
from tapewatch.core.store.schema import connect
from tapewatch.core.universe import default_config
from tapewatch.tui.app import Monitor

FOLDER = Path(__file__).parent / "pictures"
PICTURES = {
    "overview-120x40-graphite": ((120, 40), "graphite", ()),
    "overview-120x40-ledger": ((120, 40), "ledger", ()),
    "overview-80x24-graphite": ((80, 24), "graphite", ()),
    "flags-120x40-graphite": ((120, 40), "graphite", ("5",)),
    "proof-120x40-graphite": ((120, 40), "graphite", ("g", "j", "j", "j", "j", "tab", "tab", "enter")),
    "recap-120x40-ledger": ((120, 40), "ledger", ("w",)),
    "chart-120x40-graphite": ((120, 40), "graphite", ("g", "j", "j", "j", "j", "c")),
    "instrument-120x40-graphite": ((120, 40), "graphite", ("j", "j", "j", "j", "i")),
    "world-120x40-ledger": ((120, 40), "ledger", ("7",)),
    "help-120x40-graphite": ((120, 40), "graphite", ("?",)),
    "settings-120x40-graphite": ((120, 40), "graphite", (",",)),
    "themes-120x40-ledger": ((120, 40), "ledger", ("T",)),
}


def main() -> int:
    """Write every picture."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        made = default_paths(Path(folder) / "store", Path(folder) / "none.toml")
        # as a user reads it; there is no such folder here
        paths = msgspec.structs.replace(made, config_file=Path("~/.config/tapewatch/config.toml"))
        feed = filled(paths, timedelta(hours=1, minutes=41))
        for name, (size, theme, keys) in PICTURES.items():
            usual = default_config()
            screen = msgspec.structs.replace(usual.screen, theme=theme, glyphs="unicode")
            picture = asyncio.run(paint(feed, msgspec.structs.replace(usual, screen=screen), size, keys))
            (FOLDER / f"{name}.svg").write_text(picture, encoding="utf-8")
        feed.database.close()
    return 0


def filled(paths: Paths, watched: timedelta) -> Feed:
    """The demo's feed after so long of the market's time, standing still there."""
    paths.requests.mkdir(parents=True)
    config, database = default_config(), connect(paths.database)
    source = SampleSource(config.followed)
    clock = PacedClock(source.start_time, 0.0)
    feed = Feed(paths, config, source, clock, database, Budget(database, None, 6), mode="demo", log=lambda _: None)
    while clock.now() < source.start_time + watched:
        clock.jump(min(feed.step(), source.start_time + watched))
    feed.step()
    return feed


async def paint(feed: Feed, config: Config, size: tuple[int, int], keys: tuple[str, ...]) -> str:
    """The screen as SVG, without the random prefix of its names and without fonts from elsewhere."""
    monitor = Monitor(MarketData.open(feed.paths, config), config)
    async with monitor.run_test(size=size) as pilot:
        await pilot.press(*keys)
        feed.hear(feed.clock.now())
        monitor.attend()
        await pilot.pause()
        picture = monitor.export_screenshot(title="tapewatch demo")
    return re.sub(r"terminal-\d+", "terminal", re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL))


if __name__ == "__main__":
    sys.exit(main())
