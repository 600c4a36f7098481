"""Weekly ranges: where this week traded against the last, and where the last price stands in it."""

from datetime import date

import msgspec
from msgspec.structs import replace

from ...core.model.reading import Week
from ...core.model.snapshot import Row, Snapshot
from .. import glyphs
from ..format import NO_DATA, basis_points, count, number, price, sign_of, signed, weekday
from ..look import OLD, Look, history_wanting, is_live, is_old, shown_rows
from ..text import Line, Piece, line
from ..widgets.board import Page
from ..widgets.range_bar import WeekBar
from ..widgets.table import Cell, Column, Fitted, TableRow
from ._common import (
    MARGIN,
    MARK,
    NOTHING,
    SYMBOL,
    Reason,
    aged_clause,
    bars_clause,
    change_cell,
    set_apart,
    table_page,
    table_rows,
    tone_of,
    unranked,
    week_basis_clause,
)

NAME = "weekly"
TITLE = "weekly ranges"
WHOLE = 5
"""Sessions of a week without a holiday."""
SHORT = {"inside": "in", "outside": "out"}
WHOLE_LEGEND = 32
"""Cells of a bar over which its three grounds are explained."""
WIDE = 1.5
"""A range this many times its mean of ten weeks is unusual."""

LABELS = {"w/w": "W/W %", "O>C": "O>C %", "1stC>C": "1stC>C %"}

COLUMNS = (
    MARGIN,
    MARK,
    SYMBOL,
    Column("low", "LOW", 10, 4, after=4, gap=2),
    Column("low_day", "DAY", 3, 8, align="left", gap=2),
    Column("bar", "", 16, 1, align="left", gap=2, most=32),
    Column("high", "HIGH", 10, 4, after=4),
    Column("high_day", "DAY", 3, 8, align="left"),
    Column("position", "POS %", 5, 2, sortable=True),
    Column("change", "W/W %", 9, 1, after=4, gap=2, sortable=True),
    Column("range", "RANGE %", 7, 5, after=3, sortable=True),
    Column("average", "×AVG", 4, 6, after=2, sortable=True),
    Column("kind", "KIND", 7, 7, align="left", gap=2),
    Column("last_week", "LAST WK", 7, 9, after=3),
    Column("gap", "GAP %", 6, 10, after=3, sortable=True),
    Column("way", "WAY %", 6, 10, after=3, sortable=True),
    Column("efficiency", "EFF %", 5, 11, sortable=True),
)


FIGURES = (
    "low", "low_day", "high", "high_day", "range", "average", "kind", "last_week", "gap", "way", "efficiency",
)  # fmt: skip
"""The columns beside what every layout shows of a week."""


def week_change(week: Week, basis: str) -> float | None:
    """The week's change in percent by the definition in force."""
    return {"O>C": week.open_to_close_percent, "1stC>C": week.first_close_to_close_percent}.get(
        basis, week.change_percent
    )


def definitions_differ(week: Week) -> bool:
    """Whether two definitions of the week's change disagree about its sign."""
    signs = {sign_of(signed(week_change(week, basis))) for basis in LABELS if week_change(week, basis) is not None}
    return {1, -1} <= signs


def change_text(week: Week, kind: str, basis: str) -> tuple[str, float | None]:
    """The week's change as written, ``!`` behind it where another definition has the other sign."""
    if kind == "yield" and basis == "w/w":
        return basis_points(week.change_points), week.change_points
    value = None if kind == "yield" else week_change(week, basis)
    mark = "!" if value is not None and definitions_differ(week) else ""
    return signed(value) + mark, value


def week_cells(row: Row, snapshot: Snapshot, look: Look, *, arrow: bool) -> dict[str, Cell]:
    """Bar, position and change: what every layout shows of a week."""
    week = row.week
    if week is None:
        return {"bar": Cell(), "position": NOTHING, "change": NOTHING}
    if is_fragment(week, snapshot):
        return {"bar": Cell(art=Reason(history_wanting(snapshot))), "position": NOTHING, "change": NOTHING}
    old = is_old(row, snapshot)
    text, value = change_text(week, row.kind, look.choices.week_basis)
    change = unranked(row, change_cell(text, value, arrow=arrow, old=old))
    where = "muted" if week.position_percent is None else "stale" if old else "text"
    return {
        "bar": Cell(art=WeekBar(week, "stale" if old else _tone(text, value), is_live(row) and not week.final)),
        "position": Cell(count(week.position_percent), where, value=week.position_percent),
        "change": change,
    }


def is_fragment(week: Week, snapshot: Snapshot) -> bool:
    """Whether it is one day of a week whose history has yet to come: its range would pass for the week's."""
    return bool(history_wanting(snapshot)) and week.sessions <= 1 and week.previous is None


def _tone(text: str, value: float | None) -> str:
    return "flat" if value is None else tone_of(sign_of(text))


def rows(snapshot: Snapshot, look: Look) -> tuple[TableRow, ...]:
    """One row an instrument that has traded this week."""
    with_weeks = tuple(row for row in snapshot.instruments if row.week is not None)
    return table_rows(replace_rows(snapshot, with_weeks), look, NAME, cells)


def replace_rows(snapshot: Snapshot, kept: tuple[Row, ...]) -> Snapshot:
    """The snapshot with fewer instruments."""
    return msgspec.structs.replace(snapshot, instruments=kept)


def cells(row: Row, snapshot: Snapshot, look: Look) -> dict[str, Cell]:
    """The figures of one week."""
    week = row.week
    if week is None:
        return {}
    if is_fragment(week, snapshot):
        return week_cells(row, snapshot, look, arrow=True) | dict.fromkeys(FIGURES, NOTHING)
    quiet = "stale" if is_old(row, snapshot) else "text"
    made = week_cells(row, snapshot, look, arrow=True)
    made["low"] = Cell(price(week.low, look.decimals.of(row)), quiet)
    made["high"] = Cell(price(week.high, look.decimals.of(row)), quiet)
    made["low_day"], made["high_day"] = Cell(weekday(week.low_date), "muted"), Cell(weekday(week.high_date), "muted")
    made["range"] = _figure(None if row.kind == "yield" else week.range_percent, 2, quiet)
    made["average"] = _figure(week.range_times_average, 1, _bold(week, quiet))
    made["kind"] = Cell(kind(row, snapshot), quiet)
    made["last_week"] = _last_week(week, row.kind)
    made["gap"] = Cell(signed(week.gap_percent), "muted", value=week.gap_percent)
    made["way"] = _figure(week.path_percent, 2, "muted")
    made["efficiency"] = _figure(week.efficiency_percent, 0, "muted")
    return made


def _figure(value: float | None, decimals: int, style: str) -> Cell:
    return Cell(number(value, decimals), "muted" if value is None else style, value=value)


def _bold(week: Week, style: str) -> str:
    return f"{style} bold" if (week.range_times_average or 0.0) >= WIDE else style


def _last_week(week: Week, instrument_kind: str) -> Cell:
    before = week.previous.change_percent if week.previous and instrument_kind != "yield" else None
    return Cell(signed(before), "muted")


def kind(row: Row, snapshot: Snapshot) -> str:
    """Patterns of a final week, ``nr7 4d`` where a holiday made it narrow; ``4 of 5`` where sessions are missing."""
    week = row.week
    if week is None:
        return NO_DATA
    if week.sessions < _sessions(row, week.monday, snapshot):
        return f"{week.sessions} of {week.expected}"
    if not week.final and row.freshness in OLD:
        return row.freshness
    if not week.final or not week.patterns:
        return NO_DATA
    return _with_days(week.patterns[0], week)


def _with_days(pattern: str, week: Week) -> str:
    """A week of fewer than five sessions has a smaller range for that alone."""
    if week.sessions >= WHOLE:
        return pattern
    return f"{SHORT.get(pattern, pattern)} {week.sessions}d"


def _sessions(row: Row, monday: date, snapshot: Snapshot) -> int:
    same = (
        other.week
        for other in snapshot.instruments
        if other.week is not None and other.calendar == row.calendar and other.week.monday == monday
    )
    return max((week.sessions for week in same), default=0)


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """A line an instrument, title and heading."""
    del cells
    return sum(1 for row in shown_rows(snapshot, look) if row.week is not None) + 2


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The pane."""
    label = LABELS.get(look.choices.week_basis, "W/W %")
    columns = tuple(replace(one, label=label) if one.key == "change" else one for one in COLUMNS)
    aged = aged_clause([row for row in shown_rows(snapshot, look) if row.week is not None], look)
    clauses = (*bars_clause(snapshot, look), *aged, week_basis_clause(snapshot, short=bool(aged)), _ticks())
    made = rows(snapshot, look)
    return set_apart(
        table_page(TITLE, made, columns, look, cells, clauses, labels=_legend, pane=NAME),
        made,
        lines,
        dense=look.choices.dense,
    )


def _ticks() -> Line:
    return line(
        Piece(glyphs.OPEN_LIGHT, "text"), Piece(" open  ", "muted"),
        Piece(glyphs.PREVIOUS_LIGHT, "text"), Piece(" prev close", "muted"),
    )  # fmt: skip


def legend(cells: int) -> Line:
    """What the bar's three grounds mean, shorter where it is narrower."""
    if cells < WHOLE_LEGEND:
        return bar_label(cells)
    return line(
        Piece(glyphs.NEW_GROUND, "range-new"), Piece(" new  ", "muted"),
        Piece(glyphs.BOTH_WEEKS, "range-track"), Piece(" both weeks  ", "muted"),
        Piece(glyphs.LAST_WEEK, "range-prev"), Piece(" last week", "muted"),
    )  # fmt: skip


def bar_label(cells: int) -> Line:
    """``LOW    week    HIGH`` across the bar."""
    if cells < 16:
        return line(Piece("week".center(cells), "muted"))
    return line(Piece("LOW" + "week".center(cells - 7) + "HIGH", "muted"))


def _legend(table: Fitted) -> dict[str, Line]:
    placed = {one.column.key: one.cells for one in table.placed}
    width = placed.get("bar", 0)
    if "low" in placed and width < WHOLE_LEGEND:
        # its ends are named by the columns beside it
        return {"bar": line(Piece("week".center(width), "muted"))}
    return {"bar": legend(width)}
