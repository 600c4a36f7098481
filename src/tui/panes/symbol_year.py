"""The 52-week range of one instrument on both bases."""

from ...core.model.reading import RangeOf52Weeks, YearRange
from ...core.model.snapshot import Row, Snapshot
from .. import glyphs
from ..format import count, dated, price, session_date
from ..look import Look, history_wanting, is_live, today
from ..text import Line, Piece, line
from ..widgets.board import Page
from ..widgets.range_bar import Canvas
from ..widgets.table import Art, Cell, Column
from ._symbol import Block, figure, ink, lines_of, said, said_lines, section, shown, single

NAME = "symbol_year"
TITLE = "52 weeks"

COLUMNS = (
    Column("basis", "", 8, 1, align="left", gap=0),
    Column("low", "LOW", 10, 1, after=4),
    Column("low_date", "DATE", 7, 4, align="left", gap=0),
    Column("bar", "", 12, 3, align="left", gap=2, most=32),
    Column("high", "HIGH", 10, 1, after=4),
    Column("high_date", "DATE", 7, 4, align="left", gap=0),
    Column("position", "POS %", 6, 1),
)


class SpanBar(Art, frozen=True):
    """A span with a price at `percent` of it; 0 is the low, 100 the high."""

    percent: float
    tone: str
    live: bool

    def draw(self, cells: int) -> Line:
        """The span in so many cells."""
        canvas = Canvas(cells)
        canvas.fill(0, cells - 1, glyphs.FILLED, "range-track")
        canvas.put(self._cell(cells), glyphs.LIVE if self.live else glyphs.FINAL, f"{self.tone} bold")
        return canvas.line()

    def marks(self, cells: int) -> object:
        """The cell of the price, and how it is drawn."""
        return self._cell(cells), self.tone, self.live

    def _cell(self, cells: int) -> int:
        return min(cells - 1, max(0, round(self.percent / 100.0 * (cells - 1))))


def blocks(row: Row, found: YearRange, snapshot: Snapshot, decimals: int | None = None) -> tuple[Block, ...]:
    """A row a basis."""
    bases = (("intraday", found.intraday), ("close", found.close))
    return (Block(COLUMNS, tuple(single(name, _cells(row, name, one, snapshot, decimals)) for name, one in bases)),)


def _cells(row: Row, basis: str, one: RangeOf52Weeks, snapshot: Snapshot, decimals: int | None) -> dict[str, Cell]:
    style = ink(row, snapshot)
    mark = "range-mark" if style == "text" else style
    drawn = None if one.position_percent is None else SpanBar(one.position_percent, mark, is_live(row))
    return {
        "basis": Cell(basis, "muted"),
        "low": figure(price(one.low, decimals), style),
        "low_date": Cell(session_date(one.low_date, snapshot.session).rjust(7), "muted"),
        "bar": Cell(art=drawn) if drawn else Cell("high is low", "stale"),
        "high": figure(price(one.high, decimals), style),
        "high_date": Cell(session_date(one.high_date, snapshot.session).rjust(7), "muted"),
        "position": figure(count(one.position_percent), style),
    }


def reason(row: Row, snapshot: Snapshot) -> str:
    """Why there is no range; empty where there is one."""
    if row.year_range is not None:
        return ""
    return history_wanting(snapshot) or row.note or "There are no 52 weeks of it without a hole."


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """Two rows, heading and title."""
    row = shown(snapshot, look)
    if row is None or row.year_range is None:
        return said_lines(reason(row, snapshot) if row else "", cells)
    return lines_of(blocks(row, row.year_range, snapshot))


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The section."""
    del lines
    row = shown(snapshot, look)
    if row is None or row.year_range is None:
        return said(TITLE, reason(row, snapshot) if row else "", cells)
    since, end = row.year_range.since, row.quote.session if row.quote else None
    span = f"364 days to {dated(end, today(look))}" if end else "364 days"
    words = f"bars begin {since.day} {since:%b %Y}: since then" if since else span
    clauses = (line(Piece(words, "text" if since else "muted")),)
    return section(NAME, TITLE, blocks(row, row.year_range, snapshot, look.decimals.of(row)), look, cells, clauses)
