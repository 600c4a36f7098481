"""The line above the footer: one sentence, the first that applies."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from .. import __version__
from ..core.model.config import Problem
from ..core.model.flag import Event
from ..core.model.snapshot import Row, Snapshot
from .chrome import next_try, old_values
from .format import age, clock, dated, in_zone, weekday, zone_name
from .look import Look, has_prices, today
from .palette import chip
from .text import Line, Piece, clean, line, width, wrap
from .transport import transport_line
from .words import event_words, short_of

OLD = ("late", "stale")
MANY = 0.25
"""Share of symbols that may be late before the line says so."""


class Troubles(Struct, frozen=True):
    """What this screen itself knows: the store's `trouble`, the `feed`'s, settings that were not taken.

    `notice` is the answer to a key just pressed. `starting`: the feed this screen has started may not have spoken yet.
    """

    trouble: str = ""
    feed: str = ""
    problems: tuple[Problem, ...] = ()
    notice: str = ""
    starting: bool = False


def message(
    snapshot: Snapshot | None, look: Look, troubles: Troubles, cells: int, turns: tuple[str, str] = ("[", "]")
) -> Line:
    """The line in so many cells; in a replay its transport, whose weeks the keys `turns` turn."""
    if troubles.notice:
        return _plain(line(Piece(clean(troubles.notice), "text")), cells)
    if troubles.trouble:
        return _fault("STORE", (troubles.trouble,), cells)
    if troubles.feed:
        return _fault("FEED", (troubles.feed,), cells)
    if snapshot is not None and snapshot.health.store:
        return _fault("STORE", (snapshot.health.store, snapshot.health.store.partition("; ")[0]), cells)
    if snapshot is not None and snapshot.transport is not None:
        return transport_line(snapshot.transport, turns, cells)
    if snapshot is not None and (said := feed_sentences(snapshot, look)):
        if snapshot.health.silent_since is not None and troubles.starting:
            return _plain(line(Piece(_that_fits(said, cells - 2), "text")), cells)
        return _fault("FEED", said, cells)
    if snapshot is not None and (clocks := clock_sentences(snapshot)):
        return _fault("CLOCK", clocks, cells)
    if snapshot is not None and (other := _of_another_version(snapshot)):
        return _fault("FEED", other, cells)
    if snapshot is not None and (old := standing_sentences(snapshot, look)):
        return _fault("FEED", old, cells)
    if snapshot is not None and (held := _held(snapshot)):
        return _fault("HELD", held, cells)
    if snapshot is not None and snapshot.health.disagreements:
        return _fault("CLOSES", _differing(snapshot.health.disagreements), cells)
    of_feed = snapshot.problems if snapshot else ()
    if settings := settings_sentences(troubles.problems, of_feed):
        return _fault("CONFIG", settings, cells, keep=_more(len(troubles.problems) + len(of_feed)))
    return _plain(_newest(snapshot, look, cells), cells)


def settings_sentences(problems: tuple[Problem, ...], of_feed: Sequence[str]) -> tuple[str, ...]:
    """The first fault of settings and themes with file, key and cause, and how many more; longest first."""
    more = next(iter(_more(len(problems) + len(of_feed))), "")
    if not problems:
        return (of_feed[0] + more, of_feed[0]) if of_feed else ()
    brief = problems[0].brief
    whole = f"{brief}; {problems[0].instead}" if problems[0].key else brief
    return whole + more, brief + more, whole, brief


def _more(count: int) -> tuple[str, ...]:
    """How many faults there are besides the one that is named, longest first; empty where it is the only one."""
    return (f" ({count - 1} more: tapewatch config check)", f" ({count - 1} more)") if count > 1 else ()


def _of_another_version(snapshot: Snapshot) -> tuple[str, ...]:
    """That feed and screen are not of one version, longest first; empty where they are."""
    by = snapshot.producer
    if by is None or by.version == __version__:
        return ()
    said = f"the feed is version {clean(by.version)}, this screen {__version__}"
    return (f"{said}: quit every screen of this store and start again", f"{said}: restart")


def is_told(snapshot: Snapshot | None, look: Look, troubles: Troubles) -> bool:
    """Whether the line has more to say than what last happened: an answer, a failure, a setting not taken."""
    if troubles.notice or troubles.problems or is_faulty(snapshot, look, troubles):
        return True
    if snapshot is None:
        return False
    health = snapshot.health
    held = any(row.held for row in snapshot.instruments)
    return bool(health.store or health.disagreements or snapshot.problems or held or _of_another_version(snapshot))


def is_faulty(snapshot: Snapshot | None, look: Look, troubles: Troubles) -> bool:
    """Whether the line has a fault to name."""
    if troubles.trouble or troubles.feed:
        return True
    if snapshot is None:
        return False
    return bool(feed_sentences(snapshot, look) or clock_sentences(snapshot) or standing_sentences(snapshot, look))


def feed_sentences(snapshot: Snapshot, look: Look) -> tuple[str, ...]:
    """What failed, since when, why, what is next and what is shown: longest first; empty when well."""
    health = snapshot.health
    if health.silent_since is not None:
        return _silence(health.silent_since, snapshot, look)
    rows = [row for row in snapshot.instruments if row.quote is not None]
    few = len(health.silent) <= MANY * max(1, len(rows))
    if not health.error and (few or not health.silent):
        return ()
    subject = _subject(snapshot, len(rows))
    tries = f"{health.attempts} {'try' if health.attempts == 1 else 'tries'}"
    return _shorter(subject, _since(snapshot, look), tries, snapshot, look)


def _silence(since: datetime, snapshot: Snapshot, look: Look) -> tuple[str, ...]:
    """``the feed has said nothing since 14:02 ET · shown: values of 14:01``."""
    said = f"the feed has said nothing since {_moment(since, look)} {zone_name(since, look.zone)}"
    shown = f"shown: values of {_moment(snapshot.as_of, look)}" if snapshot.as_of is not None else ""
    return _parted(said, shown), said, f"feed silent since {_moment(since, look)}"


def _moment(time: datetime, look: Look) -> str:
    """``14:02``, and ``Fri 17 Oct 14:02`` where that is not today."""
    day = in_zone(time, look.zone).date()
    named = "" if day == today(look) else f"{dated(day, today(look))} "
    return f"{named}{clock(time, look.zone)}"


def clock_sentences(snapshot: Snapshot) -> tuple[str, ...]:
    """That this machine's clock cannot be right: it stands before what has been, or quotes are ahead of it."""
    behind = snapshot.health.clock_behind
    if behind:
        said = f"this machine's clock stands {age(behind)} before the newest data"
        return f"{said}: prices are older than they look", said
    ahead = [row for row in snapshot.instruments if row.freshness == "ahead"]
    if not ahead:
        return ()
    said = f"{_named(ahead)} quoted ahead of this machine's clock"
    return f"{said}: their age is not known", said


def standing_sentences(snapshot: Snapshot, look: Look) -> tuple[str, ...]:
    """``RUT stands still: the same price and time since 14:02 ET``; empty where every price moves."""
    still = [row for row in snapshot.instruments if row.freshness == "frozen" and row.quote and row.quote.time]
    times = [row.quote.time for row in still if row.quote and row.quote.time]
    if not times:
        return _lagging(snapshot, look)
    since = f"{_moment(min(times), look)} {zone_name(min(times), look.zone)}"
    stand = "stands" if len(still) == 1 else "stand"
    said = f"{_named(still)} {stand} still"
    return (
        f"{said}: the same price and time in every answer since {since}",
        f"{said} since {since}",
        said,
    )


def _lagging(snapshot: Snapshot, look: Look) -> tuple[str, ...]:
    """That answers come and bring nothing new, as from a service whose clock or memory is wrong."""
    rows = [row for row in snapshot.instruments if row.quote is not None and row.quote.state == "live"]
    late = [row for row in rows if row.freshness in OLD and row.symbol not in snapshot.health.silent]
    times = [row.quote.time for row in late if row.quote and row.quote.time]
    if not times or len(late) <= MANY * len(rows) or snapshot.health.last_success is None:
        return ()
    said, newest = f"{len(late)} of {len(rows)} symbols late", max(times)
    until = f"{_moment(newest, look)} {zone_name(newest, look.zone)}"
    slow = "this machine makes the sample market slower than its clock runs,"
    return (
        f"{said}: {slow if snapshot.mode == 'demo' else 'the service answers,'} and with nothing newer than {until}",
        f"{said}: no answer newer than {until}",
        said,
    )


def _named(rows: Sequence[Row]) -> str:
    """``RUT``, ``RUT and SPX``, ``RUT and 5 others``."""
    first = clean(rows[0].short)
    if len(rows) == 1:
        return first
    return f"{first} and {clean(rows[1].short)}" if len(rows) == 2 else f"{first} and {len(rows) - 1} others"


def _shorter(subject: str, since: str, tries: str, snapshot: Snapshot, look: Look) -> tuple[str, ...]:
    """What is least missed goes first: the tries, what is shown, words; the cause and the next try last."""
    cause = clean(snapshot.health.error) if snapshot.health.error else "no answer"
    next_, shown = next_try(snapshot, look), _shown(snapshot, look)
    zone = f" {zone_name(snapshot.health.failing_since, look.zone)}" if since else ""
    soon, few = next_.replace("next try in", "next"), subject.replace(" symbols", "")
    return (
        _parted(f"{subject}{since}{zone} ({cause}, {tries})", next_, shown),
        _parted(f"{subject}{since}{zone} ({cause})", next_, shown),
        _parted(f"{subject}{since}{zone} ({cause}, {tries})", next_),
        _parted(f"{subject}{since}{zone} ({cause})", next_),
        _parted(f"{subject}{since} ({cause})", soon),
        _parted(f"{few}{since} ({cause})", soon),
        _parted(f"{few} ({cause})", soon),
        f"{few} ({cause})",
        f"{few.replace(' unanswered', '')} ({cause})",
        cause,
    )


def _parted(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _since(snapshot: Snapshot, look: Look) -> str:
    """`` since 09:30``, with its day where that is not today."""
    began = snapshot.health.failing_since
    return "" if began is None else f" since {_moment(began, look)}"


ONE_WAY = {"prices": "prices unanswered, charts come one by one", "chart": "charts unanswered, prices go on"}
"""What is said where only one way of asking fails."""


def _subject(snapshot: Snapshot, with_quotes: int) -> str:
    silent, failing = snapshot.health.silent, snapshot.health.failing
    if failing in ONE_WAY:
        return ONE_WAY[failing]
    if not silent:
        return "no answer"
    if len(silent) == 1:
        return f"{short_of(silent[0], snapshot)} unanswered"
    return f"{len(silent)} of {max(with_quotes, len(silent))} symbols unanswered"


def _shown(snapshot: Snapshot, look: Look) -> str:
    old, closes = old_values(snapshot, look), _closes(snapshot, look)
    if old:
        return f"shown: {old}" + (f", {closes}" if closes else "")
    if snapshot.as_of is None:
        return ""
    return f"shown: values of {clock(snapshot.as_of, look.zone)}"


def _closes(snapshot: Snapshot, look: Look) -> str:
    """``closes of Wed 15 Oct: cboe``: what others published of the newest session they have."""
    closes = [row.official for row in snapshot.instruments if row.official is not None]
    days = [one.session for one in closes if one.session is not None]
    if not days:
        return ""
    who = dict.fromkeys(clean(one.source or "") for one in closes if one.session == max(days))
    return f"closes of {dated(max(days), today(look))}: {', '.join(who)}"


def _held(snapshot: Snapshot) -> tuple[str, ...]:
    """``RUT 25.19 held: 99 % under the last, until seen again``; with the number of the others."""
    said = [clean(f"{row.short} {row.held}") for row in snapshot.instruments if row.held]
    more = [f" (and {len(said) - 1} more)"] if len(said) > 1 else []
    return (*(said[0] + words for words in more), said[0]) if said else ()


def _differing(said: Sequence[str]) -> tuple[str, ...]:
    more = f" (and {len(said) - 1} more: tapewatch doctor)" if len(said) > 1 else ""
    return (clean(said[-1]) + more, clean(said[-1]))


def _newest(snapshot: Snapshot | None, look: Look, cells: int) -> Line:
    if snapshot is None:
        return line(Piece("Waiting for the first prices.", "muted"))
    event = max(snapshot.journal, key=lambda one: one.time, default=None)
    if event is None:
        words = "No flag has changed its state yet." if has_prices(snapshot) else "Waiting for the first prices."
        return line(Piece(words, "muted"))
    time = f"{_day(event, look)}{clock(event.time, look.zone)} {zone_name(event.time, look.zone)}"
    return line(Piece(f"{time}  ", "muted"), Piece(_that_fits(_told(event, snapshot), cells - len(time) - 4), "text"))


def _told(event: Event, snapshot: Snapshot) -> tuple[str, ...]:
    """An entry of the journal, longest first: its sentence, the short form on the flag's card, that one's beginning."""
    whole = event_words(event, snapshot)
    flag = next((one for one in snapshot.flags if one.id == event.flag), None)
    if flag is None or not flag.brief or (flag.session, flag.state) != (event.session, event.state):
        return (whole,)
    figures = f"{CAME_LATE}, {flag.brief}" if CAME_LATE in event.sentence.partition(":")[0] else flag.brief
    brief = f"{short_of(event.watched, snapshot)} {event_words(replace(event, sentence=figures), snapshot)}"
    return whole, brief, brief.partition("; ")[0], event_words(replace(event, sentence=""), snapshot)


CAME_LATE = "late"
"""What a confirmation that came long after its bars says before its sentence."""


WEEK = 6
"""Days after which a weekday alone would be taken for this week's."""


def _day(event: Event, look: Look) -> str:
    """The day of an entry that is not of today, with a blank behind it."""
    day, here = in_zone(event.time, look.zone).date(), today(look)
    if day == here:
        return ""
    return f"{weekday(day) if 0 < (here - day).days < WEEK else dated(day, here)} "


def _plain(words: Line, cells: int) -> Line:
    del cells
    return (Piece(" "), *words)


def _fault(word: str, sentences: Sequence[str], cells: int, keep: Sequence[str] = ()) -> Line:
    """A chip and the sentence that fits; where none that ends in one of `keep` does, the last is cut before that."""
    tag = chip(word, "fault")
    room = cells - width((tag,)) - 2
    fits = any(one.endswith(tuple(keep)) and width((Piece(one),)) <= room for one in sentences)
    end = "" if fits else next((one for one in keep if len(one) <= room // 3), "")
    return line(tag, " ", Piece(_that_fits(sentences, room - len(end)) + end, "fault"))


def _that_fits(sentences: Sequence[str], cells: int) -> str:
    """The first sentence that fits, else as much of the last as does."""
    said = next((one for one in sentences if width((Piece(one),)) <= cells), None)
    return said or _words_that_fit(clean(sentences[-1]), cells)


def _words_that_fit(words: str, cells: int) -> str:
    """As many whole words as fit."""
    if width((Piece(words),)) <= cells:
        return words
    lines = wrap(words, cells - 2)
    return f"{lines[0]} …" if lines else ""
