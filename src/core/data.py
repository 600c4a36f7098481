"""The core data module: the one thing of core that the screen calls.

It reads what the feed has published and leaves requests; it never talks to the outside, never computes,
never waits.
"""

import contextlib
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from . import channel
from .clock import Passing, clock_behind, wall
from .freshness import Verdict, told_at, weighed
from .launch import FeedKeeper
from .log import Log
from .model.alert import Ring
from .model.chart import Wish
from .model.config import Config
from .model.snapshot import Row, Snapshot
from .paths import Paths
from .trading import Exchanges

if TYPE_CHECKING:
    from .answers import Asked


class Trouble(msgspec.Struct, frozen=True):
    """Why there is nothing newer to show: one sentence for the screen's line."""

    text: str


class MarketData:
    """The market as the feed last published it.

    Open it with :meth:`open`, ask :meth:`latest` from a timer, and close it when the screen ends. `mode` is what its
    feed publishes: live, demo or replay; each snapshot says so itself, the time before the first one needs it.
    """

    def __init__(self, paths: Paths, config: Config, keeper: FeedKeeper | None = None, mode: str = "live") -> None:
        self.paths, self.config, self.mode = paths, config, mode
        self.trouble: Trouble | None = None
        self.log = Log(paths.log, config.feed.log_level, "screen")
        self._keeper = keeper
        self._stamp: channel.Stamp | None = None
        self._latest: Snapshot | None = None
        self._passing: Passing | None = None
        self._told: Snapshot | None = None
        self._verdict: Verdict | None = None
        self._exchanges = Exchanges()
        self._others: tuple[channel.Stamp | None, Snapshot | None] = None, None
        self._others_told: tuple[Snapshot | None, Snapshot | None, tuple[Row, ...]] = None, None, ()
        self._sought = 0
        self._watch = channel.Lock(paths.watch_lock, "shared")
        self._opened, self._rung = wall(), set[str]()

    @classmethod
    def open(cls, paths: Paths, config: Config, keeper: FeedKeeper | None = None, mode: str = "live") -> "MarketData":
        """Open the store's folder for one screen and be counted as watching it."""
        data = cls(paths, config, keeper, mode)
        data._watch.take()
        return data

    def latest(self) -> Snapshot | None:
        """The newest snapshot seen as it must be read now, None before the first.

        Ages, market states and flags are judged again as time passes, whether or not the feed still speaks; while
        no word of it changes the same object comes back. Costs one `stat` when nothing is new. A file that
        cannot be read leaves the last good one standing and sets :attr:`trouble`.
        """
        try:
            found = channel.stamp(self.paths)
            if found is not None and found != self._stamp:
                self._stamp = found
                self._keep(channel.read_snapshot(self.paths))
                self.trouble = None
        except channel.ChannelError as problem:
            self.trouble = Trouble(str(problem))
        return self._as_of_now()

    def rings(self) -> tuple[Ring, ...]:
        """What this screen has still to ring for: each once, and nothing from before it was opened."""
        known = self._latest.alerts.rings if self._latest is not None and self._latest.alerts is not None else ()
        new = tuple(one for one in known if one.at > self._opened and one.id not in self._rung)
        self._rung.update(one.id for one in new)
        return new

    def is_newer(self) -> bool:
        """Whether :meth:`latest` would find another file; one `stat`."""
        try:
            return channel.stamp(self.paths) != self._stamp
        except channel.ChannelError:
            return True

    def _keep(self, newer: Snapshot | None) -> None:
        if newer is not None and (self._latest is None or newer.version > self._latest.version):
            self._latest, self._passing = newer, Passing(newer.clock)
            self._told = self._verdict = None

    def _as_of_now(self) -> Snapshot | None:
        if self._latest is None or self._passing is None or self._latest.mode == "replay":
            return self._latest
        now, behind = self._passing.now(), clock_behind(self._latest.clock)
        found = weighed(self._latest, now, behind=behind, exchanges=self._exchanges)
        if self._told is None or found.verdict != self._verdict:
            self._told, self._verdict = found.told(), found.verdict
        return self._told

    def seek_others(self) -> str | None:
        """Ask the feed, once in its life, for the instruments that have bars and are not on the board."""
        started = self._latest.version[0] if self._latest else 0
        if self._latest is None or self._sought == started:
            return None
        self._sought = started
        return self.ask("off-board")

    def others(self) -> tuple[Row, ...]:
        """Instruments that have bars and are not on the board, as they must be read now; one `stat` when none is new.

        Empty where nobody has asked for them, and in a replay while those of another session stand there. The same
        object comes back while nothing has changed.
        """
        if self._latest is None:
            return ()
        with contextlib.suppress(channel.ChannelError):
            found = channel.stamp(self.paths.off_board)
            if found != self._others[0]:
                self._others = found, channel.read_snapshot(self.paths.off_board) if found else None
        beside = self._others[1]
        if beside is None or beside.mode != self._latest.mode:
            return ()
        if self._latest.mode == "replay" and beside.clock != self._latest.clock:
            return ()
        if self._others_told[0] is not self._told or self._others_told[1] is not beside:
            now = self.now() or self._latest.clock.now
            markets = {**beside.markets, **self._latest.markets}
            told = told_at(replace(self._latest, instruments=beside.instruments, markets=markets, flags=()), now)
            known = {row.symbol for row in self._latest.instruments}
            rows = tuple(row for row in told.instruments if row.symbol not in known)
            self._others_told = self._told, beside, rows
        return self._others_told[2]

    def tend(self) -> str | None:
        """See to it that somebody feeds the store; the sentence says why nobody does."""
        if not self._watch.in_force:
            # the store may have been put aside and begun anew meanwhile
            self._watch.release()
            self._watch.take()
        if self._keeper is None:
            return None
        self._keeper.tend()
        return self._keeper.problem

    def ask(self, kind: str, symbol: str | None = None, value: str | None = None) -> str | None:
        """Ask the feed for something (refresh, a step of a replay); the sentence says why it could not be asked."""
        try:
            channel.ask(self.paths, kind, symbol, value)
        except channel.ChannelError as problem:
            return str(problem)
        return None

    def wish(self, wish: Wish) -> "Asked":
        """A chart to be asked for."""
        from .answers import Asked

        return Asked(self.paths, wish)

    def now(self) -> datetime | None:
        """The market's time on the latest snapshot's own clock."""
        return self._passing.now() if self._passing else None

    def close(self) -> None:
        """Stop watching; ends a feed that belongs to this screen alone."""
        self._watch.release()
        if self._keeper is not None:
            self._keeper.close()
