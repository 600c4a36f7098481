"""The week in words: computed headings and sentences, and what would change it at the end."""

from ...core.model.recap import Part, Recap, Turn
from ...core.model.snapshot import Snapshot
from .. import glyphs
from ..format import NO_BREAK, price, signed
from ..look import Look
from ..recap_keys import heading_key, sentence_key, turn_key
from ..text import Line, Piece, clean, line, on, pad, wrap
from ..widgets.board import BodyLine, Page
from ._parts import of_recap
from ._recap import cursor, nothing, told

NAME = "recap"
TITLE = "recap"
LAST = ("sessions",)
"""Parts told after the others: the table by session stands beside them where there is room."""
INDENT = 2

Said = tuple[str, str | None]
"""A sentence and its key; None for one without figures, which has nothing to prove."""
Paragraph = tuple[tuple[Said, ...], str]
"""Sentences and their style; a blank line where it has none."""


part = of_recap
"""All of a snapshot that is shown here."""


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """Lines of all words and the title."""
    return 1 + len(page(snapshot, look, cells, 0).body)


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The pane."""
    del lines
    recap = told(snapshot)
    if recap is None:
        return nothing(TITLE, snapshot, cells)
    paragraphs = _paragraphs(recap)
    # a sentence without figures has nothing to prove and is passed over
    keys = tuple(key for said, _ in paragraphs for _, key in said if key is not None)
    picked = cursor(NAME, keys, look)
    body = [one for said, style in paragraphs for one in _drawn(said, style, picked, cells)]
    clauses = (line(Piece(_sessions(recap), "text")), line(Piece(clean(recap.short), "muted")))
    return Page(clean(recap.title.removeprefix("the ")), _numbered(body), clauses=clauses, keys=keys, reads=True)


def _sessions(recap: Recap) -> str:
    state = f"{recap.sessions} of {recap.expected}"
    return f"{state}, final" if recap.final else f"day {state}"


def _numbered(body: list[BodyLine]) -> tuple[BodyLine, ...]:
    """Every line its own unit, so that the title can say how many are out of sight."""
    return tuple(
        BodyLine(one.content, one.key, unit=number if one.content else None, also=one.also)
        for number, one in enumerate(body)
    )


def _paragraphs(recap: Recap) -> list[Paragraph]:
    """Headings and sentences in their order."""
    ordered = sorted(recap.parts, key=lambda part: part.key in LAST)
    made = [one for part in ordered for one in _part(part)]
    if recap.turns:
        turns = tuple((_turn(one, at, len(recap.turns)), turn_key(one)) for at, one in enumerate(recap.turns))
        made += [((("What would change it", None),), "bright bold"), (turns, "text"), ((), "")]
    return [*made, (((recap.closing, None),), "muted")]


def _part(part: Part) -> list[Paragraph]:
    heading: Said = (part.heading.text, heading_key(part) if part.heading.figures else None)
    sentences = tuple(
        (one.text, sentence_key(part, at) if one.figures else None) for at, one in enumerate(part.sentences)
    )
    return [((heading,), "bright bold"), (sentences, "text"), ((), "")]


def _turn(one: Turn, at: int, of: int) -> str:
    """One of the closes as a clause of a sentence."""
    words = f"close {one.side} {price(one.price)}{_away(one)}: {one.meaning}"
    return f"{'a' if at else 'A'} {words}{';' if at + 1 < of else '.'}"


def _away(one: Turn) -> str:
    return "" if one.distance_percent is None else f" ({signed(one.distance_percent)}{NO_BREAK}%)"


def _drawn(said: tuple[Said, ...], style: str, picked: str | None, cells: int) -> list[BodyLine]:
    """Sentences run on as one paragraph; the lifted one may begin and end within a line."""
    if not style:
        return [BodyLine(())]
    words = [(word, key) for text, key in said for word in clean(text).split(" ") if word]
    lines, start = list[BodyLine](), 0
    for text in wrap(" ".join(word for word, _ in words), max(10, cells - INDENT)):
        count = len(text.split(" "))
        lines.append(_line(words[start : start + count], style, picked))
        start += count
    return lines


def _line(words: list[tuple[str, str | None]], style: str, picked: str | None) -> BodyLine:
    """One line of words; it can be clicked for the sentence that begins on it last."""
    runs: list[tuple[str, str | None]] = []
    for word, key in words:
        if runs and runs[-1][1] == key:
            runs[-1] = (f"{runs[-1][0]} {word}", key)
        else:
            runs.append((word, key))
    pieces: list[Line] = []
    for text, key in runs:
        piece = line(Piece(text, style))
        pieces.append(on(piece, "lift") if key is not None and key == picked else piece)
    keys = tuple(key for _, key in runs if key is not None)
    mark = Piece(glyphs.CURSOR, "accent") if picked is not None and picked in keys else Piece(" ", "text")
    whole = [piece for at, one in enumerate(pieces) for piece in ((*pad(1), *one) if at else one)]
    return BodyLine(line(mark, " ", *whole), keys[-1] if keys else None, also=keys)
