"""A fault as a value: what is done to the service, and what a trader must see of it."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..fake_yahoo import FakeYahoo

Spoil = Callable[[FakeYahoo], object]
WAITING = frozenset({"late", "stale"})
FINE = frozenset({"live", "delayed"})
CALM = ("yahoo ok",)
"""What the header says when nothing is amiss."""


@dataclass(frozen=True)
class Scenario:
    """One fault from 10:06 on, for so many `minutes` of the market's time.

    `said` are words that stand on the screen when the fault ends, `error` those of the feed's health (None:
    it has none); `rows` the words of freshness the rows may have then, `but` those of single symbols.
    `code` is the exit code of ``snapshot``, `fetch` that of ``fetch`` (None: not tried). At most `most`
    requests arrive during the fault; all is well again `recovers` seconds after it at the latest. `held` is how
    a sentence begins that names what is held back, now or earlier; `gone` symbols stay away for the day.
    `timeout` are the real seconds an answer may take.
    """

    name: str
    spoil: Spoil
    said: tuple[str, ...] = CALM
    error: str | None = None
    minutes: float = 8.0
    rows: frozenset[str] = WAITING
    but: tuple[tuple[str, frozenset[str]], ...] = ()
    code: int = 3
    fetch: int | None = None
    most: int = 12
    recovers: float = 330.0
    held: str | None = None
    gone: tuple[str, ...] = ()
    timeout: float = 10.0
    quick: bool = False

    def allowed(self, symbol: str) -> frozenset[str]:
        """Words of freshness that a row may have when the fault ends."""
        return dict(self.but).get(symbol, self.rows)


def all_scenarios() -> tuple[Scenario, ...]:
    """Every scenario of every file in the folder ``faults``."""
    return tuple(sorted(_found(), key=lambda one: one.name))


def _found() -> Iterator[Scenario]:
    folder = Path(__file__).parent / "faults"
    for module in pkgutil.iter_modules([str(folder)]):
        yield from importlib.import_module(f"{__package__}.faults.{module.name}").SCENARIOS
