"""What the market has shown of each symbol at a moment: nothing that comes later is ever looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tapewatch.core.bars import Bar, Bars

FIVE = timedelta(minutes=5)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class FiveMinuteBar:
    """One 5-minute bar; `start` is aware."""

    start: datetime
    open: float
    high: float
    low: float
    close: float


@dataclass(frozen=True)
class Exchange:
    """Hours and manners of one exchange; `delay` minutes its prices come late, and say so."""

    zone: str = "America/New_York"
    opens: time = time(9, 30)
    closes: time = time(16, 0)
    name: str = "SNP"
    currency: str = "USD"
    kind: str = "INDEX"
    delay: int = 0

    def at(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, ZoneInfo(self.zone)).astimezone(UTC)


CHICAGO = Exchange("America/Chicago", time(8, 30), time(15, 0), "CGI")
EXCHANGES = {
    "^TNX": CHICAGO,
    "^VIX": CHICAGO,
    "^HSI": Exchange("Asia/Hong_Kong", time(9, 30), time(16, 0), "HKG", "HKD", delay=15),
    "^AXJO": Exchange("Australia/Sydney", time(10, 0), time(16, 0), "ASX", "AUD", delay=20),
    "^STOXX50E": Exchange("Europe/Berlin", time(9, 0), time(17, 30), "ZRH", "EUR", delay=15),
}


@dataclass(frozen=True)
class Seen:
    """One symbol at one moment: official rows, the day in progress, the quote, 5-minute points."""

    exchange: Exchange
    official: Bars
    live: Bar | None
    price: float
    time: datetime
    high: float
    low: float
    session: date
    opens: datetime
    closes: datetime
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Spike:
    """From a market time on the day's high is at least this, though no 5-minute close shows it."""

    symbol: str
    at: datetime
    high: float


@dataclass
class Market:
    """Bars given beforehand, shown as the clock allows.

    The official bar of a day appears `settle` after its close; until then the day is the 5-minute
    bars begun so far, the running one being known by its open alone.
    """

    history: Mapping[str, Bars]
    intraday: Mapping[str, Sequence[FiveMinuteBar]]
    exchanges: Mapping[str, Exchange] = field(default_factory=lambda: EXCHANGES)
    early: Mapping[date, time] = field(default_factory=dict[date, time])
    settle: timedelta = timedelta(minutes=15)
    spikes: list[Spike] = field(default_factory=list[Spike])

    def __post_init__(self) -> None:
        self._bars = {symbol: sorted(bars, key=lambda bar: bar.start) for symbol, bars in self.intraday.items()}

    def exchange(self, symbol: str) -> Exchange:
        return self.exchanges.get(symbol, Exchange())

    def seen(self, symbol: str, now: datetime) -> Seen | None:
        """The symbol as the service shows it, None for one it does not know (yet)."""
        history = self.history.get(symbol)
        if history is None:
            return None
        exchange = self.exchange(symbol)
        now = now - timedelta(minutes=exchange.delay)
        today = now.astimezone(ZoneInfo(exchange.zone)).date()
        closes = self._closes(exchange, today)
        official = history.upto(today if now >= closes + self.settle else today - DAY)
        begun = self._begun(symbol, exchange, today, now)
        if begun and (not len(official) or official.day(-1) < today):
            return self._in_progress(symbol, exchange, official, begun, today, now)
        return self._settled(symbol, exchange, official, now) if len(official) else None

    def _closes(self, exchange: Exchange, day: date) -> datetime:
        return exchange.at(day, self.early.get(day, exchange.closes))

    def _begun(self, symbol: str, exchange: Exchange, day: date, now: datetime) -> list[FiveMinuteBar]:
        opens, closes = exchange.at(day, exchange.opens), self._closes(exchange, day)
        return [bar for bar in self._bars.get(symbol, ()) if opens <= bar.start < closes and bar.start <= now]

    def _in_progress(
        self,
        symbol: str,
        exchange: Exchange,
        official: Bars,
        begun: Sequence[FiveMinuteBar],
        day: date,
        now: datetime,
    ) -> Seen:
        closes = self._closes(exchange, day)
        running = begun[-1] if now < min(begun[-1].start + FIVE, closes) else None
        whole = [bar for bar in begun if bar is not running]
        price = running.open if running else whole[-1].close
        when = now if running else min(whole[-1].start + FIVE, closes)
        high = max([price, *(bar.high for bar in whole), *self._spiked(symbol, day, exchange, now)])
        low = min([price, *(bar.low for bar in whole)])
        live = Bar(day, begun[0].open, high, low, price)
        points = [(int(bar.start.timestamp()), bar.close) for bar in whole]
        points.append((int(when.timestamp()), price))
        opens = exchange.at(day, exchange.opens)
        return Seen(exchange, official, live, price, when, high, low, day, opens, closes, tuple(points))

    def _spiked(self, symbol: str, day: date, exchange: Exchange, now: datetime) -> list[float]:
        opens = exchange.at(day, exchange.opens)
        return [one.high for one in self.spikes if one.symbol == symbol and opens <= one.at <= now]

    def _settled(self, symbol: str, exchange: Exchange, official: Bars, now: datetime) -> Seen:
        last = official.bar(-1)
        opens, closes = exchange.at(last.day, exchange.opens), self._closes(exchange, last.day)
        bars = self._begun(symbol, exchange, last.day, now)
        points = [(int(bar.start.timestamp()), bar.close) for bar in bars]
        points.append((int(closes.timestamp()), last.close))
        return Seen(
            exchange, official, None, last.close, closes, last.high, last.low, last.day, opens, closes,
            tuple(points),
        )  # fmt: skip
