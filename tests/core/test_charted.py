"""Columns of a chart: the averages another library finds, spans that a desk counts, points that sum up their bars."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import talib
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.analytics import charted
from tapewatch.core.analytics.charted import Daily
from tapewatch.core.analytics.momentum_state import WARM_UP
from tapewatch.core.analytics.relative import common
from tapewatch.core.bars import Bars
from tapewatch.core.take import History

from ..market import index, until, untouched, walk, walks

COLUMNS = ("sma50", "sma200", "rsi14", "macd", "macd_signal", "macd_histogram")


def test_averages_and_oscillators_are_those_of_other_libraries(real: dict[str, Bars]) -> None:
    bars = real["^RUT"]
    made, close = Daily.of(bars), pd.Series(bars.close)
    np.testing.assert_allclose(made.sma50, close.rolling(50).mean(), rtol=1e-12)
    np.testing.assert_allclose(made.sma200, close.rolling(200).mean(), rtol=1e-12)
    late = slice(WARM_UP + 400, None)
    np.testing.assert_allclose(made.rsi14[late], talib.RSI(bars.close, 14)[late], rtol=1e-9)
    line, signal, histogram = talib.MACD(bars.close, 12, 26, 9)
    for ours, theirs in ((made.macd, line), (made.macd_signal, signal), (made.macd_histogram, histogram)):
        np.testing.assert_allclose(ours[late], theirs[late], atol=1e-8)


def test_what_has_too_little_history_is_not_known() -> None:
    made = Daily.of(walk(3, 260))
    known = {name: int(np.flatnonzero(~np.isnan(getattr(made, name)))[0]) for name in COLUMNS}
    assert known == {"sma50": 49, "sma200": 199} | dict.fromkeys(COLUMNS[2:], WARM_UP - 1)
    assert all(np.isnan(getattr(Daily.of(walk(3, 40)), name)).all() for name in COLUMNS)


@given(bars=walks(260, 700), cut=st.integers(1, 699))
def test_cutting_a_history_off_changes_nothing_before(bars: Bars, cut: int) -> None:
    at = min(cut, len(bars) - 1)
    with untouched(bars):
        whole, then = Daily.of(bars), Daily.of(until(bars, bars.day(at)))
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(whole, name)[: at + 1], getattr(then, name))


@given(bars=walks(260, 700))
def test_a_running_session_reads_as_the_final_bar_it_may_become(bars: Bars) -> None:
    final, last = bars.slice(0, len(bars) - 1), bars.bar(-1)
    history = History.of(index("^RUT"), final)
    assert history.momentum is not None
    running = Daily.of(final).with_running(last, history.momentum.read(last))
    closed = Daily.of(bars)
    assert running.bars.day(-1) == last.day
    for name in COLUMNS:
        np.testing.assert_allclose(getattr(running, name), getattr(closed, name), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("frame", "begins"),
    [
        ("1w", date(2025, 10, 10)),
        ("1m", date(2025, 9, 17)),
        ("3m", date(2025, 7, 17)),
        ("6m", date(2025, 4, 17)),
        ("ytd", date(2024, 12, 31)),
        ("1y", date(2024, 10, 17)),
        ("5y", date(2020, 10, 17)),
        ("all", None),
    ],
)
def test_a_frame_is_counted_from_the_close_a_desk_counts_it_from(frame: str, begins: date | None) -> None:
    assert charted.start_of(frame, date(2025, 10, 17)) == begins


def test_the_first_point_is_the_last_close_on_or_before_the_date(real: dict[str, Bars]) -> None:
    days = real["^GSPC"].upto(date(2025, 10, 17)).days
    year = charted.window_of(days, "ytd")
    assert str(days[year.first]) == "2024-12-31"
    five = charted.window_of(days, "5y")
    assert (five.step, str(days[five.first]), str(days[five.ends[-1]])) == ("week", "2020-10-16", "2025-10-17")


def test_all_of_a_century_is_drawn_in_months_and_never_in_too_many_points(real: dict[str, Bars]) -> None:
    for bars in real.values():
        window = charted.window_of(bars.days, "all")
        assert len(window.ends) <= charted.MOST_POINTS
    assert charted.window_of(real["^GSPC"].days, "all").step == "month"


@given(bars=walks(30, 400), step=st.sampled_from(["session", "week", "month"]))
def test_a_point_sums_its_bars_up(bars: Bars, step: str) -> None:
    made = charted.grouped(bars, charted.ends_of(bars.days, step))
    frame = pd.DataFrame({"o": bars.open, "h": bars.high, "l": bars.low, "c": bars.close}, index=bars.days)
    rule = {"session": "D", "week": "W-SUN", "month": "M"}[step]
    wanted = frame.groupby(pd.DatetimeIndex(bars.days).to_period(rule)).agg(
        {"o": "first", "h": "max", "l": "min", "c": "last"}
    )
    for ours, name in ((made.open, "o"), (made.high, "h"), (made.low, "l"), (made.close, "c")):
        np.testing.assert_array_equal(ours, wanted[name].to_numpy())


def test_the_range_of_a_ratios_year_is_that_of_its_last_252_sessions(real: dict[str, Bars]) -> None:
    pair = common(real["^RUT"], real["^GSPC"])
    columns, ratio = charted.RatioColumns.of(pair), pd.Series(pair.ours / pair.theirs)
    np.testing.assert_allclose(columns.average, ratio.rolling(50).mean(), rtol=1e-12)
    np.testing.assert_array_equal(columns.high, ratio.rolling(252).max())
    np.testing.assert_array_equal(columns.low, ratio.rolling(252).min())


@given(bars=walks(30, 300), others=walks(30, 300), base=st.integers(0, 29))
def test_performance_starts_at_nothing_and_is_the_change_of_the_close(bars: Bars, others: Bars, base: int) -> None:
    start = bars.day(base)
    sessions = np.union1d(bars.days, others.days)
    found = charted.rebased(bars.days, bars.close, sessions, start)
    own = dict(zip(sessions.tolist(), found.tolist(), strict=True))
    assert own[start] == 0.0
    for at in range(base, len(bars)):
        assert own[bars.day(at)] == pytest.approx(100.0 * (bars.close[at] / bars.close[base] - 1.0), abs=1e-9)
    outside = [own[day] for day in own if day < start or day > bars.day(-1)]
    assert np.isnan(np.array(outside, dtype=float)).all()
