"""What stands at the end of a week: its flags, the levels in focus, momentum, and what would change it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from .analytics.returns import LEAST_HISTORY
from .model.flag import Event, Flag, FlagHistory
from .model.measures import Level
from .model.reading import Record
from .model.recap import Part, Statement, Turn
from .recap_facts import Facts, sunday_of
from .recap_parts import complete
from .recap_words import (
    Told,
    capital,
    count,
    listed,
    number,
    plain,
    plural,
    price,
    said,
    signed,
    size,
    weekday,
    whole,
    year,
)

PHASES = ((-5.0, "pullback"), (-10.0, "correction"), (-20.0, "bear"))
"""Borders below the record close and the phase that begins there."""
SHALLOWER = {-5.0: "near high", -10.0: "pullback", -20.0: "correction"}
NEAREST = 2
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?!\w)")
_CLEARS = re.compile(r"a close (above|under|over|below) ([\d,]+\.\d+)")


# -- flags ----------------------------------------------------------------------------------------------


def flags_part(facts: Facts, past: Mapping[str, FlagHistory]) -> Part:
    """The subject's flags confirmed in the week, with what their rules did before; then the others' by name."""
    flags = _by_flag(week_events(facts))
    own = [events for events in flags if events[0].watched == facts.row.symbol]
    others = [events for events in flags if events[0].watched != facts.row.symbol]
    sentences = [_flag(facts, events, past) for events in own]
    unknown = [flag for flag in facts.snapshot.flags if flag.state == "unknown" and flag.session <= facts.as_of]
    sentences += [*_elsewhere(facts, others), *_unjudged(facts), *_unknown(facts, unknown), *_ordinary(facts)]
    heading = _flags_heading(facts, len(own), judged=not _in_doubt(facts, unknown))
    return Part(key="flags", heading=heading, sentences=tuple(sentences))


def _is_short(facts: Facts) -> bool:
    """Whether the history is too short for a rule."""
    return len(facts.bars) < LEAST_HISTORY


def _in_doubt(facts: Facts, unknown: Sequence[Flag]) -> bool:
    """Whether a rule of the subject was not judged."""
    return _is_short(facts) or any(flag.watched == facts.row.symbol for flag in unknown)


def week_events(facts: Facts) -> list[Event]:
    """Confirmations of the week's sessions, each flag and session once, oldest first."""
    monday = facts.week.monday
    found: dict[tuple[str, date], Event] = {}
    for event in sorted(facts.snapshot.journal, key=lambda one: one.time):
        inside = monday <= event.session <= min(sunday_of(monday), facts.as_of)
        if inside and event.state == "confirmed":
            found.setdefault((event.flag, event.session), event)
    return list(found.values())


def _by_flag(events: list[Event]) -> list[list[Event]]:
    """The sessions of each flag together: on two days it is one flag still."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.flag, []).append(event)
    return list(found.values())


def _flags_heading(facts: Facts, flags: int, *, judged: bool) -> Statement:
    if not flags and not judged:
        return Statement(text=f"Not all rules could be judged on {plain(facts.row.short)}")
    told = count(flags, "definition: flags with a confirmation of the week in the journal")
    words = "flags were" if flags > 1 else "flag was"
    return capital(said(f"{{flags}} {words} confirmed on {plain(facts.row.short)}", flags=told))


def _flag(facts: Facts, events: list[Event], past: Mapping[str, FlagHistory]) -> Statement:
    """``Same-day direction against SPX and DJIA on Friday``, and what its rule did before."""
    first = events[0]
    against = f" against {_and([_short(facts, one) for one in first.against])}" if first.against else ""
    title, named = _figured(_titled(first), "journal: title")
    days, figures = _days(events)
    figures |= named
    start = f"{title[:1].upper()}{title[1:]}{against} on {days}"
    history = past.get(first.flag) or _history_now(facts, first.flag)
    if history is None:
        return said(f"{start}.", **figures)
    record, more = history_words(history, f"flags[{first.flag}].history")
    return said(f"{start}: {record}.", **figures, **more)


def _titled(event: Event) -> str:
    return plain(event.title or event.rule.replace("-", " "))


def _days(events: list[Event]) -> tuple[str, dict[str, Told]]:
    """``Tuesday and Wednesday``."""
    figures = {f"day_{at}": weekday(event.session, "journal: session") for at, event in enumerate(events, 1)}
    return _and([f"{{{name}}}" for name in figures]), figures


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _short(facts: Facts, symbol: str) -> str:
    row = facts.snapshot.row(symbol)
    return plain(row.short if row else symbol)


def _history_now(facts: Facts, flag: str) -> FlagHistory | None:
    return next((one.history for one in facts.snapshot.flags if one.id == flag), None)


def history_words(history: FlagHistory, path: str) -> tuple[str, dict[str, Told]]:
    """What the rule did before: days, cases, medians beside all days, and whether they can be told apart."""
    figures = {
        "days": whole(history.days, f"{path}.days"),
        "cases": whole(history.episodes, f"{path}.episodes"),
        "since": year(history.since.year, f"{path}.since"),
    }
    days, cases = plural(history.days, "day", "days"), plural(history.episodes, "case", "cases")
    text = f"{{days}} {days} in {{cases}} {cases} since {{since}}"
    if history.median_20 is not None and history.all_days_20 is not None:
        unit = "%" if history.unit == "percent" else "bp"
        figures["horizon"] = whole(20, "definition: sessions from the close of a case's first day")
        figures["median"] = signed(history.median_20, f"{path}.median_20", 1, unit)
        figures["all_days"] = signed(history.all_days_20, f"{path}.all_days_20", 1, unit)
        text += "; {horizon} sessions later median {median}, all days {all_days}"
    told, more = _apart(history, path)
    return text + told, figures | more


def _apart(history: FlagHistory, path: str) -> tuple[str, dict[str, Told]]:
    known = [one for one in (history.interval_5, history.interval_20) if one is not None]
    if not known:
        return "", {}
    if all(low <= 0 <= high for low, high in known):
        return ": not distinguishable from chance", {}
    name, found = next(
        (name, one)
        for name, one in (("interval_5", history.interval_5), ("interval_20", history.interval_20))
        if one is not None and not one[0] <= 0 <= one[1]
    )
    sessions = int(name.removeprefix("interval_"))
    figures = {
        "level": whole(95, "definition: level of the interval"),
        "after": whole(sessions, f"definition: horizon of {name}"),
        "least": signed(found[0], f"{path}.{name}[0]", 1, ""),
        "most": signed(found[1], f"{path}.{name}[1]", 1, "pp" if history.unit == "percent" else "bp"),
    }
    return ": {after} sessions later the mean differs from all days by {least} to {most} ({level} %)", figures


def _elsewhere(facts: Facts, flags: list[list[Event]]) -> list[Statement]:
    """Flags of other instruments: title and days."""
    parts: list[tuple[str, dict[str, Told]]] = []
    for events in flags:
        title, named = _figured(_titled(events[0]), "journal: title")
        days, figures = _days(events)
        parts.append((f"{_short(facts, events[0].watched)} {title} on {days}", named | figures))
    return [listed(parts, before="Elsewhere: ", between="; ")] if parts else []


def _unjudged(facts: Facts) -> list[Statement]:
    """That the rules wait for the subject's own history."""
    if not _is_short(facts):
        return []
    told = said(
        f"Rules need {{least}} sessions of history; {plain(facts.row.short)} has {{known}}.",
        least=whole(LEAST_HISTORY, "definition: sessions of history a rule needs"),
        known=whole(len(facts.bars), "definition: its bars in the store"),
    )
    return [told]


def _unknown(facts: Facts, flags: Sequence[Flag]) -> list[Statement]:
    """The rules that could not be judged, each with its reason as the flag gives it."""
    parts: list[tuple[str, dict[str, Told]]] = []
    reasons: dict[tuple[str, str], list[Flag]] = {}
    for flag in flags:
        reasons.setdefault((flag.watched, flag.sentence), []).append(flag)
    for (watched, sentence), alike in reasons.items():
        title = plain(_title(alike[0])) if len(alike) == 1 else "rules"
        words, figures = _figured(f"{title} ({plain(sentence).rstrip('.')})", f"flags[{alike[0].id}].sentence")
        if len(alike) > 1:
            words, figures = (
                f"{{rules}} {words}",
                figures | {"rules": whole(len(alike), "count of flags unknown for it")},
            )
        parts.append((f"{_short(facts, watched)} {words}", figures))
    return [listed(parts, before="Not judged: ", between="; ")] if parts else []


def lacking_part(facts: Facts) -> Part | None:
    """That a session lately has no bar, and what is left out for it."""
    if complete(facts):
        return None
    words, figures = _figured(plain(facts.row.note or ""), f"{facts.path}.note")
    told = f"{plain(facts.row.short)} {words}. The path of the week and its records are left out."
    return Part(key="lacking", heading=said("A session is missing"), sentences=(said(told, **figures),))


def _ordinary(facts: Facts) -> list[Statement]:
    """How many flags are on without anything special; nothing while no rule has a history."""
    expected = number(facts.snapshot.chance.expected, "chance.expected", 1)
    return [said("On an ordinary day {expected} flags are on.", expected=expected)] if expected.text != "0.0" else []


# -- levels and momentum --------------------------------------------------------------------------------


def levels_part(facts: Facts) -> Part | None:
    """The levels the last close stands in, and the nearest two each side, with their sources."""
    known = [(level, away) for level in facts.row.levels if (away := level.distance_percent) is not None]
    at = [level for level, _ in known if level.low <= facts.week.close <= level.high]
    above = [level for level, away in sorted(known, key=lambda one: one[1]) if away > 0 and level not in at]
    below = [level for level, away in sorted(known, key=lambda one: -one[1]) if away <= 0 and level not in at]
    sides = (("At", at), ("Above", above[:NEAREST]), ("Below", below[:NEAREST]))
    sentences = tuple(_side(word, facts, levels) for word, levels in sides if levels)
    heading = said("Levels from {close}", close=price(facts.week.close, f"{facts.path}.week.close"))
    return Part(key="levels", heading=heading, sentences=sentences) if sentences else None


def _side(word: str, facts: Facts, levels: Sequence[Level]) -> Statement:
    return listed((_level(facts, level) for level in levels), before=f"{word}: ", between="; ")


def _level(facts: Facts, level: Level) -> tuple[str, dict[str, Told]]:
    """``2,500.00 (+1.95 %, 1.1 ATR: major round number)``; a zone from edge to edge."""
    path = f"{facts.path}.levels[{level.price}]"
    figures = {
        "low": price(level.low, f"{path}.low"),
        "distance": signed(level.distance_percent or 0.0, f"{path}.distance_percent"),
    }
    where, away = "{low}", "{distance}"
    if level.high > level.low:
        where += "–{high}"
        figures["high"] = price(level.high, f"{path}.high")
    if level.distance_atr is not None:
        away += ", {atr}"
        figures["atr"] = size(level.distance_atr, f"{path}.distance_atr", 1, "ATR")
    sources, more = _sources(level, path)
    return f"{where} ({away}: {sources})", figures | more


def _sources(level: Level, path: str) -> tuple[str, dict[str, Told]]:
    """What lies in a level; numbers in its names are figures too."""
    return _figured(_and([plain(one) for one in level.sources]), f"{path}.sources")


def _figured(text: str, source: str) -> tuple[str, dict[str, Told]]:
    """Words from elsewhere with their numbers as figures; digits of a name stay letters."""
    figures: dict[str, Told] = {}

    def kept(found: re.Match[str]) -> str:
        name = f"named_{len(figures)}"
        figures[name] = Told(found[0], float(found[0].replace(",", "")), source)
        return f"{{{name}}}"

    return _NUMBER.sub(kept, text), figures


def momentum_part(facts: Facts) -> Part | None:
    """RSI, MACD and the averages at the last close."""
    found = facts.row.momentum
    if found is None or found.provisional or found.rsi14 is None:
        return None
    path, close = f"{facts.path}.momentum", facts.week.close
    figures = {
        "length": whole(14, "definition: sessions of the RSI"),
        "rsi": number(found.rsi14, f"{path}.rsi14", 1),
    }
    text = "RSI({length}) {rsi}"
    if found.macd_histogram is not None:
        text += "; MACD histogram {histogram}"
        figures["histogram"] = signed(found.macd_histogram, f"{path}.macd_histogram", 2, "")
    for name, average in (("sma50", found.sma50), ("sma200", found.sma200)):
        if average and facts.row.kind != "yield":
            text += f"; {{{name}_away}} from the average of {{{name}_length}} sessions"
            figures[f"{name}_away"] = signed(100.0 * (close - average) / average, f"100 x (close / {path}.{name} - 1)")
            figures[f"{name}_length"] = whole(int(name[3:]), "definition: sessions of the average")
    return Part(key="momentum", heading=Statement(text="Momentum"), sentences=(said(f"{text}.", **figures),))


# -- what would change it -------------------------------------------------------------------------------


def turns_of(facts: Facts) -> tuple[Turn, ...]:
    """Closes that would change what stands: clear a flag, set a record, leave the week, another phase."""
    found = [*_clearing(facts), *_week_edges(facts), *_records(facts), *_phases(facts)]
    seen: dict[tuple[str, float], Turn] = {}
    for turn in found:
        seen.setdefault((turn.side, round(turn.price, 2)), turn)
    return tuple(sorted(seen.values(), key=lambda one: -one.price))


def _turn(facts: Facts, side: str, level: float, meaning: str, source: str) -> Turn:
    close, atr = facts.week.close, facts.row.atr14
    return Turn(
        side=side,
        price=level,
        meaning=meaning,
        source=source,
        distance_percent=None if facts.row.kind == "yield" else 100.0 * (level - close) / close,
        distance_atr=(level - close) / atr if atr else None,
    )


def _clearing(facts: Facts) -> list[Turn]:
    """Prices that a flag of the subject names itself."""
    found: list[Turn] = []
    for flag in facts.snapshot.flags:
        match = _CLEARS.search(flag.clears_when)
        if match is None or flag.watched != facts.row.symbol or not _stands(facts, flag):
            continue
        side = "above" if match[1] in ("above", "over") else "under"
        level = float(match[2].replace(",", ""))
        found.append(_turn(facts, side, level, f"{_title(flag)} clears", f"flags[{flag.id}].clears_when"))
    return found


def _stands(facts: Facts, flag: Flag) -> bool:
    """Whether a flag is of the sessions told: one of a running session is not."""
    return flag.state == "confirmed" and flag.session <= facts.as_of


def _title(flag: Flag) -> str:
    return flag.title or flag.rule.replace("-", " ")


def _week_edges(facts: Facts) -> list[Turn]:
    week, path = facts.week, f"{facts.path}.week"
    edges = [("above", week.high, "above the week’s high", "high"), ("under", week.low, "under the week’s low", "low")]
    return [_turn(facts, side, level, words, f"{path}.{field}") for side, level, words, field in edges]


def _records(facts: Facts) -> list[Turn]:
    record = facts.row.record
    if record is None:
        return []
    return [_turn(facts, "above", record.close.price, "a new record close", f"{facts.path}.record.close.price")]


def _phases(facts: Facts) -> list[Turn]:
    record: Record | None = facts.row.record
    if record is None:
        return []
    depth, top = record.close.distance_percent, record.close.price
    found: list[Turn] = []
    deeper = next(((border, name) for border, name in PHASES if depth > border), None)
    if deeper is not None:
        found.append(_phase(facts, "under", top, deeper[0], deeper[1]))
    passed = [border for border, _ in PHASES if depth <= border]
    if passed:
        found.append(_phase(facts, "above", top, passed[-1], SHALLOWER[passed[-1]]))
    return found


def _phase(facts: Facts, side: str, top: float, border: float, name: str) -> Turn:
    source = f"{facts.path}.record.close.price x {1 + border / 100:.2f}"
    return _turn(facts, side, top * (1 + border / 100.0), f"phase: {name}", source)
