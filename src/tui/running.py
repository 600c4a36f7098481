"""The monitor from its first frame to the exit code."""

import os
import sys
from collections.abc import Mapping

from textual.driver import Driver

from ..core.data import MarketData
from ..core.model.config import Config, Problem
from .app import Monitor, Reloaded
from .keeping import keep
from .starting import USUAL, Start
from .terminal import Terminal
from .text import clean
from .travel import Opener


def run(
    data: MarketData,
    config: Config,
    problems: tuple[Problem, ...] = (),
    reloaded: Reloaded | None = None,
    opener: Opener | None = None,
    start: Start = USUAL,
    driver: type[Driver] = Terminal,
) -> int:
    """Show the market until the user quits, first as `start` says; the exit code. `data` is closed in any case.

    `driver` is what it is shown on: the terminal, or the tab of a browser.
    """
    size = asked_size(os.environ) if driver is not Terminal else None
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)  # the terminal knows its size, and it changes
    try:
        monitor = Monitor(data, config, problems, reloaded, opener, start, driver)
    except BaseException:
        data.close()
        raise
    with monitor.ending.heard():
        try:
            _shown(monitor, size)
        finally:
            monitor.ending.reached()
            monitor.close()
            if monitor.uncovered and not monitor.last_words and driver is Terminal:
                keep(monitor, start)
    if monitor.last_words and sys.stderr:
        sys.stderr.write(f"{clean(monitor.last_words)}\n")
    return monitor.ending.code or monitor.return_code or 0


def asked_size(environment: Mapping[str, str]) -> tuple[int, int]:
    """Columns and rows of a tab when it was opened, as who starts its screen says."""
    try:
        return int(environment["COLUMNS"]), int(environment["ROWS"])
    except (KeyError, ValueError):
        return 80, 24


def _shown(monitor: Monitor, size: tuple[int, int] | None) -> None:
    """Run it; a bug outside its own loop is one too."""
    try:
        monitor.run(size=size)
    except Exception as bug:
        monitor.failed(bug)
