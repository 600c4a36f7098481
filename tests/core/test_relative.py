"""One instrument against another, held to pandas, numpy and figures worked by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.analytics.relative import (
    Pair,
    beta,
    by_week,
    changes,
    common,
    correlation,
    indexed,
    pace,
    read_ratio,
    relative_return,
    track,
    yield_sensitivity,
)
from tapewatch.core.bars import Bars

from ..market import closes, scaled, until, untouched, walk, walks

Real = dict[str, Bars]
SEEDS = st.integers(0, 2**30)
OTHERS = st.integers(2**30 + 1, 2**31)


def frame(pair: Pair) -> pd.DataFrame:
    days = pd.DatetimeIndex(pair.days.astype("datetime64[ns]"))
    return pd.DataFrame({"a": pair.ours, "b": pair.theirs}, index=days)


@given(SEEDS, OTHERS)
def test_only_common_sessions_are_compared(one: int, other: int) -> None:
    left, right = walk(one, 90), walk(other, 90)
    with untouched(left, right):
        pair = common(left, right)
    shared = sorted(set(left.days.tolist()) & set(right.days.tolist()))
    assert pair.days.tolist() == shared
    for at, day in enumerate(shared):
        assert pair.ours[at] == left.close[left.index_of(day) or 0]
        assert pair.theirs[at] == right.close[right.index_of(day) or 0]


@given(SEEDS, OTHERS)
def test_a_ratio_read_is_the_one_of_pandas(one: int, other: int) -> None:
    pair = common(walk(one, 330), walk(other, 330))
    found = read_ratio(pair)
    assert found is not None
    ratio = frame(pair)["a"] / frame(pair)["b"]
    scale = 100 / ratio.iloc[-253]
    year = ratio.iloc[-252:] * scale
    assert found.index == pytest.approx(ratio.iloc[-1] * scale)
    assert [found.low, found.high] == pytest.approx([year.min(), year.max()])
    assert found.position_percent == pytest.approx(100 * (found.index - year.min()) / (year.max() - year.min()))
    assert found.percentile == pytest.approx(100 * (ratio.iloc[-253:-1] < ratio.iloc[-1]).mean())
    assert found.change20 == pytest.approx(100 * ratio.pct_change(20).iloc[-1])
    assert found.from_sma50 == pytest.approx(100 * (ratio.iloc[-1] / ratio.rolling(50).mean().iloc[-1] - 1))
    line = np.polyfit(np.arange(20), np.log(ratio.iloc[-20:].to_numpy()), 1)
    assert found.slope20 == pytest.approx(2000 * line[0], abs=1e-8)


@given(SEEDS, OTHERS)
def test_units_do_not_matter_and_turning_it_round_turns_the_slope(one: int, other: int) -> None:
    left, right = walk(one, 300), walk(other, 300)
    plain, larger, turned = (
        read_ratio(common(*legs)) for legs in ((left, right), (scaled(left, 4.0), right), (right, left))
    )
    assert plain is not None
    assert larger is not None
    assert turned is not None
    assert larger.index == pytest.approx(plain.index)
    assert larger.position_percent == pytest.approx(plain.position_percent)
    assert turned.slope20 == pytest.approx(-plain.slope20)
    assert turned.index * plain.index == pytest.approx(10_000)


def test_under_253_common_sessions_there_is_no_ratio() -> None:
    bars = closes([100.0 + at for at in range(253)])
    assert read_ratio(common(bars, bars.slice(1, 253))) is None
    assert read_ratio(common(bars, bars)) is not None


@pytest.mark.parametrize(
    ("ours", "theirs", "index", "change", "position"),
    [
        ("^RUT", "^GSPC", 95.11, 0.14, 35),
        ("KRE", "^GSPC", 87.18, -9.59, 3),
        ("^NDX", "^GSPC", 107.43, 0.78, 99),
    ],
)
def test_the_ratios_of_17_october_2025(
    real: Real, ours: str, theirs: str, index: float, change: float, position: float
) -> None:
    found = read_ratio(common(*(real[symbol].upto(date(2025, 10, 17)) for symbol in (ours, theirs))))
    assert found is not None
    assert [found.index, found.change20] == pytest.approx([index, change], abs=0.005)
    assert found.position_percent == pytest.approx(position, abs=0.5)


def test_outperformance_since_a_date_is_the_change_of_the_ratio() -> None:
    # ours 100 to 121, theirs 50 to 55: 1.21 over 1.10
    first = date(2025, 10, 13)
    pair = common(closes([100, 110, 121], first), closes([50, 50, 55], first))
    assert relative_return(pair, first, date(2025, 10, 15)) == pytest.approx(10)
    assert indexed(pair, first).tolist() == pytest.approx([100, 110, 110])
    assert relative_return(pair, date(2025, 10, 12), date(2025, 10, 15)) is None
    assert np.isnan(indexed(pair, date(2025, 10, 12))).all()


def test_the_russell_outperformed_from_july_to_november_2024(real: Real) -> None:
    pair = common(real["^RUT"], real["^NDX"])
    found = relative_return(pair, date(2024, 6, 28), date(2024, 11, 29))
    legs = [100 * (real[symbol].upto(date(2024, 11, 29)).close[-1] / real[symbol].upto(date(2024, 6, 28)).close[-1])
            for symbol in ("^RUT", "^NDX")]  # fmt: skip
    assert found == pytest.approx(100 * (legs[0] / legs[1] - 1))
    assert found is not None
    assert found > 10


@given(SEEDS, OTHERS, st.sampled_from([1, 2]))
def test_correlation_and_beta_are_those_of_pandas(one: int, other: int, sessions: int) -> None:
    pair = common(walk(one, 150), walk(other, 150))
    returns = frame(pair).pct_change(sessions) * 100
    wanted = returns["a"].rolling(60).corr(returns["b"])
    slope = returns["a"].rolling(60).cov(returns["b"]) / returns["b"].rolling(60).var()
    np.testing.assert_allclose(correlation(pair, 60, sessions), wanted, atol=1e-9)
    np.testing.assert_allclose(beta(pair, 60, sessions).slope, slope, atol=1e-9)


def test_20_against_250_sessions_on_17_october_2025(real: Real) -> None:
    pair = common(*(real[symbol].upto(date(2025, 10, 17)) for symbol in ("^RUT", "^GSPC")))
    assert correlation(pair, 20)[-1] == pytest.approx(0.84, abs=0.005)
    assert correlation(pair, 250)[-1] == pytest.approx(0.87, abs=0.005)


@given(walks(60, 200))
def test_weeks_end_on_their_last_common_session(bars: Bars) -> None:
    pair = by_week(common(bars, bars))
    days = pd.DatetimeIndex(bars.days.astype("datetime64[ns]"))
    wanted = pd.Series(bars.close, index=days).groupby(days.to_period("W")).last()
    assert pair.ours.tolist() == wanted.tolist()


def test_across_exchanges_changes_run_over_two_sessions() -> None:
    assert (pace("XNYS", "XNYS"), pace("XNYS", "XHKG")) == (1, 2)
    assert changes(np.array([100.0, 110.0, 121.0]), 2).tolist()[2] == pytest.approx(21)


def test_hong_kong_looks_more_alike_over_two_sessions_than_over_one(real: Real) -> None:
    """What trading at other hours does to daily correlations."""
    pair = common(real["^HSI"], real["^GSPC"])
    assert correlation(pair, 2000, 2)[-1] > correlation(pair, 2000, 1)[-1] + 0.05


def test_iwm_follows_the_russell(real: Real) -> None:
    pair = common(*(real[symbol].upto(date(2025, 10, 17)) for symbol in ("IWM", "^RUT")))
    found = track(pair)
    assert found is not None
    returns = frame(pair).pct_change().iloc[-60:]
    assert found.correlation == pytest.approx(returns["a"].corr(returns["b"]))
    assert found.correlation > 0.99
    assert found.points == pytest.approx(found.ours - found.theirs)
    assert abs(found.points) < 0.5
    assert track(pair.last(60)) is None


def test_a_fund_that_doubles_every_move_of_its_yield_has_that_beta() -> None:
    # the yield goes 1, 2, 3 … basis points up and down; the price answers half a percent per 10 bp
    steps = np.array([(-1) ** at * (at % 5 + 1) for at in range(61)], float)
    yields = 4 + np.r_[0, np.cumsum(steps)] / 100
    price = 100 * np.cumprod(np.r_[1, 1 - 0.0005 * steps])
    pair = common(closes(price.tolist(), reach=0.1), closes(yields.tolist(), reach=0.001))
    found = yield_sensitivity(pair)
    assert found is not None
    assert found.beta10 == pytest.approx(-0.5)
    assert found.correlation == pytest.approx(-1)


@given(SEEDS, OTHERS, st.integers(100, 299))
def test_nothing_later_moves_what_was_read(one: int, other: int, cut: int) -> None:
    left, right = walk(one, 300), walk(other, 300)
    day = left.day(cut)
    whole = correlation(common(left, right), 60)
    pair = common(until(left, day), until(right, day))
    np.testing.assert_array_equal(correlation(pair, 60), whole[: len(pair)])
