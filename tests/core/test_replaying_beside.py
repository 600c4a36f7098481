"""In a replay too, what is not on the board can be found, opened and charted: as it looked then, and nothing later."""

from collections.abc import Generator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from tapewatch.core import channel
from tapewatch.core.data import MarketData
from tapewatch.core.model.chart import Wish
from tapewatch.core.model.config import Config
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.replaying import Film, ReplayFeed, private_copy
from tapewatch.core.settings import load
from tapewatch.core.settings_actions import add_level, remove_symbol
from tapewatch.core.settings_file import write_setting
from tapewatch.core.universe import default_config

from .test_replaying import LAST, store

assert store  # the fixture

HIDDEN = "^DJI"
TUESDAY = date(2025, 10, 14)


def config() -> Config:
    """The Dow's bars are there, and somebody has taken it off the board."""
    usual = default_config()
    rows = (msgspec.structs.replace(one, hidden=one.symbol == HIDDEN or one.hidden) for one in usual.instruments)
    return msgspec.structs.replace(usual, instruments=tuple(rows), rules=())


@pytest.fixture
def feed(store: Paths, tmp_path: Path) -> Generator[ReplayFeed]:
    paths = default_paths(tmp_path, "no-settings.toml")
    paths.requests.mkdir()
    database = private_copy(store)
    film = Film(database, config())
    made = ReplayFeed(paths, config(), film, film.opened(TUESDAY).to(TUESDAY))
    made.show()
    yield made
    database.close()


def opened(feed: ReplayFeed) -> MarketData:
    screen = MarketData(feed.paths, feed.config)
    screen.latest()
    return screen


def test_nothing_is_made_before_anybody_asks(feed: ReplayFeed) -> None:
    screen = opened(feed)
    assert screen.others() == ()
    assert channel.stamp(feed.paths.off_board) is None


def test_it_is_read_of_that_evening_and_follows_each_step(feed: ReplayFeed) -> None:
    screen = opened(feed)
    assert screen.seek_others() is None
    feed.step()
    (row,) = screen.others()
    assert row.symbol == HIDDEN
    assert row.quote is not None
    assert row.quote.session == TUESDAY
    channel.ask(feed.paths, "step", value="session+1")
    feed.step()
    screen.latest()
    (later,) = screen.others()
    assert later.quote is not None
    assert later.quote.session == LAST
    assert later.quote.last != row.quote.last


def test_of_another_session_none_is_shown(feed: ReplayFeed) -> None:
    screen = opened(feed)
    screen.seek_others()
    feed.step()
    assert len(screen.others()) == 1
    before = feed.paths.off_board.snapshot.read_bytes()
    channel.ask(feed.paths, "step", value="session+1")
    feed.step()
    feed.paths.off_board.snapshot.write_bytes(before)
    screen.latest()
    assert screen.others() == ()


def test_its_chart_ends_with_the_session_shown(feed: ReplayFeed) -> None:
    screen = opened(feed)
    asked = screen.wish(Wish(kind="price", symbols=(HIDDEN,), frame="1y"))
    assert asked.ask() is None
    feed.step()
    chart = asked.answer()
    assert chart is not None
    assert not chart.problem
    assert chart.points[-1] == TUESDAY


@pytest.fixture
def watching_file(store: Paths, tmp_path: Path) -> Generator[ReplayFeed]:
    """A replay that follows a settings file."""
    file = tmp_path / "mine.toml"
    file.write_text("# mine\n")
    paths = default_paths(tmp_path / "play", file)
    paths.requests.mkdir(parents=True)
    usual, _ = load(file)
    database = private_copy(store)
    film = Film(database, usual)
    made = ReplayFeed(paths, usual, film, film.opened(TUESDAY).to(TUESDAY))
    made.show()
    yield made
    database.close()


def test_what_belongs_to_a_live_feed_costs_a_replay_no_session_it_has_made(watching_file: ReplayFeed) -> None:
    film = watching_file.film
    assert write_setting(watching_file.paths.config_file, "feed.log_level", "debug") is None
    watching_file.step()
    assert watching_file.film is film
    assert film.has(TUESDAY)


def test_a_replay_takes_up_instruments_and_levels_on_the_session_it_shows(watching_file: ReplayFeed) -> None:
    feed, file, paths = watching_file, watching_file.paths.config_file, watching_file.paths
    assert remove_symbol(file, "DJIA") is None
    assert add_level(file, "RUT", 2450.0) is None
    feed.step()
    shown = channel.read_snapshot(paths)
    assert shown is not None
    assert shown.row("DJIA") is None
    row = shown.row("RUT")
    assert row is not None
    assert 2450.0 in [level.price for level in row.levels]
    assert shown.transport is not None
    assert shown.transport.shown == TUESDAY
