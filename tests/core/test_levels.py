"""Levels: each by its own rule, on worked examples and on the articles' bars."""

import math
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.analytics.levels import (
    ORDER,
    floor_pivots,
    phase_lines,
    pivot_marks,
    round_numbers,
    round_step,
    strongest,
    swing_marks,
    two_lows,
)
from tapewatch.core.bars import Bars

from ..market import closes, scaled, untouched, walk, walks

PRICES = st.floats(0.01, 1e6)


# -- pivots -----------------------------------------------------------------------------------------------


def test_the_floor_pivots_of_the_books() -> None:
    # high 110, low 90, close 105: R3 is 133.33 with every desk, not the 141.67 of one library
    found = floor_pivots(110, 90, 105)
    assert found == pytest.approx((101.667, 113.333, 121.667, 133.333, 93.333, 81.667, 73.333), abs=0.001)


@given(st.tuples(PRICES, PRICES, PRICES).map(sorted))
def test_pivots_turned_over_are_the_pivots_of_prices_turned_over(prices: list[float]) -> None:
    low, close, high = prices
    p, *rest = floor_pivots(high, low, close)
    q, *turned = floor_pivots(-low, -high, -close)
    assert (q, *turned[:3], *turned[3:]) == pytest.approx((-p, *(-x for x in rest[3:]), *(-x for x in rest[:3])))


def test_pivots_are_named_by_their_bar() -> None:
    assert [mark.source for mark in pivot_marks(floor_pivots(3, 1, 2), "week")][:2] == ["week pivot P", "week pivot R1"]
    assert all(mark.rank == ORDER.index("pivot") for mark in pivot_marks(floor_pivots(3, 1, 2)))


# -- round numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("price", "step"),
    [(2452.17, 100), (25_000, 1000), (6600, 200), (138.98, 5), (4.15, 0.2), (46_190, 2000), (20.78, 1), (99, 5)],
)
def test_the_step_of_round_numbers(price: float, step: float) -> None:
    assert round_step(price).times(1) == step


@given(PRICES)
def test_the_step_is_the_nearest_to_four_percent_in_ratio(price: float) -> None:
    step = round_step(price).times(1)
    off = abs(math.log(step / (0.04 * price)))
    others = [mantissa * 10.0**power for mantissa in (1, 2, 5) for power in range(-6, 8)]
    assert off <= min(abs(math.log(other / (0.04 * price))) for other in others) + 1e-9


def test_the_round_numbers_of_the_article() -> None:
    found = {mark.low: mark.source for mark in round_numbers(2452.17, 300.0)}
    assert found[2400.0] == "round number"
    assert found[2500.0] == "major round number"
    assert sorted(found) == [2300.0, 2400.0, 2500.0, 2600.0]


def test_major_round_numbers_are_shown_further_away() -> None:
    assert [mark.low for mark in round_numbers(6664.0, 600.0)] == [6400.0, 6600.0, 6800.0, 7000.0]
    assert [mark.low for mark in round_numbers(6664.0, 10.0)] == [6400.0, 6600.0, 6800.0, 7000.0]
    assert 6000.0 in [mark.low for mark in round_numbers(6664.0, 700.0)]


@given(PRICES, st.floats(0, 0.5))
def test_a_round_number_lies_on_each_side_and_is_written_as_one(price: float, share: float) -> None:
    found = [mark.low for mark in round_numbers(price, share * price)]
    assert min(found) <= price < max(found)
    assert all(found)
    assert all(len(f"{one:.10g}".strip("0.").replace(".", "")) <= 4 for one in found)


# -- lines, lows --------------------------------------------------------------------------------------------


def test_the_phase_lines_below_the_record_close_of_january_2026() -> None:
    found = {mark.source: round(mark.low, 2) for mark in phase_lines(2590.61)}
    assert found == {"pullback line": 2461.08, "correction line": 2331.55, "bear line": 2072.49}


def test_the_support_between_two_lows() -> None:
    assert (two_lows(2417.74, 2433.19).low, two_lows(2417.74, 2433.19).high) == (2417.74, 2433.19)


# -- swing points -------------------------------------------------------------------------------------------


def test_the_december_swing_high_stands_alone_until_it_is_touched(real: dict[str, Bars]) -> None:
    bars = real["^RUT"].upto(date(2026, 1, 5))
    with untouched(bars):
        found = swing_marks(bars)
    swing = next(mark.swing for mark in found if round(mark.low, 2) == 2595.98 and mark.swing)
    assert (swing.side, swing.touches, swing.first) == ("high", 1, date(2025, 12, 12))
    # its frame of ten bars each side was full on 29 December
    assert swing.sessions == 10
    assert not [one for one in swing_marks(bars.upto(date(2025, 12, 16))) if round(one.low, 2) == 2595.98]


def test_two_highs_of_one_price_are_one_level_touched_twice() -> None:
    leg = [100.0, 102, 104, 106, 108, 110, 108, 106, 104, 102]
    made = closes([*leg, *leg, 100, 102, 104, 106])
    bars = Bars.columns(made.days, made.close, made.close + 1, made.close - 1, made.close, made.volume)
    found = [mark for mark in swing_marks(bars) if mark.swing and mark.swing.side == "high"]
    assert [(mark.low, mark.swing.touches) for mark in found if mark.swing] == [(111.0, 2)]
    assert found[0].swing
    assert (found[0].swing.first, found[0].swing.last) == (bars.day(5), bars.day(15))
    # from 111 the price fell to 99 after the second high; every true range is 3 points
    assert found[0].swing.move_atr == pytest.approx(12 / 3)


@given(walks(40, 700), st.sampled_from([-3, 4]))
def test_swings_move_with_the_unit_of_the_prices(bars: Bars, power: int) -> None:
    one, other = swing_marks(bars), swing_marks(scaled(bars, 2.0**power))
    assert [mark.low * 2.0**power for mark in one] == [mark.low for mark in other]
    assert [mark.swing and mark.swing.touches for mark in one] == [mark.swing and mark.swing.touches for mark in other]


@given(walks(60, 700))
def test_swing_levels_are_half_an_atr_apart_from_first_to_first(bars: Bars) -> None:
    swings = [mark.swing for mark in swing_marks(bars) if mark.swing]
    assert all(low.high < high.low for low, high in pairwise(swings))
    assert all(swing.low <= swing.high for swing in swings)
    assert all(swing.first >= bars.day(max(0, len(bars) - 504)) for swing in swings)


def test_the_strongest_swings_are_the_most_touched() -> None:
    found = swing_marks(walk(5, 700))
    best = strongest(found, 3)
    touches = [mark.swing.touches for mark in found if mark.swing]
    assert [mark.swing.touches for mark in best if mark.swing] == sorted(touches, reverse=True)[:3]


def test_a_few_bars_have_no_swings() -> None:
    assert swing_marks(Bars.empty()) == []
    assert swing_marks(closes(np.linspace(100, 110, 12).tolist())) == []
