"""Weeks of the sample market behind the data service of the tests: sessions, half days and a change of clocks.

Nothing of it lies beside the project: the bars are made from a seed, and end where their sessions do.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tapewatch.core.bars import Bars
from tapewatch.core.model.config import Config
from tapewatch.core.sessions import Calendars
from tapewatch.core.sources.sample_day import DayPath, SampleDays
from tapewatch.core.sources.sample_history import SampleHistory
from tapewatch.core.universe import default_config

from ..end_to_end.desk import eastern, watching
from ..fake_yahoo import FakeYahoo
from ..fake_yahoo.market import EXCHANGES, FIVE, Exchange, FiveMinuteBar, Market

BOARD = ("^GSPC", "^DJI", "^IXIC", "^RUT", "^STOXX50E", "^VIX")
FIRST = eastern("2025-10-27 06:00")
"""The Monday a soak begins on: Europe has put its clocks back, America does it on that week's Sunday."""
OLDEST = date(2019, 1, 2)
"""Histories begin here: long enough for every window of a rule."""
WEEK = timedelta(days=7)


class WeekMarket(Market):
    """A market whose half days are those of America alone."""

    def _closes(self, exchange: Exchange, day: date) -> datetime:
        return half_day(exchange, day, self.early) or exchange.at(day, exchange.closes)


def half_day(exchange: Exchange, day: date, early: Mapping[date, time]) -> datetime | None:
    """When an American exchange closes early, by New York's clock; None where it does not."""
    told = early.get(day) if exchange.zone.startswith("America") else None
    return eastern(f"{day} {told:%H:%M}") if told else None


def settings() -> Config:
    """Six instruments of three zones, every rule that needs no other, and half the usual budget: half the time."""
    usual = default_config()
    rules = [one for one in usual.rules if {one.watched, *one.against} <= set(BOARD)]
    made = watching(*BOARD, rules=rules)
    return replace(made, feed=replace(made.feed, budget=120))


@cache
def _sample(seed: int) -> tuple[SampleHistory, SampleDays]:
    instruments = [one for one in default_config().instruments if one.symbol in BOARD]
    history = SampleHistory(instruments, seed)
    return history, SampleDays(history, Calendars())


@cache
def history(seed: int) -> Mapping[str, Bars]:
    """Official daily bars of every session from :data:`OLDEST` on, also of days to come."""
    made, _ = _sample(seed)
    return {symbol: _recent(made.bars(symbol)) for symbol in BOARD}


def _recent(bars: Bars) -> Bars:
    return bars.slice(len(bars.upto(OLDEST - timedelta(days=1))), len(bars))


def market(seed: int, first: date) -> WeekMarket:
    """What the service shows in the eight days from a date on, and in the one before."""
    days = [first + timedelta(days=step) for step in range(-1, 8)]
    early = {day: time(13, 0) for day in days if _is_half(seed, day)}
    bars = {symbol: list(_five_minutes(seed, symbol, days, early)) for symbol in BOARD}
    return WeekMarket(history(seed), bars, EXCHANGES, early)


def service(seed: int, start: datetime = FIRST) -> FakeYahoo:
    """The data service in the first week."""
    made = FakeYahoo(history(seed), {}, start)
    made.market = market(seed, start.date())
    return made


def _is_half(seed: int, day: date) -> bool:
    _, days = _sample(seed)
    session = days.session("^GSPC", day)
    return session is not None and session.close - session.open < timedelta(hours=5)


def _five_minutes(seed: int, symbol: str, days: list[date], early: Mapping[date, time]) -> Iterator[FiveMinuteBar]:
    _, made = _sample(seed)
    exchange = EXCHANGES.get(symbol, Exchange())
    for day in days:
        session = made.session(symbol, day)
        path = made.path(symbol, session) if session else None
        if path is not None:
            closes = half_day(exchange, day, early) or exchange.at(day, exchange.closes)
            yield from _cut(path, exchange.at(day, exchange.opens), closes)


def _cut(path: DayPath, opens: datetime, closes: datetime) -> Iterator[FiveMinuteBar]:
    """A path laid into the exchange's hours: each bar has all of its share of the seconds."""
    count, size = (closes - opens) // FIVE, len(path.prices)
    for number in range(count):
        part = path.prices[number * size // count : (number + 1) * size // count + 1]
        yield FiveMinuteBar(
            opens + number * FIVE, float(part[0]), float(part.max()), float(part.min()), float(part[-1])
        )  # fmt: skip


def sessions(first: datetime, last: datetime) -> list[date]:
    """New York's sessions that closed between two moments."""
    calendar = Calendars().of("XNYS", first.date())
    zone = ZoneInfo("America/New_York")
    found = calendar.days(first.astimezone(zone).date(), last.astimezone(zone).date())
    return [one.day for one in found if first < one.close < last]
