"""Records that are turned away from or not confirmed: every basis and the mirror, and how often each rule is on."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tapewatch.core.bars import Bars
from tapewatch.core.flags import rules
from tapewatch.core.flags.aligned import Aligned, align
from tapewatch.core.flags.rule import Judged, Names, Telling, Wording
from tapewatch.core.model.config import Parameters

from ..market import closes

Real = dict[str, Bars]
NAMES = Names(short={"^RUT": "RUT", "^GSPC": "SPX"}, name={"^RUT": "Russell 2000"})


def over(bars: Real, *symbols: str) -> Aligned:
    return align([(symbol, bars[symbol]) for symbol in symbols])


def judged(aligned: Aligned, rule: str, parameters: Parameters) -> Judged:
    return rules()[rule].judge(aligned, rules()[rule].parameters(parameters))


def told(aligned: Aligned, rule: str, day: date, parameters: Parameters) -> Wording:
    """A rule's words for one of its days."""
    found, chosen = judged(aligned, rule, parameters), rules()[rule].parameters(parameters)
    at = int(np.searchsorted(aligned.days, np.datetime64(day)))
    assert found.on()[at]
    against = tuple(leg.symbol for leg in aligned.against)
    return rules()[rule].tell(Telling(found.at(at), chosen, aligned.watched.symbol, against, NAMES, final=True))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def frame(bars: Bars) -> pd.DataFrame:
    columns = {"high": bars.high, "low": bars.low, "close": bars.close}
    return pd.DataFrame(columns, index=pd.DatetimeIndex(bars.days))


# -- D7: turned away from a high, on three bases -----------------------------------------------------------


@pytest.mark.parametrize(("within", "days"), [(2, 6), (3, 17), (4, 38), (5, 62), (6, 87)])
def test_days_three_percent_off_a_record_close(real: Real, within: float, days: int) -> None:
    parameters: Parameters = {"basis": "record close", "within": float(within), "fall": 3.0, "ranges": 0.0}
    assert int(judged(over(real, "^RUT", "^GSPC"), "record-reversal", parameters).on().sum()) == days


def test_a_rise_off_a_52_week_low_as_pandas_finds_it(real: Real) -> None:
    aligned = over(real, "^RUT")
    parameters: Parameters = {"basis": "year high", "mirror": True, "within": 3.0, "fall": 3.0, "ranges": 0.0}
    found = judged(aligned, "record-reversal", parameters).on()
    day = frame(real["^RUT"])
    low = day.low.rolling("364D").min()
    fresh = (day.low == low).rolling(4, min_periods=1).max().astype(bool)
    # a low that a later session undercut is no low of that later window, but then the later session is fresh itself
    expected = fresh & (100 * (day.close - low) / low >= 3.0)
    np.testing.assert_array_equal(found, expected.to_numpy())
    assert found.sum() > 50


def test_the_low_of_april_2025_in_words(real: Real) -> None:
    """Wednesday 9 April: 1,732.99 and back to 1,913.16 on the same day."""
    parameters: Parameters = {"basis": "year high", "mirror": True}
    words = told(over(real, "^RUT"), "record-reversal", date(2025, 4, 9), parameters)
    assert plain(words.sentence).startswith(
        "Russell 2000 closed 10.40 % over its 52-week low of 1,732.99, made this session; the rule asks "
    )
    assert words.brief == "+10.40\u00a0% from this session’s 52-week low"
    assert words.clears_when.startswith("a close under 1,8")
    assert words.clears_when.endswith(", or 4 more sessions without a new 52-week low")


def test_the_reversal_of_17_october_2025_is_over_after_two_more_sessions(real: Real) -> None:
    """The record is of Wednesday: with Wednesday within three sessions on Monday, and past them on Tuesday."""
    words = told(over(real, "^RUT"), "record-reversal", date(2025, 10, 17), {})
    assert words.clears_when == "a close above 2,465.42, or 2 more sessions without a new record"


# -- D5: not confirmed, by the secondary high, and at lows -------------------------------------------------

RISE = [100.0 + at for at in range(12)]
DIP = [111.0 - at for at in range(1, 7)]


def pair(own: list[float], other: list[float]) -> Real:
    return {"A": closes(own), "B": closes(other)}


@pytest.mark.parametrize(
    ("last", "sessions", "on"),
    [(111.0, 1, False), (111.5, 1, True), (111.5, 2, False)],
)
def test_the_reference_must_pass_its_secondary_high_today(last: float, sessions: int, on: bool) -> None:
    """B turned at 111, fell for six sessions and is back; A lies five percent under its own turn."""
    other = [*RISE, *DIP, *[last] * sessions]
    own = [*RISE, *DIP, *[105.0] * sessions]
    parameters: Parameters = {"basis": "secondary high", "depth": 5.0}
    assert bool(judged(over(pair(own, other), "A", "B"), "record-non-confirmation", parameters).enter[-1]) is on


def test_a_turning_point_counts_once_it_is_known() -> None:
    """Four sessions after the turn nobody can call it one."""
    other = [*RISE, *DIP[:4], 111.5]
    own = [*RISE, *DIP[:4], 90.0]
    parameters: Parameters = {"basis": "secondary high", "depth": 5.0}
    assert not judged(over(pair(own, other), "A", "B"), "record-non-confirmation", parameters).enter.any()


def test_passing_a_secondary_high_again_is_nothing_new() -> None:
    other = [*RISE, *DIP, 111.5, 110.0, 111.8]
    found = judged(
        over(pair([*RISE, *DIP, 90.0, 90.0, 90.0], other), "A", "B"),
        "record-non-confirmation",
        {"basis": "secondary high", "depth": 5.0},
    )
    assert found.enter[-3:].tolist() == [True, False, False]


@pytest.mark.parametrize(("own", "on"), [(110.0, True), (109.99, False)])
def test_a_low_of_the_reference_that_is_not_confirmed(own: float, on: bool) -> None:
    falling = [100.0 - at / 100 for at in range(260)]
    bars = pair([*[100.0] * 260, own], [*falling, 97.0])
    found = judged(over(bars, "A", "B"), "record-non-confirmation", {"mirror": True, "drought": 1e9})
    assert bool(found.enter[-1]) is on


def test_a_low_on_both_is_confirmed() -> None:
    falling = [100.0 - at / 100 for at in range(261)]
    found = judged(over(pair(falling, falling), "A", "B"), "record-non-confirmation", {"mirror": True})
    assert not found.enter.any()


def test_non_confirmation_in_words(real: Real) -> None:
    aligned = over(real, "^RUT", "^GSPC")
    chosen: Parameters = {"basis": "secondary high", "depth": 3.0}
    last = int(np.flatnonzero(judged(aligned, "record-non-confirmation", chosen).on())[-1])
    words = plain(told(aligned, "record-non-confirmation", aligned.days[last].astype(object), chosen).sentence)
    assert words.startswith("SPX closed above its last secondary high of ")
    assert "RUT stands −" in words
    assert words.endswith("(the rule asks −3 % or 252 sessions).")


# -- how often ---------------------------------------------------------------------------------------------

PANEL = ("^DJI", "^IXIC", "^NDX", "^RUT", "^GSPC", "^HSI")
EITHER_WAY = ("record-reversal", "failed-breakout", "momentum-divergence", "breadth-divergence")


@pytest.mark.parametrize("watched", ["^RUT", "^GSPC", "^IXIC"])
@pytest.mark.parametrize(
    ("rule", "mirror"), [*((rule, mirror) for rule in EITHER_WAY for mirror in (False, True)), ("failed-retest", False)]
)
def test_no_rule_of_price_is_wallpaper(real: Real, rule: str, mirror: bool, watched: str) -> None:
    members = [one for one in PANEL if one != watched] if rules()[rule].references else []
    found = judged(over(real, watched, *members), rule, {"mirror": True} if mirror else {})
    assert found.magnitude is None
    assert (0.0 if mirror else 0.0005) <= float(found.on().mean()) <= 0.03
