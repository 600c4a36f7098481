"""Where the sections of one instrument's screen stand: in columns, or without room for them a page at a time."""

from ..choices import SECTIONS
from ..text import Line, Piece, line
from .plan import Need, Place, Plan

QUOTE, *REST = SECTIONS
Columns = tuple[tuple[str, ...], ...]
RIGHT = 40
"""Cells of the second of two columns at least: the ladder's prices, distances and what they are."""
LEFT = 76
"""Cells of the first column: the figures of the week beside each other."""
LEAST = {
    "symbol_quote": 5, "symbol_week": 5, "symbol_record": 5, "symbol_year": 4, "symbol_returns": 3,
    "symbol_levels": 9, "symbol_momentum": 6, "symbol_flags": 5, "symbol_source": 4,
}  # fmt: skip
"""Lines a section keeps at least where it needs as many."""
ENOUGH = 12
"""Lines up to which each section has its own before a longer one gets more."""
TWO = (
    ("symbol_quote", "symbol_week", "symbol_record", "symbol_year", "symbol_returns"),
    ("symbol_levels", "symbol_momentum", "symbol_flags", "symbol_source"),
)
THREE = (
    ("symbol_quote", "symbol_week", "symbol_record", "symbol_year", "symbol_returns"),
    ("symbol_levels", "symbol_momentum"),
    ("symbol_flags", "symbol_source"),
)


CHART = "symbol_chart"
"""Under the columns where they leave room for it; it is no stop of the focus, for a key opens it whole."""
LEAST_CHART = 12
"""Title, dates and ten lines: a lower curve would say nothing."""

NAMED = 78
"""Cells in which the names of all sections have room beside that of the instrument."""
NAMES = {name: name.removeprefix("symbol_") for name in SECTIONS} | {"symbol_year": "52w"}
"""What the sections are called where they are out of sight."""


def sections(focus: str, kind: str, cells: int, lines: int, need: Need) -> Plan:
    """Three columns on the largest windows, two from 118 cells on; below that what fits beside the focus."""
    if kind == "full":
        middle = min(70, (cells - LEFT - 4) * 3 // 5)
        return _charted(THREE, (LEFT, middle, cells - LEFT - 4 - middle), 2, lines, need)
    if kind == "wide":
        right = max(RIGHT, cells - 2 - LEFT - (cells - 2 - LEFT - RIGHT) // 3)
        return _charted(TWO, (cells - 2 - right, right), 1, lines, need)
    return _page(focus, cells, lines, need)


def _charted(columns: Columns, widths: tuple[int, ...], under: int, lines: int, need: Need) -> Plan:
    """The columns, and a chart under the first of them where all of these have their lines."""
    used = (sum(need(name, cells) + 1 for name in names) for names, cells in zip(columns, widths, strict=True))
    free = lines - max(list(used)[:under])
    if free < LEAST_CHART:
        return _columns(columns, widths, (lines,) * len(columns), need)
    above = (lines - free - 1,) * under
    plan = _columns(columns, widths, (*above, *(lines,) * (len(columns) - under)), need)
    return plan | {CHART: Place(0, lines - free, sum(widths[:under]) + 2 * (under - 1), free)}


def _columns(columns: Columns, widths: tuple[int, ...], heights: tuple[int, ...], need: Need) -> Plan:
    """In the order the focus goes round."""
    placed: Plan = {}
    x = 0
    for names, cells, lines in zip(columns, widths, heights, strict=True):
        first = 0
        sizes = _sizes(names, cells, lines - len(names) + 1, need)
        for name in names:
            placed[name] = Place(x, first, cells, sizes[name])
            first += sizes[name] + 1
        x += cells + 2
    return {name: placed[name] for name in SECTIONS}


def _sizes(names: tuple[str, ...], cells: int, lines: int, need: Need) -> dict[str, int]:
    """The least of all, then all of the short ones, then of the long; what is left over goes to the last."""
    wanted = {name: need(name, cells) for name in names}
    sizes = {name: min(wanted[name], LEAST[name]) for name in names}
    for most in (ENOUGH, lines):
        for name in names:
            more = min(wanted[name], most) - sizes[name]
            sizes[name] += max(0, min(more, lines - sum(sizes.values())))
    sizes[names[-1]] += max(0, lines - sum(sizes.values()))
    return sizes


def _page(focus: str, cells: int, lines: int, need: Need) -> Plan:
    """The quote, and under it the sections that fit with the one in focus."""
    top = min(need(QUOTE, cells), lines)
    room = lines - top - 1
    known = pages(cells, room, need)
    names = next((page for page in known if focus in page), known[0])
    placed: Plan = {QUOTE: Place(0, 0, cells, top)}
    first = top + 1
    for name in names:
        rows = lines - first if name == names[-1] else need(name, cells)
        placed[name] = Place(0, first, cells, rows)
        first += rows + 1
    return placed


def pages(cells: int, room: int, need: Need) -> tuple[tuple[str, ...], ...]:
    """The sections under the quote, as many on each page as show all they have; a longer one alone, to scroll."""
    made: list[tuple[str, ...]] = []
    page: tuple[str, ...] = ()
    left = room
    for name in REST:
        rows = need(name, cells)
        if page and rows > left and left < LEAST[name]:
            made.append(page)
            page, left = (), room
        page, left = (*page, name), left - rows - 1
    return (*made, page)


def elsewhere(plan: Plan) -> Line:
    """``+ returns levels``: the sections for which there is no room now; without room for their names their number."""
    absent = [NAMES[name] for name in SECTIONS if name not in plan]
    words = " ".join(absent) if plan[QUOTE].cells >= NAMED else f"{len(absent)} sections"
    return line(Piece("+ ", "muted"), Piece(words, "text")) if absent else ()
