"""Yahoo through yfinance: the one file that knows either library.

Every request goes through a session of our own: it is claimed at the store's budget before it is sent,
the first failure of a call ends that call, and its cause is kept where yfinance would swallow it.
"""

import contextlib
import logging
import sqlite3
import threading
import warnings
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from ..bars import Bars
from ..channel import ChannelError, make_own
from ..model.instrument import Instrument
from . import Answer, Failure, Gate, Manners, Span, Tick
from .yahoo_causes import NO_DATA, UNREADABLE, spark_part, spark_parts
from .yahoo_doubts import ahead_of, misdated
from .yahoo_rows import SessionOf, local_session, meta_of, moment, read_chart, read_spark, rows_of
from .yahoo_wire import Body, Call, Wire

if TYPE_CHECKING:
    import pandas as pd
    from curl_cffi.requests import Response, Session

T = TypeVar("T")

PRICES = "https://query1.finance.yahoo.com/v8/finance/spark"
MOST_AT_ONCE = 20
"""Symbols the spark path answers in one request; more are refused."""
_META = (
    "exchangeTimezoneName", "regularMarketPrice", "regularMarketTime", "regularMarketDayHigh",
    "regularMarketDayLow", "exchangeDataDelayedBy", "currentTradingPeriod", "lastTrade",
)  # fmt: skip

Period = Literal["max", "5d"]
History = tuple["pd.DataFrame", dict[str, object]]


# -- the library -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Library:
    """yfinance and a session of ours, made when the first request is."""

    session: "Session[Response]"
    ticker: Callable[..., Any]

    def history(self, symbol: str, period: Period, timeout: float) -> "History":
        """Daily rows and metadata."""
        ticker = self.ticker(symbol, session=self.session)
        frame = ticker.history(
            period=period, interval="1d", auto_adjust=False, actions=False, repair=False, timeout=timeout
        )
        if frame.empty:
            return frame, {}
        # named keys only: looking at some of the others sends a request
        beside = ticker.history_metadata
        return frame, {key: beside[key] for key in _META if key in beside}


def _load(wire: Wire, cache: Path) -> _Library:
    # the library unpickles what it finds there
    make_own(cache)
    _drop_damaged(cache)
    with _silence():
        import yfinance  # pyright: ignore[reportMissingTypeStubs]
        from curl_cffi import requests
    _hush()
    yfinance.set_tz_cache_location(str(cache))

    class GatedSession(requests.Session["Response"]):
        """A browser-like session whose every request passes the wire."""

        def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> "Response":
            # read by ourselves up to a limit, and never sent on to another host
            body = Body()
            kwargs |= {"timeout": wire.seconds(url), "allow_redirects": False, "content_callback": body.take}
            ask: Callable[..., Response] = super().request  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType]
            post = partial(body.received, partial(ask, method, url, *args, **kwargs))
            return wire.send(url, kwargs.get("params") or {}, post)

    return _Library(GatedSession(impersonate="chrome"), yfinance.Ticker)


def _drop_damaged(cache: Path) -> None:
    """The library's small databases can be made again; a damaged one would fail every question."""
    for file in cache.glob("*.db"):
        try:
            with contextlib.closing(sqlite3.connect(file)) as database:
                database.execute("PRAGMA schema_version").fetchone()
        except sqlite3.DatabaseError:
            file.unlink(missing_ok=True)


def _hush() -> None:
    logger = logging.getLogger("yfinance")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False


@contextlib.contextmanager
def _silence() -> Generator[None, None, None]:
    """What the libraries warn of would land on the monitor's screen."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


# -- the source --------------------------------------------------------------------------------------


class YahooSource:
    """Prices and charts of Yahoo's public service.

    `gate` is the store's budget, `cache` a private folder of the library (made when needed),
    `session_of` says which session a moment belongs to (by weekdays alone unless a calendar is
    given), `timeout` seconds an answer may take. Questions from several threads wait for each other.
    """

    name = "yahoo"
    manners = Manners(
        prices_every=timedelta(seconds=60),
        chart_every=timedelta(minutes=3),
        chart_every_near=timedelta(seconds=60),
        budget=240,
        burst=6,
        cold_cost=2,
    )

    def __init__(
        self,
        gate: Gate,
        cache: Path,
        instruments: Sequence[Instrument],
        session_of: SessionOf = local_session,
        timeout: float = 10.0,
    ) -> None:
        self.follow(instruments)
        self._cache, self._session_of, self._timeout = cache, session_of, timeout
        self._wire = Wire(gate, timeout)
        self._library: _Library | None = None
        self._delays: dict[str, timedelta] = {}
        self._lock = threading.Lock()

    def follow(self, instruments: Iterable[Instrument]) -> None:
        """Other instruments; connections and what is known of the service stay."""
        self._instruments = {one.symbol: one for one in instruments}

    def close(self) -> None:
        """Close connections; the next question opens them again."""
        with self._lock:
            if self._library is not None:
                self._library.session.close()
            self._library = None

    def prices(self, symbols: tuple[str, ...], now: datetime) -> Answer:
        """Last price and 5-minute closes; one request for every twenty symbols.

        A symbol's failure is its own or, where the whole request failed, the request's.
        """
        ticks: list[Tick] = []
        failures: dict[str, Failure] = {}
        sent = 0
        with self._lock:
            for first in range(0, len(symbols), MOST_AT_ONCE):
                part = symbols[first : first + MOST_AT_ONCE]
                content, count = self._spark(part, now)
                sent += count
                self._read_prices(part, content, now, ticks, failures)
                if isinstance(content, Failure):
                    failures |= dict.fromkeys(symbols[first:], content)
                    break
        return Answer(ticks=tuple(ticks), failures=failures, sent=sent, taken_at=now)

    def chart(self, symbol: str, span: Span, now: datetime) -> Answer:
        """Daily bars and the tick of one symbol: one request warm, up to four cold.

        Cold are cookie and crumb (once a process) and the symbol's zone (once a cache folder). The
        running session's row is among the bars, never marked final.
        """
        with self._lock, self._wire.call(now) as call:
            period: Period = "max" if span == "full" else "5d"
            found = self._asked(call, lambda library: library.history(symbol, period, self._timeout))
            if isinstance(found, Failure):
                return Answer(failures={symbol: found}, sent=call.sent, taken_at=now)
            if found[0].empty:
                failure = call.failure or _held_back(call) or Failure(NO_DATA, of_symbol=True)
                return Answer(failures={symbol: failure}, sent=call.sent, taken_at=now)
            return self._read_chart(symbol, found, now, call.sent)

    def _read_chart(self, symbol: str, found: History, now: datetime, sent: int) -> Answer:
        instrument = self._instrument(symbol)
        meta, rows = meta_of(found[1], instrument.zone), rows_of(found[0])
        doubt = ahead_of(now, meta.time) or misdated(instrument, rows)
        if doubt is not None:
            return Answer(failures={symbol: doubt}, sent=sent, taken_at=now)
        self._delays[symbol] = meta.delay
        chart = read_chart(instrument, rows, meta, now, self._session_of)
        empty = chart.tick is None and not len(chart.bars)
        return Answer(
            ticks=(chart.tick,) if chart.tick else (),
            daily={symbol: chart.bars} if len(chart.bars) else dict[str, Bars](),
            failures={symbol: Failure(NO_DATA, 200, of_symbol=True)} if empty else {},
            refused=chart.refused,
            sent=sent,
            taken_at=now,
        )

    def _spark(self, symbols: tuple[str, ...], now: datetime) -> tuple[bytes | Failure, int]:
        wanted = {"symbols": ",".join(symbols), "range": "1d", "interval": "5m"}
        with self._wire.call(now) as call:
            found = self._asked(call, lambda library: library.session.get(PRICES, params=wanted).content)
            if call.failure is not None:
                return call.failure, call.sent
            return found, call.sent

    def _read_prices(
        self,
        symbols: tuple[str, ...],
        content: bytes | Failure,
        now: datetime,
        ticks: list[Tick],
        failures: dict[str, Failure],
    ) -> None:
        parts = spark_parts(content) if isinstance(content, bytes) else content
        for symbol in symbols:
            found = parts if isinstance(parts, Failure) else self._price(symbol, parts.get(symbol), now)
            if isinstance(found, Failure):
                failures[symbol] = found
            else:
                ticks.append(found)

    def _price(self, symbol: str, raw: Any, now: datetime) -> Tick | Failure:
        part = spark_part(symbol, raw)
        if isinstance(part, Failure):
            return part
        doubt = ahead_of(now, moment(max(part.timestamp, default=None)))
        if doubt is not None:
            return doubt
        delay = self._delays.get(symbol, timedelta())
        one = self._instrument(symbol)
        tick = read_spark(one, part.timestamp, part.close, part.end, now, delay, self._session_of)
        return tick or Failure(NO_DATA, 200, of_symbol=True)

    def _asked(self, call: Call, ask: Callable[[_Library], T]) -> T | Failure:
        """The library's answer, or the cause of its failure; only a bug of ours raises."""
        try:
            library = self._opened()
        except (ChannelError, ImportError) as problem:
            return Failure(str(problem))
        found: T | Failure
        try:
            with _silence():
                found = ask(library)
        except Exception:
            found = call.failure or _held_back(call) or Failure(UNREADABLE)
        if call.bug is not None:
            raise call.bug
        return found

    def _opened(self) -> _Library:
        if self._library is None:
            self._library = _load(self._wire, self._cache)
        return self._library

    def _instrument(self, symbol: str) -> Instrument:
        return self._instruments.get(symbol) or Instrument(symbol=symbol, short=symbol, name=symbol)


def _held_back(call: Call) -> Failure | None:
    """A request that our own budget or pause did not let out."""
    return Failure(call.refused, unsent=True) if call.refused else None
