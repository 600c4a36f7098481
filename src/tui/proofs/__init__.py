"""Proofs of the figures on the screen: which there are in each pane, and the one that was asked for.

What proves is imported when somebody asks: a screen is up sooner without it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..look import Look

if TYPE_CHECKING:
    from ...core.model.snapshot import Snapshot
    from .proof import Proof

PROVABLE: Mapping[str, tuple[str, ...]] = {
    "quotes": ("percent", "last", "change", "open", "high", "low", "previous", "range"),
    "weekly": ("change", "low", "high", "position", "range", "average"),
    "record": (
        "distance", "phase", "price", "date", "sessions", "other_price", "other_date", "other_distance",
        "other_sessions", "deepest", "recover", "atr",
    ),
    "chart": ("last",),
    "world": ("percent", "last"),
    "board": ("percent", "last", "position", "change", "distance", "sessions"),
}  # fmt: skip
"""The columns of each pane whose figures can be proved; the first is proved when none is chosen."""


def provable(pane: str) -> tuple[str, ...]:
    """The columns of a pane whose figures can be proved."""
    return PROVABLE.get(pane, ())


def proof_of(pane: str, column: str | None, key: str | None, snapshot: "Snapshot", look: Look) -> "Proof | None":
    """The proof of a row's figure (its pane's first where none is chosen), of a flag, of what confirms, of a recap."""
    from .provers import proof_of as proved

    return proved(pane, column, key, snapshot, look)
