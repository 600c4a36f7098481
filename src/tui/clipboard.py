"""The terminal's clipboard, by the sequence that works over SSH too (OSC 52), and what can honestly be said of it."""

import base64
from collections.abc import Mapping

LARGEST = 74_994
"""Bytes: what terminals take of one sequence, a hundred thousand after its encoding."""
WITHOUT = ("linux", "dumb", "vt100", "vt220")
"""Terminals that have none."""


def refusal(text: str, environment: Mapping[str, str]) -> str:
    """Why a text cannot be copied here, empty where it may be tried."""
    size = len(text.encode())
    if size > LARGEST:
        return f"Not copied: {size / 1000:,.0f} kB, and a terminal takes {LARGEST // 1000}; Enter writes a file."
    terminal = environment.get("TERM", "")
    if terminal in WITHOUT or environment.get("TERM_PROGRAM") == "Apple_Terminal":
        return "Not copied: this terminal has no clipboard that programs can reach."
    if environment.get("STY"):
        return "Not copied: GNU screen does not pass a clipboard on."
    return ""


def through_tmux(text: str, environment: Mapping[str, str]) -> str:
    """The sequence wrapped for tmux to hand on unread, for who set ``allow-passthrough``; empty outside tmux."""
    if not environment.get("TMUX"):
        return ""
    encoded = base64.b64encode(text.encode()).decode()
    return f"\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\"


def sent(environment: Mapping[str, str]) -> str:
    """What is known once it is sent: terminals do not answer."""
    if environment.get("TMUX"):
        return "Sent to tmux, which passes it on with `set -g set-clipboard on`."
    if environment.get("TERM_PROGRAM") == "textual":
        return "Sent to the browser, which takes it into its clipboard or refuses it; it does not say."
    return "Sent to the terminal's clipboard; whether it was taken cannot be known."
