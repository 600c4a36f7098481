"""The market of the laboratory: four indices, two years of days, and one Wednesday in October 2025."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache

import numpy as np

from tapewatch.core.bars import Bars
from tapewatch.core.model.config import Config, RuleSetting
from tapewatch.core.sessions import Calendars

from ..end_to_end.desk import eastern, watching
from ..fake_yahoo import FakeYahoo, walk
from ..fake_yahoo.market import EXCHANGES, Exchange

DAY = date(2025, 10, 15)
OPENED, FAULT = eastern("2025-10-15 10:00"), eastern("2025-10-15 10:06")
"""When the feed begins, and when something goes wrong; New York and Frankfurt are open for an hour more."""
SYMBOLS = ("^RUT", "^GSPC", "^IXIC", "^STOXX50E")
START = {"^RUT": 2450.0, "^GSPC": 6600.0, "^IXIC": 22600.0, "^STOXX50E": 5600.0}
CALENDARS = {"^STOXX50E": "XEUR"}
RULE = RuleSetting(rule="same-day-direction", watched="^RUT", against=("^GSPC", "^IXIC"))


@cache
def history() -> Mapping[str, Bars]:
    """Official daily bars of every session from October 2023 to the Friday of that week."""
    return {symbol: _walk(symbol) for symbol in SYMBOLS}


def _walk(symbol: str) -> Bars:
    chance = np.random.default_rng(SYMBOLS.index(symbol))
    calendar = Calendars().of(CALENDARS.get(symbol, "XNYS"), DAY)
    days = [one.day for one in calendar.days(DAY - timedelta(days=730), DAY + timedelta(days=2))]
    close = START[symbol] * np.exp(np.cumsum(chance.normal(0.0, 0.009, len(days)))[::-1])
    opened = np.r_[close[:1], close[:-1] * (1.0 + chance.normal(0.0, 0.002, len(days) - 1))]
    reach = np.abs(chance.normal(0.0, 0.004, (2, len(days)))) + 0.001
    high = np.maximum(opened, close) * (1.0 + reach[0])
    low = np.minimum(opened, close) * (1.0 - reach[1])
    o, h, l, c = (np.round(column, 2) for column in (opened, high, low, close))  # noqa: E741
    return Bars.columns(np.array(days, "datetime64[D]"), o, h, l, c, np.full(len(days), 1e6))


def service() -> FakeYahoo:
    """The data service on that Wednesday, 5-minute bars and all."""
    days = {symbol: bars.bar(bars.index_of(DAY) or 0) for symbol, bars in history().items()}
    bars = {symbol: walk(day, EXCHANGES.get(symbol, Exchange())) for symbol, day in days.items()}
    return FakeYahoo(history(), bars, OPENED)


def settings() -> Config:
    """Four indices and one rule."""
    return watching(*SYMBOLS, rules=(RULE,))


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


def after(moment: datetime, seconds: float) -> datetime:
    """A moment later."""
    return moment + timedelta(seconds=seconds)
