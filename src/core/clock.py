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


def lived() -> float:
    """Seconds on a clock that is never set and counts a machine's sleep, where the system has one."""
    counting = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if counting is None else time.clock_gettime(counting)


COUNTS_SLEEP = hasattr(time, "CLOCK_BOOTTIME")
NOTICED = 5.0
"""Seconds: a wall clock that is put right by less is not worth a word."""


class WallWatch:
    """Notices that the wall's clock was set; a machine that slept has merely been asleep."""

    def __init__(self) -> None:
        self._wall, self._lived = wall(), lived()

    def moved(self) -> timedelta:
        """By how much the wall's clock was set since the last look, nothing for a few seconds."""
        before, self._wall = self._wall, wall()
        since, self._lived = self._lived, lived()
        off = (self._wall - before) - timedelta(seconds=self._lived - since)
        # where sleep is not counted it looks like a clock set forward
        believed = abs(off.total_seconds()) >= NOTICED and (COUNTS_SLEEP or off < timedelta())
        return off if believed else timedelta()


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
    """The market's time now (or when the wall says `at`) on the clock of a Snapshot, in UTC.

    In UTC because a time with a zone's rules is moved on along that zone's wall clock, which jumps twice a year.
    """
    start = reading.now.astimezone(UTC)
    if reading.read_at is None:
        return start
    passed = ((at or wall()) - reading.read_at) * reading.rate
    return start + max(passed, timedelta())


SKEW = 60.0
"""Seconds by which two clocks may differ before it is worth a word."""


def clock_behind(reading: ClockReading, at: datetime | None = None) -> float:
    """By how many seconds the wall stands before the moment a Snapshot was made; 0 for less than a minute.

    A machine whose clock was set back since cannot tell how old the Snapshot is.
    """
    if reading.read_at is None:
        return 0.0
    seconds = (reading.read_at - (at or wall())).total_seconds()
    return seconds if seconds > SKEW else 0.0


class Passing:
    """The market's time on the clock of one Snapshot, whatever is done to the wall's clock.

    It goes on by the clock that never jumps, and by the wall's where that has gone further (a machine that was
    asleep): what is shown is never younger than it is.
    """

    def __init__(self, reading: ClockReading) -> None:
        self._reading = reading
        self._start, self._anchor = now_on(reading), elapsed()

    def now(self) -> datetime:
        """The market's time, UTC."""
        if self._reading.read_at is None:
            return self._start
        steady = self._start + timedelta(seconds=(elapsed() - self._anchor) * self._reading.rate)
        return max(steady, now_on(self._reading))
