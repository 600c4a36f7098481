"""The rules of a pair against figures measured elsewhere on the same bars, and how often each is on."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
import pytest

from tapewatch.core.bars import Bars
from tapewatch.core.flags import rules
from tapewatch.core.flags.aligned import Aligned, align
from tapewatch.core.flags.rule import Bools, Judged, Names, Telling, Wording
from tapewatch.core.model.config import Parameters

Real = dict[str, Bars]
PAIR = ("^RUT", "^GSPC")
NAMES = Names(short={"^RUT": "RUT", "^GSPC": "SPX"}, name={})


def pair(bars: Mapping[str, Bars], symbols: tuple[str, str] = PAIR) -> Aligned:
    return align([(symbol, bars[symbol]) for symbol in symbols])


def judged(aligned: Aligned, rule: str, parameters: Parameters) -> Judged:
    return rules()[rule].judge(aligned, rules()[rule].parameters(parameters))


def at(aligned: Aligned, rule: str, day: date, parameters: Parameters) -> dict[str, float | None]:
    """What a rule measured on one day."""
    return judged(aligned, rule, parameters).at(int(np.searchsorted(aligned.days, np.datetime64(day))))


def told(aligned: Aligned, rule: str, day: date, parameters: Parameters) -> Wording:
    chosen = rules()[rule].parameters(parameters)
    measures = at(aligned, rule, day, parameters)
    return rules()[rule].tell(Telling(measures, chosen, "^RUT", ("^GSPC",), NAMES, final=True))


def in_years(aligned: Aligned, on: Bools, first: int, last: int) -> int:
    years = aligned.days.astype("datetime64[Y]").astype(int) + 1970
    return int((on & (years >= first) & (years <= last)).sum())


# -- the counts to reproduce: RUT against SPX to 2026-01-16, 9,662 sessions ---------------------------------


@pytest.mark.parametrize(("parameters", "days"), [({"basis": "z", "z": 2.0}, 273), ({"sides": "both"}, 512)])
def test_days_of_a_spread_shock(real: Real, parameters: Parameters, days: int) -> None:
    aligned = pair(real)
    assert len(aligned) == 9662
    assert int(judged(aligned, "spread-shock", parameters).on().sum()) == days


@pytest.mark.parametrize(
    ("first", "last", "days"), [(1995, 1999, 42), (2010, 2014, 42), (2015, 2019, 30), (2020, 2024, 31)]
)
def test_two_deviations_come_as_often_in_calm_years_as_in_wild_ones(
    real: Real, first: int, last: int, days: int
) -> None:
    """Against the year before; the fixed threshold of the same-day rule came 49, 6, 6 and 33 times."""
    aligned = pair(real)
    found = judged(aligned, "spread-shock", {"basis": "z", "sessions": 252.0})
    assert in_years(aligned, found.on(), first, last) == days


@pytest.mark.parametrize(
    ("day", "spread", "z", "percentile"),
    [(date(2025, 10, 17), -1.13, -1.47, 6), (date(2025, 8, 8), -0.61, -0.89, 21)],
)
def test_the_spreads_of_the_articles(real: Real, day: date, spread: float, z: float, percentile: float) -> None:
    """The percentile is the signed one of a year."""
    measures = at(pair(real), "spread-shock", day, {"window": 252.0})
    assert measures["spread"] == pytest.approx(spread, abs=0.005)
    assert measures["z"] == pytest.approx(z, abs=0.005)
    assert measures["signed_percentile"] == pytest.approx(percentile, abs=0.5)


@pytest.mark.parametrize(("day", "spread", "z"), [(date(2025, 10, 17), 0.70, 0.42), (date(2025, 8, 8), -0.04, 0.09)])
def test_the_weeks_of_the_articles_were_no_divergence(real: Real, day: date, spread: float, z: float) -> None:
    aligned = pair(real)
    measures = at(aligned, "weekly-lag", day, {})
    assert measures["spread"] == pytest.approx(spread, abs=0.006)
    assert measures["z"] == pytest.approx(z, abs=0.005)
    assert not judged(aligned, "weekly-lag", {}).enter[aligned.days == np.datetime64(day)].any()


QUIET = [
    (rule, {"mirror": True} if mirror else {})
    for rule in ("spread-shock", "beta-residual", "relative-strength-turn", "weekly-lag")
    for mirror in (False, True)
]


@pytest.mark.parametrize(("rule", "chosen"), [*QUIET, ("correlation-break", {})])
def test_no_default_is_on_for_more_than_three_days_in_a_hundred(real: Real, rule: str, chosen: Parameters) -> None:
    found = judged(pair(real), rule, chosen)
    assert 0.0 < found.on().mean() <= 0.03
    # a weekly rule has only its weeks
    assert found.on().sum() / found.decides.sum() <= 0.03


@pytest.mark.parametrize(
    "chosen",
    [{"trigger": trigger, "mirror": mirror} for trigger in ("slope", "sma50", "extreme") for mirror in (False, True)],
)
@pytest.mark.parametrize("against", ["^GSPC", "^NDX", "^IXIC"])
def test_no_trigger_of_a_turn_is_wallpaper(real: Real, against: str, chosen: Parameters) -> None:
    assert judged(pair(real, ("^RUT", against)), "relative-strength-turn", chosen).on().mean() <= 0.03


@pytest.mark.parametrize("symbols", [("^RUT", "^NDX"), ("KRE", "^GSPC"), ("IWM", "KRE"), ("^DJI", "^GSPC")])
@pytest.mark.parametrize("rule", ["beta-residual", "correlation-break"])
def test_what_is_ranked_by_its_own_past_is_calm_on_any_pair(real: Real, rule: str, symbols: tuple[str, str]) -> None:
    assert 0.0 < judged(pair(real, symbols), rule, {}).on().mean() <= 0.03


# -- against another library ------------------------------------------------------------------------------


def test_residuals_as_by_pandas(real: Real) -> None:
    """Beta as covariance over variance of the 60 sessions that ended the day before."""
    aligned = pair(real)
    own, other = (pd.Series(leg.change) for leg in (aligned.watched, aligned.against[0]))
    beta = (own.rolling(60).cov(other) / other.rolling(60).var()).shift()
    intercept = own.rolling(60).mean().shift() - beta * other.rolling(60).mean().shift()
    found = judged(aligned, "beta-residual", {}).measures
    np.testing.assert_allclose(found["beta"], beta, rtol=1e-6)
    np.testing.assert_allclose(found["residual"], own - intercept - beta * other, rtol=1e-6, atol=1e-8)


def test_a_break_of_correlation_as_by_pandas(real: Real) -> None:
    aligned = pair(real)
    own, other = (pd.Series(leg.change) for leg in (aligned.watched, aligned.against[0]))
    short, long = (np.arctanh(own.rolling(length).corr(other)) for length in (20, 250))
    found = judged(aligned, "correlation-break", {}).measures["z"]
    np.testing.assert_allclose(found, (short - long) / np.sqrt(1 / 17 + 1 / 247), rtol=1e-6, atol=1e-8)


# -- in words -----------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_spread_shock_in_words(real: Real) -> None:
    words = told(pair(real), "spread-shock", date(2025, 7, 15), {})
    assert plain(words.sentence) == (
        "RUT −1.99 % lags SPX −0.40 % by 1.59 pp: percentile 2.0 of up to 1,260 sessions (the rule asks 2.5), "
        "z −2.81 against the 60 sessions before."
    )
    assert plain(words.brief) == "−1.99 %; SPX −0.40 %: spread −1.59 pp"


@pytest.mark.parametrize(
    ("rule", "day", "chosen", "said"),
    [
        ("spread-shock", date(2025, 7, 24), {"basis": "z"}, "z −2.35 against the 60 sessions before (the rule asks"),
        ("spread-shock", date(2025, 11, 21), {"mirror": True}, "leads SPX +0.98 % by 1.81 pp"),
        ("spread-shock", date(2025, 11, 21), {"sides": "both"}, "(the rule asks 2.5 or 97.5)"),
        ("beta-residual", date(2025, 10, 27), {}, "RUT +0.28 % where a beta of 1.43 to SPX +1.23 % gives +1.81 %"),
        ("beta-residual", date(2025, 10, 28), {"days": 2.0}, "RUT −0.27 % over 2 sessions"),
        ("relative-strength-turn", date(2025, 11, 3), {}, "turned down: its slope over 20 sessions is −0.115 %"),
        ("relative-strength-turn", date(2025, 12, 31), {"trigger": "sma50"}, "RUT/SPX at 0.3626 crossed under its 50"),
        ("relative-strength-turn", date(2025, 2, 28), {"trigger": "extreme"}, "low of 0.3633 while RUT is not at its"),
        ("correlation-break", date(2024, 7, 16), {}, "RUT and SPX correlate −0.12 over 20 sessions of daily changes"),
        ("weekly-lag", date(2025, 4, 11), {}, "RUT +1.82 % on the week lags SPX +5.70 % by 3.89 pp"),
    ],
)  # fmt: skip
def test_each_rule_in_words(real: Real, rule: str, day: date, chosen: Parameters, said: str) -> None:
    aligned = pair(real)
    assert judged(aligned, rule, chosen).on()[aligned.days == np.datetime64(day)].all()
    assert said in plain(told(aligned, rule, day, chosen).sentence)
