"""Bars for the service, from files or made from daily ones."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

from tapewatch.core.bars import Bar, Bars

from .market import FIVE, Exchange, FiveMinuteBar


def load_daily(folder: Path) -> dict[str, Bars]:
    """Daily bars of every ``SYMBOL.csv`` in a folder (date,open,high,low,close,volume)."""
    return {file.stem: _daily(file) for file in sorted(folder.glob("*.csv"))}


@cache
def _daily(file: Path) -> Bars:
    return Bars.of(map(_bar, _rows(file)))


def load_five_minutes(file: Path) -> list[FiveMinuteBar]:
    """5-minute bars of one file (date with offset, open, high, low, close)."""
    return [
        FiveMinuteBar(datetime.fromisoformat(row["date"]), *_prices(row))
        for row in _rows(file)
    ]  # fmt: skip


def walk(bar: Bar, exchange: Exchange | None = None) -> list[FiveMinuteBar]:
    """A session's 5-minute bars that open, top, bottom and close where its daily bar does."""
    exchange = exchange or Exchange()
    start, end = exchange.at(bar.day, exchange.opens), exchange.at(bar.day, exchange.closes)
    count = (end - start) // FIVE
    third = count // 3
    legs = [(bar.open, bar.high, third), (bar.high, bar.low, third), (bar.low, bar.close, count - 2 * third)]
    marks = [bar.open]
    for first, last, steps in legs:
        marks += [first + (last - first) * (step + 1) / steps for step in range(steps - 1)] + [last]
    return [
        FiveMinuteBar(start + index * FIVE, a, max(a, b), min(a, b), b) for index, (a, b) in enumerate(pairwise(marks))
    ]


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(newline="") as lines:
        yield from csv.DictReader(lines)


def _bar(row: dict[str, str]) -> Bar:
    return Bar(date.fromisoformat(row["date"]), *_prices(row), float(row.get("volume") or 0))


def _prices(row: dict[str, str]) -> tuple[float, float, float, float]:
    return float(row["open"]), float(row["high"]), float(row["low"]), float(row["close"])
