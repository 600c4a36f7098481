"""`tapewatch feed` and `tapewatch fetch`: being the one process that feeds a store.

The lock is taken before anything heavy is imported: of twenty screens that start a feed at once,
nineteen leave again for the price of a bare Python.
"""

import contextlib
import os
import shutil
import signal
import stat
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import date, datetime
from types import FrameType
from typing import TYPE_CHECKING

from .. import __version__
from . import channel
from .clock import Clock, PacedClock, SystemClock, wall
from .holder import Holder
from .log import Log, error, recorded, warning
from .model.config import Config
from .model.instrument import Instrument
from .paths import Paths
from .room import unwritable
from .tidying import tidy

if TYPE_CHECKING:
    from .recap_keeping import RecapText
    from .sources import Source
    from .store.budget import Budget


DEMO_FOLDER = "tapewatch-demo-"
"""How the private folders of demos begin."""
REPLAY_FOLDER = "tapewatch-replay-"
"""How the private folders of replays begin."""


@dataclass(frozen=True)
class Demo:
    """The sample market instead of the outside: how fast its time passes, and which one."""

    rate: float = 195.0
    seed: int = 7


def run_feed(
    paths: Paths,
    config: Config,
    *,
    service: bool = False,
    demo: Demo | None = None,
    recap_text: "RecapText | None" = None,
) -> int:
    """Feed the store until told to stop or nobody watches; exit code of the contract.

    `recap_text` writes the recaps that the settings may want in a folder.

    A second feed says who holds the lock and leaves with 0; with 1 where that one was stopped and feeds nobody.
    """
    with recorded(_log_of(paths, config)) as log, _stopping() as stop, _holding(paths, config) as holder:
        if holder is not None:
            return _beside(holder, "store", log)
        newer = channel.newer_snapshot(paths)
        if newer is not None:
            log(error(newer))
            return 1
        tidy(paths)
        with contextlib.closing(OpenedFeed(paths, config, demo, log, recap_text)) as opened:
            from .feed_loop import live

            feed = opened.feed
            log.market = feed.clock.now if demo else None
            log(f"feed started: {feed.source.name}, store {paths.store}")
            live(feed, stop.is_set, lambda seconds: _nap(stop, seconds), service=service)
    if demo is not None and paths.store.name.startswith(DEMO_FOLDER):
        # its screen may have been killed before it could
        shutil.rmtree(paths.store, ignore_errors=True)
    return 0


def run_replay(paths: Paths, config: Config, of: Paths, day: date | None) -> int:
    """Feed one screen the past of another store from a date on, until told to stop or the screen has gone."""
    with recorded(_log_of(paths, config)) as log, _stopping() as stop, _holding(paths, config) as holder:
        if holder is not None:
            return _beside(holder, "replay", log)
        from .replaying import Film, ReplayFeed, private_copy

        channel.make_private(paths.requests)
        with contextlib.closing(private_copy(of)) as database:
            film = Film(database, config)
            if not film.sessions:
                log(error(f"there are no bars to replay in {of.store}"))
                return 1
            feed = ReplayFeed(paths, config, film, film.opened(day), log)
            feed.run(stop.is_set, lambda seconds: _nap(stop, seconds))
    if paths.store.name.startswith(REPLAY_FOLDER):
        # its screen may have been killed before it could
        shutil.rmtree(paths.store, ignore_errors=True)
    return 0


def _beside(holder: Holder, what: str, log: Log) -> int:
    said = f"this {what} has a feed already: {holder.note}"
    log(error(f"{said}; {holder.problem}") if holder.problem else said)
    return 1 if holder.problem else 0


def _log_of(paths: Paths, config: Config) -> Log:
    """The store's log, also said where a hand or a service manager listens."""
    return Log(paths.log, config.feed.log_level, "feed", echo=True)


def _nap(stop: threading.Event, seconds: float) -> None:
    stop.wait(seconds)


class OpenedFeed:
    """A feed with its database and source, opened after the lock was taken."""

    def __init__(
        self,
        paths: Paths,
        config: Config,
        demo: Demo | None,
        log: Callable[[str], None] = print,
        recap_text: "RecapText | None" = None,
    ) -> None:
        self._log, self._recap_text = log, recap_text
        self._open(paths, config, demo)

    def _open(self, paths: Paths, config: Config, demo: Demo | None) -> None:
        from .feed import Feed
        from .store.budget import Budget
        from .store.schema import connect

        self._database = connect(paths.database, lambda said: self._log(warning(said)))
        with contextlib.suppress(channel.ChannelError):  # then the screens say that none are taken
            channel.make_private(paths.requests)
        watch = channel.Lock(paths.watch_lock, "shared")
        watch.take()  # screens of other users may not create it
        watch.release()
        budget = Budget(self._database, None if demo else config.feed.budget, config.feed.burst)
        clock: Clock = SystemClock()
        source: Source
        if demo is not None:
            from .sources.sample import SampleSource

            source = SampleSource(config.followed, seed=demo.seed)
            clock = PacedClock(source.start_time, demo.rate)
        else:
            source = live_source(paths, config, budget)
        self.feed: Feed = Feed(
            paths, config, source, clock, self._database, budget,
            mode="demo" if demo else "live", shared=is_shared(paths), log=self._log,
            recap_text=self._recap_text,
        )  # fmt: skip

    def close(self) -> None:
        """Leave the database whole, in one file."""
        from .store.keeper import UNREADABLE
        from .store.schema import close_whole

        with contextlib.suppress(*UNREADABLE):
            self.feed.alerts.close(self.feed.clock.now())
        self.feed.keeper.close()
        close_whole(self._database, self.feed.paths.database)


def live_source(paths: Paths, config: Config, budget: "Budget") -> "Source":
    """The configured source of live prices, its cache in a private folder of the store."""
    from .sessions import Calendars
    from .sources.yahoo import YahooSource

    calendars = Calendars()

    def session_of(one: Instrument, moment: datetime) -> date:
        return calendars.of(one.calendar, moment.date()).begun(moment).day

    return YahooSource(gate=budget, cache=paths.source_cache, instruments=config.followed, session_of=session_of)


def is_shared(paths: Paths) -> bool:
    """Whether others may read this store: its folder lets them in."""
    with contextlib.suppress(OSError):
        return bool(paths.store.stat().st_mode & stat.S_IROTH)
    return False


@contextlib.contextmanager
def _holding(paths: Paths, config: Config) -> Generator[Holder | None, None, None]:
    """Hold the feed's lock; yields who holds it if somebody else does."""
    channel.make_private(paths.store)
    lock = channel.Lock(paths.feed_lock, "alone")
    taken = lock.take()
    refused = unwritable(paths.store)
    if taken and refused:
        lock.release()
        raise channel.ChannelError(f"the store folder {paths.store} cannot be written: {refused}")
    if not taken:
        # a lock that cannot even be read is nobody's, and never ours
        holder = channel.feed_holder(paths) if os.access(paths.feed_lock, os.R_OK) else None
        if holder is None and refused and not lock.problem:
            raise channel.ChannelError(f"the store folder {paths.store} cannot be written: {refused}")
        if holder is None:
            raise channel.ChannelError(lock.problem or f"{paths.feed_lock} cannot be used as a lock")
        yield Holder.of(holder)
        return
    try:
        where = config.path or "default settings"
        lock.note(f"pid {os.getpid()}, version {__version__}, {where}, since {wall():%Y-%m-%d %H:%M} UTC")
        yield None
    finally:
        lock.release()


@contextlib.contextmanager
def _stopping() -> Generator[threading.Event, None, None]:
    """An event that SIGTERM, SIGINT and SIGHUP set."""
    stop = threading.Event()
    names = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def heard(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {name: signal.signal(name, heard) for name in names}
    try:
        yield stop
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
