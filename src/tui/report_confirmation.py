"""The table of what confirms, on paper."""

from collections.abc import Sequence
from math import floor

from ..core.model.measures import Confirmation
from . import format as fmt
from .confirmation_words import change_text, value_text
from .report_table import Table


def confirmation_of(lines: Sequence[Confirmation]) -> tuple[Table, ...]:
    """One table, none without a line; an unknown one gives its reason."""
    if not lines:
        return ()
    day = max((one.as_of for one in lines if one.as_of), default=None)
    heads = ("WHAT", "OF", "VALUE", "20 S. %", "LOW", "HIGH", "POS %", "PCTL", "READING")
    title = f"confirmation and macro - closes of {day}; ratios with 252 sessions ago = 100; position in 252 sessions"
    return (Table(title, heads, tuple(map(_line, lines)), frozenset({0, 1, 8})),)


def _line(one: Confirmation) -> tuple[str, ...]:
    words = f"unknown: {one.reading}" if one.state != "known" else ", ".join(filter(None, (one.reading, one.note)))
    return (
        one.label, one.meaning, value_text(one), change_text(one), fmt.number(one.low), fmt.number(one.high),
        fmt.count(one.position_percent), _rank(one.percentile), words,
    )  # fmt: skip


def _rank(percentile: float | None) -> str:
    """Whole percentiles, never rounded up: the 99.6th is not above all others."""
    return fmt.NO_DATA if percentile is None else fmt.count(floor(percentile))
