"""Laws of the pair rules on made markets, and each rule worked by hand."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewatch.core.bars import Bars, Floats
from tapewatch.core.flags import rules
from tapewatch.core.flags.aligned import Aligned, align
from tapewatch.core.flags.rule import Judged
from tapewatch.core.model.config import Config, Parameters, RuleSetting
from tapewatch.core.rule_check import usable
from tapewatch.core.universe import INSTRUMENTS

from ..market import closes, rows, scaled, until, untouched

SEEDS = st.integers(0, 2**32 - 1)
MIRROR: Parameters = {"mirror": True}
LOOSE: list[tuple[str, Parameters]] = [
    ("spread-shock", {"tail": 20.0, "window": 100.0}),
    ("spread-shock", {"basis": "z", "z": 1.0}),
    ("spread-shock", {"sides": "both", "tail": 10.0, "window": 60.0}),
    ("beta-residual", {"tail": 20.0, "window": 100.0}),
    ("beta-residual", {"basis": "z", "z": 1.0}),
    ("beta-residual", {"days": 2.0, "tail": 20.0}),
    ("relative-strength-turn", {}),
    ("relative-strength-turn", {"trigger": "sma50", "closes": 1.0}),
    ("relative-strength-turn", {"trigger": "extreme", "quiet": 0.0}),
    ("correlation-break", {"z": -0.5, "percentile": 100.0, "window": 60.0}),
    ("correlation-break", {"z": 0.0, "percentile": 40.0, "days": 2.0}),
    ("weekly-lag", {"percentile": 20.0}),
]
"""Thresholds that a made market reaches, so that the laws have days to speak of."""
CASES = [*LOOSE, *((rule, {**chosen, **MIRROR}) for rule, chosen in LOOSE if "mirror" in rules()[rule].defaults)]


def prices(changes: Floats) -> Bars:
    return closes([float(one) for one in 100.0 * np.cumprod(1.0 + changes / 100.0)], reach=0.1)


def moves(seed: int, size: int) -> tuple[Floats, Floats]:
    """Daily changes of an index and of the market it follows with a beta of 1.2."""
    chance = np.random.default_rng(seed)
    other = chance.normal(0.03, 1.0, size)
    return 1.2 * other + chance.normal(0.0, 0.6, size), other


def holed(bars: Bars, seed: int) -> Bars:
    """Without one session in sixty."""
    kept = np.random.default_rng(seed).random(len(bars)) > 1 / 60
    return Bars.of([bar for bar, stays in zip(rows(bars), kept, strict=True) if stays])


def market(seed: int, size: int = 700) -> Aligned:
    own, other = moves(seed, size)
    return align([("A", holed(prices(own), seed)), ("B", holed(prices(other), seed + 1))])


def judged(aligned: Aligned, rule: str, chosen: Parameters) -> Judged:
    return rules()[rule].judge(aligned, rules()[rule].parameters(chosen))


def cut(aligned: Aligned, day: date) -> Aligned:
    """The same pair when nothing after a day has happened; the day is taken not to end its week."""
    legs = (aligned.watched, *aligned.against)
    return align([(leg.symbol, until(leg.bars, day)) for leg in legs], last_is_week_end=False)


@pytest.mark.parametrize(("rule", "chosen"), CASES)
@given(seed=SEEDS, at=st.integers(1, 650))
@settings(max_examples=8)
def test_what_comes_later_changes_nothing(rule: str, chosen: Parameters, seed: int, at: int) -> None:
    whole = market(seed)
    then = cut(whole, whole.days[at].astype(object))
    later, earlier = judged(whole, rule, chosen), judged(then, rule, chosen)
    assert len(then) == at + 1
    np.testing.assert_array_equal(later.enter[: at + 1], earlier.enter)
    np.testing.assert_array_equal(later.stay[: at + 1], earlier.stay)
    for name, values in earlier.measures.items():
        np.testing.assert_array_equal(later.measures[name][: at + 1], values)


@pytest.mark.parametrize(("rule", "chosen"), CASES)
@given(seed=SEEDS, own=st.integers(-4, 6), other=st.integers(-4, 6))
@settings(max_examples=8)
def test_each_legs_own_unit_changes_nothing(rule: str, chosen: Parameters, seed: int, own: int, other: int) -> None:
    """An index at a tenth of its points, or a fund in place of it, moves as it did."""
    aligned = market(seed)
    watched, reference = aligned.watched.bars, aligned.against[0].bars
    with untouched(watched, reference):
        before = judged(aligned, rule, chosen)
    after = judged(align([("A", scaled(watched, 2.0**own)), ("B", scaled(reference, 2.0**other))]), rule, chosen)
    np.testing.assert_array_equal(before.enter, after.enter)
    np.testing.assert_array_equal(before.stay, after.stay)


@pytest.mark.parametrize(("rule", "chosen"), CASES)
def test_the_made_markets_have_days_to_speak_of(rule: str, chosen: Parameters) -> None:
    assert sum(int(judged(market(seed), rule, chosen).enter.sum()) for seed in range(6)) > 0


@pytest.mark.parametrize("rule", ["spread-shock", "beta-residual"])
@pytest.mark.parametrize("chosen", [{"tail": 10.0, "window": 200.0}, {"basis": "z", "z": 1.5}])
@given(seed=SEEDS)
@settings(max_examples=8)
def test_a_market_upside_down_exchanges_rule_and_mirror(rule: str, chosen: Parameters, seed: int) -> None:
    own, other = moves(seed, 600)
    upright = align([("A", prices(own)), ("B", prices(other))])
    turned = align([("A", prices(-own)), ("B", prices(-other))])
    lag, lead = judged(upright, rule, chosen), judged(upright, rule, {**chosen, **MIRROR})
    assert lag.enter.any()
    assert not (lag.enter & lead.enter).any()
    np.testing.assert_array_equal(lag.enter, judged(turned, rule, {**chosen, **MIRROR}).enter)
    np.testing.assert_array_equal(lead.enter, judged(turned, rule, chosen).enter)
    both = judged(upright, rule, {**chosen, "sides": "both"})
    np.testing.assert_array_equal(both.enter, lag.enter | lead.enter)


@given(seed=SEEDS)
@settings(max_examples=8)
def test_a_ratio_upside_down_turns_the_other_way(seed: int) -> None:
    own, other = prices(moves(seed, 600)[0]), prices(moves(seed, 600)[1])
    one, swapped = align([("A", own), ("B", other)]), align([("B", other), ("A", own)])
    down = judged(one, "relative-strength-turn", {})
    assert down.enter.any()
    np.testing.assert_array_equal(down.enter, judged(swapped, "relative-strength-turn", MIRROR).enter)


# -- by hand ------------------------------------------------------------------------------------------------


def against_flat(spreads: list[float]) -> Aligned:
    """A reference that never moves, so that the spread is the watched index's own change."""
    own = prices(np.array([0.0, *spreads]))
    return align([("A", own), ("B", closes([100.0] * len(own), reach=0.1))])


ORDINARY = [0.1 * (at % 21 - 10) for at in range(420)]
"""Spreads of -1.0 to +1.0 in steps of a tenth, each one as often."""


@pytest.mark.parametrize(
    ("last", "chosen", "on"),
    [(-1.05, {}, True), (-0.85, {}, False), (1.05, {}, False), (1.05, MIRROR, True), (-1.05, MIRROR, False)],
)
def test_a_spread_below_all_others_is_a_shock(last: float, chosen: Parameters, on: bool) -> None:
    """-0.85 stands above two of the 21 ordinary spreads, 9.5 % of them."""
    found = judged(against_flat([*ORDINARY, last]), "spread-shock", chosen)
    assert bool(found.enter[-1]) is on
    share = 0.0 if last == -1.05 else 100.0 if last == 1.05 else 100 * 40 / 420
    assert found.measures["signed_percentile"][-1] == pytest.approx(share)


def test_nothing_is_ranked_in_the_first_year() -> None:
    spreads = ORDINARY[:252]
    assert not judged(against_flat([*spreads[:251], -5.0]), "spread-shock", {}).enter[-1]
    assert judged(against_flat([*spreads, -5.0]), "spread-shock", {}).enter[-1]


def test_two_deviations_are_those_of_the_sixty_sessions_before() -> None:
    """Thirty spreads of +1 and thirty of -1: mean 0, deviation root of 60/59."""
    before = [1.0, -1.0] * 30
    for last, on in ((-2.05, True), (-1.95, False)):
        found = judged(against_flat([*before, last]), "spread-shock", {"basis": "z", "z": 2.0})
        assert found.measures["z"][-1] == pytest.approx(last / np.sqrt(60 / 59))
        assert bool(found.enter[-1]) is on


def test_a_high_beta_that_falls_with_the_market_is_no_divergence() -> None:
    """Own = 0.1 + 1.5 x other for sixty sessions, with a residual of +-0.2; then the market falls 3 %."""
    other = np.array([0.0, *[0.5, -0.5, 1.0, -1.0] * 80, -3.0])
    wobble = np.array([0.0, *[0.2, 0.2, -0.2, -0.2] * 80, 0.0])
    own = 0.1 + 1.5 * other + wobble
    aligned = align([("A", prices(own)), ("B", prices(other))])
    found, shock = judged(aligned, "beta-residual", {}), judged(aligned, "spread-shock", {})
    assert found.measures["beta"][-1] == pytest.approx(1.5)
    assert found.measures["expected"][-1] == pytest.approx(0.1 - 4.5)
    assert found.measures["residual"][-1] == pytest.approx(0.0, abs=1e-9)
    assert not found.enter[-1]
    assert shock.enter[-1]


def turning(down: int, flat: int = 0) -> Aligned:
    """A/B waves for two years, rises steeply for 40 sessions, and falls as steeply for some."""
    waves = [0.05 * (1 if at // 10 % 2 else -1) for at in range(500)]
    return against_flat([*waves, *[0.5] * 40, *[0.0] * flat, *[-0.5] * down])


def test_a_turn_is_flagged_once_on_the_day_its_slope_is_steep() -> None:
    found = judged(turning(20), "relative-strength-turn", {})
    days = np.flatnonzero(found.enter[541:])
    assert len(days) == 1
    slope = found.measures["slope"][541 + days[0]]
    assert slope < 0
    assert found.measures["slope_percentile"][541 + days[0]] > 50
    assert not (found.measures["slope"][541 : 541 + days[0]] < slope).any()


@pytest.mark.parametrize(("closes_asked", "sessions"), [(1.0, 1), (2.0, 2), (3.0, 3)])
def test_a_crossed_average_asks_for_closes_beyond_it(closes_asked: float, sessions: int) -> None:
    """A/B stands at 110 over an average below it, then at 90."""
    own = closes([100.0] * 60 + [110.0] * 20 + [90.0] * 5, reach=0.1)
    aligned = align([("A", own), ("B", closes([100.0] * 85, reach=0.1))])
    found = judged(aligned, "relative-strength-turn", {"trigger": "sma50", "closes": closes_asked})
    assert np.flatnonzero(found.enter).tolist() == [79 + sessions]


def test_a_ratio_at_its_low_counts_unless_the_index_is_too() -> None:
    """B doubles, so A/B is at its low while A stands above its own; when A falls too, it is no sign."""
    own = closes([100.0] * 10 + [110.0] * 290, reach=0.1)
    other = closes([100.0] * 299 + [130.0], reach=0.1)
    chosen: Parameters = {"trigger": "extreme"}
    assert not judged(align([("A", own), ("B", other)]), "relative-strength-turn", chosen).enter.any()
    risen = closes([100.0] * 100 + [110.0] * 200, reach=0.1)
    found = judged(align([("A", risen), ("B", other)]), "relative-strength-turn", chosen)
    assert np.flatnonzero(found.enter).tolist() == [299]


def test_the_error_of_a_break_by_hand() -> None:
    """Correlations of 0.30 and 0.85: (0.3095 - 1.2562) / root(1/17 + 1/247) = -3.78."""
    assert (np.arctanh(0.30) - np.arctanh(0.85)) / np.sqrt(1 / 17 + 1 / 247) == pytest.approx(-3.78, abs=0.005)
    own, other = moves(5, 420)
    own[400:] = np.random.default_rng(9).normal(0.0, 1.0, 20)
    aligned = align([("A", prices(own)), ("B", prices(other))])
    found = judged(aligned, "correlation-break", {"window": 100.0})
    short = np.corrcoef(own[400:], other[400:])[0, 1]
    long = np.corrcoef(own[170:], other[170:])[0, 1]
    assert found.measures["correlation20"][-1] == pytest.approx(short)
    assert found.measures["z"][-1] == pytest.approx((np.arctanh(short) - np.arctanh(long)) / np.sqrt(1 / 17 + 1 / 247))
    assert found.enter[-1]
    assert not found.enter[:400].any()


def test_a_close_that_one_leg_lacks_is_neither_judged_nor_counted() -> None:
    """The change over two sessions of the one and one of the other is no spread."""
    whole = against_flat([*ORDINARY, -5.0, 0.3])
    own = rows(whole.watched.bars)
    lacking = align([("A", Bars.of([*own[:-2], own[-1]])), ("B", whole.against[0].bars)])
    found = judged(lacking, "spread-shock", {})
    assert not found.enter[-1]
    assert np.isnan(found.measures["spread"][-1])


def test_a_week_whose_base_one_leg_lacks_is_not_compared() -> None:
    own = closes([100.0 + at for at in range(60)], first=date(2024, 1, 1), reach=0.1)
    gone = Bars.of([bar for bar in rows(own) if not date(2024, 2, 5) <= bar.day <= date(2024, 2, 9)])
    found = judged(align([("A", gone), ("B", own)]), "weekly-lag", {})
    days = align([("A", gone), ("B", own)]).days
    after = (days >= np.datetime64("2024-02-12")) & (days <= np.datetime64("2024-02-16"))
    assert np.isnan(found.measures["spread"][after]).all()
    assert not np.isnan(found.measures["spread"][days > np.datetime64("2024-02-16")]).any()


@pytest.mark.parametrize("size", [1, 3, 40])
@pytest.mark.parametrize(("rule", "chosen"), CASES)
def test_legs_that_never_move_raise_nothing(rule: str, chosen: Parameters, size: int) -> None:
    aligned = align([(name, closes([100.0] * 10 * size, reach=0.1)) for name in ("A", "B")])
    assert not judged(aligned, rule, chosen).enter.any()


@pytest.mark.parametrize(
    ("rule", "chosen", "expected"),
    [
        ("spread-shock", {"basis": "percent"}, '"percentile" or "z"'),
        ("spread-shock", {"sides": 2.0}, '"one" or "both"'),
        ("relative-strength-turn", {"trigger": "sma200"}, '"slope" or "sma50" or "extreme"'),
    ],
)
def test_a_word_that_is_no_choice_is_named(rule: str, chosen: Parameters, expected: str) -> None:
    setting = RuleSetting(rule=rule, watched="^RUT", against=("^GSPC",), set=chosen)
    kept, problems = usable(Config(instruments=INSTRUMENTS, rules=(setting,)))
    assert not kept.rules
    assert [problem.expected for problem in problems] == [expected]
