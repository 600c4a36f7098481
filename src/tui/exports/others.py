"""Tables of flags, journal and confirmation."""

from collections.abc import Sequence

from ...core.model.flag import Event, Flag
from ...core.model.measures import Confirmation
from ...core.model.snapshot import Snapshot
from ..look import Look
from ..panes import confirmation, flags, journal
from ..words import short_of, title_of
from .table import Column, Table, Value

FLAG = (
    Column("id"), Column("rule"), Column("title"), Column("watched"), Column("against", "", "all must hold"),
    Column("state", "", "forming, provisional, confirmed, faded or unknown"),
    Column("severity", "", "info, watch, notable or rare"), Column("session", "date"), Column("first_seen", "time"),
    Column("last_seen", "time"), Column("percentile", "0-100", "of the magnitude"),
    Column("percentile_window", "sessions", "or weeks"), Column("one_in_days", "days"), Column("sentence"),
    Column("clears_when"), Column("history_days", "days", "on which the rule held"),
    Column("history_cases", "cases"), Column("history_since", "date"), Column("share_of_days", "0-1"),
    Column("median_20", "", "20 sessions later, in history_unit"), Column("all_days_20", "", "the same over all days"),
    Column("interval_20_low", "", "of the difference of means, 95 %"), Column("interval_20_high"),
    Column("history_unit"),
)  # fmt: skip
EVENT = (
    Column("time", "time"), Column("session", "date"), Column("state"), Column("watched"), Column("against"),
    Column("rule"), Column("title"), Column("sentence"), Column("flag", "", "its id"),
)  # fmt: skip
CONFIRMATION = (
    Column("key"), Column("label"), Column("meaning"), Column("unit", "", "of value"), Column("as_of", "date"),
    Column("value"), Column("of", "", "where value is a count"),
    Column("change20", "%", "over 20 sessions; of a yield bp, of a count percent points"),
    Column("low", "", "of its year"), Column("high", "", "of its year"),
    Column("position_percent", "%", "0 at the year's low, 100 at its high"), Column("percentile", "0-100"),
    Column("state"), Column("reading"), Column("note"),
)  # fmt: skip


def _flag(flag: Flag, snapshot: Snapshot) -> tuple[Value, ...]:
    past = flag.history
    low, high = (past.interval_20 if past is not None else None) or (None, None)
    return (
        flag.id, flag.rule, title_of(flag), short_of(flag.watched, snapshot),
        " ".join(short_of(one, snapshot) for one in flag.against), flag.state, flag.severity, flag.session,
        flag.first_seen, flag.last_seen, flag.percentile, flag.percentile_window, flag.one_in_days, flag.sentence,
        flag.clears_when, *((past.days, past.episodes, past.since, past.share_of_days) if past else (None,) * 4),
        *((past.median_20, past.all_days_20) if past else (None, None)), low, high, past.unit if past else None,
    )  # fmt: skip


def _event(event: Event, snapshot: Snapshot) -> tuple[Value, ...]:
    return (
        event.time, event.session, event.state, short_of(event.watched, snapshot),
        " ".join(short_of(one, snapshot) for one in event.against), event.rule, event.title, event.sentence, event.flag,
    )  # fmt: skip


def _reading(one: Confirmation) -> tuple[Value, ...]:
    return (
        one.key, one.label, one.meaning, one.unit, one.as_of, one.value, one.of, one.change20, one.low, one.high,
        one.position_percent, one.percentile, one.state, one.reading, one.note,
    )  # fmt: skip


def _flags(snapshot: Snapshot, look: Look, _: Sequence[str]) -> Table:
    return Table("flags", "flags", FLAG, tuple(_flag(one, snapshot) for one in flags.rows(snapshot, look)))


def _journal(snapshot: Snapshot, look: Look, _: Sequence[str]) -> Table:
    rows = tuple(_event(one, snapshot) for one in journal.rows(snapshot, look))
    return Table("journal", "journal, newest first", EVENT, rows)


def _confirmation(snapshot: Snapshot, look: Look, _: Sequence[str]) -> Table:
    rows = tuple(_reading(one) for one in confirmation.rows(snapshot, look))
    return Table("confirmation", "confirmation and macro", CONFIRMATION, rows)


MAKERS = {"flags": _flags, "journal": _journal, "confirmation": _confirmation}
