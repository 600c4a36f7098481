"""The help page: keys from the live bindings, legends drawn by the code that draws the panes."""

from collections.abc import Sequence
from datetime import date

from ...core.model.reading import PreviousWeek, Week
from .. import glyphs
from ..commands import SECTIONS, Bound
from ..format import NO_DATA
from ..text import Line, Piece, clip, fit, line, pad
from ..text import width as width_of
from ..widgets.gauge import Gauge
from ..widgets.gauge import heading as gauge_heading
from ..widgets.meter import SEVERITIES, meter, state_mark
from ..widgets.range_bar import WeekBar

Block = tuple[Line, ...]
COLUMN = 38
"""Cells of one column of the page."""

WIDEST_KEYS = 15
"""The most cells of the keys before what they do."""

EXAMPLE = Week(
    monday=date(2025, 10, 13), sessions=5, expected=5, final=True, open=24.0, high=60.0,
    high_date=date(2025, 10, 15), low=20.0, low_date=date(2025, 10, 14), close=32.0, previous_close=12.0,
    range=40.0, previous=PreviousWeek(monday=date(2025, 10, 6), high=48.0, low=12.0, close=12.0),
)  # fmt: skip


def keys(bound: Sequence[Bound]) -> tuple[Block, ...]:
    """A block for each purpose: key and what it does."""
    wide = min(WIDEST_KEYS, max((len(one.all_keys) for one in bound), default=0) + 3)
    return tuple(
        block(section, [_key_line(one, wide) for one in bound if one.command.section == section])
        for section in SECTIONS
    )


def _key_line(one: Bound, wide: int) -> Line:
    return line(Piece(fit(" " + one.all_keys, wide), "accent bold"), Piece(one.command.help, "text"))


def block(title: str, lines: Sequence[Line]) -> Block:
    """A title on a hairline and what stands under it."""
    left = line(Piece(f"{glyphs.HAIRLINE} ", "rule"), Piece(title, "bright bold"), " ")
    return ((*left, Piece(glyphs.HAIRLINE * (COLUMN - width_of(left)), "rule")), *lines, ())


def _term(mark: Line, cells: int, words: str) -> Line:
    return (*pad(1), *mark, *pad(cells - width_of(mark)), Piece(words, "text"))


def legends() -> tuple[Block, ...]:
    """Week bar, gauge, flags, numbers, sessions."""
    return (_week(), _gauge(), _flags(), _numbers(), _sessions())


def _week() -> Block:
    bar = WeekBar(EXAMPLE, "bull", live=False).draw(32)
    return block("week bar", [
        (*pad(1), *bar),
        _term(line(Piece(glyphs.NEW_GROUND, "range-new")), 6, "only this week traded here"),
        _term(line(Piece(glyphs.BOTH_WEEKS, "range-track")), 6, "both weeks did"),
        _term(line(Piece(glyphs.LAST_WEEK, "range-prev")), 6, "only last week did"),
        _term(line(f"{glyphs.OPEN_HEAVY} {glyphs.OPEN_LIGHT}"), 6, "this week’s open"),
        _term(line(f"{glyphs.PREVIOUS_HEAVY} {glyphs.PREVIOUS_LIGHT}"), 6, "last week’s close"),
        _term(line(f"{glyphs.FINAL} {glyphs.LIVE}"), 6, "last price: final, live"),
    ])  # fmt: skip


def _gauge() -> Block:
    return block("record gauge", [
        line(" ", Piece(gauge_heading(32), "muted")),
        (*pad(1), *Gauge(-3.5, -0.9).draw(32)),
        _term(line(Piece(glyphs.RECORD, "record bold")), 6, "intraday record"),
        _term(line(Piece(glyphs.RECORD_CLOSE, "record")), 6, "record close"),
        _term(line(Piece(glyphs.TO_RECOVER * 3, "range-prev")), 6, "ground to recover"),
        _term(line(Piece(glyphs.BEYOND, "bright")), 6, "more than 20 % below"),
    ])  # fmt: skip


_RARITY = {
    "info": "under 90th percentile", "watch": "about 1 day in 10",
    "notable": "about 1 day in 40", "rare": "about 1 day in 200",
}  # fmt: skip
_STATES = {
    "forming": "true, under 15 min", "provisional": "held, session open", "confirmed": "true when final",
    "faded": "was on today", "unknown": "a leg is old",
}  # fmt: skip


def _flags() -> Block:
    severities = [
        line(" ", meter(one), "  ", Piece(fit(one, 9), f"flag-{one} bold"), Piece(_RARITY[one], "muted"))
        for one in SEVERITIES
    ]
    states = [
        line(" ", Piece(state_mark(one), "bright"), "  ", Piece(fit(one, 12), "text"), Piece(words, "muted"))
        for one, words in _STATES.items()
    ]
    return block("flags", [*severities, *states])


def _numbers() -> Block:
    return block("numbers and colour", [
        _term(line(Piece(f"{glyphs.UP} +0.53", "bull")), 12, "up from previous close"),
        _term(line(Piece(f"{glyphs.DOWN} −0.60", "bear")), 12, "down from it"),
        _term(line(Piece(f"{glyphs.UNCHANGED} 0.00", "flat")), 12, "unchanged"),
        _term(line(Piece("45,952.24", "stale")), 12, "old: no direction"),
        _term(line(Piece(NO_DATA, "muted")), 12, "no data; never 0.00"),
        _term(line(Piece("bold", "bright bold")), 12, "unusual for itself"),
        _term(line(Piece("+0.10!", "text")), 12, "definitions disagree"),
    ])  # fmt: skip


def _sessions() -> Block:
    return block("sessions", [
        _term(line(Piece("OPEN HALF", "text")), 12, "regular, short session"),
        _term(line(Piece("PRE POST", "text")), 12, "never in the change"),
        _term(line(Piece("CLOSED", "text")), 12, "final bars"),
        _term(line(Piece("DEMO PAUSED", "mode")), 12, "not the live market"),
    ])  # fmt: skip


def page(bound: Sequence[Bound], cells: int, lines: int) -> tuple[Line, ...]:
    """As many columns as fit; the keys first."""
    count = max(1, min(3, (cells + 2) // (COLUMN + 2)))
    blocks = (*keys(bound), *legends())
    return side_by_side(_columns(blocks, count, lines), cells)


def _columns(blocks: Sequence[Block], count: int, lines: int) -> list[list[Line]]:
    total = sum(len(block) for block in blocks)
    height = max(lines if count > 1 else total, -(-total // count))
    height = -(-total // count) + 3 if count > 1 else height
    columns: list[list[Line]] = [[]]
    for one in blocks:
        if columns[-1] and len(columns[-1]) + len(one) > height and len(columns) < count:
            columns.append([])
        columns[-1] += one
    return columns


def side_by_side(columns: Sequence[Sequence[Line]], cells: int) -> tuple[Line, ...]:
    """Columns of lines with two cells between."""
    wide = (cells - 2 * (len(columns) - 1)) // len(columns)
    rows: list[Line] = []
    for number in range(max(len(column) for column in columns)):
        row: list[Piece] = []
        for place, column in enumerate(columns):
            one = clip(column[number], wide) if number < len(column) else ()
            row += (*one, *pad(wide + 2 - width_of(one))) if place + 1 < len(columns) else one
        rows.append(tuple(row))
    return tuple(rows)
