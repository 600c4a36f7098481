"""Oscillators, averages and ranges, against TA-Lib and pandas, and the figures the articles quote."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import talib
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.analytics.momentum import (
    atr,
    crosses,
    macd,
    realised_volatility,
    rsi,
    slope_percent,
    sma,
    true_range,
    volatility,
)
from tapewatch.core.bars import Bars, Floats

from ..market import closes, scaled, untouched, walks

DAYS_IN_JANUARY = [date(2026, 1, day) for day in (6, 7, 8, 9)]


def on(bars: Bars, values: Floats, day: date) -> float:
    at = bars.index_of(day)
    assert at is not None
    return float(values[at])


def same(found: Floats, wanted: Floats, size: float = 100.0) -> None:
    """Equal where the oracle has a value, and none where it has none."""
    np.testing.assert_array_equal(np.isnan(found), np.isnan(wanted))
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9 * size)


def agrees(bars: Bars) -> None:
    with untouched(bars):
        found = atr(bars)
    wanted = talib.ATR(bars.high.copy(), bars.low.copy(), bars.close.copy(), timeperiod=14)
    assert np.isnan(found).tolist() == np.isnan(wanted).tolist()
    np.testing.assert_allclose(found, wanted, rtol=1e-9)


@given(walks(15, 400))
def test_made_bars_have_the_atr_of_talib(bars: Bars) -> None:
    agrees(bars)


@pytest.mark.parametrize("symbol", ["^RUT", "^HSI"])
def test_real_bars_have_the_atr_of_talib(real: dict[str, Bars], symbol: str) -> None:
    agrees(real[symbol].slice(max(0, len(real[symbol]) - 4000), len(real[symbol])))


def test_the_atr_of_17_october_2025(real: dict[str, Bars]) -> None:
    bars = real["^RUT"]
    at = bars.index_of(date(2025, 10, 17))
    assert at is not None
    assert atr(bars)[at] == pytest.approx(43.6, abs=0.05)


def test_fourteen_bars_are_one_too_few() -> None:
    assert np.isnan(atr(closes([100.0] * 14))).all()
    assert atr(closes([100.0] * 15))[-1] == pytest.approx(2.0)


def test_a_gap_counts_in_the_true_range() -> None:
    # closes at 100, then trades 109 to 111: eleven points from the close before
    bars = closes([100.0, 110.0], reach=1.0)
    opened = Bars.columns(bars.days, bars.close, bars.high, np.array([99.0, 109.0]), bars.close, bars.volume)
    assert true_range(opened)[1] == pytest.approx(11.0)


# -- RSI --------------------------------------------------------------------------------------------------


@given(walks(15, 500))
def test_made_closes_have_the_rsi_of_talib(bars: Bars) -> None:
    with untouched(bars):
        found = rsi(bars.close)
    same(found, talib.RSI(bars.close.copy(), timeperiod=14))
    known = found[~np.isnan(found)]
    assert ((known >= 0) & (known <= 100)).all()


@pytest.mark.parametrize("symbol", ["^RUT", "^GSPC", "^HSI"])
def test_real_closes_have_the_rsi_and_macd_of_talib(real: dict[str, Bars], symbol: str) -> None:
    close = real[symbol].close
    same(rsi(close), talib.RSI(close.copy(), timeperiod=14))
    found, wanted = macd(close), talib.MACD(close.copy())
    for ours, theirs in zip(found, wanted, strict=True):
        np.testing.assert_allclose(ours[33:], theirs[33:], rtol=1e-9, atol=1e-9 * float(close.max()))


def test_closes_that_do_not_move_have_no_rsi() -> None:
    assert np.isnan(rsi(closes([100.0] * 40).close)).all()


def test_closes_that_stop_moving_have_no_rsi_once_the_window_is_still() -> None:
    found = rsi(np.array([100.0, 101.0] * 20 + [101.0] * 14))
    assert not np.isnan(found[-2])
    assert np.isnan(found[-1])


def test_closes_that_only_rise_have_an_rsi_of_a_hundred_and_only_fall_of_none() -> None:
    rising = np.arange(100.0, 140.0)
    assert (rsi(rising)[14:] == 100.0).all()
    assert (rsi(rising[::-1].copy())[14:] == 0.0).all()


@given(walks(40, 200))
def test_closes_turned_over_turn_the_rsi_over(bars: Bars) -> None:
    np.testing.assert_allclose(rsi(3000.0 - bars.close), 100.0 - rsi(bars.close), atol=1e-6)


def series(close: Floats) -> tuple[Floats, ...]:
    return rsi(close), *macd(close), sma(close, 20), volatility(close, 20)


@given(walks(60, 300), st.integers(30, 299), st.sampled_from([-3, 5]))
def test_prices_in_another_unit_change_no_ratio_and_later_bars_change_nothing(bars: Bars, cut: int, power: int) -> None:
    other, part = scaled(bars, 2.0**power).close, bars.close[:cut]
    np.testing.assert_array_equal(rsi(other), rsi(bars.close))
    np.testing.assert_array_equal(slope_percent(sma(other, 20)), slope_percent(sma(bars.close, 20)))
    for whole, then in zip(series(bars.close), series(part), strict=True):
        np.testing.assert_array_equal(whole[:cut], then)


def test_the_rsi_of_january_2026(real: dict[str, Bars]) -> None:
    bars = real["^RUT"]
    found = [on(bars, rsi(bars.close), day) for day in DAYS_IN_JANUARY]
    # a cent more or less in a vendor's closes moves the third digit: 61.355 on the 6th
    assert found == pytest.approx([61.36, 59.89, 63.47, 65.82], abs=0.006)


# -- MACD -------------------------------------------------------------------------------------------------


@given(walks(40, 400))
def test_made_closes_have_the_macd_of_talib(bars: Bars) -> None:
    for ours, theirs in zip(macd(bars.close), talib.MACD(bars.close.copy()), strict=True):
        np.testing.assert_allclose(ours[33:], theirs[33:], rtol=1e-9, atol=1e-6)


def test_the_macd_crossed_on_7_january_2026_and_the_next_close_confirmed_it(real: dict[str, Bars]) -> None:
    bars = real["^RUT"]
    histogram = macd(bars.close).histogram
    before, after = (on(bars, histogram, day) for day in DAYS_IN_JANUARY[:2])
    assert (before, after) == pytest.approx((-0.52, 1.50), abs=0.005)
    found = crosses(histogram)
    at = [bars.day(int(one)) for one in found.index].index(date(2026, 1, 7))
    assert bars.day(int(found.known_at[at])) == date(2026, 1, 8)
    assert found.up[at]


def test_a_cross_needs_two_bars_that_agree() -> None:
    flicker = crosses(np.array([np.nan, -1, -1, 1, -1, 0, 1, 0, 1, 2, -1, -2.0]))
    assert flicker.index.tolist() == [8, 10]
    assert flicker.known_at.tolist() == [9, 11]
    assert flicker.up.tolist() == [True, False]
    assert not len(crosses(np.array([1.0, 2, 3])).index)


@given(st.lists(st.sampled_from([-2.0, -1, 0, 1, 2]), max_size=40), st.integers(0, 40))
def test_crosses_alternate_and_are_known_when_they_are_said(signs: list[float], cut: int) -> None:
    values = np.array(signs)
    found, then = crosses(values), crosses(values[:cut])
    assert (found.up[1:] != found.up[:-1]).all()
    known = found.known_at < cut
    assert found.index[known].tolist() == then.index.tolist()


# -- averages and volatility ------------------------------------------------------------------------------


@given(walks(2, 300), st.integers(2, 60))
def test_made_closes_have_the_average_of_talib_and_the_volatility_of_pandas(bars: Bars, length: int) -> None:
    same(sma(bars.close, length), talib.SMA(bars.close.copy(), timeperiod=length), 1000.0)
    changes = pd.Series(np.log(bars.close)).diff()
    wanted = 100.0 * changes.rolling(length).std() * np.sqrt(252)
    same(volatility(bars.close, length), wanted.to_numpy())
    whole = realised_volatility(bars.close)
    assert whole is None if len(bars) < 3 else whole == pytest.approx(100.0 * changes.std() * np.sqrt(252))


def test_the_averages_of_november_2024_slope_up(real: dict[str, Bars]) -> None:
    bars = real["^RUT"].upto(date(2024, 11, 29))
    for length, before, after in ((50, 2201.56, 2277.07), (200, 2093.62, 2131.96)):
        average = sma(bars.close, length)
        assert (average[-21], average[-1]) == pytest.approx((before, after), abs=0.005)
        assert slope_percent(average)[-1] == pytest.approx(100 * (after / before - 1), abs=0.001)


def test_the_close_of_9_january_2026_over_its_average(real: dict[str, Bars]) -> None:
    bars = real["^RUT"]
    share = 100 * (bars.close / sma(bars.close, 50) - 1)
    assert on(bars, share, date(2026, 1, 9)) == pytest.approx(5.55, abs=0.005)


def test_the_russell_moves_more_than_the_s_and_p_since_1987(real: dict[str, Bars]) -> None:
    small, large = real["^RUT"], real["^GSPC"]
    whole = large.slice(int(np.searchsorted(large.days, small.days[0])), len(large))
    found = [realised_volatility(bars.close, simple=True) for bars in (small, whole)]
    assert found == pytest.approx([21.5, 18.5], abs=0.05)
    # the definition here is of log returns, which say a tenth more
    assert [realised_volatility(bars.close) for bars in (small, whole)] == pytest.approx(found, abs=0.11)
