"""An old record as a floor: what became of a level once it was broken, as a dated trail and no verdict.

    below -> broken      a close above the level L
          -> confirmed   two closes above it in a row, or one above L + 0.5 ATR
          -> retest      a low at or under L + band, on a session after the confirmation
          -> held        a close above the highest close of the sessions that touched + 0.5 ATR
          -> failed      a close under L - band, from any of these; a close above L breaks it again

The band is the larger of 0.2 % of L and 0.25 ATR(14). Every state is entered on a close, from what was known
at that close; one close may enter two states. A level that held can be tried again.
"""

import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from ..bars import Bars, Floats
from ..model.measures import TrailStep
from .breakouts import first_record_closes, highest_so_far
from .momentum import atr

OLD = 60
"""Sessions a record close must have stood to be an old one."""
BAND_PERCENT, BAND_ATR, CLEAR_ATR = 0.2, 0.25, 0.5
BELOW, BROKEN, CONFIRMED, RETEST, HELD, FAILED = "below", "broken", "confirmed", "retest", "held", "failed"
STATES = (BELOW, BROKEN, CONFIRMED, RETEST, HELD, FAILED)


@dataclass(frozen=True)
class OldRecord:
    """A record close that stood for at least 60 sessions, the last session that reached it, and its break."""

    price: float
    index: int
    day: date
    broken: date | None = None


class Step(NamedTuple):
    """A state entered on the close of the session `at` an index."""

    at: int
    state: str


@dataclass(frozen=True)
class Trail:
    """Where a level stands after the last close, and every state it entered on the way."""

    state: str
    steps: tuple[TrailStep, ...]


def old_record(bars: Bars) -> OldRecord | None:
    """The record close to watch: the standing one if it is old, else the last old one that was broken.

    None while no record of the history ever stood for 60 sessions.
    """
    if not len(bars):
        return None
    highest = highest_so_far(bars.close)
    standing = int(highest.at[-1])
    if len(bars) - 1 - standing >= OLD:
        return OldRecord(float(bars.close[standing]), standing, bars.day(standing))
    breaks = first_record_closes(bars.close, OLD)
    if not len(breaks):
        return None
    broken = int(breaks[-1])
    index = int(highest.at[broken - 1])
    return OldRecord(float(bars.close[index]), index, bars.day(index), bars.day(broken))


def trail_of(bars: Bars, level: float, start: date) -> Trail:
    """What became of a level from the session of `start` on; before it the level counts as not broken."""
    first = int(np.searchsorted(bars.days, np.datetime64(start)))
    steps = walk(bars, atr(bars), level, first, len(bars))
    told = tuple(TrailStep(date=bars.day(step.at), state=step.state) for step in steps)
    return Trail(told[-1].state if told else BELOW, told)


def band_of(level: float, ranges: Floats) -> Floats:
    """Half the width of the floor around a level on each session, in points."""
    return np.fmax(BAND_PERCENT / 100.0 * level, BAND_ATR * ranges)


def walk(bars: Bars, ranges: Floats, level: float, start: int, stop: int) -> list[Step]:
    """The states entered on the closes from `start` up to and without `stop`; `ranges` are the bars' ATR."""
    rows = slice(start, stop)
    low, close, band, clear = bars.low[rows], bars.close[rows], band_of(level, ranges[rows]), CLEAR_ATR * ranges[rows]
    above, touched = close > level, low <= level + band
    may_break, may_touch = np.flatnonzero(above).tolist(), np.flatnonzero(touched).tolist()
    machine, steps, at = Machine(level), list[Step](), 0
    while at < len(close):
        # decades may lie between two sessions that can change anything
        waiting = {BELOW: may_break, FAILED: may_break, CONFIRMED: may_touch, HELD: may_touch}.get(machine.state)
        if waiting is not None:
            found = bisect.bisect_left(waiting, at)
            if found == len(waiting):
                break
            at = waiting[found]
            machine.above = at > 0 and bool(above[at - 1])
        session = Session(float(low[at]), float(close[at]), float(band[at]), float(clear[at]))
        steps += [Step(start + at, state) for state in machine.after(session)]
        at += 1
    return steps


class Session(NamedTuple):
    """What the machine looks at: the low and close, half the band, and what a close must clear; in points."""

    low: float
    close: float
    band: float
    clear: float


@dataclass
class Machine:
    """A level's state, moved by one close after another.

    `above`: the close before was, `tried`: the highest close of the sessions that touched.
    """

    level: float
    state: str = BELOW
    above: bool = False
    tried: float = 0.0

    def after(self, session: Session) -> list[str]:
        """The states entered on one close, in their order."""
        entered: list[str] = []
        for state in self._entered(session):
            self.state = state
            entered.append(state)
        self.above = session.close > self.level
        return entered

    def _entered(self, session: Session) -> Iterator[str]:
        if self.state in (BELOW, FAILED):
            yield from self._from_below(session)
        elif self.state == BROKEN:
            yield from self._from_broken(session)
        elif self.state == RETEST:
            yield from self._from_retest(session)
        elif self._touched(session):
            self.tried = session.close
            yield RETEST
            if self._lost(session):
                yield FAILED

    def _from_below(self, session: Session) -> Iterator[str]:
        if session.close > self.level:
            yield BROKEN
            if session.close > self.level + session.clear:
                yield CONFIRMED

    def _from_broken(self, session: Session) -> Iterator[str]:
        if self._lost(session):
            yield FAILED
        elif session.close > self.level and (self.above or session.close > self.level + session.clear):
            yield CONFIRMED

    def _from_retest(self, session: Session) -> Iterator[str]:
        if self._lost(session):
            yield FAILED
        elif session.close > self.tried + session.clear:
            yield HELD
        elif self._touched(session):
            self.tried = max(self.tried, session.close)

    def _touched(self, session: Session) -> bool:
        return session.low <= self.level + session.band

    def _lost(self, session: Session) -> bool:
        return session.close < self.level - session.band
