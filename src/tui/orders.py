"""Row orders that do not move under the eye."""

from collections.abc import Callable

from msgspec import Struct

from .choices import Choices, Sort

EVERY, QUIET = 10.0, 5.0
"""Seconds between two settlings of a live order; seconds without a key before one."""

Ordered = Callable[[str], tuple[str, ...]]
"""A pane's rows in the order its figures ask for now."""


class _Settled(Struct):
    sort: Sort
    keys: tuple[str, ...]
    at: float


class Orders:
    """The order of each sorted pane, renewed seldom and never for the row under the cursor."""

    def __init__(self) -> None:
        self._settled: dict[str, _Settled] = {}

    def renew(self, choices: Choices, ordered: Ordered, now: float, last_key: float) -> dict[str, tuple[str, ...]]:
        """The orders in force at `now`, seconds on the screen's own timer."""
        self._settled = {
            pane: self._one(pane, sort, ordered(pane), choices.selected, now, last_key) for pane, sort in choices.sorts
        }
        return {pane: one.keys for pane, one in self._settled.items()}

    def _one(
        self, pane: str, sort: Sort, keys: tuple[str, ...], selected: str | None, now: float, last_key: float
    ) -> _Settled:
        before = self._settled.get(pane)
        if before is None or before.sort != sort or set(before.keys) != set(keys):
            return _Settled(sort, keys, now)
        if now - before.at < EVERY or now - last_key < QUIET:
            return before
        return _Settled(sort, pinned(keys, before.keys, selected), now)


def pinned(keys: tuple[str, ...], before: tuple[str, ...], selected: str | None) -> tuple[str, ...]:
    """The new order with the selected row where it was."""
    if selected not in keys or selected not in before:
        return keys
    others = [key for key in keys if key != selected]
    others.insert(before.index(selected), selected)
    return tuple(others)
