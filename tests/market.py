"""Made bars, instruments, calendars and a scripted source; strategies that draw them; trees of files."""

import hashlib
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
from hypothesis import strategies as st

from tapewatch.core.bars import Bar, Bars
from tapewatch.core.model.config import Config, FeedSettings, RuleSetting
from tapewatch.core.model.instrument import Instrument
from tapewatch.core.sessions import Calendar, Calendars
from tapewatch.core.sources import Answer, Failure, FiveMinutes, Manners, Span, Tick

NEW_YORK = ZoneInfo("America/New_York")
BEGIN = date(2019, 1, 2)
DAY = timedelta(days=1)


def eastern(text: str) -> datetime:
    """``2025-10-17 14:20`` in New York, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


def local(text: str, zone: str) -> datetime:
    """A time of a zone, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@cache
def calendar(name: str = "XNYS", year: int = 2025) -> Calendar:
    """An exchange's calendar around the middle of a year."""
    return Calendars().of(name, date(year, 6, 1))


def index(symbol: str, calendar: str = "XNYS", kind: str = "index") -> Instrument:
    """An instrument named after its symbol."""
    return Instrument(symbol=symbol, short=symbol.strip("^"), name=symbol, calendar=calendar, kind=kind)


def watching(*instruments: Instrument, rules: Sequence[RuleSetting] = (), poll: float = 60.0) -> Config:
    """Settings with these instruments and rules alone."""
    return Config(instruments=instruments, rules=tuple(rules), feed=FeedSettings(poll=poll))


# -- bars -----------------------------------------------------------------------------------------------


def trading_days(count: int, first: date = BEGIN, skipped: Sequence[int] = ()) -> list[date]:
    """Days from Monday to Friday from `first` on, without those whose ordinal is `skipped`."""
    days: list[date] = []
    day = first
    while len(days) < count:
        if day.weekday() < 5 and day.toordinal() not in skipped:
            days.append(day)
        day += DAY
    return days


def closes(values: Sequence[float], first: date = BEGIN, reach: float = 1.0) -> Bars:
    """Bars that open at the close before and reach so far over and under open and close."""
    days = trading_days(len(values), first)
    opens = [values[0], *values[:-1]]
    rows = zip(days, opens, values, strict=True)
    return Bars.of([Bar(day, o, max(o, c) + reach, min(o, c) - reach, c) for day, o, c in rows])


def walk(seed: int, size: int, first: date = BEGIN, swing: float = 0.012) -> Bars:
    """A random walk in cents, with days on which nothing moves and weeks with holidays."""
    chance = np.random.default_rng(seed)
    first_number = first.toordinal()
    skipped = (first_number + np.flatnonzero(chance.random(3 * size + 30) < 0.03)).tolist()
    days = trading_days(size, first, skipped)
    moves = chance.normal(0.0003, swing, size) * (chance.random(size) > 0.05)
    close = np.round(1000.0 * np.exp(np.cumsum(moves)), 2)
    opened = np.r_[close[:1], np.round(close[:-1] * (1 + chance.normal(0, swing / 4, size - 1)), 2)]
    up, down = np.round(np.abs(chance.normal(0, swing * 500, (2, size))), 2)
    high = np.round(np.maximum(opened, close) + up, 2)
    low = np.round(np.maximum(0.01, np.minimum(opened, close) - down), 2)
    return Bars.columns(np.array(days, "datetime64[D]"), opened, high, low, close, np.zeros(size))


def scaled(bars: Bars, factor: float) -> Bars:
    """The same bars in another unit; powers of two are exact."""
    o, h, l, c = (column * factor for column in (bars.open, bars.high, bars.low, bars.close))  # noqa: E741
    return Bars.columns(bars.days, o, h, l, c, bars.volume)


def until(bars: Bars, day: date) -> Bars:
    """A copy that never held anything later than a day."""
    return Bars.of([bars.bar(at) for at in range(len(bars)) if bars.day(at) <= day])


def rows(bars: Bars) -> list[Bar]:
    """The bars one by one."""
    return [bars.bar(at) for at in range(len(bars))]


@contextmanager
def untouched(*histories: Bars) -> Generator[None]:
    """The bars are the same before and after."""
    before = [rows(bars) for bars in histories]
    yield
    assert [rows(bars) for bars in histories] == before


def walks(least: int, most: int) -> st.SearchStrategy[Bars]:
    """Long histories of a made market."""
    return st.builds(walk, st.integers(0, 2**32 - 1), st.integers(least, most))


@st.composite
def short_bars(draw: st.DrawFn, least: int = 1, most: int = 30) -> Bars:
    """A few bars of few different prices, so that equal ones are common; gaps of up to nine days."""
    cents = st.integers(9_000, 9_012)
    drawn = draw(st.lists(st.tuples(st.integers(1, 9), cents, cents, cents, cents), min_size=least, max_size=most))
    made: list[Bar] = []
    day = BEGIN
    for gap, *prices in drawn:
        day += gap * DAY
        opened, close = (price / 100 for price in prices[:2])
        made.append(Bar(day, opened, max(prices) / 100, min(prices) / 100, close))
    return Bars.of(made)


# -- a source by script -----------------------------------------------------------------------------------


@dataclass
class Played:
    """A data service that answers by a script: `at` gives the answer to each request.

    `asked` are the requests it got: when, and the symbols.
    """

    at: Callable[[tuple[str, ...], Span | None, datetime], Answer]
    name: str = "played"
    manners: Manners = field(
        default_factory=lambda: Manners(
            prices_every=timedelta(seconds=60),
            chart_every=timedelta(seconds=18),
            chart_every_near=timedelta(seconds=18),
            budget=240,
        )
    )
    asked: list[tuple[datetime, tuple[str, ...]]] = field(default_factory=list[tuple[datetime, tuple[str, ...]]])

    def prices(self, symbols: tuple[str, ...], now: datetime) -> Answer:
        """Prices of many."""
        self.asked.append((now, symbols))
        return self.at(symbols, None, now)

    def chart(self, symbol: str, span: Span, now: datetime) -> Answer:
        """The chart of one."""
        self.asked.append((now, (symbol,)))
        return self.at((symbol,), span, now)


def failing(cause: str, **more: object) -> Callable[[tuple[str, ...], Span | None, datetime], Answer]:
    """A service that answers everything with one failure."""
    failure = msgspec.convert({"cause": cause, **more}, Failure)

    def answer(symbols: tuple[str, ...], _: Span | None, now: datetime) -> Answer:
        return Answer(failures=dict.fromkeys(symbols, failure), sent=1, taken_at=now)

    return answer


def five_minutes(first_end: datetime, prices: Sequence[float]) -> FiveMinutes:
    """5-minute bars whose first ends at a moment."""
    starts = tuple(first_end + timedelta(minutes=5 * (at - 1)) for at in range(len(prices)))
    return FiveMinutes(starts, tuple(prices))


def tick(symbol: str, time: datetime, last: float, **more: object) -> Tick:
    """A tick of the session of its own New York day."""
    return Tick(symbol=symbol, session=time.astimezone(NEW_YORK).date(), last=last, time=time, **more)  # type: ignore[arg-type]


# -- files ------------------------------------------------------------------------------------------------


def tree(folder: Path) -> dict[str, tuple[int, int, int, str]]:
    """Every file and folder below one: inode, mode, time of change, hash."""
    found: dict[str, tuple[int, int, int, str]] = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        about = path.lstat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path.relative_to(folder))] = (about.st_ino, about.st_mode, about.st_mtime_ns, content)
    return found
