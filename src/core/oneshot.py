"""One Snapshot for one-shot commands: published, or computed from the store; nothing is written."""

from datetime import date, datetime, timedelta

import msgspec

from . import channel
from .bars import Bars
from .clock import Clock, now_on
from .compose import compose_as_of
from .freshness import judge
from .model.config import Config
from .model.snapshot import LACKS, ClockReading, Row, Snapshot
from .paths import Paths
from .sessions import Calendar, Calendars
from .store.bars import load_bars, load_origins
from .store.schema import reading
from .take import LAST_PRINT


def stored_bars(paths: Paths, upto: date | None = None) -> dict[str, Bars]:
    """Final bars of a store, read without touching it; none where there is no store."""
    if not paths.database.exists():
        return {}
    with reading(paths.database) as database:
        return load_bars(database, upto=upto)


def stored_origins(paths: Paths, upto: date | None = None) -> dict[str, tuple[str, datetime]]:
    """Who gave the newest final bar of each symbol, and when."""
    if not paths.database.exists():
        return {}
    with reading(paths.database) as database:
        return load_origins(database, upto=upto)


def snapshot_as_of(paths: Paths, config: Config, day: date) -> Snapshot:
    """What the panes showed at the end of a date, from final bars alone. Raises StoreError."""
    return compose_as_of(config, stored_bars(paths, day), day, Calendars(), stored_origins(paths, day))


def snapshot_now(paths: Paths, config: Config, clock: Clock) -> Snapshot | None:
    """The published snapshot with ages as of now, or else one computed from the store; None without both."""
    published = channel.read_snapshot(paths)
    calendars = Calendars()
    if published is not None:
        now = now_on(published.clock, clock.now())
        return aged(published, calendars, now)
    bars = stored_bars(paths)
    if not bars:
        return None
    now = clock.now()
    today = now.astimezone(calendars.of("XNYS", now.date()).zone).date()
    taken = compose_as_of(config, bars, today, calendars, stored_origins(paths))
    clocked = msgspec.structs.replace(taken, clock=ClockReading(now=now, rate=1.0, read_at=now))
    return aged(clocked, calendars, now)


def aged(snapshot: Snapshot, calendars: Calendars, now: datetime) -> Snapshot:
    """The same snapshot with ages, freshness and market states as of now."""
    refresh = timedelta(seconds=snapshot.health.refresh_seconds)
    names = {row.calendar for row in snapshot.instruments} | set(snapshot.markets)
    known = {name: calendars.of(name, now.date()) for name in names}
    return msgspec.structs.replace(
        snapshot,
        clock=msgspec.structs.replace(snapshot.clock, now=now, read_at=None),
        markets={name: calendar.market(now) for name, calendar in sorted(known.items())},
        instruments=tuple(_aged(row, known[row.calendar], now, refresh) for row in snapshot.instruments),
    )


def _aged(row: Row, calendar: Calendar, now: datetime, refresh: timedelta) -> Row:
    if row.quote is None or row.quote.time is None:
        return row
    delay = timedelta(minutes=row.quote.delay_minutes)
    fresh = judge(calendar, now, row.quote.time, delay, refresh, last_print=LAST_PRINT.get(row.kind))
    quote = row.quote
    if quote.state == "live" and calendar.running(now) is None:
        quote = msgspec.structs.replace(quote, state="provisional")
    return msgspec.structs.replace(row, freshness=fresh.word, age_seconds=fresh.age_seconds, quote=quote)


def session_on_or_before(day: date) -> date:
    """The New York session of a date, or the last one before it; a date before all calendars is itself."""
    return min(day, Calendars().of("XNYS", day).on_or_before(day).day)


def lacking(snapshot: Snapshot) -> tuple[str, ...]:
    """What is missing, stale or unknown, a sentence each; empty where all is there and fresh enough."""
    said: list[str] = []
    rows = snapshot.instruments
    missing = [row.short for row in rows if row.quote is None]
    said += [f"{row.short} {row.note}" for row in rows if row.note and row.note.startswith(LACKS)]
    said += [f"{row.short} {row.held}" for row in rows if row.held]
    said += [f"no bars of {', '.join(missing)}"] if missing else []
    for word in ("stale", "late", "frozen"):
        found = [row.short for row in rows if row.freshness == word]
        said += [f"{word}: {', '.join(found)}"] if found else []
    unknown = [f"{flag.rule} of {flag.watched}: {flag.sentence}" for flag in snapshot.flags if flag.state == "unknown"]
    return (*said, *_unofficial(snapshot), *unknown, *snapshot.problems)


def _unofficial(snapshot: Snapshot) -> tuple[str, ...]:
    """Rows whose exchange has closed and whose official close has not come."""
    found = [
        row.short
        for row in snapshot.instruments
        if row.quote and row.quote.state != "final" and _is_shut(snapshot, row) and row.freshness == "closed"
    ]
    return (f"no official close yet: {', '.join(found)}",) if found else ()


def _is_shut(snapshot: Snapshot, row: Row) -> bool:
    market = snapshot.markets.get(row.calendar)
    return market is not None and market.state != "open"
