"""How unusual a flag is: a percentile of its own past, or how rarely its rule holds at all."""

from dataclasses import dataclass

import numpy as np

from ..analytics.ranks import percentile_at
from .rule import Judged

_STEPS = ((99.5, "rare"), (97.5, "notable"), (90.0, "watch"))


@dataclass(frozen=True)
class Severity:
    """The word, and the numbers behind it; `one_in` sessions (weeks for a weekly rule)."""

    word: str
    percentile: float | None = None
    window: int | None = None
    one_in: float | None = None


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
    one_in = None if percentile >= 100.0 else 100.0 / (100.0 - percentile)
    return Severity(word_for(percentile), percentile, min(counted, judged.window), one_in)


def word_for(percentile: float) -> str:
    """Info below the 90th percentile, then watch, notable from the 97.5th, rare from the 99.5th."""
    return next((word for bound, word in _STEPS if percentile >= bound), "info")


def _by_rarity(share_of_days: float) -> Severity:
    """Events have no scale: 1 day in 10 or rarer is watch, in 40 notable, in 200 rare."""
    if share_of_days <= 0.0:
        return Severity("rare")
    return Severity(word_for(100.0 * (1.0 - share_of_days)), one_in=1.0 / share_of_days)
