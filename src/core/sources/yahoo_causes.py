"""Why an answer of the data service brought nothing, in a trader's words."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import msgspec

from . import Failure

NO_DATA = "no data for this symbol"
UNREADABLE = "an answer that cannot be read"
UNKNOWN = "unknown symbol"
SPENT, PAUSED = "request budget spent", "paused"
TIME_OUT = "time-out"
_HOST = re.compile(r"[a-z0-9.-]{1,40}")


UNDECODABLE = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)
"""What the decoder raises for bytes that are no answer, however they were made."""


class _Error(msgspec.Struct):
    code: str | None = None
    description: str | None = None


class _Meta(msgspec.Struct, rename="camel"):
    symbol: str | None = None
    currency: str | None = None
    exchange_timezone_name: str | None = None


class _Result(msgspec.Struct):
    meta: _Meta = msgspec.field(default_factory=_Meta)
    timestamp: list[int] | None = None


class _Chart(msgspec.Struct):
    result: list[_Result] | None = None
    error: _Error | None = None


class _Body(msgspec.Struct):
    chart: _Chart


class SparkPart(msgspec.Struct):
    """One symbol of a spark answer: stamps in seconds since 1970, closes, the session's end."""

    symbol: str | None = None
    timestamp: list[int] = []
    close: list[float | None] = []
    end: int | None = None


def status_failure(status: int, retry_after: str | None, now: datetime) -> Failure | None:
    """The cause an HTTP status names, None for a success."""
    if status < 400:
        return None
    if status == 429:
        seconds = seconds_of(retry_after, now)
        return Failure("slowed down (429)", status, retry_after=seconds, slow_down=True)
    if status == 404:
        return Failure(UNKNOWN, status, unknown_symbol=True)
    if status >= 500:
        return Failure(f"server error ({status})", status, retry_after=seconds_of(retry_after, now))
    return Failure(f"refused ({status})", status)


def seconds_of(retry_after: str | None, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header: a number or a date; None without or with nonsense."""
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError, TypeError):
        return None
    until = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def moved_failure(status: int, location: str | None) -> Failure:
    """Sent elsewhere, as the login page of a hotel's network does: never followed, named with its host."""
    try:
        host = (urlsplit(location or "").hostname or "").lower()
    except ValueError:
        host = ""
    named = f" at {host}" if _HOST.fullmatch(host) else ""
    return Failure(f"sent on to another page{named}", status)


def other_symbol(asked: str, answered: str | None) -> Failure | None:
    """An answer that names another symbol than the one it was asked for."""
    if answered is None or answered.upper() == asked.upper():
        return None
    return Failure("an answer for another symbol", 200)


def page_failure(content: bytes) -> Failure | None:
    """A web page (maintenance, a captive portal, a consent form) where data should be, or nothing at all."""
    start = content.lstrip()[:1]
    if not start:
        return Failure("an empty answer", 200)
    return Failure("a web page instead of data", 200) if start == b"<" else None


def _unreadable(content: bytes) -> Failure:
    return page_failure(content) or Failure(UNREADABLE, 200)


def chart_failure(content: bytes, symbol: str, *, zone_only: bool = False) -> Failure | None:
    """Why a 200 of the chart path holds no bars of the symbol; None where it does.

    With `zone_only` naming the exchange's zone is enough: a closed day has no bars and yet a zone.
    """
    try:
        chart = msgspec.json.decode(content, type=_Body).chart
    except UNDECODABLE:
        return _unreadable(content)
    if chart.error is not None and chart.error.code == "Not Found":
        return Failure(UNKNOWN, 200, unknown_symbol=True)
    if not chart.result:
        return Failure(NO_DATA, 200, of_symbol=True)
    found = chart.result[0]
    other = other_symbol(symbol, found.meta.symbol)
    if other is not None:
        return other
    if not found.timestamp and not zone_only:
        return (
            Failure(NO_DATA, 200, of_symbol=True) if found.meta.currency else Failure(UNKNOWN, 200, unknown_symbol=True)
        )
    return None if found.meta.exchange_timezone_name else Failure(UNREADABLE, 200)


def spark_parts(content: bytes) -> dict[str, msgspec.Raw] | Failure:
    """A spark answer's raw part by symbol, or why there is none."""
    try:
        return msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    except UNDECODABLE:
        return _unreadable(content)


def spark_part(symbol: str, raw: msgspec.Raw | None) -> SparkPart | Failure:
    """One symbol's part, or why there is none."""
    if raw is None:
        return Failure(NO_DATA, 200, of_symbol=True)
    try:
        part = msgspec.json.decode(raw, type=SparkPart | None)
    except UNDECODABLE:
        return Failure(UNREADABLE, 200)
    if part is None:
        return Failure(NO_DATA, 200, of_symbol=True)
    return other_symbol(symbol, part.symbol) or part
