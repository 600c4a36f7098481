"""The path of a week: each session, what was gained and given back, and how straight it was."""

from dataclasses import dataclass
from itertools import pairwise

from .model.recap import Part, SessionLine, Statement
from .recap_facts import Facts
from .recap_words import Told, direction, number, plural, price, said, signed, size, weekday

LEAST = 2
"""Sessions from which a week has a path."""
LEAST_WAY = 0.25
"""ATRs from which a move is a gain or a loss that can be given back."""


@dataclass(frozen=True)
class Turned:
    """The way to the week's highest (lowest) close and back, in points, all positive.

    `extreme` is the session of that close, `back` the later session that went back most, `far` the one
    whose close was farthest back.
    """

    up: bool
    way: float
    extreme: SessionLine
    extreme_own: float | None
    back: SessionLine
    back_points: float
    far: SessionLine
    far_points: float


def path_part(facts: Facts) -> Part:
    """How far the week went and came back."""
    turned = turned_of(facts)
    sentences = [_opened(facts)]
    if turned is not None:
        sentences += [_given_back(facts, turned), _own_gain(facts, turned)]
    sentences.append(_straight(facts))
    kept = tuple(one for one in sentences if one is not None)
    return Part(key="path", heading=_heading(facts, turned), sentences=kept)


def sessions_part(facts: Facts) -> Part:
    """Day by day."""
    sentences = tuple(_session(facts, day) for day in facts.days)
    return Part(key="sessions", heading=Statement(text="Session by session"), sentences=sentences)


def turned_of(facts: Facts) -> Turned | None:
    """The larger of the two turns of a week: back from its highest close, or up from its lowest."""
    before = facts.before
    if before is None or len(facts.days) < LEAST:
        return None
    found = [one for up in (True, False) if (one := _turn(facts.days, before, least_way(facts), up=up)) is not None]
    return max(found, key=lambda one: one.back_points, default=None)


def least_way(facts: Facts) -> float:
    """The points under which a move is no gain to give back; 0 where the average range is not known."""
    return LEAST_WAY * (facts.row.atr14 or 0.0)


def _turn(days: tuple[SessionLine, ...], before: float, least: float, *, up: bool) -> Turned | None:
    sign = 1.0 if up else -1.0
    heights = [sign * (day.close - before) for day in days]
    at = heights.index(max(heights))
    later = range(at + 1, len(days))
    if heights[at] <= 0 or heights[at] < least or not later:
        return None
    back = max(later, key=lambda index: heights[index - 1] - heights[index])
    far = min(later, key=lambda index: heights[index])
    return Turned(
        up=up,
        way=heights[at],
        extreme=days[at],
        extreme_own=heights[at] - heights[at - 1] if at else None,
        back=days[back],
        back_points=heights[back - 1] - heights[back],
        far=days[far],
        far_points=heights[at] - heights[far],
    )


def _heading(facts: Facts, turned: Turned | None) -> Statement:
    if turned is not None:
        day = weekday(turned.back.day, f"by_session[{turned.back.day}].day")
        verb, what = ("gave back", "gain") if turned.up else ("took back", "loss")
        if _is_more(turned.back_points, turned.way):
            way = _points(facts, turned.way, _way(turned))
            return said(f"{{day}} {verb} more than all of the {what} of {{way}}", day=day, way=way)
        share = _share(turned, turned.back_points, turned.back)
        return said(f"{{day}} {verb} {{share}} of the {what}", day=day, share=share)
    known = [day for day in facts.days if day.change_percent is not None or day.change_points is not None]
    if not known:
        return Statement(text="By session")
    most = max(known, key=lambda day: abs(day.change_percent or day.change_points or 0.0))
    day = weekday(most.day, f"by_session[{most.day}].day")
    change = _change(most)
    assert change is not None
    return said("The largest session: {day} {change}", day=day, change=change)


def _change(day: SessionLine) -> Told | None:
    """A session's change with its sign; of a yield in basis points."""
    path = f"by_session[{day.day}]"
    if day.change_points is not None:
        return signed(day.change_points, f"{path}.change_points", 1, "bp")
    return None if day.change_percent is None else signed(day.change_percent, f"{path}.change_percent")


def _points(facts: Facts, points: float, source: str) -> Told:
    """``57.58 points``; of a yield ``7.5 bp``."""
    if facts.row.kind == "yield":
        return number(100.0 * points, f"100 x {source}", 1, "bp")
    return number(points, source, decimals_of(facts.days[-1]), "points")


def _is_more(points: float, way: float) -> bool:
    """Whether more than all of a move came back, as written in whole percent."""
    return round(100.0 * points / way) > 100


def _way(turned: Turned) -> str:
    return f"by_session[{turned.extreme.day}].close from the previous week's last close"


def _share(turned: Turned, points: float, day: SessionLine) -> Told:
    back = f"by_session[{day.day}]: points of it" if day is turned.back else f"points to by_session[{day.day}].close"
    return number(100.0 * points / turned.way, f"100 x {back} / ({_way(turned)})", 0, "%")


def _opened(facts: Facts) -> Statement | None:
    """The opening gap, where the vendor's opens are prices."""
    first, before = facts.days[0], facts.before
    if first.open is None or before is None or not before:
        return None
    points = first.open - before
    path = f"by_session[{first.day}]"
    if direction(points) == 0:
        return None
    side = "above" if points > 0 else "below"
    source = f"{path}.open - {facts.path}.week.previous_close"
    figures = {
        "day": weekday(first.day, f"{path}.day"),
        "points": size(points, source, decimals_of(first), ""),
    }
    share = ""
    if facts.row.kind != "yield":
        share = " ({share})"
        figures["share"] = size(100.0 * points / before, f"100 x ({source}) / {facts.path}.week.previous_close")
    return said(f"{{day}} opened {{points}} points{share} {side} the close before.", **figures)


def decimals_of(day: SessionLine) -> int:
    """Decimals of points at a session's price."""
    return 3 if day.close < 10 else 2


def _session(facts: Facts, day: SessionLine) -> Statement:
    """A session's change, close, range in points and ATRs, and where in that range it closed."""
    path = f"by_session[{day.day}]"
    figures = {
        "day": weekday(day.day, f"{path}.day"),
        "close": price(day.close, f"{path}.close"),
        "range": number(day.range, f"{path}.range", decimals_of(day)),
    }
    moved = "ended at {close}"
    change = _change(day)
    if change is not None:
        verb = {"+": "rose", "−": "fell"}.get(change.text[0], "moved")
        moved = f"{verb} {{change}} to {{close}}"
        figures["change"] = Told(change.text.lstrip("+−"), change.value, change.source)
    ranges = ""
    if day.range_atr is not None:
        ranges = " ({atr})"
        figures["atr"] = number(day.range_atr, f"{path}.range_atr", 1, "ATR")
    place = ""
    if day.position_percent is not None:
        place = ", closing at {place} of it"
        figures["place"] = number(day.position_percent, f"{path}.position_percent", 0, "%")
        if day is facts.days[-1]:
            place += ", {above} points above the low of {low}"
            figures["above"] = number(day.close - day.low, f"{path}.close - {path}.low", decimals_of(day))
            figures["low"] = price(day.low, f"{path}.low")
    return said(f"{{day}} {moved} over a range of {{range}} points{ranges}{place}.", **figures)


def _given_back(facts: Facts, turned: Turned) -> Statement:
    """What the session and the week's farthest close after the turn gave back of the way there."""
    rose, back = ("rose", "gave back") if turned.up else ("fell", "took back")
    source = f"by_session[{turned.back.day}].close from the close before"
    figures = {
        "way": _points(facts, turned.way, _way(turned)),
        "extreme": weekday(turned.extreme.day, f"by_session[{turned.extreme.day}].day"),
        "day": weekday(turned.back.day, f"by_session[{turned.back.day}].day"),
        "points": _points(facts, turned.back_points, source),
    }
    if _is_more(turned.back_points, turned.way):
        text = f"To {{extreme}}’s close it {rose} {{way}}; {{day}} {back} {{points}}, more than all of it"
    else:
        text = f"To {{extreme}}’s close it {rose} {{way}}; {{day}} {back} {{points}} of it ({{share}})"
        figures["share"] = _share(turned, turned.back_points, turned.back)
    if turned.far is not turned.back:
        text += ", and by {far}’s close it was {all}"
        figures["far"] = weekday(turned.far.day, f"by_session[{turned.far.day}].day")
        figures["all"] = _all(facts, turned)
    return said(f"{text}.", **figures)


def _all(facts: Facts, turned: Turned) -> Told:
    """What was back by the farthest close: a share of the way, in points where it was more than that."""
    if not _is_more(turned.far_points, turned.way):
        return _share(turned, turned.far_points, turned.far)
    extreme, far = (f"by_session[{one.day}].close" for one in (turned.extreme, turned.far))
    return _points(facts, turned.far_points, f"|{far} - {extreme}|")


def _own_gain(facts: Facts, turned: Turned) -> Statement | None:
    """The same against the last session of the way alone, where it had more than one."""
    own = turned.extreme_own
    if own is None or own <= 0 or own < least_way(facts):
        return None
    share = 100.0 * turned.far_points / own
    extreme, far = (f"by_session[{one.day}]" for one in (turned.extreme, turned.far))
    kind, back = ("gain", "given back") if turned.up else ("loss", "taken back")
    told = "more than all" if _is_more(turned.far_points, own) else "{share}"
    figures = {
        "extreme": weekday(turned.extreme.day, f"{extreme}.day"),
        "own": _points(facts, own, f"{extreme}.close from the close before"),
        "far": weekday(turned.far.day, f"{far}.day"),
    }
    if told == "{share}":
        source = f"100 x (from {extreme}.close to {far}.close) / (points of {extreme})"
        figures["share"] = number(share, source, 1, "%")
    return said(f"Of {{extreme}}’s own {kind} of {{own}} {told} was {back} by {{far}}’s close.", **figures)


def _straight(facts: Facts) -> Statement | None:
    """The sum of all session moves beside the net move: how straight the week was."""
    before = facts.before
    if before is None or len(facts.days) < LEAST:
        return None
    closes = [before, *(day.close for day in facts.days)]
    total = sum(abs(after - close) for close, after in pairwise(closes))
    net = closes[-1] - before
    if total <= 0:
        return None
    sessions = plural(len(facts.days), "session’s move", "sessions’ moves")
    return said(
        f"The {sessions} add up to {{total}} without their signs, for {{net}} net ({{share}}).",
        total=_points(facts, total, "sum of |by_session.close from the close before|"),
        net=_net(facts, net),
        share=size(100.0 * net / total, "100 x |net| / sum of |moves|", 0),
    )


def _net(facts: Facts, net: float) -> Told:
    """From the last close of the week before to the last one, with its sign."""
    source = f"by_session[{facts.as_of}].close - {facts.path}.week.previous_close"
    if facts.row.kind == "yield":
        return signed(100.0 * net, f"100 x ({source})", 1, "bp")
    return signed(net, source, decimals_of(facts.days[-1]), "")
