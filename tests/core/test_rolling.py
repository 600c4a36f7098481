"""Moving windows against pandas, polyfit and TA-Lib, and the laws they keep."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import talib
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.analytics import rolling
from tapewatch.core.analytics.ranks import percentile_at
from tapewatch.core.bars import Floats

PRICES = np.random.default_rng(3).normal(0.0, 0.35, 400).cumsum() + 1e5
"""Prices near 100,000 that move by a third of a point: what running sums of squares would lose."""
OTHER = 0.5 * PRICES + np.random.default_rng(4).normal(0.0, 0.1, 400)


def with_gaps(values: Floats) -> Floats:
    holed = values.copy()
    holed[[40, 41, 200]] = np.nan
    return holed


def same(found: Floats, expected: object, tolerance: float = 1e-9) -> None:
    np.testing.assert_allclose(found, np.asarray(expected, dtype=float), rtol=tolerance, atol=1e-12)


@pytest.mark.parametrize("values", [PRICES, with_gaps(PRICES)], ids=["whole", "gaps"])
@pytest.mark.parametrize("length", [2, 20, 60])
def test_mean_deviation_and_extremes_as_in_pandas(values: Floats, length: int) -> None:
    table = pd.Series(values).rolling(length)
    level = pd.Series(values - 1e5).rolling(length)
    same(rolling.rolling_mean(values, length), table.mean())
    same(rolling.rolling_sd(values, length), level.std(), 1e-7)
    same(rolling.rolling_sd(values, length, ddof=0), level.std(ddof=0), 1e-7)
    same(rolling.rolling_max(values, length), table.max())
    same(rolling.rolling_min(values, length), table.min())


@pytest.mark.parametrize("values", [OTHER, with_gaps(OTHER)], ids=["whole", "gaps"])
def test_correlation_as_in_pandas(values: Floats) -> None:
    same(
        rolling.rolling_correlation(PRICES, values, 20),
        pd.Series(PRICES - 1e5).rolling(20).corr(pd.Series(values)),
        1e-7,
    )


def test_correlation_as_in_talib() -> None:
    same(rolling.rolling_correlation(PRICES - 1e5, OTHER - 5e4, 20), talib.CORREL(PRICES - 1e5, OTHER - 5e4, 20), 1e-7)


def test_the_slope_of_a_window_as_in_talib_and_polyfit() -> None:
    found = rolling.rolling_slope(PRICES, 20)
    same(found, talib.LINEARREG_SLOPE(PRICES, 20), 1e-5)
    same(found[399:], np.polyfit(np.arange(20), PRICES[-20:] - 1e5, 1)[:1], 1e-7)


@pytest.mark.parametrize("at", [59, 200, 399])
def test_the_line_through_sixty_sessions_as_by_polyfit(at: int) -> None:
    x, y = PRICES[at - 59 : at + 1] - 1e5, OTHER[at - 59 : at + 1]
    slope, intercept = np.polyfit(x, y, 1)
    found = rolling.rolling_ols(PRICES - 1e5, OTHER, 60)
    same(found.slope[at], slope, 1e-8)
    same(found.intercept[at], intercept, 1e-8)
    left = y - intercept - slope * x
    same(found.sd[at], np.sqrt((left**2).sum() / 58), 1e-6)


def test_a_line_by_hand() -> None:
    """Through (1, 2), (2, 4), (3, 5): slope 1.5, intercept 2/3, residuals 1/6, -1/3, 1/6."""
    found = rolling.rolling_ols(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 5.0]), 3)
    assert found.slope[-1] == pytest.approx(1.5)
    assert found.intercept[-1] == pytest.approx(2 / 3)
    assert found.sd[-1] == pytest.approx(np.sqrt(1 / 6))
    assert np.isnan(found.slope[:2]).all()


def test_what_does_not_move_has_no_correlation_and_no_line() -> None:
    still, moving = np.full(30, 0.1), np.arange(30.0)
    assert np.isnan(rolling.rolling_correlation(still, moving, 20)).all()
    assert np.isnan(rolling.rolling_ols(still, moving, 20).slope).all()
    same(rolling.rolling_sd(still, 20)[19:], np.zeros(11))
    same(rolling.rolling_ols(moving, still, 20).slope[19:], np.zeros(11))


def test_a_percentile_counts_what_was_strictly_below_before_today() -> None:
    values = np.array([3.0, 1.0, 2.0, 2.0, np.nan, 9.0, 0.0])
    found = rolling.trailing_percentile(values, 3, 2)
    same(found, [np.nan, np.nan, 50.0, 100 / 3, np.nan, 100.0, 0.0])


@given(
    st.lists(st.one_of(st.just(float("nan")), st.integers(-4, 4).map(float)), min_size=1, max_size=60),
    st.integers(1, 20),
    st.integers(1, 8),
)
def test_a_percentile_of_all_days_is_that_of_each(values: list[float], window: int, least: int) -> None:
    column = np.array(values)
    each = [percentile_at(column, at, window, least) for at in range(len(column))]
    same(rolling.trailing_percentile(column, window, least), each)


def test_windows_in_pieces_are_windows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [rolling.rolling_sd(PRICES, 20), rolling.trailing_percentile(PRICES, 100, 10)]
    monkeypatch.setattr(rolling, "CELLS", 70)
    pieces = [rolling.rolling_sd(PRICES, 20), rolling.trailing_percentile(PRICES, 100, 10)]
    np.testing.assert_array_equal(whole, pieces)


@pytest.mark.parametrize(("sessions", "expected"), [(0, [1, 2, 3]), (1, [np.nan, 1, 2]), (5, [np.nan] * 3)])
def test_the_value_of_an_earlier_session(sessions: int, expected: list[float]) -> None:
    same(rolling.lagged(np.array([1.0, 2.0, 3.0]), sessions), expected)


KERNELS: dict[str, Callable[[Floats], Floats]] = {
    "mean": lambda values: rolling.rolling_mean(values, 20),
    "sd": lambda values: rolling.rolling_sd(values, 20),
    "max": lambda values: rolling.rolling_max(values, 20),
    "slope": lambda values: rolling.rolling_slope(values, 20),
    "correlation": lambda values: rolling.rolling_correlation(values, values**2, 20),
    "percentile": lambda values: rolling.trailing_percentile(values, 50, 10),
    "lagged": lambda values: rolling.lagged(values, 3),
}


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("cut", [0, 5, 19, 20, 21, 399])
def test_nothing_later_is_looked_at(name: str, cut: int) -> None:
    kernel = KERNELS[name]
    np.testing.assert_array_equal(kernel(PRICES)[:cut], kernel(PRICES[:cut]))
