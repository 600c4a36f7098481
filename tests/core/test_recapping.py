"""Which week a recap is of, and what is said where it is another one or something is missing."""

from datetime import date, timedelta

import pytest

from tapewatch.core.bars import Bars
from tapewatch.core.model.config import RuleSetting
from tapewatch.core.recapping import NothingError, recap_upto

from ..market import index, until, walk, watching

REVERSAL = RuleSetting(rule="record-reversal", watched="^RUT", set={"fall": 0.5, "ranges": 0.0, "within": 1})
BOARD = watching(index("^GSPC"), index("^RUT"), rules=[REVERSAL])
FRIDAY = date(2025, 10, 17)


def bars(last: date = FRIDAY) -> dict[str, Bars]:
    return {one.symbol: until(walk(at, 700, first=date(2023, 3, 1)), last) for at, one in enumerate(BOARD.watched)}


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def cut(found: dict[str, Bars], day: date) -> dict[str, Bars]:
    """What a store gives for the week of a day."""
    return {symbol: until(one, monday(day) + timedelta(days=6)) for symbol, one in found.items()}


@pytest.mark.parametrize("asked", [date(2025, 8, 4), date(2025, 8, 8), date(2025, 8, 9), date(2025, 8, 10)])
def test_any_day_of_the_week_means_that_week_its_weekend_too(asked: date) -> None:
    answer = recap_upto(cut(bars(), asked), BOARD, "^RUT", asked)
    assert answer.recap.monday == date(2025, 8, 4)
    assert answer.said == ()


def test_without_a_date_it_is_the_newest_week() -> None:
    newest = bars()["^RUT"]
    assert recap_upto(bars(), BOARD, "^RUT", None).recap.monday == monday(newest.day(len(newest) - 1))


def test_a_week_whose_bars_are_missing_is_the_last_one_before_and_missing() -> None:
    asked = date(2025, 9, 3)
    answer = recap_upto(cut(bars(date(2025, 8, 29)), asked), BOARD, "^RUT", asked)
    assert answer.recap.monday == date(2025, 8, 25)
    assert answer.said == ()
    assert answer.missing[0] == (
        "no bars of RUT in the week of 2025-09-01; shown is the last before it with bars, the week of 2025-08-25"
    )


def test_a_week_in_which_new_york_was_shut_is_no_hole() -> None:
    # the bank holiday of March 1933
    board = watching(index("^RUT"))
    days = until(walk(1, 900, first=date(1931, 1, 5)), date(1933, 3, 3))
    answer = recap_upto({"^RUT": days}, board, "^RUT", date(1933, 3, 8))
    assert answer.said[0].startswith("the week of 1933-03-06 has no session of RUT; shown is the last before it")
    assert answer.missing == ()


def test_before_the_first_bar_there_is_nothing() -> None:
    with pytest.raises(NothingError, match="no bars of RUT up to the week of 2001-09-03"):
        recap_upto(cut(bars(), date(2001, 9, 5)), BOARD, "^RUT", date(2001, 9, 5))


def test_an_instrument_without_the_week_is_missing_by_name() -> None:
    found = bars()
    found["^GSPC"] = until(found["^GSPC"], date(2025, 7, 31))
    answer = recap_upto(cut(found, date(2025, 8, 6)), BOARD, "^RUT", date(2025, 8, 6))
    assert answer.missing[0] == "no bars of GSPC in the week of 2025-08-04"


def test_a_flag_that_is_off_by_friday_keeps_its_history() -> None:
    friday = date(2024, 3, 1)
    recap = recap_upto(cut(bars(), friday), BOARD, "^RUT", friday).recap
    flags = next(one for one in recap.parts if one.key == "flags")
    assert flags.heading.text == "One flag was confirmed on RUT"
    told = flags.sentences[0]
    assert told.text.startswith("Record-high reversal on Tuesday and Wednesday: ")
    assert told.figures["day_1"] == "2024-02-27"
    assert told.figures["since"] == 2023.0
