"""The record of one instrument on both bases: price, date, distance, age, ground to recover; its phase and waits."""

from ...core.model.reading import Drought, Record, RecordMark
from ...core.model.snapshot import Row, Snapshot
from ..format import NO_DATA, count, number, price, session_date
from ..look import Look, history_wanting, is_live, is_old
from ..text import Line, Piece, clean, line
from ..widgets.board import Page
from ..widgets.gauge import Gauge
from ..widgets.gauge import heading as gauge_heading
from ..widgets.table import Cell, Column
from ._symbol import Block, figure, ink, lines_of, said, said_lines, section, shown, single
from .record import FRESH, WITHOUT

NAME = "symbol_record"
TITLE = "record"

MARKS = (
    Column("basis", "", 8, 1, align="left", gap=0),
    Column("price", "PRICE", 10, 1, after=4, tone="record"),
    Column("date", "DATE", 7, 2, align="left", gap=0),
    Column("distance", "DIST %", 7, 1, after=3),
    Column("gauge", "", 13, 6, align="left", gap=2, most=32),
    Column("points", "POINTS", 9, 5, after=4),
    Column("recover", "TO REC %", 8, 4, after=3),
    Column("sessions", "SESS", 6, 3),
    Column("days", "DAYS", 6, 7),
)
SHAPE = (
    Column("phase", "PHASE", 10, 1, align="left", gap=0),
    Column("deepest", "DEEPEST", 8, 2, after=3),
    Column("deepest_date", "ON", 7, 3, align="left"),
    Column("depth", "PCTL", 5, 4),
    Column("waited", "LAST WAIT", 10, 5, gap=2),
    Column("longest", "LONGEST", 8, 6, gap=1),
    Column("longest_span", "FROM TO", 17, 8, align="left", gap=2),
)


def blocks(row: Row, record: Record, snapshot: Snapshot, decimals: int | None = None) -> tuple[Block, ...]:
    """Both records, then what lies since the last one."""
    marks = (
        single("intraday", _mark(row, record, record.intraday, "intraday", snapshot, decimals)),
        single("close", _mark(row, record, record.close, "close", snapshot, decimals)),
    )
    return Block(MARKS, marks, _scale), Block(SHAPE, (single("shape", _shape(row, record, snapshot)),))


def _scale(widths: dict[str, int]) -> dict[str, Line]:
    cells = widths.get("gauge", 0)
    return {"gauge": line(Piece(gauge_heading(cells), "muted"))} if cells else {}


def _mark(
    row: Row, record: Record, mark: RecordMark, basis: str, snapshot: Snapshot, decimals: int | None
) -> dict[str, Cell]:
    style, old = ink(row, snapshot), is_old(row, snapshot)
    fresh = "record" if mark.sessions_since <= FRESH and not old else style
    below = None
    if basis == "intraday" and record.intraday.price > 0:
        below = 100.0 * (record.close.price / record.intraday.price - 1)
    return {
        "basis": Cell(basis, "muted"),
        "price": figure(price(mark.price, decimals), fresh),
        "date": Cell(session_date(mark.date, snapshot.session).rjust(7), fresh if fresh == "record" else "muted"),
        "distance": figure(number(mark.distance_percent), style),
        "gauge": Cell(art=Gauge(mark.distance_percent, below, basis, live=is_live(row), stale=old)),
        "points": figure(price(mark.points, decimals), style),
        "recover": figure(number(mark.to_recover_percent), style),
        "sessions": figure(count(mark.sessions_since), fresh),
        "days": figure(count(mark.days_since), style),
    }


def _shape(row: Row, record: Record, snapshot: Snapshot) -> dict[str, Cell]:
    style, longest = ink(row, snapshot), record.longest_drought
    span = "" if longest is None else f"{_month(longest, snapshot)} {_month(longest, snapshot, end=True)}"
    return {
        "phase": Cell(clean(record.phase), "record" if record.phase == "at record" and style == "text" else style),
        "deepest": figure(number(record.deepest_percent), style),
        "deepest_date": Cell(session_date(record.deepest_date, snapshot.session), "muted"),
        "depth": figure(count(record.depth_percentile), style),
        "waited": figure(_waited(record.drought), style),
        "longest": figure(_waited(longest), style),
        "longest_span": Cell(span, "muted"),
    }


def _waited(drought: Drought | None) -> str:
    return NO_DATA if drought is None else count(drought.sessions)


def _month(drought: Drought, snapshot: Snapshot, *, end: bool = False) -> str:
    return session_date(drought.end if end else drought.start, snapshot.session)


def reason(row: Row, snapshot: Snapshot) -> str:
    """Why there is no record; empty where there is one."""
    if row.record is not None:
        return ""
    if row.kind in WITHOUT:
        return f"A {'yield' if row.kind == 'yield' else 'volatility index'} has no record that means anything."
    return history_wanting(snapshot) or row.note or "The history has a hole: a record cannot be excluded."


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """Both records, the phase, their headings and the title."""
    row = shown(snapshot, look)
    if row is None or row.record is None:
        return said_lines(reason(row, snapshot) if row else "", cells)
    return lines_of(blocks(row, row.record, snapshot))


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The section."""
    del lines
    row = shown(snapshot, look)
    if row is None or row.record is None:
        return said(TITLE, reason(row, snapshot) if row else "", cells)
    since = f"since {row.record.since.day} {row.record.since:%b %Y}"
    rolled = "since the last roll, " if row.kind == "future" else "all-time high "
    clauses = (line(Piece(f"{rolled}{since}", "text")), line(Piece("phase on closes, waits in sessions", "muted")))
    return section(NAME, TITLE, blocks(row, row.record, snapshot, look.decimals.of(row)), look, cells, clauses)
