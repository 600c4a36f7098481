"""What to ask the source next: pure decisions from the calendars, the budget and what is known.

Prices of all open symbols in one request every `poll`; the rest of the budget in turn on one chart
request a symbol; after the close and before the next open one chart request each; otherwise nothing.
Of the panel only closes are asked, after the close.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from .model.instrument import Instrument
from .sessions import Calendar, Session
from .sources import Manners, Span
from .universe import by_rank

AFTER_CLOSE = timedelta(minutes=20)
BEFORE_OPEN = timedelta(minutes=45)
REFRESH_AGAIN = timedelta(seconds=30)
"""A refresh that is asked for sooner after the last prices waits."""
CACHED = timedelta(seconds=10)
"""How long the service hands out copies of an answer."""
PACE = timedelta(seconds=15)
"""A token comes this often at the usual budget."""
AROUND = timedelta(hours=1)
EVENING = timedelta(hours=4)
"""How long after a close its official bar is asked for again."""
AGAIN = (timedelta(minutes=20), timedelta(hours=1), timedelta(hours=12))
"""A history or an official close that did not come is asked for again after these; the last one for ever."""


Kind = Literal["prices", "chart"]
"""The two ways of asking."""


@dataclass(frozen=True)
class Task:
    """One request: prices of many symbols, or the chart of one."""

    kind: Kind
    symbols: tuple[str, ...]
    span: Span = "days"


@dataclass
class Known:
    """What the rota must know of one symbol; kept by the feed."""

    full_history: bool = False
    last_final: date | None = None
    charted_at: datetime | None = None
    tried_at: datetime | None = None
    checked: date | None = None
    """The upcoming session before which the morning check was made."""
    tries: int = 0
    delay: timedelta = timedelta()
    """What the service says its prices of this exchange come late."""
    unknown_on: date | None = None
    urgent: bool = False
    """A record seen by closes only, or a price that is held: a chart request tells at once."""
    urgent_at: datetime | None = None
    """When that was last asked: an answer without a day's high must not be asked for again at once."""
    near_extreme: bool = False
    gap: tuple[datetime | None, Span] | None = None
    """Sessions are missing: when to ask for them again (None: at once), and how much."""
    gap_at: datetime | None = None
    """When that was last asked: an answer without daily bars counts for no gap and must not be asked for at once."""


@dataclass
class Rota:
    """Decides; sends nothing and knows no time of its own."""

    instruments: tuple[Instrument, ...]
    manners: Manners
    calendar_of: Callable[[Instrument, datetime], Calendar]
    known: dict[str, Known] = field(default_factory=dict[str, Known])
    prices_at: datetime | None = None
    refresh_asked: bool = False
    introduced: bool = False
    """Whether the source has made its first chart request, which costs two more than the others."""

    def __post_init__(self) -> None:
        for one in self.instruments:
            self.known.setdefault(one.symbol, Known())
        self._rank = {one.symbol: rank for rank, one in enumerate(by_rank(self.instruments))}

    def following(self, instruments: tuple[Instrument, ...], manners: Manners) -> "Rota":
        """The rota of other instruments: of those that stay nothing is asked again, new ones are asked at once."""
        known = {one.symbol: self.known[one.symbol] for one in instruments if one.symbol in self.known}
        refresh = self.refresh_asked or len(known) < len(instruments)
        return Rota(instruments, manners, self.calendar_of, known, self.prices_at, refresh, self.introduced)

    def next_task(self, now: datetime, tokens: float, resting: Collection[Kind] = ()) -> Task | None:
        """The most wanted request that is due now and affordable, None where there is none.

        Ways of asking that are `resting` are left alone.
        """
        if tokens < 1:
            return None
        prices = None if "prices" in resting else self._prices(now)
        return prices or (None if "chart" in resting else self._chart(now, tokens))

    def _chart(self, now: datetime, tokens: float) -> Task | None:
        return (
            self._urgent(now)
            or self._history(now, tokens)
            or self._official(now)
            or self._morning(now)
            or self._in_turn(now, tokens)
            or self._missing(now, tokens)
            or self._panel(now, tokens)
        )

    def next_due(self, now: datetime, resting: Mapping[Kind, datetime] | None = None) -> datetime:
        """When something may be due next, at the latest; the budget may delay it.

        What rests is not due before it has rested.
        """
        prices, chart = ((resting or {}).get(kind, now) for kind in ("prices", "chart"))
        moments = [now + timedelta(hours=1)]
        live = self._trading(now)
        if live:
            moments.append(max(prices, (self.prices_at or now) + self.manners.prices_every))
            charts = [self._chart_at(self.known[one.symbol], now) for one in live if self._running(one, now)]
            # what is due and not asked waits for the budget: no use to look again at once
            moments += [max(now + PACE, chart, min(charts))] if charts else []
        waiting = self._lacking(now) or ((not live or self.manners.budget is None) and self._panel_lacking(now))
        if waiting or any(self._without_official(now)) or any(self._unchecked(now)):
            # work that the budget left over
            moments.append(max(now + PACE, chart))
        for one in self.instruments:
            moments += self._bells(one, now)
        return max(now + timedelta(seconds=0.2), min(moments))

    def shift(self, by: timedelta) -> None:
        """The wall's clock was set by so much: what was asked stays as long ago as it was."""
        self.prices_at = _moved(self.prices_at, by)
        for one in self.known.values():
            one.charted_at, one.tried_at = _moved(one.charted_at, by), _moved(one.tried_at, by)
            one.urgent_at, one.gap_at = _moved(one.urgent_at, by), _moved(one.gap_at, by)

    # -- each kind of request -----------------------------------------------------------------------

    def _prices(self, now: datetime) -> Task | None:
        due = self.prices_at is None or now - self.prices_at >= self.manners.prices_every
        if self.refresh_asked and (self.prices_at is None or now - self.prices_at >= REFRESH_AGAIN):
            self.refresh_asked = False
            return self._ask_prices(now, self._priced(now))
        live = self._trading(now)
        if self.prices_at is None:
            return self._ask_prices(now, self._first_asked(now))
        return self._ask_prices(now, live) if due and live else None

    def _first_asked(self, now: datetime) -> list[Instrument]:
        """On a start: everything while histories lack, else what has traded since its newest final bar."""
        known = self._priced(now)
        if any(not self.known[one.symbol].full_history for one in known):
            return known
        return [one for one in known if self._behind(one, self._calendar(one, now).begun(now))]

    def _behind(self, one: Instrument, session: Session) -> bool:
        last = self.known[one.symbol].last_final
        return last is None or last < session.day

    def _ask_prices(self, now: datetime, wanted: list[Instrument]) -> Task | None:
        if not wanted:
            return None
        self.prices_at = now
        return Task("prices", tuple(one.symbol for one in wanted))

    def _urgent(self, now: datetime) -> Task | None:
        for one in self._trading(now):
            state = self.known[one.symbol]
            rested = state.urgent_at is None or now - state.urgent_at >= self.manners.chart_every_near
            # sooner than this the service answers with a copy, which is no second witness
            copied = state.charted_at is not None and now - state.charted_at < CACHED
            if state.urgent and state.full_history and rested and not copied:
                state.urgent_at = now
                return Task("chart", (one.symbol,))
        return None

    def _history(self, now: datetime, tokens: float) -> Task | None:
        return self._full(self._lacking(now), tokens)

    def _panel(self, now: datetime, tokens: float) -> Task | None:
        """Histories that are only counted: when nothing else is wanted; while the board trades only for free."""
        busy = self.manners.budget is not None and bool(self._trading(now))
        return None if busy else self._full(self._panel_lacking(now), tokens)

    def _full(self, lacking: list[Instrument], tokens: float) -> Task | None:
        cost = self.manners.cold_cost + (0 if self.introduced else 2)
        if not lacking or tokens < min(cost, self.manners.burst):
            return None
        self.introduced = True
        first = min(lacking, key=lambda one: (self.known[one.symbol].tries, self._rank[one.symbol]))
        return Task("chart", (first.symbol,), "full")

    def _lacking(self, now: datetime) -> list[Instrument]:
        return self._without_history(self._priced(now), now)

    def _panel_lacking(self, now: datetime) -> list[Instrument]:
        return self._without_history([one for one in self._answerable(now) if one.panel], now)

    def _without_history(self, among: list[Instrument], now: datetime) -> list[Instrument]:
        known = self.known
        return [one for one in among if not known[one.symbol].full_history and self._rested(known[one.symbol], now)]

    def _official(self, now: datetime) -> Task | None:
        """The closing bar of a session that is over and not final here yet."""
        wanted = next(self._without_official(now), None)
        return Task("chart", (wanted.symbol,)) if wanted else None

    def _without_official(self, now: datetime) -> Iterator[Instrument]:
        for one in self._answerable(now):
            state, closed = self.known[one.symbol], self._calendar(one, now).closed(now)
            if not state.full_history or not self._behind(one, closed):
                continue
            since = now - closed.close
            # later in the night only once: by a feed that was not there (or asleep) at the close
            due = since >= AFTER_CLOSE and (since <= EVENING or state.tries == 0)
            if due and self._rested(state, now):
                yield one

    def _morning(self, now: datetime) -> Task | None:
        """Shortly before the open: yesterday's bar once more, it may have been mended overnight."""
        for one, day in self._unchecked(now):
            self.known[one.symbol].checked = day
            return Task("chart", (one.symbol,))
        return None

    def _unchecked(self, now: datetime) -> Iterator[tuple[Instrument, date]]:
        for one in self._priced(now):
            state, calendar = self.known[one.symbol], self._calendar(one, now)
            opening = _opening(calendar, now)
            missed = self._behind(one, calendar.closed(now))
            if not state.full_history or opening is None or state.checked == opening.day:
                continue
            if now >= opening.open - BEFORE_OPEN and (missed or now < opening.open):
                yield one, opening.day

    def _in_turn(self, now: datetime, tokens: float) -> Task | None:
        """One open symbol after another; one token is left for the next prices."""
        if tokens < 2 or self._lacking(now):
            return None
        live = [one for one in self._trading(now) if self._running(one, now) and self.known[one.symbol].full_history]
        due = [one for one in live if self._chart_due(self.known[one.symbol], now)]
        if not due:
            return None
        return Task("chart", (min(due, key=lambda one: self._turn(self.known[one.symbol])).symbol,))

    def _missing(self, now: datetime, tokens: float) -> Task | None:
        """Sessions that the history lacks, asked for again while their exchange is up and the budget is rich."""
        for one in self._answerable(now):
            state = self.known[one.symbol]
            if state.gap is None or not state.full_history or not self._is_up(one, now):
                continue
            due, span = state.gap
            cost = self.manners.cold_cost if span == "full" else 1
            rested = state.gap_at is None or now - state.gap_at >= AGAIN[0]
            if rested and (due is None or now >= due) and tokens >= min(cost + 2, self.manners.burst):
                state.gap, state.gap_at = None, now
                return Task("chart", (one.symbol,), span)
        return None

    def _is_up(self, one: Instrument, now: datetime) -> bool:
        """Whether an exchange is open, or has closed (its official bar being out) this evening."""
        since = now - self._calendar(one, now).closed(now).close
        return self._running(one, now) or AFTER_CLOSE <= since <= EVENING

    def _turn(self, state: Known) -> float:
        """Who waited longest; near an extreme a symbol counts as having waited longer, never for ever."""
        last = state.charted_at.timestamp() if state.charted_at else 0.0
        return last - (12.0 * len(self.instruments) if state.near_extreme else 0.0)

    def _chart_due(self, state: Known, now: datetime) -> bool:
        return state.charted_at is None or now >= self._chart_at(state, now)

    def _chart_at(self, state: Known, now: datetime) -> datetime:
        """When a symbol's next chart request is due while its exchange is open."""
        every = self.manners.chart_every_near if state.near_extreme else self.manners.chart_every
        return state.charted_at + every if state.charted_at is not None else now

    # -- who -----------------------------------------------------------------------------------------

    def _calendar(self, one: Instrument, now: datetime) -> Calendar:
        return self.calendar_of(one, now)

    def _answerable(self, now: datetime) -> list[Instrument]:
        """Symbols the service knows; a 404 holds for the rest of its day."""
        return [one for one in self.instruments if self.known[one.symbol].unknown_on != now.date()]

    def _priced(self, now: datetime) -> list[Instrument]:
        """Symbols whose running prices are shown: of the panel only closes are counted."""
        return [one for one in self._answerable(now) if not one.panel]

    def _trading(self, now: datetime) -> list[Instrument]:
        """Symbols whose exchange is open; futures are asked around New York's session, not all night."""
        return [one for one in self._priced(now) if self._asked(one, now)]

    def _asked(self, one: Instrument, now: datetime) -> bool:
        calendar = self._calendar(one, now)
        running = calendar.running(now)
        if running is None:
            # the closing print and its delay still come
            return now - calendar.closed(now).close < timedelta(minutes=2) + self.known[one.symbol].delay
        if one.kind != "future":
            return True
        stocks = next((other for other in self.instruments if other.calendar == "XNYS"), None)
        return stocks is None or _near_session(self._calendar(stocks, now), now)

    def _running(self, one: Instrument, now: datetime) -> bool:
        return self._calendar(one, now).running(now) is not None

    def _rested(self, state: Known, now: datetime) -> bool:
        if state.tried_at is None or state.tries == 0:
            return True
        wait = AGAIN[min(state.tries, len(AGAIN)) - 1]
        return now - state.tried_at >= wait

    def _bells(self, one: Instrument, now: datetime) -> list[datetime]:
        calendar = self._calendar(one, now)
        moments = [calendar.closed(now).close + AFTER_CLOSE]
        moments += [calendar.closed(now).close + AFTER_CLOSE + wait for wait in AGAIN]
        upcoming = calendar.upcoming(now)
        if upcoming is not None:
            moments += [upcoming.open - BEFORE_OPEN, upcoming.open]
        running = calendar.running(now)
        if running is not None:
            moments += [running.close, running.close + AFTER_CLOSE]
        return [moment for moment in moments if moment > now]


def _moved(moment: datetime | None, by: timedelta) -> datetime | None:
    return None if moment is None else moment + by


def _near_session(calendar: Calendar, now: datetime) -> bool:
    """Whether stocks trade, open within the hour or have closed within one: when futures are asked for."""
    upcoming = calendar.upcoming(now)
    soon = upcoming is not None and upcoming.open - now <= AROUND
    return soon or calendar.running(now) is not None or now - calendar.closed(now).close <= AROUND


def _opening(calendar: Calendar, now: datetime) -> Session | None:
    """The session at hand: the running one, or the next within its morning."""
    return calendar.running(now) or calendar.upcoming(now)


def ready(known: Mapping[str, Known]) -> tuple[int, int]:
    """Full histories loaded, and wanted."""
    return sum(state.full_history for state in known.values()), len(known)
