"""The week of one instrument: drawn against the last, its change by every definition, its size, the week before."""

from ...core.model.reading import Week
from ...core.model.snapshot import Row, Snapshot
from ..format import NO_BREAK, NO_DATA, count, number, price, session_date, signed, weekday
from ..look import Look, are_spans_old, history_wanting, is_old
from ..text import Line, Piece, line
from ..widgets.board import Page
from ..widgets.table import Cell, Column
from ._common import change_cell, week_basis_clause
from ._symbol import Block, figure, ink, lines_of, said, said_lines, section, shown, single
from .weekly import LABELS, WIDE, change_text, is_fragment, kind, legend, week_cells

NAME = "symbol_week"
TITLE = "week"

RANGE = (
    Column("low", "LOW", 10, 2, after=4, gap=0),
    Column("low_day", "DAY", 3, 4, align="left"),
    Column("bar", "", 16, 1, align="left", gap=2, most=32),
    Column("high", "HIGH", 10, 2, after=4),
    Column("high_day", "DAY", 3, 4, align="left"),
    Column("position", "POS %", 5, 1),
)
CHANGES = (
    Column("w/w", "W/W %", 9, 1, after=4, gap=0),
    Column("O>C", "O>C %", 8, 2, after=4, gap=2),
    Column("1stC>C", "1stC>C %", 8, 3, after=4, gap=2),
    Column("gap", "GAP %", 8, 4, after=3),
    Column("way", "WAY %", 7, 5, after=3),
    Column("efficiency", "EFF %", 7, 6),
)
SIZE = (
    Column("points", "RANGE", 10, 3, after=4, gap=0),
    Column("range", "RANGE %", 8, 1, after=3),
    Column("average", "×AVG", 6, 2, after=2),
    Column("rank", "PCTL", 6, 4),
    Column("atr", "ATR", 6, 5, after=3),
    Column("kind", "KIND", 16, 3, align="left", gap=3),
)
BEFORE = (
    Column("low", "LAST LOW", 10, 2, after=4, gap=0),
    Column("high", "HIGH", 10, 2, after=4),
    Column("close", "CLOSE", 10, 1, after=4),
    Column("change", "LAST WK", 9, 1, after=3),
    Column("monday", "WEEK OF", 8, 4, gap=2),
)


def blocks(row: Row, week: Week, snapshot: Snapshot, look: Look) -> tuple[Block, ...]:
    """The bar, the changes, the size, the week before."""
    made = [
        Block(RANGE, (single("range", _range(row, week, snapshot, look)),), lambda widths: _bar(widths.get("bar", 0))),
        Block(_in_force(look), (single("changes", _changes(row, week, snapshot)),)),
        Block(SIZE, (single("size", _size(row, week, snapshot, look)),)),
    ]
    if week.previous is not None:
        made.append(Block(BEFORE, (single("before", _before(row, week, snapshot, look)),)))
    return tuple(made)


def _bar(cells: int) -> dict[str, Line]:
    return {"bar": legend(cells)}


def _in_force(look: Look) -> tuple[Column, ...]:
    """The definition in force has its heading in bright ink."""
    return tuple(
        Column(
            one.key, one.label, one.width, one.rank, one.align, one.after, one.gap,
            tone="bright bold" if one.key == look.choices.week_basis else one.tone,
        )
        for one in CHANGES
    )  # fmt: skip


def _range(row: Row, week: Week, snapshot: Snapshot, look: Look) -> dict[str, Cell]:
    style = ink(row, snapshot)
    drawn = week_cells(row, snapshot, look, arrow=False)
    return {
        "low": figure(price(week.low, look.decimals.of(row)), style),
        "low_day": Cell(weekday(week.low_date), "muted"),
        "bar": drawn["bar"],
        "high": figure(price(week.high, look.decimals.of(row)), style),
        "high_day": Cell(weekday(week.high_date), "muted"),
        "position": drawn["position"],
    }


def _changes(row: Row, week: Week, snapshot: Snapshot) -> dict[str, Cell]:
    old, style = is_old(row, snapshot), ink(row, snapshot)
    made: dict[str, Cell] = {}
    for basis in LABELS:
        text, value = change_text(week, row.kind, basis)
        made[basis] = change_cell(text.removesuffix("!"), value, arrow=basis == "w/w", old=old)
    made["gap"] = figure(signed(week.gap_percent), style)
    made["way"] = figure(number(week.path_percent), style)
    made["efficiency"] = figure(count(week.efficiency_percent), style)
    return made


def _size(row: Row, week: Week, snapshot: Snapshot, look: Look) -> dict[str, Cell]:
    style = ink(row, snapshot)
    wide = f"{style} bold" if (week.range_times_average or 0.0) >= WIDE else style
    shape = f"{week.sessions} of {week.expected}" if week.expected else NO_DATA
    named = ", ".join(week.patterns) if len(week.patterns) > 1 else kind(row, snapshot)
    return {
        "points": figure(price(week.range, look.decimals.of(row)), style),
        "range": figure(number(week.range_percent), style),
        "average": figure(number(week.range_times_average, 1), wide),
        "rank": figure(count(week.range_percentile), style),
        "atr": figure(number(week.range_atr), style),
        "kind": Cell(named if named != NO_DATA else shape, "muted"),
    }


def _before(row: Row, week: Week, snapshot: Snapshot, look: Look) -> dict[str, Cell]:
    before = week.previous
    if before is None:
        return {}
    change = None if row.kind == "yield" else before.change_percent
    return {
        "low": figure(price(before.low, look.decimals.of(row)), ink(row, snapshot)),
        "high": figure(price(before.high, look.decimals.of(row)), ink(row, snapshot)),
        "close": figure(price(before.close, look.decimals.of(row)), ink(row, snapshot)),
        "change": change_cell(signed(change), change, arrow=True, old=are_spans_old(row)),
        "monday": Cell(session_date(before.monday, snapshot.session), "muted"),
    }


def reason(row: Row, snapshot: Snapshot) -> str:
    """Why there is no week to show; empty where there is one."""
    if row.week is None:
        return history_wanting(snapshot) or row.note or "It has not traded this week."
    return history_wanting(snapshot) if is_fragment(row.week, snapshot) else ""


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """Every block with its heading, and the title."""
    row = shown(snapshot, look)
    if row is None or row.week is None or reason(row, snapshot):
        return said_lines(reason(row, snapshot) if row else "", cells)
    return lines_of(blocks(row, row.week, snapshot, look))


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The section."""
    del lines
    row = shown(snapshot, look)
    if row is None or row.week is None or reason(row, snapshot):
        return said(TITLE, reason(row, snapshot) if row else "", cells)
    return section(NAME, TITLE, blocks(row, row.week, snapshot, look), look, cells, _clauses(row, row.week, snapshot))


def _clauses(row: Row, week: Week, snapshot: Snapshot) -> tuple[Line, ...]:
    alone = Snapshot(version=snapshot.version, mode=snapshot.mode, clock=snapshot.clock, instruments=(row,))
    why = ""
    if row.kind == "yield":
        why = "a yield moves in bp"
    elif week.range_percentile is None and not week.final:
        why = f"PCTL when final{NO_BREAK}"
    return (week_basis_clause(alone), line(Piece(why.strip(), "muted")) if why else ())
