"""What alerts remember outlives older layouts, damage and a disk that refuses for a while."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from tapewatch.core.model.alert import Delivery, Firing, Memory, Subject
from tapewatch.core.store.alerts import (
    KEPT,
    forget_old_firings,
    note_deliveries,
    read_deliveries,
    read_firings,
    read_memories,
    write_alerts,
)
from tapewatch.core.store.refuge import put_back, twin_of
from tapewatch.core.store.rescue import rescue
from tapewatch.core.store.schema import MIGRATIONS, VERSION, connect
from tests.builders import FRIDAY, at

NOON = at(FRIDAY, 12)
MEMORY = Memory(
    condition="price|^RUT", since=NOON, settled=True, subjects={"above": Subject(on=True, fired_at=NOON, fired=1)}
)
FIRED = Firing(id="f1", alert="up", on="price", time=NOON, text="RUT 2,461.00")
TOLD = Delivery(firing="f1", way="webhook", changed_at=NOON, next_try=NOON)


def filled(path: Path) -> sqlite3.Connection:
    database = connect(path)
    write_alerts(database, {"up": MEMORY}, (FIRED,), (TOLD,))
    return database


def everything(database: sqlite3.Connection) -> tuple[object, ...]:
    return read_memories(database), read_firings(database), read_deliveries(database)


WHOLE = ({"up": MEMORY}, (FIRED,), {("f1", "webhook"): TOLD})


def test_what_is_written_is_read_again_and_written_twice_is_there_once(tmp_path: Path) -> None:
    with closing(filled(tmp_path / "a.db")) as database:
        write_alerts(database, {"up": MEMORY}, (FIRED,), (replace(TOLD, state="dropped"),))
        assert everything(database) == WHOLE
        note_deliveries(database, (replace(TOLD, state="sent"),))
        assert [one.state for one in read_deliveries(database).values()] == ["sent"]


def test_a_store_of_the_layout_before_is_brought_up_to_date_with_all_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as old:
        old.executescript("".join(MIGRATIONS[step] for step in (1, 2)) + "PRAGMA user_version = 2;")
        old.execute("INSERT INTO budget VALUES ('tokens', 5.0, 'kept')")
        old.commit()
    with closing(connect(path)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert database.execute("SELECT * FROM budget").fetchall() == [("tokens", 5.0, "kept")]
        write_alerts(database, {"up": MEMORY}, (FIRED,), (TOLD,))
        assert everything(database) == WHOLE


def test_a_damaged_store_loses_no_memory_of_what_fired(tmp_path: Path) -> None:
    filled(tmp_path / "damaged.db").close()
    with closing(connect(tmp_path / "new.db")) as fresh:
        rescue(tmp_path / "damaged.db", fresh)
        assert everything(fresh) == WHOLE


def test_what_was_told_while_the_disk_refused_is_not_open_when_it_is_back(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(filled(path)) as database:
        twin = twin_of(database)
    assert twin is not None
    with closing(twin):
        later = replace(TOLD, state="sent", changed_at=NOON + timedelta(minutes=1), next_try=None)
        note_deliveries(twin, (later,))
        write_alerts(twin, {"up": replace(MEMORY, muted_until=NOON)}, (replace(FIRED, id="f2"),), ())
        put_back(twin, path)
    with closing(connect(path)) as database:
        assert read_memories(database)["up"].muted_until == NOON
        assert [one.id for one in read_firings(database)] == ["f1", "f2"]
        assert [one.state for one in read_deliveries(database).values()] == ["sent"]


def test_the_journal_of_alerts_does_not_grow_for_ever(tmp_path: Path) -> None:
    with closing(filled(tmp_path / "a.db")) as database:
        forget_old_firings(database, NOON + KEPT)
        assert everything(database) == WHOLE
        forget_old_firings(database, NOON + KEPT + timedelta(seconds=1))
        assert everything(database) == ({"up": MEMORY}, (), {})
