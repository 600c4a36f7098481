"""Claims of a level: closed above or below it, broke it, reached it, failed at it, not seen since; and of averages."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..analytics.returns import percent
from ..bars import Floats
from ..model.claim import Figure, Part, Reading
from .grammar import ClaimError, form
from .judging import Ask, part, single
from .legs import LackingError, Leg
from .when import span_of

SLOPE = 20
"""Sessions over which the slope of an average is taken."""
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Line:
    """A level and the side a claim puts the price on."""

    level: float
    above: bool

    def beyond(self, prices: Floats) -> Flags:
        """Where prices are strictly on the claimed side."""
        return prices > self.level if self.above else prices < self.level

    @property
    def words(self) -> str:
        """The side and the level: ``above 2565``."""
        return f"{'above' if self.above else 'below'} {self.level:,.10g}"


def _line(ask: Ask) -> Line:
    side = ask.words.get("side") or "above"
    return Line(_level(ask), side in ("above", "over", ">", ">=", "through"))


def _level(ask: Ask) -> float:
    level = float(ask.words["n"] or 0)
    if level <= 0:
        raise ClaimError("a level is a price above 0")
    if ask.words.get("n_unit") == "%" and any(one.kind != "yield" for one in ask.named("a")):
        raise ClaimError("a level is a price; only a yield's is in percent")
    return level


def closed_beyond(ask: Ask) -> list[Part]:
    """A close above or below a level: on a day, on any session of a period, or as of a day and before it."""
    line = _line(ask)

    def judge(leg: Leg) -> Part:
        if ask.when.as_of is not None and ask.when.span is None and ask.when.since is None:
            return _as_of(ask, leg, line)
        stretch = ask.stretch(leg)
        every = (ask.words.get("verb") or "") in ("stayed", "held", "remained")
        return part(leg.short, [_any_close(leg, line, stretch.first, stretch.last, every=every)])

    return ask.parts("a", judge)


def _as_of(ask: Ask, leg: Leg, line: Line) -> Part:
    """Two ways to read it: the close of that day, and any close of its month so far."""
    last = ask.legs.last(leg)
    month = span_of(leg.day(last), "month")
    first = int(np.searchsorted(leg.bars.days, np.datetime64(month.first)))
    then = _any_close(leg, line, last, last)
    return part(leg.short, [then, _any_close(leg, line, first, last)])


def _any_close(leg: Leg, line: Line, first: int, last: int, *, every: bool = False) -> Reading:
    closes = leg.bars.close[first : last + 1]
    beyond = np.flatnonzero(line.beyond(closes)) + first
    figures = [
        leg.price("close", leg.close(last), last),
        leg.figure("from the level", percent(leg.close(last), line.level), "percent", last),
    ]
    if last > first:
        index = first + int(np.argmax(closes) if line.above else np.argmin(closes))
        figures.append(leg.price(f"{'highest' if line.above else 'lowest'} close", leg.close(index), index))
        figures.append(leg.figure(f"closes {line.words}", len(beyond), "count", first, last))
    figures += [leg.price(f"close {line.words}", leg.close(int(index)), int(index)) for index in beyond[:6]]
    named = f"{'every' if every else 'a'} close of the sessions" if last > first else "the close of the session"
    holds = len(beyond) == len(closes) if every else len(beyond) > 0
    return Reading(definition=f"{named} {line.words}", holds=holds, figures=tuple(figures), basis="close")


def traded_beyond(ask: Ask) -> list[Part]:
    """A high above, or a low below, a level."""
    line = _line(ask)

    def judge(leg: Leg) -> Part:
        stretch = ask.stretch(leg)
        column = leg.bars.high if line.above else leg.bars.low
        prices = column[stretch.first : stretch.last + 1]
        index = stretch.first + int(np.argmax(prices) if line.above else np.argmin(prices))
        name = "highest high" if line.above else "lowest low"
        figure = leg.price(name, float(column[index]), index)
        holds = bool(line.beyond(prices).any())
        return single(leg, f"the {name} {line.words}", holds, figure, basis="intraday")

    return ask.parts("a", judge)


def broke(ask: Ask) -> list[Part]:
    """The session before closed on one side of a level; the price then went to the other."""
    line = _line(ask)

    def judge(leg: Leg) -> Part:
        stretch = ask.stretch(leg)
        first = max(1, stretch.first)
        before = ~line.beyond(leg.bars.close[first - 1 : stretch.last])
        extreme = leg.bars.high if line.above else leg.bars.low

        def read(name: str, prices: Floats) -> Reading:
            crossed = np.flatnonzero(before & line.beyond(prices[first : stretch.last + 1])) + first
            figures = [leg.price("close before", leg.close(first - 1), first - 1)]
            label = "close" if name == "close" else "high" if line.above else "low"
            shown = crossed if len(crossed) else [stretch.last]
            figures += [leg.price(label, float(prices[index]), int(index)) for index in shown[:6]]
            definition = f"the {label} {line.words} after a close that was not"
            return Reading(definition=definition, holds=len(crossed) > 0, figures=tuple(figures), basis=name)

        readings = [read("close", leg.bars.close), read("intraday", extreme)]
        return part(leg.short, [one for one in readings if ask.basis in ("", one.basis)])

    return ask.parts("a", judge)


def reached(ask: Ask) -> list[Part]:
    """A session whose range held the level, or that leapt over it."""
    level = _level(ask)

    def judge(leg: Leg) -> Part:
        stretch = ask.stretch(leg)
        within = slice(stretch.first, stretch.last + 1)
        touched = np.flatnonzero((leg.bars.low[within] <= level) & (leg.bars.high[within] >= level)) + stretch.first
        figures = [leg.figure("sessions", len(touched), "count", stretch.first, stretch.last)]
        for name, column in (("high", leg.bars.high), ("low", leg.bars.low)):
            index = int(touched[0]) if len(touched) else stretch.last
            figures.append(leg.price(name, float(column[index]), index))
        return single(leg, "low <= level <= high on a session", len(touched) > 0, *figures, basis="intraday")

    return ask.parts("a", judge)


def failed(ask: Ask) -> list[Part]:
    """The level was touched, and the close was under it: at the end, and on every session that touched it."""
    level = _level(ask)

    def judge(leg: Leg) -> Part:
        stretch = ask.stretch(leg)
        within = slice(stretch.first, stretch.last + 1)
        touched = np.flatnonzero(leg.bars.high[within] >= level) + stretch.first
        over = np.flatnonzero(leg.bars.close[within] > level) + stretch.first
        ended = leg.close(stretch.last)
        at_end = [leg.price("last close", ended, stretch.last)]
        at_end += [leg.price("high", float(leg.bars.high[index]), int(index)) for index in touched[:3]]
        holds = len(touched) > 0 and ended < level
        readings = [Reading(definition="touched, and closed under it at the end", holds=holds, figures=tuple(at_end))]
        if stretch.last > stretch.first:
            figures = [leg.figure("closes above", len(over), "count", stretch.first, stretch.last)]
            figures += [leg.price("close above", leg.close(int(index)), int(index)) for index in over[:3]]
            never = len(touched) > 0 and not len(over)
            readings.append(
                Reading(definition="touched, and never closed over it", holds=never, figures=tuple(figures))
            )
        return part(leg.short, readings)

    return ask.parts("a", judge)


def not_seen_since(ask: Ask) -> list[Part]:
    """The last session before the claim's day that reached a level was in the time that is named."""
    level, since = _level(ask), ask.when.since

    def judge(leg: Leg) -> Part:
        last = ask.legs.last(leg)
        highest = int(np.argmax(leg.bars.high[: last + 1]))
        top = leg.price("highest high before", float(leg.bars.high[highest]), highest)
        there = np.flatnonzero(leg.bars.high[: last + 1] >= level)
        figures: list[Figure] = [top]
        if len(there):
            figures.append(leg.price("last there", float(leg.bars.high[there[-1]]), int(there[-1])))
        day = leg.day(int(there[-1])) if len(there) else None
        holds = day is not None and (since is None or since.first <= day <= since.last)
        definition = "the last session with a high at the level or over it"
        return single(leg, definition if len(there) else f"{definition}: never reached", holds, *figures)

    return ask.parts("a", judge)


def against_average(ask: Ask) -> list[Part]:
    """The close against a simple average of closes."""
    claimed, line_above = ask.claimed(), ask.words["side"] in ("above", "over")
    length = int(ask.words["days"] or 0)

    def judge(leg: Leg) -> Part:
        last = ask.stretch(leg).last
        average = sma_at(leg, length, last)
        away = percent(leg.close(last), average)
        shown = away if line_above else -away
        holds = shown > 0 and (claimed is None or claimed.holds(shown))
        figures = (
            leg.figure("from the average", away, "percent", last),
            leg.price(f"{length}-day average", average, last),
            leg.price("close", leg.close(last), last),
        )
        return single(leg, f"close against the mean of the last {length} closes", holds, *figures)

    return ask.parts("a", judge)


def sma_at(leg: Leg, length: int, index: int) -> float:
    """The mean of the closes up to an index. Raises LackingError where there are too few."""
    if length < 1 or index + 1 < length:
        raise LackingError(f"{leg.short} has no {length} closes up to {leg.day(max(0, index))}")
    return float(np.mean(leg.bars.close[index + 1 - length : index + 1]))


def slopes(ask: Ask) -> list[Part]:
    """An average now against itself 20 sessions ago."""
    lengths = [int(ask.words[name] or 0) for name in ("days", "days2") if ask.words.get(name)]
    down = (ask.words.get("verb") or "").startswith(("fall", "down"))
    judges: list[Callable[[Leg], Part]] = [_slope(ask, length, down=down) for length in lengths]
    return [found for judge in judges for found in ask.parts("a", judge)]


def _slope(ask: Ask, length: int, *, down: bool) -> Callable[[Leg], Part]:
    def judge(leg: Leg) -> Part:
        last = ask.stretch(leg).last
        if last < SLOPE:
            raise LackingError(f"{leg.short} has no {SLOPE} sessions before {leg.day(last)}")
        before, now = sma_at(leg, length, last - SLOPE), sma_at(leg, length, last)
        figures = (
            leg.figure(f"slope of the {length}-day average", percent(now, before), "percent", last - SLOPE, last),
            leg.price("average before", before, last - SLOPE),
            leg.price("average", now, last),
        )
        holds = now < before if down else now > before
        return single(leg, f"the average against itself {SLOPE} sessions before", holds, *figures)

    return judge


_SIDE = r"(?P<side>above|below|over|under|>=?|<=?)"
_LEVEL = r"(?P<n>\d+(?:\.\d+)?)(?: (?P<n_unit>points|%))?"
_THROUGH = r"(?P<side>above|below|over|under|>|<|through)"
FORMS = (
    form("close against an average", "RUT closed 5.55 % above its 50-day average on 2026-01-09",
         r"{A} (?:(?:closed|traded|stood|stayed|held|remained|ended) )?(?:{N} )?(?P<side>above|below|over|under) "
         r"(?P<days>\d+)-day average", against_average),
    form("slope of averages", "the 50- and 200-day averages of RUT slope up on 2024-11-29",
         r"{A} (?P<days>\d+)-day(?: average)?(?: and (?P<days2>\d+)-day)?(?: averages?)? "
         r"(?:(?:slopes?|sloped|sloping|pointing|point) )?(?P<verb>up|higher|rise|rising|rose|down|fall|falling|fell)",
         slopes),
    form("break of a level", "RUT broke below 2440 on 2025-09-24",
         rf"{{A}} (?:broke|broken|breaks|rose|fell|crossed|moved|slipped|dropped|climbed|went)(?: (?:back|down|up))? "
         rf"{_THROUGH} {_LEVEL}", broke, searches=True),
    form("traded beyond a level", "RUT traded above 2540 on 2025-10-15",
         rf"{{A}} traded {_SIDE} {_LEVEL}", traded_beyond, searches=True),
    form("close against a level", "RUT closed above 2565 in December 2025",
         rf"{{A}} (?:(?P<verb>closed?|ended|stood|stayed|held|remained|finished) )?(?:back )?{_SIDE} {_LEVEL}",
         closed_beyond, searches=True),
    form("level failed", "HSI failed at 25,000 in the week of 2025-08-04",
         rf"{{A}} (?:failed|fails|stalled|turned back|rejected)(?: (?:below|near|under|<))? ?{_LEVEL}", failed),
    form("level not seen since", "RUT had not seen 2565 since 2021 as of 2025-12-01",
         rf"{{A}} not (?:(?:seen|traded|closed|stood|reached) )?(?:(?:above|over|>) )?{_LEVEL}", not_seen_since),
    form("level reached", "RUT reached 2500 on 2025-10-14",
         rf"{{A}} (?:reached|touched|tested|retested|hit|topped) {_LEVEL}", reached, searches=True),
)  # fmt: skip
