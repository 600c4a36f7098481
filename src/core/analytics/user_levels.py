"""A user's own levels: what they wait for, whether it came, and whether a close ended the idea.

Touches count the running session; closes are of final bars alone.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..bars import Bar, Bars
from ..model.measures import TrailStep
from ..model.user_level import RULE, UserLevel

Bools = npt.NDArray[np.bool_]


class Progress(NamedTuple):
    """What a level's rule has come to: empty without a rule, else waiting, touched, closed above … or invalid."""

    state: str
    trail: tuple[TrailStep, ...]


def progress(level: UserLevel, bars: Bars, running: Bar | None) -> Progress:
    """What became of a level in the final bars from its `since` on, and in the running session."""
    start = len(bars) - 1 if level.since is None else int(np.searchsorted(bars.days, np.datetime64(level.since)))
    judged = _first(bars, _judged(level, bars), start)
    ended = _first(bars, _ended(level, bars), start)
    if judged is None and level.rule == "touch" and running is not None and _touches(level, running):
        judged = running.day
    steps = [TrailStep(date=judged, state=_word(level.rule))] if judged and not (ended and ended < judged) else []
    steps += [TrailStep(date=ended, state="invalid")] if ended else []
    waiting = "waiting" if level.rule else ""
    return Progress(steps[-1].state if steps else waiting, tuple(steps))


def _first(bars: Bars, true: Bools, start: int) -> date | None:
    at = np.flatnonzero(true[max(0, start) :])
    return bars.day(max(0, start) + int(at[0])) if len(at) else None


def _judged(level: UserLevel, bars: Bars) -> Bools:
    """The sessions on which the rule holds."""
    found = RULE.fullmatch(level.rule)
    if found is None:
        return np.zeros(len(bars), dtype=bool)
    if level.rule == "touch":
        return np.asarray((bars.low <= level.top) & (bars.high >= level.bottom))
    count, side = int(found[2] or 1), found[1] or found[3]
    beyond = bars.close > level.top if side == "above" else bars.close < level.bottom
    return _run(beyond, count)


def _run(true: Bools, count: int) -> Bools:
    """Sessions that end a run of at least so many."""
    found = true.copy()
    for back in range(1, count):
        found &= np.r_[np.zeros(min(back, len(true)), dtype=bool), true[: max(0, len(true) - back)]]
    return found


def _ended(level: UserLevel, bars: Bars) -> Bools:
    found = np.zeros(len(bars), dtype=bool)
    if level.invalid_above is not None:
        found |= bars.close > level.invalid_above
    if level.invalid_below is not None:
        found |= bars.close < level.invalid_below
    return found


def _touches(level: UserLevel, bar: Bar) -> bool:
    return bar.low <= level.top and bar.high >= level.bottom


def _word(rule: str) -> str:
    """``close above`` has happened once a session closed above, ``2 closes above`` once two have."""
    return {"touch": "touched", "close above": "closed above", "close below": "closed below"}.get(rule, rule)
