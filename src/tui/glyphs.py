"""What the monitor draws with, and the same in plain ASCII.

Every glyph has exactly one ASCII stand-in of the same width, so a line is drawn once and translated
whole: nothing can be left over and nothing moves.
"""

import locale
import unicodedata
from collections.abc import Mapping

UP, DOWN, UNCHANGED = "▲", "▼", "·"
CURSOR, STRIPE, EDGE = "▸", "▌", "▏"
HAIRLINE = "─"
NEW_GROUND, BOTH_WEEKS, LAST_WEEK = "─", "━", "·"
OPEN_HEAVY, OPEN_LIGHT = "┯", "┬"
PREVIOUS_HEAVY, PREVIOUS_LIGHT = "┷", "┴"
FINAL, LIVE = "●", "○"
FILLED, TO_RECOVER = "━", "·"
BORDER_INSIDE, BORDER_OUTSIDE = "┿", "┊"
RECORD, RECORD_CLOSE = "┃", "╎"
BEYOND = "\u2039"
MORE_BELOW, MORE_ABOVE = "↓", "↑"

METERS: Mapping[str, str] = {"info": "▁··", "watch": "▂··", "notable": "▂▅·", "rare": "▂▅█"}
UNKNOWN_METER = " ? "
STATES: Mapping[str, str] = {
    "forming": "○", "provisional": "◐", "confirmed": "●", "faded": "◌", "unknown": "?",
}  # fmt: skip

COERCED = "C.UTF-8"

_PAIRS = (
    ("▲▼·", "^v."), ("−–—", "---"), ("▸◂▌▏", "><||"), ("─━", "-="), ("┯┬", "||"), ("┷┴", "::"),
    ("●○", "Oo"), ("┿┊", "+:"), ("┃╎", "|:"), (BEYOND, "<"), ("↓↑←→", "v^<>"), ("▁▂▅█", ".!!!"),
    ("◐◌", "~x"), ("‖", "="), ("↵", "E"), ("×÷", "x/"), ("…", "~"),
    ("\u2019\u2018\u201c\u201d", "''\"\""), ("\u00a0", " "),
)  # fmt: skip
_ASCII = {ord(one): plain for many, plains in _PAIRS for one, plain in zip(many, plains, strict=True)}


def to_ascii(text: str) -> str:
    """The text in ASCII, one character for one; accents are dropped, what is left over becomes ``?``."""
    if text.isascii():
        return text
    return "".join(one if one.isascii() else _plain(one) for one in text.translate(_ASCII))


def _plain(character: str) -> str:
    base = unicodedata.normalize("NFKD", character)[0]
    return base if base.isascii() else "?"


def wants_ascii(setting: str, environment: Mapping[str, str]) -> bool:
    """Whether to draw in ASCII: as set, or for "auto" when the locale is not UTF-8."""
    if setting != "auto":
        return setting == "ascii"
    named = environment.get("LC_ALL") or environment.get("LC_CTYPE") or environment.get("LANG") or ""
    if environment.get("LC_CTYPE") == COERCED and not environment.get("LC_ALL"):
        # Python itself sets this where the locale is plain C; what the user said stands in LANG
        named = environment.get("LANG") or named
    if named:
        return "utf-8" not in named.lower() and "utf8" not in named.lower()
    return "utf" not in locale.getpreferredencoding(False).lower()
