"""What is known of a session while it runs: prices seen, the day's range, completed 5-minute bars."""

import bisect
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from .bars import Bar
from .quarantine import Way
from .sources import FiveMinutes, Tick

FIVE = timedelta(minutes=5)


@dataclass(frozen=True)
class Live:
    """One symbol's running (or just closed) session.

    `high` and `low` are the larger and smaller of the day's range as a chart request gave it (known to
    `range_as_of`) and every price seen since. `ends` and `closes` are the completed 5-minute bars by
    the moment they ended. `high_from_chart` is false while the high was only seen by closes;
    `doubted_high` marks one that was held first and believed when seen again: a chart may take it back.
    `same_price_polls` counts answers in a row that brought nothing new by their own way of asking;
    `newest` is what each way brought last.
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
    doubted_high: bool = False
    doubted_low: bool = False
    newest: Mapping[str, tuple[datetime, float]] = field(default_factory=dict[str, tuple[datetime, float]])

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


def way_of(tick: Tick) -> Way:
    """By which way of asking a tick came: prices of many (they bring 5-minute closes), or a chart of one."""
    return "prices" if tick.bars.starts else "chart"


def absorb(
    known: Live | None, tick: Tick, now: datetime, *, doubted_high: bool = False, doubted_low: bool = False
) -> Live:
    """What is known after one more tick; an older tick never replaces a newer price.

    `doubted_*`: this tick's high (low) was held before and is believed because it was seen again.
    """
    if known is None or tick.session > known.session:
        return replace(_fresh(tick, now), doubted_high=doubted_high, doubted_low=doubted_low)
    if tick.session < known.session:
        return known
    known = _taken_back(known, tick)
    ends, closes = completed(tick.bars, now - tick.delay)
    merged = dict(zip(known.ends, known.closes, strict=True)) | dict(zip(ends, closes, strict=True))
    newer = tick.time >= known.time
    high, low = max((known.high, tick.last, *closes)), min((known.low, tick.last, *closes))
    from_chart = _tells_range(tick)
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
        doubted_high=doubted_high or known.doubted_high,
        doubted_low=doubted_low or known.doubted_low,
        delay=max(tick.delay, known.delay),
        ends=tuple(sorted(merged)),
        closes=tuple(merged[end] for end in sorted(merged)),
        same_price_polls=_same_polls(known, tick),
        newest={**known.newest, way_of(tick): (tick.time, tick.last)},
    )


def _tells_range(tick: Tick) -> bool:
    """Whether an answer tells how far the day went; one price for both ends tells nothing of it."""
    return tick.high is not None and tick.low is not None and tick.high > tick.low


def _same_polls(known: Live, tick: Tick) -> int:
    """Answers in a row without news: by its own way no later time and no other price, and none later than all."""
    before = known.newest.get(way_of(tick))
    moved = tick.time > known.time or (before is not None and tick.time > before[0])
    other = tick.last != (before[1] if before is not None else known.last)
    return 0 if moved or other else known.same_price_polls + 1


def _taken_back(known: Live, tick: Tick) -> Live:
    """A chart whose day does not reach an extreme that was believed only when seen again takes it back."""
    if not _tells_range(tick) or tick.high is None or tick.low is None:
        return known
    high_back = known.doubted_high and tick.high < known.high
    low_back = known.doubted_low and tick.low > known.low
    if not (high_back or low_back):
        return known
    highest, lowest = tick.high if high_back else known.high, tick.low if low_back else known.low
    kept = [(end, close) for end, close in zip(known.ends, known.closes, strict=True) if lowest <= close <= highest]
    return replace(
        known,
        high=highest,
        low=lowest,
        doubted_high=known.doubted_high and not high_back,
        doubted_low=known.doubted_low and not low_back,
        ends=tuple(end for end, _ in kept),
        closes=tuple(close for _, close in kept),
    )


def _fresh(tick: Tick, now: datetime) -> Live:
    ends, closes = completed(tick.bars, now - tick.delay)
    from_chart = _tells_range(tick)
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
        newest={way_of(tick): (tick.time, tick.last)},
    )


def completed(bars: FiveMinutes, now: datetime) -> tuple[tuple[datetime, ...], tuple[float, ...]]:
    """The 5-minute bars that are over at `now`, on the service's own delayed time: when each ended, its close."""
    pairs = [
        (start.astimezone(UTC) + FIVE, close)
        for start, close in zip(bars.starts, bars.closes, strict=True)
        if start + FIVE <= now
    ]
    return tuple(end for end, _ in pairs), tuple(close for _, close in pairs)
