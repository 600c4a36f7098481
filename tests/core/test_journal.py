"""The journal and the lives that go with it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tapewatch.core.flags.lifecycle import Life
from tapewatch.core.model.flag import Event
from tapewatch.core.store.journal import read_events, read_lives, write_events
from tapewatch.core.store.schema import connect

from ..market import eastern

FLAG = "same-day-direction:^RUT:^GSPC+^DJI"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "a.db")) as opened:
        yield opened


def event(time: str, state: str = "forming", flag: str = FLAG) -> Event:
    moment = eastern(time)
    return Event(
        time=moment, session=moment.date(), flag=flag, rule=flag.split(":")[0], watched="^RUT",
        against=("^GSPC", "^DJI"), state=state, sentence="RUT fell −0.60\u00a0%.",
    )  # fmt: skip


def test_events_come_back_oldest_first_word_for_word(database: sqlite3.Connection) -> None:
    late, early = event("2025-10-17 14:35", "provisional"), event("2025-10-17 14:20")
    write_events(database, [late], {})
    write_events(database, [early], {})
    assert read_events(database) == (early, late)


def test_a_repeated_event_is_kept_once(database: sqlite3.Connection) -> None:
    for _ in range(3):
        write_events(database, [event("2025-10-17 14:20")], {})
    assert len(read_events(database)) == 1


def test_events_of_one_moment_keep_the_order_they_were_written_in(database: sqlite3.Connection) -> None:
    both = [event("2025-10-17 14:20", flag="b"), event("2025-10-17 14:20", flag="a")]
    write_events(database, both, {})
    assert read_events(database) == tuple(both)


def test_since_a_session_and_the_newest(database: sqlite3.Connection) -> None:
    days = [event(f"2025-10-{day} 10:00") for day in (14, 15, 16, 17)]
    write_events(database, days, {})
    assert read_events(database, since=date(2025, 10, 16)) == tuple(days[2:])
    assert read_events(database, newest=3) == tuple(days[1:])
    assert read_events(database, newest=0) == ()


def test_a_life_is_kept_as_it_last_stood(database: sqlite3.Connection) -> None:
    formed = eastern("2025-10-17 14:20")
    life = Life(session=formed.date(), state="forming", first_seen=formed, last_seen=formed, judged_to=formed)
    later = Life(session=formed.date(), state="faded", first_seen=formed, last_seen=formed + timedelta(minutes=5))
    write_events(database, [], {FLAG: life})
    assert read_lives(database) == {FLAG: life}
    write_events(database, [], {FLAG: later})
    assert read_lives(database) == {FLAG: later}


def test_events_and_lives_are_written_together_or_not_at_all(database: sqlite3.Connection) -> None:
    def breaks() -> Iterator[Event]:
        yield event("2025-10-17 14:20")
        raise RuntimeError("interrupted")

    with pytest.raises(RuntimeError, match="interrupted"):
        write_events(database, breaks(), {FLAG: Life(state="forming")})
    assert read_events(database) == ()
    assert read_lives(database) == {}


def test_a_time_keeps_its_moment(database: sqlite3.Connection) -> None:
    write_events(database, [event("2025-10-17 14:20")], {})
    assert read_events(database)[0].time == datetime.fromisoformat("2025-10-17T18:20:00+00:00")
