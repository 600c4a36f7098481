"""The words of a claim brought to one spelling: instruments, comparisons, numbers, and what may be left out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..model.instrument import Instrument

NAMES: Mapping[str, str] = {
    "russell 2000": "^RUT", "russell": "^RUT",
    "s&p 500": "^GSPC", "s&p500": "^GSPC", "s&p": "^GSPC", "sp500": "^GSPC",
    "dow jones industrial average": "^DJI", "dow jones industrials": "^DJI", "dow jones": "^DJI", "dow": "^DJI",
    "nasdaq composite": "^IXIC", "nasdaq": "^IXIC", "nasdaq 100": "^NDX", "nasdaq-100": "^NDX",
    "euro stoxx 50": "^STOXX50E", "euro stoxx": "^STOXX50E", "asx 200": "^AXJO",
    "hang seng index": "^HSI", "hang seng": "^HSI", "ftse": "^FTSE", "nikkei": "^N225",
    "10-year yield": "^TNX", "ten-year yield": "^TNX", "10-year treasury yield": "^TNX",
}  # fmt: skip
"""Names in prose beside an instrument's own symbol, short and full name."""

COMMON = frozenset({"volatility"})
"""Names of instruments that are words of claims first."""
AMBIGUOUS: Mapping[str, str] = {"nasdaq": "Nasdaq is read as the Composite (COMP); the Nasdaq 100 is NDX"}
SLOT = r"@\d+"
LIST = rf"{SLOT}(?:(?:,? (?:and|or|&) |, ?){SLOT})*"
SHORTEST = 3
"""Shorter names must be written as they are, or every "a" would be an instrument."""

NUMBER = r"[+-]?\d+(?:\.\d+)?"
UNITS = r"%|pp|bp|points"

_SPELLINGS = (
    (r"[\u2019\u2018`]", "'"), (r"[−–—]", "-"), (r"(?<=\d),(?=\d{3}(?!\d))", ""),
    (r"\bper ?cent(?:age)? points?\b", "pp"), (r"\b(?:per ?cent|pct)\b", "%"), (r"\s*%", " %"),
    (r"\b(?:basis points?|bps)\b|(?<=\d)\s*bp\b", " bp"), (r"(?<=\d)-?\s*(?:points?|pts?)\b", " points"),
    (r"'s\b|s'(?= )", ""), (r"[\"“”;:!?]|\.(?=\s|$)", " "),
    (r"(?<!\bin )\b(?:a|per|each) year\b|\bannuali[sz]ed\b|\bp\.?a\b", "annually"),
)  # fmt: skip
_COMPARISONS = (
    (r"(?:at least|no less than|not less than|>=|≥)", ">="),
    (r"(?:at most|no more than|not more than|<=|≤)", "<="),
    (r"(?:(?:well )?(?:over|more than)|exceeding|greater than|>)", ">"),
    (r"(?:under|less than|fewer than|<)", "<"),
    (r"(?:about|around|roughly|approximately|nearly|almost|circa|close to|near|some|~|≈)", "~"),
)
_DROPPED = frozenset({
    "the", "a", "an", "its", "it", "itself", "has", "had", "have", "is", "was", "were", "are", "been", "just", "did",
    "do", "does", "that", "of", "by", "with", "at", "also", "both", "for", "only", "again", "then", "index", "cash",
})  # fmt: skip


@dataclass(frozen=True)
class Found:
    """The text with each instrument as @0, @1 ..., the instruments, and what had to be assumed."""

    text: str
    instruments: tuple[Instrument, ...]
    notes: tuple[str, ...]


def spelled(claim: str) -> str:
    """The claim with one spelling of minus, percent, points and thousands; its capitals are kept."""
    text = claim
    for pattern, written in _SPELLINGS:
        text = re.sub(pattern, written, text, flags=re.IGNORECASE)
    return " ".join(text.split())


def with_slots(text: str, among: Iterable[Instrument]) -> Found:
    """Put a slot in the place of every instrument that is named, the longest name first."""
    names = _names(among)
    wanted = sorted(names, key=len, reverse=True)
    pattern = re.compile("|".join(map(_named, wanted)), re.IGNORECASE)
    taken: list[Instrument] = []
    notes: list[str] = []

    def slot(match: re.Match[str]) -> str:
        name = match.group(0).lower()
        if len(name) < SHORTEST and match.group(0) != names[name].short:
            return match.group(0)
        if names[name] not in taken:
            taken.append(names[name])
        notes.extend(note for note in (AMBIGUOUS.get(name),) if note and note not in notes)
        return f"@{taken.index(names[name])}"

    return Found(pattern.sub(slot, text).lower(), tuple(taken), tuple(notes))


def _named(name: str) -> str:
    return rf"(?<![\w^&.@]){re.escape(name)}(?![\w=&]|\.\w)"


def _names(among: Iterable[Instrument]) -> dict[str, Instrument]:
    listed = list(among)
    by_symbol = {one.symbol: one for one in listed}
    names = {name: by_symbol[symbol] for name, symbol in NAMES.items() if symbol in by_symbol}
    for one in listed:
        spellings = (one.name, one.short, one.symbol.lstrip("^"), one.symbol, f"^{one.short}")
        names |= {spelling.lower(): one for spelling in spellings if spelling.lower() not in COMMON}
    return names


def plain(text: str) -> str:
    """Comparisons as signs, what carries no meaning left out, "X of @0" turned to "@0 X"."""
    for words, sign in _COMPARISONS:
        text = re.sub(rf"(?<!\w){words}(?=\s*(?:{NUMBER}|all|half|double|twice)\b)", f" {sign} ", text)
    text = re.sub(rf"^(?:the )?([^@]{{2,60}}?) of (?:the )?({LIST})(?!\w)", r"\2 \1", text)
    kept = (word if word.startswith("@") else word.strip(",.") for word in text.split())
    return " ".join(word for word in kept if word and word not in _DROPPED)
