"""The facts of a week: what the sentences and tables of a recap are made of, from final bars alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec
import numpy as np

from .analytics import momentum, ranks, records, returns, weekly, year_range
from .bars import Bars, Floats
from .model.measures import Level
from .model.reading import Week
from .model.recap import IndexLine, RecordLine, SessionLine
from .model.snapshot import Row, Snapshot
from .sessions import monday_of

REFERENCES = ("^GSPC", "^RUT")
"""What a subject is held against: the first of these that it is not itself."""
MACRO = ("volatility", "yield")
"""What is not held against an index: it has no relative strength."""
WEEKS, LEAST_WEEKS = 260, 104
ATR_BARS = 400


@dataclass(frozen=True)
class Spread:
    """The subject's week minus its reference's in percentage points, ranked in the `weeks` before."""

    reference: IndexLine
    own_percent: float
    points: float
    percentile: float | None
    weeks: int


@dataclass(frozen=True, eq=False)
class Facts:
    """One instrument's week. `bars` end with its last session, `row` is read from them.

    `others` are the rows that have bars of the same week, settled like `row`; `missing` the ones that have none.
    `young` where the history is too short to tell a record of.
    """

    snapshot: Snapshot
    row: Row
    bars: Bars
    week: Week
    days: tuple[SessionLine, ...]
    others: tuple[Row, ...]
    lines: tuple[IndexLine, ...]
    spread: Spread | None
    missing: tuple[str, ...]
    young: bool = False

    @property
    def as_of(self) -> date:
        """The last session."""
        return self.days[-1].day

    @property
    def before(self) -> float | None:
        """The last close of the week before."""
        return self.week.previous_close

    @property
    def path(self) -> str:
        """Where the subject's readings stand in a snapshot."""
        return f"instruments[{self.row.symbol}]"

    def of(self, symbol: str) -> Row | None:
        """Another instrument's row of the same week."""
        return next((row for row in self.others if row.symbol == symbol), None)


def facts_of(snapshot: Snapshot, bars: Mapping[str, Bars], watched: str) -> Facts | None:
    """The week of the last final bar of an instrument; None where it has none, or no row."""
    found = snapshot.row(watched)
    own = final_bars(found, bars) if found is not None else Bars.empty()
    if found is None or not len(own):
        return None
    rows = {one.symbol: told_row(one, final_bars(one, bars)) for one in snapshot.instruments}
    row = rows[found.symbol]
    if row.week is None:
        return None
    monday = row.week.monday
    same = tuple(one for one in rows.values() if one.week is not None and one.week.monday == monday)
    lines = tuple(line for one in same if (line := index_line(one)) is not None)
    return Facts(
        snapshot=snapshot,
        row=row,
        bars=own,
        week=row.week,
        days=session_lines(row, own, row.week),
        others=same,
        lines=lines,
        spread=spread_of(row, bars, lines, own.day(len(own) - 1)),
        missing=tuple(one.short for one in snapshot.instruments if one.symbol not in {same.symbol for same in same}),
        young=found.record is not None and row.record is None,
    )


def told_row(row: Row, bars: Bars) -> Row:
    """The row as final bars tell it, without records in the first year of a history: a rise is nothing but them."""
    told = settled(row, bars)
    if told.record is None or sessions_of(bars, told.record.since) >= returns.LEAST_HISTORY:
        return told
    return msgspec.structs.replace(told, record=None, levels=_without_records(told.levels))


def sessions_of(bars: Bars, since: date) -> int:
    """Sessions from a day on."""
    return len(bars) - int(np.searchsorted(bars.days, np.datetime64(since)))


def _without_records(levels: tuple[Level, ...]) -> tuple[Level, ...]:
    """The levels by what else lies in them."""
    kept = [(one, tuple(name for name in one.sources if "record" not in name)) for one in levels]
    return tuple(msgspec.structs.replace(one, sources=names) for one, names in kept if names)


def final_bars(row: Row, bars: Mapping[str, Bars]) -> Bars:
    """The final bars a row can know of: nothing after the session it shows."""
    found = bars.get(row.symbol, Bars.empty())
    session = row.quote.session if row.quote else None
    return found.upto(session) if session is not None else Bars.empty()


def settled(row: Row, bars: Bars) -> Row:
    """The row as final bars alone tell it: a running session is not in a recap."""
    if row.quote is None or row.quote.state == "final" or not len(bars):
        return row
    last, weeks = float(bars.close[-1]), weekly.weeks_of(bars)
    same = row.week is not None and row.week.monday == monday_of(bars.day(len(bars) - 1))
    expected = row.week.expected if row.week is not None and same else 0
    known = records.records_of(bars) if row.record is not None and row.kind != "future" else None
    week = weekly.read_week(
        bars, weeks, None, weekly.Expected(sessions=expected, over=not same),
        basis_points=row.kind == "yield", open_is_real=returns.opens_are_real(bars),
    )  # fmt: skip
    return msgspec.structs.replace(
        row,
        week=week,
        record=records.read_record(known, None, last, last) if known else None,
        year_range=year_range.read_year_range(bars, None, last),
        atr14=last_atr(bars),
        returns=None,
        momentum=None,
        levels=(),
    )


def last_atr(bars: Bars) -> float | None:
    """ATR(14) in points at the last bar."""
    ranges = momentum.atr(bars.slice(max(0, len(bars) - ATR_BARS), len(bars)))
    return float(ranges[-1]) if len(ranges) and not np.isnan(ranges[-1]) else None


def index_line(row: Row) -> IndexLine | None:
    """One instrument's week for the table."""
    week = row.week
    if week is None:
        return None
    return IndexLine(
        symbol=row.symbol,
        short=row.short,
        name=row.name,
        kind=row.kind,
        group=row.group,
        close=week.close,
        sessions=week.sessions,
        expected=week.expected,
        change_percent=week.change_percent,
        open_to_close_percent=week.open_to_close_percent,
        first_close_to_close_percent=week.first_close_to_close_percent,
        change_points=week.change_points,
        position_percent=week.position_percent,
        disagrees=signs_differ(week),
    )


def signs_differ(week: Week) -> bool:
    """Whether the standard change and another definition have opposite signs, as written to two decimals."""
    if week.change_percent is None:
        return False
    others = (week.open_to_close_percent, week.first_close_to_close_percent)
    return any(one is not None and round(one, 2) * round(week.change_percent, 2) < 0 for one in others)


def session_lines(row: Row, bars: Bars, week: Week) -> tuple[SessionLine, ...]:
    """The week's sessions, oldest first, with the records each of them set."""
    first = int(np.searchsorted(bars.days, np.datetime64(week.monday)))
    since = _record_start(row, bars)
    return tuple(_session_line(row, bars, index, since, week) for index in range(first, len(bars)))


def _record_start(row: Row, bars: Bars) -> int | None:
    """Index from which records count; None where none can be told."""
    return None if row.record is None else int(np.searchsorted(bars.days, np.datetime64(row.record.since)))


def _session_line(row: Row, bars: Bars, index: int, since: int | None, week: Week) -> SessionLine:
    bar = bars.bar(index)
    near = index > 0 and (bar.day - bars.day(index - 1)).days <= weekly.MONTH.astype(int)
    before = float(bars.close[index - 1]) if near else None
    size = bar.high - bar.low
    return SessionLine(
        day=bar.day,
        open=bar.open if week.open is not None else None,
        high=bar.high,
        low=bar.low,
        close=bar.close,
        range=size,
        change_percent=None if before is None or row.kind == "yield" else returns.percent(bar.close, before),
        change_points=None if before is None or row.kind != "yield" else 100.0 * (bar.close - before),
        range_atr=size / row.atr14 if row.atr14 else None,
        position_percent=returns.position(bar.close, bar.low, bar.high),
        record_high=is_new(bars.high, index, since),
        record_close=is_new(bars.close, index, since),
    )


def is_new(prices: Floats, index: int, since: int | None) -> bool:
    """Whether a price is strictly above all of them before it, of which there is at least a year."""
    return (
        since is not None
        and index - since >= returns.LEAST_HISTORY
        and float(prices[index]) > float(prices[since:index].max())
    )


def spread_of(row: Row, bars: Mapping[str, Bars], lines: tuple[IndexLine, ...], day: date) -> Spread | None:
    """The week's difference from the reference, by ISO week, ranked with its sign among the 260 weeks before."""
    symbol = next((one for one in REFERENCES if one != row.symbol and row.kind not in MACRO), None)
    line = next((one for one in lines if one.symbol == symbol), None)
    if line is None or line.change_percent is None or row.week is None or row.week.change_percent is None:
        return None
    points = row.week.change_percent - line.change_percent
    own, other = (_by_week(bars[one].upto(day)) for one in (row.symbol, line.symbol))
    monday = row.week.monday
    common = sorted(week for week in own.keys() & other.keys() if week < monday)
    past = np.array([own[week] - other[week] for week in common[-WEEKS:]] + [points])
    rank = ranks.percentile_at(past, len(past) - 1, WEEKS, LEAST_WEEKS)
    return Spread(line, row.week.change_percent, points, None if np.isnan(rank) else rank, len(past) - 1)


def _by_week(bars: Bars) -> dict[date, float]:
    """Change of each week in percent from the last close of the week with sessions before it."""
    weeks = weekly.weeks_of(bars)
    changes = returns.daily_returns(weeks.close)
    near = np.r_[False, weeks.monday[1:] - weeks.monday[:-1] <= weekly.MONTH]
    return {
        monday: float(change)
        for monday, change, known in zip(weeks.monday.astype(object), changes, near, strict=True)
        if known
    }


def record_lines(facts: Facts) -> tuple[RecordLine, ...]:
    """Distances from both records of every index and fund that has them."""
    return tuple(
        RecordLine(
            symbol=row.symbol,
            short=row.short,
            intraday_percent=row.record.intraday.distance_percent,
            close_percent=row.record.close.distance_percent,
            gap_percent=returns.percent(row.record.close.price, row.record.intraday.price),
        )
        for row in facts.others
        if row.record is not None
    )


def closed_on_or_before(bars: Bars, day: date) -> date | None:
    """The last session not after a day."""
    kept = bars.upto(day)
    return kept.day(len(kept) - 1) if len(kept) else None


def sunday_of(monday: date) -> date:
    """The last day of a week."""
    return monday + timedelta(days=6)
