"""Where a value stands in its own past, by counting."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.analytics.ranks import percentile_at

VALUES = st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0, math.nan]), max_size=60)


def counted(values: list[float], at: int, window: int, least: int) -> float:
    past = [one for one in values[max(0, at - window) : at] if not math.isnan(one)]
    if math.isnan(values[at]) or len(past) < max(1, least):
        return math.nan
    return 100 * sum(one < values[at] for one in past) / len(past)


@given(VALUES.filter(len), st.integers(1, 20), st.integers(1, 8))
def test_a_value_is_ranked_among_those_before_it(values: list[float], window: int, least: int) -> None:
    column = np.array(values)
    before = column.copy()
    at = len(values) - 1
    np.testing.assert_array_equal(column, before)
    assert percentile_at(column, at, window, least) == pytest.approx(counted(values, at, window, least), nan_ok=True)


def test_the_window_decides() -> None:
    """The window is part of a percentile's definition."""
    values = np.array([3.0] * 200 + [1.0] * 52 + [2.0])
    assert percentile_at(values, 252, 52, 1) == 100.0
    assert percentile_at(values, 252, 1260, 1) == pytest.approx(100 * 52 / 252)
