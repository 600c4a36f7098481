"""Every key of the settings file: what it does and what it may hold."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from .model.alert import CONDITIONS, FLAG_STATES, LEVELS, SIDES, WAYS
from .model.config import FeedSettings, ScreenSettings
from .model.harmless import is_harmless
from .model.instrument import ZONES
from .model.theme import is_color
from .model.user_level import RULE, SERIES
from .model.view_setting import (
    ARRANGED,
    CHART_FRAMES,
    CHART_KINDS,
    LONGEST_NAME,
    RECORD_BASES,
    WEEK_BASES,
)
from .settings_alerts import are_ways, is_duration, is_quiet

SECTIONS: dict[str, type[msgspec.Struct]] = {"feed": FeedSettings, "screen": ScreenSettings}
"""The sections that are one Struct each."""

LOWEST_POLL = 10.0
"""Seconds: answers of the service may be ten seconds old, so asking faster brings nothing."""

RULE_NAMES: tuple[str, ...] = (
    "same-day-direction", "spread-shock", "beta-residual", "weekly-lag", "record-non-confirmation",
    "relative-strength-turn", "record-reversal", "failed-breakout", "failed-retest",
    "momentum-divergence", "breadth-divergence", "correlation-break",
)  # fmt: skip
"""The family of divergence rules; not every version has all of them."""

REFERENCES = {
    "record-reversal": 0, "failed-breakout": 0, "failed-retest": 0, "momentum-divergence": 0, "breadth-divergence": 5,
}  # fmt: skip
"""How many references rules need that do not compare two."""
OF_YIELDS = ("breadth-divergence", "failed-breakout", "momentum-divergence")
"""Rules that take a yield as a leg: the others measure in percent."""

CLOSE_SOURCES = ("cboe", "fred")
"""Who publishes official closes that can be asked for when prices are out."""

MOST_DECIMALS = 6
"""Decimals a price can be shown with."""

LONGEST = 200
"""Characters of a name or a note."""

MOST_LISTED = 50
"""Names in one list."""

_SYMBOL = re.compile(r"[A-Za-z0-9^][A-Za-z0-9^=.\-]{0,31}")


class Key(msgspec.Struct, frozen=True):
    """One key: `does` in one line, `expected` in words, `holds` whether a value of the right type will do.

    `choices` are all it may hold, where they can be counted.
    """

    name: str
    does: str
    expected: str
    holds: Callable[[Any], bool] = lambda _: True
    choices: tuple[str, ...] = ()

    def expected_of(self, value: object) -> str:
        """What was expected in place of a value; of a text that is one already, what is wrong with it."""
        if not isinstance(value, str) or self.choices:
            return self.expected
        if not is_harmless(value):
            return f"{self.expected} without control or hidden characters"
        if self.holds is is_plain and len(value) > LONGEST:
            return f"{self.expected} of at most {LONGEST} characters"
        return f"{self.expected} that is not blank" if self.holds is is_plain and not value.strip() else self.expected


def _one_of(name: str, does: str, *choices: str) -> Key:
    expected = "one of " + ", ".join(f'"{choice}"' for choice in choices)
    return Key(name, does, expected, lambda v: v in choices, choices)


def _between(name: str, does: str, least: float, most: float) -> Key:
    words = f"a number from {least:g} to {most:g}"
    return Key(name, does, words, lambda value: math.isfinite(value) and least <= value <= most)


def _count(name: str, does: str, least: int, most: int) -> Key:
    return Key(name, does, f"a whole number from {least} to {most}", lambda value: least <= value <= most)


def _switch(name: str, does: str) -> Key:
    return Key(name, does, "true or false", choices=("false", "true"))


def _price(name: str, does: str) -> Key:
    return Key(name, does, "a price above 0", lambda value: value is not None and 0 < value < math.inf)


def _words(name: str, does: str, expected: str = "text in quotes") -> Key:
    return Key(name, does, expected, is_plain)


def _color(name: str, does: str) -> Key:
    expected = 'a colour such as "#4fc58a" or "ansi_green", or "" for the theme\'s own'
    return Key(name, does, expected, lambda value: value is None or is_color(value))


def is_plain(text: str) -> bool:
    """Whether text may be put on a terminal: not empty, not endless, nothing in it that acts or hides."""
    return bool(text.strip()) and len(text) <= LONGEST and is_harmless(text)


def is_name(text: str) -> bool:
    """Whether a view can be called so: short, harmless, no digit alone, which would be a key."""
    return is_plain(text) and len(text) <= LONGEST_NAME and text == text.strip() and not text.isdigit()


def is_listed(texts: tuple[str, ...]) -> bool:
    """Whether these are texts that can be put on a terminal, and not endlessly many."""
    return len(texts) <= MOST_LISTED and all(map(is_plain, texts))


def are_plain(parameters: Mapping[str, float | bool | str]) -> bool:
    """Whether names and texts of thresholds may be put on a terminal."""
    texts = (*parameters, *(one for one in parameters.values() if isinstance(one, str)))
    return all(map(is_plain, texts))


def are_close_sources(value: str | tuple[str, ...]) -> bool:
    """Whether this is "off", a source of closes, or several of them."""
    named = (value,) if isinstance(value, str) else value
    return named == ("off",) or set(named) <= set(CLOSE_SOURCES)


def is_zone(name: str) -> bool:
    """Whether times can be shown in this zone: "exchange" or an IANA name."""
    if name == "exchange":
        return True
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def is_address(text: str) -> bool:
    """Whether a webhook can be there: http or https and a host, nothing in it that hides."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and is_harmless(text) and " " not in text


KEYS: dict[str, tuple[Key, ...]] = {
    "feed": (
        _one_of("source", "where prices come from", "yahoo"),
        _between("poll", "seconds between price requests", LOWEST_POLL, 3600),
        _count("budget", "requests an hour, for everything that asks on this store", 1, 2000),
        _count("burst", "requests that may be sent at once", 1, 30),
        Key(
            "closes",
            "who is asked for official closes when the source is out for long; closes only, marked as such",
            '"off", "cboe", "fred", or a list of them in order of trust',
            lambda value: are_close_sources(value),
        ),
        _between("closes_after", "hours after the close before they are asked", 1, 24),
        Key(
            "recap_folder",
            "where the recap of each finished week is written; a folder that is there",
            'a folder such as "~/notes", or "" for none',
            lambda value: not value or (is_plain(value) and value.startswith(("/", "~"))),
        ),
        _one_of("log_level", "the least bad that the log takes", "error", "warning", "info", "debug"),
    ),
    "screen": (
        _between("refresh", "seconds between two looks for a newer snapshot", 0.1, 60),
        _words("theme", 'name of a theme; "auto" is graphite, or ansi on a terminal of sixteen colours'),
        _color("gain", "colour of a change above zero, in place of the theme's"),
        _color("loss", "colour of a change below zero, in place of the theme's"),
        _switch("red_up", "swap the two, as in East Asia"),
        _one_of("glyphs", "characters to draw with", "auto", "unicode", "ascii"),
        Key(
            "zone",
            "zone of the times shown",
            '"exchange" or a zone such as "Europe/London"',
            lambda value: is_zone(value),
        ),
        _one_of(
            "week_basis", "change of the week: close to close, open to close, first close to close",
            "w/w", "O>C", "1stC>C",
        ),
        _one_of("record_basis", "record that the distance is measured from", "intraday", "close"),
        _one_of("flash", "reverse a changed figure for a moment; auto is off over SSH", "auto", "on", "off"),
        _one_of("output", "what the terminal is sent: cells that changed, or all that is painted", "cells", "stock"),
        _words("sort", "what the board is sorted by at the start", '"own order" or the heading of a column'),
        Key(
            "decimals",
            "decimals of prices; auto is two, and three under ten",
            '"auto" or a whole number from 0 to 6',
            lambda value: value == "auto" if isinstance(value, str) else 0 <= value <= MOST_DECIMALS,
        ),
        Key(
            "columns",
            "headings of columns that stand first after the name, in this order",
            f"a list of at most {MOST_LISTED} texts in quotes",
            is_listed,
        ),
        Key(
            "hidden_columns",
            "headings of columns never shown",
            f"a list of at most {MOST_LISTED} texts in quotes",
            is_listed,
        ),
        _switch("compact", "true: nothing that only sets things apart, and no footer: more rows"),
    ),
    "instrument": (
        Key("symbol", "the data service's spelling", "a symbol", lambda v: bool(_SYMBOL.fullmatch(v))),
        Key("short", "what the board calls it", "a short name", lambda v: is_plain(v) and len(v) <= 8),
        _words("name", "full name"),
        _words("role", "what it is watched for"),
        _words("group", "block of the board: us, abroad, futures, proxies, macro or a name of yours"),
        _one_of(
            "kind", "what it is; yields move in basis points",
            "index", "future", "fund", "volatility", "yield",
        ),
        _words("currency", "currency of its prices"),
        _one_of("calendar", "trading days of its exchange", *ZONES),
        _switch("price_return", "true where no dividends are in the price"),
        _switch("hidden", "true: not watched"),
        _count("decimals", "decimals of its prices, in place of the screen's", 0, MOST_DECIMALS),
        _switch("panel", "true: daily bars only, after the close, not on the board"),
    ),
    "rule": (
        _one_of("rule", "name of the rule", *RULE_NAMES),
        _words("watched", "the instrument that is judged", "a symbol or short name"),
        Key("against", "the references that must all hold", "a list of symbols or short names"),
        Key("set", "thresholds other than the rule's own", "a table of numbers, true, false or texts", are_plain),
        _switch("enabled", "false: not judged"),
    ),
    "level": (
        _words("symbol", "the instrument it is watched on", "a symbol or short name"),
        _price("price", "the level"),
        _price("low", "lower edge of a zone, with high in place of a price"),
        _price("high", "upper edge of a zone"),
        _one_of("instrument", "what the number was taken from; another series is not measured against", *SERIES),
        Key(
            "rule",
            "what it waits for",
            '"touch", "close above", "close below", or "2 closes above" and so on to 9',
            lambda value: bool(RULE.fullmatch(value)),
        ),
        _words("note", "your own words"),
        Key("since", "the rule is judged from this session on; without it on the newest alone", "a date: 2025-10-17"),
        _price("invalid_above", "a close above this ends it"),
        _price("invalid_below", "a close under this ends it"),
    ),
    "alerts": (
        _words("name", "what it is called; its memory goes by it"),
        _one_of("on", "what it waits for", *CONDITIONS),
        _words("symbol", "the instrument it watches; flags and age: all of them without it", "a symbol or short name"),
        _one_of("rule", "flags of this rule alone", *RULE_NAMES),
        _one_of("severity", "flags of this severity or a rarer one", "info", "watch", "notable", "rare"),
        _one_of("state", "the state a flag must have reached", *FLAG_STATES),
        _one_of("level", "the level it waits at; user level is every [[level]] of the symbol", *LEVELS),
        _one_of("side", "which way a level or last week's range is left", *SIDES),
        _price("above", "it fires at or above this price"),
        _price("below", "it fires at or below this price"),
        _one_of("basis", "the running session's price, or final closes alone", "last", "close"),
        Key("how", "ways of telling it", f"a list of {', '.join(WAYS)}", lambda value: are_ways(value)),
        Key(
            "command",
            "the program and its arguments; {text}, {alert}, {symbol}, {time} and {id} are filled in",
            "a list of texts in quotes",
            lambda value: all(one and is_harmless(one) for one in value) and len(value) <= 64,
        ),
        _switch("shell", "true: the command is one line for /bin/sh; nothing is filled in, see $TAPEWATCH_TEXT"),
        _switch("retry", "true: a command that reports a failure is run again"),
        Key("url", "where the webhook is", "an address with http or https", lambda value: is_address(value)),
        _switch("latch", "false: fires again after each cool_down while its condition holds"),
        Key("cool_down", "how long it is silent after it fired", 'a duration such as "15m" or "1h"', is_duration),
        Key("quiet", "hours in which nothing is told", 'hours such as "22:00-07:00"', is_quiet),
        Key(
            "zone",
            "zone of the quiet hours",
            'a zone such as "Europe/Berlin"',
            lambda value: value != "exchange" and is_zone(value),
        ),
        _one_of("after_quiet", "what fired in quiet hours is told at their end, or never", "deliver", "drop"),
        _switch("at_first", "true: fires for what is true already when the alert is new"),
        _switch("enabled", "false: not judged"),
    ),
    "view": (
        _count("digit", "the key that shows it, in place of the screen that ships there", 1, 9),
        Key("name", "what the footer and --view call it", f"a name of at most {LONGEST_NAME} letters", is_name),
        _words("screen", "the screen that is shown", "the name of a screen"),
        Key("panes", "or the panes that are shown, the most important first", "a list of panes", is_listed),
        _one_of("arrange", "under each other, in two columns, or as there is room", *ARRANGED),
        Key("groups", "only these groups of instruments", "a list of groups", is_listed),
        _words("sort", "what rows are sorted by", 'the heading of a column such as "CHG %"'),
        _switch("reverse", "true: the order turned round"),
        _one_of("week_basis", "change of the week", *WEEK_BASES),
        _one_of("record_basis", "record that the distance is measured from", *RECORD_BASES),
        Key("hidden_columns", "headings of columns not shown here", "a list of headings", is_listed),
        _words("symbol", "the instrument that is selected, and charted", "a symbol or short name"),
        _words("against", "what a ratio is taken against", "a symbol or short name"),
        _one_of("frame", "time frame of the chart", *CHART_FRAMES),
        _one_of("chart", "kind of the chart", *CHART_KINDS),
        _words("focus", "the pane the keys begin in", "a pane of the view"),
        _switch("zoomed", "true: that pane alone, until the key of zoom brings the others"),
    ),
}  # fmt: skip
"""By section, in the order of the file."""

TOP = ("order", "feed", "screen", "keys", "instrument", "rule", "level", "alerts", "view")
"""What may stand at the top of the file."""


def key_of(section: str, name: str) -> Key | None:
    """One key, None where there is none of this name."""
    return next((key for key in KEYS.get(section, ()) if key.name == name), None)


def names_in(section: str) -> tuple[str, ...]:
    """Names of a section's keys."""
    return tuple(key.name for key in KEYS[section])
