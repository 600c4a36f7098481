"""The newest momentum: final values are the series' own, provisional ones what the close would make of them."""

from datetime import date, timedelta

import msgspec
import numpy as np
import pytest
import talib
from hypothesis import given

from tapewatch.core.analytics.momentum_state import MomentumState
from tapewatch.core.bars import Bar, Bars
from tapewatch.core.model.measures import Momentum

from ..market import closes, untouched, walk, walks

FIGURES = (
    "rsi14", "macd", "macd_signal", "macd_histogram", "sma50", "sma200", "sma50_slope_percent",
    "sma200_slope_percent", "atr14", "volatility20", "volatility252",
)  # fmt: skip


def figures(found: Momentum) -> list[float | None]:
    return [getattr(found, name) for name in FIGURES]


def final(bars: Bars) -> Momentum:
    state = MomentumState.of(bars)
    assert state is not None
    return state.final


@given(walks(280, 420))
def test_a_running_session_reads_as_if_it_closed_now(bars: Bars) -> None:
    before, running = bars.slice(0, len(bars) - 1), bars.bar(len(bars) - 1)
    with untouched(bars):
        state = MomentumState.of(before)
    assert state is not None
    live, closed = state.read(running), final(bars)
    assert (live.provisional, live.as_of) == (True, running.day)
    assert not closed.provisional
    assert figures(live) == [pytest.approx(one, rel=1e-9, abs=1e-7) for one in figures(closed)]


def test_without_a_running_session_the_final_values_stand() -> None:
    bars = walk(1, 300)
    state = MomentumState.of(bars)
    assert state is not None
    assert state.read(None) is state.final
    assert state.read(bars.bar(299)) is state.final
    assert state.final.as_of == bars.day(299)


def test_a_long_history_is_read_from_its_last_ten_years() -> None:
    bars = walk(2, 6000)
    close, high, low = (column.copy() for column in (bars.close, bars.high, bars.low))
    found = final(bars)
    line, signal, histogram = (float(one[-1]) for one in talib.MACD(close))
    assert found.rsi14 == pytest.approx(talib.RSI(close)[-1], rel=1e-12)
    assert (found.macd, found.macd_signal) == pytest.approx((line, signal), rel=1e-9)
    assert found.macd_histogram == pytest.approx(histogram, abs=1e-9)
    assert found.atr14 == pytest.approx(talib.ATR(high, low, close)[-1], rel=1e-12)


def test_what_needs_more_bars_than_there_are_is_absent() -> None:
    assert MomentumState.of(Bars.empty()) is None
    known = {size: {n for n in FIGURES if getattr(final(walk(3, size)), n) is not None} for size in (1, 60, 249, 270)}
    assert known[1] == set()
    assert known[60] == {"sma50", "atr14", "volatility20"}
    assert "rsi14" not in known[249]
    assert known[270] == set(FIGURES)


def test_of_one_bar_and_a_running_session_little_is_known() -> None:
    state = MomentumState.of(walk(3, 1))
    assert state is not None
    assert figures(state.read(Bar(date(2030, 1, 2), 10, 11, 9, 10))) == [None] * len(FIGURES)


def test_a_close_that_has_not_moved_for_weeks_has_no_rsi_until_it_moves() -> None:
    bars = closes([100.0 + step % 3 for step in range(260)] + [100.0] * 15)
    state = MomentumState.of(bars)
    assert state is not None
    assert state.final.rsi14 is None
    day = bars.day(len(bars) - 1) + timedelta(days=1)
    assert state.read(Bar(day, 100, 100, 100, 100)).rsi14 is None
    assert state.read(Bar(day, 100, 101, 100, 101)).rsi14 is not None


def test_a_yield_has_no_percentages() -> None:
    bars = walk(4, 300)
    state = MomentumState.of(bars, in_points=True)
    assert state is not None
    for found in (state.final, state.read(Bar(date(2030, 1, 2), 10, 11, 9, 10))):
        assert (found.volatility20, found.volatility252, found.sma50_slope_percent) == (None, None, None)
        assert found.rsi14 is not None


def test_a_rise_after_a_fall_is_a_golden_cross_dated_by_its_first_day() -> None:
    bars = closes([*np.linspace(2000, 1500, 260), *np.linspace(1500, 2200, 120)])
    found = final(bars)
    assert found.sma_cross == "golden"
    short, long = (talib.SMA(bars.close.copy(), timeperiod=length) for length in (50, 200))
    at = bars.index_of(found.sma_crossed or date.min)
    assert at is not None
    assert short[at] > long[at]
    assert short[at - 1] < long[at - 1]


def test_the_russell_of_8_january_2026(real: dict[str, Bars]) -> None:
    bars = real["^RUT"].upto(date(2026, 1, 8))
    found = final(bars)
    assert found.rsi14 == pytest.approx(63.47, abs=0.005)
    assert (found.macd_crossed, found.macd_cross) == (date(2026, 1, 7), "up")
    # on the day itself it was not yet confirmed
    assert final(bars.upto(date(2026, 1, 7))).macd_crossed != date(2026, 1, 7)


def test_the_range_of_17_october_2025(real: dict[str, Bars]) -> None:
    assert final(real["^RUT"].upto(date(2025, 10, 17))).atr14 == pytest.approx(43.6, abs=0.05)


def test_all_of_it_can_be_written_to_a_snapshot(real: dict[str, Bars]) -> None:
    found = final(real["^GSPC"])
    assert msgspec.json.decode(msgspec.json.encode(found), type=Momentum) == found
