"""How the values of a chart are written, by their unit."""

import re
from collections.abc import Sequence
from datetime import date

from ...core.model.chart import Chart
from ..format import NO_DATA, clock, number, price, signed, weekday_date, zone_name
from .drawing import Drawing
from .scale import decimals_for

_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def figure(value: float | None, unit: str) -> str:
    """``2,452.17``, ``95.11``, ``−2.68 %``: a value of a chart as its unit asks."""
    if value is None:
        return NO_DATA
    if unit == "percent":
        return f"{signed(value)} %"
    return number(value, 2) if unit == "index" else number(value, 3) if unit == "yield" else price(value)


def tick_labels(marks: Sequence[float], unit: str) -> list[str]:
    """Round numbers with as many decimals as tell them apart; percentages as all others beside the chart."""
    if unit == "percent":
        return [figure(one, unit) for one in marks]
    decimals = decimals_for(marks)
    return [number(one, decimals) for one in marks]


def compact(value: float | None) -> str:
    """``82.1M``: a volume in thousands, millions or milliards of pieces."""
    if value is None:
        return NO_DATA
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{number(value / size, 1)}{letter}"
    return number(value, 0)


def moment(chart: Chart, at: int, drawing: Drawing) -> str:
    """When a point was: ``Wed 15 Oct``, with its year where that is not today's; ``14:20 ET`` in a session."""
    if chart.times:
        return f"{clock(chart.times[at], drawing.zone)} {zone_name(chart.times[at], drawing.zone)}"
    words = {"week": "week to ", "month": "month to "}.get(chart.step, "")
    return f"{words}{day_words(chart.points[at], drawing.today)}"


def day_words(day: date, today: date) -> str:
    """``Wed 15 Oct``, and ``Thu 17 Oct 2024``."""
    return weekday_date(day) if day.year == today.year else f"{weekday_date(day)} {day.year}"


def dated(text: str, today: date) -> str:
    """A sentence of the feed with its dates as the screen writes them."""
    return _DATE.sub(lambda found: _day(found.group(), today), text)


def _day(text: str, today: date) -> str:
    try:
        return day_words(date.fromisoformat(text), today)
    except ValueError:
        return text


def standing(chart: Chart, drawing: Drawing) -> str:
    """How far the chart reaches and whether it is final: ``final, Fri 17 Oct``, ``live 14:20 ET, Fri 17 Oct``."""
    day = day_words(chart.points[-1], drawing.today)
    if chart.as_of is None:
        return f"{chart.state}, {day}"
    time = f"{clock(chart.as_of, drawing.zone)} {zone_name(chart.as_of, drawing.zone)}"
    return f"{drawing.state or chart.state} {time}, {day}"
