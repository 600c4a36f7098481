"""Returns of one instrument: to date from the last close of day, week, month, quarter, year; over the usual spans."""

from collections.abc import Sequence

from ...core.model.measures import Period
from ...core.model.snapshot import Row, Snapshot
from ..format import NO_DATA, dated, signed
from ..look import AGED, Look, are_spans_old, history_wanting, is_live, is_old, state_of, today
from ..text import Line, Piece, line
from ..widgets.board import Page
from ..widgets.table import Cell, Column
from ._common import change_cell
from ._symbol import Block, lines_of, said, said_lines, section, shown, single

NAME = "symbol_returns"
TITLE = "returns"
SPANS = ("day", "week", "month", "quarter", "year")
ROW = 6
"""Periods beside each other."""

TO_DATE = tuple(
    Column(name, name.upper(), 10, 1 + place, after=3, gap=0 if not place else 1) for place, name in enumerate(SPANS)
)


def blocks(row: Row, snapshot: Snapshot) -> tuple[Block, ...]:
    """To date, then the spans back and the whole years, six beside each other."""
    made: list[Block] = []
    if row.returns is not None:
        old = is_old(row, snapshot)
        cells = {name: _cell(getattr(row.returns, name), old=old) for name in SPANS}
        if old:
            cells["day"] = Cell(NO_DATA, "muted")
        made.append(Block(TO_DATE, (single("to_date", cells),)))
    outdated = are_spans_old(row)
    return (*made, *(_spans(row.periods, first, old=outdated) for first in range(0, len(row.periods), ROW)))


def _cell(value: float | None, *, old: bool = False) -> Cell:
    return change_cell(signed(value), value, arrow=False, old=old)


def _spans(periods: Sequence[Period], first: int, *, old: bool) -> Block:
    part = list(enumerate(periods))[first : first + ROW]
    columns = tuple(
        Column(str(place), _label(one), 10, 1 + place - first, after=3, gap=0 if place == first else 1)
        for place, one in part
    )
    cells = {str(place): _cell(one.percent, old=old) for place, one in part}
    return Block(columns, (single(f"periods{first}", cells),))


def _label(one: Period) -> str:
    return {"since record close": "SINCE REC"}.get(one.label, one.label.upper())


def reason(row: Row, snapshot: Snapshot) -> str:
    """Why there are no returns; empty where there are some."""
    if row.returns is not None or row.periods:
        return ""
    if row.kind == "yield":
        return "A yield moves in basis points: a percentage of it would mean nothing."
    return history_wanting(snapshot) or row.note or "There are no closes to count from."


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """A heading and a row for each six, and the title."""
    row = shown(snapshot, look)
    if row is None or reason(row, snapshot):
        return said_lines(reason(row, snapshot) if row else "", cells)
    return lines_of(blocks(row, snapshot))


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The section."""
    del lines
    row = shown(snapshot, look)
    if row is None or reason(row, snapshot):
        return said(TITLE, reason(row, snapshot) if row else "", cells)
    return section(NAME, TITLE, blocks(row, snapshot), look, cells, _clauses(row, snapshot, look))


def _clauses(row: Row, snapshot: Snapshot, look: Look) -> tuple[Line, ...]:
    """What the figures run to: those to date with the price, the spans to the newest close."""
    newest = max((one.end for one in row.periods), default=None)
    ends = line(Piece(f"spans to {dated(newest, today(look))}", "text")) if newest else ()
    return (_to_date(row, snapshot, look), ends, line(Piece("% price, no dividends", "muted")))


def _to_date(row: Row, snapshot: Snapshot, look: Look) -> Line:
    """``to date live``; of a price that is old or final, of which day it is."""
    quote = row.quote
    if row.returns is None or quote is None:
        return ()
    old = is_old(row, snapshot)
    word = state_of(row) if is_live(row) or row.freshness in AGED else ""
    day = f"of {dated(quote.session, today(look))}" if old or not word else ""
    return line(Piece(" ".join(("to date", *filter(None, (word, day)))), "stale" if old else "text"))
