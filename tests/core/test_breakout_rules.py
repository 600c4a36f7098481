"""Breaks that do not last and floors that do not hold: the autumn of 2025, Hong Kong's 25,000, and made bars."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import talib

from tapewatch.core.analytics.breakouts import back_below, first_record_closes
from tapewatch.core.bars import Bar, Bars
from tapewatch.core.model.config import Parameters

from ..market import closes, trading_days
from .test_price_rules import Real, frame, judged, over, plain, told

ROUND: Parameters = {"level": "round", "drought": 0.0}


def days_on(bars: Real, rule: str, symbol: str, parameters: Parameters) -> list[str]:
    aligned = over(bars, symbol)
    return [str(day) for day in aligned.days[judged(aligned, rule, parameters).on()]]


# -- D8 on real bars -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("within", "cases"), [(5.0, 10), (20.0, 13)])
def test_of_23_old_records_ten_were_lost_within_a_week_and_thirteen_within_a_month(
    real: Real, within: float, cases: int
) -> None:
    close = real["^RUT"].close
    broken = first_record_closes(close, 60)
    assert (len(broken), int(back_below(close, broken, int(within)).sum())) == (23, cases)
    assert len(days_on(real, "failed-breakout", "^RUT", {"within": within})) == cases


def test_the_record_of_2021_was_lost_on_the_fourth_session(real: Real) -> None:
    words = told(over(real, "^RUT"), "failed-breakout", date(2025, 9, 24), {})
    assert plain(words.sentence) == (
        "RUT closed at 2,434.98, back under the record of 2,442.74 that it broke 4 sessions ago with a close of "
        "2,467.70 (the rule asks that within 5 sessions, of a level out of reach for 60 before the break)."
    )
    assert words.brief == "back under the record of 2,442.74, broken 4 sessions ago"


def test_the_intraday_record_of_november_2024_failed_on_its_own_session(real: Real) -> None:
    """H 2,466.49 over 2,458.86, C 2,442.03."""
    words = told(over(real, "^RUT"), "failed-breakout", date(2024, 11, 25), {"basis": "high"})
    assert "back under the record of 2,458.86 that it broke this session with a high of 2,466.49" in words.sentence


@pytest.mark.parametrize(("basis", "day"), [("close", "2025-08-08"), ("high", "2025-08-06")])
def test_the_hang_seng_at_25000(real: Real, basis: str, day: str) -> None:
    """6 August: H 25,002.97 and no close there. 7 August closed at 25,081.63, the 8th at 24,858.82."""
    assert day in days_on(real, "failed-breakout", "^HSI", {**ROUND, "basis": basis})
    assert day in days_on(real, "failed-breakout", "^HSI", {"level": "user", "price": 25000.0, "drought": 0.0,
                                                            "basis": basis})  # fmt: skip


def test_the_article_was_wrong_that_it_never_closed_there(real: Real) -> None:
    words = told(over(real, "^HSI"), "failed-breakout", date(2025, 8, 8), ROUND).sentence
    assert "closed at 24,858.82, back under the round number of 25,000.00" in words
    assert "broke a session ago with a close of 25,081.63" in words


@pytest.mark.parametrize("mirror", [False, True])
def test_breaks_of_the_52_week_high_as_pandas_finds_them(real: Real, mirror: bool) -> None:
    """Written anew: a close over the high of the 364 days before it, back under that within five sessions."""
    sign = -1.0 if mirror else 1.0
    close = sign * frame(real["^IXIC"]).close
    level = close.rolling("364D").max().shift()
    level[close.index < close.index[0] + pd.Timedelta(days=364)] = np.nan
    expected: set[pd.Timestamp] = set()
    for at in np.flatnonzero(close > level):
        after = close.iloc[at + 1 : at + 6]
        under = after[after < level.iloc[at]]
        # twenty sessions before, the last one of them may have made the high
        if len(under) and (close.iloc[at - 19 : at] < level.iloc[at]).all():
            expected.add(under.index[0])
    found = days_on(real, "failed-breakout", "^IXIC", {"level": "year high", "drought": 20.0, "mirror": mirror})
    assert found == sorted(str(day.date()) for day in expected)
    assert len(found) > 20


# -- D8 on bars made for it ----------------------------------------------------------------------------------

QUIET = [100.0] + [99.0] * 60


def last_on(values: list[float], parameters: Parameters, reach: float = 0.2) -> bool:
    return bool(judged(over({"A": closes(values, reach=reach)}, "A"), "failed-breakout", parameters).on()[-1])


def flat(values: list[float]) -> Bars:
    """Bars that open where they close, and reach 0.2 further on both sides."""
    days = trading_days(len(values))
    return Bars.of([Bar(day, c, c + 0.2, c - 0.2, c) for day, c in zip(days, values, strict=True)])


@pytest.mark.parametrize(
    ("after", "on"),
    [
        ([101.0, 99.9], True),
        ([101.0, 100.0], False),
        ([100.0, 99.0], False),
        ([101.0, *[100.5] * 4, 99.9], True),
        ([101.0, *[100.5] * 5, 99.9], False),
        ([101.0, 99.9, 99.8], False),
        ([101.0, 99.9, 101.5, 99.9], False),
        ([101.0, 102.0, 100.5], False),
    ],
)
def test_an_old_record_is_lost_once_and_within_five_sessions(after: list[float], on: bool) -> None:
    assert last_on([*QUIET, *after], {}) is on


@pytest.mark.parametrize(("drought", "on"), [(61.0, True), (62.0, False)])
def test_the_record_must_be_as_old_as_asked(drought: float, on: bool) -> None:
    assert last_on([*QUIET, 101.0, 99.0], {"drought": drought}) is on


def test_of_two_breaks_that_fail_at_once_the_older_is_told() -> None:
    found = judged(over({"A": closes([*QUIET, 101.0, 102.0, 99.0])}, "A"), "failed-breakout", {"drought": 0.0})
    assert (found.measures["level"][-1], found.measures["sessions_since"][-1]) == (100.0, 2.0)


def test_a_high_over_the_record_is_enough_if_asked_for() -> None:
    bars = flat([*QUIET, 99.9])
    assert not judged(over({"A": bars}, "A"), "failed-breakout", {"basis": "high"}).on()[-1]
    last = Bar(bars.day(61), 99.9, 101.9, 99.8, 99.9)
    found = judged(over({"A": bars.merged(Bars.of([last]))}, "A"), "failed-breakout", {"basis": "high"})
    assert bool(found.on()[-1])
    assert (found.measures["reached"][-1], found.measures["sessions_since"][-1]) == (101.9, 0.0)


@pytest.mark.parametrize(("last", "on"), [(105.1, True), (105.3, False)])
def test_a_swing_high_is_a_level_once_it_is_known(last: float, on: bool) -> None:
    """A high of 105.2 in the middle of lower ones, passed by 106."""
    values = [110.0, *[100.0] * 20, 105.0, *[100.0] * 6, 106.0, last]
    bars = {"A": flat(values)}
    assert bool(judged(over(bars, "A"), "failed-breakout", {"level": "swing", "drought": 0.0}).on()[-1]) is on


@pytest.mark.parametrize("mirror", [False, True])
def test_a_level_of_the_traders_own(mirror: bool) -> None:
    up = [*[100.0] * 5, 104.0, 102.9]
    values = [200.0 - value for value in up] if mirror else up
    price = 97.0 if mirror else 103.0
    assert last_on(values, {"level": "user", "price": price, "drought": 0.0, "mirror": mirror})
    assert not last_on(values, {"level": "user", "price": price, "drought": 0.0, "mirror": not mirror})
    assert not last_on(values, {"level": "user", "drought": 0.0, "mirror": mirror})


def test_a_breakdown_that_fails_in_words() -> None:
    bars = {"A": closes([*[100.0] * 60, 91.0, *[95.0] * 70, 89.0, 92.0])}
    words = told(over(bars, "A"), "failed-breakout", bars["A"].day(132), {"level": "round", "mirror": True})
    assert "closed at 92.00, back over the round number of 90.00 that it broke a session ago with a close of 89.00" in (
        words.sentence
    )


# -- D9 ------------------------------------------------------------------------------------------------------


def test_the_first_retest_of_the_old_record_failed_on_25_september_2025(real: Real) -> None:
    """The close under it on the 24th was still within the band of a quarter of an average range."""
    found = days_on(real, "failed-retest", "^RUT", {})
    assert [day for day in found if "2025-09-18" <= day <= "2025-10-09"] == ["2025-09-25"]
    words = plain(told(over(real, "^RUT"), "failed-retest", date(2025, 9, 25), {}).sentence)
    bars = real["^RUT"].upto(date(2025, 9, 25))
    edge = 2442.74 - 0.25 * talib.ATR(bars.high, bars.low, bars.close, 14)[-1]
    assert words == (
        f"RUT closed at 2,411.04, under {edge:,.2f}, the lower edge of the band at its old record of 2,442.74; it "
        "broke that record 5 sessions ago and first came back to it 4 sessions ago (the rule asks that within the "
        "last 20 sessions)."
    )


@pytest.mark.parametrize(("within", "on"), [(4.0, True), (3.0, False)])
def test_the_touch_must_not_be_long_past(real: Real, within: float, on: bool) -> None:
    assert ("2025-09-25" in days_on(real, "failed-retest", "^RUT", {"within": within})) is on


@pytest.mark.parametrize(
    ("after", "on"),
    [
        ([103.0, 104.0, 99.0], True),
        ([103.0, 104.0, 100.0, 99.0], True),
        ([103.0, 104.0, 99.85], False),
        ([100.05, 99.0], False),
    ],
)
def test_a_floor_needs_a_confirmed_break_before_it_can_fail(after: list[float], on: bool) -> None:
    bars = {"A": closes([*QUIET, *after], reach=0.1)}
    assert bool(judged(over(bars, "A"), "failed-retest", {}).on()[-1]) is on
