"""Figures in words: rounding, signs, ordinals, dates and spans as a desk writes them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core import recap_words as words
from tapewatch.core.model.flag import FlagHistory
from tapewatch.core.recap_focus import history_words


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (12, "12th"), (13, "13th"), (70.4, "70th"), (101.6, "102nd")],
)
def test_percentiles_are_ordinals(value: float, text: str) -> None:
    assert words.ordinal(value, "").text == text


def test_what_rounds_to_zero_has_no_sign() -> None:
    assert words.signed(-0.004, "").text == "0.00\u00a0%"
    assert words.signed(0.004, "").text == "0.00\u00a0%"
    assert words.signed(-0.005001, "").text == "−0.01\u00a0%"
    assert words.direction(-0.004) == 0


@given(st.floats(-1e6, 1e6, allow_nan=False))
def test_a_sign_is_the_numbers_own(value: float) -> None:
    told = words.signed(value, "x")
    assert told.value == value
    assert (told.text[0] == "−", told.text[0] == "+") == (words.direction(value) < 0, words.direction(value) > 0)
    assert words.size(value, "x").text == told.text.lstrip("+−")


def test_small_counts_are_words_and_prices_have_their_decimals() -> None:
    assert [words.count(one, "").text for one in (0, 1, 9, 10, 1898)] == ["no", "one", "nine", "10", "1,898"]
    assert [words.price(one, "").text for one in (4.0071, 46190.609)] == ["4.007", "46,190.61"]


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ((2025, 10, 13), (2025, 10, 17), "13–17 October 2025"),
        ((2025, 9, 29), (2025, 10, 3), "29 September–3 October 2025"),
        ((2024, 12, 30), (2025, 1, 3), "30 December 2024–3 January 2025"),
        ((2001, 9, 10), (2001, 9, 10), "10 September 2001"),
    ],
)
def test_months_and_years_are_named_once(first: tuple[int, int, int], last: tuple[int, int, int], text: str) -> None:
    assert words.span(date(*first), date(*last)) == text


def test_names_from_outside_cannot_steer_a_sentence() -> None:
    assert words.plain("{week.__class__}") == "week.__class__"


def test_a_list_keeps_every_parts_figures_apart() -> None:
    one, two = ({"x": words.signed(value, f"source {value}")} for value in (1.0, -2.0))
    told = words.listed([("A {x}", one), ("B {x}", two)], before="Above: ", last=" and ")
    assert told.text == "Above: A +1.00\u00a0% and B −2.00\u00a0%."
    assert (told.figures, told.sources["x_2"]) == ({"x_1": 1.0, "x_2": -2.0}, "source -2.0")


def test_the_record_of_a_rule_on_a_yield_is_in_basis_points() -> None:
    history = FlagHistory(
        days=72, episodes=64, since=date(1962, 1, 2), share_of_days=0.0049, median_20=-5.1, all_days_20=0.0,
        interval_20=(-15.9, -0.2), unit="basis points",
    )  # fmt: skip
    text, figures = history_words(history, "flags[0].history")
    told = text.format(**{name: one.text for name, one in figures.items()}).replace("\u00a0", " ")
    assert "median −5.1 bp, all days 0.0 bp" in told
    assert "by −15.9 to −0.2 bp" in told
