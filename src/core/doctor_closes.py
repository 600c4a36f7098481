"""Checks of the second sources: who is asked for official closes when prices are out, and what they gave."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, timedelta

from .doctor import Case, Check

LOOKED_BACK = timedelta(days=45)
"""How far back two closes of one session are compared."""


def closes(case: Case) -> Iterator[Check]:
    """Each source of closes that is on: its last close of each symbol, what its last answer was, where it differs."""
    from .sources.closes import close_sources
    from .store.schema import StoreError, reading

    names = case.config.feed.close_sources
    if not names:
        yield Check(name="closes", state="ok", finding='off; [feed] closes = "cboe" or "fred" asks for official closes')
        return
    if not case.paths.database.exists():
        yield Check(name="closes", state="ok", finding=f"{', '.join(names)}: nothing asked yet")
        return
    try:
        with reading(case.paths.database) as opened:
            found = [_source(opened, case, name, close_sources()[name].title) for name in names]
            found += list(_apart(opened, case))
    except StoreError:
        return
    yield from found


def _source(database: sqlite3.Connection, case: Case, name: str, title: str) -> Check:
    from .official import series_of
    from .store.budget import Budget
    from .store.closes import asked, load_closes

    stored = load_closes(database)
    parts: list[str] = []
    for one in case.config.watched:
        if series_of(name, one.symbol) is None:
            continue
        days = stored.get(one.symbol, {}).get(name, {})
        last = asked(database, name, one.symbol)
        newest = max(days, default=None)
        close = f"{one.short} {days[newest].close:,.2f} of {newest}" if newest else f"{one.short} none"
        parts.append(close + (f" (asked {last.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC: {last.what})" if last else ""))
    finding = f"{title}: {'; '.join(parts) or 'nothing of what is watched'}"
    pause = Budget(database, case.config.feed.budget, case.config.feed.burst, name).paused(case.now)
    if pause is None:
        return Check(name="closes", state="ok", finding=finding)
    finding += f"; not asked until {pause.until.astimezone(UTC):%Y-%m-%d %H:%M} UTC: {pause.why}"
    return Check(name="closes", state="warn", finding=finding, remedy="wait: it is asked again by itself")


def _apart(database: sqlite3.Connection, case: Case) -> Iterator[Check]:
    from .official import disagreements
    from .store.bars import load_bars
    from .store.closes import load_closes

    stored, bars = load_closes(database), load_bars(database)
    known = [(one, bars[one.symbol]) for one in case.config.watched if one.symbol in bars]
    said = disagreements(known, stored, case.config.feed.close_sources, case.now.date() - LOOKED_BACK)
    if said:
        remedy = "the bars stand; `tapewatch fetch` asks for them once more"
        yield Check(name="closes", state="warn", finding="two official closes: " + "; ".join(said), remedy=remedy)
