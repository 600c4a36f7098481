"""Breadth of the sample market, counted a second time: by hand over calendars of closes in pandas."""

from datetime import date

import pandas as pd
import pytest

from tapewatch.core.compose import compose_as_of
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.sessions import Calendars
from tapewatch.core.sources.sample_history import SampleHistory
from tapewatch.core.universe import default_config

PANEL = (
    "^GSPC", "^DJI", "^IXIC", "^NDX", "^RUT",
    "XLK", "XLF", "XLV", "XLE", "XLI", "XLY", "XLP", "XLU", "XLB", "XLRE", "XLC",
)  # fmt: skip
DAYS = (date(2025, 10, 17), date(2025, 10, 10), date(2024, 3, 28), date(2022, 10, 12))


@pytest.fixture(scope="module")
def market() -> SampleHistory:
    return SampleHistory(default_config().followed, seed=7)


def composed(market: SampleHistory, day: date, *without: str) -> Snapshot:
    bars = {one.symbol: market.bars(one.symbol).upto(day) for one in default_config().followed}
    kept = {symbol: found for symbol, found in bars.items() if symbol not in without}
    return compose_as_of(default_config(), kept, day, Calendars())


def table(market: SampleHistory, column: str, day: date) -> pd.DataFrame:
    """A column of all members, a row a session."""
    found = {}
    for symbol in PANEL:
        bars = market.bars(symbol)
        found[symbol] = pd.Series(getattr(bars, column), index=pd.DatetimeIndex(bars.days)).loc[: str(day)]
    return pd.DataFrame(found)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_breadth_of_the_sample_market_counts_as_pandas_does(market: SampleHistory, day: date) -> None:
    close = table(market, "close", day)
    told = {one.key: one for one in composed(market, day).confirmation}
    last = close.iloc[-1]
    assert told["breadth:advancing"].value == (last > close.iloc[-2]).sum()
    for length in (50, 200):
        above = (last > close.rolling(length).mean().iloc[-1]).sum()
        assert told[f"breadth:above_sma{length}"].value == above
    year = pd.Timestamp(day) - pd.Timedelta(days=364)
    high, low = table(market, "high", day), table(market, "low", day)
    highs = high.loc[high.index > year]
    lows = low.loc[low.index > year]
    new_highs = (highs.iloc[-1] > highs.iloc[:-1].max()).sum()
    new_lows = (lows.iloc[-1] < lows.iloc[:-1].min()).sum()
    assert told["breadth:new_highs_lows"].value == new_highs - new_lows
    assert {told[key].of for key in told if key.startswith("breadth:")} == {len(PANEL)}


def test_with_one_member_missing_nothing_is_counted(market: SampleHistory) -> None:
    told = [one for one in composed(market, DAYS[0], "XLRE").confirmation if one.key.startswith("breadth:")]
    assert len(told) == 4
    assert {(one.state, one.value) for one in told} == {("unknown", None)}
    assert all("panel incomplete" in one.reading and "XLRE" in one.reading for one in told)
