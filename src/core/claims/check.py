"""The claim check: a claim in words, the bars, and the answer with its figures and definitions."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache

from msgspec.structs import replace

from ..bars import Bars
from ..lagging import lagging
from ..model.claim import Answer
from ..model.instrument import Instrument
from ..sessions import Calendars
from .beyond import why_not
from .grammar import ClaimError, Parsed, parse
from .judging import NOT_COMPUTABLE, Ask, Form, denied, together
from .legs import Legs
from .never import never, spans_sessions

LONGEST = 300


@cache
def forms() -> tuple[Form, ...]:
    """Every form of claim, family by family: a family is a file with FORMS."""
    from . import __name__ as package
    from . import __path__ as folder

    found: list[Form] = []
    for module in pkgutil.iter_modules(folder):
        family: tuple[Form, ...] = getattr(importlib.import_module(f".{module.name}", package), "FORMS", ())
        found.extend(family)
    return tuple(found)


def check(
    claim: str,
    instruments: Iterable[Instrument],
    bars: Mapping[str, Bars],
    today: date,
    calendars: Calendars | None = None,
    now: datetime | None = None,
) -> Answer:
    """The claim judged from final bars alone; with `now`, one without an end says which bars since are missing.

    Raises ClaimError, WhenError, UnknownSymbolError and UnknownFormError for a claim that cannot be read.
    """
    if len(claim) > LONGEST:
        raise ClaimError(f"a claim is one sentence of at most {LONGEST} letters")
    reason = why_not(claim)
    if reason:
        return Answer(claim=claim, form=NOT_COMPUTABLE, verdict=NOT_COMPUTABLE, missing=(reason,))
    calendars = calendars or Calendars()
    parsed = parse(claim, instruments, today, forms())
    ask = Ask(
        words=parsed.words,
        instruments=parsed.instruments,
        legs=Legs(bars, parsed.when, today, calendars),
        basis=parsed.basis,
        notes=dict.fromkeys(parsed.notes),
    )
    answer = _answered(claim, parsed, ask)
    if now is None or ask.when.cutoff is not None:
        return answer
    late = (
        lagging(leg.short, leg.day(len(leg.bars) - 1), calendars.of(leg.instrument.calendar, today), now)
        for leg in ask.used.values()
    )
    return replace(answer, missing=(*answer.missing, *filter(None, late)))


def _answered(claim: str, parsed: Parsed, ask: Ask) -> Answer:
    if parsed.never and not parsed.form.searches and spans_sessions(ask.when):
        parts = never(ask, parsed.form)
    else:
        parts = tuple(parsed.form.judge(ask))
        parts = tuple(map(denied, parts)) if parsed.negated else parts
    sources = tuple(leg.provenance() for leg in ask.used.values())
    return Answer(
        claim=claim,
        form=parsed.form.name,
        verdict=together(parts),
        symbols=tuple(one.symbol for one in ask.instruments),
        parts=parts,
        sources=sources,
        as_of=min((one.last for one in sources), default=None),
        tolerance=ask.tolerance,
        notes=(*ask.notes, *ask.legs.notes),
        moved=tuple(ask.legs.moved),
        missing=tuple(ask.legs.missing),
    )
