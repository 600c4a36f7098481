"""Severity and state of a flag as shapes, so that neither is said by colour alone."""

from .. import glyphs
from ..text import Piece

SEVERITIES = ("info", "watch", "notable", "rare")
"""From the ordinary to the rare."""


def tone(severity: str, state: str = "confirmed") -> str:
    """The colour role of a flag: its severity's while it counts, quiet once it does not."""
    if state == "unknown":
        return "stale"
    if state == "faded" or severity not in SEVERITIES:
        return "flag-info"
    return f"flag-{severity}"


def meter(severity: str, state: str = "confirmed") -> Piece:
    """One to three steps; a question mark for a flag that cannot be judged."""
    if state == "unknown":
        return Piece(glyphs.UNKNOWN_METER, "stale bold")
    shape = glyphs.METERS.get(severity, glyphs.METERS["info"])
    return Piece(shape, f"{tone(severity, state)} bold")


def state_mark(state: str) -> str:
    """Hollow while forming, half while provisional, full once confirmed; ``?`` for what is not known."""
    return glyphs.STATES.get(state, "?")
