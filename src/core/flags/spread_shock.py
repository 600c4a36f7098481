"""D2: the watched index lags (mirror: leads) its reference by a spread that is rare among its own past.

The sound version of the same-day rule: the lowest 2.5 % of the spreads of five years, whichever way the
market went. `basis` z asks for deviations of the `sessions` before instead; they are shown either way.
"""

from collections.abc import Mapping

import numpy as np

from ..analytics.rolling import lagged, rolling_mean, rolling_sd
from ..bars import Floats
from .aligned import Aligned
from .pair import bound, called, changes, deviations, facing, outer, pair_of, place, points, ranked, ratio, whole
from .rule import Bound, Judged, Rule, Telling, Wording


def judge(aligned: Aligned, parameters: Mapping[str, float | bool | str]) -> Judged:
    """Verdict for every common session; magnitude is the spread in points, whatever its sign."""
    pair = pair_of(aligned)
    spread = pair.spread
    rank = ranked(spread, whole(parameters, "window", 1))
    z = deviation(spread, whole(parameters, "sessions", 2))
    by_rank = parameters["basis"] != "z"
    on = outer(rank, spread, parameters) if by_rank else facing(z, parameters) >= float(parameters["z"])
    return Judged(
        enter=pair.marked(on),
        stay=pair.marked(on),
        decides=np.ones(len(aligned), dtype=bool),
        measures={
            aligned.watched.symbol: pair.placed(pair.own),
            aligned.against[0].symbol: pair.placed(pair.other),
            "spread": pair.placed(spread),
            "z": pair.placed(z),
            "signed_percentile": pair.placed(rank),
        },
        magnitude=pair.placed(np.abs(spread)),
        nearness=pair.placed(facing(rank, parameters, 100.0)) if by_rank else None,
        needs=100.0 - float(parameters["tail"]) if by_rank else None,
    )


def deviation(spread: Floats, sessions: int) -> Floats:
    """The spread in standard deviations from the mean of the sessions that ended the day before."""
    mean, sd = lagged(rolling_mean(spread, sessions)), lagged(rolling_sd(spread, sessions))
    return ratio(spread - mean, sd)


def tell(telling: Telling) -> Wording:
    """Both changes, the spread, where it ranks and how many deviations it is, and the threshold."""
    own, other = changes(telling)
    spread, tail, z = telling.number("spread"), telling.setting("tail"), telling.setting("z")
    verb = "lags" if spread < 0 else "leads"
    rank = place(telling.measures["signed_percentile"], telling.setting("window"))
    shift = f"z {deviations(telling.measures['z'])} against the {telling.setting('sessions'):g} sessions before"
    asks = f"(the rule asks {bound(telling, tail, 100.0 - tail)})"
    by_z = f"{shift} (the rule asks {bound(telling, -z, z)}), {rank}"
    return Wording(
        sentence=f"{telling.short} {own} {verb} {other} by {points(abs(spread)).lstrip('+')}: "
        + (by_z if telling.parameters["basis"] == "z" else f"{rank} {asks}, {shift}")
        + ".",
        brief=f"{own}; {other}: spread {points(spread)}",
        clears_when=f"a close of {telling.short} nearer to {called(telling, telling.against[0])}; "
        "judged at every close",
    )


RULE = Rule(
    name="spread-shock",
    title="spread shock",
    version=1,
    references=1,
    kind="magnitude",
    basis="change from the previous final close, official closes only",
    judge=judge,
    tell=tell,
    defaults={
        "basis": "percentile", "tail": 2.5, "window": 1260.0, "z": 2.0, "sessions": 60.0, "sides": "one",
        "mirror": False,
    },
    choices={"basis": ("percentile", "z"), "sides": ("one", "both")},
    bounds={
        "tail": Bound(0, 50), "window": Bound(20, 12600, whole=True), "z": Bound(0, 20),
        "sessions": Bound(20, 2520, whole=True),
    },
    live=False,
)  # fmt: skip
