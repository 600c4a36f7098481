"""Claims judged on a few made bars whose figures can be reckoned by hand."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.bars import Bar, Bars
from tapewatch.core.claims.check import check, forms
from tapewatch.core.claims.grammar import ClaimError, UnknownFormError
from tapewatch.core.claims.judging import Form
from tapewatch.core.model.claim import Answer
from tapewatch.core.sessions import Calendars
from tapewatch.core.universe import INSTRUMENTS

from ..market import trading_days

CALENDARS = Calendars()
MONDAY = date(2019, 1, 7)
LATER = date(2030, 1, 1)
"""A day from which the bars are old enough to be their own calendar."""


def made(prices: Sequence[tuple[float, float, float, float]], first: date = date(2019, 1, 4)) -> Bars:
    """Bars of open, high, low and close from a Friday on: the week begins with the second one."""
    days = trading_days(len(prices), first)
    return Bars.of(Bar(day, *four) for day, four in zip(days, prices, strict=True))


def of_closes(*closes: float) -> Bars:
    return made([(close, close + 1.0, close - 1.0, close) for close in closes])


WEEK = made([
    (100, 101, 99, 100),
    (104, 106, 103, 105),
    (106, 112, 105, 110),
    (109, 111, 100, 101),
    (102, 103, 100, 102),
    (103, 104, 101, 103),
])  # fmt: skip
"""A close of 100, then a week that opens at 104, closes first at 105, peaks at 112 and ends at 103."""


def answer(claim: str, bars: Bars | Mapping[str, Bars] = WEEK, today: date = LATER) -> Answer:
    held = {"^RUT": bars} if isinstance(bars, Bars) else bars
    return check(claim, INSTRUMENTS, held, today, CALENDARS)


def held(found: Answer) -> dict[str, bool | None]:
    return {reading.basis: reading.holds for part in found.parts for reading in part.readings}


def value(found: Answer, label: str) -> float | None:
    readings = [reading for part in found.parts for reading in part.readings]
    return next(figure.value for one in readings for figure in one.figures if figure.label == label)


def test_a_week_has_three_changes_and_the_claim_depends_on_which() -> None:
    found = answer("RUT rose 3 % in the week of 2019-01-07")
    assert (found.verdict, held(found)) == ("true", {"w/w": True, "O>C": False, "1stC>C": False})
    assert value(found, "RUT w/w") == pytest.approx(3.0)
    assert value(found, "RUT O>C") == pytest.approx(-100 / 104)
    assert value(found, "RUT 1stC>C") == pytest.approx(-200 / 105)
    assert answer("RUT fell 0.96 % in the week of 2019-01-07").verdict == "depends"
    assert answer("RUT fell 0.96 % open to close in the week of 2019-01-07").verdict == "true"
    assert answer("RUT rose in the week of 2019-01-07").verdict == "depends"
    assert answer("RUT fell 5 % in the week of 2019-01-07").verdict == "false"


def test_a_record_is_made_on_one_basis_and_not_on_the_other() -> None:
    bars = made([(100, 101, 99, 100), (100, 105, 99, 102), (102, 106, 100, 101)])
    found = answer("RUT made a record on 2019-01-08", bars)
    assert (found.verdict, held(found)) == ("depends", {"intraday": True, "close": False})
    assert answer("RUT made a record close on 2019-01-08", bars).verdict == "false"
    assert answer("RUT made an intraday record of 106 on 2019-01-08", bars).verdict == "true"


def test_a_match_of_a_record_is_no_new_one() -> None:
    bars = of_closes(100, 105, 101, 105)
    assert answer("RUT made a record on 2019-01-09", bars).verdict == "false"
    assert answer("RUT has not made a record since 2019-01-07 as of 2019-01-09", bars).verdict == "true"


def test_a_gain_is_given_back_by_the_share_of_it_that_is_gone() -> None:
    bars = of_closes(100, 110, 104, 101)
    assert value(answer("RUT gave back most of its gain of 2019-01-07 by 2019-01-08", bars), "given back") == 60.0
    assert answer("RUT gave back most of its gain of 2019-01-07 by 2019-01-08", bars).verdict == "true"
    assert answer("RUT gave back all of its gain of 2019-01-07 by 2019-01-09", bars).verdict == "false"
    assert answer("RUT gave back 90 % of Monday's gains by 2019-01-09", bars).verdict == "true"
    assert answer("RUT gave back all of its gain of 2019-01-08 by 2019-01-09", bars).verdict == "unknown"


def test_near_the_low_is_the_lowest_fifth_of_the_range() -> None:
    def closed(at: float) -> Bars:
        return made([(100, 101, 99, 100), (100, 110, 90, at)])

    assert answer("RUT closed near its low on 2019-01-07", closed(94)).verdict == "true"
    assert answer("RUT closed near its low on 2019-01-07", closed(94.1)).verdict == "false"
    assert answer("RUT closed near its high on 2019-01-07", closed(106)).verdict == "true"


def test_a_session_without_a_range_is_near_nothing() -> None:
    flat = made([(100, 101, 99, 100), (100, 100, 100, 100)])
    assert answer("RUT closed near its low on 2019-01-07", flat).verdict == "unknown"


def test_of_several_subjects_one_that_fails_fails_the_claim() -> None:
    both = {"^RUT": of_closes(100, 101), "^GSPC": of_closes(100, 100.4)}
    found = answer("RUT and SPX rose over 0.50 % on 2019-01-07", both)
    assert [part.verdict for part in found.parts] == ["true", "false"]
    assert found.verdict == "false"


def test_a_leg_without_bars_is_named_and_the_other_still_judged() -> None:
    found = answer("RUT and SPX rose on 2019-01-07", {"^RUT": of_closes(100, 101)})
    assert [part.verdict for part in found.parts] == ["true", "unknown"]
    assert found.missing == ("no bars of SPX",)
    assert answer("RUT led SPX on 2019-01-07", {"^RUT": of_closes(100, 101)}).verdict == "unknown"


def test_a_spread_is_the_difference_of_two_changes_in_points() -> None:
    both = {"^RUT": of_closes(100, 98), "^GSPC": of_closes(200, 202)}
    found = answer("RUT lagged SPX by 3.00 pp on 2019-01-07", both)
    assert found.verdict == "true"
    assert value(found, "RUT less SPX") == pytest.approx(-3.0)
    assert answer("RUT led SPX on 2019-01-07", both).verdict == "false"
    assert answer("RUT fell 2 % while SPX rose 1 % on 2019-01-07", both).verdict == "true"


def test_a_yield_moves_in_basis_points_and_never_in_percent_of_itself() -> None:
    bars = {"^TNX": of_closes(4.00, 4.05)}
    assert answer("US10Y rose 5 bp on 2019-01-07", bars).verdict == "true"
    with pytest.raises(ClaimError, match="basis points"):
        answer("US10Y rose 1.25 % on 2019-01-07", bars)
    assert answer("US10Y made a record on 2019-01-07", bars).verdict == "not computable"


def test_a_level_is_closed_above_held_broken_or_only_touched() -> None:
    bars = made([(95, 98, 94, 97), (97, 101, 96, 99), (99, 103, 98, 102), (102, 104, 101, 103), (103, 103, 98, 99)])
    assert answer("RUT broke above 100 on 2019-01-07", bars).verdict == "depends"
    assert answer("RUT broke above 100 on 2019-01-08", bars).verdict == "true"
    assert answer("RUT closed above 100 in the week of 2019-01-07", bars).verdict == "true"
    assert answer("RUT held above 100 in the week of 2019-01-07", bars).verdict == "false"
    assert answer("RUT reached 100 on 2019-01-09", bars).verdict == "false"
    assert answer("RUT failed at 100 in the week of 2019-01-07", bars).verdict == "depends"


def test_what_a_claim_denies_is_true_where_the_claim_is_false() -> None:
    assert answer("RUT did not rise on 2019-01-09").verdict == "true"
    assert answer("RUT never closed above 111 in the week of 2019-01-07").verdict == "true"


def test_nothing_is_read_across_a_hole_in_the_bars() -> None:
    far = Bars.of([*(WEEK.bar(index) for index in range(6)), Bar(date(2019, 6, 3), 120, 121, 119, 120)])
    assert answer("RUT rose on 2019-06-03", far).missing == ("RUT has no close before 2019-06-03",)
    assert "no bar of 2019-04-01" in answer("RUT rose on 2019-04-01", far).missing[0]


closes = st.lists(st.floats(50.0, 150.0).map(lambda price: round(price, 2)), min_size=7, max_size=30)


@given(closes, st.integers(1, 6))
def test_no_bar_after_the_claims_day_is_looked_at(prices: list[float], at: int) -> None:
    bars = of_closes(*prices)
    day, known = bars.day(at), bars.slice(0, at + 1)
    for claim in ("RUT rose on", "RUT made a record on", "RUT closed near its low on", "RUT rose for the week on"):
        assert answer(f"{claim} {day}", bars) == answer(f"{claim} {day}", known)


@given(closes)
def test_a_claim_of_the_very_change_is_true_and_of_the_opposite_false(prices: list[float]) -> None:
    bars = of_closes(*prices)
    change = 100.0 * (prices[-1] - prices[-2]) / prices[-2]
    assert answer(f"RUT changed {change:.4f} % on {bars.day(len(bars) - 1)}", bars).verdict == "true"
    if abs(change) > 1e-3:
        assert answer(f"RUT changed {-change:.4f} % on {bars.day(len(bars) - 1)}", bars).verdict == "false"


DATES = [
    "", "on 2019-01-07", "on 2019-01-04", "on 2018-12-31", "in the week of 2019-01-07", "in 2019", "in January 2019",
    "since 2019-01-07", "since 1990", "as of 2019-01-09", "between 2019-01-04 and 2019-01-08", "yesterday", "this week",
]  # fmt: skip


@given(st.sampled_from(forms()), st.sampled_from(["RUT", "US10Y", "VIX", "IWM"]), st.sampled_from(DATES))
def test_every_form_of_any_instrument_and_date_is_answered_or_refused_in_words(
    form: Form, symbol: str, when: str
) -> None:
    words = re.sub(r"\b(?:on|in|since|until|by|as of|in the week of) (?:\d{4}|\w+ \d{4})[-\d]*", "", form.example)
    bars: dict[str, Bars] = dict.fromkeys(("^RUT", "^TNX", "^VIX", "^GSPC", "IWM"), WEEK)
    try:
        found = answer(re.sub(r"\bRUT\b", symbol, f"{words} {when}"), bars)
    except (ClaimError, UnknownFormError):
        return
    assert found.verdict in ("true", "false", "depends", "unknown", "not computable")
    figures = [figure for part in found.parts for reading in part.readings for figure in reading.figures]
    assert all(figure.value is None or math.isfinite(figure.value) for figure in figures)
    assert (found.verdict == "unknown") <= bool(found.missing)
