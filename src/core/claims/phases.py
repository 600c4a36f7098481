"""Claims of the phase of a fall from the record close: being in it, and the session that entered it."""

import numpy as np

from ..analytics.records import BEAR, CORRECTION, PULLBACK, phase
from ..analytics.returns import percent
from ..bars import Floats
from ..model.claim import Part
from .grammar import form
from .judging import Ask, single
from .legs import Leg
from .records import course

BOUNDS = {"pullback": PULLBACK, "correction": CORRECTION, "bear": BEAR}
"""Percent from the record close at which each begins."""
RULE = f"pullback from {PULLBACK:g} %, correction from {CORRECTION:g} %, bear from {BEAR:g} %"


def depths(leg: Leg) -> Floats:
    """Each close in percent from the highest so far."""
    closes = leg.bars.close
    return np.asarray(100.0 * (closes / np.maximum.accumulate(closes) - 1.0))


def in_phase(ask: Ask) -> list[Part]:
    """The phase of the fall from the record close, by the usual 5, 10 and 20 percent."""
    wanted = ask.words["phase"] or ""

    def judge(leg: Leg) -> Part:
        last = ask.legs.last(leg)
        one = course(leg, "close")
        newest = one.last(last)
        depth = percent(leg.close(last), float(one.prices[newest]))
        figures = (leg.figure("from the record close", depth, "percent", newest, last), one.record("record", newest))
        return single(leg, f"close against the record close: {RULE}", phase(depth) == wanted, *figures, basis="close")

    return ask.parts("a", judge)


def entered(ask: Ask) -> list[Part]:
    """The first close in a phase, after one that stood higher; a phase left upwards can be entered again."""
    wanted = ask.words["phase"] or ""

    def judge(leg: Leg) -> Part:
        stretch, deep = ask.stretch(leg), depths(leg)
        deeper = np.r_[False, deep[:-1] <= BOUNDS[wanted]]
        fresh = np.flatnonzero((deep <= BOUNDS[wanted]) & ~deeper)
        within = [int(at) for at in fresh if stretch.first <= at <= stretch.last and phase(float(deep[at])) == wanted]
        figures = [leg.figure("from the record close", float(deep[stretch.last]), "percent", stretch.last)]
        figures += [leg.figure("entered", float(deep[at]), "percent", at) for at in within[:3]]
        before = fresh[fresh < stretch.first]
        if len(before):
            at = int(before[-1])
            figures.append(leg.figure("entered before", float(deep[at]), "percent", at))
        definition = f"the first close in it after one above it, against the record close: {RULE}"
        return single(leg, definition, bool(within), *figures, basis="close")

    return ask.parts("a", judge)


_PHASE = r"(?P<phase>pullback|correction|bear)(?: (?:market|territory))?"
FORMS = (
    form("phase", "RUT is in a correction on 2025-08-08",
         rf"{{A}} (?:(?:remained|stood|stayed|closed) )?(?:in )?{_PHASE}", in_phase),
    form("phase entered", "RUT entered a correction on 2025-02-27",
         rf"{{A}} (?:enter(?:ed)?|began|started|(?:slid|slipped|dropped|fell|fall) in(?:to)?) {_PHASE}",
         entered, searches=True),
)  # fmt: skip
