"""Stored daily bars: a row each, states live, provisional or final."""

import sqlite3
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import chain

import numpy as np

from ..bars import Bar, Bars, Refusal
from .damage import DamagedError

NAMED_FOR = timedelta(days=7)
"""What was last refused longer ago is named no more."""

_EPOCH = date(1970, 1, 1)


def _number(day: date) -> int:
    return (day - _EPOCH).days


def save_bars(
    database: sqlite3.Connection,
    symbol: str,
    bars: Iterable[Bar],
    *,
    source: str,
    state: str,
    taken_at: datetime,
) -> tuple[int, int]:
    """Insert or replace bars; returns (new, replaced with other values).

    A final bar is never replaced by one that is not. Of two bars for one session the later given stands.
    """
    new = replaced = 0
    given = {bar.day: bar for bar in bars}.values()
    first = min((_number(bar.day) for bar in given), default=0)
    known = {row[0]: row[1:] for row in _rows(database, symbol, first)}
    wanted: list[tuple[object, ...]] = []
    for bar in given:
        values = (bar.open, bar.high, bar.low, bar.close, bar.volume)
        old = known.get(_number(bar.day))
        if old is not None and (old == (*values, state) or (old[-1] == "final" and state != "final")):
            continue
        new += old is None
        replaced += old is not None and old[:-1] != values
        wanted.append((symbol, _number(bar.day), *values, source, state, taken_at.timestamp()))
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT OR REPLACE INTO bars VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", wanted)
    return new, replaced


def keep_bars(database: sqlite3.Connection, symbol: str, bars: Bars, *, source: str, taken_at: datetime) -> None:
    """Insert final bars of sessions of which the store has none."""
    columns = (bars.days.astype(np.int64), bars.open, bars.high, bars.low, bars.close, bars.volume)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    same = (source, "final", taken_at.timestamp())
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.executemany(
            "INSERT OR IGNORE INTO bars VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", ((symbol, *row, *same) for row in rows)
        )


def _rows(
    database: sqlite3.Connection, symbol: str, first: int
) -> Iterable[tuple[int, float, float, float, float, float, str]]:
    return database.execute(
        "SELECT session, open, high, low, close, volume, state FROM bars WHERE symbol = ? AND session >= ?",
        (symbol, first),
    )


def load_bars(
    database: sqlite3.Connection,
    *,
    upto: date | None = None,
    since: date | None = None,
    symbols: Collection[str] | None = None,
) -> dict[str, Bars]:
    """All histories by symbol, or those of some symbols, oldest first; final bars only."""
    first, last = _number(since or date.min), _number(upto or date.max)
    query = (
        "SELECT session, open, high, low, close, volume FROM bars "
        "WHERE state = 'final' AND symbol = ? AND session BETWEEN ? AND ? ORDER BY session"
    )
    loaded: dict[str, Bars] = {}
    for symbol in stored_symbols(database):
        if symbols is not None and symbol not in symbols:
            continue
        # number by number: a list of all rows would be made for nothing
        numbers = chain.from_iterable(database.execute(query, (symbol, first, last)))
        table = np.fromiter(numbers, dtype=np.float64).reshape(-1, 6)
        if len(table):
            loaded[symbol] = Bars.columns(table[:, 0].astype(np.int64).astype("datetime64[D]"), *table[:, 1:].T)
    return loaded


def stored_symbols(database: sqlite3.Connection) -> list[str]:
    """The symbols that have bars, in their order; from each the index is asked for the next, not every row."""
    found: list[str] = []
    query = "SELECT symbol FROM bars WHERE symbol > ? ORDER BY symbol LIMIT 1"
    while row := database.execute(query, (found[-1] if found else "",)).fetchone():
        if row[0] in found:
            raise DamagedError("its bars are out of order")
        found.append(row[0])
    return found


def load_origins(database: sqlite3.Connection, *, upto: date | None = None) -> dict[str, tuple[str, datetime]]:
    """Of each symbol's newest final bar: who gave it, and when it was taken."""
    last = _number(upto) if upto is not None else _number(date.max)
    query = (
        "SELECT source, taken_at FROM bars WHERE state = 'final' AND symbol = ? AND session <= ? "
        "ORDER BY session DESC LIMIT 1"
    )
    found = {symbol: database.execute(query, (symbol, last)).fetchone() for symbol in stored_symbols(database)}
    return {symbol: (row[0], datetime.fromtimestamp(row[1], UTC)) for symbol, row in found.items() if row}


def _day(number: int) -> date:
    return date.fromordinal(_EPOCH.toordinal() + number)


def hold(database: sqlite3.Connection, symbol: str, refusals: Iterable[Refusal], taken_at: datetime) -> None:
    """Name bars that were held back: quarantined, never shown, asked for again."""
    database.executemany(
        "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?)",
        [(symbol, _number(one.day), one.reason, taken_at.timestamp()) for one in refusals],
    )


def release(database: sqlite3.Connection, symbol: str, day: date) -> None:
    """A held bar was confirmed or replaced."""
    database.execute("DELETE FROM held WHERE symbol = ? AND session = ?", (symbol, _number(day)))


def release_answered(
    database: sqlite3.Connection, symbol: str, first: date, last: date, but: Iterable[date], now: datetime
) -> None:
    """An answer for these days named what it has wrong: all else that was held of them is no news, nor what is old."""
    kept = {_number(day) for day in but}
    rows = database.execute(
        "SELECT session FROM held WHERE symbol = ? AND (session BETWEEN ? AND ? OR taken_at < ?)",
        (symbol, _number(first), _number(last), (now - NAMED_FOR).timestamp()),
    ).fetchall()
    gone = [(symbol, session) for (session,) in rows if session not in kept]
    database.executemany("DELETE FROM held WHERE symbol = ? AND session = ?", gone)


def held(database: sqlite3.Connection) -> list[tuple[str, date, str]]:
    """Bars that are held back: symbol, session, reason."""
    rows = database.execute("SELECT symbol, session, reason FROM held ORDER BY session DESC, symbol")
    return [(symbol, _day(session), reason) for symbol, session, reason in rows]
