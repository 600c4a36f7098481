"""The only reader of the time. Every other file is given a clock.

A market clock may run at another pace than the wall (a demo, a replay): ages and countdowns are
computed on it, so nothing there is stale by being old.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from .model.snapshot import ClockReading


class Clock(Protocol):
    """Something that knows the market's time and how fast it passes."""

    def now(self) -> datetime:
        """The market's time, aware, UTC."""
        ...

    def reading(self) -> ClockReading:
        """The time, its pace and the wall's time, for a Snapshot."""
        ...


def wall() -> datetime:
    """The wall's time, aware, UTC."""
    return datetime.now(UTC)


def elapsed() -> float:
    """Seconds on a clock that never jumps; only differences mean anything."""
    return time.monotonic()


class SystemClock:
    """Live: the market's time is the wall's."""

    def now(self) -> datetime:
        """The wall's time."""
        return wall()

    def reading(self) -> ClockReading:
        """Rate 1, anchored on itself."""
        now = wall()
        return ClockReading(now=now, rate=1.0, read_at=now)


class PacedClock:
    """The market's time from an anchor, passing `rate` seconds a second; may be moved on by hand.

    At rate 0 it stands still but for `jump`, which is how a simulated week is driven.
    """

    def __init__(self, start: datetime, rate: float) -> None:
        self.rate = rate
        self.jump(start)

    def now(self) -> datetime:
        """The market's time."""
        return self._start + timedelta(seconds=(elapsed() - self._anchor) * self.rate)

    def jump(self, to: datetime) -> None:
        """Go on from `to` at the same rate (nights and weekends are skipped this way)."""
        self._start, self._anchor = to.astimezone(UTC), elapsed()

    def reading(self) -> ClockReading:
        """The time, the rate and the wall's time."""
        return ClockReading(now=self.now(), rate=self.rate, read_at=wall())


def now_on(reading: ClockReading, at: datetime | None = None) -> datetime:
    """The market's time now (or when the wall says `at`) on the clock of a Snapshot."""
    if reading.read_at is None:
        return reading.now
    passed = ((at or wall()) - reading.read_at) * reading.rate
    return reading.now + max(passed, timedelta())
