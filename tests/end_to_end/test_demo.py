"""The demo's market through the whole feed: what two minutes of watching bring."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tapewatch.core.channel import read_snapshot
from tapewatch.core.clock import PacedClock
from tapewatch.core.feed import Feed
from tapewatch.core.feed_loop import skip_quiet_hours
from tapewatch.core.feeding import Demo
from tapewatch.core.model.flag import Event
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.paths import default_paths
from tapewatch.core.sources.sample import SampleSource
from tapewatch.core.store.budget import Budget
from tapewatch.core.store.journal import read_events
from tapewatch.core.store.schema import connect
from tapewatch.core.universe import default_config

RATE = Demo().rate


@contextmanager
def demo(
    folder: Path, seconds: float, step: timedelta | None = None
) -> Generator[tuple[list[Snapshot], tuple[Event, ...]], None, None]:
    """The snapshots and the journal of a demo watched for so many seconds, its nights skipped as it does."""
    paths = default_paths(folder / "store", folder / "no-settings.toml")
    paths.store.mkdir(parents=True)
    paths.requests.mkdir()
    config, database = default_config(), connect(paths.database)
    source = SampleSource(config.watched)
    clock = PacedClock(source.start_time, 0.0)
    feed = Feed(paths, config, source, clock, database, Budget(database, None, 6), mode="demo", log=lambda _: None)
    seen: list[Snapshot] = []
    left = timedelta(seconds=seconds * RATE)
    while left > timedelta():
        before = clock.now()
        due = feed.step()
        found = read_snapshot(paths)
        assert found is not None
        seen.append(found)
        passed = max(due - before, step or timedelta(seconds=1))
        clock.jump(before + passed)
        left -= passed
        skip_quiet_hours(feed)
    try:
        yield seen, read_events(database)
    finally:
        database.close()


def test_two_minutes_show_every_state_of_a_flag(tmp_path: Path) -> None:
    with demo(tmp_path, 120.0) as (_, journal):
        assert {event.state for event in journal} == {"forming", "provisional", "confirmed", "faded", "unknown"}
        unknown = next(event for event in journal if event.state == "unknown")
        assert "DJIA has been silent since 13:30 ET" in unknown.sentence


def test_records_break_and_ranges_stretch_while_one_watches(tmp_path: Path) -> None:
    with demo(tmp_path, 130.0) as (seen, _):
        rows = [row for snapshot in seen if (row := snapshot.row("SPX")) and row.record and row.week]
        records = [row.record.intraday.price for row in rows if row.record]
        assert records == sorted(records)
        assert records[-1] > records[0]
        assert rows[0].week
        assert rows[-1].week
        assert rows[-1].week.monday > rows[0].week.monday


def test_every_snapshot_of_the_demo_says_that_it_is_one(tmp_path: Path) -> None:
    with demo(tmp_path, 10.0) as (seen, _):
        assert {snapshot.mode for snapshot in seen} == {"demo"}
        assert {snapshot.health.source for snapshot in seen} == {"sample"}


@pytest.mark.parametrize("seconds", [30, 400])
def test_the_same_seed_writes_the_same_journal_however_often_it_is_looked_at(tmp_path: Path, seconds: int) -> None:
    with (
        demo(tmp_path / "usual", 120.0) as (_, journal),
        demo(tmp_path / "other", 120.0, timedelta(seconds=seconds)) as (_, other),
    ):
        assert [(one.time, one.flag, one.state) for one in other] == [
            (one.time, one.flag, one.state) for one in journal
        ]
