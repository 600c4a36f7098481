"""Returns over months, years and spans, against pandas and the figures of the articles."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from tapewatch.core.analytics.periods import (
    annualised,
    calendar_years,
    difference,
    months,
    months_before,
    period_return,
    usual_periods,
    widest_since,
)
from tapewatch.core.bars import Bars

from ..market import closes, until, untouched, walks

Real = dict[str, Bars]


def series(bars: Bars) -> "pd.Series[float]":
    return pd.Series(bars.close, index=pd.DatetimeIndex(bars.days.astype("datetime64[ns]")))


def year(bars: Bars, label: str) -> float:
    return next(one.percent for one in calendar_years(bars) if one.label == label)


@given(walks(300, 900))
def test_years_and_months_are_those_of_pandas(bars: Bars) -> None:
    with untouched(bars):
        found = {one.label: one.percent for one in (*calendar_years(bars), *months(bars, 2020))}
    prices = series(bars)
    yearly, monthly = (prices.resample(rule).last().pct_change().dropna() * 100 for rule in ("YE", "ME"))
    wanted = {f"{day:%Y}": value for day, value in yearly.items()}
    wanted |= {f"{day:%Y-%m}": value for day, value in monthly.items()}
    for label, value in found.items():
        assert value == pytest.approx(wanted[label])
    ended = [label for label in wanted if len(label) == 4 and pd.Timestamp(f"{label}-12-31") < prices.index[-1]]
    assert set(ended) <= set(found)


@given(walks(60, 500))
def test_what_comes_later_changes_no_period_that_was_over(bars: Bars) -> None:
    cut = until(bars, bars.day(len(bars) // 2))
    later = {one.label: one for one in calendar_years(bars)}
    assert all(later[one.label] == one for one in calendar_years(cut))


def test_november_2024(real: Real) -> None:
    wanted = {"^RUT": 10.838, "^GSPC": 5.730, "^NDX": 5.228, "^DJI": 7.536}
    for symbol, value in wanted.items():
        found = {one.label: one.percent for one in months(real[symbol], 2024)}
        assert found["2024-11"] == pytest.approx(value, abs=0.0005), symbol


def test_the_calendar_years_of_the_articles(real: Real) -> None:
    small, large = real["^RUT"], real["^GSPC"]
    assert [year(small, "1991"), year(large, "1991")] == pytest.approx([43.676, 26.31], abs=0.005)
    assert [year(small, "2003"), year(large, "2003")] == pytest.approx([45.37, 26.38], abs=0.005)


def test_2024_was_the_widest_lead_of_the_sp_since_1998(real: Real) -> None:
    ahead = difference(calendar_years(real["^GSPC"]), calendar_years(real["^RUT"]))
    points = {one.label: one.points for one in ahead}
    assert points["2024"] == pytest.approx(13.290, abs=0.0005)
    assert points["2021"] == pytest.approx(13.20, abs=0.005)
    wider = widest_since(ahead, "2024")
    assert wider is not None
    assert wider.label == "1998"


def test_march_2020_to_march_2021_is_no_lead_of_44_points_at_month_ends(real: Real) -> None:
    def lead(start: date, end: date) -> float:
        both = [period_return(real[symbol], start, end, "") for symbol in ("^RUT", "^GSPC")]
        assert both[0] is not None
        assert both[1] is not None
        return both[0].percent - both[1].percent

    assert lead(date(2020, 3, 31), date(2021, 3, 31)) == pytest.approx(38.86, abs=0.005)
    assert lead(date(2020, 3, 19), date(2021, 3, 23)) == pytest.approx(44.1, abs=0.05)


def test_percent_a_year_over_the_whole_history(real: Real) -> None:
    end = date(2026, 1, 16)
    assert annualised(real["^GSPC"], date(1927, 12, 30), end) == pytest.approx(6.28, abs=0.005)
    assert annualised(real["^RUT"], date(1987, 9, 10), end) == pytest.approx(7.47, abs=0.005)
    assert annualised(real["^GSPC"], date(1987, 9, 10), end) == pytest.approx(8.38, abs=0.005)


def test_doubling_in_two_years_is_41_percent_a_year() -> None:
    bars = closes(np.linspace(100, 200, 523).tolist(), first=date(2021, 1, 1))
    span = period_return(bars, date(2021, 1, 1), date(2023, 1, 3), "")
    assert span is not None
    found = annualised(bars, span.start, span.end)
    assert found == pytest.approx(100 * (2 ** (365.25 / (span.end - span.start).days) - 1))


def test_a_period_runs_between_the_closes_before_its_dates_and_says_which() -> None:
    # Friday 3 January 2025 at 100, then a weekend
    bars = closes([100, 110, 121], first=date(2025, 1, 3))
    found = period_return(bars, date(2025, 1, 5), date(2025, 1, 7), "two days")
    assert found is not None
    assert (found.start, found.end) == (date(2025, 1, 3), date(2025, 1, 7))
    assert found.percent == pytest.approx(21)


def test_a_running_month_or_year_is_not_given_as_a_whole_one() -> None:
    bars = closes([100.0] * 280, first=date(2024, 1, 2))
    assert bars.day(-1) == date(2025, 1, 27)
    assert [one.label for one in months(bars, 2025)] == []
    assert [one.label for one in months(bars, 2024)][-1] == "2024-12"
    assert [one.label for one in calendar_years(bars)] == []


def test_no_return_reaches_over_a_hole(real: Real) -> None:
    bars = real["^TNX"]
    assert period_return(bars, date(2020, 12, 31), date(2025, 12, 31), "five years") is None
    assert period_return(bars, date(2023, 6, 1), date(2025, 12, 31), "from inside") is None
    assert {one.label for one in usual_periods(bars)} == {"1 month", "3 months"}


def test_the_usual_periods_of_17_october_2025(real: Real) -> None:
    bars = real["^RUT"].upto(date(2025, 10, 17))
    found = {one.label: one for one in usual_periods(bars, date(2025, 10, 15))}
    assert list(found) == [
        "1 month", "3 months", "6 months", "1 year", "3 years", "5 years", "since record close",
        "2024", "2023", "2022", "2021", "2020",
    ]  # fmt: skip
    prices = series(bars)
    assert found["1 month"].percent == pytest.approx(100 * (prices.iloc[-1] / prices.loc["2025-09-17"] - 1))
    assert found["5 years"].start == date(2020, 10, 16)
    assert found["since record close"].percent == pytest.approx(-2.682, abs=0.001)


@pytest.mark.parametrize(
    ("day", "count", "before"),
    [
        (date(2025, 3, 31), 1, date(2025, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 15), 1, date(2024, 12, 15)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2025, 10, 17), 60, date(2020, 10, 17)),
    ],
)
def test_a_month_back_is_the_same_day_or_the_months_last(day: date, count: int, before: date) -> None:
    assert months_before(day, count) == before


def test_nothing_is_said_without_bars() -> None:
    assert calendar_years(Bars.empty()) == months(Bars.empty(), 2024) == usual_periods(Bars.empty()) == ()
    assert annualised(Bars.empty(), date(2020, 1, 1), date(2021, 1, 1)) is None
