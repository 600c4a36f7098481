"""Sanity of the service's rows: what is believed, what is dropped and named, and how fresh a price is."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pandas as pd
import pytest

from tapewatch.core.model.instrument import Instrument
from tapewatch.core.sources import Tick
from tapewatch.core.sources.yahoo_causes import SparkPart, chart_failure, seconds_of, spark_part, spark_parts
from tapewatch.core.sources.yahoo_rows import Meta, Row, local_session, meta_of, moment, price, read_chart, read_spark

RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "yahoo"
RUT = Instrument(symbol="^RUT", short="RUT", name="Russell 2000")
ES = Instrument(symbol="ES=F", short="ES", name="S&P 500 fut", kind="future", calendar="CMES")
THURSDAY, FRIDAY = date(2025, 10, 16), date(2025, 10, 17)
NY = "America/New_York"
OFFICIAL = Row(THURSDAY, 2523.05, 2529.29, 2458.25, 2467.02, 6e9)
LIVE = Row(FRIDAY, 2455.66, 2465.09, 2433.19, 2446.66)


def at(hour: int, minute: int = 0, second: int = 0, day: int = 17) -> datetime:
    """A time of 17 October 2025 in UTC; New York opened at 13:30 and closed at 20:00."""
    return datetime(2025, 10, day, hour, minute, second, tzinfo=UTC)


def live_meta(**changes: Any) -> Meta:
    return replace(Meta(NY, 2446.66, at(18, 15), 2465.09, 2433.19), **changes)


def tick_of(rows: list[Row], meta: Meta) -> Tick:
    tick = read_chart(RUT, rows, meta, at(18, 16), local_session).tick
    assert tick is not None
    return tick


@pytest.mark.parametrize("value", [0, 0.0, -1.5, float("nan"), float("inf"), None, "2446.66"])
def test_zero_nothing_and_less_are_no_prices(value: object) -> None:
    assert price(value) is None


# -- the session in progress ---------------------------------------------------------------------------


def test_the_running_session_is_a_bar_and_a_tick_at_its_own_time() -> None:
    chart = read_chart(RUT, [OFFICIAL, LIVE], live_meta(), at(18, 16), local_session)

    assert [chart.bars.day(index) for index in range(len(chart.bars))] == [THURSDAY, FRIDAY]
    assert chart.refused == ()
    assert chart.tick == Tick(
        "^RUT", FRIDAY, 2446.66, at(18, 15),
        open=2455.66, high=2465.09, low=2433.19, range_as_of=at(18, 15),
    )  # fmt: skip


def test_the_day_is_as_wide_as_row_and_metadata_together() -> None:
    narrow = Row(FRIDAY, 2455.66, 2460.0, 2440.0, 2446.66)
    meta = live_meta(high=2465.09, low=2441.0)

    bar = read_chart(RUT, [OFFICIAL, narrow], meta, at(18, 16), local_session).bars.bar(-1)

    assert (bar.high, bar.low) == (2465.09, 2440.0)
    tick = tick_of([OFFICIAL, narrow], meta)
    assert (tick.high, tick.low) == (2465.09, 2440.0)


def test_a_day_that_came_twice_keeps_its_range_and_claims_no_open() -> None:
    """The later row is the last price alone; the client keeps that one."""
    degenerate = Row(FRIDAY, 2446.66, 2446.66, 2446.66, 2446.66)
    chart = read_chart(RUT, [OFFICIAL, degenerate], live_meta(merged=True), at(18, 16), local_session)

    assert chart.tick is not None
    assert (chart.tick.open, chart.tick.high, chart.tick.low) == (None, 2465.09, 2433.19)
    assert (chart.bars.bar(-1).high, chart.bars.bar(-1).low) == (2465.09, 2433.19)


def test_a_closed_day_that_came_twice_is_no_bar_and_is_named() -> None:
    degenerate = Row(FRIDAY, 2452.17, 2452.17, 2452.17, 2452.17)
    meta = live_meta(price=2452.17, time=at(20), merged=True, running=False)
    chart = read_chart(RUT, [OFFICIAL, degenerate], meta, at(20, 30), local_session)

    assert chart.bars.day(-1) == THURSDAY
    assert len(chart.refused) == 1
    assert "2025-10-17" in chart.refused[0]
    assert "two rows" in chart.refused[0]
    assert chart.tick is not None
    assert chart.tick.last == 2452.17


def test_after_the_close_the_official_row_is_believed_and_not_the_days_extremes_beside_it() -> None:
    official = Row(FRIDAY, 2455.66, 2465.09, 2433.19, 2452.17)
    meta = live_meta(price=2452.17, time=at(20), high=2999.0, running=False)
    chart = read_chart(RUT, [OFFICIAL, official], meta, at(20, 30), local_session)

    assert chart.bars.bar(-1).high == 2465.09
    assert chart.tick is not None
    assert chart.tick.high == 2465.09


def test_a_quote_from_the_future_is_never_later_than_now() -> None:
    tick = tick_of([OFFICIAL, LIVE], live_meta(time=at(18, 19)))
    assert tick.time == tick.range_as_of == at(18, 16)


def test_a_declared_delay_is_kept_and_the_quote_keeps_its_own_time() -> None:
    tick = tick_of([OFFICIAL, LIVE], live_meta(time=at(18), delay=timedelta(minutes=15)))
    assert (tick.time, tick.delay) == (at(18), timedelta(minutes=15))


def test_without_the_quotes_time_there_is_no_tick_but_bars() -> None:
    chart = read_chart(RUT, [OFFICIAL, LIVE], live_meta(time=None), at(18, 16), local_session)
    assert chart.tick is None
    assert len(chart.bars) == 2


# -- rows that are no bars -----------------------------------------------------------------------------


def test_a_row_without_a_close_is_dropped_and_named() -> None:
    nothing = Row(date(2025, 10, 15), None, None, None, None, 5e9)
    chart = read_chart(RUT, [nothing, OFFICIAL, LIVE], live_meta(), at(18, 16), local_session)
    assert len(chart.bars) == 2
    assert chart.refused == ("^RUT 2025-10-15: no close",)


def test_many_rows_without_a_range_are_named_once_with_their_span() -> None:
    """An index that publishes closes alone: no bars at all, yet a price."""
    only = [Row(date(2025, 10, day), None, None, None, 46500.0 + day) for day in (15, 16, 17)]
    meta = live_meta(price=46539.14, high=None, low=None)
    chart = read_chart(RUT, only, meta, at(18, 16), local_session)

    assert len(chart.bars) == 0
    assert chart.refused == ("^RUT 2025-10-15 to 2025-10-17 (3 rows): only a close",)
    assert chart.tick is not None
    assert (chart.tick.last, chart.tick.open, chart.tick.high, chart.tick.low) == (46539.14, None, None, None)
    assert chart.tick.range_as_of is None


def test_one_missing_side_of_the_range_is_no_bar() -> None:
    chart = read_chart(RUT, [Row(THURSDAY, 1.0, None, 1.0, 1.0), LIVE], live_meta(), at(18, 16), local_session)
    assert chart.refused == ("^RUT 2025-10-16: no high",)


def test_where_only_the_open_is_missing_the_close_before_stands_in_within_the_range() -> None:
    rows = [OFFICIAL, Row(FRIDAY, None, 2465.09, 2433.19, 2446.66)]
    chart = read_chart(RUT, rows, live_meta(), at(18, 16), local_session)

    assert chart.bars.bar(-1).open == 2465.09  # Thursday's 2467.02 lies above Friday's high
    assert chart.tick is not None
    assert chart.tick.open is None


# -- whose session is it -------------------------------------------------------------------------------


def test_sunday_evening_in_chicago_belongs_to_monday() -> None:
    sunday_evening = datetime(2025, 10, 19, 22, 30, tzinfo=UTC)
    meta = live_meta(price=6700.0, time=sunday_evening, high=6705.0, low=6690.0)
    rows = [Row(FRIDAY, 6660.0, 6720.0, 6650.0, 6702.0), Row(date(2025, 10, 19), 6695.0, 6705.0, 6690.0, 6700.0)]
    chart = read_chart(ES, rows, meta, sunday_evening, local_session)

    assert chart.bars.day(-1) == date(2025, 10, 20)
    assert chart.tick is not None
    assert chart.tick.session == date(2025, 10, 20)


def test_a_weekday_evenings_row_is_not_taken_for_the_day_that_just_ended() -> None:
    thursday_evening = datetime(2025, 10, 16, 22, 30, tzinfo=UTC)
    meta = live_meta(price=6640.0, time=thursday_evening, high=6645.0, low=6630.0)
    rows = [Row(date(2025, 10, 15), 1.0, 2.0, 1.0, 2.0), Row(THURSDAY, 6635.0, 6645.0, 6630.0, 6640.0)]
    chart = read_chart(ES, rows, meta, thursday_evening, local_session)

    assert chart.bars.day(-1) == date(2025, 10, 15)
    assert "2025-10-16" in chart.refused[0]
    assert chart.tick is not None
    assert (chart.tick.session, chart.tick.last) == (FRIDAY, 6640.0)


def test_the_calendar_that_is_given_says_which_session_it_is() -> None:
    """On Thanksgiving the service still shows Wednesday's quote."""
    wednesday = date(2025, 11, 26)
    meta = live_meta(time=datetime(2025, 11, 27, 15, 0, tzinfo=UTC))
    tick = read_chart(RUT, [Row(wednesday, 1.0, 3.0, 1.0, 2.0)], meta, at(18), lambda _one, _moment: wednesday).tick
    assert tick is not None
    assert tick.session == wednesday


# -- 5-minute closes -----------------------------------------------------------------------------------

OPEN, CLOSE = int(at(13, 30).timestamp()), int(at(20).timestamp())


def spark(*points: tuple[int, object], now: datetime, end: int | None = CLOSE, delay: int = 0) -> Tick:
    stamps, closes = zip(*points, strict=True)
    tick = read_spark(RUT, stamps, closes, end, now, timedelta(minutes=delay), local_session)
    assert tick is not None
    return tick


def test_a_point_off_the_grid_is_the_quote_with_its_own_time() -> None:
    tick = spark((OPEN, 2450.0), (OPEN + 300, 2451.0), (OPEN + 437, 2452.0), now=at(13, 40))
    assert (tick.last, tick.time) == (2452.0, at(13, 37, 17))
    assert tick.bars.starts == (at(13, 30), at(13, 35))
    assert tick.bars.closes == (2450.0, 2452.0)


def test_a_bars_close_is_no_fresher_than_the_bars_end() -> None:
    tick = spark((OPEN, 2450.0), now=at(14, 30))
    assert tick.time == at(13, 35)


def test_a_running_bars_close_is_no_later_than_now() -> None:
    tick = spark((OPEN, 2450.0), now=at(13, 31))
    assert tick.time == at(13, 31)


def test_a_running_bar_of_a_delayed_exchange_is_as_old_as_the_delay() -> None:
    tick = spark((OPEN, 2450.0), (OPEN + 300, 2451.0), now=at(13, 52), delay=15)
    assert tick.time == at(13, 37)


def test_a_delay_never_makes_a_price_older_than_its_bar() -> None:
    tick = spark((OPEN, 2450.0), now=at(13, 31), delay=15)
    assert tick.time == at(13, 30)


def test_the_closing_print_is_a_price_and_no_bar() -> None:
    tick = spark((CLOSE - 300, 2451.89), (CLOSE, 2452.17), now=at(21))
    assert (tick.last, tick.time) == (2452.17, at(20))
    assert tick.bars.starts == (at(19, 55),)


def test_a_closing_print_alone_is_as_old_as_the_close() -> None:
    tick = spark((CLOSE, 2452.17), now=at(21))
    assert (tick.last, tick.time, tick.bars.starts) == (2452.17, at(20), ())


def test_null_closes_are_skipped_and_the_last_price_is_the_one_before() -> None:
    tick = spark((OPEN, 2450.0), (OPEN + 300, None), (OPEN + 600, 0.0), now=at(13, 45))
    assert (tick.last, tick.time) == (2450.0, at(13, 35))
    assert len(tick.bars.starts) == 1


def test_no_usable_close_is_no_tick() -> None:
    assert read_spark(RUT, (OPEN,), (None,), CLOSE, at(14), timedelta(), local_session) is None
    assert read_spark(RUT, (), (), None, at(14), timedelta(), local_session) is None


# -- words ---------------------------------------------------------------------------------------------


def test_retry_after_is_seconds_or_a_date() -> None:
    assert seconds_of("120", at(14)) == 120.0
    assert seconds_of("Fri, 17 Oct 2025 14:05:00 GMT", at(14)) == 300.0
    assert seconds_of("Fri, 17 Oct 2025 13:00:00 GMT", at(14)) == 0.0
    assert seconds_of("soon", at(14)) is None
    assert seconds_of(None, at(14)) is None


# -- recorded answers ----------------------------------------------------------------------------------


def recorded(name: str) -> bytes:
    file = RECORDED / name
    if not file.exists():
        pytest.skip(f"the recorded answers are not beside this project ({file.name})")
    return file.read_bytes()


@pytest.mark.parametrize(
    ("name", "cause", "unknown"),
    [
        ("bradj-aapl_chart_5d_no_ts.json", "no data for this symbol", False),
        ("bradj-aapl_chart_no_results.json", "no data for this symbol", False),
        (
            "nyf2-chart-AAPL-2025-02-01-to-2025-02-02-includePrePost-false-interval-1m.json",
            "no data for this symbol",
            False,
        ),
        ("scheb-noData.json", "unknown symbol", True),
        ("iprak-bad_request.json", "an answer that cannot be read", False),
    ],
)
def test_recorded_answers_without_bars_say_why(name: str, cause: str, unknown: bool) -> None:
    content = recorded(name)
    symbol = re.search(rb'"symbol": ?"([^"]+)"', content)
    failure = chart_failure(content, symbol[1].decode() if symbol else "AAPL")
    assert failure is not None
    assert (failure.cause, failure.unknown_symbol) == (cause, unknown)


def test_the_recorded_live_row_of_frankfurt_is_its_session() -> None:
    """Stamped 2025-10-29 16:35:44 UTC, the quote's own time; day 19.786 to 20.15, last 19.948."""
    instrument = Instrument(symbol="GS2C.DE", short="GS2C", name="Gamestop", calendar="XEUR")
    chart = _chart_of("yfrs-history_chart_GS2C.DE.json", instrument, datetime(2025, 10, 29, 17, 0, tzinfo=UTC))

    assert [chart.bars.day(index) for index in range(5)] == [date(2025, 10, day) for day in (23, 24, 27, 28, 29)]
    assert chart.tick is not None
    assert chart.tick.last == 19.948
    assert chart.tick.high is not None
    assert chart.tick.low is not None
    # the row is the metadata's number in single precision
    assert abs(chart.tick.high - 20.15) < 1e-5
    assert abs(chart.tick.low - 19.786) < 1e-5
    assert chart.tick.time == datetime(2025, 10, 29, 16, 35, 44, tzinfo=UTC)


def test_the_recorded_index_of_closes_alone_is_a_price_without_a_bar() -> None:
    instrument = Instrument(symbol="KOSPI-25.KS", short="K25", name="Kospi financials")
    chart = _chart_of("fc-chart-KOSPI-25.KS-1d-zero-ohl.json", instrument, datetime(2026, 10, 5, tzinfo=UTC))
    assert len(chart.bars) == 0
    assert chart.tick is not None
    assert (chart.tick.last, chart.tick.high) == (46539.14, None)


def _chart_of(name: str, instrument: Instrument, now: datetime) -> Any:
    result = json.loads(recorded(name))["chart"]["result"][0]
    meta = meta_of(result["meta"], instrument.zone)
    quote = result["indicators"]["quote"][0]
    columns = ([price(value) for value in quote[name]] for name in ("open", "high", "low", "close"))
    days = [datetime.fromtimestamp(stamp, ZoneInfo(meta.zone)).date() for stamp in result["timestamp"]]
    return read_chart(instrument, [Row(*row) for row in zip(days, *columns, strict=True)], meta, now, local_session)


def test_the_recorded_prices_of_four_symbols() -> None:
    """The index closed at 7666.60 at 16:00 New York; the share's closing print is missing."""
    parts = spark_parts(recorded("omarchy-spark-v8-5m-1d.json"))
    assert isinstance(parts, dict)
    now = datetime(2026, 9, 2, 20, 30, tzinfo=UTC)
    ticks = {symbol: _spark_of(symbol, parts[symbol], now) for symbol in ("^GSPC", "AAPL")}

    index, share = ticks["^GSPC"], ticks["AAPL"]
    assert index is not None
    assert share is not None
    assert (index.last, index.time) == (7666.6, datetime(2026, 9, 2, 20, 0, tzinfo=UTC))
    assert (share.last, share.time) == (324.99, datetime(2026, 9, 2, 20, 0, tzinfo=UTC))
    assert index.session == date(2026, 9, 2)
    assert len(index.bars.starts) == 11


def _spark_of(symbol: str, raw: msgspec.Raw, now: datetime) -> Tick | None:
    part = spark_part(symbol, raw)
    assert isinstance(part, SparkPart)
    one = Instrument(symbol=symbol, short=symbol, name=symbol)
    return read_spark(one, part.timestamp, part.close, part.end, now, timedelta(), local_session)


@pytest.mark.parametrize("none", [pd.NaT, float("nan"), None, True, "", 10**30, -5])
def test_a_time_that_is_none_is_no_moment(none: object) -> None:
    assert moment(none) is None
