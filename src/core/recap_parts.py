"""The week of an instrument in sentences: its change, its range, the others, the macro line."""

from .model.recap import IndexLine, Part, Statement
from .model.snapshot import LACKS, Row
from .recap_facts import MACRO, Facts
from .recap_words import (
    Told,
    count,
    dated,
    direction,
    listed,
    number,
    ordinal,
    plain,
    plural,
    price,
    said,
    signed,
    size,
    weekday,
    whole,
)

BY_SHORT = ("fund", "future", "volatility")
DISAGREE = 0.5
"""Percentage points between two definitions of the week's change from which both are told."""


def named(row: Row | IndexLine, *, start: bool = False) -> str:
    """``the Russell 2000``; funds and futures go by their short names."""
    return plain(row.short if row.kind in BY_SHORT else f"{'The' if start else 'the'} {row.name}")


def up(value: float, decimals: int = 2) -> str:
    """``up``, ``down`` or ``unchanged`` of a number as written."""
    return {1: "up", -1: "down"}.get(direction(value, decimals), "unchanged")


def gained(value: float) -> str:
    """``gained``, ``lost`` or ``moved``."""
    return {1: "gained", -1: "lost"}.get(direction(value), "moved")


# -- the week -------------------------------------------------------------------------------------------


def week_part(facts: Facts) -> Part:
    """The week's change on three definitions, and the year so far."""
    sentences = (_ended(facts), _definitions(facts), _to_date(facts))
    return Part(key="week", heading=_week_heading(facts), sentences=tuple(one for one in sentences if one))


def complete(facts: Facts) -> bool:
    """Whether no session of the week or shortly before it is without its bar."""
    return not (facts.row.note or "").startswith(LACKS)


def _week_heading(facts: Facts) -> Statement:
    week, path, short = facts.week, f"{facts.path}.week", plain(facts.row.short)
    state = "on the week" if week.final else "so far this week"
    place = ", closing at {place} of its range" if week.final else ", at {place} of its range"
    change = _change(facts)
    if change is None or week.position_percent is None:
        return said(short + " at {close}", close=price(week.close, f"{path}.close"))
    return said(
        f"{short} {{change}} {state}{place}",
        change=change,
        place=number(week.position_percent, f"{path}.position_percent", 0, "%"),
    )


def _change(facts: Facts) -> Told | None:
    """The week's change with its sign; of a yield in basis points."""
    week, path = facts.week, f"{facts.path}.week"
    if week.change_points is not None:
        return signed(week.change_points, f"{path}.change_points", 1, "bp")
    return None if week.change_percent is None else signed(week.change_percent, f"{path}.change_percent")


def _ended(facts: Facts) -> Statement:
    week, path = facts.week, f"{facts.path}.week"
    close = price(week.close, f"{path}.close")
    start = named(facts.row, start=True)
    ended = f"{start} ended the week at {{close}}"
    counted: dict[str, Told] = {}
    if not week.final:
        counted = {
            "done": count(week.sessions, f"{path}.sessions"),
            "all": count(week.expected, f"{path}.expected"),
        }
        ended = f"{start} stands at {{close}} after {{done}} of {{all}} sessions"
    elif week.sessions < week.expected or week.sessions < 5:
        counted = {"done": count(week.sessions, f"{path}.sessions")}
        ended = f"{start} ended a week of {{done}} {plural(week.sessions, 'session', 'sessions')} at {{close}}"
    change = _change(facts)
    if change is None or week.previous_close is None:
        return said(f"{ended}.", close=close, **counted)
    value = float(change.value)
    before = price(week.previous_close, f"{path}.previous_close")
    way = up(value, 1 if week.change_points is not None else 2)
    if way == "unchanged":
        return said(
            f"{ended}, unchanged from {{before}}, the last close of the week before.",
            close=close,
            before=before,
            **counted,
        )
    told = size(value, change.source, 1, "bp") if week.change_points is not None else size(value, change.source)
    moved = f"{ended}, {way} {{change}} from {{before}}, the last close of the week before."
    return said(moved, close=close, change=told, before=before, **counted)


def _definitions(facts: Facts) -> Statement | None:
    """The other two definitions where one of them has another sign, or is over half a point off."""
    week, path = facts.week, f"{facts.path}.week"
    standard, opened, first = week.change_percent, week.open_to_close_percent, week.first_close_to_close_percent
    if standard is None or week.sessions < 2:
        return None
    known = [one for one in (opened, first) if one is not None]
    apart = any(abs(one - standard) > DISAGREE or direction(one) * direction(standard) < 0 for one in known)
    if not apart or first is None:
        return None
    day = weekday(facts.days[0].day, f"by_session[{facts.days[0].day}].day")
    close = signed(first, f"{path}.first_close_to_close_percent")
    if opened is None:
        return said("Measured from {day}’s close the change is {first}.", day=day, first=close)
    return said(
        "Measured from {day}’s open the change is {opened}, from {day}’s close {first}.",
        day=day,
        opened=signed(opened, f"{path}.open_to_close_percent"),
        first=close,
    )


def _to_date(facts: Facts) -> Statement | None:
    found = facts.row.returns
    if found is None or found.month is None or found.quarter is None or found.year is None:
        return None
    return said(
        "To date: month {month}, quarter {quarter}, year {year}.",
        month=signed(found.month, f"{facts.path}.returns.month"),
        quarter=signed(found.quarter, f"{facts.path}.returns.quarter"),
        year=signed(found.year, f"{facts.path}.returns.year"),
    )


# -- its range ------------------------------------------------------------------------------------------


def range_part(facts: Facts) -> Part:
    """How far the week went, beside other weeks and the 52 weeks."""
    week, path = facts.week, f"{facts.path}.week"
    size_ = number(week.range, f"{path}.range", 3 if week.close < 10 else 2)
    heading = said("A range of {range} points", range=size_)
    if week.range_times_average is not None:
        heading = said(
            "A range of {range} points, {times} times the mean of {weeks} weeks",
            range=size_,
            times=number(week.range_times_average, f"{path}.range_times_average", 1),
            weeks=whole(10, "definition: the ten weeks before"),
        )
    sentences = (_traded(facts), _patterns(facts), _year(facts))
    return Part(key="range", heading=heading, sentences=tuple(one for one in sentences if one))


def _traded(facts: Facts) -> Statement:
    week, path = facts.week, f"{facts.path}.week"
    figures = {
        "low": price(week.low, f"{path}.low"),
        "low_day": weekday(week.low_date, f"{path}.low_date"),
        "high": price(week.high, f"{path}.high"),
        "high_day": weekday(week.high_date, f"{path}.high_date"),
    }
    text = "It traded from {low} on {low_day} to {high} on {high_day}"
    if week.range_percent is not None:
        text += ", {share} of the previous close"
        figures["share"] = number(week.range_percent, f"{path}.range_percent", 2, "%")
    if week.range_percentile is not None:
        text += " ({rank} percentile of {weeks} weeks)"
        figures["rank"] = ordinal(week.range_percentile, f"{path}.range_percentile")
        figures["weeks"] = whole(260, "definition: the weeks before, at most 260 and at least 52")
    if week.position_percent is not None:
        text += "; the last close stands at {place} of it"
        figures["place"] = number(week.position_percent, f"{path}.position_percent", 0, "%")
    return said(f"{text}.", **figures)


def _patterns(facts: Facts) -> Statement | None:
    words = {
        "inside": "lies inside the week before",
        "outside": "goes beyond the week before on both sides",
        "nr4": "has the narrowest range of four weeks",
        "nr7": "has the narrowest range of seven weeks",
    }
    found = [one for one in facts.week.patterns if one in words]
    told = [words[one] for one in found if one != "nr4" or "nr7" not in found]
    source = f"definition: {facts.path}.week.patterns"
    figures = {"four": Told("four", 4.0, source)} if "nr4" in found and "nr7" not in found else {}
    figures |= {"seven": Told("seven", 7.0, source)} if "nr7" in found else {}
    return said(f"The week {' and '.join(told)}.", **figures) if told else None


def _year(facts: Facts) -> Statement | None:
    found = facts.row.year_range
    if found is None or found.intraday.position_percent is None:
        return None
    path = f"{facts.path}.year_range.intraday"
    figures = {
        "low": price(found.intraday.low, f"{path}.low"),
        "high": price(found.intraday.high, f"{path}.high"),
        "place": number(found.intraday.position_percent, f"{path}.position_percent", 0, "%"),
    }
    if found.since is not None:
        figures["since"] = dated(found.since, facts.as_of, f"{facts.path}.year_range.since")
        return said("Since {since}, where its bars begin, it went from {low} to {high}; it is at {place}.", **figures)
    figures["weeks"] = whole(52, "definition: sessions of the last 364 days")
    return said("Of its {weeks} weeks’ range of {low} to {high} it stands at {place}.", **figures)


# -- the others -----------------------------------------------------------------------------------------


def others_part(facts: Facts) -> Part | None:
    """The subject's week against its reference and the rest, with the sessions where they are not the same."""
    rest = [line for line in facts.lines if line.symbol != facts.row.symbol and line.kind not in MACRO]
    if facts.spread is None and not rest:
        return None
    reference = facts.spread.reference.symbol if facts.spread else ""
    groups = ("us", "proxies", "futures", "abroad")
    order = [*groups, *sorted({line.group for line in rest} - set(groups))]
    kept = [[line for line in rest if line.group == group and line.symbol != reference] for group in order]
    sentences = [_against(facts)] if facts.spread else []
    sentences += [_changes(facts, lines) for lines in kept if any(one.change_percent is not None for one in lines)]
    return Part(key="others", heading=_others_heading(facts), sentences=tuple(sentences)) if sentences else None


def _others_heading(facts: Facts) -> Statement:
    spread = facts.spread
    if spread is None:
        return Statement(text="The others on the week")
    points = size(spread.points, _spread_source(facts), 2, "pp")
    reference = named(spread.reference)
    verb = {1: "Ahead of", -1: "Behind"}.get(direction(spread.points), "Level with")
    return said(f"{verb} {reference} by {{points}}", points=points)


def _spread_source(facts: Facts) -> str:
    assert facts.spread is not None
    other = facts.spread.reference.symbol
    return f"by_index[{facts.row.symbol}].change_percent - by_index[{other}].change_percent"


def _against(facts: Facts) -> Statement:
    spread = facts.spread
    assert spread is not None
    line = spread.reference
    change = line.change_percent or 0.0
    figures = {
        "change": size(change, f"by_index[{line.symbol}].change_percent"),
        "points": size(spread.points, _spread_source(facts), 2, "pp"),
    }
    verb = {1: "led by", -1: "lagged by"}.get(direction(spread.points), "differed by")
    rank = ""
    if spread.percentile is not None:
        rank = " ({rank} percentile of {weeks} weeks)"
        figures["rank"] = ordinal(spread.percentile, "definition: share of the weeks before with a lower spread")
        figures["weeks"] = whole(spread.weeks, "definition: common ISO weeks before, at most 260 and at least 104")
    marked, more = _sessions(facts, line)
    own = plain(facts.row.short)
    text = f"{named(line, start=True)} {gained(change)} {{change}}{marked}, so {own} {verb} {{points}}{rank}."
    return said(text, **figures, **more)


def _changes(facts: Facts, lines: list[IndexLine]) -> Statement:
    """The rest of a group, from the highest change down."""
    known = [line for line in lines if line.change_percent is not None]
    parts: list[tuple[str, dict[str, Told]]] = []
    for line in sorted(known, key=lambda one: -(one.change_percent or 0.0)):
        marked, figures = _sessions(facts, line)
        change = signed(line.change_percent or 0.0, f"by_index[{line.symbol}].change_percent")
        name = line.short if line.kind in BY_SHORT else line.name
        parts.append((f"{plain(name)} {{change}}{marked}", {"change": change, **figures}))
    return listed(parts)


def _sessions(facts: Facts, line: IndexLine) -> tuple[str, dict[str, Told]]:
    """``(4 of 5 sessions)`` where other sessions than the subject's are compared."""
    if (line.sessions, line.expected) == (facts.week.sessions, facts.week.expected):
        return "", {}
    path = f"by_index[{line.symbol}]"
    figures = {
        "done": whole(line.sessions, f"{path}.sessions"),
        "all": whole(line.expected, f"{path}.expected"),
    }
    return " ({done} of {all} sessions)", figures


# -- macro ----------------------------------------------------------------------------------------------


def macro_part(facts: Facts) -> Part | None:
    """Volatility indices and yields: levels, and the week's change in percent or basis points."""
    lines = [line for line in facts.lines if line.kind in MACRO and line.symbol != facts.row.symbol]
    parts = [_macro(facts, line) for line in lines]
    return (
        Part(key="macro", heading=Statement(text="Macro"), sentences=(listed(parts, between="; "),)) if parts else None
    )


def _macro(facts: Facts, line: IndexLine) -> tuple[str, dict[str, Told]]:
    path = f"by_index[{line.symbol}]"
    marked, figures = _sessions(facts, line)
    figures["close"] = price(line.close, f"{path}.close")
    name = f"{plain(line.short)} at {{close}}"
    if line.change_points is not None:
        figures["change"] = signed(line.change_points, f"{path}.change_points", 1, "bp")
    elif line.change_percent is not None:
        figures["change"] = signed(line.change_percent, f"{path}.change_percent")
    else:
        return f"{name}{marked}", figures
    return f"{name}, {{change}} on the week{marked}", figures
