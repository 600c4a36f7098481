"""Where prices come from. A source is one file; only its feed talks to it.

A source answers two questions and never raises for anything the outside can do: failures are values.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, Protocol, runtime_checkable

from ..bars import Bars
from ..model.instrument import Instrument

Span = Literal["full", "days"]
"""How much history a chart request asks for: everything, or the last five sessions."""


@dataclass(frozen=True)
class Failure:
    """Why a request brought nothing: one cause in words for the trader.

    `status` is the HTTP status if there was one, `retry_after` the seconds the service asked for,
    `slow_down` a 429, `unknown_symbol` a 404 or a body that says so: not again today; `unsent` a request
    that our own budget or pause held back: it says nothing of the service. `of_symbol`: an answer without
    data, which says nothing of the others.
    """

    cause: str
    status: int | None = None
    retry_after: float | None = None
    slow_down: bool = False
    unknown_symbol: bool = False
    unsent: bool = False
    of_symbol: bool = False


@dataclass(frozen=True)
class FiveMinutes:
    """Closes of one session's completed and running 5-minute bars; `starts` are aware UTC, ascending."""

    starts: tuple[datetime, ...] = ()
    closes: tuple[float, ...] = ()


@dataclass(frozen=True)
class Tick:
    """What is known of one symbol's session now. Prices <= 0 never occur here: they are None.

    `time` is the quote's own time. `high`, `low`, `open` are the day's if the answer had them
    (a chart request), else None; `range_as_of` the time they are known to. `bars` are the session's
    5-minute closes if the answer had them (a price request). `quoted` is the stamp the answer itself bore
    where `time` was worked out from it: a copy of one answer bears the same.
    """

    symbol: str
    session: date
    last: float
    time: datetime
    open: float | None = None
    high: float | None = None
    low: float | None = None
    range_as_of: datetime | None = None
    delay: timedelta = timedelta()
    bars: FiveMinutes = FiveMinutes()
    quoted: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """What one request brought.

    `daily` are completed and running daily bars of one symbol, oldest first, as the source gave them
    after the sanity of rows; the feed decides which are final. `sent` counts requests that really
    went out. `refused` names rows that were dropped and why.
    """

    ticks: tuple[Tick, ...] = ()
    daily: dict[str, Bars] = field(default_factory=dict[str, Bars])
    failures: dict[str, Failure] = field(default_factory=dict[str, Failure])
    refused: tuple[str, ...] = ()
    sent: int = 0
    taken_at: datetime | None = None


@dataclass(frozen=True)
class Manners:
    """How politely a source must be asked.

    `budget` requests an hour after `burst` at once (None: unlimited), all prices every `prices_every`,
    one chart request a symbol not oftener than `chart_every` (`chart_every_near` when its price stands near
    an extreme); a first start costs `cold_cost` requests a symbol.
    """

    prices_every: timedelta
    chart_every: timedelta
    chart_every_near: timedelta
    budget: int | None = None
    burst: int = 6
    cold_cost: int = 2


class Gate(Protocol):
    """The right to send: the store's request budget, as a source sees it."""

    def claim(self, now: datetime, url: str) -> bool:
        """Spend one request; False in a pause or with an empty bucket."""
        ...


@runtime_checkable
class Follows(Protocol):
    """A source that must know what it is asked for."""

    def follow(self, instruments: Iterable[Instrument]) -> None:
        """Other instruments than at the start."""
        ...


class Source(Protocol):
    """Something that knows prices."""

    name: str
    manners: Manners

    def prices(self, symbols: tuple[str, ...], now: datetime) -> Answer:
        """Last price and 5-minute closes of many symbols in one request."""
        ...

    def chart(self, symbol: str, span: Span, now: datetime) -> Answer:
        """Daily bars, the day's high and low and the last price of one symbol."""
        ...
