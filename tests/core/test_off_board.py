"""Instruments with bars that are not on the board: read when asked for, judged by age as all others are."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tapewatch.core import channel
from tapewatch.core.clock import PacedClock
from tapewatch.core.data import MarketData
from tapewatch.core.feed import Feed
from tapewatch.core.model.chart import Wish
from tapewatch.core.model.config import Config
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.paths import Paths
from tapewatch.core.sources.sample import SampleSource
from tapewatch.core.store.bars import keep_bars, load_bars
from tapewatch.core.store.budget import Budget
from tapewatch.core.store.schema import connect
from tapewatch.core.universe import INSTRUMENTS

BOARD = ("^GSPC", "^RUT")


def config() -> Config:
    """Two on the board, one of the panel, one hidden whose bars somebody imported."""
    kept = {one.symbol: one for one in INSTRUMENTS}
    panel = msgspec.structs.replace(kept["IWM"], panel=True)
    hidden = msgspec.structs.replace(kept["KRE"], hidden=True)
    return Config(instruments=(*(kept[one] for one in BOARD), panel, hidden), rules=())


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feed]:
    """A feed of the sample market that has all histories, as a store would after a day."""
    paths = at(tmp_path_factory.mktemp("store"))
    database = connect(paths.database)
    followed = tuple(one for one in INSTRUMENTS if one.symbol in (*BOARD, "IWM", "KRE"))
    source = SampleSource(followed)
    for symbol in ("IWM", "KRE"):
        bars = source.chart(symbol, "full", source.start_time).daily[symbol]
        finished = bars.slice(0, len(bars) - 1)
        keep_bars(database, symbol, finished, source="sample", taken_at=source.start_time)
    clock, budget = PacedClock(source.start_time, 0.0), Budget(database, None, 6)
    made = Feed(paths, config(), source, clock, database, budget, mode="demo", log=lambda _: None)
    step(made)
    yield made
    database.close()


def at(folder: Path) -> Paths:
    paths = Paths(store=folder, state=folder, config_file=folder / "none.toml", themes=folder / "themes")
    paths.requests.mkdir()
    return paths


def step(feed: Feed) -> None:
    assert isinstance(feed.clock, PacedClock)
    feed.step()
    feed.clock.jump(feed.clock.now() + timedelta(minutes=2))
    feed.step()


def asked(feed: Feed) -> MarketData:
    """A screen that has asked, and been answered."""
    screen = MarketData(feed.paths, feed.config)
    screen.latest()
    assert screen.seek_others() is None
    step(feed)
    screen.latest()
    return screen


def copied(feed: Feed, folder: Path, **changed: object) -> MarketData:
    """A screen on what the feed has published, with something of the snapshot changed."""
    paths = at(folder)
    shutil.copy(feed.paths.off_board.snapshot, paths.off_board.snapshot)
    published = channel.read_snapshot(feed.paths)
    assert isinstance(published, Snapshot)
    channel.publish(paths, msgspec.structs.replace(published, **changed))
    screen = MarketData(paths, feed.config)
    screen.latest()
    return screen


def test_nothing_is_made_before_anybody_asks(feed: Feed) -> None:
    assert channel.stamp(feed.paths) is not None
    assert channel.stamp(feed.paths.off_board) is None
    screen = MarketData(feed.paths, feed.config)
    screen.latest()
    assert screen.others() == ()


def test_a_screen_that_asks_sees_the_panel_and_the_hidden_ones_with_every_reading(feed: Feed) -> None:
    screen = asked(feed)
    rows = {row.symbol: row for row in screen.others()}
    assert set(rows) == {"IWM", "KRE"}
    shown = screen.latest()
    assert shown is not None
    assert {row.symbol for row in shown.instruments} == set(BOARD)
    stored = load_bars(feed.database)
    for symbol, row in rows.items():
        assert row.quote is not None
        assert row.quote.last == stored[symbol].close[-1]
        assert row.week is not None
        assert row.record is not None
        assert row.levels
        assert row.origin is not None
        assert row.origin.sessions == len(stored[symbol])


def test_the_file_stands_until_bars_change_and_is_asked_for_once(feed: Feed) -> None:
    screen = asked(feed)
    before = channel.stamp(feed.paths.off_board)
    assert before is not None
    step(feed)
    assert channel.stamp(feed.paths.off_board) == before
    screen.latest()
    assert screen.others() is screen.others()
    screen.seek_others()
    assert list(feed.paths.requests.iterdir()) == []


def test_of_the_board_itself_nothing_is_read_for_it(feed: Feed) -> None:
    said: list[str] = []
    feed.database.set_trace_callback(said.append)
    feed.off_board.ask(feed.database)
    feed.database.set_trace_callback(None)
    assert set(feed.off_board.histories()) == {"IWM", "KRE"}
    read = {symbol for symbol in (*BOARD, "KRE") if any(f"symbol = '{symbol}'" in one for one in said)}
    assert read == {"KRE"}


def test_their_age_is_judged_as_time_passes(feed: Feed, tmp_path: Path) -> None:
    clock = feed.clock.reading()
    later = msgspec.structs.replace(clock, now=clock.now + timedelta(days=5))
    screen = copied(feed, tmp_path, clock=later)
    assert {row.freshness for row in screen.others()} == {"stale"}


def test_the_live_market_has_none_of_a_replay(feed: Feed, tmp_path: Path) -> None:
    assert copied(feed, tmp_path, mode="replay").others() == ()


def test_what_is_hidden_can_be_charted_once_somebody_has_asked(feed: Feed) -> None:
    screen = asked(feed)
    wish = screen.wish(Wish(kind="price", symbols=("KRE",), frame="1y"))
    assert wish.ask() is None
    step(feed)
    chart = wish.answer()
    assert chart is not None
    assert not chart.problem
    stored = load_bars(feed.database)
    assert chart.points[-1] == stored["KRE"].day(-1)


def test_a_file_that_is_no_snapshot_is_none(feed: Feed, tmp_path: Path) -> None:
    screen = copied(feed, tmp_path)
    assert len(screen.others()) == 2
    screen.paths.off_board.snapshot.write_bytes(b"{")
    assert len(screen.others()) == 2
    fresh = MarketData(screen.paths, feed.config)
    fresh.latest()
    assert fresh.others() == ()
