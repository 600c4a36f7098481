"""How unusual a flag is: a percentile of its own past, or how rarely its rule holds at all."""

from dataclasses import dataclass

import numpy as np

from ..analytics.ranks import percentile_at
from ..bars import Floats
from .rule import Judged

_STEPS = ((99.5, "rare"), (97.5, "notable"), (90.0, "watch"))


@dataclass(frozen=True)
class Severity:
    """The word, and the numbers behind it; `one_in` sessions (weeks for a weekly rule).

    Above all of its window there is no `one_in`: `larger` is the last session before that was as large, or the
    first that has a magnitude, where none ever was.
    """

    word: str
    percentile: float | None = None
    window: int | None = None
    one_in: float | None = None
    larger: int | None = None


def grade(judged: Judged, index: int, share_of_days: float) -> Severity:
    """Severity of the verdict at an index; `share_of_days` (0-1) is the rule's own over all history."""
    if judged.magnitude is None:
        return _by_rarity(share_of_days)
    past = judged.magnitude[:index]
    counted = int(np.count_nonzero(~np.isnan(past)))
    values = np.r_[past[~np.isnan(past)], judged.magnitude[index]]
    percentile = percentile_at(values, counted, judged.window, judged.least)
    if np.isnan(percentile):
        return Severity("info")
    word, window = word_for(percentile), min(counted, judged.window)
    if percentile >= 100.0:
        return Severity(word, percentile, window, larger=_last_as_large(past, float(judged.magnitude[index])))
    return Severity(word, percentile, window, 100.0 / (100.0 - percentile))


def _last_as_large(past: Floats, value: float) -> int:
    as_large = np.flatnonzero(past >= value)
    return int(as_large[-1]) if len(as_large) else int(np.flatnonzero(~np.isnan(past))[0])


def word_for(percentile: float) -> str:
    """Info below the 90th percentile, then watch, notable from the 97.5th, rare from the 99.5th."""
    return next((word for bound, word in _STEPS if percentile >= bound), "info")


def _by_rarity(share_of_days: float) -> Severity:
    """Events have no scale: 1 day in 10 or rarer is watch, in 40 notable, in 200 rare."""
    if share_of_days <= 0.0:
        return Severity("rare")
    return Severity(word_for(100.0 * (1.0 - share_of_days)), one_in=1.0 / share_of_days)
