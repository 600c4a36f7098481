"""Reading a recap back: every number in its words, and what each source path leads to."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from tapewatch.core.model.recap import Recap, Statement
from tapewatch.core.model.snapshot import Snapshot

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NAMES = re.compile(
    r"two lows|no history|10-year yield|S&P 500|Russell 2000|Nasdaq 100|Euro Stoxx 50|ASX 200|SX5E|US10Y|FTSE 100"
    r"|sma\d+|SMA\d+"
)
NUMBER = re.compile(r"(?<![\w.])([+−]?)(\d[\d,]*)(\.\d+)?")
PATH = re.compile(r"(\w+)(?:\[([^\]]+)\])?")


def statements(recap: Recap) -> Iterator[Statement]:
    """Headings and sentences."""
    for part in recap.parts:
        yield part.heading
        yield from part.sentences


def unexplained(statement: Statement) -> list[str]:
    """Numbers in a text, in figures or in words, that are none of its figures rounded."""
    text = NAMES.sub(" ", statement.text)
    lost = [found[0] for found in NUMBER.finditer(text) if not any(_is(found, one) for one in values(statement))]
    small = {word for word in re.findall(r"[a-z]+", text.lower()) if word in WORDS}
    return lost + [word for word in small if float(WORDS.index(word)) not in values(statement)]


def values(statement: Statement) -> list[float]:
    """The figures as numbers; of a date its day and its year."""
    found: list[float] = []
    for value in statement.figures.values():
        if isinstance(value, str):
            day = date.fromisoformat(value)
            found += [float(day.day), float(day.year)]
        else:
            found.append(float(value))
    return found


def _is(found: re.Match[str], value: float) -> bool:
    sign, whole, rest = found.groups()
    written = float(whole.replace(",", "") + (rest or ""))
    decimals = len(rest) - 1 if rest else 0
    if sign and (value > 0) != (sign == "+"):
        return False
    return abs(abs(value) - written) <= float(0.5 * 10.0**-decimals) + 1e-9


def led_to(path: str, recap: Recap, snapshot: Snapshot) -> Any:
    """What a plain path leads to in the recap's tables or the snapshot; KeyError for anything else."""
    tables: dict[str, dict[str, Any]] = {
        "instruments": {row.symbol: row for row in snapshot.instruments},
        "flags": {flag.id: flag for flag in snapshot.flags},
        "by_index": {line.symbol: line for line in recap.by_index},
        "by_session": {line.day.isoformat(): line for line in recap.by_session},
    }
    head, _, rest = path.partition("].")
    name, _, key = head.partition("[")
    if name == "chance.expected":
        return snapshot.chance.expected
    at: Any = tables[name][key]
    for step in rest.split("."):
        at = getattr(at, step)
    return at


def is_plain(source: str) -> bool:
    """Whether a source is one path, not a formula or a definition."""
    return re.fullmatch(r"(instruments|by_index|by_session)\[[^\]]+\](\.\w+)+|chance\.expected", source) is not None
