"""How long a feed lives and when it steps: the loop around :class:`~.feed.Feed`."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from . import channel
from .clock import PacedClock, SystemClock, WallWatch, elapsed
from .feed import Feed
from .log import warning
from .store.keeper import UNREADABLE

UNWATCHED = 60.0
"""Seconds without a screen after which a feed that is no service ends."""
AGAIN = timedelta(seconds=5)
"""Between a failure of the store and the next step."""
NAP = (0.02, 0.5)
"""Seconds between two looks at requests and watchers, at least and at most."""


def live(feed: Feed, stopped: Callable[[], bool], wait: Callable[[float], None], *, service: bool) -> None:
    """Step until told to stop, or until nobody has watched for a minute and no alert keeps it (unless a service)."""
    watched_at, wall_watch = elapsed(), WallWatch()
    feed.alerts.service, stay = service, Stay(feed)
    while not stopped():
        due = safe_step(feed) + _jitter(feed)
        skip_quiet_hours(feed)
        asked = False
        while not stopped() and feed.clock.now() < due and not asked:
            wait(_nap(feed, due))
            asked = safe_hear(feed) or _was_set(feed, wall_watch)
            if channel.is_watched(feed.paths):
                watched_at = elapsed()
            elif not service and elapsed() - watched_at > UNWATCHED and not stay.goes_on():
                feed.log("nobody watches: the feed ends")
                return


class Stay:
    """Whether a feed that nobody watches stays for its alerts; says so once for each moment until which it does."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._said: datetime | None = None

    def goes_on(self) -> bool:
        """Asked when nobody watches."""
        until = self._feed.alerts.stays_until(self._feed.clock.now())
        if until is not None and until != self._said:
            self._feed.log(f"nobody watches: the feed stays for its alerts until {until:%Y-%m-%d %H:%M %Z}")
            self._said = until
        return until is not None


def _was_set(feed: Feed, watch: WallWatch) -> bool:
    """Whether the machine's clock was set meanwhile: nothing waits longer or shorter for it, and all is judged anew."""
    by = watch.moved()
    if not by or not isinstance(feed.clock, SystemClock):
        return False
    feed.log(warning(f"the clock of this machine was set by {by.total_seconds():+.0f} s"))
    feed.shift(by)
    return True


def _nap(feed: Feed, due: datetime) -> float:
    left = (due - feed.clock.now()).total_seconds() / (feed.clock.reading().rate or 1.0)
    return max(NAP[0], min(NAP[1], left))


def safe_step(feed: Feed) -> datetime:
    """A step; a store that is damaged, full or taken away is seen to first, with the data in memory kept."""
    try:
        if feed.keeper.look():
            feed.stored_anew(feed.clock.now())
        return feed.step()
    except UNREADABLE as problem:
        return _mended(feed, problem)


def safe_hear(feed: Feed) -> bool:
    """Take what screens ask for; whether anything was asked."""
    try:
        return feed.hear(feed.clock.now())
    except UNREADABLE as problem:
        _mended(feed, problem)
        return True


def _mended(feed: Feed, problem: Exception) -> datetime:
    """What follows a failure of the store; when to step again."""
    now = feed.clock.now()
    feed.log(warning(f"the store failed: {problem}"))
    if feed.keeper.mend(problem):
        feed.stored_anew(now)
    due = now + AGAIN * (feed.clock.reading().rate or 1.0)
    feed.account.change(next_due=due)
    feed.publish(now, judge=False)
    return due


def _jitter(feed: Feed) -> timedelta:
    """Up to two seconds, so that many feeds do not ask in step; none where asking is free."""
    return timedelta() if feed.budget.per_hour is None else timedelta(seconds=random.uniform(0.0, 2.0))


def skip_quiet_hours(feed: Feed) -> None:
    """A demo's clock goes from an hour after the close to shortly before the next open."""
    if feed.mode != "demo" or not isinstance(feed.clock, PacedClock):
        return
    now = feed.clock.now()
    calendar = feed.calendars.of("XNYS", now.date())
    upcoming, closed = calendar.upcoming(now), calendar.closed(now)
    if upcoming is None or calendar.running(now) is not None or now < closed.close + timedelta(minutes=40):
        return
    if upcoming.open - now > timedelta(minutes=6):
        feed.clock.jump(upcoming.open - timedelta(minutes=5))
