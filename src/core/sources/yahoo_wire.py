"""What may be sent and what came back: claims, breaker and causes, without either library."""

import contextlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable
from urllib.parse import unquote, urlsplit

from ..clock import elapsed
from . import Failure, Gate
from .yahoo_causes import PAUSED, SPENT, TIME_OUT, chart_failure, moved_failure, page_failure, status_failure

if TYPE_CHECKING:
    from curl_cffi.requests import Response

CHART, SPARK = "/v8/finance/chart/", "/v8/finance/spark"
PRELUDE_EVERY = timedelta(hours=1)
"""Cookie and crumb are wished for at most this often: neither is needed for charts."""
MOST_BYTES = 8 * 1024 * 1024
"""The longest answer that is read, unpacked; a whole history of a century is about three million bytes."""
STOP_READING = 0xFFFFFFFF
"""What tells the network library to break off an answer."""

Kind = Literal["data", "prelude", "other"]


@runtime_checkable
class _Pausing(Protocol):
    def paused(self, now: datetime) -> object: ...


class NotSentError(OSError):
    """A request that was not let out, or whose answer is of no use; yfinance goes on without it."""


class TooLongError(OSError):
    """An answer of more bytes than anything we asked for could have."""


class Body:
    """The bytes of one answer as they come in, broken off where they are too many."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._bytes, self.too_long = most, bytearray(), False

    def take(self, chunk: bytes) -> int:
        """One more piece; how many bytes were taken, or that nothing more is wanted."""
        self.too_long = self.too_long or len(self._bytes) + len(chunk) > self._most
        if self.too_long:
            self._bytes.clear()
            return STOP_READING
        self._bytes += chunk
        return len(chunk)

    def received(self, post: "Callable[[], Response]") -> "Response":
        """The answer with these bytes as its content; raises TooLongError for one that was broken off."""
        try:
            response = post()
        except OSError:
            if self.too_long:
                raise TooLongError(f"an answer of over {self._most} bytes") from None
            raise
        response.content = bytes(self._bytes)
        return response


@dataclass
class Call:
    """What became of the requests of one question.

    All of them together end by `deadline`, in seconds on the clock that never jumps.
    """

    now: datetime
    deadline: float
    sent: int = 0
    failure: Failure | None = None
    renewing: bool = False
    refused: str | None = None
    bug: Exception | None = None


class Wire:
    """The one place that sees each request: claims it, sends it, remembers why it failed."""

    def __init__(self, gate: Gate, timeout: float) -> None:
        self._gate, self._timeout = gate, timeout
        self._wished: dict[str, datetime] = {}
        self._call: Call | None = None

    @contextlib.contextmanager
    def call(self, now: datetime) -> Generator[Call, None, None]:
        """One question; its requests share a breaker."""
        self._call = Call(now, elapsed() + 2 * self._timeout)
        try:
            yield self._call
        finally:
            self._call = None

    def seconds(self, url: str) -> float:
        """How long an answer may take to its last byte: the prelude half as long, since it is only wished for.

        Never longer than is left of the question's own time.
        """
        wished = self._timeout / 2 if _kind(url) == "prelude" else self._timeout
        left = self._call.deadline - elapsed() if self._call is not None else wished
        return max(0.001, min(wished, left))

    def send(self, url: str, params: Mapping[str, object], post: "Callable[[], Response]") -> "Response":
        """Send if it may be sent; raises NotSentError for a refusal and for an answer of no use."""
        call = self._call
        if call is None:
            raise NotSentError("no question is being asked")
        kind = _kind(url)
        self._admit(call, kind, url)
        call.sent += 1
        try:
            response = post()
        except OSError as problem:
            self._note(call, kind, transport_failure(problem))
            raise
        return self._judged(call, kind, params, response)

    def _admit(self, call: Call, kind: Kind, url: str) -> None:
        if kind == "other" or (call.failure is not None and not call.renewing):
            raise NotSentError(f"not asked: {url}")
        if kind == "prelude" and not self._wish(url, call.now):
            raise NotSentError(f"asked within the hour: {url}")
        if elapsed() >= call.deadline:
            self._note(call, kind, Failure(TIME_OUT))
            raise NotSentError(TIME_OUT)
        if not self._claim(call, url):
            call.refused = PAUSED if self._is_paused(call.now) else SPENT
            raise NotSentError(call.refused)

    def _wish(self, url: str, now: datetime) -> bool:
        name = url.rsplit("/", 1)[-1]
        last = self._wished.get(name)
        if last is not None and now - last < PRELUDE_EVERY:
            return False
        self._wished[name] = now
        return True

    def _claim(self, call: Call, url: str) -> bool:
        try:
            return self._gate.claim(call.now, url)
        except Exception as bug:
            # the library would swallow it; the question raises it again
            call.bug = bug
            raise

    def _is_paused(self, now: datetime) -> bool:
        return isinstance(self._gate, _Pausing) and self._gate.paused(now) is not None

    def _judged(self, call: Call, kind: Kind, params: Mapping[str, object], response: "Response") -> "Response":
        retry_after = response.headers.get("Retry-After")
        failure = status_failure(response.status_code, retry_after, call.now)
        if 300 <= response.status_code < 400:
            failure = moved_failure(response.status_code, response.headers.get("Location"))
        if kind == "prelude":
            # the cookie comes with a 404; a crumb of an error page would be sent along for hours
            if failure is not None and "crumb" in response.url:
                raise NotSentError(failure.cause)
            return response
        if failure is None:
            failure = _body_failure(response, params)
        elif failure.unknown_symbol:
            failure = _not_found(response, failure)
        if failure is None:
            call.failure, call.renewing = None, False
            return response
        renewed = call.renewing
        self._note(call, kind, failure)
        if failure.status == 401 and not renewed:
            call.renewing = True
            return response
        raise NotSentError(failure.cause)

    def _note(self, call: Call, kind: Kind, failure: Failure) -> None:
        if kind == "data":
            call.failure, call.renewing = failure, False


def _kind(url: str) -> Kind:
    if CHART in url or SPARK in url:
        return "data"
    return "prelude" if "//fc.yahoo.com" in url or url.endswith("/getcrumb") else "other"


def _body_failure(response: "Response", params: Mapping[str, object]) -> Failure | None:
    if CHART not in response.url:
        return page_failure(response.content)
    symbol = unquote(urlsplit(response.url).path.rsplit("/", 1)[-1])
    return chart_failure(response.content, symbol, zone_only=params.get("range") == "1d")


def _not_found(response: "Response", failure: Failure) -> Failure:
    """A 404 is the symbol's only where the service says so in its own words."""
    told = _body_failure(response, {}) if CHART in response.url else None
    if told is not None and told.unknown_symbol:
        return failure
    return replace(failure, cause="refused (404)", unknown_symbol=False)


def transport_failure(problem: OSError) -> Failure:
    """Why a request brought no answer at all."""
    if isinstance(problem, TooLongError):
        return Failure("an answer far too long to be one", 200)
    kinds = {one.__name__ for one in type(problem).__mro__}
    said = str(problem)
    if "Timeout" in kinds:
        return Failure(TIME_OUT)
    if "SSLError" in kinds:
        return Failure("no connection (the certificate is not trusted)")
    if "407" in said:
        return Failure("no connection (the proxy wants a password)")
    if "DNSError" in kinds or "Could not resolve" in said:
        return Failure("no connection (its address is not found)")
    if "ProxyError" in kinds or "CONNECT tunnel" in said:
        return Failure("no connection (the proxy does not let it through)")
    return Failure("no connection")
