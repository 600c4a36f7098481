"""Panes as tables for a file or the clipboard: a pane's own rows at full precision, with unit and definition."""

from collections.abc import Callable, Sequence

from ...core.model.snapshot import Snapshot
from ..look import Look
from ..widgets.board import Page
from . import charts, instruments, others, recaps
from .table import Column, Table

Maker = Callable[[Snapshot, Look, Sequence[str]], Table]

MAKERS: dict[str, Maker] = {**instruments.MAKERS, **others.MAKERS, **recaps.MAKERS, **charts.MAKERS}
"""By pane; what is not here is exported as the lines it shows."""


def exported(pane: str, page: Page, snapshot: Snapshot, look: Look) -> Table:
    """The table of a pane as it stands: the rows left by filter and find, in the order shown.

    Figures that the pane does not show of an old row are missing here too.
    """
    maker = MAKERS.get(pane)
    return maker(snapshot, look, page.keys) if maker is not None else _lines(pane, page)


def _lines(pane: str, page: Page) -> Table:
    heading = [page.heading] if page.heading is not None else []
    lines = ["".join(piece.text for piece in one).rstrip() for one in (*heading, *(one.line for one in page.body))]
    column = Column("line", means="as it stands in the pane")
    return Table(pane, page.title, (column,), tuple((one,) for one in lines if one.strip()))
