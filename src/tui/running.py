"""The monitor from its first frame to the exit code."""

import os
import sys

from ..core.data import MarketData
from ..core.model.config import Config, Problem
from .app import Monitor, Reloaded
from .keeping import keep
from .text import clean
from .travel import Opener


def run(
    data: MarketData,
    config: Config,
    problems: tuple[Problem, ...] = (),
    reloaded: Reloaded | None = None,
    opener: Opener | None = None,
) -> int:
    """Show the market until the user quits; the exit code. `data` is closed whatever happens."""
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)  # the terminal knows its size, and it changes
    try:
        monitor = Monitor(data, config, problems, reloaded, opener)
    except BaseException:
        data.close()
        raise
    with monitor.ending.heard():
        try:
            _shown(monitor)
        finally:
            monitor.ending.reached()
            monitor.close()
            if monitor.uncovered and not monitor.last_words:
                zone = monitor.config.screen.zone
                keep(monitor.snapshot, monitor.choices, monitor.sender, monitor.live.paths, zone)
    if monitor.last_words and sys.stderr:
        sys.stderr.write(f"{clean(monitor.last_words)}\n")
    return monitor.ending.code or monitor.return_code or 0


def _shown(monitor: Monitor) -> None:
    """Run it; a bug outside its own loop is one too."""
    try:
        monitor.run()
    except Exception as bug:
        monitor.failed(bug)
