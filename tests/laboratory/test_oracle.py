"""The judge of the laboratory finds a lie when it is shown one, and none in the truth."""

from collections.abc import Callable, Iterator
from dataclasses import replace as copied
from datetime import timedelta
from typing import TypeVar

import pytest
from msgspec.structs import replace

from tapewatch.core.model.snapshot import Row, Snapshot

from ..fake_yahoo import troubles
from .oracle import Oracle
from .scenario import Scenario
from .stage import Stage, staged
from .world import FAULT, minutes

T = TypeVar("T")
Lie = Callable[[Snapshot], Snapshot]
DEAD = Scenario("dead", lambda service: service.trouble(troubles.status(500)))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Eight minutes after the service has died; all rows are late."""
    with staged(DEAD, tmp_path_factory.mktemp("oracle")) as made:
        made.until(FAULT)
        DEAD.spoil(made.service)
        made.until(FAULT + minutes(8))
        yield made


@pytest.fixture
def oracle(stage: Stage) -> Oracle:
    """The judge with all it has heard, and nothing found yet."""
    return copied(stage.oracle, lies=[])


def of_rut(change: Callable[[Row], Row]) -> Lie:
    """The same snapshot with another row of the Russell."""
    return lambda told: replace(
        told, instruments=tuple(change(row) if row.short == "RUT" else row for row in told.instruments)
    )


def of_quote(**changes: object) -> Lie:
    """The Russell's quote with other figures."""
    return of_rut(lambda row: replace(row, quote=replace(_there(row.quote), **changes)))


def _there(value: T | None) -> T:
    assert value is not None
    return value


def test_the_truth_is_no_lie(stage: Stage, oracle: Oracle) -> None:
    oracle.watch(stage.desk.snapshot)
    assert oracle.lies == []
    assert stage.oracle.lies == []


def _younger(told: Snapshot) -> Snapshot:
    time = _there(_there(_there(told.row("RUT")).quote).time)
    return of_quote(time=time + timedelta(minutes=3))(told)


def _in_the_week(row: Row) -> Row:
    return replace(row, week=replace(_there(row.week), high=99999.0))


def _in_the_record(row: Row) -> Row:
    record = _there(row.record)
    return replace(row, record=replace(record, intraday=replace(record.intraday, price=99999.0)))


def _a_success(told: Snapshot) -> Snapshot:
    return replace(told, health=replace(told.health, last_success=told.clock.now))


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        (_younger, "the service said"),
        (of_rut(lambda row: replace(row, freshness="live")), "live at an age of"),
        (of_rut(lambda row: replace(row, age_seconds=5.0)), "is told 5 s old"),
        (of_quote(last=2460.0), "was never delivered"),
        (of_quote(last=99999.0), "was never traded"),
        (of_quote(low=0.01), "was never traded"),
        (of_quote(range_as_of=FAULT + minutes(7)), "its range is dated"),
        (of_rut(_in_the_week), "week high 99999.0 was never traded"),
        (of_rut(_in_the_record), "record intraday 99999.0 was never traded"),
        (_a_success, "when nothing good came"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_lie_is_found(stage: Stage, oracle: Oracle, lie: Lie, words: str) -> None:
    oracle.watch(lie(stage.desk.snapshot))
    assert any(words in found for found in oracle.lies), oracle.lies


def test_a_late_row_that_should_be_stale_is_found(stage: Stage, oracle: Oracle) -> None:
    told = stage.desk.snapshot
    later = replace(told, clock=replace(told.clock, now=told.clock.now + minutes(60)))
    oracle.watch(later)
    assert any("only late at an age of" in found for found in oracle.lies)


def test_what_was_in_the_store_and_is_not_is_counted_as_lost(stage: Stage) -> None:
    stage.remember()
    assert (stage.lost(), stage.damaged()) == (0, [])
    stage.desk.database.execute("BEGIN")
    try:
        stage.desk.database.execute("DELETE FROM bars WHERE symbol = '^RUT' AND session % 100 = 7")
        assert stage.lost() > 0
        stage.desk.database.execute("UPDATE bars SET high = high * 2 WHERE symbol = '^GSPC'")
        assert len(stage.damaged()) > 400
    finally:
        stage.desk.database.execute("ROLLBACK")
