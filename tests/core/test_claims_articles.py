"""The articles held against real bars: each claim's verdict and the figures independent libraries found."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tapewatch.core.bars import Bars
from tapewatch.core.claims.check import check
from tapewatch.core.model.claim import Answer
from tapewatch.core.sessions import Calendars
from tapewatch.core.universe import INSTRUMENTS

TODAY = date(2026, 1, 20)
CALENDARS = Calendars()
Checked = Callable[[str], Answer]


@pytest.fixture(scope="module")
def checked(real: dict[str, Bars]) -> Checked:
    return lambda claim: answered(claim, real)


def answered(claim: str, bars: Mapping[str, Bars]) -> Answer:
    return check(claim, INSTRUMENTS, bars, TODAY, CALENDARS)


def figures(answer: Answer) -> list[float]:
    readings = [reading for part in answer.parts for reading in part.readings]
    return [figure.value for reading in readings for figure in reading.figures if figure.value is not None]


ARTICLE_000 = [
    ("RUT made an intraday record of 2,541.67 on 2025-10-15", "true", [2541.67]),
    ("RUT made an intraday record on 2025-10-14", "true", [2512.68, 2501.92]),
    ("RUT closed 3.5 % below its intraday record on 2025-10-17", "true", [3.521, 89.50]),
    ("RUT closed nearly 90 points below its intraday record on 2025-10-17", "true", [89.50]),
    ("RUT closed two sessions after its intraday record on 2025-10-17", "true", [2]),
    ("RUT closed the week of 2025-10-13 with a 1.2 % gain", "depends", [2.405, 1.204]),
    ("RUT rose 2.40 % in the week of 2025-10-13", "true", [2.405, 1.204]),
    ("RUT opened 1.19 % higher in the week of 2025-10-13", "true", [1.19]),
    ("RUT traded in a 71-point range on 2025-10-16", "true", [71.04, 2.82]),
    ("RUT closed near its low on 2025-10-16", "true", [12.3]),
    ("RUT opened near its peak on 2025-10-16", "true", [-0.73, 2523.05]),
    ("RUT fell 0.60 % on 2025-10-17", "true", [-0.602]),
    ("RUT closed near its session low 2,433.19 on 2025-10-17", "false", [59.5, 18.98, 2433.19]),
    ("SPX and DJIA rose over 0.50 % on 2025-10-17", "true", [0.527, 0.519]),
    ("SPX and DJIA rose over 0.53 % on 2025-10-17", "false", [0.527, 0.519]),
    ("RUT fell while SPX and DJIA rose over 0.50 % on 2025-10-17", "true", [-0.602, 0.527, 0.519]),
    ("RUT wiped out the week's prior gains by 2025-10-16", "false", [1.82, 3.02]),
    ("RUT lagged SPX in the week of 2025-10-13", "depends", [0.70]),
    ("RUT led SPX by 0.70 pp in the week of 2025-10-13", "true", [0.70]),
    ("RUT closed below 2,500 on 2025-10-17", "true", [2452.17]),
    ("RUT traded in a 5.18 % range in the week of 2025-10-13", "true", [5.18]),
    ("NDX and COMP were wild in the week of 2025-10-13", "false", [3.06, 3.03]),
    ("DJIA was turbulent in the week of 2025-10-13", "false", [2.73]),
    ("SPX was volatile in the week of 2025-10-13", "false", [2.58]),
]
ARTICLE_001 = [
    ("RUT rose 0.28 % in the week of 2025-08-04", "depends", [0.277, 2.383, 1.898]),
    ("RUT rose 0.17 % on 2025-08-08", "true", [0.167]),
    ("SPX rose 0.78 % on 2025-08-08", "true", [0.780]),
    ("The Nasdaq rose 0.98 % on 2025-08-08", "true", [0.976]),
    ("RUT lagged COMP by 1.49 pp in the week of 2025-08-04", "true", [-1.49]),
    ("RUT lagged SPX by 0.04 pp in the week of 2025-08-04", "true", [-0.04]),
    ("RUT lagged SPX in the week of 2025-08-04", "depends", [-0.04]),
    ("RUT made its weekly high on 2025-08-05", "depends", [2225.67, 2243.16]),
    ("RUT made its weekly high of 2,225.67 on closes on 2025-08-05", "true", [2225.67]),
    ("RUT gave back all of Tuesday's gains by 2025-08-07", "false", [81.9]),
    ("the 52-week range of RUT was 1,732.99-2,466.49 on 2025-08-08", "true", [1732.99, 2466.49, 1760.71, 2442.03]),
    ("RUT was at 66.2 % of its 52-week range on 2025-08-08", "true", [66.2]),
    ("RUT was well within its 52-week range on 2025-08-08", "true", [66.2]),
    ("RUT was 10.06 % below its 52-week high on 2025-08-08", "true", [10.06, 11.18]),
    ("SPX closed 0.58 % below its intraday record on 2025-08-08", "true", [0.58]),
    ("COMP closed 0.07 % below its intraday record on 2025-08-08", "true", [0.07]),
    ("DJIA closed 1.99 % below its intraday record on 2025-08-08", "true", [1.99]),
    ("HSI failed at 25,000 in the week of 2025-08-04", "depends", [25002.97, 25081.63, 24858.82]),
    ("HSI rose 1.43 % in the week of 2025-08-04", "true", [1.43]),
]
ARTICLE_002 = [
    ("the intraday record of RUT was 2,458 on 2021-11-05 as of 2024-11-22", "false", [2458.86]),
    ("the intraday record of RUT was 2,458.86 on 2021-11-08 as of 2024-11-22", "true", [2458.86]),
    ("RUT retested its record on 2024-11-25", "true", [7.63, -0.71]),
    ("RUT made a record on 2024-11-25", "depends", [2466.49, 2442.03]),
    ("RUT has not made a record in three years as of 2024-11-29", "depends", [769, 1117, 3]),
    ("RUT has not made a record close in three years as of 2024-11-29", "true", [769, 1117]),
    ("RUT rose 10.8 % in November 2024", "true", [10.838]),
    ("SPX rose 5.7 % in November 2024", "true", [5.730]),
    ("NDX rose 5.2 % in November 2024", "true", [5.228]),
    ("DJIA rose 7.5 % in November 2024", "true", [7.536]),
    ("the return of RUT was almost double that of SPX and NDX in November 2024", "true", [1.89, 2.07]),
    ("the 50- and 200-day averages of RUT slope up on 2024-11-29", "true", [2201.56, 2277.07, 2093.62, 2131.96]),
    ("RUT outperformed SPX since Q3 2024 as of 2024-11-29", "true", []),
]
ARTICLE_003 = [
    ("RUT closed above 2,565 in December 2025", "true", [2590.61, 1]),
    ("RUT closed above 2,565 as of 2025-12-15", "depends", [2590.61]),
    ("RUT closed above 2,565 since 2025-12-31 as of 2026-01-12", "true", [5]),
    ("RUT had not seen 2,565 since its 2021 peak as of 2025-12-01", "false", []),
    ("RUT closed 5.55 % above its 50-day average on 2026-01-09", "true", [5.55]),
    ("the RSI of RUT is 63 on 2026-01-08", "true", [63.47]),
    ("the RSI of RUT is 63 on 2026-01-09", "false", [65.82]),
    ("the MACD of RUT crossed up on 2026-01-07", "true", [-0.52, 1.50]),
    ("the ATR of RUT was 43.6 on 2025-10-17", "true", [43.57]),
    ("the volatility of RUT was 21.5 % a year since 1987-09-10", "depends", [21.54]),
    ("RUT reached 2595.98 in December 2025", "true", [2595.98]),
    ("RUT rose 43.68 % in 1991", "true", [43.676]),
    ("SPX rose 30.47 % in 1991", "false", [26.31]),
    ("RUT rose 47.58 % in 2003", "false", [45.37]),
    ("SPX rose 31 % in 2003", "false", [26.38]),
    ("SPX was ahead of RUT by 13.3 in 2024, widest since 1998", "true", [13.290, 13.20]),
    ("RUT was ahead of SPX by 44.4 pp between 2020-03-31 and 2021-03-31", "false", [38.86]),
    ("SPX returned 10.48 % a year since 1927-12-30", "false", [6.28]),
    ("RUT is more volatile than SPX since 1987-09-10", "true", []),
    ("RUT went five years without a record close until 2025-09-18", "false", [1410, 968, 3.86]),
    ("the smallest 2,000 companies in the S&P Composite 1500", "not computable", []),
]
ARTICLE_004 = [
    ("the record close of RUT was near 2,442 as of 2025-09-17", "true", [2442.74]),
    ("RUT closed 1.02 % above its old record close on 2025-09-18", "true", [1.02, 24.96]),
    ("RUT went 1410 days without a record close until 2025-09-18", "true", [1410, 968]),
    ("RUT broke below 2442.74 on closes on 2025-09-24", "true", [2434.98]),
    ("RUT returned 7.47 % a year since 1987-09-10", "true", [7.47]),
    ("RUT outperformed SPX since 1987-09-10", "false", []),
    ("record inflows into IWM", "not computable", []),
]
CLAIMS = [*ARTICLE_000, *ARTICLE_001, *ARTICLE_002, *ARTICLE_003, *ARTICLE_004]


@pytest.mark.parametrize(("claim", "verdict", "values"), CLAIMS, ids=[row[0] for row in CLAIMS])
def test_claim(checked: Checked, claim: str, verdict: str, values: list[float]) -> None:
    answer = checked(claim)
    assert answer.verdict == verdict
    for value in values:
        slack = 0.0051 if abs(value) < 1000 or value == int(value) else 0.011
        decimals = len(str(value).partition(".")[2]) if value != int(value) else 2
        assert any(abs(found - value) <= max(slack, 0.51 * 10**-decimals) for found in figures(answer)), (
            value, figures(answer),
        )  # fmt: skip


@pytest.mark.parametrize("row", CLAIMS, ids=[row[0] for row in CLAIMS])
def test_no_answer_looks_past_its_own_day(real: dict[str, Bars], row: tuple[str, str, list[float]]) -> None:
    """Bars after an answer's last day, however wild, change nothing in it."""
    before = answered(row[0], real)
    cut = before.as_of
    if cut is None:
        return
    assert answered(row[0], {symbol: crashed_after(bars, cut) for symbol, bars in real.items()}) == before


def crashed_after(bars: Bars, day: date) -> Bars:
    at = len(bars.upto(day))
    later = bars.slice(at, len(bars))
    o, h, l, c = (column / 7.0 for column in (later.open, later.high, later.low, later.close))  # noqa: E741
    return bars.slice(0, at).merged(Bars.columns(later.days, o, h, l, c, later.volume))


def test_the_week_of_article_001_was_an_ordinary_one(checked: Checked) -> None:
    answer = checked("RUT lagged SPX by 0.04 pp in the week of 2025-08-04")
    rank = next(
        figure.value
        for reading in answer.parts[0].readings
        for figure in reading.figures
        if figure.unit == "percentile"
    )  # fmt: skip
    assert rank is not None
    assert 40 < rank < 60
    assert any("ordinary week" in note for note in answer.notes)


def test_a_weekend_means_the_session_before_and_says_so(checked: Checked) -> None:
    answer = checked("RUT fell 0.60 % on 2025-10-18")
    assert answer.verdict == "true"
    assert answer.moved == ("2025-10-18 is no session of RUT; taken is the last before it, Friday 2025-10-17",)


def test_without_a_date_the_last_final_session_is_meant(checked: Checked, real: dict[str, Bars]) -> None:
    bars = real["^RUT"]
    change = 100 * (bars.close[-1] / bars.close[-2] - 1)
    answer = checked(f"RUT changed {change:+.2f} %")
    assert (answer.verdict, answer.as_of) == ("true", date(2026, 1, 16))


def test_a_hole_is_named_and_never_bridged(checked: Checked) -> None:
    answer = checked("US10Y rose 3 bp on 2023-05-05")
    assert answer.verdict == "unknown"
    assert "US10Y has no bar of 2023-05-05" in answer.missing[0]


def test_a_date_after_the_newest_bar_is_unknown_not_judged_by_an_older_one(real: dict[str, Bars]) -> None:
    answer = check("RUT fell on 2026-03-04", INSTRUMENTS, real, date(2026, 3, 6), Calendars())
    assert answer.verdict == "unknown"
    assert "the last before it is of 2026-01-16" in answer.missing[0]


def test_a_period_that_lost_a_session_says_which(real: dict[str, Bars]) -> None:
    bars = real["^RUT"]
    at = bars.index_of(date(2025, 10, 15))
    assert at is not None
    holed = bars.slice(0, at).merged(bars.slice(at + 1, len(bars)))
    answer = answered("RUT rose in the week of 2025-10-13", {**real, "^RUT": holed})
    assert answer.missing == ("RUT: bars of 4 of 5 sessions of the week; none of 2025-10-15",)


def test_a_week_under_way_is_judged_as_far_as_it_went(real: dict[str, Bars]) -> None:
    upto = {symbol: bars.upto(date(2025, 10, 15)) for symbol, bars in real.items()}
    answer = check("RUT rose this week", INSTRUMENTS, upto, date(2025, 10, 15) + timedelta(days=1), Calendars())
    assert answer.notes == ("the week is not over: 3 of 5 sessions of RUT",)
    assert answer.as_of == date(2025, 10, 15)


CHANGED_BY_A_HIGHER_HIGH = {
    "RUT made an intraday record of 2,541.67 on 2025-10-15",
    "RUT closed 3.5 % below its intraday record on 2025-10-17",
    "RUT closed nearly 90 points below its intraday record on 2025-10-17",
    "RUT closed two sessions after its intraday record on 2025-10-17",
    "RUT opened near its peak on 2025-10-16",
    "RUT traded in a 5.18 % range in the week of 2025-10-13",
    "RUT had not seen 2,565 since its 2021 peak as of 2025-12-01",
    "the ATR of RUT was 43.6 on 2025-10-17",
}
"""What stands on the high of 15 October 2025, and nothing else does."""


def test_one_changed_high_changes_the_claims_that_stand_on_it_and_no_other(real: dict[str, Bars]) -> None:
    bar = real["^RUT"].bar(real["^RUT"].index_of(date(2025, 10, 15)) or 0)
    higher = real["^RUT"].merged(Bars.of([replace(bar, high=2545.0)]))
    other = {**real, "^RUT": higher}
    changed = {claim for claim, _, _ in CLAIMS if answered(claim, real) != answered(claim, other)}
    assert changed == CHANGED_BY_A_HIGHER_HIGH
