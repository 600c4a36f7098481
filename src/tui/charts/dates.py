"""The horizontal axis: where weeks, months and years begin, and what is written there."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from ..format import NO_DATA, clock, in_zone, session_date, weekday_number
from .canvas import columns

APART = 2
"""Blanks between two labels."""
WEEKS_FROM, WEEK_CELLS = 8, 6
"""Sessions from which the boundaries of weeks are drawn, and the cells a week must have for them not to crowd."""


def day_axis(days: Sequence[date], cells: int) -> str:
    """Labels under so many cells; each begins where its week, month or year does."""
    span = (days[-1] - days[0]).days
    for beginning, words in _units(span):
        placed = _placed(_beginnings(days, beginning), days, words, cells)
        if placed.strip():
            return placed
    return _ends(days, cells)


def _units(span: int) -> list[tuple[Callable[[date], object], Callable[[date], str]]]:
    """What a span is divided by, the finest that is calm first."""
    year_month: Callable[[date], object] = lambda day: (day.year, day.month)  # noqa: E731
    if span <= 10:
        return [(lambda day: day, weekday_number)]
    if span <= 120:
        return [(lambda day: day.isocalendar()[:2], session_date), (year_month, _month)]
    if span <= 900:
        return [(year_month, _month)]
    years = 1 if span <= 366 * 14 else 5 if span <= 366 * 45 else 10
    return [(lambda day: day.year // years, lambda day: str(day.year // years * years))]


def _month(day: date) -> str:
    return str(day.year) if day.month == 1 else session_date(day).partition(" ")[2]


def _beginnings(days: Sequence[date], unit: Callable[[date], object]) -> list[int]:
    return [at for at in range(1, len(days)) if unit(days[at]) != unit(days[at - 1])]


def _placed(places: Sequence[int], days: Sequence[date], words: Callable[[date], str], cells: int) -> str:
    at = columns(len(days), cells)
    return _written([(at[place], words(days[place])) for place in places], cells)


def _written(labels: Sequence[tuple[int, str]], cells: int) -> str:
    row, free = [" "] * cells, 0
    for column, text in labels:
        if column < free or column + len(text) > cells:
            continue
        row[column : column + len(text)] = text
        free = column + len(text) + APART
    return "".join(row)


def _ends(days: Sequence[date], cells: int) -> str:
    first, last = session_date(days[0]), session_date(days[-1])
    room = cells - len(first) - len(last)
    return f"{first}{' ' * room}{last}" if room > 0 else last.rjust(cells)[:cells]


def week_columns(days: Sequence[date], cells: int) -> tuple[int, ...]:
    """The cells in which a week begins; none where there are too few sessions or too many weeks."""
    at = columns(len(days), cells)
    begun = [at[place] for place in _beginnings(days, lambda day: day.isocalendar()[:2])]
    crowded = len(days) < WEEKS_FROM or len(begun) * WEEK_CELLS > cells
    return () if crowded else tuple(begun)


def time_axis(times: Sequence[datetime], zone: str, cells: int) -> str:
    """Whole hours under so many cells, every second one where they are near."""
    at = columns(len(times), cells)
    hours = [in_zone(one, zone).hour for one in times]
    begun = [place for place in range(1, len(times)) if hours[place] != hours[place - 1]]
    found = _written([(at[place], f"{hours[place]:02d}:00") for place in begun], cells)
    if found.strip() or not times:
        return found
    return _written([(0, clock(times[0], zone))], cells) if cells > len(NO_DATA) else found
