"""The transport of a replay: the sessions of its week on the line above the footer, its date in the header."""

from datetime import date

from ..core.model.measures import Transport
from ..core.model.snapshot import Snapshot
from .format import NO_DATA, weekday_date, weekday_number
from .palette import chip
from .text import Line, Piece, apart, joined, line, pad
from .text import width as width_of

PAUSED, PLAYING = "‖", "▸"
BACK, ON = "◂", "▸"
PAST, FUTURE = "━", "·"


def is_sample(snapshot: Snapshot) -> bool:
    """Whether what is replayed is the sample market, whose prices are not real."""
    return snapshot.mode == "replay" and snapshot.health.source == "sample"


def date_words(snapshot: Snapshot) -> tuple[Line, ...]:
    """Whose evening it is, the longest form first; the date never goes."""
    shown = snapshot.transport.shown if snapshot.transport else snapshot.session
    day = Piece(f"{weekday_date(shown)} {shown.year}" if shown else NO_DATA, "bright")
    if is_sample(snapshot):
        dot = Piece(" · ", "muted")
        return (
            line(day, dot, Piece("sample market, not real prices", "mode")),
            line(day, dot, Piece("not real prices", "mode")),
        )
    return (line(day, Piece(", after the close", "bright")), line(day))


def bounds_words() -> tuple[Line, ...]:
    """That the future is not in it."""
    return (line(Piece("nothing later is known", "muted")), ())


def source_words(snapshot: Snapshot) -> tuple[Line, ...]:
    """What the figures are made of."""
    return ((),) if is_sample(snapshot) else (line(Piece("stored bars, final", "text")), ())


def transport_line(stand: Transport, keys: tuple[str, str], cells: int) -> Line:
    """Where the replay stands, in the longest form that fits; `keys` turn a week back and on."""
    speed = line(Piece("speed ", "muted"), f"{stand.seconds_a_session:g} s a session", Piece(" "))
    long = _parts(stand, keys, word="week", join=2)
    if width_of(long) + width_of(speed) + 2 <= cells:
        return apart(long, speed, cells)
    forms = (long, _parts(stand, keys, word="", join=2), _parts(stand, keys, word="", join=1), _least(stand))
    return next((one for one in forms if width_of(one) <= cells), forms[-1])


def _parts(stand: Transport, keys: tuple[str, str], *, word: str, join: int) -> Line:
    back = _turn(f"{keys[0]} {BACK}", word, at_end=stand.shown == stand.first)
    on = _turn(f"{ON} {keys[1]}", word, at_end=stand.shown == stand.last)
    gap = pad(2 if word else 1)
    ordered = (on[1], Piece(" " if word else ""), on[0])
    return (*_state(stand, words=bool(word)), *gap, *joined([back], pad(1)), *gap, *_week(stand, join), *gap, *ordered)


def _turn(key: str, word: str, *, at_end: bool) -> tuple[Piece, Piece]:
    """The key that turns a week, and what it does; faint where there is nothing further."""
    return Piece(f"{key} " if word else key, "faint" if at_end else "text"), Piece(word, "faint" if at_end else "muted")


def _state(stand: Transport, *, words: bool) -> Line:
    mark, word = (PLAYING, "playing") if stand.playing else (PAUSED, "paused")
    return line(" ", Piece(f"{mark} {word}" if words else mark, "mode bold"))


def _week(stand: Transport, join: int) -> Line:
    """The past is read, the present is a chip, the future has a name and no figure."""
    made: list[Piece] = []
    for number, day in enumerate(stand.sessions):
        if number:
            made.append(_link(day, stand.shown, join))
        made.append(_session(day, stand.shown))
    return tuple(made)


def _link(day: date, shown: date, join: int) -> Piece:
    tight = "" if day == shown or join == 1 else " "
    if day <= shown:
        return Piece(f" {PAST * join}{tight}", "mode")
    return Piece(f" {FUTURE * join} ", "faint")


def _session(day: date, shown: date) -> Piece:
    if day == shown:
        return chip(weekday_number(day), "mode")
    return Piece(weekday_number(day), "text" if day < shown else "faint")


def _least(stand: Transport) -> Line:
    at = stand.sessions.index(stand.shown) + 1 if stand.shown in stand.sessions else 0
    place = f" {at} of {len(stand.sessions)}"
    return (*_state(stand, words=False), *pad(1), chip(weekday_number(stand.shown), "mode"), Piece(place, "text"))
