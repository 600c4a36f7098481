"""The ladder beside a chart: levels around the last price, highest first, the price in its own place."""

from ...core.model.measures import Level
from ...core.model.snapshot import Row
from ..format import NO_DATA, price, signed
from ..glyphs import CURSOR
from ..text import Line, Piece, clean, fit, line, on, pad, width
from ..widgets.board import title_line

PRICE, DISTANCE, RANGES = 10, 8, 6
"""Cells of the three columns of figures."""
_SHORT = {
    "major round number": "round", "round number": "round", "50-day average": "SMA 50", "200-day average": "SMA 200",
    "last week high": "last week H", "last week low": "last week L", "last week close": "last week C",
    "pullback line": "pullback", "correction line": "correction", "bear line": "bear market",
    "swing high and low": "swing H and L",
}  # fmt: skip


def ladder(row: Row, cells: int, lines: int, decimals: int | None = None) -> list[Line]:
    """As many levels as fit, the nearest of them, and the records always."""
    atr = line(Piece(f"ATR {price(row.atr14)}", "muted")) if row.atr14 else ()
    heads = f"{'PRICE':>{PRICE}}{'DIST %':>{DISTANCE}}{'ATR':>{RANGES}}  WHAT"
    shown = _nearest(row.levels, lines - 3)
    made = [_line(one, row.kind, cells, decimals) for one in shown if _points(one) > 0]
    made.append(_last(row, cells, decimals))
    made += [_line(one, row.kind, cells, decimals) for one in shown if _points(one) <= 0]
    return [title_line("levels", (atr,), cells, focused=False), line(Piece(heads, "muted")), *made][:lines]


def _points(level: Level) -> float:
    return level.distance_points if level.distance_points is not None else 0.0


def _nearest(levels: tuple[Level, ...], count: int) -> list[Level]:
    known = [one for one in levels if one.distance_points is not None and not _is_pivot(one)]
    ranked = sorted(known, key=lambda one: (not _is_record(one), abs(_points(one))))
    return sorted(ranked[: max(0, count)], key=lambda one: -one.price)


def _is_pivot(level: Level) -> bool:
    """Whether it is a formula of yesterday's range and nothing else; the report has those."""
    return not level.series and all("pivot" in source for source in level.sources)


def _is_record(level: Level) -> bool:
    return any(source.startswith("record") for source in level.sources)


def _line(level: Level, kind: str, cells: int, decimals: int | None) -> Line:
    style = "record" if _is_record(level) else "text"
    share = NO_DATA if kind == "yield" else signed(level.distance_percent)
    figures = f"{price(level.price, decimals):>{PRICE}}"
    apart = f"{share:>{DISTANCE}}{signed(level.distance_atr, 1):>{RANGES}}  "
    what = _named(level, cells - len(figures + apart))
    tone = "record" if style == "record" else "muted"
    return line(Piece(figures, style), Piece(apart, "text"), Piece(fit(what, cells - len(figures + apart)), tone))


def _named(level: Level, cells: int) -> str:
    """The user's note, or what is watched most of what lies there, and how many more do where there is room."""
    first, more = clean(level.sources[0]), len(level.sources) - 1
    name = clean(level.note) or _SHORT.get(first, first)
    longer = f"{name} +{more}"
    return longer if more and len(longer) <= cells else name


def _last(row: Row, cells: int, decimals: int | None) -> Line:
    last = row.quote.last if row.quote else None
    found = line(
        Piece(f"{CURSOR}{price(last, decimals):>{PRICE - 1}}", "bright bold"),
        Piece(" " * (DISTANCE + RANGES) + "  last"),
    )
    return on((*found, *pad(cells - width(found))), "lift")
