"""Numbers and words as the desk writes them: the examples of the screen's own specification."""

from datetime import UTC, date, datetime

import pytest

from tapewatch.tui import format as fmt

NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("value", "written"),
    [(46190.61, "46,190.61"), (4.007, "4.007"), (59.07, "59.07"), (-24.6, "−24.60"), (None, "–"), (-0.0001, "0.000")],
)
def test_prices(value: float | None, written: str) -> None:
    assert fmt.price(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.5271, "+0.53"), (-17.9, "−17.90"), (0.0, "0.00"), (0.004, "0.00"), (-0.004, "0.00"), (None, "–")],
)
def test_a_change_carries_a_sign_but_for_what_rounds_to_zero(value: float | None, written: str) -> None:
    assert fmt.signed(value) == written


def test_a_small_price_changes_in_three_decimals() -> None:
    assert fmt.change(0.031, 4.007) == "+0.031"
    assert fmt.change(238.37, 46190.61) == "+238.37"


def test_yields_move_in_basis_points() -> None:
    assert fmt.basis_points(3.1) == "+3.1bp"
    assert fmt.basis_points(-4.4) == "−4.4bp"


def test_direction_is_that_of_the_number_as_written() -> None:
    assert [fmt.sign_of(fmt.signed(value)) for value in (0.53, -0.6, 0.001, None)] == [1, -1, 0, 0]


def test_counts_have_no_decimals() -> None:
    assert fmt.count(1898) == "1,898"


def test_dates() -> None:
    today = date(2025, 10, 17)
    assert fmt.session_date(date(2025, 10, 9), today) == "9 Oct"
    assert fmt.session_date(date(2018, 1, 29), today) == "Jan ’18"
    assert fmt.weekday_date(today) == "Fri 17 Oct"
    assert fmt.weekday_number(date(2025, 10, 16)) == "Thu 16"


def test_times_are_the_exchanges() -> None:
    time = datetime(2025, 10, 17, 18, 20, 5, tzinfo=UTC)
    assert fmt.clock(time, NEW_YORK) == "14:20"
    assert fmt.clock_seconds(time, NEW_YORK) == "14:20:05"
    assert fmt.zone_name(time, NEW_YORK) == "ET"
    winter = datetime(2025, 12, 17, 19, 20, tzinfo=UTC)
    assert (fmt.clock(winter, NEW_YORK), fmt.zone_name(winter, NEW_YORK)) == ("14:20", "ET")


def test_an_unknown_zone_leaves_the_time_as_it_is() -> None:
    assert fmt.clock(datetime(2025, 10, 17, 18, 20, tzinfo=UTC), "Nowhere/Land") == "18:20"


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(4, "4 s"), (9.9, "9 s"), (14, "10 s"), (59, "50 s"), (130, "2 min"), (4620, "1 h 17 min"), (234000, "2 d 17 h")],
)
def test_ages_count_in_steps(seconds: float, written: str) -> None:
    assert fmt.age(seconds) == written


@pytest.mark.parametrize(("seconds", "written"), [(200, "3:20"), (207, "3:20"), (9, "9 s"), (34, "30 s"), (-5, "0 s")])
def test_a_countdown_moves_in_tens_until_the_last_ten_seconds(seconds: float, written: str) -> None:
    assert fmt.countdown(seconds) == written


def test_bells() -> None:
    assert fmt.until(99 * 60) == "1 h 39 min"
    assert fmt.until_short(99 * 60) == "1:39"


def test_one_day_in() -> None:
    assert fmt.one_in(1 / 246) == "1 day in 246"
    assert fmt.one_in(0.0) == "–"


def test_sentences_get_real_minus_signs_and_keep_units_with_their_numbers() -> None:
    said = fmt.typeset("RUT -0.60 % while SPX +0.53 %, year-to-date, 7-10 y")
    assert said == "RUT −0.60\u00a0% while SPX +0.53\u00a0%, year-to-date, 7-10 y"
