"""What never happened in a period: the claim is asked of each session, as it stood on that day."""

from collections.abc import Iterable
from dataclasses import replace

from ..model.claim import Figure, Part, Reading
from .grammar import ClaimError
from .judging import NOT_COMPUTABLE, Ask, Form
from .legs import Leg
from .when import When

MOST, MOST_CHANGES = 2_600, 30_000
"""Sessions, about ten years; a change is quick to judge."""
BY_AT_LEAST = ("change", "against another", "distance from the record", "distance from a 52-week high or low")
"""Forms whose number, where it never was, is the least there would have been."""
Told = list[tuple[Leg, int, Part]]
"""A session by its index, and its part of the answer."""


def spans_sessions(when: When) -> bool:
    """Whether the dates of a claim are a period rather than one day."""
    if when.span is None:
        return when.since is not None or (when.as_of is None and when.unit != "day")
    return when.span.unit != "day"


def never(ask: Ask, form: Form) -> tuple[Part, ...]:
    """Each part true where no session of the period fits the form. Raises ClaimError for too long a period."""
    found: dict[str, Told] = {}

    def judge(leg: Leg) -> Part:
        stretch = ask.stretch(leg)
        most = MOST_CHANGES if form.name == "change" else MOST
        if stretch.last - stretch.first >= most:
            raise ClaimError(f'"never" is judged session by session, of this claim over at most {most:,} sessions')
        slots = {**ask.words, **_at_least(ask, form), "a": f"@{ask.instruments.index(leg.instrument)}"}
        for index in range(stretch.first, stretch.last + 1):
            daily = replace(ask, words=slots, legs=ask.legs.on(leg.day(index)))
            for one in form.judge(daily):
                found.setdefault(one.label, []).append((leg, index, one))
            ask.tolerance = daily.tolerance
        return Part(label=leg.short, verdict="true")

    failed = [one for one in ask.parts("a", judge) if one.verdict != "true"]
    return (*failed, *(_told(label, told) for label, told in found.items()))


def _at_least(ask: Ask, form: Form) -> dict[str, str]:
    """Never fell 2 % means: not by 2 % or more."""
    bare = form.name in BY_AT_LEAST and ask.words.get("n") and not ask.words.get("n_how")
    return {"n_how": ">="} if bare else {}


def _told(label: str, told: Told) -> Part:
    verdicts = [part.verdict for _, _, part in told]
    for word in (NOT_COMPUTABLE, "unknown"):
        if word in verdicts and "true" not in verdicts:
            return Part(label=label, verdict=word)
    verdict = "false" if "true" in verdicts else "depends" if "depends" in verdicts else "true"
    bases = dict.fromkeys(reading.basis for _, _, part in told for reading in part.readings)
    return Part(label=label, verdict=verdict, readings=tuple(_reading(told, basis) for basis in bases))


def _reading(told: Told, basis: str) -> Reading:
    """One definition over all sessions: how many did, the extremes of its figure, the first that did."""
    days = [(leg, at, one) for leg, at, part in told for one in part.readings if one.basis == basis]
    did = [(leg, at, one) for leg, at, one in days if one.holds]
    leg, first, shown = days[0]
    figures = [leg.figure("sessions that did", len(did), "count", first, days[-1][1])]
    figures += _extremes(one.figures[0] for _, _, one in days if one.figures)
    figures += [_dated(leg, at, one.figures[0]) for leg, at, one in did[:3] if one.figures]
    definition = f"no session of the period; each: {shown.definition}"
    return Reading(definition=definition, holds=not did, figures=tuple(figures), basis=basis, standard=shown.standard)


def _extremes(figures: Iterable[Figure]) -> list[Figure]:
    known = [(one.value, one) for one in figures if one.value is not None]
    if not known:
        return []
    ends = (("lowest", min(known, key=lambda it: it[0])), ("highest", max(known, key=lambda it: it[0])))
    return [
        Figure(label=f"{name}: {one.label}", value=one.value, unit=one.unit, end=one.end) for name, (_, one) in ends
    ]


def _dated(leg: Leg, index: int, one: Figure) -> Figure:
    return Figure(label=one.label, value=one.value, unit=one.unit, end=leg.day(index))
