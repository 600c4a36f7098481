"""One bad tick: held, named, released or dropped by what comes next; a real crash only waits for its second poll."""

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
from tapewatch.core.sources import Answer
from tapewatch.core.store.bars import held, save_bars
from tapewatch.core.store.schema import connect

from ..market import calendar, closes, eastern, five_minutes, index, rows, tick

RUT, VIX, YIELD = index("^RUT"), index("^VIX", kind="volatility"), index("^TNX", kind="yield")
FRIDAY, THURSDAY = date(2025, 10, 17), date(2025, 10, 16)
NOON, EVENING = eastern("2025-10-17 12:00"), eastern("2025-10-17 17:00")
MINUTE = timedelta(minutes=1)
CALM = (1.0, 1.01, 1.0, 0.99)
"""Closes that change by a percent a day: a step of over five percent is none."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "a.db")) as opened:
        yield opened


def history(level: float, days: int = 320) -> Bars:
    """A year and more of calm days that end on Thursday at about a level."""
    made = closes([round(level * CALM[at % 4], 3) for at in range(days)], first=date(2024, 7, 26), reach=level / 500)
    return Bars.of([bar for bar in rows(made.upto(THURSDAY)) if calendar().session(bar.day)])


def opened(database: sqlite3.Connection, one: Instrument = RUT, level: float = 2500.0) -> Book:
    """A book that knows calm days; the store keeps them for the next."""
    made = Book(database, [one], Calendars())
    save_bars(database, one.symbol, rows(history(level)), source="t", state="final", taken_at=NOON)
    made.load(NOON)
    return made


def priced(book: Book, minutes: float, last: float, *, stamp: datetime | None = None, one: Instrument = RUT) -> None:
    """An answer of prices: a 5-minute close of the morning and the last price."""
    now = NOON + minutes * MINUTE
    bars = five_minutes(eastern("2025-10-17 09:35"), [book.histories[one.symbol].bars.bar(-1).close])
    given = replace(tick(one.symbol, stamp or now, last), bars=bars, quoted=stamp)
    book.absorb(Answer(ticks=(given,)), now, "t", full=False)


def charted(book: Book, minutes: float, last: float, high: float, low: float, one: Instrument = RUT) -> None:
    """A chart answer: the last price and how far the day went."""
    now = NOON + minutes * MINUTE
    book.absorb(Answer(ticks=(tick(one.symbol, now, last, open=last, high=high, low=low),)), now, "t", full=False)


def said(book: Book) -> list[str]:
    return [reason for _, _, reason in held(book.database)]


# -- one bad tick -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (25.19, "25.19 held: 99 % under the last, too far to be believed"),
        (251_900.0, "251,900.00 held: 9,976 % over the last, too far to be believed"),
        (0.01, "0.01 held: 100 % under the last, too far to be believed"),
        (2250.0, "2,250.00 held: 10 % under the last, until seen again"),
        (2750.0, "2,750.00 held: 10 % over the last, until seen again"),
    ],
)
def test_one_bad_price_is_held_and_the_next_good_one_drops_it(
    database: sqlite3.Connection, bad: float, words: str
) -> None:
    book = opened(database)
    priced(book, 0, 2500.0)
    priced(book, 1, bad)
    live = book.live["^RUT"]
    assert (live.last, live.time) == (2500.0, NOON)
    assert said(book) == [words]
    priced(book, 2, 2501.0)
    live = book.live["^RUT"]
    assert (live.last, live.high, live.time) == (2501.0, 2501.0, NOON + 2 * MINUTE)
    assert live.low > 2400
    assert said(book) == []


def test_a_price_that_stays_there_is_believed_with_its_next_quote(database: sqlite3.Connection) -> None:
    book = opened(database)
    priced(book, 0, 2500.0)
    priced(book, 1, 2250.0)
    priced(book, 2, 2248.0)
    assert (book.live["^RUT"].last, book.live["^RUT"].low) == (2248.0, 2248.0)
    assert said(book) == []


def test_a_hundredth_of_the_price_is_not_believed_however_often_it_comes(database: sqlite3.Connection) -> None:
    book = opened(database)
    priced(book, 0, 2500.0)
    for minute in range(1, 30):
        price = 25.0 + minute / 100
        if minute % 2:
            priced(book, minute, price)
        else:
            charted(book, minute, price, price, price)
    assert book.live["^RUT"].last == 2500.0
    assert said(book) == ["25.29 held: 99 % under the last, too far to be believed"]


def test_two_copies_of_one_answer_are_one_witness(database: sqlite3.Connection) -> None:
    book = opened(database)
    priced(book, 0, 2500.0)
    quoted = NOON + MINUTE
    for minute in (1, 2, 3):
        priced(book, minute, 2250.0, stamp=quoted)
    assert book.live["^RUT"].last == 2500.0
    assert said(book) == ["2,250.00 held: 10 % under the last, until seen again"]
    priced(book, 4, 2250.0, stamp=quoted + MINUTE)
    assert book.live["^RUT"].last == 2250.0


def test_the_chart_is_another_witness_than_the_prices(database: sqlite3.Connection) -> None:
    book = opened(database)
    priced(book, 0, 2500.0)
    priced(book, 1, 2250.0)
    assert book.wants_chart("^RUT")[0]
    charted(book, 1, 2251.0, 2505.0, 2249.0)
    assert (book.live["^RUT"].last, book.live["^RUT"].low) == (2251.0, 2249.0)
    assert said(book) == []


def test_two_bad_prices_on_either_side_do_not_confirm_each_other(database: sqlite3.Connection) -> None:
    book = opened(database)
    priced(book, 0, 2500.0)
    for minute, bad in enumerate((2250.0, 2750.0, 2250.0 / 1.2, 2750.0 * 1.2), start=1):
        priced(book, minute, bad)
    assert (book.live["^RUT"].last, book.live["^RUT"].high, book.live["^RUT"].time) == (2500.0, 2500.0, NOON)


# -- the day's range ----------------------------------------------------------------------------------


@pytest.mark.parametrize("high", [25_000.0, 2700.0])
def test_a_wild_high_of_a_chart_is_kept_out_and_forgotten_when_taken_back(
    database: sqlite3.Connection, high: float
) -> None:
    book = opened(database)
    charted(book, 0, 2500.0, 2510.0, 2490.0)
    charted(book, 1, 2501.0, high, 2490.0)
    live = book.live["^RUT"]
    assert (live.last, live.high, live.range_as_of) == (2501.0, 2510.0, NOON)
    assert said(book)[0].startswith(f"a high of {high:,.2f} held: ")
    charted(book, 2, 2502.0, 2512.0, 2490.0)
    assert (book.live["^RUT"].high, said(book)) == (2512.0, [])


@pytest.mark.parametrize("low", [2.5, 2300.0])
def test_so_is_a_wild_low(database: sqlite3.Connection, low: float) -> None:
    book = opened(database)
    charted(book, 0, 2500.0, 2510.0, 2490.0)
    charted(book, 1, 2501.0, 2510.0, low)
    assert book.live["^RUT"].low == 2490.0
    assert said(book)[0].startswith(f"a low of {low:,.2f} held: ")
    charted(book, 2, 2502.0, 2512.0, 2488.0)
    assert (book.live["^RUT"].low, said(book)) == (2488.0, [])


def test_a_high_that_was_believed_when_seen_again_is_taken_back_by_a_chart_without_it(
    database: sqlite3.Connection,
) -> None:
    book = opened(database)
    charted(book, 0, 2500.0, 2510.0, 2490.0)
    charted(book, 1, 2501.0, 2700.0, 2490.0)
    charted(book, 2, 2502.0, 2700.0, 2490.0)
    assert book.live["^RUT"].high == 2700.0
    charted(book, 3, 2503.0, 2511.0, 2490.0)
    assert book.live["^RUT"].high == 2511.0


def test_a_range_of_one_price_takes_nothing_back(database: sqlite3.Connection) -> None:
    book = opened(database)
    charted(book, 0, 2500.0, 2510.0, 2490.0)
    charted(book, 1, 2501.0, 2700.0, 2490.0)
    charted(book, 2, 2502.0, 2502.0, 2502.0)
    live = book.live["^RUT"]
    assert (live.high, live.low, live.range_as_of) == (2510.0, 2490.0, NOON)
    assert said(book)[0].startswith("a high of 2,700.00 held: ")


def test_a_bad_open_is_not_shown(database: sqlite3.Connection) -> None:
    book = opened(database)
    now = NOON
    wild = tick("^RUT", now, 2500.0, open=25.0, high=2510.0, low=2490.0)
    book.absorb(Answer(ticks=(wild,)), now, "t", full=False)
    assert book.live["^RUT"].open is None
    assert book.live["^RUT"].bar.low == 2490.0


def test_a_bad_5_minute_close_is_left_out_and_not_named_once_a_chart_has_belied_it(
    database: sqlite3.Connection,
) -> None:
    book = opened(database)
    bars = five_minutes(eastern("2025-10-17 09:35"), [2500.0, 2250.0, 2501.0])
    given = replace(tick("^RUT", NOON, 2501.0), bars=bars)
    book.absorb(Answer(ticks=(given,)), NOON, "t", full=False)
    assert book.live["^RUT"].closes == (2500.0, 2501.0)
    assert said(book) == ["a low of 2,250.00 held: 10 % under the last, until seen again"]
    charted(book, 1, 2501.0, 2505.0, 2495.0)
    for minute in (2, 3):
        again = replace(tick("^RUT", NOON + minute * MINUTE, 2502.0), bars=bars)
        book.absorb(Answer(ticks=(again,)), NOON + minute * MINUTE, "t", full=False)
        assert (book.live["^RUT"].low, said(book)) == (2495.0, [])


# -- who is judged by what ----------------------------------------------------------------------------


def test_volatility_jumps_and_only_what_is_tenfold_is_held(database: sqlite3.Connection) -> None:
    book = opened(database, VIX, 20.0)
    priced(book, 0, 20.0, one=VIX)
    # 5 August 2024: from 23 to 65
    priced(book, 1, 65.0, one=VIX)
    assert book.live["^VIX"].last == 65.0
    priced(book, 2, 2078.0, one=VIX)
    assert book.live["^VIX"].last == 65.0


def test_a_yield_is_measured_in_points(database: sqlite3.Connection) -> None:
    book = opened(database, YIELD, 0.6)
    # half of next to nothing is a few basis points
    priced(book, 0, 0.55, one=YIELD)
    priced(book, 1, 0.49, one=YIELD)
    assert book.live["^TNX"].last == 0.49
    priced(book, 2, 4.90, one=YIELD)
    assert said(book) == ["4.90 held: 4.41 points over the last, too far to be believed"]


def test_a_store_that_is_months_old_lets_the_market_have_moved(database: sqlite3.Connection) -> None:
    book = opened(database)
    later = eastern("2026-04-17 12:00")
    book.absorb(Answer(ticks=(tick("^RUT", later, 2950.0),)), later, "t", full=False)
    assert book.live["^RUT"].last == 2950.0
    book.absorb(Answer(ticks=(tick("^RUT", later + MINUTE, 295_000.0),)), later + MINUTE, "t", full=False)
    assert book.live["^RUT"].last == 2950.0


def test_without_any_history_the_first_price_stands_and_the_next_are_measured_by_it(
    database: sqlite3.Connection,
) -> None:
    book = Book(database, [RUT], Calendars())
    book.load(NOON)
    for minute, price in enumerate((2500.0, 250_000.0, 25.0, 2600.0)):
        given = tick("^RUT", NOON + minute * MINUTE, price)
        book.absorb(Answer(ticks=(given,)), NOON + minute * MINUTE, "t", full=False)
    assert (book.live["^RUT"].high, book.live["^RUT"].low) == (2600.0, 2500.0)


def test_a_first_price_that_the_history_belies_goes_when_the_history_comes(database: sqlite3.Connection) -> None:
    book = Book(database, [RUT], Calendars())
    book.load(NOON)
    book.absorb(Answer(ticks=(tick("^RUT", NOON, 250_000.0),)), NOON, "t", full=False)
    assert "^RUT" in book.live
    book.absorb(Answer(daily={"^RUT": history(2500.0)}), NOON + MINUTE, "t", full=True)
    assert "^RUT" not in book.live


# -- restarts -----------------------------------------------------------------------------------------


def test_what_is_held_outlives_the_feed(database: sqlite3.Connection) -> None:
    first = opened(database)
    priced(first, 0, 2500.0)
    priced(first, 1, 2250.0)
    second = Book(database, [RUT], Calendars())
    second.load(NOON + 2 * MINUTE)
    second.live.update(first.live)
    priced(second, 2, 2248.0)
    assert second.live["^RUT"].last == 2248.0
    assert said(second) == []


def test_two_fetches_release_an_official_bar_that_one_has_held(database: sqlite3.Connection) -> None:
    crash = Bar(FRIDAY, 2500.0, 2500.0, 2200.0, 2210.0)
    for minutes, last_day in ((0, THURSDAY), (10, FRIDAY)):
        book = opened(database)
        now = EVENING + minutes * MINUTE
        book.absorb(Answer(daily={"^RUT": Bars.of([crash])}), now, "t", full=False)
        assert book.histories["^RUT"].last_day == last_day
        assert bool(said(book)) is (last_day == THURSDAY)


def test_an_official_bar_answered_twice_within_the_minute_is_one_witness(database: sqlite3.Connection) -> None:
    book = opened(database)
    crash = Bars.of([Bar(FRIDAY, 2500.0, 2500.0, 2200.0, 2210.0)])
    for seconds in (0, 10):
        book.absorb(Answer(daily={"^RUT": crash}), EVENING + timedelta(seconds=seconds), "t", full=False)
    assert book.histories["^RUT"].last_day == THURSDAY


def test_a_crash_that_was_seen_while_it_ran_is_final_at_once(database: sqlite3.Connection) -> None:
    book = opened(database)
    for minute, price in enumerate((2500.0, 2250.0, 2248.0, 2212.0)):
        priced(book, minute, price)
    crash = Bars.of([Bar(FRIDAY, 2500.0, 2500.0, 2200.0, 2210.0)])
    book.absorb(Answer(daily={"^RUT": crash}), EVENING, "t", full=False)
    assert (book.histories["^RUT"].last_day, said(book)) == (FRIDAY, [])


def test_the_official_bar_ends_all_that_was_held_of_its_session(database: sqlite3.Connection) -> None:
    book = opened(database)
    charted(book, 0, 2500.0, 2700.0, 2490.0)
    assert said(book)
    book.absorb(Answer(daily={"^RUT": Bars.of([Bar(FRIDAY, 2500, 2510, 2490, 2500)])}), EVENING, "t", full=False)
    assert (said(book), book.suspects["^RUT"]) == ([], ())


def test_nothing_stays_named_for_ever(database: sqlite3.Connection) -> None:
    book = opened(database)
    odd = Bar(date(2025, 10, 15), 2500.0, 2510.0, 0.0, 2500.0)
    book.absorb(Answer(daily={"^RUT": Bars.of([odd])}), EVENING, "t", full=False)
    assert said(book) == ["a price is 0"]
    fine = [Bar(date(2025, 10, day), 2500.0, 2510.0, 2490.0, 2500.0) for day in (14, 17)]
    book.absorb(Answer(daily={"^RUT": Bars.of(fine)}), EVENING + MINUTE, "t", full=False)
    assert said(book) == []


# -- past days ----------------------------------------------------------------------------------------


def test_a_past_close_mended_overnight_is_said(database: sqlite3.Connection) -> None:
    book = opened(database)
    for now, close in ((EVENING, 2519.75), (eastern("2025-10-20 09:00"), 2521.10)):
        book.absorb(Answer(daily={"^RUT": Bars.of([Bar(FRIDAY, 2500, 2530, 2490, close)])}), now, "t", full=False)
    log: list[str] = []
    book.say(log.append)
    assert [str(line) for line in log] == ["RUT 2025-10-17 close mended 2,519.75 -> 2,521.10, next morning"]
    assert book.told(eastern("2025-10-20 12:00"))["mended"] == tuple(str(line) for line in log)
    assert book.told(eastern("2025-10-21 12:00"))["mended"] == ()
    assert book.histories["^RUT"].bars.close[-1] == 2521.10


def test_a_past_day_that_becomes_wild_is_not_believed(database: sqlite3.Connection) -> None:
    book = opened(database)
    before = book.histories["^RUT"].bars.bar(-1)
    wild = replace(before, high=3 * before.high, close=3 * before.close)
    for minutes in (0, 20, 40):
        now = EVENING + minutes * MINUTE
        book.absorb(Answer(daily={"^RUT": Bars.of([wild])}), now, "t", full=False)
    assert book.histories["^RUT"].bars.bar(-1) == before
    assert said(book)[0].endswith("too far to be believed")


def test_a_whole_history_in_another_unit_is_not_believed_at_first_sight(database: sqlite3.Connection) -> None:
    book = opened(database)
    bars = book.histories["^RUT"].bars
    hundredfold = Bars.of([_times(bar, 100.0) for bar in rows(bars)])
    book.absorb(Answer(daily={"^RUT": hundredfold}), EVENING, "t", full=True)
    assert book.histories["^RUT"].bars.close[-1] == bars.close[-1]
    assert said(book) == ["all prices are 100 times those here held: another unit"]
    book.absorb(Answer(daily={"^RUT": bars}), EVENING + MINUTE, "t", full=True)
    assert said(book) == []


def test_a_split_of_a_fund_is_fetched_whole_and_taken_when_it_comes_again(database: sqlite3.Connection) -> None:
    fund = index("IWM", kind="fund")
    book = opened(database, fund, 240.0)
    bars = book.histories["IWM"].bars
    book.absorb(Answer(daily={"IWM": bars}), EVENING - MINUTE, "t", full=True)
    halved = Bars.of([_times(bar, 0.5) for bar in rows(bars)])
    assert book.complete("IWM", EVENING)
    book.absorb(Answer(daily={"IWM": halved.slice(len(halved) - 5, len(halved))}), EVENING, "t", full=False)
    assert not book.complete("IWM", EVENING)
    for minutes, factor in ((1, 1.0), (21, 0.5)):
        book.absorb(Answer(daily={"IWM": halved}), EVENING + minutes * MINUTE, "t", full=True)
        assert book.histories["IWM"].bars.close[0] == factor * bars.close[0]


def _times(bar: Bar, factor: float) -> Bar:
    return Bar(bar.day, bar.open * factor, bar.high * factor, bar.low * factor, bar.close * factor)
