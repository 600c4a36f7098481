"""Records of the week on both bases, the distance since, and the phase."""

from .analytics.returns import LEAST_HISTORY
from .model.reading import Record, RecordMark
from .model.recap import Part, SessionLine, Statement
from .recap_facts import Facts
from .recap_words import (
    Told,
    capital,
    count,
    dated,
    direction,
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


def record_part(facts: Facts) -> Part | None:
    """Records made in the week on both bases, the distance since, the phase."""
    record = facts.row.record
    if record is None:
        return _young(facts) if facts.young else None
    highs = [day for day in facts.days if day.record_high]
    closes = [day for day in facts.days if day.record_close]
    sentences = [_made(facts, record, highs, closes), *_earlier(highs, closes), _distance(facts, record)]
    sentences.append(_phase(facts, record))
    return Part(key="record", heading=_record_heading(facts, record, highs, closes), sentences=tuple(sentences))


def _young(facts: Facts) -> Part:
    """The first year: how long the history is, in place of a record."""
    first, sessions = facts.bars.day(0), len(facts.bars)
    heading = said(
        f"A history of {{sessions}} {plural(sessions, 'session', 'sessions')}: too short for a record",
        sessions=count(sessions, "definition: sessions from the first bar"),
    )
    told = said(
        f"The bars of {plain(facts.row.short)} begin on {{first}}; a record is told from {{least}} sessions on.",
        first=dated(first, facts.as_of, "definition: the first bar"),
        least=whole(LEAST_HISTORY, "definition: sessions of history a record needs"),
    )
    if first >= facts.week.monday:
        heading = Statement(text="The history begins with this week")
    return Part(key="record", heading=heading, sentences=(told,))


def _record_heading(facts: Facts, record: Record, highs: list[SessionLine], closes: list[SessionLine]) -> Statement:
    if not highs and not closes:
        return said(
            "{distance} under the intraday record, {close} under the record close",
            distance=size(record.intraday.distance_percent, f"{facts.path}.record.intraday.distance_percent"),
            close=size(record.close.distance_percent, f"{facts.path}.record.close.distance_percent"),
        )
    parts: list[str] = []
    figures: dict[str, Told] = {}
    if highs:
        parts.append(f"{{highs}} intraday {plural(len(highs), 'record', 'records')}")
        figures["highs"] = count(len(highs), "by_session: count of record_high")
    if closes:
        parts.append(f"{{closes}} record {plural(len(closes), 'close', 'closes')}")
        figures["closes"] = count(len(closes), "by_session: count of record_close")
    return capital(said(" and ".join(parts), **figures))


def _made(facts: Facts, record: Record, highs: list[SessionLine], closes: list[SessionLine]) -> Statement:
    """Both records with their days; of this week by weekday, older ones by date and age."""
    high, high_figures = _mark(facts, record.intraday, "intraday", "high", fresh=bool(highs))
    close, close_figures = _mark(facts, record.close, "close", "close", fresh=bool(closes))
    since = year(record.since.year, f"{facts.path}.record.since")
    return said(
        f"The intraday record since {{since}} is {high}; the record close is {close}.",
        since=since,
        **high_figures,
        **close_figures,
    )


def _mark(facts: Facts, mark: RecordMark, basis: str, name: str, *, fresh: bool) -> tuple[str, dict[str, Told]]:
    path = f"{facts.path}.record.{basis}"
    figures = {f"{name}_price": price(mark.price, f"{path}.price")}
    if fresh:
        figures[f"{name}_day"] = weekday(mark.date, f"{path}.date")
        return f"{{{name}_price}}, set on {{{name}_day}}", figures
    figures[f"{name}_date"] = dated(mark.date, facts.as_of, f"{path}.date")
    figures[f"{name}_sessions"] = whole(mark.sessions_since, f"{path}.sessions_since")
    ago = plural(mark.sessions_since, "session", "sessions")
    return f"{{{name}_price}} of {{{name}_date}}, {{{name}_sessions}} {ago} ago", figures


def _earlier(highs: list[SessionLine], closes: list[SessionLine]) -> tuple[Statement, ...]:
    """The records of the week that were broken again within it."""
    parts = [("{day}’s high of {price}", _of_day(day, "high", day.high)) for day in highs[:-1]]
    parts += [("{day}’s close of {price}", _of_day(day, "close", day.close)) for day in closes[:-1]]
    if not parts:
        return ()
    were = "was a record too" if len(parts) == 1 else "were records too"
    return (listed(parts, after=f" {were}.", last=" and "),)


def _of_day(day: SessionLine, field: str, value: float) -> dict[str, Told]:
    path = f"by_session[{day.day}]"
    return {"day": weekday(day.day, f"{path}.day"), "price": price(value, f"{path}.{field}")}


def _distance(facts: Facts, record: Record) -> Statement:
    path, atr = f"{facts.path}.record", facts.row.atr14
    second = "at the second" if direction(record.close.distance_percent) == 0 else "{close} under the second"
    figures = {
        "distance": size(record.intraday.distance_percent, f"{path}.intraday.distance_percent"),
        "points": number(record.intraday.points, f"{path}.intraday.points"),
        "close": size(record.close.distance_percent, f"{path}.close.distance_percent"),
        "recover": size(record.intraday.to_recover_percent, f"{path}.intraday.to_recover_percent"),
    }
    ranges = ""
    if atr:
        ranges = ", {atr}"
        source = f"{path}.intraday.points / {facts.path}.atr14"
        figures["atr"] = number(record.intraday.points / atr, source, 1, "ATR")
    since = record.intraday.sessions_since
    later = ""
    if record.made_this_week and since:
        later = f", {{later}} {plural(since, 'session', 'sessions')} later,"
        figures["later"] = count(since, f"{path}.intraday.sessions_since")
    return said(
        f"The last close{later} is {{distance}} ({{points}} points{ranges}) under the first and {second}; "
        "a rise of {recover} would bring back the first.",
        **figures,
    )


def _phase(facts: Facts, record: Record) -> Statement:
    path = f"{facts.path}.record"
    if record.phase == "at record":
        return Statement(text="On closes the phase is “at record”.")
    return said(
        f"On closes the phase is “{record.phase}”; the deepest close since the record close was {{deepest}}, "
        "on {date}.",
        deepest=signed(record.deepest_percent, f"{path}.deepest_percent"),
        date=dated(record.deepest_date, facts.as_of, f"{path}.deepest_date"),
    )
