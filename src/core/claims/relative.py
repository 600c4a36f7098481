"""Claims of one instrument against another: lagged, led, the widest since, twice as much, opposite ways."""

from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np
import numpy.typing as npt

from ..analytics.momentum import realised_volatility
from ..analytics.weekly import MONTH
from ..bars import Bars, Days, Floats
from ..model.claim import Figure, Part, Reading
from ..model.instrument import Instrument
from .changes import in_unit, moved
from .grammar import ClaimError, form
from .judging import Ask, Claimed, part, single
from .legs import LackingError, Leg, Stretch
from .moves import DOWN, UP, VERB, Move, moves

WINDOWS = {"day": (1260, 252), "week": (260, 104), "month": (360, 60), "quarter": (120, 40), "year": (100, 10)}
"""How many earlier periods a spread is ranked among, and the fewest."""
ORDINARY = (10.0, 90.0)
"""Percentiles between which a spread is an ordinary one."""
LOG_RETURNS = "standard deviation of daily log returns times the root of 252"
SIMPLE_RETURNS = "standard deviation of daily simple returns times the root of 252"
LEAST_CHANGES, A_YEAR = 20, 252
_DTYPES = {"day": "D", "week": "W", "month": "M", "quarter": "M", "year": "Y"}


Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Spreads:
    """Change of the one less change of the other over every period of both, oldest first, in percentage points.

    `period` numbers the periods; the last is the one in question.
    """

    unit: str
    period: Numbers
    values: Floats

    def rank(self) -> float | None:
        """The percentile of the last among those before it, signed; None with too few."""
        window, least = WINDOWS[self.unit]
        past = self.values[:-1][-window:]
        below = int(np.count_nonzero(past < self.values[-1]))
        return 100.0 * below / len(past) if len(past) >= least else None

    def last_session(self, leg: Leg, index: int) -> int:
        """The last session of a leg in the period at an index."""
        return int(np.count_nonzero(period_numbers(leg.bars.days, self.unit) <= self.period[index])) - 1


def spreads(one: Bars, other: Bars, unit: str) -> Spreads:
    """The spread of every period of which both have this close and the one before."""
    (numbers, changes), (others, other_changes) = (_changes(bars, unit) for bars in (one, other))
    common, at, other_at = np.intersect1d(numbers, others, return_indices=True)
    return Spreads(unit, common, changes[at] - other_changes[other_at])


def _changes(bars: Bars, unit: str) -> tuple[Numbers, Floats]:
    numbers = period_numbers(bars.days, unit)
    ends = np.flatnonzero(np.r_[numbers[1:] != numbers[:-1], True])
    closes, days = bars.close[ends], bars.days[ends]
    near = np.diff(days) <= MONTH if unit in ("day", "week") else np.diff(numbers[ends]) == 1
    return numbers[ends][1:][near], (100.0 * (closes[1:] - closes[:-1]) / closes[:-1])[near]


def period_numbers(days: Days, unit: str) -> Numbers:
    """A number for the day, ISO week, month, quarter or year of each session; years are themselves."""
    if unit == "week":
        return (days.astype(np.int64) + 3) // 7
    numbers = days.astype(f"datetime64[{_DTYPES[unit]}]").astype(np.int64)
    return numbers // 3 if unit == "quarter" else numbers + 1970 * (unit == "year")


def led(ask: Ask) -> list[Part]:
    """Whether, and by how much, each subject did better (or worse) than each reference."""
    sign = -1 if ask.words.get("behind") else 1
    claimed = ask.claimed()
    found = [_pair(ask, one, other, sign, claimed) for one, other in _pairs(ask)]
    if ask.words.get("widest"):
        found += [_widest(ask, one, other, sign) for one, other in _pairs(ask)]
    return found


def _pairs(ask: Ask) -> list[tuple[Instrument, Instrument]]:
    """Each subject with each reference."""
    pairs = list(product(ask.named("a"), ask.named("b")))
    same = next((one.short for one, other in pairs if one == other), None)
    if same is not None:
        raise ClaimError(f"{same} cannot be held against itself")
    return pairs


def _pair(ask: Ask, one: Instrument, other: Instrument, sign: int, claimed: Claimed | None) -> Part:
    def judge(leg: Leg) -> Part:
        reference = ask.leg(other)
        readings = [_spread(ask, leg, reference, pair, sign, claimed) for pair in _both(ask, leg, reference)]
        return part(f"{leg.short} against {reference.short}", readings, number=claimed is not None)

    return ask.part(one, judge)


def _both(ask: Ask, leg: Leg, reference: Leg) -> list[tuple[Move, Move]]:
    """The changes of both by each definition that both have. Raises LackingError where days do not match."""
    _comparable(ask, leg, reference)
    stretch, other = ask.stretch(leg), ask.stretch(reference)
    if stretch.unit == "day" and leg.day(stretch.last) != reference.day(other.last):
        days = f"{leg.day(stretch.last)} and {reference.day(other.last)}"
        raise LackingError(f"{leg.short} and {reference.short} have no common session: {days}")
    theirs = {move.basis: move for move in moves(reference, other, ask.basis)}
    return [(move, theirs[move.basis]) for move in moves(leg, stretch, ask.basis) if move.basis in theirs]


def _comparable(ask: Ask, leg: Leg, reference: Leg) -> None:
    kinds = {one.short: one.instrument.kind for one in (leg, reference)}
    if "yield" in kinds.values():
        raise ClaimError("a yield moves in basis points: there is no spread of returns with it")
    if len(set(kinds.values())) > 1:
        named = ", ".join(f"{short} is a{'n' * (kind == 'index')} {kind}" for short, kind in kinds.items())
        ask.say(f"{named}: compared by price, without dividends")


def _spread(ask: Ask, leg: Leg, reference: Leg, pair: tuple[Move, Move], sign: int, claimed: Claimed | None) -> Reading:
    own, other = pair
    spread = own.percent - other.percent
    holds = spread * sign > 0 and (claimed is None or claimed.holds(spread * sign))
    label = f"{leg.short} less {reference.short}"
    figures = [Figure(label=label, value=spread, unit="pp", start=own.start, end=own.end)]
    figures += [own.figure(leg.short), other.figure(reference.short)]
    unit = ask.stretch(leg).unit
    if own.standard and unit in WINDOWS:
        figures += _ranked(ask, leg, reference, unit)
    if unit == "dates":
        ratio = 100.0 * ((1 + own.percent / 100) / (1 + other.percent / 100) - 1)
        figures.append(Figure(label=f"{leg.short}/{reference.short}", value=ratio, unit="percent", end=own.end))
    return Reading(
        definition=own.definition, holds=holds, figures=tuple(figures), basis=own.basis, standard=own.standard
    )


def _ranked(ask: Ask, leg: Leg, reference: Leg, unit: str) -> list[Figure]:
    past = spreads(leg.bars, reference.bars, unit)
    rank = past.rank()
    if rank is None:
        return []
    count = min(len(past.values) - 1, WINDOWS[unit][0])
    if ORDINARY[0] <= rank <= ORDINARY[1]:
        ask.say(f"{leg.short} against {reference.short}: an ordinary {unit}, inside the middle four fifths of {count}")
    return [Figure(label=f"percentile among {count} {unit}s before", value=rank, unit="percentile")]


def _widest(ask: Ask, one: Instrument, other: Instrument, sign: int) -> Part:
    """Whether the spread is the widest since a year: wider than all between, and not than that year's."""

    def judge(leg: Leg) -> Part:
        reference, since = ask.leg(other), ask.when.since
        stretch = ask.stretch(leg)
        if stretch.unit not in WINDOWS:
            raise LackingError("a widest spread needs a day, week, month, quarter or year")
        past = spreads(leg.bars, reference.bars, stretch.unit)
        wider = np.flatnonzero(past.values[:-1] * sign >= past.values[-1] * sign)
        figures = _between(leg, past, int(wider[-1]) if len(wider) else None, sign)
        found = leg.day(past.last_session(leg, int(wider[-1]))) if len(wider) else None
        holds = found is None or since is None or since.first <= found <= since.last
        label = f"widest of {leg.short} against {reference.short}"
        return part(label, [Reading(definition="the last earlier one as wide", holds=holds, figures=tuple(figures))])

    return ask.part(one, judge)


def _between(leg: Leg, past: Spreads, wider: int | None, sign: int) -> list[Figure]:
    """The spread, the last one as wide, and the widest between the two."""

    def figure(label: str, index: int) -> Figure:
        return leg.figure(label, float(past.values[index]) * sign, "pp", past.last_session(leg, index))

    found = [figure("spread", len(past.values) - 1)]
    start = 0 if wider is None else wider + 1
    if wider is not None:
        found.append(figure("last as wide", wider))
    if start < len(past.values) - 1:
        found.append(figure("widest between", start + int(np.argmax(past.values[start:-1] * sign))))
    return found


def doubled(ask: Ask) -> list[Part]:
    """The ratio of two changes."""
    word = ask.words.get("times") or "2"
    times = float({"double": "2", "twice": "2", "triple": "3", "half": "0.5"}.get(word, word))
    claimed = Claimed(times, ask.words.get("times_how") or "~", half=0.05)
    ask.tolerance = claimed.told()

    def against(other: Instrument, leg: Leg) -> Part:
        reference = ask.leg(other)
        (own, theirs), *_ = _both(ask, leg, reference)
        if theirs.percent == 0:
            raise LackingError(f"{reference.short} did not move: there is no ratio")
        ratio = own.percent / theirs.percent
        figure = Figure(label=f"{leg.short} over {reference.short}", value=ratio, unit="ratio", end=own.end)
        figures = (figure, own.figure(leg.short), theirs.figure(reference.short))
        holds = claimed.holds(ratio) and own.percent > 0
        reading = Reading(definition=f"ratio of two changes {own.definition}", holds=holds, figures=figures)
        return part(f"{leg.short} against {reference.short}", [reading])

    return [ask.part(one, partial(against, other)) for one, other in _pairs(ask)]


def opposite(ask: Ask) -> list[Part]:
    """Some moved one way, and others another."""
    others = moved(ask, "b", ask.words.get("verb2") or "", in_unit(ask, "b", ask.claimed("m")))
    return [*moved(ask, "a", ask.words.get("verb") or "", in_unit(ask, "a", ask.claimed())), *others]


def volatile(ask: Ask) -> list[Part]:
    """The larger standard deviation of daily changes."""

    def against(other: Instrument, leg: Leg) -> Part:
        reference = ask.leg(other)
        own, theirs = (volatility(ask, one) for one in (leg, reference))
        figures = (own, theirs)
        holds = (own.value or 0.0) > (theirs.value or 0.0)
        return single(leg, LOG_RETURNS, holds, *figures)

    return [ask.part(one, partial(against, other)) for one, other in _pairs(ask)]


def volatility(ask: Ask, leg: Leg, *, log: bool = True) -> Figure:
    """Realised volatility of a leg over the claim's span, or the last 252 sessions; of log or simple returns."""
    stretch = ask.stretch(leg)
    span = stretch if stretch.unit in ("dates", "year", "quarter") else Stretch("dates", None, 0, stretch.last)
    first = span.base if span.base is not None else max(0, span.last - A_YEAR)
    closes = leg.bars.close[first : span.last + 1]
    # log returns of this product are the simple returns of the closes
    value = realised_volatility(closes if log else np.exp(np.r_[0.0, np.cumsum(np.diff(closes) / closes[:-1])]))
    if value is None or span.last - first < LEAST_CHANGES:
        raise LackingError(f"{leg.short} has too few sessions for a volatility")
    return leg.figure(f"{leg.short} volatility", value, "share", first, span.last)


_AHEAD = r"led|leads?|leading|outperformed|outperforms|outperforming|beat|beats|outpaced|ahead|outdid|better than"
_BEHIND = r"lagged|lags?|lagging|underperformed|underperforms|trailed|trails|behind|worse than"
_WIDEST = r"(?P<widest>,? ?(?:widest|most|largest|biggest)(?: (?:gap|margin|lead|since))*)?"
_TIMES = r"(?:(?P<times_how>~|>|>=|<) ?)?(?P<times>double|twice|triple|half|\d+(?:\.\d+)?)(?: times)?"
FORMS = (
    form("against another", "RUT lagged SPX in the week of 2025-08-04",
         rf"{{A}} (?:(?:ended|finished|closed) )?(?:(?:{_AHEAD})|(?P<behind>{_BEHIND})) {{B}}(?: {{N}})?{_WIDEST}",
         led),
    form("multiple of a change", "the return of RUT was almost double that of SPX in November 2024",
         rf"{{A}} (?:returns?|gains?|gained|rose|returned)? ?{_TIMES}(?: (?:as )?much as)? {{B}}(?: (?:gain|return))?",
         doubled),
    form("opposite ways", "RUT fell while SPX and DJIA rose over 0.50 % on 2025-10-17",
         rf"{{A}} {VERB}(?: {{N}})?,? (?:while|but|as|when|though|and) {{B}} "
         rf"(?:(?:closed|ended) )?(?P<verb2>{UP}|{DOWN})(?: {{M}})?", opposite),
    form("more volatile", "RUT is more volatile than SPX since 1987-09-10",
         r"{A} more volatile than {B}", volatile),
)  # fmt: skip
