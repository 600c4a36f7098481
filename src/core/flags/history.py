"""What a rule did before: counts, rarity, and the medians of what followed."""

import numpy as np

from ..bars import Floats, as_date
from ..model.flag import FlagHistory
from .aligned import Aligned
from .rule import Bools, Judged

APART = 20
"""Sessions between two episodes: nearer ones would count what followed twice."""
LEAST_EPISODES = 10


def history_of(aligned: Aligned, judged: Judged) -> FlagHistory | None:
    """Days, separate cases and what the watched instrument did next; final sessions only."""
    on = judged.on()
    if not len(on):
        return None
    first = episodes(on, APART)
    enough = len(first) >= LEAST_EPISODES
    close = aligned.watched.close
    ahead = {horizon: forward(close, horizon) for horizon in (5, 20)}
    return FlagHistory(
        days=int(np.count_nonzero(on)),
        episodes=len(first),
        since=as_date(aligned.days[0]),
        share_of_days=float(np.mean(on)),
        first_days=() if enough else tuple(as_date(aligned.days[index]) for index in first),
        median_5=_median(ahead[5][first]) if enough else None,
        median_20=_median(ahead[20][first]) if enough else None,
        all_days_5=_median(ahead[5]) if enough else None,
        all_days_20=_median(ahead[20]) if enough else None,
    )


def episodes(on: Bools, apart: int) -> list[int]:
    """Indices of the first day of each case; a later day within `apart` sessions belongs to it."""
    first: list[int] = []
    for index in np.flatnonzero(on):
        if not first or int(index) - first[-1] > apart:
            first.append(int(index))
    return first


def forward(close: Floats, horizon: int) -> Floats:
    """Percent change over the next `horizon` sessions; NaN where they have not happened yet."""
    ahead = np.full(len(close), np.nan)
    if len(close) > horizon:
        ahead[:-horizon] = 100.0 * (close[horizon:] - close[:-horizon]) / close[:-horizon]
    return ahead


def _median(values: Floats) -> float | None:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else None
