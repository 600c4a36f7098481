"""Claims of the 52-week range: its bounds, new highs and lows, the place in it, the distance to its ends."""

from datetime import timedelta

import numpy as np

from ..analytics.returns import percent, position
from ..analytics.year_range import read_year_range
from ..model.claim import Figure, Part, Reading
from ..model.reading import RangeOf52Weeks
from .grammar import form
from .judging import Ask, part
from .legs import LackingError, Leg

WINDOW = timedelta(days=364)
USUAL = "intraday"
DEFINITION = {
    "intraday": "highs and lows of the sessions of the last 364 days",
    "close": "closes of the sessions of the last 364 days",
}


def _ranges(ask: Ask, leg: Leg, last: int) -> list[tuple[str, RangeOf52Weeks]]:
    found = read_year_range(leg.upto(last).bars, None, leg.close(last))
    if found is None:
        raise LackingError(f"no bars of {leg.short} in the 52 weeks to {leg.day(last)}")
    if found.since is not None:
        ask.say(f"{leg.short}: bars of the 52 weeks only since {found.since}")
    both = (("intraday", found.intraday), ("close", found.close))
    return [(basis, one) for basis, one in both if ask.basis in ("", basis)]


def _bounds(found: RangeOf52Weeks) -> list[Figure]:
    return [
        Figure(label="52-week low", value=found.low, unit="price", end=found.low_date),
        Figure(label="52-week high", value=found.high, unit="price", end=found.high_date),
    ]


def bounded(ask: Ask) -> list[Part]:
    """The low and high of the 52 weeks."""
    low, high = ask.claimed("n", price=True), ask.claimed("m", price=True)
    assert low is not None
    assert high is not None

    def judge(leg: Leg) -> Part:
        return part(leg.short, [
            Reading(
                definition=DEFINITION[basis],
                holds=low.holds(one.low, price=True) and high.holds(one.high, price=True),
                figures=tuple(_bounds(one)),
                basis=basis,
                standard=basis == USUAL,
            )
            for basis, one in _ranges(ask, leg, ask.legs.last(leg))
        ], number=True)  # fmt: skip

    return ask.parts("a", judge)


def bound(ask: Ask) -> list[Part]:
    """The price of the 52-week high or low."""
    claimed, high = ask.claimed(price=True), ask.words["side"] == "high"

    def judge(leg: Leg) -> Part:
        readings = [
            Reading(
                definition=DEFINITION[basis],
                holds=claimed is None or claimed.holds(one.high if high else one.low, price=True),
                figures=(_bounds(one)[high],),
                basis=basis,
                standard=basis == USUAL,
            )
            for basis, one in _ranges(ask, leg, ask.legs.last(leg))
        ]
        return part(leg.short, readings, number=claimed is not None)

    return ask.parts("a", judge)


def new_extreme(ask: Ask) -> list[Part]:
    """A session beyond every one of the 52 weeks before it."""
    claimed, high = ask.claimed(price=True), ask.words["side"] == "high"

    def read(leg: Leg, basis: str, first: int, last: int) -> Reading:
        column = leg.bars.close if basis == "close" else leg.bars.high if high else leg.bars.low
        fresh = [index for index in range(first, last + 1) if _is_new(leg, column, index, high)]
        index = fresh[-1] if fresh else last
        holds = bool(fresh) and (claimed is None or claimed.holds(float(column[index]), price=True))
        before = _extreme_before(leg, column, fresh[0] if fresh else last, high)
        figures = (leg.price("price", float(column[index]), index), leg.price("the 52 weeks before", *before))
        return Reading(definition=f"beyond the {DEFINITION[basis]}", holds=holds, figures=figures, basis=basis)

    def judge(leg: Leg) -> Part:
        stretch = ask.stretch(leg)
        bases = [basis for basis in ("intraday", "close") if ask.basis in ("", basis)]
        return part(leg.short, [read(leg, basis, stretch.first, stretch.last) for basis in bases])

    return ask.parts("a", judge)


def _is_new(leg: Leg, column: "np.ndarray[tuple[int], np.dtype[np.float64]]", index: int, high: bool) -> bool:
    before, _ = _extreme_before(leg, column, index, high)
    return bool(column[index] > before) if high else bool(column[index] < before)


def _extreme_before(
    leg: Leg, column: "np.ndarray[tuple[int], np.dtype[np.float64]]", index: int, high: bool
) -> tuple[float, int]:
    start = int(np.searchsorted(leg.bars.days, np.datetime64(leg.day(index) - WINDOW), side="right"))
    past = column[start:index]
    if not len(past):
        raise LackingError(f"{leg.short} has no 52 weeks before {leg.day(index)}")
    found = start + int(np.argmax(past) if high else np.argmin(past))
    return float(column[found]), found


def placed(ask: Ask) -> list[Part]:
    """Where the close stands between the 52-week low (0) and high (100)."""
    claimed = ask.claimed()

    def judge(leg: Leg) -> Part:
        last = ask.legs.last(leg)
        readings: list[Reading] = []
        for basis, one in _ranges(ask, leg, last):
            found = position(leg.close(last), one.low, one.high) or 0.0
            figures = (leg.figure("position in the range", found, "share", last), *_bounds(one))
            holds = 0.0 < found < 100.0 if claimed is None else claimed.holds(found)
            usual = basis == USUAL
            readings.append(
                Reading(definition=DEFINITION[basis], holds=holds, figures=figures, basis=basis, standard=usual)
            )
        return part(leg.short, readings, number=claimed is not None)

    return ask.parts("a", judge)


def away(ask: Ask) -> list[Part]:
    """The distance from the 52-week high or low, in percent of it."""
    claimed, high = ask.claimed(), ask.words["side"] == "high"
    assert claimed is not None

    def judge(leg: Leg) -> Part:
        last = ask.legs.last(leg)
        readings: list[Reading] = []
        for basis, one in _ranges(ask, leg, last):
            far = abs(percent(leg.close(last), one.high if high else one.low))
            recover = abs(percent(one.high if high else one.low, leg.close(last)))
            figures = (
                leg.figure("from it", far, "share", last),
                leg.figure("to recover", recover, "share", last),
                _bounds(one)[high],
            )
            readings.append(
                Reading(
                    definition=DEFINITION[basis],
                    holds=claimed.holds(far),
                    figures=figures,
                    basis=basis,
                    standard=basis == USUAL,
                )
            )
        return part(leg.short, readings, number=True)

    return ask.parts("a", judge)


_MADE = r"(?:(?:made|makes|set|hit|reached|posted|closed|saw) )?"
FORMS = (
    form("52-week range", "the 52-week range of RUT was 1732.99 to 2466.49 on 2025-08-08",
         r"{A} 52-week range (?:from )?{N} ?(?:-|to|and) ?{M}", bounded),
    form("place in the 52-week range", "RUT was at 66.2 % of its 52-week range on 2025-08-08",
         r"{A} (?:(?:closed|stood|well|in|within) )*(?:{N} )?(?:(?:in|within|into) )?52-week range", placed),
    form("distance from a 52-week high or low", "RUT was 10.06 % below its 52-week high on 2025-08-08",
         r"{A} (?:(?:closed|stood) )?{N} (?:below|above|under|over|off|from) 52-week (?P<side>high|low)", away),
    form("new 52-week high or low", "RUT made a new 52-week high on 2024-11-25",
         rf"{{A}} {_MADE}(?P<new>(?:new|fresh) )?52-week (?P<side>high|low)(?(new)(?: {{P}})?)", new_extreme,
         searches=True),
    form("52-week high or low", "the 52-week high of RUT was 2466.49 on 2025-08-08",
         r"{A} 52-week (?P<side>high|low) {P}", bound),
)  # fmt: skip
