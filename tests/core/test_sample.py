"""The sample market as a source: one seed one market, nothing known in advance, Friday as scripted."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tapewatch.core.bars import Bars
from tapewatch.core.sources import Answer, Tick
from tapewatch.core.sources.sample import SampleSource
from tapewatch.core.universe import default_config

NEW_YORK = ZoneInfo("America/New_York")
WATCHED = default_config().watched
SYMBOLS = tuple(one.symbol for one in WATCHED)
PREVIOUS = {"^GSPC": 6629.07, "^DJI": 45952.24, "^RUT": 2467.02}


@pytest.fixture(scope="module")
def source() -> SampleSource:
    return SampleSource(WATCHED)


def at(clock: str, day: str = "2025-10-17") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=NEW_YORK)


def tick_of(answer: Answer) -> Tick:
    assert len(answer.ticks) == 1
    return answer.ticks[0]


def price(source: SampleSource, symbol: str, now: datetime) -> Tick:
    return tick_of(source.prices((symbol,), now))


def changes(source: SampleSource, symbol: str, now: datetime) -> dict[str, float]:
    """Percent from Thursday's close, by the time (in New York) at which a 5-minute bar was complete."""
    bars = price(source, symbol, now).bars
    ends = [(start + timedelta(minutes=5)).astimezone(NEW_YORK) for start in bars.starts]
    return {f"{end:%H:%M}": 100 * (close / PREVIOUS[symbol] - 1) for end, close in zip(ends, bars.closes, strict=True)}


def same(left: Bars, right: Bars) -> bool:
    columns = ("days", "open", "high", "low", "close", "volume")
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in columns)


def test_the_demo_begins_on_friday_afternoon(source: SampleSource) -> None:
    assert source.start_time == datetime(2025, 10, 17, 17, 0, tzinfo=UTC)
    assert source.name == "sample"
    assert source.manners.budget is None


TIMES = [
    at("13:00"), at("13:42:17"), at("15:59:59"), at("19:30"), at("19:30", "2025-10-19"),
    at("03:00", "2025-10-20"), at("09:30", "2025-10-20"), at("10:01:01", "2025-10-20"),
]  # fmt: skip


def test_the_order_of_questions_does_not_matter(source: SampleSource) -> None:
    for earlier in reversed(TIMES):
        source.prices(SYMBOLS, earlier)
    for now in TIMES[::3]:
        fresh = SampleSource(WATCHED)
        for symbol in ("ES=F", "^VIX", "IWM"):
            assert source.prices((symbol,), now).ticks == fresh.prices((symbol,), now).ticks
            ours, theirs = source.chart(symbol, "full", now), fresh.chart(symbol, "full", now)
            assert ours.ticks == theirs.ticks
            assert same(ours.daily[symbol], theirs.daily[symbol])


def test_another_seed_is_another_market_with_the_same_documented_days(source: SampleSource) -> None:
    other = SampleSource(WATCHED, seed=8)
    now = at("17:00")
    ours, theirs = (one.chart("^RUT", "full", now).daily["^RUT"] for one in (source, other))
    assert not same(ours, theirs)
    assert same(ours.slice(len(ours) - 5, len(ours)), theirs.slice(len(theirs) - 5, len(theirs)))


@pytest.mark.parametrize("now", TIMES)
@pytest.mark.parametrize("symbol", SYMBOLS)
def test_nothing_is_known_in_advance(source: SampleSource, symbol: str, now: datetime) -> None:
    tick, charted = price(source, symbol, now), source.chart(symbol, "full", now)
    assert tick.time <= now
    assert all(start < now for start in tick.bars.starts)
    daily = charted.daily[symbol]
    assert daily.day(len(daily) - 1) == tick.session == tick_of(charted).session
    later = source.chart(symbol, "full", now + timedelta(days=3)).daily[symbol]
    assert same(daily.slice(0, len(daily) - 1), later.slice(0, len(daily) - 1))


@pytest.mark.parametrize("symbol", [one.symbol for one in WATCHED if one.calendar == "XNYS"])
def test_the_days_range_is_that_of_the_prices_seen_so_far(source: SampleSource, symbol: str) -> None:
    begin, now = at("09:30", "2025-10-22"), at("10:17:30", "2025-10-22")
    seconds = int((now - begin).total_seconds())
    seen = [price(source, symbol, begin + timedelta(seconds=one)).last for one in range(seconds + 1)]
    answer = source.chart(symbol, "days", now)
    tick, row = tick_of(answer), answer.daily[symbol].bar(4)
    assert (tick.open, tick.high, tick.low, tick.last) == (seen[0], max(seen), min(seen), seen[-1])
    assert (row.open, row.high, row.low, row.close) == (tick.open, tick.high, tick.low, tick.last)
    assert tick.range_as_of == now


@pytest.mark.parametrize("symbol", SYMBOLS)
@pytest.mark.parametrize("day", ["2025-10-17", "2025-10-20", "2025-10-21", "2025-11-28", "2026-03-11"])
def test_five_minute_closes_reach_the_days_range_and_end_at_its_close(
    source: SampleSource, symbol: str, day: str
) -> None:
    now = at("21:00", day) if symbol != "^AXJO" else at("03:00", day)
    if symbol.endswith("=F"):
        now = at("17:30", day)
    tick, bars = price(source, symbol, now), source.chart(symbol, "days", now).daily[symbol]
    bar = bars.bar(4)
    assert tick.session == bar.day == date.fromisoformat(day)
    seen = [bar.open, *tick.bars.closes]
    assert (max(seen), min(seen), seen[-1]) == (bar.high, bar.low, bar.close)
    jumps = np.abs(np.diff(seen))
    assert jumps.max() < 0.75 * (bar.high - bar.low)


@pytest.mark.parametrize("symbol", ["^GSPC", "^RUT", "IWM", "^VIX", "ES=F"])
def test_the_tape_moves_between_the_bars(source: SampleSource, symbol: str) -> None:
    begin = at("11:02", "2025-10-23")
    seen = {price(source, symbol, begin + timedelta(seconds=one)).last for one in range(0, 600, 5)}
    assert len(seen) >= 4


HOURS = [
    ("^GSPC", "2025-10-20", "09:30", "16:00", 78),
    ("^VIX", "2025-10-20", "09:30", "16:15", 81),
    ("^TNX", "2025-10-20", "09:30", "15:00", 66),
    ("^STOXX50E", "2025-10-20", "03:00", "11:30", 102),
    ("^GSPC", "2025-11-28", "09:30", "13:00", 42),
    ("IWM", "2025-12-24", "09:30", "13:00", 42),
    ("RTY=F", "2025-10-20", "18:00", "17:00", 276),
]


@pytest.mark.parametrize(("symbol", "day", "opens", "closes", "count"), HOURS)
def test_sessions_keep_their_hours(
    source: SampleSource, symbol: str, day: str, opens: str, closes: str, count: int
) -> None:
    tick = price(source, symbol, at("17:45", day))
    first = tick.bars.starts[0].astimezone(NEW_YORK)
    assert (f"{first:%H:%M}", f"{tick.time.astimezone(NEW_YORK):%H:%M}") == (opens, closes)
    assert len(tick.bars.starts) == len(tick.bars.closes) == count


def test_a_closed_market_shows_its_last_session(source: SampleSource) -> None:
    thanksgiving = price(source, "^RUT", at("12:00", "2025-11-27"))
    assert thanksgiving.session == date(2025, 11, 26)
    hong_kong = price(source, "^HSI", at("13:00"))
    assert (hong_kong.session, hong_kong.last) == (date(2025, 10, 17), 25247.10)
    assert hong_kong.time == datetime(2025, 10, 17, 8, 0, tzinfo=UTC)


def test_sunday_evening_belongs_to_monday(source: SampleSource) -> None:
    assert price(source, "ES=F", at("19:00", "2025-10-19")).session == date(2025, 10, 20)


@pytest.mark.parametrize("clock", ["10:05", "13:13", "14:20", "15:59"])
def test_a_future_goes_with_its_index(source: SampleSource, clock: str) -> None:
    pairs = {"ES=F": "^GSPC", "YM=F": "^DJI", "RTY=F": "^RUT", "IWM": "^RUT", "SPY": "^GSPC"}
    for symbol, of in pairs.items():
        own, index = (price(source, one, at(clock, "2025-10-20")).last for one in (symbol, of))
        closes = [price(source, one, at("17:00", "2025-10-20")).last for one in (symbol, of)]
        assert abs(own / index / (closes[0] / closes[1]) - 1) < 0.003


def test_friday_shows_an_attempt_that_fades_and_one_that_holds(source: SampleSource) -> None:
    spx, dow, rut = (changes(source, one, at("16:30")) for one in ("^GSPC", "^DJI", "^RUT"))
    both = [time for time in dow if min(spx[time], dow[time]) >= 0.50 and rut[time] < 0]
    assert both[:2] == ["13:10", "13:15"]
    assert min(spx["13:20"], dow["13:20"]) < 0.35
    assert both[2] == "14:20"
    after = [time for time in dow if time >= "14:20"]
    assert both[2:] == after
    assert max(rut.values()) < 0
    assert [round(one["16:00"], 3) for one in (spx, dow)] == [0.527, 0.519]
    assert round(rut["16:00"], 3) == -0.602


def test_the_live_quote_alone_forms_nothing_at_other_times(source: SampleSource) -> None:
    def divergent(now: datetime) -> bool:
        spx, dow, rut = (100 * (price(source, one, now).last / PREVIOUS[one] - 1) for one in ("^GSPC", "^DJI", "^RUT"))
        return spx >= 0.50 and dow >= 0.50 and rut < 0

    begin = at("09:30")
    seconds = range(0, 23400, 15)
    true = [begin + timedelta(seconds=one) for one in seconds if divergent(begin + timedelta(seconds=one))]
    assert all(at("13:05") < one < at("13:20") or one > at("14:15") for one in true)


def test_the_dow_goes_silent_and_comes_back(source: SampleSource) -> None:
    for clock in ("13:30", "13:46", "14:04:59"):
        tick, charted = price(source, "^DJI", at(clock)), tick_of(source.chart("^DJI", "days", at(clock)))
        assert tick.time == charted.time == charted.range_as_of == at("13:30")
        assert tick.bars.starts[-1] == at("13:25")
        assert price(source, "^GSPC", at(clock)).time == at(clock)
    back = price(source, "^DJI", at("14:12"))
    assert back.time == at("14:12")
    missing = [at("13:30") + timedelta(minutes=5 * one) for one in range(7)]
    assert not set(missing) & set(back.bars.starts)
    assert back.bars.starts[-2:] == (at("14:05"), at("14:10"))


def test_the_large_caps_break_their_record_on_monday_morning(source: SampleSource) -> None:
    def high(clock: str) -> float:
        found = tick_of(source.chart("^GSPC", "days", at(clock, "2025-10-20"))).high
        assert found is not None
        return found

    assert high("09:50") < 6764.58 < high("10:05")


def test_on_tuesday_the_mirror_forms_and_fades(source: SampleSource) -> None:
    previous = {one: price(source, one, at("17:00", "2025-10-20")).last for one in ("^GSPC", "^DJI", "^RUT")}

    def change(symbol: str, clock: str) -> float:
        return 100 * (price(source, symbol, at(clock, "2025-10-21")).last / previous[symbol] - 1)

    for clock in ("11:40", "11:55", "12:30", "13:00"):
        assert max(change("^GSPC", clock), change("^DJI", clock)) <= -0.50
        assert change("^RUT", clock) > 0
    assert change("^GSPC", "13:40") > -0.35


def test_the_market_goes_on_for_years(source: SampleSource) -> None:
    for day in ("2027-06-16", "2033-03-09"):
        for symbol in SYMBOLS:
            tick = price(source, symbol, at("10:30", day))
            assert tick.session == date.fromisoformat(day)
            assert tick.last > 0


def test_a_short_chart_has_five_sessions_and_the_running_one_is_the_last(source: SampleSource) -> None:
    daily = source.chart("^RUT", "days", source.start_time).daily["^RUT"]
    assert [daily.day(one).day for one in range(len(daily))] == [13, 14, 15, 16, 17]
    assert daily.close[-1] == price(source, "^RUT", source.start_time).last


def test_an_unknown_symbol_is_named(source: SampleSource) -> None:
    questions: list[Callable[[], Answer]] = [
        lambda: source.prices(("^RUT", "NOPE"), source.start_time),
        lambda: source.chart("NOPE", "full", source.start_time),
    ]
    for ask in questions:
        failure = ask().failures["NOPE"]
        assert failure.unknown_symbol
        assert "NOPE" in failure.cause
    assert len(questions[0]().ticks) == 1
