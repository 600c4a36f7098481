"""Whether levels do something: counted touches and turns, beside levels that mean nothing."""

from datetime import date

import numpy as np
import pytest

from tapewatch.core.analytics.holding import hold_rates, hold_test, level_series
from tapewatch.core.analytics.levels import floor_pivots
from tapewatch.core.bars import Bar, Bars, Floats

from ..market import scaled, trading_days, untouched, walk


def bouncing(size: int = 1500) -> Bars:
    """A market that falls to 1,000 every ten sessions or so, trades through it, and always closes above."""
    chance = np.random.default_rng(9)
    close = 1020.0 + 30.0 * np.abs(np.sin(np.arange(size) / 5.0)) + chance.normal(0, 3, size)
    low = np.where(close < 1028.0, 998.0, close - 6.0)
    opened = np.r_[close[:1], close[:-1]]
    rows = zip(trading_days(size), opened, np.maximum(opened, close) + 6.0, np.minimum(low, opened), close, strict=True)
    return Bars.of([Bar(*row) for row in rows])


def flat(bars: Bars, price: float) -> Floats:
    return np.full(len(bars), price)


def test_a_floor_that_always_held_is_told_from_made_up_levels() -> None:
    bars = bouncing()
    with untouched(bars):
        found = hold_test(bars, flat(bars, 1000.0))
    assert found is not None
    assert found.held_percent == 100.0
    assert found.held == found.touched
    assert found.made_up_percent < found.interval[0]
    assert found.conclusion == "held more often than levels that mean nothing"


def test_in_a_random_walk_pivots_mean_nothing() -> None:
    bars = walk(11, 6000)
    found = {name: one for name, one in hold_rates(bars).items() if name.startswith("pivot")}
    assert len(found) == 7
    apart = [name for name, one in found.items() if "not distinguishable" not in one.conclusion]
    assert len(apart) <= 1


def test_touches_and_turns_by_hand() -> None:
    bars, sessions = walk(12, 500), 3
    levels = np.asarray(bars.close * np.where(np.arange(500) % 2, 1.01, 0.985))
    found = hold_test(bars, levels, sessions)
    assert found is not None
    cases = touched = held = 0
    for at in range(14, 500 - sessions):
        cases += 1
        level, above = levels[at], levels[at] > bars.close[at]
        for later in range(at + 1, at + 1 + sessions):
            if (bars.high[later] >= level) if above else (bars.low[later] <= level):
                touched += 1
                held += bool(bars.close[later] < level if above else bars.close[later] > level)
                break
    assert (found.cases, found.touched, found.held) == (cases, touched, held)


def test_the_unit_of_the_prices_changes_no_count() -> None:
    bars = walk(13, 900)
    one, other = (hold_test(each, floor_pivots(each.high, each.low, each.close).r1) for each in (bars, scaled(bars, 4)))
    assert one == other
    assert one is not None


def test_a_few_touches_say_nothing() -> None:
    bars = walk(14, 300)
    assert hold_test(bars, flat(bars, 10 * float(bars.high.max()))) is None
    assert hold_rates(Bars.empty()) == {}


def test_the_levels_of_a_session_are_those_known_at_its_close() -> None:
    bars = walk(15, 400)
    whole, then = level_series(bars), level_series(bars.slice(0, 300))
    for name, values in then.items():
        np.testing.assert_array_equal(whole[name][:300], values)


def test_the_last_week_of_17_october_2025(real: dict[str, Bars]) -> None:
    bars = real["^RUT"].slice(len(real["^RUT"]) - 400, len(real["^RUT"]))
    at = bars.index_of(date(2025, 10, 17))
    assert at is not None
    found = {name: float(values[at]) for name, values in level_series(bars).items()}
    assert found["last week close"] == pytest.approx(2394.59, abs=0.01)
    assert (found["round number above"], found["round number below"]) == (2500.0, 2400.0)


def test_on_the_russell_no_pivot_tells_from_a_level_that_means_nothing(real: dict[str, Bars]) -> None:
    found = hold_rates(real["^RUT"])
    assert {one.conclusion for name, one in found.items() if name.startswith("pivot")} == {
        "not distinguishable from levels that mean nothing"
    }
