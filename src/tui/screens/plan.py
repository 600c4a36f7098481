"""Where each pane stands: pure arithmetic from the size of the terminal and what the panes need."""

from collections.abc import Callable

from msgspec import Struct

from ..choices import FLAGS_SCREEN, SECTIONS, Choices

LEAST = (60, 16)
"""Columns and rows under which there is only a sentence."""
LEAST_BARE = (48, 5)
"""The same where only panes are shown, and one row of what must be known of them."""
CHROME = 3
"""Rows of header, line and footer."""
ONE_ROW = 60
"""Columns in which mode, age and failure stand on one row together."""

GAPS = 4
"""Empty lines that set the groups of a pane apart, where there are lines to spare."""

Need = Callable[[str, int], int]
"""Lines a pane would fill in so many cells, title and heading included."""


class Place(Struct, frozen=True):
    """A pane's cells in the body."""

    x: int
    y: int
    cells: int
    lines: int


Plan = dict[str, Place]


def size_class(columns: int, rows: int) -> str:
    """nano, small, narrow (80x20, for a multiplexer takes rows of 80x24, to 100x30), wide (120x40) or full (200x60)."""
    if columns < LEAST[0] or rows < LEAST[1]:
        return "nano"
    if columns < 80 or rows < 20:
        return "small"
    if columns < 118 or rows < 36:
        return "narrow"
    return "full" if columns >= 190 and rows >= 54 else "wide"


def chrome(choices: Choices, columns: int) -> int:
    """Rows above and below the panes: compact without the footer; bare one, or two where one is too narrow."""
    if choices.bare:
        return 1 if columns >= ONE_ROW else 2
    return CHROME - 1 if choices.compact else CHROME


def least(choices: Choices) -> tuple[int, int]:
    """Columns and rows under which there is only a sentence."""
    if choices.bare:
        return LEAST_BARE
    return LEAST[0], LEAST[1] - (CHROME - chrome(choices, LEAST[0]))


def is_too_small(choices: Choices, columns: int, rows: int) -> bool:
    """Whether there is only a sentence."""
    return columns < least(choices)[0] or rows < least(choices)[1]


def _kind(choices: Choices, columns: int, rows: int) -> str:
    """The class of the window in which all that surrounds panes would leave these lines."""
    whole = rows - chrome(choices, columns) + CHROME
    return size_class(max(columns, LEAST[0]), max(whole, LEAST[1]))


def arrange(choices: Choices, columns: int, rows: int, need: Need) -> Plan:
    """The panes in sight and their places, in the order the focus goes round."""
    if is_too_small(choices, columns, rows):
        return {}
    kind = _kind(choices, columns, rows)
    margin = 1 if columns >= 80 and not choices.bare else 0
    cells, lines = columns - 2 * margin, rows - chrome(choices, columns)
    plan = _inside(choices, kind, cells, lines, need)
    return {name: Place(one.x + margin, one.y, one.cells, one.lines) for name, one in plan.items()}


def beside_proof(plan: Plan, columns: int, lines: int) -> Plan:
    """The panes as they were, covered from the middle on by the proof; where there is no room, the proof alone."""
    if columns < 110:
        return {"proof": Place(0, 0, columns, lines)}
    edge = columns // 2
    seen = {
        name: Place(one.x, one.y, min(one.cells, edge - one.x), one.lines)
        for name, one in plan.items()
        if edge - one.x > 0
    }
    return {**seen, "proof": Place(edge, 0, columns - edge, lines)}


def _inside(choices: Choices, kind: str, cells: int, lines: int, need: Need) -> Plan:
    whole = Place(0, 0, cells, lines)
    if choices.page:
        return {choices.page: whole}
    plan = _screen(choices, kind, cells, lines, need)
    if choices.zoomed:
        focus = choices.focus if choices.focus in plan else next(iter(plan))
        return {focus: whole}
    return plan


def _screen(choices: Choices, kind: str, cells: int, lines: int, need: Need) -> Plan:
    screen, gap = choices.screen, 0 if choices.dense else 1
    if choices.panes and choices.view is not None:
        from .view_plan import arranged

        return arranged(choices.view.setting, choices.focus, cells, lines, need, gap)
    if screen == "instrument":
        return _instrument(choices.focus, kind, cells, lines, need)
    if screen == "flags":
        return _flags_screen(choices.focus, cells, lines, need, gap)
    if screen == "recap":
        return _recap_screen(kind, cells, lines, need, gap)
    if screen == "confirmation":
        return _macro_screen(cells, lines, need, gap)
    if screen != "overview":
        return {screen: Place(0, 0, cells, lines)}
    if kind == "small":
        return {"board": Place(0, 0, cells, lines)}
    if kind == "narrow":
        return _narrow(cells, lines, need, gap)
    return _full(cells, lines, need, gap) if kind == "full" else _wide(cells, lines, need, gap)


USUAL = LEAST[1] - CHROME
"""Lines that a window of the least size leaves; with fewer, which only a bare one has, a pane stands alone."""


def _instrument(focus: str, kind: str, cells: int, lines: int, need: Need) -> Plan:
    if lines < USUAL:
        return {focus if focus in SECTIONS else SECTIONS[0]: Place(0, 0, cells, lines)}
    from .symbol_plan import sections

    return sections(focus, kind, cells, lines, need)


def _flags_screen(focus: str, cells: int, lines: int, need: Need, gap: int) -> Plan:
    if cells >= 116:
        left = 60 if cells < 150 else cells // 2
        return {
            "flags": Place(0, 0, left, lines),
            "journal": Place(left + 2, 0, cells - left - 2, lines),
        }
    if lines < USUAL:
        return {focus if focus in FLAGS_SCREEN else "flags": Place(0, 0, cells, lines)}
    flags, journal = share(lines, [Share(need("flags", cells), 6), Share(need("journal", cells), 5)], gap)
    return {
        "flags": Place(0, 0, cells, flags),
        "journal": Place(0, flags + gap, cells, journal),
    }


def _macro_screen(cells: int, lines: int, need: Need, gap: int) -> Plan:
    """The prices of macro and futures above what confirms, where both have room."""
    prices = need("quotes", cells)
    if prices <= HEAD or lines - prices - gap < min(need("confirmation", cells), LEAST_MACRO):
        return {"confirmation": Place(0, 0, cells, lines)}
    first = prices + gap
    return {"quotes": Place(0, 0, cells, prices), "confirmation": Place(0, first, cells, lines - first)}


HEAD = 2
"""Lines of a table without rows."""
LEAST_MACRO = 10
"""Lines that what confirms keeps at least under the prices."""


TABLES = {"recap_index": 8, "recap_sessions": 7, "recap_records": 7, "recap_turns": 8}
"""Beside the recap's words, and the lines each keeps at least."""
WORDS = 60
"""Cells of the recap's words: a line the eye finds the end of."""


def _recap_screen(kind: str, cells: int, lines: int, need: Need, gap: int) -> Plan:
    """Words at the left, tables beside them; without room for both the words alone."""
    if kind not in ("wide", "full"):
        return {"recap": Place(0, 0, cells, lines)}
    left = min(WORDS + (cells - 118) // 4, 80)
    tables = under(TABLES, cells - left - 2, lines, need, gap)
    return {
        "recap": Place(0, 0, left, lines),
        **{name: Place(left + 2, y, cells - left - 2, rows) for name, (y, rows) in tables.items()},
    }


def under(panes: dict[str, int], cells: int, lines: int, need: Need, gap: int) -> dict[str, tuple[int, int]]:
    """First line and lines of panes under each other, each with what it keeps at least."""
    sizes = share(lines, [Share(need(name, cells), least) for name, least in panes.items()], gap)
    first, placed = 0, dict[str, tuple[int, int]]()
    for name, rows in zip(panes, sizes, strict=True):
        placed[name] = (first, rows)
        first += rows + gap
    return placed


def _narrow(cells: int, lines: int, need: Need, gap: int) -> Plan:
    compact = 1 + 2 * 3 if lines < 27 else 1 + 3 * 3 + 2
    board, flags = share(
        lines, [Share(need("board", cells), 8), Share(min(need("flags", cells), compact), min(compact, 9))], gap
    )
    return {"board": Place(0, 0, cells, board), "flags": Place(0, board + gap, cells, flags)}


def _columns(cells: int) -> tuple[int, int]:
    """Cells of the left and of the right column; the left one has enough for all its figures first."""
    right = min(66, max(44, cells - 2 - 107))
    return cells - 2 - right, right


def _wide(cells: int, lines: int, need: Need, gap: int) -> Plan:
    left, right = _columns(cells)
    quotes, weekly, record = _stack(lines, left, cells, need, gap)
    return {
        "quotes": Place(0, 0, left, quotes),
        "flags": Place(left + 2, 0, right, quotes),
        "weekly": Place(0, quotes + gap, cells, weekly),
        "record": Place(0, quotes + weekly + 2 * gap, cells, record),
    }


def _full(cells: int, lines: int, need: Need, gap: int) -> Plan:
    """Confirmation stands under the record where all rows above it have room, else at the right."""
    left, right = _columns(cells)
    below = _beneath(lines, left, need, gap)
    quotes, weekly, record = _stack(lines - (below + gap if below else 0), left, left, need, gap)
    plan = {
        "quotes": Place(0, 0, left, quotes),
        "weekly": Place(0, quotes + gap, left, weekly),
        "record": Place(0, quotes + weekly + 2 * gap, left, record),
    }
    if below:
        plan["confirmation"] = Place(0, lines - below, left, below)
    return plan | _right(left + 2, right, lines, need, gap, confirmation=not below)


LEAST_LINES = 7
"""Title, heading and five lines: with fewer a table is not worth its place."""


def _beneath(lines: int, cells: int, need: Need, gap: int) -> int:
    """Lines left under quotes, weekly ranges and record for a whole table; 0 where there are too few."""
    above = sum(need(pane, cells) for pane in ("quotes", "weekly", "record")) + 3 * gap
    left = lines - above
    return min(left, need("confirmation", cells)) if left >= LEAST_LINES else 0


def _right(x: int, cells: int, lines: int, need: Need, gap: int, *, confirmation: bool) -> Plan:
    flags, journal = need("flags", cells), need("journal", cells)
    shares = {"flags": Share(flags, 12)}
    if confirmation:
        room = max(LEAST_LINES + 3, lines - 2 - flags - max(journal, 8))
        shares["confirmation"] = Share(min(need("confirmation", cells), room), LEAST_LINES)
    shares["journal"] = Share(journal, 8)
    placed: Plan = {}
    first = 0
    for name, rows in zip(shares, share(lines, list(shares.values()), gap), strict=True):
        placed[name] = Place(x, first, cells, rows)
        first += rows + gap
    return placed


def _stack(lines: int, above: int, below: int, need: Need, gap: int) -> tuple[int, int, int]:
    """Quotes whole before the rest is shared: a row hidden there would be an instrument hidden."""
    sizes = share(
        lines,
        [Share(need("quotes", above), 12), Share(need("weekly", below), 7), Share(need("record", below), 7)],
        gap,
    )
    return sizes[0], sizes[1], sizes[2]


class Share(Struct, frozen=True):
    """What a pane would fill, and what it keeps at least where it needs that much."""

    need: int
    least: int


def share(lines: int, shares: list[Share], gap: int = 1) -> list[int]:
    """Lines for panes under each other with `gap` empty lines between.

    The least of all first, then each in turn to its need, then room to set groups apart; what is left over
    goes to the last.
    """
    sizes = [min(one.need, one.least) for one in shares]
    left = lines - gap * (len(shares) - 1) - sum(sizes)
    for number, one in enumerate(shares):
        more = max(0, min(left, one.need - sizes[number]))
        sizes[number] += more
        left -= more
    for number in range(len(sizes)):
        sizes[number] += min(left, GAPS * gap)
        left -= min(left, GAPS * gap)
    sizes[-1] += left
    return sizes
