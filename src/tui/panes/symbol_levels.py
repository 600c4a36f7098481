"""The level ladder of one instrument: prices that are watched, the last price in its place among them."""

from msgspec.structs import replace

from ...core.model.measures import Level
from ...core.model.snapshot import Row, Snapshot
from .. import glyphs
from ..format import NO_DATA, number, price, session_date, signed
from ..look import Look, has_bars, history_wanting
from ..text import Line, Piece, clean, line
from ..widgets.board import Page
from ..widgets.table import Cell, Column, TableRow
from ._symbol import Block, figure, ink, said, said_lines, section, shown, single

NAME = "symbol_levels"
TITLE = "levels"
LAST = "last"

COLUMNS = (
    Column("price", "PRICE", 10, 1, after=4, gap=0),
    Column("from", "FROM", 9, 6, after=4),
    Column("to", "TO", 9, 6, after=4),
    Column("distance", "DIST %", 7, 2, after=3),
    Column("atr", "ATR", 5, 3, after=2),
    Column("state", "STATE", 9, 5, align="left", gap=2),
    Column("what", "WHAT", 12, 1, align="left", gap=2, most=60),
)

ROOMY = 60
"""Cells from which more of what a level is made of has room."""


def columns(cells: int) -> tuple[Column, ...]:
    """The columns; what a level is takes more where there is more."""
    wide = 20 if cells >= ROOMY else 10
    return tuple(replace(one, width=wide) if one.key == "what" else one for one in COLUMNS)


def key_of(place: int) -> str:
    """The key of a level, which is its place in the snapshot."""
    return f"level{place}"


def rows(row: Row, snapshot: Snapshot, decimals: int | None = None) -> tuple[TableRow, ...]:
    """The highest first, the last price in its place."""
    style = ink(row, snapshot)
    ordered = sorted(enumerate(row.levels), key=lambda one: -one[1].price)
    made = [(one.price, _level(place, one, snapshot, style, decimals)) for place, one in ordered]
    last = row.quote.last if row.quote else None
    if last is None:
        return tuple(one for _, one in made)
    above = [one for level, one in made if level > last]
    return (*above, _last(last, style, decimals), *[one for level, one in made if level <= last])


def _last(last: float, style: str, decimals: int | None) -> TableRow:
    bright = "bright bold" if style == "text" else style
    cells = {
        "price": Cell(price(last, decimals), bright),
        "what": Cell("last", bright),
        "margin": Cell(glyphs.CURSOR, "accent"),
    }
    return TableRow(LAST, cells, lifted=True)


def _level(place: int, one: Level, snapshot: Snapshot, style: str, decimals: int | None) -> TableRow:
    record = style == "text" and any(name.startswith("record") for name in one.sources)
    tone = "record" if record else style
    zone = one.high != one.low
    return single(
        key_of(place),
        {
            "price": Cell(price(one.price, decimals), tone),
            "from": Cell(price(one.low, decimals) if zone else "", "muted"),
            "to": Cell(price(one.high, decimals) if zone else "", "muted"),
            "distance": figure(signed(one.distance_percent), style),
            "atr": figure(signed(one.distance_atr, 1), style),
            "state": Cell(_state(one), "muted"),
            "what": Cell(_what(one, snapshot), tone if record else "muted"),
        },
    )


def _state(one: Level) -> str:
    """What became of it; above and below are seen from its place."""
    return "" if one.state in ("above", "below") else clean(one.state)


def _what(one: Level, snapshot: Snapshot) -> str:
    said_ = ", ".join(clean(name) for name in one.sources)
    last = one.trail[-1] if one.trail else None
    since = f" ({clean(last.state)} {session_date(last.date, snapshot.session)})" if last else ""
    return f"{said_}{since}{f': {clean(one.note)}' if one.note else ''}"


def reason(row: Row, snapshot: Snapshot) -> str:
    """Why there are none; empty where there are some."""
    if row.levels:
        return ""
    return history_wanting(snapshot) or row.note or "No level is known of it."


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """A line a level, one for the last price, heading and title."""
    row = shown(snapshot, look)
    if row is None or not row.levels:
        return said_lines(reason(row, snapshot) if row else "", cells)
    return len(row.levels) + has_bars(row) + 2


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The section; where not all fit, those nearest to the last price, unless the cursor goes along them."""
    row = shown(snapshot, look)
    if row is None or not row.levels:
        return said(TITLE, reason(row, snapshot) if row else "", cells)
    made = rows(row, snapshot, look.decimals.of(row))
    kept = made if look.choices.focus == NAME else _around_last(made, lines - 2)
    away = len(made) - len(kept)
    further = (line(Piece(f"{away} further away", "text")),) if away else ()
    return section(NAME, TITLE, (Block(columns(cells), kept),), look, cells, (*further, *_clauses(row)))


def _around_last(made: tuple[TableRow, ...], room: int) -> tuple[TableRow, ...]:
    """As many rows as there is room for, the last price in their middle."""
    here = next((place for place, row in enumerate(made) if row.key == LAST), 0)
    first = max(0, min(here - room // 2, len(made) - room))
    return made[first : first + max(1, room)]


def _clauses(row: Row) -> tuple[Line, ...]:
    found = number(row.atr14) if row.atr14 is not None else NO_DATA
    why = line(Piece("a yield has no DIST %", "muted")) if row.kind == "yield" else ()
    return (line(Piece("ATR ", "muted"), Piece(found, "text")), why)
