"""How old a snapshot is and what that means: the one place where age is judged.

Feed, one-shot commands and screens all ask here, of the snapshot's own figures and the present moment alone.
Age runs from the quote's own time, never from when it was fetched. While the exchange is shut nothing ages; a
delay the service declares is shown as a delay, not as staleness.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

import msgspec
from msgspec.structs import replace

from .model.snapshot import Market, Row, Snapshot
from .silence import RUNNING, judged, silent_since
from .trading import UNKNOWN, Exchanges, Trading

NOTHING = timedelta()
LATE = timedelta(minutes=15)
"""Beyond the declared delay: from late to stale."""
CLOSING = timedelta(minutes=5)
"""How long before the bell a last price may be and still be the close's."""
LONGEST_DELAY = timedelta(hours=1)
"""A service that declares more is not believed: it would excuse any age."""
AHEAD = timedelta(minutes=1)
"""How far a quote's time may be ahead of the clock before neither is believed."""
FROZEN_POLLS = 10
"""Answers in a row with the same price and time, in an open session."""
FROZEN_FOR = timedelta(minutes=5)
"""Trading time beyond the delay for which they must have been the same: a lunch or an opening is over by then."""
HALT = timedelta(minutes=20)
"""Where a whole exchange stands still it may be halted: so long, reopening included, it is old, not frozen."""
LAST_PRINT = {"volatility": time(16, 15), "yield": time(15, 0)}
"""New York time of the last print of indices that do not end with the stock session."""


class Freshness(msgspec.Struct, frozen=True):
    """The word for a quote's age and the age itself in seconds (None where there is none that can be told)."""

    word: str
    age_seconds: float | None


def judge(
    trading: Trading,
    now: datetime,
    quoted: datetime | None,
    delay: timedelta,
    refresh: timedelta,
    same_answers: int = 0,
    *,
    last_print: time | None = None,
    halted: bool = False,
) -> Freshness:
    """live, delayed, late, stale, frozen, ahead, closed or missing.

    Counted is the time the exchange has traded since the quote: live up to the delay and two refreshes,
    late up to the delay and 15 minutes, stale beyond. `closed` where it is shut, or has opened so lately
    that nothing newer can be had. `last_print` (local) ends the day of an index that ends before its
    exchange does. `halted`: nothing of the exchange moves.
    """
    if quoted is None:
        return Freshness("missing", None)
    if quoted - now > AHEAD:
        return Freshness("ahead", None)
    lag = _Lag(trading.ending(last_print), now.astimezone(UTC), quoted.astimezone(UTC))
    delay = min(max(delay, NOTHING), LONGEST_DELAY)
    word = lag.word(delay, refresh)
    still = FROZEN_FOR if not halted else HALT
    if word in ("late", "stale") and same_answers >= FROZEN_POLLS and lag.running and lag.beyond(delay + still):
        word = "frozen"
    return Freshness(word, max(0.0, (lag.now - lag.quoted).total_seconds()))


class _Lag(msgspec.Struct, frozen=True):
    """How far a quote stands behind its exchange."""

    trading: Trading
    now: datetime
    quoted: datetime

    @property
    def running(self) -> bool:
        """Whether the exchange is open."""
        return self.trading.running(self.now) is not None

    def beyond(self, limit: timedelta) -> bool:
        """Whether it has traded longer than that since the quote."""
        return self.trading.traded(self.quoted, self.now) > limit

    def word(self, delay: timedelta, refresh: timedelta) -> str:
        """The word of its age, whatever the answers were."""
        fresh = delay + min(2 * refresh, LATE)
        running = self.trading.running(self.now)
        if running is None:
            return self._shut(delay, fresh)
        if self.quoted >= running.open:
            behind = self.trading.traded(self.quoted, self.now)
            return _graded(behind, fresh, delay + LATE, "delayed" if delay else "live")
        # a price of the session before, good for its close or for nothing
        if self.trading.traded(self.quoted, running.open) > CLOSING:
            return "stale"
        return _graded(self.trading.traded(running.open, self.now), fresh, delay + LATE, "closed")

    def _shut(self, delay: timedelta, fresh: timedelta) -> str:
        """The closing print comes up to the delay after the bell; then it is here or is missed."""
        missing = self.trading.traded(self.quoted, self.now)
        if missing <= CLOSING:
            return "closed"
        closed = self.trading.closed(self.now)
        since = self.now - closed.close if closed else LATE
        return _graded(missing + since, fresh, delay + LATE, "closed")


def _graded(behind: timedelta, fresh: timedelta, late: timedelta, good: str) -> str:
    if behind <= fresh:
        return good
    return "late" if behind <= late else "stale"


# -- a whole snapshot -----------------------------------------------------------------------------------


class Verdict(msgspec.Struct, frozen=True):
    """What is true of a snapshot at a moment, its figures and the ages in seconds left aside."""

    markets: Mapping[str, Market]
    words: tuple[str, ...]
    over: tuple[bool, ...]
    """Whether the session of each row has ended."""
    silent: datetime | None
    behind: float


def told_at(snapshot: Snapshot, now: datetime, *, settled: bool = False, behind: float = 0.0) -> Snapshot:
    """The same snapshot as it must be read at a moment: ages, words, market states, flags that are unknown by now.

    A replay stands as it was made. `settled` judges ages against sessions that have closed: what a past date is
    looked at with. `behind`: by how many seconds the reader's clock stands before the snapshot's.
    """
    return snapshot if snapshot.mode == "replay" else weighed(snapshot, now, settled=settled, behind=behind).told()


class Weighed(msgspec.Struct, frozen=True):
    """What is true of a snapshot at a moment; equal verdicts mean that no word has changed."""

    snapshot: Snapshot
    now: datetime
    verdict: Verdict
    ages: tuple[Freshness, ...]

    def told(self) -> Snapshot:
        """The snapshot as it must be read."""
        return _applied(self.snapshot, self.verdict, self.ages, self.now)


def weighed(
    snapshot: Snapshot,
    now: datetime,
    *,
    settled: bool = False,
    behind: float = 0.0,
    exchanges: Exchanges | None = None,
) -> Weighed:
    """Judge a snapshot; :func:`told_at` explains `settled` and `behind`. Who judges often keeps the `exchanges`."""
    moment, now = now, now.astimezone(UTC)
    known = (exchanges or Exchanges()).of(snapshot.markets)
    still = _standing(snapshot)
    refresh = timedelta(seconds=snapshot.health.refresh_seconds)
    found: list[Freshness] = []
    for row in snapshot.instruments:
        trading = known.get(row.calendar)
        if trading is None:
            found.append(_without_hours(row, snapshot, now))
        else:
            found.append(_fresh(row, trading, now, refresh, settled=settled, halted=row.calendar in still))
    verdict = Verdict(
        markets={name: _market(market, known.get(name), now) for name, market in snapshot.markets.items()},
        words=tuple(one.word for one in found),
        over=tuple(_is_over(row, known.get(row.calendar), now) for row in snapshot.instruments),
        silent=silent_since(snapshot, now),
        behind=behind,
    )
    return Weighed(snapshot, moment, verdict, tuple(found))


def _fresh(row: Row, trading: Trading, now: datetime, refresh: timedelta, *, settled: bool, halted: bool) -> Freshness:
    quote = row.quote
    if quote is None or quote.time is None:
        return Freshness("missing", None)
    at, closed = now, trading.closed(now)
    if settled and closed is not None:
        # a last print may come after the bell
        at = min(now, max(closed.close, quote.time))
    delay, ends = timedelta(minutes=quote.delay_minutes), LAST_PRINT.get(row.kind)
    return judge(trading, at, quote.time, delay, refresh, quote.same_answers, last_print=ends, halted=halted)


def _standing(snapshot: Snapshot) -> frozenset[str]:
    """Exchanges of which several instruments are watched and none has moved for many answers."""
    answers: dict[str, list[int]] = {}
    for row in snapshot.instruments:
        if row.quote is not None:
            answers.setdefault(row.calendar, []).append(row.quote.same_answers)
    return frozenset(name for name, same in answers.items() if len(same) > 1 and min(same) >= FROZEN_POLLS)


def _without_hours(row: Row, snapshot: Snapshot, now: datetime) -> Freshness:
    """Of a snapshot that tells no sessions: as its feed said, for as long as that can be good."""
    quoted = row.quote.time if row.quote else None
    seconds = row.age_seconds if quoted is None else max(0.0, (now - quoted.astimezone(UTC)).total_seconds())
    grown_old = now - snapshot.clock.now > LATE and row.freshness in ("live", "delayed", "late")
    return Freshness("stale" if grown_old else row.freshness, seconds)


def _market(market: Market, trading: Trading | None, now: datetime) -> Market:
    if trading is not None:
        return trading.market(now)
    bell = market.next_close if market.state == "open" else market.next_open
    rung = bell is not None and bell <= now
    return replace(market, state=UNKNOWN, next_open=None, next_close=None) if rung else market


def _is_over(row: Row, trading: Trading | None, now: datetime) -> bool:
    day = row.quote.session if row.quote else None
    if trading is None or day is None:
        return False
    session, begun = trading.on(day), trading.begun(now)
    if session is None:
        return begun is not None and day < begun.day
    return now >= session.close


def _applied(snapshot: Snapshot, verdict: Verdict, found: tuple[Freshness, ...], now: datetime) -> Snapshot:
    rows = tuple(map(_row, snapshot.instruments, found, verdict.over))
    flags = snapshot.flags
    if any(flag.state in RUNNING for flag in flags):
        by_symbol = {row.symbol: row for row in rows}
        flags = tuple(judged(flag, by_symbol, verdict.silent, now) for flag in flags)
    lost = sum(before.state != after.state for before, after in zip(snapshot.flags, flags, strict=True))
    return replace(
        snapshot,
        markets=dict(verdict.markets),
        instruments=rows,
        flags=flags,
        chance=replace(snapshot.chance, flags=max(0, snapshot.chance.flags - lost)) if lost else snapshot.chance,
        health=replace(snapshot.health, silent_since=verdict.silent, clock_behind=verdict.behind),
    )


def _row(row: Row, fresh: Freshness, over: bool) -> Row:
    quote = row.quote
    if quote is not None and quote.state == "live" and over:
        quote = replace(quote, state="provisional")
    return replace(row, freshness=fresh.word, age_seconds=fresh.age_seconds, quote=quote)
