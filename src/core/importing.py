"""`tapewatch import`: bars from files into the store, with an account of every row."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

from . import channel
from .clock import wall
from .model.instrument import Instrument
from .paths import Paths
from .sources.csv_folder import SHOWN, Read, csv_files, read_file
from .store.bars import save_bars
from .store.schema import connect
from .store.symbols import mark_full

ENOUGH = 252
"""Bars from which an import counts as a whole history."""


def import_paths(
    paths: Paths, files: Iterable[Path], instruments: Sequence[Instrument], say: Callable[[str], None]
) -> int:
    """Import and report a line a file; exit code 0, 3 where rows were refused, 1 where nothing was taken."""
    found, faults = csv_files(files)
    for fault in faults:
        say(str(fault))
    if not found:
        return 1
    refused, taken = len(faults), 0
    with closing(connect(paths.database)) as database:
        for file in found:
            read = read_file(file, instruments, wall().date())
            taken += _store(database, read, say)
            refused += len(read.faults)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _tell_feed(paths)
    if not taken:
        return 1
    return 3 if refused else 0


def _store(database: sqlite3.Connection, read: Read, say: Callable[[str], None]) -> int:
    count = len(read.bars)
    if read.instrument is not None and count:
        symbol = read.instrument.symbol
        new, replaced = save_bars(database, symbol, read.bars, source="import", state="final", taken_at=wall())
        if count >= ENOUGH:
            mark_full(database, symbol)
        same = count - new - replaced
        span = f"{min(bar.day for bar in read.bars)} to {max(bar.day for bar in read.bars)}"
        say(f"{symbol}: {new} new, {replaced} replaced, {same} unchanged, {len(read.faults)} refused; {span}")
    else:
        say(f"{read.file}: nothing taken")
    for fault in read.faults[:SHOWN]:
        say(f"  {fault}")
    if len(read.faults) > SHOWN:
        say(f"  … and {len(read.faults) - SHOWN} more lines refused in this file")
    return count


def _tell_feed(paths: Paths) -> None:
    """A running feed reads the store again; without one there is nobody to tell."""
    if channel.feed_holder(paths) is not None and paths.requests.is_dir():
        channel.ask(paths, "reload")
