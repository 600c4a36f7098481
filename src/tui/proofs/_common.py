"""What the proofs of all figures share: the instrument's inputs, source and checks."""

from datetime import date

from ...core.model.reading import Quote
from ...core.model.snapshot import Row, Snapshot
from ..format import MINUS, count, dated, number, price, sign_of, signed, weekday_date
from ..look import Look, is_live, state_of
from ..text import clean
from .proof import Check, Input, at_time

KINDS = {
    "index": "index of prices, no dividends",
    "fund": "fund: price, no dividends; split-adjusted",
    "future": "future: nearest contract, rolls are not adjusted",
    "volatility": "volatility index, in points",
    "yield": "yield in percent; changes in basis points",
}


def tone(text: str) -> str:
    """The colour role of a signed number as written."""
    return {1: "bull", -1: "bear"}.get(sign_of(text), "bright")


def exact(value: float | None) -> str:
    """A percentage two digits finer than the screen shows it."""
    return signed(value, 4)


def ratio_words(now: float, before: float) -> str:
    """``100 × (2,452.17 ÷ 2,394.59 − 1) = +2.4046``; empty where there is nothing to divide by."""
    if not before:
        return ""
    return f"100 × ({price(now)} ÷ {price(before)} {MINUS} 1) = {exact(100.0 * (now - before) / before)}"


def day_words(day: date | None, snapshot: Snapshot, what: str) -> str:
    """``Fri 17 Oct close``."""
    if day is None:
        return what
    return f"{dated(day, snapshot.session or day)} {what}"


def last_input(row: Row, quote: Quote, look: Look) -> Input:
    """The price everything runs to: a close, or a quote with its own time."""
    final = not is_live(row)
    when = f"{weekday_date(quote.session)} close" if final else at_time(quote.time, look)
    return Input("last", price(quote.last), when, final, state_of(row))


def previous_input(quote: Quote, snapshot: Snapshot) -> Input:
    """The previous final close."""
    return Input(
        "previous close", price(quote.previous_close), day_words(quote.previous_session, snapshot, "close"), True
    )


def source_of(row: Row, snapshot: Snapshot, look: Look) -> tuple[str, ...]:
    """Who gave the bars and when, what they are, how far they reach; of a running session, the quote's delay."""
    said: list[str] = []
    origin = row.origin
    if origin is not None:
        who = f"{clean(row.symbol)} daily bars, {clean(origin.source or 'stored')}"
        taken = at_time(origin.taken_at, look)
        said.append(f"{who}, taken {taken}" if taken else who)
        said.append(f"{count(origin.sessions)} sessions since {origin.since.day} {origin.since:%b %Y}")
    said.append(KINDS.get(row.kind, clean(row.kind)))
    quote = row.quote
    if quote is not None and is_live(row):
        delay = f", {quote.delay_minutes} min delayed" if quote.delay_minutes else ""
        said.append(f"running session: {clean(snapshot.health.source)}{delay}, price of {at_time(quote.time, look)}")
    return tuple(said)


def officials_of(row: Row) -> tuple[str, ...]:
    """Who published the close that is shown, what it is, and that nothing else was computed from it."""
    close = row.official
    if close is None:
        return ()
    made = f", {clean(close.made_of)}" if close.made_of else ""
    what = "official close" if close.basis == "close" else f"official {clean(close.basis)}, not the index itself"
    who = f"{clean(row.symbol)} {what}, {clean(close.source or '')}{made}; closes only"
    own = row.quote.session if row.quote and row.quote.state == "final" else None
    own = row.quote.previous_session if row.quote and own is None else own
    reach = f": their bars end with {weekday_date(own)}" if own else ""
    return (who, f"week, record, ranges and flags are of the main source{reach}", KINDS.get(row.kind, clean(row.kind)))


def week_checks(row: Row, snapshot: Snapshot) -> tuple[Check, ...]:
    """Sessions present, half days, quarantined bars."""
    week = row.week
    if week is None:
        return quality_checks(row, snapshot)
    days = f"{week.sessions} of {week.expected or week.sessions} sessions present · calendar {row.calendar}"
    halves = " · " + ", ".join(f"half day {weekday_date(day)}" for day in week.half_days) if week.half_days else ""
    whole = not week.expected or week.sessions == week.expected or not week.final
    return (Check(whole, days + halves), *quality_checks(row, snapshot))


def quality_checks(row: Row, snapshot: Snapshot) -> tuple[Check, ...]:
    """Bars held back, holes in the history, age of the price."""
    held = [clean(one) for one in snapshot.health.held if one.split(" ", 1)[0] == row.symbol]
    gaps = [clean(one) for one in snapshot.health.gaps if one.split(":", 1)[0] in (row.short, row.symbol)]
    made = [Check(not held, held[0] if held else "no bar held back")]
    if gaps:
        made.append(Check(False, gaps[0]))
    if row.freshness in ("late", "stale", "frozen"):
        whose = f"the price of {clean(snapshot.health.source)}" if row.official is not None else "the price"
        made.append(Check(False, f"{whose} is {row.freshness}"))
    if row.freshness == "ahead":
        made.append(Check(False, "the price is quoted ahead of this machine's clock"))
    return tuple(made)


def percentile_words(percentile: float | None, of: str) -> str:
    """``7th percentile of …``; empty for None."""
    return "" if percentile is None else f"{ordinal(percentile)} percentile of {of}"


def ordinal(value: float) -> str:
    """``85th``."""
    # only what is above all others is the hundredth
    whole = 100 if value >= 100.0 else min(99, round(value))
    ending = "th" if 10 <= whole % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{whole}{ending}"


def place(low: float, high: float, last: float) -> str:
    """``100 × (2,452.17 − 2,417.74) ÷ (2,541.67 − 2,417.74) = 27.78``; empty where high is low."""
    if high == low:
        return ""
    share = 100.0 * (last - low) / (high - low)
    return f"100 × ({price(last)} {MINUS} {price(low)}) ÷ ({price(high)} {MINUS} {price(low)}) = {number(share, 4)}"


def path(row: Row, *names: str) -> str:
    """``instruments[^RUT].week.change_percent``."""
    return ".".join((f"instruments[{clean(row.symbol)}]", *names))
