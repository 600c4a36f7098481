"""Changes over the usual spans, under the ladder where lines are left."""

from collections.abc import Sequence
from datetime import date

from ...core.model.snapshot import Row
from ..format import dated, session_date, sign_of, signed
from ..glyphs import DOWN, UNCHANGED, UP
from ..look import OLD, are_spans_old
from ..text import Line, Piece, fit, line, pad, width
from ..widgets.board import title_line

LEAST = 7
"""Lines under which the block is not begun."""
_TURNS, _TONES = {1: UP, -1: DOWN}, {1: "bull", -1: "bear"}
BACK = ("1 month", "3 months", "6 months", "1 year", "3 years", "5 years")


def changes(row: Row, cells: int, lines: int, today: date | None = None) -> list[Line]:
    """To date from the last close of the period before, and back from the newest close; two on a line."""
    pairs = _pairs(row)
    if lines < LEAST or not pairs:
        return []
    half = cells // 2
    made = [_row(pairs[at : at + 2], half) for at in range(0, len(pairs), 2)]
    ends = max((one.end for one in row.periods), default=None)
    words = line(Piece(f"spans to {_day(ends, today)}, final", "muted")) if ends else ()
    return [(), title_line("changes, %", (words,), cells, focused=False), *made][:lines]


def _day(day: date, today: date | None) -> str:
    """``17 Oct``, with its year of another year or one long ago."""
    return session_date(day) if today is None else dated(day, today).partition(" ")[2]


def _pairs(row: Row) -> list[tuple[str, float, bool]]:
    """What is known, each span once, and whether it stands on an old price."""
    found = row.returns
    to_date = (
        [("week", found.week), ("month", found.month), ("quarter", found.quarter), ("YTD", found.year)] if found else []
    )
    back = {one.label: one.percent for one in row.periods}
    old, outdated = row.freshness in OLD, are_spans_old(row)
    known = [*((*one, old) for one in to_date), *((label, back.get(label), outdated) for label in BACK)]
    return [(label, value, aged) for label, value, aged in known if value is not None]


def _row(pairs: Sequence[tuple[str, float, bool]], half: int) -> Line:
    cells: list[Piece] = []
    for label, value, old in pairs:
        text = signed(value)
        sign = sign_of(text)
        entry = line(
            Piece(fit(label, 9), "muted"),
            Piece(f"{_TURNS.get(sign, UNCHANGED)} {text:>7}", "stale" if old else _TONES.get(sign, "flat")),
        )
        cells += [*entry, *pad(half - width(entry))]
    return tuple(cells)
