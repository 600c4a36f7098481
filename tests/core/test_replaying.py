"""Replay: stepping from session to session, and nothing of what came later."""

import shutil
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from tapewatch.core import channel, replaying
from tapewatch.core.bars import Bars
from tapewatch.core.model.config import Config
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.oneshot import snapshot_as_of
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.replaying import GONE, KEPT, PACE, Course, Film, ReplayFeed, private_copy
from tapewatch.core.sessions import trading_days
from tapewatch.core.store.bars import save_bars
from tapewatch.core.store.schema import connect
from tapewatch.core.universe import default_config

from ..market import rows, tree, walk

SYMBOLS = ("^GSPC", "^DJI", "^RUT")
FIRST, LAST = date(2022, 6, 1), date(2025, 10, 15)
TAKEN = datetime(2025, 10, 16, 1, 0, tzinfo=UTC)
WEDNESDAY = LAST


def real_days(bars: Bars) -> Bars:
    """The same prices on the days on which New York traded."""
    days = np.array(trading_days("XNYS", FIRST, LAST)[-len(bars) :], "datetime64[D]")
    at = slice(len(bars) - len(days), None)
    columns = (bars.open, bars.high, bars.low, bars.close, bars.volume)
    return Bars.columns(days, *(column[at] for column in columns))


def config() -> Config:
    return default_config()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """Three made indices up to Wednesday 15 October 2025."""
    paths = default_paths(tmp_path_factory.mktemp("replay") / "store", "no-settings.toml")
    database = connect(paths.database)
    for seed, symbol in enumerate(SYMBOLS):
        save_bars(database, symbol, rows(real_days(walk(seed, 840))), source="file", state="final", taken_at=TAKEN)
    database.close()
    return paths


@contextmanager
def film_of(paths: Paths) -> Generator[Film]:
    database = private_copy(paths)
    yield Film(database, config())
    database.close()


@pytest.fixture(scope="module")
def film(store: Paths) -> Generator[Film]:
    with film_of(store) as made:
        yield made


def day(text: str) -> date:
    return date.fromisoformat(text)


# -- where one can go -------------------------------------------------------------------------------------

OCTOBER = Course(trading_days("XNYS", date(2025, 8, 25), LAST))


@pytest.mark.parametrize(
    ("start", "wishes", "ends"),
    [
        ("2025-10-08", ["session+1"], "2025-10-09"),
        ("2025-10-10", ["session+1"], "2025-10-13"),
        ("2025-09-02", ["session-1"], "2025-08-29"),  # over Labor Day
        ("2025-10-08", ["week-1"], "2025-10-03"),
        ("2025-10-03", ["week-1"], "2025-09-26"),
        ("2025-09-24", ["week+1"], "2025-10-03"),
        ("2025-10-08", ["week+1"], "2025-10-15"),  # as far as the running week goes
        ("2025-10-08", ["2025-09-19"], "2025-09-19"),
        ("2025-10-08", ["2025-09-01"], "2025-09-02"),  # a holiday at the week's begin
        ("2025-10-08", ["2025-09-21"], "2025-09-19"),  # a Sunday
        ("2025-10-08", ["1999-01-01"], "2025-08-25"),
        ("2025-10-08", ["2031-01-01"], "2025-10-15"),
        ("2025-10-08", ["nonsense", "session-1", "+1"], "2025-10-07"),
    ],
)
def test_a_wish_leads_to_a_session(start: str, wishes: list[str], ends: str) -> None:
    course = OCTOBER.to(day(start))
    for wish in wishes:
        course = course.told(wish)
    assert course.shown == day(ends)


@pytest.mark.parametrize("wish", ["session+1", "week+1"])
def test_there_is_nothing_after_the_last_session(wish: str) -> None:
    course = OCTOBER.to(LAST)
    assert course.ended
    assert course.told(wish).shown == LAST
    assert not course.told("play").playing


@pytest.mark.parametrize("wish", ["session-1", "week-1"])
def test_there_is_nothing_before_the_first_one(wish: str) -> None:
    assert OCTOBER.told(wish).shown == OCTOBER.sessions[0]


def test_weeks_without_bars_are_passed_over() -> None:
    holed = Course(tuple(one for one in OCTOBER.sessions if not date(2025, 9, 8) <= one <= date(2025, 9, 26)))
    assert holed.to(date(2025, 9, 4)).week_on().shown == date(2025, 10, 3)
    assert holed.to(date(2025, 9, 30)).week_back().shown == date(2025, 9, 5)


def test_playing_goes_on_until_the_last_session_and_a_step_by_hand_stops_it() -> None:
    course = OCTOBER.to(date(2025, 10, 13)).told("play")
    assert course.playing
    assert not course.told("session-1").playing
    assert not course.told("pause").playing
    shown = [course := course.played(), course := course.played()]
    assert [one.shown.day for one in shown] == [14, 15]
    assert [one.playing for one in shown] == [True, False]


# -- what is shown ----------------------------------------------------------------------------------------


def test_it_begins_with_the_last_complete_week_or_where_it_is_told_to(film: Film) -> None:
    assert film.opened(None).shown == date(2025, 10, 6)
    assert film.opened(date(2025, 9, 24)).shown == date(2025, 9, 24)


def test_a_whole_last_week_is_complete(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film, "sessions", tuple(one for one in film.sessions if one <= date(2025, 10, 10)))
    assert film.opened(None).shown == date(2025, 10, 6)


def test_the_week_names_the_sessions_to_come(film: Film) -> None:
    assert [one.day for one in film.week_of(WEDNESDAY)] == [13, 14, 15, 16, 17]
    assert [one.day for one in film.week_of(date(2025, 9, 3))] == [2, 3, 4, 5]


@pytest.mark.parametrize("shown", ["2025-10-15", "2025-09-02", "2024-01-05"])
def test_it_is_what_the_panes_showed_that_evening(store: Paths, film: Film, shown: str) -> None:
    made, printed = film.frame(day(shown)), snapshot_as_of(store, config(), day(shown))
    assert made.mode == "replay"
    for part in ("session", "as_of", "clock", "markets", "instruments", "flags", "journal", "confirmation", "recap"):
        assert getattr(made, part) == getattr(printed, part), part


def test_nothing_later_is_known(store: Paths, film: Film, tmp_path: Path) -> None:
    shown = date(2025, 8, 27)
    other = default_paths(tmp_path / "store", "no-settings.toml")
    shutil.copytree(store.store, other.store)
    changed = sqlite3.connect(other.database)
    after = (shown - date(1970, 1, 1)).days
    changed.execute(
        "UPDATE bars SET open = open * 3, high = high * 4, low = low * 2, close = close * 3 WHERE session > ?", (after,)
    )
    changed.execute("DELETE FROM bars WHERE session > ? AND symbol = '^DJI'", (after,))
    changed.commit()
    changed.close()
    with film_of(other) as mutated:
        assert mutated.frame(shown) == film.frame(shown)
        assert mutated.week_of(shown) == film.week_of(shown)
        assert mutated.frame(date(2025, 8, 28)) != film.frame(date(2025, 8, 28))


def test_on_wednesday_the_week_is_three_days_old_and_of_no_kind(film: Film) -> None:
    for symbol in SYMBOLS:
        row = film.frame(WEDNESDAY).row(symbol)
        assert row
        assert row.week
        assert (row.week.sessions, row.week.expected, row.week.final) == (3, 5, False)
        assert row.week.patterns == ()


def test_what_is_not_stored_is_not_said_to_be_on_its_way(film: Film) -> None:
    loaded, wanted = film.frame(WEDNESDAY).health.history_loaded
    assert loaded == wanted == len(SYMBOLS)


def test_a_few_sessions_are_kept_and_not_all(store: Paths, film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[date] = []

    def make(one: date) -> Snapshot:
        made.append(one)
        return film.frame(WEDNESDAY)

    with film_of(store) as bare:
        monkeypatch.setattr(bare, "_make", make)
        for one in bare.sessions[: KEPT + 1]:
            bare.frame(one)
        bare.frame(bare.sessions[KEPT])
        assert len(made) == KEPT + 1
        assert not bare.has(bare.sessions[0])


# -- the feed ---------------------------------------------------------------------------------------------


@dataclass
class Player:
    """A replay's feed on a clock of ours, in its folder, and the screen that asks."""

    paths: Paths
    feed: ReplayFeed
    now: float = 100.0
    said: list[str] = field(default_factory=list[str])

    def ask(self, wish: str) -> date:
        channel.ask(self.paths, "step", value=wish)
        self.feed.step()
        return self.shown

    @property
    def snapshot(self) -> Snapshot:
        found = channel.read_snapshot(self.paths)
        assert found is not None
        return found

    @property
    def shown(self) -> date:
        stand = self.snapshot.transport
        assert stand
        return stand.shown

    def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def player(film: Film, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Player:
    paths = default_paths(tmp_path, "no-settings.toml")
    paths.requests.mkdir()
    made = Player(paths, ReplayFeed(paths, config(), film, film.opened(date(2025, 10, 13)), print))
    made.feed.log = made.said.append
    monkeypatch.setattr(replaying, "elapsed", lambda: made.now)
    made.feed.show()
    return made


def test_each_step_is_a_newer_snapshot_that_says_where_it_stands(player: Player) -> None:
    first = player.snapshot
    assert player.ask("session+1") == date(2025, 10, 14)
    stand = player.snapshot.transport
    assert stand
    assert (stand.first, stand.last) == (player.feed.film.sessions[0], LAST)
    assert player.snapshot.version > first.version
    assert player.snapshot.session == date(2025, 10, 14)
    assert player.snapshot.clock.rate == 0


def test_steps_asked_for_at_once_are_taken_one_after_another(player: Player) -> None:
    for wish in ("week-1", "session-1"):
        channel.ask(player.paths, "step", value=wish)
    assert player.ask("session-1") == date(2025, 10, 8)


def test_what_is_no_step_moves_nothing(player: Player) -> None:
    channel.ask(player.paths, "refresh")
    assert player.ask("tomorrow") == date(2025, 10, 13)


def test_while_idle_the_neighbours_are_made(player: Player) -> None:
    while player.feed.step():
        pass
    assert all(player.feed.film.has(one) for one in player.feed.course.near())


def test_it_plays_a_session_a_second_and_stops_at_the_end(player: Player) -> None:
    player.ask("play")
    assert player.shown == date(2025, 10, 13)
    seen: list[date] = []
    for _ in range(4):
        player.wait(PACE)
        while player.feed.step():
            pass
        seen.append(player.shown)
    assert [one.day for one in seen] == [14, 15, 15, 15]
    stand = player.snapshot.transport
    assert stand
    assert not stand.playing


def test_a_feed_started_anew_goes_on_where_the_one_before_stood(player: Player, film: Film) -> None:
    player.ask("week-1")
    again = ReplayFeed(player.paths, config(), film, film.opened(date(2025, 10, 13)))
    assert again.course.shown == player.shown == date(2025, 10, 10)


def test_it_ends_soon_after_its_screen(player: Player) -> None:
    screen = channel.Lock(player.paths.watch_lock, "shared")
    assert screen.take()
    ends = player.now + 3 * GONE
    player.feed.run(lambda: player.now > ends, player.wait)
    assert player.said == []
    screen.release()
    begun = player.now
    player.feed.run(lambda: False, player.wait)
    assert player.said == ["nobody watches: the replay ends"]
    assert player.now - begun < GONE + 3


def test_the_store_is_only_read(store: Paths) -> None:
    before = tree(store.store)
    with film_of(store) as film:
        film.frame(film.sessions[-1])
    assert tree(store.store) == before


def test_the_first_session_stored_can_be_shown(film: Film) -> None:
    first = film.frame(film.sessions[0])
    assert first.session == film.sessions[0]


def test_real_weeks_are_gone_through(real_store: Paths) -> None:
    with film_of(real_store) as film:
        course = film.opened(date(1987, 10, 19))
        assert course.shown == date(1987, 10, 19)
        crash = film.frame(course.shown).row("SPX")
        assert crash
        assert crash.quote
        assert crash.quote.change_percent == pytest.approx(-20.47, abs=0.005)
        assert course.told("session+1").told("week-1").shown == date(1987, 10, 16)
