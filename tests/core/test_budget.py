"""The request budget on a real file: at most 240 an hour, and a pause that outlives who began it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tapewatch.core.store.budget import Budget
from tapewatch.core.store.schema import connect

NOON = datetime(2025, 10, 17, 16, 0, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
URL = "https://example.org/chart"

Opener = Callable[[], Budget]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opener]:
    """Each call is another process on the same store: its own connection, nothing remembered."""
    databases: list[sqlite3.Connection] = []

    def another() -> Budget:
        databases.append(connect(tmp_path / "tapewatch.db"))
        return Budget(databases[-1], per_hour=240, burst=6)

    yield another
    for database in databases:
        database.close()


@pytest.fixture
def budget(opened: Opener) -> Budget:
    return opened()


def spend(budget: Budget, now: datetime, tries: int) -> int:
    return sum(budget.claim(now, URL) for _ in range(tries))


def test_six_at_once_then_one_every_fifteen_seconds(budget: Budget) -> None:
    assert spend(budget, NOON, 10) == 6
    assert budget.wait(NOON) == 15 * SECOND
    assert not budget.claim(NOON + 14 * SECOND, URL)
    assert budget.claim(NOON + 15 * SECOND, URL)
    assert spend(budget, NOON + 45 * SECOND, 10) == 2


def test_whoever_asks_all_the_time_gets_240_in_any_hour(budget: Budget) -> None:
    asked = [NOON + second * 5 * SECOND for second in range(3 * 720)]
    granted = [now for now in asked if budget.claim(now, URL)]

    fullest = max(sum(start <= one < start + HOUR for one in granted) for start in granted)

    assert fullest == 240
    assert len(granted) >= 3 * 235


def test_the_wait_it_names_is_long_enough_and_not_longer(budget: Budget) -> None:
    now = NOON
    for _ in range(600):
        wait = budget.wait(now)
        if wait:
            assert not budget.claim(now + wait - SECOND, URL)
        now += wait
        assert budget.claim(now, URL)


def test_what_waits_for_several_requests_waits_until_all_can_be_paid(budget: Budget) -> None:
    spend(budget, NOON, 6)
    assert budget.wait(NOON, 4) == 60 * SECOND


def test_another_process_finds_the_bucket_as_it_was_left(opened: Opener) -> None:
    assert spend(opened(), NOON, 6) == 6
    other = opened()
    assert not other.claim(NOON, URL)
    assert other.spent_last_hour(NOON) == 6


def test_a_pause_holds_for_the_next_process_until_it_ends(opened: Opener) -> None:
    opened().pause(NOON + 120 * SECOND, "slowed down (429)")

    other = opened()

    assert spend(other, NOON + 119 * SECOND, 3) == 0
    assert other.wait(NOON) == 120 * SECOND
    paused = other.paused(NOON)
    assert paused is not None
    assert paused.why == "slowed down (429)"
    assert other.paused(NOON + 120 * SECOND) is None
    assert other.claim(NOON + 120 * SECOND, URL)


def test_a_refused_request_costs_nothing(budget: Budget) -> None:
    budget.pause(NOON + 10 * SECOND, "slowed down (429)")
    assert spend(budget, NOON, 20) == 0
    assert budget.spent_last_hour(NOON) == 0
    assert spend(budget, NOON + 10 * SECOND, 20) == 6


def test_a_shorter_pause_does_not_shorten_a_longer_one(budget: Budget) -> None:
    budget.pause(NOON + HOUR, "slowed down (429)")
    budget.pause(NOON + 60 * SECOND, "slowed down (429)")
    assert budget.wait(NOON) == HOUR


def test_strikes_outlive_the_process_and_end_with_a_success(opened: Opener) -> None:
    opened().set_strikes(3)
    assert opened().strikes() == 3
    opened().set_strikes(0)
    assert opened().strikes() == 0


def test_a_symbol_answered_404_is_not_asked_again_that_day_by_anybody(opened: Opener) -> None:
    today = date(2025, 10, 17)
    opened().mark_unknown("^NOPE", today)
    assert opened().is_unknown("^NOPE", today)
    assert not opened().is_unknown("^NOPE", date(2025, 10, 18))
    assert not opened().is_unknown("^RUT", today)


def test_a_clock_set_back_hands_out_nothing(budget: Budget) -> None:
    spend(budget, NOON, 6)
    assert not budget.claim(NOON - 30 * SECOND, URL)


def test_a_clock_put_right_after_being_a_day_ahead_does_not_silence_the_feed(budget: Budget) -> None:
    spend(budget, NOON + timedelta(days=1), 6)
    assert budget.claim(NOON, URL)


def test_an_unlimited_budget_never_refuses(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "tapewatch.db")) as database:
        budget = Budget(database, per_hour=None, burst=6)
        assert spend(budget, NOON, 1000) == 1000
        assert budget.wait(NOON, 1000) == timedelta()


def test_a_429_pauses_by_one_rule_whoever_asked(tmp_path: Path) -> None:
    """A minute, two, four … half an hour; what the service asks for is kept, nonsense is not, six hours at most."""
    with closing(connect(tmp_path / "store" / "tapewatch.db")) as database:
        budget = Budget(database, 240, 6)
        rests = [(budget.slow_down(NOON, None, "slowed down (429)") - NOON).total_seconds() for _ in range(7)]
        assert rests == [60, 120, 240, 480, 960, 1800, 1800]
        for asked, kept in ((90.0, 90), (999_999_999_999.0, 6 * 3600), (float("inf"), 1800), (-5.0, 1800)):
            assert (budget.slow_down(NOON, asked, "slowed down (429)") - NOON).total_seconds() == kept
