"""A store that opens well and is damaged deep inside is set aside, and the feed goes on with a new one."""

from datetime import date
from pathlib import Path

import pytest

from tapewatch.core.clock import wall
from tapewatch.core.feeding import Demo, OpenedFeed
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.store.bars import load_bars, save_bars
from tapewatch.core.store.damage import damaged
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
