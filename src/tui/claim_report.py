"""The answer to a claim on paper: the verdict, each definition with its figures, and where they come from."""

import textwrap
from collections.abc import Callable, Mapping

from ..core.model.claim import Answer, Figure, Part, Provenance, Reading, by_definition
from ..core.model.decoding import json_text, made_harmless
from . import format as fmt

WIDTH = 100
Writer = Callable[[float | None], str]
_HOLDS = {True: "true", False: "false", None: "unknown"}


def printed_answer(answer: Answer, form: str) -> str:
    """The answer as text or json, ending in a newline."""
    if form == "json":
        return json_text(answer) + "\n"
    answer = made_harmless(answer)
    lines = [answer.claim, _verdict(answer)]
    for part in answer.parts:
        lines += ["", *_part(part, named=len(answer.parts) > 1)] if part.readings else []
    tail = [*map(_source, answer.sources), *_aside(answer)]
    return _ascii("\n".join([*lines, *([""] if tail else []), *tail])) + "\n"


def _verdict(answer: Answer) -> str:
    word = answer.verdict.upper()
    if answer.verdict != "depends":
        return word
    held = by_definition(answer.parts)
    true, false = (", ".join(name for name, holds in held.items() if holds is wanted) for wanted in (True, False))
    return f"{word} on the definition: true by {true}; false by {false}"


def _part(part: Part, *, named: bool) -> list[str]:
    lines = [f"{part.label}: {part.verdict}"] if named else []
    for reading in part.readings:
        lines += _reading(reading, alone=len(part.readings) == 1)
    return lines


def _reading(reading: Reading, *, alone: bool) -> list[str]:
    word = "definition" if alone else _HOLDS[reading.holds]
    basis = "" if not reading.basis or reading.definition.startswith(reading.basis) else f"{reading.basis}: "
    usual = "" if alone or reading.standard else " (not the usual one)"
    head = textwrap.wrap(
        f"{word} - {basis}{reading.definition}{usual}", WIDTH, initial_indent="  ", subsequent_indent="    "
    )
    return [*head, *_figures(reading.figures)]


def _figures(figures: tuple[Figure, ...]) -> list[str]:
    cells = [(one.label, value_of(one), _dates(one)) for one in figures]
    widths = [max((len(row[at]) for row in cells), default=0) for at in range(2)]
    return [
        f"      {label.ljust(widths[0])}  {value.rjust(widths[1])}  {dates}".rstrip() for label, value, dates in cells
    ]


def value_of(figure: Figure) -> str:
    """The number in its unit, rounded: percentages to two places, counts to none."""
    write = _UNITS.get(figure.unit)
    return write(figure.value) if write else f"{fmt.number(figure.value)} {figure.unit}"


_UNITS: Mapping[str, Writer] = {
    "percent": lambda value: f"{fmt.signed(value)} %",
    "share": lambda value: f"{fmt.number(value)} %",
    "percent a year": lambda value: f"{fmt.signed(value)} % a year",
    "pp": lambda value: f"{fmt.signed(value)} pp",
    "bp": fmt.basis_points,
    "points": lambda value: f"{fmt.signed(value)} points",
    "price": fmt.price,
    "index": lambda value: fmt.number(value),
    "ratio": lambda value: f"{fmt.number(value)} times",
    "percentile": lambda value: fmt.number(value, 1),
    "count": fmt.count,
    "sessions": lambda value: f"{fmt.count(value)} sessions",
    "days": lambda value: f"{fmt.count(value)} days",
}


def _dates(figure: Figure) -> str:
    if figure.end is None:
        return ""
    return f"{figure.start} to {figure.end}" if figure.start and figure.start != figure.end else f"{figure.end}"


def _source(one: Provenance) -> str:
    kind = f"{one.kind}, price without dividends" if one.kind == "fund" else one.kind
    kind = f"{kind}, price return" if one.kind == "index" and one.price_return else kind
    return f"source: {one.short} ({one.name}, {kind}), daily bars {one.since} to {one.last}"


def _aside(answer: Answer) -> list[str]:
    said = [answer.tolerance] if answer.tolerance else []
    notes = [f"note: {note}" for note in (*said, *answer.notes)]
    return [*notes, *(f"missing: {text}" for text in answer.missing)]


def _ascii(text: str) -> str:
    return text.replace(fmt.MINUS, "-").replace(fmt.NO_DATA, "-").replace(fmt.NO_BREAK, " ")
