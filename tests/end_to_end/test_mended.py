"""A past day that the service mends overnight: replaced, said, and everything made of it made anew."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tapewatch.core.bars import Bar, Bars

from ..fake_yahoo import FakeYahoo, load_daily, load_five_minutes
from .desk import Desk, desk, eastern, watching

RUT, DAY = "^RUT", date(2025, 10, 15)


@pytest.fixture
def service(daily_folder: Path, intraday_folder: Path) -> FakeYahoo:
    bars = {RUT: load_five_minutes(intraday_folder / f"RUT_5m_{DAY}.csv")}
    return FakeYahoo(load_daily(daily_folder), bars, eastern(f"{DAY} 15:50"))


def published(service: FakeYahoo, bar: Bar) -> None:
    """From now on the service has this bar of its day."""
    known = service.market.history[RUT]
    service.market.history = {**service.market.history, RUT: known.merged(Bars.of([bar]))}


def record(market: Desk) -> float:
    row = market.snapshot.row("RUT")
    assert row is not None
    assert row.record is not None
    return row.record.intraday.price


def test_a_close_and_a_record_that_were_wrong_in_the_evening_are_right_in_the_morning(
    service: FakeYahoo, tmp_path: Path
) -> None:
    history = service.market.history[RUT]
    index = history.index_of(DAY)
    assert index is not None
    true = history.bar(index)
    published(service, replace(true, high=2560.0, close=2518.19))
    with desk(tmp_path, watching(RUT), service, eastern(f"{DAY} 15:50"), eastern("2025-10-14 23:00")) as market:
        market.until(eastern(f"{DAY} 17:00"))
        assert record(market) == 2560.0
        published(service, true)
        market.until(eastern("2025-10-16 09:35"))
        sentence = f"RUT 2025-10-15 close mended 2,518.19 -> {true.close:,.2f}, next morning"
        assert market.snapshot.health.mended == (sentence,)
        assert [str(line) for line in market.said].count(sentence) == 1
        # the record of that day is its true high again
        assert record(market) == pytest.approx(2541.67, abs=0.005)
        assert market.feed.book.histories[RUT].bars.close[-1] == true.close
