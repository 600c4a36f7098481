"""Proofs of the figures on one instrument's own screen: which there are by section and row, and the one asked for."""

from collections.abc import Callable, Mapping

from ...core.model.snapshot import Row, Snapshot
from ..look import Look
from . import flag, quotes, record, symbol_measures, symbol_origin, symbol_record, symbol_week, weekly
from .proof import Proof

Prover = Callable[[Row, Snapshot, Look], Proof | None]
Figures = Mapping[str, Prover]
"""By column; the first is proved when none is chosen."""

LEVEL, PERIODS = "level", "periods"
"""How the keys of rows begin of which there may be any number."""


def _on(basis: str) -> Callable[[Look], str]:
    return lambda _: basis


def _record(basis: str) -> Figures:
    return {
        "distance": record.distance(_on(basis)),
        "price": record.record_price(_on(basis)),
        "points": symbol_record.points(basis),
        "recover": symbol_record.recover(basis),
        "sessions": record.record_price(_on(basis)),
        "days": record.record_price(_on(basis)),
    }


TABLE: Mapping[str, Mapping[str, Figures]] = {
    "symbol_quote": {
        "quote": {"percent": quotes.percent, "last": quotes.last, "change": quotes.points},
        "day": {
            **{name: quotes.FIGURES[name] for name in ("open", "high", "low", "previous", "range")},
            "place": symbol_origin.close_position,
            "rank": symbol_origin.change_rank,
        },
    },
    "symbol_week": {
        "range": {name: weekly.FIGURES[name] for name in ("position", "low", "high")},
        "changes": {
            **{basis: symbol_week.change(basis) for basis in ("w/w", "O>C", "1stC>C")},
            "gap": symbol_week.gap,
            "way": symbol_week.way,
            "efficiency": symbol_week.efficiency,
        },
        "size": {
            "range": weekly.range_percent,
            "points": symbol_week.points,
            "average": symbol_week.average,
            "rank": symbol_week.rank,
            "atr": symbol_week.in_ranges,
        },
        "before": {
            "change": symbol_week.before("change_percent"),
            **{name: symbol_week.before(name) for name in ("low", "high", "close")},
        },
    },
    "symbol_record": {
        "intraday": _record("intraday"),
        "close": _record("close"),
        "shape": {
            "phase": record.phase,
            "deepest": symbol_record.deepest,
            "depth": symbol_record.depth,
            "waited": symbol_record.drought("drought"),
            "longest": symbol_record.drought("longest_drought"),
        },
    },
    "symbol_year": {
        basis: {name: symbol_record.year(basis, name) for name in ("position", "low", "high")}
        for basis in ("intraday", "close")
    },
    "symbol_returns": {
        "to_date": {name: symbol_measures.to_date(name) for name in ("day", "week", "month", "quarter", "year")}
    },
    "symbol_momentum": {
        "rsi14": {"value": symbol_measures.momentum("rsi14")},
        "macd": {"value": symbol_measures.momentum("macd")},
        "macd_signal": {"value": symbol_measures.momentum("macd_signal")},
        "macd_histogram": {"value": symbol_measures.momentum("macd_histogram")},
        "sma50": {"value": symbol_measures.momentum("sma50"), "slope": symbol_measures.momentum("sma50_slope_percent")},
        "sma200": {
            "value": symbol_measures.momentum("sma200"),
            "slope": symbol_measures.momentum("sma200_slope_percent"),
        },
        "atr14": {"value": symbol_measures.momentum("atr14")},
        "volatility20": {"value": symbol_measures.momentum("volatility20")},
        "volatility252": {"value": symbol_measures.momentum("volatility252")},
    },
    "symbol_levels": {"last": {"price": quotes.last}},
}
"""By section and row; levels and periods are as many as there are."""


def figures_of(pane: str, key: str) -> Figures:
    """The figures of a section's row that can be proved, by column."""
    place = key.removeprefix(LEVEL)
    if pane == "symbol_levels" and place.isdigit():
        return {name: symbol_measures.level(int(place), name) for name in ("distance", "price", "from", "to", "atr")}
    place = key.removeprefix(PERIODS)
    if pane == "symbol_returns" and place.isdigit():
        return {str(number): symbol_measures.period(number) for number in range(int(place), int(place) + 6)}
    return TABLE.get(pane, {}).get(key, {})


def prove(pane: str, column: str | None, key: str | None, snapshot: Snapshot, look: Look) -> Proof | None:
    """The proof of the chosen figure of the open instrument; of the row's first where none is chosen."""
    opened = look.choices.opened
    row = snapshot.row(opened.symbol) if opened else None
    if row is None:
        return None
    if pane == "symbol_flags":
        mine = {one.id: one for one in snapshot.flags if one.watched == row.symbol}
        chosen = mine.get(key or "") or next(iter(mine.values()), None)
        return flag.prove(chosen, snapshot, look) if chosen is not None else None
    if pane == "symbol_source":
        return symbol_origin.reach(row, snapshot, look)
    figures = figures_of(pane, key or "")
    found = figures.get(column or "") or next(iter(figures.values()), None)
    return found(row, snapshot, look) if found else None
