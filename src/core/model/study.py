"""Studies: how often a rule held, and what followed, beside all days."""

from datetime import date

import msgspec


class AllDays(msgspec.Struct, frozen=True, kw_only=True):
    """The same over every session of the span, the yardstick of a horizon."""

    mean: float | None = None
    median: float | None = None
    hit_percent: float | None = None


class Horizon(msgspec.Struct, frozen=True, kw_only=True):
    """What followed within so many sessions, in the study's unit; two samples, each named.

    First days of cases more than the horizon apart, so that nothing is counted twice: `cases` (those whose
    outcome is known), `mean`, `median`, `hit_percent` (the share with a rise) with Wilson's 95 %
    `hit_interval`, `worst_adverse` (the lowest close within the horizon against entry, over all cases) and
    `relative_to_reference` (the mean excess over the first reference's change between the same two days).

    All flagged days, `flagged_days` of them with a mean of `flagged_mean`: `difference` of that mean from the
    mean of all days, in points, with its 95 % stationary-bootstrap `interval`, and `hac_t`, the t value of the
    same difference with Newey-West errors.

    Under ten cases only `cases` is given.
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
    flagged_days: int = 0
    flagged_mean: float | None = None
    hac_t: float | None = None
    difference: float | None = None


class Study(msgspec.Struct, frozen=True, kw_only=True):
    """The record of one rule on one pair.

    `parameters` are all thresholds in force. `span` is the first and last session judged, `sessions` their
    number, `days` those on which the rule held (`share_of_days`, 0-1), `episodes` the first days of cases
    more than 20 sessions apart. `outcome` is whose returns were followed: watched or reference. `entry` is
    close, or next open. `given` is the condition the days had to meet, `days_without` those on which the
    rule held and the condition did not; all days remain the yardstick. `gaps` are stretches of over a month
    that a leg lacks, `unit` of what followed is percent, or basis points of a yield, which is held against no
    reference; `notes` what else a reader must know of the figures.
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
    days_without: int | None = None
    gaps: tuple[str, ...] = ()
    unit: str = "percent"
    notes: tuple[str, ...] = ()
