"""A feed on a machine whose clock is set, or that sleeps: it neither waits for hours nor asks in a burst."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tapewatch.core import clock, feed_loop
from tapewatch.core.bars import Bar, Bars
from tapewatch.core.channel import read_snapshot
from tapewatch.core.clock import SystemClock, WallWatch
from tapewatch.core.feed import Feed
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.paths import default_paths
from tapewatch.core.sources import Answer, Span
from tapewatch.core.store.bars import load_bars, save_bars
from tapewatch.core.store.budget import Budget
from tapewatch.core.store.schema import connect
from tapewatch.core.store.symbols import mark_full

from ..laboratory import ledger
from ..market import Played, eastern, failing, rows
from .test_feed import BOARD, PAST, well

NOON = eastern("2025-10-17 12:45")
HOUR = timedelta(hours=1)
BURST = 6


class World:
    """A machine: the true time, and what its wall clock makes of it. `plan` is what is done to it, and when."""

    def __init__(self, patch: pytest.MonkeyPatch, plan: dict[int, tuple[str, timedelta]]) -> None:
        self.true, self.wrong, self.asleep = NOON, timedelta(), timedelta()
        self._plan = {NOON + timedelta(minutes=minute): what for minute, what in plan.items()}
        patch.setattr(clock, "wall", lambda: self.true + self.wrong)
        patch.setattr(clock, "lived", lambda: (self.true - NOON).total_seconds())
        patch.setattr(clock, "elapsed", lambda: (self.true - NOON - self.asleep).total_seconds())

    def wait(self, _: float) -> None:
        """Ten seconds pass, and whatever is planned for then is done."""
        self.true += timedelta(seconds=10)
        for moment in [one for one in self._plan if one <= self.true]:
            kind, by = self._plan.pop(moment)
            if kind == "set":
                self.wrong += by
            else:
                self.true, self.asleep = self.true + by, self.asleep + by


@contextmanager
def living(folder: Path, world: World, source: Played, minutes: int) -> Generator[tuple[Feed, list[datetime]]]:
    """A feed that has lived so long on that machine, and the true times of its requests."""
    paths = default_paths(folder / "store")
    database = connect(paths.database)
    paths.requests.mkdir(exist_ok=True)
    for one in BOARD.watched:
        save_bars(database, one.symbol, rows(PAST), source="test", state="final", taken_at=NOON)
        mark_full(database, one.symbol)
    budget = Budget(database, 240, BURST)
    sent: list[datetime] = []
    inner = source.at

    def counted(symbols: tuple[str, ...], span: Span | None, now: datetime) -> Answer:
        assert budget.claim(now, "u")
        sent.append(world.true)
        return inner(symbols, span, now)

    source.at = counted
    end = NOON + timedelta(minutes=minutes)
    try:
        feed = Feed(paths, BOARD, source, SystemClock(), database, budget, log=lambda _: None)
        feed_loop.live(feed, lambda: world.true >= end, world.wait, service=True)
        yield feed, sent
    finally:
        database.close()


def shown(feed: Feed) -> Snapshot:
    found = read_snapshot(feed.paths)
    assert found is not None
    return found


def quiet(sent: list[datetime], awake: datetime) -> timedelta:
    """The longest time without a request since a moment."""
    return max(after - before for before, after in pairwise([awake, *(one for one in sent if one > awake)]))


def true_prices(world: World) -> Played:
    """A service whose own clock is right, whatever the machine thinks."""
    return Played(lambda symbols, span, _: well(symbols, span, min(world.true, world.true + world.wrong)))


SET = [timedelta(hours=-3), timedelta(minutes=-20), timedelta(hours=2), timedelta(seconds=-40)]


@pytest.mark.parametrize("by", SET, ids=str)
def test_a_feed_whose_clock_is_set_goes_on_asking_as_often_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    world = World(monkeypatch, {20: ("set", by)})
    with living(tmp_path, world, true_prices(world), 50) as (feed, sent):
        assert quiet([one for one in sent if one < NOON + 50 * timedelta(minutes=1)], NOON) < timedelta(minutes=2)
        most = max(sum(one <= other < one + timedelta(minutes=1) for other in sent) for one in sent)
        assert most <= BURST + 4
        assert abs(shown(feed).clock.now - (world.true + by)) < timedelta(minutes=2)
    ledger.note("freshness", f"the clock set by {by.total_seconds() / 60:+.0f} min: goes on asking", count=len(sent))


def test_after_a_night_asleep_there_is_no_burst(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # asleep from Friday 13:05 to Monday 11:05
    world = World(monkeypatch, {20: ("sleep", timedelta(hours=70))})
    with living(tmp_path, world, true_prices(world), 70 * 60 + 30) as (feed, sent):
        woken = [one for one in sent if one > NOON + 2 * HOUR]
        assert woken[0] - (NOON + timedelta(hours=70, minutes=20)) < timedelta(minutes=1)
        assert sum(one < woken[0] + timedelta(minutes=1) for one in woken) <= BURST + 4
        assert {row.freshness for row in shown(feed).instruments} == {"live"}
    ledger.note("freshness", "asleep for 70 h: no burst, nothing old shown as live", count=len(woken))


def test_a_pause_stays_as_long_as_it_was_when_the_clock_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for by in SET:
        with monkeypatch.context() as patch:
            world = World(patch, {5: ("set", by)})
            source = Played(failing("slowed down (429)", slow_down=True, retry_after=1800.0, status=429))
            with living(tmp_path / f"{by.total_seconds()}", world, source, 40) as (_, sent):
                assert len(sent) == 2, by
                assert timedelta(minutes=30) <= sent[1] - sent[0] < timedelta(minutes=31)
    ledger.note("freshness", "a pause is as long as it was, whatever the clock is set to", count=len(SET))


def test_a_pause_that_a_wrong_clock_left_in_the_store_does_not_silence_a_feed_for_days(tmp_path: Path) -> None:
    database = connect(tmp_path / "store.db")
    budget = Budget(database, 240, BURST)
    budget.pause(NOON + timedelta(days=2), "slowed down (429)")
    assert budget.paused(NOON) is None
    assert budget.wait(NOON) == timedelta()
    budget.pause(NOON + timedelta(days=2, hours=1), "slowed down (429)")
    assert budget.paused(NOON + timedelta(days=2)) is not None
    database.close()


def test_a_running_bar_is_no_close_because_the_clock_ran_ahead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch, {20: ("set", timedelta(hours=4)), 40: ("set", timedelta(hours=-4))})
    running = Bar(NOON.date(), 1000.0, 1001.0, 999.0, 1000.5)

    def with_the_running_row(symbols: tuple[str, ...], span: Span | None, now: datetime) -> Answer:
        answer = well(symbols, span, min(world.true, now))
        return replace(answer, daily={symbols[0]: Bars.of([*rows(PAST)[-4:], running])} if span else {})

    with living(tmp_path, world, Played(with_the_running_row), 60) as (feed, sent):
        asked_ahead = [one for one in sent if timedelta(minutes=20) < one - NOON < timedelta(minutes=40)]
        assert asked_ahead
        assert {bars.day(-1) for bars in load_bars(feed.database).values()} == {PAST.day(-1)}
        assert {row.quote and row.quote.state for row in shown(feed).instruments} == {"live"}


def test_two_days_forward_by_mistake_and_back_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch, {20: ("set", timedelta(days=2)), 60: ("set", timedelta(days=-2))})
    with living(tmp_path, world, true_prices(world), 90) as (feed, _):
        shot = shown(feed)
        assert {row.freshness for row in shot.instruments} == {"live"}
        assert {row.quote and row.quote.state for row in shot.instruments} == {"live"}
        assert max(bars.day(-1) for bars in load_bars(feed.database).values()) == PAST.day(-1)
        assert shot.health.next_due is not None
        assert timedelta() < shot.health.next_due - shot.clock.now < HOUR


def test_a_feed_started_after_the_clock_was_set_back_is_still_the_newer_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(monkeypatch, {})
    with living(tmp_path, world, true_prices(world), 2) as (feed, _):
        before = shown(feed).version
    world.wrong -= 3 * HOUR
    world.true = NOON
    with living(tmp_path, world, true_prices(world), 2) as (feed, _):
        assert shown(feed).version > before


# -- noticing --------------------------------------------------------------------------------------------


def test_a_clock_that_is_set_is_told_from_a_machine_that_slept(monkeypatch: pytest.MonkeyPatch) -> None:
    wall, lived = [NOON], [100.0]
    monkeypatch.setattr(clock, "wall", lambda: wall[0])
    monkeypatch.setattr(clock, "lived", lambda: lived[0])
    watch = WallWatch()
    wall[0], lived[0] = wall[0] + 8 * HOUR, lived[0] + 8 * 3600
    assert watch.moved() == timedelta()
    wall[0] += 3 * HOUR
    assert watch.moved() == 3 * HOUR
    assert watch.moved() == timedelta()
    wall[0] -= timedelta(seconds=2)
    assert watch.moved() == timedelta()


def test_where_sleep_is_not_counted_only_a_clock_set_back_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    wall = [NOON]
    monkeypatch.setattr(clock, "wall", lambda: wall[0])
    monkeypatch.setattr(clock, "lived", lambda: 100.0)
    monkeypatch.setattr(clock, "COUNTS_SLEEP", False)
    watch = WallWatch()
    wall[0] += 8 * HOUR
    assert watch.moved() == timedelta()
    wall[0] -= 3 * HOUR
    assert watch.moved() == -3 * HOUR
