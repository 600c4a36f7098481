"""Claims of a gain given back: how much of a session's, week's or month's advance a later close retraced."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from ..model.claim import Part, Reading
from .grammar import form
from .judging import Ask, part, single
from .legs import LackingError, Leg, Stretch
from .moves import moves
from .when import WEEKDAYS, Span, span_of

MOST, HALF = 50.0, 5.0


def of_session(ask: Ask) -> list[Part]:
    """The share of one session's gain that the closes after it gave back."""

    def judge(leg: Leg) -> Part:
        end = ask.legs.last(leg)
        start = ask.legs.session(leg, _session_of_gain(ask, leg, end))
        if start < 1 or start >= end:
            raise LackingError(f"{leg.short}: the gain must be of a session before {leg.day(end)}")
        before, peak, close = leg.close(start - 1), leg.close(start), leg.close(end)
        if peak <= before:
            raise LackingError(f"{leg.short} had no gain on {leg.day(start)}")
        share = 100.0 * (peak - close) / (peak - before)
        figures = (
            leg.figure("given back", share, "share", start, end),
            leg.price("close before the gain", before, start - 1),
            leg.price("close of the gain", peak, start),
            leg.price("close", close, end),
        )
        definition = "(close of the gain - close) / (close of the gain - close before it)"
        return single(leg, definition, _met(ask, share), *figures)

    return ask.parts("a", judge)


def _session_of_gain(ask: Ask, leg: Leg, end: int) -> date:
    name = ask.words.get("weekday")
    if name:
        last = leg.day(end)
        back = (last.weekday() - WEEKDAYS.index(name)) % 7 or 7
        return last - timedelta(days=back)
    if ask.when.span is None or ask.when.as_of is None:
        raise LackingError("the claim names no session whose gain it means")
    return ask.when.span.last


def _met(ask: Ask, share: float) -> bool:
    claimed = ask.claimed()
    if claimed is not None:
        return claimed.holds(share)
    word = ask.words.get("share") or "all"
    if word == "half":
        return abs(share - MOST) <= HALF
    return share > MOST if word == "most" else share > 0 if word == "some" else share >= 100.0


def of_period(ask: Ask) -> list[Part]:
    """The share of a week's (month's, year's) advance to its highest close that is gone at the close."""
    unit = ask.words.get("unit") or "week"
    span: Span | None = ask.when.span

    def judge(leg: Leg) -> Part:
        end = ask.legs.last(leg) if span is None else ask.legs.session(leg, min(span.last, ask.legs.closed(leg)))
        whole = ask.legs.stretch(leg.upto(end), replace(ask.when, span=span_of(leg.day(end), unit)))
        return part(leg.short, list(_readings(ask, leg.upto(end), whole)))

    return ask.parts("a", judge)


def _readings(ask: Ask, leg: Leg, whole: Stretch) -> list[Reading]:
    top = whole.first + int(np.argmax(leg.bars.close[whole.first : whole.last + 1]))
    peak, close = leg.close(top), leg.close(whole.last)
    found: list[Reading] = []
    for move in moves(leg, whole, ask.basis):
        if peak <= move.before or move.basis == "1stC>C":
            continue
        share = 100.0 * (peak - close) / (peak - move.before)
        figures = (
            leg.figure("given back", share, "share", top, whole.last),
            move.figure(f"{leg.short} kept"),
            leg.price("highest close", peak, top),
        )
        definition = f"of the advance to the highest close; kept: {move.definition}"
        found.append(Reading(definition=definition, holds=_met(ask, share), figures=figures, basis=move.basis))
    if not found:
        raise LackingError(f"{leg.short} had no gain in the {whole.unit}")
    return found


_GAVE = r"(?:gave back|given back|lost|erased|retraced|wiped out|gave up|surrendered)"
_SHARE = r"(?: (?:~ )?(?P<share>all|half|most|some)| {N})?"
_GAIN = r"(?:prior |earlier )?(?:gains?|advance|rally|rise)"
FORMS = (
    form("gain of a period given back", "RUT wiped out the week's gains by 2025-10-16",
         rf"{{A}} {_GAVE}{_SHARE} (?P<unit>week|month|quarter|year)(?:ly)? {_GAIN}", of_period),
    form("gain of a session given back", "RUT gave back all of its gain of 2025-08-05 by 2025-08-07",
         rf"{{A}} {_GAVE}{_SHARE} (?:(?P<weekday>{'|'.join(WEEKDAYS)}) )?{_GAIN}", of_session),
)  # fmt: skip
