"""Changes over the usual spans, under the ladder where lines are left."""

from collections.abc import Sequence

from ...core.model.snapshot import Row
from ..format import session_date, sign_of, signed
from ..glyphs import DOWN, UNCHANGED, UP
from ..text import Line, Piece, fit, line, pad, width
from ..widgets.board import title_line

LEAST = 7
"""Lines under which the block is not begun."""
_TURNS, _TONES = {1: UP, -1: DOWN}, {1: "bull", -1: "bear"}
BACK = ("1 month", "3 months", "6 months", "1 year", "3 years", "5 years")


def changes(row: Row, cells: int, lines: int) -> list[Line]:
    """To date from the last close of the period before, and back from the newest close; two on a line."""
    pairs = _pairs(row)
    if lines < LEAST or not pairs:
        return []
    half = cells // 2
    made = [_row(pairs[at : at + 2], half) for at in range(0, len(pairs), 2)]
    ends = max((one.end for one in row.periods), default=None)
    words = line(Piece(f"spans to {session_date(ends)}, final", "muted")) if ends else ()
    return [(), title_line("changes, %", (words,), cells, focused=False), *made][:lines]


def _pairs(row: Row) -> list[tuple[str, float]]:
    """What is known, each span once."""
    found = row.returns
    to_date = (
        [("week", found.week), ("month", found.month), ("quarter", found.quarter), ("YTD", found.year)] if found else []
    )
    back = {one.label: one.percent for one in row.periods}
    known = [*to_date, *((label, back.get(label)) for label in BACK)]
    return [(label, value) for label, value in known if value is not None]


def _row(pairs: Sequence[tuple[str, float]], half: int) -> Line:
    cells: list[Piece] = []
    for label, value in pairs:
        text = signed(value)
        sign = sign_of(text)
        entry = line(
            Piece(fit(label, 9), "muted"),
            Piece(f"{_TURNS.get(sign, UNCHANGED)} {text:>7}", _TONES.get(sign, "flat")),
        )
        cells += [*entry, *pad(half - width(entry))]
    return tuple(cells)
