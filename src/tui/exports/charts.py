"""A chart as rows: a point each, with the lines that are drawn and what is drawn beneath them, at full precision."""

import re
from collections.abc import Sequence

from ...core.model.chart import Beneath, Chart
from ...core.model.snapshot import Snapshot
from ..look import Look
from ..panes.chart import aged_state
from .table import Column, Table, Value

UNITS = {"price": "points or currency", "yield": "% a year", "index": "100 at the first point", "percent": "%"}
AVERAGES = re.compile(r"SMA (\d+)")
MEANS = {
    "close": "of the last session of the point; of the newest point the price as of `state`",
    "last": "of the five minutes that end then",
    "ratio": "of the first instrument to the second",
    "below the highest close": "",
}
BENEATH = {
    "volume": ("shares", "of the point"),
    "rsi": ("0-100", "of daily closes, Wilder's smoothing"),
    "macd": (
        "points",
        "of daily closes: exponential averages, 12 less 26, its signal of 9, and the difference",
    ),
    "spread": ("percentage points", "between the two changes of a session"),
}
Series = tuple[Column, Sequence[Value]]


def chart_table(chart: Chart, aged: str = "") -> Table:
    """The table of a chart; `aged` is why its price is not of now, where the chart's own word is not right any more."""
    columns = [
        *_when(chart),
        *_candles(chart),
        *_curves(chart),
        *(one for part in chart.beneath for one in _part(part)),
    ]
    standing = ["final"] * (chart.size - 1) + [aged or chart.state]
    columns.append((Column("state", "", "of the point: final, live, provisional or why it is old"), standing))
    rows = tuple(zip(*(numbers for _, numbers in columns), strict=True)) if chart.size and not chart.problem else ()
    return Table("chart", _title(chart), tuple(column for column, _ in columns), rows)


def _title(chart: Chart) -> str:
    """``ratio of RUT to SPX, 1y; weekly closes …``: what it is of, its span, its basis, what is missing."""
    names = {"ratio": " to ", "relative": ", "}.get(chart.wish.kind, " ").join(chart.names)
    what = {"price": "prices", "relative": "changes"}.get(chart.wish.kind, chart.wish.kind)
    span = f"since {chart.wish.since}" if chart.wish.since else chart.wish.frame
    of = f"{what} of {names}, {span}, {_step(chart)}"
    moment = f"as of {chart.as_of.isoformat()}" if chart.as_of else ""
    return "; ".join(part for part in (of, chart.basis, moment, *chart.notes) if part)


def _step(chart: Chart) -> str:
    return "5 minutes a point" if chart.times else f"a {chart.step} a point"


def _when(chart: Chart) -> list[Series]:
    if chart.times:
        return [(Column("time", "time", "when the five minutes end"), chart.times)]
    return [(Column("session", "date", "the last one of the point"), chart.points)]


def _candles(chart: Chart) -> list[Series]:
    if chart.candles is None:
        return []
    drawn = (("open", chart.candles.open), ("high", chart.candles.high), ("low", chart.candles.low))
    return [(Column(name, UNITS[chart.unit], "of the point"), numbers) for name, numbers in drawn]


def _curves(chart: Chart) -> list[Series]:
    names = _distinct([_name(chart, one.name) for one in chart.curves])
    unit = UNITS.get(chart.unit, chart.unit)
    return [
        (Column(name, unit, _meaning(chart, one.name, first=not at)), one.numbers)
        for at, (name, one) in enumerate(zip(names, chart.curves, strict=True))
    ]


def _name(chart: Chart, name: str) -> str:
    return "drawdown" if chart.wish.kind == "drawdown" else _plain(name)


def _meaning(chart: Chart, name: str, *, first: bool) -> str:
    """The definition of a line: of the first that of the whole chart, of an average its length."""
    average = AVERAGES.fullmatch(name)
    if average:
        return f"simple average of {average[1]} daily closes"
    said = MEANS.get(name, f"change of {name}")
    return "; ".join(part for part in ((said, chart.basis) if first else (said,)) if part)


def _part(beneath: Beneath) -> list[Series]:
    unit, means = BENEATH.get(beneath.name, ("", ""))
    found: list[Series] = [(Column(_plain(one.name), unit, means), one.numbers) for one in beneath.curves]
    if beneath.bars:
        name = "macd_histogram" if beneath.name == "macd" else beneath.name
        found.append((Column(name, unit, means), beneath.bars))
    return found


def _plain(name: str) -> str:
    """A name as one word: ``sma_50``."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "line"
    return "macd_signal" if plain == "signal" else plain


def _distinct(names: list[str]) -> list[str]:
    return [name if names.count(name) == 1 else f"{name}_{at + 1}" for at, name in enumerate(names)]


def _chart(snapshot: Snapshot, look: Look, _: Sequence[str]) -> Table:
    chart = look.chart.chart
    return Table("chart", "chart", (), ()) if chart is None else chart_table(chart, aged_state(chart, snapshot))


MAKERS = {"chart": _chart}
