"""Proofs of the record's further figures, of its waits, and of the 52-week range, each on its own basis."""

from ...core.model.reading import Drought, RangeOf52Weeks, RecordMark
from ...core.model.snapshot import Row, Snapshot
from ..format import count, number, price
from ..look import Look
from ._common import day_words, last_input, percentile_words, place, ratio_words
from ._told import Prover, told
from .proof import Definition, Input, Proof

NAMES = {"intraday": "intraday record", "close": "record close"}


def _mark(row: Row, basis: str) -> RecordMark | None:
    return None if row.record is None else row.record.close if basis == "close" else row.record.intraday


def _inputs(row: Row, mark: RecordMark, basis: str, snapshot: Snapshot, look: Look) -> tuple[Input, ...]:
    own = (last_input(row, row.quote, look),) if row.quote else ()
    return (*own, Input(NAMES[basis], price(mark.price), day_words(mark.date, snapshot, ""), True))


def points(basis: str) -> Prover:
    """How many points under the record the last price stands."""

    def prove(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
        mark, last = _mark(row, basis), row.quote.last if row.quote else None
        if mark is None or last is None:
            return None
        return told(
            row, snapshot, look, f"points under the {NAMES[basis]}", price(mark.points), ("record", basis, "points"),
            formula=(f"{NAMES[basis]} − last", f"{price(mark.price)} − {price(last)} = {number(mark.points, 4)}"),
            inputs=_inputs(row, mark, basis, snapshot, look),
        )  # fmt: skip

    return prove


def recover(basis: str) -> Prover:
    """What it takes to be back at the record."""

    def prove(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
        mark, last = _mark(row, basis), row.quote.last if row.quote else None
        if mark is None or last is None:
            return None
        return told(
            row, snapshot, look, f"to recover to the {NAMES[basis]}", f"{number(mark.to_recover_percent)} %",
            ("record", basis, "to_recover_percent"),
            formula=(f"100 × ({NAMES[basis]} ÷ last − 1)", ratio_words(mark.price, last)),
            inputs=_inputs(row, mark, basis, snapshot, look),
        )  # fmt: skip

    return prove


def deepest(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """The deepest close since the record close."""
    record = row.record
    if record is None:
        return None
    return told(
        row, snapshot, look, "deepest since the record close", f"{number(record.deepest_percent)} %",
        ("record", "deepest_percent"),
        formula=("100 × (the lowest final close since the record close ÷ record close − 1)",),
        inputs=(Input("record close", price(record.close.price), day_words(record.close.date, snapshot, ""), True),
                Input("lowest close", number(record.deepest_percent, 4) + " %",
                      day_words(record.deepest_date, snapshot, ""), True)),
    )  # fmt: skip


def depth(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """How deep it lies among all earlier sessions."""
    record = row.record
    if record is None or record.depth_percentile is None:
        return None
    return told(
        row, snapshot, look, "rank of the depth", f"{count(record.depth_percentile)} of 100",
        ("record", "depth_percentile"),
        formula=("100 × the share of earlier sessions that closed less deep below the record close of their time",),
        inputs=(Input("record close", price(record.close.price), day_words(record.close.date, snapshot, ""), True),),
        history=(percentile_words(record.depth_percentile, "the depths of its own history"),),
    )  # fmt: skip


def drought(name: str) -> Prover:
    """A wait for a higher record close: the last that ended, or the longest."""

    def prove(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
        found: Drought | None = getattr(row.record, name, None)
        if found is None:
            return None
        which = "last wait for a record close" if name == "drought" else "longest wait for a record close"
        return told(
            row, snapshot, look, which, f"{count(found.sessions)} sessions", ("record", name, "sessions"),
            formula=("sessions from a record close to the next higher one", f"{count(found.days)} days"),
            inputs=(Input("record close", str(found.start), "", True), Input("next higher", str(found.end), "", True)),
        )  # fmt: skip

    return prove


def _range(row: Row, basis: str) -> RangeOf52Weeks | None:
    found = row.year_range
    return None if found is None else found.close if basis == "close" else found.intraday


def year(basis: str, name: str) -> Prover:
    """Low, high or position of the 52-week range on a basis."""
    of = "closes" if basis == "close" else "prices"

    def prove(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
        one, last = _range(row, basis), row.quote.last if row.quote else None
        value: float | None = getattr(one, "position_percent" if name == "position" else name, None)
        if one is None or last is None or value is None:
            return None
        ends = (
            Input("high", price(one.high), day_words(one.high_date, snapshot, "")),
            Input("low", price(one.low), day_words(one.low_date, snapshot, "")),
        )
        if name == "position":
            return told(
                row, snapshot, look, f"position in 52 weeks of {of}", f"{count(value)} of 100",
                ("year_range", basis, "position_percent"),
                formula=("100 × (last − low) ÷ (high − low)", place(one.low, one.high, last)),
                inputs=(*((last_input(row, row.quote, look),) if row.quote else ()), *ends),
                definitions=_definitions(row, basis),
            )  # fmt: skip
        word = "highest" if name == "high" else "lowest"
        return told(
            row, snapshot, look, f"52-week {name} of {of}", price(value), ("year_range", basis, name),
            formula=(f"the {word} of the {of} of the sessions in the last 364 days, today’s included",),
            inputs=ends, definitions=_definitions(row, basis),
        )  # fmt: skip

    return prove


def _definitions(row: Row, basis: str) -> tuple[Definition, ...]:
    if row.year_range is None:
        return ()
    return tuple(
        Definition(
            name, f"{count(one.position_percent)} of 100", f"{price(one.low)} to {price(one.high)}", name == basis
        )
        for name, one in (("intraday", row.year_range.intraday), ("close", row.year_range.close))
    )
