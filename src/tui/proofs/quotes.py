"""Proofs of the quotes: last, change, the day's prices and range."""

from collections.abc import Callable
from itertools import pairwise

from ...core.model.measures import Level, Momentum
from ...core.model.reading import Quote
from ...core.model.snapshot import Row, Snapshot
from ..format import MINUS, basis_points, change, number, price, signed, weekday_date
from ..look import Look, is_live, shown_quote, state_of
from ..report_measures import nearest_levels, to_edge
from ..text import clean
from ._common import (
    exact,
    last_input,
    officials_of,
    path,
    percentile_words,
    place,
    previous_input,
    quality_checks,
    ratio_words,
    source_of,
    tone,
)
from .proof import Input, Proof, at_time


def last(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """The price itself."""
    if row.official is not None:
        return _official(row, row.official, snapshot, look)
    quote = row.quote
    if quote is None or quote.last is None:
        return None
    return Proof(
        row.short, "last", price(quote.last), path(row, "quote", "last"),
        formula=("the newest price" if is_live(row) else "the official close of the session",),
        inputs=(last_input(row, quote, look),),
        source=source_of(row, snapshot, look),
        series=row.series.closes, series_words="last closes",
        standing=momentum_lines(row),
        levels=tuple(_level(row, one) for one in nearest_levels(row.levels)),
        checks=quality_checks(row, snapshot),
    )  # fmt: skip


def _official(row: Row, close: Quote, snapshot: Snapshot, look: Look) -> Proof:
    """The close of another source that is shown, beside the last price of the main one."""
    own = row.quote
    beside = (
        (Input(f"last of {clean(snapshot.health.source)}", price(own.last), at_time(own.time, look)),) if own else ()
    )
    return Proof(
        row.short, "official close", price(close.last), path(row, "official", "last"),
        formula=(f"the official close of {weekday_date(close.session)}, as {clean(close.source or '')} publishes it",),
        inputs=(_close_input(close), *beside),
        source=officials_of(row),
        checks=quality_checks(row, snapshot),
    )  # fmt: skip


def _close_input(close: Quote) -> Input:
    return Input("close", price(close.last), f"{weekday_date(close.session)} close", True)


def momentum_lines(row: Row) -> tuple[str, ...]:
    """RSI, MACD, averages and volatility with their dates; provisional ones say so."""
    found, last = row.momentum, row.quote.last if row.quote else None
    if found is None or found.rsi14 is None or last is None:
        return ()
    live = " with the running session" if found.provisional else ""
    said = [f"as of {weekday_date(found.as_of)}{live}: RSI(14) {number(found.rsi14, 1)}"]
    if found.macd_histogram is not None:
        crossed = f"; crossed {found.macd_cross} on {found.macd_crossed}" if found.macd_crossed else ""
        said.append(f"MACD(12, 26, 9) histogram {change(found.macd_histogram, last)}{crossed}")
    said += _averages(found, last) if row.kind != "yield" else []
    if found.volatility20 is not None and found.volatility252 is not None:
        said.append(
            f"volatility {number(found.volatility20, 1)} % a year (20 s.), {number(found.volatility252, 1)} % (252 s.)"
        )
    return tuple(said)


def _averages(found: Momentum, last: float) -> list[str]:
    pairs = ((50, found.sma50, found.sma50_slope_percent), (200, found.sma200, found.sma200_slope_percent))
    return [
        f"{length}-day average {price(average)}: last {signed(100.0 * (last - average) / average)} %, "
        f"slope {signed(slope)} % in 20 s."
        for length, average, slope in pairs
        if average
    ]


def _level(row: Row, one: Level) -> Input:
    where = price(one.price) if one.low == one.high else f"{price(one.low)} to {price(one.high)}"
    points, last = to_edge(row, one), row.quote.last if row.quote else None
    far = f"{signed(100.0 * points / last)} %" if points is not None and last and row.kind != "yield" else ""
    ranges = f", {signed(points / row.atr14, 1)} ATR" if points is not None and row.atr14 else ""
    state = f" · {one.state}" if one.state not in ("", "above", "below", "at") else ""
    return Input(where, far, f"{', '.join(clean(name) for name in one.sources)}{state}{ranges}")


def percent(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """The session's change: percent from the previous final close, basis points of a yield."""
    quote = shown_quote(row)
    if quote is None or quote.last is None or quote.previous_close is None:
        return None
    in_points = row.kind == "yield"
    text = basis_points(quote.change_points) if in_points else f"{signed(quote.change_percent)} %"
    formula = (
        ("100 × (last − previous close), in basis points",
         f"100 × ({price(quote.last)} {MINUS} {price(quote.previous_close)}) = {exact(quote.change_points)}")
        if in_points
        else ("100 × (last ÷ previous close − 1)", ratio_words(quote.last, quote.previous_close))
    )  # fmt: skip
    return Proof(
        row.short, "change of the session", text,
        path(row, _part(row), "change_points" if in_points else "change_percent"), tone(text),
        formula=formula,
        inputs=(_last(row, quote, look), previous_input(quote, snapshot)),
        source=officials_of(row) or source_of(row, snapshot, look),
        history=(_ranked(quote),),
        series=_moves(row.series.closes), series_words="daily changes, % of close",
        checks=quality_checks(row, snapshot),
    )  # fmt: skip


def _part(row: Row) -> str:
    """Where in the JSON what is shown stands."""
    return "official" if row.official is not None else "quote"


def _last(row: Row, quote: Quote, look: Look) -> Input:
    return _close_input(quote) if row.official is not None else last_input(row, quote, look)


def _ranked(quote: Quote) -> str:
    ranked = percentile_words(quote.change_percentile, "the sizes of its last 1,260 changes")
    return f"{ranked}{': unusual for itself' if quote.unusual else ''}" if ranked else ""


def _moves(closes: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(100.0 * (now - before) / before for before, now in pairwise(closes))


def points(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """The session's change in the price's own units."""
    quote = shown_quote(row)
    if quote is None or quote.last is None or quote.previous_close is None:
        return None
    text = change(quote.change, quote.last)
    sum_ = f"{price(quote.last)} {MINUS} {price(quote.previous_close)} = {signed(quote.change, 4)}"
    return Proof(
        row.short, "change in points", text, path(row, _part(row), "change"), tone(text),
        formula=("last − previous close", sum_),
        inputs=(_last(row, quote, look), previous_input(quote, snapshot)),
        source=officials_of(row) or source_of(row, snapshot, look),
        checks=quality_checks(row, snapshot),
    )  # fmt: skip


def of_day(name: str, words: str) -> Callable[[Row, Snapshot, Look], Proof | None]:
    """One of the session's prices as given: open, high, low."""

    def prove(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
        quote = row.quote
        value: float | None = getattr(quote, name, None)
        if quote is None or value is None or row.official is not None:
            return None
        when = at_time(quote.range_as_of, look) if name != "open" else ""
        return Proof(
            row.short, f"{name} of the session", price(value), path(row, "quote", name),
            formula=(words,),
            inputs=(Input(name, price(value), when, not is_live(row), state_of(row)),),
            source=source_of(row, snapshot, look),
            checks=quality_checks(row, snapshot),
        )  # fmt: skip

    return prove


def previous(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """The previous final close."""
    quote = shown_quote(row)
    if quote is None or quote.previous_close is None:
        return None
    return Proof(
        row.short, "previous close", price(quote.previous_close), path(row, _part(row), "previous_close"),
        formula=("the last final close of an earlier session",),
        inputs=(previous_input(quote, snapshot),),
        source=officials_of(row) or source_of(row, snapshot, look),
        checks=quality_checks(row, snapshot),
    )  # fmt: skip


def day_range(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """The day's range and where the price stands in it."""
    quote = row.quote if row.official is None else None
    if quote is None or quote.last is None or quote.high is None or quote.low is None:
        return None
    where = quote.close_position_percent
    formula = ["high − low", f"{price(quote.high)} {MINUS} {price(quote.low)} = {number(quote.range, 4)}"]
    if where is not None:
        formula += ["place of the last price in it", place(quote.low, quote.high, quote.last)]
    return Proof(
        row.short, "range of the session", price(quote.range), path(row, "quote", "range"),
        formula=tuple(formula),
        inputs=(
            Input("high", price(quote.high), at_time(quote.range_as_of, look), not is_live(row), state_of(row)),
            Input("low", price(quote.low), at_time(quote.range_as_of, look), not is_live(row), state_of(row)),
            last_input(row, quote, look),
        ),
        source=source_of(row, snapshot, look),
        history=(_in_ranges(quote, row.atr14),),
        checks=quality_checks(row, snapshot),
    )  # fmt: skip


def _in_ranges(quote: Quote, atr14: float | None) -> str:
    if not atr14 or quote.range is None:
        return ""
    return f"{number(quote.range / atr14)} times the average true range of 14 sessions, {price(atr14)}"


FIGURES = {
    "percent": percent,
    "last": last,
    "change": points,
    "open": of_day("open", "the session's first price"),
    "high": of_day("high", "the session's highest price"),
    "low": of_day("low", "the session's lowest price"),
    "previous": previous,
    "range": day_range,
}
"""By column; the first is proved when none is chosen."""
