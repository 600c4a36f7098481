"""The service's market shows nothing that comes later than its clock."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tapewatch.core.bars import Bar

from . import FiveMinuteBar, walk
from .market import FIVE, Market, Spike
from .week import FRIDAY, HISTORY, RUT_DAYS

OPENS = datetime(2025, 10, 17, 13, 30, tzinfo=UTC)
BARS = [
    FiveMinuteBar(OPENS, 2455.0, 2460.0, 2450.0, 2452.0),
    FiveMinuteBar(OPENS + FIVE, 2453.0, 2480.0, 2440.0, 2470.0),
    FiveMinuteBar(OPENS + 2 * FIVE, 2471.0, 2472.0, 2465.0, 2466.0),
]


def market() -> Market:
    return Market(HISTORY, {"^RUT": BARS})


def test_a_running_bar_is_known_by_its_open_alone() -> None:
    seen = market().seen("^RUT", OPENS + FIVE + timedelta(minutes=2))
    assert seen is not None
    assert (seen.price, seen.high, seen.low) == (2453.0, 2460.0, 2450.0)
    assert seen.time == OPENS + timedelta(minutes=7)
    assert [close for _, close in seen.points] == [2452.0, 2453.0]


def test_a_bar_that_is_over_is_known_whole() -> None:
    seen = market().seen("^RUT", OPENS + 2 * FIVE)
    assert seen is not None
    assert (seen.price, seen.high, seen.low) == (2471.0, 2480.0, 2440.0)


def test_before_the_open_the_session_before_stands() -> None:
    seen = market().seen("^RUT", OPENS - timedelta(seconds=1))
    assert seen is not None
    assert (seen.session, seen.price, seen.live) == (date(2025, 10, 16), 2467.02, None)
    assert seen.official.day(-1) == date(2025, 10, 16)


def test_the_official_bar_comes_a_quarter_of_an_hour_after_the_close() -> None:
    closes = OPENS + timedelta(hours=6, minutes=30)
    early, later = (market().seen("^RUT", closes + timedelta(minutes=wait)) for wait in (14, 15))
    assert early is not None
    assert later is not None
    assert early.live is not None
    assert early.price == 2466.0
    assert (later.live, later.price, later.official.bar(-1)) == (None, 2452.17, RUT_DAYS[-1])


def test_a_half_day_closes_when_it_is_said_to() -> None:
    seen = Market(HISTORY, {}, early={FRIDAY: time(13, 0)}).seen("^RUT", OPENS + timedelta(hours=3, minutes=45))
    assert seen is not None
    assert seen.price == 2452.17


def test_a_spike_widens_the_day_and_is_in_no_close() -> None:
    shown = market()
    at = OPENS + timedelta(minutes=6)
    shown.spikes.append(Spike("^RUT", at, 2600.0))
    before, after = (shown.seen("^RUT", at + timedelta(seconds=wait)) for wait in (-1, 0))
    assert before is not None
    assert after is not None
    assert (before.high, after.high) == (2460.0, 2600.0)
    assert 2600.0 not in [close for _, close in after.points]


@pytest.mark.parametrize("bar", RUT_DAYS, ids=lambda bar: str(bar.day))
def test_a_made_walk_is_its_daily_bar(bar: Bar) -> None:
    bars = walk(bar)
    assert len(bars) == 78
    assert (bars[0].open, bars[-1].close) == (bar.open, bar.close)
    assert max(one.high for one in bars) == bar.high
    assert min(one.low for one in bars) == bar.low
    assert all(one.start.minute % 5 == 0 for one in bars)
