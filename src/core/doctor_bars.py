"""Checks of the bars: how many, what is held back, what is old, has holes or is not there at all."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from .bars import Bars
from .channel import ChannelError, feed_holder, read_snapshot
from .clock import now_on
from .doctor import Case, Check
from .gaps import Gap, missing

LATE = 3
"""Sessions that a store may be behind its exchange: a long weekend away from the screen."""
HOLE = 30
"""Days between two bars: longer than any closing of these exchanges since 1927."""
NAMED = 12
"""Names in one finding; of more the number is told."""

_EPOCH = date(1970, 1, 1)
_HOLES = """
    SELECT symbol, before, session FROM (
        SELECT symbol, session, LAG(session) OVER (PARTITION BY symbol ORDER BY session) AS before FROM bars)
    WHERE session - before > ? ORDER BY symbol, session
"""


def market_now(case: Case) -> datetime:
    """The store's own time, aware: the wall's, or that of its demo; a demo that has ended stands still."""
    try:
        found = read_snapshot(case.paths)
    except ChannelError:
        return case.now
    if found is None or found.mode == "live":
        return case.now
    return found.clock.now if feed_holder(case.paths) is None else now_on(found.clock, case.now)


def bars(case: Case) -> Iterator[Check]:
    """How many bars there are, of how many symbols, up to when; what is wrong with them."""
    from .store.schema import StoreError, reading

    yield from _set_aside(case)
    if not case.paths.database.exists():
        return
    try:
        with reading(case.paths.database) as opened:
            found = list(_stored(opened, case))
    except StoreError as fault:
        remedy = "a newer store needs a newer tapewatch; a damaged one is set aside by the next feed"
        yield Check(name="bars", state="fail", finding=str(fault), remedy=remedy)
        return
    yield from found


def _set_aside(case: Case) -> Iterator[Check]:
    from .store.damage import damaged, size_of

    kept = damaged(case.paths.database)
    if kept:
        size = sum(size_of(one) for one in kept) / 1024 / 1024
        finding = (
            f"a damaged store, or a log of another, was set aside: {_some([str(one) for one in kept])} ({size:.1f} MB)"
        )
        remedy = "its bars and journal are in there: import or fetch the bars again, then remove the file"
        yield Check(name="set aside", state="warn", finding=finding, remedy=remedy)


def _stored(database: sqlite3.Connection, case: Case) -> Iterator[Check]:
    from .store.bars import held, load_bars

    rows = database.execute("SELECT symbol, count(*), max(session) FROM bars GROUP BY symbol")
    found = {str(symbol): (int(count), _day(newest)) for symbol, count, newest in rows}
    if not found:
        remedy = "run `tapewatch` or `tapewatch fetch`, or `tapewatch import` with bars of your own"
        yield Check(name="bars", state="warn", finding="the store is empty", remedy=remedy)
        return
    newest = {symbol: day for symbol, (_, day) in found.items()}
    count = sum(one for one, _ in found.values())
    finding = f"{_counted(count, 'bar')} of {_counted(len(found), 'symbol')} up to {max(newest.values())}"
    yield Check(name="bars", state="ok", finding=finding)
    yield from _missing(case, newest)
    yield from _old(case, newest)
    yield from _holes(database)
    histories = load_bars(database)
    yield from _gaps(database, case, histories)
    yield from _steps(case, histories)
    yield from _held(held(database))
    yield from _told(case)


def _missing(case: Case, newest: dict[str, date]) -> Iterator[Check]:
    names = [one.symbol for one in case.config.watched if one.symbol not in newest]
    if names:
        remedy = "`tapewatch fetch`, or `tapewatch import` with files of these names"
        yield Check(name="no bars", state="warn", finding=f"watched, but not stored: {_some(names)}", remedy=remedy)


def _old(case: Case, newest: dict[str, date]) -> Iterator[Check]:
    from .sessions import Calendars

    calendars, now = Calendars(), market_now(case)
    late: dict[date, list[str]] = {}
    for one in case.config.watched:
        if one.symbol in newest:
            calendar = calendars.of(one.calendar, now.date())
            due = calendar.days(newest[one.symbol] + timedelta(days=1), calendar.closed(now).day)
            if len(due) > LATE:
                late.setdefault(newest[one.symbol], []).append(one.symbol)
    if late:
        days = "; ".join(f"{_some(late[day])} up to {day}" for day in sorted(late))
        finding = f"more than {LATE} sessions behind the exchange: {days}"
        remedy = "run `tapewatch` or `tapewatch fetch` to bring them up to date, or import newer files"
        yield Check(name="old bars", state="warn", finding=finding, remedy=remedy)


def _holes(database: sqlite3.Connection) -> Iterator[Check]:
    rows: list[tuple[str, int, int]] = database.execute(_HOLES, (HOLE,)).fetchall()
    if rows:
        holes = [f"{symbol} from {_day(before)} to {_day(after)}" for symbol, before, after in rows]
        finding = f"no bars for more than {HOLE} days: {_some(holes)}"
        remedy = f"`tapewatch fetch --full {rows[0][0]}`, or import a file with the days between"
        yield Check(name="holes", state="warn", finding=finding, remedy=remedy)


def _gaps(database: sqlite3.Connection, case: Case, bars: Mapping[str, Bars]) -> Iterator[Check]:
    """Sessions of the last two years that whole and imported histories lack, and how often they were asked for."""
    from .sessions import Calendars
    from .store.gaps import load_gaps
    from .store.symbols import with_full_history

    calendars, today, asked = Calendars(), market_now(case).date(), load_gaps(database)
    whole, imported = with_full_history(database), _imported(database)
    waiting: list[str] = []
    never: list[str] = []
    for one in case.config.instruments:
        if one.symbol in bars and one.symbol in (imported if one.hidden else whole | imported):
            calendar = calendars.of(one.calendar, today)
            days = missing(one, bars[one.symbol], calendar, today)
            for day in days:
                gap = asked.get(one.symbol, {}).get(day, Gap(day))
                (never if gap.given_up else waiting).append(f"{one.symbol} {day} ({_times(gap.asked)})")
    if waiting:
        finding = f"sessions without a bar: {_some(waiting)}"
        remedy = f"a feed asks again; now: `tapewatch fetch --full {waiting[0].split()[0]}`, or import the days"
        yield Check(name="gaps", state="warn", finding=finding, remedy=remedy)
    if never:
        finding = f"days the service has no bar of, and is not asked for any more: {_some(never)}"
        yield Check(name="vendor gaps", state="ok", finding=finding)


def _imported(database: sqlite3.Connection) -> frozenset[str]:
    """Symbols with bars from a file: nobody may have asked the service for what these lack."""
    rows = database.execute("SELECT DISTINCT symbol FROM bars WHERE source = 'import'")
    return frozenset(str(row[0]) for row in rows)


def _steps(case: Case, bars: Mapping[str, Bars]) -> Iterator[Check]:
    from .steps import impossible_steps

    known = [one for one in case.config.instruments if one.symbol in bars]
    found = [(one.symbol, step) for one in known for step in impossible_steps(one, bars[one.symbol])]
    if found:
        finding = f"steps that no market makes: {_some([f'{symbol} {step}' for symbol, step in found])}"
        remedy = f"compare them with another source; `tapewatch fetch --full {found[0][0]}`, or import the right days"
        yield Check(name="steps", state="warn", finding=finding, remedy=remedy)


def _times(asked: int) -> str:
    return "not asked for yet" if not asked else f"asked for {_counted(asked, 'time')}"


def _told(case: Case) -> Iterator[Check]:
    """What the feed's last answers had that makes no bar, and past closes it found changed."""
    try:
        found = read_snapshot(case.paths)
    except ChannelError:
        return
    if found is not None and found.health.refused:
        finding = f"{_counted(found.health.refused_rows, 'row')} of answers made no bar; the last: " + "; ".join(
            found.health.refused[:NAMED]
        )
        yield Check(name="refused rows", state="ok", finding=finding)
    if found is not None and found.health.mended:
        yield Check(name="mended", state="ok", finding="; ".join(found.health.mended[:NAMED]))


def _held(back: Sequence[tuple[str, date, str]]) -> Iterator[Check]:
    if back:
        finding = f"{_counted(len(back), 'bar')}, such as {back[0][0]} {back[0][1]}: {back[0][2]}"
        remedy = "nothing: they are asked for again and never shown until they make sense"
        yield Check(name="held back", state="warn", finding=finding, remedy=remedy)


def _day(number: int) -> date:
    return _EPOCH + timedelta(days=int(number))


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
