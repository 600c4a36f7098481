"""Official daily closes of others, for when the main source is out for long. A source of closes is a file here.

Closes only: there is no open, high, low or price of a running session in them. They are never bars.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache


@dataclass(frozen=True)
class Series:
    """What a source publishes of one instrument of ours: `name` is the source's own.

    A close of ours is `scale` times the published number; `made_of` says so in words. `basis` is "close" for the
    instrument's own close; anything else names another quantity, which is never compared with the main source's.
    """

    name: str
    scale: float = 1.0
    made_of: str | None = None
    basis: str = "close"

    @property
    def same(self) -> bool:
        """Whether it is the same quantity as the main source's close."""
        return self.basis == "close"


@dataclass(frozen=True)
class CloseSource:
    """Who publishes closes as CSV, where, and in which layout.

    `address` has the places ``{name}`` and ``{since}`` (first day wanted). The first column is headed by one of
    `day_heads` and holds days written as `day_format`; the close stands under one of `close_heads`, in which
    ``{name}`` is the series' own name. `empty` are what stands in place of a number on a holiday.
    """

    name: str
    title: str
    address: str
    series: Mapping[str, Series]
    day_heads: tuple[str, ...]
    day_format: str
    close_heads: tuple[str, ...]
    empty: tuple[str, ...] = ()

    def url(self, series: Series, since: date) -> str:
        """Where one series can be had."""
        return self.address.format(name=series.name, since=since.isoformat())


@cache
def close_sources() -> dict[str, CloseSource]:
    """Every source of closes by its name in the settings."""
    found: dict[str, CloseSource] = {}
    for module in pkgutil.iter_modules(__path__):
        source = getattr(importlib.import_module(f".{module.name}", __name__), "SOURCE", None)
        if isinstance(source, CloseSource):
            found[source.name] = source
    return found
