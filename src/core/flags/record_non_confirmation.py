"""D5: the reference has made a record close, and the watched index is far from its own.

Dow theory's non-confirmation: one index at a new high, the other not; it is no divergence, which would
mean opposite directions. `basis` "secondary high" asks for the last turning point instead of the record: the
reference closes above it for the first time, the watched index stands far under its own, or has not closed
above one for long. Mirror: the reference closes at a 252-session low (under its last secondary low), the
watched one far above its own.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..analytics.breakouts import highest_so_far, upside_down
from ..analytics.swings import pivot_highs
from ..bars import Bars, Floats
from .aligned import Aligned, Leg
from .rule import Bools, Bound, Judged, Rule, Telling, Wording, percent_text, price_text

SECONDARY = "secondary high"
TURN = 5
"""Closes on both sides that a secondary high must exceed."""
YEAR = 252


class _High(NamedTuple):
    """The high that counts on each session, and the sessions since a close last made it or passed it."""

    value: Floats
    since: Floats


def judge(aligned: Aligned, parameters: Mapping[str, float | bool | str]) -> Judged:
    """Reference: a new high within the last sessions; watched: depth, and sessions since its own."""
    basis, mirror = str(parameters["basis"]), bool(parameters["mirror"])
    own, other = (_on_common(leg, basis, mirror) for leg in (aligned.watched, aligned.against[0]))
    height = np.abs(own.value)
    depth = 100.0 * (aligned.watched.close - height) / height
    far = depth if mirror else -depth
    fresh = other.since < float(parameters["recent"])
    deep, loose = float(parameters["depth"]), 0.9 * float(parameters["depth"])
    drought = own.since > float(parameters["drought"])
    enter: Bools = fresh & ((far >= deep) | drought)
    return Judged(
        enter=enter,
        stay=fresh & ((far >= loose) | drought),
        decides=np.ones(len(aligned), dtype=bool),
        measures={
            "depth": depth,
            "sessions_since": own.since,
            "record": height,
            "reference_sessions_since": other.since,
            "reference_record": np.abs(other.value),
        },
    )


def _on_common(leg: Leg, basis: str, mirror: bool) -> _High:
    bars = upside_down(leg.bars) if mirror else leg.bars
    low_or_high = _year if mirror else _record
    found = _secondary(bars) if basis == SECONDARY else low_or_high(bars)
    return _High(found.value[leg.at], found.since[leg.at])


def _record(bars: Bars) -> _High:
    """A record counts from the session that set it: an equal close is a match, no record."""
    highest = highest_so_far(bars.close).value
    new = np.r_[True, highest[1:] > highest[:-1]] if len(bars) else np.empty(0, bool)
    index = np.arange(len(bars))
    return _High(highest, (index - np.maximum.accumulate(np.where(new, index, 0))).astype(np.float64))


def _year(bars: Bars) -> _High:
    """The highest of the last 252 closes and the sessions since it was reached; NaN in a shorter history."""
    value, since = np.full((2, len(bars)), np.nan)
    if len(bars) >= YEAR:
        windows = np.lib.stride_tricks.sliding_window_view(bars.close, YEAR)[:, ::-1]
        value[YEAR - 1 :], since[YEAR - 1 :] = windows.max(axis=1), windows.argmax(axis=1)
    return _High(value, since)


def _secondary(bars: Bars) -> _High:
    """The last turning point of closes that was known, and the sessions since a close first passed one."""
    found = pivot_highs(bars.close, TURN, TURN)
    latest = np.searchsorted(found.known_at, np.arange(len(bars)), side="right") - 1
    value = np.full(len(bars), np.nan)
    value[latest >= 0] = bars.close[found.index[latest[latest >= 0]]]
    over = np.flatnonzero(bars.close > value)
    passed = np.zeros(len(bars), dtype=bool)
    passed[over[np.unique(latest[over], return_index=True)[1]]] = True
    return _High(value, _since(passed))


def _since(made: Bools) -> Floats:
    """Sessions since it last held; NaN before it ever did."""
    index = np.arange(len(made))
    latest = np.maximum.accumulate(np.where(made, index, -1))
    return np.where(latest < 0, np.nan, index - latest)


def tell(telling: Telling) -> Wording:
    """The reference's high, the watched one's distance and drought, and both thresholds."""
    reference = telling.names.short.get(telling.against[0], telling.against[0])
    mirror, what = bool(telling.parameters["mirror"]), _what(telling)
    depth = percent_text(telling.number("depth"))
    deep, drought = telling.setting("depth"), telling.setting("drought")
    secondary = telling.parameters["basis"] == SECONDARY
    age = _age(telling.measures["sessions_since"], secondary=secondary)
    return Wording(
        sentence=f"{reference} {_made(telling, what)}; {telling.short} stands {depth} from its own of "
        f"{price_text(telling.number('record'))}, {age} "
        f"(the rule asks {'+' if mirror else '−'}{deep:g}\u00a0% or {drought:g} sessions).",
        brief=f"{depth} from a {what}{'' if secondary else ' ' + age}; {reference} at its own",
        clears_when=f"{telling.short} within {0.9 * deep:g}\u00a0% of a {what} younger than {drought:g} sessions, "
        f"or {_sessions(telling.setting('recent'))} without a {what} of {reference}",
    )


def _made(telling: Telling, what: str) -> str:
    """What the reference did: ``made a record close today at 6,753.72``."""
    ago = round(telling.number("reference_sessions_since"))
    price = price_text(telling.number("reference_record"))
    when = "today" if ago == 0 else f"{_sessions(ago)} ago"
    if telling.parameters["basis"] == SECONDARY:
        side = "under" if telling.parameters["mirror"] else "above"
        return f"closed {side} its last {what} of {price} {when}"
    return f"made a {what} {when} at {price}"


def _age(since: float | None, *, secondary: bool) -> str:
    """How long ago the watched index did as much itself."""
    if since is None:
        return "and passed none yet"
    return f"passed one {_sessions(since)} ago" if secondary else f"{since:,.0f} sessions old"


def _what(telling: Telling) -> str:
    """The high, or low, that the flag is about."""
    if telling.parameters["basis"] == SECONDARY:
        return "secondary low" if telling.parameters["mirror"] else SECONDARY
    return f"{YEAR}-session low" if telling.parameters["mirror"] else "record close"


def _sessions(count: float) -> str:
    return "a session" if count == 1 else f"{count:,g} sessions"


RULE = Rule(
    name="record-non-confirmation",
    title="record non-confirmation",
    version=1,
    references=1,
    kind="event",
    basis="record closes in stored history",
    judge=judge,
    tell=tell,
    defaults={"basis": "record", "recent": 1.0, "depth": 10.0, "drought": 252.0, "mirror": False},
    choices={"basis": ("record", SECONDARY)},
    bounds={"recent": Bound(1, YEAR, whole=True), "depth": Bound(0, 100), "drought": Bound(0, whole=True)},
)
