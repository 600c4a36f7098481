"""Proofs of the week's further figures: each definition of its change, gap, way, size, and the week before."""

from msgspec.structs import replace

from ...core.model.reading import Week
from ...core.model.snapshot import Row, Snapshot
from ..format import count, number, price, signed, weekday_date
from ..look import Look
from ._common import day_words, percentile_words, ratio_words, tone
from ._told import Prover, told
from .proof import Input, Proof
from .weekly import change as change_in_force


def change(basis: str) -> Prover:
    """The week's change by one definition, whichever is in force."""

    def prove(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
        if row.kind == "yield" and basis != "w/w":
            return None
        return change_in_force(row, snapshot, replace(look, choices=replace(look.choices, week_basis=basis)))

    return prove


def _close_before(week: Week) -> Input:
    return Input("previous week’s close", price(week.previous_close), f"before {weekday_date(week.monday)}", True)


def gap(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """From the last close before the week to its first open."""
    week = row.week
    if week is None or week.gap_percent is None or week.open is None or week.previous_close is None:
        return None
    text = f"{signed(week.gap_percent)} %"
    return told(
        row, snapshot, look, "gap of the week", text, ("week", "gap_percent"),
        formula=("100 × (first open ÷ previous week’s close − 1)", ratio_words(week.open, week.previous_close)),
        inputs=(Input("first open", price(week.open), f"week of {weekday_date(week.monday)}", True),
                _close_before(week)),
        tone=tone(text), of_week=True,
    )  # fmt: skip


def way(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """How far the week went, up and down alike."""
    week = row.week
    if week is None or week.path_percent is None:
        return None
    return told(
        row, snapshot, look, "way of the week", f"{number(week.path_percent)} %", ("week", "path_percent"),
        formula=(
            "100 × (the sizes of its sessions’ moves from close to close, added up) ÷ previous week’s close",
            f"of {week.sessions} sessions",
        ),
        inputs=(_close_before(week),), of_week=True,
    )  # fmt: skip


def efficiency(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """How straight it went."""
    week = row.week
    if week is None or week.efficiency_percent is None:
        return None
    formula = ["100 × |change of the week| ÷ way of the week: 100 in one line, 0 back where it began"]
    moved = None if week.change_percent is None else abs(week.change_percent)
    if moved is not None and week.path_percent:
        share = number(100.0 * moved / week.path_percent, 4)
        formula.append(f"100 × {number(moved, 4)} ÷ {number(week.path_percent, 4)} = {share}")
    return told(
        row, snapshot, look, "efficiency of the week", f"{count(week.efficiency_percent)} of 100",
        ("week", "efficiency_percent"), formula=tuple(formula), of_week=True,
    )  # fmt: skip


def _extremes(week: Week, snapshot: Snapshot) -> tuple[Input, ...]:
    return (
        Input("high", price(week.high), day_words(week.high_date, snapshot, "")),
        Input("low", price(week.low), day_words(week.low_date, snapshot, "")),
    )


def points(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """The week's range in the price's own units."""
    week = row.week
    if week is None:
        return None
    return told(
        row, snapshot, look, "range of the week", price(week.range), ("week", "range"),
        formula=("high − low", f"{price(week.high)} − {price(week.low)} = {number(week.range, 4)}"),
        inputs=_extremes(week, snapshot), of_week=True,
    )  # fmt: skip


def average(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """The range against that of the ten weeks before."""
    week = row.week
    if week is None or week.range_times_average is None:
        return None
    return told(
        row, snapshot, look, "range over its mean", number(week.range_times_average), ("week", "range_times_average"),
        formula=("(high − low) ÷ the mean of high − low of the ten weeks before",),
        inputs=_extremes(week, snapshot), of_week=True,
    )  # fmt: skip


def rank(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """The range among those of the 260 weeks before."""
    week = row.week
    if week is None or week.range_percentile is None:
        return None
    return told(
        row, snapshot, look, "rank of the week’s range", f"{count(week.range_percentile)} of 100",
        ("week", "range_percentile"),
        formula=("100 × the share of the 260 weeks before whose range, in percent of the close before, is smaller",),
        inputs=_extremes(week, snapshot), of_week=True,
        history=(percentile_words(week.range_percentile, "260 weeks"),),
    )  # fmt: skip


def in_ranges(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """The range in weekly average true ranges."""
    week = row.week
    if week is None or week.range_atr is None:
        return None
    return told(
        row, snapshot, look, "range in weekly ATRs", number(week.range_atr), ("week", "range_atr"),
        formula=("(high − low) ÷ the weekly ATR(14) of the week before",),
        inputs=_extremes(week, snapshot), of_week=True,
    )  # fmt: skip


_WORDS = {
    "low": "the lowest price of its sessions",
    "high": "the highest price of its sessions",
    "close": "the last close of its sessions",
    "change_percent": "100 × (its last close ÷ the last close of any earlier week − 1)",
}


def before(name: str) -> Prover:
    """A figure of the last earlier week with a session."""

    def prove(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
        week = row.week.previous if row.week else None
        value: float | None = getattr(week, name, None)
        if week is None or value is None or (row.kind == "yield" and name == "change_percent"):
            return None
        share = name == "change_percent"
        text = f"{signed(value)} %" if share else price(value)
        return told(
            row, snapshot, look, f"{'change' if share else name} of the week before", text,
            ("week", "previous", name), formula=(_WORDS[name], f"week of {weekday_date(week.monday)}"),
            tone=tone(text) if share else "bright",
        )  # fmt: skip

    return prove
