"""What a snapshot may no longer claim: that its feed speaks, and flags whose legs have gone old."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from .model.flag import Flag
from .model.instrument import ZONES, letters, local
from .model.snapshot import Row, Snapshot

GRACE = timedelta(seconds=90)
"""Of the wall's time: how long after the moment it announced a feed may still be at work on its answer."""
RUNNING = ("forming", "provisional")
"""States of a flag that the next price may change."""
OUT = {
    "stale": "has been silent since",
    "frozen": "has stood still since",
    "ahead": "is quoted ahead of this machine's clock, at",
    "missing": "has no price",
}
"""Freshness of a leg with which nothing can be judged, and what is said of it."""
LONG_AGO = 300
"""Days from which a date without its year would be taken for a recent one."""


def silent_since(snapshot: Snapshot, now: datetime) -> datetime | None:
    """When the feed last spoke, where the moment it announced to speak again has gone by; else None."""
    due, rate = snapshot.health.next_due, snapshot.clock.rate
    if due is None or rate <= 0 or now - due <= GRACE * rate:
        return None
    return snapshot.clock.now


def judged(flag: Flag, rows: Mapping[str, Row], silent: datetime | None, now: datetime) -> Flag:
    """The flag, unknown where a leg has gone old or the feed is silent while a close is still to come."""
    if flag.state not in RUNNING:
        return flag
    legs = [rows[symbol] for symbol in (flag.watched, *flag.against) if symbol in rows]
    reason = next((said for leg in legs if (said := _out(leg, now))), None)
    if reason is None and silent is not None and any(leg.quote and leg.quote.state != "final" for leg in legs):
        reason = f"the feed has said nothing since {when(silent, ZONES.get(legs[0].calendar, 'UTC'), now)}"
    return flag if reason is None else _unknown(flag, reason)


def _out(leg: Row, now: datetime) -> str | None:
    said = OUT.get(leg.freshness)
    if said is None:
        return None
    time = leg.quote.time if leg.quote else None
    return f"{leg.short} {said} {when(time, leg.zone, now)}" if time else f"{leg.short} {OUT['missing']}"


def when(moment: datetime, zone: str, now: datetime) -> str:
    """``14:02 ET``, ``Fri 17 Oct 14:02 ET`` of another day, with its year of another year or one long ago."""
    then, here = local(moment, zone), local(now, zone)
    year = f"{then.year} " if then.year != here.year or (here.date() - then.date()).days > LONG_AGO else ""
    day = "" if then.date() == here.date() else f"{then:%a} {then.day} {then:%b} {year}"
    return f"{day}{then:%H:%M} {letters(then)}"


def _unknown(flag: Flag, reason: str) -> Flag:
    return replace(
        flag, state="unknown", severity="info", sentence=reason, brief=reason, clears_when="", measures={},
        percentile=None, percentile_window=None, one_in_days=None, largest_since=None,
    )  # fmt: skip
