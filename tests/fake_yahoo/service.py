"""The service: what it answers, what it was asked, and the troubles it was told to make."""

import contextlib
import os
import tempfile
import threading
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit

from tapewatch.core.bars import Bars

from . import bodies
from .library import forget
from .line import HOSTS, Answer, Line, Mood
from .market import EXCHANGES, Exchange, FiveMinuteBar, Market, Spike
from .troubles import Reply, Trouble

What = Literal["cookie", "crumb", "zone", "chart", "spark", "other"]
"""What a request is for; `zone` is the library's own one-day chart to learn the exchange's zone."""


@dataclass(frozen=True)
class Request:
    """One request as it arrived, at the market's time."""

    at: datetime
    what: What
    symbols: tuple[str, ...]
    host: str
    path: str
    asked: Mapping[str, str]


@dataclass(frozen=True)
class _Rule:
    trouble: Trouble
    what: What | None
    symbol: str | None
    nth: Collection[int] | None


class FakeYahoo:
    """The data service on loopback.

    Args:
        history: official daily bars by symbol; days the clock has not reached do not exist yet.
        intraday: 5-minute bars by symbol, of any number of days.
        now: the market clock; may be replaced by a time or another clock at any moment.
        settle: how long after the close the official bar appears.
        early: closing times of half days, in the exchange's zone.
    """

    def __init__(
        self,
        history: Mapping[str, Bars],
        intraday: Mapping[str, Sequence[FiveMinuteBar]] | None = None,
        now: Callable[[], datetime] | datetime | None = None,
        *,
        settle: timedelta = timedelta(minutes=15),
        early: Mapping[date, time] | None = None,
        exchanges: Mapping[str, Exchange] | None = None,
    ) -> None:
        self.market = Market(history, intraday or {}, EXCHANGES | dict(exchanges or {}), early or {}, settle=settle)
        self.now = now
        self.requests: list[Request] = []
        self.answers: list[tuple[Request, Reply]] = []
        self.strangers: list[str] = []
        self.behind = timedelta()
        self.beside: dict[str, Answer] = {}
        """Other services on the same line, by host; set before the line is opened."""
        self._rules: list[tuple[_Rule, list[int]]] = []
        self._guard = threading.Lock()

    # -- life --------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="fake-yahoo-")
        self._line = Line(self._answer, self.strangers, Path(self._folder.name), (*HOSTS, *self.beside))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.stop()
        self._folder.cleanup()

    def environment(self) -> dict[str, str]:
        """What a process must find in its environment to reach this service and no other."""
        proxy, authority = f"http://127.0.0.1:{self._line.port}", str(self._line.authority)
        names = ("HTTPS_PROXY", "https_proxy")
        bundles = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE")
        return (
            dict.fromkeys(names, proxy)
            | dict.fromkeys(bundles, authority)
            | {"NO_PROXY": "", "no_proxy": ""}
        )  # fmt: skip

    @contextlib.contextmanager
    def here(self) -> Generator[None, None, None]:
        """Let this very process reach the service, its client library as if newly started."""
        before = {name: os.environ.get(name) for name in self.environment()}
        os.environ.update(self.environment())
        forget()
        try:
            yield
        finally:
            forget()
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})

    # -- the clock ---------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The market's time."""
        return self._now()

    @now.setter
    def now(self, clock: Callable[[], datetime] | datetime | None) -> None:
        if clock is None:
            raise ValueError("the service needs a market clock")
        self._now: Callable[[], datetime] = clock if callable(clock) else lambda: clock

    # -- trouble -----------------------------------------------------------------------------------

    def trouble(
        self,
        trouble: Trouble,
        what: What | None = None,
        symbol: str | None = None,
        nth: int | Collection[int] | None = None,
    ) -> Self:
        """Spoil answers: of one path, of one symbol, or the nth such requests from now on (first is 1)."""
        chosen = {nth} if isinstance(nth, int) else nth
        self._rules.append((_Rule(trouble, what, symbol, chosen), [0]))
        return self

    def heal(self) -> None:
        """No trouble any more."""
        self._rules.clear()
        self.behind = timedelta()
        if self._line.mood != "well":
            self._line.become("well")
        if os.environ.get("HTTPS_PROXY", "") not in ("", self.environment()["HTTPS_PROXY"]):
            self.elsewhere(self.environment()["HTTPS_PROXY"])

    def line(self, mood: Mood) -> None:
        """Spoil the line itself; whoever is connected is cut off."""
        self._line.become(mood)

    def elsewhere(self, proxy: str) -> None:
        """Let this process look for the service where it is not, until healed."""
        os.environ.update(dict.fromkeys(("HTTPS_PROXY", "https_proxy"), proxy))

    @property
    def bytes_sent(self) -> int:
        """Bytes of answers that went out."""
        return self._line.sent

    def spike(self, symbol: str, at: datetime, high: float) -> None:
        """Let the day's high be at least this from a market time on, unseen by any close."""
        self.market.spikes.append(Spike(symbol, at, high))

    # -- what was asked ----------------------------------------------------------------------------

    def count(self, what: What | None = None, symbol: str | None = None) -> int:
        """Requests that arrived: all, of one path, of one symbol."""
        return sum(_is(request, what, symbol) for request in self.requests)

    # -- answers -----------------------------------------------------------------------------------

    def _answer(self, host: str, target: str) -> Reply:
        if host in self.beside:
            return self.beside[host](host, target)
        with self._guard:
            request = _read(self.now, host, target)
            self.requests.append(request)
            reply = self._usual(replace(request, at=request.at - self.behind))
            for rule, met in self._rules:
                if _is(request, rule.what, rule.symbol):
                    met[0] += 1
                    reply = rule.trouble(reply) if rule.nth is None or met[0] in rule.nth else reply
            self.answers.append((request, reply))
            return reply

    def _usual(self, request: Request) -> Reply:
        if request.what == "cookie":
            cookie = "A3=d=throwaway; Max-Age=31557600; Domain=.yahoo.com; Path=/; SameSite=None; Secure; HttpOnly"
            return Reply(404, b"", {"Set-Cookie": cookie})
        if request.what == "crumb":
            return Reply(200, b"crumb.of.ours")
        if request.what == "spark":
            return Reply(200, self._spark(request))
        if request.what in ("chart", "zone"):
            return self._chart(request)
        return Reply(404, b"")

    def _spark(self, request: Request) -> dict[str, Any]:
        seen = {symbol: self.market.seen(symbol, request.at) for symbol in request.symbols}
        return {symbol: bodies.spark(symbol, one) for symbol, one in seen.items() if one is not None}

    def _chart(self, request: Request) -> Reply:
        seen = self.market.seen(request.symbols[0], request.at)
        if seen is None:
            return Reply(404, bodies.not_found())
        asked = request.asked.get("range", "")
        rows = {"1d": 1, "5d": 5}.get(asked)
        return Reply(200, bodies.chart(request.symbols[0], seen, rows, asked))


def _is(request: Request, what: What | None, symbol: str | None) -> bool:
    return what in (None, request.what) and (symbol is None or symbol in request.symbols)


def _read(now: datetime, host: str, target: str) -> Request:
    parts = urlsplit(target)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    path = unquote(parts.path)
    what, symbols = _meant(host, path, asked)
    return Request(now, what, symbols, host, path, asked)


def _meant(host: str, path: str, asked: Mapping[str, str]) -> tuple[What, tuple[str, ...]]:
    if host == "fc.yahoo.com":
        return "cookie", ()
    if path.endswith("/getcrumb"):
        return "crumb", ()
    if path == "/v8/finance/spark":
        return "spark", tuple(asked.get("symbols", "").split(","))
    if path.startswith("/v8/finance/chart/"):
        return "zone" if asked.get("range") == "1d" else "chart", (path.rsplit("/", 1)[-1],)
    return "other", ()
