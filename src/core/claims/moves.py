"""Changes of price by every definition in use, and the signs of the verbs that tell them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..analytics.returns import opens_are_real, percent
from ..model.claim import Figure
from .legs import BeyondError, LackingError, Leg, Stretch

UP = (
    r"rose|rises?|risen|rising|gain(?:ed|s)?|advanced?|climb(?:ed|s)?|jump(?:ed)?|rall(?:ied|y)|up|higher|added|"
    r"increased|surged|soared|positive"
)
DOWN = (
    r"fell|falls?|fallen|falling|lost|loss(?:es)?|declined?|dropp?(?:ed)?|slip(?:ped)?|slid|lose|down|lower|shed|decreased|"
    r"sank|plunged|tumbled|retreated|negative"
)
VERB = rf"(?:(?:closed|ended|finished|edged|moved|traded|opened) )?(?P<verb>{UP}|{DOWN})"
DEFINITIONS = {
    "w/w": "w/w: the close of the week before to the last close of this one",
    "O>C": "O>C: the first open of the week to its last close",
    "1stC>C": "1stC>C: the close of the week's first session to its last close",
    "day": "from the close before to this close",
    "month": "from the last close of the month before to the month's last close",
    "quarter": "from the last close of the quarter before to the quarter's last close",
    "year": "from the last close of the year before to the year's last close",
    "dates": "from close to close",
}


def sign_of(verb: str) -> int:
    """1 for a verb of rising, -1 for one of falling, 0 for one that says neither."""
    import re

    for pattern, sign in ((UP, 1), (DOWN, -1)):
        if re.fullmatch(pattern, verb):
            return sign
    return 0


@dataclass(frozen=True)
class Move:
    """A change by one definition, from one price to another."""

    basis: str
    definition: str
    before: float
    after: float
    start: date
    end: date
    kind: str = "index"

    @property
    def standard(self) -> bool:
        """Whether this is the usual definition."""
        return self.basis not in ("O>C", "1stC>C")

    @property
    def percent(self) -> float:
        """The change in percent."""
        return percent(self.after, self.before)

    @property
    def points(self) -> float:
        """The change in points; basis points for a yield."""
        return (100.0 if self.kind == "yield" else 1.0) * (self.after - self.before)

    @property
    def main(self) -> tuple[float, str]:
        """The change in the unit this kind of instrument moves in."""
        return (self.points, "bp") if self.kind == "yield" else (self.percent, "percent")

    def figure(self, short: str, *, points: bool = False) -> Figure:
        """The change with the sessions it runs over."""
        value, unit = (self.points, "points") if points and self.kind != "yield" else self.main
        label = short if self.basis in ("", "day") else f"{short} {self.basis}"
        return Figure(label=label, value=value, unit=unit, start=self.start, end=self.end)


def moves(leg: Leg, stretch: Stretch, only: str = "") -> list[Move]:
    """The change over a stretch by the usual definition first; a week's has two others beside it, but not a yield's."""
    found = [] if stretch.base is None else [_usual(leg, stretch)]
    if stretch.unit == "week" and leg.instrument.kind != "yield":
        found += _of_week(leg, stretch)
    found = [one for one in found if only in ("", one.basis) or stretch.unit != "week"]
    if stretch.base is not None and not found:
        raise BeyondError(f"{leg.short} has no {only} of this week; a yield's week runs from the close before alone")
    if not found:
        raise LackingError(f"{leg.short} has no close before {leg.day(stretch.first)}")
    return found


def _usual(leg: Leg, stretch: Stretch) -> Move:
    assert stretch.base is not None
    basis = "w/w" if stretch.unit == "week" else ""
    definition = DEFINITIONS["w/w" if basis else stretch.unit]
    return _move(leg, basis, definition, leg.close(stretch.base), stretch.base, stretch.last)


def _of_week(leg: Leg, stretch: Stretch) -> Iterable[Move]:
    if opens_are_real(leg.bars):
        start = float(leg.bars.open[stretch.first])
        yield _move(leg, "O>C", DEFINITIONS["O>C"], start, stretch.first, stretch.last)
    if stretch.last > stretch.first:
        start = leg.close(stretch.first)
        yield _move(leg, "1stC>C", DEFINITIONS["1stC>C"], start, stretch.first, stretch.last)


def _move(leg: Leg, basis: str, definition: str, before: float, start: int, end: int) -> Move:
    kind = leg.instrument.kind
    return Move(basis, definition, before, leg.close(end), leg.day(start), leg.day(end), kind)
