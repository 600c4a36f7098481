"""What is known of a running session, tick by tick."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.live import Live, absorb
from tapewatch.core.sources import Tick

from ..market import eastern, five_minutes, tick

OPEN = eastern("2025-10-17 09:30")
MINUTE = timedelta(minutes=1)


def at(minutes: float, last: float, **more: object) -> Tick:
    return tick("^RUT", OPEN + minutes * MINUTE, last, **more)


def after(*ticks: Tick) -> Live:
    known: Live | None = None
    for one in ticks:
        known = absorb(known, one, one.time)
    assert known is not None
    return known


TICKS = st.lists(
    st.tuples(st.integers(1, 380), st.integers(90, 110), st.one_of(st.none(), st.integers(0, 9))),
    min_size=1, max_size=25,
)  # fmt: skip


@given(TICKS)
def test_the_range_holds_every_price_seen_and_only_grows(drawn: list[tuple[int, int, int | None]]) -> None:
    known: Live | None = None
    seen: list[float] = []
    for minute, last, reach in sorted(drawn, key=lambda one: one[0]):
        extremes = {} if reach is None else {"high": float(last + reach), "low": float(last - reach)}
        known = absorb(known, at(minute, last, **extremes), OPEN + minute * MINUTE)
        seen += [last, *extremes.values()]
        assert (known.high, known.low) == (max(seen), min(seen))
        assert known.low <= known.bar.low <= known.last <= known.bar.high <= known.high


@given(st.permutations([(5, 100.0), (20, 101.0), (35, 99.0), (50, 102.0)]))
def test_an_older_tick_never_replaces_a_newer_price(order: list[tuple[int, float]]) -> None:
    known = after(*(at(minute, last) for minute, last in order))
    assert (known.last, known.time) == (102.0, OPEN + 50 * MINUTE)
    assert (known.high, known.low) == (102.0, 99.0)


def test_yesterdays_tick_changes_nothing() -> None:
    today = after(at(5, 100))
    stale = tick("^RUT", OPEN - timedelta(days=1), 50)
    assert absorb(today, stale, OPEN + 6 * MINUTE) is today


def test_a_new_session_begins_anew() -> None:
    monday = tick("^RUT", eastern("2025-10-20 09:31"), 200)
    known = absorb(after(at(5, 100, high=150.0, low=50.0)), monday, monday.time)
    assert (known.high, known.low, known.open, known.range_as_of) == (200, 200, None, None)


def test_a_spike_between_two_polls_is_known_with_its_time() -> None:
    known = after(at(60, 100), at(62, 100, open=99.0, high=107.0, low=98.0))
    assert (known.bar.high, known.range_as_of) == (107.0, OPEN + 62 * MINUTE)
    assert known.high_from_chart


def test_a_high_seen_by_closes_alone_is_not_the_charts() -> None:
    known = after(at(60, 100, high=101.0, low=99.0), at(70, 105))
    assert (known.high, known.high_from_chart, known.low_from_chart) == (105, False, True)


def test_only_bars_that_are_over_count() -> None:
    bars = five_minutes(OPEN + 5 * MINUTE, [100.0, 101.0, 102.0])
    known = after(at(12, 101.5, bars=bars))
    assert known.ends == (OPEN + 5 * MINUTE, OPEN + 10 * MINUTE)
    assert known.close_at(OPEN + 10 * MINUTE) == 101.0


def test_a_delayed_services_newest_bar_is_not_over_when_the_clock_says_so() -> None:
    """At 10:17 a service a quarter of an hour behind knows two minutes of the bar that ended at 10:05."""
    late = Tick(
        symbol="^HSI", session=OPEN.date(), last=101.5, time=OPEN + 2 * MINUTE, delay=15 * MINUTE,
        bars=five_minutes(OPEN + 5 * MINUTE, [101.5]),
    )  # fmt: skip
    assert absorb(None, late, OPEN + 17 * MINUTE).ends == ()
    assert absorb(None, late, OPEN + 20 * MINUTE).ends == (OPEN + 5 * MINUTE,)


@pytest.mark.parametrize(("minutes", "close"), [(4, None), (5, 100.0), (9, 100.0), (15, 100.0), (16, None)])
def test_a_close_serves_for_ten_minutes(minutes: int, close: float | None) -> None:
    known = after(
        at(5, 100.0, bars=five_minutes(OPEN + 5 * MINUTE, [100.0])),
        at(30, 102.0, bars=five_minutes(OPEN + 30 * MINUTE, [102.0])),
    )
    assert known.close_at(OPEN + minutes * MINUTE) == close


def test_a_close_is_not_taken_for_a_moment_whose_bar_may_still_come() -> None:
    """Asked early or late, the same is known of a moment: until its bar (or a later one) is here, nothing."""
    known = after(at(5, 100.0, bars=five_minutes(OPEN + 5 * MINUTE, [100.0])))
    assert known.close_at(OPEN + 10 * MINUTE) is None


def test_a_past_moment_is_seen_without_what_came_later() -> None:
    bars = five_minutes(OPEN + 5 * MINUTE, [100.0, 103.0, 97.0])
    known = after(at(20, 97.0, open=99.0, high=120.0, low=90.0, bars=bars))
    then = known.bar_at(OPEN + 10 * MINUTE)
    assert then is not None
    assert (then.open, then.high, then.low, then.close) == (99.0, 103.0, 99.0, 103.0)


def test_the_same_price_at_the_same_time_is_counted_as_silence() -> None:
    assert after(at(5, 100), at(5, 100), at(5, 100)).same_price_polls == 2
    assert after(at(5, 100), at(5, 100), at(6, 100)).same_price_polls == 0
