"""From histories and ticks to the rows of a Snapshot: every reading of the four panes.

A history is analysed once per final bar (`History`), each figure when it is first asked for; a tick reads from
that in constant time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import msgspec
import numpy as np

from .analytics import momentum, records, returns, weekly, year_range
from .analytics.ladder import LevelState
from .analytics.momentum_state import MomentumState
from .analytics.periods import usual_periods
from .bars import Bar, Bars
from .freshness import LAST_PRINT
from .live import Live
from .model.instrument import Instrument
from .model.measures import Period
from .model.reading import Origin, Quote, Record, Returns, Series
from .model.snapshot import LACKS, Row
from .model.user_level import UserLevel
from .sessions import SETTLING, Calendar, monday_of

DRAWN_CLOSES = 126
LOOKED_BACK = timedelta(days=45)
"""How far back a missing session is named on its row."""


@dataclass(frozen=True)
class History:
    """The final bars of one instrument, and what is computed from them once, when it is first asked for.

    Of the instruments that are followed and not shown little more is asked than their bars.
    """

    instrument: Instrument
    bars: Bars

    @classmethod
    def of(cls, instrument: Instrument, bars: Bars) -> "History":
        """Of final bars."""
        return cls(instrument, bars)

    @cached_property
    def hole(self) -> tuple[date, date] | None:
        """The last two neighbouring bars over a month apart: what lies between is not known."""
        return hole_in(self.bars)

    @cached_property
    def whole(self) -> Bars:
        """The bars since the last hole."""
        first = self.bars.index_of(self.hole[1]) if self.hole else None
        return self.bars.slice(first or 0, len(self.bars))

    @cached_property
    def weeks(self) -> weekly.Weeks:
        """The weeks of the bars."""
        return weekly.weeks_of(self.bars)

    @cached_property
    def records(self) -> records.Records | None:
        """Its records; in a hole a higher price may lie, so that none can be told."""
        if not self.instrument.has_record or self.hole is not None:
            return None
        return records.records_of(_same_contract(self.instrument, self.bars))

    @cached_property
    def atr14(self) -> float | None:
        """ATR(14) in points at the newest bar."""
        whole = self.whole
        ranges = momentum.atr(whole.slice(max(0, len(whole) - 400), len(whole)))
        return float(ranges[-1]) if len(ranges) and not np.isnan(ranges[-1]) else None

    @cached_property
    def momentum(self) -> MomentumState | None:
        """The newest momentum, None without bars."""
        return MomentumState.of(self.whole, in_points=self.instrument.kind == "yield")

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """Changes over the usual spans, to the newest final close; of a yield they would be percent of a percent."""
        if self.instrument.kind == "yield":
            return ()
        return usual_periods(self.whole, self.records.close.day if self.records else None)

    @cached_property
    def levels(self) -> LevelState | None:
        """The levels that no tick changes, None without bars."""
        return LevelState.of(self.whole, self.records) if len(self.whole) else None

    @cached_property
    def unusual(self) -> float | None:
        """The daily change in percent, whatever its sign, that few sessions reach."""
        return returns.unusual_change(self.whole.close)

    @cached_property
    def moves(self) -> returns.Moves:
        """Sizes of the daily changes, to rank another in."""
        return returns.Moves.of(self.whole.close)

    @cached_property
    def moves_before(self) -> returns.Moves:
        """Without the newest final session, which must not be ranked in itself."""
        return returns.Moves.of(self.whole.close[:-1])

    @cached_property
    def opens_real(self) -> bool:
        """Whether the opens are prices."""
        return returns.opens_are_real(self.bars)

    @property
    def last_day(self) -> date | None:
        """Session of the newest final bar."""
        return self.bars.day(-1) if len(self.bars) else None


def hole_in(bars: Bars) -> tuple[date, date] | None:
    """The newest gap of over a month between two bars: the days on either side of it."""
    wide = np.flatnonzero(bars.days[1:] - bars.days[:-1] > weekly.MONTH)
    return (bars.day(int(wide[-1])), bars.day(int(wide[-1]) + 1)) if len(wide) else None


def missing_words(days: tuple[date, ...]) -> str | None:
    """``lacks the bar of Wed 15 Oct 2025: …``; None where none is missing."""
    if not days:
        return None
    first = f"{days[0]:%a} {days[0].day} {days[0]:%b %Y}"
    more = f" and {len(days) - 1} more" if len(days) > 1 else ""
    return f"{LACKS} {first}{more}: a record or an extreme of then is not known"


def _note(history: History) -> str | None:
    """What a reader must know of the history beside its figures."""
    if history.hole is not None:
        return f"no bars between {history.hole[0]} and {history.hole[1]}"
    if history.instrument.kind == "future" and history.records is not None:
        return f"record since the last roll, {history.records.since}"
    return None


def _same_contract(instrument: Instrument, bars: Bars) -> Bars:
    """A future's record reaches back to the last roll: a jump between contracts is no record."""
    if instrument.kind != "future" or not len(bars):
        return bars
    rolled = last_roll(bars.day(len(bars) - 1))
    kept = bars.slice(int(np.searchsorted(bars.days, np.datetime64(rolled))), len(bars))
    return kept if len(kept) else bars


def last_roll(day: date) -> date:
    """The last quarterly expiry of index futures: the third Friday of March, June, September, December."""
    for year, month in ((day.year, 12), (day.year, 9), (day.year, 6), (day.year, 3), (day.year - 1, 12)):
        first = date(year, month, 1)
        expiry = first + timedelta(days=(4 - first.weekday()) % 7 + 14)
        if expiry <= day:
            return expiry
    raise AssertionError("a year has expiries")


def read_row(
    history: History,
    live: Live | None,
    calendar: Calendar,
    now: datetime,
    *,
    taken: tuple[str, datetime] | None = None,
    own_levels: tuple[UserLevel, ...] = (),
) -> Row:
    """The row of one instrument at a moment; without bars and ticks it says so in `note`.

    How old its price is, is judged of the whole snapshot (:func:`~.freshness.told_at`). `taken` is
    who gave the newest final bar, and when; `own_levels` are the user's on this instrument.
    """
    bars, one = history.bars, history.instrument
    if live is not None and history.last_day is not None and live.session <= history.last_day:
        live = None
    if not len(bars) and live is None:
        return Row.bare(one, note="no bars yet")
    running = live.bar if live else None
    last = running.close if running else float(bars.close[-1])
    shown = running.day if running else bars.day(len(bars) - 1)
    expected = _expected(bars, shown, calendar, now)
    row = Row(
        symbol=one.symbol,
        short=one.short,
        name=one.name,
        role=one.role,
        group=one.group,
        kind=one.kind,
        currency=one.currency,
        calendar=one.calendar,
        price_return=one.price_return,
        quote=_quote(history, live, calendar, now),
        week=weekly.read_week(
            bars, history.weeks, running, expected,
            basis_points=one.kind == "yield", open_is_real=history.opens_real,
        ),
        record=_record(history, running, last),
        year_range=year_range.read_year_range(bars, running, last),
        returns=_returns(history, shown, last),
        periods=history.periods,
        momentum=history.momentum.read(running) if history.momentum else None,
        atr14=history.atr14,
        series=Series(
            session=live.closes if live else (),
            closes=_drawn(history, bars) + ((last,) if running else ()),
        ),
        origin=_origin(bars, taken),
        note=_note(history) or missing_words(missed_sessions(one, bars, calendar)),
    )  # fmt: skip
    return msgspec.structs.replace(row, levels=history.levels.read(row, own_levels)) if history.levels else row


def _origin(bars: Bars, taken: tuple[str, datetime] | None) -> Origin | None:
    if not len(bars):
        return None
    source, at = taken or (None, None)
    return Origin(since=bars.day(0), sessions=len(bars), source=source, taken_at=at)


def _drawn(history: History, bars: Bars) -> tuple[float, ...]:
    """The last closes, none from before a hole: a line across it would be made up."""
    first = max(0, len(bars) - DRAWN_CLOSES)
    if history.hole is not None:
        first = max(first, bars.index_of(history.hole[1]) or 0)
    return tuple(float(close) for close in bars.close[first:])


def close_time(calendar: Calendar, day: date, kind: str = "index") -> datetime:
    """When the last price of a day's session was made."""
    session = calendar.session(day)
    if kind in LAST_PRINT and not (session and session.half):
        return datetime.combine(day, LAST_PRINT[kind], calendar.zone).astimezone(UTC)
    return calendar.close_of(day)


def _expected(bars: Bars, shown: date, calendar: Calendar, now: datetime) -> weekly.Expected:
    """What the calendar expects of the shown week; where it does not reach, the bars are the calendar."""
    monday = monday_of(shown)
    first, last = calendar.span
    if not first <= monday <= last - timedelta(days=7):
        return weekly.Expected(sessions=0)
    week = calendar.week(monday)
    over = not week or now >= week[-1].close + SETTLING
    ended = bool(len(bars)) and bool(week) and bars.day(len(bars) - 1) >= week[-1].day
    halves = tuple(session.day for session in week if session.half)
    return weekly.Expected(sessions=len(week), half_days=halves, over=over and ended)


def _record(history: History, running: Bar | None, last: float) -> Record | None:
    if history.records is None:
        return None
    return records.read_record(history.records, running, last, float(history.bars.close[-1]))


def _returns(history: History, shown: date, last: float) -> Returns | None:
    if history.instrument.kind == "yield":
        return None
    bars = history.bars
    before = int(np.searchsorted(bars.days, np.datetime64(shown)))
    previous = float(bars.close[before - 1]) if before else None
    return returns.read_returns(returns.period_bases(bars.days, bars.close, shown), last, previous)


def _quote(history: History, live: Live | None, calendar: Calendar, now: datetime) -> Quote:
    bars = history.bars
    bar = live.bar if live else bars.bar(len(bars) - 1)
    before = int(np.searchsorted(bars.days, np.datetime64(bar.day))) - 1
    known = before >= 0 and not _apart(history.instrument, bars.day(before), bar.day, calendar)
    previous = float(bars.close[before]) if known else None
    in_points = history.instrument.kind == "yield"
    change = None if previous is None else bar.close - previous
    share = None if previous is None or in_points else returns.percent(bar.close, previous)
    time = live.time if live else close_time(calendar, bar.day, history.instrument.kind)
    return Quote(
        last=bar.close,
        time=time.astimezone(calendar.zone) if time else None,
        session=bar.day,
        state=session_state(live, calendar, now),
        previous_close=previous,
        previous_session=bars.day(before) if known else None,
        change=change,
        change_percent=share,
        change_points=None if change is None or not in_points else 100.0 * change,
        open=None if (live and live.open is None) or not history.opens_real else bar.open,
        high=bar.high,
        low=bar.low,
        range=bar.high - bar.low,
        close_position_percent=returns.position(bar.close, bar.low, bar.high),
        range_as_of=_range_time(live, time, calendar),
        unusual=share is not None and history.unusual is not None and abs(share) >= history.unusual,
        change_percentile=(history.moves if live else history.moves_before).percentile(share),
        delay_minutes=int(live.delay.total_seconds() // 60) if live else 0,
        same_answers=live.same_price_polls if live else 0,
    )


def _apart(one: Instrument, before: date, day: date, calendar: Calendar) -> bool:
    """Whether two neighbouring bars are no neighbouring sessions: a change between them would be of several."""
    if (day - before).days > weekly.MONTH.astype(int):
        return True
    return one.kind != "yield" and bool(calendar.between(before, day))


def missed_sessions(one: Instrument, bars: Bars, calendar: Calendar) -> tuple[date, ...]:
    """Sessions of the last weeks that an exchange held and the bars lack; bonds keep holidays of their own."""
    if one.kind == "yield" or not len(bars):
        return ()
    last = bars.day(len(bars) - 1)
    first = max(bars.day(0), last - LOOKED_BACK)
    sessions = calendar.between(first, last)
    # asked on every tick: one sweep over the last weeks
    held = np.isin(
        np.array(sessions, dtype="datetime64[D]"), bars.days[np.searchsorted(bars.days, np.datetime64(first)) :]
    )
    return tuple(day for day, there in zip(sessions, held, strict=True) if not there)


def _range_time(live: Live | None, time: datetime | None, calendar: Calendar) -> datetime | None:
    known = live.range_as_of if live else time
    return known.astimezone(calendar.zone) if known else None


def session_state(live: Live | None, calendar: Calendar, now: datetime) -> str:
    """Whether the newest price is final, live, or provisional after the bell."""
    if live is None:
        return "final"
    session = calendar.session(live.session)
    return "live" if session is None or now < session.close else "provisional"


def newest(rows: Mapping[str, Row] | tuple[Row, ...]) -> tuple[datetime | None, date | None]:
    """The newest quote's own time among the rows, and the newest session."""
    found = [row.quote for row in (rows.values() if isinstance(rows, Mapping) else rows) if row.quote]
    times = [quote.time for quote in found if quote.time]
    return max(times, default=None), max((quote.session for quote in found if quote.session), default=None)
