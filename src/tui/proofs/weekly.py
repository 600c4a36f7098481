"""Proofs of the week: change by three definitions, extremes, position, range."""

from collections.abc import Callable
from datetime import date

from ...core.model.reading import Quote, Week
from ...core.model.snapshot import Row, Snapshot
from ..format import MINUS, basis_points, number, price, sign_of, signed, weekday_date
from ..look import Look, is_live, state_of
from ._common import (
    day_words,
    exact,
    last_input,
    path,
    percentile_words,
    place,
    ratio_words,
    source_of,
    tone,
    week_checks,
)
from .proof import Definition, Input, Proof

_FIELDS = {"w/w": "change_percent", "O>C": "open_to_close_percent", "1stC>C": "first_close_to_close_percent"}
_WORDS = {
    "w/w": "last close to last close",
    "O>C": "first open to last close",
    "1stC>C": "first close to last close",
}


def change(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """The week's change by the definition in force, the two others beside it."""
    week, quote = row.week, row.quote
    if week is None or quote is None:
        return None
    if row.kind == "yield":
        return _yield_change(row, week, quote, snapshot, look)
    basis = look.choices.week_basis if look.choices.week_basis in _FIELDS else "w/w"
    value: float | None = getattr(week, _FIELDS[basis])
    if value is None:
        return None
    text = f"{signed(value)} %"
    known = {"w/w": week.previous_close, "O>C": week.open}.get(basis)
    start = known or 100.0 * week.close / (100.0 + value)
    names = {"w/w": "previous week’s close", "O>C": "first open", "1stC>C": "first close"}
    return Proof(
        row.short, "change of the week", text, path(row, "week", _FIELDS[basis]), tone(text),
        formula=(f"100 × (last ÷ {names[basis]} − 1)", ratio_words(week.close, start)),
        inputs=(last_input(row, quote, look), Input(names[basis], price(start), _start_words(week, basis), True)),
        source=source_of(row, snapshot, look),
        definitions=_definitions(week, basis),
        warning="The sign changes with the definition." if _signs_differ(week) else "",
        history=(_range_history(week),),
        checks=week_checks(row, snapshot),
    )  # fmt: skip


def _start_words(week: Week, basis: str) -> str:
    first = f"week of {weekday_date(week.monday)}"
    return {"w/w": f"before the {first}", "O>C": first, "1stC>C": first}[basis]


def _definitions(week: Week, basis: str) -> tuple[Definition, ...]:
    made: list[Definition] = []
    for name, field in _FIELDS.items():
        value: float | None = getattr(week, field)
        text = f"{signed(value)} %" if value is not None else "–"
        made.append(Definition(name, text, _WORDS[name], name == basis, sign_of(text)))
    return tuple(made)


def _signs_differ(week: Week) -> bool:
    signs = {one.sign for one in _definitions(week, "w/w")}
    return {1, -1} <= signs


def _yield_change(row: Row, week: Week, quote: Quote, snapshot: Snapshot, look: Look) -> Proof | None:
    if week.change_points is None or week.previous_close is None:
        return None
    text = basis_points(week.change_points)
    sum_ = f"100 × ({price(week.close)} {MINUS} {price(week.previous_close)}) = {exact(week.change_points)}"
    return Proof(
        row.short, "change of the week", text, path(row, "week", "change_points"), tone(text),
        formula=("100 × (last − previous week’s close), in basis points", sum_),
        inputs=(
            last_input(row, quote, look),
            Input("previous week’s close", price(week.previous_close), _start_words(week, "w/w"), True),
        ),
        source=source_of(row, snapshot, look),
        checks=week_checks(row, snapshot),
    )  # fmt: skip


def _range_history(week: Week) -> str:
    times = f"the week’s range is {number(week.range_times_average, 1)} × the mean of the ten before"
    ranked = percentile_words(week.range_percentile, "260 weeks")
    if week.range_times_average is None:
        return ranked
    return f"{times}; {ranked}" if ranked else times


def extreme(name: str) -> Callable[[Row, Snapshot, Look], Proof | None]:
    """The week's high or low: the extreme of its days."""

    def prove(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
        week = row.week
        if week is None:
            return None
        value, day = (week.high, week.high_date) if name == "high" else (week.low, week.low_date)
        word = "highest" if name == "high" else "lowest"
        before = week.previous
        other = before.high if before and name == "high" else before.low if before else None
        return Proof(
            row.short, f"{name} of the week", price(value), path(row, "week", name),
            formula=(f"the {word} price of the week’s {week.sessions} sessions",),
            inputs=(
                _extreme(name, value, day, row, snapshot),
                *((Input("last week’s", price(other), "", True),) if other is not None else ()),
            ),
            source=source_of(row, snapshot, look),
            checks=week_checks(row, snapshot),
        )  # fmt: skip

    return prove


def _extreme(name: str, value: float, day: date, row: Row, snapshot: Snapshot) -> Input:
    return Input(name, price(value), day_words(day, snapshot, ""), _is_final(day, row), state_of(row))


def _is_final(day: date, row: Row) -> bool:
    """Whether an extreme of that day can move no more: only a running session's can."""
    return not is_live(row) or row.quote is None or day != row.quote.session


def position(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """Where the last price stands between the week's low and high."""
    week, quote = row.week, row.quote
    if week is None or quote is None or week.position_percent is None:
        return None
    return Proof(
        row.short, "position in the week", f"{number(week.position_percent, 0)} of 100",
        path(row, "week", "position_percent"),
        formula=("100 × (last − low) ÷ (high − low)", place(week.low, week.high, week.close)),
        inputs=(
            last_input(row, quote, look),
            _extreme("high", week.high, week.high_date, row, snapshot),
            _extreme("low", week.low, week.low_date, row, snapshot),
        ),
        source=source_of(row, snapshot, look),
        checks=week_checks(row, snapshot),
    )  # fmt: skip


def range_percent(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """The week's range in percent of the close it began from."""
    week = row.week
    if week is None or week.range_percent is None or week.previous_close is None:
        return None
    sum_ = f"100 × ({price(week.high)} {MINUS} {price(week.low)}) ÷ {price(week.previous_close)}"
    return Proof(
        row.short, "range of the week", f"{number(week.range_percent)} %", path(row, "week", "range_percent"),
        formula=("100 × (high − low) ÷ previous week’s close", f"{sum_} = {number(week.range_percent, 4)}"),
        inputs=(
            _extreme("high", week.high, week.high_date, row, snapshot),
            _extreme("low", week.low, week.low_date, row, snapshot),
            Input("previous week’s close", price(week.previous_close), "", True),
        ),
        source=source_of(row, snapshot, look),
        history=(_range_history(week),),
        checks=week_checks(row, snapshot),
    )  # fmt: skip


FIGURES = {
    "change": change,
    "low": extreme("low"),
    "high": extreme("high"),
    "position": position,
    "range": range_percent,
    "average": range_percent,
}
"""By column; the first is proved when none is chosen."""
