"""What the claim check answers: a verdict, the definitions it rests on, and their figures.

Numbers are at full precision; percentages are 0-100. Dates are session dates of the instrument's own calendar.
"""

from collections.abc import Iterable
from datetime import date

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True, rename={"start": "from", "end": "to"}):
    """One number of an answer, `unit` telling how to read it, and the sessions it runs over.

    `unit` is percent (of change), share (percent of a whole), percent a year, pp (percentage points), bp
    (basis points), points, price, sessions, days, years, count, ratio, percentile or index. `start` is None
    where one session is meant.
    """

    label: str
    value: float | None
    unit: str
    start: date | None = None
    end: date | None = None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The claim by one definition: whether it `holds` (None: not known) and the figures that say so.

    `basis` is its short name (w/w, O>C, 1stC>C, close, intraday); `standard` is false for a definition in
    use that is not the usual one.
    """

    definition: str
    holds: bool | None
    figures: tuple[Figure, ...] = ()
    basis: str = ""
    standard: bool = True


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One statement of a claim (of several subjects, each is one): true, false, depends, unknown or not computable."""

    label: str
    verdict: str
    readings: tuple[Reading, ...] = ()


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """Whose bars were looked at: what kind of instrument it is, and from when to when bars are there."""

    symbol: str
    short: str
    name: str
    kind: str
    price_return: bool
    since: date
    last: date


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A claim answered: true, false, depends, unknown (bars are missing) or not computable.

    `symbols` are the instruments it names, `sources` those of them that have bars. `tolerance` says when a
    claimed number counts as met. `moved` tells of a date that was no session, `missing` of bars that are not
    there, `notes` of what a reader should know beside the figures.
    """

    claim: str
    form: str
    verdict: str
    symbols: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    sources: tuple[Provenance, ...] = ()
    as_of: date | None = None
    tolerance: str = ""
    notes: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def by_definition(parts: Iterable[Part]) -> dict[str, bool]:
    """Each definition with whether it makes every part true that has it."""
    listed, found = tuple(parts), dict[str, bool]()
    named = all(len({reading.basis for reading in one.readings}) == len(one.readings) for one in listed)
    for reading in (reading for one in listed for reading in one.readings):
        name = (reading.basis if named else "") or reading.definition
        found[name] = found.get(name, True) and bool(reading.holds)
    return found
