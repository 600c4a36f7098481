"""Stores that a real feed fills from the data service of the tests."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from tapewatch.core.channel import ChannelError, feed_holder, read_snapshot
from tapewatch.core.holder import Holder
from tapewatch.core.paths import Paths
from tapewatch.core.universe import default_config

from .console import Console, listen
from .series import few
from .stage import BORN

SETTINGS = """
[feed]
poll = 10
budget = 2000
burst = 30
[[rule]]
rule = "same-day-direction"
watched = "^RUT"
against = ["^GSPC", "^DJI"]
"""
"""As much as the settings allow at once, so that a full fetch is work and not waiting."""


def symbols(*, quick: bool) -> list[str]:
    """What is on the board."""
    return [one.symbol for one in (few() if quick else default_config()).watched]


def settings(file: Path, *, quick: bool) -> Path:
    """A settings file whose board is these symbols."""
    shown = symbols(quick=quick)
    hidden = [one.symbol for one in default_config().instruments if one.symbol not in shown]
    blocks = [f'[[instrument]]\nsymbol = "{symbol}"\nhidden = true\n' for symbol in hidden]
    file.write_text(SETTINGS + "\n".join(blocks), encoding="utf-8")
    return file


def is_loaded(paths: Paths) -> bool:
    """Whether its own feed has every history there."""
    with suppress(ChannelError):
        found = read_snapshot(paths)
        if found is not None and found.version[0] > BORN:
            return found.health.history_loaded[0] == found.health.history_loaded[1] > 0
    return False


def feed_of(paths: Paths) -> int | None:
    """The process that feeds a store."""
    note = feed_holder(paths)
    return Holder.of(note).pid if note else None


def end_feed(paths: Paths) -> None:
    """Tell the feed of a store to end, and wait until it has."""
    pid = feed_of(paths)
    if pid is None or pid == os.getpid():
        return
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    wait(lambda: feed_holder(paths) is None, 20.0)


def wait(happened: Callable[[], bool], seconds: float, consoles: Sequence[Console] = ()) -> None:
    """Wait for something that other processes do, while their terminals are read."""
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError("it did not happen in time")
        listen(consoles, 0.2)
