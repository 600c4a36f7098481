"""The life of a flag in a session: forming -> provisional -> confirmed or faded; unknown when a leg fails.

Fed with completed 5-minute bars and, after the close, with final bars: neither polls nor refreshes can
change what it writes. A flag of the day is never deleted.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

import msgspec

from ..model.flag import DWELL


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """Where one flag stands. `state` is off, forming, provisional, confirmed, faded or unknown.

    `first_seen` is when it formed, `last_seen` when it last held, `judged_to` the newest moment judged.
    """

    session: date | None = None
    state: str = "off"
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    judged_to: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Verdict:
    """One judgement of a rule: at a completed 5-minute bar, or (`final`) on final bars.

    `unknown` is the sentence that names the missing leg; `decides` whether a final verdict confirms.
    """

    at: datetime
    session: date
    enter: bool = False
    stay: bool = False
    final: bool = False
    decides: bool = True
    unknown: str | None = None
    known_at: datetime | None = None
    """When it was given up waiting for the missing leg; the time an unknown flag carries."""
    close: datetime | None = None
    """When the session closed; a final verdict tells by it whether anybody was there."""
    in_time: bool = False
    """Whether a final verdict came when it was due, though nobody followed the session."""


@dataclass(frozen=True)
class Step:
    """A state that was entered and when; `late` where no feed saw the session live."""

    state: Literal["forming", "provisional", "confirmed", "faded", "unknown"]
    at: datetime
    late: bool = False


def advance(life: Life, verdict: Verdict) -> tuple[Life, tuple[Step, ...]]:
    """The life after one verdict and the states it entered."""
    if life.session is not None and verdict.session < life.session:
        return life, ()
    if life.session != verdict.session:
        life = Life(session=verdict.session)
    if life.state == "confirmed":
        # only a mended official bar can take a confirmation back
        denied = verdict.final and verdict.decides and verdict.unknown is None and not verdict.enter
        return _faded(life, verdict) if denied else (life, ())
    if life.judged_to is not None and not verdict.final and verdict.at <= life.judged_to:
        return life, ()
    watched_live = life.judged_to is not None and (verdict.close is None or life.judged_to >= verdict.close - DWELL)
    life = _with(life, judged_to=verdict.at)
    if verdict.unknown is not None:
        return _lost(life, verdict, verdict.unknown)
    if life.state == "unknown":
        # what was given up for lost and came after all is known no earlier than it was given up
        known = max(verdict.at, life.last_seen or verdict.at) if verdict.final else verdict.at
        verdict = replace(verdict, at=known)
        life = _with(life, state="off", reason=None, first_seen=None)
    if verdict.final and verdict.decides:
        return _closed(life, verdict, late=not (watched_live or verdict.in_time))
    return _running(life, verdict)


def _with(life: Life, **changes: object) -> Life:
    """A copy with some fields changed."""
    return msgspec.structs.replace(life, **changes)


def _lost(life: Life, verdict: Verdict, reason: str) -> tuple[Life, tuple[Step, ...]]:
    if life.state == "unknown":
        return _with(life, reason=reason, last_seen=verdict.at), ()
    known_at = verdict.known_at or verdict.at
    lost = _with(life, state="unknown", reason=reason, first_seen=known_at, last_seen=known_at)
    return lost, (Step("unknown", known_at),)


def _closed(life: Life, verdict: Verdict, *, late: bool) -> tuple[Life, tuple[Step, ...]]:
    if verdict.enter:
        sure = _with(life, state="confirmed", first_seen=life.first_seen or verdict.at, last_seen=verdict.at)
        return sure, (Step("confirmed", verdict.at, late),)
    if life.state in ("forming", "provisional"):
        return _faded(life, verdict)
    return life, ()


def _running(life: Life, verdict: Verdict) -> tuple[Life, tuple[Step, ...]]:
    if life.state in ("off", "faded"):
        if not verdict.enter:
            return life, ()
        # a closed session that does not decide (a week in progress) has nothing left to dwell on
        state: Literal["forming", "provisional"] = "provisional" if verdict.final else "forming"
        begun = _with(life, state=state, first_seen=verdict.at, last_seen=verdict.at)
        return begun, (Step(state, verdict.at),)
    if not verdict.stay:
        return _faded(life, verdict)
    life = _with(life, last_seen=verdict.at)
    held = life.first_seen is not None and verdict.at - life.first_seen >= DWELL
    if life.state == "forming" and (held or verdict.final):
        return _with(life, state="provisional"), (Step("provisional", verdict.at),)
    return life, ()


def _faded(life: Life, verdict: Verdict) -> tuple[Life, tuple[Step, ...]]:
    return _with(life, state="faded", last_seen=verdict.at), (Step("faded", verdict.at),)
