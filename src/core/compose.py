"""Putting a Snapshot together: rows, markets, flags, journal and health at one moment."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

import msgspec

from .bars import Bars
from .confirming import LARGE, SMALL, confirm
from .flags.engine import CAUGHT_UP, FlagEngine, World
from .flags.watch import Histories
from .freshness import told_at
from .live import Live
from .model.config import Config
from .model.flag import Event
from .model.instrument import Instrument
from .model.measures import Confirmation
from .model.snapshot import ClockReading, Health, Producer, Snapshot
from .recap import recap_of
from .rule_check import usable
from .sessions import Calendars
from .studying import StudyBook
from .take import History, newest, read_row

JOURNAL_SHOWN = 60


def world_at(
    instruments: Iterable[Instrument],
    histories: Mapping[str, History],
    live: Mapping[str, Live],
    calendars: Calendars,
    now: datetime,
) -> World:
    """What rules may look at, at a moment."""
    names = {one.calendar for one in instruments}
    return World(
        bars={symbol: history.bars for symbol, history in histories.items()},
        live=live,
        calendars={name: calendars.of(name, now.date()) for name in names},
        now=now,
    )


def compose(
    config: Config,
    histories: Mapping[str, History],
    engine: FlagEngine,
    world: World,
    *,
    clock: ClockReading,
    version: tuple[int, int],
    mode: str,
    health: Health,
    journal: tuple[Event, ...] = (),
    problems: tuple[str, ...] = (),
    producer: Producer | None = None,
    origins: Mapping[str, tuple[str, datetime]] | None = None,
    held: Mapping[str, str] | None = None,
    settled: bool = False,
) -> Snapshot:
    """The Snapshot of a moment; reads only. `settled`: of a past date, judged by closed sessions.

    `held`: what is not believed yet of a symbol's newest session.
    """
    empty = Bars.empty()
    rows = tuple(
        read_row(
            histories.get(one.symbol) or History.of(one, empty),
            world.live.get(one.symbol),
            world.calendars[one.calendar],
            world.now,
            taken=(origins or {}).get(one.symbol),
            own_levels=config.levels_of(one.symbol),
        )
        for one in config.watched
    )
    as_of, session = newest(rows)
    zone = next((world.calendars[one.calendar].zone for one in config.watched), UTC)
    made = Snapshot(
        version=version,
        mode=mode,
        clock=msgspec.structs.replace(clock, now=clock.now.astimezone(zone)),
        session=session,
        as_of=as_of.astimezone(zone) if as_of else None,
        markets={name: calendar.market(world.now) for name, calendar in sorted(world.calendars.items())},
        health=msgspec.structs.replace(health, gaps=gaps_in(histories)),
        instruments=tuple(msgspec.structs.replace(row, held=(held or {}).get(row.symbol)) for row in rows),
        flags=engine.flags(world),
        chance=engine.chance(),
        nearest=engine.nearest(),
        confirmation=_confirmation(config, histories, world),
        journal=journal[-JOURNAL_SHOWN:],
        problems=problems,
        producer=producer,
    )
    made = told_at(made, world.now, settled=settled)
    return msgspec.structs.replace(made, recap=recap_of(made, world.bars, past=Histories(engine.watches)))


def _confirmation(config: Config, histories: Mapping[str, History], world: World) -> tuple[Confirmation, ...]:
    """What confirms, as of the newest session that is final on the small and on the large index."""
    days = [histories[symbol].last_day for symbol in (SMALL, LARGE) if symbol in histories]
    known = [day for day in days if day is not None]
    if not known:
        return ()
    return confirm(world.bars, min(known), {one.symbol: one.short for one in config.instruments})


def gaps_in(histories: Mapping[str, History]) -> tuple[str, ...]:
    """Holes of over a month in stored histories, a sentence each."""
    return tuple(
        f"{history.instrument.short}: no bars between {history.hole[0]} and {history.hole[1]}"
        for history in histories.values()
        if history.hole is not None
    )


def end_of(day: date, calendars: Calendars) -> datetime:
    """The end of a date in New York."""
    zone = calendars.of("XNYS", day).zone
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone)


def histories_upto(config: Config, bars: Mapping[str, Bars], day: date, calendars: Calendars) -> dict[str, History]:
    """Of each instrument that is followed the bars of sessions closed before the end of a date in New York."""
    found: dict[str, History] = {}
    for one in config.followed:
        closed = calendars.of(one.calendar, day).closed(end_of(day, calendars)).day
        found[one.symbol] = History.of(one, bars.get(one.symbol, Bars.empty()).upto(min(day, closed)))
    return found


def compose_as_of(
    config: Config,
    bars: Mapping[str, Bars],
    day: date,
    calendars: Calendars,
    origins: Mapping[str, tuple[str, datetime]] | None = None,
    studies: Mapping[str, bytes] | None = None,
) -> Snapshot:
    """The Snapshot of a past date from final bars up to and including it, and nothing later.

    `studies` are those kept in the store: what was made of the same bars is not made again.

    For each calendar that is its last session closed before the end of the date in New York.
    """
    config, problems = usable(config)
    now = end_of(day, calendars)
    histories = histories_upto(config, bars, day, calendars)
    book = StudyBook(kept=studies)
    engine = FlagEngine(settings=config.rules, instruments=config.instruments, replayed=True, told=book.history)
    world = world_at(config.followed, histories, {}, calendars, now)
    events = engine.rebuild(world, sessions=CAUGHT_UP)
    events += engine.missing_legs(world)
    loaded = sum(len(histories[one.symbol].bars) > 0 for one in config.watched)
    return compose(
        config, histories, engine, world,
        clock=ClockReading(now=now, rate=0.0),
        settled=True,
        origins=origins,
        version=(0, 0),
        mode="live",
        health=Health(source="store", history_loaded=(loaded, len(config.watched))),
        journal=tuple(sorted(events, key=lambda event: event.time)),
        problems=tuple(str(problem) for problem in problems),
    )  # fmt: skip
