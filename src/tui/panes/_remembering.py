"""A pane that thinks anew only where something it shows has changed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Generic, TypeVar

from msgspec.structs import replace

from ...core.model.snapshot import Snapshot
from ..look import Look
from ..widgets.board import Page

T = TypeVar("T")
Place = tuple[int, ...]
"""Cells, and lines where they matter."""
Part = Callable[[Snapshot], Snapshot]

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
PLACES = 8
"""Places of a pane for which an answer is kept at once."""


class Remembering:
    """The same pane; it is shown a part of each snapshot and no time, so nothing else can matter to it."""

    def __init__(
        self,
        name: str,
        part: Part,
        need: Callable[[Snapshot, Look, int], int],
        page: Callable[[Snapshot, Look, int, int], Page],
    ) -> None:
        self.NAME = name
        self._part_of = part
        self._parted: tuple[Snapshot, Snapshot] | None = None
        # the focus is not settled yet when panes are asked for their needs: each question has a look of its own
        self._needs, self._pages = _Answers(need), _Answers(page)

    def need(self, snapshot: Snapshot, look: Look, cells: int) -> int:
        """Lines it would fill."""
        return self._needs.of(self._part(snapshot), look, (cells,))

    def page(self, snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
        """Title, heading and rows: the same object while they are the same."""
        return self._pages.of(self._part(snapshot), look, (cells, lines))

    def _part(self, snapshot: Snapshot) -> Snapshot:
        if self._parted is None or self._parted[0] is not snapshot:
            self._parted = snapshot, self._part_of(snapshot)
        return self._parted[1]


class _Answers(Generic[T]):
    """What a pane answered last, by place."""

    def __init__(self, ask: Callable[..., T]) -> None:
        self._ask = ask
        self._seen: tuple[Snapshot, Look] | None = None
        self._kept: dict[Place, T] = {}

    def of(self, part: Snapshot, look: Look, place: Place) -> T:
        """The answer in a place; those to anything else are thrown away."""
        seen = part, replace(look, now=NEVER)
        if seen != self._seen or len(self._kept) > PLACES:
            self._seen, self._kept = seen, {}
        if place not in self._kept:
            self._kept[place] = self._ask(*seen, *place)
        return self._kept[place]
