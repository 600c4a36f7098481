"""Claims of a change: of a day, week, month, quarter, year or span, and of a return a year."""

import re

import numpy as np
import numpy.typing as npt

from ..analytics.periods import annualised
from ..analytics.weekly import mondays
from ..model.claim import Part, Reading
from .grammar import ClaimError, form, with_unit
from .judging import EXACT, Ask, Claimed, part, single
from .legs import LackingError, Leg
from .moves import DOWN, UP, VERB, Move, moves, sign_of

FLAT, FLAT_YIELD = 0.1, 1.0
"""Percent of a price, basis points of a yield; either way."""
RETURNED = ("returned", "returns", "return")
"""A return is in percent, and needs no unit."""


def judge(ask: Ask) -> list[Part]:
    """Whether each subject moved the way, and by the number, that is claimed."""
    verb, claimed = ask.words.get("verb") or "", ask.claimed()
    return moved(ask, "a", verb, claimed if verb in RETURNED else in_unit(ask, "a", claimed))


def in_unit(ask: Ask, slot: str, claimed: Claimed | None) -> Claimed | None:
    """The number with its unit; of a yield the judge asks."""
    return claimed if any(one.kind == "yield" for one in ask.named(slot)) else with_unit(claimed)


def moved(ask: Ask, slot: str, verb: str, claimed: Claimed | None) -> list[Part]:
    """A part for each subject of a slot that is said to have moved."""
    return ask.parts(slot, lambda leg: _moved(ask, leg, sign_of(verb), claimed))


def _moved(ask: Ask, leg: Leg, sign: int, claimed: Claimed | None) -> Part:
    _warn(ask, leg)
    points = claimed is not None and claimed.unit == "points"
    if leg.instrument.kind == "yield" and claimed is not None and claimed.unit != "bp":
        raise ClaimError(f"{leg.short} is a yield: claim its change in basis points (bp), never in percent of a yield")
    readings = [
        Reading(
            definition=move.definition,
            holds=_agrees(move, sign, claimed),
            figures=(move.figure(leg.short, points=points),),
            basis=move.basis,
            standard=move.standard,
        )
        for move in moves(leg, ask.stretch(leg), ask.basis)
    ]
    return part(leg.short, readings, number=claimed is not None)


def _agrees(move: Move, sign: int, claimed: Claimed | None) -> bool:
    value = move.points if claimed is not None and claimed.unit == "points" else move.main[0]
    if sign and value * sign <= 0:
        return False
    return claimed is None or claimed.holds(value * (sign or 1))


def _warn(ask: Ask, leg: Leg) -> None:
    if leg.instrument.kind == "fund":
        ask.say(f"{leg.short} is a fund: its price without dividends; its total return is larger")
    stretch = ask.stretch(leg)
    if stretch.unit in ("year", "dates") and leg.instrument.kind == "index":
        ask.say("price returns: no dividends are in an index, total returns are larger")


def flat(ask: Ask) -> list[Part]:
    """A change of next to nothing."""

    def judge(leg: Leg) -> Part:
        move = moves(leg, ask.stretch(leg), ask.basis)[0]
        (value, unit), reach = move.main, FLAT_YIELD if leg.instrument.kind == "yield" else FLAT
        definition = f"{move.definition}; flat: within {reach:g} {'bp' if unit == 'bp' else '%'} of it"
        return single(leg, definition, abs(value) <= reach + EXACT, move.figure(leg.short), basis=move.basis)

    return ask.parts("a", judge)


def streak(ask: Ask) -> list[Part]:
    """So many sessions, or weeks, one after another the same way."""
    nth = ask.words.get("nth") or ""
    exact, sign = bool(nth), sign_of(ask.words["verb"] or "")
    count = ORDINALS.get(nth) or int(re.sub(r"\D", "", nth) or ask.words.get("count") or 1)
    if count < 1:
        raise ClaimError("a streak is of one session or more")

    def judge(leg: Leg) -> Part:
        last = ask.legs.last(leg)
        ends = _ends(leg, last, _weekly(ask))
        same = np.sign(np.diff(leg.bars.close[ends])) == sign
        length = len(same) if bool(same.all()) else int(np.argmin(same[::-1]))
        figure = leg.figure("one after another", length, "count", int(ends[-1 - length]), last)
        holds = length == count if exact else length >= count
        return single(leg, "closes each beyond the one before", holds, figure)

    return ask.parts("a", judge)


def _weekly(ask: Ask) -> bool:
    span = ask.when.span
    unit = span.unit if span else ask.when.unit
    return (ask.words.get("length") or "").startswith("week") or (bool(ask.words.get("nth")) and unit == "week")


def _ends(leg: Leg, last: int, weekly: bool) -> npt.NDArray[np.int64]:
    """The sessions whose closes a streak counts; a week under way counts as it stands."""
    if not weekly:
        return np.arange(last + 1, dtype=np.int64)
    weeks = mondays(leg.bars.days[: last + 1])
    return np.flatnonzero(np.r_[weeks[1:] != weeks[:-1], True]).astype(np.int64)


def annual(ask: Ask) -> list[Part]:
    """The return a year over a span."""
    claimed = ask.claimed()
    assert claimed is not None
    return ask.parts("a", lambda leg: _annual(ask, leg, claimed))


def _annual(ask: Ask, leg: Leg, claimed: Claimed) -> Part:
    _warn(ask, leg)
    stretch = ask.stretch(leg)
    if leg.instrument.kind == "yield":
        raise ClaimError(f"{leg.short} is a yield: it moves in basis points, and returns nothing a year")
    value = a_year(leg, stretch.base, stretch.last)
    sign = sign_of(ask.words.get("verb") or "") or 1
    definition = "compound price return a year of 365.25 days, from close to close"
    figure = leg.figure(leg.short, value, "percent a year", stretch.base or 0, stretch.last)
    return single(leg, definition, claimed.holds(sign * value), figure)


def a_year(leg: Leg, base: int | None, last: int) -> float:
    """Compound return a year between two closes, in percent. Raises LackingError."""
    found = None if base is None else annualised(leg.bars, leg.day(base), leg.day(last))
    if found is None:
        raise LackingError(f"{leg.short} has no close before {leg.day(last)}, or a hole lies between")
    return found


ORDINALS = {word: at for at, word in enumerate(
    ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), 1
)}  # fmt: skip
_PLAIN = r"(?:(?:closed|ended|finished|made|posted|booked|showed) )?"
FORMS = (
    form("streak", "RUT rose three sessions in a row until 2025-10-15",
         rf"{{A}} {VERB}(?: in)? (?P<count>\d+) (?:straight |consecutive )?(?P<length>days?|sessions?|weeks?)"
         r"(?: (?:in row|running|straight))?", streak),
    form("streak", "RUT posted its third gain in a row on 2025-10-15",
         rf"{{A}} {_PLAIN}(?P<nth>{'|'.join(ORDINALS)}|\d+(?:st|nd|rd|th))(?: (?:straight|consecutive))? "
         rf"(?:(?P<length>day|session|week) )?(?P<verb>{UP}|{DOWN})(?: (?:in row|running))?", streak),
    form("no change", "RUT was flat on 2025-08-06",
         r"{A} (?:(?:closed|ended|finished) )?(?:flat|unchanged|little changed)", flat),
    form("return a year", "SPX returned 10.48 % a year since 1927-12-30",
         rf"{{A}} (?:price )?(?:returned|returns?|change|average|(?P<verb>{UP}|{DOWN})) {{N}} annually", annual),
    form("change", "RUT rose 1.2 % in the week of 2025-10-13",
         rf"{{A}} {VERB}(?: {{N}})?(?: (?:higher|lower|up|down))?", judge),
    form("change", "RUT ended the week of 2025-10-13 with a 1.2 % gain",
         rf"{{A}} {_PLAIN}{{N}} (?P<verb>{UP}|{DOWN})", judge),
    form("change", "RUT returned 43.68 % in 1991",
         r"{A} (?:price )?(?P<verb>returned|returns?|changed?|moved) {N}", judge),
)  # fmt: skip
