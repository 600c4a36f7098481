"""What the panes of the recap share: a table of fixed rows, a sentence where there is no week to tell."""

from collections.abc import Sequence

from ...core.model.recap import Recap
from ...core.model.snapshot import Snapshot
from ..look import Look, history_wanting
from ..text import Line, Piece, line, wrap
from ..widgets.board import BodyLine, Page
from ..widgets.painter import RowLine
from ..widgets.table import Column, TableRow, fitted, heading, sized

EDGE = Column("edge", "", 0, 1, align="left", gap=1)


def table(
    title: str,
    rows: Sequence[TableRow],
    columns: Sequence[Column],
    cells: int,
    clauses: Sequence[Line] = (),
    labels: dict[str, Line] | None = None,
) -> Page:
    """The columns that fit; its rows can be selected and proved, not sorted."""
    made = fitted(sized((EDGE, *columns), rows), cells)
    body = tuple(BodyLine(RowLine(made, row, cells), row.key, unit=number) for number, row in enumerate(rows))
    keys = tuple(row.key for row in rows)
    return Page(title, body, clauses=tuple(clauses), heading=heading(made, labels=labels), keys=keys)


def cursor(pane: str, keys: Sequence[str], look: Look) -> str | None:
    """The row or sentence the cursor is on; shown only where the pane has the focus."""
    if look.choices.focus != pane or not keys:
        return None
    picked = look.choices.picked(pane)
    return picked if picked in keys else keys[0]


def nothing(title: str, snapshot: Snapshot, cells: int) -> Page:
    """The sentence of a recap that has not come."""
    why = history_wanting(snapshot)
    words = f"There is no week to tell yet: {why}." if why else "There is no week to tell: no final bars of an index."
    lines = wrap(words, max(10, cells - 2))
    return Page(title, tuple(BodyLine(line(" ", Piece(one, "muted"))) for one in lines))


def height(page: Page) -> int:
    """Lines a page fills, title and heading included."""
    return len(page.body) + 1 + (page.heading is not None)


def told(snapshot: Snapshot) -> Recap | None:
    """The recap the snapshot carries."""
    return snapshot.recap
