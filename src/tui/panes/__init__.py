"""Panes: a file each, found by listing this folder."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from ...core.model.snapshot import Snapshot
from ..choices import Sort
from ..look import Look
from ..widgets.board import Page
from ..widgets.table import FIXED, Column
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


ORDERED = ("board", "quotes", "weekly", "record", "world", "confirmation")
"""Panes whose columns may be put in another order."""


def headings(panes: Sequence[str] = ()) -> dict[str, str]:
    """The headings of these panes, else of all, by what they are compared with; a column without one by its key."""
    found: dict[str, str] = {}
    for name, pane in discover().items():
        for column in _columns(pane) if not panes or name in panes else ():
            found |= {column.key: column.key} | ({column.label.casefold(): column.label} if column.label else {})
    return found


def places_of(labels: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The columns of these headings by pane, in this order, as keys; panes that have none of them are left out."""
    wanted = [one.strip().casefold() for one in labels]
    known = discover()
    found: dict[str, tuple[str, ...]] = {}
    for name in ORDERED:
        columns = [one for one in _columns(known[name]) if one.key not in FIXED]
        keys = [one.key for label in wanted for one in columns if label in (one.key, one.label.casefold())]
        if keys:
            found[name] = tuple(dict.fromkeys(keys))
    return found


def _columns(pane: Pane) -> "tuple[Column, ...]":
    whole = pane.pane if isinstance(pane, Later) else pane
    return cast("tuple[Column, ...]", getattr(whole, "COLUMNS", ()))


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
