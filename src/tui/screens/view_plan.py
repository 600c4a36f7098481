"""Where the panes of a saved layout stand: under each other, or in two columns where there is room."""

from ...core.model.view_setting import ViewSetting
from .plan import Need, Place, Plan, Share, share

LEAST_LINES = 5
"""Title, heading and three lines; a pane that has less to say keeps what it needs."""
BETWEEN = 2
"""Cells between two columns."""
LEAST_CELLS = 44
"""Cells of a column in which a card or a table can be read."""
TWO_COLUMNS = 116
"""Cells from which a window is divided without being asked."""
NARROW = ("flags", "journal", "recap_index", "recap_sessions", "recap_records", "recap_turns")
"""Panes that are as good in a narrow column: they stand at the right."""
MOST_NARROW = 66


def arranged(view: ViewSetting, focus: str, cells: int, lines: int, need: Need, gap: int) -> Plan:
    """Every pane of a view, or where there is no room for all, those around the one with the focus."""
    sides = _sides(view, cells)
    columns = [(view.panes, 0, cells)] if sides is None else _beside(*sides, cells)
    placed: Plan = {}
    for panes, x, wide in columns:
        placed |= _stacked(panes, focus, x, wide, lines, need, gap)
    return {name: placed[name] for name in view.panes if name in placed}


Panes = tuple[str, ...]


def _sides(view: ViewSetting, cells: int) -> tuple[Panes, Panes] | None:
    """What stands left and right; None for one column."""
    least = 2 * LEAST_CELLS + BETWEEN if view.arrange == "columns" else TWO_COLUMNS
    if view.arrange == "rows" or len(view.panes) < 2 or cells < least:
        return None
    narrow = tuple(name for name in view.panes if name in NARROW)
    wide = tuple(name for name in view.panes if name not in NARROW)
    if wide and narrow:
        return wide, narrow
    if wide and view.arrange == "auto":
        return None
    half = (len(view.panes) + 1) // 2
    return view.panes[:half], view.panes[half:]


def _beside(left: Panes, right: Panes, cells: int) -> list[tuple[Panes, int, int]]:
    half = (cells - BETWEEN) // 2
    all_narrow = set(right) <= set(NARROW) and not set(left) & set(NARROW)
    wide = min(MOST_NARROW, max(LEAST_CELLS, (cells - BETWEEN) * 2 // 5)) if all_narrow else half
    return [(left, 0, cells - BETWEEN - wide), (right, cells - wide, wide)]


def _stacked(panes: Panes, focus: str, x: int, cells: int, lines: int, need: Need, gap: int) -> Plan:
    shown = _with_room(panes, focus, lines, gap)
    shares = [Share(need(name, cells), LEAST_LINES) for name in shown]
    placed: Plan = {}
    first = 0
    for name, rows in zip(shown, _sizes(lines, shares, gap), strict=True):
        placed[name] = Place(x, first, cells, rows)
        first += rows + gap
    return placed


def _sizes(lines: int, shares: list[Share], gap: int) -> list[int]:
    return [lines] if len(shares) == 1 else share(lines, shares, gap)


def _with_room(panes: Panes, focus: str, lines: int, gap: int) -> Panes:
    """As many panes as have their least, the one with the focus among them."""
    most = max(1, (lines + gap) // (LEAST_LINES + gap))
    if len(panes) <= most:
        return panes
    at = panes.index(focus) if focus in panes else 0
    first = max(0, min(at - most + 1, len(panes) - most)) if at >= most else 0
    return panes[first : first + most]
