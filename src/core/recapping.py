"""The recap of a week out of a store: which week is meant, what it stands on, what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .bars import Bars
from .compose import compose_as_of
from .model.config import Config
from .model.flag import FlagHistory
from .model.recap import Recap
from .model.snapshot import Snapshot
from .oneshot import stored_bars
from .paths import Paths
from .recap import recap_from
from .recap_facts import Facts, closed_on_or_before, facts_of, sunday_of
from .recap_focus import week_events
from .sessions import Calendars, monday_of


class NothingError(Exception):
    """There are no bars to tell of; the sentence says of what."""


@dataclass(frozen=True)
class Answer:
    """A recap, what must be said of the week taken, and what is missing of it (empty: nothing)."""

    recap: Recap
    said: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def recap_in(paths: Paths, config: Config, watched: str, asked: date | None) -> Answer:
    """The week of a date, or the newest one: raises NothingError, StoreError. Reads only."""
    upto = sunday_of(monday_of(asked)) if asked else None
    return recap_upto(stored_bars(paths, upto), config, watched, asked)


def recap_upto(bars: Mapping[str, Bars], config: Config, watched: str, asked: date | None) -> Answer:
    """The same from bars that end with the week asked for."""
    short = next((one.short for one in config.instruments if one.symbol == watched), watched)
    own = bars.get(watched, Bars.empty())
    newest = closed_on_or_before(own, sunday_of(monday_of(asked)) if asked else date.max)
    if newest is None:
        until = f" up to the week of {monday_of(asked)}" if asked else ""
        raise NothingError(f"no bars of {short}{until}; run tapewatch fetch, or import bars")
    calendars = Calendars()
    sunday = sunday_of(monday_of(newest))
    known = (closed_on_or_before(bars.get(one.symbol, Bars.empty()), sunday) for one in config.watched)
    day = max((one for one in known if one is not None), default=newest)
    snapshot = compose_as_of(config, bars, day, calendars)
    facts = facts_of(snapshot, bars, watched)
    if facts is None:
        raise NothingError(f"{short} is not watched; take `hidden` out of its settings")
    told = recap_from(facts, _past(facts, config, bars, calendars))
    said, lost = _other_week(asked, newest, config, watched, calendars)
    return Answer(told, said, (*lost, *_missing(told, snapshot)))


def _past(facts: Facts, config: Config, bars: Mapping[str, Bars], calendars: Calendars) -> dict[str, FlagHistory]:
    """What rules did before whose flag of the week is off by its end: as of the session it was on."""
    found = _histories(facts.snapshot)
    lost = {event.session for event in week_events(facts) if event.flag not in found}
    for day in sorted(lost):
        found = _histories(compose_as_of(config, bars, day, calendars)) | found
    return found


def _histories(snapshot: Snapshot) -> dict[str, FlagHistory]:
    return {flag.id: flag.history for flag in snapshot.flags if flag.history is not None}


def _other_week(
    asked: date | None, newest: date, config: Config, watched: str, calendars: Calendars
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is said where the week shown is not the one asked for: a week of holidays, or bars that are missing."""
    if asked is None or monday_of(asked) == monday_of(newest):
        return (), ()
    one = next(one for one in config.instruments if one.symbol == watched)
    shown = f"shown is the last before it with bars, the week of {monday_of(newest)}"
    if calendars.of(one.calendar, asked).week(monday_of(asked)):
        return (), (f"no bars of {one.short} in the week of {monday_of(asked)}; {shown}",)
    return (f"the week of {monday_of(asked)} has no session of {one.short}; {shown}",), ()


def _missing(told: Recap, snapshot: Snapshot) -> tuple[str, ...]:
    unknown = tuple(
        f"{flag.rule} of {flag.watched}: {flag.sentence}" for flag in snapshot.flags if flag.state == "unknown"
    )
    lacking = (f"no bars of {', '.join(told.missing)} in the week of {told.monday}",) if told.missing else ()
    return (*lacking, *unknown, *snapshot.problems)
