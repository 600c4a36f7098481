"""Laws of the rules of price, in every variant: no look ahead, no unit, both ways alike, pivots never early."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewatch.core.analytics.swings import pivot_highs, pivot_lows
from tapewatch.core.bars import Bars
from tapewatch.core.flags import rules
from tapewatch.core.flags.aligned import Aligned, align
from tapewatch.core.flags.rule import Judged, Names, Telling
from tapewatch.core.model.config import Parameters

from ..market import scaled, until, untouched, walk

D5, D7, D8, D9 = "record-non-confirmation", "record-reversal", "failed-breakout", "failed-retest"
D10, D11 = "momentum-divergence", "breadth-divergence"
CASES: list[tuple[str, Parameters]] = [
    (D5, {"basis": "secondary high", "depth": 2.0}),
    (D5, {"mirror": True, "depth": 2.0}),
    (D7, {"basis": "record close", "fall": 1.0}),
    (D7, {"basis": "year high", "mirror": True}),
    (D8, {"drought": 5.0}),
    (D8, {"level": "year high", "basis": "high", "drought": 5.0}),
    (D8, {"level": "swing", "drought": 0.0, "mirror": True}),
    (D9, {"drought": 10.0}),
    (D10, {}),
    (D10, {"indicator": "macd", "pivots": "indicator", "mirror": True}),
    (D10, {"hidden": True}),
    (D11, {"apart": 1.0, "drop": 0.0}),
    (D11, {"mirror": True}),
]
ABSOLUTE: list[tuple[str, Parameters]] = [
    (D8, {"level": "round", "drought": 0.0}),
    (D8, {"level": "user", "price": 1000.0, "drought": 0.0}),
]
SIZE = 700
SEEDS = st.integers(0, 2**32 - 1)
FEW = settings(max_examples=10)


def legs(name: str, seed: int) -> list[tuple[str, Bars]]:
    return [(f"^{at}", walk(seed + at, SIZE)) for at in range(1 + rules()[name].references)]


def judged(aligned: Aligned, name: str, chosen: Parameters) -> Judged:
    return rules()[name].judge(aligned, rules()[name].parameters(chosen))


@pytest.mark.parametrize(("name", "chosen"), [*CASES, *ABSOLUTE])
def test_each_variant_is_on_now_and_then(name: str, chosen: Parameters) -> None:
    """Else the laws below would say nothing."""
    assert sum(int(judged(align(legs(name, seed)), name, chosen).on().sum()) for seed in range(0, 120, 7)) > 2


@pytest.mark.parametrize(("name", "chosen"), [*CASES, *ABSOLUTE])
@given(seed=SEEDS, cut=st.integers(1, SIZE))
@FEW
def test_later_bars_change_nothing_that_was_said(name: str, chosen: Parameters, seed: int, cut: int) -> None:
    whole = legs(name, seed)
    aligned = align(whole)
    at = min(cut, len(aligned) - 1)
    day = aligned.days[at].astype(object)
    with untouched(*(bars for _, bars in whole)):
        later = judged(aligned, name, chosen)
    then = judged(align([(symbol, until(bars, day)) for symbol, bars in whole]), name, chosen)
    np.testing.assert_array_equal(later.enter[: at + 1], then.enter)
    np.testing.assert_array_equal(later.stay[: at + 1], then.stay)
    for measure, values in then.measures.items():
        np.testing.assert_array_equal(later.measures[measure][: at + 1], values)


@pytest.mark.parametrize(("name", "chosen"), CASES)
@given(seed=SEEDS, power=st.integers(-3, 6))
@FEW
def test_the_unit_of_prices_does_not_matter(name: str, chosen: Parameters, seed: int, power: int) -> None:
    made = legs(name, seed)
    other = [(symbol, scaled(bars, 2.0**power)) for symbol, bars in made]
    one, two = judged(align(made), name, chosen), judged(align(other), name, chosen)
    np.testing.assert_array_equal(one.enter, two.enter)
    np.testing.assert_array_equal(one.stay, two.stay)


@pytest.mark.parametrize(("name", "chosen"), [*CASES, *ABSOLUTE])
@pytest.mark.parametrize("size", [0, 1, 2, 5, 15, 60])
def test_a_short_history_is_borne(name: str, chosen: Parameters, size: int) -> None:
    made = [(symbol, bars.slice(0, size)) for symbol, bars in legs(name, 1)]
    aligned = align(made)
    assert len(judged(aligned, name, chosen).enter) == len(aligned)


@pytest.mark.parametrize(("name", "chosen"), [*CASES, *ABSOLUTE])
def test_every_day_that_is_on_can_be_told(name: str, chosen: Parameters) -> None:
    rule, nobody = rules()[name], Names(short={}, name={})
    for seed in range(0, 120, 7):
        aligned = align(legs(name, seed))
        found, against = judged(aligned, name, chosen), tuple(leg.symbol for leg in aligned.against)
        for at in np.flatnonzero(found.on()).tolist():
            words = rule.tell(Telling(found.at(at), rule.parameters(chosen), "^0", against, nobody, final=True))
            assert words.sentence.endswith(".")
            assert not re.search(r"\b(nan|inf|None)\b|-\d", " ".join(words))


@given(seed=SEEDS, mirror=st.booleans(), side=st.integers(1, 8))
@FEW
def test_no_swing_is_told_before_it_is_known(seed: int, mirror: bool, side: int) -> None:
    bars = walk(seed, SIZE)
    found = judged(align([("A", bars)]), D10, {"mirror": mirror, "side": float(side)})
    turns = pivot_lows(bars.low, side, side) if mirror else pivot_highs(bars.high, side, side)
    price = bars.low if mirror else bars.high
    for at in np.flatnonzero(found.on()).tolist():
        assert at - side in turns.index
        assert found.measures["sessions_since"][at] == side
        assert found.measures["price"][at] == price[at - side]


@given(seed=SEEDS)
@FEW
def test_a_failure_stands_on_the_wrong_side_of_a_level_that_was_broken(seed: int) -> None:
    bars = walk(seed, SIZE)
    for mirror, sign in ((False, 1.0), (True, -1.0)):
        found = judged(align([("A", bars)]), D8, {"level": "swing", "drought": 0.0, "mirror": mirror})
        for at in np.flatnonzero(found.on()).tolist():
            level, wait = found.measures["level"][at], int(found.measures["sessions_since"][at])
            assert 1 <= wait <= 5
            assert sign * bars.close[at] < sign * level < sign * bars.close[at - wait]
            assert (sign * bars.close[at - wait : at] >= sign * level).all()
