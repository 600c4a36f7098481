"""The week in words: computed headings and sentences, and what would change it at the end."""

from ...core.model.recap import Part, Recap, Turn
from ...core.model.snapshot import Snapshot
from ..format import NO_BREAK, price, signed
from ..look import Look
from ..text import Piece, clean, line, wrap
from ..widgets.board import BodyLine, Page
from ._recap import nothing, told

NAME = "recap"
TITLE = "recap"
LAST = ("sessions",)
"""Parts told after the others: the table by session stands beside them where there is room."""
INDENT = 2


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """Lines of all words and the title."""
    return 1 + len(page(snapshot, look, cells, 0).body)


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The pane."""
    del look, lines
    recap = told(snapshot)
    if recap is None:
        return nothing(TITLE, snapshot, cells)
    clauses = (line(Piece(_sessions(recap), "text")), line(Piece(clean(recap.short), "muted")))
    return Page(clean(recap.title.removeprefix("the ")), _numbered(recap, cells), clauses=clauses)


def _sessions(recap: Recap) -> str:
    state = f"{recap.sessions} of {recap.expected}"
    return f"{state}, final" if recap.final else f"day {state}"


def _numbered(recap: Recap, cells: int) -> tuple[BodyLine, ...]:
    """Every line its own unit, so that the title can say how many are out of sight."""
    return tuple(
        BodyLine(one.line, unit=number if one.line else None) for number, one in enumerate(_body(recap, cells))
    )


def _body(recap: Recap, cells: int) -> list[BodyLine]:
    ordered = sorted(recap.parts, key=lambda part: part.key in LAST)
    body = [one for part in ordered for one in _part(part, cells)]
    body += _turns(recap, cells)
    return [*body, *_wrapped(recap.closing, cells, "muted")]


def _part(part: Part, cells: int) -> list[BodyLine]:
    sentences = " ".join(one.text for one in part.sentences)
    return [
        *_wrapped(part.heading.text, cells, "bright bold"), *_wrapped(sentences, cells, "text"), BodyLine(()),
    ]  # fmt: skip


def _turns(recap: Recap, cells: int) -> list[BodyLine]:
    if not recap.turns:
        return []
    clauses = [f"a close {one.side} {price(one.price)}{_away(one)}: {one.meaning}" for one in recap.turns]
    words = "; ".join(clauses)
    return [
        *_wrapped("What would change it", cells, "bright bold"),
        *_wrapped(f"{words[0].upper()}{words[1:]}.", cells, "text"),
        BodyLine(()),
    ]


def _away(one: Turn) -> str:
    return "" if one.distance_percent is None else f" ({signed(one.distance_percent)}{NO_BREAK}%)"


def _wrapped(text: str, cells: int, style: str) -> list[BodyLine]:
    words = wrap(clean(text), max(10, cells - INDENT)) if text else []
    return [BodyLine(line(" " * INDENT, Piece(one, style))) for one in words]
