"""Proofs of the recap: each sentence with its figures and where they come from, each row of its tables."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from msgspec.structs import replace

from ...core.model.recap import IndexLine, Part, Recap, RecordLine, SessionLine, Statement, Turn
from ...core.model.snapshot import Row, Snapshot
from ..choices import Choices
from ..format import MINUS, basis_points, number, price, signed, weekday_date
from ..look import Look
from ..recap_keys import statements, turn_key
from ..recap_report import change_words, is_yield, range_words
from ..text import clean
from . import record, weekly
from ._common import place, ratio_words, source_of, tone
from .proof import Check, Definition, Input, Proof

Prover = Callable[[Recap, str | None, Snapshot, Look], Proof | None]
T = TypeVar("T")


def prove(pane: str, key: str | None, snapshot: Snapshot, look: Look) -> Proof | None:
    """The proof of what the cursor is on in a pane of the recap; of its first row or sentence without a cursor."""
    recap = snapshot.recap
    prover = PANES.get(pane)
    return prover(recap, key, snapshot, look) if recap is not None and prover is not None else None


def _chosen(found: Iterable[T], key: str | None, named: Callable[[T], str]) -> T | None:
    kept = tuple(found)
    return next((one for one in kept if named(one) == key), kept[0] if kept else None)


# -- words ----------------------------------------------------------------------------------------------


def words(recap: Recap, key: str | None, snapshot: Snapshot, look: Look) -> Proof | None:
    """A heading or sentence: its figures at full precision, each with its path or formula."""
    if key is not None and key.startswith("turns["):
        return turn(recap, key, snapshot, look)
    told = (one for one in statements(recap) if one[2].figures)
    found = _chosen(told, key, lambda one: one[0])
    if found is None:
        return None
    name, part, statement = found
    return Proof(
        clean(recap.short), _figure(name, part), _counted(statement), f"recap.{clean(name)}",
        formula=(clean(statement.text),),
        inputs=tuple(
            Input(clean(one).replace("_", " "), _exact(value), clean(statement.sources.get(one, "")))
            for one, value in statement.figures.items()
        ),
        source=_source(recap, snapshot, look),
        checks=_checks(recap),
    )  # fmt: skip


def _figure(name: str, part: Part) -> str:
    return f"{clean(part.key)}, {'heading' if name.endswith('heading') else 'sentence'}"


def _counted(statement: Statement) -> str:
    size = len(statement.figures)
    return f"{size} figure{'' if size == 1 else 's'}"


def _exact(value: float | str) -> str:
    """A date as it is, a number to six decimals without the zeros at its end."""
    if isinstance(value, str):
        return clean(value)
    whole, _, rest = number(value, 6).partition(".")
    rest = rest.rstrip("0")
    return f"{whole}.{rest}" if rest else whole


def _source(recap: Recap, snapshot: Snapshot, look: Look) -> tuple[str, ...]:
    row = snapshot.row(recap.symbol)
    own = source_of(row, snapshot, look)[:2] if row is not None else ()
    return (f"final daily bars up to {weekday_date(recap.as_of)}, nothing later", *own)


def _checks(recap: Recap) -> tuple[Check, ...]:
    missing = ", ".join(clean(one) for one in recap.missing)
    made = [Check(recap.sessions == recap.expected or not recap.final, _sessions(recap.sessions, recap.expected))]
    return (*made, Check(False, f"no bars of this week: {missing}")) if missing else tuple(made)


def _sessions(done: int, expected: int) -> str:
    return f"{done} of {expected} sessions present"


# -- tables ---------------------------------------------------------------------------------------------


def index(recap: Recap, key: str | None, snapshot: Snapshot, look: Look) -> Proof | None:
    """The week's change of an instrument: as the weekly pane proves it where the snapshot shows the same week."""
    line = _chosen(recap.by_index, key, lambda one: one.symbol)
    if line is None:
        return None
    row = snapshot.row(line.symbol)
    if row is not None and _same_week(row, line, recap):
        proof = weekly.change(row, snapshot, replace(look, choices=Choices()))
        if proof is not None:
            return proof
    return _index(recap, line, snapshot, look)


def _same_week(row: Row, line: IndexLine, recap: Recap) -> bool:
    """Whether a row's readings are those the recap was told from."""
    week = row.week
    return week is not None and (week.monday, week.close, week.sessions) == (recap.monday, line.close, line.sessions)


def _index(recap: Recap, line: IndexLine, snapshot: Snapshot, look: Look) -> Proof:
    """From the recap's own table alone."""
    value, text, field = line.change_percent, f"{signed(line.change_percent)} %", "change_percent"
    formula, before = "100 × (last ÷ previous week’s close − 1)", None
    if line.kind == "yield":
        value, text, field = line.change_points, basis_points(line.change_points), "change_points"
        formula = "100 × (last − previous week’s close), in basis points"
    elif value is not None:
        before = 100.0 * line.close / (100.0 + value)
    return Proof(
        clean(line.short), "change of the week", text, f"recap.by_index[{clean(line.symbol)}].{field}", tone(text),
        formula=(formula, ratio_words(line.close, before)) if before else (formula,),
        inputs=(
            Input("last close", price(line.close), f"week of {weekday_date(recap.monday)}", True),
            *((Input("previous week’s close", price(before), "from the change", True),) if before else ()),
            Input("position in its range", f"{number(line.position_percent, 0)} of 100"),
        ),
        source=_source(recap, snapshot, look)[:1],
        definitions=() if line.kind == "yield" else _definitions(line),
        warning="The sign changes with the definition." if line.disagrees else "",
        checks=(Check(line.sessions == line.expected, _sessions(line.sessions, line.expected)),),
    )  # fmt: skip


def _definitions(line: IndexLine) -> tuple[Definition, ...]:
    known = (
        ("w/w", line.change_percent, "last close to last close"),
        ("O>C", line.open_to_close_percent, "first open to last close"),
        ("1stC>C", line.first_close_to_close_percent, "first close to last close"),
    )
    signs = {"bull": 1, "bear": -1}
    return tuple(
        Definition(name, f"{signed(value)} %", said, name == "w/w", signs.get(tone(signed(value)), 0))
        for name, value, said in known
        if value is not None
    )


def session(recap: Recap, key: str | None, snapshot: Snapshot, look: Look) -> Proof | None:
    """A session's change from the close before, and where it closed in its range."""
    found = _chosen(recap.by_session, key, lambda one: one.day.isoformat())
    if found is None:
        return None
    at, bond = recap.by_session.index(found), is_yield(recap)
    before = recap.by_session[at - 1].close if at else _close_before(found)
    text = f"{change_words(found)} {'bp' if bond else '%'}"
    field = "change_points" if bond else "change_percent"
    return Proof(
        clean(recap.short), f"session of {weekday_date(found.day)}", text,
        f"recap.by_session[{found.day}].{field}", tone(text),
        formula=_session_sums(found, before, bond=bond),
        inputs=_session_inputs(found, before),
        source=_source(recap, snapshot, look),
        checks=_records(found),
    )  # fmt: skip


def _close_before(one: SessionLine) -> float | None:
    """The close before the week's first session, back from its change."""
    if one.change_points is not None:
        return one.close - one.change_points / 100.0
    return None if one.change_percent is None else 100.0 * one.close / (100.0 + one.change_percent)


def _session_sums(one: SessionLine, before: float | None, *, bond: bool) -> tuple[str, ...]:
    said: list[str] = []
    if before and bond:
        sum_ = f"100 × ({price(one.close)} {MINUS} {price(before)}) = {signed(100.0 * (one.close - before), 4)}"
        said += ["100 × (close − previous close), in basis points", sum_]
    elif before:
        said += ["100 × (close ÷ previous close − 1)", ratio_words(one.close, before)]
    if one.position_percent is not None:
        said += ["position: 100 × (close − low) ÷ (high − low)", place(one.low, one.high, one.close)]
    return tuple(said)


def _session_inputs(one: SessionLine, before: float | None) -> tuple[Input, ...]:
    day = weekday_date(one.day)
    prices = (("open", one.open), ("high", one.high), ("low", one.low), ("close", one.close))
    made = [Input("previous close", price(before), "", True)] if before else []
    made += [Input(name, price(value), day, True) for name, value in prices if value is not None]
    made.append(Input("range", range_words(one), "high − low"))
    if one.range_atr is not None:
        made.append(Input("range in ATR", number(one.range_atr, 4), "of ATR(14) at the week’s end"))
    return tuple(made)


def _records(one: SessionLine) -> tuple[Check, ...]:
    said = [name for name, new in (("high", one.record_high), ("close", one.record_close)) if new]
    return (Check(True, f"record {' and '.join(said)}: above all before" if said else "no record on either basis"),)


def distance(recap: Recap, key: str | None, snapshot: Snapshot, look: Look) -> Proof | None:
    """The distance from the record: as the record pane proves it where the snapshot shows the same."""
    line = _chosen(recap.records, key, lambda one: one.symbol)
    if line is None:
        return None
    row = snapshot.row(line.symbol)
    if row is not None and row.record is not None and row.record.intraday.distance_percent == line.intraday_percent:
        proof = record.FIGURES["distance"](row, snapshot, replace(look, choices=Choices()))
        if proof is not None:
            return proof
    return _distance(recap, line, snapshot, look)


def _distance(recap: Recap, line: RecordLine, snapshot: Snapshot, look: Look) -> Proof:
    known = (("intraday", line.intraday_percent), ("close", line.close_percent))
    return Proof(
        clean(line.short), "distance from the intraday record", f"{number(line.intraday_percent)} %",
        f"recap.records[{clean(line.symbol)}].intraday_percent",
        formula=("100 × (last close ÷ record − 1)",),
        inputs=(Input("record close from the intraday record", f"{number(line.gap_percent, 4)} %"),),
        source=_source(recap, snapshot, look)[:1],
        definitions=tuple(
            Definition(name, f"{number(value)} %", f"from the {name} record", name == "intraday")
            for name, value in known
        ),
    )  # fmt: skip


def turn(recap: Recap, key: str | None, snapshot: Snapshot, look: Look) -> Proof | None:
    """A close that would change the recap: where its price comes from, and how far it is."""
    found = _chosen(recap.turns, key, turn_key)
    if found is None:
        return None
    far = found.distance_percent
    return Proof(
        clean(recap.short), f"a close {clean(found.side)}", price(found.price),
        f"recap.{clean(turn_key(found))}.price",
        formula=(
            f"would be: {clean(found.meaning)}",
            *(() if far is None else ("100 × (price ÷ last close − 1)", ratio_words(found.price, recap.close))),
        ),
        inputs=(
            Input("price", _exact(found.price), clean(found.source), True),
            Input("last close", price(recap.close), weekday_date(recap.as_of), True),
            *_atr(found),
        ),
        source=_source(recap, snapshot, look),
    )  # fmt: skip


def _atr(found: Turn) -> tuple[Input, ...]:
    if found.distance_atr is None:
        return ()
    return (Input("in ATR", signed(found.distance_atr, 4), "(price − last close) ÷ ATR(14)"),)


PANES: dict[str, Prover] = {
    "recap": words,
    "recap_index": index,
    "recap_sessions": session,
    "recap_records": distance,
    "recap_turns": turn,
}
"""By pane."""
