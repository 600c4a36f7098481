"""Swing points: strict on both sides, and known only once the bars to the right are there."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.analytics.swings import pivot_highs, pivot_lows
from tapewatch.core.bars import Bars, Floats

PRICES = st.lists(st.integers(1, 12), max_size=60).map(lambda values: np.array(values, dtype=np.float64))
SIDES = st.integers(1, 6)


def by_hand(values: Floats, left: int, right: int) -> list[int]:
    found: list[int] = []
    for at in range(left, len(values) - right):
        others = [float(values[i]) for i in range(at - left, at + right + 1) if i != at]
        if all(values[at] > other for other in others):
            found.append(at)
    return found


def prices(*values: float) -> Floats:
    return np.array(values)


@given(PRICES, SIDES, SIDES)
def test_a_pivot_is_above_all_its_neighbours(values: Floats, left: int, right: int) -> None:
    before = values.copy()
    found = pivot_highs(values, left, right)
    assert found.index.tolist() == by_hand(values, left, right)
    assert found.known_at.tolist() == [at + right for at in found.index.tolist()]
    assert (values == before).all()


@given(PRICES, SIDES, SIDES)
def test_lows_are_the_highs_of_prices_turned_over(values: Floats, left: int, right: int) -> None:
    assert pivot_lows(values, left, right).index.tolist() == by_hand(-values, left, right)


@given(PRICES, SIDES, SIDES, st.integers(0, 60))
def test_what_was_known_of_a_day_is_what_its_history_shows(values: Floats, left: int, right: int, at: int) -> None:
    known, then = pivot_highs(values, left, right).known(at), pivot_highs(values[: at + 1], left, right)
    assert known.index.tolist() == then.index.tolist()
    assert known.known_at.tolist() == then.known_at.tolist()


def test_two_equal_highs_are_no_pivot_and_a_missing_price_makes_none() -> None:
    assert pivot_highs(prices(1, 5, 5, 1), 1, 1).index.tolist() == []
    assert pivot_highs(prices(1, 5, np.nan, 1, 2, 1), 1, 1).index.tolist() == [4]


def test_a_pivot_waits_for_the_bars_to_its_right() -> None:
    rise_and_turn = prices(1, 2, 3, 9, 3, 2, 1)
    found = pivot_highs(rise_and_turn, 3, 3)
    assert (found.index.tolist(), found.known_at.tolist()) == ([3], [6])
    assert not len(pivot_highs(rise_and_turn[:6], 3, 3).index)


def test_a_pivot_has_two_sides() -> None:
    with pytest.raises(ValueError, match="both sides"):
        pivot_highs(prices(1, 2, 1), 0, 1)


def test_the_december_swing_high_of_the_russell(real: dict[str, Bars]) -> None:
    # 2595.98 on 2025-12-12, which the closes of 8 and 9 January 2026 broke
    bars = real["^RUT"]
    at = bars.index_of(date(2025, 12, 12))
    assert at is not None
    assert bars.high[at] == pytest.approx(2595.98, abs=0.005)
    found = pivot_highs(bars.high, 10, 10)
    assert at in found.index
    assert bars.day(int(found.known_at[found.index == at][0])) == date(2025, 12, 29)
