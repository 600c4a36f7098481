"""D3: the watched index does less (mirror: more) than its reference's move would have it do.

A small-cap index that falls more than the market is no divergence while its beta says so: what counts is
the residual from the line of the 60 sessions before. Its z is ranked among its own past rather than read
off a table: residuals have fat tails (z <= -2 came on 3.3 % of days instead of 2.3), and the residual in
points alone is rarest in calm years and common in wild ones.
"""

from collections.abc import Mapping

import numpy as np

from ..analytics.rolling import lagged, rolling_ols
from ..bars import Floats
from .aligned import Aligned
from .pair import bound, changes, deviations, facing, outer, pair_of, place, points, ranked, ratio, whole
from .rule import Bound, Judged, Rule, Telling, Wording, percent_text

SESSIONS = 60


def judge(aligned: Aligned, parameters: Mapping[str, float | bool | str]) -> Judged:
    """Verdict for every common session; magnitude is the residual in points, whatever its sign."""
    pair = pair_of(aligned, whole(parameters, "days", 1))
    line = rolling_ols(pair.other, pair.own, SESSIONS)
    intercept, beta = lagged(line.intercept), lagged(line.slope)
    expected = intercept + beta * pair.other
    residual = pair.own - expected
    z = ratio(residual, lagged(line.sd))
    rank = ranked(z, whole(parameters, "window", 1))
    by_rank = parameters["basis"] != "z"
    on = outer(rank, z, parameters) if by_rank else facing(z, parameters) >= float(parameters["z"])
    measures: dict[str, Floats] = {
        aligned.watched.symbol: pair.own, aligned.against[0].symbol: pair.other, "residual": residual,
        "expected": expected, "intercept": intercept, "beta": beta, "z": z, "signed_percentile": rank,
    }  # fmt: skip
    return Judged(
        enter=pair.marked(on),
        stay=pair.marked(on),
        decides=np.ones(len(aligned), dtype=bool),
        measures={name: pair.placed(values) for name, values in measures.items()},
        magnitude=pair.placed(np.abs(residual)),
        nearness=pair.placed(facing(rank, parameters, 100.0)) if by_rank else None,
        needs=100.0 - float(parameters["tail"]) if by_rank else None,
    )


def tell(telling: Telling) -> Wording:
    """What the line had the watched index do, what it did, the residual, its rank and the threshold."""
    own, other = changes(telling)
    residual, tail, z = telling.number("residual"), telling.setting("tail"), telling.setting("z")
    rank = place(telling.measures["signed_percentile"], telling.setting("window"))
    shift = f"z {deviations(telling.measures['z'])}"
    over = f" over {int(telling.setting('days'))} sessions" if telling.setting("days") > 1 else ""
    asks = f"(the rule asks {bound(telling, tail, 100.0 - tail)})"
    by_z = f"{shift} (the rule asks {bound(telling, -z, z)}), {rank}"
    return Wording(
        sentence=f"{telling.short} {own}{over} where a beta of {telling.number('beta'):.2f} to {other} gives "
        f"{percent_text(telling.number('expected'))}: residual {points(residual)}, "
        + (by_z if telling.parameters["basis"] == "z" else f"{shift}, {rank} {asks}")
        + ".",
        brief=f"{own}; {other}: residual {points(residual)}",
        clears_when="a close nearer to the line; judged at every close",
    )


RULE = Rule(
    name="beta-residual",
    title="beta-adjusted residual",
    version=1,
    references=1,
    kind="magnitude",
    basis="change from the previous final close, the line of the 60 sessions before",
    judge=judge,
    tell=tell,
    defaults={
        "basis": "percentile", "tail": 2.5, "window": 1260.0, "z": 2.5, "sides": "one", "days": 1.0, "mirror": False,
    },
    choices={"basis": ("percentile", "z"), "sides": ("one", "both")},
    bounds={
        "tail": Bound(0, 50), "window": Bound(20, 12600, whole=True), "z": Bound(0, 20),
        "days": Bound(1, 20, whole=True),
    },
    live=False,
)  # fmt: skip
