"""D10: a higher swing high in price, a lower reading of RSI or MACD at it (mirror: lower lows, higher reading).

A swing point stands out from `side` bars on both sides, so it is known `side` sessions later and flagged on that
session, never before. Two neighbouring ones are compared, `least` to `most` sessions apart. `pivots` says in
which series they stand out: the highs (lows) of price, or the indicator itself. `hidden`: price lower and
the indicator higher.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..analytics.momentum import macd, rsi
from ..analytics.momentum_state import WARM_UP
from ..analytics.swings import pivot_highs
from ..bars import Bars, Floats
from .aligned import Aligned, Indices
from .pair import whole
from .rule import Bools, Bound, Judged, Rule, Telling, Wording, price_text

NAMES = {"rsi": "RSI(14)", "macd": "MACD(12, 26, 9)"}

Chosen = Mapping[str, float | bool | str]


class _Turns(NamedTuple):
    """Two neighbouring swing points and the session on which the later one was known."""

    first: Indices
    second: Indices
    known_at: Indices


def judge(aligned: Aligned, parameters: Chosen) -> Judged:
    """On the session that makes the later swing point known."""
    bars, at = aligned.watched.bars, aligned.watched.at
    sign = -1.0 if parameters["mirror"] else 1.0
    price = bars.low if parameters["mirror"] else bars.high
    reading = _reading(bars, str(parameters["indicator"]))
    turns = _turns(sign * (price if parameters["pivots"] == "price" else reading), parameters)
    apart = _apart(turns, sign * price, sign * reading, hidden=bool(parameters["hidden"]))
    first, second, known_at = (column[apart] for column in turns)
    on = np.zeros(len(bars), dtype=bool)
    on[known_at] = True
    figures: dict[str, Floats | Indices] = {
        "price": price[second], "price_before": price[first],
        "reading": reading[second], "reading_before": reading[first],
        "sessions_apart": second - first, "sessions_since": known_at - second,
    }  # fmt: skip
    return Judged(
        enter=on[at],
        stay=on[at],
        decides=np.ones(len(aligned), dtype=bool),
        measures={name: _placed(values, known_at, len(bars))[at] for name, values in figures.items()},
    )


def _reading(bars: Bars, indicator: str) -> Floats:
    """The indicator without its first 250 bars."""
    found = macd(bars.close).line if indicator == "macd" else rsi(bars.close)
    return np.where(np.arange(len(bars)) < WARM_UP, np.nan, found)


def _turns(series: Floats, parameters: Chosen) -> _Turns:
    """Neighbouring highs of a series that are neither too near nor too far from each other."""
    side = whole(parameters, "side", 1)
    found = pivot_highs(series, side, side)
    distance = np.diff(found.index)
    fit = (distance >= float(parameters["least"])) & (distance <= float(parameters["most"]))
    return _Turns(found.index[:-1][fit], found.index[1:][fit], found.known_at[1:][fit])


def _apart(turns: _Turns, price: Floats, reading: Floats, *, hidden: bool) -> Bools:
    """Where price and indicator went different ways; both are upside down for lows."""
    rise, reads = price[turns.second] - price[turns.first], reading[turns.second] - reading[turns.first]
    return (rise < 0.0) & (reads > 0.0) if hidden else (rise > 0.0) & (reads < 0.0)


def _placed(values: Floats | Indices, at: Indices, size: int) -> Floats:
    column = np.full(size, np.nan)
    column[at] = values
    return column


def tell(telling: Telling) -> Wording:
    """Both swing points, what the indicator read at them, and what the rule asks."""
    what = "low" if telling.parameters["mirror"] else "high"
    risen = telling.number("price") > telling.number("price_before")
    over, other = ("over", "lower") if risen else ("under", "higher")
    name = NAMES[str(telling.parameters["indicator"])]
    read, before = telling.number("reading"), telling.number("reading_before")
    apart, since = round(telling.number("sessions_apart")), round(telling.number("sessions_since"))
    return Wording(
        sentence=f"{telling.short}'s swing {what} of {price_text(telling.number('price'))} {_sessions(since)} ago is "
        f"{over} the {price_text(telling.number('price_before'))} of {_sessions(apart)} before, with {name} {other}: "
        f"{_number(read)} after {_number(before)} (the rule asks {_asked(telling)}).",
        brief=f"a swing {what} {over} the one before, {name} {_number(read)} after {_number(before)}",
        clears_when=f"the next session: a swing {what} is flagged once, when it is known",
    )


def amiss(parameters: Chosen) -> tuple[str, str] | None:
    """Two swings cannot be farther apart than they may be at most."""
    least = float(parameters["least"])
    return ("most", f"at least as many sessions as least, {least:g}") if float(parameters["most"]) < least else None


def _asked(telling: Telling) -> str:
    side, least, most = (round(telling.setting(name)) for name in ("side", "least", "most"))
    return f"swings of {side} bars a side, {least} to {most} sessions apart"


def _sessions(count: int) -> str:
    return "a session" if count == 1 else f"{count} sessions"


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


RULE = Rule(
    name="momentum-divergence",
    title="momentum divergence",
    version=1,
    references=0,
    kind="event",
    basis="swing highs and lows of price, indicators of official closes; known after the swing",
    judge=judge,
    tell=tell,
    defaults={
        "indicator": "rsi", "pivots": "price", "side": 5.0, "least": 5.0, "most": 60.0,
        "hidden": False, "mirror": False,
    },
    choices={"indicator": tuple(NAMES), "pivots": ("price", "indicator")},
    percent=False,
    bounds={"side": Bound(1, 60, whole=True), "least": Bound(1, 252, whole=True), "most": Bound(1, 252, whole=True)},
    amiss=amiss,
    live=False,
)  # fmt: skip
