"""What a rule did before: how often it held, what followed, and how many live flags lasted to the close."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from ..analytics import study as kernel
from ..analytics.returns import LEAST_HISTORY
from ..analytics.study import LEAST_CASES, Bools, Followed, Integers
from ..analytics.weekly import MONTH
from ..bars import Bars, Floats, as_date
from ..model.config import RuleSetting
from ..model.flag import Event, FlagHistory
from ..model.study import Horizon, Study
from .aligned import Aligned, Leg
from .rule import Judged, Rule

APART = 20
"""Sessions between two cases of the count; a horizon has its own cases, farther apart than itself."""
HORIZONS = (1, 5, 20)
"""Sessions after which is looked."""
WATCHED, REFERENCE = "watched", "reference"
CLOSE, NEXT_OPEN = "close", "next open"
PERCENT, BASIS_POINTS = "percent", "basis points"
_NEAR = np.timedelta64(7, "D")
_EQUAL_OPENS = 0.1

Historian = Callable[[RuleSetting, Rule, Aligned, Judged], FlagHistory | None]
"""How the history beside a flag is come by: counted anew, or taken from a store of studies."""


@dataclass(frozen=True, eq=False)
class Given:
    """A condition on the common sessions: where it can be told at all, and where it holds. Shape (n,)."""

    text: str
    known: Bools
    holds: Bools


@dataclass(frozen=True, eq=False)
class Asked:
    """What is asked of a study beside its rule: from when, whose outcome, entered where, on which condition.

    Without `intervals` the bootstrap is left out, and nothing is concluded.
    """

    since: date | None = None
    outcome: str = WATCHED
    entry: str = CLOSE
    given: Given | None = None
    intervals: bool = True


PLAIN = Asked()
COUNTED = Asked(intervals=False)


def history_of(setting: RuleSetting, rule: Rule, aligned: Aligned, judged: Judged) -> FlagHistory | None:
    """Days, separate cases and medians of what followed, without intervals: cheap enough for every rebuild."""
    made = study_of(setting, rule, aligned, judged, COUNTED)
    return brief_of(made) if made else None


def brief_of(study: Study) -> FlagHistory:
    """The lines of a study that stand beside a flag."""
    five, twenty = study.horizons["5"], study.horizons["20"]
    return FlagHistory(
        days=study.days,
        episodes=len(study.episodes),
        since=study.span[0],
        share_of_days=study.share_of_days,
        first_days=study.episodes if len(study.episodes) < LEAST_CASES else (),
        median_5=five.median,
        median_20=twenty.median,
        all_days_5=five.all_days.median,
        all_days_20=twenty.all_days.median,
        interval_5=five.interval,
        interval_20=twenty.interval,
        conclusion=study.conclusion or None,
        unit=study.unit,
    )


# -- the study ------------------------------------------------------------------------------------------


def study_of(setting: RuleSetting, rule: Rule, aligned: Aligned, judged: Judged, asked: Asked = PLAIN) -> Study | None:
    """The record of a rule over its common sessions; None without one in the span asked for.

    Sessions count on the followed instrument's own bars, and no outcome reaches over a hole in them.
    """
    start = _start(aligned, asked)
    if start >= len(aligned):
        return None
    held = judged.on()
    on = (held & asked.given.holds if asked.given else held)[start:]
    first = kernel.episodes(on, APART)
    days = aligned.days[start:]
    followed_leg = _legs(aligned, asked)[0]
    unit = BASIS_POINTS if followed_leg.yields else PERCENT
    horizons = {str(size): _horizon(aligned, on, start, size, asked, len(first)) for size in HORIZONS}
    return Study(
        rule=rule.name,
        watched=setting.watched,
        against=setting.against,
        parameters=rule.parameters(setting.set),
        span=(as_date(days[0]), as_date(days[-1])),
        sessions=len(days),
        days=int(np.count_nonzero(on)),
        share_of_days=float(np.mean(on)),
        episodes=tuple(as_date(days[index]) for index in first),
        horizons=horizons,
        conclusion=_concluded(horizons, len(first), unit, len(aligned)) if asked.intervals else "",
        version=rule.version,
        outcome=asked.outcome,
        entry=asked.entry,
        given=asked.given.text if asked.given else None,
        days_without=int(np.count_nonzero(held[start:] & ~on)) if asked.given else None,
        notes=_notes(followed_leg, asked),
        unit=unit,
    )


def _start(aligned: Aligned, asked: Asked) -> int:
    """The first session that counts: not before the date asked for, nor before the condition can be told."""
    since = int(np.searchsorted(aligned.days, np.datetime64(asked.since))) if asked.since else 0
    if asked.given is None:
        return since
    known = np.flatnonzero(asked.given.known)
    return max(since, int(known[0])) if len(known) else len(aligned)


def _horizon(aligned: Aligned, on: Bools, start: int, size: int, asked: Asked, cases: int) -> Horizon:
    whole = followed(*_legs(aligned, asked), size, next_open=asked.entry == NEXT_OPEN)
    reference = whole.reference[start:] if whole.reference is not None else None
    cut = Followed(whole.ahead[start:], whole.lowest[start:], reference)
    if cases < LEAST_CASES:
        first = kernel.episodes(on, size)
        return Horizon(cases=int(np.count_nonzero(~np.isnan(cut.ahead[first]))))
    return kernel.horizon_of(cut, on, size, intervals=asked.intervals)


def _legs(aligned: Aligned, asked: Asked) -> tuple[Leg, Leg | None]:
    """Whose outcome is followed, and what it is held against: nothing where one of them is a yield."""
    if asked.outcome == REFERENCE:
        return aligned.against[0], None
    own, other = aligned.watched, aligned.against[0] if aligned.against else None
    return own, None if other is None or own.yields or other.yields else other


def followed(leg: Leg, other: Leg | None, horizon: int, *, next_open: bool) -> Followed:
    """What an instrument did after each common session, and another one between the same two days."""
    bars = leg.bars
    opened = bars.open if next_open else None
    ahead = kernel.forward(bars.close, horizon, opened, points=leg.yields)
    ahead[kernel.over_a_gap(bars.days, horizon)] = np.nan
    meanwhile = None if other is None else _meanwhile(bars, leg.at, other.bars, horizon, next_open=next_open)
    lowest = kernel.lowest_ahead(bars.close, horizon, opened, points=leg.yields)
    return Followed(ahead[leg.at], lowest[leg.at], meanwhile)


def _meanwhile(bars: Bars, at: Integers, other: Bars, horizon: int, *, next_open: bool) -> Floats:
    """Change of `other` from each of the days at `at` to `horizon` sessions of `bars` later; NaN where unknown."""
    changes = np.full(len(at), np.nan)
    known = np.flatnonzero(at + horizon < len(bars))
    begins, ends = bars.days[at[known]], bars.days[at[known] + horizon]
    first = np.searchsorted(other.days, begins, side="right") - 1
    last = np.searchsorted(other.days, ends, side="right") - 1
    inside = (first >= 0) & (last > first) & (ends - other.days[last] < _NEAR)
    first, last = first[inside], last[inside]
    entry = other.open[first + 1] if next_open else other.close[first]
    changes[known[inside]] = 100.0 * (other.close[last] - entry) / entry
    return changes


def _notes(leg: Leg, asked: Asked) -> tuple[str, ...]:
    """Where the next open was asked for and the vendor's opens are mostly the closes before."""
    bars = leg.bars
    if asked.entry != NEXT_OPEN or len(bars) < 2:
        return ()
    equal: Bools = bars.open[1:] == bars.close[:-1]
    share = float(np.mean(equal))
    if share <= _EQUAL_OPENS:
        return ()
    return (f"{100 * share:.0f} % of the opens equal the close before: there the next open is that close",)


# -- in words -------------------------------------------------------------------------------------------


def _concluded(horizons: Mapping[str, Horizon], cases: int, unit: str, sessions: int) -> str:
    if not cases and sessions < LEAST_HISTORY:
        return f"{sessions} sessions are too few to judge by: a rule that ranks needs {LEAST_HISTORY} before"
    return conclude(horizons, cases, unit)


def conclude(horizons: Mapping[str, Horizon], cases: int, unit: str = PERCENT) -> str:
    """One sentence, without its full stop: whether any mean differs from all days, and what chance would do."""
    if cases == 0:
        return "it never held in this span"
    if cases < LEAST_CASES:
        return f"{cases} separate {'case is' if cases == 1 else 'cases are'} too few to compare with all days"
    found = {name: one for name, one in horizons.items() if one.interval is not None}
    if not found:
        return "too few cases are over to compare with all days"
    apart = [_apart(name, one, unit) for name, one in found.items() if one.interval and _excludes_zero(one.interval)]
    if not apart:
        return "not distinguishable from chance: every 95 % interval of the difference from all days contains zero"
    chance = f"of {len(found)} such intervals about {0.05 * len(found):.2g} would leave zero out by chance alone"
    return f"the mean differs from that of all days by {'; by '.join(apart)}; {chance}"


def _apart(name: str, one: Horizon, unit: str) -> str:
    assert one.interval is not None
    assert one.difference is not None
    sessions = "1 session" if name == "1" else f"{name} sessions"
    low, high = (_signed(bound) for bound in one.interval)
    points = unit if unit == BASIS_POINTS else "points"
    return f"{_signed(one.difference)} {points} after {sessions} (95 %: {low} to {high})"


def _signed(value: float) -> str:
    text = f"{abs(value):.2f}"
    return f"{'' if float(text) == 0 else '−' if value < 0 else '+'}{text}"


def _excludes_zero(interval: tuple[float, float]) -> bool:
    low, high = interval
    return low > 0 or high < 0


def holes(bars: Mapping[str, Bars], first: date, last: date) -> tuple[str, ...]:
    """Stretches of over a month that an instrument has no bars of, a sentence each.

    Within a span, or after it: where the newest bars of one end over a month before those of another.
    """
    newest = max((one.day(len(one) - 1) for one in bars.values() if len(one)), default=last)
    between = (
        f"{symbol}: no bars between {before} and {after}"
        for symbol, one in bars.items()
        for before, after in _holes_in(one)
        if before < last and after > first
    )
    behind = (
        f"{symbol}: no bars after {one.day(len(one) - 1)}"
        for symbol, one in bars.items()
        if len(one) and newest - one.day(len(one) - 1) > timedelta(days=31)
    )
    return (*between, *behind)


def _holes_in(bars: Bars) -> list[tuple[date, date]]:
    wide = np.flatnonzero(bars.days[1:] - bars.days[:-1] > MONTH)
    return [(bars.day(int(index)), bars.day(int(index) + 1)) for index in wide]


# -- live flags -----------------------------------------------------------------------------------------


def survival(events: Iterable[Event]) -> dict[str, tuple[float, int]]:
    """Of each flag's sessions that became provisional: the percent that ended confirmed, and their number.

    A flag that fades and comes back in one session counts once, by its last word; sessions that were left
    provisional or ended unknown count for nothing. `events` are oldest first.
    """
    ended: dict[tuple[str, date], str] = {}
    for event in events:
        case = (event.flag, event.session)
        if event.state == "provisional" or case in ended:
            ended[case] = event.state
    found: dict[str, list[bool]] = {}
    for (flag, _), state in ended.items():
        if state in ("confirmed", "faded"):
            found.setdefault(flag, []).append(state == "confirmed")
    return {flag: (100.0 * sum(kept) / len(kept), len(kept)) for flag, kept in found.items()}
