"""The same screen as most programs would build it: four of Textual's DataTables, the same file, changed cells only.

Run as a program: `python benchmarks/tables.py STORE REFRESH`. It reads the store through MarketData, formats the same
figures in the plainest way, and gives a table only the cells whose text has changed.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widgets import DataTable, Static

from tapewatch.core.data import MarketData
from tapewatch.core.model.snapshot import Row, Snapshot
from tapewatch.core.paths import default_paths
from tapewatch.core.settings import load

Cells = dict[tuple[str, str], str]
"""Text by row and column."""
Show = Callable[[Row], str]


def number(value: float | None, form: str = ",.2f") -> str:
    """A figure, a dash where there is none."""
    return "–" if value is None else f"{value:{form}}"


def strip(place: float | None, cells: int = 24) -> str:
    """Where a price lies in its range, drawn."""
    at = -1 if place is None else min(cells - 1, max(0, round(place / 100 * (cells - 1))))
    return "".join("○" if cell == at else "━" for cell in range(cells))


def spark(closes: tuple[float, ...]) -> str:
    """The last closes, drawn."""
    low, high = min(closes, default=0.0), max(closes, default=0.0)
    return "".join("▁▂▃▄▅▆▇█"[round(7 * (one - low) / (high - low or 1.0))] for one in closes[-20:])


QUOTES: Mapping[str, Show] = {
    "SYM": lambda row: row.short,
    "NAME": lambda row: row.name,
    "LAST": lambda row: number(row.quote.last) if row.quote else "–",
    "CHG": lambda row: number(row.quote.change, "+,.2f") if row.quote else "–",
    "CHG %": lambda row: number(row.quote.change_percent, "+,.2f") if row.quote else "–",
    "20 SESS": lambda row: spark(row.series.closes),
    "TIME": lambda row: f"{row.quote.time:%H:%M}" if row.quote and row.quote.time else "–",
}
WEEK: Mapping[str, Show] = {
    "SYM": lambda row: row.short,
    "LOW": lambda row: number(row.week.low) if row.week else "–",
    "DAY": lambda row: f"{row.week.low_date:%a}" if row.week else "–",
    "RANGE": lambda row: strip(row.week.position_percent) if row.week else "–",
    "HIGH": lambda row: number(row.week.high) if row.week else "–",
    "POS %": lambda row: number(row.week.position_percent, ".0f") if row.week else "–",
    "W/W %": lambda row: number(row.week.change_percent, "+.2f") if row.week else "–",
    "RANGE %": lambda row: number(row.week.range_percent) if row.week else "–",
}
RECORD: Mapping[str, Show] = {
    "SYM": lambda row: row.short,
    "PHASE": lambda row: row.record.phase if row.record else "–",
    "DIST": lambda row: number(row.record.intraday.distance_percent) if row.record else "–",
    "": lambda row: strip(100 + 5 * row.record.intraday.distance_percent) if row.record else "–",
    "INTRADAY": lambda row: number(row.record.intraday.price) if row.record else "–",
    "DATE": lambda row: f"{row.record.intraday.date:%d %b}" if row.record else "–",
    "SESS": lambda row: str(row.record.intraday.sessions_since) if row.record else "–",
    "CLOSE": lambda row: number(row.record.close.price) if row.record else "–",
    "C DIST": lambda row: number(row.record.close.distance_percent) if row.record else "–",
}
BY_ROW = {"quotes": QUOTES, "week": WEEK, "record": RECORD}
FLAGS = ("RULE", "ON", "STATE")


def contents(snapshot: Snapshot) -> dict[str, Cells]:
    """Every table's cells."""
    made = {
        table: {(row.symbol, name): show(row) for row in snapshot.instruments for name, show in columns.items()}
        for table, columns in BY_ROW.items()
    }
    made["flags"] = {
        (str(number), column): text
        for number, flag in enumerate(snapshot.flags)
        for column, text in zip(FLAGS, (flag.rule, flag.watched, flag.state), strict=True)
    }
    return made


class Tables(App[int]):
    """Four tables and a line with the time."""

    CSS = """
    #quotes { width: 80; } #flags { width: 1fr; } #top, #week, #record { height: 1fr; }
    """

    def __init__(self, data: MarketData, refresh: float) -> None:
        super().__init__()
        self.data, self.every = data, refresh
        self.seen: Snapshot | None = None
        self.shown: dict[str, Cells] = {name: {} for name in (*BY_ROW, "flags")}

    def compose(self) -> ComposeResult:
        """The time, then the tables from top to bottom."""
        yield Static(id="head")
        with Horizontal(id="top"):
            yield DataTable[str](id="quotes", show_cursor=False)
            yield DataTable[str](id="flags", show_cursor=False)
        yield DataTable[str](id="week", show_cursor=False)
        yield DataTable[str](id="record", show_cursor=False)

    def on_mount(self) -> None:
        """Columns, the first snapshot, the timer."""
        for name, columns in {**BY_ROW, "flags": dict.fromkeys(FLAGS)}.items():
            table = self.query_one(f"#{name}", DataTable)
            for column in columns:
                table.add_column(column, key=column)
        self.look()
        self.set_interval(self.every, self.look)

    def look(self) -> None:
        """A newer snapshot? Then the cells that changed."""
        newest = self.data.latest()
        if newest is None or newest is self.seen:
            return
        self.seen = newest
        self.query_one("#head", Static).update(f"tapewatch {newest.clock.now:%H:%M:%S}")
        for name, cells in contents(newest).items():
            self.fill(self.query_one(f"#{name}", DataTable), self.shown[name], cells)
            self.shown[name] = cells

    def fill(self, table: "DataTable[str]", before: Cells, after: Cells) -> None:
        """Bring a table up to date."""
        new = dict.fromkeys(row for row, _ in after if (row, table.ordered_columns[0].key.value) not in before)
        for row in new:
            table.add_row(*(after[row, str(column.key.value)] for column in table.ordered_columns), key=row)
        for (row, column), text in after.items():
            if row not in new and before[row, column] != text:
                table.update_cell(row, column, text)


def main() -> int:
    """The screen on a store."""
    paths = default_paths(sys.argv[1])
    config, _ = load(Path("/nonexistent/settings.toml"))
    return Tables(MarketData.open(paths, config), float(sys.argv[2])).run() or 0


if __name__ == "__main__":
    sys.exit(main())
