"""From a claim in words to the form it has: its instruments, dates, basis, and the words that are left.

Forms are tried in the order of their families; the whole of the text must fit, so that nothing a claim
says is silently left out.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from ..model.claim import Part
from ..model.instrument import Instrument
from .judging import Ask, Claimed, Form
from .when import When, read_when
from .words import LIST, NUMBER, UNITS, plain, spelled, with_slots

_BASES = (
    ("O>C", r"\bo>c\b|\b(?:monday )?open[- ]to[- ](?:friday )?close\b"),
    ("1stC>C", r"\b1stc>c\b|\b(?:monday|first) close to (?:friday |last )?close\b"),
    ("w/w", r"\bw/w\b|\bweek[- ]on[- ]week\b|\bfriday to friday\b"),
    (
        "close",
        r"\bon (?:the )?(?:closes|closing basis|a closing basis)\b|\b(?:closing|close) (?=record|high|low|52-week)",
    ),
    ("close", r"(?<=record) close\b"),
    ("intraday", r"\b(?:on an )?intraday(?: basis)?\b"),
)
_FRESH, _EXTREME = r"(?:(?:new|fresh|another) )*", r"record\b|52-week +(?:high|low)"
_SYNONYMS = (
    (r"\b(?:all[- ]?time|lifetime|record) highs?\b|\bath\b|\brecords\b", "record"),
    (r"\brecord (intraday|closing|close) (?=high|level|peak)", r"\1 record "),
    (r"\brecord (?:high|peak|level)s?\b", "record"),
    (r"\b(?:(\d+)[- ]?day )?(?:sma|dma|simple moving average|moving average)s?(?:[- ]?(\d+))?\b", r"\1\2-day average"),
    (r"\b(\d+)[- ]days? (?:average)", r"\1-day average"), (r"\b(\d+)- and (?=\d+[- ]day)", r"\1-day and "),
    (r"\b(did|does|do|has|had|have|is|was|were)n't\b", r"\1 not"), (r"\blost ground\b", "fell"),
    (r"\bgained ground\b", "rose"), (r"(?<=% )off (?:its|the) (?:highs?|peak)\b", "off its record"),
    (r"\b(?:more than|over) doubled\b", "rose over 100 %"), (r"\b(nearly|almost) doubled\b", r"rose \1 100 %"),
    (r"\bdoubled\b", "rose at least 100 %"),
    (r"\b(?:more than|over) tripled\b", "rose over 200 %"), (r"\btripled\b", "rose at least 200 %"),
    (r"\bhalved\b", "fell at least 50 %"), (r"\bw/w\b|\bweek[- ](?:on|over)[- ]week\b", "weekly w/w"),
    (r"\b(?:52|fifty-two)[- ]weeks?\b|\bone-year (?=high|low|range)|\byear (?=high|low)", "52-week "),
    (rf"\bclos(?:ing|e) (?={_EXTREME})", "on closes "),
    (rf"\b(?:close[ds]?|closing|ended|finished|settled) at (?:(?:a|an|its|the) )?(?={_FRESH}(?:{_EXTREME}))",
     "made on closes "),
    (rf"\bat (?:a|an) (?={_FRESH}(?:(?:on closes|intraday) )?(?:{_EXTREME}))", "made "),
    (r"\bclosing\b", "closed"), (r"\bopening (?=near)", "opened "), (r"\bbasis\b", ""),
)  # fmt: skip
YEARS_OF_CLAIMS = range(1900, 2100)
_COUNTS: dict[str, int] = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_WORD = r"(?!(?:days?|weeks?|months?|years?|sessions?|\d+)\b)[\w^=.&-]+"
_LENGTHS = r"(?=[- ](?:years?|months?|weeks?|sessions?|days?|straight|consecutive)\b)"


class UnknownFormError(Exception):
    """No form fits; `nearest` are examples of known forms, the most similar first."""

    def __init__(self, nearest: Sequence[str]) -> None:
        super().__init__("no known form of claim")
        self.nearest = tuple(nearest)


class ClaimError(Exception):
    """A claim that means nothing: a percentage of a yield, a spread without a period."""


class UnknownSymbolError(Exception):
    """A form fits, but this word stands where an instrument should."""


@dataclass(frozen=True)
class Parsed:
    """A claim that found its form; `words` are the named groups of the pattern."""

    form: Form
    words: dict[str, str | None]
    instruments: tuple[Instrument, ...]
    when: When
    basis: str
    notes: tuple[str, ...]
    negated: bool = False
    never: bool = False


def form(
    name: str, example: str, pattern: str, judge: Callable[[Ask], Iterable[Part]], *, searches: bool = False
) -> Form:
    """A form of claim. In the pattern {A} and {B} are instruments, {N} and {M} numbers, {P} a price."""
    return Form(name, example, _compiled(pattern, LIST), judge, searches)


def with_unit(claimed: Claimed | None) -> Claimed | None:
    """A number that could be points as well as percent. Raises ClaimError for one without its unit."""
    if claimed is None or claimed.unit:
        return claimed
    year = f', or "in {claimed.value:.0f}"' if claimed.value in YEARS_OF_CLAIMS else ""
    number = f"{claimed.value:.10g}"
    raise ClaimError(f'{number} of what? write "{number} points" or "{number} %"{year}')


def _compiled(pattern: str, slot: str) -> re.Pattern[str]:
    tokens = {"{A}": rf"(?P<a>{slot})", "{B}": rf"(?P<b>{slot})", "{P}": _number("n", "~")}
    tokens |= {"{N}": _number("n", "~|>=|<=|>|<"), "{M}": _number("m", "~|>=|<=|>|<")}
    for token, written in tokens.items():
        pattern = pattern.replace(token, written)
    return re.compile(pattern)


def _number(name: str, comparisons: str) -> str:
    return rf"(?:(?P<{name}_how>{comparisons}) ?)?(?P<{name}>{NUMBER})(?: ?(?P<{name}_unit>{UNITS}))?"


def parse(claim: str, among: Iterable[Instrument], today: date, forms: Sequence[Form]) -> Parsed:
    """The form of a claim. Raises WhenError, UnknownSymbolError and UnknownFormError."""
    found = with_slots(_counted(spelled(claim)), among)
    text = found.text
    for pattern, written in _SYNONYMS:
        text = re.sub(pattern, written, text)
    when, text = read_when(text, today)
    basis, text = _basis(text)
    text = plain(text)
    for negated, said in ((False, text), (True, _without_no(text))):
        fitting = _fitting(said, forms)
        if fitting is not None:
            never = negated and re.search(r"\b(?:never|not once)\b", text) is not None
            return Parsed(*fitting, found.instruments, when, basis, found.notes, negated, never)
    raise _unknown(text, forms)


def _without_no(text: str) -> str:
    return re.sub(r"\b(?:not once|not|never|no) ", "", text, count=1)


def _fitting(text: str, forms: Sequence[Form]) -> tuple[Form, dict[str, str | None]] | None:
    for one in forms:
        match = one.pattern.fullmatch(text)
        if match is not None:
            return one, match.groupdict()
    return None


def _counted(text: str) -> str:
    """Small numbers in words before a length of time as digits: three years, 3 years."""
    words = "|".join(_COUNTS)
    return re.sub(rf"\b({words})\b{_LENGTHS}", lambda match: str(_COUNTS[match[1].lower()]), text, flags=re.IGNORECASE)


def _basis(text: str) -> tuple[str, str]:
    for name, pattern in _BASES:
        match = re.search(pattern, text)
        if match is not None:
            return name, " ".join(f"{text[: match.start()]} {text[match.end() :]}".split())
    return "", text


def _unknown(text: str, forms: Sequence[Form]) -> Exception:
    """What is wrong with a text no form fits: a word in an instrument's place, or everything."""
    for one in forms:
        loose = re.compile(one.pattern.pattern.replace(LIST, rf"(?:{LIST}|{_WORD})"))
        match = loose.fullmatch(text)
        if match is not None:
            slots = (match.groupdict().get(slot) or "@" for slot in "ab")
            return UnknownSymbolError(next(word for word in slots if not word.startswith("@")))
    return UnknownFormError(_nearest(text, forms))


def _nearest(text: str, forms: Sequence[Form]) -> list[str]:
    def likeness(one: Form) -> float:
        words, example = set(re.findall(r"[a-z]+", text)), one.example.lower()
        shared = len(words & set(re.findall(r"[a-z]+", example)))
        return shared + SequenceMatcher(None, text, example).ratio()

    return [one.example for one in sorted(forms, key=likeness, reverse=True)]
