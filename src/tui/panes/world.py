"""The world on one clock: what each exchange does now and next, its day drawn, its indices beneath."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from ...core.model.snapshot import Market, Row, Snapshot
from .. import session_bells as bells
from ..exchanges import REGIONS, city, region, zone_of
from ..format import NO_DATA, age, clock, in_zone, until, weekday, zone_name
from ..look import Look, has_bars, is_live, is_old, shown_rows, today, worst_flags
from ..proofs import provable
from ..text import Line, Piece, clean, line
from ..widgets.board import BodyLine, Page
from ..widgets.painter import RowLine
from ..widgets.session_bar import SessionBar, scale
from ..widgets.table import Cell, Column, Fitted, TableRow, fitted, heading, reordered, sized
from ._common import (
    MARK,
    NAME_COLUMN,
    SYMBOL,
    day_cell,
    filters,
    last_cell,
    mark_cell,
    name_cell,
    nothing_left,
    symbol_cell,
    time_cell,
    time_label,
)

NAME = "world"
TITLE = "world"
KINDS = ("index", "future")
SHORT = {"asia": "ASIA", "europe": "EUR", "americas": "AMER", "futures": "FUT"}
MINUTE = 60.0
DRAWN = 60
"""Cells from which there is room to draw a day; in fewer no word or number is given up for it."""

EXCHANGES = (
    Column("region", "", 5, 5, align="left", gap=0),
    Column("state", "", 7, 1, align="left", gap=0),
    Column("city", "", 9, 1, align="left"),
    Column("local", "LOCAL", 9, 2),
    Column("bell", "NEXT BELL", 9, 1, align="left", gap=2),
    Column("at", "", 9, 6, gap=1),
    Column("bar", "", 20, 1, align="left", gap=2, most=120),
)
COLUMNS = (
    Column("margin", "", 5, 4, align="left", gap=0),
    MARK,
    SYMBOL,
    NAME_COLUMN,
    Column("last", "LAST", 10, 1, after=4),
    Column("percent", "CHG %", 9, 1, after=4),
    Column("time", "TIME", 9, 2),
    Column("fresh", "STATE", 8, 3, align="left", gap=2),
    Column("age", "AGE", 9, 5, gap=0),
)


def exchanges(snapshot: Snapshot, look: Look) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """Each exchange with its indices and futures, region by region; one of which nothing is shown is left out."""
    rows = [row for row in shown_rows(snapshot, look) if row.kind in KINDS]
    known = dict.fromkeys(row.calendar for row in rows)
    ordered = sorted(known, key=lambda name: REGIONS.index(region(name)))
    return tuple((name, tuple(row for row in rows if row.calendar == name)) for name in ordered)


def exchange(name: str, market: Market | None, look: Look, *, first: bool) -> TableRow:
    """An exchange's line: chip, city, its own time, the next bell, its day."""
    axis = bells.Axis.of(look.now, look.zone)
    cells = {
        "region": Cell(SHORT[region(name)] if first else "", "faint"),
        "city": Cell(city(name), "bright bold"),
        "local": Cell(_local(name, look), "text"),
    }
    if market is None:
        return TableRow(name, {**cells, "state": Cell(" ?     ", "chip-closed"), "bell": Cell("not known", "stale")})
    word, bell = bells.state(market, look.now), bells.next_bell(market, look.now)
    tone = "chip-open" if word in ("OPEN", "HALF", "PRE", "POST") else "chip-closed"
    cells["state"] = Cell(f" {word:<6}", tone)
    cells["bell"] = Cell(_words(bell, look.now), "text" if bell else "stale")
    cells["at"] = Cell(_at(bell, look), "muted")
    trades = bells.running(market, look.now) is not None
    cells["bar"] = Cell(art=SessionBar(axis, bells.spans(market, axis), look.now, trades))
    return TableRow(name, cells)


def _local(name: str, look: Look) -> str:
    """``02:39``; with its weekday where that is another than the shown zone's."""
    there = in_zone(look.now, zone_of(name)).date()
    day = "" if there == today(look) else f"{weekday(there)} "
    return f"{day}{clock(look.now, zone_of(name))}"


def _words(bell: bells.Bell | None, now: datetime) -> str:
    """``closes in 1 h 21 min``."""
    if bell is None:
        return "bell not known"
    seconds = bell.seconds(now)
    return f"{bell.word} in {until(seconds) if seconds >= MINUTE else '<1 min'}"


def _at(bell: bells.Bell | None, look: Look) -> str:
    """``Sun 20:00`` in the shown zone."""
    if bell is None:
        return ""
    day = in_zone(bell.at, look.zone).date()
    named = "" if day == today(look) else f"{weekday(day)} "
    return f"{named}{clock(bell.at, look.zone)}"


def instrument(row: Row, snapshot: Snapshot, look: Look, worst: dict[str, str]) -> TableRow:
    """An index or a future: last, change, its own time and how old that is."""
    cells = {
        "mark": mark_cell(row, look, NAME, worst),
        "symbol": symbol_cell(row, snapshot, look),
        "name": name_cell(row, snapshot),
        "last": last_cell(row, snapshot, look),
        "percent": day_cell(row, snapshot),
        "time": time_cell(row, snapshot, look),
        "fresh": Cell(_freshness(row), _tone(row, snapshot)),
        "age": Cell(_age(row, look), _tone(row, snapshot)),
    }
    return TableRow(row.symbol, cells, lifted=row.symbol == look.choices.selected)


def _freshness(row: Row) -> str:
    if not has_bars(row):
        return "no bars"
    return "official" if row.official is not None else clean(row.freshness)


def _tone(row: Row, snapshot: Snapshot) -> str:
    if row.freshness in ("late", "ahead"):
        return "fault"
    return "stale" if is_old(row, snapshot) else "muted"


def _age(row: Row, look: Look) -> str:
    """Of a price that may still move, in whole minutes: what has closed does not age."""
    quote = row.quote
    if quote is None or quote.time is None or not is_live(row) or row.freshness in ("closed", "ahead", "missing"):
        return NO_DATA
    seconds = (look.now - quote.time).total_seconds()
    return age(seconds) if seconds >= MINUTE else "<1 min"


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """A line an exchange, a line an instrument, two headings and the title."""
    del cells
    return 3 + sum(1 + len(rows) for _, rows in exchanges(snapshot, look))


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The pane."""
    found = exchanges(snapshot, look)
    worst = worst_flags(snapshot)
    tops = _tops(found, snapshot, look)
    below = {name: [instrument(row, snapshot, look, worst) for row in rows] for name, rows in found}
    columns = tuple(replace(one, label=time_label(snapshot, look)) if one.key == "time" else one for one in COLUMNS)
    drawn = tuple(one for one in _whole_bells(tops) if one.key != "bar" or cells >= DRAWN)
    upper = fitted(drawn, cells, look.hidden)
    figures = sized(columns, [row for rows in below.values() for row in rows])
    lower = fitted(reordered(figures, look.first.get(NAME, ())), cells, look.hidden)
    apart = not look.choices.dense and need(snapshot, look, cells) + len(found) - 1 <= lines
    chosen = look.choices.figure if look.choices.focus == NAME else None
    body: list[BodyLine] = [BodyLine(heading(lower))]
    for number, top in enumerate(tops):
        if number and apart:
            body.append(BodyLine(()))
        body.append(BodyLine(RowLine(upper, top, cells)))
        body += [BodyLine(RowLine(lower, row, cells, chosen), row.key) for row in below[top.key]]
    return Page(
        TITLE + filters(look),
        tuple(body) if found else (BodyLine(nothing_left(look)),),
        clauses=_clauses(upper, lower, look),
        heading=_heading(upper, look),
        keys=tuple(row.symbol for _, rows in found for row in rows),
        figures=tuple(one.column.key for one in lower.placed if one.column.key in provable(NAME)),
    )


def _tops(found: Iterable[tuple[str, tuple[Row, ...]]], snapshot: Snapshot, look: Look) -> tuple[TableRow, ...]:
    made: list[TableRow] = []
    before = ""
    for name, _ in found:
        made.append(exchange(name, snapshot.markets.get(name), look, first=region(name) != before))
        before = region(name)
    return tuple(made)


def _whole_bells(tops: Sequence[TableRow]) -> tuple[Column, ...]:
    """The columns, that of the bells as wide as the longest: a countdown is never cut."""
    longest = max((len(top.cells["bell"].text) for top in tops), default=0)
    return tuple(replace(one, width=max(one.width, longest)) if one.key == "bell" else one for one in EXCHANGES)


def _heading(table: Fitted, look: Look) -> Line:
    cells = next((one.cells for one in table.placed if one.column.key == "bar"), 0)
    axis = bells.Axis.of(look.now, look.zone)
    return heading(table, None, {"bar": scale(axis, look.now, cells)} if cells else None)


def _clauses(upper: Fitted, lower: Fitted, look: Look) -> tuple[Line, ...]:
    gone = upper.gone + lower.gone
    day = in_zone(look.now, look.zone)
    hours = line(
        Piece(f"{weekday(day.date())} {day.day} {day:%b}, 24 h of ", "muted"),
        Piece(zone_name(look.now, look.zone), "text"),
    )
    hidden = (line(Piece(f"{gone} column{'s' if gone > 1 else ''} hidden", "muted")),) if gone else ()
    return (*hidden, hours, line(Piece("indices and futures", "muted")))
