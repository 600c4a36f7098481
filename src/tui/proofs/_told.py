"""A proof of a figure that the feed has published: its formula in words, the numbers it is of where they are known."""

from collections.abc import Callable

from ...core.model.snapshot import Row, Snapshot
from ..look import Look
from ._common import path, quality_checks, source_of, week_checks
from .proof import Definition, Input, Proof

Prover = Callable[[Row, Snapshot, Look], Proof | None]


def told(
    row: Row,
    snapshot: Snapshot,
    look: Look,
    figure: str,
    text: str,
    names: tuple[str, ...],
    *,
    formula: tuple[str, ...],
    inputs: tuple[Input, ...] = (),
    definitions: tuple[Definition, ...] = (),
    history: tuple[str, ...] = (),
    tone: str = "bright",
    of_week: bool = False,
) -> Proof:
    """The proof; `names` lead to the figure in the instrument's JSON, `of_week` checks its sessions too."""
    return Proof(
        row.short, figure, text, path(row, *names), tone,
        formula=formula,
        inputs=inputs,
        source=source_of(row, snapshot, look),
        definitions=definitions,
        history=history,
        checks=week_checks(row, snapshot) if of_week else quality_checks(row, snapshot),
    )  # fmt: skip
