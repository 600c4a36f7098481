"""Sessions that are missing: found by the calendar, asked for again, named, and not asked for for ever."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tapewatch.core.bars import Bar, Bars
from tapewatch.core.book import Book
from tapewatch.core.doctor import Case, Check, Terminal, diagnose
from tapewatch.core.gaps import GIVEN_UP, Gap, bond_holiday, missing, next_asking
from tapewatch.core.model.config import Config
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.rota import Known, Rota, Task
from tapewatch.core.sessions import Calendars
from tapewatch.core.sources import Answer, Manners
from tapewatch.core.store.bars import save_bars
from tapewatch.core.store.schema import connect
from tapewatch.core.store.symbols import mark_full

from ..market import calendar, closes, eastern, index, rows, watching

RUT, YIELD, EURO = index("^RUT"), index("^TNX", kind="yield"), index("^STOXX50E", "XEUR")
NOON = eastern("2025-10-17 12:00")
LOST, OLD = date(2025, 10, 14), date(2025, 8, 28)
DAY = timedelta(days=1)


def history(*lost: date, name: str = "XNYS") -> Bars:
    made = closes([100.0 + at % 3 for at in range(560)], first=date(2023, 9, 1))
    days = calendar(name)
    return Bars.of(
        [bar for bar in rows(made.upto(date(2025, 10, 16))) if days.session(bar.day) and bar.day not in lost]
    )


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return default_paths(tmp_path / "store")


@pytest.fixture
def database(paths: Paths) -> Iterator[sqlite3.Connection]:
    with closing(connect(paths.database)) as opened:
        yield opened


def opened(database: sqlite3.Connection, *lost: date, full: bool = True) -> Book:
    save_bars(database, RUT.symbol, rows(history(*lost)), source="t", state="final", taken_at=NOON)
    if full:
        mark_full(database, RUT.symbol)
    book = Book(database, [RUT], Calendars())
    book.load(NOON)
    return book


# -- which --------------------------------------------------------------------------------------------


def test_a_session_without_a_bar_is_found_and_a_holiday_is_none() -> None:
    assert missing(RUT, history(LOST, OLD), calendar(), NOON.date()) == (OLD, LOST)
    assert missing(RUT, history(), calendar(), NOON.date()) == ()


def test_what_is_older_than_two_years_is_its_own_calendar() -> None:
    assert missing(RUT, history(date(2023, 9, 12)), calendar(), NOON.date()) == ()


@pytest.mark.parametrize(
    ("day", "rests"),
    [
        (date(2025, 10, 13), True),
        (date(2024, 10, 14), True),
        (date(2025, 11, 11), True),
        (date(2018, 11, 12), True),
        (date(2025, 10, 14), False),
        (date(2024, 11, 12), False),
    ],
)
def test_bonds_rest_on_columbus_and_veterans_day(day: date, rests: bool) -> None:
    assert bond_holiday(day) is rests


def test_of_a_yield_those_are_not_missing_and_others_are() -> None:
    bars = history(date(2025, 10, 13), LOST)
    assert missing(YIELD, bars, calendar(), NOON.date()) == (LOST,)


# -- when ---------------------------------------------------------------------------------------------


def test_pauses_grow_and_end() -> None:
    gap, now, waits = Gap(LOST), NOON, list[int]()
    while not gap.given_up:
        asked = gap.again(now)
        assert asked.asked == gap.asked + 1
        # an answer on the way there is no new asking
        assert asked.again(now + timedelta(hours=3)) == asked
        if not asked.given_up:
            assert asked.due
            waits.append((asked.due - now).days)
            now = asked.due
        gap = asked
    assert waits == [1, 3, 7, 30]
    assert gap.again(now + 400 * DAY) == gap


def test_lately_lost_sessions_take_a_short_request_and_older_ones_the_whole_history() -> None:
    recent = date(2025, 10, 10)
    assert next_asking([Gap(LOST)], recent) == (None, "days")
    assert next_asking([Gap(OLD), Gap(LOST)], recent) == (None, "full")
    assert next_asking([Gap(OLD, 1, NOON), Gap(LOST, 2, NOON)], recent) == (NOON + DAY, "full")
    assert next_asking([Gap(OLD, GIVEN_UP, NOON)], recent) is None


def test_an_answer_that_covers_the_day_and_lacks_it_counts_and_one_that_does_not_reach_it_does_not(
    database: sqlite3.Connection,
) -> None:
    book = opened(database, OLD, LOST)
    assert book.wants_again("^RUT", NOON) == (None, "full")
    bars = book.histories["^RUT"].bars
    book.absorb(Answer(daily={"^RUT": bars.slice(len(bars) - 4, len(bars))}), NOON, "t", full=False)
    assert {day: gap.asked for day, gap in book.gaps["^RUT"].items()} == {OLD: 0, LOST: 1}
    book.absorb(Answer(daily={"^RUT": bars}), NOON, "t", full=True)
    assert {day: gap.asked for day, gap in book.gaps["^RUT"].items()} == {OLD: 1, LOST: 1}
    assert book.wants_again("^RUT", NOON) == (NOON + DAY, "full")


def test_the_count_outlives_the_feed_and_a_bar_that_came_ends_it(database: sqlite3.Connection) -> None:
    book = opened(database, LOST)
    bars = book.histories["^RUT"].bars
    book.absorb(Answer(daily={"^RUT": bars}), NOON, "t", full=True)
    successor = Book(database, [RUT], Calendars())
    successor.load(NOON)
    assert successor.wants_again("^RUT", NOON) == (NOON + DAY, "days")
    back = Bars.of([Bar(LOST, 101.0, 102.0, 99.0, 101.0)])
    successor.absorb(Answer(daily={"^RUT": back}), NOON + DAY, "t", full=False)
    assert successor.wants_again("^RUT", NOON + DAY) is None
    assert database.execute("SELECT count(*) FROM gaps").fetchone()[0] == 0


def test_a_history_of_imported_bars_alone_is_not_asked_for(database: sqlite3.Connection) -> None:
    assert opened(database, LOST, full=False).wants_again("^RUT", NOON) is None


# -- who asks -----------------------------------------------------------------------------------------

MANNERS = Manners(timedelta(seconds=60), timedelta(minutes=3), timedelta(seconds=60), budget=240)


def rota(gap: tuple[datetime | None, str] | None, now: datetime) -> Rota:
    state = Known(full_history=True, last_final=date(2025, 10, 16), charted_at=now, checked=now.date(), gap=gap)  # type: ignore[arg-type]
    return Rota((RUT,), MANNERS, lambda one, _: calendar(one.calendar), known={RUT.symbol: state}, prices_at=now)


@pytest.mark.parametrize(
    ("now", "due", "tokens", "asked"),
    [
        ("2025-10-17 12:00", None, 6.0, True),
        ("2025-10-17 12:00", -1, 6.0, True),
        ("2025-10-17 12:00", 1, 6.0, False),
        ("2025-10-17 12:00", None, 3.0, False),
        ("2025-10-17 02:00", None, 6.0, False),
        ("2025-10-18 12:00", None, 6.0, False),
    ],
)
def test_a_gap_is_asked_for_while_the_exchange_is_up_and_the_budget_is_rich(
    now: str, due: int | None, tokens: float, asked: bool
) -> None:
    moment = eastern(now)
    made = rota((None if due is None else moment + due * DAY, "full"), moment)
    if moment.date() > date(2025, 10, 17):
        made.known[RUT.symbol].last_final = date(2025, 10, 17)
    task = made.next_task(moment, tokens)
    assert task == (Task("chart", (RUT.symbol,), "full") if asked else None)
    assert made.next_task(moment, tokens) is None


# -- what the doctor says -------------------------------------------------------------------------------


def looked_at(paths: Paths, config: Config, now: datetime = NOON) -> dict[str, Check]:
    case = Case(paths, config, (), Terminal({}, None, "utf-8"), now, processes=paths.store / "none")
    return {check.name: check for check in diagnose(case)}


def test_the_doctor_names_each_and_how_often_it_was_asked_for(paths: Paths, database: sqlite3.Connection) -> None:
    book = opened(database, OLD, LOST)
    bars = book.histories["^RUT"].bars
    book.absorb(Answer(daily={"^RUT": bars.slice(len(bars) - 4, len(bars))}), NOON, "t", full=False)
    check = looked_at(paths, watching(RUT))["gaps"]
    assert check.state == "warn"
    assert check.finding == (
        "sessions without a bar: ^RUT 2025-08-28 (not asked for yet), ^RUT 2025-10-14 (asked for 1 time)"
    )
    assert check.remedy is not None
    assert "fetch --full ^RUT" in check.remedy


def test_a_day_the_service_never_had_is_said_as_such(paths: Paths, database: sqlite3.Connection) -> None:
    swiss = date(2025, 8, 1)
    save_bars(database, EURO.symbol, rows(history(swiss, name="XEUR")), source="t", state="final", taken_at=NOON)
    mark_full(database, EURO.symbol)
    now, book = NOON, Book(database, [EURO], Calendars())
    for _ in range(GIVEN_UP):
        book = Book(database, [EURO], Calendars())
        book.load(now)
        book.absorb(Answer(daily={EURO.symbol: book.histories[EURO.symbol].bars}), now, "t", full=True)
        now += 31 * DAY
    assert book.wants_again(EURO.symbol, now) is None
    found = looked_at(paths, watching(EURO), NOON)
    assert "gaps" not in found
    assert found["vendor gaps"].state == "ok"
    assert found["vendor gaps"].finding == (
        "days the service has no bar of, and is not asked for any more: ^STOXX50E 2025-08-01 (asked for 5 times)"
    )


def test_a_store_of_the_first_layout_is_read_without_gaps(paths: Paths, database: sqlite3.Connection) -> None:
    opened(database, LOST)
    for table in ("gaps", "suspects", "closes"):
        database.execute(f"DROP TABLE {table}")
    database.execute("PRAGMA user_version = 1")
    assert "(not asked for yet)" in looked_at(paths, watching(RUT))["gaps"].finding
