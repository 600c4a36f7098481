"""Whatever comes in whatever order: nothing held is ever shown, nothing true is held, nothing is held for ever."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tapewatch.core.bars import Bar, Bars
from tapewatch.core.book import Book
from tapewatch.core.live import Live, absorb
from tapewatch.core.quarantine import Ground, Reach, judge
from tapewatch.core.sessions import Calendars
from tapewatch.core.sources import Answer, Tick
from tapewatch.core.store.bars import held, save_bars
from tapewatch.core.store.schema import connect
from tapewatch.core.take import History, read_row

from ..laboratory.ledger import note
from ..market import calendar, closes, eastern, five_minutes, index, rows, tick

RUT = index("^RUT")
FRIDAY, THURSDAY = date(2025, 10, 17), date(2025, 10, 16)
NOON, EVENING = eastern("2025-10-17 12:00"), eastern("2025-10-17 17:00")
MINUTE = timedelta(minutes=1)
MADE = closes([(1000.0, 1010.0, 1000.0, 990.0)[at % 4] for at in range(320)], first=date(2024, 7, 26), reach=2.0)
PAST = Bars.of([bar for bar in rows(MADE.upto(THURSDAY)) if calendar().session(bar.day)])
HISTORY = History.of(RUT, PAST)
WILD = (1150.0, 870.0, 1350.0, 700.0, 100_000.0, 10.0)
"""Prices no two of which could be taken for each other, nor for one between 970 and 1030."""
ONE_STORE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
NEVER = (100_000.0, 10.0)


@dataclass(frozen=True)
class Step:
    """One answer: after how many minutes, by which way, how (good, late, a copy of the one before, or wild)."""

    wait: int
    way: str
    kind: str
    wild: float
    drift: float


STEPS = st.lists(
    st.builds(
        Step,
        wait=st.integers(1, 4),
        way=st.sampled_from(("prices", "chart")),
        kind=st.sampled_from(("good", "good", "late", "copy", "last", "high", "low", "close")),
        wild=st.sampled_from(WILD),
        drift=st.floats(-2.0, 2.0),
    ),
    min_size=1,
    max_size=25,
)  # fmt: skip


def given_by(step: Step, price: float, now: datetime, before: Tick | None) -> Tick:
    """The tick of a step; `price` is the true one."""
    if step.kind == "copy" and before is not None:
        return before
    when = now - timedelta(minutes=7) if step.kind == "late" else now
    last = step.wild if step.kind == "last" else price
    if step.way == "prices":
        points = [price, step.wild if step.kind == "close" else price, price]
        return replace(tick(RUT.symbol, when, last), bars=five_minutes(when - 15 * MINUTE, points))
    high, low = max(last, 1031.0), min(last, 969.0)
    high = max(high, step.wild) if step.kind == "high" else high
    low = min(low, step.wild) if step.kind == "low" else low
    return tick(RUT.symbol, when, last, open=1000.0, high=high, low=low)


def way_of(given: Tick) -> str:
    return "prices" if given.bars.starts else "chart"


def told(given: Tick) -> list[tuple[float, datetime]]:
    """The figures of a tick with the time each is of."""
    figures = [(price, given.time) for price in (given.last, given.high, given.low, given.open) if price]
    return figures + list(zip(given.bars.closes, given.bars.starts, strict=True))


def witnesses(seen: Sequence[Tick], wild: float) -> set[tuple[str, datetime]]:
    """By which way and of what time a wild price was told."""
    return {(way_of(given), time) for given in seen for price, time in told(given) if price == wild}


@pytest.fixture
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path_factory.mktemp("laws") / "a.db")) as opened:
        save_bars(opened, RUT.symbol, rows(PAST), source="t", state="final", taken_at=NOON)
        yield opened


def fresh(database: sqlite3.Connection) -> Book:
    """A book with calm days behind it, and a store without anything held."""
    for table in ("held", "suspects"):
        database.execute(f"DELETE FROM {table}")
    database.execute("DELETE FROM bars WHERE session > ?", ((THURSDAY - date(1970, 1, 1)).days,))
    return Book(database, [RUT], Calendars(), histories={RUT.symbol: HISTORY})


def shown(live: Live) -> set[float]:
    """Every price of the session that any pane is made of."""
    bar = live.bar
    row = read_row(HISTORY, live, calendar(), NOON)
    assert row.quote
    assert row.week
    assert row.year_range
    figures = {bar.open, bar.high, bar.low, bar.close, *live.closes, *row.series.session, *row.series.closes}
    figures |= {row.quote.last or 0, row.quote.high or 0, row.quote.low or 0, row.week.high or 0, row.week.low or 0}
    figures |= {row.year_range.intraday.high, row.year_range.intraday.low, row.year_range.close.high}
    return figures | ({row.record.intraday.price, row.record.close.price} if row.record else set())


def no_pane_shows_what_one_witness_told(database: sqlite3.Connection, steps: list[Step]) -> None:
    """Follow the answers; after each, no figure shown is a price that only one answer has told."""
    book, now, seen, price = fresh(database), NOON - timedelta(hours=2), list[Tick](), 1000.0
    for step in steps:
        now, price = now + step.wait * MINUTE, min(1030.0, max(970.0, price + step.drift))
        seen.append(given_by(step, price, now, seen[-1] if seen else None))
        book.absorb(Answer(ticks=(seen[-1],)), now, "t", full=False)
        live = book.live.get(RUT.symbol)
        found = shown(live) if live else set[float]()
        told_twice = [wild for wild in WILD if wild not in NEVER and len(witnesses(seen, wild)) > 1]
        for wild in WILD:
            # between prices that stand, a price is no extreme and not unusual
            if not min([1000.0, *told_twice]) <= wild <= max([1000.0, *told_twice]):
                assert wild not in found


@settings(ONE_STORE, max_examples=150)
@given(STEPS)
def test_no_pane_is_made_of_a_price_that_one_witness_alone_has_told(
    database: sqlite3.Connection, steps: list[Step]
) -> None:
    no_pane_shows_what_one_witness_told(database, steps)


@pytest.mark.long
def test_nor_in_five_thousand_sequences_of_answers(database: sqlite3.Connection) -> None:
    followed = 0

    @settings(ONE_STORE, max_examples=5000)
    @given(STEPS)
    def law(steps: list[Step]) -> None:
        nonlocal followed
        no_pane_shows_what_one_witness_told(database, steps)
        followed += len(steps)

    law()
    note("freshness", "answers after which no pane showed a price that one witness alone had told", count=followed)


@settings(ONE_STORE, max_examples=100)
@given(STEPS)
def test_two_good_answers_end_whatever_is_held(database: sqlite3.Connection, steps: list[Step]) -> None:
    book, now, before = fresh(database), NOON - timedelta(hours=2), None
    for step in steps:
        now += step.wait * MINUTE
        before = given_by(step, 1000.0, now, before)
        book.absorb(Answer(ticks=(before,)), now, "t", full=False)
    for good in (Step(1, "prices", "good", 0.0, 0.0), Step(1, "chart", "good", 0.0, 0.0)):
        now += MINUTE
        book.absorb(Answer(ticks=(given_by(good, 1000.0, now, None),)), now, "t", full=False)
    assert held(database) == []
    assert book.live[RUT.symbol].last == 1000.0
    assert book.live[RUT.symbol].time == now


@given(st.lists(st.floats(0.0, 0.04), min_size=1, max_size=60), st.sampled_from((1.0, -1.0)))
def test_a_series_that_goes_one_way_in_small_steps_is_never_held(moves: list[float], sign: float) -> None:
    """To double or half the price in a day if need be: no step is unusual, so none is held."""
    reach, price, known, now = Reach.of(RUT, PAST), 1000.0, None, eastern("2025-10-17 09:31")
    for move in moves:
        price, now = price * (1.0 + sign * move), now + MINUTE
        low, high, last = (known.low, known.high, known.last) if known else (990.0, 1012.0, 1000.0)
        judged = judge(Ground(reach, low, high, last), tick(RUT.symbol, now, price), "prices", ())
        assert judged.suspects == ()
        assert judged.tick is not None
        known = absorb(known, judged.tick, now)
        assert known.last == price


@settings(ONE_STORE, max_examples=25)
@given(st.lists(st.floats(-4.0, 4.0), min_size=24, max_size=24), st.sampled_from((2, 3, 5, 8)), st.integers(0, 23))
def test_feeds_that_poll_at_another_rate_end_with_the_same_official_bars(
    database: sqlite3.Connection, moves: list[float], every: int, bad: int
) -> None:
    path = [1000.0 + sum(moves[: at + 1]) for at in range(24)]
    told_path = [25.0 if at == bad else price for at, price in enumerate(path)]
    official = Bar(FRIDAY, 1000.0, max(1000.0, *path), min(1000.0, *path), path[-1])
    ends: list[list[Bar]] = []
    for rate in (1, every):
        book = fresh(database)
        for minute in range(0, 24, rate):
            now = NOON + minute * MINUTE
            book.absorb(Answer(ticks=(tick(RUT.symbol, now, told_path[minute]),)), now, "t", full=False)
        for minutes in (0, 20):
            book.absorb(Answer(daily={RUT.symbol: Bars.of([official])}), EVENING + minutes * MINUTE, "t", full=False)
        ends.append(rows(book.histories[RUT.symbol].bars))
    assert ends[0] == ends[1]
    assert ends[0][-1].day == FRIDAY


@settings(ONE_STORE, max_examples=60)
@given(STEPS, st.integers(0, 24))
def test_a_restart_in_between_changes_nothing_of_what_is_believed(
    database: sqlite3.Connection, steps: list[Step], restart: int
) -> None:
    ends: list[Live | None] = []
    for broken in (False, True):
        book, now, before = fresh(database), NOON - timedelta(hours=2), None
        for at, step in enumerate(steps):
            now += step.wait * MINUTE
            if broken and at == restart:
                successor = Book(database, [RUT], Calendars(), live=book.live)
                successor.load(now)
                book = successor
            before = given_by(step, 1000.0, now, before)
            book.absorb(Answer(ticks=(before,)), now, "t", full=False)
        ends.append(book.live.get(RUT.symbol))
    assert ends[0] == ends[1]


# -- frozen ------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(("prices", "chart")), min_size=2, max_size=30))
def test_a_price_frozen_on_both_ways_of_asking_is_counted_answer_by_answer(ways: list[str]) -> None:
    """The two ways stamp one frozen price differently: none of them brings anything new."""
    known: Live | None = None
    now = NOON
    for way in ways:
        now += MINUTE
        late = NOON - 2 * MINUTE if way == "chart" else NOON
        step = Step(1, way, "good", 0.0, 0.0)
        known = absorb(known, given_by(step, 1000.0, late, None), now)
    first_of_later_way = ways[0] == "chart" and "prices" in ways
    assert known is not None
    silent = len(ways) - 1 - (ways.index("prices") if first_of_later_way else 0)
    assert known.same_price_polls == silent


@pytest.mark.parametrize("way", ["prices", "chart"])
def test_a_price_that_moves_on_one_way_of_asking_is_not_frozen(way: str) -> None:
    known: Live | None = None
    for minute in range(20):
        now = NOON + minute * MINUTE
        moving = way == ("prices" if minute % 2 else "chart")
        step = Step(1, "prices" if minute % 2 else "chart", "good", 0.0, 0.0)
        known = absorb(known, given_by(step, 1000.0, now if moving else NOON - MINUTE, None), now)
        assert known.same_price_polls <= 1
