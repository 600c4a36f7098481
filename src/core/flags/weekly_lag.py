"""D4: the watched index's week lags (mirror: leads) its reference's by an unusual spread.

The spread of two Friday-to-Friday changes, ranked among the 104 to 260 weeks before. With a standard
deviation of 1.65 points, a lag of a few hundredths is nothing: only the outer 2.5 % count.
"""

from collections.abc import Mapping

import numpy as np

from ..analytics.weekly import mondays
from ..bars import Floats
from .aligned import Aligned, Leg
from .rule import Judged, Rule, Telling, Wording, percent_text

WEEKS, LEAST = 260, 104


def judge(aligned: Aligned, parameters: Mapping[str, float | bool | str]) -> Judged:
    """Week-to-date spread on every session; only a week's last session decides."""
    own, other = week_to_date(aligned.watched), week_to_date(aligned.against[0])
    spread = own - other
    week = mondays(aligned.days)
    ends = np.r_[week[1:] != week[:-1], aligned.last_is_week_end] if len(week) else np.empty(0, bool)
    rank = _ranks(spread, np.asarray(ends, dtype=bool))
    share = float(parameters["percentile"])
    enter = rank >= 100.0 - share if parameters["mirror"] else rank <= share
    loose = 2.0 * share
    stay = rank >= 100.0 - loose if parameters["mirror"] else rank <= loose
    return Judged(
        enter=np.asarray(enter, dtype=bool),
        stay=np.asarray(stay, dtype=bool),
        decides=np.asarray(ends, dtype=bool),
        measures={
            aligned.watched.symbol: own,
            aligned.against[0].symbol: other,
            "spread": spread,
            "signed_percentile": rank,
        },
        magnitude=_at_week_ends(np.abs(spread), np.asarray(ends, dtype=bool)),
        window=WEEKS,
        least=LEAST,
        nearness=rank if parameters["mirror"] else 100.0 - rank,
        needs=100.0 - share,
    )


def week_to_date(leg: Leg) -> Floats:
    """Change in percent from the last close of any earlier week, on the common sessions."""
    bars = leg.bars
    week = mondays(bars.days)
    start = np.searchsorted(week, week, side="left")
    changes = np.full(len(bars), np.nan)
    known = start > 0
    before = bars.close[start[known] - 1]
    changes[known] = 100.0 * (bars.close[known] - before) / before
    return changes[leg.at]


def _ranks(spread: Floats, ends: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
    """Percentile of each session's spread among the finished weeks before its own."""
    finished = np.flatnonzero(ends)
    padded = np.r_[np.full(WEEKS, np.nan), spread[finished]]
    before = np.searchsorted(finished, np.arange(len(spread)))
    past = np.lib.stride_tricks.sliding_window_view(padded, WEEKS)[before]
    known = np.count_nonzero(~np.isnan(past), axis=1)
    below = np.count_nonzero(past < spread[:, None], axis=1)
    return np.where((known < LEAST) | np.isnan(spread), np.nan, 100.0 * below / np.maximum(known, 1))


def _at_week_ends(values: Floats, ends: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
    kept = np.where(ends, values, np.nan)
    if len(kept):
        kept[-1] = values[-1]
    return kept


def tell(telling: Telling) -> Wording:
    """Both weeks, the spread in points and where it ranks."""
    reference = telling.against[0]
    own, other = telling.number(telling.watched), telling.number(reference)
    spread, rank = telling.number("spread"), telling.number("signed_percentile")
    verb = "leads" if telling.parameters["mirror"] else "lags"
    points = f"{abs(spread):.2f}\u00a0pp"
    other_name = telling.names.short.get(reference, reference)
    share = telling.setting("percentile")
    bound = 100.0 - share if telling.parameters["mirror"] else share
    return Wording(
        sentence=f"{telling.short} {percent_text(own)} on the week {verb} {other_name} {percent_text(other)} "
        f"by {points}: percentile {rank:.1f} of up to {WEEKS} weeks (the rule asks {bound:g}).",
        brief=f"{percent_text(own)} on the week; {other_name} {percent_text(other)}",
        clears_when=f"a spread inside the {2 * share:g}th percentile, or the next week",
    )


RULE = Rule(
    name="weekly-lag",
    title="weekly lag",
    version=1,
    references=1,
    kind="magnitude",
    basis="previous week's last close to this week's last close",
    judge=judge,
    tell=tell,
    defaults={"percentile": 2.5, "mirror": False},
)
