"""The feed's book: final histories, running sessions, and the door answers come through."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .bars import Bar, Bars, Refusal
from .clock import wall
from .door import Known, Taken, mended, take
from .gaps import SHORT, Gap, counted, missing, next_asking
from .live import Live, absorb, way_of
from .log import warning
from .model.instrument import Instrument
from .quarantine import HELD, OF_DAYS, Ground, Reach, Suspect, judge
from .sessions import Calendar, Calendars
from .sources import Answer, Span, Tick
from .store.bars import held, hold, load_bars, load_origins, release, release_answered, save_bars
from .store.gaps import load_gaps, save_gaps
from .store.suspects import load_suspects, save_suspects
from .store.symbols import mark_full, unmark_full, with_full_history
from .take import History

SAID = 20
"""Sentences of one kind in the health; more are counted."""
NEIGHBOURS = timedelta(days=5)
"""A close before that is this young belongs to the ground a running price stands on."""
NEAR = 0.25
"""In ATRs: how near a price must stand to an extreme to be asked for first."""


class _Stored(NamedTuple):
    """What the store says, read before anything of it is believed."""

    bars: Mapping[str, Bars]
    origins: dict[str, tuple[str, datetime]]
    suspects: dict[str, tuple[Suspect, ...]]
    gaps: dict[str, dict[date, Gap]]


@dataclass
class Book:
    """Everything known of the instruments; only the feed writes it, and every change goes to the store."""

    database: sqlite3.Connection
    instruments: Sequence[Instrument]
    calendars: Calendars
    histories: dict[str, History] = field(default_factory=dict[str, History])
    live: dict[str, Live] = field(default_factory=dict[str, Live])
    origins: dict[str, tuple[str, datetime]] = field(default_factory=dict[str, tuple[str, datetime]])
    suspects: dict[str, tuple[Suspect, ...]] = field(default_factory=dict[str, tuple[Suspect, ...]])
    refused: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    refused_rows: int = 0
    gaps: dict[str, dict[date, Gap]] = field(default_factory=dict[str, dict[date, Gap]])
    mended: list[tuple[datetime, str]] = field(default_factory=list[tuple[datetime, str]])

    def __post_init__(self) -> None:
        self._by_symbol = {one.symbol: one for one in self.instruments}
        self._reaches: dict[str, tuple[History, Reach]] = {}
        self._gaps_of: dict[str, tuple[History, date, tuple[date, ...]]] = {}
        self._unsaid: list[str] = []

    def load(self, now: datetime | None = None) -> None:
        """Read all final histories from the store, what is held and what is missing."""
        self._take(self._read(now or wall()))

    def _read(self, now: datetime) -> _Stored:
        database = self.database
        return _Stored(load_bars(database), load_origins(database), load_suspects(database, now), load_gaps(database))

    def _take(self, stored: _Stored) -> None:
        self.suspects, self.gaps, self.origins = stored.suspects, stored.gaps, stored.origins
        for one in self.instruments:
            self.histories[one.symbol] = History.of(one, stored.bars.get(one.symbol, Bars.empty()))

    def follow(self, instruments: Sequence[Instrument], now: datetime) -> None:
        """Other instruments: of those that stay everything stays, the bars of the others stay in the store.

        A store that cannot be read raises before anything is exchanged.
        """
        stored = self._read(now)
        before, self.instruments = self._by_symbol, instruments
        self._by_symbol = {one.symbol: one for one in instruments}
        # a price belongs to a session of the calendar it was taken by
        same = {one.symbol for one in instruments if self._day_of(before.get(one.symbol)) == self._day_of(one)}
        self.live = {symbol: live for symbol, live in self.live.items() if symbol in same}
        self.refused = {symbol: rows for symbol, rows in self.refused.items() if symbol in self._by_symbol}
        self.histories = {}
        self._reaches, self._gaps_of = {}, {}
        self._take(stored)

    @staticmethod
    def _day_of(one: Instrument | None) -> tuple[str, str] | None:
        return (one.calendar, one.kind) if one is not None else None

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
        self._note_refused(answer)
        ticks = {tick.symbol: tick for tick in answer.ticks}
        changed = {
            symbol
            for symbol, bars in answer.daily.items()
            if self._take_days(symbol, bars, now, source, ticks.get(symbol), full=full)
        }
        for symbol, bars in answer.daily.items():
            self._count_gaps(symbol, bars, now)
        for tick in answer.ticks:
            self._take_tick(tick, now)
        return frozenset(changed)

    def _note_refused(self, answer: Answer) -> None:
        """Rows that were dropped while the answer was read: the last answer's of each symbol."""
        for symbol in {*answer.daily, *(line.split(" ", 1)[0] for line in answer.refused)}:
            self.refused[symbol] = tuple(line for line in answer.refused if line.startswith(f"{symbol} "))
        self.refused_rows += len(answer.refused)

    # -- daily bars ---------------------------------------------------------------------------------

    def _take_days(self, symbol: str, bars: Bars, now: datetime, source: str, tick: Tick | None, *, full: bool) -> bool:
        one = self._by_symbol.get(symbol)
        if one is None or not len(bars):
            return False
        history, live, suspects = self.histories[symbol], self.live.get(symbol), self.suspects.get(symbol, ())
        calendar = self.calendar(one, now)
        taken = take(Known(one, history.bars, live, calendar, suspects, tick), bars, now, full=full)
        self._keep(symbol, (*(suspect for suspect in suspects if suspect.what not in OF_DAYS), *taken.suspects))
        self._hold_days(symbol, bars, taken, now)
        if taken.factor is not None:
            if one.kind == "fund" and not full:
                unmark_full(self.database, symbol)
            return False
        said = mended(one, history.bars, taken.final, now, calendar)
        new, replaced = save_bars(self.database, symbol, taken.final, source=source, state="final", taken_at=now)
        if full:
            mark_full(self.database, symbol)
        if not (new or replaced or self._lags(symbol, taken.final)):
            return False
        self.mended += [(now, line) for line in said]
        self._unsaid += said
        self.origins[symbol] = (source, now)
        self.histories[symbol] = History.of(one, history.bars.merged(Bars.of(taken.final)))
        self._settle(symbol, now)
        return True

    def _hold_days(self, symbol: str, given: Bars, taken: Taken, now: datetime) -> None:
        """Name what is held; what was and is not any more is released."""
        hold(self.database, symbol, taken.refused, now)
        named = {refusal.day for refusal in taken.refused}
        named |= {one.session for one in self.suspects.get(symbol, ()) if one.what not in OF_DAYS}
        release_answered(self.database, symbol, given.day(0), given.day(-1), named, now)

    def _settle(self, symbol: str, now: datetime) -> None:
        """The session's official bar is here: what was held of its prices is over, and so are prices it belies."""
        history, live = self.histories[symbol], self.live.get(symbol)
        last = history.last_day
        suspects = self.suspects.get(symbol, ())
        over = [one for one in suspects if one.what not in OF_DAYS and last is not None and one.session <= last]
        self._keep(symbol, tuple(one for one in suspects if one not in over))
        for day in {one.session for one in over} - {one.session for one in suspects if one.what in OF_DAYS}:
            release(self.database, symbol, day)
        if live is not None and (last is None or live.session > last):
            ground = self._ground(self._by_symbol[symbol], live.session, now, alone=True)
            if ground is not None and not (ground.possible(live.high) and ground.possible(live.low)):
                del self.live[symbol]

    def _keep(self, symbol: str, suspects: tuple[Suspect, ...]) -> None:
        """Remember what is held of a symbol, here and in the store."""
        if suspects != self.suspects.get(symbol, ()):
            save_suspects(self.database, symbol, suspects)
            self.suspects[symbol] = suspects

    def told(self, now: datetime) -> dict[str, object]:
        """What the health of the source must say of its bars: mended and refused ones."""
        self.mended = [(at, line) for at, line in self.mended if now - at < timedelta(days=1)]
        refused = [line for lines in self.refused.values() for line in lines]
        return {
            "mended": tuple(line for _, line in self.mended),
            "refused": tuple(refused[:SAID]),
            "refused_rows": self.refused_rows,
        }

    def say(self, log: Callable[[str], None]) -> None:
        """Log each official close that the source has changed, once."""
        for line in self._unsaid:
            log(warning(line))
        self._unsaid.clear()

    def held_lately(self) -> dict[str, str]:
        """What is held of each symbol's sessions after its newest final bar: not shown, so it must be said."""
        found: dict[str, str] = {}
        for symbol, day, reason in held(self.database):
            history = self.histories.get(symbol)
            newer = history is not None and (history.last_day is None or day > history.last_day)
            if newer and HELD in reason:
                found.setdefault(symbol, reason)
        return found

    def _lags(self, symbol: str, final: Sequence[Bar]) -> bool:
        """Whether the store got bars from another process that this book has not."""
        bars = self.histories[symbol].bars
        places = [(bars.index_of(bar.day), bar.close) for bar in final[-5:]]
        return any(index is None or float(bars.close[index]) != close for index, close in places)

    # -- the running session ------------------------------------------------------------------------

    def _take_tick(self, tick: Tick, now: datetime) -> None:
        one, live = self._by_symbol.get(tick.symbol), self.live.get(tick.symbol)
        if one is None or tick.session > self.calendar(one, now).begun(now).day:
            return
        if live is not None and tick.session < live.session:
            return
        before = self.suspects.get(one.symbol, ())
        judged = judge(self._ground(one, tick.session, now), tick, way_of(tick), before)
        if judged.tick is not None:
            self.live[one.symbol] = absorb(
                live, judged.tick, now, doubted_high=judged.doubted_high, doubted_low=judged.doubted_low
            )
        last = self.histories[one.symbol].last_day
        if last is None or tick.session > last:
            self._keep(one.symbol, judged.suspects)
            self._name(one.symbol, self._ground(one, tick.session, now), before, judged.suspects, now)

    def _name(
        self, symbol: str, ground: Ground | None, before: Iterable[Suspect], after: Iterable[Suspect], now: datetime
    ) -> None:
        """Say what is held of the running session, and say no more what is not."""
        held = [one for one in after if one.what not in OF_DAYS]
        for session in {one.session for one in before if one.what not in OF_DAYS} - {one.session for one in held}:
            release(self.database, symbol, session)
        for session in {one.session for one in held}:
            said = {one.what: ground.words(one.price, one.what) for one in held if ground and one.session == session}
            hold(self.database, symbol, [Refusal(session, "; ".join(dict.fromkeys(said.values())))], now)

    def _ground(self, one: Instrument, session: date, now: datetime, *, alone: bool = False) -> Ground | None:
        """What a session's next price is measured by: its range so far and the close before, else the last known.

        `alone`: by the final bars only. None where nothing is known.
        """
        history, live = self.histories[one.symbol], None if alone else self.live.get(one.symbol)
        reach, bars = self._reach(history), history.bars
        closed = bars.bar(-1) if len(bars) else None
        if live is None or (closed is not None and live.session <= closed.day < session):
            if closed is None:
                return None
            sessions = len(self.calendar(one, now).days(closed.day + timedelta(days=1), session))
            return Ground(reach.over(sessions), closed.low, closed.high, closed.close)
        low, high = live.low, live.high
        if closed is not None and session - closed.day <= NEIGHBOURS:
            low, high = min(low, closed.close), max(high, closed.close)
        return Ground(reach, low, high, live.last, live.range_as_of if live.session == session else None)

    def _reach(self, history: History) -> Reach:
        """How far the instrument goes in a step; counted once for each history."""
        symbol = history.instrument.symbol
        known = self._reaches.get(symbol)
        if known is None or known[0] is not history:
            known = self._reaches[symbol] = (history, Reach.of(history.instrument, history.bars))
        return known[1]

    # -- what is still wanted -----------------------------------------------------------------------

    def _count_gaps(self, symbol: str, given: Bars, now: datetime) -> None:
        """Sessions that an answer should have brought and has not: asked once more."""
        days, before = self._missing(symbol, now), self.gaps.get(symbol, {})
        if not len(given) or not (days or before):
            return
        self.gaps[symbol] = counted(days, before, given.day(0), now)
        if self.gaps[symbol] != before:
            save_gaps(self.database, symbol, self.gaps[symbol])

    def _missing(self, symbol: str, now: datetime) -> tuple[date, ...]:
        """Sessions without a bar of a symbol whose whole history was taken; looked for once for each history."""
        one, history = self._by_symbol.get(symbol), self.histories.get(symbol)
        if one is None or history is None or symbol not in with_full_history(self.database):
            return ()
        known = self._gaps_of.get(symbol)
        if known is None or known[:2] != (history, now.date()):
            days = missing(one, history.bars, self.calendar(one, now), now.date())
            known = self._gaps_of[symbol] = (history, now.date(), days)
        return known[2]

    def wants_again(self, symbol: str, now: datetime) -> tuple[datetime | None, Span] | None:
        """When to ask for sessions that are missing (None: at once), and how much; None for never."""
        known, calendar = self.gaps.get(symbol, {}), self.calendar(self._by_symbol[symbol], now)
        days = self._missing(symbol, now)
        if not days:
            return None
        closed = calendar.closed(now).day
        recent = calendar.days(closed - timedelta(days=21), closed)[-SHORT:]
        return next_asking([known.get(day, Gap(day)) for day in days], recent[0].day)

    def wants_chart(self, symbol: str) -> tuple[bool, bool]:
        """Whether a record was seen by closes only or a price is held, and whether the price stands near an extreme."""
        live, history = self.live.get(symbol), self.histories[symbol]
        held = any(one.what not in OF_DAYS for one in self.suspects.get(symbol, ()))
        if live is None or (history.last_day is not None and live.session <= history.last_day):
            return held, False
        record = history.records.intraday.price if history.records else None
        urgent = record is not None and live.high > record and not live.high_from_chart
        return held or urgent, self._near(live, history)

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
