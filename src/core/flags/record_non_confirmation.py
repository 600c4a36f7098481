"""D5: the reference has made a record close, and the watched index is far from its own.

Dow theory's non-confirmation: one index at a new high, the other not; it is no divergence, which would
mean opposite directions.
"""

from collections.abc import Mapping

import numpy as np

from ..bars import Floats
from .aligned import Aligned
from .rule import Bools, Judged, Rule, Telling, Wording, percent_text, price_text


def judge(aligned: Aligned, parameters: Mapping[str, float | bool | str]) -> Judged:
    """Reference: record close within the last sessions; watched: depth and sessions since its own."""
    reference, watched = aligned.against[0], aligned.watched
    since_reference = sessions_since_record(reference.bars.close)[reference.at]
    record = np.maximum.accumulate(watched.bars.close)
    depth = (100.0 * (watched.bars.close - record) / record)[watched.at]
    since = sessions_since_record(watched.bars.close)[watched.at]
    fresh = since_reference < float(parameters["recent"])
    deep, loose = float(parameters["depth"]), 0.9 * float(parameters["depth"])
    drought = since > float(parameters["drought"])
    enter: Bools = fresh & ((depth <= -deep) | drought)
    return Judged(
        enter=enter,
        stay=fresh & ((depth <= -loose) | drought),
        decides=np.ones(len(aligned), dtype=bool),
        measures={
            "depth": depth,
            "sessions_since": since,
            "record": record[watched.at],
            "reference_sessions_since": since_reference,
            "reference_record": np.maximum.accumulate(reference.bars.close)[reference.at],
        },
    )


def sessions_since_record(close: Floats) -> Floats:
    """Sessions from the last session that set or matched the highest close so far; 0 on that day."""
    at_record = close >= np.maximum.accumulate(close)
    index = np.arange(len(close))
    latest = np.maximum.accumulate(np.where(at_record, index, -1))
    return (index - latest).astype(np.float64)


def tell(telling: Telling) -> Wording:
    """The reference's record, the watched one's distance and drought, and both thresholds."""
    reference = telling.names.short.get(telling.against[0], telling.against[0])
    ago = round(telling.number("reference_sessions_since"))
    when = "made a record close today" if ago == 0 else f"made a record close {ago} sessions ago"
    depth, since = telling.number("depth"), round(telling.number("sessions_since"))
    deep, drought = telling.setting("depth"), telling.setting("drought")
    return Wording(
        sentence=f"{reference} {when} at {price_text(telling.number('reference_record'))}; {telling.short} stands "
        f"{percent_text(depth)} from its own of {price_text(telling.number('record'))}, {since:,} sessions old "
        f"(the rule asks −{deep:g}\u00a0% or {drought:g} sessions).",
        brief=f"{percent_text(depth)} from a record close {since:,} sessions old; {reference} at its own",
        clears_when=f"{telling.short} within {0.9 * deep:g}\u00a0% of a record younger than {drought:g} sessions, "
        f"or {_sessions(telling.setting('recent'))} without a record close of {reference}",
    )


def _sessions(count: float) -> str:
    return "a session" if count == 1 else f"{count:g} sessions"


RULE = Rule(
    name="record-non-confirmation",
    title="record non-confirmation",
    version=1,
    references=1,
    kind="event",
    basis="record closes in stored history",
    judge=judge,
    tell=tell,
    defaults={"recent": 1.0, "depth": 10.0, "drought": 252.0},
)
