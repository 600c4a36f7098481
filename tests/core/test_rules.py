"""The rules of the family: counts that were made elsewhere on the same bars, and how loud they are."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tapewatch.core.analytics.study import episodes, forward
from tapewatch.core.bars import Bars
from tapewatch.core.flags import rules
from tapewatch.core.flags.aligned import align
from tapewatch.core.flags.engine import FlagEngine
from tapewatch.core.flags.rule import Judged, percent_text, price_text
from tapewatch.core.flags.severity import grade, word_for
from tapewatch.core.flags.watch import Watch, legs_of
from tapewatch.core.model.config import Parameters, RuleSetting
from tapewatch.core.sources.sample_history import SampleHistory
from tapewatch.core.universe import INSTRUMENTS, RULES

from ..market import closes

Real = dict[str, Bars]


def judged(
    bars: Real, rule: str, symbols: tuple[str, ...], parameters: Parameters, *, last_is_week_end: bool = True
) -> Judged:
    found = rules()[rule]
    aligned = align([(symbol, bars[symbol]) for symbol in symbols], last_is_week_end=last_is_week_end)
    return found.judge(aligned, found.parameters(parameters))


def days_on(bars: Real, rule: str, symbols: tuple[str, ...], parameters: Parameters) -> int:
    return int(judged(bars, rule, symbols, parameters).on().sum())


# -- ANALYTICS 2.7, "counts to reproduce": RUT against SPX to 2026-01-16, 9,662 sessions -----------------


def test_the_span_of_the_counts(real: Real) -> None:
    assert len(align([("^RUT", real["^RUT"]), ("^GSPC", real["^GSPC"])])) == 9662


@pytest.mark.parametrize(("against", "days"), [(("^GSPC",), 169), (("^GSPC", "^DJI"), 118)])
def test_days_the_small_caps_fell_while_the_others_rose(real: Real, against: tuple[str, ...], days: int) -> None:
    assert days_on(real, "same-day-direction", ("^RUT", *against), {}) == days


@pytest.mark.parametrize(
    ("parameters", "days"), [({"depth": 10.0, "drought": 1e9}, 74), ({"depth": 100.0, "drought": 252.0}, 190)]
)
def test_days_of_a_record_close_that_was_not_confirmed(real: Real, parameters: Parameters, days: int) -> None:
    assert days_on(real, "record-non-confirmation", ("^RUT", "^GSPC"), {"recent": 1.0, **parameters}) == days


@pytest.mark.parametrize(("within", "days"), [(2, 23), (3, 42), (4, 69), (5, 91), (6, 112)])
def test_days_three_percent_off_a_record_high(real: Real, within: float, days: int) -> None:
    parameters: Parameters = {"within": float(within), "fall": 3.0, "ranges": 0.0}
    common = align([("^RUT", real["^RUT"]), ("^GSPC", real["^GSPC"])])
    found = judged({"^RUT": real["^RUT"]}, "record-reversal", ("^RUT",), parameters).on()
    assert int(found[common.watched.at].sum()) == days


@pytest.mark.parametrize("setting", RULES, ids=lambda one: one.id)
def test_no_default_rule_is_wallpaper(real: Real, setting: RuleSetting) -> None:
    missing = [symbol for symbol in legs_of(setting) if symbol not in real]
    if missing:
        pytest.skip(f"no real bars of {', '.join(missing)}")
    watch = Watch.over(setting, rules()[setting.rule], real, last_is_week_end=True)
    assert watch.history is not None
    assert watch.history.days > 0
    assert watch.history.share_of_days <= 0.03


@pytest.mark.parametrize(
    "setting", [one for one in RULES if {"XLK", "^AXJO"} & set(legs_of(one))], ids=lambda one: one.rule
)
def test_a_default_rule_without_real_bars_is_none_on_the_sample_market(setting: RuleSetting) -> None:
    history = SampleHistory(INSTRUMENTS, seed=7)
    made = {symbol: history.bars(symbol).upto(date(2025, 10, 17)) for symbol in legs_of(setting)}
    watch = Watch.over(setting, rules()[setting.rule], made, last_is_week_end=True)
    assert watch.history is not None
    assert 0 < watch.history.share_of_days <= 0.03


def test_the_spread_of_17_october_2025_ranks_as_it_was_measured(real: Real) -> None:
    """85.4 among 1,260 sessions; 87.3 among 252; 90.9 among all."""
    bars = {symbol: bars.upto(date(2025, 10, 17)) for symbol, bars in real.items()}
    found = judged(bars, "same-day-direction", ("^RUT", "^GSPC", "^DJI"), {})
    assert found.magnitude is not None
    past, today = found.magnitude[:-1], found.magnitude[-1]
    for window, percentile in ((1260, 85.4), (252, 87.3), (len(past), 90.9)):
        ranked = past[-window:][~np.isnan(past[-window:])]
        assert 100 * float((ranked < today).mean()) == pytest.approx(percentile, abs=0.06)
    severity = grade(found, len(past), 0.01)
    assert (severity.word, severity.window) == ("info", 1260)
    assert severity.percentile == pytest.approx(85.4, abs=0.06)


def test_above_its_whole_window_a_spread_is_the_largest_since_a_date(real: Real) -> None:
    """The spread of 18 March 2020 (SPX −5.18, RUT −10.42); pandas looks for the one before that was as large."""
    found = judged(real, "spread-shock", ("^RUT", "^GSPC"), {})
    days = align([(symbol, real[symbol]) for symbol in ("^RUT", "^GSPC")]).days
    assert found.magnitude is not None
    spread = pd.Series(found.magnitude, index=pd.DatetimeIndex(days))
    day = pd.Timestamp("2020-03-18")
    earlier = spread[spread.index < day]
    severity = grade(found, len(earlier), 0.01)
    assert (severity.percentile, severity.one_in) == (100.0, None)
    assert severity.larger is not None
    assert (
        pd.Timestamp(days[severity.larger]) == earlier[earlier >= spread[day]].index[-1] == pd.Timestamp("2008-10-10")
    )


def test_where_nothing_was_ever_as_large_the_first_session_is_named() -> None:
    column = np.ones(300, dtype=bool)
    magnitude = np.r_[np.nan, np.arange(299.0)]
    found = Judged(enter=column, stay=column, decides=column, measures={}, magnitude=magnitude)
    assert grade(found, 299, 0.01).larger == 1
    magnitude[-1] = 100.0
    assert grade(found, 299, 0.01).larger is None


# -- each rule on bars made for it ------------------------------------------------------------------------

FLAT = [100.0] * 60


def pair(own: list[float], other: list[float]) -> Real:
    return {"A": closes([*FLAT, *own], reach=0.5), "B": closes([*FLAT, *other], reach=0.5)}


@pytest.mark.parametrize(
    ("own", "other", "mirror", "enter", "stay"),
    [
        (99.99, 100.50, False, True, True),
        (100.00, 100.50, False, False, True),
        (99.99, 100.49, False, False, True),
        (100.09, 100.36, False, False, True),
        (100.11, 100.60, False, False, False),
        (99.00, 100.34, False, False, False),
        (100.01, 99.50, True, True, True),
        (99.91, 99.60, True, False, True),
        (99.99, 100.60, True, False, False),
    ],
)
def test_same_day_direction_enters_and_leaves_at_different_bounds(
    own: float, other: float, mirror: bool, enter: bool, stay: bool
) -> None:
    found = judged(pair([own], [other]), "same-day-direction", ("A", "B"), {"mirror": mirror})
    assert (bool(found.enter[-1]), bool(found.stay[-1])) == (enter, stay)


def test_every_reference_must_hold() -> None:
    bars = pair([99.0], [101.0]) | {"C": closes([*FLAT, 100.2])}
    assert not judged(bars, "same-day-direction", ("A", "B", "C"), {}).enter[-1]
    assert judged(bars, "same-day-direction", ("A", "B"), {}).enter[-1]


@pytest.mark.parametrize(("close", "on"), [(97.0, True), (97.01, False)])
def test_a_reversal_needs_its_whole_fall(close: float, on: bool) -> None:
    bars = {"A": closes([90.0] * 60 + [99.5, close], reach=0.5)}
    found = judged(bars, "record-reversal", ("A",), {"ranges": 0.0})
    assert bool(found.enter[-1]) is on
    assert found.measures["high"][-1] == 100.0


@pytest.mark.parametrize(("quiet", "on"), [(2, True), (3, False)])
def test_a_reversal_forgets_a_high_of_four_sessions_ago(quiet: int, on: bool) -> None:
    bars = {"A": closes([90.0] * 60 + [99.5] + [98.0] * quiet + [95.0], reach=0.5)}
    assert bool(judged(bars, "record-reversal", ("A",), {"ranges": 0.0}).enter[-1]) is on


def test_a_restless_market_must_fall_further() -> None:
    bars = {"A": closes([90.0, 94.0] * 30 + [99.5, 96.0], reach=0.5)}
    assert judged(bars, "record-reversal", ("A",), {"ranges": 0.0}).enter[-1]
    assert not judged(bars, "record-reversal", ("A",), {"ranges": 1.5}).enter[-1]


@pytest.mark.parametrize(("own", "on"), [(90.0, True), (90.01, False)])
def test_a_record_is_not_confirmed_from_ten_percent_down(own: float, on: bool) -> None:
    found = judged(pair([own], [100.5]), "record-non-confirmation", ("A", "B"), {})
    assert bool(found.enter[-1]) is on


@pytest.mark.parametrize(("sessions", "on"), [(252, False), (253, True)])
def test_or_from_a_drought_of_a_year(sessions: int, on: bool) -> None:
    own = [100.0, *[99.0] * sessions]
    other = [100.0 + at / 100 for at in range(sessions + 1)]
    bars = {"A": closes(own), "B": closes(other)}
    assert bool(judged(bars, "record-non-confirmation", ("A", "B"), {}).enter[-1]) is on


def weekly_pair(last: float) -> Real:
    """120 weeks of small leads and lags, then one in which A falls to `last` and B stays."""
    lags = [0.5 * (1 if week % 2 else -1) + week / 1000 for week in range(120)]
    own = [100.0, *[value for lag in lags for value in [100.0] * 4 + [100.0 + lag]]]
    for at in range(5, len(own), 5):
        own[at + 1 : at + 5] = [own[at]] * 4
    return {
        "A": closes([100.0] * 5 + own[1:] + [own[-1]] * 4 + [last], first=date(2019, 1, 7)),
        "B": closes([100.0] * (len(own) + 9), first=date(2019, 1, 7)),
    }


def test_a_week_lags_when_few_weeks_lagged_as_much() -> None:
    assert judged(weekly_pair(95.0), "weekly-lag", ("A", "B"), {}).on()[-1]
    assert not judged(weekly_pair(100.2), "weekly-lag", ("A", "B"), {}).on()[-1]
    assert judged(weekly_pair(105.0), "weekly-lag", ("A", "B"), {"mirror": True}).on()[-1]


def test_a_week_in_progress_stands_and_decides_nothing() -> None:
    found = judged(weekly_pair(95.0), "weekly-lag", ("A", "B"), {}, last_is_week_end=False)
    assert (bool(found.enter[-1]), bool(found.decides[-1])) == (True, False)


# -- words and ranks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [(-0.602, "−0.60\u00a0%"), (0.527, "+0.53\u00a0%"), (0.0, "0.00\u00a0%"), (-0.004, "0.00\u00a0%")],
)
def test_percentages_in_words(value: float, text: str) -> None:
    assert percent_text(value) == text


@pytest.mark.parametrize(("value", "text"), [(2541.67, "2,541.67"), (4.1234, "4.123"), (25002.97, "25,002.97")])
def test_prices_in_words(value: float, text: str) -> None:
    assert price_text(value) == text


@pytest.mark.parametrize(
    ("percentile", "word"),
    [(89.99, "info"), (90, "watch"), (97.49, "watch"), (97.5, "notable"), (99.5, "rare"), (100, "rare")],
)
def test_severity_by_percentile(percentile: float, word: str) -> None:
    assert word_for(percentile) == word


@pytest.mark.parametrize(("share", "word"), [(0.11, "info"), (0.1, "watch"), (0.025, "notable"), (0.005, "rare")])
def test_severity_of_events_by_how_rarely_they_are_on(share: float, word: str) -> None:
    column = np.array([True])
    event = Judged(enter=column, stay=column, decides=column, measures={})
    severity = grade(event, 0, share)
    assert severity.word == word
    assert severity.one_in == pytest.approx(1 / share)


def test_the_flag_of_17_october_2025_in_words(real: Real) -> None:
    setting = RULES[0]
    cut = {symbol: real[symbol].upto(date(2025, 10, 17)) for symbol in legs_of(setting)}
    engine = FlagEngine([setting], INSTRUMENTS)
    watch = Watch.over(setting, rules()[setting.rule], cut, last_is_week_end=True)
    measures = watch.judged.at(len(watch.aligned) - 1)
    assert measures["^RUT"] == pytest.approx(-0.602, abs=0.001)
    assert measures["^GSPC"] == pytest.approx(0.527, abs=0.001)
    assert measures["^DJI"] == pytest.approx(0.519, abs=0.001)
    assert measures["spread"] == pytest.approx(-1.13, abs=0.005)
    assert not engine.lives


def test_cases_within_twenty_sessions_are_one() -> None:
    on = np.zeros(100, dtype=bool)
    on[[3, 4, 23, 24, 60]] = True
    assert episodes(on, 20) == [3, 24, 60]


def test_what_followed_is_not_known_for_the_last_sessions() -> None:
    ahead = forward(np.array([100.0, 110.0, 99.0, 120.0]), 2)
    np.testing.assert_allclose(ahead, [-1.0, 100 * (120 / 110 - 1), np.nan, np.nan])
