"""Real crashes and real records: the quarantine may make them wait for a second poll, never for a third."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from tapewatch.core.bars import Bars
from tapewatch.core.book import Book
from tapewatch.core.quarantine import Reach
from tapewatch.core.sessions import Calendars
from tapewatch.core.sources import Answer, Tick
from tapewatch.core.store.bars import save_bars
from tapewatch.core.store.schema import connect

from ..laboratory.ledger import note
from ..market import index, local

MINUTE = timedelta(minutes=1)
CRASHES = [
    ("^GSPC", date(1987, 10, 19)), ("^DJI", date(1987, 10, 19)), ("^HSI", date(1987, 10, 26)),
    ("^GSPC", date(2008, 10, 13)), ("^IXIC", date(2008, 10, 13)), ("^RUT", date(2020, 3, 16)),
    ("KRE", date(2020, 11, 9)), ("KRE", date(2023, 3, 13)), ("^TNX", date(2020, 3, 9)), ("^VIX", date(2018, 2, 5)),
]  # fmt: skip


@pytest.mark.parametrize(("symbol", "day"), CRASHES)
def test_a_real_crash_and_a_real_jump_wait_for_their_second_poll_at_most(
    real: dict[str, Bars], tmp_path: Path, symbol: str, day: date
) -> None:
    with closing(connect(tmp_path / "a.db")) as database:
        by_its_second_poll(database, real[symbol], symbol, day)


def by_its_second_poll(database: sqlite3.Connection, bars: Bars, symbol: str, day: date) -> None:
    """The day's low and its high, each met in one jump from the day before, stand when they are quoted again."""
    at = bars.index_of(day)
    assert at is not None
    one = index(symbol, "XHKG" if symbol == "^HSI" else "XNYS", _kind(symbol))
    book = Book(database, [one], Calendars())
    known = [bars.bar(i) for i in range(max(0, at - 300), at)]
    save_bars(database, symbol, known, source="t", state="final", taken_at=local(f"{day} 00:00", one.zone))
    noon = local(f"{day} 13:30", one.zone)
    book.load(noon)
    bar = bars.bar(at)
    for price in (bar.low, bar.high):
        for minute in (0, 1):
            now = noon + minute * MINUTE
            book.absorb(Answer(ticks=(Tick(symbol, day, price, now),)), now, "t", full=False)
        assert book.live[symbol].last == price
        book.live.clear()


@pytest.mark.long
def test_of_all_real_sessions_few_would_wait_and_none_for_ever(real: dict[str, Bars]) -> None:
    """Each session's high and low as one jump from the session before: the worst a poll can meet."""
    counted = waiting = 0
    for symbol, bars in real.items():
        one = index(symbol, kind=_kind(symbol))
        for at in range(300, len(bars)):
            before, bar = bars.bar(at - 1), bars.bar(at)
            if (bar.day - before.day).days > 10:
                continue
            reach = Reach.of(one, bars.slice(at - 260, at)).over(1)
            ends = (bar.low, bar.high)
            assert all(reach.possible(price, before.low, before.high) for price in ends), (symbol, bar.day)
            counted += 1
            waiting += not all(reach.near(price, before.low, before.high) for price in ends)
    assert counted > 100_000
    note(
        "freshness", "real sessions judged as one jump; how many wait for a second poll", count=counted, waiting=waiting
    )
    # one session in four hundred
    assert waiting / counted < 0.0025


def _kind(symbol: str) -> str:
    return {"^VIX": "volatility", "^TNX": "yield", "IWM": "fund", "KRE": "fund"}.get(symbol, "index")
