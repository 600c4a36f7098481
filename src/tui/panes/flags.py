"""Divergence flags: cards with a sentence, a state and what the rule did before."""

import math

from ...core.model.flag import Flag
from ...core.model.snapshot import Snapshot
from .. import glyphs
from ..format import number
from ..look import Look
from ..text import Line, Piece, apart, clean, line, on, wrap
from ..text import width as width_of
from ..widgets.board import BodyLine, Page
from ..widgets.meter import meter, state_mark, tone
from ..words import (
    FEW,
    bar_of,
    continued,
    frequency,
    in_order,
    judged_at,
    on_now,
    rule_name,
    sentence,
    short_of,
    since,
    survival,
    title_of,
    track_record,
    unknown_now,
)
from ._parts import of_flags

NAME = "flags"
TITLE = "flags"

INDENT = 4
FEW_WAIT = 3
"""Up to so many rules that wait for a history have a card each; more are one line."""
ENDLESS = 10_000
"""Lines in which every card says all it can."""
WIDE = 60
"""Cells from which a card names its state and what clears it."""
DETAILS = ("brief", "wrapped", "sentence", "short", "plain", "full")
"""From two lines to all a card can say."""


def rows(snapshot: Snapshot, look: Look) -> tuple[Flag, ...]:
    """The flags in order: rare to info, unknown, faded; narrowed to one rule where that is chosen."""
    wanted = look.choices.rule
    kept = tuple(flag for flag in in_order(snapshot.flags) if wanted is None or flag.rule == wanted)
    return tuple(flag for flag in kept if not waits(flag)) if wanted is None and _many_wait(kept) else kept


def waits(flag: Flag) -> bool:
    """Whether it is unknown for want of a history that has yet to come."""
    return flag.state == "unknown" and flag.sentence.endswith("no history yet")


def _many_wait(flags: tuple[Flag, ...]) -> bool:
    return sum(waits(flag) for flag in flags) > FEW_WAIT


def card(flag: Flag, snapshot: Snapshot, look: Look, cells: int, detail: str) -> tuple[Line, ...]:
    """One flag's lines: head, sentence, record."""
    head = _head(flag, snapshot, look, cells)
    if detail == "brief":
        return (head, _edged(flag, _brief_body(flag, snapshot, look, cells - INDENT)))
    room = cells - INDENT
    if detail == "wrapped":
        return (head, *(_edged(flag, one) for one in _wrapped(flag, snapshot, look, room)))
    said = [line(Piece(text, _ink(flag))) for text in wrap(sentence(flag.sentence), room)]
    told = _record(flag, short=detail == "short") if detail != "sentence" else ""
    told = " ".join(part for part in (judged_at(flag, snapshot, look.zone), continued(flag), told) if part)
    before = [told] + ([_clears(flag)] if detail == "full" and cells >= WIDE else [])
    lines = [line(Piece(text, "muted")) for words in before for text in wrap(words, room)]
    return (head, *(_edged(flag, one) for one in (*said, *lines)))


def _head(flag: Flag, snapshot: Snapshot, look: Look, cells: int) -> Line:
    color = tone(flag.severity, flag.state)
    quiet = flag.state in ("unknown", "faded")
    left = line(
        meter(flag.severity, flag.state), " ",
        Piece(f"{short_of(flag.watched, snapshot)} ", "stale bold" if quiet else "bright bold"),
        Piece(title_of(flag), f"{color} bold"),
    )  # fmt: skip
    mark = line(Piece(state_mark(flag.state), "muted" if quiet else "bright"), " ")
    when = since(flag, snapshot, look.zone)
    full = (*mark, Piece(f"{flag.state} {when}", "stale" if quiet else "text"))
    short = (*mark, Piece(when, "stale" if quiet else "text"))
    fits = width_of(left) + width_of(full) + 2 <= cells
    return apart(left, full if fits else short, cells)


def _ink(flag: Flag) -> str:
    return {"unknown": "stale", "faded": "muted"}.get(flag.state, "text")


def _edged(flag: Flag, text: Line) -> Line:
    return line(" ", Piece(glyphs.EDGE, tone(flag.severity, flag.state)), "  ", *text)


def _record(flag: Flag, *, short: bool = False) -> str:
    if flag.state == "unknown":
        return ""
    lasting = _lasting(flag)
    return lasting or (track_record(flag.history, short=short) if flag.history else "")


def _lasting(flag: Flag) -> str:
    """How many live ones lasted, in place of the record; not of a handful."""
    known = flag.history is not None and flag.history.survival_cases >= FEW
    return survival(flag.history) if known and flag.state in ("forming", "provisional") else ""


def _clears(flag: Flag) -> str:
    if flag.state in ("unknown", "faded"):
        return ""
    told = flag.history is not None and flag.history.median_20 is None
    parts = ["" if told else frequency(flag), f"Clears: {sentence(flag.clears_when)}." if flag.clears_when else ""]
    return "  ".join(part for part in parts if part).replace("..", ".")


def _brief_body(flag: Flag, snapshot: Snapshot, look: Look, room: int) -> Line:
    said = line(Piece(sentence(flag.brief or flag.sentence), _ink(flag)))
    if flag.state == "unknown":
        return said
    at, before = bar_of(flag, snapshot, look.zone), _before(flag)
    both = " · ".join(part for part in (at, before) if part)
    for words in (both, at or before):
        right = line(Piece(words, "muted"))
        if words and width_of(said) + width_of(right) + 2 <= room:
            return apart(said, right, room)
    return said


def _before(flag: Flag) -> str:
    if flag.history is None:
        return ""
    lasting = _lasting(flag)
    return lasting or track_record(flag.history, brief=True)


def _wrapped(flag: Flag, snapshot: Snapshot, look: Look, room: int) -> tuple[Line, ...]:
    """The figures without an ellipsis: what does not fit on the line goes on the next."""
    texts = wrap(sentence(flag.brief or flag.sentence), room)
    if len(texts) < 2:
        return (_brief_body(flag, snapshot, look, room),)
    return tuple(line(Piece(text, _ink(flag))) for text in texts)


def cards(snapshot: Snapshot, look: Look, cells: int, lines: int) -> tuple[BodyLine, ...]:
    """All cards, each saying as much as lets all the others be seen; a blank line between where there is room."""
    flags = rows(snapshot, look)
    made = [{one: card(flag, snapshot, look, cells, one) for one in DETAILS} for flag in flags]
    chosen = _details(made, lines)
    filled = sum(len(one[detail]) for one, detail in zip(made, chosen, strict=True))
    apart_ = not look.choices.dense and filled + len(made) - 1 <= lines
    body: list[BodyLine] = []
    picked = selected(flags, look)
    for place, (one, detail) in enumerate(zip(made, chosen, strict=True)):
        if place and apart_:
            body.append(BodyLine(()))
        head, *rest = one[detail]
        head = on(head, "lift") if flags[place].id == picked else head
        body += [BodyLine(text, flags[place].id, unit=place) for text in (head, *rest)]
    return tuple(body)


def selected(flags: tuple[Flag, ...], look: Look) -> str | None:
    """The flag the cursor is on; shown only where the pane has the focus."""
    if look.choices.focus != NAME or not flags:
        return None
    ids = [flag.id for flag in flags]
    picked = look.choices.picked(NAME)
    return picked if picked in ids else ids[0]


def _details(made: list[dict[str, tuple[Line, ...]]], lines: int) -> list[str]:
    """Step by step more for each card, from the top, as long as all of them fit."""
    chosen = [DETAILS[0]] * len(made)
    left = lines - sum(len(one[DETAILS[0]]) for one in made)
    left = _more(made, chosen, "wrapped", left)
    left -= len(made) - 1 if left >= 2 * len(made) else 0
    for detail in DETAILS[2:]:
        left = _more(made, chosen, detail, left)
    return chosen


def _more(made: list[dict[str, tuple[Line, ...]]], chosen: list[str], detail: str, left: int) -> int:
    """The cards that can take that much more, from the top; the lines left over."""
    for place, one in enumerate(made):
        more = len(one[detail]) - len(one[chosen[place]])
        if more <= left:
            chosen[place] = detail
            left -= more
    return left


part = of_flags
"""All of a snapshot that is shown here."""


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """Lines of all cards in full, and the title."""
    return 1 + max(2, len(cards(snapshot, look, cells, ENDLESS)) + len(_waiting(snapshot, look, cells)))


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The pane."""
    body = cards(snapshot, look, cells, lines - 1) or none_on(snapshot, look, cells)
    if look.choices.rule is None and all(flag.state == "unknown" for flag in rows(snapshot, look)):
        # what cannot be judged says nothing of what is near
        body = (*body, *(BodyLine(one) for one in _nearest(snapshot, cells))) if snapshot.flags else body
    narrowed = f" · {rule_name(look.choices.rule)}" if look.choices.rule else ""
    keys = tuple(flag.id for flag in rows(snapshot, look))
    body = (*body, *_waiting(snapshot, look, cells))
    return Page(TITLE + narrowed, body, clauses=_clauses(snapshot), keys=keys)


def _waiting(snapshot: Snapshot, look: Look, cells: int) -> tuple[BodyLine, ...]:
    """The rules that wait for a history, in one sentence; `f` shows the cards of one rule."""
    count_ = len(snapshot.flags) - len(rows(snapshot, look))
    if look.choices.rule is not None or not count_:
        return ()
    words = f"{count_} rules cannot be judged yet: a history they need has not come."
    return (BodyLine(()), *(BodyLine(line(Piece(f"    {text}", "stale"))) for text in wrap(words, cells - INDENT)))


def none_on(snapshot: Snapshot, look: Look, cells: int) -> tuple[BodyLine, ...]:
    """An empty pane is a statement too: nothing is on, and what is nearest to it."""
    if look.choices.rule:
        words = f"No flag of {rule_name(look.choices.rule)} is on."
        return (BodyLine(line(Piece(f"    {words}", "bright bold"))),)
    return (
        BodyLine(line(Piece("    No flag is on.", "bright bold"))),
        BodyLine(line(Piece("    Every new price is judged by the rules.", "muted"))),
        *(BodyLine(one) for one in _nearest(snapshot, cells)),
    )


def _nearest(snapshot: Snapshot, cells: int) -> tuple[Line, ...]:
    """The rules with the least left to their threshold, on the percentile they ask for."""
    if not snapshot.nearest:
        return ()
    made = [line(), line(Piece("    Nearest to firing: percentile / needed", "muted"))]
    for one in snapshot.nearest:
        # a percentile just under its bound must not be rounded up to it
        stands = f"{math.floor(10 * one.percentile) / 10:.1f} / {one.needs:g}"
        left = line(Piece(f"    {short_of(one.watched, snapshot)} ", "bright"), Piece(clean(one.title), "text"))
        made.append(apart(left, line(Piece(stands, "text"), " "), min(cells, 62)))
    return tuple(made)


def _clauses(snapshot: Snapshot) -> tuple[Line, ...]:
    chance = snapshot.chance
    on = line(Piece(f"{len(on_now(snapshot))} on", "text"))
    unknown = unknown_now(snapshot)
    return (
        on,
        line(Piece(f"{number(chance.expected, 1)} on an ordinary day", "muted")),
        line(Piece(f"{unknown} unknown", "stale")) if unknown else (),
    )
