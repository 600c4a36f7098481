"""What a file, a network or a user says, made into text that a terminal can only show.

A name may hold escapes that move the cursor, marks that turn the reading order round, letters nobody can see
or a thousand accents on one another. Whatever acts or hides is shown as a mark instead; nothing is believed.
"""

import re
import unicodedata
from functools import lru_cache

MARK = "\N{REPLACEMENT CHARACTER}"
"""Stands where a character stood that acts, hides or has no width of its own."""
LONGEST = 4000
"""Characters kept of one text of a file or a network; of the rest the number is told."""
STACK = 3
"""Accents that may stand on one letter: more than any written language puts there."""

NO_BREAK = "\u00a0"
_PLAIN = r" -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u2426\u2500-\u28ff"
_IS_PLAIN = re.compile(f"[{_PLAIN}]*").fullmatch
_IS_PLAIN_LINES = re.compile(f"[{_PLAIN}\n\t]*").fullmatch

# printable for Python, and yet without a sign, or of a width that terminals do not agree on
_UNSEEN = re.compile(
    "[\u034f\u115f-\u11ff\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\ud7b0-\ud7ff"
    "\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]"
).match
_NO_TEXT = re.compile("[\ud800-\udfff]")
_BLANKS = "\t\n\r\v\f\x85\u2028\u2029"


def harmless(text: str) -> str:
    """One line of visible text: blanks for breaks, a mark for what acts or hides, cut where it is very long."""
    if len(text) > LONGEST:
        return f"{_in_line(text[:LONGEST])}… ({len(text) - LONGEST:,} characters more)"
    return text if _IS_PLAIN(text) else _in_line(text)


def harmless_lines(text: str) -> str:
    """Lines of visible text: as :func:`harmless`, but line ends and tabs stay and nothing is cut."""
    return text if _IS_PLAIN_LINES(text) else _visible(text, "\n\t")


def as_text(text: str) -> str:
    """The same text with a mark for every byte of it that was no UTF-8: what a command line or a file name may hold."""
    return _NO_TEXT.sub(MARK, text)


def is_plain_at_a_glance(text: str) -> bool:
    """Whether lines of text are made of signs that are known well; others may be harmless too."""
    return _IS_PLAIN_LINES(text) is not None


def is_harmless(text: str) -> bool:
    """Whether a text may be put on a terminal as it is."""
    return harmless(text) == text


@lru_cache(maxsize=4096)
def _in_line(text: str) -> str:
    return _visible(text, "")


def _visible(text: str, kept: str) -> str:
    shown: list[str] = []
    stacked = STACK  # at the beginning there is nothing to stand on
    for one in text:
        if one in kept or " " <= one <= "~":
            shown.append(one)
            stacked = STACK if one in kept else 0
        elif unicodedata.category(one)[0] == "M" and not _UNSEEN(one):
            stacked += 1
            if stacked <= STACK + 1:
                shown.append(one if stacked <= STACK else MARK)
        else:
            shown.append(_sign(one))
            stacked = 0
    return "".join(shown)


def _sign(one: str) -> str:
    if one == NO_BREAK or (one.isprintable() and not _UNSEEN(one)):
        return one
    return " " if one in _BLANKS or unicodedata.category(one) == "Zs" else MARK
