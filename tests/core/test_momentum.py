"""The average true range, against TA-Lib."""

from datetime import date

import numpy as np
import pytest
import talib
from hypothesis import given

from tapewatch.core.analytics.momentum import atr, true_range
from tapewatch.core.bars import Bars

from ..market import closes, untouched, walks


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
