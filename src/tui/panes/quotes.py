"""Index quotes: last, change, the day's range, the quote's own time."""

from msgspec.structs import replace

from ...core.model.snapshot import Row, Snapshot
from ..format import change, price, sign_of
from ..look import Look, is_old, shown_quote, shown_rows
from ..text import Line, Piece, clean, fit, line
from ..widgets.board import Page
from ..widgets.range_bar import DayBar
from ..widgets.spark import spark
from ..widgets.table import Art, Cell, Column, TableRow
from ._common import (
    MARGIN,
    MARK,
    NAME_COLUMN,
    NOTHING,
    SYMBOL,
    change_cell,
    change_clause,
    day_cell,
    day_change,
    last_cell,
    set_apart,
    table_page,
    table_rows,
    time_cell,
    time_label,
    tone_of,
)

NAME = "quotes"
TITLE = "quotes"
SESSIONS = 20
"""Closes drawn of the last sessions."""

COLUMNS = (
    MARGIN,
    MARK,
    SYMBOL,
    NAME_COLUMN,
    Column("last", "LAST", 10, 1, after=4, sortable=True),
    Column("change", "CHG", 8, 5, after=4, sortable=True),
    Column("percent", "CHG %", 9, 1, after=4, sortable=True),
    Column("open", "OPEN", 10, 10, after=4),
    Column("high", "HIGH", 10, 9, after=4),
    Column("low", "LOW", 10, 9, after=4),
    Column("previous", "PREV", 10, 10, after=4),
    Column("range", "DAY RANGE", 12, 9, align="left"),
    Column("closes", "20 SESS", 10, 7, align="left"),
    Column("time", "TIME", 7, 2, gap=0, sortable=True),
    Column("tag", "", 5, 11, align="left"),
)


OLD_TAGS = {"late": "LATE", "stale": "STALE", "frozen": "STILL", "ahead": "AHEAD"}
"""What is said of a price that is not of now; how far it is behind, its own time says."""


def rows(snapshot: Snapshot, look: Look) -> tuple[TableRow, ...]:
    """One row an instrument, in the order in force."""
    return table_rows(snapshot, look, NAME, cells)


def cells(row: Row, snapshot: Snapshot, look: Look) -> dict[str, Cell]:
    """The figures of one instrument."""
    quote = shown_quote(row)
    if quote is None or quote.last is None:
        note = clean(row.note) if row.note else "no bars yet"
        empty = dict.fromkeys(("last", "change", "percent", "open", "high", "low", "previous"), NOTHING)
        return {**empty, "closes": Cell(art=_Words(note)), "range": Cell(), "time": NOTHING}
    old = is_old(row, snapshot) and row.official is None
    quiet = "stale" if old else "text"
    prices = {"open": quote.open, "high": quote.high, "low": quote.low, "previous": quote.previous_close}
    decimals = look.decimals.of(row)
    made = {key: Cell(price(value, decimals), quiet if value is not None else "faint") for key, value in prices.items()}
    made["last"] = last_cell(row, snapshot, look)
    made["change"] = _change(row, look, old)
    made["percent"] = day_cell(row, snapshot)
    made["range"] = (
        Cell(art=_Words("close only"))
        if row.official
        else Cell(art=DayBar(quote, "stale" if old else tone_of(sign_of(day_change(quote, row.kind)[0]))))
    )
    made["closes"] = Cell(art=_Closes(row.series.closes[-SESSIONS:]))
    made["time"] = time_cell(row, snapshot, look)
    made["tag"] = Cell(_tag(row, snapshot), "muted")
    return made


def _change(row: Row, look: Look, old: bool) -> Cell:
    quote = shown_quote(row)
    if quote is None or old:
        return Cell("–", "muted")
    return change_cell(change(quote.change, quote.last, look.decimals.of(row)), quote.change, arrow=False)


def _tag(row: Row, snapshot: Snapshot) -> str:
    market = snapshot.markets.get(row.calendar)
    if row.official is not None:
        return "CLOSE"
    if row.freshness in OLD_TAGS:
        return OLD_TAGS[row.freshness]
    if row.quote is not None and row.quote.delay_minutes:
        return f"{row.quote.delay_minutes}M"
    if market is None:
        return ""
    if market.half_day:
        return "HALF"
    return {"pre": "PRE", "post": "POST", "holiday": "HOL"}.get(market.state, "")


class _Closes(Art, frozen=True):
    """The last closes as a braille line, without a colour of its own."""

    closes: tuple[float, ...]

    def draw(self, cells: int) -> Line:
        return line(Piece(spark(self.closes, cells), "spark"))

    def marks(self, cells: int) -> object:
        return spark(self.closes, cells)


class _Words(Art, frozen=True):
    """A reason in place of a drawing."""

    words: str

    def draw(self, cells: int) -> Line:
        words = self.words if len(self.words) <= cells else "no bars"
        return line(Piece(fit(words, cells), "faint"))


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """A line an instrument, title and heading."""
    del cells
    return len(shown_rows(snapshot, look)) + 2


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The pane; groups are set apart where there is room."""
    made = rows(snapshot, look)
    # a publisher's name behind a day is wider than a time, and so are some zones
    label = time_label(snapshot, look)
    gap = int(len(label) > len("TIME ET") or any(row.official is not None for row in snapshot.instruments))
    columns = tuple(
        replace(one, label=label, gap=gap) if one.key == "time" else one
        for one in COLUMNS
        if not (look.ascii and one.key == "closes")
    )
    page = table_page(TITLE, made, columns, look, cells, (change_clause(snapshot),), pane=NAME)
    return set_apart(page, made, lines, dense=look.choices.dense)
