"""What a running feed has in memory, put into a database that has lost it."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from .bars import Bars
from .clock import wall
from .flags.lifecycle import Life
from .model.flag import Event
from .store.bars import keep_bars
from .store.rescue import add_events
from .store.symbols import mark_full


def restore(
    database: sqlite3.Connection,
    histories: Mapping[str, Bars],
    origins: Mapping[str, tuple[str, datetime]],
    whole: Collection[str],
    events: Iterable[Event],
    lives: Mapping[str, Life],
) -> None:
    """Final bars, whole histories, journal and lives; what the database has already stands.

    Bars get the source of their symbol's newest one: which of them came from elsewhere is not in memory.
    """
    for symbol, bars in histories.items():
        source, taken_at = origins.get(symbol, ("memory", wall()))
        keep_bars(database, symbol, bars, source=source, taken_at=taken_at)
        if symbol in whole:
            mark_full(database, symbol)
    add_events(database, events, dict(lives))
