"""The recap of a week: facts into parts, in the order of a desk note. No cause, no advice, no adjective."""

from collections.abc import Mapping

from .bars import Bars
from .model.flag import FlagHistory
from .model.recap import Recap
from .model.snapshot import Snapshot
from .recap_facts import Facts, facts_of, record_lines
from .recap_focus import flags_part, lacking_part, levels_part, momentum_part, turns_of
from .recap_parts import complete, macro_part, others_part, range_part, week_part
from .recap_path import path_part, sessions_part
from .recap_record import record_part
from .recap_words import span

SUBJECT = "^RUT"
"""Whose week is told where nobody says another."""


def recap_of(
    snapshot: Snapshot,
    bars: Mapping[str, Bars],
    *,
    watched: str | None = None,
    past: Mapping[str, FlagHistory] | None = None,
) -> Recap | None:
    """The week of an instrument's newest final bar; None where it has no bars or no row.

    Without `watched` it is the Russell's, or that of the first row where the Russell is not on the board.
    Final bars alone are told: running sessions of the snapshot are left out, and no bar after the session a
    row shows is looked at. `past` is what the rules did before, by flag id, for flags that are no longer on.
    """
    facts = facts_of(snapshot, bars, watched or subject_of(snapshot))
    return None if facts is None else recap_from(facts, past or {})


def subject_of(snapshot: Snapshot) -> str:
    """Whose week is told where nobody says."""
    symbols = [row.symbol for row in snapshot.instruments]
    return SUBJECT if SUBJECT in symbols else next(iter(symbols), SUBJECT)


def recap_from(facts: Facts, past: Mapping[str, FlagHistory]) -> Recap:
    """The facts in words and tables."""
    week, row = facts.week, facts.row
    # with a session missing, a move would be of two and a record of another day's
    told = (record_part, range_part, others_part, path_part, sessions_part) if complete(facts) else (others_part,)
    parts = (
        week_part(facts),
        lacking_part(facts),
        *(tell(facts) for tell in told),
        flags_part(facts, past),
        levels_part(facts),
        momentum_part(facts),
        macro_part(facts),
    )
    return Recap(
        symbol=row.symbol,
        short=row.short,
        name=row.name,
        monday=week.monday,
        first=facts.days[0].day,
        as_of=facts.as_of,
        sessions=week.sessions,
        expected=week.expected,
        final=week.final,
        close=week.close,
        title=f"the week of {span(facts.days[0].day, facts.as_of)}",
        parts=tuple(part for part in parts if part is not None and (part.sentences or part.heading.figures)),
        by_index=facts.lines,
        by_session=facts.days,
        records=record_lines(facts),
        turns=turns_of(facts),
        missing=facts.missing,
    )
