"""Styled text as plain data: a piece, a line, and what can be done with a line."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from ..core.model.harmless import harmless, is_plain_at_a_glance


class Piece(NamedTuple):
    """Some characters in one style.

    `style` is a colour role, then ``bold``, ``underline`` or ``reverse``, then ``@ground`` (a role too),
    all but the first optional: ``"bull"``, ``"bright bold @lift"``.
    """

    text: str
    style: str = "text"


Line = tuple[Piece, ...]
"""Pieces from left to right."""

SHORT = 1000
"""Characters of a line that need no second look at its length."""
_NARROW = "[ -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u2500-\u25fc\u2800-\u28ff]"
is_narrow = re.compile(f"{_NARROW}*").fullmatch
"""Whether every character of a text is known to take one cell; others may too."""


def line(*pieces: Piece | str) -> Line:
    """A line of pieces; bare strings are ordinary text."""
    return tuple(Piece(one) if isinstance(one, str) else one for one in pieces if one != "")


def clean(text: str) -> str:
    """The text with marks for what acts or hides: what a file or a network says must not steer the terminal."""
    return harmless(text)


def cleaned(pieces: Line) -> Line:
    """The line, each of its pieces as :func:`clean` makes it."""
    whole = plain(pieces)
    if len(whole) <= SHORT and is_plain_at_a_glance(whole) and "\n" not in whole and "\t" not in whole:
        return pieces
    return tuple(Piece(clean(text), style) for text, style in pieces)


def width(pieces: Iterable[Piece]) -> int:
    """Terminal cells."""
    texts = [text for text, _ in pieces]
    whole = "".join(texts)
    return len(whole) if is_narrow(whole) else sum(map(cell_len, texts))


def plain(pieces: Iterable[Piece]) -> str:
    """The characters alone."""
    return "".join([text for text, _ in pieces])


def pad(count: int, style: str = "text") -> Line:
    """That many blanks; none for zero or less."""
    return (Piece(" " * count, style),) if count > 0 else ()


def fit(text: str, cells: int) -> str:
    """The text in exactly so many cells, a name too long ending in an ellipsis. Never for numbers."""
    if cell_len(text) <= cells:
        return set_cell_size(text, cells)
    return set_cell_size(text, cells - 1) + "…" if cells > 0 else ""


def clip(pieces: Line, cells: int) -> Line:
    """The line in at most so many cells, cut at the right with an ellipsis."""
    if width(pieces) <= cells:
        return pieces
    kept: list[Piece] = []
    left = cells
    for piece in pieces:
        if cell_len(piece.text) >= left:
            kept.append(Piece(fit(piece.text + " ", left) if left > 0 else "", piece.style))
            break
        kept.append(piece)
        left -= cell_len(piece.text)
    return tuple(kept)


def covered(pieces: Line, cells: int) -> Line:
    """The first cells of a line of which the rest is covered: a word or number that would be cut goes whole."""
    kept: list[Piece] = []
    left = cells
    for piece in pieces:
        taken = cell_len(piece.text)
        if taken > left:
            kept.append(Piece(_whole_words(piece.text, left), piece.style))
            break
        kept.append(piece)
        left -= taken
    return tuple(kept)


def _whole_words(text: str, cells: int) -> str:
    """What fits, back to the last blank; a drawing without blanks may be cut."""
    shown = set_cell_size(text, cells)
    if cells <= 0 or text[len(shown) : len(shown) + 1] in ("", " ") or not any(one.isalnum() for one in text):
        return shown
    return set_cell_size(shown[: shown.rfind(" ") + 1], cells)


def on(pieces: Iterable[Piece], ground: str) -> Line:
    """The line on a ground; pieces with a ground of their own keep it."""
    return tuple(piece if "@" in piece.style else Piece(piece.text, f"{piece.style} @{ground}") for piece in pieces)


def apart(left: Line, right: Line, cells: int) -> Line:
    """Left at the left, right at the right; the left gives way."""
    room = cells - width(right)
    left = clip(left, room)
    return (*left, *pad(room - width(left)), *right)


def wrap(text: str, cells: int) -> list[str]:
    """Lines of at most so many cells, broken at blanks and never at a no-break space."""
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        longer = f"{current} {word}" if current else word
        if cell_len(longer) <= cells or not current:
            current = longer
            continue
        lines.append(current)
        current = word
    return [*lines, current] if current else lines


def joined(parts: Sequence[Line], separator: Line) -> Line:
    """The parts with a separator between them."""
    out: list[Piece] = []
    for number, part in enumerate(parts):
        out.extend((*separator, *part) if number else part)
    return tuple(out)
