"""Proofs of where the day's price stands, of the rank of its change, and of how far the bars reach."""

from ...core.model.snapshot import Row, Snapshot
from ..format import count, price
from ..look import Look
from ._common import last_input, percentile_words, place
from ._told import told
from .proof import Input, Proof


def close_position(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """Where the last price stands between the day's low and high."""
    quote = row.quote if row.official is None else None
    if quote is None or quote.last is None or quote.high is None or quote.low is None:
        return None
    if quote.close_position_percent is None:
        return None
    return told(
        row, snapshot, look, "position in the day", f"{count(quote.close_position_percent)} of 100",
        ("quote", "close_position_percent"),
        formula=("100 × (last − low) ÷ (high − low)", place(quote.low, quote.high, quote.last)),
        inputs=(last_input(row, quote, look), Input("high", price(quote.high)), Input("low", price(quote.low))),
    )  # fmt: skip


def change_rank(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """The size of the day's change among those before."""
    quote = row.quote if row.official is None else None
    if quote is None or quote.change_percentile is None:
        return None
    return told(
        row, snapshot, look, "rank of the change", f"{count(quote.change_percentile)} of 100",
        ("quote", "change_percentile"),
        formula=("100 × the share of the last 1,260 sessions whose change was smaller, up or down alike",),
        inputs=(last_input(row, quote, look),),
        history=(percentile_words(quote.change_percentile, "the sizes of its last 1,260 changes"),),
    )  # fmt: skip


def reach(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
    """How many sessions are stored."""
    origin = row.origin
    if origin is None:
        return None
    return told(
        row, snapshot, look, "sessions stored", count(origin.sessions), ("origin", "sessions"),
        formula=("the final daily bars of the store, counted",),
        inputs=(Input("first", str(origin.since), "", True),),
    )  # fmt: skip
