"""The header: what is true of the whole screen, on one row."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from ..core.model.snapshot import Market, Snapshot
from .format import (
    age,
    clock,
    clock_seconds,
    count,
    countdown,
    dated,
    in_zone,
    until,
    until_short,
    weekday,
    weekday_date,
    zone_name,
)
from .look import Look, is_loading, is_old, is_outdated, today
from .palette import chip
from .text import Line, Piece, apart, clean, clip, joined, line, pad
from .text import width as width_of
from .transport import bounds_words, date_words, is_sample, source_words
from .widgets.meter import SEVERITIES, meter, tone
from .words import on_now, stories, unknown_now

GAP = pad(3)
CHIPS = {
    "open": "OPEN", "pre": "PRE", "post": "POST", "closed": "CLOSED", "holiday": "HOLIDAY", "unknown": "MARKET ?",
}  # fmt: skip
TRADING = ("open", "pre", "post")
FAILING = {"prices": "no prices", "chart": "no charts"}
"""The way of asking that fails while the other answers."""


class Status(Struct, frozen=True):
    """What the header shows besides the snapshot: `waiting` newer snapshots while paused since `since`.

    `allowed` are the seconds an age may have before it counts as too old; `mode` is what the first one will be of.
    """

    waiting: int = 0
    since: datetime | None = None
    allowed: float = 120.0
    room_for_budget: bool = True
    mode: str = "live"


class Part(Struct, frozen=True):
    """A part of the header: its variants from long to short, and what keeps it (the lowest goes first).

    `cheap`: the first so many steps lose little, so they are taken before anything is dropped.
    """

    variants: tuple[Line, ...]
    keep: int
    cheap: int = 0


NEVER, CHEAP = 99, 3
AHEAD = 60.0
"""Seconds a quote's time may be ahead of the clock before that is said."""


def first_market(snapshot: Snapshot) -> Market | None:
    """The market of the first instrument."""
    calendar = next((row.calendar for row in snapshot.instruments), None)
    return snapshot.markets.get(calendar) if calendar else None


def header(snapshot: Snapshot | None, look: Look, status: Status, cells: int) -> Line:
    """The top row, its parts dropped in order until it fits."""
    if snapshot is None:
        return apart(_assembled([line(Piece("tapewatch", "bright bold")), *_before(status)]), (), cells)
    right = _flags(snapshot, long=cells >= 100)
    left = _assembled(_shortened(_parts(snapshot, look, status, cells), cells - width_of(right) - 2))
    if width_of(left) + width_of(right) + 2 > cells:
        right = _flags(snapshot, long=False, words=False)
    return apart(left, (*right, Piece(" ")), cells)


def _before(status: Status) -> tuple[Line, Line]:
    """What is known before the first snapshot: of which market it will be."""
    mark = line(chip(status.mode.upper(), "mode")) if status.mode != "live" else ()
    return mark, line(Piece("no data yet", "text"))


def _parts(snapshot: Snapshot, look: Look, status: Status, cells: int) -> list[Part]:
    return [
        Part((line(Piece("tapewatch", "bright bold")), ()), 8),
        Part((_chips(snapshot, look, long=True), _chips(snapshot, look, long=False)), 7),
        *_times(snapshot, look, status),
        _bell(snapshot, look, status),
        Part((_week(snapshot), ()), 1 if cells >= 190 else 0),
        _loading(snapshot, look),
        _source(snapshot, look),
        Part((_budget(snapshot), ()), 0),
    ]


def least_header(snapshot: Snapshot, look: Look, status: Status, cells: int) -> tuple[Line, ...]:
    """What no window may be too small for: mode and state, the data's own time; on one line or two."""
    chips = _chips(snapshot, look, long=True)
    times = [part.variants[-1] for part in _times(snapshot, look, status)]
    whole = _assembled([chips, *times])
    if width_of(whole) <= cells:
        return (whole,)
    return tuple(clip(one, cells) for part in (chips, *times) for one in _split(part, cells))


def facts(snapshot: Snapshot | None, look: Look, status: Status, cells: int) -> Line:
    """The same on one row in so many cells: in fewer words, without the market's state, at last mode and time alone."""
    if snapshot is None:
        return _assembled(_before(status))
    chips = Part((_chips(snapshot, look, long=True), _chips(snapshot, look, long=False)), 7)
    times = _times(snapshot, look, status)
    whole = _assembled(_shortened([chips, *times], cells))
    if width_of(whole) <= cells:
        return whole
    marks = _chips(snapshot, look, long=False, market=False)
    shortest = [part.variants[-1] for part in times]
    tight = [_close((chips.variants[-1], *shortest))]
    tight += [_close((marks, *shortest[:kept])) for kept in range(len(shortest), 0, -1)]
    return next((one for one in tight if width_of(one) <= cells), tight[-1])


def _close(parts: Sequence[Line]) -> Line:
    return (Piece(" "), *joined([part for part in parts if part], pad(1)))


def _split(part: Line, cells: int) -> tuple[Line, ...]:
    if width_of(part) <= cells:
        return (part,)
    return tuple(line(one) for one in part if one.text.strip(" ·"))


def _assembled(parts: Sequence[Line]) -> Line:
    return (Piece(" "), *joined([part for part in parts if part], GAP))


def _shortened(parts: Sequence[Part], room: int) -> list[Line]:
    step = [0] * len(parts)
    while width_of(_assembled(shown := [part.variants[at] for part, at in zip(parts, step, strict=True)])) > room:
        left = [at for at, part in enumerate(parts) if step[at] + 1 < len(part.variants)]
        if not left:
            return shown
        step[min(left, key=lambda at: CHEAP if step[at] < parts[at].cheap else parts[at].keep)] += 1
    return shown


def _chips(snapshot: Snapshot, look: Look, *, long: bool, market: bool = True) -> Line:
    chips: list[Piece] = [chip("DEMO", "mode")] if is_sample(snapshot) else []
    if snapshot.mode != "live":
        chips.append(chip(clean(snapshot.mode).upper(), "mode"))
    if look.choices.paused:
        chips.append(chip("PAUSED", "mode"))
    first = first_market(snapshot) if market else None
    if first is not None and snapshot.mode != "replay" and not (look.choices.paused and _has_rung(first, look)):
        word = "HALF" if first.state == "open" and first.half_day else CHIPS.get(first.state, "CLOSED")
        chips.append(chip(word, "open" if first.state in TRADING else "closed"))
    return joined([line(one) for one in chips], pad(1) if long else ())


def _has_rung(market: Market, look: Look) -> bool:
    """Whether a bell has rung since a paused screen was painted: its state is no longer the market's."""
    bell = market.next_close if market.state == "open" else market.next_open
    return bell is not None and bell <= look.now


def _times(snapshot: Snapshot, look: Look, status: Status) -> list[Part]:
    market = first_market(snapshot)
    if snapshot.as_of is None:
        return [Part((line(Piece("no data yet", "text")),), NEVER)]
    if snapshot.mode == "replay":
        return _replayed(snapshot, look, status)
    if look.choices.paused:
        return _paused(snapshot, look, status)
    if market is None or market.state in TRADING or snapshot.session is None:
        return [_running(snapshot, look, status)]
    return [_settled(snapshot, look, market)]


def _replayed(snapshot: Snapshot, look: Look, status: Status) -> list[Part]:
    """The evening that is shown; the clock stands still, so nothing has an age."""
    if look.choices.paused:
        return [Part(date_words(snapshot)[-1:], NEVER), _newer(status)]
    return [Part(date_words(snapshot), 6), Part(bounds_words(), 4)]


def _stamp(snapshot: Snapshot, look: Look, *, long: bool = True) -> str:
    if snapshot.as_of is None:
        return ""
    day, here = in_zone(snapshot.as_of, look.zone).date(), today(look)
    date = "" if day == here else f"{dated(day, here)} "
    time = (clock_seconds if long and not date else clock)(snapshot.as_of, look.zone)
    return f"{date}{time} {zone_name(snapshot.as_of, look.zone)}"


def _running(snapshot: Snapshot, look: Look, status: Status) -> Part:
    if snapshot.mode == "demo":
        return _demo(line(Piece(_stamp(snapshot, look), "bright")), _stamp(snapshot, look, long=False))
    seconds = (look.now - snapshot.as_of).total_seconds() if snapshot.as_of else 0.0
    late = seconds > status.allowed
    stamp = Piece(_stamp(snapshot, look), "fault" if late and _fails(snapshot) else "bright")
    words = f"{age(seconds)} old"
    if seconds < -AHEAD:
        # no age: either this clock or the quote's is wrong
        late, words = True, f"{age(-seconds)} ahead"
    return Part((line(stamp, Piece(" · ", "muted"), Piece(words, "fault" if late else "text")),), NEVER)


def _fails(snapshot: Snapshot) -> bool:
    return bool(snapshot.health.error) or snapshot.health.silent_since is not None


def _demo(stamp: Line, least: str) -> Part:
    """The data's time stays to the last: a sample without a time would still look like a market."""
    dot = Piece(" · ", "muted")
    return Part(
        (
            line(*stamp, dot, Piece("sample market, not real prices", "mode")),
            line(*stamp, dot, Piece("not real prices", "mode")),
            line(Piece(least, "bright"), dot, Piece("not real prices", "mode")),
        ),
        6,
    )


def _settled(snapshot: Snapshot, look: Look, market: Market) -> Part:
    if is_outdated(snapshot) and snapshot.mode != "demo":
        return _outdated(snapshot, look)
    half = ", half day" if market.half_day else ""
    state = "final" if _all_final(snapshot) else "provisional"
    day = line(Piece(f"{weekday_date(snapshot.session)}, {state}{half}", "bright"))
    if snapshot.mode == "demo":
        return _demo(day, weekday_date(snapshot.session))
    named = (*day, *line("   ", Piece(clean(market.holiday), "text"))) if market.holiday else day
    taken = snapshot.health.last_success
    if taken is None or state != "final":
        return Part((named, day), 3)
    words = f"taken {clock(taken, look.zone)} {zone_name(taken, look.zone)}"
    return Part((line(*named, Piece(" · ", "muted"), Piece(words, "text")), named, day), 3)


def _outdated(snapshot: Snapshot, look: Look) -> Part:
    """Prices of an earlier session than the market's last: their date and how old they are, never "final"."""
    session, here = snapshot.session, today(look)
    days = f"{(here - session).days} d old" if session else ""
    shown = line(Piece(dated(session, here), "bright"), Piece(" · ", "muted"), Piece(days, "fault bold"))
    return Part((shown,), NEVER)


def _all_final(snapshot: Snapshot) -> bool:
    first = next((row.calendar for row in snapshot.instruments), None)
    return all(row.quote.state == "final" for row in snapshot.instruments if row.quote and row.calendar == first)


def _paused(snapshot: Snapshot, look: Look, status: Status) -> list[Part]:
    since = (look.now - status.since).total_seconds() if status.since else 0.0
    stamp, least = line(Piece(_stamp(snapshot, look), "bright")), _stamp(snapshot, look, long=False)
    frozen = (line(Piece(f"frozen {age(since)} ago", "fault")), line(Piece(f"frozen {age(since)}", "fault")))
    if snapshot.mode == "demo":
        # the chip says that it is paused; that prices are not real has nowhere else to stand
        return [_demo(stamp, least), Part((*frozen, ()), 8), _newer(status)]
    return [Part((stamp, line(Piece(least, "bright"))), 3), Part(frozen, 9), _newer(status)]


def _newer(status: Status) -> Part:
    word = "snapshot waits" if status.waiting == 1 else "snapshots wait"
    newer = f"{count(status.waiting)} newer"
    return Part((line(Piece(f"{newer} {word}", "text")), line(newer), ()), 2)


def _bell(snapshot: Snapshot, look: Look, status: Status) -> Part:
    del status
    market = first_market(snapshot)
    if market is None or look.choices.paused or snapshot.mode == "replay":
        return Part(((),), 4)
    if market.state == "open" and market.next_close is not None:
        seconds = (market.next_close - look.now).total_seconds()
        long = line(Piece("closes in ", "muted"), until(seconds))
        return Part((long, line(Piece("bell ", "muted"), until_short(seconds)), ()), 4)
    if market.next_open is None:
        return Part(((),), 4)
    seconds = (market.next_open - look.now).total_seconds()
    if market.state == "pre":
        return Part((line(Piece("opens in ", "muted"), until(seconds)), ()), 4)
    short = line(Piece("opens ", "muted"), f"{_day(market.next_open, look)} {clock(market.next_open, look.zone)}")
    return Part((line(*short, Piece(f", in {until(seconds)}", "muted")), short, ()), 4)


def _day(time: datetime, look: Look) -> str:
    day = in_zone(time, look.zone).date()
    return weekday(day) if (time - look.now).days < 6 else weekday_date(day)


def _week(snapshot: Snapshot) -> Line:
    week = next((row.week for row in snapshot.instruments if row.week), None)
    if week is None:
        return ()
    words = f"{week.sessions} of {week.expected}" if week.final else f"day {week.sessions} of {week.expected}"
    return line(Piece("week of ", "muted"), f"{weekday_date(week.monday)[4:]}, {words}")


def _loading(snapshot: Snapshot, look: Look) -> Part:
    if snapshot.mode == "demo" or look.choices.paused or not is_loading(snapshot):
        return Part(((),), 9)
    loaded, wanted = snapshot.health.history_loaded
    return Part((line(Piece("history ", "muted"), f"{loaded} of {wanted}"), ()), 9)


def _source(snapshot: Snapshot, look: Look) -> Part:
    health, market = snapshot.health, first_market(snapshot)
    if snapshot.mode == "demo" or look.choices.paused:
        return Part(((),), 1)
    if snapshot.mode == "replay":
        return Part(source_words(snapshot), 1)
    if market is not None and market.state == "holiday":
        return Part((line(Piece("no requests", "muted")), ()), 1)
    name = Piece(f"{clean(health.source)} ", "muted")
    if health.silent_since is not None:
        return Part((line(Piece("feed ", "muted"), Piece("silent", "fault")), ()), 5)
    if health.paused_until is not None and health.paused_until > look.now:
        return Part((line(name, Piece("slowed down", "fault")), ()), 5)
    if health.failing in FAILING:
        return Part((line(name, Piece(FAILING[health.failing], "fault")), ()), 5)
    if health.error and not health.silent:
        return Part((line(Piece("no answer", "fault")), ()), 5)
    if health.silent:
        with_bars = sum(1 for row in snapshot.instruments if row.quote)
        words = f"{len(health.silent)} of {max(with_bars, len(health.silent))} late"
        return _late(name, words, clean(health.error) if health.error else "")
    return Part((line(name, "ok"), ()), 1)


def _late(name: Piece, words: str, cause: str) -> Part:
    short = (line(name, Piece(words, "fault")), line(Piece(words, "fault")), ())
    if not cause:
        return Part(short, 5, cheap=1)
    return Part((line(name, Piece(f"{words}, {cause}", "fault")), *short), 5, cheap=2)


def _budget(snapshot: Snapshot) -> Line:
    health = snapshot.health
    if health.budget is None or snapshot.mode != "live":
        return ()
    return line(Piece(f"{health.requests_last_hour}/{health.budget} this hour", "muted"))


def _flags(snapshot: Snapshot, *, long: bool, words: bool = True) -> Line:
    on, unknown = on_now(snapshot), unknown_now(snapshot)
    if not on and unknown:
        return line(Piece(f"? {unknown} unknown", "stale bold"))
    if not on:
        return line(Piece("··· ", "muted"), Piece("0 flags", "muted"))
    worst = max(on, key=lambda flag: SEVERITIES.index(flag.severity) if flag.severity in SEVERITIES else 0)
    color = tone(worst.severity)
    more = (Piece(f", {unknown} ?", "stale bold"),) if unknown else ()
    named = _flag_words(snapshot, len(on), long=long) if words else str(len(on))
    return line(meter(worst.severity), " ", Piece(named, f"{color} bold"), *more)


def flag_count(snapshot: Snapshot, cells: int) -> Line:
    """How many flags are on and how rare the rarest is, in so many cells; their number alone, or nothing."""
    forms = (_flags(snapshot, long=False), _flags(snapshot, long=False, words=False), ())
    return next(one for one in forms if width_of(one) <= cells or not one)


def _flag_words(snapshot: Snapshot, on: int, *, long: bool) -> str:
    words = "1 flag" if on == 1 else f"{on} flags"
    told = stories(snapshot)
    if long and on > told:
        return f"{told} {'story' if told == 1 else 'stories'}, {words}"
    return words


def next_try(snapshot: Snapshot, look: Look) -> str:
    """``next try in 3:20``, empty where none is armed."""
    planned = snapshot.health.paused_until or snapshot.health.next_try
    if planned is None:
        return ""
    left = (planned - look.now).total_seconds()
    return f"next try in {countdown(left)}" if left > 0 else "next try due"


def old_values(snapshot: Snapshot, look: Look) -> str:
    """``Thu 16 Oct values``: the oldest session still shown."""
    days = [
        row.quote.session for row in snapshot.instruments if row.quote and row.quote.session and is_old(row, snapshot)
    ]
    return f"{dated(min(days), today(look))} values" if days else ""
