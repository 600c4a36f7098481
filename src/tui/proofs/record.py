"""Proofs of the record: distance on both bases, the record itself, the phase."""

from collections.abc import Callable

from ...core.model.reading import Record, RecordMark
from ...core.model.snapshot import Row, Snapshot
from ..format import MINUS, count, number, price
from ..look import Look, is_live
from ..text import clean
from ._common import day_words, last_input, path, percentile_words, quality_checks, ratio_words, source_of
from .proof import Definition, Input, Proof

_NAMES = {"intraday": "intraday record", "close": "record close"}
_HOW = {"intraday": "highest price of all sessions", "close": "highest final close of all sessions"}
_PHASES = (
    "at record: 0; near high: down to −5 %",
    "pullback: −5 to −10 %; correction: −10 to −20 %; bear: −20 % and below",
)
Mark = Callable[[Look], str]


def in_force(look: Look) -> str:
    """The basis distances are shown on."""
    return "close" if look.choices.record_basis == "close" else "intraday"


def other(look: Look) -> str:
    """The other one."""
    return "intraday" if in_force(look) == "close" else "close"


def _mark(record: Record, basis: str) -> RecordMark:
    return record.close if basis == "close" else record.intraday


def distance(which: Mark) -> Callable[[Row, Snapshot, Look], Proof | None]:
    """How far under the record the last price stands."""

    def prove(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
        record, quote = row.record, row.quote
        if record is None or quote is None or quote.last is None:
            return None
        basis = which(look)
        mark = _mark(record, basis)
        return Proof(
            row.short, f"distance from the {_NAMES[basis]}", f"{number(mark.distance_percent)} %",
            path(row, "record", basis, "distance_percent"),
            formula=(
                f"100 × (last ÷ {_NAMES[basis]} − 1)", ratio_words(quote.last, mark.price),
                f"{price(mark.points)} points; to recover: {number(mark.to_recover_percent, 4)} %",
            ),
            inputs=(last_input(row, quote, look), _record_input(mark, basis, snapshot)),
            source=(*source_of(row, snapshot, look), f"“all time” is since {record.since}"),
            definitions=_definitions(record, basis),
            history=_history(row, record),
            series=row.series.closes, series_words="last closes",
            checks=quality_checks(row, snapshot),
        )  # fmt: skip

    return prove


def _record_input(mark: RecordMark, basis: str, snapshot: Snapshot) -> Input:
    return Input(_NAMES[basis], price(mark.price), day_words(mark.date, snapshot, ""), True)


def _definitions(record: Record, basis: str) -> tuple[Definition, ...]:
    return tuple(
        Definition(name, f"{number(mark.distance_percent)} %", f"from {price(mark.price)}, {mark.date}", name == basis)
        for name, mark in (("intraday", record.intraday), ("close", record.close))
    )


def _history(row: Row, record: Record) -> tuple[str, ...]:
    said = [f"deepest since the record close: {number(record.deepest_percent)} % on {record.deepest_date}"]
    said.append(percentile_words(getattr(record, "depth_percentile", None), "the depths of its own history"))
    if row.atr14 and row.quote and row.quote.last:
        said.append(f"{number(record.intraday.points / row.atr14, 1)} average true ranges under the intraday record")
    return tuple(one for one in said if one)


def record_price(which: Mark) -> Callable[[Row, Snapshot, Look], Proof | None]:
    """The record itself, its date and age."""

    def prove(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
        record = row.record
        if record is None:
            return None
        basis = which(look)
        mark = _mark(record, basis)
        return Proof(
            row.short, _NAMES[basis], price(mark.price), path(row, "record", basis, "price"),
            formula=(
                f"the {_HOW[basis]}; a new one must be higher, an equal one is no record",
                f"{count(mark.sessions_since)} sessions and {count(mark.days_since)} days ago",
            ),
            inputs=(_record_input(mark, basis, snapshot),),
            source=(*source_of(row, snapshot, look), f"“all time” is since {record.since}"),
            definitions=tuple(
                Definition(name, price(one.price), _since(one), name == basis)
                for name, one in (("intraday", record.intraday), ("close", record.close))
            ),
            checks=quality_checks(row, snapshot),
        )  # fmt: skip

    return prove


def _since(mark: RecordMark) -> str:
    return f"{mark.date}, {count(mark.sessions_since)} sessions ago"


def phase(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """The phase, on closes from the record close."""
    record = row.record
    if record is None:
        return None
    low, high = 0.90 * record.close.price, 0.80 * record.close.price
    return Proof(
        row.short, "phase", clean(record.phase), path(row, "record", "phase"),
        formula=(
            "by the last final close’s distance from the record close; bounds belong to the deeper phase",
            *_PHASES,
            f"−5 % is {price(0.95 * record.close.price)}, {MINUS}10 % {price(low)}, {MINUS}20 % {price(high)}",
        ),
        inputs=(*_final_close(row, record, snapshot), _record_input(record.close, "close", snapshot)),
        source=source_of(row, snapshot, look),
        history=_history(row, record),
        checks=quality_checks(row, snapshot),
    )  # fmt: skip


def _final_close(row: Row, record: Record, snapshot: Snapshot) -> tuple[Input, ...]:
    """The last final close the phase is judged on: today's once it is final, else the one before."""
    quote = row.quote
    if quote is None or quote.last is None:
        return ()
    running = is_live(row)
    close, day = (quote.previous_close, quote.previous_session) if running else (quote.last, quote.session)
    if close is None:
        return ()
    depth = 100.0 * (close - record.close.price) / record.close.price
    return (
        Input("last final close", price(close), f"{day_words(day, snapshot, 'close')}: {number(depth, 4)} %", True),
    )


def atr(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """The average true range."""
    if row.atr14 is None:
        return None
    return Proof(
        row.short, "average true range", price(row.atr14), path(row, "atr14"),
        formula=(
            "Wilder’s mean of 14 true ranges: (13 × the one before + the newest) ÷ 14",
            "true range: the longest of high − low, high − previous close, previous close − low",
        ),
        source=source_of(row, snapshot, look),
        checks=quality_checks(row, snapshot),
    )  # fmt: skip


FIGURES = {
    "distance": distance(in_force),
    "phase": phase,
    "price": record_price(in_force),
    "date": record_price(in_force),
    "sessions": record_price(in_force),
    "other_price": record_price(other),
    "other_date": record_price(other),
    "other_distance": distance(other),
    "other_sessions": record_price(other),
    "deepest": phase,
    "recover": distance(in_force),
    "atr": atr,
}
"""By column; the first is proved when none is chosen."""
