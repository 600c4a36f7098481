"""Daily bars from CSV files: `date,open,high,low,close,volume`, the symbol is the file's name."""

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from .. import files as disk
from ..bars import Bar, at_the_door
from ..model.harmless import harmless
from ..model.instrument import Instrument
from ..universe import find, nearest

COLUMNS = ("date", "open", "high", "low", "close")
LARGEST = 64 * disk.MEGABYTE
"""Bytes of one file: the oldest index has not had a twentieth of it in days."""
MOST_LINES = 200_000
"""Lines read of one file."""
A_LINK = "a symbolic link, and none in a folder is followed; name the file itself to take it"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_NUMBER = re.compile(r"\s*[+-]?[0-9.]+([eE][+-]?[0-9]+)?\s*", re.ASCII)

Judge = Callable[[Instrument, date], str | None]
"""Why there can be no final bar of an instrument for a day; None where there can."""


@dataclass(frozen=True)
class Fault:
    """Something in a file that was not taken: where and why."""

    file: Path
    line: int | None
    reason: str

    def __str__(self) -> str:
        """One line: file, line, reason."""
        return harmless(f"{self.file}{f', line {self.line}' if self.line else ''}: {self.reason}")


@dataclass
class Read:
    """What one file held."""

    file: Path
    instrument: Instrument | None
    bars: list[Bar] = field(default_factory=list[Bar])
    faults: list[Fault] = field(default_factory=list[Fault])
    lines: dict[date, int] = field(default_factory=dict[date, int])
    """Where the bar of each day stands."""


def csv_files(paths: Iterable[Path]) -> tuple[list[Path], list[Fault]]:
    """The CSV files named, and those in the folders named; what is neither is a fault.

    A link is followed where it is named itself: one that lies in a folder may lead to what is nobody's to print.
    """
    files: list[Path] = []
    faults: list[Fault] = []
    for path in paths:
        if path.is_dir():
            found = sorted(path.glob("*.csv"))
            files += [one for one in found if not one.is_symlink()]
            faults += [Fault(one, None, A_LINK) for one in found if one.is_symlink()]
            faults += [] if found else [Fault(path, None, "no CSV files in this folder")]
        elif path.exists():
            files.append(path)
        else:
            faults.append(Fault(path, None, "no such file or folder"))
    return files, faults


def read_file(path: Path, instruments: Sequence[Instrument], today: date, judge: Judge) -> Read:
    """The bars of one file; every line that cannot be a bar is a fault, the rest is taken.

    `judge` says of a day that is not in the future why it is refused. Of two rows for one day the later
    stands and the earlier is a fault. Faults come in the order of their lines.
    """
    one = find(path.stem, instruments)
    read = Read(path, one)
    if one is None:
        near = ", ".join(nearest(path.stem, instruments))
        hint = f"; nearest: {near}" if near else ""
        read.faults.append(Fault(path, None, f"unknown symbol {harmless(path.stem)!r}{hint}"))
        return read
    try:
        content = disk.read_file(path, LARGEST)
    except OSError as problem:
        read.faults.append(Fault(path, None, problem.strerror or str(problem)))
        return read
    if content.startswith(_WIDE):
        read.faults.append(Fault(path, None, "text in UTF-16; save it as UTF-8"))
        return read
    # bytes that are no text must cost their own line alone
    text = content.decode("utf-8-sig", errors="replace")
    _read_rows(read, one, io.StringIO(text, newline=""), today, judge)
    read.faults.sort(key=lambda fault: fault.line or 0)
    return read


def _read_rows(read: Read, one: Instrument, lines: Iterable[str], today: date, judge: Judge) -> None:
    rows = _rows(read, lines)
    _, cells = next(rows, (1, list[str]()))
    header = [name.strip().lower() for name in cells]
    lacking = [name for name in COLUMNS if name not in header]
    if lacking:
        read.faults.append(Fault(read.file, 1, _no_columns(lacking, header)))
        return
    stands: dict[date, tuple[int, Bar]] = {}
    for number, bar in _bars(read, rows, header, today):
        good = _good(read, number, bar, judge(one, bar.day))
        if good is not None:
            _earlier_out(read, stands, number, bar.day)
            stands[bar.day] = (number, good)
    read.bars = [bar for _, bar in stands.values()]
    read.lines = {day: number for day, (number, _) in stands.items()}
    if not read.bars and not read.faults:
        read.faults.append(Fault(read.file, None, "no rows"))


def _no_columns(lacking: list[str], header: list[str]) -> str:
    found = ",".join(header)
    other = next((words for sign, words in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")) if sign in found), None)
    hint = f"; it is separated by {other}, and commas are wanted" if other else ""
    return f"no column {', '.join(lacking)}; found: {_cut(found)}{hint}"


def _good(read: Read, number: int, bar: Bar, why: str | None) -> Bar | None:
    taken, refused = at_the_door([bar])
    reason = refused[0].reason if refused else why
    if reason is None:
        return taken[0]
    read.faults.append(Fault(read.file, number, f"{bar.day}: {reason}"))
    return None


def _earlier_out(read: Read, stands: dict[date, tuple[int, Bar]], number: int, day: date) -> None:
    if day in stands:
        earlier, _ = stands.pop(day)
        read.faults.append(Fault(read.file, earlier, f"{day} stands again in line {number}, which is taken"))


def _rows(read: Read, lines: Iterable[str]) -> "Iterator[tuple[int, list[str]]]":
    """Rows with the number of the line they end on; what cannot be read further is a fault and the end."""
    rows = csv.reader(lines)
    try:
        for row in rows:
            if rows.line_num > MOST_LINES:
                read.faults.append(Fault(read.file, rows.line_num, f"more than {MOST_LINES:,} lines; no more is read"))
                return
            yield rows.line_num, row
    except csv.Error as problem:
        read.faults.append(Fault(read.file, rows.line_num, f"not CSV from here on: {problem}"))


def _bars(
    read: Read, rows: "Iterator[tuple[int, list[str]]]", header: list[str], today: date
) -> Iterator[tuple[int, Bar]]:
    for number, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        bar = _bar(read, dict(zip(header, row, strict=False)), number, today)
        if bar is not None:
            yield number, bar


def _bar(read: Read, cells: dict[str, str], line: int, today: date) -> Bar | None:
    day = _day(cells.get("date", ""))
    if day is None:
        read.faults.append(Fault(read.file, line, f"not a date: {_cut(cells.get('date', ''))!r}"))
        return None
    if day > today:
        read.faults.append(Fault(read.file, line, f"a date in the future: {day}"))
        return None
    prices: list[float] = []
    for name in COLUMNS[1:]:
        value = _number(cells.get(name, ""))
        if value is None:
            read.faults.append(Fault(read.file, line, f"{name} is not a number: {_cut(cells.get(name, ''))!r}"))
            return None
        prices.append(value)
    opened, high, low, close = prices
    return Bar(day, opened, high, low, close, _number(cells.get("volume", "")) or 0.0)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def _number(text: str) -> float | None:
    # float alone would also take 1_000 and digits of other scripts
    if not _NUMBER.fullmatch(text):
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _cut(text: str) -> str:
    """Shown to a user: short and harmless."""
    return harmless(text[:40])
