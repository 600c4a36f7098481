"""What a claim says: its instruments, dates, numbers and form, read without any bars."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.claims.beyond import why_not
from tapewatch.core.claims.check import forms
from tapewatch.core.claims.grammar import Parsed, UnknownFormError, UnknownSymbolError, parse
from tapewatch.core.claims.judging import Claimed
from tapewatch.core.claims.when import Span, WhenError, read_when, span_of
from tapewatch.core.model.instrument import Instrument
from tapewatch.core.universe import INSTRUMENTS

TODAY = date(2026, 1, 20)


def read(claim: str) -> Parsed:
    return parse(claim, INSTRUMENTS, TODAY, forms())


def span(text: str) -> Span | None:
    return read_when(text.lower(), TODAY)[0].span


def days(first: str, last: str, unit: str) -> Span:
    return Span(unit, date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.example)
def test_every_form_reads_its_own_example(form: object) -> None:
    example = getattr(form, "example", "")
    assert read(example).form is form


@pytest.mark.parametrize(
    "claim",
    [
        "RUT fell 0.60 % on 2025-10-17",
        "^RUT fell 0.60% on 2025-10-17.",
        "The Russell 2000 lost 0.6 percent on Friday, October 17, 2025",
        "the russell was down by 0.6 per cent on 17 October 2025",
        "Russell 2000 closed lower by 0.60 % on Fri 2025-10-17",
        "Did the Russell 2000 fall 0.6 pct on 17th Oct 2025?",
    ],
)
def test_a_claim_may_be_worded_in_many_ways(claim: str) -> None:
    found = read(claim)
    assert found.form.name == "change"
    assert [one.short for one in found.instruments] == ["RUT"]
    assert found.when.span == days("2025-10-17", "2025-10-17", "day")
    assert float(found.words["n"] or 0) == 0.6


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("in the week of 2025-10-15", days("2025-10-13", "2025-10-19", "week")),
        ("in November 2024", days("2024-11-01", "2024-11-30", "month")),
        ("in 2024-11", days("2024-11-01", "2024-11-30", "month")),
        ("in Q3 2024", days("2024-07-01", "2024-09-30", "quarter")),
        ("in the third quarter of 2024", days("2024-07-01", "2024-09-30", "quarter")),
        ("in 2024", days("2024-01-01", "2024-12-31", "year")),
        ("between 2020-03-19 and 2021-03-23", days("2020-03-19", "2021-03-23", "dates")),
        ("from March 2020 to March 2021", days("2020-03-31", "2021-03-31", "dates")),
        ("yesterday", days("2026-01-19", "2026-01-19", "day")),
        ("last week", days("2026-01-12", "2026-01-18", "week")),
        ("this month", days("2026-01-01", "2026-01-31", "month")),
        ("on Friday", days("2026-01-16", "2026-01-16", "day")),
        ("on Thursday in the week of 2025-10-13", days("2025-10-16", "2025-10-16", "day")),
        ("for the week on 2025-10-17", days("2025-10-13", "2025-10-19", "week")),
        ("for the week ended 2025-10-17", days("2025-10-13", "2025-10-19", "week")),
        ("last week as of 2025-10-17", days("2025-10-06", "2025-10-12", "week")),
        ("on Thursday as of 2025-10-17", days("2025-10-16", "2025-10-16", "day")),
        ("yesterday as of 2025-10-17", days("2025-10-16", "2025-10-16", "day")),
        ("on Oct 17", days("2025-10-17", "2025-10-17", "day")),
        ("on Friday, October 17th", days("2025-10-17", "2025-10-17", "day")),
        ("on 17 October as of 2024-12-31", days("2024-10-17", "2024-10-17", "day")),
        ("in October", days("2025-10-01", "2025-10-31", "month")),
        ("month to date on 2025-10-17", days("2025-10-01", "2025-10-31", "month")),
    ],
)
def test_the_dates_of_a_claim(text: str, wanted: Span) -> None:
    assert span(text) == wanted


def test_a_week_named_by_its_day_looks_no_further_than_that_day() -> None:
    when, _ = read_when("for the week on 2025-10-15", TODAY)
    assert when.cutoff == date(2025, 10, 15)


def test_of_two_days_the_later_is_looked_back_from() -> None:
    for text in ("gain of 2025-08-05 by 2025-08-07", "by 2025-08-07, the gain of 2025-08-05"):
        when, _ = read_when(text, TODAY)
        assert (when.span, when.as_of) == (days("2025-08-05", "2025-08-05", "day"), date(2025, 8, 7))


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("RUT fell on 2025-13-45", "not a date"),
        ("RUT fell on 2025-02-30", "not a date"),
        ("RUT fell on 17/10/2025", "not a date"),
        ("RUT fell on 2026-02-01", "in the future"),
        ("RUT rose in 2027", "in the future"),
        ("RUT fell on Thursday 2025-10-17", "was a Friday"),
        ("RUT fell between 2025-10-17 and 2025-10-16", "not after"),
    ],
)
def test_a_wrong_date_is_refused_and_said(claim: str, said: str) -> None:
    with pytest.raises(WhenError, match=said):
        read(claim)


def test_an_unknown_symbol_is_told_from_an_unknown_form() -> None:
    with pytest.raises(UnknownSymbolError, match="russel"):
        read("russel fell 0.6 % on 2025-10-17")
    with pytest.raises(UnknownSymbolError, match="foo"):
        read("RUT lagged FOO on 2025-10-17")
    with pytest.raises(UnknownFormError):
        read("RUT is the best index there is")


def test_an_unknown_form_names_all_known_ones_the_nearest_first() -> None:
    with pytest.raises(UnknownFormError) as caught:
        read("RUT closed within sight of its low on 2025-10-17")
    assert "near its low" in " ".join(caught.value.nearest[:4])
    assert len(caught.value.nearest) == len(forms())


def test_nothing_a_claim_says_is_left_out_of_its_reading() -> None:
    with pytest.raises(UnknownFormError):
        read("RUT fell 0.60 % on 2025-10-17 in heavy rain")


def test_a_short_name_must_be_written_as_it_is() -> None:
    own = (Instrument(symbol="A", short="A", name="Agilent"), *INSTRUMENTS)
    found = parse("RUT made a record on 2025-10-15", own, TODAY, forms())
    assert [one.short for one in found.instruments] == ["RUT"]
    assert [one.short for one in parse("A rose 1 %", own, TODAY, forms()).instruments] == ["A"]


@pytest.mark.parametrize(
    "claim",
    [
        "record inflows into IWM", "RUT is cheap on valuation", "RUT fell because of tariffs",
        "57 % of the revenue of SPX is foreign", "RUT will rise tomorrow", "SPX had a total return of 30 % in 1991",
        "the smallest 2,000 companies in the S&P Composite 1500",
    ],
)  # fmt: skip
def test_what_prices_cannot_settle_is_said_to_be_so(claim: str) -> None:
    assert "not computable from prices" in why_not(claim)


@given(st.integers(0, 3), st.integers(-99_999, 99_999))
def test_a_number_is_met_to_its_last_printed_digit(decimals: int, units: int) -> None:
    printed = f"{units / 10**decimals:.{decimals}f}"
    claimed = Claimed.read({"n": printed})
    assert claimed is not None
    value = float(printed)
    assert claimed.holds(value + 0.49 * 10**-decimals)
    assert claimed.holds(value - 0.49 * 10**-decimals)
    assert not claimed.holds(value + 0.51 * 10**-decimals)
    assert not claimed.holds(value - 0.51 * 10**-decimals)


def test_a_price_is_met_to_the_vendors_cent_and_about_is_a_tenth() -> None:
    price = Claimed(2523.06, half=0.005)
    assert price.holds(2523.05, price=True)
    assert not price.holds(2523.04, price=True)
    assert not price.holds(2523.05)
    assert Claimed(90.0, how="~").holds(81.0)
    assert not Claimed(90.0, how="~").holds(80.9)


@given(st.dates(date(1930, 1, 1), date(2100, 1, 1)), st.sampled_from(["day", "week", "month", "quarter", "year"]))
def test_a_period_holds_its_day_and_begins_where_the_one_before_ends(day: date, unit: str) -> None:
    found = span_of(day, unit)
    assert found.first <= day <= found.last
    assert span_of(found.first, unit) == span_of(found.last, unit) == found
