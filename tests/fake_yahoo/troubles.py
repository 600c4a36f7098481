"""Ways an answer may go wrong: each makes a Reply into another one."""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from . import bodies


@dataclass(frozen=True)
class Made:
    """A body that is made piece by piece while it is sent."""

    pieces: Callable[[], Iterator[bytes]]


@dataclass(frozen=True)
class Reply:
    """What goes back, and how.

    `body` is JSON, raw bytes, or made while it is sent. `wait` seconds go by
    before the first byte, `drip` before each further one; after `cut` bytes, or before any with `reset`,
    the line breaks: cleanly, or with a reset. `closes`: no further question on this line.
    """

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    wait: float = 0.0
    reset: bool = False
    drip: float = 0.0
    cut: int | None = None
    closes: bool = False

    @property
    def whole(self) -> bool:
        """Whether the answer comes through to its last byte and in time."""
        return not (self.reset or self.drip or self.cut is not None or self.wait > 1.0)


Trouble = Callable[[Reply], Reply]


def too_many(retry_after: str | None = None) -> Trouble:
    headers = {"Retry-After": retry_after} if retry_after else {}
    return lambda _: Reply(429, b"Too Many Requests", headers)


def status(code: int, body: object = b"", headers: dict[str, str] | None = None) -> Trouble:
    return lambda _: Reply(code, body, headers or {})


def unauthorized() -> Trouble:
    error = {"code": "Unauthorized", "description": "Invalid Crumb"}
    return status(401, {"finance": {"result": None, "error": error}})


def dead() -> Trouble:
    return status(404, bodies.not_found())


def web_page() -> Trouble:
    return lambda _: Reply(200, b"<!DOCTYPE html><html><body>Please sign in to use this network</body></html>")


def garbage() -> Trouble:
    return lambda _: Reply(200, b'{"chart": {"result": [{"meta": {"exchangeTimezoneName": "Ame')


def reset() -> Trouble:
    return lambda reply: replace(reply, reset=True)


def slow(seconds: float) -> Trouble:
    return lambda reply: replace(reply, wait=seconds)


def dripping(seconds: float = 1.0) -> Trouble:
    return lambda reply: replace(reply, drip=seconds)


def cut(after: int = 300, *, reset: bool = False) -> Trouble:
    """Broken off in mid-answer."""
    return lambda reply: replace(reply, cut=after, reset=reset)


def closing() -> Trouble:
    """A good answer, and then the line is closed without a word."""
    return lambda reply: replace(reply, closes=True)


def flood(megabytes: int) -> Trouble:
    """An answer without end, as good as; it is made piece by piece."""

    def pieces() -> Iterator[bytes]:
        yield b'{"chart": {"result": [{"meta": {"symbol": "'
        for _ in range(16 * megabytes):
            yield b"A" * 65536

    return lambda _: Reply(200, Made(pieces), closes=True)


def bomb(megabytes: int) -> Trouble:
    """A few kilobytes that unpack to that many megabytes."""
    packed = gzip.compress(b" " * (megabytes * 1024 * 1024))
    return lambda _: Reply(200, packed, {"Content-Encoding": "gzip"})


def moved(to: str) -> Trouble:
    """Sent on to another address, as a hotel's network does before one has signed in."""
    return lambda _: Reply(302, b"<html>Moved</html>", {"Location": to})


def no_result() -> Trouble:
    return lambda _: Reply(200, {"chart": {"result": None, "error": None}})


# -- chart bodies ------------------------------------------------------------------------------------


def _changed(change: Callable[[Any, Any], None]) -> Trouble:
    """A change of the first result and its columns; the body is made for this reply alone."""

    def trouble(reply: Reply) -> Reply:
        result = reply.body["chart"]["result"][0]
        change(result, result["indicators"]["quote"][0])
        return reply

    return trouble


def empty_quote(currency: str | None = "USD") -> Trouble:
    """A closed day: no stamps and an empty quote; without a currency a dead symbol."""

    def change(result: Any, quote: Any) -> None:
        del result["timestamp"]
        quote.clear()
        result["meta"]["currency"] = currency

    return _changed(change)


def null_row(index: int = -2, keep_close: bool = False) -> Trouble:
    """A row of nulls, its volume left; with `keep_close` its close too."""

    def change(_: Any, quote: Any) -> None:
        for name in ("open", "high", "low") + (() if keep_close else ("close",)):
            quote[name][index] = None
        quote["volume"][index] = 5_000_000

    return _changed(change)


def only_closes() -> Trouble:
    """An index that is published without a range: zeros in open, high, low and the metadata."""

    def change(result: Any, quote: Any) -> None:
        for name in ("open", "high", "low"):
            quote[name] = [0.0 for _ in quote[name]]
        result["meta"] |= {"regularMarketDayHigh": 0.0, "regularMarketDayLow": 0.0}

    return _changed(change)


def live_row_stamped_now() -> Trouble:
    def change(result: Any, _: Any) -> None:
        result["timestamp"][-1] = result["meta"]["regularMarketTime"]

    return _changed(change)


def live_row_twice() -> Trouble:
    """The running day comes again as a row of its last price alone, stamped now."""

    def change(result: Any, quote: Any) -> None:
        result["timestamp"].append(result["meta"]["regularMarketTime"])
        price = result["meta"]["regularMarketPrice"]
        for name in ("open", "high", "low", "close"):
            quote[name].append(price)
        quote["volume"].append(0)
        result["indicators"]["adjclose"][0]["adjclose"].append(price)

    return _changed(change)


def without(*names: str) -> Trouble:
    """Metadata fields that are not there."""

    def change(result: Any, _: Any) -> None:
        for name in names:
            del result["meta"][name]

    return _changed(change)


# -- spark bodies ------------------------------------------------------------------------------------


def null_closes(*indices: int) -> Trouble:
    """Closes of every symbol that are not there."""

    def trouble(reply: Reply) -> Reply:
        for part in reply.body.values():
            for index in indices:
                part["close"][index] = None
        return reply

    return trouble
