"""Breaks of old records, and the old record as a floor: the autumn of 2025, and bars made for each step."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.analytics.breakouts import (
    back_below,
    first_record_closes,
    highest_of_year,
    highest_so_far,
    margin,
    sessions_to_fall_back,
    zone_of,
)
from tapewatch.core.analytics.polarity import OLD, Trail, old_record, trail_of
from tapewatch.core.bars import Bar, Bars

from ..market import closes, scaled, short_bars, trading_days, until, untouched, walks

Real = dict[str, Bars]
NEXT = {
    "below": {"broken"},
    "broken": {"confirmed", "failed"},
    "confirmed": {"retest"},
    "retest": {"held", "failed"},
    "held": {"retest"},
    "failed": {"broken"},
}


# -- the Russell's record of 2021, as measured on the same bars elsewhere ---------------------------------


def test_the_record_of_2021_and_the_session_that_broke_it(real: Real) -> None:
    record = old_record(real["^RUT"])
    assert record is not None
    assert (record.price, record.day, record.broken) == (2442.74, date(2021, 11, 8), date(2025, 9, 18))


def test_until_the_break_it_stands(real: Real) -> None:
    record = old_record(real["^RUT"].upto(date(2025, 9, 17)))
    assert record is not None
    assert (record.price, record.broken) == (2442.74, None)
    assert trail_of(real["^RUT"].upto(date(2025, 9, 17)), record.price, record.day) == Trail("below", ())


def test_the_floor_failed_in_a_week_and_was_taken_again_in_october(real: Real) -> None:
    """Broken 18 September, under it on the 24th, under the band on the 25th, above again from 2 October."""
    steps = trail_of(real["^RUT"].upto(date(2025, 10, 8)), 2442.74, date(2021, 11, 8)).steps
    assert [(str(step.date), step.state) for step in steps] == [
        ("2025-09-18", "broken"),
        ("2025-09-18", "confirmed"),
        ("2025-09-19", "retest"),
        ("2025-09-25", "failed"),
        ("2025-10-02", "broken"),
        ("2025-10-02", "confirmed"),
    ]


def test_the_size_of_the_break(real: Real) -> None:
    bars = real["^RUT"]
    broken = bars.index_of(date(2025, 9, 18))
    assert broken is not None
    assert margin(bars, 2442.74, broken) == pytest.approx((24.96, 1.02, 0.76), abs=0.005)


def test_back_under_the_old_record_after_four_sessions(real: Real) -> None:
    bars = real["^RUT"]
    broken = bars.index_of(date(2025, 9, 18))
    assert broken is not None
    assert sessions_to_fall_back(bars.close, 2442.74, broken) == 4
    assert (bars.day(broken + 4), bars.close[broken + 4]) == (date(2025, 9, 24), 2434.98)


def test_what_became_of_2440_to_2450_by_the_end_of_the_year(real: Real) -> None:
    bars = real["^RUT"].upto(date(2025, 12, 31))
    broken = bars.index_of(date(2025, 9, 18))
    assert broken is not None
    assert zone_of(bars, 2440.0, 2450.0, broken) == (31, 17)


@pytest.mark.parametrize(("within", "percent"), [(5, 43), (20, 57)])
def test_first_record_closes_and_how_many_fell_back(real: Real, within: int, percent: int) -> None:
    """23 cases after at least 60 sessions without one: 43 % were back under the old record within 5, 57 % in 20."""
    close = real["^RUT"].close
    cases = first_record_closes(close, 60)
    assert len(cases) == 23
    assert round(100 * float(back_below(close, cases, within).mean())) == percent


# -- step by step: bars that move four points a day, level 100 ------------------------------------------


def history(*last: tuple[float, float]) -> Bars:
    """Thirty sessions round 96 with a range of four points, then (low, close) pairs four points tall."""
    flat = [(94.0, 96.0)] * 30
    days = trading_days(len(flat) + len(last))
    return Bars.of([Bar(day, c, max(low + 4.0, c), low, c) for day, (low, c) in zip(days, [*flat, *last], strict=True)])


def states(*last: tuple[float, float]) -> list[str]:
    """The states entered since the thirtieth session; the average range stays near four, the band near one."""
    bars = history(*last)
    return [step.state for step in trail_of(bars, 100.0, bars.day(29)).steps]


CALM = (97.0, 100.5)
CLEAR = (99.5, 103.4)
AWAY = (103.0, 105.0)


@pytest.mark.parametrize(
    ("sessions", "entered"),
    [
        ([(96.0, 100.0)], []),
        ([CALM], ["broken"]),
        ([CALM, (98.0, 100.5)], ["broken", "confirmed"]),
        ([CALM, (97.5, 99.5), CALM], ["broken"]),
        ([CALM, (97.0, 98.0)], ["broken", "failed"]),
        ([CLEAR], ["broken", "confirmed"]),
        ([CLEAR, AWAY], ["broken", "confirmed"]),
        ([CLEAR, AWAY, (100.5, 102.0)], ["broken", "confirmed", "retest"]),
        ([CLEAR, AWAY, (96.5, 97.5)], ["broken", "confirmed", "retest", "failed"]),
        ([CLEAR, AWAY, (98.0, 99.5), (99.5, 101.4)], ["broken", "confirmed", "retest"]),
        ([CLEAR, AWAY, (98.0, 99.5), (100.0, 102.2)], ["broken", "confirmed", "retest", "held"]),
        ([CLEAR, AWAY, (98.0, 99.5), (99.0, 101.0), (100.0, 102.2)], ["broken", "confirmed", "retest"]),
        ([CLEAR, AWAY, (98.0, 99.5), (96.0, 97.0)], ["broken", "confirmed", "retest", "failed"]),
        ([CLEAR, AWAY, (96.5, 97.5), CALM], ["broken", "confirmed", "retest", "failed", "broken"]),
        ([CLEAR, (98.0, 99.5), (100.0, 103.0), (99.0, 101.0)], ["broken", "confirmed", "retest", "held", "retest"]),
    ],
)  # fmt: skip
def test_each_step(sessions: list[tuple[float, float]], entered: list[str]) -> None:
    assert states(*sessions) == entered


def test_a_quiet_market_still_leaves_a_band_of_a_fifth_of_a_percent() -> None:
    quiet = [99.0] * 40 + [100.1, 100.1]
    inside, beyond = (closes([*quiet, last], reach=0.001) for last in (99.81, 99.79))
    assert trail_of(inside, 100.0, inside.day(0)).state == "retest"
    assert trail_of(beyond, 100.0, beyond.day(0)).state == "failed"


def test_without_an_average_range_yet_two_closes_confirm() -> None:
    bars = closes([99.0, 103.0, 103.0])
    assert [step.state for step in trail_of(bars, 100.0, bars.day(0)).steps] == ["broken", "confirmed"]


def test_no_record_of_a_rising_market_is_old() -> None:
    assert old_record(closes([100.0 + at for at in range(200)])) is None
    assert old_record(Bars.empty()) is None


@pytest.mark.parametrize(("sessions", "old"), [(OLD, True), (OLD - 1, False)])
def test_a_record_is_old_after_sixty_sessions(sessions: int, old: bool) -> None:
    bars = closes([100.0] + [99.0] * sessions)
    assert (old_record(bars) is not None) is old


def test_a_match_makes_a_record_young_again() -> None:
    close = np.array([100.0] + [99.0] * 70 + [100.0] + [99.0] * 10 + [101.0])
    assert first_record_closes(close, 60).tolist() == []
    assert first_record_closes(close, 10).tolist() == [len(close) - 1]


# -- laws -------------------------------------------------------------------------------------------------


@given(bars=short_bars(2, 60), cut=st.integers(0, 59), level=st.integers(9_000, 9_012))
def test_later_bars_change_no_step_of_a_trail(bars: Bars, cut: int, level: int) -> None:
    day = bars.day(min(cut, len(bars) - 1))
    with untouched(bars):
        whole = trail_of(bars, level / 100, bars.day(0))
    then = trail_of(until(bars, day), level / 100, bars.day(0))
    assert then.steps == tuple(step for step in whole.steps if step.date <= day)


@given(bars=walks(60, 300), level=st.integers(850, 1150))
def test_each_state_follows_from_the_one_before(bars: Bars, level: int) -> None:
    trail = trail_of(bars, float(level), bars.day(0))
    entered = ["below", *(step.state for step in trail.steps)]
    assert all(later in NEXT[earlier] for earlier, later in pairwise(entered))
    assert trail.state == entered[-1]
    closed = {bars.day(at): float(bars.close[at]) for at in range(len(bars))}
    assert all(closed[step.date] > level for step in trail.steps if step.state in ("broken", "confirmed", "held"))
    assert all(closed[step.date] < level for step in trail.steps if step.state == "failed")


@given(bars=walks(60, 300), level=st.integers(850, 1150), power=st.integers(-3, 6))
def test_the_unit_of_prices_changes_no_trail(bars: Bars, level: int, power: int) -> None:
    factor = 2.0**power
    assert trail_of(scaled(bars, factor), level * factor, bars.day(0)) == trail_of(bars, float(level), bars.day(0))


@given(bars=walks(2, 500), cut=st.integers(1, 499))
def test_an_old_record_is_known_without_the_future(bars: Bars, cut: int) -> None:
    past = bars.upto(bars.day(min(cut, len(bars) - 1)))
    found = old_record(past)
    expected = highest_so_far(past.close)
    if found is None:
        assert len(past) - 1 - int(expected.at[-1]) < OLD
    else:
        assert past.close[found.index] == found.price == past.close[: found.index + 1].max()
        broken = past.index_of(found.broken) if found.broken else len(past) - 1
        assert broken is not None
        assert broken - found.index >= OLD


@given(bars=short_bars(1, 40))
def test_the_highest_of_a_year_is_the_highest_of_its_window(bars: Bars) -> None:
    found = highest_of_year(bars.days, bars.high)
    for at in range(len(bars)):
        window = [index for index in range(at + 1) if (bars.day(at) - bars.day(index)).days < 364]
        highest = max(float(bars.high[index]) for index in window)
        last = max(index for index in window if bars.high[index] == highest)
        assert (found.value[at], found.at[at]) == (highest, last)
