"""The dates of a claim: a day, week, month, quarter, year or span in words, and what is left of the text.

Weeks are ISO weeks. Words like "last week" are read from the day a claim looks back from, or `today`; a claim
without any date is about the last final session, which the bars decide.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

DAY = timedelta(days=1)
_MONTH_NAMES = (*enumerate(calendar.month_name), *enumerate(calendar.month_abbr), (9, "sept"))
MONTHS = {name.lower(): number for number, name in _MONTH_NAMES if name}
WEEKDAYS = tuple(name.lower() for name in calendar.day_name)
UNITS = ("day", "week", "month", "quarter", "year")
YEARS = range(1000, 10_000)
QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(WEEKDAYS)
_ISO = r"\d{4}-\d{1,2}-\d{1,2}"
_QUARTER = r"q[1-4] \d{4}|\d{4} ?q[1-4]"
_SPAN = rf"{_ISO}|{_QUARTER}|(?:{_MONTH}) \d{{4}}|\d{{4}}-\d{{2}}(?!\d)|(?:19|20)\d{{2}}(?![\d.])"
_NAMED_UNIT = (
    r"(?<![-\w])(?<!\d )(?:(?:in|for|during|over|on) )?(?:the )?(day|week|month|quarter|year)\b"
    r"(?! (?:highs?|lows?|range|average|(?:(?:prior|earlier) )?gains?))"
)
_LENGTH = r"(?! (?:years?|months?|weeks?|sessions?|days?|points?)\b| ?%| ?pp| ?bp)"

_AS_OF = (
    rf"\b(as of|as at|until|till|up to|(?<!broke )(?<!rose )(?<!fell )through|before) (?:the )?(?:end of )?({_SPAN})"
)


class WhenError(Exception):
    """A date that is malformed, in the future, or contradicts its weekday."""


@dataclass(frozen=True)
class Span:
    """Calendar days from `first` to `last`, both included; `unit` is dates for two given ends."""

    unit: str
    first: date
    last: date


@dataclass(frozen=True)
class When:
    """What a claim says of time: its own span, an open start, the day from which it looks back.

    `unit` is the length meant where no span is given.
    """

    span: Span | None = None
    since: Span | None = None
    as_of: date | None = None
    unit: str = "day"

    @property
    def cutoff(self) -> date | None:
        """The last day whose bar may be looked at; None for all."""
        return self.as_of or (self.span.last if self.span else None)


def read_when(text: str, today: date) -> tuple[When, str]:
    """The times a claim names, and the text without them. Raises WhenError."""
    reader = _Reader(_with_iso_dates(text), today)
    reader.read()
    return reader.when, " ".join(reader.text.split())


def span_of(day: date, unit: str) -> Span:
    """The day, week, month, quarter or year around a day."""
    if unit == "day":
        return Span("day", day, day)
    if unit == "week":
        monday = day - day.weekday() * DAY
        return Span("week", monday, monday + 6 * DAY)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    first = day.replace(day=1, month=day.month - (day.month - 1) % months)
    end = first.month + months - 1
    return Span(unit, first, date(day.year, end, calendar.monthrange(day.year, end)[1]))


def _with_iso_dates(text: str) -> str:
    """Dates in words as 2025-10-17, and a weekday before a date checked and dropped."""
    text = re.sub(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({_MONTH})\.?,? (\d{{4}})", _day_first, text)
    text = re.sub(rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})", _month_first, text)
    return _without_weekdays(text)


def _without_weekdays(text: str) -> str:
    names = "|".join(f"{name}|{name[:3]}" for name in WEEKDAYS)
    return re.sub(rf"\b({names}),? ({_ISO})", _checked_weekday, text)


def _with_years(text: str, latest: date) -> str:
    """A day or month without its year as the newest one that had begun: Oct 17, in October."""

    def written(month: str, day: str) -> str:
        for year in range(latest.year, latest.year - 9, -1):
            found = f"{year}-{MONTHS[month]:02d}-{int(day):02d}"
            try:
                if date.fromisoformat(found) <= latest:
                    return found
            except ValueError:
                continue
        return f"{latest.year}-{MONTHS[month]:02d}-{int(day):02d}"

    th, ends = r"(?:st|nd|rd|th)?\b", rf"(?!\.\d){_LENGTH}"
    text = re.sub(rf"(?<!in )\b({_MONTH})\.? (\d{{1,2}}){th}{ends}", lambda it: written(it[1], it[2]), text)
    day_first = rf"(?<=on )(?:the )?(\d{{1,2}}){th} (?:of )?({_MONTH})\b(?! \d{{4}})"
    text = re.sub(day_first, lambda it: written(it[2], it[1]), text)
    month = rf"(?<=\bin )({_MONTH})\b(?!\.? \d{{4}})"
    return _without_weekdays(re.sub(month, lambda it: written(it[1], "1")[:7], text))


def _day_first(match: re.Match[str]) -> str:
    return f"{match[3]}-{MONTHS[match[2]]:02d}-{int(match[1]):02d}"


def _month_first(match: re.Match[str]) -> str:
    return f"{match[3]}-{MONTHS[match[1]]:02d}-{int(match[2]):02d}"


def _checked_weekday(match: re.Match[str]) -> str:
    name = WEEKDAYS[parsed_day(match[2]).weekday()]
    if not name.startswith(match[1]):
        raise WhenError(f"{match[2]} was a {name.capitalize()}")
    return match[2]


def parsed_day(text: str) -> date:
    """A date as written. Raises WhenError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WhenError(f"{text!r} is not a date; write it like 2025-10-17") from None


_Use = Callable[[re.Match[str]], None]


class _Reader:
    """Takes one phrase of time after another out of the text."""

    def __init__(self, text: str, today: date) -> None:
        self.text = text
        self.today = today
        self.when = When()

    @property
    def latest(self) -> date:
        """The day from which "last week" and "on Friday" look back."""
        return self.when.as_of or self.today

    def read(self) -> None:
        if odd := re.search(r"\b\d{1,4}[/.]\d{1,2}[/.]\d{2,4}\b", self.text):
            parsed_day(odd[0])
        self._take(_AS_OF, self._as_of)
        self.text = _with_years(self.text, self.latest)
        if self.when.as_of is None:
            self._take(_AS_OF, self._as_of)
        self._take(rf"\b(?:between|from) ({_SPAN}) (?:and|to|until) ({_SPAN})", self._between)
        self._take(rf"\bsince (?:the |its )*({_SPAN})(?: (?:peak|high|record))?", self._since)
        self._take(rf"\b(?:(?:in|for|during|over) )?(?:the )?week of ({_ISO})", self._week)
        self._take(
            rf"\b(?:(?:in|for|during|over) )?(?:the )?(week|month|quarter|year) (?:ended|ending) (?:on )?({_ISO})",
            self._ended,
        )
        self._take(r"\b(?:in|during|over|for) (?:the )?(\w+) quarter of (\d{4})", self._quarter)
        self._take(rf"\b(?:in|during|for|on|by) (?:the )?(?:month of |year )?({_SPAN}){_LENGTH}", self._plain)
        for _ in range(2):
            self._take(rf"(?<![\w.-])(?:(?:by|of|at) )?({_ISO})", self._plain)
        self._take(rf"\b(?:(?:on|by) )?(?:last )?({_WEEKDAY})\b(?! gain)", self._weekday)
        self._take(r"\b(?:on )?(today|yesterday)\b", self._relative_day)
        self._take(r"\b(?:(?:in|for|during|over) )?(this|last) (week|month|quarter|year)\b", self._relative)
        self._take(r"\b(week|month|quarter|year)[- ]to[- ]date\b|\b([mqy])td\b", self._to_date)
        self._take(_NAMED_UNIT, self._named)
        self._take(r"\b(dai|week|month|quarter|year)ly\b(?! (?:high|low))", self._named)

    def _take(self, pattern: str, use: _Use) -> None:
        match = re.search(pattern, self.text)
        if match is None:
            return
        use(match)
        self.text = f"{self.text[: match.start()]} {self.text[match.end() :]}"

    def _as_of(self, match: re.Match[str]) -> None:
        span = self._span(match[2])
        self.when = replace(self.when, as_of=span.first - DAY if match[1] == "before" else span.last)

    def _between(self, match: re.Match[str]) -> None:
        one, other = self._span(match[1]), self._span(match[2])
        first = one.first if one.unit == "day" else one.last
        if first >= other.last:
            raise WhenError(f"{match[2]} is not after {match[1]}")
        self.when = replace(self.when, span=Span("dates", first, other.last))

    def _since(self, match: re.Match[str]) -> None:
        self.when = replace(self.when, since=self._span(match[1]))

    def _week(self, match: re.Match[str]) -> None:
        self._put(span_of(self._day(match[1]), "week"))

    def _ended(self, match: re.Match[str]) -> None:
        day = self._day(match[2])
        self._put(span_of(day, match[1]))
        self.when = replace(self.when, as_of=self.when.as_of or day)

    def _to_date(self, match: re.Match[str]) -> None:
        self._unit(match[1] or {"m": "month", "q": "quarter", "y": "year"}[match[2]])

    def _quarter(self, match: re.Match[str]) -> None:
        if match[1] not in QUARTERS:
            raise WhenError(f"there is no {match[1]} quarter")
        self._put(self._span(f"q{QUARTERS[match[1]]} {match[2]}"))

    def _plain(self, match: re.Match[str]) -> None:
        self._put(self._span(match[1]))

    def _put(self, span: Span) -> None:
        """The claim's own span; of two the later is the day it looks back from."""
        first, as_of = self.when.span, self.when.as_of
        if first is None:
            self.when = replace(self.when, span=span)
        elif as_of is None:
            earlier, later = sorted((first, span), key=lambda one: one.last)
            self.when = replace(self.when, span=earlier, as_of=later.last)

    def _weekday(self, match: re.Match[str]) -> None:
        span, number = self.when.span, WEEKDAYS.index(match[1])
        if span is not None and span.unit == "week":
            self.when = replace(self.when, span=span_of(span.first + number * DAY, "day"))
            return
        self._put(span_of(self.latest - (self.latest.weekday() - number) % 7 * DAY, "day"))

    def _relative_day(self, match: re.Match[str]) -> None:
        self._put(span_of(self.latest - (match[1] == "yesterday") * DAY, "day"))

    def _relative(self, match: re.Match[str]) -> None:
        now = span_of(self.latest, match[2])
        self._put(now if match[1] == "this" else span_of(now.first - DAY, match[2]))

    def _named(self, match: re.Match[str]) -> None:
        self._unit(match[1].replace("dai", "day"))

    def _unit(self, unit: str) -> None:
        span = self.when.span
        self.when = replace(self.when, unit=unit)
        if span is not None and span.unit == "day":
            as_of = self.when.as_of or span.last
            self.when = replace(self.when, span=span_of(span.last, unit), as_of=as_of)

    def _span(self, text: str) -> Span:
        span = _parsed_span(text)
        if span.first > self.today:
            raise WhenError(f"{text} is in the future")
        return span

    def _day(self, text: str) -> date:
        return self._span(text).first


def _parsed_span(text: str) -> Span:
    years = [int(year) for year in re.findall(r"\d{4}", text)]
    if not all(year in YEARS for year in years):
        raise WhenError(f"{text!r} is not a date; write it like 2025-10-17")
    if re.fullmatch(_ISO, text):
        return span_of(parsed_day(text), "day")
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
        if not 1 <= int(match[2]) <= 12:
            raise WhenError(f"{text!r} is not a month; write it like 2024-11")
        return span_of(date(int(match[1]), int(match[2]), 1), "month")
    if match := re.fullmatch(rf"({_MONTH}) (\d{{4}})", text):
        return span_of(date(int(match[2]), MONTHS[match[1]], 1), "month")
    if match := re.fullmatch(r"q(\d) (\d{4})|(\d{4}) ?q(\d)", text):
        year, quarter = int(match[2] or match[3]), int(match[1] or match[4])
        return span_of(date(year, 3 * quarter - 2, 1), "quarter")
    return span_of(date(int(text), 1, 1), "year")
