"""All-time highs on both bases and what has happened since."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from tapewatch.core.analytics.records import depth_percentile, depths, droughts, phase, read_record, records_of
from tapewatch.core.bars import Bar, Bars
from tapewatch.core.model.reading import Record

from ..market import closes, rows, short_bars, until, untouched, walks


def record(bars: Bars, live: Bar | None = None) -> Record:
    found = records_of(bars)
    assert found is not None
    close = float(bars.close[-1])
    return read_record(found, live, live.close if live else close, close)


def last_of_the_highest(prices: list[float]) -> int:
    """By hand: the last place of the largest."""
    best = 0
    for at, price in enumerate(prices):
        if price >= prices[best]:
            best = at
    return best


@given(short_bars())
def test_both_records_and_the_depth_by_hand(bars: Bars) -> None:
    days = rows(bars)
    with untouched(bars):
        found = record(bars)
    high = last_of_the_highest([day.high for day in days])
    close = last_of_the_highest([day.close for day in days])
    deepest = min(days[close:], key=lambda day: day.close)
    assert (found.intraday.price, found.intraday.date) == (days[high].high, days[high].day)
    assert (found.close.price, found.close.date) == (days[close].close, days[close].day)
    assert (found.intraday.sessions_since, found.close.sessions_since) == (len(days) - 1 - high, len(days) - 1 - close)
    assert found.close.days_since == (days[-1].day - days[close].day).days
    assert found.deepest_percent == pytest.approx(100 * (deepest.close - days[close].close) / days[close].close)
    assert found.deepest_date == deepest.day


@given(walks(2, 120))
def test_a_record_never_falls_and_its_signs_hold(bars: Bars) -> None:
    high = close = 0.0
    for at in range(len(bars)):
        found = record(bars.slice(0, at + 1))
        assert found.intraday.price >= high
        assert found.close.price >= close
        high, close = found.intraday.price, found.close.price
        for mark in (found.intraday, found.close):
            assert mark.distance_percent <= 0
            assert mark.points >= 0
            assert mark.to_recover_percent >= 0
        assert found.intraday.price >= found.close.price


def test_the_distance_and_what_it_takes_to_recover_are_the_same_hole() -> None:
    # a fall of 20 % takes a rise of 25 %
    found = record(closes([100, 100, 80], reach=0))
    assert found.close.distance_percent == pytest.approx(-20)
    assert found.close.to_recover_percent == pytest.approx(25)
    assert found.close.points == pytest.approx(20)


def test_a_match_is_no_new_record_but_moves_its_date() -> None:
    bars = closes([100, 90, 100], reach=0)
    assert record(bars).close.date == bars.day(2)
    assert record(bars).close.price == 100


@pytest.mark.parametrize(
    ("depth", "word"),
    [
        (0.0, "at record"), (-0.01, "near high"), (-4.99, "near high"), (-5.0, "pullback"), (-9.99, "pullback"),
        (-10.0, "correction"), (-19.99, "correction"), (-20.0, "bear"), (-60.0, "bear"),
    ],
)  # fmt: skip
def test_each_bound_belongs_to_the_deeper_phase(depth: float, word: str) -> None:
    assert phase(depth) == word


def test_a_running_session_moves_the_intraday_record_but_not_the_record_close() -> None:
    bars = closes([100, 101], first=date(2025, 10, 15))
    live = Bar(date(2025, 10, 17), 101, 110, 100, 108)
    found = record(bars, live)
    assert (found.intraday.price, found.intraday.date, found.intraday.sessions_since) == (110, live.day, 0)
    assert (found.close.price, found.close.sessions_since) == (101, 1)
    # the price stands above every close so far: at the record, not beyond it
    assert (found.close.distance_percent, found.close.points) == (0.0, 0.0)
    assert found.made_this_week


def test_nothing_is_said_without_bars() -> None:
    assert records_of(Bars.empty()) is None


@pytest.mark.parametrize(
    ("symbol", "day", "close", "intraday"),
    [
        # known dates of the S&P 500 and the Nasdaq Composite
        ("^GSPC", "2000-08-31", "2000-03-24", "2000-03-24"),
        ("^GSPC", "2007-12-31", "2007-10-09", "2007-10-11"),
        ("^IXIC", "2000-12-29", "2000-03-10", "2000-03-10"),
    ],
)
def test_known_records(real: dict[str, Bars], symbol: str, day: str, close: str, intraday: str) -> None:
    found = record(real[symbol].upto(date.fromisoformat(day)))
    assert (found.close.date.isoformat(), found.intraday.date.isoformat()) == (close, intraday)


def test_the_sp_made_256_record_closes_and_270_record_highs_from_1999_to_2018(real: dict[str, Bars]) -> None:
    """Counted on a history that begins in 1999, as the count is given."""
    bars = Bars.of([day for day in rows(until(real["^GSPC"], date(2018, 12, 31))) if day.day.year >= 1999])
    counted = {"close": 0, "intraday": 0}
    close = intraday = 0.0
    for at in range(len(bars)):
        found = records_of(bars.slice(0, at + 1))
        assert found is not None
        counted["close"] += found.close.price > close
        counted["intraday"] += found.intraday.price > intraday
        close, intraday = found.close.price, found.intraday.price
    assert counted == {"close": 256, "intraday": 270}


@pytest.mark.parametrize(("close", "word"), [(95.0, "pullback"), (90.0, "correction"), (80.0, "bear")])
def test_a_fall_of_exactly_ten_percent_is_a_correction(close: float, word: str) -> None:
    assert record(closes([100, close], reach=0)).phase == word


@given(short_bars())
def test_the_rank_of_a_depth_and_the_droughts_by_hand(bars: Bars) -> None:
    closing = [day.close for day in rows(bars)]
    waits: list[tuple[int, int]] = []
    best, at = closing[0], 0
    for index, price in enumerate(closing[1:], start=1):
        if price > best and index - at > 1:
            waits.append((at, index))
        if price >= best:
            best, at = price, index
    with untouched(bars):
        found = droughts(bars)
    assert [(one.start, one.end) for one in found] == [(bars.day(a), bars.day(b)) for a, b in waits]
    assert [one.sessions for one in found] == [b - a for a, b in waits]


@given(walks(253, 400))
def test_a_depth_is_ranked_by_the_share_of_shallower_ones_before_it(bars: Bars) -> None:
    closing = pd.Series(bars.close)
    depth = closing / closing.cummax() - 1
    wanted = 100 * (depth.iloc[:-1] > depth.iloc[-1]).mean()
    assert depth_percentile(bars.close) == pytest.approx(wanted, abs=100 / len(bars))
    assert depth_percentile(bars.close[:252]) is None


def test_the_wait_of_the_russell_for_the_record_close_of_18_september_2025(real: dict[str, Bars]) -> None:
    found = record(real["^RUT"].upto(date(2025, 9, 18)))
    assert found.drought is not None
    assert (found.drought.start, found.drought.end) == (date(2021, 11, 8), date(2025, 9, 18))
    assert (found.drought.days, found.drought.sessions) == (1410, 968)
    # the one after the millennium was longer
    assert found.longest_drought is not None
    assert (found.longest_drought.start.year, found.longest_drought.end.year) == (2000, 2004)
    assert found.depth_percentile == 0


def test_a_correction_of_the_russell_is_nothing_unusual(real: dict[str, Bars]) -> None:
    """Documented on bars that go half a year further: at the record 6.3 % of sessions, to -5 % 30.4, to -10 % 20.2."""
    depth = depths(real["^RUT"].close)
    shares = [
        100 * float(np.mean(part)) for part in (depth == 0, (depth < 0) & (depth > -5), (depth <= -5) & (depth > -10))
    ]
    assert shares == pytest.approx([6.3, 30.4, 20.2], abs=0.7)
