"""Whether a kind of level does something: how often the price turned at it, beside made-up levels as far away.

A level known at a close is touched on the first of the next sessions whose high or low reaches it, and held
when that session closes back on the side it came from. Made-up levels take their distance, in ATRs and with
its sign, from another session of about the same year: they lie as far away as often, and mean nothing.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..bars import Bars, Floats
from .levels import floor_pivots, round_step
from .momentum import LONG, SHORT, YEAR, atr, sma
from .study import wilson
from .weekly import MONTH, mondays, weeks_of

SESSIONS = 5
DRAWS = 20
LEAST_TOUCHES = 100
"""Touches under which nothing is said."""


@dataclass(frozen=True)
class LevelTest:
    """What the levels of a kind did in `sessions` sessions after each close on which one was known.

    `held_percent` is of the touches, `interval` its 95 % (Wilson); `made_up_percent` is the same share of
    levels that mean nothing. Touches of neighbouring days are alike, so the interval is rather too narrow.
    """

    cases: int
    touched: int
    held: int
    held_percent: float
    interval: tuple[float, float]
    made_up_percent: float
    sessions: int

    @property
    def conclusion(self) -> str:
        """What may be said of it."""
        low, high = self.interval
        if low <= self.made_up_percent <= high:
            return "not distinguishable from levels that mean nothing"
        way = "more" if self.made_up_percent < low else "less"
        return f"held {way} often than levels that mean nothing"


def hold_test(bars: Bars, levels: Floats, sessions: int = SESSIONS, seed: int = 1) -> LevelTest | None:
    """Of one level a session, known at its close, NaN where there is none; None under 100 touches. Shape (n,)."""
    ranges = atr(bars)
    known = np.flatnonzero(~np.isnan(levels) & ~np.isnan(ranges) & (ranges > 0.0) & (levels != bars.close))
    known = known[known < len(bars) - sessions]
    touched, held = _outcome(bars, known, levels[known], sessions)
    if touched < LEAST_TOUCHES:
        return None
    distances = (levels[known] - bars.close[known]) / ranges[known]
    chance = np.random.default_rng(seed)
    made_up = np.zeros(2)
    for _ in range(DRAWS):
        drawn = bars.close[known] + distances[_shuffled(len(known), chance)] * ranges[known]
        made_up += _outcome(bars, known, drawn, sessions)
    return LevelTest(
        cases=len(known),
        touched=touched,
        held=held,
        held_percent=100.0 * held / touched,
        interval=wilson(held, touched),
        made_up_percent=100.0 * float(made_up[1] / made_up[0]),
        sessions=sessions,
    )


def _shuffled(size: int, chance: np.random.Generator) -> npt.NDArray[np.int64]:
    """Indices in another order, each within its own stretch of 252: far years moved in other ways."""
    return np.argsort(np.arange(size) // YEAR + chance.random(size)).astype(np.int64)


def _outcome(bars: Bars, at: npt.NDArray[np.int64], levels: Floats, sessions: int) -> tuple[int, int]:
    """Levels touched within so many sessions after each close, and those of them that held."""
    above = levels > bars.close[at]
    open_still = np.ones(len(at), dtype=bool)
    touched = held = 0
    for ahead in range(1, sessions + 1):
        high, low, close = bars.high[at + ahead], bars.low[at + ahead], bars.close[at + ahead]
        now = open_still & np.where(above, high >= levels, low <= levels)
        back = np.where(above, close < levels, close > levels)
        touched += int(np.count_nonzero(now))
        held += int(np.count_nonzero(now & back))
        open_still &= ~now
    return touched, held


# -- levels of every session ------------------------------------------------------------------------------


def level_series(bars: Bars) -> dict[str, Floats]:
    """One level a session of each kind that can be tested, under its name in the ladder; known at that close."""
    pivots = floor_pivots(bars.high, bars.low, bars.close)
    named = {f"pivot {name.upper()}": values for name, values in pivots._asdict().items()}
    averages = {"50-day average": sma(bars.close, SHORT), "200-day average": sma(bars.close, LONG)}
    return named | _rounds(bars.close) | _last_week(bars) | averages


def _rounds(close: Floats) -> dict[str, Floats]:
    """The next round number over and under each close."""
    steps = np.array([round_step(price).times(1) for price in close.tolist()])
    under = (np.ceil(close / steps) - 1.0) * steps
    over = (np.floor(close / steps) + 1.0) * steps
    return {"round number above": over, "round number below": np.where(under > 0.0, under, np.nan)}


def _last_week(bars: Bars) -> dict[str, Floats]:
    """High, low and close of the week before each session's, where it is not more than a month back."""
    weeks = weeks_of(bars)
    own = np.searchsorted(weeks.monday, mondays(bars.days))
    near = np.r_[False, weeks.monday[1:] - weeks.monday[:-1] <= MONTH][own] if len(bars) else np.empty(0, bool)
    columns = {"high": weeks.high, "low": weeks.low, "close": weeks.close}
    return {f"last week {name}": np.where(near, column[own - 1], np.nan) for name, column in columns.items()}


def hold_rates(bars: Bars) -> dict[str, LevelTest]:
    """Every kind of level of a history that was touched often enough, by name."""
    found = {name: hold_test(bars, levels) for name, levels in level_series(bars).items()}
    return {name: one for name, one in found.items() if one is not None}
