"""Claims of records: made, not made, their price and date, the distance from them, and the time between them.

Each is judged on both bases, the intraday record and the record close, unless the claim names one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from ..analytics.momentum import atr
from ..analytics.records import peak
from ..analytics.returns import percent
from ..bars import Floats
from ..model.claim import Figure, Part, Reading
from .grammar import form, with_unit
from .judging import Ask, Claimed, part
from .legs import BeyondError, LackingError, Leg
from .when import Span

NEAR = 0.25
"""Average true ranges."""
BASES = ("intraday", "close")
FIRST_YEAR, LONGEST_DROUGHT = 1900, 60
"""Whole numbers from the first year on may be a year; a record that is older than so many years is not known."""
DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
MEANING = {"intraday": "the highest high so far", "close": "the highest close so far"}


@dataclass(frozen=True)
class Course:
    """The records of a leg on one basis: `made` marks the sessions that set a new one (strictly higher)."""

    leg: Leg
    basis: str
    prices: Floats
    made: npt.NDArray[np.bool_]

    def last(self, upto: int) -> int:
        """The last session up to an index that reached the record; one that matches it counts."""
        return peak(self.prices[: upto + 1], self.leg.bars).index

    def newest(self, upto: int) -> int:
        """The session up to an index that set the record."""
        return int(np.flatnonzero(self.made[: upto + 1])[-1])

    def before(self, index: int) -> int:
        """The session that set the record before the session at an index. Raises LackingError."""
        if index < 1:
            raise LackingError(f"{self.leg.short} has no record before {self.leg.day(index)}")
        return self.newest(index - 1)

    def record(self, label: str, index: int) -> Figure:
        """The record that a session set."""
        return self.leg.price(label, float(self.prices[index]), index)

    def gap(self, start: int, end: int) -> tuple[Figure, Figure]:
        """Sessions and days between two sessions."""
        leg = self.leg
        days = (leg.day(end) - leg.day(start)).days
        return leg.figure("sessions", end - start, "sessions", start, end), leg.figure("days", days, "days", start, end)


def course(leg: Leg, basis: str) -> Course:
    """All records of a leg; its first session sets the first."""
    prices = leg.bars.high if basis == "intraday" else leg.bars.close
    top = np.maximum.accumulate(prices)
    return Course(leg, basis, prices, np.r_[True, prices[1:] > top[:-1]])


def on_bases(ask: Ask, leg: Leg, read: Callable[[Course], Reading], *, number: bool = False) -> Part:
    """A reading on each basis the claim leaves open."""
    if not leg.instrument.has_record:
        raise BeyondError(f"{leg.short} is a {leg.instrument.kind}: its highs are no records")
    if leg.instrument.kind == "future":
        ask.say(f"{leg.short} is a future: a contract roll can look like a record")
    ask.say(f"all time is as long as the bars: {leg.short} since {leg.day(0)}")
    chosen = [ask.basis] if ask.basis in BASES else list(BASES)
    return part(leg.short, [read(course(leg, basis)) for basis in chosen], number=number)


def _reading(one: Course, holds: bool, definition: str, *figures: Figure) -> Reading:
    return Reading(definition=definition, holds=holds, figures=figures, basis=one.basis)


def made(ask: Ask) -> list[Part]:
    """A new record within the claim's sessions, of the price that is claimed."""
    claimed = ask.claimed(price=True)

    def judge(leg: Leg) -> Part:
        stretch = ask.stretch(leg)

        def read(one: Course) -> Reading:
            fresh = np.flatnonzero(one.made[stretch.first : stretch.last + 1]) + stretch.first
            top = stretch.first + int(np.argmax(one.prices[stretch.first : stretch.last + 1]))
            price = float(one.prices[top])
            old = one.before(stretch.first)
            holds = len(fresh) > 0 and _as_claimed(claimed, price, leg.day(old))
            margin = leg.figure("above the old record", percent(price, float(one.prices[old])), "percent", old, top)
            name = "high" if one.basis == "intraday" else "highest close"
            figures = (leg.price(name, price, top), one.record("old record", old), margin)
            return _reading(one, holds, f"a record is {MEANING[one.basis]}, strictly higher", *figures)

        return on_bases(ask, leg, read)

    return ask.parts("a", judge)


def _as_claimed(claimed: Claimed | None, price: float, old: date) -> bool:
    """Whether it is the record that is claimed: by its price, or ("its record of 2021") by the old one's year."""
    if claimed is None:
        return True
    is_year = claimed.value.is_integer() and FIRST_YEAR <= claimed.value <= old.year + LONGEST_DROUGHT
    if is_year and abs(claimed.value - price) > 0.05 * price:
        return old.year == int(claimed.value)
    return claimed.holds(price, price=True)


def none_since(ask: Ask) -> list[Part]:
    """No new record since a day, or for a length of time."""

    def judge(leg: Leg) -> Part:
        last = ask.legs.last(leg)

        def read(one: Course) -> Reading:
            newest = one.newest(last)
            holds = _none_since(ask, leg, newest, last)
            return _reading(one, holds, MEANING[one.basis], one.record("record", newest), *one.gap(newest, last))

        return on_bases(ask, leg, read)

    return ask.parts("a", judge)


def _none_since(ask: Ask, leg: Leg, newest: int, last: int) -> bool:
    if ask.words.get("length"):
        return _length(ask, leg, newest, last) >= float(ask.words.get("count") or 1)
    since = ask.when.since
    if since is None:
        return newest < ask.stretch(leg).first
    return leg.day(newest) <= _end(ask, leg, since)


def _end(ask: Ask, leg: Leg, since: Span) -> date:
    return max(since.last, leg.day(ask.legs.session(leg, since.last)))


def _length(ask: Ask, leg: Leg, start: int, end: int) -> float:
    """The time between two sessions in the claim's own unit."""
    unit = ask.words.get("length") or "days"
    if unit.startswith("session"):
        return float(end - start)
    return (leg.day(end) - leg.day(start)).days / DAYS[unit.rstrip("s")]


def first(ask: Ask) -> list[Part]:
    """The first record since a day, or in a length of time, set within the claim's sessions."""

    def judge(leg: Leg) -> Part:
        stretch = ask.legs.stretch(leg)

        def read(one: Course) -> Reading:
            fresh = np.flatnonzero(one.made[stretch.first : stretch.last + 1]) + stretch.first
            old = one.before(stretch.first)
            definition = f"a record is {MEANING[one.basis]}, strictly higher"
            if not len(fresh):
                gap = one.gap(old, stretch.last)
                return _reading(one, False, f"{definition}; none was set", one.record("record", old), *gap)
            new = int(fresh[0])
            holds = _first_in(ask, leg, old, new)
            figures = (one.record("new record", new), one.record("old record", old), *one.gap(old, new))
            return _reading(one, holds, definition, *figures)

        return on_bases(ask, leg, read)

    return ask.parts("a", judge)


def _first_in(ask: Ask, leg: Leg, old: int, new: int) -> bool:
    if ask.words.get("length"):
        return _length(ask, leg, old, new) >= float(ask.words.get("count") or 1)
    since = ask.when.since
    return since is not None and since.first <= leg.day(old) <= since.last


def value(ask: Ask) -> list[Part]:
    """The price of the record, and the session that set it."""
    claimed = ask.claimed(price=True)
    dated = ask.when.span if ask.when.as_of is not None else None

    def judge(leg: Leg) -> Part:
        last = ask.legs.last(leg)

        def read(one: Course) -> Reading:
            newest = one.last(last)
            holds = claimed is None or claimed.holds(float(one.prices[newest]), price=True)
            if dated is not None:
                holds = holds and dated.first <= leg.day(newest) <= dated.last
            return _reading(one, holds, MEANING[one.basis], one.record("record", newest))

        return on_bases(ask, leg, read)

    return ask.parts("a", judge)


def distance(ask: Ask) -> list[Part]:
    """How far the close stands under the record, in percent or points."""
    claimed = ask.claimed()

    def judge(leg: Leg) -> Part:
        last = ask.legs.last(leg)

        def read(one: Course) -> Reading:
            newest = one.last(last)
            record, close = float(one.prices[newest]), leg.close(last)
            below, points = -percent(close, record), record - close
            holds = below > 0 if claimed is None else _met(claimed, below, points)
            figures = (
                leg.figure("below the record", below, "share", newest, last),
                leg.figure("below the record", points, "points", newest, last),
                leg.figure("to recover", percent(record, close), "percent", last),
                one.record("record", newest),
                one.gap(newest, last)[0],
            )
            return _reading(one, holds, f"the close against {MEANING[one.basis]}", *figures)

        return on_bases(ask, leg, read)

    return ask.parts("a", judge)


def _met(claimed: Claimed, share: float, points: float) -> bool:
    with_unit(claimed)
    return claimed.holds(points if claimed.unit == "points" else share)


def within(ask: Ask) -> list[Part]:
    """The close under the record by no more than is claimed."""
    claimed = ask.claimed()
    assert claimed is not None

    def judge(leg: Leg) -> Part:
        last = ask.legs.last(leg)

        def read(one: Course) -> Reading:
            newest = one.last(last)
            below = -percent(leg.close(last), float(one.prices[newest]))
            figures = (leg.figure("below the record", below, "share", newest, last), one.record("record", newest))
            return _reading(one, below <= claimed.value, f"the close against {MEANING[one.basis]}", *figures)

        return on_bases(ask, leg, read)

    return ask.parts("a", judge)


def retested(ask: Ask) -> list[Part]:
    """A price within a quarter of an average range of the record before it, or over it."""

    def judge(leg: Leg) -> Part:
        stretch = ask.stretch(leg)
        near = NEAR * float(atr(leg.bars)[stretch.last])

        def read(one: Course) -> Reading:
            old = one.before(stretch.first)
            top = stretch.first + int(np.argmax(one.prices[stretch.first : stretch.last + 1]))
            price, record = float(one.prices[top]), float(one.prices[old])
            figures = (
                leg.figure("over the old record", price - record, "points", old, top),
                leg.price("price", price, top),
                one.record("old record", old),
            )
            definition = f"within {NEAR:g} ATR(14) of {MEANING[one.basis]} before, or over it"
            return _reading(one, price >= record - near, definition, *figures)

        return on_bases(ask, leg, read)

    return ask.parts("a", judge)


def age(ask: Ask) -> list[Part]:
    """How long ago the record was set."""

    def judge(leg: Leg) -> Part:
        last = ask.legs.last(leg)

        def read(one: Course) -> Reading:
            newest = one.last(last)
            holds = _counted(ask, _length(ask, leg, newest, last))
            return _reading(one, holds, MEANING[one.basis], one.record("record", newest), *one.gap(newest, last))

        return on_bases(ask, leg, read)

    return ask.parts("a", judge)


def _counted(ask: Ask, length: float) -> bool:
    how = ask.words.get("count_how") or "="
    return Claimed(float(ask.words.get("count") or 0), how, half=0.5).holds(length)


def drought(ask: Ask) -> list[Part]:
    """The time without a record that the claim's sessions ended, or that still ran."""

    def judge(leg: Leg) -> Part:
        last = ask.stretch(leg).last

        def read(one: Course) -> Reading:
            over = bool(one.made[last])
            start = one.before(last)
            holds = _counted(ask, _length(ask, leg, start, last))
            years = leg.figure("years", (leg.day(last) - leg.day(start)).days / DAYS["year"], "years", start, last)
            name = "between two records" if over else "since the record, still running"
            return _reading(one, holds, f"{name}: {MEANING[one.basis]}", *one.gap(start, last), years)

        return on_bases(ask, leg, read)

    return ask.parts("a", judge)


def margin(ask: Ask) -> list[Part]:
    """How far a session's price went over the record before it."""
    claimed = ask.claimed()

    def judge(leg: Leg) -> Part:
        last = ask.stretch(leg).last

        def read(one: Course) -> Reading:
            old = one.before(last)
            now, record = float(one.prices[last]), float(one.prices[old])
            above, points = percent(now, record), now - record
            holds = above > 0 if claimed is None else _met(claimed, above, points)
            figures = (
                leg.figure("above the old record", above, "percent", old, last),
                leg.figure("above the old record", points, "points", old, last),
                one.record("old record", old),
            )
            return _reading(one, holds, f"against {MEANING[one.basis]} the session before", *figures)

        return on_bases(ask, leg, read)

    return ask.parts("a", judge)


_MADE = r"(?:(?:made|makes?|set|sets|hit|hits|reached|posted|closed|printed|notched|scored|saw|broke) )?"
_NEW = r"(?:(?:new|fresh|another) )*"
_LENGTH = r"(?P<count>\d+)-? ?(?P<length>years?|months?|weeks?|sessions?|days?)"
_COUNT = rf"(?:(?P<count_how>~|>=|<=|>|<) ?)?{_LENGTH}"
_NO = r"(?:not|never|without|no)"
FORMS = (
    form("first record in a time", "RUT made its first record close in three years on 2025-09-18",
         rf"{{A}} {_MADE}first {_NEW}record(?: in (?:more than )?{_LENGTH})?", first, searches=True),
    form("no record since", "RUT has not made a new record since 2021-11-08 as of 2024-11-29",
         rf"{{A}} {_NO} {_MADE}{_NEW}record(?: in (?:> )?{_LENGTH})?", none_since),
    form("no record since", "RUT made no new record in 2022", rf"{{A}} {_MADE}no {_NEW}record", none_since),
    form("retest of a record", "RUT retested its record on 2024-11-25",
         r"{A} (?:retested|tested|attempted|challenged|approached) (?:(?:old|previous|prior) )?record", retested),
    form("near a record", "SPX was within 1 % of its intraday record on 2025-08-08",
         r"{A} (?:(?:closed|stood|traded) )?within {N} (?:from )?record", within),
    form("drought", "RUT went 1410 days without a record close until 2025-09-18",
         rf"{{A}} (?:(?:went|gone|waited|spent) )?{_COUNT} without {_NEW}record", drought),
    form("age of a record", "RUT closed 2 sessions after its intraday record on 2025-10-17",
         rf"{{A}} (?:closed )?{_COUNT} (?:after|since|from|past) record", age),
    form("age of a record", "the record of RUT is 2 sessions old on 2025-10-17", rf"{{A}} record {_COUNT} old", age),
    form("distance from the record", "RUT closed 3.5 % below its intraday record on 2025-10-17",
         r"{A} (?:(?:closed|stood|ended|fell) )?(?:{N} (?:lower )?(?:below|under|off|from|away from|short)|below|under)"
         r" record",
         distance),
    form("break of a record", "RUT closed 1.02 % above its old record on 2025-09-18",
         r"{A} (?:(?:closed|stood|ended|rose) )?{N} (?:above|over|past|beyond) (?:(?:old|previous|prior) )?record",
         margin),
    form("price of a record", "the record close of RUT was 2442.74 on 2021-11-08 as of 2024-11-29",
         r"{A} (?:(?:old|previous|prior) )?record(?: (?:peak|price|level|high))?"
         r"(?: (?:set|dates from|from|made|stood))?(?: {P})?",
         value),
    form("record made", "RUT made a record close on 2025-10-15", rf"{{A}} {_MADE}{_NEW}record(?: {{P}})?", made,
         searches=True),
)  # fmt: skip
