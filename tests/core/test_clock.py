"""The market's time on its own clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core import clock
from tapewatch.core.clock import PacedClock, SystemClock, now_on
from tapewatch.core.model.snapshot import ClockReading

from ..market import eastern

NOON = eastern("2025-10-17 12:00")


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that have passed, settable."""
    seconds = [1000.0]
    monkeypatch.setattr(clock, "elapsed", lambda: seconds[0])
    return seconds


def test_a_paced_clock_passes_so_many_seconds_a_second(passing: list[float]) -> None:
    market = PacedClock(NOON, 195.0)
    passing[0] += 2
    assert market.now() == NOON + timedelta(seconds=390)


def test_a_jump_goes_on_at_the_same_rate(passing: list[float]) -> None:
    market = PacedClock(NOON, 60.0)
    passing[0] += 5
    market.jump(NOON + timedelta(days=3))
    passing[0] += 1
    assert market.now() == NOON + timedelta(days=3, minutes=1)


def test_at_rate_nothing_only_a_jump_moves_it(passing: list[float]) -> None:
    market = PacedClock(NOON, 0.0)
    passing[0] += 1e6
    assert market.now() == NOON


@given(st.floats(0, 1e4), st.integers(-100, 100_000))
def test_a_screen_reads_the_feeds_clock_and_never_goes_back(rate: float, wall_seconds: int) -> None:
    reading = ClockReading(now=NOON, rate=rate, read_at=NOON)
    found = now_on(reading, NOON + timedelta(seconds=wall_seconds))
    assert found >= NOON
    assert (found - NOON).total_seconds() == pytest.approx(rate * max(0, wall_seconds), rel=1e-6, abs=1e-3)


def test_a_reading_without_a_wall_stands_still() -> None:
    assert now_on(ClockReading(now=NOON, rate=5.0), NOON + timedelta(days=9)) == NOON


def test_times_are_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
    assert SystemClock().reading().rate == 1.0
    with pytest.raises(ValueError, match="no time zone"):
        ClockReading(now=datetime(2025, 10, 17))  # noqa: DTZ001
