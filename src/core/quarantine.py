"""What is believed at first sight and what is held until it is seen again: pure judgement, nothing is kept here.

A price is held when it stands further from its believed neighbours (the day's range so far, or the session
before) than five usual days. Another witness releases it: an answer with a later quote time, or one by the
other way of asking. The next answer without it drops it. What no market ever did in a step (half, double)
is never believed by being repeated.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

import numpy as np

from .bars import Bars
from .model.instrument import Instrument
from .sources import FiveMinutes, Tick

Way = Literal["prices", "chart"]
"""Of asking: prices of many symbols in one request, or the chart of one."""
What = Literal["last", "high", "low", "bar", "unit"]
"""A running figure, a final bar, or (as a factor) a whole history in another unit than the one here."""

HELD = " held: "
"""In the sentence of every price that is held; other refusals of bars have it not."""
OF_DAYS = ("bar", "unit")
"""What daily bars are held for, not ticks."""
DEVIATIONS = 5.0
"""How many standard deviations of a daily change a step may be and be believed at first sight."""
LEAST, LEAST_POINTS = 2.0, 0.10
"""That step is never less than this: percent, and points of a yield."""
YOUNG, YOUNG_POINTS = 25.0, 0.75
"""And this where the history is too short to know."""
WINDOW, ENOUGH = 252, 20
"""Daily changes that the deviation is of, and the fewest that tell one."""
HALVED, TENFOLD, TWO_POINTS = 1.6, 10.0, 2.0
"""A step that never was: of a price, of volatility (factors), of a yield (points). The largest of all real bars
is Hong Kong's 26 October 1987, a third (a factor of 1.5); well under a double, lest a range that is wider than its
last price lets one through.
"""


@dataclass(frozen=True)
class Reach:
    """How far one instrument goes in a step: `usual` is believed at first sight, beyond `most` nothing is.

    `usual` in percent (points of a yield), `most` a factor (points). Volatility jumps: of it only what is
    ten times or a tenth is held.
    """

    usual: float
    most: float
    in_points: bool = False

    @classmethod
    def of(cls, one: Instrument, bars: Bars) -> "Reach":
        """From the daily changes of the last 252 final bars."""
        in_points = one.kind == "yield"
        if one.kind == "volatility":
            return cls(100.0 * (TENFOLD - 1.0), TENFOLD)
        close = bars.close[-WINDOW - 1 :]
        moves = np.diff(close) if in_points else 100.0 * np.diff(close) / close[:-1]
        young, least = (YOUNG_POINTS, LEAST_POINTS) if in_points else (YOUNG, LEAST)
        usual = max(DEVIATIONS * float(np.std(moves)), least) if len(moves) >= ENOUGH else young
        return cls(usual, TWO_POINTS if in_points else HALVED, in_points)

    def over(self, sessions: int) -> "Reach":
        """The reach of several sessions: it grows with the root of their number."""
        more = math.sqrt(max(1, sessions))
        most = self.most * more if self.in_points else 1.0 + (self.most - 1.0) * more
        return replace(self, usual=self.usual * more, most=most)

    def near(self, price: float, low: float, high: float) -> bool:
        """Whether a price is believed at first sight beside neighbours from `low` to `high`."""
        step = self.usual if self.in_points else 1.0 + self.usual / 100.0
        return self._within(step, price, low, high)

    def possible(self, price: float, low: float, high: float) -> bool:
        """Whether a price may be believed at all."""
        return self._within(self.most, price, low, high)

    def _within(self, step: float, price: float, low: float, high: float) -> bool:
        if self.in_points:
            return low - step <= price <= high + step
        return low / step <= price <= high * step


@dataclass(frozen=True)
class Suspect:
    """A price that is held: of which session, which figure, by which way of asking, at what quote time."""

    session: date
    what: What
    way: Way
    price: float
    seen_at: datetime


@dataclass(frozen=True)
class Ground:
    """What is believed of an instrument: the range its next price is measured by, and its last price.

    `charted_to` is the time up to which a chart's day range is known: a 5-minute close before it that the
    range does not reach is wrong and no news.
    """

    reach: Reach
    low: float
    high: float
    last: float
    charted_to: datetime | None = None

    def near(self, price: float) -> bool:
        """Whether a price is believed at first sight."""
        return self.reach.near(price, self.low, self.high)

    def possible(self, price: float) -> bool:
        """Whether a price may be believed when it is seen again."""
        return self.reach.possible(price, self.low, self.high)

    def with_price(self, price: float) -> "Ground":
        """The same and a price that is believed now."""
        return replace(self, low=min(self.low, price), high=max(self.high, price), last=price)

    def distance(self, price: float) -> str:
        """``12 % over the last``; of a yield in points."""
        word = "over" if price > self.last else "under"
        if self.reach.in_points:
            return f"{abs(price - self.last):.2f} points {word} the last"
        return f"{abs(price / self.last - 1.0) * 100.0:,.0f} % {word} the last"

    def words(self, price: float, what: str) -> str:
        """``25.19 held: 99 % under the last, until seen again``."""
        named = f"a {what} of " if what in ("high", "low", "close") else ""
        until = "until seen again" if self.possible(price) else "too far to be believed"
        return f"{named}{price:,.2f}{HELD}{self.distance(price)}, {until}"


@dataclass(frozen=True)
class Judged:
    """A tick after judgement: what of it is believed (None: nothing), and what is held from now on.

    `doubted_*`: this end of the range is believed only because it was seen again.
    """

    tick: Tick | None
    suspects: tuple[Suspect, ...]
    doubted_high: bool = False
    doubted_low: bool = False


def judge(ground: Ground | None, tick: Tick, way: Way, held: Iterable[Suspect]) -> Judged:
    """Judge each figure of a tick; without any neighbour (no history, no price yet) all is believed."""
    suspects = tuple(one for one in held if one.session >= tick.session or one.what in OF_DAYS)
    if ground is None:
        return Judged(tick, suspects)
    asked_at = tick.quoted or tick.time
    last = Suspect(tick.session, "last", way, tick.last, asked_at)
    near = ground.near(tick.last)
    if not near and not (ground.possible(tick.last) and witnessed(ground, last, suspects)):
        return Judged(None, keep(suspects, last))
    doubted = (not near and tick.last > ground.high, not near and tick.last < ground.low)
    suspects = tuple(one for one in suspects if not _outdated(one, last))
    ground = ground.with_price(tick.last)
    bars, suspects = _closes(ground, tick, suspects)
    high, suspects, again_high = _extreme(ground, tick, "high", tick.high, suspects)
    low, suspects, again_low = _extreme(ground, tick, "low", tick.low, suspects)
    opened = tick.open if tick.open is None or _believed(ground, tick.open, high, low) else None
    for price in (high, low):
        ground = ground if price is None else replace(ground, low=min(ground.low, price), high=max(ground.high, price))
    held_still = tuple(one for one in suspects if one.what in OF_DAYS or not ground.near(one.price))
    believed = replace(tick, open=opened, high=high, low=low, bars=bars)
    return Judged(believed, held_still, doubted[0] or again_high, doubted[1] or again_low)


def witnessed(ground: Ground, found: Suspect, suspects: Iterable[Suspect]) -> bool:
    """Whether an earlier answer saw about the same: by the other way of asking, or at another quote time."""
    return any(_independent(one, found) and agree(ground.reach, one, found) for one in suspects)


def agree(reach: Reach, one: Suspect, other: Suspect) -> bool:
    """Whether two held prices of a session tell the same."""
    return one.session == other.session and reach.near(other.price, one.price, one.price)


def _independent(earlier: Suspect, later: Suspect) -> bool:
    return earlier.way != later.way or later.seen_at > earlier.seen_at


def keep(suspects: tuple[Suspect, ...], found: Suspect) -> tuple[Suspect, ...]:
    """The held prices and one more; the same figure by the same way of asking is held once, the newest."""
    same = (found.session, found.what, found.way)
    return (*(one for one in suspects if (one.session, one.what, one.way) != same), found)


def _outdated(one: Suspect, last: Suspect) -> bool:
    """Whether a believed last price drops one that was held before it."""
    return one.what == "last" and one.session == last.session and last.seen_at >= one.seen_at


def _closes(ground: Ground, tick: Tick, suspects: tuple[Suspect, ...]) -> tuple[FiveMinutes, tuple[Suspect, ...]]:
    """The 5-minute closes that are believed; the last wrong one on either side is held by name."""
    good: list[tuple[datetime, float]] = []
    for start, close in zip(tick.bars.starts, tick.bars.closes, strict=True):
        if ground.near(close):
            good.append((start, close))
        elif ground.charted_to is None or start >= ground.charted_to:
            what: What = "high" if close > ground.high else "low"
            suspects = keep(suspects, Suspect(tick.session, what, "prices", close, start))
    return FiveMinutes(tuple(start for start, _ in good), tuple(close for _, close in good)), suspects


def _extreme(
    ground: Ground, tick: Tick, what: Literal["high", "low"], price: float | None, suspects: tuple[Suspect, ...]
) -> tuple[float | None, tuple[Suspect, ...], bool]:
    """The day's high (low) if it is believed, what is held then, and whether it had been held before."""
    if price is None:
        return None, suspects, False
    found = Suspect(tick.session, what, "chart", price, tick.quoted or tick.time)
    others = tuple(one for one in suspects if one.session != tick.session or one.what != what)
    if ground.near(price):
        # a range of one price says nothing of the day
        return price, suspects if tick.high == tick.low else others, False
    if ground.possible(price) and witnessed(ground, found, suspects):
        return price, others, True
    return None, keep(suspects, found), False


def _believed(ground: Ground, price: float, high: float | None, low: float | None) -> bool:
    return ground.near(price) or (low is not None and high is not None and low <= price <= high)
