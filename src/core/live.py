"""What is known of a session while it runs: prices seen, the day's range, completed 5-minute bars."""

import bisect
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from .bars import Bar
from .sources import FiveMinutes, Tick

FIVE = timedelta(minutes=5)


@dataclass(frozen=True)
class Live:
    """One symbol's running (or just closed) session.

    `high` and `low` are the larger and smaller of the day's range as a chart request gave it (known to
    `range_as_of`) and every price seen since. `ends` and `closes` are the completed 5-minute bars by
    the moment they ended. `high_from_chart` is false while the high was only seen by closes.
    """

    symbol: str
    session: date
    last: float
    time: datetime
    high: float
    low: float
    open: float | None = None
    range_as_of: datetime | None = None
    high_from_chart: bool = False
    low_from_chart: bool = False
    delay: timedelta = timedelta()
    ends: tuple[datetime, ...] = ()
    closes: tuple[float, ...] = ()
    same_price_polls: int = 0

    @property
    def bar(self) -> Bar:
        """The session so far as a bar; without an open of its own it opens at the first price seen."""
        opened = self.open if self.open is not None else (self.closes[0] if self.closes else self.last)
        high, low = max(self.high, opened, self.last), min(self.low, opened, self.last)
        return Bar(self.session, opened, high, low, self.last)

    def close_at(self, moment: datetime) -> float | None:
        """Close of the newest 5-minute bar that ended by a moment and not over ten minutes before it.

        None until a bar that ends then or later is here: what was known by then must not depend on when
        it was asked for.
        """
        if not self.ends or self.ends[-1] < moment:
            return None
        index = bisect.bisect_right(self.ends, moment) - 1
        if index < 0 or moment - self.ends[index] > 2 * FIVE:
            return None
        return self.closes[index]

    def silent_since(self, moment: datetime) -> datetime | None:
        """End of the newest 5-minute bar that ended by a moment, None before the first."""
        index = bisect.bisect_right(self.ends, moment) - 1
        return self.ends[index] if index >= 0 else None

    def bar_at(self, moment: datetime) -> Bar | None:
        """The session as the 5-minute closes knew it at a moment: range of closes only."""
        count = bisect.bisect_right(self.ends, moment)
        last = self.close_at(moment)
        if not count or last is None:
            return None
        seen = self.closes[:count]
        opened = self.open if self.open is not None else seen[0]
        return Bar(self.session, opened, max(*seen, opened), min(*seen, opened), last)


def absorb(known: Live | None, tick: Tick, now: datetime) -> Live:
    """What is known after one more tick; an older tick never replaces a newer price."""
    if known is None or tick.session > known.session:
        return _fresh(tick, now)
    if tick.session < known.session:
        return known
    ends, closes = completed(tick.bars, now - tick.delay)
    merged = dict(zip(known.ends, known.closes, strict=True)) | dict(zip(ends, closes, strict=True))
    newer = tick.time >= known.time
    same = newer and tick.time == known.time and tick.last == known.last
    high, low = max((known.high, tick.last, *closes)), min((known.low, tick.last, *closes))
    from_chart = tick.high is not None and tick.low is not None
    return replace(
        known,
        last=tick.last if newer else known.last,
        time=max(tick.time, known.time),
        open=tick.open if tick.open is not None else known.open,
        high=max(high, tick.high or high),
        low=min(low, tick.low or low),
        range_as_of=(tick.range_as_of or tick.time) if from_chart else known.range_as_of,
        high_from_chart=tick.high >= high if tick.high is not None else known.high_from_chart and high == known.high,
        low_from_chart=tick.low <= low if tick.low is not None else known.low_from_chart and low == known.low,
        delay=max(tick.delay, known.delay),
        ends=tuple(sorted(merged)),
        closes=tuple(merged[end] for end in sorted(merged)),
        same_price_polls=known.same_price_polls + 1 if same else 0,
    )


def _fresh(tick: Tick, now: datetime) -> Live:
    ends, closes = completed(tick.bars, now - tick.delay)
    from_chart = tick.high is not None and tick.low is not None
    return Live(
        symbol=tick.symbol,
        session=tick.session,
        last=tick.last,
        time=tick.time,
        open=tick.open,
        high=max((tick.last, *closes, tick.high or tick.last)),
        low=min((tick.last, *closes, tick.low or tick.last)),
        range_as_of=(tick.range_as_of or tick.time) if from_chart else None,
        high_from_chart=from_chart,
        low_from_chart=from_chart,
        delay=tick.delay,
        ends=ends,
        closes=closes,
    )


def completed(bars: FiveMinutes, now: datetime) -> tuple[tuple[datetime, ...], tuple[float, ...]]:
    """The 5-minute bars that are over at `now`, on the service's own delayed time: when each ended, its close."""
    pairs = [
        (start.astimezone(UTC) + FIVE, close)
        for start, close in zip(bars.starts, bars.closes, strict=True)
        if start + FIVE <= now
    ]
    return tuple(end for end, _ in pairs), tuple(close for _, close in pairs)
