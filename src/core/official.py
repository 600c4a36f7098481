"""Official closes of other sources, set beside the rows of a snapshot: always labelled, never mixed into a reading."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

import msgspec

from .bars import Bars
from .model.instrument import Instrument
from .model.reading import Quote
from .model.snapshot import Row, Snapshot
from .sessions import Calendar, Calendars
from .sources.closes import Series, close_sources
from .store.closes import Closes, StoredClose
from .take import close_time

DAY = timedelta(days=1)
APART = 1e-4
"""Share by which two official closes of one session may differ: 0.01 %."""
POINT = 0.01
"""The same for a yield: one basis point, in percent."""
NEWS = timedelta(days=7)
"""How long two closes that differ are named on the line."""
ROUNDING = 1e-9

Known = Mapping[str, Mapping[date, StoredClose]]


def with_officials(
    snapshot: Snapshot, closes: Closes, order: tuple[str, ...], calendars: Calendars, now: datetime
) -> Snapshot:
    """The snapshot with the official closes that its rows lack, by the sources of `order`, the first trusted most."""
    if not order or not closes:
        return snapshot
    rows = tuple(
        msgspec.structs.replace(
            row, official=official(row, closes.get(row.symbol, {}), order, calendars.of(row.calendar, now.date()), now)
        )
        for row in snapshot.instruments
    )
    return msgspec.structs.replace(snapshot, instruments=rows)


def official(row: Row, known: Known, order: tuple[str, ...], calendar: Calendar, now: datetime) -> Quote | None:
    """The newest official close another source has, None where the row's own is as new; change between its own two."""
    found = _newest(row.symbol, known, order, calendar.closed(now).day)
    if found is None or not _is_news(row.quote, found[1]):
        return None
    source, day = found
    before = calendar.on_or_before(day - DAY).day
    return _quote(row, known[source], source, day, before, calendar)


def _newest(symbol: str, known: Known, order: tuple[str, ...], closed: date) -> tuple[str, date] | None:
    """Of the newest session anybody has a close of, who is trusted most."""
    days = {
        source: max((day for day in known.get(source, {}) if day <= closed), default=None)
        for source in order
        if series_of(source, symbol) is not None
    }
    newest = max((day for day in days.values() if day is not None), default=None)
    return next(((source, newest) for source, day in days.items() if day == newest), None) if newest else None


def _is_news(quote: Quote | None, day: date) -> bool:
    if quote is None or quote.session is None:
        return True
    return quote.session < day or (quote.session == day and quote.state != "final")


def _quote(
    row: Row, closes: Mapping[date, StoredClose], source: str, day: date, before: date, calendar: Calendar
) -> Quote:
    last = closes[day].close
    previous = closes[before].close if before in closes else None
    change = None if previous is None else last - previous
    in_points = row.kind == "yield"
    series = series_of(source, row.symbol)
    return Quote(
        last=last,
        time=close_time(calendar, day, row.kind).astimezone(calendar.zone),
        session=day,
        state="final",
        previous_close=previous,
        previous_session=None if previous is None else before,
        change=change,
        change_percent=None if change is None or previous is None or in_points else 100.0 * change / previous,
        change_points=None if change is None or not in_points else 100.0 * change,
        source=source,
        basis=series.basis if series else "close",
        made_of=series.made_of if series else None,
    )


def series_of(source: str, symbol: str) -> Series | None:
    """What a source publishes of a symbol; None for a source or a series this version does not know."""
    known = close_sources().get(source)
    return known.series.get(symbol) if known else None


def disagreements(
    known: Iterable[tuple[Instrument, Bars]], closes: Closes, order: tuple[str, ...], since: date
) -> tuple[str, ...]:
    """Sessions from `since` on of which the bars and another source give two closes, a sentence each."""
    return tuple(
        sentence
        for one, bars in known
        for source in order
        if (series := series_of(source, one.symbol)) is not None and series.same
        for sentence in _apart(one, bars, source, closes.get(one.symbol, {}).get(source, {}), since)
    )


def _apart(one: Instrument, bars: Bars, source: str, closes: Mapping[date, StoredClose], since: date) -> Iterator[str]:
    title = close_sources()[source].title
    for day, stored in closes.items():
        place = bars.index_of(day) if day >= since else None
        if place is None:
            continue
        ours, theirs = float(bars.close[place]), stored.close
        most = POINT if one.kind == "yield" else APART * theirs
        if abs(ours - theirs) > most * (1.0 + ROUNDING):
            when = f"{day:%a} {day.day} {day:%b %Y}"
            yield f"{one.short} close of {when}: {ours:,.2f} by the bars, {theirs:,.2f} by {title}"
