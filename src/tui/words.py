"""Words for flags: rule names, states with their times, and what a rule did before."""

from datetime import date

from ..core.model.flag import DWELL, Event, Flag, FlagHistory
from ..core.model.snapshot import Snapshot
from .format import NO_BREAK, clock, count, one_in, signed, typeset, weekday, weekday_date
from .look import ON
from .text import clean
from .widgets.meter import SEVERITIES

FEW = 10
"""Under so many cases no median means anything: the years are named instead."""

_RULES = {
    "same-day-direction": "same-day direction",
    "record-reversal": "record-high reversal",
    "record-non-confirmation": "record non-confirmation",
}


def rule_name(rule: str) -> str:
    """``record-high reversal``."""
    return _RULES.get(rule) or clean(rule).replace("-", " ")


def title_of(flag: Flag) -> str:
    """The flag's own title where its rule gives one, else the rule's name."""
    return clean(flag.title) if flag.title else rule_name(flag.rule)


def judged_at(flag: Flag, snapshot: Snapshot, zone: str) -> str:
    """``Judged at 14:35; must hold to 14:40.``: prices beside a live card are newer than the bar it was judged at."""
    at = bar_of(flag, snapshot, zone)
    if not at:
        return ""
    told = flag.state != "forming" or "must hold" in flag.sentence
    return f"Judged {at}." if told else f"Judged {at}; must hold to {clock(flag.first_seen + DWELL, zone)}."


def continued(flag: Flag) -> str:
    """``Goes on since Tue 14 Oct.``: the same flag again within five sessions is no new one."""
    if flag.continues is None or flag.state in ("unknown", "faded"):
        return ""
    year = f" {flag.continues.year}" if flag.continues.year != flag.session.year else ""
    return f"Goes on since {weekday_date(flag.continues)}{year}."


def bar_of(flag: Flag, snapshot: Snapshot, zone: str) -> str:
    """``at 14:35``, the bar a live flag was judged at; empty for one that no price moves any more."""
    live = flag.state in ("forming", "provisional") and is_open(snapshot)
    return f"at {clock(flag.last_seen, zone)}" if live else ""


def sentence(text: str) -> str:
    """Words of the feed, safe to print, with real minus signs and unbreakable units."""
    return typeset(clean(text))


def short_of(symbol: str, snapshot: Snapshot) -> str:
    """The trader's spelling of a symbol."""
    row = snapshot.row(symbol)
    return clean(row.short if row else symbol)


def on_now(snapshot: Snapshot) -> tuple[Flag, ...]:
    """Flags that count: forming, provisional, confirmed."""
    return tuple(flag for flag in snapshot.flags if flag.state in ON)


def unknown_now(snapshot: Snapshot) -> int:
    """Flags that cannot be judged."""
    return sum(1 for flag in snapshot.flags if flag.state == "unknown")


def stories(snapshot: Snapshot) -> int:
    """Flags of one instrument in one session are one story."""
    return len({(flag.watched, flag.session) for flag in on_now(snapshot)})


def in_order(flags: tuple[Flag, ...]) -> tuple[Flag, ...]:
    """Rare to info, the newest first within that; unknown after them, faded last."""
    newest = sorted(flags, key=lambda flag: flag.first_seen, reverse=True)
    return tuple(sorted(newest, key=lambda flag: (_place(flag.state), -_rank(flag.severity))))


def _place(state: str) -> int:
    return {"unknown": 1, "faded": 2}.get(state, 0)


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else 0


def since(flag: Flag, snapshot: Snapshot, zone: str) -> str:
    """When it came to this state: the time of a running session, day and time of a closed one."""
    time = flag.last_seen if flag.state == "faded" else flag.first_seen
    if flag.session != snapshot.session:
        return weekday_date(flag.session)
    if is_open(snapshot):
        return clock(time, zone)
    return f"{weekday(flag.session)} {clock(time, zone)}"


def is_open(snapshot: Snapshot) -> bool:
    """Whether the first instrument's exchange trades."""
    calendar = next((row.calendar for row in snapshot.instruments), None)
    market = snapshot.markets.get(calendar) if calendar else None
    return market is not None and market.state == "open"


def event_words(event: Event, snapshot: Snapshot) -> str:
    """``same-day direction confirmed: RUT −0.60 %, …``: a line of the journal without its time."""
    said = sentence(event.sentence)
    words = f"{clean(event.title) or rule_name(event.rule)} {clean(event.state)}"
    return f"{words}: {said}" if said else f"{short_of(event.watched, snapshot)} {words}"


def track_record(history: FlagHistory, *, brief: bool = False, short: bool = False) -> str:
    """What the rule did before: days, cases, span, median of what followed beside all days."""
    if not history.days:
        return counted(history) if brief else f"{counted(history)}."
    if brief:
        return _brief(history, counted(history).partition(" in ")[0])
    start = counted(history)
    if short:
        start = start.replace(" in ", ", ", 1)
    if history.episodes < FEW and history.first_days:
        return f"{start}: {_years(history.first_days)}."
    if history.median_20 is None or history.all_days_20 is None:
        return f"{start}; {one_in(history.share_of_days)}."
    if short:
        medians = _medians(history).replace("all days", "all")
        like = _concluded(history).replace("not distinguishable from chance", "like chance")
        return f"{start}; 20{NO_BREAK}s. {medians}{like}."
    return f"{start}; 20 sessions later {_medians(history)}{_concluded(history)}."


def counted(history: FlagHistory) -> str:
    """``39 days in 19 cases since 1987``, ``never before since 1987``."""
    since = f"since {history.since.year}"
    if not history.days:
        return f"never before {since}"
    days, cases = "day" if history.days == 1 else "days", "case" if history.episodes == 1 else "cases"
    return f"{count(history.days)} {days} in {count(history.episodes)} {cases} {since}"


def _concluded(history: FlagHistory) -> str:
    said = conclusion(history)
    return f": {said}" if said else ""


def _brief(history: FlagHistory, days: str) -> str:
    if history.median_20 is None or history.all_days_20 is None:
        return f"{days} since {history.since.year} · {one_in(history.share_of_days)}"
    return (
        f"{days} · 20{NO_BREAK}s. {moved(history, history.median_20, 1)}, all {moved(history, history.all_days_20, 1)}"
    )


def _medians(history: FlagHistory) -> str:
    median, every = (moved(history, value, 1) for value in (history.median_20, history.all_days_20))
    return f"median {median}, all days {every}"


def moved(history: FlagHistory, value: float | None, decimals: int = 2) -> str:
    """What followed a rule's cases, in the unit of its record: ``+1.8 %``; ``−3.2 bp`` of a yield."""
    return f"{signed(value, decimals)}{NO_BREAK}{'%' if history.unit == 'percent' else 'bp'}"


def _years(days: tuple[date, ...]) -> str:
    years = list(dict.fromkeys(str(day.year) for day in days))
    return ", ".join(years[:6]) + (" …" if len(years) > 6 else "")


def conclusion(history: FlagHistory) -> str:
    """Whether what followed differs from all days: the interval, unless it contains zero."""
    if history.interval_20 is None:
        return clean(history.conclusion or "")
    low, high = history.interval_20
    if low <= 0 <= high:
        return "not distinguishable from chance"
    return f"difference {signed(low, 1)} to {moved(history, high, 1)}"


def survival(history: FlagHistory | None) -> str:
    """How many of a rule's live flags were confirmed: ``2 of 6 of these lasted to the close.``."""
    if history is None or history.survival_percent is None or not history.survival_cases:
        return ""
    lasted = round(history.survival_percent * history.survival_cases / 100.0)
    return f"{count(lasted)} of {count(history.survival_cases)} of these lasted to the close."


def frequency(flag: Flag) -> str:
    """``1 day in 246``, of the rule's whole history, else of the magnitude's rank."""
    if flag.history is not None and not flag.history.days:
        return "never before"
    if flag.history is not None:
        return one_in(flag.history.share_of_days)
    return f"1 day in {count(flag.one_in_days)}" if flag.one_in_days else ""
