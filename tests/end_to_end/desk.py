"""A feed at work on a market clock of our own: the real client, the real store, the fake service."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from tapewatch.core.bars import Bars
from tapewatch.core.channel import read_snapshot
from tapewatch.core.clock import PacedClock, wall
from tapewatch.core.feed import Feed
from tapewatch.core.feeding import live_source
from tapewatch.core.model.config import Config, RuleSetting
from tapewatch.core.model.flag import Event
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.store.bars import save_bars
from tapewatch.core.store.budget import Budget
from tapewatch.core.store.journal import read_events
from tapewatch.core.store.schema import connect
from tapewatch.core.store.symbols import mark_full
from tapewatch.core.universe import default_config

from ..fake_yahoo import FakeYahoo

NEW_YORK = ZoneInfo("America/New_York")


def eastern(text: str) -> datetime:
    """``2025-10-17 14:20`` in New York."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def watching(*symbols: str, rules: Sequence[RuleSetting] = (), poll: float = 60.0) -> Config:
    """The default settings with only these instruments on the board, asked every `poll` seconds."""
    usual = default_config()
    return msgspec.structs.replace(
        usual,
        instruments=tuple(one for one in usual.instruments if one.symbol in symbols),
        rules=tuple(rules),
        feed=msgspec.structs.replace(usual.feed, poll=poll),
    )


class Desk:
    """One feed that is stepped from moment to moment; the service's clock is the feed's."""

    def __init__(self, paths: Paths, config: Config, service: FakeYahoo, start: datetime) -> None:
        self.paths, self.config, self.service = paths, config, service
        self.clock = PacedClock(start, 0.0)
        service.now = self.clock.now
        self.database = connect(paths.database)
        paths.requests.mkdir(exist_ok=True)
        self.said: list[str] = []
        self.open_feed()

    def open_feed(self) -> None:
        """A newly started feed on the same store."""
        self.budget = Budget(self.database, self.config.feed.budget, self.config.feed.burst)
        source = live_source(self.paths, self.config, self.budget)
        self.feed = Feed(self.paths, self.config, source, self.clock, self.database, self.budget, log=self.said.append)

    def until(self, end: datetime, seen: Callable[[Snapshot], None] | None = None) -> None:
        """Step as the feed's own loop would until a moment."""
        while self.clock.now() < end:
            due = self.feed.step()
            if seen is not None:
                seen(self.snapshot)
            self.clock.jump(min(max(due, self.clock.now() + timedelta(seconds=1)), end))

    @property
    def snapshot(self) -> Snapshot:
        found = read_snapshot(self.paths)
        assert found is not None
        return found

    def journal(self, rule: str | None = None) -> list[tuple[str, str]]:
        """New York time and state of each entry, oldest first."""
        return [(f"{one.time.astimezone(NEW_YORK):%d %H:%M}", one.state) for one in self.events(rule)]

    def events(self, rule: str | None = None) -> tuple[Event, ...]:
        return tuple(one for one in read_events(self.database) if rule in (None, one.rule))


def stocked(paths: Paths, history: Mapping[str, Bars], upto: datetime) -> None:
    """Put the histories up to and including a day into the store, as fetched before."""
    database = connect(paths.database)
    for symbol, bars in history.items():
        known = bars.upto(upto.date())
        rows = [known.bar(index) for index in range(len(known))]
        save_bars(database, symbol, rows, source="yahoo", state="final", taken_at=wall())
        mark_full(database, symbol)
    database.close()


@contextmanager
def desk(
    folder: Path, config: Config, service: FakeYahoo, start: datetime, upto: datetime | None
) -> Generator[Desk, None, None]:
    """A desk whose store holds the service's histories up to a day (None: an empty store)."""
    paths = default_paths(folder / "store", folder / "no-settings.toml")
    paths.store.mkdir(parents=True)
    if upto is not None:
        stocked(paths, {one.symbol: service.market.history[one.symbol] for one in config.instruments}, upto)
    with service, service.here():
        made = Desk(paths, config, service, start)
        try:
            yield made
        finally:
            made.database.close()
