"""D4: the watched index's week lags (mirror: leads) its reference's by an unusual spread.

The spread of two Friday-to-Friday changes, ranked among the 104 to 260 weeks before. With a standard
deviation of 1.65 points, a lag of a few hundredths is nothing: only the outer 2.5 % count. z, for the eye,
is in deviations of the 104 weeks before.
"""

from collections.abc import Mapping

import numpy as np

from ..analytics.rolling import rolling_mean, rolling_sd
from ..analytics.weekly import mondays
from ..bars import Days, Floats
from .aligned import Aligned, Indices, Leg
from .pair import deviations, ratio
from .rule import Bools, Bound, Judged, Rule, Telling, Wording, percent_text

WEEKS, LEAST = 260, 104


def judge(aligned: Aligned, parameters: Mapping[str, float | bool | str]) -> Judged:
    """Week-to-date spread on every session; only a week's last session decides."""
    own, other = week_to_date(aligned.watched), week_to_date(aligned.against[0])
    same = base_week(aligned.watched) == base_week(aligned.against[0])
    spread = np.where(same, own - other, np.nan)
    ends = _week_ends(aligned)
    rank = _ranks(spread, ends)
    out = rank if parameters["mirror"] else 100.0 - rank
    share = float(parameters["percentile"])
    side = spread > 0.0 if parameters["mirror"] else spread < 0.0
    return Judged(
        enter=np.asarray(side & (out >= 100.0 - share), dtype=bool),
        stay=np.asarray(side & (out >= 100.0 - 2.0 * share), dtype=bool),
        decides=ends,
        measures={
            aligned.watched.symbol: own,
            aligned.against[0].symbol: other,
            "spread": spread,
            "z": _deviation(spread, ends),
            "signed_percentile": rank,
        },
        magnitude=_at_week_ends(np.abs(spread), ends),
        window=WEEKS,
        least=LEAST,
        nearness=out,
        needs=100.0 - share,
    )


def week_to_date(leg: Leg) -> Floats:
    """Change in percent from the last close of any earlier week, on the common sessions."""
    bars, start = leg.bars, _starts(leg)
    changes = np.full(len(bars), np.nan)
    known = start > 0
    before = bars.close[start[known] - 1]
    changes[known] = 100.0 * (bars.close[known] - before) / before
    return changes[leg.at]


def base_week(leg: Leg) -> Days:
    """The Monday of the week that change starts from: a leg that missed a whole week starts further back."""
    week, start = mondays(leg.bars.days), _starts(leg)
    found = np.full(len(week), np.datetime64("NaT"), dtype="datetime64[D]")
    found[start > 0] = week[start[start > 0] - 1]
    return found[leg.at]


def _starts(leg: Leg) -> Indices:
    """Where the week of each of the leg's own sessions begins."""
    week = mondays(leg.bars.days)
    return np.searchsorted(week, week, side="left")


def _week_ends(aligned: Aligned) -> Bools:
    week = mondays(aligned.days)
    if not len(week):
        return np.empty(0, dtype=bool)
    return np.asarray(np.r_[week[1:] != week[:-1], aligned.last_is_week_end], dtype=bool)


def _deviation(spread: Floats, ends: Bools) -> Floats:
    """In standard deviations from the mean of the 104 finished weeks before the session's own."""
    finished = np.flatnonzero(ends & ~np.isnan(spread))
    before = np.searchsorted(finished, np.arange(len(spread)))
    weekly = spread[finished]
    mean, sd = (np.r_[np.nan, column][before] for column in (rolling_mean(weekly, LEAST), rolling_sd(weekly, LEAST)))
    return ratio(spread - mean, sd)


def _ranks(spread: Floats, ends: Bools) -> Floats:
    """Percentile of each session's spread among the finished weeks before its own."""
    finished = np.flatnonzero(ends)
    padded = np.r_[np.full(WEEKS, np.nan), spread[finished]]
    before = np.searchsorted(finished, np.arange(len(spread)))
    past = np.lib.stride_tricks.sliding_window_view(padded, WEEKS)[before]
    counted = np.r_[0, np.cumsum(~np.isnan(padded))]
    known = counted[before + WEEKS] - counted[before]
    below = np.count_nonzero(past < spread[:, None], axis=1)
    return np.where((known < LEAST) | np.isnan(spread), np.nan, 100.0 * below / np.maximum(known, 1))


def _at_week_ends(values: Floats, ends: Bools) -> Floats:
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
    bound, inside = (100.0 - share, 100.0 - 2.0 * share) if telling.parameters["mirror"] else (share, 2.0 * share)
    return Wording(
        sentence=f"{telling.short} {percent_text(own)} on the week {verb} {other_name} {percent_text(other)} "
        f"by {points}: percentile {rank:.1f} of up to {WEEKS} weeks (the rule asks {bound:g}), "
        f"z {deviations(telling.measures['z'])} of the {LEAST} before.",
        brief=f"{percent_text(own)} on the week; {other_name} {percent_text(other)}",
        clears_when=f"a spread inside the {inside:g}th percentile, or the next week",
    )


RULE = Rule(
    name="weekly-lag",
    title="weekly lag",
    version=2,
    references=1,
    kind="magnitude",
    basis="previous week's last close to this week's last close",
    judge=judge,
    tell=tell,
    defaults={"percentile": 2.5, "mirror": False},
    bounds={"percentile": Bound(0, 50)},
)
