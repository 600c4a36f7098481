"""Parts of a snapshot: all that a pane without running prices is made of, and nothing that every tick changes."""

from datetime import UTC, datetime

from msgspec.structs import replace

from ...core.model.snapshot import ClockReading, Health, Market, Row, Snapshot

_NOTHING = Snapshot(version=(0, 0), mode="", clock=ClockReading(now=datetime(1970, 1, 1, tzinfo=UTC)))


def of_flags(snapshot: Snapshot) -> Snapshot:
    """Flags, what is near to one, the names in them, and whether the first exchange trades."""
    first = snapshot.instruments[0].calendar if snapshot.instruments else ""
    market = snapshot.markets.get(first)
    return replace(
        _NOTHING,
        session=snapshot.session,
        markets={first: Market(state=market.state)} if market else {},
        instruments=_names(snapshot),
        flags=snapshot.flags,
        chance=snapshot.chance,
        nearest=snapshot.nearest,
    )


def of_journal(snapshot: Snapshot) -> Snapshot:
    """Its entries, the names in them and the flags they are of; without any, when the feed began."""
    part = replace(
        _NOTHING,
        session=snapshot.session,
        instruments=_names(snapshot),
        flags=snapshot.flags,
        journal=snapshot.journal,
    )
    return part if snapshot.journal else replace(part, clock=snapshot.clock, producer=snapshot.producer)


def of_confirmation(snapshot: Snapshot) -> Snapshot:
    """Its lines."""
    return replace(_NOTHING, confirmation=snapshot.confirmation)


def of_recap(snapshot: Snapshot) -> Snapshot:
    """The week in words; while there is none, why."""
    if snapshot.recap is not None:
        return replace(_NOTHING, recap=snapshot.recap)
    told = snapshot.health
    return replace(
        _NOTHING,
        health=Health(source="", error=told.error, silent=told.silent, history_loaded=told.history_loaded),
    )


def _names(snapshot: Snapshot) -> tuple[Row, ...]:
    return tuple(
        Row(
            symbol=row.symbol, short=row.short, name=row.name, role=row.role, group=row.group, kind=row.kind,
            currency=row.currency, calendar=row.calendar, price_return=row.price_return,
        )
        for row in snapshot.instruments
    )  # fmt: skip
