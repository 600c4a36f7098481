"""The quote of one instrument: last price with its own time, state and freshness; the day's prices."""

from ...core.model.reading import Quote
from ...core.model.snapshot import Row, Snapshot
from ..exchanges import city
from ..format import NO_DATA, age, change, count, price
from ..look import AGED, Look, is_live, shown_quote, state_of
from ..proofs._common import KINDS
from ..text import Line, Piece, clean, line
from ..widgets.board import Page
from ..widgets.range_bar import DayBar
from ..widgets.spark import spark
from ..widgets.table import Cell, Column
from ._common import change_cell, day_cell, last_cell, time_cell, time_label, tone_of
from ._symbol import Block, figure, ink, labelled, lines_of, said, section, shown, single

NAME = "symbol_quote"
MINUTE, DAY_SECONDS = 60.0, 86400.0
LONG = 7 * DAY_SECONDS
"""Age from which its hours say nothing."""

QUOTE = (
    Column("last", "LAST", 10, 1, after=4, gap=0),
    Column("change", "CHG", 8, 2, after=4),
    Column("percent", "CHG %", 9, 1, after=4),
    Column("time", "TIME", 9, 1, gap=2),
    Column("state", "STATE", 12, 3, align="left", gap=2),
    Column("age", "AGE", 9, 4, gap=1),
    Column("spark", "20 SESS", 10, 6, align="left", gap=2),
    Column("session", "SESSION", 10, 9, align="left", gap=2, most=24),
)
DAY = (
    Column("open", "OPEN", 10, 3, after=4, gap=0),
    Column("high", "HIGH", 10, 1, after=4),
    Column("low", "LOW", 10, 1, after=4),
    Column("previous", "PREV", 10, 1, after=4),
    Column("range", "RANGE", 8, 4, after=4),
    Column("place", "POS %", 5, 5),
    Column("rank", "PCTL", 4, 6),
    Column("bar", "DAY RANGE", 10, 7, align="left", gap=2, most=24),
)


def blocks(row: Row, snapshot: Snapshot, look: Look) -> tuple[Block, ...]:
    """Two rows: the price, the day it was made in."""
    quote = shown_quote(row)
    if quote is None or quote.last is None:
        return ()
    columns = labelled(QUOTE, {"time": time_label(snapshot, look)})
    return (
        Block(columns, (single("quote", _quote(row, quote, snapshot, look)),)),
        Block(DAY, (single("day", _day(row, quote, snapshot, look)),)),
    )


def _quote(row: Row, quote: Quote, snapshot: Snapshot, look: Look) -> dict[str, Cell]:
    percent = day_cell(row, snapshot)
    known = percent.text != NO_DATA
    return {
        "last": last_cell(row, snapshot, look),
        "change": change_cell(
            change(quote.change, quote.last, look.decimals.of(row)), quote.change if known else None, arrow=False
        ),
        "percent": percent,
        "time": time_cell(row, snapshot, look),
        "state": Cell(_state(row, quote), ink(row, snapshot)),
        "age": figure(_age(row, quote, look), _aged(row)),
        "spark": Cell(_drawn(row.series.closes[-20:], 10, look), "spark"),
        "session": Cell(_drawn(row.series.session, 24, look), "spark"),
    }


def _state(row: Row, quote: Quote) -> str:
    """``final``; of a price that may still move, what may be said of it: ``live``, ``delayed 15 m``, ``stale``."""
    if row.official is not None:
        return "official"
    if row.freshness == "delayed" and quote.delay_minutes:
        return f"delayed {quote.delay_minutes} m"
    return state_of(row) or NO_DATA


def _aged(row: Row) -> str:
    return (
        "fault" if row.freshness in ("late", "ahead") else "stale" if row.freshness in ("stale", "frozen") else "text"
    )


def _age(row: Row, quote: Quote, look: Look) -> str:
    """How old a price is that may still move or is old, in whole minutes, then days; a final one of now has no age."""
    if quote.time is None or row.freshness == "ahead" or not (is_live(row) or row.freshness in AGED):
        return NO_DATA
    seconds = (look.now - quote.time).total_seconds()
    if seconds >= LONG:
        return f"{count(seconds // DAY_SECONDS)} d"
    return age(seconds) if seconds >= MINUTE else "<1 min"


def _drawn(values: tuple[float, ...], cells: int, look: Look) -> str:
    return "" if look.ascii or len(values) < 2 else spark(values, cells)


def _day(row: Row, quote: Quote, snapshot: Snapshot, look: Look) -> dict[str, Cell]:
    style, decimals = ink(row, snapshot), look.decimals.of(row)
    percent = day_cell(row, snapshot)
    tone = tone_of(1 if percent.text.startswith("+") else -1 if percent.text[:1] == "−" else 0)
    return {
        "open": figure(price(quote.open, decimals), style),
        "high": figure(price(quote.high, decimals), style),
        "low": figure(price(quote.low, decimals), style),
        "previous": figure(price(quote.previous_close, decimals), style),
        "range": figure(price(quote.range, decimals), style),
        "place": figure(count(quote.close_position_percent), style),
        "rank": figure(count(quote.change_percentile), style),
        "bar": Cell(art=DayBar(quote, "stale" if style == "stale" else tone))
        if quote.high is not None
        else Cell(NO_DATA),
    }


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """Two headings and two rows, and the title."""
    del cells
    row = shown(snapshot, look)
    return lines_of(blocks(row, snapshot, look)) if row else 2


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The section."""
    del lines
    row = shown(snapshot, look)
    if row is None:
        return said("instrument", "There is nothing to show of this symbol.", cells)
    title = f"{clean(row.short)}  {clean(row.name)}"
    made = blocks(row, snapshot, look)
    if not made:
        return said(title, row.note or "There is no price of it yet.", cells, clauses=_clauses(row, snapshot))
    return section(NAME, title, made, look, cells, clauses=_clauses(row, snapshot))


def _clauses(row: Row, snapshot: Snapshot) -> tuple[Line, ...]:
    quote = row.quote
    no_open = quote is not None and quote.last is not None and quote.open is None and row.official is None
    market = snapshot.markets.get(row.calendar)
    where = f"{city(row.calendar)}{f' {clean(market.state)}' if market else ''}"
    return (
        line(Piece(where, "text")),
        line(Piece(clean(row.currency), "muted")),
        line(Piece("no dependable open", "muted")) if no_open else (),
        line(Piece(KINDS.get(row.kind, clean(row.kind)), "muted")),
        line(Piece(clean(row.role), "muted")),
    )
