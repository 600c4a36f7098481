"""What every family of claims shares: the number a claim makes, readings, verdicts, and the form of a claim."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from ..model.claim import Figure, Part, Reading, by_definition
from ..model.instrument import Instrument
from .legs import BeyondError, LackingError, Leg, Legs, Stretch
from .when import When

ABOUT, ABOUT_A_PRICE = 0.10, 0.005
"""How far "about" reaches: a tenth of a number, half a percent of a price."""
VENDOR = 0.0101
"""Vendors round the last digit of a price differently; binary fractions add to it."""
EXACT = 1e-9
NOT_COMPUTABLE = "not computable"
Words = Mapping[str, str | None]


@dataclass(frozen=True)
class Claimed:
    """A number as the claim prints it; `how` is =, ~, >, >=, < or <=, `half` half its last printed digit."""

    value: float
    how: str = "="
    unit: str = ""
    half: float = 0.0

    @classmethod
    def read(cls, words: Words, name: str = "n") -> "Claimed | None":
        """The number of a matched form, None where the claim names none."""
        text = words.get(name)
        if text is None:
            return None
        decimals = len(text.partition(".")[2])
        how, unit = words.get(f"{name}_how") or "=", words.get(f"{name}_unit") or ""
        return cls(float(text), how, unit, 0.5 * 10.0**-decimals)

    def holds(self, value: float, *, price: bool = False) -> bool:
        """Whether a value is what the claim says."""
        bounds = {
            ">": value > self.value,
            ">=": value >= self.value,
            "<": value < self.value,
            "<=": value <= self.value,
        }
        if self.how in bounds:
            return bounds[self.how]
        return abs(value - self.value) <= self._slack(price) + EXACT

    def _slack(self, price: bool) -> float:
        printed = max(self.half, VENDOR) if price else self.half
        if self.how != "~":
            return printed
        return max(printed, (ABOUT_A_PRICE if price else ABOUT) * abs(self.value))

    def told(self, *, price: bool = False) -> str:
        """When this number counts as met, in words."""
        if self.how == "~":
            return f"about: within {100 * (ABOUT_A_PRICE if price else ABOUT):g} % of the number claimed"
        if self.how != "=":
            return ""
        return "a number is met to its last printed digit" + (", a price to a cent" if price else "")


@dataclass
class Ask:
    """A claim that found its form: its words, its instruments by slot, its dates, and what is to be said aside."""

    words: Words
    instruments: tuple[Instrument, ...]
    legs: Legs
    basis: str = ""
    notes: dict[str, None] = field(default_factory=dict[str, None])
    used: dict[str, Leg] = field(default_factory=dict[str, Leg])
    tolerance: str = ""

    @property
    def when(self) -> When:
        """The dates of the claim."""
        return self.legs.when

    def named(self, slot: str) -> tuple[Instrument, ...]:
        """The instruments standing in a slot of the form."""
        return tuple(self.instruments[int(number)] for number in re.findall(r"@(\d+)", self.words.get(slot) or ""))

    def leg(self, instrument: Instrument) -> Leg:
        """The bars of an instrument, remembered as looked at. Raises LackingError."""
        leg = self.legs.of(instrument)
        self.used[instrument.symbol] = leg
        return leg

    def stretch(self, leg: Leg) -> Stretch:
        """The sessions the claim is about."""
        return self.legs.stretch(leg)

    def claimed(self, name: str = "n", *, price: bool = False) -> Claimed | None:
        """The number the claim makes."""
        found = Claimed.read(self.words, name)
        if found is not None:
            self.tolerance = found.told(price=price)
        return found

    def say(self, note: str) -> None:
        """Something a reader should know beside the figures."""
        self.notes[note] = None

    def parts(self, slot: str, judge: "Callable[[Leg], Part]") -> list[Part]:
        """A part for each instrument of a slot; one whose bars are missing is unknown, and said so."""
        return [self.part(one, judge) for one in self.named(slot)]

    def part(self, instrument: Instrument, judge: "Callable[[Leg], Part]") -> Part:
        """The part of one instrument."""
        try:
            return judge(self.leg(instrument))
        except BeyondError as beyond:
            self.legs.missing[str(beyond)] = None
            return Part(label=instrument.short, verdict=NOT_COMPUTABLE)
        except LackingError as lack:
            self.legs.missing[str(lack)] = None
            return Part(label=instrument.short, verdict="unknown")


@dataclass(frozen=True)
class Form:
    """A kind of claim: its name, an example as a trader would write it, its pattern, and who judges it.

    One that `searches` looks at every session of the claim's period; others at the period as a whole, or its end.
    """

    name: str
    example: str
    pattern: re.Pattern[str]
    judge: Callable[[Ask], Iterable[Part]]
    searches: bool = False


def part(label: str, readings: Iterable[Reading], *, number: bool = False) -> Part:
    """Readings put together: where they disagree it depends.

    A claim with a `number` that the usual definition meets is true whatever the others say.
    """
    listed = tuple(readings)
    return Part(label=label, verdict=_verdict(listed, number), readings=listed)


def _verdict(readings: tuple[Reading, ...], number: bool) -> str:
    held = [reading.holds for reading in readings]
    if not held or None in held:
        return "unknown"
    usual = [reading.holds for reading in readings if reading.standard]
    if len(set(held)) == 1 or (number and len(usual) == 1 and usual[0]):
        return "true" if (usual or held)[0] else "false"
    return "depends"


def together(parts: Iterable[Part]) -> str:
    """The verdict of a claim of several parts: one false makes it false, and so does none true by one definition."""
    listed = tuple(parts)
    verdicts = {one.verdict for one in listed}
    for word in ("false", NOT_COMPUTABLE, "unknown"):
        if word in verdicts:
            return word
    if "depends" in verdicts:
        return "depends" if any(by_definition(one for one in listed if one.verdict == "depends").values()) else "false"
    return "true" if verdicts else "unknown"


def denied(one: Part) -> Part:
    """The part of a claim that says it is not so."""
    opposite = {"true": "false", "false": "true"}
    readings = tuple(
        msgspec.structs.replace(reading, holds=None if reading.holds is None else not reading.holds)
        for reading in one.readings
    )
    return Part(label=one.label, verdict=opposite.get(one.verdict, one.verdict), readings=readings)


def single(leg: Leg, definition: str, holds: bool, *figures: Figure, basis: str = "") -> Part:
    """A part that has one definition."""
    return part(leg.short, [Reading(definition=definition, holds=holds, figures=figures, basis=basis)])
