"""A pane whose file is imported when it is first shown: the monitor is up sooner without it."""

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, cast

from ...core.model.snapshot import Snapshot
from ..look import Look
from ..widgets.board import Page

if TYPE_CHECKING:
    from . import Pane

LATE = ("symbol_", "world")
"""How the names of such files begin; their panes have the names of their files."""


class Later:
    """The same pane, not there yet."""

    def __init__(self, name: str) -> None:
        self.NAME = name

    @cached_property
    def pane(self) -> "Pane":
        """What the file offers."""
        return cast("Pane", import_module(f".{self.NAME}", __package__))

    def need(self, snapshot: Snapshot, look: Look, cells: int) -> int:
        """Lines it would fill."""
        return self.pane.need(snapshot, look, cells)

    def page(self, snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
        """Title, heading and rows."""
        return self.pane.page(snapshot, look, cells, lines)
