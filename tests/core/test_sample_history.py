"""The sample market's daily bars: documented ones exactly, made ones plausible, all of them for ever."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from tapewatch.core.bars import Bars
from tapewatch.core.sources.sample import SampleSource
from tapewatch.core.universe import INSTRUMENTS, default_config

FRIDAY_NIGHT = datetime(2025, 10, 17, 21, 30, tzinfo=UTC)
MONDAY = date(2025, 10, 13)


@pytest.fixture(scope="module")
def source() -> SampleSource:
    return SampleSource(INSTRUMENTS)


def history(source: SampleSource, symbol: str, now: datetime = FRIDAY_NIGHT) -> Bars:
    return source.chart(symbol, "full", now).daily[symbol]


@pytest.mark.parametrize(
    ("day", "o", "h", "low", "c"),
    [
        (date(2025, 10, 13), 2423.00, 2462.92, 2423.00, 2461.42),
        (date(2025, 10, 14), 2444.23, 2512.68, 2417.74, 2495.50),
        (date(2025, 10, 15), 2510.57, 2541.67, 2490.56, 2519.75),
        (date(2025, 10, 16), 2523.05, 2529.29, 2458.25, 2467.02),
        (date(2025, 10, 17), 2455.66, 2465.09, 2433.19, 2452.17),
        (date(2025, 8, 4), 2177.10, 2212.45, 2177.10, 2212.30),
        (date(2025, 8, 5), 2218.44, 2228.48, 2200.73, 2225.67),
        (date(2025, 8, 6), 2224.25, 2225.36, 2211.21, 2221.29),
        (date(2025, 8, 7), 2234.58, 2243.16, 2202.87, 2214.72),
        (date(2025, 8, 8), 2222.79, 2228.30, 2214.27, 2218.42),
    ],
)
def test_the_russell_passes_through_the_documented_bars(
    source: SampleSource, day: date, o: float, h: float, low: float, c: float
) -> None:
    bars = history(source, "^RUT")
    at = bars.index_of(day)
    assert at is not None
    bar = bars.bar(at)
    assert (bar.open, bar.high, bar.low, bar.close) == (o, h, low, c)


@pytest.mark.parametrize(("day", "close"), [(date(2025, 10, 10), 2394.59), (date(2025, 8, 1), 2166.78)])
def test_the_russell_closes_the_weeks_before_as_documented(source: SampleSource, day: date, close: float) -> None:
    bars = history(source, "^RUT")
    at = bars.index_of(day)
    assert at is not None
    assert bars.close[at] == close


def test_the_russells_records_break_in_the_documented_order(source: SampleSource) -> None:
    bars = history(source, "^RUT")
    before = bars.upto(date(2025, 10, 10))
    assert before.high.max() == 2501.92
    assert before.close.max() < 2495.50
    old = bars.upto(date(2024, 11, 24))
    assert (old.high.max(), old.close.max()) == (2458.86, 2442.74)
    assert old.day(int(old.high.argmax())) == date(2021, 11, 8)
    assert bars.upto(date(2025, 9, 17)).close.max() == 2442.74
    assert bars.upto(date(2025, 9, 17)).high.max() == 2466.49


# Friday's open, high, low and close, Thursday's close; the week's low and high and its change in percent
BOARD = {
    "^GSPC": ((6613.27, 6678.88, 6603.76, 6664.01), 6629.07, 6555.07, 6724.12, 1.70),
    "^DJI": ((45862.40, 46327.07, 45862.37, 46190.61), 45952.24, 45452.03, 46693.34, 1.56),
    "^IXIC": ((22489.81, 22736.01, 22396.65, 22679.97), 22562.54, 22213.73, 22886.87, 2.14),
    "^NDX": ((24600.55, 24881.47, 24511.59, 24817.95), 24657.24, 24256.28, 24998.30, 2.46),
    "^RUT": ((2455.66, 2465.09, 2433.19, 2452.17), 2467.02, 2417.74, 2541.67, 2.40),
    "^HSI": ((25851.94, 25859.82, 25145.34, 25247.10), 25888.51, 25145.34, 26102.68, -3.97),
    "IWM": ((243.32, 245.16, 241.47, 243.41), 245.06, 240.36, 252.77, 2.36),
    "KRE": ((58.87, 59.26, 58.05, 59.07), 58.14, 57.55, 63.84, -1.86),
    "^VIX": ((28.41, 28.99, 20.73, 20.78), 25.31, 18.61, 28.99, -4.06),
}


@pytest.mark.parametrize("symbol", BOARD)
def test_friday_and_its_week_read_as_on_the_drawn_board(source: SampleSource, symbol: str) -> None:
    friday, thursday, low, high, change = BOARD[symbol]
    bars = history(source, symbol)
    last = bars.bar(len(bars) - 1)
    assert last.day == date(2025, 10, 17)
    assert (last.open, last.high, last.low, last.close) == friday
    assert bars.close[-2] == thursday
    week = bars.slice(int(np.searchsorted(bars.days, np.datetime64(MONDAY))), len(bars))
    assert len(week) == 5
    assert (week.low.min(), week.high.max()) == (low, high)
    before = bars.close[len(bars) - 6]
    assert abs(100 * (last.close / before - 1) - change) < 0.0051


def test_the_yield_moved_as_on_the_drawn_board(source: SampleSource) -> None:
    bars = history(source, "^TNX")
    last = bars.bar(len(bars) - 1)
    assert (last.open, last.high, last.low, last.close) == (3.995, 4.017, 3.990, 4.007)
    assert round(100 * (last.close - bars.close[-2]), 6) == 3.1
    assert round(100 * (last.close - bars.close[-6]), 6) == -4.4
    assert (bars.low[-5:].min(), bars.high[-5:].max()) == (3.971, 4.051)


# intraday record, its day and sessions since; record close, its day
RECORDS = {
    "^GSPC": (6764.58, date(2025, 10, 9), 6, 6753.72, date(2025, 10, 8)),
    "^DJI": (47049.64, date(2025, 10, 3), 10, 46758.28, date(2025, 10, 3)),
    "^IXIC": (23119.91, date(2025, 10, 10), 5, 23043.38, date(2025, 10, 8)),
    "^NDX": (25195.28, date(2025, 10, 10), 5, 25136.62, date(2025, 10, 8)),
    "^RUT": (2541.67, date(2025, 10, 15), 2, 2519.75, date(2025, 10, 15)),
    "^HSI": (33484.08, date(2018, 1, 29), 1898, 33154.12, date(2018, 1, 26)),
    "IWM": (252.77, date(2025, 10, 15), 2, 250.33, date(2025, 10, 15)),
    "KRE": (78.81, date(2022, 1, 14), 942, 78.78, date(2022, 1, 14)),
}


@pytest.mark.parametrize("symbol", RECORDS)
@pytest.mark.parametrize("seed", [7, 8])
def test_nothing_made_exceeds_the_records_that_stand(symbol: str, seed: int) -> None:
    price, day, since, close, closed = RECORDS[symbol]
    bars = history(SampleSource(INSTRUMENTS, seed), symbol)
    at, on_close = int(bars.high.argmax()), int(bars.close.argmax())
    assert (bars.high[at], bars.day(at)) == (price, day)
    assert (bars.close[on_close], bars.day(on_close)) == (close, closed)
    if symbol != "^HSI":  # its typhoon days differ between calendars
        assert len(bars) - 1 - at == since


@pytest.mark.parametrize("symbol", [one.symbol for one in INSTRUMENTS])
def test_every_bar_ever_made_is_a_bar(source: SampleSource, symbol: str) -> None:
    bars = history(source, symbol, datetime(2035, 1, 1, tzinfo=UTC))
    assert len(bars) > 2900
    assert (bars.low > 0).all()
    assert (bars.high >= np.maximum(bars.open, bars.close)).all()
    assert (bars.low <= np.minimum(bars.open, bars.close)).all()
    assert (np.diff(bars.days.astype(int)) >= 1).all()


def test_the_russell_goes_with_the_large_caps_as_it_does_in_life(source: SampleSource) -> None:
    russell, large = history(source, "^RUT"), history(source, "^GSPC")
    moves = [np.diff(np.log(bars.upto(date(2025, 10, 3)).close[-8000:])) for bars in (russell, large)]
    assert 0.75 < np.corrcoef(moves[0], moves[1])[0, 1] < 0.93


@pytest.mark.parametrize(
    ("symbol", "closed"),
    [
        ("^RUT", date(2025, 11, 27)),
        ("^VIX", date(2025, 12, 25)),
        ("IWM", date(2026, 1, 19)),
        ("^GSPC", date(2001, 9, 12)),
        ("^GSPC", date(2026, 4, 3)),
        ("^HSI", date(2025, 10, 29)),
        ("^AXJO", date(2026, 1, 26)),
    ],
)
def test_no_bar_on_a_holiday(source: SampleSource, symbol: str, closed: date) -> None:
    bars = history(source, symbol, datetime(2026, 6, 1, tzinfo=UTC))
    assert bars.index_of(closed) is None


def test_a_made_week_has_all_its_days(source: SampleSource) -> None:
    bars = history(source, "^RUT", datetime(2026, 6, 1, tzinfo=UTC))
    days = [bars.day(at) for at in range(len(bars))]
    assert [day.day for day in days if date(2025, 11, 24) <= day <= date(2025, 11, 30)] == [24, 25, 26, 28]
    assert [day.day for day in days if date(2026, 2, 2) <= day <= date(2026, 2, 8)] == [2, 3, 4, 5, 6]


def test_the_board_of_the_default_configuration_is_known(source: SampleSource) -> None:
    symbols = tuple(one.symbol for one in default_config().watched)
    answer = source.prices(symbols, FRIDAY_NIGHT)
    assert [tick.symbol for tick in answer.ticks] == list(symbols)
    assert not answer.failures
