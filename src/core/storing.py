"""The database for a command that writes, what its disk refuses said in words."""

import contextlib
import sqlite3
from collections.abc import Callable, Generator
from pathlib import Path

from .room import no_room
from .store.schema import StoreError, writing


@contextlib.contextmanager
def storing(path: Path, say: Callable[[str], None]) -> Generator[sqlite3.Connection, None, None]:
    """The database as :func:`writing` gives it. Raises StoreError where there is no room to write."""
    with writing(path, say) as database:
        try:
            yield database
        except sqlite3.OperationalError as problem:
            # asked before it is closed: then its log, which could not grow, is gone
            why = no_room(path)
            if why is None:
                raise
            raise StoreError(f"cannot write {path}: {why} ({problem})") from problem
