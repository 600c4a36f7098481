"""Proofs of what confirms: how a ratio, a breadth or a correlation is made, and where it stands in its year."""

from ...core.model.measures import Confirmation
from ...core.model.snapshot import Snapshot
from ..confirmation_words import change_text, value_text
from ..format import dated, number
from ..look import Look
from ..text import clean
from ..words import sentence, short_of
from ._common import percentile_words
from .proof import Check, Input, Proof

_BREADTH = {
    "advancing": "members whose close is over the one before, of all members",
    "above_sma50": "100 × members whose close is over its mean of 50 sessions ÷ members",
    "above_sma200": "100 × members whose close is over its mean of 200 sessions ÷ members",
    "new_highs_lows": "members at a new 52-week high less members at a new 52-week low",
}
PANEL = "members: the five US indices and the eleven sector funds; with one missing nothing is counted"


def prove(one: Confirmation, snapshot: Snapshot, look: Look) -> Proof:
    """Everything behind one line."""
    del look
    known = one.state == "known"
    return Proof(
        clean(one.label), clean(one.meaning), value_text(one) if known else "unknown",
        f"confirmation[{clean(one.key)}].value", "bright" if known else "stale",
        formula=_formula(one, snapshot),
        inputs=_inputs(one, snapshot),
        source=("final daily closes of stored bars, prices without dividends",),
        history=_history(one) if known else (),
        checks=(Check(known, sentence(one.reading) if not known else "every leg has the session’s final close"),),
    )  # fmt: skip


def _formula(one: Confirmation, snapshot: Snapshot) -> tuple[str, ...]:
    kind, _, legs = one.key.partition(":")
    first, _, second = legs.partition("/")
    a, b = short_of(first, snapshot), short_of(second, snapshot)
    if kind == "breadth":
        return (_BREADTH.get(legs, clean(one.meaning)), PANEL)
    said = {
        "ratio": f"100 × ({a} ÷ {b}) ÷ the same 252 sessions ago, on the sessions both have{_ratio_sum(one)}",
        "correlation": f"correlation of the daily changes of {a} and {b} over 20 sessions, beside 250",
        "tracking": f"correlation of daily changes of {a} and {b}, 60 sessions; the difference of their returns",
        "sensitivity": f"slope of {a}’s daily change in percent on a change of {b} by 10 basis points, 60 sessions",
        "concentration": "20-session return of SPY less that of RSP, in percentage points",
        "yield": "the yield’s last close; its distance to 5.00 % in basis points",
        "level": "the last close, among the closes of 252 sessions",
    }
    return (said.get(kind, clean(one.meaning)), sentence(one.reading))


def _ratio_sum(one: Confirmation) -> str:
    """The sum itself, to be done again."""
    now, before = one.measures.get("ratio"), one.measures.get("ratio_252_sessions_ago")
    if now is None or before is None or one.value is None:
        return ""
    return f": 100 × {now:.6f} ÷ {before:.6f} = {number(one.value, 4)}"


def _inputs(one: Confirmation, snapshot: Snapshot) -> tuple[Input, ...]:
    when = f"{dated(one.as_of, snapshot.session or one.as_of)} close" if one.as_of else ""
    made = [Input("value", value_text(one), when, True)] if one.value is not None else []
    if one.change20 is not None:
        made.append(Input("change in 20 sessions", change_text(one)))
    made += [Input(_named(name, one, snapshot), number(value, 4)) for name, value in one.measures.items()]
    return tuple(made)


_NAMES = {
    "ratio": "ratio of the closes",
    "slope20_percent": "slope in 20 sessions, %",
    "from_sma50_percent": "from its mean of 50, %",
    "to_threshold_bp": "to 5.00 %, bp",
    "record_distance_percent": "from its record close, %",
}


def _named(name: str, one: Confirmation, snapshot: Snapshot) -> str:
    """What a measure is, in words; the closes of a ratio by the names on its line."""
    ours, _, theirs = one.label.partition(" / ")
    own = {"close": f"{clean(ours)} close", "reference_close": f"{clean(theirs)} close"}
    return own.get(name) or _NAMES.get(name) or clean(short_of(name, snapshot)).replace("_", " ")


def _history(one: Confirmation) -> tuple[str, ...]:
    said: list[str] = []
    if one.low is not None and one.high is not None:
        said.append(f"between {number(one.low)} and {number(one.high)} in its last 252 sessions")
    if one.position_percent is not None:
        said.append(f"at {number(one.position_percent, 1)} of 100 between them")
    said.append(percentile_words(one.percentile, "the 252 sessions before"))
    return tuple(part for part in said if part)
