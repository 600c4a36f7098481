"""D1: the watched index falls on a day when every reference rises (mirror: rises when they fall).

The preset of the articles: references at +0.50 % or more, the watched one below zero. A reference keeps
the flag up to +0.35 %, the watched one to +0.10 %, so that it does not flicker at the threshold.
"""

from collections.abc import Mapping

import numpy as np

from .aligned import Aligned
from .rule import Bound, Judged, Rule, Telling, Wording, percent_text

MOST = 100.0
"""Changes of a session that can be asked for, in percent."""


def judge(aligned: Aligned, parameters: Mapping[str, float | bool | str]) -> Judged:
    """Verdict for every common session; magnitude is the spread to the first reference in points."""
    sign = -1.0 if parameters["mirror"] else 1.0
    watched = sign * aligned.watched.change
    references = sign * np.vstack([leg.change for leg in aligned.against])
    weakest = references.min(axis=0)
    comparable = aligned.comparable()
    spread = aligned.watched.change - aligned.against[0].change
    measures = {aligned.watched.symbol: aligned.watched.change, "spread": spread}
    measures |= {leg.symbol: leg.change for leg in aligned.against}
    return Judged(
        enter=comparable & (weakest >= float(parameters["reference"])) & (watched < float(parameters["watched"])),
        stay=comparable
        & (weakest >= float(parameters["reference_stays"]))
        & (watched < float(parameters["watched_stays"])),
        decides=np.ones(len(aligned), dtype=bool),
        measures=measures,
        magnitude=np.where(comparable, np.abs(spread), np.nan),
    )


def tell(telling: Telling) -> Wording:
    """The changes side by side, the spread, and the threshold."""
    own = percent_text(telling.number(telling.watched))
    short = telling.names.short
    others = [f"{short.get(one, one)} {percent_text(telling.number(one))}" for one in telling.against]
    spread = telling.number("spread")
    mirror = bool(telling.parameters["mirror"])
    sign = "−" if mirror else "+"
    points = f"{percent_text(spread)[:-2]}\u00a0pp"
    listed = " and ".join(others) if len(others) < 3 else f"{', '.join(others[:-1])} and {others[-1]}"
    return Wording(
        sentence=f"{telling.short} {own} while {listed}: spread {points}; "
        f"the rule asks {sign}{telling.setting('reference'):.2f}\u00a0% of the references.",
        brief=f"{own}; {', '.join(others)}",
        clears_when="the next session" if telling.final else _clears(telling, sign),
    )


def _clears(telling: Telling, sign: str) -> str:
    over, under = ("under", "over") if sign == "−" else ("over", "under")
    own, others = telling.setting("watched_stays"), telling.setting("reference_stays")
    return f"{telling.short} {over} {sign}{own:.2f}\u00a0%, or a reference {under} {sign}{others:.2f}\u00a0%"


RULE = Rule(
    name="same-day-direction",
    title="same-day direction",
    version=1,
    references=1,
    kind="magnitude",
    basis="change from the previous final close",
    judge=judge,
    tell=tell,
    defaults={
        "reference": 0.50, "watched": 0.0, "reference_stays": 0.35, "watched_stays": 0.10, "mirror": False,
    },
    bounds={
        "reference": Bound(0, MOST), "watched": Bound(-MOST, MOST),
        "reference_stays": Bound(0, MOST), "watched_stays": Bound(-MOST, MOST),
    },
)  # fmt: skip
