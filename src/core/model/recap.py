"""The recap: one week of one instrument in words and tables, each figure with where it comes from.

Percentages are 0-100, prices in the instrument's own units, dates are session dates, absent is None.
"""

from datetime import date

import msgspec

CLOSING = "Every figure is computed from stored bars; no causes are given."
"""The last line of every recap."""

Value = float | str
"""A number at full precision, or a date as ``YYYY-MM-DD``."""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence or heading and its figures by name.

    `figures` are at full precision; `sources` say of each where it comes from: a path in the snapshot of
    that day (``instruments[^RUT].week.change_percent``), a path in the recap's own tables
    (``by_session[2025-10-16].close``), or the formula in words.
    """

    text: str
    figures: dict[str, Value] = msgspec.field(default_factory=dict[str, Value])
    sources: dict[str, str] = msgspec.field(default_factory=dict[str, str])


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A computed heading over sentences; `key` is stable: week, record, range, others, path, flags and so on."""

    key: str
    heading: Statement
    sentences: tuple[Statement, ...] = ()


class IndexLine(msgspec.Struct, frozen=True, kw_only=True):
    """One instrument's week: three definitions of its change, and where in its range it closed.

    `sessions` of `expected` traded. `disagrees` where another definition than the standard one has the
    other sign. `change_points` is a yield's change in basis points, which has no percentages.
    """

    symbol: str
    short: str
    name: str
    kind: str
    group: str
    close: float
    sessions: int
    expected: int
    change_percent: float | None = None
    open_to_close_percent: float | None = None
    first_close_to_close_percent: float | None = None
    change_points: float | None = None
    position_percent: float | None = None
    disagrees: bool = False


class SessionLine(msgspec.Struct, frozen=True, kw_only=True):
    """One session of the subject; `change_percent` from the close before, `range_atr` in ATR(14) of the week's end.

    `change_points` is a yield's change in basis points, which has no percentages.

    `record_high` and `record_close` where it set a new one, strictly above all before.
    """

    day: date
    open: float | None
    high: float
    low: float
    close: float
    range: float
    change_percent: float | None = None
    range_atr: float | None = None
    change_points: float | None = None
    position_percent: float | None = None
    record_high: bool = False
    record_close: bool = False


class RecordLine(msgspec.Struct, frozen=True, kw_only=True):
    """Distance from both records in percent, never above zero; `gap_percent` is the record close from the intraday."""

    symbol: str
    short: str
    intraday_percent: float
    close_percent: float
    gap_percent: float


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """A close beyond `price` that would change what stands here.

    `side` is above or under, `meaning` what it would be. Distances run from the last close to the price; a yield has
    none in percent.
    """

    side: str
    price: float
    meaning: str
    source: str
    distance_percent: float | None = None
    distance_atr: float | None = None


class Recap(msgspec.Struct, frozen=True, kw_only=True):
    """The week of `monday` as the final bars up to `as_of` tell it, nothing later.

    `symbol` is the subject, `close` its last close of the week. `first` and `as_of` are its first and last
    session, `sessions` of `expected`; `final` once the week is over. `title` is the span in words. `missing`
    are instruments without bars of this week.
    """

    symbol: str
    short: str
    name: str
    monday: date
    first: date
    as_of: date
    sessions: int
    expected: int
    final: bool
    close: float
    title: str
    parts: tuple[Part, ...] = ()
    by_index: tuple[IndexLine, ...] = ()
    by_session: tuple[SessionLine, ...] = ()
    records: tuple[RecordLine, ...] = ()
    turns: tuple[Turn, ...] = ()
    missing: tuple[str, ...] = ()
    closing: str = CLOSING
