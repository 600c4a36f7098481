"""The built-in sample market: no network, no account, the same prices for the same seed.

It passes through documented bars of the week of 13 to 17 October 2025; everything else is made, and it
goes on after that week day by day. Nothing it answers knows what comes later.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ..bars import Bar, Bars
from ..model.instrument import Instrument
from ..sessions import Calendars
from . import Answer, Failure, FiveMinutes, Manners, Span, Tick
from .sample_day import DayPath, SampleDays
from .sample_history import SampleHistory

_SHORT = 5
"""Sessions of a short chart."""


class SampleSource:
    """A Source that makes its market from a seed.

    Calendars may be shared with the feed. Asking is free: no budget, no delay, no failure but an unknown
    symbol.
    """

    name = "sample"
    manners = Manners(
        prices_every=timedelta(seconds=180),
        chart_every=timedelta(minutes=9),
        chart_every_near=timedelta(minutes=9),
        cold_cost=1,
    )

    def __init__(self, instruments: Iterable[Instrument], seed: int = 7, calendars: Calendars | None = None) -> None:
        self._seed, self._calendars = seed, calendars or Calendars()
        self.follow(instruments)

    def follow(self, instruments: Iterable[Instrument]) -> None:
        """Other instruments: those that stay have the same prices, whatever the others are."""
        self._history = SampleHistory(instruments, self._seed)
        self._days = SampleDays(self._history, self._calendars)

    @property
    def start_time(self) -> datetime:
        """The market's time at which the demo begins: Friday 17 October 2025, 13:00 in New York."""
        return datetime(2025, 10, 17, 13, 0, tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)

    def prices(self, symbols: tuple[str, ...], now: datetime) -> Answer:
        """Last prices and the 5-minute closes of the newest sessions, as far as `now`."""
        ticks: list[Tick] = []
        failures: dict[str, Failure] = {}
        for symbol in symbols:
            path = self._path(symbol, now)
            if path is None:
                failures[symbol] = _unknown(symbol)
                continue
            second = path.second(now)
            bars = FiveMinutes(*path.closes(second))
            ticks.append(_tick(symbol, path, second, bars=bars))
        return Answer(ticks=tuple(ticks), failures=failures, taken_at=now)

    def chart(self, symbol: str, span: Span, now: datetime) -> Answer:
        """Daily bars up to and with the newest session, and its range, as far as `now`."""
        path = self._path(symbol, now)
        if path is None:
            return Answer(failures={symbol: _unknown(symbol)}, taken_at=now)
        second = path.second(now)
        day = path.bar(second)
        daily = self._before(symbol, day).merged(Bars.of([day]))
        if span == "days":
            daily = daily.slice(max(0, len(daily) - _SHORT), len(daily))
        return Answer(ticks=(_tick(symbol, path, second, day=day),), daily={symbol: daily}, taken_at=now)

    def _path(self, symbol: str, now: datetime) -> DayPath | None:
        if symbol not in self._history.instruments:
            return None
        return self._days.path(symbol, self._days.begun(symbol, now))

    def _before(self, symbol: str, day: Bar) -> Bars:
        return self._history.bars(symbol).upto(day.day - timedelta(days=1))


def _tick(symbol: str, path: DayPath, second: int, day: Bar | None = None, bars: FiveMinutes | None = None) -> Tick:
    time = path.time(second)
    return Tick(
        symbol=symbol, session=path.session.day, last=float(path.prices[second]), time=time,
        open=day.open if day else None, high=day.high if day else None, low=day.low if day else None,
        range_as_of=time if day else None, bars=bars or FiveMinutes(),
    )  # fmt: skip


def _unknown(symbol: str) -> Failure:
    return Failure(f"the sample market does not know {symbol}", unknown_symbol=True)
