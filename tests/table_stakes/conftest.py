"""A market at our command, and the monitor beside it on a real terminal."""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tapewatch.core import channel

from ..end_to_end.desk import Desk, desk, eastern
from ..end_to_end.terminal import Terminal
from ..laboratory.world import OPENED, service, settings

Show = Callable[..., AbstractContextManager[Terminal]]
PLACES = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Desk]:
    """Four indices on a Wednesday at ten, the feed stepped by hand; its lock is held, so that no screen starts one."""
    with desk(tmp_path, settings(), service(), OPENED, OPENED - timedelta(days=1)) as made:
        lock = channel.Lock(made.paths.feed_lock, "alone")
        assert lock.take()
        try:
            made.until(eastern("2025-10-15 10:06"))
            yield made
        finally:
            lock.release()


@pytest.fixture
def show(tmp_path: Path) -> Show:
    """The monitor of a store (or with any arguments), with places of its own."""

    @contextmanager
    def shown(
        *arguments: object, size: tuple[int, int] = (120, 40), ready: str = "q quit", **environment: str
    ) -> Generator[Terminal, None, None]:
        with Terminal(*map(str, arguments), size=size, environment=homes(tmp_path) | environment) as terminal:
            terminal.until(ready, 60.0)
            yield terminal

    return shown


def homes(folder: Path) -> dict[str, str]:
    """Places of one's own for settings, logs and notes."""
    return {name: str(folder / name.lower()) for name in PLACES}


def at(market: Desk, moment: str) -> datetime:
    """Let the market go on to a moment without asking anything in between, and take one step there."""
    market.clock.jump(eastern(moment))
    market.feed.step()
    return market.clock.now()
