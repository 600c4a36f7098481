"""The proof of a flag: its sentence and thresholds, its numbers, what it meant before, what clears it."""

from ...core.model.flag import Flag, FlagHistory
from ...core.model.snapshot import Snapshot
from ..format import count, number, one_in, weekday_date
from ..look import Look
from ..text import clean
from ..words import conclusion, counted, moved, sentence, short_of, since, survival, title_of
from ._common import ordinal
from .proof import Check, Input, Proof, at_time

DATES = 12


def prove(flag: Flag, snapshot: Snapshot, look: Look) -> Proof:
    """Everything behind a flag."""
    return Proof(
        short_of(flag.watched, snapshot), title_of(flag),
        f"{flag.state} {since(flag, snapshot, look.zone)}", f"flags[{clean(flag.id)}]", f"flag-{flag.severity}",
        formula=_formula(flag),
        inputs=tuple(_inputs(flag, snapshot)),
        source=_source(flag, snapshot, look),
        history=_history(flag),
        series=flag.recent, series_words="at the last closes",
        checks=_checks(flag),
    )  # fmt: skip


def _formula(flag: Flag) -> tuple[str, ...]:
    said = [sentence(flag.sentence)]
    if flag.clears_when:
        said.append(f"Clears: {sentence(flag.clears_when)}.")
    return tuple(said)


def _inputs(flag: Flag, snapshot: Snapshot) -> list[Input]:
    return [
        Input(short_of(name, snapshot).replace("_", " "), _measured(name, value))
        for name, value in flag.measures.items()
    ]


def _measured(name: str, value: float | None) -> str:
    return count(value) if "sessions" in name or "weeks" in name else number(value, 4)


def _source(flag: Flag, snapshot: Snapshot, look: Look) -> tuple[str, ...]:
    against = ", ".join(short_of(one, snapshot) for one in flag.against)
    pair = f"{short_of(flag.watched, snapshot)} against {against}" if against else short_of(flag.watched, snapshot)
    return (
        f"{pair}; {clean(flag.basis)}",
        f"first seen {at_time(flag.first_seen, look)}, last held {at_time(flag.last_seen, look)}",
        f"goes on since {weekday_date(flag.continues)}" if flag.continues else "",
    )


def _history(flag: Flag) -> tuple[str, ...]:
    said: list[str] = []
    if flag.percentile is not None:
        said.append(
            f"{ordinal(flag.percentile)} percentile of the {count(flag.percentile_window)} before "
            f"({number(flag.percentile, 1)}): {_rarity(flag)}"
        )
    history = flag.history
    if history is not None:
        said += _record(history)
    return tuple(said)


def _rarity(flag: Flag) -> str:
    if flag.one_in_days is None:
        return f"none larger since {flag.largest_since}" if flag.largest_since else "none larger in that window"
    return f"about 1 in {number(flag.one_in_days, 1)}"


def _record(history: FlagHistory) -> list[str]:
    said = [f"{counted(history)}, {one_in(history.share_of_days)}" if history.days else counted(history)]
    if history.first_days:
        dates = ", ".join(str(day) for day in history.first_days[-DATES:])
        said.append(f"cases: {dates}")
    for sessions, median, every in (
        (5, history.median_5, history.all_days_5),
        (20, history.median_20, history.all_days_20),
    ):
        if median is not None:
            said.append(f"{sessions} sessions later: median {moved(history, median)}, all days {moved(history, every)}")
    if history.interval_20 is not None:
        low, high = history.interval_20
        said.append(f"difference of the means at 20 sessions, 95 %: {moved(history, low)} to {moved(history, high)}")
    if conclusion(history):
        said.append(conclusion(history))
    if survival(history):
        said.append(survival(history))
    return said


def _checks(flag: Flag) -> tuple[Check, ...]:
    if flag.state == "unknown":
        return (Check(False, sentence(flag.sentence)),)
    words = {
        "confirmed": "judged on official closes of the same session on every leg",
        "faded": "held earlier in the session, does not hold any more",
    }
    return (Check(True, words.get(flag.state, "judged on completed 5-minute bars of the same session on every leg")),)
