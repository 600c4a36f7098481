"""All that a bare screen says beside its panes: whose prices these are, of when, how old, and what fails."""

from ..core.model.snapshot import Snapshot
from .chrome import Status, facts, flag_count
from .look import Look
from .message_line import Troubles, is_told, message
from .text import Line, Piece, apart, clip
from .text import width as width_of

LEAST_WORDS = 25
"""Cells in which a failure is named: its mark and a word or two."""

MOST_FACTS = 44
"""Cells of mode, time and age beside a failure, which has the rest of the row."""

LEAST_TYPED = 40
"""Cells of what is typed or asked: enough for a question and the keys that answer it."""


def facts_beside(snapshot: Snapshot | None, look: Look, status: Status, cells: int) -> Line:
    """Mode and time beside what is typed or asked, which no age may push out of the row."""
    room = min(MOST_FACTS, cells - LEAST_TYPED - 1)
    return clip(facts(snapshot, look, status, room), room)


def bare_row(snapshot: Snapshot | None, look: Look, status: Status, troubles: Troubles, cells: int) -> Line:
    """Mode, time and age at the left; behind them what the line has to say, else how many flags are on."""
    if not is_told(snapshot, look, troubles):
        flags = () if snapshot is None else (*flag_count(snapshot, cells // 3), Piece(" "))
        return apart(facts(snapshot, look, status, cells - width_of(flags) - 2), flags, cells)
    known = facts(snapshot, look, status, min(MOST_FACTS, cells - LEAST_WORDS - 1))
    said = message(snapshot, look, troubles, cells - width_of(known) - 1)
    return clip((*known, Piece(" "), *said), cells)
