"""The 52-week range: which sessions count, on both bases."""

from datetime import date, timedelta

import pytest
from hypothesis import given

from tapewatch.core.analytics.year_range import read_year_range
from tapewatch.core.bars import Bar, Bars

from ..market import closes, rows, short_bars, untouched, walks

TODAY = date(2025, 8, 8)


@given(walks(1, 600) | short_bars())
def test_the_range_by_hand(bars: Bars) -> None:
    days = rows(bars)
    window = [day for day in days if days[-1].day - timedelta(days=364) < day.day]
    with untouched(bars):
        found = read_year_range(bars, None, days[-1].close)
    assert found is not None
    assert (found.intraday.high, found.intraday.low) == (max(d.high for d in window), min(d.low for d in window))
    assert (found.close.high, found.close.low) == (max(d.close for d in window), min(d.close for d in window))
    assert found.intraday.high_date == max(d.day for d in window if d.high == found.intraday.high)
    assert found.close.low_date == max(d.day for d in window if d.close == found.close.low)
    for basis in (found.intraday, found.close):
        assert basis.position_percent is None or 0 <= basis.position_percent <= 100


@pytest.mark.parametrize(("ago", "high"), [(363, 200.0), (364, 110.0), (365, 110.0)])
def test_a_session_364_days_ago_has_just_left(ago: int, high: float) -> None:
    old = Bar(TODAY - timedelta(days=ago), 150, 200, 100, 150)
    found = read_year_range(Bars.of([old, Bar(TODAY, 100, 110, 90, 100)]), None, 100)
    assert found is not None
    assert found.intraday.high == high


def test_the_running_session_counts_intraday_and_not_on_closes() -> None:
    bars = closes([100, 101, 102], first=date(2025, 8, 4))
    found = read_year_range(bars, Bar(TODAY, 102, 130, 80, 120), 120)
    assert found is not None
    assert (found.intraday.high, found.intraday.low, found.intraday.high_date) == (130, 80, TODAY)
    assert (found.close.high, found.close.low) == (102, 100)
    assert found.close.position_percent == 100


def test_a_short_history_says_since_when() -> None:
    young, grown = closes([100.0] * 30, first=date(2025, 7, 1)), closes([100.0] * 400, first=date(2024, 1, 1))
    short, full = (read_year_range(bars, None, 100) for bars in (young, grown))
    assert short is not None
    assert full is not None
    assert (short.since, full.since) == (date(2025, 7, 1), None)
