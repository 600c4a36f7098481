"""The feed's book: final histories, running sessions, and the door answers come through."""

import math
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from .bars import Bar, Bars, Refusal, at_the_door
from .live import Live, absorb
from .model.instrument import Instrument
from .sessions import OWN_CALENDAR, SETTLING, Calendar, Calendars
from .sources import Answer, Tick
from .store.bars import hold, load_bars, load_origins, release, save_bars
from .store.symbols import mark_full, with_full_history
from .take import History

DEVIATIONS = 5.0
"""A new record further above the old one, in daily standard deviations, is held until seen again."""
NEAR = 0.25
"""In ATRs: how near a price must stand to an extreme to be asked for first."""


@dataclass
class Book:
    """Everything known of the instruments; only the feed writes it, and every change goes to the store."""

    database: sqlite3.Connection
    instruments: Sequence[Instrument]
    calendars: Calendars
    histories: dict[str, History] = field(default_factory=dict[str, History])
    live: dict[str, Live] = field(default_factory=dict[str, Live])
    origins: dict[str, tuple[str, datetime]] = field(default_factory=dict[str, tuple[str, datetime]])
    suspects: dict[tuple[str, date], datetime] = field(default_factory=dict[tuple[str, date], datetime])

    def __post_init__(self) -> None:
        self._by_symbol = {one.symbol: one for one in self.instruments}

    def load(self) -> None:
        """Read all final histories from the store."""
        stored, self.origins = load_bars(self.database), load_origins(self.database)
        for one in self.instruments:
            self.histories[one.symbol] = History.of(one, stored.get(one.symbol, Bars.empty()))

    def calendar(self, one: Instrument, now: datetime) -> Calendar:
        """The instrument's exchange around now."""
        return self.calendars.of(one.calendar, now.date())

    def complete(self, symbol: str, now: datetime) -> bool:
        """Whether the whole history is here but for sessions that a short request will bring."""
        last = self.histories[symbol].last_day
        if last is None or symbol not in with_full_history(self.database):
            return False
        calendar = self.calendar(self._by_symbol[symbol], now)
        return len(calendar.days(last + timedelta(days=1), calendar.closed(now).day)) <= 4

    def absorb(self, answer: Answer, now: datetime, source: str, *, full: bool) -> frozenset[str]:
        """Take an answer in; returns the symbols whose final history changed."""
        changed = {
            symbol for symbol, bars in answer.daily.items() if self._take_days(symbol, bars, now, source, full=full)
        }
        for tick in answer.ticks:
            self._take_tick(tick, now)
        return frozenset(changed)

    # -- daily bars ---------------------------------------------------------------------------------

    def _take_days(self, symbol: str, bars: Bars, now: datetime, source: str, *, full: bool) -> bool:
        one = self._by_symbol.get(symbol)
        if one is None or not len(bars):
            return False
        taken, refused = at_the_door([bars.bar(index) for index in range(len(bars))])
        final: list[Bar] = []
        for bar in taken:
            reason = self._not_final(one, bar, now, full=full)
            if reason is None:
                final.append(bar)
            elif reason:
                refused.append(Refusal(bar.day, reason))
        hold(self.database, symbol, refused, now)
        new, replaced = save_bars(self.database, symbol, final, source=source, state="final", taken_at=now)
        if full:
            mark_full(self.database, symbol)
        if not (new or replaced or self._lags(symbol, final)):
            return False
        self.origins[symbol] = (source, now)
        for bar in final[-5:]:
            release(self.database, symbol, bar.day)
        self.histories[symbol] = History.of(one, self.histories[symbol].bars.merged(Bars.of(final)))
        return True

    def _not_final(self, one: Instrument, bar: Bar, now: datetime, *, full: bool) -> str | None:
        """None for a final bar, "" for one that is merely not final yet, else why it is refused."""
        calendar = self.calendar(one, now)
        if bar.day > calendar.begun(now).day:
            return "a session that has not begun"
        session = calendar.session(bar.day)
        if session is None:
            recent = now.date() - bar.day <= OWN_CALENDAR
            return "not a trading day of its exchange" if recent else None
        known = self.live.get(one.symbol)
        delay = known.delay if known else timedelta()
        if now < session.close + delay + SETTLING:
            return ""
        fresh = not full and self._is_new(one.symbol, bar.day)
        return self._suspicion(one, bar.day, bar.high, now) if fresh else None

    def _lags(self, symbol: str, final: Sequence[Bar]) -> bool:
        """Whether the store got bars from another process that this book has not."""
        bars = self.histories[symbol].bars
        places = [(bars.index_of(bar.day), bar.close) for bar in final[-5:]]
        return any(index is None or float(bars.close[index]) != close for index, close in places)

    def _is_new(self, symbol: str, day: date) -> bool:
        last = self.histories[symbol].last_day
        return last is not None and day > last

    # -- the running session ------------------------------------------------------------------------

    def _take_tick(self, tick: Tick, now: datetime) -> None:
        one = self._by_symbol.get(tick.symbol)
        if one is None or tick.session > self.calendar(one, now).begun(now).day:
            return
        high = max(tick.last, tick.high or tick.last, *tick.bars.closes)
        suspected = (one.symbol, tick.session) in self.suspects
        # prices alone do not take back a high that a chart has shown
        if high > self._limit(one) or tick.high is not None:
            reason = self._suspicion(one, tick.session, high, now)
            if reason:
                hold(self.database, one.symbol, [Refusal(tick.session, reason)], now)
                return
            if suspected:
                release(self.database, one.symbol, tick.session)
        self.live[tick.symbol] = absorb(self.live.get(tick.symbol), tick, now)

    def _suspicion(self, one: Instrument, day: date, high: float, now: datetime) -> str | None:
        """Why a new record is too good to be true the first time it is seen."""
        limit, key = self._limit(one), (one.symbol, day)
        if high <= limit:
            self.suspects.pop(key, None)
            return None
        first = self.suspects.setdefault(key, now)
        return None if now > first else f"a record of {high:,.2f}, over {limit:,.2f}: held until seen again"

    def _limit(self, one: Instrument) -> float:
        """The highest price that is believed at first sight."""
        history = self.histories[one.symbol]
        if history.records is None or history.deviation is None:
            return math.inf
        return history.records.intraday.price * (1.0 + DEVIATIONS * history.deviation / 100.0)

    def wants_chart(self, symbol: str) -> tuple[bool, bool]:
        """Whether a record was seen by closes only, and whether the price stands near an extreme."""
        live, history = self.live.get(symbol), self.histories[symbol]
        if live is None or (history.last_day is not None and live.session <= history.last_day):
            return False, False
        record = history.records.intraday.price if history.records else None
        urgent = record is not None and live.high > record and not live.high_from_chart
        return urgent, self._near(live, history)

    def _near(self, live: Live, history: History) -> bool:
        if history.atr14 is None:
            return False
        extremes = [live.high, live.low]
        extremes += [history.records.intraday.price] if history.records else []
        if len(history.bars):
            year = history.bars.slice(max(0, len(history.bars) - 252), len(history.bars))
            extremes += [float(year.high.max()), float(year.low.min())]
        if len(history.weeks):
            extremes += [float(history.weeks.high[-1]), float(history.weeks.low[-1])]
        return any(abs(live.last - extreme) <= NEAR * history.atr14 for extreme in extremes)

    def bars(self) -> Mapping[str, Bars]:
        """Final bars by symbol."""
        return {symbol: history.bars for symbol, history in self.histories.items()}
