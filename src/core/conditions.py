"""Conditions a study can be narrowed by: ``KRE above sma50``, ``RUT within 5% of record``, ``phase of SPX is bear``.

A condition is judged on its own instrument's closes up to the session, and is unknown before its history is
long enough, across holes of over a month, and where the instrument has no bar of the week.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from .analytics.records import phase
from .analytics.study import Bools
from .analytics.weekly import MONTH
from .bars import Bars, Days, Floats
from .flags.history import Given
from .model.instrument import Instrument
from .universe import find, nearest

FORMS = (
    "SYMBOL above smaN",
    "SYMBOL below smaN",
    "SYMBOL within P% of record",
    "phase of SYMBOL is PHASE",
)
"""What can be said, in the words the command line prints."""
PHASES = ("at record", "near high", "pullback", "correction", "bear")
_AVERAGE = re.compile(r"(\S+)\s+(above|below)\s+sma\s*(\d{1,4})", re.IGNORECASE)
_RECORD = re.compile(r"(\S+)\s+within\s+(\d+(?:\.\d+)?)\s*%?\s+of\s+(?:its\s+|the\s+)?record", re.IGNORECASE)
_PHASE = re.compile(r"phase\s+of\s+(\S+)\s+is\s+(.+)", re.IGNORECASE)
_STALE = np.timedelta64(7, "D")

Verdicts = tuple[Bools, Bools]
"""Where a condition can be told, and where it holds."""


class ConditionError(Exception):
    """No condition of a known form; the message is one sentence that names the forms."""


@dataclass(frozen=True)
class Condition:
    """A condition on the closes of one instrument; `judge` tells its verdicts from all of its bars."""

    text: str
    symbol: str
    calendar: str
    judge: Callable[[Bars], Verdicts]

    def on(self, days: Days, bars: Bars, calendar: str) -> Given:
        """Its verdict on each of these sessions of an exchange; of another exchange the day before counts."""
        known, holds = self.judge(bars)
        # abroad the same date may close later
        newest = days if calendar == self.calendar else days - np.timedelta64(1, "D")
        at = np.searchsorted(bars.days, newest, side="right") - 1
        near = (at >= 0) & (days - bars.days[np.maximum(at, 0)] < _STALE) if len(bars) else np.zeros(len(days), bool)
        told = np.zeros(len(days), dtype=bool)
        met = np.zeros(len(days), dtype=bool)
        told[near], met[near] = known[at[near]], (known & holds)[at[near]]
        return Given(self.text, told, met)


def condition(text: str, instruments: Iterable[Instrument]) -> Condition:
    """The condition of a text, symbols in either spelling. Raises ConditionError."""
    board = tuple(instruments)
    words = " ".join(text.split())
    if found := _AVERAGE.fullmatch(words):
        return _average(_instrument(found[1], board), found[2].lower(), int(found[3]), words)
    if found := _RECORD.fullmatch(words):
        one, within = _instrument(found[1], board), float(found[2])
        return Condition(f"{one.short} within {within:g} % of its record close", *_of(one), _near_record(within))
    if found := _PHASE.fullmatch(words):
        return _in_phase(_instrument(found[1], board), found[2].lower().strip())
    raise ConditionError(f"{text!r} is no condition; known forms: {'; '.join(FORMS)}")


def _instrument(name: str, board: Sequence[Instrument]) -> Instrument:
    one = find(name, board)
    if one is None:
        near = ", ".join(nearest(name, board))
        raise ConditionError(f"unknown symbol {name!r} in a condition" + (f"; nearest: {near}" if near else ""))
    return one


def _of(one: Instrument) -> tuple[str, str]:
    return one.symbol, one.calendar


def _average(one: Instrument, side: str, length: int, words: str) -> Condition:
    if not 2 <= length <= 1000:
        raise ConditionError(f"{words!r}: an average is of 2 to 1000 sessions")

    def judge(bars: Bars) -> Verdicts:
        average = sma(bars.close, length)
        known = ~np.isnan(average) & (_sessions_since_hole(bars.days) >= length)
        return known, bars.close > average if side == "above" else bars.close < average

    return Condition(f"{one.short} {side} its {length}-session average", *_of(one), judge)


def sma(close: Floats, length: int) -> Floats:
    """The mean of the last `length` closes; NaN before there are so many. Shape (n,)."""
    average = np.full(len(close), np.nan)
    if len(close) >= length:
        average[length - 1 :] = np.lib.stride_tricks.sliding_window_view(close, length).mean(axis=1)
    return average


def _sessions_since_hole(days: Days) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """How many bars stand without a hole up to each session, itself included."""
    after = np.r_[True, days[1:] - days[:-1] > MONTH][: len(days)]
    index = np.arange(len(days))
    return index - np.maximum.accumulate(np.where(after, index, 0)) + 1


def _depth(bars: Bars) -> tuple[Bools, Floats]:
    """Percent from the record close so far; not known behind a hole, in which a higher close may lie."""
    record = np.maximum.accumulate(bars.close)
    whole = _sessions_since_hole(bars.days) == np.arange(1, len(bars) + 1)
    return whole, 100.0 * (bars.close - record) / record


def _near_record(within: float) -> Callable[[Bars], Verdicts]:
    def judge(bars: Bars) -> Verdicts:
        known, depth = _depth(bars)
        return known, depth >= -within

    return judge


def _in_phase(one: Instrument, wanted: str) -> Condition:
    if wanted not in PHASES:
        raise ConditionError(f"{wanted!r} is no phase; there are {', '.join(PHASES)}")

    def judge(bars: Bars) -> Verdicts:
        known, depth = _depth(bars)
        return known, np.fromiter((phase(float(one)) == wanted for one in depth), dtype=bool, count=len(depth))

    return Condition(f"phase of {one.short} is {wanted}", *_of(one), judge)
