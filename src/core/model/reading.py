"""Readings of one instrument: what the four panes show of its bars.

Percentages are 0-100, dates are session dates of the instrument's own calendar, absent is None.
Price fields are in the instrument's currency or index points.
"""

from datetime import date, datetime

import msgspec


class Aware(msgspec.Struct, frozen=True, kw_only=True):
    """A struct that refuses times without a zone."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, datetime) and value.tzinfo is None:
                raise ValueError(f"{name} has no time zone: {value}")


class Quote(Aware, frozen=True, kw_only=True):
    """The session's prices. `change*` run from the previous final close, never from the open.

    `state` is live (session open), provisional (closed, not yet settled) or final. `change_points` is
    basis points for yields, else None. `range_as_of` is the time the day's high and low are known to.
    `unusual`: |change| at or beyond its own 97.5th percentile of 1,260 sessions. `open` is None where
    the index's opens are mostly its previous closes. `change_percentile` is the share of the 1,260 sessions
    before (at least 252) whose |change| was smaller.

    `same_answers` counts answers in a row that brought this price and this time again.

    `source` and `basis` are set where this is not the main source's own: `basis` "close" is an official close alone,
    as `source` publishes it, and its change is between two closes of that source; another word names a close of
    another quantity. `made_of` says how the number was got where it is not published as it stands.
    """

    last: float | None = None
    time: datetime | None = None
    session: date | None = None
    state: str = "final"
    previous_close: float | None = None
    previous_session: date | None = None
    change: float | None = None
    change_percent: float | None = None
    change_points: float | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    range: float | None = None
    close_position_percent: float | None = None
    range_as_of: datetime | None = None
    unusual: bool = False
    change_percentile: float | None = None
    delay_minutes: int = 0
    same_answers: int = 0
    source: str | None = None
    basis: str = "bars"
    made_of: str | None = None


class Origin(Aware, frozen=True, kw_only=True):
    """Where an instrument's final bars come from: who gave the newest, when it was taken, how far they reach."""

    since: date
    sessions: int
    source: str | None = None
    taken_at: datetime | None = None


class PreviousWeek(msgspec.Struct, frozen=True, kw_only=True):
    """The last earlier week with a session."""

    monday: date
    high: float
    low: float
    close: float
    change_percent: float | None = None


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """The weekly bar built from its days; a week is dated by its Monday.

    `sessions` of `expected` have traded; `final` once all are final. `previous_close` is the last final
    close of any earlier week. `range_percent` is of that close; `range_percentile` ranks it among the
    260 weeks before, once it is final. `range_times_average` is the range over the mean of the ten weeks before,
    `range_atr` over the weekly ATR(14) of the week before. `change_points`: the week's change of a yield in basis
    points. `gap_percent` runs from the previous close to the open. `path_percent` is how far it went from close
    to close, each session's move counted whichever way, in percent of the previous close; `efficiency_percent`
    the share of that way it got: 100 in a straight line, 0 back where it began. `patterns_per_session` are nr4
    and nr7 by the range over the root of its sessions: a week with a holiday has a smaller range for that alone.
    """

    monday: date
    sessions: int
    expected: int
    final: bool
    open: float | None
    high: float
    high_date: date
    low: float
    low_date: date
    close: float
    previous_close: float | None = None
    range: float
    range_percent: float | None = None
    range_percentile: float | None = None
    range_times_average: float | None = None
    position_percent: float | None = None
    change_percent: float | None = None
    change_points: float | None = None
    open_to_close_percent: float | None = None
    first_close_to_close_percent: float | None = None
    previous: PreviousWeek | None = None
    patterns: tuple[str, ...] = ()
    half_days: tuple[date, ...] = ()
    gap: float | None = None
    gap_percent: float | None = None
    range_atr: float | None = None
    path_percent: float | None = None
    efficiency_percent: float | None = None
    patterns_per_session: tuple[str, ...] = ()


class RecordMark(msgspec.Struct, frozen=True, kw_only=True):
    """The all-time high on one basis; `distance_percent` <= 0, `points` and `to_recover_percent` >= 0."""

    price: float
    date: date
    distance_percent: float
    points: float
    to_recover_percent: float
    sessions_since: int
    days_since: int


class Drought(msgspec.Struct, frozen=True, kw_only=True):
    """The wait from a record close, `start`, to the next higher one, `end`; both dates of sessions."""

    start: date
    end: date
    days: int
    sessions: int


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Distance from the all-time high on both bases; "all time" is since `since`.

    `phase` and `deepest_*` are on closes, from the record close to the last final close.
    `made_this_week` is the intraday record, `close_made_this_week` the record close.
    `depth_percentile` is the share of earlier sessions (at least 252) that closed less deep below the record
    close of their time than the last final close lies below its own: 0 at the record, the higher the deeper.
    `drought` is the last wait for a record close that ended, `longest_drought` the longest.
    """

    since: date
    intraday: RecordMark
    close: RecordMark
    phase: str
    deepest_percent: float
    deepest_date: date
    made_this_week: bool
    close_made_this_week: bool = False
    depth_percentile: float | None = None
    drought: Drought | None = None
    longest_drought: Drought | None = None


class RangeOf52Weeks(msgspec.Struct, frozen=True, kw_only=True):
    """Extremes of the sessions in (t - 364 days, t] on one basis."""

    high: float
    high_date: date
    low: float
    low_date: date
    position_percent: float | None


class YearRange(msgspec.Struct, frozen=True, kw_only=True):
    """The 52-week range on both bases; `since` is set where the bars begin inside those weeks."""

    intraday: RangeOf52Weeks
    close: RangeOf52Weeks
    since: date | None = None


class Returns(msgspec.Struct, frozen=True, kw_only=True):
    """Percent from the last close of the previous day, week, month, quarter, year."""

    day: float | None = None
    week: float | None = None
    month: float | None = None
    quarter: float | None = None
    year: float | None = None


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """Prices to draw: `session` 5-minute closes of the day, `closes` the last sessions, oldest first."""

    session: tuple[float, ...] = ()
    closes: tuple[float, ...] = ()
