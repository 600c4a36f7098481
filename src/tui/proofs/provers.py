"""The proof that was asked for: of a row's figure, of a flag, of what confirms, of a recap."""

from collections.abc import Callable, Mapping

from ...core.model.snapshot import Row, Snapshot
from ..choices import SECTIONS
from ..look import Look
from . import confirming, flag, quotes, recap, record, weekly
from .proof import Proof

Prover = Callable[[Row, Snapshot, Look], Proof | None]

PANES: Mapping[str, Mapping[str, Prover]] = {
    "quotes": quotes.FIGURES,
    "weekly": weekly.FIGURES,
    "record": record.FIGURES,
    "chart": {"last": quotes.last},
    "world": {"percent": quotes.percent, "last": quotes.last},
    "board": {
        "percent": quotes.percent,
        "last": quotes.last,
        "position": weekly.position,
        "change": weekly.change,
        "distance": record.FIGURES["distance"],
        "sessions": record.FIGURES["sessions"],
    },
}
"""By pane and column."""


def proof_of(pane: str, column: str | None, key: str | None, snapshot: Snapshot, look: Look) -> Proof | None:
    """The proof of a row's figure (its pane's first where none is chosen), of a flag, of what confirms, of a recap."""
    if pane in SECTIONS:
        from .symbol import prove as prove_symbol

        return prove_symbol(pane, column, key, snapshot, look)
    if pane in recap.PANES:
        return recap.prove(pane, key, snapshot, look)
    if pane in ("flags", "journal"):
        flags = {one.id: one for one in snapshot.flags}
        chosen = flags.get(key or "") or next(iter(snapshot.flags), None)
        return flag.prove(chosen, snapshot, look) if chosen is not None else None
    if pane == "confirmation":
        lines = {one.key: one for one in snapshot.confirmation}
        line = lines.get(key or "") or next(iter(snapshot.confirmation), None)
        return confirming.prove(line, snapshot, look) if line is not None else None
    figures = PANES.get(pane, {})
    row = snapshot.row(key) if key else None
    if row is None or not figures:
        return None
    prove = figures.get(column or "") or next(iter(figures.values()))
    return prove(row, snapshot, look)
