"""From bars and ticks to a row of the board."""

from datetime import date, datetime, timedelta

import pytest

from tapewatch.core.bars import Bar, Bars
from tapewatch.core.live import Live, absorb
from tapewatch.core.model.instrument import Instrument
from tapewatch.core.model.snapshot import Row
from tapewatch.core.take import History, close_time, last_roll, newest, read_row

from ..market import calendar, closes, eastern, index, tick

FRIDAY = date(2025, 10, 17)
NOON = eastern("2025-10-17 12:00")
POLL = timedelta(seconds=60)


def past(one: Instrument, last: date = date(2025, 10, 16), price: float = 100.0, count: int = 300) -> History:
    """A history that ends on a day, rising a hundredth a session."""
    first = last - timedelta(days=count // 5 * 7 + 30)
    made = closes([price + at / 100 for at in range(count + 40)], first=first)
    return History.of(one, made.upto(last))


def look(history: History, live: Live | None = None, now: datetime = NOON) -> Row:
    name = history.instrument.calendar
    return read_row(history, live, calendar(name), now)


def running(price: float, **more: object) -> Live:
    return absorb(None, tick("^RUT", NOON - timedelta(minutes=1), price, **more), NOON)


def test_a_running_session_is_read_against_the_last_final_close() -> None:
    history = past(index("^RUT"))
    before = history.bars.bar(len(history.bars) - 1)
    row = look(history, running(before.close * 1.01, open=before.close, high=before.close * 1.02, low=before.close))
    assert row.quote is not None
    assert (row.quote.state, row.quote.same_answers) == ("live", 0)
    assert row.quote.change_percent == pytest.approx(1.0)
    assert (row.quote.previous_close, row.quote.previous_session) == (before.close, date(2025, 10, 16))
    assert row.quote.close_position_percent == pytest.approx(50.0)
    assert row.week is not None
    assert (row.week.sessions, row.week.expected, row.week.final) == (5, 5, False)
    assert row.record is not None
    assert row.record.intraday.date == FRIDAY


@pytest.mark.parametrize(
    ("now", "state"),
    [("2025-10-17 15:59", "live"), ("2025-10-17 16:00", "provisional"), ("2025-10-17 18:00", "provisional")],
)
def test_a_closed_session_is_provisional_until_its_official_bar_is_here(now: str, state: str) -> None:
    row = look(past(index("^RUT")), running(103.0), eastern(now))
    assert row.quote is not None
    assert row.quote.state == state


def test_an_official_bar_takes_the_place_of_what_ran() -> None:
    row = look(past(index("^RUT"), last=FRIDAY), running(999.0), eastern("2025-10-17 18:00"))
    assert row.quote is not None
    assert row.quote.state == "final"
    assert row.quote.last != 999.0
    assert row.quote.time == eastern("2025-10-17 16:00")


def test_times_carry_the_exchanges_offset() -> None:
    row = look(past(index("^RUT"), last=FRIDAY), now=eastern("2025-10-17 18:00"))
    assert row.quote is not None
    assert row.quote.time is not None
    assert row.quote.time.isoformat() == "2025-10-17T16:00:00-04:00"


def test_the_range_says_as_of_when_it_is_known() -> None:
    half_past = eastern("2025-10-17 11:30")
    chart = tick("^RUT", half_past, 103.0, high=104.0, low=102.0, open=102.5)
    known = absorb(absorb(None, chart, half_past), tick("^RUT", NOON, 103.5), NOON)
    row = look(past(index("^RUT")), known)
    assert row.quote is not None
    assert (row.quote.high, row.quote.range_as_of) == (104.0, half_past)


def test_a_yield_moves_in_basis_points() -> None:
    one = index("^TNX", kind="yield")
    row = look(past(one, price=4.0), absorb(None, tick("^TNX", NOON, 7.25), NOON))
    assert row.quote is not None
    before = row.quote.previous_close
    assert before is not None
    assert row.quote.change_points == pytest.approx(100 * (7.25 - before))
    assert (row.quote.change_percent, row.returns, row.record) == (None, None, None)
    assert row.week is not None
    assert row.week.change_percent is None


def test_volatility_has_no_record() -> None:
    row = look(past(index("^VIX", kind="volatility")))
    assert row.record is None
    assert row.year_range is not None


@pytest.mark.parametrize(
    ("day", "roll"),
    [
        ("2025-10-17", "2025-09-19"),
        ("2025-09-19", "2025-09-19"),
        ("2025-09-18", "2025-06-20"),
        ("2026-01-05", "2025-12-19"),
        ("2025-03-20", "2024-12-20"),
    ],
)
def test_futures_roll_on_the_third_friday_of_a_quarters_end(day: str, roll: str) -> None:
    assert last_roll(date.fromisoformat(day)).isoformat() == roll


def test_a_futures_record_reaches_back_to_its_roll() -> None:
    old = Bar(date(2025, 9, 18), 9000, 9999, 9000, 9000)
    new = closes([100.0] * 20, first=date(2025, 9, 19))
    future = index("ES=F", "CMES", "future")
    row = look(History.of(future, Bars.of([old]).merged(new)), now=eastern("2025-10-17 18:00"))
    assert row.record is not None
    assert (row.record.since, row.record.intraday.price) == (date(2025, 9, 19), 101.0)
    plain = look(History.of(index("ES"), Bars.of([old]).merged(new)), now=eastern("2025-10-17 18:00"))
    assert plain.record is not None
    assert plain.record.intraday.price == 9999


def test_opens_that_are_closes_are_not_shown() -> None:
    closing = closes([100.0 + at % 9 for at in range(300)], first=date(2024, 9, 1)).upto(FRIDAY)
    row = look(History.of(index("^RUT"), closing), now=eastern("2025-10-17 18:00"))
    assert row.quote is not None
    assert row.week is not None
    assert (row.quote.open, row.week.open, row.week.open_to_close_percent) == (None, None, None)


def test_without_bars_a_row_says_so() -> None:
    row = look(History.of(index("^RUT"), Bars.empty()))
    assert (row.freshness, row.quote, row.note) == ("missing", None, "no bars yet")


def test_a_first_day_without_history_is_shown_without_a_change() -> None:
    row = look(History.of(index("^RUT"), Bars.empty()), running(100.0, open=99.0, high=101.0, low=98.0))
    assert row.quote is not None
    assert (row.quote.last, row.quote.change_percent, row.record, row.year_range) == (100.0, None, None, None)
    assert row.week is not None
    assert row.week.change_percent is None


@pytest.mark.parametrize(
    ("kind", "day", "time"),
    [
        ("index", "2025-10-17", "16:00"), ("volatility", "2025-10-17", "16:15"), ("yield", "2025-10-17", "15:00"),
        ("index", "2025-11-28", "13:00"), ("volatility", "2025-11-28", "13:00"),
    ],
)  # fmt: skip
def test_the_last_price_of_a_day(kind: str, day: str, time: str) -> None:
    assert close_time(calendar(), date.fromisoformat(day), kind) == eastern(f"{day} {time}")


def test_a_bar_of_a_day_the_calendar_does_not_know_still_has_a_time_of_its_own() -> None:
    """A yield's last bar of 2020 is old, not without a time: else nothing could call it stale."""
    assert close_time(calendar(), date(2015, 12, 31)) == eastern("2015-12-31 16:00")
    assert close_time(calendar(), date(2015, 12, 31), "yield") == eastern("2015-12-31 15:00")


def test_the_newest_quote_of_a_board() -> None:
    rows = (
        look(past(index("^A"))),
        look(past(index("^B")), running(100.0)),
        look(History.of(index("^C"), Bars.empty())),
    )
    assert newest(rows) == (NOON - timedelta(minutes=1), FRIDAY)
    assert newest(()) == (None, None)
