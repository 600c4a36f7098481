"""D7: a close well under a record high (or 52-week high) made within the last sessions."""

from collections.abc import Mapping

import numpy as np

from ..analytics.momentum import atr
from ..bars import Bars, Days, Floats
from .aligned import Aligned, Indices
from .rule import Judged, Rule, Telling, Wording, price_text

YEAR = 364


def judge(aligned: Aligned, parameters: Mapping[str, float | bool | str]) -> Judged:
    """Fall from the high in percent, where the high is at most `within` sessions old.

    The fall asked for is the larger of `fall` percent and `ranges` times ATR(14) in percent of the
    close before.
    """
    bars, at = aligned.watched.bars, aligned.watched.at
    high, made = year_high(bars) if parameters["basis"] == "year high" else record_high(bars)
    since = (np.arange(len(bars)) - made).astype(np.float64)
    fall = 100.0 * (high - bars.close) / high
    asked = np.maximum(float(parameters["fall"]), float(parameters["ranges"]) * _atr_percent(bars))
    asked = np.where(np.isnan(asked), float(parameters["fall"]), asked)
    fresh = since <= float(parameters["within"])
    return Judged(
        enter=(fresh & (fall >= asked))[at],
        stay=(fresh & (fall >= 0.85 * asked))[at],
        decides=np.ones(len(aligned), dtype=bool),
        measures={"fall": fall[at], "asked": asked[at], "high": high[at], "sessions_since": since[at]},
    )


def record_high(bars: Bars) -> tuple[Floats, Indices]:
    """The highest high so far on each session, and the index of the session that set it (a match sets nothing)."""
    highest = np.maximum.accumulate(bars.high)
    new = np.r_[True, highest[1:] > highest[:-1]] if len(bars) else np.empty(0, bool)
    return highest, np.maximum.accumulate(np.where(new, np.arange(len(bars)), 0))


def year_high(bars: Bars) -> tuple[Floats, Indices]:
    """The highest high of (t - 364 days, t] on each session, and the session that last reached it."""
    starts = np.searchsorted(bars.days, _back(bars.days), side="right")
    highest, made = np.empty(len(bars)), np.empty(len(bars), dtype=np.int64)
    window: list[int] = []
    head = 0
    for index in range(len(bars)):
        while len(window) > head and bars.high[window[-1]] <= bars.high[index]:
            window.pop()
        window.append(index)
        while window[head] < starts[index]:
            head += 1
        highest[index], made[index] = bars.high[window[head]], window[head]
    return highest, made


def _back(days: Days) -> Days:
    return days - np.timedelta64(YEAR, "D")


def _atr_percent(bars: Bars) -> Floats:
    """ATR(14) in percent of the close."""
    return 100.0 * atr(bars) / bars.close


def tell(telling: Telling) -> Wording:
    """The fall, the high and its age, and the fall the rule asks for."""
    fall, high = telling.number("fall"), telling.number("high")
    ago = round(telling.number("sessions_since"))
    what = "52-week high" if telling.parameters["basis"] == "year high" else "record"
    when = "made this session" if ago == 0 else f"made {ago} session{'s' if ago > 1 else ''} ago"
    asked = telling.number("asked")
    name = telling.names.name.get(telling.watched, telling.short)
    verb = "closed" if telling.final else "stands"
    left = round(telling.setting("within")) - ago + 1
    clears = high * (1.0 - asked / 100.0)
    return Wording(
        sentence=f"{name} {verb} {fall:.2f}\u00a0% under its {what} of {price_text(high)}, {when}; "
        f"the rule asks {asked:.2f}\u00a0%.",
        brief=f"−{fall:.2f}\u00a0% from a {ago}-session-old {what}",
        clears_when=f"a close above {price_text(clears)}, or {left} session{'s' if left != 1 else ''}",
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
    defaults={"basis": "record", "within": 3.0, "fall": 3.0, "ranges": 1.5},
)
