"""All-time highs on both bases, and the drawdown since the record close.

A new record needs a strictly higher price; an equal one is a match, and the date shown is the last
session that reached the price. "All time" is as long as the history.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from ..bars import Bar, Bars, Floats
from ..model.reading import Record, RecordMark
from .returns import percent

PULLBACK, CORRECTION, BEAR = -5.0, -10.0, -20.0
"""Percent from the record close; each bound belongs to the deeper phase."""


@dataclass(frozen=True)
class Peak:
    """A record price and the index of the last session that reached it."""

    price: float
    index: int
    day: date


@dataclass(frozen=True)
class Records:
    """The records of final bars on both bases, and the lowest close since the record close."""

    since: date
    sessions: int
    intraday: Peak
    close: Peak
    lowest: float
    lowest_day: date
    last_day: date


def peak(prices: Floats, bars: Bars) -> Peak:
    """The highest price and the last session that reached it; `prices` is one of the bars' columns."""
    index = int(prices.argmax())
    price = float(prices[index])
    # the maximum of what is left is cheaper than a search from the end, which numpy does not do in one sweep
    while index + 1 < len(prices) and prices[index + 1 :].max() == price:
        index += 1 + int(prices[index + 1 :].argmax())
    return Peak(price, index, bars.day(index))


def records_of(bars: Bars) -> Records | None:
    """The records of a history, None without bars."""
    if not len(bars):
        return None
    close = peak(bars.close, bars)
    lowest = close.index + int(np.argmin(bars.close[close.index :]))
    return Records(
        since=bars.day(0),
        sessions=len(bars),
        intraday=peak(bars.high, bars),
        close=close,
        lowest=float(bars.close[lowest]),
        lowest_day=bars.day(lowest),
        last_day=bars.day(len(bars) - 1),
    )


def read_record(records: Records, live: Bar | None, last: float, last_close: float) -> Record:
    """Distance of the last price from both records.

    The intraday record counts the live session's high, the record close final bars only; the phase and
    the depth are on `last_close`, the last final close.
    """
    intraday = records.intraday
    sessions = records.sessions + (live is not None)
    if live is not None and live.high >= intraday.price:
        intraday = Peak(live.high, sessions - 1, live.day)
    at = live.day if live else records.last_day
    return Record(
        since=records.since,
        intraday=_mark(intraday, last, sessions, at),
        close=_mark(records.close, last, sessions, at),
        phase=phase(percent(last_close, records.close.price)),
        deepest_percent=percent(records.lowest, records.close.price),
        deepest_date=records.lowest_day,
        made_this_week=_same_week(intraday.day, at),
        close_made_this_week=_same_week(records.close.day, at),
    )


def _same_week(one: date, other: date) -> bool:
    return one.isocalendar()[:2] == other.isocalendar()[:2]


def _mark(found: Peak, last: float, sessions: int, at: date) -> RecordMark:
    # a last price above a record close (it is no close yet) stands at it, not beyond
    price = max(found.price, last)
    return RecordMark(
        price=found.price,
        date=found.day,
        distance_percent=percent(last, price),
        points=price - last,
        to_recover_percent=percent(price, last),
        sessions_since=sessions - 1 - found.index,
        days_since=(at - found.day).days,
    )


def phase(depth_percent: float) -> str:
    """The phase of a depth below the record close, by the usual 5, 10 and 20 percent."""
    if depth_percent >= 0:
        return "at record"
    if depth_percent > PULLBACK:
        return "near high"
    if depth_percent > CORRECTION:
        return "pullback"
    return "correction" if depth_percent > BEAR else "bear"
