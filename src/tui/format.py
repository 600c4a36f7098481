"""The one place that rounds: numbers, dates, times and ages as the desk writes them.

Pure and without a terminal, so the command line's text output uses it too.
"""

import re
from datetime import date, datetime

from ..core.model.instrument import letters, local

MINUS, NO_DATA, NO_BREAK = "−", "–", "\u00a0"
SMALL = 10.0
"""Prices under this have three decimals, all others two."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FORMS = (",.0f", ",.1f", ",.2f", ",.3f")
_NOT_ZERO = frozenset("123456789")
_HYPHEN = re.compile(r"(?<![\w.,])-(?=\d)")
_UNIT = re.compile(r"(?<=[\d.]) (?=%|pp\b|bp\b|ATR\b|s\.)")


def number(value: float | None, decimals: int = 2) -> str:
    """Thousands by comma, the minus sign U+2212, an en dash for None; never a negative zero."""
    if value is None:
        return NO_DATA
    text = format(value, _FORMS[decimals] if decimals < len(_FORMS) else f",.{decimals}f")
    if text.startswith("-"):
        return text[1:] if _is_zero(text) else MINUS + text[1:]
    return text


def _is_zero(text: str) -> bool:
    return _NOT_ZERO.isdisjoint(text)


def decimals_of(price: float | None) -> int:
    """Decimals a price of this size is written with."""
    return 3 if price is not None and abs(price) < SMALL else 2


def price(value: float | None, decimals: int | None = None) -> str:
    """``46,190.61``, and ``4.007`` under ten; with so many decimals where somebody has set them."""
    return number(value, decimals_of(value) if decimals is None else decimals)


def signed(value: float | None, decimals: int = 2) -> str:
    """Always with a sign, but for what rounds to zero."""
    text = number(value, decimals)
    if value is None or text.startswith(MINUS) or _is_zero(text):
        return text
    return f"+{text}"


def change(value: float | None, last: float | None, decimals: int | None = None) -> str:
    """A change in the price's own units and decimals: ``+34.94``, ``+0.031``."""
    return signed(value, decimals_of(last) if decimals is None else decimals)


def basis_points(value: float | None) -> str:
    """``+3.1bp``."""
    return NO_DATA if value is None else f"{signed(value, 1)}bp"


def sign_of(text: str) -> int:
    """1, -1 or 0 of a number as written: a change that rounds to zero has no direction."""
    if text.startswith(MINUS):
        return -1
    return 1 if text.startswith("+") else 0


def count(value: float | None) -> str:
    """No decimals: ``1,898``."""
    return number(value, 0)


def session_date(day: date | None, today: date | None = None) -> str:
    """``17 Oct``; in another year than today's ``Jan ’18``."""
    if day is None:
        return NO_DATA
    if today is not None and day.year != today.year:
        return f"{_MONTHS[day.month - 1]} ’{day.year % 100:02d}"
    return f"{day.day} {_MONTHS[day.month - 1]}"


def weekday(day: date | None) -> str:
    """``Wed``."""
    return NO_DATA if day is None else _DAYS[day.weekday()]


def weekday_date(day: date | None) -> str:
    """``Fri 17 Oct``."""
    return NO_DATA if day is None else f"{weekday(day)} {session_date(day)}"


LONG_AGO = 300
"""Days from which a date without its year would be taken for a recent one."""


def dated(day: date | None, today: date) -> str:
    """``Fri 17 Oct``; with its year where that is another than today's or the day is long ago."""
    if day is None:
        return NO_DATA
    year = f" {day.year}" if day.year != today.year or (today - day).days > LONG_AGO else ""
    return f"{weekday_date(day)}{year}"


def weekday_number(day: date | None) -> str:
    """``Thu 16``."""
    return NO_DATA if day is None else f"{weekday(day)} {day.day}"


def in_zone(time: datetime, zone: str) -> datetime:
    """The time as the clocks of a zone show it; in UTC where there is no such zone."""
    return local(time, zone)


def clock(time: datetime | None, zone: str) -> str:
    """``14:20``."""
    return NO_DATA if time is None else f"{in_zone(time, zone):%H:%M}"


def clock_seconds(time: datetime | None, zone: str) -> str:
    """``14:20:05``."""
    return NO_DATA if time is None else f"{in_zone(time, zone):%H:%M:%S}"


def zone_name(time: datetime | None, zone: str) -> str:
    """``ET`` for both of New York's names; else the zone's own letters, never an offset."""
    return "" if time is None else letters(in_zone(time, zone))


def age(seconds: float) -> str:
    """Steps an eye can follow: seconds to ten, tens to a minute, then minutes, hours, days."""
    whole = max(0, int(seconds))
    if whole < 10:
        return f"{whole} s"
    if whole < 60:
        return f"{whole // 10 * 10} s"
    return _minutes(whole // 60)


def _minutes(minutes: int) -> str:
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def until(seconds: float) -> str:
    """Time to a bell in whole minutes, the last one in tens of seconds: ``1 h 39 min``."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole // 10 * 10} s"
    return _minutes(whole // 60)


def until_short(seconds: float) -> str:
    """Hours and minutes to a bell: ``1:39``."""
    minutes = max(0, int(seconds)) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"


def countdown(seconds: float) -> str:
    """Minutes and seconds to a next try, in tens above ten seconds: ``3:20``, ``9 s``."""
    whole = max(0, int(seconds))
    if whole <= 10:
        return f"{whole} s"
    whole = whole // 10 * 10
    return f"{whole // 60}:{whole % 60:02d}" if whole >= 60 else f"{whole} s"


def one_in(share: float | None) -> str:
    """``1 day in 246`` of a share of days (0-1)."""
    if share is None or share <= 0:
        return NO_DATA
    return f"1 day in {count(1 / share)}"


def typeset(sentence: str) -> str:
    """A sentence with real minus signs, and units that cannot be parted from their numbers."""
    return _UNIT.sub(NO_BREAK, _HYPHEN.sub(MINUS, sentence))
