"""`tapewatch import`: bars from files into the store, with an account of every row."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from . import channel
from .bars import Bars
from .clock import wall
from .model.harmless import harmless
from .model.instrument import Instrument
from .paths import Paths
from .sessions import OWN_CALENDAR, SETTLING, Calendars
from .sources.csv_folder import Judge, Read, csv_files, read_file
from .steps import Step, impossible_steps
from .store.bars import load_bars, save_bars
from .store.symbols import mark_full
from .storing import storing

ENOUGH = 252
"""Bars from which an import counts as a whole history."""
SHOWN = 50
"""Refused lines named for each file; of more the number is told."""


def import_paths(
    paths: Paths,
    files: Iterable[Path],
    instruments: Sequence[Instrument],
    say: Callable[[str], None],
    now: datetime | None = None,
    warn: Callable[[str], object] | None = None,
) -> int:
    """Import and report a line a file; exit code 0, 3 where rows were refused or are doubtful, 1 where none was taken.

    `now` is the moment that bars must be final at, aware; the wall's time where it is not given. `warn` hears of rows
    that were taken and that no market makes; `say` where it is not given.
    """
    at = now or wall()
    judge = trading(at)
    found, faults = csv_files(files)
    for fault in faults:
        say(str(fault))
    if not found:
        return 1
    refused, taken, done = len(faults), 0, list[Read]()
    with storing(paths.database, say) as database:
        for file in found:
            read = read_file(file, instruments, at.date(), judge)
            taken += _store(database, read, say, at)
            refused += len(read.faults)
            done.append(read)
        doubts = list(_doubts(database, done)) if taken else []
    for doubt in doubts:
        (warn or say)(doubt)
    tell_feed(paths)
    if not taken:
        return 1
    return 3 if refused or doubts else 0


def trading(now: datetime) -> Judge:
    """What is wrong with a day at a moment: no session of the instrument's exchange, or one not final yet.

    A day older than two years is never refused. A calendar is built for each exchange when first needed.
    """
    calendars = Calendars()
    oldest = now.date() - OWN_CALENDAR

    def judge(one: Instrument, day: date) -> str | None:
        if day < oldest:
            return None
        session = calendars.of(one.calendar, now.date()).session(day)
        if session is None:
            return f"{one.calendar} does not trade that day"
        if now < session.close + SETTLING:
            return f"not final yet, its session ends at {session.close:%Y-%m-%d %H:%M} UTC"
        return None

    return judge


def _store(database: sqlite3.Connection, read: Read, say: Callable[[str], None], now: datetime) -> int:
    count = len(read.bars)
    if read.instrument is not None and count:
        symbol = read.instrument.symbol
        new, replaced = save_bars(database, symbol, read.bars, source="import", state="final", taken_at=now)
        if count >= ENOUGH:
            mark_full(database, symbol)
        same = count - new - replaced
        span = f"{min(bar.day for bar in read.bars)} to {max(bar.day for bar in read.bars)}"
        say(f"{symbol}: {new} new, {replaced} replaced, {same} unchanged, {len(read.faults)} refused; {span}")
    else:
        say(f"{read.file}: nothing taken")
    for line in _named(read):
        say(f"  {line}")
    return count


def _doubts(database: sqlite3.Connection, read: Iterable[Read]) -> Iterator[str]:
    """Rows that no session before them leads to, in the file or in the store; they are taken all the same."""
    stored = load_bars(database)
    for file in read:
        steps = _steps(file, stored)
        for line, step in steps[:SHOWN]:
            yield harmless(f"{file.file}, line {line}: {step}: no market makes such a step; taken as it is")
        if len(steps) > SHOWN:
            yield harmless(f"{file.file}: {len(steps) - SHOWN} more such steps")


def _steps(read: Read, stored: Mapping[str, Bars]) -> list[tuple[int, Step]]:
    one = read.instrument
    if one is None or one.symbol not in stored:
        return []
    # the row may be the one a stored bar does not follow from
    found = (
        (read.lines.get(step.day) or read.lines.get(step.before_day), step)
        for step in impossible_steps(one, stored[one.symbol])
    )
    return [(line, step) for line, step in found if line is not None]


def _named(read: Read) -> list[str]:
    more = len(read.faults) - SHOWN
    lines = [str(fault) for fault in read.faults[:SHOWN]]
    if more > 0:
        lines.append(f"… and {more} more line{'' if more == 1 else 's'} refused in this file")
    return lines


def tell_feed(paths: Paths) -> None:
    """A running feed reads the store again; without one there is nobody to tell."""
    if channel.feed_holder(paths) is not None and paths.requests.is_dir():
        channel.ask(paths, "reload")
