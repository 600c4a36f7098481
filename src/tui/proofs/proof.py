"""A figure's proof: formula, inputs, source, other definitions, its own history, checks and its path."""

from datetime import datetime

from msgspec import Struct

from .. import glyphs
from ..format import in_zone, zone_name
from ..look import Look
from ..text import Line, Piece, apart, line, pad, wrap
from ..text import width as width_of
from ..widgets.spark import spark


class Input(Struct, frozen=True):
    """A number the figure was computed from, when it was made, and whether it may still move.

    Of one that may, `state` says whether it is of now: live, provisional, or why it is not.
    """

    name: str
    value: str
    when: str = ""
    final: bool | None = None
    state: str = "live"


class Definition(Struct, frozen=True):
    """The same figure by another definition; `sign` is that of its value (-1, 0, 1)."""

    name: str
    value: str
    words: str
    in_force: bool = False
    sign: int = 0


class Check(Struct, frozen=True):
    """Something that was looked at, and whether it is as it should be."""

    passed: bool
    words: str


class Proof(Struct, frozen=True):
    """Everything behind one figure of the screen.

    `path` is where it stands in the JSON of a snapshot, `tone` its colour role, `series` what is drawn of
    its past, oldest first.
    """

    symbol: str
    figure: str
    value: str
    path: str
    tone: str = "bright"
    formula: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()
    source: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()
    warning: str = ""
    history: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    levels: tuple[Input, ...] = ()
    series: tuple[float, ...] = ()
    series_words: str = ""
    checks: tuple[Check, ...] = ()


Section = tuple[str, tuple[Line, ...]]


def panel(proof: Proof, cells: int, *, ascii_only: bool = False) -> tuple[Line, ...]:
    """The proof in so many cells, section after section; nothing is cut, long lines are wrapped."""
    head = (
        apart(
            line(Piece(proof.symbol, "bright bold"), "  ", Piece(proof.figure, "bright bold")),
            line(Piece(proof.value, f"{proof.tone} bold")),
            cells,
        ),
    )
    lines: list[Line] = [*head]
    for title, body in sections(proof, cells, ascii_only=ascii_only):
        if body:
            lines += [(), line(Piece(title, "muted")), *body]
    return tuple(lines)


def sections(proof: Proof, cells: int, *, ascii_only: bool = False) -> tuple[Section, ...]:
    """The parts in their fixed order; an empty one has nothing to say of this figure."""
    return (
        ("FORMULA", _wrapped(proof.formula, cells, "bright")),
        ("INPUTS", _inputs(proof.inputs, cells)),
        ("SOURCE", _wrapped(proof.source, cells)),
        ("OTHER DEFINITIONS", _definitions(proof, cells)),
        ("IN ITS OWN HISTORY", (*_drawn(proof, cells, ascii_only), *_wrapped(proof.history, cells))),
        ("MOMENTUM", _wrapped(proof.standing, cells)),
        ("NEAREST LEVELS", _inputs(proof.levels, cells)),
        ("CHECKS", _checks(proof.checks, cells)),
        ("PATH", _wrapped((proof.path,), cells)),
    )


def _wrapped(texts: tuple[str, ...], cells: int, style: str = "text") -> tuple[Line, ...]:
    return tuple(line(Piece(part, style)) for text in texts if text for part in wrap(text, cells))


def _inputs(inputs: tuple[Input, ...], cells: int) -> tuple[Line, ...]:
    names = max((len(one.name) for one in inputs), default=0)
    values = max((len(one.value) for one in inputs), default=0)
    return tuple(part for one in inputs for part in _input(one, names, values, cells))


def _input(one: Input, names: int, values: int, cells: int) -> tuple[Line, ...]:
    state = "" if one.final is None else f"{glyphs.FINAL} final" if one.final else f"{glyphs.LIVE} {one.state}"
    left = line(
        Piece(one.name.ljust(names), "text"), pad(2)[0],
        Piece(one.value.rjust(values), "bright"), pad(3)[0], Piece(one.when, "muted"),
    )  # fmt: skip
    mark = line(Piece(state, "muted"))
    if width_of(left) + width_of(mark) + 2 <= cells:
        return (apart(left, mark, cells) if state else left,)
    return (
        line(Piece(one.name.ljust(names), "text"), pad(2)[0], Piece(one.value.rjust(values), "bright")),
        *(line(pad(2)[0], Piece(part, "muted")) for part in wrap(f"{one.when} {state}".strip(), cells - 2)),
    )


def _definitions(proof: Proof, cells: int) -> tuple[Line, ...]:
    names = max((len(one.name) for one in proof.definitions), default=0)
    values = max((len(one.value) for one in proof.definitions), default=0)
    lines: list[Line] = []
    for one in proof.definitions:
        mark = Piece(f"{glyphs.FINAL} " if one.in_force else "  ", "accent")
        tone = {1: "bull", -1: "bear"}.get(one.sign, "text")
        first = line(mark, Piece(one.name.ljust(names), "text"), "  ", Piece(one.value.rjust(values), tone), "  ")
        room = cells - width_of(first)
        words = wrap(one.words, room) if room > 12 else []
        lines.append((*first, Piece(words[0] if words else "", "muted")))
        lines += [(*pad(width_of(first)), Piece(more, "muted")) for more in words[1:]]
    if proof.warning:
        lines += _wrapped((f"! {proof.warning}",), cells, "flag-watch")
    return tuple(lines)


def _drawn(proof: Proof, cells: int, ascii_only: bool) -> tuple[Line, ...]:
    if len(proof.series) < 2 or ascii_only:
        return ()
    wide = min(30, max(8, cells // 2))
    return (line(Piece(spark(proof.series, wide), "spark"), "  ", Piece(proof.series_words, "muted")),)


def _checks(checks: tuple[Check, ...], cells: int) -> tuple[Line, ...]:
    return tuple(
        line(Piece(part, "text" if one.passed else "fault"))
        for one in checks
        for part in wrap(one.words if one.passed else f"! {one.words}", cells)
    )


def plain_text(proof: Proof) -> str:
    """The proof as lines of plain text, with ordinary minus signs, for the clipboard."""
    made = panel(proof, 100, ascii_only=True)
    text = "\n".join("".join(piece.text for piece in one).rstrip() for one in made)
    return text.replace("−", "-").replace("\u00a0", " ") + "\n"


def at_time(time: datetime | None, look: Look) -> str:
    """``Fri 17 Oct 16:20:31 ET``, with its year where it is another than the market's; empty for None."""
    if time is None:
        return ""
    there = in_zone(time, look.zone)
    year = f" {there.year}" if there.year != in_zone(look.now, look.zone).year else ""
    return f"{there:%a} {there.day} {there:%b}{year} {there:%H:%M:%S} {zone_name(time, look.zone)}"
