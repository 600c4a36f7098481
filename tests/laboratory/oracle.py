"""An independent judge: what the service really said, against every picture the feed made of it.

It shares no code with the program's own judgement of age. It reads the answers as they went out, keeps
each price with the time the service gave it, and holds every published row to them.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from tapewatch.core.model.snapshot import Row, Snapshot

from ..fake_yahoo import FakeYahoo, Request
from ..fake_yahoo.troubles import Reply

GRID = 300
"""Seconds of a 5-minute bar: a close stamped with its bar's begin may be that much younger."""
AHEAD = timedelta(minutes=5)
"""A stamp further in the future is nonsense, and no price of it may be shown as young."""
TWO_REFRESHES = timedelta(minutes=2)
SLACK = timedelta(seconds=1)
LATE = timedelta(minutes=15)


class Told(NamedTuple):
    """A price of the running day, the time the service gave it, and when it said so."""

    price: float
    time: datetime
    at: datetime


@dataclass
class Oracle:
    """Watches one service and every snapshot made of it; `lies` are what it found, a sentence each."""

    service: FakeYahoo
    lies: list[str] = field(default_factory=list[str])
    looked: int = 0
    _read: int = 0
    _told: dict[str, list[Told]] = field(default_factory=dict[str, list[Told]])
    _good: list[datetime] = field(default_factory=list[datetime])
    _charted: dict[str, datetime] = field(default_factory=dict[str, datetime])
    _success: datetime | None = None

    def watch(self, snapshot: Snapshot) -> None:
        """Hold one publication to all that was delivered until now."""
        self._listen()
        self.looked += 1
        found = list(self._of_health(snapshot))
        for row in snapshot.instruments:
            found += [f"{row.short}: {lie}" for lie in self._of_row(row, snapshot.clock.now)]
        self.lies += [f"{snapshot.clock.now:%H:%M:%S} {lie}" for lie in found]

    # -- what was delivered ---------------------------------------------------------------------------

    def _listen(self) -> None:
        answers = self.service.answers[self._read :]
        self._read += len(answers)
        for request, reply in answers:
            if reply.whole and reply.status == 200:
                self._take(request, _body(reply))

    def _take(self, request: Request, body: Any) -> None:
        found = dict(_quotes(request, body))
        for symbol, prices in found.items():
            self._told.setdefault(symbol, []).extend(Told(price, time, request.at) for price, time in prices)
            if request.what == "chart" and prices:
                self._charted[symbol] = request.at
        if any(found.values()) or _bars(request, body):
            self._good.append(request.at)

    # -- health ---------------------------------------------------------------------------------------

    def _of_health(self, snapshot: Snapshot) -> Iterator[str]:
        success, before = snapshot.health.last_success, self._success
        self._success = success
        if success is None or success == before:
            return
        if success > snapshot.clock.now:
            yield f"a success is told of {success:%H:%M:%S}, which has not come yet"
        if not any(abs(success - good) <= SLACK for good in self._good):
            yield f"a success is told of {success:%H:%M:%S}, when nothing good came"

    # -- rows -----------------------------------------------------------------------------------------

    def _of_row(self, row: Row, now: datetime) -> Iterator[str]:
        yield from self._outside(row, now)
        quote = row.quote
        if quote is None or quote.last is None or quote.time is None or quote.state == "final":
            return
        told = self._told.get(row.symbol, [])
        same = [one for one in told if math.isclose(one.price, quote.last, rel_tol=1e-9)]
        if not same:
            yield f"{quote.last} was never delivered"
            return
        youngest = max(_youngest(one) for one in same)
        if quote.time > min(youngest, now) + SLACK:
            yield f"{quote.last} is dated {quote.time:%H:%M:%S}, the service said {youngest:%H:%M:%S}"
        if row.age_seconds is not None and row.age_seconds < (now - youngest).total_seconds() - 1.0:
            yield f"is told {row.age_seconds:.0f} s old, and is {(now - youngest).total_seconds():.0f}"
        charted = self._charted.get(row.symbol)
        if quote.range_as_of is not None and (charted is None or quote.range_as_of > charted + SLACK):
            yield f"its range is dated {quote.range_as_of:%H:%M:%S}, and no chart came since {charted}"
        delay = self._delay(row.symbol)
        yield from _too_sure(row.freshness, now - min(youngest, now), delay)

    def _delay(self, symbol: str) -> timedelta:
        return timedelta(minutes=self.service.market.exchange(symbol).delay)

    def _outside(self, row: Row, now: datetime) -> Iterator[str]:
        """Figures beyond all the market has traded: something held back has leaked in."""
        lowest, highest = self._span(row.symbol, now)
        for name, value in _figures(row):
            if not lowest * (1 - 1e-9) <= value <= highest * (1 + 1e-9):
                yield f"{name} {value} was never traded ({lowest} to {highest})"

    def _span(self, symbol: str, now: datetime) -> tuple[float, float]:
        market = self.service.market
        bars = market.history[symbol].upto(now.date() - timedelta(days=1))
        today = [one for one in market.intraday.get(symbol, ()) if one.start <= now]
        spikes = [one.high for one in market.spikes if one.symbol == symbol and one.at <= now]
        highs = [float(bars.high.max()), *(one.high for one in today), *spikes]
        return min([float(bars.low.min()), *(one.low for one in today)]), max(highs)


def _too_sure(word: str, age: timedelta, delay: timedelta) -> Iterator[str]:
    if word in ("live", "delayed") and age > delay + TWO_REFRESHES + SLACK:
        yield f"{word} at an age of {age}"
    if word == "late" and age > delay + LATE + SLACK:
        yield f"only late at an age of {age}"


def _youngest(one: Told) -> datetime:
    """The time of a told price at its kindest: the end of a bar that was stamped with its begin."""
    on_grid = int(one.time.timestamp()) % GRID == 0
    return min(one.time + timedelta(seconds=GRID), max(one.at, one.time)) if on_grid else one.time


# -- reading answers -------------------------------------------------------------------------------------


def _body(reply: Reply) -> Any:
    if not isinstance(reply.body, bytes):
        return reply.body
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError):
        return None


def _quotes(request: Request, body: Any) -> Iterator[tuple[str, list[tuple[float, datetime]]]]:
    """By symbol the usable prices of an answer that names no other symbol, each with its time."""
    if request.what == "spark" and isinstance(body, Mapping):
        for symbol in request.symbols:
            part = body.get(symbol)
            if isinstance(part, Mapping) and part.get("symbol", symbol) == symbol:
                pairs = zip(_list(part.get("timestamp")), _list(part.get("close")), strict=False)
                yield symbol, list(_usable(pairs, request.at))
    if request.what == "chart":
        yield request.symbols[0], list(_usable(_charted(request.symbols[0], body), request.at))


def _charted(symbol: str, body: Any) -> Iterator[tuple[Any, Any]]:
    try:
        result = body["chart"]["result"][0]
        meta = result["meta"]
        columns = result["indicators"]["quote"][0]
        rows = list(zip(result["timestamp"], columns["close"], strict=False))
    except (KeyError, IndexError, TypeError):
        return
    if meta.get("symbol", symbol) != symbol:
        return
    yield meta.get("regularMarketTime"), meta.get("regularMarketPrice")
    # a daily row is stamped with its session's open, and its close is as old as the quote
    yield from ((meta.get("regularMarketTime"), close) for _, close in rows[-1:])


def _bars(request: Request, body: Any) -> bool:
    """Whether a chart brings at least one day with a close."""
    if request.what != "chart":
        return False
    try:
        result = body["chart"]["result"][0]
        closes, named = result["indicators"]["quote"][0]["close"], result["meta"].get("symbol")
    except (KeyError, IndexError, TypeError):
        return False
    return named in (None, request.symbols[0]) and any(_is_number(close) and close > 0 for close in closes)


def _usable(pairs: Any, at: datetime) -> Iterator[tuple[float, datetime]]:
    for stamp, price in pairs:
        if not _is_number(stamp) or not _is_number(price) or not price > 0 or not 0 < stamp < 2**33:
            continue
        time = datetime.fromtimestamp(stamp, UTC)
        if time <= at + AHEAD:
            yield float(price), time


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []  # pyright: ignore[reportUnknownVariableType]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _figures(row: Row) -> Iterator[tuple[str, float]]:
    """Every price a row shows."""
    groups: dict[str, Mapping[str, float | None]] = {}
    if row.quote:
        groups["quote"] = {name: getattr(row.quote, name) for name in ("last", "open", "high", "low")}
    if row.week:
        groups["week"] = {name: getattr(row.week, name) for name in ("open", "high", "low", "close")}
    if row.record:
        groups["record"] = {"intraday": row.record.intraday.price, "close": row.record.close.price}
    if row.year_range:
        groups["year"] = {"high": row.year_range.intraday.high, "low": row.year_range.intraday.low}
        groups["year's closes"] = {"high": row.year_range.close.high, "low": row.year_range.close.low}
    for group, figures in groups.items():
        yield from ((f"{group} {name}", value) for name, value in figures.items() if value is not None)
