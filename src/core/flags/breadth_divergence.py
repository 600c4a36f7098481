"""D11: the watched index at a higher 20-session high, fewer of the panel above their 50-session average.

The panel are the references, and all of them must have bars: a share of those that are left would be another
panel's. The high before is the last one at least `apart` sessions ago; the close must be above it, and the share
lower by `drop` percentage points. Mirror: a lower 20-session low, with more of the panel above their average.
"""

from collections.abc import Mapping

import numpy as np

from ..analytics.breadth import SHORT, share_above
from ..analytics.rolling import rolling_max
from ..bars import Floats
from .aligned import Aligned, Leg
from .pair import whole
from .rule import Bools, Bound, Judged, Rule, Telling, Wording, price_text

SPAN = 20
"""Sessions whose highest close makes a high."""
LEAST_PANEL = 5


def judge(aligned: Aligned, parameters: Mapping[str, float | bool | str]) -> Judged:
    """On every session at such a high whose breadth is lower than at the high before."""
    sign = -1.0 if parameters["mirror"] else 1.0
    close, share = aligned.watched.close, panel_share(aligned)
    at_high = _at_high(aligned.watched, sign)
    before = _high_before(at_high, whole(parameters, "apart", 1))
    there = before >= 0
    close_before, share_before = (np.where(there, values[before], np.nan) for values in (close, share))
    higher = sign * close > sign * close_before
    fewer = sign * (share_before - share)
    enter = at_high & there & higher & (fewer > 0.0) & (fewer >= float(parameters["drop"]))
    return Judged(
        enter=enter,
        stay=enter,
        decides=np.ones(len(aligned), dtype=bool),
        measures={
            "close": close,
            "close_before": close_before,
            "share": share,
            "share_before": share_before,
            "sessions_since": np.where(there, np.arange(len(aligned)) - before, np.nan),
        },
    )


def panel_share(aligned: Aligned) -> Floats:
    """Percent of the references above the mean of their last 50 closes, NaN where one of them has none."""
    bars = {leg.symbol: leg.bars for leg in aligned.against}
    return share_above(bars, tuple(bars), aligned.days, SHORT)


def _at_high(leg: Leg, sign: float) -> Bools:
    close = sign * leg.bars.close
    return np.asarray(close >= rolling_max(close, SPAN))[leg.at]


def _high_before(at_high: Bools, apart: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The last session at a high at least so many sessions before each one; -1 where there was none."""
    latest = np.maximum.accumulate(np.where(at_high, np.arange(len(at_high)), -1))
    before = np.full(len(at_high), -1, dtype=np.int64)
    before[apart:] = latest[: max(0, len(latest) - apart)]
    return before


def tell(telling: Telling) -> Wording:
    """The high and the one before, the share of the panel at both, and what the rule asks."""
    mirror = bool(telling.parameters["mirror"])
    what, side, change = ("low", "under", "more") if mirror else ("high", "over", "less")
    share, before = telling.number("share"), telling.number("share_before")
    since, members = round(telling.number("sessions_since")), len(telling.against)
    ago = "a session" if since == 1 else f"{since} sessions"
    return Wording(
        sentence=f"{telling.short} closed at a {SPAN}-session {what} of {price_text(telling.number('close'))}, {side} "
        f"the one of {price_text(telling.number('close_before'))} {ago} before, with {share:.0f}\u00a0% of "
        f"{members} members above their {SHORT}-session average, then {before:.0f}\u00a0% "
        f"(the rule asks {telling.setting('drop'):g} points {change}).",
        brief=f"{SPAN}-session {what} with {share:.0f}\u00a0% of the panel above average, then {before:.0f}\u00a0%",
        clears_when=f"a close off the {SPAN}-session {what}, or breadth as wide as at the {what} before",
    )


RULE = Rule(
    name="breadth-divergence",
    title="breadth divergence",
    version=1,
    references=LEAST_PANEL,
    kind="event",
    basis="official closes of the index and of every member of the panel",
    judge=judge,
    tell=tell,
    defaults={"apart": 5.0, "drop": 10.0, "mirror": False},
    percent=False,
    bounds={"apart": Bound(1, 252, whole=True), "drop": Bound(0, 100)},
    live=False,
)
