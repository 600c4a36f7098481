"""D9: an old record was broken and confirmed, came back to be tried as a floor, and did not hold.

The states are those of analytics.polarity: the flag is on when a close falls under the band within `within`
sessions of the touch. Each record counts until a later one that stood as long is broken.
"""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from ..analytics import polarity
from ..analytics.breakouts import first_record_closes, highest_so_far
from ..analytics.momentum import atr
from ..bars import Bars
from .aligned import Aligned
from .rule import Bound, Judged, Rule, Telling, Wording, price_text

MEASURES = ("level", "band", "sessions_since_touch", "sessions_since_break")


def judge(aligned: Aligned, parameters: Mapping[str, float | bool | str]) -> Judged:
    """The closes on which a floor was lost, and how long after the touch and the break."""
    bars, at = aligned.watched.bars, aligned.watched.at
    columns = _failures(bars, int(float(parameters["drought"])))
    on = columns[2] <= float(parameters["within"])
    return Judged(
        enter=on[at],
        stay=on[at],
        decides=np.ones(len(aligned), dtype=bool),
        measures={
            **{name: column[at] for name, column in zip(MEASURES, columns, strict=True)},
            "close": bars.close[at],
            "edge": (columns[0] - columns[1])[at],
        },
    )


def _failures(bars: Bars, drought: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The measures of every floor lost after a retest, NaN on the other sessions. Shape (4, n)."""
    columns = np.full((len(MEASURES), len(bars)), np.nan)
    cases, ranges = first_record_closes(bars.close, drought).tolist(), atr(bars)
    before = highest_so_far(bars.close).value
    for case, following in pairwise([*cases, len(bars)]):
        level = float(before[case - 1])
        band = polarity.band_of(level, ranges)
        broken = touched = None
        for at, state in polarity.walk(bars, ranges, level, case, following):
            if state == polarity.BROKEN:
                broken, touched = at, None
            elif state == polarity.RETEST:
                touched = at
            elif state == polarity.FAILED and touched is not None and broken is not None:
                columns[:, at] = level, band[at], at - touched, at - broken
    return columns


def tell(telling: Telling) -> Wording:
    """The close, the edge of the floor's band, and when the old record was broken and first tried."""
    level = telling.number("level")
    touched, broken = round(telling.number("sessions_since_touch")), round(telling.number("sessions_since_break"))
    first = "this session" if touched == 0 else f"{_sessions(touched)} ago"
    return Wording(
        sentence=f"{telling.short} closed at {price_text(telling.number('close'))}, under "
        f"{price_text(telling.number('edge'))}, the lower edge of the band at its old record of {price_text(level)}; "
        f"it broke that record {_sessions(broken)} ago and first came back to it {first} "
        f"(the rule asks that within the last {telling.setting('within'):g} sessions).",
        brief=f"under the old record of {price_text(level)}, broken {_sessions(broken)} ago",
        clears_when="the next session: a failure is flagged once",
    )


def _sessions(count: float) -> str:
    return "a session" if count == 1 else f"{count:,g} sessions"


RULE = Rule(
    name="failed-retest",
    title="failed retest",
    version=1,
    references=0,
    kind="event",
    basis="official closes against an old record close of stored history",
    judge=judge,
    tell=tell,
    defaults={"within": 20.0, "drought": 60.0},
    bounds={"within": Bound(0, 252, whole=True), "drought": Bound(0, whole=True)},
    live=False,
)
