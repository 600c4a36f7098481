"""A recorded series of snapshots: the demo's own feed, stepped in this process at the pace of a live one."""

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from tapewatch.core.channel import read_snapshot
from tapewatch.core.clock import PacedClock, wall
from tapewatch.core.feed import Feed
from tapewatch.core.model.config import Config
from tapewatch.core.model.snapshot import ClockReading, Row, Snapshot
from tapewatch.core.paths import default_paths
from tapewatch.core.sources.sample import SampleSource
from tapewatch.core.store.budget import Budget
from tapewatch.core.store.schema import connect
from tapewatch.core.universe import default_config

EVERY = timedelta(seconds=5)
"""Between two publications: the pace of a lively market; the source of live prices allows ten seconds at best."""
MINUTES = 10
SATURDAY = datetime(2025, 10, 18, 15, 0, tzinfo=UTC)
"""Every market of the board is closed."""
LARGEST = 0.002
"""By how much of itself a stirred figure may move."""
FEW = ("^GSPC", "^DJI", "^IXIC", "^RUT", "^VIX")
"""The board of a quick run, whose histories are soon made."""
STIRRED = ("quote", "week", "record", "year_range", "returns")


@dataclass(frozen=True)
class Series:
    """Snapshots of the sample market's Friday one after another, and one of the day after."""

    running: tuple[Snapshot, ...]
    closed: Snapshot

    def endless(self) -> Iterator[Snapshot]:
        """To and fro, so that no step is larger than the market's own."""
        there = list(self.running)
        while True:
            yield from there
            there.reverse()

    def weekend(self) -> Snapshot:
        """The day after, its clock running from now on."""
        return replace(self.closed, clock=ClockReading(now=SATURDAY, rate=1.0, read_at=wall()))


def record(folder: Path, *, quick: bool = False) -> Series:
    """Ten minutes once every history is there and every rule is counted; a few steps of a few symbols if `quick`."""
    paths = default_paths(folder / "recording", folder / "no-settings.toml")
    paths.requests.mkdir(parents=True)
    config = few() if quick else default_config()
    source = SampleSource(config.followed)
    # the demo's own three minutes are meant for its hurried clock
    source.manners = changed(source.manners, prices_every=EVERY)
    clock = PacedClock(source.start_time, 0.0)
    with closing(connect(paths.database)) as database:
        budget = Budget(database, None, 6)
        feed = Feed(paths, config, source, clock, database, budget, mode="live", log=lambda _: None)
        count = 6 if quick else MINUTES * 60 // int(EVERY.total_seconds())
        made = [_next(feed, clock, clock.now() + EVERY) for _ in range(count + 1)]
        closed = _next(feed, clock, SATURDAY)
        feed.keeper.close()
    return Series(tuple(made), closed)


def few() -> Config:
    """Five indices and one rule."""
    usual = default_config()
    chosen = tuple(one for one in usual.instruments if one.symbol in FEW)
    return msgspec.structs.replace(usual, instruments=chosen, rules=usual.rules[:1])


def _next(feed: Feed, clock: PacedClock, moment: datetime) -> Snapshot:
    while feed.step() <= clock.now():
        pass
    clock.jump(moment)
    feed.step()
    found = read_snapshot(feed.paths)
    if found is None:
        raise RuntimeError("the feed of the recording has not published")
    return found


def stirred(snapshot: Snapshot, chance: random.Random) -> Snapshot:
    """Every figure of every row somewhere near where it was: as many cells change as ever can."""
    return replace(snapshot, instruments=tuple(_stirred_row(row, chance) for row in snapshot.instruments))


def _stirred_row(row: Row, chance: random.Random) -> Row:
    return replace(row, **{name: _stirred(getattr(row, name), chance) for name in STIRRED})


def _stirred(value: Any, chance: random.Random) -> Any:
    if isinstance(value, msgspec.Struct):
        return replace(value, **{name: _stirred(getattr(value, name), chance) for name in value.__struct_fields__})
    return value * (1.0 + chance.uniform(-LARGEST, LARGEST)) if isinstance(value, float) else value


def marked(snapshot: Snapshot, number: int) -> Snapshot:
    """The first instrument's last price says which publication this is; see `mark`."""
    first, *others = snapshot.instruments
    if first.quote is None:
        raise ValueError("the first instrument has no price")
    told = replace(first, quote=replace(first.quote, last=float(mark(number).replace(",", ""))))
    return replace(snapshot, instruments=(told, *others))


def mark(number: int) -> str:
    """What the screen shows of the first instrument's last price in the publication of this number."""
    return f"{5000 + number / 100:,.2f}"


def number_of(text: str) -> int | None:
    """The highest number of a publication that can be read on a screen."""
    words = [one for one in text.split() if one.startswith("5,0") and len(one) == len(mark(0))]
    found = [round(100 * float(one.replace(",", ""))) - 500_000 for one in words if is_price(one)]
    return max(found, default=None)


def is_price(word: str) -> bool:
    """Whether this is a figure with two places after the point, and not one that is being written."""
    whole, _, places = word.replace(",", "").partition(".")
    return whole.isdigit() and places.isdigit() and len(places) == 2


def one_by_one(series: Series) -> Iterator[Snapshot]:
    """Ticks of a feed that sends its instruments one after another: each moves one of them, and the mark."""
    now = series.running[0]
    for number, then in enumerate(_held(series.endless(), len(now.instruments))):
        rows = list(now.instruments)
        at = number % len(rows)
        rows[at] = then.instruments[at]
        now = replace(now, instruments=tuple(rows), clock=then.clock)
        yield marked(now, number)


def all_at_once(series: Series) -> Iterator[Snapshot]:
    """Ticks that move every instrument, and the mark."""
    for number, then in enumerate(series.endless()):
        yield marked(then, number)


def _held(snapshots: Iterator[Snapshot], times: int) -> Iterator[Snapshot]:
    for one in snapshots:
        yield from (one for _ in range(times))
