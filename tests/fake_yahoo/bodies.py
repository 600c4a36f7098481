"""Answers in the service's own shape, built from what the market has shown."""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tapewatch.core.bars import Bar

from .market import Exchange, Seen

RANGES = ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"]
Body = dict[str, Any]


def chart(symbol: str, seen: Seen, rows: int | None, asked: str) -> Body:
    """A chart of daily rows: the last `rows` of them, or all; each stamped with its session's open."""
    count = len(seen.official)
    first = 0 if rows is None else max(0, count - rows + (seen.live is not None))
    bars = [seen.official.bar(index) for index in range(first, count)]
    bars += [seen.live] if seen.live else []
    return {
        "chart": {
            "result": [
                {
                    "meta": _meta(symbol, seen, asked),
                    "timestamp": [_stamp(seen.exchange, bar.day) for bar in bars],
                    "indicators": {
                        "quote": [_columns(bars)],
                        "adjclose": [{"adjclose": [bar.close for bar in bars]}],
                    },
                }
            ],
            "error": None,
        }
    }


def _stamp(exchange: Exchange, day: date) -> int:
    return int(exchange.at(day, exchange.opens).timestamp())


def _columns(bars: list[Bar]) -> Body:
    return {
        "open": [bar.open for bar in bars],
        "high": [bar.high for bar in bars],
        "low": [bar.low for bar in bars],
        "close": [bar.close for bar in bars],
        "volume": [int(bar.volume) for bar in bars],
    }


def _meta(symbol: str, seen: Seen, asked: str) -> Body:
    exchange = seen.exchange
    return {
        "currency": exchange.currency,
        "symbol": symbol,
        "exchangeName": exchange.name,
        "instrumentType": exchange.kind,
        "regularMarketTime": int(seen.time.timestamp()),
        "hasPrePostMarketData": False,
        "gmtoffset": _offset(exchange, seen.time),
        "timezone": exchange.zone,
        "exchangeTimezoneName": exchange.zone,
        "regularMarketPrice": seen.price,
        "regularMarketDayHigh": seen.high,
        "regularMarketDayLow": seen.low,
        "chartPreviousClose": 1.0,
        "priceHint": 2,
        "exchangeDataDelayedBy": exchange.delay,
        "currentTradingPeriod": _periods(seen),
        "dataGranularity": "1d",
        "range": asked,
        "validRanges": RANGES,
    }


def _offset(exchange: Exchange, moment: datetime) -> int:
    offset = moment.astimezone(ZoneInfo(exchange.zone)).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _periods(seen: Seen) -> Body:
    start, end = int(seen.opens.timestamp()), int(seen.closes.timestamp())
    spans = {"pre": (start - 19800, start), "regular": (start, end), "post": (end, end + 14400)}
    beside = {"timezone": seen.exchange.zone, "gmtoffset": _offset(seen.exchange, seen.opens)}
    return {name: {"start": first, "end": last, **beside} for name, (first, last) in spans.items()}


def spark(symbol: str, seen: Seen) -> Body:
    """One symbol's part of a spark answer."""
    return {
        "symbol": symbol,
        "timestamp": [stamp for stamp, _ in seen.points],
        "close": [close for _, close in seen.points],
        "previousClose": 1.0,
        "chartPreviousClose": 1.0,
        "start": int(seen.opens.timestamp()),
        "end": int(seen.closes.timestamp()),
        "dataGranularity": 300,
    }


def text(body: object) -> bytes:
    """A body as it goes over the line."""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def not_found() -> Body:
    """The chart of a symbol that does not exist."""
    error = {"code": "Not Found", "description": "No data found, symbol may be delisted"}
    return {"chart": {"result": None, "error": error}}
