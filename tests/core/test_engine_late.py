"""Verdicts that come late, are mended, or stand on bars with a session missing."""

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tapewatch.core.bars import Bar, Bars
from tapewatch.core.flags.history import survival
from tapewatch.core.store.journal import read_events, write_events
from tapewatch.core.store.schema import connect

from ..market import NEW_YORK, eastern
from .test_engine import FALLS_AT_TWO, PAIR, RISES, A, B, Desk, path

LOW = path((78, 99.7))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    made = connect(tmp_path / "journal.db")
    yield made
    made.close()


def kept(desk: Desk, database: sqlite3.Connection) -> list[tuple[str, str]]:
    """Time and state of what the journal holds, as it is read."""
    write_events(database, desk.events, desk.engine.lives)
    return [(f"{one.time.astimezone(NEW_YORK):%H:%M}", one.state) for one in read_events(database)]


def test_a_close_that_came_after_it_was_given_up_is_the_journals_last_word(database: sqlite3.Connection) -> None:
    desk = Desk(PAIR)
    desk.through({A: LOW, B: RISES}, "16:00")
    desk.closes(eastern("2025-10-17 16:25"), A=99.7)
    desk.runs(eastern("2025-10-17 17:30"))
    desk.closes(eastern("2025-10-17 19:30"), B=101.0)
    assert kept(desk, database)[-2:] == [("17:20", "unknown"), ("17:20", "confirmed")]
    assert desk.flag().state == "confirmed"
    assert survival(read_events(database)) == {PAIR.id: (100.0, 1)}


def test_a_close_mended_and_mended_back_leaves_each_word_in_the_journal(database: sqlite3.Connection) -> None:
    desk = Desk(PAIR)
    desk.through({A: LOW, B: RISES}, "16:00")
    desk.closes(eastern("2025-10-17 16:25"), A=99.7, B=101.0)
    desk.closes(eastern("2025-10-17 18:00"), A=100.2)
    desk.closes(eastern("2025-10-17 19:00"), A=99.7)
    assert kept(desk, database)[-3:] == [("16:20", "confirmed"), ("18:00", "faded"), ("19:00", "confirmed")]
    assert all(one.sentence for one in read_events(database))
    assert desk.flag().state == "confirmed"
    assert survival(read_events(database)) == {PAIR.id: (100.0, 1)}


def test_official_closes_taken_again_say_nothing_twice() -> None:
    desk = Desk(PAIR)
    desk.through({A: LOW, B: RISES}, "16:00")
    desk.closes(eastern("2025-10-17 16:25"), A=99.7, B=101.0)
    said = len(desk.events)
    for when in ("17:00", "20:00"):
        desk.closes(eastern(f"2025-10-17 {when}"), A=99.7, B=101.0)
    assert len(desk.events) == said


@pytest.mark.parametrize("died", ["09:40", "14:30"])
def test_a_feed_that_died_before_the_close_confirms_late_and_says_so(died: str) -> None:
    alive = Desk(PAIR)
    alive.through({A: FALLS_AT_TWO, B: RISES}, died)
    after = Desk(PAIR, lives=alive.engine.lives)
    after.closes(eastern("2025-10-17 23:00"), A=99.4, B=101.0)
    assert after.events[-1].state == "confirmed"
    assert after.events[-1].sentence.startswith("confirmed late, from final bars: ")


def without(bars: Bars, day: date) -> Bars:
    return Bars.of(bars.bar(index) for index in range(len(bars)) if bars.day(index) != day)


@pytest.mark.parametrize("missing", [date(2025, 10, 13), date(2025, 10, 15)])
def test_with_one_of_the_last_sessions_missing_a_verdict_is_unknown_and_names_it(missing: date) -> None:
    desk = Desk(PAIR)
    desk.bars[A] = without(desk.bars[A], missing)
    desk.closes(eastern("2025-10-17 16:25"), A=99.0, B=101.0)
    said = [(event.state, event.sentence) for event in desk.events if event.session == date(2025, 10, 17)]
    assert said == [("unknown", f"A lacks the bar of {missing:%a} {missing.day} Oct")]
    # the missing bar comes: the day is judged on it
    desk.bars[A] = desk.bars[A].merged(Bars.of([Bar(missing, 100, 100, 100, 100.0)]))
    desk.closes(eastern("2025-10-17 16:45"), A=99.0)
    assert desk.flag().state == "confirmed"


def test_a_session_missing_longer_ago_is_no_reason() -> None:
    desk = Desk(PAIR)
    desk.bars[A] = without(desk.bars[A], date(2025, 10, 17) - timedelta(days=14))
    desk.closes(eastern("2025-10-17 16:25"), A=99.0, B=101.0)
    assert desk.events[-1].state == "confirmed"
