"""What is computed by a shorter way is what the long way gives, to the last bit."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.analytics import polarity
from tapewatch.core.analytics.levels import Step, round_step, round_steps
from tapewatch.core.analytics.momentum import atr, crosses, sma, volatility
from tapewatch.core.analytics.momentum_state import MomentumState
from tapewatch.core.analytics.records import depth_percentile, droughts, records_of
from tapewatch.core.analytics.study import hac_t
from tapewatch.core.bars import Bars
from tapewatch.core.flags.aligned import align
from tapewatch.core.model.instrument import Instrument
from tapewatch.core.take import History

from ..market import closes, index, short_bars, walk, walks

ROOT = Path(__file__).parents[2]


# -- records --------------------------------------------------------------------------------------------


@given(short_bars(1, 80))
def test_what_is_told_beside_a_record_is_what_every_wait_tells(bars: Bars) -> None:
    found, waits = records_of(bars), droughts(bars)
    assert found is not None
    assert found.drought == (waits[-1] if waits else None)
    assert found.longest_drought == max(waits, key=lambda one: one.days, default=None)
    assert found.depth_percentile == depth_percentile(bars.close)
    tail = bars.close[found.close.index :].tolist()
    assert (found.lowest, found.lowest_day) == (min(tail), bars.day(found.close.index + tail.index(min(tail))))
    assert (found.since, found.last_day, found.sessions) == (bars.day(0), bars.day(-1), len(bars))


@given(st.lists(st.sampled_from([10.0, 10.5, 11.0]), min_size=1, max_size=40))
def test_of_equal_prices_the_last_is_the_record(prices: list[float]) -> None:
    found = records_of(closes(prices, reach=0.0))
    assert found is not None
    assert found.close.index == len(prices) - 1 - prices[::-1].index(max(prices))


@given(walks(300, 700))
def test_a_history_says_the_same_whatever_is_asked_first(bars: Bars) -> None:
    one = index("^A")
    names = ["records", "atr14", "momentum", "periods", "levels", "unusual", "weeks", "opens_real"]
    forth, back = History.of(one, bars), History.of(one, bars)
    there = [_figures(forth, name) for name in names]
    assert there == [_figures(back, name) for name in reversed(names)][::-1]


def _figures(history: History, name: str) -> object:
    found = getattr(history, name)
    if name == "weeks":
        return found.close.tolist()
    if name == "levels":
        return found.pivots, found.swings, found.old, found.state, found.trail
    return found.final if name == "momentum" else found


# -- momentum -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_the_newest_figures_are_the_last_of_the_whole_series(seed: int) -> None:
    bars = walk(seed, 2000, swing=0.004 if seed % 2 else 0.02)
    state = MomentumState.of(bars)
    assert state is not None
    found, short, long = state.final, sma(bars.close, 50), sma(bars.close, 200)
    assert (found.sma50, found.sma200) == (short[-1], long[-1])
    assert (found.volatility20, found.volatility252) == (
        volatility(bars.close, 20)[-1],
        volatility(bars.close, 252)[-1],
    )
    crossed = crosses(short - long).index
    assert found.sma_crossed == (bars.day(int(crossed[-1])) if len(crossed) else None)


def test_averages_that_crossed_long_ago_are_looked_for_to_the_beginning() -> None:
    bars = closes([200.0 - at / 10 for at in range(400)] + [160.0 + at / 4 for at in range(1200)])
    state = MomentumState.of(bars)
    assert state is not None
    assert state.final.sma_cross == "golden"
    crossed = crosses(sma(bars.close, 50) - sma(bars.close, 200)).index
    assert state.final.sma_crossed == bars.day(int(crossed[-1]))
    assert len(bars) - int(crossed[-1]) > 900


# -- rules ----------------------------------------------------------------------------------------------


@given(walks(60, 400), st.floats(0.9, 1.1), st.integers(0, 50))
def test_a_level_followed_in_leaps_takes_the_steps_of_every_session(bars: Bars, share: float, start: int) -> None:
    level, ranges = float(bars.close[start]) * share, atr(bars)
    machine, wanted = polarity.Machine(level), list[polarity.Step]()
    band = polarity.band_of(level, ranges)
    for at in range(start, len(bars)):
        numbers = (bars.low[at], bars.close[at], band[at], polarity.CLEAR_ATR * ranges[at])
        session = polarity.Session(*(float(one) for one in numbers))
        wanted += [polarity.Step(at, state) for state in machine.after(session)]
    assert polarity.walk(bars, ranges, level, start, len(bars)) == wanted


@given(st.lists(st.one_of(st.floats(1e-3, 1e7), st.integers(1, 10**6).map(float)), min_size=1, max_size=50))
def test_the_steps_of_many_prices_are_those_of_each(prices: list[float]) -> None:
    found = zip(*(column.tolist() for column in round_steps(np.array(prices))), strict=True)
    assert [Step(int(digits), int(power)) for digits, power in found] == [round_step(one) for one in prices]


@pytest.mark.parametrize("between", [2**0.5, 10**0.5, 50**0.5])
def test_where_two_steps_are_equally_near_there_is_one_judge(between: float) -> None:
    prices = [between / 0.04 * 10.0**power * (1 + ulps * 2.3e-16) for power in range(-3, 4) for ulps in range(-4, 5)]
    found = zip(*(column.tolist() for column in round_steps(np.array(prices))), strict=True)
    assert [Step(int(digits), int(power)) for digits, power in found] == [round_step(one) for one in prices]


@given(short_bars(0, 30), short_bars(0, 30), short_bars(0, 30))
def test_common_sessions_are_those_that_every_leg_has(one: Bars, two: Bars, three: Bars) -> None:
    found = align([("A", one), ("B", two), ("C", three)])
    shared = set(one.days.tolist()) & set(two.days.tolist()) & set(three.days.tolist())
    assert found.days.tolist() == sorted(shared)
    for leg in (found.watched, *found.against):
        assert leg.bars.days[leg.at].tolist() == sorted(shared)


def test_the_error_of_a_long_history_does_not_hang_on_the_number_of_cores() -> None:
    statement = (
        "import numpy as np; from tapewatch.core.analytics.study import hac_t; n = np.random.default_rng(3); "
        "print([repr(hac_t(n.standard_normal(25000), n.random(25000) < 0.02, lag)) for lag in (1, 5, 20)])"
    )
    said = {_run(statement, OPENBLAS_NUM_THREADS=threads) for threads in ("1", "2", "4")}
    assert len(said) == 1
    drawn = np.random.default_rng(3)
    assert repr(hac_t(drawn.standard_normal(25000), drawn.random(25000) < 0.02, 1)) in said.pop()


# -- commands -------------------------------------------------------------------------------------------


def test_reading_a_published_snapshot_imports_nothing_that_computes_one() -> None:
    loaded = _run("import tapewatch.core.oneshot; import sys; print(*sys.modules)").split()
    assert {one.partition(".")[0] for one in loaded} & {"numpy", "pandas", "sqlite3", "exchange_calendars"} == set()


def test_a_trading_day_is_known_without_pandas() -> None:
    loaded = _run(
        "from datetime import date; from tapewatch.core.oneshot import session_on_or_before as last; "
        "print(last(date(2025, 1, 9))); import sys; print(*sys.modules)"
    ).split()
    assert loaded[0] == str(date(2025, 1, 8))
    assert {one.partition(".")[0] for one in loaded} & {"pandas", "exchange_calendars"} == set()


def _run(statement: str, **more: str) -> str:
    """What a fresh interpreter prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / ".editable"), **more}
    return subprocess.run(
        [sys.executable, "-c", statement], capture_output=True, text=True, check=True, cwd="/", env=environment
    ).stdout


def test_an_instrument_that_is_only_followed_is_not_analysed() -> None:
    one: Instrument = index("^A")
    history = History.of(one, walk(1, 300))
    assert (history.last_day, history.hole) == (history.bars.day(-1), None)
    assert set(vars(history)) == {"instrument", "bars", "hole"}
