"""Which flag comes first, how many an ordinary day has, what is part of one story, what is near to firing."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from ..bars import as_date
from ..model.flag import Flag
from ..model.measures import Nearest
from ..model.snapshot import Chance
from .lifecycle import Life
from .watch import Watch

ON = ("forming", "provisional", "confirmed")
CONTINUES = 5
"""Sessions within which the same flag again is the same flag still."""
SHOWN = 3
RECENT = 60
_STATES = {"unknown": 1, "faded": 2}
_SEVERITIES = {"rare": 0, "notable": 1, "watch": 2, "info": 3}


def order(flag: Flag) -> tuple[int, int, float]:
    """On before unknown before faded, then the rarest, then the newest."""
    return (_STATES.get(flag.state, 0), _SEVERITIES.get(flag.severity, 4), -flag.first_seen.timestamp())


def chance_of(watches: Mapping[str, Watch], lives: Mapping[str, Life]) -> Chance:
    """Flags on, their stories, and the number on an ordinary day: the sum of the rules' shares of days."""
    on = [name for name, life in lives.items() if life.state in ON and name in watches]
    # all indices against one outlier are one story
    stories = {(watches[name].setting.watched, lives[name].session) for name in on}
    known = [watch.share_of_days for watch in watches.values() if watch.share_of_days is not None]
    return Chance(flags=len(on), stories=len(stories), expected=sum(known))


def run_start(watch: Watch, session: date) -> date | None:
    """The first session of the run a flag belongs to; None where it began with this one."""
    before = np.flatnonzero(watch.aligned.days < np.datetime64(session))
    index = len(before)
    start = index
    for one in np.flatnonzero(watch.judged.on()[:index])[::-1]:
        if start - int(one) > CONTINUES:
            break
        start = int(one)
    return as_date(watch.aligned.days[start]) if start < index else None


def recent(watch: Watch) -> tuple[float, ...]:
    """What a rule measures at the last closes, oldest first: its spread, its magnitude or its first number."""
    measures, judged = watch.judged.measures, watch.judged
    values = measures.get("spread", judged.magnitude)
    if values is None:
        values = next(iter(measures.values()), np.empty(0))
    last = values[-RECENT:]
    return tuple(float(one) for one in last[~np.isnan(last)])


def nearest_of(watches: Mapping[str, Watch], lives: Mapping[str, Life]) -> tuple[Nearest, ...]:
    """The rules that are off with the least left to their threshold, in percentile points."""
    found = [_near(watch) for name, watch in watches.items() if lives.get(name, Life()).state not in ON]
    known = sorted((one for one in found if one is not None), key=lambda one: one.needs - one.percentile)
    return tuple(known[:SHOWN])


def _near(watch: Watch) -> Nearest | None:
    judged, setting = watch.judged, watch.setting
    if judged.nearness is None or judged.needs is None or not len(judged.nearness):
        return None
    percentile = float(judged.nearness[-1])
    if np.isnan(percentile):
        return None
    return Nearest(
        flag=setting.id,
        title=watch.rule.called(setting.set),
        watched=setting.watched,
        against=setting.against,
        percentile=percentile,
        needs=judged.needs,
    )
