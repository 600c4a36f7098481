"""Claims of how a week went: turbulent, quiet, choppy; each ranked among the weeks of its own history."""

from dataclasses import replace

import numpy as np

from ..analytics.weekly import Weeks, weeks_of
from ..bars import Floats
from ..model.claim import Part
from .grammar import ClaimError, form
from .judging import Ask, single
from .legs import LackingError, Leg, Stretch

WINDOW, LEAST = 260, 104
UPPER, LOWER = 75.0, 25.0
"""Percentiles from which a week is unlike most: one in four."""


def turbulent(ask: Ask) -> list[Part]:
    """The week's range in percent of the close before, among those of 260 weeks before."""
    wide = (ask.words["word"] or "") not in ("quiet", "calm", "narrow", "dull", "tight")

    def judge(leg: Leg) -> Part:
        stretch, weeks, at = _week(ask, leg)
        ranges = weeks.range_percent()
        rank, count = _rank(leg, ranges, at)
        figures = (
            leg.figure("range", float(ranges[at]), "share", stretch.first, stretch.last),
            leg.figure(f"percentile among {count} weeks before", rank, "percentile"),
        )
        bound = f"turbulent from the {UPPER:g}th percentile, quiet to the {LOWER:g}th"
        definition = f"high minus low in percent of the close before; {bound}"
        return single(leg, definition, rank >= UPPER if wide else rank <= LOWER, *figures)

    return ask.parts("a", judge)


def choppy(ask: Ask) -> list[Part]:
    """The week's net change over the sum of its sessions' changes, whichever way, among 260 weeks before."""

    def judge(leg: Leg) -> Part:
        stretch, weeks, at = _week(ask, leg)
        found = efficiency(leg, weeks)
        rank, count = _rank(leg, found, at)
        figures = (
            leg.figure("net of the way", float(found[at]), "share", stretch.first, stretch.last),
            leg.figure(f"percentile among {count} weeks before", rank, "percentile"),
        )
        definition = f"net change over the sum of each session's; choppy to the {LOWER:g}th percentile"
        return single(leg, definition, rank <= LOWER, *figures)

    return ask.parts("a", judge)


def efficiency(leg: Leg, weeks: Weeks) -> Floats:
    """Net change of each week in percent of the way its closes went; NaN for the first and where nothing moved."""
    closes = leg.bars.close
    way = np.r_[0.0, np.cumsum(np.abs(np.diff(closes)))]
    gone = np.full(len(weeks), np.nan)
    before = weeks.first[1:] - 1
    length = way[weeks.last[1:]] - way[before]
    net = np.abs(closes[weeks.last[1:]] - closes[before])
    gone[1:] = 100.0 * net / np.where(length > 0.0, length, np.nan)
    return gone


def _week(ask: Ask, leg: Leg) -> tuple[Stretch, Weeks, int]:
    stretch = ask.legs.stretch(leg, None if ask.when.span else replace(ask.when, unit="week"))
    if stretch.unit != "week":
        raise ClaimError('this is asked of a week: "in the week of 2025-10-13"')
    if stretch.base is None:
        raise LackingError(f"{leg.short} has no close before {leg.day(stretch.first)}")
    weeks = weeks_of(leg.bars)
    return stretch, weeks, int(np.searchsorted(weeks.first, stretch.first))


def _rank(leg: Leg, values: Floats, at: int) -> tuple[float, int]:
    past = values[max(1, at - WINDOW) : at]
    past = past[~np.isnan(past)]
    if len(past) < LEAST or np.isnan(values[at]):
        raise LackingError(f"{leg.short} has under {LEAST} weeks before to rank this one among")
    return 100.0 * float(np.count_nonzero(past < values[at])) / len(past), len(past)


_HAD = r"(?:(?:had|saw|traded|turned) )?"
FORMS = (
    form("turbulent or quiet week", "DJIA was turbulent in the week of 2025-10-13",
         rf"{{A}} {_HAD}(?P<word>turbulent|volatile|wild|wide|unusual|quiet|calm|narrow|dull|tight)(?: week)?",
         turbulent),
    form("choppy week", "RUT was choppy in the week of 2025-08-04", rf"{{A}} {_HAD}choppy(?: week)?", choppy),
)  # fmt: skip
