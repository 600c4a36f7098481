"""The ladder beside a chart: levels around the last price, highest first, the price in its own place."""

from msgspec.structs import replace

from ...core.model.measures import Level
from ...core.model.snapshot import Row
from ..format import NO_DATA, price, signed
from ..glyphs import CURSOR
from ..text import Line, Piece, clean, fit, line, on, pad, width
from ..widgets.board import title_line

PRICE, DISTANCE, RANGES = 10, 8, 6
"""Cells of the three columns of figures."""
RECORD, USER = "record", "user level"
"""How the names of both records begin, and what a level of the user's own is called, his note aside."""
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
    shown = _nearest([part for one in row.levels for part in _by_record(one, row.atr14)], lines - 3)
    made = [_line(one, row.kind, cells, decimals) for one in shown if _points(one) > 0]
    made.append(_last(row, cells, decimals))
    made += [_line(one, row.kind, cells, decimals) for one in shown if _points(one) <= 0]
    return [title_line("levels", (atr,), cells, focused=False), line(Piece(heads, "muted")), *made][:lines]


def _points(level: Level) -> float:
    return level.distance_points if level.distance_points is not None else 0.0


def _by_record(level: Level, atr: float | None) -> list[Level]:
    """The level, or one for each record price in it: a record keeps its name and price whatever lies near it.

    What else lies there stays with the record that is nearest to it.
    """
    if level.distance_points is None or len(level.prices) != len(level.sources):
        return [level]
    found = list(zip(level.sources, level.prices, strict=True))
    records = sorted({value for source, value in found if source.startswith(RECORD)})
    if not records or (len(records) == 1 and level.sources[0].startswith(RECORD)):
        return [level]
    kept: dict[float, list[tuple[str, float]]] = {value: [] for value in records}
    for source, value in sorted(found, key=lambda one: not one[0].startswith(RECORD)):
        kept[min(records, key=lambda one: abs(one - value))].append((source, value))
    return [_at(level, value, some, atr) for value, some in kept.items()]


def _at(level: Level, value: float, some: list[tuple[str, float]], atr: float | None) -> Level:
    """The part of a level that lies at one of its prices, measured from the same last price."""
    points = _points(level) + value - level.price
    last = level.price - _points(level)
    return replace(
        level,
        price=value,
        sources=tuple(source for source, _ in some),
        prices=tuple(one for _, one in some),
        distance_points=points,
        distance_percent=100.0 * points / last if level.distance_percent is not None else None,
        distance_atr=points / atr if atr else None,
    )


def _nearest(levels: list[Level], count: int) -> list[Level]:
    known = [one for one in levels if one.distance_points is not None and not _is_pivot(one)]
    ranked = sorted(known, key=lambda one: (not _is_record(one), abs(_points(one))))
    return sorted(ranked[: max(0, count)], key=lambda one: -one.price)


def _is_pivot(level: Level) -> bool:
    """Whether it is a formula of yesterday's range and nothing else; the report has those."""
    return not level.series and all("pivot" in source for source in level.sources)


def _is_record(level: Level) -> bool:
    return any(source.startswith(RECORD) for source in level.sources)


def _line(level: Level, kind: str, cells: int, decimals: int | None) -> Line:
    style = "record" if _is_record(level) else "text"
    share = NO_DATA if kind == "yield" else signed(level.distance_percent)
    figures = f"{price(level.price, decimals):>{PRICE}}"
    apart = f"{share:>{DISTANCE}}{signed(level.distance_atr, 1):>{RANGES}}  "
    what = _named(level, cells - len(figures + apart))
    tone = "record" if style == "record" else "muted"
    return line(Piece(figures, style), Piece(apart, "text"), Piece(fit(what, cells - len(figures + apart)), tone))


def _named(level: Level, cells: int) -> str:
    """The user's note, or the two names watched most of what lies there; how many more do where there is room."""
    own = clean(level.note)
    names = [own if own and one == USER else _SHORT.get(clean(one), clean(one)) for one in level.sources]
    if own and USER not in level.sources:
        names[0] = own
    more = len(names) - 1
    wished = [f"{names[0]}, {names[1]} +{more - 1}"] if more > 1 else []
    wished += [f"{names[0]}, {names[1]}"] if more == 1 else []
    wished += [f"{names[0]} +{more}"] if more else []
    return next((one for one in wished if len(one) <= cells), names[0])


def _last(row: Row, cells: int, decimals: int | None) -> Line:
    last = row.quote.last if row.quote else None
    found = line(
        Piece(f"{CURSOR}{price(last, decimals):>{PRICE - 1}}", "bright bold"),
        Piece(" " * (DISTANCE + RANGES) + "  last"),
    )
    return on((*found, *pad(cells - width(found))), "lift")
