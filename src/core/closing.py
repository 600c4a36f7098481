"""When the main source is out for long: who else is asked for the official close, when, and what is taken of it.

One request a symbol in the evening and one the next morning, nothing while the main source is well. What comes is
stored beside the bars: no reading is ever computed from it.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import msgspec

from .log import warning
from .model.config import Config
from .model.instrument import Instrument
from .model.snapshot import Health, Snapshot
from .official import NEWS, disagreements, with_officials
from .rota import BEFORE_OPEN
from .sessions import SETTLING, Calendar, Calendars
from .sources import Failure
from .sources.closes import CloseSource, Series, close_sources
from .sources.closes.reading import LAYOUT, NOTHING, plausible, read_closes
from .sources.closes.wire import Fetch, fetch
from .store.budget import Budget
from .store.closes import Closes, asked, load_closes, mark_asked, save_closes
from .take import History

Histories = Mapping[str, History]

KEPT = timedelta(days=45)
"""How far back closes are taken: as far as a missing session is named."""
REST = timedelta(minutes=30)
"""How long a source that fails as a whole is left alone."""
MOST = {"volatility": 3.0, "yield": 2.0}
"""Times the close before: more than this is not believed. Of an index a quarter more or less."""
MOST_OF_INDEX = 1.25
PACE = timedelta(seconds=2)


@dataclass(frozen=True)
class Question:
    """One file to ask for: of this instrument, at this source, for the close of this session."""

    one: Instrument
    source: CloseSource
    series: Series
    session: date


@dataclass
class Closing:
    """The second sources as the feed keeps them; without any it asks nothing and changes nothing."""

    database: sqlite3.Connection
    instruments: tuple[Instrument, ...]
    calendars: Calendars
    budget: Budget
    sources: tuple[CloseSource, ...]
    after: timedelta
    log: Callable[[str], None]
    fetch: Fetch = fetch
    closes: Closes = field(init=False)

    def __post_init__(self) -> None:
        self.closes = load_closes(self.database) if self.sources else {}

    @classmethod
    def of(
        cls,
        config: Config,
        database: sqlite3.Connection,
        calendars: Calendars,
        budget: Budget,
        log: Callable[[str], None],
        *,
        live: bool,
    ) -> "Closing":
        """As configured; a demo or a replay asks nobody."""
        known = close_sources()
        chosen = tuple(known[name] for name in config.feed.close_sources if name in known) if live else ()
        after = timedelta(hours=config.feed.closes_after)
        return cls(database, config.watched, calendars, budget, chosen, after, log)

    @property
    def order(self) -> tuple[str, ...]:
        """Names of the sources, the first trusted most."""
        return tuple(one.name for one in self.sources)

    def step(self, now: datetime, health: Health, histories: Histories) -> None:
        """Ask for one file, if one is due and can be paid."""
        question = next(self._questions(now, health, histories), None)
        if question is not None:
            self._ask(question, now, histories[question.one.symbol])

    def due(self, now: datetime, health: Health, histories: Histories) -> datetime | None:
        """When to look again, None where nothing is wanted: the main source is well, or the closes are here."""
        moments = [at for _, at, _ in self._wanted(now, health, histories) if at > now]
        if next(self._questions(now, health, histories), None) is not None:
            moments.append(now + max(PACE, self.budget.beside(self.order[0]).wait(now)))
        moments += [pause.until for one in self.order if moments and (pause := self._purse(one).paused(now))]
        return min(moments, default=None)

    def beside(self, snapshot: Snapshot, histories: Histories, now: datetime) -> Snapshot:
        """The snapshot with official closes of others where its own are missing, and where they differ."""
        if not self.sources:
            return snapshot
        known = [(one, histories[one.symbol].bars) for one in self.instruments]
        apart = disagreements(known, self.closes, self.order, now.date() - NEWS)
        told = msgspec.structs.replace(snapshot, health=msgspec.structs.replace(snapshot.health, disagreements=apart))
        return with_officials(told, self.closes, self.order, self.calendars, now)

    # -- what to ask ----------------------------------------------------------------------------------

    def _questions(self, now: datetime, health: Health, histories: Histories) -> Iterator[Question]:
        """What is due now and was not asked since it is, most trusted source first."""
        begun: dict[str, tuple[Instrument, datetime, date]] = {
            one.symbol: (one, at, day) for one, at, day in self._wanted(now, health, histories) if at <= now
        }
        for one, at, day in begun.values():
            for source in self.sources:
                series = source.series.get(one.symbol)
                if series is None or self._purse(source.name).paused(now):
                    continue
                last = asked(self.database, source.name, one.symbol)
                if last is None or last.at < at:
                    yield Question(one, source, series, day)

    def _wanted(
        self, now: datetime, health: Health, histories: Histories
    ) -> Iterator[tuple[Instrument, datetime, date]]:
        """Each instrument whose official close is missing, with the moments it is asked at, the passed ones first."""
        for one in self.instruments if self.sources else ():
            if not (health.error or one.symbol in health.silent):
                continue
            calendar = self.calendars.of(one.calendar, now.date())
            closed, last = calendar.closed(now), histories[one.symbol].last_day
            if (last is not None and last >= closed.day) or self._has(one.symbol, closed.day):
                continue
            for at in sorted(self._moments(calendar, closed.close)):
                yield one, at, closed.day

    def _moments(self, calendar: Calendar, close: datetime) -> tuple[datetime, ...]:
        """The evening after a close, and the next morning."""
        upcoming = calendar.upcoming(close)
        evening = close + self.after
        return (evening, upcoming.open - BEFORE_OPEN) if upcoming is not None else (evening,)

    def _has(self, symbol: str, day: date) -> bool:
        known = self.closes.get(symbol, {})
        return any(day in known.get(source, {}) for source in self.order)

    def _purse(self, source: str) -> Budget:
        return self.budget.beside(source)

    # -- what comes -----------------------------------------------------------------------------------

    def _ask(self, question: Question, now: datetime, history: History) -> None:
        source, symbol = question.source, question.one.symbol
        url = source.url(question.series, question.session - KEPT)
        if not self._purse(source.name).claim(now, url):
            return
        mark_asked(self.database, source.name, symbol, now)
        content = self.fetch(url, now)
        found = content if isinstance(content, Failure) else read_closes(content, source, question.series)
        if isinstance(found, Failure):
            self._failed(question, found, now)
        else:
            self._take(question, found.closes, now, history)

    def _failed(self, question: Question, failure: Failure, now: datetime) -> None:
        purse, source = self._purse(question.source.name), question.source
        self.log(warning(f"{source.title}, close of {question.one.short}: {failure.cause}"))
        mark_asked(self.database, source.name, question.one.symbol, now, failure.cause)
        if failure.slow_down:
            purse.slow_down(now, failure.retry_after, failure.cause)
        elif _of_service(failure):
            purse.pause(now + REST, failure.cause)

    def _take(
        self, question: Question, closes: tuple[tuple[date, float], ...], now: datetime, history: History
    ) -> None:
        source, one = question.source, question.one
        self._purse(source.name).set_strikes(0)
        calendar = self.calendars.of(one.calendar, now.date())
        first = question.session - KEPT
        settled = [found for found in closes if found[0] >= first and _is_over(calendar, found[0], now)]
        ours = _closes_of(history, first) if question.series.same else {}
        kept, refused = plausible(settled, ours, MOST.get(one.kind, MOST_OF_INDEX))
        save_closes(self.database, one.symbol, source.name, kept, now)
        self.closes = load_closes(self.database)
        said = _words(question, kept, refused)
        mark_asked(self.database, source.name, one.symbol, now, said)
        self.log(f"{source.title}, closes of {one.short}: {said}")


def _of_service(failure: Failure) -> bool:
    """Whether it says something of the source, not of one file."""
    if failure in (LAYOUT, NOTHING) or failure.of_symbol:
        return False
    return failure.status is None or not 400 <= failure.status < 500


def _closes_of(history: History, first: date) -> dict[date, float]:
    """The closes of the main source's bars from a day on."""
    bars = history.bars
    recent = bars.slice(max(0, len(bars) - KEPT.days), len(bars))
    days = {recent.day(index): float(recent.close[index]) for index in range(len(recent))}
    return {day: close for day, close in days.items() if day >= first}


def _words(question: Question, kept: tuple[tuple[date, float], ...], refused: tuple[date, ...]) -> str:
    """``closes to 2025-10-15``: how far they reach, whether that is enough, and what was not believed."""
    newest = max((day for day, _ in kept), default=None)
    said = f"closes to {newest}" if newest else "no close that can be believed"
    if newest is not None and newest < question.session:
        said += f", not yet of {question.session}"
    return said + (f"; not believed: {', '.join(map(str, refused[-3:]))}" if refused else "")


def _is_over(calendar: Calendar, day: date, now: datetime) -> bool:
    """Whether a day was a session, and is over: a file may hold a row of a day that still trades."""
    session = calendar.session(day)
    return session is not None and now >= session.close + SETTLING
