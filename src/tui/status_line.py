"""The market on one line: a few prices, flags and the data's own time, each part whole or not at all.

Imports no more than numbers need: a shell may run it before every prompt.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec

from ..core.model.instrument import ZONES
from ..core.model.snapshot import Market, Row, Snapshot
from . import format as fmt

Wanted = tuple[Row, ...]
Paint = Callable[[str, str], str]
"""Text and tone (up, down, flag, old, mode or none) to what is printed."""

BETWEEN = " · "
ON = ("forming", "provisional", "confirmed")
OLD = ("stale", "frozen", "ahead")
STATES = {"pre": "PRE", "post": "POST", "closed": "CLOSED", "holiday": "HOLIDAY", "unknown": "MARKET ?"}
FIELDS = ("mode", "market", "time", "flags", "feed")
OF_A_ROW = ("last", "change", "percent")
_FIELD = re.compile(r"\{([^{}]*)\}")
NEVER, FIRST, TROUBLE, FLAGS, TIME, OTHERS = range(6)


class UnknownFieldError(Exception):
    """A form names something there is not; the sentence says what there is."""


class Said(msgspec.Struct, frozen=True):
    """Some words and their tone."""

    text: str
    tone: str = ""


Words = tuple[Said, ...]


class Part(msgspec.Struct, frozen=True):
    """Words that stay together; the lower the rank, the longer they stay. A rank of 0 never goes."""

    words: Words
    rank: int


def plain(text: str, _tone: str) -> str:
    """No colour."""
    return text


class Tmux:
    """Marks of tmux around what has a colour; a hash of a name is doubled, lest it begin a mark of its own."""

    def __init__(self, gain: str | None, loss: str | None, *, red_up: bool) -> None:
        up, down = ("red", "green") if red_up else ("green", "red")
        self._colors = {
            "up": _color(gain, up), "down": _color(loss, down), "flag": "yellow", "old": "yellow", "mode": "magenta",
        }  # fmt: skip

    def __call__(self, text: str, tone: str) -> str:
        """The text, in its colour where it has one."""
        shown, color = text.replace("#", "##"), self._colors.get(tone)
        return f"#[fg={color}]{shown}#[default]" if color else shown


def _color(chosen: str | None, usual: str) -> str:
    """A colour of the settings as tmux writes it."""
    return (chosen or usual).replace("ansi_bright_", "bright").replace("ansi_", "")


# -- the line -------------------------------------------------------------------------------------------


def status_line(snapshot: Snapshot, wanted: Wanted, paint: Paint = plain, cells: int | None = None) -> str:
    """``RUT 2,452.17 −0.60% · SPX 6,664.01 +0.53% · 3 flags · 14:20 ET``; parts dropped by rank until it fits.

    Empty where not even what never goes has room: nothing is cut.
    """
    parts = _parts(snapshot, wanted)
    while cells is not None and _width(parts) > cells:
        last = max(range(len(parts)), key=lambda at: (parts[at].rank, at))
        if parts[last].rank == NEVER or len(parts) == 1:
            return ""
        parts.pop(last)
    return BETWEEN.join(_painted(part.words, paint) for part in parts)


def _painted(words: Words, paint: Paint) -> str:
    return "".join(paint(one.text, one.tone) for one in words)


def _width(parts: list[Part]) -> int:
    text = BETWEEN.join(_painted(part.words, plain) for part in parts)
    return sum(_cells(one) for one in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _parts(snapshot: Snapshot, wanted: Wanted) -> list[Part]:
    rows = [Part(row_words(row, snapshot), OTHERS if at else FIRST) for at, row in enumerate(wanted)]
    found = [
        Part(mode_words(snapshot), NEVER), *rows, Part(feed_words(snapshot), TROUBLE),
        Part(flag_words(snapshot), FLAGS), Part(_market_and_time(snapshot), TIME),
    ]  # fmt: skip
    return [part for part in found if part.words]


def _market_and_time(snapshot: Snapshot) -> Words:
    market, time = market_words(snapshot), time_words(snapshot)
    return (*market, Said(" "), *time) if market and time else (*market, *time)


# -- its parts ------------------------------------------------------------------------------------------


def mode_words(snapshot: Snapshot) -> Words:
    """``DEMO`` where this is not the live market."""
    return () if snapshot.mode == "live" else (Said(snapshot.mode.upper(), "mode"),)


def feed_words(snapshot: Snapshot) -> Words:
    """Why something may be old: a feed that is silent, a clock that was set back."""
    since = snapshot.health.silent_since
    if snapshot.health.clock_behind:
        return (Said("clock set back", "old"),)
    return (Said(f"feed silent since {_stamp(since, snapshot)}", "old"),) if since else ()


def flag_words(snapshot: Snapshot) -> Words:
    """``3 flags``, ``1 flag, 2 unknown``, ``no flags``."""
    on = sum(flag.state in ON for flag in snapshot.flags)
    unknown = sum(flag.state == "unknown" for flag in snapshot.flags)
    words = Said("no flags") if not on else Said(f"{on} flag{'' if on == 1 else 's'}", "flag")
    return (words, Said(f", {unknown} unknown", "old")) if unknown else (words,)


def market_words(snapshot: Snapshot) -> Words:
    """What the first exchange does, where it is not simply open: ``CLOSED``, ``PRE``, ``HALF``."""
    market = _first_market(snapshot)
    if market is None or snapshot.mode == "replay":
        return ()
    word = "HALF" if market.state == "open" and market.half_day else STATES.get(market.state, "")
    return (Said(word),) if word else ()


def time_words(snapshot: Snapshot) -> Words:
    """The newest quote's own time."""
    return (Said(_stamp(snapshot.as_of, snapshot)),) if snapshot.as_of else ()


def _stamp(time: datetime, snapshot: Snapshot) -> str:
    """``14:20 ET``; of another day than today's ``Fri 17 Oct 16:00 ET``."""
    zone = ZONES.get(snapshot.instruments[0].calendar, "UTC")
    day, today = fmt.in_zone(time, zone).date(), fmt.in_zone(snapshot.clock.now, zone).date()
    date = "" if day == today else f"{fmt.dated(day, today)} "
    return f"{date}{fmt.clock(time, zone)} {fmt.zone_name(time, zone)}"


def _first_market(snapshot: Snapshot) -> Market | None:
    return snapshot.markets.get(snapshot.instruments[0].calendar)


def row_words(row: Row, snapshot: Snapshot) -> Words:
    """``RUT 2,452.17 −0.60%``; an old price says how old and loses its change."""
    percent = percent_words(row, snapshot)
    return (Said(f"{row.short} "), *last_words(row, snapshot), *((Said(" "), *percent) if percent else ()))


def last_words(row: Row, snapshot: Snapshot) -> Words:
    """The last price and, in brackets, what must be known with it."""
    quote = row.official or row.quote
    if quote is None or quote.last is None:
        return (Said("no data", "old"),)
    notes = ", ".join(_notes(row, snapshot))
    return (Said(fmt.price(quote.last)), *((Said(f" ({notes})", "old"),) if notes else ()))


def _notes(row: Row, snapshot: Snapshot) -> Iterator[str]:
    quote = row.official or row.quote
    if row.held:
        yield "HELD"
    if row.official is not None and quote is not None:
        kind = "close" if quote.basis == "close" else quote.basis
        yield f"{(quote.source or 'other').upper()} {kind}"
    elif row.freshness == "ahead":
        yield "ahead of the clock"
    elif row.freshness in ("late", "stale", "frozen"):
        age = "old" if row.age_seconds is None else f"{fmt.age(row.age_seconds)} old"
        yield f"frozen, {age}" if row.freshness == "frozen" else age
    elif _is_of_before(row, snapshot) and quote is not None:
        yield f"of {fmt.weekday_date(quote.session)}"
    elif row.freshness == "delayed" and quote is not None and quote.delay_minutes:
        yield f"{quote.delay_minutes} min delayed"


def _is_of_before(row: Row, snapshot: Snapshot) -> bool:
    """Whether the quote is of an earlier session than the one the change would be read as."""
    session = row.quote.session if row.quote else None
    return session is not None and snapshot.session is not None and session < snapshot.session


def _keeps_change(row: Row, snapshot: Snapshot) -> bool:
    return row.official is not None or not (row.freshness in OLD or _is_of_before(row, snapshot))


def percent_words(row: Row, snapshot: Snapshot) -> Words:
    """``−0.60%``, basis points of a yield; nothing of an old price."""
    quote = row.official or row.quote
    if quote is None or not _keeps_change(row, snapshot):
        return ()
    if row.kind == "yield":
        return _toned(fmt.basis_points(quote.change_points)) if quote.change_points is not None else ()
    return _toned(f"{fmt.signed(quote.change_percent)}%") if quote.change_percent is not None else ()


def change_words(row: Row, snapshot: Snapshot) -> Words:
    """``−14.85``; nothing of an old price."""
    quote = row.official or row.quote
    if quote is None or quote.change is None or not _keeps_change(row, snapshot):
        return ()
    return _toned(fmt.change(quote.change, quote.last))


def _toned(text: str) -> Words:
    return (Said(text, {1: "up", -1: "down"}.get(fmt.sign_of(text), "")),)


# -- a form of one's own --------------------------------------------------------------------------------


def written(form: str, snapshot: Snapshot, wanted: Wanted, paint: Paint = plain) -> str:
    """The form with its fields filled in; DEMO or REPLAY stands before it even where it has no field for that.

    Raises UnknownFieldError. A row's ``last`` says itself when it is old.
    """
    rows = {name.upper(): row for row in (*reversed(snapshot.instruments), *wanted) for name in _names(row)}

    def filled(found: re.Match[str]) -> str:
        return _painted(_field(found[1].strip(), snapshot, rows), paint)

    text = _FIELD.sub(filled, form)
    mode = _painted(mode_words(snapshot), paint)
    return text if not mode or "{mode}" in form else f"{mode} {text}"


def _names(row: Row) -> tuple[str, ...]:
    return row.symbol, row.symbol.lstrip("^"), row.short


def _field(name: str, snapshot: Snapshot, rows: dict[str, Row]) -> Words:
    whole = {
        "mode": mode_words, "market": market_words, "time": time_words, "flags": flag_words, "feed": feed_words,
    }  # fmt: skip
    if name in whole:
        return whole[name](snapshot)
    symbol, _, figure = name.rpartition(".") if name.rpartition(".")[2] in OF_A_ROW else (name, "", "")
    row = rows.get(symbol.upper())
    if row is None:
        raise UnknownFieldError(
            f"{{{name}}} is no field; there are {', '.join(f'{{{one}}}' for one in FIELDS)}, and of an instrument "
            f"{{RUT}} and {', '.join(f'{{RUT.{one}}}' for one in OF_A_ROW)}"
        )
    of_row = {"last": last_words, "change": change_words, "percent": percent_words, "": row_words}
    return of_row[figure](row, snapshot) or (Said(fmt.NO_DATA),)


# -- how whole it is ------------------------------------------------------------------------------------


def is_partial(snapshot: Snapshot, wanted: Wanted) -> bool:
    """Whether some of what is shown is missing, old, held, another source's, or unknown."""
    health = snapshot.health
    unknown = any(flag.state == "unknown" for flag in snapshot.flags)
    worse = ("missing", "late", *OLD)
    rows = any(row.freshness in worse or row.held or row.official or _is_of_before(row, snapshot) for row in wanted)
    return bool(rows or unknown or health.silent_since or health.clock_behind)
