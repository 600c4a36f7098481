"""The request budget: rows in the store, so that it outlives every process that asks.

A token bucket: `burst` at once, then one every 3600 / `per_hour` seconds, and never more than `per_hour`
in any hour. A pause (after a 429) and a symbol's 404 are rows too; whoever asks next obeys them.
"""

import math
import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

HOUR = timedelta(hours=1)


SLOWED_DOWN, SLOWEST = 60, 1800
"""Seconds of the first pause after a 429 without Retry-After, doubling up to the second."""
LONGEST = 6 * 3600.0
"""Seconds: a service that asks for a longer pause is asked once more after this."""
SKEW = 60.0
"""Seconds two clocks may differ by."""


def patience(seconds: float | None) -> float | None:
    """A Retry-After within reason: a second to six hours; None for none or nonsense."""
    if seconds is None or not 0 < seconds < math.inf:
        return None
    return min(max(1.0, seconds), LONGEST)


@dataclass(frozen=True)
class Pause:
    """Nothing is sent until `until`."""

    until: datetime
    why: str


class Budget:
    """The right to send one request, shared by all processes on this store.

    Whoever is asked, one budget pays; but a pause is the wish of one `service` (the main source has no name) and
    says nothing of another.
    """

    def __init__(self, database: sqlite3.Connection, per_hour: int | None, burst: int, service: str = "") -> None:
        self._db, self.per_hour, self._burst = database, per_hour, burst
        self._of = f":{service}" if service else ""

    def retune(self, per_hour: int, burst: int) -> None:
        """Other settings: what was spent counts on, and of what is left no more than the new ones allow."""
        if self.per_hour is not None:
            self.per_hour, self._burst = per_hour, burst

    def beside(self, service: str) -> "Budget":
        """The same budget as another service sees it: with pauses of its own."""
        return Budget(self._db, self.per_hour, self._burst, service)

    def tokens(self, now: datetime) -> float:
        """Requests that may be sent at once, now."""
        if self.per_hour is None:
            return float("inf")
        return min(self._bucket(now), float(self.per_hour - self.spent_last_hour(now)))

    def _bucket(self, now: datetime) -> float:
        assert self.per_hour is not None
        tokens = self._value("tokens", float(self._burst))
        since = now.timestamp() - self._value("counted_at", now.timestamp())
        # a clock set back a little must not hand out anything; one put right after being far ahead must
        # not silence the feed until its error has passed
        since = since if since > -HOUR.total_seconds() else HOUR.total_seconds()
        return min(float(self._burst), tokens + max(0.0, since) * self.per_hour / 3600)

    def wait(self, now: datetime, count: int = 1) -> timedelta:
        """How long until `count` requests may be sent, pauses included."""
        pause = self.paused(now)
        if pause is not None:
            return pause.until - now
        if self.per_hour is None:
            return timedelta()
        missing = max(0.0, count - self._bucket(now))
        return max(timedelta(seconds=missing * 3600 / self.per_hour), self._until_affordable(now, count))

    def _until_affordable(self, now: datetime, count: int) -> timedelta:
        """How long until the hour's oldest requests are an hour old, where a burst has spent the hour."""
        assert self.per_hour is not None
        over = self.spent_last_hour(now) + count - self.per_hour
        if over <= 0:
            return timedelta()
        since = (now - HOUR).timestamp()
        row = self._db.execute(
            "SELECT sent_at FROM requests WHERE sent_at > ? ORDER BY sent_at LIMIT 1 OFFSET ?", (since, over - 1)
        ).fetchone()
        return HOUR if row is None else timedelta(seconds=max(0.0, row[0] - since))

    def claim(self, now: datetime, url: str) -> bool:
        """Spend one request; False (and nothing spent) in a pause or with an empty bucket."""
        if self.per_hour is None:
            return True
        self._db.execute("BEGIN IMMEDIATE")
        try:
            left = self._bucket(now) - 1.0
            granted = min(left, self.tokens(now) - 1.0) >= -1e-9 and self.paused(now) is None
            if granted:
                self._set("tokens", left)
                self._set("counted_at", now.timestamp())
                self._db.execute("INSERT INTO requests VALUES (?, ?)", (now.timestamp(), url))
                self._db.execute("DELETE FROM requests WHERE sent_at < ?", ((now - 48 * HOUR).timestamp(),))
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        return granted

    def spent_last_hour(self, now: datetime) -> int:
        """Requests sent in the hour up to now."""
        span = ((now - HOUR).timestamp(), (now + HOUR).timestamp())
        found = self._db.execute("SELECT count(*) FROM requests WHERE sent_at > ? AND sent_at <= ?", span)
        return int(found.fetchone()[0])

    def pause(self, until: datetime, why: str) -> None:
        """Send nothing until then; an earlier end of a running pause does not shorten it."""
        if until.timestamp() >= self._value(f"paused_until{self._of}", 0.0):
            self._set(f"paused_until{self._of}", until.timestamp(), why)

    def slow_down(self, now: datetime, retry_after: float | None, why: str) -> datetime:
        """Pause after a 429: as long as asked, else a minute that doubles with each in a row; until when."""
        strikes = self.strikes()
        seconds = patience(retry_after) or min(SLOWEST, SLOWED_DOWN * 2 ** min(strikes, 10))
        until = now + timedelta(seconds=seconds)
        self.set_strikes(strikes + 1)
        self.pause(until, why)
        return until

    def paused(self, now: datetime) -> Pause | None:
        """The pause that is on, if one is."""
        key = f"paused_until{self._of}"
        row = self._db.execute("SELECT value, why FROM budget WHERE key = ?", (key,)).fetchone()
        # a pause that ends later than any is given was written by a clock that has been set back since
        if row is None or not 0 < row[0] - now.timestamp() <= LONGEST + SKEW:
            return None
        return Pause(datetime.fromtimestamp(row[0], UTC), str(row[1]))

    def shift(self, by: timedelta) -> None:
        """The wall's clock was set by so much: what is counted from it goes with it, pauses included."""
        seconds = by.total_seconds()
        self._db.execute("UPDATE requests SET sent_at = sent_at + ?", (seconds,))
        self._db.execute(
            "UPDATE budget SET value = value + ? WHERE key = 'counted_at' OR key LIKE 'paused_until%'", (seconds,)
        )

    def strikes(self) -> int:
        """429s in a row; each doubles the next pause."""
        return int(self._value(f"strikes{self._of}", 0.0))

    def set_strikes(self, count: int) -> None:
        """Remember how many 429s came in a row (0 after a success)."""
        if count != self.strikes():
            self._set(f"strikes{self._of}", float(count))

    def mark_unknown(self, symbol: str, day: date) -> None:
        """The service does not know this symbol: not asked again on this day."""
        self._db.execute(
            "INSERT INTO symbols (symbol, unknown_on) VALUES (?, ?) "
            "ON CONFLICT (symbol) DO UPDATE SET unknown_on = excluded.unknown_on",
            (symbol, day.isoformat()),
        )

    def is_unknown(self, symbol: str, day: date) -> bool:
        """Whether the symbol was answered 404 on this day."""
        row = self._db.execute("SELECT unknown_on FROM symbols WHERE symbol = ?", (symbol,)).fetchone()
        return row is not None and row[0] == day.isoformat()

    def _value(self, key: str, default: float) -> float:
        row = self._db.execute("SELECT value FROM budget WHERE key = ?", (key,)).fetchone()
        return default if row is None else float(row[0])

    def _set(self, key: str, value: float, why: str = "") -> None:
        self._db.execute(
            "INSERT INTO budget VALUES (?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value, why = excluded.why",
            (key, value, why),
        )
