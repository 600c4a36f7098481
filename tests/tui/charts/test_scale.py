"""The scale of a chart: extremes at its ends, round numbers a trader would write."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.tui.charts.scale import Scale, decimals_for, round_step, scale_of, ticks

PRICES = st.floats(0.01, 1e6)
SERIES = st.lists(PRICES, min_size=2, max_size=60)


@given(values=SERIES, rows=st.integers(2, 200), log=st.booleans())
def test_the_highest_is_on_the_first_row_and_the_lowest_on_the_last(values: list[float], rows: int, log: bool) -> None:
    scale = scale_of(values, log=log)
    assert scale is not None
    places = [scale.row(one, rows) for one in values]
    assert all(0 <= one < rows for one in places)
    if max(values) > min(values):
        assert (scale.row(max(values), rows), scale.row(min(values), rows)) == (0, rows - 1)


@given(values=SERIES, rows=st.integers(2, 200), log=st.booleans())
def test_a_higher_price_is_never_drawn_lower(values: list[float], rows: int, log: bool) -> None:
    scale = scale_of(values, log=log)
    assert scale is not None
    places = [scale.row(one, rows) for one in sorted(values)]
    assert places == sorted(places, reverse=True)


def test_on_a_log_scale_equal_percentages_are_equal_heights() -> None:
    scale = Scale(100.0, 1600.0, log=True)
    assert [scale.share(one) for one in (100.0, 200.0, 400.0, 800.0, 1600.0)] == pytest.approx([0, 0.25, 0.5, 0.75, 1])


def test_a_level_near_the_prices_stretches_the_scale_and_a_far_one_does_not() -> None:
    near, far = scale_of([90.0, 100.0], [102.0]), scale_of([90.0, 100.0], [130.0])
    assert near is not None
    assert far is not None
    assert (near.high, far.high) == (102.0, 100.0)
    assert not far.holds(130.0)


@given(low=st.floats(0.01, 1e5), height=st.floats(1.01, 500.0), most=st.integers(2, 12), log=st.booleans())
def test_round_numbers_are_on_the_scale_in_order_and_not_too_many(
    low: float, height: float, most: int, log: bool
) -> None:
    scale = Scale(low, low * height, log)
    found = ticks(scale, most)
    assert list(found) == sorted(set(found))
    assert len(found) <= most + 1
    for one in found:
        assert scale.low * (1 - 1e-6) <= one <= scale.high * (1 + 1e-6)
        digits = f"{one:.10e}".partition("e")[0].rstrip("0").replace(".", "")
        assert len(digits) <= 4 or not log


@pytest.mark.parametrize(
    ("low", "high", "most", "wanted"),
    [
        (1760.0, 2541.67, 5, (1800.0, 2000.0, 2200.0, 2400.0)),
        (88.8, 104.5, 4, (90.0, 95.0, 100.0)),
        (3.98, 4.6, 4, (4.0, 4.2, 4.4, 4.6)),
    ],
)
def test_the_numbers_beside_a_chart_are_round(low: float, high: float, most: int, wanted: tuple[float, ...]) -> None:
    assert ticks(Scale(low, high), most) == pytest.approx(wanted)


def test_a_century_on_a_log_scale_is_written_in_powers_of_ten() -> None:
    assert ticks(Scale(4.4, 6700.0, log=True), 4) == (10.0, 100.0, 1000.0)


@given(least=st.floats(1e-6, 1e9))
def test_a_step_is_one_two_and_a_half_or_five(least: float) -> None:
    step = round_step(least)
    digits = step / 10 ** math.floor(math.log10(step) + 1e-12)
    assert min(abs(digits - one) for one in (1, 2, 2.5, 5, 10)) < 1e-6
    assert least * (1 - 1e-6) <= step <= 2.51 * least


def test_as_many_decimals_as_tell_them_apart() -> None:
    assert [decimals_for(one) for one in ((1800.0, 2000.0), (4.0, 4.2), (0.025, 0.05), ())] == [0, 1, 3, 0]
