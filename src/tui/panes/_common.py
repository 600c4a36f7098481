"""Cells, rows and titles the instrument panes share."""

from collections import Counter
from collections.abc import Callable, Sequence

from msgspec.structs import replace
from rich.cells import cell_len

from ...core.model.reading import Quote, Week
from ...core.model.snapshot import Row, Snapshot
from .. import glyphs
from ..choices import Sort
from ..format import (
    NO_DATA,
    basis_points,
    clock,
    dated,
    in_zone,
    price,
    session_date,
    sign_of,
    signed,
    typeset,
    weekday,
    weekday_date,
    weekday_number,
    zone_name,
)
from ..look import (
    OLD,
    Look,
    exchange_zone,
    has_bars,
    is_live,
    is_moving,
    is_old,
    of_session,
    shown_rows,
    state_of,
    today,
    worst_flags,
)
from ..proofs import provable
from ..text import Line, Piece, clean, fit, line
from ..widgets.board import BodyLine, Page
from ..widgets.meter import tone as flag_tone
from ..widgets.painter import RowLine
from ..widgets.table import Art, Cell, Column, Fitted, TableRow, Value, fitted, heading, order, reordered, sized

GROUPS = {"us": "US", "abroad": "ABR", "futures": "FUT", "proxies": "PRX", "macro": "MAC"}

MARGIN = Column("group", "", 3, 8, align="left", gap=0)
MARK = Column("mark", "", 2, 1, align="left", gap=0)
SYMBOL = Column("symbol", "SYM", 5, 1, align="left", gap=0, sortable=True)
NAME_COLUMN = Column("name", "NAME", 13, 6, align="left")

NOTHING = Cell(NO_DATA, "faint")


def tone_of(sign: int) -> str:
    """The colour role of a direction: of the number's sign, never a judgement."""
    return {1: "bull", -1: "bear"}.get(sign, "flat")


def arrow_of(sign: int) -> str:
    """The arrow that stands beside every coloured change."""
    return {1: glyphs.UP, -1: glyphs.DOWN}.get(sign, glyphs.UNCHANGED)


def change_cell(text: str, value: Value, *, arrow: bool, old: bool = False, bold: bool = False) -> Cell:
    """A signed change with its colour and, where there is room for it, its arrow."""
    if value is None:
        return NOTHING if not old else Cell(NO_DATA, "muted")
    sign = sign_of(text)
    style = ("stale" if old else tone_of(sign)) + (" bold" if bold else "")
    return Cell(text, style, mark=arrow_of(sign) if arrow else "", mark_style=style, value=value)


def day_change(quote: Quote, kind: str) -> tuple[str, float | None]:
    """The session's change as written: percent, or basis points of a yield."""
    if kind == "yield":
        return basis_points(quote.change_points), quote.change_points
    return signed(quote.change_percent), quote.change_percent


def day_cell(row: Row, snapshot: Snapshot) -> Cell:
    """CHG %; without a change for a quote of an earlier session."""
    if row.official is not None:
        text, value = day_change(row.official, row.kind)
        return unranked(row, change_cell(text, value, arrow=True))
    if row.quote is None or is_old(row, snapshot):
        return Cell(NO_DATA, "muted" if has_bars(row) else "faint")
    text, value = day_change(row.quote, row.kind)
    return unranked(row, change_cell(text, value, arrow=True, bold=row.quote.unusual))


def unranked(row: Row, cell: Cell) -> Cell:
    """A yield's change is in basis points: it has no place in an order of percentages."""
    return replace(cell, value=None) if row.kind == "yield" else cell


def last_cell(row: Row, snapshot: Snapshot, look: Look) -> Cell:
    """LAST; a held-back bar is marked by a question mark before it, another source's close by its name in TIME."""
    if row.official is not None:
        other = "*" if row.official.basis != "close" else ""
        text = price(row.official.last, look.decimals.of(row))
        return Cell(text, "bright", mark=other, mark_style="text", value=row.official.last)
    if row.quote is None or row.quote.last is None:
        return NOTHING
    held = "?" if row.held else ""
    style = "stale" if is_old(row, snapshot) else "bright"
    text = price(row.quote.last, look.decimals.of(row))
    return Cell(text, style, mark=held, mark_style="stale bold", value=row.quote.last)


WEEK = 7
"""Days from which a weekday alone would be taken for this week's."""


def time_cell(row: Row, snapshot: Snapshot, look: Look) -> Cell:
    """The quote's own time, its day where that is another session; brighter the more it explains."""
    if row.official is not None:
        return _published(row, row.official, look)
    quote = row.quote
    if quote is None or quote.last is None:
        return NOTHING
    value = quote.time.timestamp() if quote.time else None
    days = (in_zone(look.now, row.zone).date() - quote.session).days if quote.session else 0
    if not of_session(row, snapshot.session) or (row.freshness == "stale" and days > 0):
        now = in_zone(look.now, row.zone).date()
        named = weekday_number(quote.session) if days < WEEK else session_date(quote.session, now)
        return Cell(named, "text", value=value)
    if quote.time is None:
        return Cell(NO_DATA, "muted")
    style = {"late": "fault", "ahead": "fault", "stale": "text", "frozen": "text"}.get(row.freshness, "muted")
    return Cell(clock(quote.time, look.zone), style, value=value)


def _published(row: Row, official: Quote, look: Look) -> Cell:
    """``Wed CBOE``: whose close this is, and of which day where that is not today."""
    now = in_zone(look.now, row.zone).date()
    days = (now - official.session).days if official.session else 0
    day = "" if not days else weekday(official.session) if days < WEEK else session_date(official.session, now)
    value = official.time.timestamp() if official.time else None
    return Cell(f"{day} {clean(official.source or '').upper()}".lstrip(), "text", value=value)


def made_of(official: Quote) -> str:
    """``100 × DJX``, ``constant maturity``: what another source's number is; empty for a close as published."""
    return clean(official.made_of or ("" if official.basis == "close" else official.basis))


def bars_clause(snapshot: Snapshot, look: Look) -> tuple[Line, ...]:
    """``bars to Tue 14 Oct, prices to Wed 15 Oct 11:59``: how far figures reach beside another source's closes."""
    quotes = [row.quote for row in snapshot.instruments if row.official is not None and row.quote is not None]
    ends = [quote.session if quote.state == "final" else quote.previous_session for quote in quotes]
    bars = min((day for day in ends if day is not None), default=None)
    if bars is None:
        return ()
    running = [quote.time for quote in quotes if quote.state != "final" and quote.time is not None]
    last = in_zone(max(running), look.zone) if running else None
    prices = f", prices to {weekday_date(last.date())} {clock(last, look.zone)}" if last else ""
    return (line(Piece(f"bars to {weekday_date(bars)}{prices}", "text")),)


def aged_clause(rows: Sequence[Row], look: Look, *, short: bool = False) -> tuple[Line, ...]:
    """``2 of 4 stand on old prices, from 11:02 on`` of a pane's rows: in words, since a tint is easily missed."""
    times = [row.quote.time for row in rows if row.freshness in OLD and row.quote and row.quote.time]
    if not times:
        return ()
    oldest = in_zone(min(times), look.zone)
    days = (today(look) - oldest.date()).days
    time = "" if days >= WEEK else clock(oldest, look.zone)
    since = f"{dated(oldest.date(), today(look)) if days else ''} {time}".strip()
    words = "on old prices" if short else f"stand on old prices, from {since} on"
    return (line(Piece(f"{len(times)} of {len(rows)} {words}", "stale")),)


def symbol_cell(row: Row, snapshot: Snapshot, look: Look) -> Cell:
    """The short name; reversed on the cursor's row where a theme has no lifted rows."""
    short = clean(row.short)
    if look.choices.selected == row.symbol:
        return Cell(short, "cursor", value=row.short)
    if not has_bars(row):
        return Cell(short, "faint", value=row.short)
    return Cell(short, "stale" if is_old(row, snapshot) else "bright bold", value=row.short)


def name_cell(row: Row, snapshot: Snapshot) -> Cell:
    """The long name; of another source's close, what that number is where it is no plain close."""
    if row.official is not None and (what := made_of(row.official)):
        return Cell(what, "text")
    if not has_bars(row):
        return Cell(clean(row.name), "faint")
    return Cell(clean(row.name), "stale" if is_old(row, snapshot) else "muted")


class MarkArt(Art, frozen=True):
    """Cursor and flag stripe, each in its own colour."""

    cursor: bool
    flag: str | None

    def draw(self, cells: int) -> Line:
        """Two cells."""
        first = Piece(glyphs.CURSOR if self.cursor else " ", "accent bold")
        second = Piece(glyphs.STRIPE if self.flag else " ", flag_tone(self.flag) if self.flag else "text")
        return line(first, second, " " * (cells - 2))


def mark_cell(row: Row, look: Look, pane: str, worst: dict[str, str]) -> Cell:
    """``▸`` on the selected row of the focused pane, ``▌`` on rows with a flag."""
    cursor = look.choices.selected == row.symbol and look.choices.focus == pane
    return Cell(art=MarkArt(cursor, worst.get(row.symbol)))


CellsOf = Callable[[Row, Snapshot, Look], dict[str, Cell]]


def table_rows(snapshot: Snapshot, look: Look, pane: str, cells_of: CellsOf) -> tuple[TableRow, ...]:
    """The rows left by filter and find, in the pane's order, the group named on its first row."""
    worst = worst_flags(snapshot)
    made: list[TableRow] = []
    for row in shown_rows(snapshot, look):
        cells = cells_of(row, snapshot, look)
        cells["mark"] = mark_cell(row, look, pane, worst)
        cells["symbol"] = symbol_cell(row, snapshot, look)
        cells["name"] = name_cell(row, snapshot)
        made.append(TableRow(row.symbol, cells, lifted=row.symbol == look.choices.selected))
    ordered = in_order(made, look, pane)
    return with_groups(ordered, snapshot) if look.choices.sort(pane) is None else ordered


def in_order(rows: Sequence[TableRow], look: Look, pane: str) -> tuple[TableRow, ...]:
    """The order that was settled for this pane, else the one chosen, else the user's own."""
    sort = look.choices.sort(pane)
    if sort is None:
        return tuple(rows)
    settled = look.orders.get(pane)
    if settled is not None and {row.key for row in rows} == set(settled):
        places = {key: number for number, key in enumerate(settled)}
        return tuple(sorted(rows, key=lambda row: places[row.key]))
    return order(rows, sort.column, sort.reverse)


def with_groups(rows: Sequence[TableRow], snapshot: Snapshot) -> tuple[TableRow, ...]:
    """The group's name in the margin of the first row of each run."""
    groups = {row.symbol: row.group for row in snapshot.instruments}
    before = ""
    named: list[TableRow] = []
    for row in rows:
        group = groups[row.key]
        label = GROUPS.get(group, clean(group)[:3].upper()) if group != before else ""
        named.append(TableRow(row.key, row.cells | {"group": Cell(label, "faint")}, row.lifted))
        before = group
    return tuple(named)


def table_page(
    title: str,
    rows: Sequence[TableRow],
    columns: Sequence[Column],
    look: Look,
    cells: int,
    clauses: Sequence[Line],
    labels: dict[str, Line] | Callable[[Fitted], dict[str, Line]] | None = None,
    pane: str = "",
) -> Page:
    """A title, the columns that fit, their labels and the rows."""
    said = [one for one in clauses if one]
    table = fitted(reordered(sized(columns, rows), look.first.get(pane, ())), cells, look.hidden)
    sort = look.choices.sort(pane)
    drawn = labels(table) if callable(labels) else labels
    chosen = look.choices.figure if look.choices.focus == pane else None
    body = tuple(BodyLine(RowLine(table, row, cells, chosen), row.key) for row in rows)
    return Page(
        title + filters(look),
        body or (BodyLine(nothing_left(look)),),
        clauses=(*_gone(table), *said[:1], *_sorting(sort, rows, columns), *said[1:]),
        heading=heading(table, sort.column if sort else None, drawn),
        keys=tuple(row.key for row in rows),
        sortable=table.sortable,
        figures=tuple(one.column.key for one in table.placed if one.column.key in provable(pane)),
    )


def _gone(table: Fitted) -> tuple[Line, ...]:
    if not table.gone:
        return ()
    word = "column" if table.gone == 1 else "columns"
    return (line(Piece(f"{table.gone} {word} hidden", "muted")),)


def _sorting(sort: Sort | None, rows: Sequence[TableRow], columns: Sequence[Column]) -> tuple[Line, ...]:
    """``by LAST, largest first``."""
    label = next((one.label for one in columns if sort and one.key == sort.column), None)
    if sort is None or not label:
        return ()
    words = any(isinstance(row.cells.get(sort.column, Cell()).value, str) for row in rows)
    first = ("Z" if sort.reverse else "A") if words else "smallest" if sort.reverse else "largest"
    return (line(Piece(f"by {label}, {first} first", "accent")),)


def filters(look: Look) -> str:
    """What narrows the rows, for the title."""
    narrow = look.choices.group or groups_words(look.choices.groups)
    return (f" · {narrow}" if narrow else "") + found(look)


def found(look: Look) -> str:
    """What was typed to narrow the rows, for the title."""
    return f" · /{look.choices.find}" if look.choices.find else ""


def groups_words(groups: Sequence[str]) -> str:
    """``macro, futures``; of more groups than two their number."""
    return clean(", ".join(groups)) if len(groups) <= 2 else f"{len(groups)} groups"


def nothing_left(look: Look) -> Line:
    """The sentence of a pane whose filters leave nothing."""
    if not look.choices.find and not look.choices.group:
        return line(Piece(f"     The board has nothing of {groups_words(look.choices.groups)}.", "text"))
    words = look.choices.find or look.choices.group or ""
    return line(Piece(f"     Nothing matches {words}. ", "text"), Piece("Esc shows all.", "muted"))


def week_basis_clause(snapshot: Snapshot, short: bool = False) -> Line:
    """``week of Mon 13 Oct · 5 of 5 sessions, final``: the week most of the first group's rows show."""
    same = _common_week(snapshot)
    if not same:
        return ()
    week = max(same, key=lambda one: (one.expected, one.sessions))
    sessions = "" if short else " sessions"
    state = f"{week.sessions} of {week.expected}{sessions}, final"
    if not week.final:
        rows = [row for row in snapshot.instruments if row.week in same]
        states = {state_of(row): None for row in rows if is_live(row)}
        word = "live" if any(map(is_moving, rows)) else next(iter(states), "")
        state = f"day {week.sessions} of {week.expected}{f', {word}' if word else ''}"
    now = in_zone(snapshot.clock.now, exchange_zone(snapshot)).date()
    return line(Piece(f"week of {dated(week.monday, now)} · ", "muted"), Piece(state, "text"))


def _common_week(snapshot: Snapshot) -> list[Week]:
    """The first group's weeks that begin on the day most of them do."""
    rows = [row for row in snapshot.instruments if row.week is not None]
    first = [row.week for row in rows if row.group == rows[0].group and row.week is not None]
    mondays = Counter(week.monday for week in first)
    return [week for week in first if week.monday == mondays.most_common(1)[0][0]]


def change_clause(snapshot: Snapshot) -> Line:
    """The session the changes start from."""
    quotes = [row.quote for row in snapshot.instruments if row.quote and row.quote.session == snapshot.session]
    before = next((quote.previous_session for quote in quotes if quote.previous_session), None)
    others = {row.official.previous_session for row in snapshot.instruments if row.official is not None}
    if before is None or others - {before}:
        return line(Piece("change from the previous close", "muted"))
    return line(Piece(f"change from {weekday_date(before)} close", "muted"))


def time_label(snapshot: Snapshot, look: Look) -> str:
    """``TIME ET``."""
    return f"TIME {zone_name(snapshot.as_of or look.now, look.zone)}".rstrip()


def sentence(text: str) -> str:
    """Words of the feed, safe and set with real minus signs."""
    return typeset(clean(text))


class Reason(Art, frozen=True):
    """Words in place of a drawing."""

    words: str

    def draw(self, cells: int) -> Line:
        """As much of them as fits; without their subject where that makes them fit."""
        words = self.words if cell_len(self.words) <= cells else self.words.removeprefix("history is ")
        return line(Piece(fit(words, cells), "stale"))


def set_apart(whole: Page, made: Sequence[TableRow], lines: int, *, dense: bool = False) -> Page:
    """An empty line before each group, if all rows still fit; never where rows stand dense."""
    if dense:
        return whole
    starts = {row.key for row in made[1:] if row.cells.get("group", Cell()).text}
    if not starts or len(made) + len(starts) + 2 > lines:
        return whole
    body: list[BodyLine] = []
    for one in whole.body:
        if one.key in starts:
            body.append(BodyLine(()))
        body.append(one)
    return replace(whole, body=tuple(body))
