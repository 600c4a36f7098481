"""One Snapshot for one-shot commands: published, or computed from the store; nothing is written.

What computes is imported where it is needed: a published snapshot is read without any of it.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec

from . import channel
from .clock import Clock, clock_behind, now_on
from .freshness import told_at
from .model.config import Config
from .model.instrument import ZONES
from .model.snapshot import LACKS, ClockReading, Market, Row, Snapshot
from .paths import Paths
from .sessions import Calendars
from .silence import when

if TYPE_CHECKING:
    from .bars import Bars

AHEAD_WORDS = "quoted ahead of this machine's clock"
BEHIND_WORDS = "this machine's clock stands before the time of the snapshot"
NEW_YORK = "America/New_York"


def stored_bars(paths: Paths, upto: date | None = None, symbols: Collection[str] | None = None) -> "dict[str, Bars]":
    """Final bars of a store (of some symbols alone, or of all), read without touching it; none where there is none."""
    from .store.bars import load_bars
    from .store.schema import reading

    if not paths.database.exists():
        return {}
    with reading(paths.database) as database:
        return load_bars(database, upto=upto, symbols=symbols)


def stored_origins(paths: Paths, upto: date | None = None) -> dict[str, tuple[str, datetime]]:
    """Who gave the newest final bar of each symbol, and when."""
    from .store.bars import load_origins
    from .store.schema import reading

    if not paths.database.exists():
        return {}
    with reading(paths.database) as database:
        return load_origins(database, upto=upto)


def stored_studies(paths: Paths) -> dict[str, bytes]:
    """The studies a feed has kept, by what they were made of."""
    from .store.schema import reading
    from .store.studies import load_studies

    if not paths.database.exists():
        return {}
    with reading(paths.database) as database:
        return load_studies(database)


def snapshot_as_of(paths: Paths, config: Config, day: date) -> Snapshot:
    """What the panes showed at the end of a date, from final bars alone. Raises StoreError."""
    from .compose import compose_as_of

    bars, origins, studies = stored_bars(paths, day), stored_origins(paths, day), stored_studies(paths)
    return compose_as_of(config, bars, day, Calendars(), origins, studies)


def snapshot_now(paths: Paths, config: Config, clock: Clock) -> Snapshot | None:
    """The published snapshot with ages as of now, or else one computed from the store; None without both."""
    published = channel.read_snapshot(paths)
    calendars = Calendars()
    if published is not None:
        now = now_on(published.clock, clock.now())
        return aged(published, calendars, now, clock_behind(published.clock, clock.now()))
    return _computed(paths, config, calendars, clock.now())


def _computed(paths: Paths, config: Config, calendars: Calendars, now: datetime) -> Snapshot | None:
    """The snapshot of this moment from the store; None without bars."""
    from .compose import compose_as_of
    from .official import with_officials
    from .store.closes import stored_closes

    bars = stored_bars(paths)
    if not bars:
        return None
    today = now.astimezone(calendars.of("XNYS", now.date()).zone).date()
    taken = compose_as_of(config, bars, today, calendars, stored_origins(paths), stored_studies(paths))
    clocked = msgspec.structs.replace(taken, clock=ClockReading(now=now, rate=1.0, read_at=now))
    closes = stored_closes(paths.database) if config.feed.close_sources else {}
    return aged(with_officials(clocked, closes, config.feed.close_sources, calendars, now), calendars, now)


def aged(snapshot: Snapshot, calendars: Calendars, now: datetime, behind: float = 0.0) -> Snapshot:
    """The same snapshot with ages, freshness and market states as of now."""
    names = {row.calendar for row in snapshot.instruments} | set(snapshot.markets)
    markets = {name: _reaching(snapshot.markets.get(name), name, calendars, now) for name in sorted(names)}
    told = told_at(msgspec.structs.replace(snapshot, markets=markets), now, behind=behind)
    return msgspec.structs.replace(told, clock=msgspec.structs.replace(snapshot.clock, now=now, read_at=None))


def _reaching(market: Market | None, name: str, calendars: Calendars, now: datetime) -> Market:
    """The exchange as the snapshot tells its sessions; by our own calendars where it tells none of this moment."""
    if market is not None and market.hours and market.hours[0].open <= now < market.hours[-1].open:
        return market
    if name not in ZONES:
        # a newer feed may know an exchange that we do not
        return Market(state="unknown")
    return calendars.of(name, now.date()).market(now)


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
    for word, named in (("stale", "stale"), ("late", "late"), ("frozen", "frozen"), ("ahead", AHEAD_WORDS)):
        found = [row.short for row in rows if row.freshness == word]
        said += [f"{named}: {', '.join(found)}"] if found else []
    judged = [flag for flag in snapshot.flags if flag.state == "unknown"]
    unknown = [f"{flag.called} of {flag.watched}: {flag.sentence}" for flag in judged]
    said += [*closes_elsewhere(snapshot), *_unofficial(snapshot), *unknown]
    store = (snapshot.health.store,) if snapshot.health.store else ()
    return (*said, *(_silence(snapshot) if said else ()), *_clock_words(snapshot), *store, *snapshot.problems)


def closes_elsewhere(snapshot: Snapshot) -> tuple[str, ...]:
    """``only the official close of 2025-10-15 from cboe: SPX, RUT; bars to 2025-10-14``, a sentence each."""
    found: dict[tuple[date, str], list[Row]] = {}
    for row in snapshot.instruments:
        if row.official is not None and row.official.session is not None:
            found.setdefault((row.official.session, row.official.source or ""), []).append(row)
    return tuple(
        f"only the official close of {day} from {source}: {', '.join(row.short for row in rows)}{_bars_to(rows)}"
        for (day, source), rows in found.items()
    )


def _bars_to(rows: list[Row]) -> str:
    quotes = [row.quote for row in rows if row.quote is not None]
    ends = [quote.session if quote.state == "final" else quote.previous_session for quote in quotes]
    first = min((day for day in ends if day is not None), default=None)
    return f"; bars to {first}" if first else "; no bars"


def _silence(snapshot: Snapshot) -> tuple[str, ...]:
    """Why something may be old: no feed has spoken."""
    since = snapshot.health.silent_since
    if since is None:
        return ()
    return (f"the feed has said nothing since {when(since, NEW_YORK, snapshot.clock.now)}",)


def _clock_words(snapshot: Snapshot) -> tuple[str, ...]:
    """What a clock that was set back makes uncertain."""
    behind = snapshot.health.clock_behind
    return (f"{BEHIND_WORDS} ({behind / 60:.0f} min): prices are older than they look",) if behind else ()


def _unofficial(snapshot: Snapshot) -> tuple[str, ...]:
    """Rows whose exchange has closed and whose official close has not come."""
    found = [
        row.short
        for row in snapshot.instruments
        if row.quote and row.quote.state != "final" and _is_shut(snapshot, row) and row.freshness == "closed"
        if row.official is None
    ]
    return (f"no official close yet: {', '.join(found)}",) if found else ()


def _is_shut(snapshot: Snapshot, row: Row) -> bool:
    market = snapshot.markets.get(row.calendar)
    return market is not None and market.state != "open"
