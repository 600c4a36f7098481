"""What followed a flag, counted again in other ways: pandas, drawn day by day, published tables."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewatch.core.analytics.study import (
    Blocks,
    Bools,
    Followed,
    blocks_of,
    difference,
    difference_interval,
    episodes,
    forward,
    hac_t,
    horizon_of,
    lowest_ahead,
    over_a_gap,
    wilson,
)
from tapewatch.core.bars import Bars, Floats
from tapewatch.core.flags import rules
from tapewatch.core.flags.aligned import align
from tapewatch.core.model.config import Parameters

from ..market import walk

Real = dict[str, Bars]


def chance_days(seed: int, size: int, share: float = 0.05, run: int = 3) -> Bools:
    """Flags by chance, in runs."""
    on = np.zeros(size, dtype=bool)
    for at in np.flatnonzero(np.random.default_rng(seed).random(size) < share / run):
        on[at : at + run] = True
    return on


def held(bars: Real, rule: str, **parameters: float | bool | str) -> tuple[Floats, Bools]:
    """Closes of the Russell and the days on which a rule held against the S&P 500."""
    aligned = align([(symbol, bars[symbol]) for symbol in ("^RUT", "^GSPC")])
    chosen: Parameters = dict(parameters)
    return aligned.watched.close, rules()[rule].judge(aligned, rules()[rule].parameters(chosen)).on()


# -- cases and returns ----------------------------------------------------------------------------------


def cases_by_pandas(on: Bools, apart: int) -> list[int]:
    """Each time the next day that stands more than so many sessions behind the last one taken."""
    days = pd.Index(np.flatnonzero(on))
    taken: list[int] = []
    while len(days):
        taken.append(int(days[0]))
        days = days[days > days[0] + apart]
    return taken


@given(seed=st.integers(0, 2**32 - 1), apart=st.integers(1, 30), size=st.integers(1, 300))
def test_cases_are_the_days_farther_apart_than_the_horizon(seed: int, apart: int, size: int) -> None:
    on = np.random.default_rng(seed).random(size) < 0.2
    assert episodes(on, apart) == cases_by_pandas(on, apart)


@given(seed=st.integers(0, 2**32 - 1), horizon=st.integers(1, 25), size=st.integers(1, 120))
def test_returns_ahead_are_those_of_pandas(seed: int, horizon: int, size: int) -> None:
    bars = walk(seed, size)
    close, opened = pd.Series(bars.close), pd.Series(bars.open)
    plain = 100 * (close.shift(-horizon) / close - 1)
    np.testing.assert_allclose(forward(bars.close, horizon), plain, atol=1e-9)
    next_open = 100 * (close.shift(-horizon) / opened.shift(-1) - 1)
    np.testing.assert_allclose(forward(bars.close, horizon, bars.open), next_open, atol=1e-9)
    lowest = close[::-1].rolling(horizon).min()[::-1].shift(-1)
    np.testing.assert_allclose(lowest_ahead(bars.close, horizon), 100 * (lowest / close - 1), atol=1e-9)


def test_no_outcome_reaches_over_a_hole() -> None:
    days = np.array(["2020-12-29", "2020-12-30", "2020-12-31", "2025-09-08", "2025-09-09"], "datetime64[D]")
    assert over_a_gap(days, 1).tolist() == [False, False, True, False, False]
    assert over_a_gap(days, 2).tolist() == [False, True, True, False, False]


# -- shares, published ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"),
    [(81, 263, 25.53, 36.62), (15, 148, 6.24, 16.05), (0, 20, 0.0, 16.11), (1, 29, 0.61, 17.18)],
)
def test_wilsons_interval_is_the_published_one(hits: int, cases: int, low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    assert wilson(hits, cases) == pytest.approx((low, high), abs=0.005)
    assert wilson(cases - hits, cases) == pytest.approx((100 - high, 100 - low), abs=0.005)


# -- the bootstrap ----------------------------------------------------------------------------------------


@given(size=st.integers(1, 400), mean=st.sampled_from([2.0, 20.0, 40.0, 500.0]), seed=st.integers(0, 999))
def test_every_drawn_history_is_as_long_as_the_real_one(size: int, mean: float, seed: int) -> None:
    blocks = blocks_of(size, mean, draws=30, seed=seed)
    assert set(blocks.length.sum(axis=1).tolist()) == {size}
    assert blocks.length.min() >= 0
    assert 0 <= blocks.start.min() <= blocks.start.max() < size


def test_stretches_are_as_long_as_was_asked() -> None:
    length = blocks_of(100_000, 40.0, draws=5).length
    assert length[length > 0].mean() == pytest.approx(40, rel=0.05)
    assert np.percentile(length[length > 0], 50) == pytest.approx(40 * np.log(2), rel=0.08)


def by_indices(returns: Floats, on: Bools, blocks: Blocks) -> list[float]:
    """The same draws with every day written out."""
    found: list[float] = []
    for starts, lengths in zip(blocks.start, blocks.length, strict=True):
        days = np.concatenate([np.arange(a, a + n) % len(returns) for a, n in zip(starts, lengths, strict=True)])
        if on[days].any():
            found.append(float(returns[days][on[days]].mean() - returns[days].mean()))
    return found


@given(seed=st.integers(0, 2**32 - 1), size=st.integers(2, 200))
def test_running_sums_draw_what_single_days_draw(seed: int, size: int) -> None:
    chance = np.random.default_rng(seed)
    returns, on = chance.normal(0, 1, size), chance.random(size) < 0.1
    on[0] = True
    blocks = blocks_of(size, 20.0, draws=40, seed=seed % 100)
    drawn = by_indices(returns, on, blocks)
    interval = difference_interval(returns, on, blocks)
    assert interval is not None
    assert interval == pytest.approx(tuple(np.percentile(drawn, [2.5, 97.5])), abs=1e-9)


def test_a_history_without_a_flag_has_no_interval() -> None:
    returns, never = np.arange(50.0), np.zeros(50, dtype=bool)
    assert difference_interval(returns, never, blocks_of(50, 20.0, draws=10)) is None
    assert np.isnan(difference(returns, never))


def walked(returns: Floats, on: Bools, mean: float, draws: int, seed: int) -> tuple[float, float]:
    """Politis and Romano's own way: day after day, with the chance 1/mean to begin anywhere anew."""
    chance = np.random.default_rng(seed)
    size = len(returns)
    day = chance.integers(0, size, draws)
    all_days, flagged, count = np.zeros(draws), np.zeros(draws), np.zeros(draws)
    for _ in range(size):
        all_days += returns[day]
        flagged += np.where(on[day], returns[day], 0.0)
        count += on[day]
        day = np.where(chance.random(draws) < 1 / mean, chance.integers(0, size, draws), (day + 1) % size)
    low, high = np.percentile(flagged / count - all_days / size, [2.5, 97.5])
    return float(low), float(high)


@pytest.mark.parametrize("horizon", [1, 20])
def test_the_interval_on_real_bars_is_the_one_drawn_day_by_day(real: Real, horizon: int) -> None:
    close, on = held(real, "same-day-direction")
    returns = forward(close, horizon)[:-horizon]
    mean = max(20, 2 * horizon)
    low, high = walked(returns, on[:-horizon], mean, 1000, seed=1)
    found = difference_interval(returns, on[:-horizon], blocks_of(len(returns), mean))
    assert found == pytest.approx((low, high), abs=0.1 * (high - low))


def test_without_a_connection_the_interval_contains_zero_about_as_often_as_it_says() -> None:
    """Overlapping 5-session returns of a random walk, and flags in runs that know nothing of them."""
    inside = 0
    for seed in range(300):
        daily = np.random.default_rng(seed).normal(0, 1, 805)
        returns = np.convolve(daily, np.ones(5), mode="valid")
        interval = difference_interval(returns, chance_days(seed + 9000, len(returns)), blocks_of(801, 20, 200, seed))
        assert interval is not None
        inside += interval[0] <= 0 <= interval[1]
    assert 0.87 <= inside / 300 <= 0.99


def test_a_real_connection_is_found() -> None:
    chance = np.random.default_rng(5)
    on = chance_days(6, 4000)
    returns = chance.normal(0, 1, 4000) + 1.0 * on
    low, high = difference_interval(returns, on, blocks_of(4000, 20)) or (0.0, 0.0)
    assert 0.6 < low < difference(returns, on) < high < 1.3
    assert (hac_t(returns, on, 1) or 0) > 8


# -- Newey and West ---------------------------------------------------------------------------------------


@given(seed=st.integers(0, 2**32 - 1), size=st.integers(10, 90), lag=st.integers(1, 20))
def test_the_t_value_is_that_of_the_whole_matrix(seed: int, size: int, lag: int) -> None:
    """(X'X)^-1 X'WX (X'X)^-1 with Bartlett weights between every two days, and least squares by the library."""
    chance = np.random.default_rng(seed)
    returns, on = np.cumsum(chance.normal(0, 1, size)), chance.random(size) < 0.3
    on[:2] = [True, False]
    design = np.column_stack([np.ones(size), on])
    slope, *_ = np.linalg.lstsq(design, returns, rcond=None)
    scores = design * (returns - design @ slope)[:, None]
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
    weights = np.clip(1 - apart / (lag + 1), 0, None)
    bread = np.linalg.inv(design.T @ design)
    errors = bread @ scores.T @ weights @ scores @ bread
    assert hac_t(returns, on, lag) == pytest.approx(slope[1] / np.sqrt(errors[1, 1]), rel=1e-6)


def test_a_flag_that_never_or_always_holds_has_no_t_value() -> None:
    returns = np.arange(30.0)
    assert hac_t(returns, np.zeros(30, dtype=bool), 5) is None
    assert hac_t(returns, np.ones(30, dtype=bool), 5) is None
    assert hac_t(np.ones(30), np.arange(30) < 9, 5) is None


# -- a horizon --------------------------------------------------------------------------------------------


def by_pandas(close: Floats, on: Bools, horizon: int) -> dict[str, float]:
    """Means, medians and shares of a horizon, from a table of days."""
    table = pd.DataFrame({"close": close, "on": on})
    table["ahead"] = 100 * (table["close"].shift(-horizon) / table["close"] - 1)
    table = table.dropna()
    cases = table.loc[[at for at in cases_by_pandas(on, horizon) if at in table.index], "ahead"]
    return {
        "cases": len(cases), "mean": cases.mean(), "median": cases.median(), "hit_percent": 100 * (cases > 0).mean(),
        "all_mean": table["ahead"].mean(), "all_median": table["ahead"].median(),
        "all_hit": 100 * (table["ahead"] > 0).mean(),
        "difference": table.groupby("on")["ahead"].mean()[True] - table["ahead"].mean(),
    }  # fmt: skip


def same_as_pandas(close: Floats, on: Bools, horizon: int) -> None:
    found = horizon_of(Followed(forward(close, horizon), lowest_ahead(close, horizon)), on, horizon, intervals=False)
    told = {
        "cases": found.cases, "mean": found.mean, "median": found.median, "hit_percent": found.hit_percent,
        "all_mean": found.all_days.mean, "all_median": found.all_days.median, "all_hit": found.all_days.hit_percent,
        "difference": found.difference,
    }  # fmt: skip
    assert told == pytest.approx(by_pandas(close, on, horizon))


@given(seed=st.integers(0, 2**32 - 1), horizon=st.sampled_from([1, 5, 20]))
@settings(max_examples=20)
def test_the_figures_of_a_horizon_are_those_of_a_table(seed: int, horizon: int) -> None:
    same_as_pandas(walk(seed, 900).close, chance_days(seed, 900, share=0.3), horizon)


@pytest.mark.parametrize("rule", ["same-day-direction", "record-non-confirmation", "weekly-lag"])
def test_on_real_bars_too(real: Real, rule: str) -> None:
    for horizon in (1, 5, 20):
        same_as_pandas(*held(real, rule), horizon)


def test_under_ten_cases_there_is_no_mean() -> None:
    close = walk(3, 400).close
    on = np.zeros(400, dtype=bool)
    on[30:300:30] = True
    found = horizon_of(Followed(forward(close, 5), lowest_ahead(close, 5)), on, 5)
    assert (found.cases, found.mean, found.interval, found.all_days.mean) == (9, None, None, None)


# -- the measured table: Russell against S&P 500 to 2026-08, seven months more than these bars -----------

MEASURED: Sequence[tuple[str, Parameters, tuple[float, ...], tuple[tuple[float, float], ...]]] = (
    ("same-day-direction", {}, (0.15, 0.24, 1.45), ((-0.15, 0.37), (-0.48, 0.53), (-0.33, 1.65))),
    ("same-day-direction", {"watched": -0.5}, (0.13, 0.27, -0.17), ((-0.57, 0.70), (-1.22, 1.30), (-2.77, 1.09))),
    ("same-day-direction", {"mirror": True}, (0.32, 0.82, 1.29), ((0.03, 0.57), (0.28, 0.98), (-0.34, 1.34))),
    (
        "record-non-confirmation", {"depth": 10.0, "drought": 1e9}, (0.21, 0.98, 1.81),
        ((-0.01, 0.36), (-0.03, 1.80), (-1.06, 2.79)),
    ),
    (
        "record-non-confirmation", {"depth": 100.0, "drought": 252.0}, (0.02, 0.11, -0.18),
        ((-0.12, 0.08), (-0.61, 0.44), (-3.35, 0.90)),
    ),
)  # fmt: skip


@pytest.mark.parametrize(("rule", "parameters", "means", "intervals"), MEASURED)
def test_what_followed_is_about_what_was_measured(
    real: Real, rule: str, parameters: Parameters, means: tuple[float, ...], intervals: tuple[tuple[float, float], ...]
) -> None:
    close, on = held(real, rule, **parameters)
    for horizon, mean, (low, high) in zip((1, 5, 20), means, intervals, strict=True):
        found = horizon_of(Followed(forward(close, horizon), lowest_ahead(close, horizon)), on, horizon)
        assert found.interval is not None
        assert found.difference is not None
        assert found.all_days.mean is not None
        assert found.all_days.mean + found.difference == pytest.approx(mean, abs=0.15)
        assert found.interval == pytest.approx((low, high), abs=0.25)
