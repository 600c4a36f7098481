"""One session of the sample market to the second.

A day's path begins at the open, reaches the high and the low, ends at the close, and looks like the
paths of its family. It depends on the seed, the symbol and the day alone.
"""

import math
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from ..bars import Bar, Floats
from ..sessions import Calendars, Session
from .sample_facts import SCRIPTS, SILENCES, Shadow, Walk
from .sample_history import SampleHistory, numbers

STEP = 300
"""Seconds of a bar."""
_KEPT = 3
_LONGER = {"^VIX": timedelta(minutes=15), "^TNX": timedelta(minutes=-60)}
_QUIET = 0.00012
"""Standard deviation of the noise between scripted prices, half-way, as a share of the price."""


@dataclass(frozen=True, eq=False)
class DayPath:
    """Prices of one session at every second from its open to its close, both included.

    `silent` are the seconds (from, to) in which no price comes.
    """

    session: Session
    prices: Floats
    silent: tuple[int, int] | None = None

    def second(self, now: datetime) -> int:
        """Seconds since the open of the newest price known at `now`; the last one after the close."""
        passed = int((now - self.session.open).total_seconds())
        at = min(max(passed, 0), len(self.prices) - 1)
        if self.silent and self.silent[0] <= at < self.silent[1]:
            return self.silent[0]
        return at

    def time(self, second: int) -> datetime:
        """The time of a second of the session."""
        return self.session.open + timedelta(seconds=second)

    def bar(self, second: int, volume: float = 0.0) -> Bar:
        """The day's bar as far as a second."""
        so_far = self.prices[: second + 1]
        return Bar(
            self.session.day, float(so_far[0]), float(so_far.max()), float(so_far.min()),
            float(so_far[-1]), volume,
        )  # fmt: skip

    def closes(self, second: int) -> tuple[tuple[datetime, ...], tuple[float, ...]]:
        """Starts and closes of the 5-minute bars as far as a second, the running one included."""
        ends = [*range(STEP, second, STEP), second] if second else []
        heard = [end for end in ends if not self._unheard(end)]
        starts = tuple(self.time((end - 1) // STEP * STEP) for end in heard)
        return starts, tuple(float(self.prices[end]) for end in heard)

    def _unheard(self, end: int) -> bool:
        return self.silent is not None and self.silent[0] < end <= self.silent[1]


class SampleDays:
    """When sessions are and how they went; of each symbol the last few paths are kept."""

    def __init__(self, history: SampleHistory, calendars: Calendars) -> None:
        self._history, self._calendars = history, calendars
        self._kept: dict[str, dict[Session, DayPath]] = {}

    def begun(self, symbol: str, now: datetime) -> Session:
        """The newest session of a symbol that has opened."""
        calendar = self._calendars.of(self._history.calendar(symbol), now.date())
        return _hours(symbol, calendar.begun(now))

    def session(self, symbol: str, day: date) -> Session | None:
        """A symbol's session of a day, by its own hours; None where its exchange is closed."""
        found = self._calendars.of(self._history.calendar(symbol), day).session(day)
        return _hours(symbol, found) if found else None

    def path(self, symbol: str, session: Session) -> DayPath | None:
        """The path of a symbol's session; None where the history has no bar for it."""
        kept = self._kept.setdefault(symbol, {})
        if session not in kept:
            bars = self._history.bars(symbol)
            at = bars.index_of(session.day)
            if at is None:
                return None
            if len(kept) >= _KEPT:
                kept.pop(next(iter(kept)))
            kept[session] = self._made(symbol, session, bars.bar(at))
        return kept[session]

    def _made(self, symbol: str, session: Session, bar: Bar) -> DayPath:
        chance = numbers(self._history.seed, symbol, "seconds", session.day.toordinal())
        prices = _by_second(self._nodes(symbol, session, bar), bar, chance)
        decimals = self._history.fact(symbol).decimals
        return DayPath(session, np.round(prices, decimals), _silence(symbol, session))

    def _leader(self, symbol: str, day: date) -> DayPath | None:
        """How the instrument that another one goes by went on a day."""
        hours = self.session(symbol, day) if symbol else None
        return self.path(symbol, hours) if hours else None

    def _nodes(self, symbol: str, session: Session, bar: Bar) -> Floats:
        """Prices at the open and at the end of each 5-minute bar."""
        chance = numbers(self._history.seed, symbol, "day", session.day.toordinal())
        count = round((session.close - session.open).total_seconds() / STEP)
        given = self._given(symbol, session, bar, count)
        if given:
            return _through(given, bar, chance)
        return _fitted(self._shape(symbol, session, count, chance), bar)

    def _given(self, symbol: str, session: Session, bar: Bar, count: int) -> dict[int, float]:
        """Prices that are fixed before the path is made, by the number of the bar they end."""
        fact = self._history.fact(symbol)
        if isinstance(fact, Shadow):
            return self._shadowed(fact, session, bar, count)
        script = SCRIPTS.get((symbol, session.day.isoformat()))
        if script is None:
            return {}
        words = script.split()
        at = [_seconds(clock, session) // STEP for clock in words[::2]]
        return {0: bar.open, **dict(zip(at, map(float, words[1::2]), strict=True)), count: bar.close}

    def _shadowed(self, fact: Shadow, session: Session, bar: Bar, count: int) -> dict[int, float]:
        """A fund or a future keeps to its index while that trades."""
        path = self._leader(fact.of, session.day)
        if path is None:
            return {0: bar.open, count: bar.close}
        ratio = bar.close / path.prices[-1]
        begin = round((path.session.open - session.open).total_seconds() / STEP)
        prices = np.clip(path.prices[::STEP] * ratio, bar.low, bar.high)
        given = {begin + at: float(price) for at, price in enumerate(prices) if begin + at < count}
        return {**given, 0: bar.open, count: bar.close}

    def _shape(self, symbol: str, session: Session, count: int, chance: np.random.Generator) -> Floats:
        """A path of range about one that begins and ends at nothing, partly after another instrument's."""
        own = _bridge(count, chance)
        own /= max(float(np.ptp(own)), 1e-9)
        fact = self._history.fact(symbol)
        path = self._leader(fact.follows, session.day) if isinstance(fact, Walk) else None
        if path is None or not isinstance(fact, Walk):
            return own
        led = _stretched(_bent(path.prices[::STEP]), count)
        led *= fact.alike / max(float(np.ptp(led)), 1e-9)
        own *= math.sqrt(1 - fact.alike**2)
        return led + own


def _hours(symbol: str, session: Session) -> Session:
    """Volatility is quoted a quarter of an hour longer than its exchange trades, the yield an hour less."""
    return replace(session, close=session.close + _LONGER.get(symbol, timedelta()))


def _seconds(clock: str, session: Session) -> int:
    zone = ZoneInfo("America/New_York")
    at = datetime.combine(session.day, time.fromisoformat(clock), zone)
    return int((at - session.open).total_seconds())


def _silence(symbol: str, session: Session) -> tuple[int, int] | None:
    hours = SILENCES.get((symbol, session.day.isoformat()))
    return (_seconds(hours[0], session), _seconds(hours[1], session)) if hours else None


def _line(first: float, last: float, steps: int) -> Floats:
    return first + (last - first) * np.arange(steps + 1) / steps


def _bent(prices: Floats) -> Floats:
    """How far prices are from the straight line between their ends."""
    return prices - _line(float(prices[0]), float(prices[-1]), len(prices) - 1)


def _stretched(shape: Floats, steps: int) -> Floats:
    """A shape that ends at nothing, cut or continued to so many steps."""
    longer = np.zeros(steps + 1)
    shared = min(len(shape), steps + 1)
    longer[:shared] = shape[:shared]
    longer[-1] = 0.0
    return longer


def _bridge(count: int, chance: np.random.Generator) -> Floats:
    """A walk of `count` steps from nothing to nothing."""
    return _bent(np.concatenate(([0.0], np.cumsum(chance.standard_normal(count)))))


def _folded(values: Floats, low: float, high: float) -> Floats:
    """Values outside a band reflected into it."""
    width = high - low
    if width <= 0:
        return np.full(len(values), low)
    return high - np.abs(width - (values - low) % (2 * width))


def _through(given: dict[int, float], bar: Bar, chance: np.random.Generator) -> Floats:
    """A path through given prices, inside the day's range, restless only between them."""
    at = sorted(given)
    nodes = np.empty(at[-1] + 1)
    for left, right in pairwise(at):
        noise = _bridge(right - left, chance) * bar.close * _QUIET
        nodes[left : right + 1] = _line(given[left], given[right], right - left) + noise
    nodes = _folded(nodes, bar.low, bar.high)
    nodes[at] = [given[one] for one in at]
    return _touching(nodes, bar)


def _fitted(shape: Floats, bar: Bar) -> Floats:
    """A shape laid on the line from open to close and stretched until it spans the day's range."""
    nodes = _line(bar.open, bar.close, len(shape) - 1) + shape * (bar.high - bar.low)
    lower, upper = min(bar.open, bar.close), max(bar.open, bar.close)
    if bar.low >= lower:
        nodes = lower + np.abs(nodes - lower)
    if bar.high <= upper:
        nodes = upper - np.abs(upper - nodes)
    nodes[0], nodes[-1] = bar.open, bar.close
    ends = [(min(float(nodes.min()), lower), bar.low), (lower, lower)]
    ends += [(upper, upper), (max(float(nodes.max()), upper), bar.high)]
    known = dict(reversed(ends)) | {lower: lower, upper: upper}
    from_ = sorted(known)
    fitted = np.interp(nodes, from_, [known[one] for one in from_])
    return _touching(np.clip(fitted, bar.low, bar.high), bar)


def _touching(nodes: Floats, bar: Bar) -> Floats:
    """The path bent to the day's high and low where it comes nearest, if it has not reached them."""
    reach = 4
    for extreme, reached in ((bar.high, nodes.max() >= bar.high), (bar.low, nodes.min() <= bar.low)):
        if reached or len(nodes) < 3:
            continue
        at = 1 + int(np.argmin(np.abs(nodes[1:-1] - extreme)))
        gap = extreme - nodes[at]
        first, last = max(1, at - reach), min(len(nodes) - 1, at + reach)
        nodes[first:last] += gap * (1 - np.abs(np.arange(first, last) - at) / reach)
        nodes[at] = extreme
    return nodes


def _by_second(nodes: Floats, bar: Bar, chance: np.random.Generator) -> Floats:
    """Prices at every second: between two nodes a small walk of its own, inside the day's range."""
    count = len(nodes) - 1
    steps = chance.standard_normal((count, STEP))
    walks = np.cumsum(steps, axis=1)
    share = np.arange(1, STEP + 1) / STEP
    walks -= walks[:, -1:] * share
    size = 0.9 * float(np.abs(np.diff(nodes)).mean()) / np.sqrt(STEP)
    lines = nodes[:-1, None] + np.diff(nodes)[:, None] * share
    inside = _folded((lines + size * walks).ravel(), bar.low, bar.high).reshape(count, STEP)
    inside[:, -1] = nodes[1:]
    return np.concatenate((nodes[:1], inside.ravel()))
