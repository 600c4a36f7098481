"""Distance from the record: the all-time high on both bases, and how far below it the price stands."""

from msgspec.structs import replace

from ...core.model.reading import Record, RecordMark
from ...core.model.snapshot import Row, Snapshot
from .. import glyphs
from ..format import count, number, price, session_date
from ..look import Look, has_bars, history_wanting, is_live, is_old, shown_rows
from ..text import Line, Piece, clean, line, pad
from ..widgets.board import Page
from ..widgets.gauge import Gauge
from ..widgets.gauge import heading as gauge_heading
from ..widgets.table import Cell, Column, Fitted, TableRow
from ._common import MARGIN, MARK, NOTHING, SYMBOL, Reason, aged_clause, bars_clause, set_apart, table_page, table_rows
from .weekly import replace_rows

NAME = "record"
TITLE = "distance from the record"
ROLLED = "*"
WIDE = 98
"""Cells from which the title has room for whole sentences."""
FRESH = 5
"""A record is fresh for this many sessions."""
WITHOUT = ("volatility", "yield")

COLUMNS = (
    MARGIN,
    MARK,
    SYMBOL,
    Column("phase", "PHASE", 10, 3, align="left"),
    Column("distance", "DIST", 6, 1, after=3, sortable=True),
    Column("gauge", "", 16, 2, align="left", most=32),
    Column("price", "┃ INTRADAY", 11, 3, after=3, tone="record"),
    Column("date", "DATE", 7, 5, align="left"),
    Column("sessions", "SESS", 5, 2, sortable=True),
    Column("other_price", "╎ CLOSE", 10, 6, after=3, tone="record"),
    Column("other_date", "DATE", 7, 8, align="left"),
    Column("other_distance", "C DIST", 6, 4, after=3, sortable=True),
    Column("other_sessions", "SESS", 5, 7, sortable=True),
    Column("deepest", "DEEPEST", 7, 9, after=3, gap=2, sortable=True),
    Column("recover", "TO RECOVER", 10, 10, after=3, sortable=True),
    Column("atr", "ATR", 8, 11, after=3),
    Column("depth", "PCTL", 4, 12, sortable=True),
)


def in_force(record: Record, basis: str) -> RecordMark:
    """The record distances are measured from."""
    return record.close if basis == "close" else record.intraday


def other(record: Record, basis: str) -> RecordMark:
    """The record on the other basis."""
    return record.intraday if basis == "close" else record.close


def rows(snapshot: Snapshot, look: Look) -> tuple[TableRow, ...]:
    """One row an instrument with a price, without volatility and yields."""
    kept = tuple(row for row in snapshot.instruments if row.kind not in WITHOUT and has_bars(row))
    return table_rows(replace_rows(snapshot, kept), look, NAME, cells)


def cells(row: Row, snapshot: Snapshot, look: Look) -> dict[str, Cell]:
    """The figures of one record, or why there are none."""
    if row.record is None:
        words = history_wanting(snapshot) or row.note or "history has a hole: a record cannot be excluded"
        return {"phase": Cell("unknown", "stale"), "distance": NOTHING, "gauge": Cell(art=Reason(clean(words)))}
    old, basis, record = is_old(row, snapshot), look.choices.record_basis, row.record
    mark, second = in_force(record, basis), other(record, basis)
    quiet = "stale" if old else "text"
    return {
        "phase": Cell(clean(record.phase), _phase_tone(record.phase, old)),
        "distance": Cell(number(mark.distance_percent), quiet, value=mark.distance_percent),
        "gauge": Cell(art=_gauge(row, record, basis, old)),
        "price": Cell(price(mark.price, look.decimals.of(row)), quiet, mark=roll_mark(row), mark_style="muted"),
        "date": Cell(session_date(mark.date, snapshot.session).rjust(6), _fresh(mark, "muted", old)),
        "sessions": Cell(count(mark.sessions_since), _fresh(mark, quiet, old), value=mark.sessions_since),
        "other_price": Cell(price(second.price, look.decimals.of(row)), quiet),
        "other_date": Cell(session_date(second.date, snapshot.session).rjust(6), _fresh(second, "muted", old)),
        "other_distance": Cell(number(second.distance_percent), quiet, value=second.distance_percent),
        "other_sessions": Cell(count(second.sessions_since), _fresh(second, quiet, old), value=second.sessions_since),
        "deepest": Cell(number(record.deepest_percent), "muted", value=record.deepest_percent),
        "recover": Cell(number(mark.to_recover_percent), "muted", value=mark.to_recover_percent),
        "atr": Cell(number(row.atr14), "muted"),
        "depth": Cell(count(record.depth_percentile), "muted", value=record.depth_percentile),
    }


def roll_mark(row: Row) -> str:
    """``*`` on a future: its record is the highest price since the last roll only."""
    return ROLLED if row.kind == "future" and row.record is not None else ""


def roll_clause(snapshot: Snapshot, look: Look, *, short: bool = False) -> Line:
    """``* since the roll of 19 Sep``: from when the records of futures count."""
    rows = shown_rows(snapshot, look)
    since = [row.record.since for row in rows if row.record is not None and roll_mark(row)]
    if not since:
        return ()
    words = "roll" if short else "since the roll of"
    return line(Piece(f"{ROLLED} {words} {session_date(max(since), snapshot.session)}", "text"))


def _gauge(row: Row, record: Record, basis: str, old: bool) -> Gauge:
    top = record.intraday.price if basis == "intraday" else 0.0
    below = (record.close.price / top - 1) * 100 if top > 0 else None
    distance = in_force(record, basis).distance_percent
    return Gauge(distance, below, basis, live=is_live(row), stale=old)


def fresh_tone(row: Row, basis: str, *, old: bool) -> str:
    """The record's colour while it is fresh; never on a stale row."""
    quiet = "stale" if old else "text"
    return _fresh(in_force(row.record, basis), quiet, old) if row.record else quiet


def _fresh(mark: RecordMark, quiet: str, old: bool) -> str:
    return "record" if mark.sessions_since <= FRESH and not old else quiet


def _phase_tone(phase: str, old: bool) -> str:
    if old:
        return "stale"
    return {"at record": "record", "near high": "text"}.get(phase, "bright")


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """A line an instrument, title and heading."""
    del cells
    return sum(1 for row in shown_rows(snapshot, look) if row.kind not in WITHOUT and has_bars(row)) + 2


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The pane."""
    on_close = look.choices.record_basis == "close"
    narrow = cells < WIDE
    # the order that was asked for needs its room too
    short = narrow or look.choices.sort(NAME) is not None
    aged = aged_clause([row for row in shown_rows(snapshot, look) if row.record is not None], look, short=short)
    clauses = (
        *bars_clause(snapshot, look),
        line(Piece("distance from the record close", "text")) if on_close else (),
        line(Piece("all-time high" if narrow or aged else "all-time high in stored history", "muted")),
        *aged,
        roll_clause(snapshot, look, short=bool(aged)),
        line(Piece("phase on closes", "muted")),
    )
    columns = COLUMNS if not on_close else tuple(_swapped(one) for one in COLUMNS)
    made = rows(snapshot, look)
    return set_apart(
        table_page(TITLE, made, columns, look, cells, clauses, labels=_labels, pane=NAME),
        made,
        lines,
        dense=look.choices.dense,
    )


def _swapped(column: Column) -> Column:
    labels = {
        "price": f"{glyphs.RECORD_CLOSE} CLOSE", "other_price": f"{glyphs.RECORD} INTRADAY",
        "other_distance": "I DIST",
    }  # fmt: skip
    return replace(column, label=labels.get(column.key, column.label))


def _labels(table: Fitted) -> dict[str, Line]:
    """The record's own line stands over the one that is drawn, at the gauge's right end, and not beside it."""
    placed = {one.column.key: one for one in table.placed}
    if "gauge" not in placed:
        return {}
    scale = gauge_heading(placed["gauge"].cells)[:-1]
    mark, _, word = placed["price"].column.label.partition(" ") if "price" in placed else (glyphs.RECORD, "", "")
    drawn = {"gauge": line(Piece(scale, "muted"), Piece(mark, "record"))}
    if word:
        drawn["price"] = line(*pad(placed["price"].cells - len(word)), Piece(word, "record"))
    return drawn
