"""Why an answer of the data service brought nothing, in a trader's words."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from . import Failure

NO_DATA = "no data for this symbol"
UNREADABLE = "an answer that cannot be read"
UNKNOWN = "unknown symbol"
SPENT, PAUSED = "request budget spent", "paused"


class _Error(msgspec.Struct):
    code: str | None = None
    description: str | None = None


class _Meta(msgspec.Struct, rename="camel"):
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
    except ValueError:
        return None
    until = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def page_failure(content: bytes) -> Failure | None:
    """A web page (maintenance, a captive portal, a consent form) where data should be."""
    return Failure("a web page instead of data", 200) if content.lstrip()[:1] == b"<" else None


def chart_failure(content: bytes, *, zone_only: bool = False) -> Failure | None:
    """Why a 200 of the chart path holds no bars; None where it does.

    With `zone_only` naming the exchange's zone is enough: a closed day has no bars and yet a zone.
    """
    try:
        chart = msgspec.json.decode(content, type=_Body).chart
    except msgspec.DecodeError:
        return page_failure(content) or Failure(UNREADABLE, 200)
    if chart.error is not None and chart.error.code == "Not Found":
        return Failure(UNKNOWN, 200, unknown_symbol=True)
    if not chart.result:
        return Failure(NO_DATA, 200, of_symbol=True)
    found = chart.result[0]
    if not found.timestamp and not zone_only:
        return (
            Failure(NO_DATA, 200, of_symbol=True) if found.meta.currency else Failure(UNKNOWN, 200, unknown_symbol=True)
        )
    return None if found.meta.exchange_timezone_name else Failure(UNREADABLE, 200)


def spark_parts(content: bytes) -> dict[str, msgspec.Raw] | Failure:
    """A spark answer's raw part by symbol, or why there is none."""
    try:
        return msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    except msgspec.DecodeError:
        return page_failure(content) or Failure(UNREADABLE, 200)


def spark_part(raw: msgspec.Raw | None) -> SparkPart | Failure:
    """One symbol's part, or why there is none."""
    if raw is None:
        return Failure(NO_DATA, 200, of_symbol=True)
    try:
        part = msgspec.json.decode(raw, type=SparkPart | None)
    except msgspec.DecodeError:
        return Failure(UNREADABLE, 200)
    return part if part is not None else Failure(NO_DATA, 200, of_symbol=True)
