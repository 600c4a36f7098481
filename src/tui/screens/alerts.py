"""The alerts page: what each waits for, how it stands, when it last fired and how that was told."""

from datetime import datetime

from msgspec import Struct

from ...core.model.alert import AlertReading, Alerts, Told
from ...core.model.config import Config
from ...core.model.snapshot import Snapshot
from ..alert_words import EXAMPLE, NONE, chosen, has_failed, moment, state_words, stays_words, told_words
from ..look import Look
from ..text import Line, Piece, clean, fit, joined, line, on, pad, width, wrap
from ..widgets.board import BodyLine, Page
from ..widgets.meter import state_mark

NAME = "alerts"
INDENT = 3
DOT = line(Piece(" · ", "muted"))
WIDEST = 116
"""Cells of a card, however wide the window: name and state must be seen at one look."""
DEMO = "A demo rings its own screen and tells nobody else, but for a test of yours."
MARKS = {"armed": "forming", "cooling": "provisional", "latched": "confirmed", "unknown": "unknown"}
"""The same grammar as flags: hollow waits, half has just fired, full has fired and holds."""
INK = {"muted": "faint", "quiet": "muted", "unknown": "stale", "latched": "accent", "cooling": "accent"}


class Frame(Struct, frozen=True):
    """What every line of the page is written in: the moment, the zone, the cells."""

    now: datetime
    zone: str
    cells: int


def page(snapshot: Snapshot | None, look: Look, config: Config, back: Line, cells: int) -> tuple[Page, str | None]:
    """All alerts as the feed has them, and the one under the cursor; without any, what one looks like."""
    frame = Frame(look.now, look.zone, min(cells - 1, WIDEST))
    alerts = snapshot.alerts if snapshot is not None else None
    if alerts is None:
        return Page(NAME, _lines(_nothing(snapshot, config, cells)), clauses=(back,)), None
    names = tuple(one.name for one in alerts.alerts)
    picked = chosen(look.choices.picked(NAME), names)
    body = _lines(_head(alerts, frame, demo=snapshot is not None and snapshot.mode == "demo"))
    for number, one in enumerate(alerts.alerts, 1):
        first, *rest = _card(one, frame)
        if one.name == picked:
            first = on((*first, *pad(cells - width(first))), "lift")
        body += tuple(BodyLine(part, key=one.name, unit=number) for part in (first, *rest, ()))
    count = line(Piece(f"{len(names)} {'alert' if len(names) == 1 else 'alerts'}", "muted"))
    return Page(NAME, body, clauses=(back, count), keys=names), picked


def _lines(lines: tuple[Line, ...]) -> tuple[BodyLine, ...]:
    return tuple(BodyLine(one) for one in lines)


def _head(alerts: Alerts, frame: Frame, *, demo: bool) -> tuple[Line, ...]:
    said = DEMO if demo else stays_words(alerts, frame.now, frame.zone)
    return (*(line(Piece(f" {words}", "muted")) for words in wrap(said, frame.cells - 2)), ())


def _card(alert: AlertReading, frame: Frame) -> tuple[Line, ...]:
    fired = moment(alert.last_fired, frame.now, frame.zone)
    said = f"fired {fired}: {clean(alert.last_text)}" if alert.last_text else "has not fired yet"
    return (
        _first(alert, frame),
        *_wrapped(clean(alert.condition), "text", frame),
        *_wrapped(said, "text" if alert.last_text else "muted", frame),
        *_told(alert, frame),
    )


def _first(alert: AlertReading, frame: Frame) -> Line:
    """Mark, name, state, ways: the ways go first, then the name is cut."""
    ink, name = INK.get(alert.state, "text"), clean(alert.name)
    state = line(Piece(state_words(alert, frame.now, frame.zone), f"{ink} bold" if alert.state == "latched" else ink))
    right = (*state, *_after(", ".join(map(clean, alert.ways))))
    room = frame.cells - INDENT - 2
    right = right if width((Piece(name),)) + width(right) <= room else state
    mark = Piece(state_mark(MARKS[alert.state]) if alert.state in MARKS else "–", ink)
    return line(" ", mark, " ", Piece(fit(name, max(8, room - width(right))), "bright bold"), "  ", *right)


def _after(ways: str) -> Line:
    return line("  ", Piece(ways, "muted")) if ways else ()


def _told(alert: AlertReading, frame: Frame) -> tuple[Line, ...]:
    """How the last firing went, as many ways on a line as fit; what failed stands out."""
    parts = [part for one in alert.told for part in _way(one, frame)]
    if alert.tested and parts:
        parts.insert(0, line(Piece("test", "mode")))
    rows: list[list[Line]] = [[]]
    for part in parts:
        if rows[-1] and width(joined([*rows[-1], part], DOT)) > frame.cells - INDENT - 1:
            rows.append([])
        rows[-1].append(part)
    return tuple((*pad(INDENT), *joined(row, DOT)) for row in rows if row)


def _way(told: Told, frame: Frame) -> tuple[Line, ...]:
    """One way's words, on lines of their own where they are longer than one."""
    words = told_words(told, frame.now, frame.zone)
    return tuple(line(Piece(part, _tone(told))) for part in wrap(words, frame.cells - INDENT - 1))


def _tone(told: Told) -> str:
    return "fault" if has_failed(told) else "muted"


def _wrapped(words: str, style: str, frame: Frame) -> tuple[Line, ...]:
    return tuple((*pad(INDENT), Piece(part, style)) for part in wrap(words, frame.cells - INDENT - 1))


def _nothing(snapshot: Snapshot | None, config: Config, cells: int) -> tuple[Line, ...]:
    if snapshot is not None and snapshot.mode == "replay":
        return _sentence("A replay judges no alerts; those of the live market go on ringing.", cells)
    if config.alerts:
        count = len(config.alerts)
        said = f"The settings have {count} {'alert' if count == 1 else 'alerts'}; the feed has not taken them up yet"
        by = snapshot.producer if snapshot is not None else None
        with_ = f": it was started with {clean(by.config or 'default settings')}." if by is not None else "."
        return _sentence(said + with_, cells)
    example = tuple(line("   ", Piece(one, "text")) for one in EXAMPLE)
    where = config.path or "the file that `tapewatch config init` writes"
    return (*_sentence(f"{NONE} One is a few lines in {clean(where)}:", cells), (), *example)


def _sentence(words: str, cells: int) -> tuple[Line, ...]:
    return tuple(line(Piece(f" {part}", "muted")) for part in wrap(words, cells - 2))
