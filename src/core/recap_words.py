"""Figures in words: a number is written once, together with its full value and where it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .model.recap import Statement, Value

NO_BREAK = "\u00a0"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
"""Small counts as they are written in a sentence."""


@dataclass(frozen=True)
class Told:
    """A figure as it stands in a sentence, its value, and its source."""

    text: str
    value: Value
    source: str


def said(template: str, /, **figures: Told) -> Statement:
    """The sentence with its figures in their places."""
    return Statement(
        text=template.format(**{name: one.text for name, one in figures.items()}),
        figures={name: one.value for name, one in figures.items()},
        sources={name: one.source for name, one in figures.items()},
    )


def listed(
    parts: Iterable[tuple[str, dict[str, Told]]],
    before: str = "",
    after: str = ".",
    between: str = ", ",
    last: str = "",
) -> Statement:
    """Parts with figures of their own as one sentence, parted by commas; `last` stands before the last one."""
    kept = list(parts)
    figures = {f"{name}_{number}": one for number, (_, own) in enumerate(kept, 1) for name, one in own.items()}
    texts = [text.format(**{name: one.text for name, one in own.items()}) for text, own in kept]
    made = said("", **figures)
    text = between.join(texts[:-1]) + (last or between) + texts[-1] if len(texts) > 1 else texts[0]
    return Statement(text=f"{before}{text}{after}", figures=made.figures, sources=made.sources)


def capital(statement: Statement) -> Statement:
    """The sentence begun with a capital."""
    text = statement.text[:1].upper() + statement.text[1:]
    return Statement(text=text, figures=statement.figures, sources=statement.sources)


def number(value: float, source: str, decimals: int = 2, unit: str = "") -> Told:
    """``123.93``, with a unit that stays beside it."""
    return Told(_plain(value, decimals) + _unit(unit), value, source)


def size(value: float, source: str, decimals: int = 2, unit: str = "%") -> Told:
    """How much, without its sign: the words around it say which way."""
    return Told(_plain(abs(value), decimals) + _unit(unit), value, source)


def signed(value: float, source: str, decimals: int = 2, unit: str = "%") -> Told:
    """``+2.40 %``; what rounds to zero has no sign."""
    text = _plain(value, decimals)
    plus = "+" if direction(value, decimals) > 0 else ""
    return Told(plus + text + _unit(unit), value, source)


def price(value: float, source: str) -> Told:
    """``2,452.17``; three decimals under ten."""
    return Told(_plain(value, 3 if abs(value) < 10 else 2), value, source)


def ordinal(value: float, source: str) -> Told:
    """``70th``, of a percentile."""
    whole = round(value)
    tail = "th" if whole % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return Told(f"{whole}{tail}", value, source)


def count(value: int, source: str) -> Told:
    """``two``; from ten on in figures."""
    return Told(NUMBERS[value] if 0 <= value < len(NUMBERS) else f"{value:,}", float(value), source)


def whole(value: float, source: str) -> Told:
    """A count in figures: ``1,898``."""
    return Told(_plain(value, 0), float(value), source)


def year(value: int, source: str) -> Told:
    """``1987``."""
    return Told(str(value), float(value), source)


def weekday(day: date, source: str) -> Told:
    """``Wednesday``."""
    return Told(_DAYS[day.weekday()], day.isoformat(), source)


def dated(day: date, today: date, source: str) -> Told:
    """``15 October``; with its year where that is another than today's."""
    return Told(f"{day.day}{NO_BREAK}{_month(day, today)}", day.isoformat(), source)


def _month(day: date, today: date) -> str:
    name = _MONTHS[day.month - 1]
    return name if day.year == today.year else f"{name}{NO_BREAK}{day.year}"


def span(first: date, last: date) -> str:
    """``13–17 October 2025``; months and years named once where they are the same."""
    end = f"{last.day} {_MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return end
    if first.year != last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} {first.year}–{end}"
    if first.month != last.month:
        return f"{first.day} {_MONTHS[first.month - 1]}–{end}"
    return f"{first.day}–{end}"


def direction(value: float, decimals: int = 2) -> int:
    """1, -1 or 0 of a number as written."""
    rounded = round(value, decimals)
    return (rounded > 0) - (rounded < 0)


def plain(text: str) -> str:
    """Words from outside that cannot steer a template."""
    return text.replace("{", "").replace("}", "")


def plural(value: int, one: str, many: str) -> str:
    """The word that goes with a count."""
    return one if value == 1 else many


def _plain(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    if not text.startswith("-"):
        return text
    return f"−{text[1:]}" if any(one in text for one in "123456789") else text[1:]


def _unit(unit: str) -> str:
    return f"{NO_BREAK}{unit}" if unit else ""
