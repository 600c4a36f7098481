"""Weeks built from days, against pandas and against weeks that are known to be odd."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
import talib
from hypothesis import given

from tapewatch.core.analytics.weekly import Expected, Weeks, read_week, weeks_of
from tapewatch.core.bars import Bar, Bars
from tapewatch.core.model.reading import Week

from ..market import calendar, closes, rows, short_bars, untouched, walks

MONDAY = date(2025, 10, 13)


def by_pandas(bars: Bars) -> list[tuple[Any, ...]]:
    """Open, high, low, close, first close and sessions of every ISO week, by pandas."""
    days = pd.to_datetime(pd.Series(bars.days.astype("datetime64[s]")))
    iso = days.dt.isocalendar()
    frame = pd.DataFrame({"o": bars.open, "h": bars.high, "l": bars.low, "c": bars.close})
    grouped = frame.groupby([iso["year"].to_numpy(), iso["week"].to_numpy()], sort=True)
    table = grouped.agg(
        o=("o", "first"), h=("h", "max"), l=("l", "min"), c=("c", "last"), f=("c", "first"), n=("c", "size")
    )
    return [tuple(row) for row in table.itertuples(index=False)]


def ours(weeks: Weeks) -> list[tuple[Any, ...]]:
    counts = weeks.last - weeks.first + 1
    columns = (weeks.open, weeks.high, weeks.low, weeks.close, weeks.first_close, counts)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def read(bars: Bars, live: Bar | None = None, *, sessions: int = 5, over: bool = True) -> Week:
    found = read_week(bars, weeks_of(bars), live, Expected(sessions, (), over), basis_points=False, open_is_real=True)
    assert found is not None
    return found


@given(short_bars())
def test_few_bars_with_gaps_give_the_weeks_of_pandas(bars: Bars) -> None:
    with untouched(bars):
        weeks = weeks_of(bars)
    assert ours(weeks) == by_pandas(bars)


@pytest.mark.parametrize("symbol", ["^RUT", "^GSPC", "^HSI", "^VIX"])
def test_real_bars_give_the_weeks_of_pandas(real: dict[str, Bars], symbol: str) -> None:
    assert ours(weeks_of(real[symbol])) == by_pandas(real[symbol])


@given(walks(2, 60))
def test_a_weeks_high_is_the_highest_of_its_days_and_its_close_lies_inside(bars: Bars) -> None:
    week = read(bars)
    days = [day for day in rows(bars) if day.day >= week.monday]
    assert week.sessions == len(days)
    assert (week.high, week.low) == (max(day.high for day in days), min(day.low for day in days))
    assert week.position_percent is None or 0 <= week.position_percent <= 100
    assert week.range == pytest.approx(week.high - week.low)
    assert next(day.high for day in days if day.day == week.high_date) == week.high


@pytest.mark.parametrize(
    ("monday", "sessions"),
    [
        ("2001-09-10", 1),
        ("2012-10-29", 3),
        ("2007-01-01", 3),
        ("2018-12-03", 4),
        ("2025-01-06", 4),
        ("2025-04-14", 4),
        ("2018-12-31", 4),
        ("2018-12-24", 4),
        ("2020-12-28", 4),
    ],
)
def test_odd_weeks(real: dict[str, Bars], monday: str, sessions: int) -> None:
    weeks = weeks_of(real["^GSPC"])
    at = weeks.monday.astype(str).tolist().index(monday)
    assert weeks.last[at] - weeks.first[at] + 1 == sessions


def test_new_years_eve_of_2018_is_in_one_week_with_the_new_year(real: dict[str, Bars]) -> None:
    bars = real["^GSPC"]
    eve, second = bars.index_of(date(2018, 12, 31)), bars.index_of(date(2019, 1, 2))
    weeks = weeks_of(bars)
    at = weeks.monday.astype(str).tolist().index("2018-12-31")
    assert (weeks.first[at], weeks.first[at] + 1) == (eve, second)
    assert weeks.last[at] == bars.index_of(date(2019, 1, 4))


def test_three_definitions_of_a_weeks_change() -> None:
    # Friday 100; Monday opens 110, closes 120; Friday closes 132
    bars = Bars.of(
        [
            Bar(date(2025, 10, 10), 100, 101, 99, 100),
            Bar(date(2025, 10, 13), 110, 125, 108, 120),
            Bar(date(2025, 10, 17), 121, 133, 119, 132),
        ]
    )
    week = read(bars)
    assert week.change_percent == pytest.approx(32)
    assert week.open_to_close_percent == pytest.approx(20)
    assert week.first_close_to_close_percent == pytest.approx(10)
    assert week.range_percent == pytest.approx(25)
    assert week.previous_close == 100
    assert week.position_percent == pytest.approx(96)


def test_a_week_without_a_session_is_gone_past() -> None:
    bars = Bars.of([Bar(date(2025, 9, 26), 50, 51, 49, 50), Bar(MONDAY, 60, 61, 54, 55)])
    week = read(bars)
    assert week.previous_close == 50
    assert week.change_percent == pytest.approx(10)
    assert week.previous is not None
    assert week.previous.monday == date(2025, 9, 22)


def test_a_running_session_is_part_of_the_week_and_keeps_it_open() -> None:
    bars = closes([100, 101, 102], first=MONDAY)
    live = Bar(date(2025, 10, 16), 102, 140, 80, 90)
    week = read(bars, live, over=False)
    assert (week.sessions, week.expected, week.final, week.patterns) == (4, 5, False, ())
    assert (week.high, week.low, week.close, week.high_date) == (140, 80, 90, live.day)


def test_a_running_monday_begins_a_week_of_its_own() -> None:
    bars = closes([100, 101, 102, 103, 104], first=date(2025, 10, 6))
    week = read(bars, Bar(MONDAY, 105, 106, 103, 105), over=False)
    assert (week.monday, week.sessions, week.previous_close) == (MONDAY, 1, 104)


def test_a_week_that_did_not_move_has_no_position() -> None:
    week = read(Bars.of([Bar(MONDAY, 100, 100, 100, 100)]))
    assert (week.range, week.position_percent) == (0, None)


def weekly(*ranges: tuple[float, float]) -> Bars:
    """One session a week with this high and low, ending in the week of the Monday."""
    count = len(ranges)
    days = [date.fromordinal(MONDAY.toordinal() - 7 * (count - 1 - at)) for at in range(count)]
    return Bars.of([Bar(day, sum(both) / 2, *both, sum(both) / 2) for day, both in zip(days, ranges, strict=True)])


@pytest.mark.parametrize(
    ("ranges", "found"),
    [
        ([(110, 90), (109, 91)], ("inside",)),
        ([(110, 90), (110, 91)], ()),
        ([(110, 90), (111, 89)], ("outside",)),
        ([(110, 90), (111, 90)], ()),
        ([(110, 90), (120, 101), (111, 91), (119, 105)], ("nr4",)),
        ([(110, 90), (120, 101), (111, 91), (119, 100)], ()),
        ([(110, 100), (121, 100), (111, 99), (122, 100), (112, 98), (125, 100), (119, 110)], ("inside", "nr4", "nr7")),
        ([(104, 100), (121, 100), (111, 99), (122, 100), (112, 98), (125, 100), (130, 121)], ("nr4",)),
    ],
)
def test_patterns_are_strict(ranges: list[tuple[float, float]], found: tuple[str, ...]) -> None:
    assert read(weekly(*ranges), sessions=1).patterns == found


def test_a_yields_week_moves_in_basis_points_and_never_in_percent() -> None:
    bars = Bars.of([Bar(date(2025, 10, 10), 4.0, 4.1, 3.9, 4.00), Bar(MONDAY, 4.0, 4.3, 3.9, 4.25)])
    week = read_week(bars, weeks_of(bars), None, Expected(1), basis_points=True, open_is_real=True)
    assert week is not None
    assert week.change_points == pytest.approx(25)
    assert (week.change_percent, week.range_percent, week.open_to_close_percent) == (None, None, None)


def test_the_range_is_ranked_among_the_weeks_before() -> None:
    # sixty weeks of ranges 1, 2, … 60 on a middle of 100, then one of 31: thirty lie below
    bars = weekly(*[(100 + at / 2, 100 - at / 2) for at in range(1, 61)], (115.5, 84.5))
    week = read(bars, sessions=1)
    # the first week has no close before it and is not ranked: 29 of 59
    assert week.range_percentile == pytest.approx(100 * 29 / 59)
    assert week.range_times_average == pytest.approx(31 / 55.5)


def test_a_week_that_went_to_and_fro_and_one_that_went_straight() -> None:
    # from 100: up 4, down 3, up 2, down 3, up 1: thirteen points of way for one of gain
    friday = date(2025, 10, 10)
    choppy = read(closes([100, 104, 101, 103, 100, 101], friday))
    assert [choppy.path_percent, choppy.efficiency_percent] == pytest.approx([13, 100 / 13])
    straight = read(closes([100, 101, 102, 103, 104, 105], friday))
    assert [straight.path_percent, straight.efficiency_percent] == pytest.approx([5, 100])
    back = read(closes([100, 104, 101, 103, 100, 100], friday))
    assert back.efficiency_percent == 0


def test_a_week_that_never_moved_has_no_efficiency_and_a_first_week_no_way() -> None:
    assert read(closes([100, 100, 100], date(2025, 10, 10))).efficiency_percent is None
    first = read(closes([100, 101], MONDAY))
    assert (first.path_percent, first.efficiency_percent, first.gap) == (None, None, None)


@given(walks(20, 60))
def test_no_way_is_shorter_than_the_straight_one(bars: Bars) -> None:
    week = read(bars)
    if week.path_percent is None or week.change_percent is None or week.efficiency_percent is None:
        return
    assert week.path_percent >= abs(week.change_percent) - 1e-9
    assert week.efficiency_percent == pytest.approx(100 * abs(week.change_percent) / week.path_percent)
    assert 0 <= week.efficiency_percent <= 100 + 1e-9


def test_a_running_session_is_part_of_the_way() -> None:
    bars = closes([100, 104], date(2025, 10, 10))
    week = read(bars, Bar(date(2025, 10, 14), 104, 105, 101, 102), over=False)
    assert week.path_percent == pytest.approx(6)


def test_half_of_the_week_of_13_october_2025_was_its_opening_gap(real: dict[str, Bars]) -> None:
    week = read(real["^RUT"].upto(date(2025, 10, 17)))
    # Friday 2,394.59, Monday's open 2,423.00
    assert [week.gap, week.gap_percent] == pytest.approx([28.41, 1.186], abs=0.01)
    assert week.path_percent is not None
    moves = np.abs(np.diff([2394.59, 2461.42, 2495.50, 2519.75, 2467.02, 2452.17])).sum()
    assert week.path_percent == pytest.approx(100 * moves / 2394.59, abs=0.01)
    assert week.efficiency_percent == pytest.approx(100 * 57.58 / moves, abs=0.05)


def test_the_range_in_weekly_atrs_is_that_of_talib_the_week_before(real: dict[str, Bars]) -> None:
    bars = real["^RUT"].upto(date(2025, 10, 17))
    weeks = weeks_of(bars)
    wanted = talib.ATR(weeks.high.copy(), weeks.low.copy(), weeks.close.copy(), timeperiod=14)
    assert read(bars).range_atr == pytest.approx((2541.67 - 2417.74) / wanted[-2], rel=1e-4)


def test_no_gap_where_the_open_is_no_price() -> None:
    bars = closes([100, 104], date(2025, 10, 10))
    week = read_week(bars, weeks_of(bars), None, Expected(1), basis_points=False, open_is_real=False)
    assert week is not None
    assert (week.gap, week.gap_percent) == (None, None)


def test_a_holiday_week_may_be_narrow_for_that_alone() -> None:
    # three weeks of five sessions and a range of 20, then one of two sessions and a range of 15
    days = [date(2025, 9, 22) + timedelta(days=7 * at + day) for at in range(3) for day in range(5)]
    bars = Bars.of([Bar(day, 100, 110, 90, 100) for day in days] + [
        Bar(MONDAY, 100, 108, 93, 100), Bar(date(2025, 10, 14), 100, 105, 95, 100),
    ])  # fmt: skip
    week = read(bars, sessions=2)
    assert "nr4" in week.patterns
    # 15 over the root of 2 is more than 20 over the root of 5
    assert week.patterns_per_session == ()
    assert read(bars, sessions=5, over=False).patterns_per_session == ()


def test_the_week_of_independence_day_2026_has_four_sessions() -> None:
    calendar_of_2026 = calendar("XNYS", 2026)
    week = calendar_of_2026.week(date(2026, 6, 29))
    assert [one.day for one in week] == [date(2026, 6, 29) + timedelta(days=day) for day in range(4)]
    eve = calendar_of_2026.week(date(2026, 12, 21))
    assert [(one.day.day, one.half) for one in eve] == [(21, False), (22, False), (23, False), (24, True)]
