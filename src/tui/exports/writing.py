"""A table written as CSV, JSON or Markdown, with what it is of: source, data time, freshness, version.

CSV and JSON keep full precision. What could act on a terminal or run in a spreadsheet is made words.
"""

import csv
import io
import math
from collections import Counter
from datetime import date, datetime
from unicodedata import normalize

from msgspec import Struct

from ... import __version__
from ...core.model.decoding import json_text
from ...core.model.harmless import harmless
from ...core.model.snapshot import Snapshot
from .. import format as fmt
from ..recap_report import plain
from .table import Table, Value

FORMULA = ("=", "+", "-", "@")
"""How formulas of spreadsheets begin, in some languages with wide forms of these signs."""
SUFFIXES = {"CSV": "csv", "JSON": "json", "Markdown": "md", "text": "txt", "SVG": "svg"}


class Provenance(Struct, frozen=True):
    """What an export is of."""

    mode: str
    source: str
    data_time: datetime | None
    market: str
    freshness: str
    version: str = __version__

    @property
    def line(self) -> str:
        """All of it in one sentence."""
        mode = "" if self.mode == "live" else f" {self.mode.upper()}, not the live market;"
        when = "no data yet" if self.data_time is None else f"data of {_moment(self.data_time)}"
        return f"tapewatch {self.version}:{mode} source {self.source}; {when}; {self.market}; {self.freshness}"


def provenance(snapshot: Snapshot) -> Provenance:
    """Of what source, time and freshness the figures of a snapshot are."""
    market = snapshot.markets.get("XNYS")
    counted = Counter(row.freshness for row in snapshot.instruments)
    fresh = ", ".join(f"{count} {word}" for word, count in counted.items())
    silent = snapshot.health.silent_since
    return Provenance(
        mode=snapshot.mode,
        source=harmless(snapshot.health.source),
        data_time=snapshot.as_of and fmt.in_zone(snapshot.as_of, "America/New_York"),
        market=f"New York {harmless(market.state)}" if market else "market unknown",
        freshness=f"quotes: {harmless(fresh)}" + (f"; feed silent since {_moment(silent)}" if silent else ""),
    )


def _moment(time: datetime) -> str:
    return f"{fmt.in_zone(time, 'America/New_York'):%a %Y-%m-%d %H:%M} ET"


def written(table: Table, snapshot: Snapshot, form: str) -> str:
    """The table as CSV, JSON or Markdown, ending in a newline."""
    return written_of(table, provenance(snapshot), form)


def written_of(table: Table, of: Provenance, form: str) -> str:
    """The same of what is known to be its source, time and freshness."""
    return {"CSV": _csv, "JSON": _json, "Markdown": _markdown}[form](table, of)


def words(value: Value) -> str:
    """A value as text: full precision, dates as ISO 8601, nothing for what is absent."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return plain(harmless(value)) if isinstance(value, str) else repr(value)


def _csv(table: Table, of: Provenance) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.heading for column in table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    writer.writerow([f"# {table.title}; {of.line}"])
    return out.getvalue()


def _cell(value: Value) -> str:
    """Numbers as they are; a text that a spreadsheet would take for a formula, and run, with a quote before it."""
    text = words(value)
    acts = isinstance(value, str) and normalize("NFKC", text[:100]).lstrip().startswith(FORMULA)
    return f"'{text}" if acts else text


def _json(table: Table, of: Provenance) -> str:
    columns = {column.name: {"unit": column.unit, "means": column.means} for column in table.columns}
    names = [column.name for column in table.columns]
    rows = [{name: _exact(value) for name, value in zip(names, row, strict=True)} for row in table.rows]
    told = {"pane": table.pane, "title": table.title, "of": of, "columns": columns, "rows": rows}
    return json_text(told) + "\n"


def _exact(value: Value) -> Value:
    return value.isoformat() if isinstance(value, date) else value


def _markdown(table: Table, of: Provenance) -> str:
    heads = [_inside(column.name + (f" [{column.unit}]" if column.unit else "")) for column in table.columns]
    right = [any(isinstance(row[at], int | float) for row in table.rows) for at in range(len(heads))]
    rows = [[_inside(words(value)) for value in row] for row in table.rows]
    lines = [heads, ["---:" if one else "---" for one in right], *rows]
    told = [f"- `{column.name}`: {column.means}" for column in table.columns if column.means]
    body = [f"| {' | '.join(one)} |" for one in lines]
    return "\n".join([f"## {_inside(table.title)}", "", *body, "", *told, "", _inside(of.line)]) + "\n"


def _inside(text: str) -> str:
    """Text that ends no cell and begins no mark-up."""
    return text.replace("\\", "\\\\").replace("<", "&lt;").replace("|", "\\|").replace("`", "\\`")
