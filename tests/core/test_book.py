"""The door that answers come through: what is believed, held, refused, and final."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tapewatch.core.bars import Bar, Bars
from tapewatch.core.book import Book
from tapewatch.core.model.instrument import Instrument
from tapewatch.core.sessions import Calendars
from tapewatch.core.sources import Answer, Tick
from tapewatch.core.store.bars import held, load_bars, save_bars
from tapewatch.core.store.schema import connect

from ..market import eastern, five_minutes, index, local, rows, scaled, tick, walk

ONE, ABROAD = index("^RUT"), index("^HSI", "XHKG")
FRIDAY, THURSDAY = date(2025, 10, 17), date(2025, 10, 16)
NOON, EVENING = eastern("2025-10-17 12:00"), eastern("2025-10-17 17:00")
WALKED = walk(11, 900, first=date(2022, 6, 1)).upto(date(2025, 10, 14))
PAST = scaled(WALKED, 1000.0 / float(WALKED.close[-1]))
"""Its record stands at 1,207; a usual day is 1.2 %, so that a step of over 6 % is none."""
SPIKE = 1250.0
MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "a.db")) as opened:
        yield opened


@pytest.fixture
def book(database: sqlite3.Connection) -> Book:
    """A book whose Russell ends on Thursday at its own prices."""
    bars = [
        *rows(PAST),
        *[Bar(date(2025, 10, day), 1000, 1010, 990, 1000) for day in (15, 16)],
    ]
    save_bars(database, ONE.symbol, bars, source="test", state="final", taken_at=NOON)
    made = Book(database, [ONE, ABROAD], Calendars())
    made.load()
    return made


def record_of(book: Book) -> float:
    records = book.histories[ONE.symbol].records
    assert records is not None
    return records.intraday.price


def chart(last: float, high: float, now: datetime) -> Tick:
    return tick(ONE.symbol, now, last, open=1000.0, high=high, low=min(last, 990.0))


def ticks(book: Book, now: datetime, *given: Tick) -> None:
    book.absorb(Answer(ticks=given), now, "test", full=False)


def days(book: Book, now: datetime, *bars: Bar, full: bool = False, one: Instrument = ONE) -> frozenset[str]:
    return book.absorb(Answer(daily={one.symbol: Bars.of(bars)}), now, "test", full=full)


def day(number: int, close: float = 1005.0, high: float = 1010.0) -> Bar:
    return Bar(date(2025, 10, number), 1000, high, 990, close)


# -- a record too good to be true -----------------------------------------------------------------------


def test_a_spike_is_held_and_named_until_it_is_seen_again(book: Book, database: sqlite3.Connection) -> None:
    assert record_of(book) < SPIKE
    ticks(book, NOON, chart(1001.0, 1010.0, NOON))
    ticks(book, NOON + MINUTE, chart(1002.0, SPIKE, NOON + MINUTE))
    assert book.live[ONE.symbol].high == 1010.0
    assert held(database) == [
        (ONE.symbol, FRIDAY, "a high of 1,250.00 held: 25 % over the last, until seen again"),
    ]
    ticks(book, NOON + 2 * MINUTE, chart(1003.0, SPIKE, NOON + 2 * MINUTE))
    assert book.live[ONE.symbol].high == SPIKE
    assert held(database) == []


def test_prices_between_two_charts_do_not_make_a_high_forgotten(book: Book) -> None:
    ticks(book, NOON, chart(1001.0, SPIKE, NOON))
    ticks(book, NOON + MINUTE, tick(ONE.symbol, NOON + MINUTE, 1002.0))
    assert book.live[ONE.symbol].last == 1002.0
    ticks(book, NOON + 5 * MINUTE, chart(1003.0, SPIKE, NOON + 5 * MINUTE))
    assert book.live[ONE.symbol].high == SPIKE


def test_a_spike_that_the_next_chart_does_not_show_is_forgotten(book: Book, database: sqlite3.Connection) -> None:
    for after, high in ((0, SPIKE), (5, 1010.0), (10, SPIKE)):
        ticks(book, NOON + after * MINUTE, chart(1001.0, high, NOON + after * MINUTE))
        assert bool(held(database)) is (high == SPIKE)
    assert book.live[ONE.symbol].high == 1010.0


def test_a_spike_among_5_minute_closes_is_believed_when_a_chart_shows_it(book: Book) -> None:
    bars = five_minutes(eastern("2025-10-17 09:35"), [1000.0, SPIKE, 1001.0])
    for after in (0, 1):
        # the same close again is the same witness
        ticks(book, NOON + after * MINUTE, tick(ONE.symbol, NOON + after * MINUTE, 1001.0, bars=bars))
        assert (book.live[ONE.symbol].high, book.live[ONE.symbol].closes) == (1001.0, (1000.0, 1001.0))
    assert book.wants_chart(ONE.symbol)[0]
    ticks(book, NOON + 2 * MINUTE, chart(1001.0, SPIKE, NOON + 2 * MINUTE))
    ticks(book, NOON + 3 * MINUTE, tick(ONE.symbol, NOON + 3 * MINUTE, 1001.0, bars=bars))
    assert (book.live[ONE.symbol].high, book.live[ONE.symbol].closes) == (SPIKE, (1000.0, SPIKE, 1001.0))


def climb(book: Book, record: float) -> datetime:
    """The price goes up to just under the record, in steps of a few percent; when it is there."""
    moment = NOON - 60 * MINUTE
    for price in (1001.0, 1050.0, 1100.0, 1150.0, record - 2.0):
        moment += MINUTE
        ticks(book, moment, tick(ONE.symbol, moment, price))
    return moment


def test_an_ordinary_record_is_believed_at_once(book: Book, database: sqlite3.Connection) -> None:
    record = record_of(book)
    climb(book, record)
    ticks(book, NOON, chart(record - 1.0, 1.005 * record, NOON))
    assert book.live[ONE.symbol].high == 1.005 * record
    assert held(database) == []


def test_an_official_bar_with_a_spike_waits_for_the_next_answer(book: Book, database: sqlite3.Connection) -> None:
    spike = day(17, high=SPIKE)
    assert days(book, EVENING, day(16), spike) == {ONE.symbol}
    assert book.histories[ONE.symbol].last_day == THURSDAY
    assert held(database)[0][2] == "a high of 1,250.00 held: 24 % over the last, until seen again"
    assert days(book, EVENING + 20 * MINUTE, spike) == {ONE.symbol}
    assert book.histories[ONE.symbol].last_day == FRIDAY
    assert held(database) == []


def test_a_whole_history_is_taken_as_it_is_but_for_its_newest_sessions(book: Book) -> None:
    given = [*rows(PAST)[-12:], day(15), day(16), day(17)]
    for at in (2, 14):
        given[at] = replace(given[at], high=9000.0)
    assert days(book, EVENING, *given, full=True) == {ONE.symbol}
    taken = rows(book.histories[ONE.symbol].bars)
    assert given[2] in taken
    assert taken[-1].day == THURSDAY


# -- what is a session, and when it is final --------------------------------------------------------------


def test_a_bar_of_a_day_without_session_is_refused_and_named(book: Book, database: sqlite3.Connection) -> None:
    # 19 June 2025 was a holiday
    juneteenth = Bar(date(2025, 6, 19), 1000, 1010, 990, 1000)
    assert days(book, EVENING, juneteenth) == frozenset()
    assert held(database) == [(ONE.symbol, date(2025, 6, 19), "not a trading day of its exchange")]


def test_a_bar_of_tomorrow_is_refused(book: Book, database: sqlite3.Connection) -> None:
    assert days(book, EVENING, day(20)) == frozenset()
    assert held(database)[0][2] == "a session that has not begun"


def test_old_bars_are_their_own_calendar(book: Book) -> None:
    # a session that was: exchanges of the time opened on Saturdays
    assert days(book, EVENING, Bar(date(1950, 1, 7), 10, 11, 9, 10)) == {ONE.symbol}


@pytest.mark.parametrize(
    ("now", "final"),
    [("15:00", False), ("16:00", False), ("16:14", False), ("16:15", True), ("20:00", True)],
)
def test_a_session_is_final_a_quarter_of_an_hour_after_its_close(book: Book, now: str, final: bool) -> None:
    days(book, eastern(f"2025-10-17 {now}"), day(17))
    assert (book.histories[ONE.symbol].last_day == FRIDAY) is final
    assert (load_bars(book.database)[ONE.symbol].day(-1) == FRIDAY) is final


@pytest.mark.parametrize(("now", "final"), [("16:16", False), ("16:29", False), ("16:30", True)])
def test_and_the_services_delay_later_abroad(book: Book, now: str, final: bool) -> None:
    moment = local(f"2025-10-17 {now}", "Asia/Hong_Kong")
    bar = Bar(FRIDAY, 100, 101, 99, 100)
    late = Tick(symbol=ABROAD.symbol, session=FRIDAY, last=100, time=moment - 15 * MINUTE, delay=15 * MINUTE)
    ticks(book, moment - MINUTE, late)
    days(book, moment, bar, one=ABROAD)
    assert (book.histories[ABROAD.symbol].last_day == FRIDAY) is final


def test_what_cannot_be_a_bar_is_held_and_the_rest_is_taken(book: Book, database: sqlite3.Connection) -> None:
    assert days(book, EVENING, Bar(date(2025, 10, 16), 0, 1010, 990, 1000), day(17)) == {ONE.symbol}
    assert held(database) == [(ONE.symbol, THURSDAY, "a price is 0")]
    assert book.histories[ONE.symbol].bars.close[-1] == 1005.0


def test_the_same_bars_again_change_nothing(book: Book) -> None:
    days(book, EVENING, day(17))
    history = book.histories[ONE.symbol]
    assert days(book, EVENING, day(17)) == frozenset()
    assert book.histories[ONE.symbol] is history


def test_a_corrected_close_changes_history(book: Book) -> None:
    days(book, EVENING, day(17))
    assert days(book, EVENING, day(17, close=1006.0)) == {ONE.symbol}
    assert book.histories[ONE.symbol].bars.close[-1] == 1006.0


def test_ticks_of_tomorrow_and_of_strangers_are_nothing(book: Book) -> None:
    ticks(book, NOON, tick(ONE.symbol, eastern("2025-10-20 10:00"), 1000.0), tick("^NOPE", NOON, 1.0))
    assert book.live == {}


# -- what is still wanted ---------------------------------------------------------------------------------


def test_a_history_is_complete_when_it_was_taken_whole_and_lacks_few_sessions(book: Book) -> None:
    assert not book.complete(ONE.symbol, NOON)
    days(book, EVENING, *rows(PAST.upto(date(2025, 10, 10)))[-5:], full=True)
    assert book.complete(ONE.symbol, NOON)
    assert not book.complete(ONE.symbol, eastern("2025-10-24 12:00"))


def test_a_record_seen_by_closes_alone_wants_a_chart_at_once(book: Book) -> None:
    assert book.wants_chart(ONE.symbol) == (False, False)
    record = record_of(book)
    climb(book, record)
    ticks(book, NOON, tick(ONE.symbol, NOON, record + 0.5))
    assert book.wants_chart(ONE.symbol) == (True, True)
    ticks(book, NOON + MINUTE, chart(record + 0.5, record + 0.75, NOON + MINUTE))
    assert book.wants_chart(ONE.symbol)[0] is False
