"""Claims of how a session or a week traded: near its low, its range, its prices, the gap it opened with."""

from dataclasses import replace

import numpy as np

from ..analytics.returns import opens_are_real, percent, position
from ..model.claim import Figure, Part, Reading
from .grammar import form, with_unit
from .judging import Ask, Claimed, part, single
from .legs import BeyondError, LackingError, Leg, Stretch
from .records import course
from .when import span_of

NEAR_LOW, NEAR_HIGH, NEAR_RECORD = 20.0, 80.0, 1.0
"""Percent of the range that counts as near; percent from a record that does."""
WEEKS, LEAST_WEEKS, WIDE = 260, 104, 75.0


def high_of(leg: Leg, stretch: Stretch) -> tuple[float, int]:
    """The highest high of a stretch and its session."""
    index = stretch.first + int(np.argmax(leg.bars.high[stretch.first : stretch.last + 1]))
    return float(leg.bars.high[index]), index


def low_of(leg: Leg, stretch: Stretch) -> tuple[float, int]:
    """The lowest low of a stretch and its session."""
    index = stretch.first + int(np.argmin(leg.bars.low[stretch.first : stretch.last + 1]))
    return float(leg.bars.low[index]), index


def closed_near(ask: Ask) -> list[Part]:
    """Where the close stands in the range of the session, or of the week."""
    claimed, wants_low = ask.claimed(price=True), ask.words["side"] in ("low", "bottom")

    def judge(leg: Leg) -> Part:
        stretch = ask.stretch(leg)
        (high, top), (low, bottom) = high_of(leg, stretch), low_of(leg, stretch)
        close = leg.close(stretch.last)
        found = position(close, low, high)
        if found is None:
            raise LackingError(f"{leg.short} had no range on {leg.day(stretch.last)}: high and low are one price")
        near = found <= NEAR_LOW if wants_low else found >= NEAR_HIGH
        named = claimed is None or claimed.holds(low if wants_low else high, price=True)
        figures = (
            leg.figure("close position", found, "share", stretch.last),
            leg.price("high", high, top),
            leg.price("low", low, bottom),
            leg.price("close", close, stretch.last),
            leg.figure("above the low", close - low, "points", stretch.last),
        )
        return single(leg, _near_rule(wants_low), near and named, *figures)

    return ask.parts("a", judge)


def _near_rule(low: bool) -> str:
    rule = f"at most {NEAR_LOW:g} %" if low else f"at least {NEAR_HIGH:g} %"
    return f"close position 100 (C - L) / (H - L); near the {'low' if low else 'high'}: {rule}"


def opened_near(ask: Ask) -> list[Part]:
    """The open against the record, or in the session's range."""
    side = ask.words["side"] or ""

    def judge(leg: Leg) -> Part:
        if not opens_are_real(leg.bars):
            raise LackingError(f"the opens of {leg.short} are no prices: over a tenth of them repeat the close before")
        index = ask.stretch(leg).first
        opened = float(leg.bars.open[index])
        if side in ("record", "peak"):
            return _opened_near_record(leg, index, opened)
        found = position(opened, float(leg.bars.low[index]), float(leg.bars.high[index])) or 0.0
        near = found <= NEAR_LOW if side == "low" else found >= NEAR_HIGH
        figures = (leg.figure("open position", found, "share", index), leg.price("open", opened, index))
        return single(leg, f"open position 100 (O - L) / (H - L); near: the outer {NEAR_LOW:g} %", near, *figures)

    return ask.parts("a", judge)


def _opened_near_record(leg: Leg, index: int, opened: float) -> Part:
    one = course(leg, "intraday")
    record = one.before(index)
    away = percent(opened, float(one.prices[record]))
    definition = f"the open against the highest high so far; near: within {NEAR_RECORD:g} %"
    figures = (leg.figure("from the record", away, "percent", record, index), leg.price("open", opened, index))
    return single(leg, definition, abs(away) <= NEAR_RECORD, *figures, one.record("record", record), basis="intraday")


def ranged(ask: Ask) -> list[Part]:
    """High minus low, in points or in percent of the close before."""
    claimed = ask.claimed("n") or ask.claimed("m")
    assert claimed is not None

    def judge(leg: Leg) -> Part:
        stretch = ask.stretch(leg)
        (high, top), (low, bottom) = high_of(leg, stretch), low_of(leg, stretch)
        figures = [leg.figure("range", high - low, "points", stretch.first, stretch.last)]
        share = None
        if stretch.base is not None:
            share = 100.0 * (high - low) / leg.close(stretch.base)
            figures.append(leg.figure("range", share, "share", stretch.base, stretch.last))
        holds = claimed.holds(share or 0.0) if claimed.unit == "%" else claimed.holds(high - low)
        figures += [leg.price("high", high, top), leg.price("low", low, bottom)]
        return single(leg, "high minus low; in percent: of the close before", holds, *figures)

    return ask.parts("a", judge)


def priced(ask: Ask) -> list[Part]:
    """An open, high, low or close of the claim's sessions."""
    claimed, what = ask.claimed(price=True), (ask.words["what"] or "").rstrip("ed")
    assert claimed is not None

    def judge(leg: Leg) -> Part:
        stretch = ask.stretch(leg)
        known = {
            "op": (float(leg.bars.open[stretch.first]), stretch.first, "the first open"),
            "high": (*high_of(leg, stretch), "the highest high"),
            "low": (*low_of(leg, stretch), "the lowest low"),
        }
        value, index, name = known.get(
            "op" if what.startswith("op") else what, (leg.close(stretch.last), stretch.last, "the last close")
        )
        return single(leg, f"{name} of the sessions", claimed.holds(value, price=True), leg.price(name, value, index))

    return ask.parts("a", judge)


def extreme(ask: Ask) -> list[Part]:
    """The session that made a week's (month's, year's) high or low, by highs and lows and by closes."""
    claimed, high = ask.claimed(price=True), ask.words["side"] == "high"
    unit = (ask.words["unit"] or "").removesuffix("ly")
    day = ask.when.span
    if day is not None and ask.when.as_of is None:
        ask.legs.when = replace(ask.when, as_of=min(span_of(day.last, unit).last, ask.legs.today))

    def judge(leg: Leg) -> Part:
        here = ask.legs.session(leg, day.last) if day else ask.legs.last(leg)
        whole = ask.legs.stretch(leg, replace(ask.when, span=span_of(leg.day(here), unit)))
        readings = [_extreme(leg, whole, here, basis, high, claimed) for basis in ("intraday", "close")]
        kept = [one for one in readings if ask.basis in ("", one.basis)]
        return part(leg.short, kept)

    return ask.parts("a", judge)


def _extreme(leg: Leg, whole: Stretch, here: int, basis: str, high: bool, claimed: Claimed | None) -> Reading:
    column = leg.bars.close if basis == "close" else leg.bars.high if high else leg.bars.low
    part_of = column[whole.first : whole.last + 1]
    index = whole.first + int(np.argmax(part_of) if high else np.argmin(part_of))
    value, side = float(column[index]), "highest" if high else "lowest"
    name = f"{side} {'close' if basis == 'close' else 'high' if high else 'low'} of the {whole.unit}"
    holds = index == here and (claimed is None or claimed.holds(value, price=True))
    return Reading(definition=name, holds=holds, figures=(leg.price(name, value, index),), basis=basis)


def gapped(ask: Ask) -> list[Part]:
    """The first open against the close before."""
    claimed = with_unit(ask.claimed())
    down = (ask.words.get("side") or "") in ("lower", "down", "below")

    def judge(leg: Leg) -> Part:
        stretch = ask.stretch(leg)
        if leg.instrument.kind == "yield":
            raise BeyondError(f"{leg.short} is a yield: its open is not held against its closes")
        if stretch.base is None or not opens_are_real(leg.bars):
            raise LackingError(f"{leg.short} has no open that is a price, or no close before it")
        opened, before = float(leg.bars.open[stretch.first]), leg.close(stretch.base)
        gap = percent(opened, before)
        value = opened - before if claimed is not None and claimed.unit == "points" else gap
        value = -value if down else value
        holds = value > 0 if claimed is None else claimed.holds(value)
        figures: list[Figure] = [leg.figure("opening gap", gap, "percent", stretch.base, stretch.first)]
        figures += [leg.price("open", opened, stretch.first), leg.price("close before", before, stretch.base)]
        return single(leg, "the first open against the close before", holds, *figures)

    return ask.parts("a", judge)


_CLOSED = r"(?:(?:closed?|ended|finished|settled|traded) )?"
_PERIOD = r"(?:(?:session|day|week|month) )?"
FORMS = (
    form("opened near", "RUT opened near its record on 2025-10-16",
         r"{A} opened (?:near|close to) (?:session )?(?P<side>record|peak|high|low)", opened_near),
    form("close in the range", "RUT closed near its low on 2025-10-16",
         rf"{{A}} {_CLOSED}(?:near|close to) {_PERIOD}(?P<side>low|high|peak|top|bottom)(?: {{P}})?", closed_near),
    form("range", "RUT traded in a 71-point range on 2025-10-16",
         r"{A} (?:(?:traded|moved|swung|covered) )?(?:in )?(?:(?:trading )?range {M}|{N} (?:trading )?(?:range|swing))",
         ranged),
    form("day of a high or low", "RUT made its weekly high on 2025-08-05",
         r"{A} (?:(?:made|reached|set|hit|saw) )?(?P<unit>week|month|quarter|year)(?:ly)? (?P<side>high|low)(?: {P})?",
         extreme),
    form("opening gap", "RUT opened 1.19 % higher in the week of 2025-10-13",
         r"{A} opened(?: {N})? (?P<side>higher|lower|up|down|above|below)(?: close)?", gapped),
    form("opening gap", "RUT gapped up on 2025-10-13",
         r"{A} gapped (?P<side>higher|lower|up|down)(?: {N})?", gapped),
    form("opening gap", "the opening gap of RUT was 1.19 % in the week of 2025-10-13", r"{A} opening gap {N}", gapped),
    form("price", "RUT closed at 2467.02 on 2025-10-16",
         r"{A} (?P<what>opened|open|high|low|closed?|last) {P}", priced),
)  # fmt: skip
