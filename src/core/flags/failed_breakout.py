"""D8: a level is broken, and within a few sessions the close is back under it (mirror: a breakdown fails).

The level is what stood before the session of the break: the record, the 52-week high, the last swing high, a
round number, or a price of the trader's own. It must be out of reach for `drought` sessions before: a record or
52-week high has stood that long, no price was above another level. With `basis` "high" a high over the level is
a break as well, and it may fail on the very session. A failure is flagged on its session alone.
"""

from collections.abc import Callable, Mapping

import numpy as np

from ..analytics.breakouts import Extreme, highest_of_year, highest_so_far, upside_down
from ..analytics.levels import round_steps
from ..analytics.rolling import lagged
from ..analytics.swings import pivot_highs
from ..analytics.year_range import WINDOW
from ..bars import Bars, Floats
from .aligned import Aligned, Indices
from .rule import Bound, Judged, Rule, Telling, Wording, price_text

TURN = 5
"""Highs on both sides that a swing high must exceed."""
LEVELS = {
    "record": ("record", "record low"),
    "year high": ("52-week high", "52-week low"),
    "round": ("round number", "round number"),
    "swing": ("swing high", "swing low"),
    "user": ("level", "level"),
}

Chosen = Mapping[str, float | bool | str]


def judge(aligned: Aligned, parameters: Chosen) -> Judged:
    """The first close back under a level, where the break was at most `within` sessions ago."""
    at = aligned.watched.at
    bars = upside_down(aligned.watched.bars) if parameters["mirror"] else aligned.watched.bars
    price = bars.high if parameters["basis"] == "high" else bars.close
    level = _levels(bars, price, parameters)
    failed = failures(bars.close, level, breaks(bars.close, price, level, parameters), int(float(parameters["within"])))
    on = failed >= 0
    return Judged(
        enter=on[at],
        stay=on[at],
        decides=np.ones(len(aligned), dtype=bool),
        measures={
            "level": np.abs(_from(level, failed))[at],
            "reached": np.abs(_from(price, failed))[at],
            "sessions_since": np.where(on, np.arange(len(bars)) - failed, np.nan)[at],
            "close": aligned.watched.close,
        },
    )


def breaks(close: Floats, price: Floats, level: Floats, parameters: Chosen) -> Indices:
    """Sessions whose price is over a level that the close before was not, and that is old enough."""
    found = np.flatnonzero((price > level) & (lagged(close) <= level))
    drought, made = int(float(parameters["drought"])), parameters["level"] in ("record", "year high")
    kept = [
        at for at in found.tolist() if at >= drought and not _reached(price[at - drought + 1 : at], level[at], made)
    ]
    return np.array(kept, dtype=np.int64)


def _reached(before: Floats, level: float, made: bool) -> bool:
    """Whether one of the prices was above the level; `made`: or was the price that made it, or a match."""
    return bool((before >= level).any() if made else (before > level).any())


def failures(close: Floats, level: Floats, broken: Indices, within: int) -> Indices:
    """On the session of each break's first close under its level: which session broke it; -1 on all others.

    Of several breaks that fail on one close the oldest is told.
    """
    failed = np.full(len(close), -1, dtype=np.int64)
    for wait in range(within + 1):
        broken = broken[broken + wait < len(close)]
        under = close[broken + wait] < level[broken]
        failed[broken[under] + wait] = broken[under]
        broken = broken[~under]
    return failed


def _from(values: Floats, sessions: Indices) -> Floats:
    """The value of the session each one points at, NaN where it points at none."""
    return np.where(sessions >= 0, values[sessions], np.nan) if len(values) else values


# -- the level that stood before each session -----------------------------------------------------------


def _levels(bars: Bars, price: Floats, parameters: Chosen) -> Floats:
    if parameters["level"] == "user":
        own = float(parameters["price"])
        return np.full(len(bars), (-own if parameters["mirror"] else own) if own > 0 else np.nan)
    found: dict[str, Callable[[Bars, Floats], Floats]] = {
        "record": _record, "year high": _year_high, "round": _round, "swing": _swing,
    }  # fmt: skip
    return found[str(parameters["level"])](bars, price)


def _record(_: Bars, price: Floats) -> Floats:
    return _before(highest_so_far(price))


def _year_high(bars: Bars, price: Floats) -> Floats:
    """NaN while there is less than a year of history."""
    level = _before(highest_of_year(bars.days, price))
    level[bars.days < bars.days[:1] + np.timedelta64(WINDOW.days, "D")] = np.nan
    return level


def _before(found: Extreme) -> Floats:
    return lagged(found.value)


def _round(bars: Bars, price: Floats) -> Floats:
    """The highest round number under the price, by the step of the close before."""
    digits, exponents = round_steps(np.abs(bars.close[:-1]))
    power = 10.0 ** np.abs(exponents)

    def times(count: Floats) -> Floats:
        return np.where(exponents >= 0, count * digits * power, count * digits / power)

    count = np.ceil(price[1:] / times(np.ones(len(digits)))) - 1
    under = times(count)
    return np.asarray(np.r_[np.nan, np.where(under < price[1:], under, times(count - 1))][: len(bars)])


def _swing(bars: Bars, _: Floats) -> Floats:
    """The last swing high that was known."""
    found = pivot_highs(bars.high, TURN, TURN)
    latest = np.searchsorted(found.known_at, np.arange(len(bars)), side="left") - 1
    level = np.full(len(bars), np.nan)
    level[latest >= 0] = bars.high[found.index[latest[latest >= 0]]]
    return level


# -- in words -------------------------------------------------------------------------------------------


def tell(telling: Telling) -> Wording:
    """The close, the level it is back under, when that was broken and how far, and what the rule asks."""
    mirror = bool(telling.parameters["mirror"])
    what = LEVELS[str(telling.parameters["level"])][mirror]
    level, ago = price_text(telling.number("level")), round(telling.number("sessions_since"))
    side, reach = ("over", "low") if mirror else ("under", "high")
    by = reach if telling.parameters["basis"] == "high" else "close"
    when = "this session" if ago == 0 else f"{_sessions(ago)} ago"
    within, drought = telling.setting("within"), telling.setting("drought")
    age = f", of a level out of reach for {drought:g} before the break" if drought else ""
    return Wording(
        sentence=f"{telling.short} closed at {price_text(telling.number('close'))}, back {side} the {what} of {level} "
        f"that it broke {when} with a {by} of {price_text(telling.number('reached'))} "
        f"(the rule asks that within {_sessions(within)}{age}).",
        brief=f"back {side} the {what} of {level}, broken {when}",
        clears_when="the next session: a failure is flagged once",
    )


def amiss(parameters: Chosen) -> tuple[str, str] | None:
    """A level of the trader's own is nowhere without its price."""
    if parameters["level"] == "user" and float(parameters["price"]) <= 0:
        return "price", 'the price of the level, above 0, where level is "user"'
    return None


def _sessions(count: float) -> str:
    return "a session" if count == 1 else f"{count:g} sessions"


RULE = Rule(
    name="failed-breakout",
    title="failed breakout",
    version=1,
    references=0,
    kind="event",
    basis="official closes against a level of stored history",
    judge=judge,
    tell=tell,
    defaults={
        "level": "record", "basis": "close", "within": 5.0, "drought": 60.0, "price": 0.0, "mirror": False,
    },
    choices={"level": tuple(LEVELS), "basis": ("close", "high")},
    percent=False,
    bounds={"within": Bound(0, 252, whole=True), "drought": Bound(0, whole=True), "price": Bound(0)},
    amiss=amiss,
    variants={
        "level=year high": "failed 52-week breakout", "level=round": "failed round-number break",
        "level=swing": "failed swing breakout", "level=user": "failed break of a level",
    },
    live=False,
)  # fmt: skip
