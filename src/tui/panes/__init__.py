"""Panes: a file each, found by listing this folder."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from ...core.model.snapshot import Snapshot
from ..choices import Sort
from ..look import Look
from ..widgets.board import Page
from ..widgets.table import Column
from ._later import LATE as LATE
from ._later import Later
from ._remembering import Remembering


class Pane(Protocol):
    """What a file in this folder offers: pure functions of a Snapshot.

    `NAME` is the pane's name and its widget's id. `need` is how many lines it would fill in so many
    cells, `page` what it shows in so many cells and lines. One that shows no running prices may name with `part` the
    part of a snapshot it is made of: it is asked again only when that has changed.
    """

    NAME: str

    def need(self, snapshot: Snapshot, look: Look, cells: int) -> int:
        """Lines it would fill, title and heading included."""
        ...

    def page(self, snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
        """Title, heading and rows."""
        ...


def discover() -> Mapping[str, Pane]:
    """Every pane of this folder by name."""
    found: dict[str, Pane] = {}
    for module in iter_modules(__path__):
        if module.name.startswith(LATE):
            found[module.name] = Later(module.name)
        elif not module.name.startswith("_"):
            pane = cast("Pane", import_module(f".{module.name}", __name__))
            found[pane.NAME] = pane
    return found


def remembered() -> Mapping[str, Pane]:
    """Every pane by name; one that says what part of a snapshot it is made of remembers what it made."""
    return {name: _remembering(pane) for name, pane in discover().items()}


def _remembering(pane: Pane) -> Pane:
    part = cast("Callable[[Snapshot], Snapshot] | None", getattr(pane, "part", None))
    return pane if part is None else Remembering(pane.NAME, part, pane.need, pane.page)


def sorts_by(label: str) -> tuple[tuple[str, Sort], ...]:
    """An order for every pane that has a sortable column of this heading; none where no pane has."""
    wanted = label.strip().casefold()
    found: list[tuple[str, Sort]] = []
    for name, pane in discover().items():
        columns = cast("tuple[Column, ...]", getattr(pane, "COLUMNS", ()))
        key = next((one.key for one in columns if one.sortable and one.label.casefold() == wanted), None)
        if key is not None:
            found.append((name, Sort(key)))
    return tuple(found)
