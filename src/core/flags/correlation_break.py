"""D12: the watched index has let go of its reference: 20 sessions correlate far less than 250.

z is the difference of Fisher's transforms over its error for independent days. Days are not independent,
so the same z must also be rare in its own past: alone, -3 comes on 1 day in 100 of one pair and 1 in 28 of another.
"""

from collections.abc import Mapping

import numpy as np

from ..analytics.rolling import rolling_correlation
from ..bars import Floats
from .aligned import Aligned
from .pair import called, deviations, number, pair_of, place, ranked, whole
from .rule import Bound, Judged, Rule, Telling, Wording

SHORT, LONG = 20, 250
ERROR = float(np.sqrt(1.0 / (SHORT - 3) + 1.0 / (LONG - 3)))
MOST = 1.0 - 1e-9
"""A correlation of one has no transform."""


def judge(aligned: Aligned, parameters: Mapping[str, float | bool | str]) -> Judged:
    """Verdict for every common session; magnitude is z, whatever its sign."""
    pair = pair_of(aligned, whole(parameters, "days", 1))
    short = rolling_correlation(pair.own, pair.other, SHORT)
    long = rolling_correlation(pair.own, pair.other, LONG)
    z = (_fisher(short) - _fisher(long)) / ERROR
    rank = ranked(z, whole(parameters, "window", 1))
    enter = pair.placed(z) <= float(parameters["z"])
    enter &= pair.placed(rank) <= float(parameters["percentile"])
    asked = np.tanh(_fisher(long) + float(parameters["z"]) * ERROR)
    measures: dict[str, Floats] = {
        "correlation20": short, "correlation250": long, "z": z, "signed_percentile": rank, "asked": asked,
    }  # fmt: skip
    return Judged(
        enter=np.asarray(enter, dtype=bool),
        stay=np.asarray(enter, dtype=bool),
        decides=np.ones(len(aligned), dtype=bool),
        measures={name: pair.placed(values) for name, values in measures.items()},
        magnitude=pair.placed(np.abs(z)),
    )


def _fisher(correlation: Floats) -> Floats:
    return np.asarray(np.arctanh(np.clip(correlation, -MOST, MOST)))


def tell(telling: Telling) -> Wording:
    """Both correlations, z and its rank, and both thresholds."""
    short, long = telling.number("correlation20"), telling.number("correlation250")
    z, percentile = telling.setting("z"), telling.setting("percentile")
    rank = place(telling.measures["signed_percentile"], telling.setting("window"))
    days = int(telling.setting("days"))
    what = "daily changes" if days <= 1 else f"{days}-session changes"
    return Wording(
        sentence=f"{telling.short} and {called(telling, telling.against[0])} correlate {_two(short)} over {SHORT} "
        f"sessions of {what}, {_two(long)} over {LONG}: z {deviations(telling.number('z'))}, {rank} "
        f"(the rule asks {number(z)} and {percentile:g}).",
        brief=f"correlation {_two(short)} over {SHORT} sessions, {_two(long)} over {LONG}",
        clears_when=f"a correlation of {SHORT} sessions above {_two(telling.number('asked'))}, "
        f"or a z above its {percentile:g}th percentile",
    )


def _two(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


RULE = Rule(
    name="correlation-break",
    title="correlation break",
    version=1,
    references=1,
    kind="magnitude",
    basis="change from the previous final close, official closes only",
    judge=judge,
    tell=tell,
    defaults={"z": -3.0, "percentile": 2.5, "window": 1260.0, "days": 1.0},
    bounds={
        "z": Bound(-20, 0),
        "percentile": Bound(0, 100),
        "window": Bound(20, 12600, whole=True),
        "days": Bound(1, 20, whole=True),
    },
    live=False,
)
