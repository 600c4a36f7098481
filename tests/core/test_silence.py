"""A feed that has died, was stopped or hangs: what a screen that goes on watching may still say."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tapewatch.core import channel, clock
from tapewatch.core.clock import PacedClock
from tapewatch.core.data import MarketData
from tapewatch.core.freshness import told_at
from tapewatch.core.model.snapshot import ClockReading, Row, Snapshot
from tapewatch.core.oneshot import lacking, snapshot_now
from tapewatch.core.paths import Paths, default_paths
from tapewatch.tui.look import Look
from tapewatch.tui.message_line import Troubles, message
from tapewatch.tui.text import plain
from tests import builders

from ..laboratory import ledger
from ..market import Played, calendar, eastern, watching
from .test_feed import BOARD, desk, well

NOON = eastern("2025-10-17 12:00")
MINUTE = timedelta(minutes=1)


class Walls:
    """The wall's clock and the one that never jumps, moved by hand."""

    def __init__(self, now: datetime, patch: pytest.MonkeyPatch) -> None:
        self.now, self.passed = now, 1000.0
        patch.setattr(clock, "wall", lambda: self.now)
        patch.setattr(clock, "elapsed", lambda: self.passed)

    def go_on(self, by: timedelta) -> None:
        """Time passes."""
        self.now, self.passed = self.now + by, self.passed + by.total_seconds()

    def sleep(self, by: timedelta) -> None:
        """The machine is suspended and wakes again."""
        self.now += by

    def be_set(self, by: timedelta) -> None:
        """Somebody sets the wall's clock."""
        self.now += by


@pytest.fixture
def walls(monkeypatch: pytest.MonkeyPatch) -> Walls:
    return Walls(NOON, monkeypatch)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = default_paths(tmp_path / "store", tmp_path / "none.toml")
    found.store.mkdir()
    return found


def friday(now: datetime = NOON) -> Snapshot:
    """A live market at noon of Friday, flags on, the next word due in a minute."""
    flag = replace(
        builders.SAME_DAY, state="forming", first_seen=now - 10 * MINUTE, last_seen=now - MINUTE, sentence="on"
    )
    rows = tuple(_live(row, now) for row in builders.overview().instruments if row.calendar == "XNYS" and row.quote)
    shot = builders.overview()
    return replace(
        shot, clock=ClockReading(now=now, read_at=now), instruments=rows, as_of=now, flags=(flag, builders.BREAKOUT),
        markets={"XNYS": calendar().market(now)}, health=replace(shot.health, next_due=now + MINUTE, error=None),
    )  # fmt: skip


def _live(row: Row, now: datetime) -> Row:
    assert row.quote is not None
    return replace(row, kind="index", quote=replace(row.quote, state="live", time=now))


def words(snapshot: Snapshot | None) -> set[str]:
    assert snapshot is not None
    return {row.freshness for row in snapshot.instruments}


def line(snapshot: Snapshot | None, cells: int = 120, *, starting: bool = False) -> str:
    assert snapshot is not None
    now = snapshot.clock.now
    return plain(message(snapshot, Look(now=now), Troubles(starting=starting), cells)).strip()


def test_a_screen_left_open_on_a_dead_feed_goes_from_live_to_late_to_stale(paths: Paths, walls: Walls) -> None:
    channel.publish(paths, friday())
    data = MarketData.open(paths, watching())
    seen: list[tuple[set[str], str, str, bool]] = []
    for passed in (1, 10, 30, 300):
        walls.go_on(NOON + passed * MINUTE - walls.now)
        shot = data.latest()
        assert shot is not None
        seen.append(
            (words(shot), shot.markets["XNYS"].state, shot.flags[0].state, shot.health.silent_since is not None)
        )
    data.close()
    assert seen == [
        ({"live"}, "open", "forming", False),
        ({"late"}, "open", "unknown", True),
        ({"stale"}, "open", "unknown", True),
        ({"stale"}, "post", "unknown", True),
    ]


def test_it_names_the_leg_that_went_silent_and_leaves_confirmed_flags_alone() -> None:
    told = told_at(friday(), NOON + 30 * MINUTE)
    unknown, confirmed = told.flags
    assert unknown.sentence == "RUT has been silent since 12:00 ET"
    assert (unknown.state, unknown.measures, unknown.clears_when) == ("unknown", {}, "")
    assert confirmed == builders.BREAKOUT
    assert told.chance.flags == friday().chance.flags - 1


def test_the_line_says_since_when_the_feed_has_said_nothing_and_what_is_shown() -> None:
    told = told_at(friday(), NOON + 10 * MINUTE)
    assert line(told) == "FEED  the feed has said nothing since 12:00 ET · shown: values of 12:00"
    assert line(told, 80) == "FEED  the feed has said nothing since 12:00 ET · shown: values of 12:00"
    assert line(told, 40).startswith("FEED  feed silent since 12:00")
    # a feed that was just started has a moment to speak, and the same words are no fault yet
    assert not line(told, starting=True).startswith("FEED")


def test_nothing_is_said_while_the_feed_may_still_be_at_work() -> None:
    assert told_at(friday(), NOON + 2 * MINUTE).health.silent_since is None
    asleep = replace(friday(), health=replace(friday().health, next_due=NOON + timedelta(hours=1)))
    assert told_at(asleep, NOON + timedelta(minutes=61)).health.silent_since is None
    assert told_at(asleep, NOON + timedelta(minutes=62)).health.silent_since == NOON


def test_final_closes_and_their_flags_stand_over_a_weekend_without_a_feed() -> None:
    evening = eastern("2025-10-17 18:00")
    closed = replace(friday(evening), flags=(replace(builders.SAME_DAY, state="provisional"),))
    final = tuple(
        replace(row, quote=replace(row.quote, state="final", time=eastern("2025-10-17 16:00")))
        for row in closed.instruments
        if row.quote
    )
    told = told_at(replace(closed, instruments=final), eastern("2025-10-19 12:00"))
    assert (words(told), told.flags[0].state) == ({"closed"}, "provisional")
    assert lacking(told) == ()
    running = told_at(closed, eastern("2025-10-19 12:00"))
    assert running.flags[0].sentence == "the feed has said nothing since Fri 17 Oct 18:00 ET"


def test_a_price_that_stands_still_makes_its_flags_unknown_and_is_named() -> None:
    shot = friday()
    rows = tuple(
        replace(row, quote=replace(row.quote, same_answers=12, time=NOON - 8 * MINUTE))
        if row.symbol == "^DJI" and row.quote
        else row
        for row in shot.instruments
    )
    told = told_at(replace(shot, instruments=rows), NOON)
    assert told.flags[0].sentence == "DJIA has stood still since 11:52 ET"
    assert line(told) == "FEED  DJIA stands still: the same price and time in every answer since 11:52 ET"
    assert "frozen: DJIA" in lacking(told)


def test_an_idle_screen_gets_the_same_object_until_a_word_changes(paths: Paths, walls: Walls) -> None:
    channel.publish(paths, friday())
    data = MarketData.open(paths, watching())
    seen: list[Snapshot | None] = []
    for _ in range(300):
        walls.go_on(timedelta(seconds=1))
        seen.append(data.latest())
    data.close()
    changes = sum(before is not after for before, after in pairwise(seen))
    # late, and silent
    assert changes == 2


# -- three doors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("passed", [0, 1, 3, 14, 17, 100, 241, 300, 1400, 4200, 6000])
def test_feed_command_and_screen_say_the_same_of_the_same_moment(
    tmp_path: Path, passed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk(tmp_path, BOARD, Played(well), NOON) as market:
        market.step()
        published = replace(market.snapshot(), clock=ClockReading(now=NOON, read_at=NOON))
        now = NOON + passed * MINUTE
        market.clock.jump(now)
        market.feed.publish(now)
        feed = market.snapshot()
        channel.publish(market.paths, published)
        walls = Walls(NOON, monkeypatch)
        data = MarketData.open(market.paths, BOARD)
        data.latest()
        walls.go_on(now - NOON)
        screen = data.latest()
        data.close()
        command = snapshot_now(market.paths, BOARD, PacedClock(now, 0.0))
    assert screen is not None
    assert command is not None
    for door in (screen, command):
        assert [(row.freshness, row.quote and row.quote.state) for row in door.instruments] == [
            (row.freshness, row.quote and row.quote.state) for row in feed.instruments
        ]
        states = ("state", "half_day", "next_open", "next_close", "session")
        assert [getattr(door.markets["XNYS"], name) for name in states] == [
            getattr(feed.markets["XNYS"], name) for name in states
        ]
    assert [row.age_seconds for row in command.instruments] == [row.age_seconds for row in feed.instruments]
    ledger.note("freshness", "feed, command and screen agree", count=len(feed.instruments))


# -- the wall's clock under a screen ---------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(st.sampled_from(["go_on", "sleep", "be_set"]), st.integers(-200_000, 200_000)), min_size=1, max_size=12
)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_whatever_is_done_to_the_clock_no_price_is_shown_younger_than_it_is(steps: list[tuple[str, int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        walls = Walls(NOON, patch)
        passing = clock.Passing(ClockReading(now=NOON, read_at=NOON))
        true, asleep = NOON, timedelta()
        for kind, seconds in steps:
            by = timedelta(seconds=seconds)
            if kind != "be_set":
                by = abs(by)
                true += by
            asleep += by if kind == "sleep" else timedelta()
            getattr(walls, kind)(by)
            # of a sleep only the wall's clock can know
            assert passing.now() >= true - asleep
            if walls.now >= true:
                assert passing.now() >= true
    ledger.note("freshness", "no younger whatever is done to the clock", count=len(steps))


def test_a_clock_set_back_three_hours_does_not_keep_prices_live(paths: Paths, walls: Walls) -> None:
    channel.publish(paths, friday())
    data = MarketData.open(paths, watching())
    assert words(data.latest()) == {"live"}
    walls.be_set(timedelta(hours=-3))
    walls.go_on(20 * MINUTE)
    shot = data.latest()
    data.close()
    assert words(shot) == {"stale"}
    assert data.now() == NOON + 20 * MINUTE


def test_a_screen_opened_after_the_clock_was_set_back_says_that_it_cannot_tell(paths: Paths, walls: Walls) -> None:
    channel.publish(paths, friday())
    walls.be_set(timedelta(hours=-3))
    data = MarketData.open(paths, watching())
    shot = data.latest()
    data.close()
    said = "this machine's clock stands 3 h before the newest data: prices are older than they look"
    assert line(shot) == f"CLOCK  {said}"
    command = snapshot_now(paths, watching(), PacedClock(walls.now, 0.0))
    assert command is not None
    assert any("this machine's clock" in sentence for sentence in lacking(command))


def test_prices_ahead_of_the_clock_are_named_and_never_zero_seconds_old() -> None:
    earlier = friday()
    shot = replace(earlier, clock=ClockReading(now=NOON - timedelta(hours=3), read_at=NOON - timedelta(hours=3)))
    told = told_at(shot, NOON - timedelta(hours=3))
    assert words(told) == {"ahead"}
    assert {row.age_seconds for row in told.instruments} == {None}
    assert "quoted ahead of this machine's clock: their age is not known" in line(told)
    assert told.flags[0].state == "unknown"


def test_after_a_night_asleep_everything_is_a_night_older(paths: Paths, walls: Walls) -> None:
    channel.publish(paths, friday())
    data = MarketData.open(paths, watching())
    data.latest()
    walls.sleep(timedelta(hours=69, minutes=32))
    shot = data.latest()
    data.close()
    assert shot is not None
    # Monday 09:32
    assert (words(shot), shot.markets["XNYS"].state) == ({"stale"}, "open")
    assert shot.markets["XNYS"].next_close == eastern("2025-10-20 16:00")
