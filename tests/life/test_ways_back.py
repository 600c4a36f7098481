"""Every table of the store has its way back to the disk."""

from tapewatch.core.store.refuge import WAYS_BACK
from tapewatch.core.store.schema import layout


def test_nothing_of_the_store_stays_behind_in_memory() -> None:
    assert set(WAYS_BACK) == {table for table in layout() if not table.startswith("sqlite_")}
