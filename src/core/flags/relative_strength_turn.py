"""D6: the ratio of the watched index to its reference turns down (mirror: up).

Three triggers. `slope`: the least-squares slope of ln(A/B) over 20 sessions is steep downward for the first
time since it was steep upward; steep is over its own median of the 1,260 sessions before. Asked on the very
day of the sign change, when a slope is near zero, this came once in 38 years. `sma50`: A/B crosses its
50-session average, and so many `closes` stand beyond it. `extreme`: A/B closes at its 252-session low while A
does not, the first time in `quiet` sessions.
"""

from collections.abc import Mapping

import numpy as np

from ..analytics.rolling import rolling_max, rolling_mean, rolling_min, rolling_slope, trailing_percentile
from ..bars import Floats
from .aligned import Aligned
from .pair import LEAST, called, whole
from .rule import Bools, Bound, Judged, Rule, Telling, Wording, percent_text, price_text

SLOPE, AVERAGE, YEAR, WINDOW = 20, 50, 252, 1260


def judge(aligned: Aligned, parameters: Mapping[str, float | bool | str]) -> Judged:
    """On the days of a turn alone; magnitude is the slope in percent a session, whatever its sign."""
    own, quotient = aligned.watched.close, aligned.watched.close / aligned.against[0].close
    slope = 100.0 * rolling_slope(np.log(quotient), SLOPE)
    rank = trailing_percentile(np.abs(slope), WINDOW, LEAST)
    average = rolling_mean(quotient, AVERAGE)
    sides = {
        "slope": lambda: _steep(slope, rank, float(parameters["strength"])),
        "sma50": lambda: _held(np.sign(quotient - average), whole(parameters, "closes", 1)),
        "extreme": lambda: _extreme(quotient, own),
    }[str(parameters["trigger"])]()
    wanted = 1.0 if parameters["mirror"] else -1.0
    if parameters["trigger"] == "extreme":
        enter, since = _first(sides == wanted, whole(parameters, "quiet", 0))
    else:
        enter, since = _turns(sides, wanted)
    return Judged(
        enter=enter,
        stay=enter,
        decides=np.ones(len(aligned), dtype=bool),
        measures={
            "slope": slope, "slope_percentile": rank, "ratio": quotient, "average": average, "sessions_since": since,
        },
        magnitude=np.abs(slope) if parameters["trigger"] == "slope" else None,
    )  # fmt: skip


def _steep(slope: Floats, rank: Floats, strength: float) -> Floats:
    """1 or -1 where the slope is steeper than so many percent of its past, else 0."""
    return np.asarray(np.where(rank > strength, np.sign(slope), 0.0))


def _held(side: Floats, closes: int) -> Floats:
    """1 or -1 where so many closes in a row stand on that side, else 0."""
    known = np.nan_to_num(side)
    over, under = rolling_min(known, closes) == 1.0, rolling_max(known, closes) == -1.0
    return np.asarray(over.astype(np.float64) - under.astype(np.float64))


def _extreme(quotient: Floats, own: Floats) -> Floats:
    """-1 where A/B is at its low of a year and A is not at its own, 1 the same with highs, else 0."""
    low = (quotient == rolling_min(quotient, YEAR)) & (own > rolling_min(own, YEAR))
    high = (quotient == rolling_max(quotient, YEAR)) & (own < rolling_max(own, YEAR))
    return np.asarray(high.astype(np.float64) - low.astype(np.float64))


def _turns(sides: Floats, wanted: float) -> tuple[Bools, Floats]:
    """Where the side wanted is taken after the other one, and for how many sessions the other one is past."""
    taken = np.flatnonzero(sides)
    turned = taken[1:][np.diff(sides[taken]) != 0.0]
    other = np.maximum.accumulate(np.where(sides == -wanted, np.arange(len(sides)), -1))
    since = np.where(other < 0, np.nan, np.arange(len(sides)) - other)
    on = np.zeros(len(sides), dtype=bool)
    on[turned[sides[turned] == wanted]] = True
    return on, since


def _first(holds: Bools, quiet: int) -> tuple[Bools, Floats]:
    """Where it holds for the first time in so many sessions, and the sessions since it last did before."""
    index = np.arange(len(holds))
    last = np.maximum.accumulate(np.r_[-1, np.where(holds, index, -1)])[:-1] if len(holds) else index
    since = np.where(last < 0, np.nan, index - last)
    return np.asarray(holds & ~(since <= quiet), dtype=bool), since


def tell(telling: Telling) -> Wording:
    """What turned, by how much, and what the rule asks."""
    words = {"slope": _tell_slope, "sma50": _tell_average, "extreme": _tell_extreme}
    sentence, brief = words[str(telling.parameters["trigger"])](telling, _quotient(telling))
    return Wording(sentence=sentence, brief=brief, clears_when="the next session: a turn is flagged once")


def _tell_slope(telling: Telling, name: str) -> tuple[str, str]:
    slope, rank = percent_text(telling.number("slope"), 3), telling.number("slope_percentile")
    word, before = ("up", "downward") if telling.parameters["mirror"] else ("down", "upward")
    since = round(telling.number("sessions_since"))
    return (
        f"{name} turned {word}: its slope over {SLOPE} sessions is {slope} a session, steeper than {rank:.0f}\u00a0% "
        f"of up to {WINDOW:,} sessions (the rule asks {telling.setting('strength'):g}\u00a0%), and was that steep "
        f"{before} {_ago(since)}.",
        f"{name} slope {slope} a session",
    )


def _tell_average(telling: Telling, name: str) -> tuple[str, str]:
    at, average = _level(telling.number("ratio")), _level(telling.number("average"))
    over = "over" if telling.parameters["mirror"] else "under"
    closes = round(telling.setting("closes"))
    return (
        f"{name} at {at} crossed {over} its {AVERAGE}-session average of {average} "
        f"(the rule asks {closes} close{'s' if closes != 1 else ''} beyond it).",
        f"{name} {at} {over} its {AVERAGE}-session average {average}",
    )


def _tell_extreme(telling: Telling, name: str) -> tuple[str, str]:
    at, end = _level(telling.number("ratio")), "high" if telling.parameters["mirror"] else "low"
    quiet = telling.setting("quiet")
    return (
        f"{name} closed at its {YEAR}-session {end} of {at} while {telling.short} is not at its own "
        f"(the rule asks for none in the {quiet:g} sessions before).",
        f"{name} at its {YEAR}-session {end}, {telling.short} not",
    )


def _quotient(telling: Telling) -> str:
    return f"{telling.short}/{called(telling, telling.against[0])}"


def _level(value: float) -> str:
    return f"{value:.4f}" if value < 1.0 else price_text(value)


def _ago(sessions: int) -> str:
    return "the session before" if sessions == 1 else f"{sessions:,} sessions before"


RULE = Rule(
    name="relative-strength-turn",
    title="relative strength turn",
    version=1,
    references=1,
    kind="magnitude",
    basis="ratio of official closes on common sessions",
    judge=judge,
    tell=tell,
    defaults={"trigger": "slope", "strength": 50.0, "closes": 2.0, "quiet": 20.0, "mirror": False},
    choices={"trigger": ("slope", "sma50", "extreme")},
    bounds={"strength": Bound(0, 100), "closes": Bound(1, AVERAGE, whole=True), "quiet": Bound(0, whole=True)},
    live=False,
)
