"""One snapshot for a pipe: published or computed, ages as of now, nothing written."""

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from tapewatch.core import channel
from tapewatch.core.bars import Bars
from tapewatch.core.clock import PacedClock, wall
from tapewatch.core.compose import compose_as_of
from tapewatch.core.model.snapshot import ClockReading, Snapshot
from tapewatch.core.oneshot import lacking, session_on_or_before, snapshot_as_of, snapshot_now
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.sessions import Calendars

from ..market import closes, eastern, index, tree, until, walk, watching

FRIDAY = date(2025, 10, 17)
BOARD = watching(index("^A"), index("^VIX", kind="volatility"), index("^TNX", kind="yield"), index("^H", "XHKG"))


def history(last: date = FRIDAY, **more: float) -> Bars:
    return closes([100.0 + at % 7 for at in range(330)], first=last - timedelta(days=450), **more).upto(last)


def everything(last: date = FRIDAY) -> dict[str, Bars]:
    return {one.symbol: history(last) for one in BOARD.watched}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return default_paths(tmp_path / "store", tmp_path / "none.toml")


def publish(paths: Paths, snapshot: Snapshot, now: str, rate: float = 1.0) -> None:
    paths.store.mkdir(exist_ok=True)
    moment = eastern(now)
    clock = ClockReading(now=moment, rate=rate, read_at=moment)
    channel.publish(paths, msgspec.structs.replace(snapshot, clock=clock))


def words(snapshot: Snapshot | None) -> dict[str, str]:
    assert snapshot is not None
    return {row.symbol: row.freshness for row in snapshot.instruments}


@pytest.mark.parametrize("now", ["2025-10-17 18:00", "2025-10-19 12:00"])
def test_final_bars_are_fresh_until_the_next_open_those_of_the_macro_line_too(paths: Paths, now: str) -> None:
    publish(paths, compose_as_of(BOARD, everything(), FRIDAY, Calendars()), "2025-10-17 17:00")
    found = snapshot_now(paths, BOARD, PacedClock(eastern(now), 0.0))
    assert set(words(found).values()) == {"closed"}
    assert found is not None
    assert lacking(found) == ()


def test_an_old_snapshot_says_how_old_it_is(paths: Paths) -> None:
    publish(paths, compose_as_of(BOARD, everything(), FRIDAY, Calendars()), "2025-10-17 17:00")
    found = snapshot_now(paths, BOARD, PacedClock(eastern("2025-10-20 12:00"), 0.0))
    assert words(found)["^A"] == "stale"
    assert found is not None
    row = found.row("^A")
    assert row is not None
    assert row.age_seconds == timedelta(days=2, hours=20).total_seconds()
    assert any(sentence.startswith("stale: A") for sentence in lacking(found))
    assert found.markets["XNYS"].state == "open"


def test_a_demos_snapshot_ages_on_its_own_clock(paths: Paths) -> None:
    publish(paths, compose_as_of(BOARD, everything(), FRIDAY, Calendars()), "2025-10-17 18:00", rate=200.0)
    found = snapshot_now(paths, BOARD, PacedClock(eastern("2025-10-17 18:00") + timedelta(seconds=60), 0.0))
    assert found is not None
    assert found.clock.now == eastern("2025-10-17 18:00") + timedelta(seconds=12_000)


def test_without_snapshot_and_store_there_is_nothing(paths: Paths) -> None:
    assert snapshot_now(paths, BOARD, PacedClock(wall(), 0.0)) is None
    assert not paths.store.exists()


def test_a_past_date_is_seen_without_anything_later() -> None:
    bars = {one.symbol: walk(at, 700, first=date(2023, 3, 1)) for at, one in enumerate(BOARD.watched)}
    for day in (date(2024, 6, 14), date(2025, 1, 9), date(2025, 9, 1)):
        cut = {symbol: until(one, day) for symbol, one in bars.items()}
        assert compose_as_of(BOARD, bars, day, Calendars()) == compose_as_of(BOARD, cut, day, Calendars())


def test_hong_kong_is_shown_with_its_own_last_session() -> None:
    # 7 October 2025 was a holiday there and a session in New York
    holiday = date(2025, 10, 7)
    bars = {symbol: until(one, holiday) for symbol, one in everything().items()}
    bars["^H"] = Bars.of([bars["^H"].bar(at) for at in range(len(bars["^H"])) if bars["^H"].day(at) != holiday])
    found = compose_as_of(BOARD, bars, holiday, Calendars())
    sessions = {row.symbol: row.quote.session for row in found.instruments if row.quote}
    assert (sessions["^A"], sessions["^H"]) == (holiday, date(2025, 10, 6))
    assert set(words(found).values()) == {"closed"}


@pytest.mark.parametrize(
    ("asked", "session"),
    [
        ("2025-10-18", "2025-10-17"),
        ("2025-11-27", "2025-11-26"),
        ("2025-10-17", "2025-10-17"),
        ("1905-01-01", "1905-01-01"),
    ],
)
def test_a_day_without_session_means_the_one_before(asked: str, session: str) -> None:
    assert session_on_or_before(date.fromisoformat(asked)).isoformat() == session


@pytest.mark.parametrize("day", ["0001-01-01", "1905-06-01", "1928-03-05", "1950-03-06", "1984-11-23"])
def test_dates_before_the_calendars_can_be_asked_for(paths: Paths, day: str) -> None:
    found = snapshot_as_of(paths, BOARD, date.fromisoformat(day))
    assert all(row.quote is None for row in found.instruments)
    assert "no bars of A" in lacking(found)[0]


def test_the_depression_can_be_looked_at() -> None:
    bars = {"^A": closes([100.0, 87.0], first=date(1929, 10, 25))}
    found = compose_as_of(BOARD, bars, date(1929, 10, 28), Calendars()).row("^A")
    assert found is not None
    assert found.quote is not None
    assert found.quote.change_percent == pytest.approx(-13)


def test_looking_leaves_everything_as_it_is(real_store: Paths) -> None:
    before = tree(real_store.store)
    assert snapshot_as_of(real_store, BOARD, FRIDAY)
    snapshot_now(real_store, BOARD, PacedClock(eastern("2026-01-17 12:00"), 0.0))
    assert tree(real_store.store) == before
