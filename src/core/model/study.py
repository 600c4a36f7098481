"""Studies: how often a rule held, and what followed, beside all days."""

from datetime import date

import msgspec


class AllDays(msgspec.Struct, frozen=True, kw_only=True):
    """The same over every session of the span, the yardstick of a horizon."""

    mean: float | None = None
    median: float | None = None
    hit_percent: float | None = None


class Horizon(msgspec.Struct, frozen=True, kw_only=True):
    """What followed the first day of each episode within so many sessions, in percent.

    Entered at the close of that day (or, with `entry` next open, at the next open). `interval` is the 95 %
    stationary-bootstrap interval of the difference of the means, all flagged days minus all days;
    `hit_interval` is Wilson's of `hit_percent`, the share of episodes with a rise. `worst_adverse` is the
    lowest close within the horizon over all episodes against entry; `relative_to_reference` the mean
    excess over the first reference. Under ten episodes only `cases` is given.
    """

    cases: int
    mean: float | None = None
    median: float | None = None
    hit_percent: float | None = None
    hit_interval: tuple[float, float] | None = None
    interval: tuple[float, float] | None = None
    all_days: AllDays = AllDays()
    worst_adverse: float | None = None
    relative_to_reference: float | None = None
    hac_t: float | None = None


class Study(msgspec.Struct, frozen=True, kw_only=True):
    """The record of one rule on one pair.

    `parameters` are all thresholds in force. `span` is the first and last session judged, `sessions` their
    number, `days` those on which the rule held (`share_of_days`, 0-1), `episodes` the first days of cases
    more than 20 sessions apart. `outcome` is whose returns were followed: watched or reference. `given` is
    the condition the days had to meet. `gaps` are stretches of over a month that a leg lacks.
    """

    rule: str
    watched: str
    against: tuple[str, ...]
    parameters: dict[str, float | bool | str]
    span: tuple[date, date]
    sessions: int
    days: int
    share_of_days: float
    episodes: tuple[date, ...]
    horizons: dict[str, Horizon]
    conclusion: str
    version: int = 1
    outcome: str = "watched"
    entry: str = "close"
    given: str | None = None
    gaps: tuple[str, ...] = ()
