"""Claims of a period: what never happened in it, and the first session of a phase."""

from datetime import date

import pytest

from tapewatch.core.bars import Bars
from tapewatch.core.claims.grammar import ClaimError
from tapewatch.core.model.claim import by_definition

from .test_claims import answer, held, made, of_closes, value

UP_BUT_ONE = of_closes(100, 102, 101, 104, 106)
"""A Friday, then four sessions of a week that ends higher, the second of them down."""


def test_never_fell_asks_every_session_of_the_period() -> None:
    found = answer("RUT never fell in the week of 2019-01-07", UP_BUT_ONE)
    assert found.verdict == "false"
    assert value(found, "sessions that did") == 1
    assert value(found, "lowest: RUT") == pytest.approx(-100 / 102)
    assert answer("RUT never fell 2 % in the week of 2019-01-07", UP_BUT_ONE).verdict == "true"
    assert answer("RUT never fell 0.5 % in the week of 2019-01-07", UP_BUT_ONE).verdict == "false"
    assert answer("RUT never fell between 2019-01-08 and 2019-01-10", UP_BUT_ONE).verdict == "true"
    assert answer("RUT never fell since 2019-01-07", UP_BUT_ONE).verdict == "false"


def test_never_asks_each_session_as_it_stood_on_its_own_day() -> None:
    bars = made([(100, 101, 99, 100), (100, 110, 90, 91), (91, 101, 89, 100)])
    assert answer("RUT never closed near its low in the week of 2019-01-07", bars).verdict == "false"
    assert answer("RUT did not close near its low in the week of 2019-01-07", bars).verdict == "true"


def test_never_of_several_is_said_of_each() -> None:
    both = {"^RUT": UP_BUT_ONE, "^GSPC": of_closes(100, 101, 102, 103, 104)}
    found = answer("RUT and SPX never fell in the week of 2019-01-07", both)
    assert [(part.label, part.verdict) for part in found.parts] == [("RUT", "false"), ("SPX", "true")]


def test_never_over_decades_is_refused_rather_than_read_as_one_change() -> None:
    with pytest.raises(ClaimError, match="session by session"):
        answer("RUT never closed near its low since 2005-01-03", long_history())


def long_history() -> Bars:
    return made([(100, 101, 99, 100)] * 2700, date(2005, 1, 3))


def test_a_level_never_closed_above_is_shown_with_the_highest_close() -> None:
    found = answer("RUT never closed above 111 in the week of 2019-01-07", UP_BUT_ONE)
    assert (found.verdict, value(found, "highest close")) == ("true", 106.0)


def test_a_bear_market_is_entered_once_and_lasts() -> None:
    bars = of_closes(100, 95, 79, 75, 82, 79)
    assert answer("RUT entered a bear market on 2019-01-08", bars).verdict == "true"
    assert answer("RUT entered a bear market on 2019-01-09", bars).verdict == "false"
    assert answer("RUT is in a bear market on 2019-01-09", bars).verdict == "true"
    assert answer("RUT entered a correction on 2019-01-10", bars).verdict == "false"
    assert answer("RUT entered a bear market on 2019-01-11", bars).verdict == "true"
    assert answer("RUT entered a bear market in the week of 2019-01-07", bars).verdict == "true"
    assert answer("RUT entered a pullback on 2019-01-07", bars).verdict == "true"


@pytest.mark.parametrize("words", ["closed at a record", "closed at an all-time high", "made a closing record"])
def test_who_closed_at_a_record_is_judged_by_closes(words: str) -> None:
    bars = made([(100, 101, 99, 100), (100, 105, 99, 102), (102, 106, 100, 101)])
    found = answer(f"RUT {words} on 2019-01-08", bars)
    assert (found.verdict, held(found)) == ("false", {"close": False})
    assert answer(f"RUT {words} on 2019-01-07", bars).verdict == "true"


def test_at_a_record_is_no_question_of_what_the_record_is() -> None:
    assert answer("RUT was at a record on 2019-01-08", UP_BUT_ONE).verdict == "false"
    assert answer("VIX is at a record", {"^VIX": UP_BUT_ONE}).verdict == "not computable"


def test_all_references_must_be_beaten_by_one_definition() -> None:
    """By the week RUT +2 against +1 and +3 %, from its first open +4 against +3 and +2 %."""
    both = {
        "^RUT": made([(100, 101, 99, 100), (98, 103, 97, 102)]),
        "^GSPC": made([(100, 101, 99, 100), (98, 103, 97, 101)]),
        "^DJI": made([(100, 101, 99, 100), (101, 104, 100, 103)]),
    }
    found = answer("RUT outperformed SPX and DJIA in the week of 2019-01-07", both)
    assert found.verdict == "depends"
    assert by_definition(found.parts) == {"w/w": False, "O>C": True}
    both["^GSPC"] = made([(100, 101, 99, 100), (90, 103, 89, 101)])
    assert answer("RUT outperformed SPX and DJIA in the week of 2019-01-07", both).verdict == "false"


def test_a_yields_week_runs_from_the_close_before_alone() -> None:
    bars = {"^TNX": made([(4.0, 4.1, 3.9, 4.0), (4.2, 4.3, 4.1, 4.2), (4.1, 4.2, 4.0, 4.1)])}
    assert held(answer("US10Y rose 10 bp in the week of 2019-01-07", bars)) == {"w/w": True}
    assert answer("US10Y fell 10 bp open to close in the week of 2019-01-07", bars).verdict == "not computable"
    assert answer("US10Y closed above 4 % on 2019-01-08", bars).verdict == "true"
    assert answer("US10Y gapped up on 2019-01-07", bars).verdict == "not computable"


def test_a_yield_is_flat_within_a_basis_point() -> None:
    assert answer("US10Y was flat on 2019-01-07", {"^TNX": of_closes(4.00, 4.01)}).verdict == "true"
    assert answer("US10Y was flat on 2019-01-07", {"^TNX": of_closes(4.00, 4.02)}).verdict == "false"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("RUT rose 1995", 'or "in 1995"'),
        ("RUT rose 57 on 2019-01-07", 'write "57 points" or "57 %"'),
        ("RUT fell 2 while SPX rose 1 on 2019-01-07", "of what"),
        ("RUT rose 0 sessions in a row", "one session or more"),
        ("RUT outperformed RUT", "against itself"),
        ("RUT is more volatile than the Russell 2000", "against itself"),
        ("RUT closed above 5 % on 2019-01-07", "a level is a price"),
    ],
)
def test_what_means_nothing_is_refused(claim: str, said: str) -> None:
    with pytest.raises(ClaimError, match=said):
        answer(claim, {"^RUT": UP_BUT_ONE, "^GSPC": UP_BUT_ONE})


def test_a_date_before_all_bars_is_a_date_without_bars() -> None:
    found = answer("RUT fell on 1600-01-01", UP_BUT_ONE)
    assert (found.verdict, found.parts[0].readings) == ("unknown", ())
    assert "they begin on 2019-01-04" in found.missing[0]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("RUT lost ground on 2019-01-08", "true"),
        ("RUT didn't fall on 2019-01-08", "false"),
        ("RUT gapped up on 2019-01-07", "true"),
        ("RUT posted its second gain in a row on 2019-01-10", "true"),
        ("RUT posted its first gain in a row on 2019-01-10", "false"),
        ("RUT was 0.98 % off its high on 2019-01-08", "depends"),
        ("RUT closed below its record high on 2019-01-08", "true"),
        ("RUT broke through 2000 on 2019-01-08", "false"),
        ("RUT doubled since 2019-01-04", "false"),
        ("RUT rose 6 % week on week on 2019-01-10", "true"),
        ("RUT rose 6 % month to date on 2019-01-10", "unknown"),
        ("RUT rose 6 % for the week ended 2019-01-10", "true"),
    ],
)
def test_a_traders_own_words(claim: str, verdict: str) -> None:
    assert answer(claim, UP_BUT_ONE).verdict == verdict
