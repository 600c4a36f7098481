"""What must be said beside a chart: its basis, what its history lacks."""

from datetime import date

from .analytics.charted import start_of
from .model.chart import Wish
from .model.instrument import Instrument
from .take import History

SPANS = {
    "1w": "week", "1m": "month", "3m": "3 months", "6m": "6 months", "ytd": "year so far", "1y": "year",
    "5y": "5 years",
}  # fmt: skip
HOLIDAYS = 10
"""Days by which the first bar may be later than the beginning of a frame: closed exchanges, no missing history."""


def basis_words(one: Instrument, step: str) -> str:
    """``daily closes, price return``: what the values of one instrument are."""
    closes = step if "closes" in step else f"{step} closes"
    if one.kind == "yield":
        return f"{closes}, percent a year"
    if one.kind == "volatility":
        return f"{closes}, points"
    if one.kind == "future":
        return f"{closes} of the front contract, not adjusted for rolls"
    if one.kind == "fund":
        return f"{closes}, adjusted for splits and not for dividends"
    return f"{closes}, price return" if one.price_return else f"{closes}, dividends included"


def apart_words(history: History) -> str | None:
    """The hole in a history, which no line crosses."""
    if history.hole is None:
        return None
    return f"{history.instrument.short} has no bars between {history.hole[0]} and {history.hole[1]}"


def too_short(wish: Wish, first: date, last: date, short: str) -> str:
    """That a history begins inside the frame; empty where it does not."""
    wanted = wish.since or start_of(wish.frame, last)
    if wanted is None or (first - wanted).days <= HOLIDAYS:
        return ""
    asked = f"after the {wish.since}" if wish.since else f"inside the {SPANS[wish.frame]}"
    return f"{short} begins {first}, {asked} asked for"
