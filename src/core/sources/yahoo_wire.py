"""What may be sent and what came back: claims, breaker and causes, without either library."""

import contextlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from . import Failure, Gate
from .yahoo_causes import PAUSED, SPENT, chart_failure, page_failure, status_failure

if TYPE_CHECKING:
    from curl_cffi.requests import Response

CHART, SPARK = "/v8/finance/chart/", "/v8/finance/spark"
PRELUDE_EVERY = timedelta(hours=1)
"""Cookie and crumb are wished for at most this often: neither is needed for charts."""

Kind = Literal["data", "prelude", "other"]


@runtime_checkable
class _Pausing(Protocol):
    def paused(self, now: datetime) -> object: ...


class NotSentError(OSError):
    """A request that was not let out, or whose answer is of no use; yfinance goes on without it."""


@dataclass
class Call:
    """What became of the requests of one question."""

    now: datetime
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
        self._call = Call(now)
        try:
            yield self._call
        finally:
            self._call = None

    def seconds(self, url: str) -> float:
        """How long an answer may take; the prelude half as long, since it is only wished for."""
        return self._timeout / 2 if _kind(url) == "prelude" else self._timeout

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
            self._note(call, kind, _transport_failure(problem))
            raise
        return self._judged(call, kind, params, response)

    def _admit(self, call: Call, kind: Kind, url: str) -> None:
        if kind == "other" or (call.failure is not None and not call.renewing):
            raise NotSentError(f"not asked: {url}")
        if kind == "prelude" and not self._wish(url, call.now):
            raise NotSentError(f"asked within the hour: {url}")
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
        if kind == "prelude":
            # the cookie comes with a 404; a crumb of an error page would be sent along for hours
            if failure is not None and "crumb" in response.url:
                raise NotSentError(failure.cause)
            return response
        if failure is None:
            failure = _body_failure(response, params)
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
    return chart_failure(response.content, zone_only=params.get("range") == "1d")


def _transport_failure(problem: OSError) -> Failure:
    kinds = {one.__name__ for one in type(problem).__mro__}
    if "Timeout" in kinds:
        return Failure("time-out")
    if "SSLError" in kinds:
        return Failure("no connection (the certificate is not trusted)")
    if "ProxyError" in kinds:
        return Failure("no connection (the proxy does not let it through)")
    return Failure("no connection")
