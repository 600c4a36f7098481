"""D7: a close well under a record high (record close, 52-week high) made within the last sessions.

Mirror: a close well over a low of the same kind; the 52-week low is the one that ever comes.
"""

from collections.abc import Mapping

import numpy as np

from ..analytics.breakouts import highest_of_year, highest_so_far, upside_down
from ..analytics.momentum import atr
from ..bars import Bars, Floats
from .aligned import Aligned, Indices
from .rule import Bound, Judged, Rule, Telling, Wording, price_text

TOPS = {"record": "record", "record close": "record close", "year high": "52-week high"}
BOTTOMS = {"record": "record low", "record close": "record low close", "year high": "52-week low"}


def judge(aligned: Aligned, parameters: Mapping[str, float | bool | str]) -> Judged:
    """Fall from the high in percent, where the high is at most `within` sessions old.

    The fall asked for is the larger of `fall` percent and `ranges` times ATR(14) in percent of the
    close. The mirror sees the same bars upside down.
    """
    mirror, at = bool(parameters["mirror"]), aligned.watched.at
    bars = upside_down(aligned.watched.bars) if mirror else aligned.watched.bars
    high, made = _high(bars, str(parameters["basis"]))
    since = (np.arange(len(bars)) - made).astype(np.float64)
    fall = 100.0 * (high - bars.close) / np.abs(high)
    asked = np.maximum(float(parameters["fall"]), float(parameters["ranges"]) * _atr_percent(bars))
    asked = np.where(np.isnan(asked), float(parameters["fall"]), asked)
    fresh = since <= float(parameters["within"])
    return Judged(
        enter=(fresh & (fall >= asked))[at],
        stay=(fresh & (fall >= 0.85 * asked))[at],
        decides=np.ones(len(aligned), dtype=bool),
        measures={"fall": fall[at], "asked": asked[at], "high": np.abs(high)[at], "sessions_since": since[at]},
    )


def _high(bars: Bars, basis: str) -> tuple[Floats, Indices]:
    """The high fallen from, and the session that made it; a record is made by what first reached it."""
    if basis == "year high":
        return highest_of_year(bars.days, bars.high)
    highest = highest_so_far(bars.close if basis == "record close" else bars.high).value
    new = np.r_[True, highest[1:] > highest[:-1]] if len(bars) else np.empty(0, bool)
    return highest, np.maximum.accumulate(np.where(new, np.arange(len(bars)), 0))


def _atr_percent(bars: Bars) -> Floats:
    """ATR(14) in percent of the close."""
    return 100.0 * atr(bars) / np.abs(bars.close)


def tell(telling: Telling) -> Wording:
    """The fall, the high and its age, and the fall the rule asks for."""
    fall, high = telling.number("fall"), telling.number("high")
    ago = round(telling.number("sessions_since"))
    mirror = bool(telling.parameters["mirror"])
    what = (BOTTOMS if mirror else TOPS)[str(telling.parameters["basis"])]
    when = "made this session" if ago == 0 else f"made {ago} session{'s' if ago > 1 else ''} ago"
    asked = telling.number("asked")
    name = telling.names.name.get(telling.watched, telling.short)
    verb = "closed" if telling.final else "stands"
    left = round(telling.setting("within")) - ago + 1
    sign, side, other = ("+", "over", "under") if mirror else ("−", "under", "above")
    clears = high * (1.0 + (asked if mirror else -asked) / 100.0)
    return Wording(
        sentence=f"{name} {verb} {fall:.2f}\u00a0% {side} its {what} of {price_text(high)}, {when}; "
        f"the rule asks {asked:.2f}\u00a0%.",
        brief=f"{sign}{fall:.2f}\u00a0% from {f'a {ago}-session-old' if ago else 'this session’s'} {what}",
        clears_when=f"a close {other} {price_text(clears)}, "
        f"or {left} more session{'s' if left != 1 else ''} without a new {what}",
    )


RULE = Rule(
    name="record-reversal",
    title="record-high reversal",
    version=1,
    references=0,
    kind="event",
    basis="intraday record of stored history, closes since",
    judge=judge,
    tell=tell,
    variants={"basis=year high": "52-week-high reversal", "basis=record close": "record-close reversal"},
    defaults={"basis": "record", "within": 3.0, "fall": 3.0, "ranges": 1.5, "mirror": False},
    choices={"basis": tuple(TOPS)},
    bounds={"within": Bound(0, 252, whole=True), "fall": Bound(0, 100), "ranges": Bound(0, 20)},
)
