"""Changes between closes, the bases they run from, and opens that are none."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.analytics.returns import (
    daily_returns,
    opens_are_real,
    percent,
    period_bases,
    position,
    read_returns,
    unusual_change,
)
from tapewatch.core.bars import Bar, Bars
from tapewatch.core.model.reading import Returns

from ..market import closes, rows, short_bars, untouched

PRICES = st.floats(0.01, 1e6)


def at(*prices: tuple[str, float]) -> Bars:
    return Bars.of([Bar(date.fromisoformat(day), price, price, price, price) for day, price in prices])


def returns(bars: Bars) -> Returns:
    last = float(bars.close[-1])
    before = float(bars.close[-2]) if len(bars) > 1 else None
    return read_returns(period_bases(bars.days, bars.close, bars.day(len(bars) - 1)), last, before)


def test_each_period_runs_from_the_last_close_of_the_one_before() -> None:
    found = returns(
        at(
            ("2024-12-31", 100), ("2025-09-30", 125), ("2025-10-31", 160), ("2025-11-21", 200), ("2025-11-25", 250),
            ("2025-11-28", 300),
        )
    )  # fmt: skip
    assert found.day == pytest.approx(20)
    assert found.week == pytest.approx(50)
    assert found.month == pytest.approx(87.5)
    assert found.quarter == pytest.approx(140)
    assert found.year == pytest.approx(200)


def test_what_history_does_not_reach_is_absent() -> None:
    assert returns(at(("2025-11-28", 300))) == Returns()


def test_a_year_may_end_within_a_week() -> None:
    found = returns(at(("2024-12-27", 50), ("2024-12-31", 100), ("2025-01-02", 110)))
    assert found.week == pytest.approx(120)
    assert found.year == pytest.approx(10)


@given(PRICES, PRICES)
def test_a_change_and_its_way_back_make_nothing(one: float, other: float) -> None:
    there, back = percent(one, other), percent(other, one)
    assert (1 + there / 100) * (1 + back / 100) == pytest.approx(1)


@given(PRICES, PRICES, PRICES)
def test_a_position_lies_within_its_range(value: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    found = position(value, low, high)
    assert (found is None) == (low == high)
    if found is not None:
        assert 0 <= found <= 100
        assert found == pytest.approx(100 * (min(high, max(low, value)) - low) / (high - low))


@given(short_bars())
def test_daily_changes_by_hand(bars: Bars) -> None:
    days = rows(bars)
    with untouched(bars):
        found = daily_returns(bars.close)
    assert found[1:].tolist() == pytest.approx(
        [100 * (after.close - before.close) / before.close for before, after in pairwise(days)]
    )


def test_a_change_is_unusual_from_its_own_975th_of_a_thousand() -> None:
    # 400 changes of 1 % and 10 of 5 %: under 2.5 % of all are as large, so 1 % is the bound
    prices, changes = [100.0], [1.0] * 400 + [5.0] * 10
    for number, change in enumerate(changes):
        prices.append(prices[-1] * (1 + change / 100) if number % 2 else prices[-1] / (1 + change / 100))
    found = unusual_change(closes(prices).close)
    assert found == pytest.approx(1.0, abs=0.02)
    assert unusual_change(closes(prices[:200]).close) is None


@pytest.mark.parametrize(("shared", "real"), [(0, True), (25, True), (26, False), (252, False)])
def test_opens_are_hidden_when_over_a_tenth_repeat_the_close_before(shared: int, real: bool) -> None:
    bars = closes([100.0 + at % 7 for at in range(300)])
    opened = bars.open.copy()
    opened[-252:] += 0.25
    opened[-shared or 300 :] = bars.open[-shared or 300 :]
    assert opens_are_real(Bars.columns(bars.days, opened, bars.high, bars.low, bars.close, bars.volume)) is real


@pytest.mark.parametrize(("day", "prices"), [("2000-12-29", False), ("2025-10-17", True)])
def test_the_sps_opens_were_closes_until_2006(real: dict[str, Bars], day: str, prices: bool) -> None:
    assert opens_are_real(real["^GSPC"].upto(date.fromisoformat(day))) is prices
