"""A store that opens well and is damaged deep inside is set aside, and the feed goes on with a new one."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tapewatch.core.bars import Bar
from tapewatch.core.clock import wall
from tapewatch.core.feeding import Demo, OpenedFeed
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.store.bars import load_bars, save_bars
from tapewatch.core.store.damage import check_rows, damaged
from tapewatch.core.store.schema import connect
from tapewatch.core.universe import default_config

from ..market import rows, walk


@pytest.fixture
def store(tmp_path: Path) -> Paths:
    """A store of many pages, every tenth of them overwritten."""
    paths = default_paths(tmp_path / "store", tmp_path / "none.toml")
    paths.store.mkdir(parents=True)
    database = connect(paths.database)
    for seed, symbol in enumerate(("^RUT", "^GSPC", "^DJI")):
        bars = rows(walk(seed, 4000, first=date(2005, 1, 3)))
        save_bars(database, symbol, bars, source="import", state="final", taken_at=wall())
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    content = bytearray(paths.database.read_bytes())
    for start in range(40_960, len(content), 40_960):
        content[start : start + 300] = b"\xff" * 300
    paths.database.write_bytes(content)
    return paths


def test_it_is_set_aside_and_a_new_one_is_begun(store: Paths) -> None:
    said: list[str] = []
    opened = OpenedFeed(store, default_config(), Demo(), said.append)
    try:
        assert [one.name.startswith("tapewatch.db.damaged-") for one in damaged(store.database)] == [True]
        assert any("set aside" in one for one in opened.feed.problems)
    finally:
        opened.close()
    database = connect(store.database)
    assert load_bars(database) == {}
    database.close()
    assert any("set aside" in line for line in said)


def test_whatever_an_import_may_take_is_no_damage(tmp_path: Path) -> None:
    """A typing error in a year is the user's to mend, and no reason to put a good store aside."""
    file = tmp_path / "tapewatch.db"
    days = (date.min, date(1740, 1, 4), date(2024, 1, 2), date.max)
    for _ in range(2):
        database = connect(file)
        save_bars(
            database, "^RUT", [Bar(day, 1.0, 2.0, 0.5, 1.5) for day in days],
            source="file", state="final", taken_at=datetime(2026, 11, 24, tzinfo=UTC),
        )  # fmt: skip
        check_rows(database)
        database.close()
    assert not list(tmp_path.glob("*damaged*"))
