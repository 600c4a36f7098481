"""A history with a hole in it: nothing is measured across, and it is said."""

from datetime import date, timedelta

from tapewatch.core.bars import Bar, Bars
from tapewatch.core.compose import gaps_in
from tapewatch.core.freshness import judge
from tapewatch.core.model.snapshot import Row
from tapewatch.core.take import History, hole_in, read_row

from ..market import calendar, eastern, index

BEFORE = [Bar(date(2020, 12, 30), 90.0, 99.0, 89.0, 91.0), Bar(date(2020, 12, 31), 91.0, 92.0, 90.0, 91.5)]
AFTER = [Bar(date(2025, 10, 13) + timedelta(days=day), 100.0, 101.0, 99.0, 100.0 + day) for day in range(5)]


def look(bars: list[Bar]) -> tuple[History, Row]:
    history = History.of(index("^A"), Bars.of(bars))
    now = eastern("2025-10-17 20:00")
    return history, read_row(history, None, calendar(), now)


def test_no_change_and_no_week_reaches_across_the_hole() -> None:
    _, row = look([*BEFORE, AFTER[0]])
    assert row.quote is not None
    assert row.week is not None
    assert (row.quote.previous_close, row.quote.change, row.quote.change_percent) == (None, None, None)
    assert (row.week.previous_close, row.week.change_percent, row.week.previous) == (None, None, None)


def test_no_record_is_told_and_nothing_is_drawn_across() -> None:
    history, row = look([*BEFORE, *AFTER])
    assert history.hole == (date(2020, 12, 31), date(2025, 10, 13))
    assert row.record is None
    assert row.note == "no bars between 2020-12-31 and 2025-10-13"
    assert row.series.closes == (100.0, 101.0, 102.0, 103.0, 104.0)
    assert gaps_in({"^A": history}) == ("A: no bars between 2020-12-31 and 2025-10-13",)


def test_a_whole_history_has_no_hole() -> None:
    assert hole_in(Bars.of(AFTER)) is None
    assert hole_in(Bars.empty()) is None
    _, row = look(AFTER)
    assert row.record is not None
    assert row.note is None


def test_a_bar_of_years_ago_is_stale_whatever_the_calendar_knows() -> None:
    _, row = look(BEFORE)
    assert row.quote is not None
    now = eastern("2025-10-17 20:00")
    found = judge(calendar().trading(now), now, row.quote.time, timedelta(), timedelta(seconds=60))
    assert found.word == "stale"
