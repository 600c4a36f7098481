"""The terminal's bell and its notification (OSC 9): what is sent, and where it must be wrapped to get through."""

from collections.abc import Mapping

from ..core.model.alert import Ring
from ..core.model.harmless import harmless

BELL = "\x07"
LONGEST = 200
"""Characters of a notification; what shows them cuts them shorter still."""
MUTE_TERMINALS = ("linux", "vt100", "vt220")
"""Kinds of terminals that would paint a notification instead of showing one."""


def sequence(ring: Ring, environment: Mapping[str, str]) -> str:
    """What makes this terminal ring, show, or both."""
    said = notice(ring.alert, ring.text, environment) if ring.notify else ""
    return said + (BELL if ring.bell else "")


def notice(alert: str, text: str, environment: Mapping[str, str]) -> str:
    """A notification of the terminal; empty where it knows none.

    It begins with a word, lest a figure at its beginning be taken for a command of another kind.
    """
    kind = environment.get("TERM", "")
    if kind in MUTE_TERMINALS:
        return ""
    words = harmless(f"tapewatch: {alert}: {text}".replace("\\", "/"))[:LONGEST]
    plain = f"\x1b]9;{words}\x07"
    if environment.get("TMUX"):
        doubled = plain.replace("\x1b", "\x1b\x1b")
        return f"\x1bPtmux;{doubled}\x1b\\"
    if environment.get("STY") and kind.startswith("screen"):
        return f"\x1bP{plain}\x1b\\"
    return plain
