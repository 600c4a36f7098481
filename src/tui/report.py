"""A snapshot on paper: plain text, Markdown, CSV and JSON, for a pipe or a desk note.

Figures are rounded by `format` alone; JSON and CSV keep full precision.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast, get_args

import msgspec

from ..core.model.decoding import json_text, made_harmless
from ..core.model.flag import Event, Flag
from ..core.model.reading import RangeOf52Weeks, RecordMark, Week
from ..core.model.snapshot import Row, Snapshot
from . import format as fmt
from .look import OLD, state_of
from .report_confirmation import confirmation_of
from .report_measures import measures_of
from .report_table import Table
from .words import conclusion, counted, moved

FORMULA = ("=", "+", "-", "@")
"""How formulas of spreadsheets begin; no text of ours does."""


def printed(snapshot: Snapshot, form: str) -> str:
    """The snapshot as text, markdown, csv or json, ending in a newline."""
    if form == "json":
        return json_text(snapshot) + "\n"
    snapshot = made_harmless(snapshot)
    if form == "csv":
        return _csv(map(_flat, snapshot.instruments), _heads(Row))
    tables = tables_of(snapshot)
    write = _markdown if form == "markdown" else _text
    parts = [heading(snapshot), *(write(table) for table in tables), _flags(snapshot, form)]
    return _ascii("\n\n".join(parts)) + "\n"


def printed_journal(events: Sequence[Event], form: str) -> str:
    """The journal as text, csv or json, newest last."""
    if form == "json":
        return json_text(events) + "\n"
    events = tuple(map(made_harmless, events))
    if form == "csv":
        return _csv((_dotted(_builtins(event)) for event in events), _heads(Event))
    rows = tuple(
        (
            f"{fmt.in_zone(one.time, 'America/New_York'):%Y-%m-%d %H:%M} ET",
            one.state,
            one.watched.lstrip("^"),
            one.title or one.rule,
            one.sentence,
        )
        for one in events
    )
    heads = ("time", "state", "on", "rule", "sentence")
    return _ascii(_text(Table("journal", heads, rows, frozenset(range(5))))) + "\n"


def heading(snapshot: Snapshot) -> str:
    """What this is, of when, and how old."""
    mode = "" if snapshot.mode == "live" else f"{snapshot.mode.upper()} - "
    as_of = "no data"
    if snapshot.as_of is not None:
        newest = fmt.in_zone(snapshot.as_of, "America/New_York")
        as_of = f"data of {newest:%a %Y-%m-%d %H:%M} ET"
    market = snapshot.markets.get("XNYS")
    state = f"; New York {market.state}" if market else ""
    source = f"; source {snapshot.health.source}"
    return f"tapewatch - {mode}{as_of}{state}{source}"


def tables_of(snapshot: Snapshot) -> tuple[Table, ...]:
    """The panes with figures, in the order of the screen."""
    rows = [row for row in snapshot.instruments if row.quote is not None]
    beside = (*measures_of(rows), *confirmation_of(snapshot.confirmation))
    return (_quotes(rows), _weeks(rows), _records(rows), _ranges(rows), *beside)


def _quotes(rows: Iterable[Row]) -> Table:
    heads = (
        "SYM",
        "NAME",
        "LAST",
        "CHG",
        "CHG %",
        "OPEN",
        "HIGH",
        "LOW",
        "PREV",
        "CLOSE POS %",
        "STATE",
        "TIME",
    )
    return Table(
        "quotes - change from the previous final close",
        heads,
        tuple(map(_quote, rows)),
        frozenset({0, 1, 10, 11}),
    )


def _quote(row: Row) -> tuple[str, ...]:
    quote = row.official or row.quote
    assert quote is not None
    share = fmt.basis_points(quote.change_points) if row.kind == "yield" else fmt.signed(quote.change_percent)
    change = fmt.change(quote.change, quote.last)
    state = state_of(row)
    if state == "live" and quote.delay_minutes:
        state = f"{quote.delay_minutes} min delayed"
    if row.official is None and row.freshness in OLD:
        change = share = fmt.NO_DATA  # an old price keeps its time and loses its change
    if quote.source is not None:
        state = f"{quote.basis}, {quote.source}"
    return (
        row.short, row.name, fmt.price(quote.last), change, share,
        fmt.price(quote.open), fmt.price(quote.high), fmt.price(quote.low), fmt.price(quote.previous_close),
        fmt.number(quote.close_position_percent, 1), state, _moment(quote.time, row.zone),
    )  # fmt: skip


def _moment(time: datetime | None, zone: str) -> str:
    return fmt.NO_DATA if time is None else f"{fmt.in_zone(time, zone):%Y-%m-%d %H:%M} {fmt.zone_name(time, zone)}"


def _weeks(rows: Iterable[Row]) -> Table:
    heads = (
        "SYM", "WEEK OF", "DAYS", "OPEN", "HIGH", "DAY", "LOW", "DAY", "CLOSE", "POS %", "W/W %", "O>C %", "1stC>C %",
        "RANGE %", "PCTL", "GAP %", "WAY %", "EFF %", "KIND",
    )  # fmt: skip
    title = (
        "weekly ranges - w/w: previous week's last close to this week's; "
        "O>C: open to close; 1stC>C: first close to close"
    )
    return Table(title, heads, tuple(_week(row) for row in rows if row.week), frozenset({0, 1, 2, 5, 7, 18}))


def _week(row: Row) -> tuple[str, ...]:
    week = row.week
    assert week is not None
    change = fmt.basis_points(week.change_points) if row.kind == "yield" else fmt.signed(week.change_percent)
    days = f"{week.sessions} of {week.expected}{'' if week.final else ' so far'}"
    return (
        row.short, week.monday.isoformat(), days, fmt.price(week.open),
        fmt.price(week.high), fmt.weekday(week.high_date), fmt.price(week.low), fmt.weekday(week.low_date),
        fmt.price(week.close), fmt.number(week.position_percent, 1), change,
        fmt.signed(week.open_to_close_percent), fmt.signed(week.first_close_to_close_percent),
        fmt.number(week.range_percent), fmt.count(week.range_percentile), fmt.signed(week.gap_percent),
        fmt.number(week.path_percent), fmt.count(week.efficiency_percent), _kinds(week),
    )  # fmt: skip


def _kinds(week: Week) -> str:
    """Its patterns; narrow ones with the number of sessions where there were fewer than five."""
    days = f" ({week.sessions} d)" if week.sessions < 5 else ""
    return ", ".join(f"{one}{days}" for one in week.patterns) or fmt.NO_DATA


def _records(rows: Iterable[Row]) -> Table:
    heads = (
        "SYM", "BASIS", "RECORD", "DATE", "DIST %", "POINTS", "TO RECOVER %", "SESSIONS", "DAYS",
        "PHASE", "DEEPEST %", "PCTL", "SINCE",
    )  # fmt: skip
    lines = tuple(line for row in rows if row.record for line in _record(row))
    return Table("distance from the record - both bases, phase on closes", heads, lines, frozenset({0, 1, 3, 9, 12}))


def _record(row: Row) -> tuple[tuple[str, ...], ...]:
    record = row.record
    assert record is not None
    depth = fmt.count(record.depth_percentile)
    tail = (record.phase, fmt.signed(record.deepest_percent), depth, record.since.isoformat())
    return (
        (row.short, "intraday", *_mark(record.intraday), "", "", "", record.since.isoformat()),
        (row.short, "close", *_mark(record.close), *tail),
    )


def _mark(mark: RecordMark) -> tuple[str, ...]:
    return (
        fmt.price(mark.price), mark.date.isoformat(), fmt.signed(mark.distance_percent), fmt.number(mark.points),
        fmt.signed(mark.to_recover_percent), fmt.count(mark.sessions_since), fmt.count(mark.days_since),
    )  # fmt: skip


def _ranges(rows: Iterable[Row]) -> Table:
    heads = ("SYM", "BASIS", "LOW", "DATE", "HIGH", "DATE", "POS %", "BARS SINCE")
    lines = tuple(
        (row.short, basis, *_range(found), row.year_range.since.isoformat() if row.year_range.since else "")
        for row in rows
        if row.year_range
        for basis, found in (("intraday", row.year_range.intraday), ("close", row.year_range.close))
    )
    return Table("52-week range - sessions of the last 364 days", heads, lines, frozenset({0, 1, 3, 5, 7}))


def _range(found: RangeOf52Weeks) -> tuple[str, ...]:
    return (
        fmt.price(found.low), found.low_date.isoformat(), fmt.price(found.high), found.high_date.isoformat(),
        fmt.number(found.position_percent, 1),
    )  # fmt: skip


def _flags(snapshot: Snapshot, form: str) -> str:
    chance = snapshot.chance
    title = f"flags - {chance.flags} on, {chance.expected:.1f} on an ordinary day"
    head = f"## {title}" if form == "markdown" else title
    body = [line for flag in snapshot.flags for line in _flag(flag, form)] or ["No flag is on."]
    return "\n".join([head, *([""] if form == "markdown" else []), *body])


def _flag(flag: Flag, form: str) -> list[str]:
    bullet = "- " if form == "markdown" else "  "
    seen = f"{fmt.in_zone(flag.first_seen, 'America/New_York'):%Y-%m-%d %H:%M} ET"
    lines = [f"{bullet}[{flag.severity}] {flag.called} {flag.state} since {seen}: {flag.sentence}"]
    if flag.history is not None:
        past = flag.history
        line = counted(past)
        if past.median_20 is not None:
            after, all_days = moved(past, past.median_20), moved(past, past.all_days_20)
            line += f"; 20 sessions later {after}, all days {all_days} (medians)"
        said = conclusion(past)
        lines.append(f"    {line}{f': {said}' if said else ''}.")
    if flag.clears_when:
        lines.append(f"    Clears on {flag.clears_when}.")
    return lines


# -- writing --------------------------------------------------------------------------------------------


def _text(table: Table) -> str:
    if not table.rows:
        return f"{table.title}\n  nothing to show"
    widths = [max(map(len, column)) for column in zip(table.heads, *table.rows, strict=True)]
    lines = [_line(cells, widths, table.left) for cells in (table.heads, *table.rows)]
    return "\n".join([table.title, *lines])


def _line(cells: Sequence[str], widths: Sequence[int], left: frozenset[int]) -> str:
    padded = (
        cell.ljust(width) if index in left else cell.rjust(width)
        for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return ("  " + "  ".join(padded)).rstrip()


def _markdown(table: Table) -> str:
    rule = ["---" if index in table.left else "---:" for index in range(len(table.heads))]
    lines = [_markdown_line(cells) for cells in (table.heads, rule, *table.rows)]
    return "\n".join([f"## {table.title}", "", *lines])


def _markdown_line(cells: Sequence[str]) -> str:
    # a bar in a name is no edge of a column
    inside = " | ".join(cell.replace("|", "\\|") for cell in cells)
    return f"| {inside} |"


def _csv(rows: Iterable[dict[str, Any]], heads: Sequence[str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, heads, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _heads(kind: type[msgspec.Struct], before: str = "") -> list[str]:
    """Dotted keys of a type, the same whatever the data hold; drawn series stay in the JSON."""
    found: list[str] = []
    for one in msgspec.structs.fields(kind):
        inner = next((part for part in (one.type, *get_args(one.type)) if _is_struct(part)), None)
        if inner is None:
            found.append(f"{before}{one.encode_name}")
        elif one.name != "series":
            found += _heads(inner, f"{before}{one.encode_name}.")
    return found


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _flat(row: Row) -> dict[str, Any]:
    """A row an instrument, dotted keys; drawn series stay in the JSON."""
    return _dotted(_builtins(msgspec.structs.replace(row, series=type(row.series)())))


def _dotted(values: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        name = f"{before}{key}"
        if isinstance(value, dict):
            flat |= _dotted(cast("dict[str, Any]", value), f"{name}.")
        else:
            flat[name] = _cell(value)
    return {name: value for name, value in flat.items() if not name.startswith("series.")}


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        parts: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        value = " ".join(map(str, parts))
    # a spreadsheet would take such a name for a formula, and run it
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _builtins(value: msgspec.Struct) -> dict[str, Any]:
    return msgspec.json.decode(msgspec.json.encode(value), type=dict[str, Any])


def _ascii(text: str) -> str:
    """What leaves for a pipe or a file carries a plain hyphen for minus and absent."""
    return text.replace(fmt.MINUS, "-").replace(fmt.NO_DATA, "-").replace(fmt.NO_BREAK, " ")
