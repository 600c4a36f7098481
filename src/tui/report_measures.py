"""Tables beside the four panes: momentum, returns, levels."""

from collections.abc import Iterable

from ..core.model.measures import Level, Momentum
from ..core.model.snapshot import Row
from . import format as fmt
from .report_table import Table

NEAREST = 3
"""Levels written on each side of the last price."""


def measures_of(rows: Iterable[Row]) -> tuple[Table, ...]:
    """Those of them that have anything to say."""
    kept = list(rows)
    tables = (_momentum(kept), _returns(kept), _levels(kept))
    return tuple(table for table in tables if table.rows)


def _momentum(rows: Iterable[Row]) -> Table:
    heads = (
        "SYM", "AS OF", "RSI", "MACD HIST", "CROSSED", "SMA50 %", "SLOPE", "SMA200 %", "SLOPE", "CROSSED", "ATR",
        "VOL 20", "VOL 252",
    )  # fmt: skip
    title = (
        "momentum - RSI(14) and ATR(14) by Wilder; MACD(12,26,9); the last price over its averages and their change in "
        "20 sessions; volatility a year"
    )
    made = tuple(_momentum_row(row, row.momentum) for row in rows if row.momentum is not None)
    return Table(title, heads, made, frozenset({0, 1, 4, 9}))


def _momentum_row(row: Row, found: Momentum) -> tuple[str, ...]:
    return (
        row.short,
        f"{found.as_of}{' live' if found.provisional else ''}",
        fmt.number(found.rsi14, 1),
        fmt.signed(found.macd_histogram, fmt.decimals_of(row.quote.last if row.quote else None)),
        _crossed(found.macd_cross, found.macd_crossed),
        fmt.signed(_over(row, found.sma50)),
        fmt.signed(found.sma50_slope_percent),
        fmt.signed(_over(row, found.sma200)),
        fmt.signed(found.sma200_slope_percent),
        _crossed(found.sma_cross, found.sma_crossed),
        fmt.price(found.atr14),
        fmt.number(found.volatility20, 1),
        fmt.number(found.volatility252, 1),
    )


def _crossed(which: str | None, day: object) -> str:
    return f"{which} {day}" if which and day else fmt.NO_DATA


def _over(row: Row, average: float | None) -> float | None:
    """The last price over an average, percent; of a yield no percentage is taken."""
    last = row.quote.last if row.quote else None
    if last is None or not average or row.kind == "yield":
        return None
    return 100.0 * (last - average) / average


def _returns(rows: Iterable[Row]) -> Table:
    kept = [row for row in rows if row.returns is not None]
    labels = list(dict.fromkeys(one.label for row in kept for one in row.periods))
    heads = ("SYM", "MONTH", "QUARTER", "YEAR", *(label.upper() for label in labels))
    title = "returns in percent, price without dividends - to date from the last close of the period before"
    made: list[tuple[str, ...]] = []
    for row in kept:
        assert row.returns is not None
        known = {one.label: one.percent for one in row.periods}
        to_date = (row.returns.month, row.returns.quarter, row.returns.year)
        made.append((row.short, *(fmt.signed(one) for one in (*to_date, *(known.get(label) for label in labels)))))
    return Table(title, heads, tuple(made))


def _levels(rows: Iterable[Row]) -> Table:
    heads = ("SYM", "LEVEL", "DIST %", "POINTS", "ATR", "STATE", "WHAT")
    title = "levels nearest to the last price, to the nearer edge of a zone - within a quarter of an ATR they are one"
    made = tuple(_level(row, one) for row in rows for one in nearest_levels(row.levels))
    return Table(title, heads, made, frozenset({0, 5, 6}))


def nearest_levels(levels: Iterable[Level]) -> tuple[Level, ...]:
    """Some above and some under the last price, the highest first; a user's own always."""
    known = list(levels)
    far = [(one.distance_points, one) for one in known if one.distance_points is not None]
    far.sort(key=lambda pair: abs(pair[0]))
    above = [one for points, one in far if points > 0][:NEAREST]
    under = [one for points, one in far if points <= 0][:NEAREST]
    own = [one for one in known if one.series and one not in above and one not in under]
    return tuple(sorted((*above, *under, *own), key=lambda one: -one.price))


def to_edge(row: Row, one: Level) -> float | None:
    """Points from the last price to the nearer edge of a level; 0 inside it, None where it is of another series."""
    if one.distance_points is None or row.quote is None or row.quote.last is None:
        return None
    return max(0.0, one.low - row.quote.last) + min(0.0, one.high - row.quote.last)


def _level(row: Row, one: Level) -> tuple[str, ...]:
    price = fmt.price(one.price) if one.low == one.high else f"{fmt.price(one.low)} to {fmt.price(one.high)}"
    said = ", ".join(one.sources) + (f" ({one.note})" if one.note else "")
    points = to_edge(row, one)
    share = 100.0 * points / row.quote.last if points is not None and row.quote and row.quote.last else None
    ranges = points / row.atr14 if points is not None and row.atr14 else None
    return (
        row.short,
        price,
        fmt.signed(share) if row.kind != "yield" else fmt.NO_DATA,
        fmt.change(points, row.quote.last if row.quote else None),
        fmt.signed(ranges, 1),
        one.state or fmt.NO_DATA,
        said,
    )
