"""Bars as columns, and the door they come through."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.bars import Bar, Bars, at_the_door

from ..market import BEGIN, DAY, rows, short_bars, until, untouched

FRIDAY = date(2025, 10, 17)


def bar(o: float, h: float, l: float, c: float) -> Bar:  # noqa: E741
    return Bar(FRIDAY, o, h, l, c)


@given(short_bars(0), short_bars(0))
def test_merging_is_what_a_dictionary_by_day_would_do(older: Bars, newer: Bars) -> None:
    wanted = {one.day: one for one in rows(older)} | {one.day: one for one in rows(newer)}
    with untouched(older, newer):
        merged = older.merged(newer)
    assert rows(merged) == [wanted[day] for day in sorted(wanted)]


@given(short_bars(0), st.integers(-2, 300))
def test_a_cut_history_ends_on_the_day_or_before(bars: Bars, after: int) -> None:
    day = BEGIN + after * DAY
    assert rows(bars.upto(day)) == rows(until(bars, day))


@given(short_bars(1))
def test_a_session_is_found_where_it_stands(bars: Bars) -> None:
    days = {bars.day(at): at for at in range(len(bars))}
    for after in range(-1, 400, 3):
        day = BEGIN + after * DAY
        assert bars.index_of(day) == days.get(day)


def test_columns_cannot_be_written_to() -> None:
    bars = Bars.of([bar(10, 11, 9, 10)])
    for column in (bars.days, bars.open, bars.high, bars.low, bars.close, bars.volume):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = column[0]


def test_columns_are_copies_of_what_was_given() -> None:
    given_close = np.array([10.0])
    days = np.array(["2025-10-17"], "datetime64[D]")
    bars = Bars.columns(days, given_close, given_close, given_close, given_close, given_close)
    given_close[0] = 99.0
    assert bars.close[0] == 10.0


@pytest.mark.parametrize("days", [["2025-10-17", "2025-10-16"], ["2025-10-17", "2025-10-17"]])
def test_days_that_do_not_rise_are_refused(days: list[str]) -> None:
    column = np.array([10.0, 10.0])
    with pytest.raises(ValueError, match="ascending"):
        Bars.columns(np.array(days, "datetime64[D]"), column, column, column, column, column)


@pytest.mark.parametrize(
    ("given_bar", "high", "low"),
    [
        (bar(100, 100.99, 99, 101), 101, 99),
        (bar(100, 101, 100.01, 100.5), 101, 100),
        (bar(24_990, 25_000.0, 24_900, 25_000.05), 25_000.05, 24_900),
        (bar(100, 101, 99, 100), 101, 99),
    ],
)
def test_a_high_or_low_that_misses_by_rounding_is_lifted(given_bar: Bar, high: float, low: float) -> None:
    taken, refused = at_the_door([given_bar])
    assert not refused
    assert (taken[0].high, taken[0].low) == (high, low)
    assert (taken[0].open, taken[0].close) == (given_bar.open, given_bar.close)


@pytest.mark.parametrize(
    ("given_bar", "named"),
    [
        (bar(100, 100.98, 99, 101), "high 100.98 is under"),
        (bar(100, 101, 100.02, 100.5), "low 100.02 is over"),
        (bar(24_990, 25_000.0, 24_900, 25_000.06), "high 25000 is under"),
        (bar(0, 101, 99, 100), "a price is 0"),
        (bar(100, 101, -1, 100), "a price is -1"),
        (bar(100, float("nan"), 99, 100), "missing"),
        (bar(100, float("inf"), 99, 100), "missing"),
    ],
)
def test_what_cannot_be_a_bar_is_refused_and_named(given_bar: Bar, named: str) -> None:
    good = Bar(date(2025, 10, 16), 100, 101, 99, 100)
    taken, refused = at_the_door([good, given_bar])
    assert taken == [good]
    assert refused[0].day == FRIDAY
    assert named in refused[0].reason
