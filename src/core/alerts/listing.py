"""Alerts for the command line: as the store has them, tested from here, muted with or without a feed that runs."""

import contextlib
import sqlite3
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from .. import channel
from ..clock import elapsed, wall
from ..model.alert import AlertReading, Alerts, Delivery, Firing, Memory
from ..model.config import Config
from ..paths import Paths
from ..store.alerts import read_deliveries, read_firings, read_memories, write_alerts
from ..store.schema import reading as reading_store
from ..storing import storing
from .evaluate import remembered
from .words import reading

LAYOUT = 3
"""The first layout of the store that knows alerts."""
PATIENCE = 10.0
"""Seconds a feed may take to answer."""


class Listing(Struct, frozen=True, kw_only=True):
    """Alerts for a script, as `alerts list --json` prints them. `judged`: whether a feed judges them now.

    It stays for them without a screen until `stays_until`, or for good (`service`).
    """

    schema: int = 1
    now: datetime
    judged: bool
    stays_until: datetime | None
    service: bool
    alerts: tuple[AlertReading, ...]


def judged(paths: Paths) -> Alerts | None:
    """The alerts of the feed that runs; None where none judges any."""
    shot = channel.read_snapshot(paths) if channel.feed_holder(paths) is not None else None
    return shot.alerts if shot is not None else None


def listed(paths: Paths, config: Config, now: datetime) -> tuple[AlertReading, ...]:
    """Every configured alert as the store has it; nothing is written."""
    memories, firings, deliveries = _stored(paths)
    shorts = {one.symbol: one.short for one in config.instruments}
    return tuple(
        reading(one, _known(memories, one.name, one.condition, now), firings, deliveries, shorts, now)
        for one in config.alerts
    )


def _known(memories: dict[str, Memory], name: str, condition: str, now: datetime) -> Memory:
    """What is remembered; of an alert no feed has judged yet nothing is known."""
    fresh = Memory(condition=condition, since=now, unknown=True)
    found = memories.get(name, fresh)
    return found if found.condition == condition else replace(fresh, muted_until=found.muted_until)


def _stored(paths: Paths) -> tuple[dict[str, Memory], tuple[Firing, ...], dict[tuple[str, str], Delivery]]:
    if not paths.database.exists():
        return {}, (), {}
    with reading_store(paths.database) as database:
        if database.execute("PRAGMA user_version").fetchone()[0] < LAYOUT:
            return {}, (), {}
        return read_memories(database), read_firings(database), read_deliveries(database)


def mute(paths: Paths, config: Config, name: str, seconds: float, say: Callable[[str], None]) -> bool:
    """Mute one alert, or all, for so many seconds (none: no longer); whether it is in force.

    The feed is asked; where none runs the store is written in its place. Raises ChannelError and StoreError.
    """
    lock = channel.Lock(paths.feed_lock, "alone")
    if paths.store.is_dir() and not lock.take():
        return _asked(paths, name, seconds)
    with contextlib.ExitStack() as stack:
        stack.callback(lock.release)
        _write(stack.enter_context(storing(paths.database, say)), config, name, seconds)
    return True


def _write(database: sqlite3.Connection, config: Config, name: str, seconds: float) -> None:
    now, memories = wall(), read_memories(database)
    until = now + timedelta(seconds=seconds) if seconds else None
    chosen = [one for one in config.alerts if name in ("", one.name)]
    write_alerts(
        database, {one.name: replace(remembered(one, memories, now), muted_until=until) for one in chosen}, (), ()
    )


def _asked(paths: Paths, name: str, seconds: float) -> bool:
    from .desk import MUTE

    channel.ask(paths, MUTE, name, str(seconds))
    begun = elapsed()
    while elapsed() - begun < PATIENCE:
        shot = channel.read_snapshot(paths)
        found = [one for one in shot.alerts.alerts if name in ("", one.name)] if shot and shot.alerts else []
        if found and all((one.state == "muted") == bool(seconds) for one in found):
            return True
        time.sleep(0.1)
    return False
