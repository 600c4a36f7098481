"""What each kind of alert looks at in a snapshot: whether its condition holds, does not, or cannot be told."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from ..model.alert import AlertSetting
from ..model.flag import Flag
from ..model.measures import Level
from ..model.snapshot import Row, Snapshot
from ..silence import when

KNOWN = ("live", "delayed", "late", "closed")
"""Freshness of a row whose price an alert may stand on."""
OLD = ("stale", "frozen", "ahead")
MANY = 0.25
"""Share of the board that must be old before the prices as a whole are."""
NAMED = 5
"""Old prices named one by one."""
GROWS = ("forming", "provisional", "confirmed")
"""States of a flag, each of which holds the ones before it."""
SEVERITIES = ("info", "watch", "notable", "rare")
CAME_TRUE = ("touched", "closed above", "closed below")
USER = "user level"


class Reading(NamedTuple):
    """One subject of an alert: `on` is None where it cannot be told.

    `token` names the occurrence, empty where only a crossing counts; one that comes `once` is never told twice.
    """

    subject: str
    on: bool | None
    text: str = ""
    token: str = ""
    once: bool = False
    symbol: str = ""


def readings(setting: AlertSetting, snapshot: Snapshot) -> tuple[Reading, ...]:
    """Everything an alert looks at, as this snapshot has it."""
    if setting.on == "flag":
        return tuple(_flags(setting, snapshot))
    if setting.on == "stale":
        return (_stale(setting, snapshot),)
    row = snapshot.row(setting.symbol)
    if row is None:
        return ()
    return tuple(_OF_ROW[setting.on](setting, row)) if setting.on in _OF_ROW else ()


def is_gone(setting: AlertSetting, subject: str, snapshot: Snapshot) -> bool:
    """Whether a flag that the snapshot does not list is off, and not merely not judged yet."""
    if setting.on != "flag" or any(flag.id == subject for flag in snapshot.flags):
        return False
    watched = subject.split(":")[1:2]
    row = snapshot.row(watched[0]) if watched else None
    return row is not None and row.quote is not None


# -- flags ----------------------------------------------------------------------------------------------


def _flags(setting: AlertSetting, snapshot: Snapshot) -> Iterator[Reading]:
    for flag in snapshot.flags:
        if setting.rule in ("", flag.rule) and setting.symbol in ("", flag.watched):
            on = _flag_is(flag, setting)
            begun = flag.continues or flag.session
            once = setting.state in ("confirmed", "faded")
            yield Reading(flag.id, on, _flag_words(flag, snapshot), begun.isoformat(), once, flag.watched)


def _flag_is(flag: Flag, setting: AlertSetting) -> bool | None:
    if flag.state == "unknown":
        return True if setting.state == "unknown" else None
    if setting.state not in GROWS:
        return flag.state == setting.state
    reached = flag.state in GROWS and GROWS.index(flag.state) >= GROWS.index(setting.state)
    return reached and _rank(flag.severity) >= _rank(setting.severity)


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else 0


def _flag_words(flag: Flag, snapshot: Snapshot) -> str:
    title = flag.title or flag.rule.replace("-", " ")
    return f"{_short(flag.watched, snapshot)} {title} {flag.state}: {flag.brief or flag.sentence}"


def _short(symbol: str, snapshot: Snapshot) -> str:
    row = snapshot.row(symbol)
    return row.short if row else symbol


# -- age ------------------------------------------------------------------------------------------------


def _stale(setting: AlertSetting, snapshot: Snapshot) -> Reading:
    if not setting.symbol:
        rows = [row for row in snapshot.instruments if row.quote is not None]
        old = [row for row in rows if row.freshness in OLD]
        named = ", ".join(row.short for row in old[:NAMED]) + (
            f" and {len(old) - NAMED} more" if len(old) > NAMED else ""
        )
        said = f"{len(old)} of {len(rows)} prices are old: {named}"
        return Reading("prices", len(old) > MANY * len(rows) if rows else None, said)
    row = snapshot.row(setting.symbol)
    if row is None or row.quote is None:
        return Reading(setting.symbol, None)
    time = row.quote.time
    since = f", the last price is of {when(time, row.zone, snapshot.clock.now)}" if time else ""
    return Reading(setting.symbol, row.freshness in OLD, f"{row.short} is {row.freshness}{since}", symbol=row.symbol)


# -- prices ---------------------------------------------------------------------------------------------


class _Price(NamedTuple):
    """The price an alert stands on, and the session it is of."""

    value: float
    day: date | None


def _price(setting: AlertSetting, row: Row) -> _Price | None:
    """The last price, or the last final close; None where that is not known well enough."""
    quote = row.quote
    if quote is None or row.freshness not in KNOWN:
        return None
    if setting.basis == "close" and quote.state != "final":
        return None if quote.previous_close is None else _Price(quote.previous_close, quote.previous_session)
    return None if quote.last is None else _Price(quote.last, quote.session)


def _prices(setting: AlertSetting, row: Row) -> Iterator[Reading]:
    found = _price(setting, row)
    sides: tuple[tuple[str, float | None, Callable[[float, float], bool], str], ...] = (
        ("above", setting.above, float.__ge__, "at or above"),
        ("below", setting.below, float.__le__, "at or below"),
    )
    for side, limit, holds, words in sides:
        if limit is None:
            continue
        on = None if found is None else holds(float(found.value), float(limit))
        said = "" if found is None else f"{_named(setting, row, found)} is {words} {price(limit)}"
        yield Reading(side, on, said, symbol=row.symbol)


def _named(setting: AlertSetting, row: Row, found: _Price) -> str:
    return f"{row.short} {'closed at ' if setting.basis == 'close' else ''}{price(found.value)}"


def price(value: float) -> str:
    """``2,452.17``; three decimals under ten."""
    return f"{value:,.3f}" if abs(value) < 10 else f"{value:,.2f}"


def _record(setting: AlertSetting, row: Row) -> Iterator[Reading]:
    found = _price(setting, row)
    if row.record is None or found is None:
        yield Reading("record", None)
        return
    mark = row.record.close if setting.basis == "close" else row.record.intraday
    kind = "record close" if setting.basis == "close" else "intraday record"
    said = f"{row.short} made a new {kind}, {price(mark.price)}"
    yield Reading("record", found.day == mark.date, said, mark.date.isoformat(), True, row.symbol)


def _week_break(setting: AlertSetting, row: Row) -> Iterator[Reading]:
    found, week = _price(setting, row), row.week
    before = week.previous if week else None
    for side in ("above", "below"):
        if setting.side not in ("", "either", side):
            continue
        if found is None or week is None or before is None:
            yield Reading(side, None)
            continue
        edge = before.high if side == "above" else before.low
        reached = (week.high if side == "above" else week.low) if setting.basis == "last" else found.value
        on = reached > edge if side == "above" else reached < edge
        on = on and found.day is not None and found.day >= week.monday
        what = "above last week's high" if side == "above" else "under last week's low"
        said = f"{row.short} {'closed' if setting.basis == 'close' else 'went'} {what} {price(edge)}: {price(reached)}"
        yield Reading(side, on, said, week.monday.isoformat(), True, row.symbol)


# -- levels ---------------------------------------------------------------------------------------------


def _levels(setting: AlertSetting, row: Row) -> Iterator[Reading]:
    found = _price(setting, row)
    for level in row.levels:
        if setting.level in level.sources and not (setting.level == USER and level.sources[0] != USER):
            yield _level(setting, row, level, found)


def _level(setting: AlertSetting, row: Row, level: Level, found: _Price | None) -> Reading:
    low, high = _edges(setting, level)
    subject = setting.level if setting.level != USER else f"{USER} {low:g}-{high:g}"
    note = f" ({level.note})" if level.note else ""
    where = f"{setting.level} {price(low)}" + (f" to {price(high)}" if high > low else "") + note
    if found is None or (setting.level == USER and level.distance_points is None):
        return Reading(subject, None)
    if level.rule and setting.level == USER and not setting.side:
        day = level.trail[-1].date.isoformat() if level.trail else ""
        said = f"{row.short} {level.state} {where}"
        return Reading(subject, _came_true(level), said, day, True, row.symbol)
    on, did = _left(setting.side or "touch", row, low, high, found)
    token = found.day.isoformat() if found.day and setting.side in ("", "touch") else ""
    return Reading(subject, on, f"{row.short} {price(found.value)} {did} {where}", token, bool(token), row.symbol)


def _edges(setting: AlertSetting, level: Level) -> tuple[float, float]:
    """The level itself: several may stand on one line of the ladder, each at its own price."""
    if setting.level == USER or len(level.prices) != len(level.sources):
        return level.low, level.high
    at = level.prices[level.sources.index(setting.level)]
    return at, at


def _came_true(level: Level) -> bool:
    return level.state in CAME_TRUE or (level.state == level.rule and level.state != "")


def _left(side: str, row: Row, low: float, high: float, found: _Price) -> tuple[bool, str]:
    if side == "above":
        return found.value > high, "is above"
    if side == "below":
        return found.value < low, "is under"
    if side == "either":
        return not low <= found.value <= high, "has left"
    quote = row.quote
    least = quote.low if quote and quote.low is not None else found.value
    most = quote.high if quote and quote.high is not None else found.value
    return least <= high and most >= low, "touched"


_OF_ROW: dict[str, Callable[[AlertSetting, Row], Iterator[Reading]]] = {
    "price": _prices,
    "record": _record,
    "week-break": _week_break,
    "level": _levels,
}
