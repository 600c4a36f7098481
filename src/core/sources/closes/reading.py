"""From the bytes of a file of closes to days and closes: whatever does not fit the documented layout is refused."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from .. import Failure
from ..yahoo_causes import page_failure
from . import CloseSource, Series

LAYOUT = Failure("a file in another layout than documented", 200)
NOTHING = Failure("a file without a close", 200)
LONGEST_LINE = 400
DECIMALS = 6
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,10})?", re.ASCII)


@dataclass(frozen=True)
class Closes:
    """Days and closes in our own units, oldest first; `refused` rows are counted, not taken."""

    closes: tuple[tuple[date, float], ...]
    refused: int = 0


@dataclass(frozen=True)
class _Row:
    day: date | None
    close: float | None
    empty: bool = False


def read_closes(content: bytes, source: CloseSource, series: Series) -> Closes | Failure:
    """The closes of one file, or why there are none.

    A row that holds anything but a day and a number above 0 is refused alone; a day that stands twice with two
    closes is refused; the last row of a file that was cut short is not taken.
    """
    page = page_failure(content)
    if page is not None:
        return page
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return LAYOUT
    place = _place(lines[0], source, series) if lines else None
    if place is None:
        return LAYOUT
    rows = [_read(line, place, source, series) for line in _whole(lines[1:], content)]
    taken = _without_contradictions((row.day, row.close) for row in rows if row.day and row.close)
    refused = sum(not row.empty for row in rows) - len(taken)
    if not taken:
        # nothing but holidays is a file that has no news; rows that cannot be read are another file
        return LAYOUT if refused else NOTHING
    return Closes(tuple(sorted(taken.items())), refused)


def _place(header: str, source: CloseSource, series: Series) -> tuple[int, int] | None:
    """Where the close stands, of how many cells; None for a header that is not the documented one."""
    heads = [one.strip().upper() for one in _cells(header)]
    wanted = [one.format(name=series.name).upper() for one in source.close_heads]
    if not heads or heads[0] not in source.day_heads:
        return None
    return next(((heads.index(one, 1), len(heads)) for one in wanted if one in heads[1:]), None)


def _cells(text: str) -> list[str]:
    if len(text) > LONGEST_LINE:
        return []
    try:
        return next(csv.reader([text], strict=True))
    except (csv.Error, StopIteration):
        return []


def _whole(lines: list[str], content: bytes) -> list[str]:
    """The rows that came whole: a file that ends inside its last row may have cut a number."""
    if not lines or content.endswith((b"\n", b"\r")):
        return lines
    if len(lines) > 1 and _decimals(lines[-1]) == _decimals(lines[-2]):
        return lines
    return lines[:-1]


def _decimals(text: str) -> tuple[int, int]:
    """Cells of a row, and digits behind the point of its last one."""
    cells = _cells(text)
    return len(cells), len(cells[-1].partition(".")[2]) if cells else 0


def _read(text: str, place: tuple[int, int], source: CloseSource, series: Series) -> _Row:
    cells, (column, width) = [one.strip() for one in _cells(text)], place
    if len(cells) != width:
        # a comma in a number would leave its thousands for the close
        return _Row(None, None, empty=not text.strip())
    day, said = _day(cells[0], source.day_format), cells[column]
    if day is not None and said in source.empty:
        return _Row(day, None, empty=True)
    # a scaled decimal must not carry the binary's dust
    number = round(float(said) * series.scale, DECIMALS) if _NUMBER.fullmatch(said) else 0.0
    return _Row(day, number if number > 0 else None)


def _day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date() if text.isascii() else None  # noqa: DTZ007
    except ValueError:
        return None


def _without_contradictions(rows: Iterable[tuple[date, float]]) -> dict[date, float]:
    taken: dict[date, float] = {}
    twice: set[date] = set()
    for day, close in rows:
        if taken.setdefault(day, close) != close:
            twice.add(day)
    return {day: close for day, close in taken.items() if day not in twice}


def plausible(
    closes: Iterable[tuple[date, float]], known: Mapping[date, float], most: float
) -> tuple[tuple[tuple[date, float], ...], tuple[date, ...]]:
    """The closes that can be believed, and the days of those that cannot.

    A close is held against the one `known` of the same day, else against the believed one before it: neither may be
    more than `most` times the other. Where more are refused than believed, none is.
    """
    kept: list[tuple[date, float]] = []
    refused: list[date] = []
    for day, close in closes:
        against = known.get(day) or (kept[-1][1] if kept else close)
        if against / most <= close <= against * most:
            kept.append((day, close))
        else:
            refused.append(day)
    return ((), (*refused, *(day for day, _ in kept))) if len(refused) > len(kept) else (tuple(kept), tuple(refused))
