"""Alerts: what a user wants to be told of, what was told, and how that went."""

from datetime import datetime

import msgspec

from .reading import Aware

CONDITIONS = ("flag", "level", "record", "week-break", "price", "stale")
"""What an alert may wait for."""
WAYS = ("bell", "notify", "desktop", "command", "webhook")
"""How it may be told: the first two by every open screen, the others by the feed."""
BY_SCREENS = ("bell", "notify")
FLAG_STATES = ("forming", "provisional", "confirmed", "faded", "unknown")
LEVELS = (
    "user level", "old record", "50-day average", "200-day average", "last week high", "last week low",
    "last week close", "week open", "52-week high", "52-week low",
)  # fmt: skip
"""Levels an alert can wait at, by the names they have in the ladder."""
SIDES = ("touch", "above", "below", "either")


class AlertSetting(msgspec.Struct, frozen=True, kw_only=True):
    """One alert as the settings say it.

    `on` is what it waits for. A price is `above` or `below` in the instrument's own units; `basis` "last" takes the
    running session's price, "close" final closes alone. Of a flag `rule`, least `severity` and least `state` may be
    named. `side` is the way a level or last week's range is left. With `latch` it fires once until its condition has
    cleared, without it every `cool_down` while that holds. `quiet` are hours of `zone` in which nothing is told;
    `after_quiet` says what becomes of it. `retry` lets a command that reported a failure run again.
    """

    name: str
    on: str
    symbol: str = ""
    rule: str = ""
    severity: str = "info"
    state: str = "confirmed"
    level: str = "user level"
    side: str = ""
    above: float | None = None
    below: float | None = None
    basis: str = "last"
    how: tuple[str, ...] = ("bell",)
    command: tuple[str, ...] = ()
    shell: bool = False
    retry: bool = False
    url: str = ""
    latch: bool = True
    cool_down: str = "15m"
    quiet: str = ""
    zone: str = "America/New_York"
    after_quiet: str = "deliver"
    at_first: bool = False

    @property
    def condition(self) -> str:
        """Everything that decides when it fires, in one text: another one is another alert."""
        parts = (self.on, self.symbol, self.rule, self.severity, self.state, self.level, self.side, self.basis)
        return "|".join((*parts, repr(self.above), repr(self.below)))


class Subject(Aware, frozen=True, kw_only=True):
    """One thing an alert looks at (a flag, a side of a price): whether its condition held when last known.

    `token` names the last occurrence (a session, a week; empty where only a crossing counts), `fired_at` when it last
    fired on the market's clock, `fired` how often.
    """

    on: bool = False
    token: str = ""
    fired_at: datetime | None = None
    fired: int = 0


class Memory(Aware, frozen=True, kw_only=True):
    """What an alert remembers: since when it is judged, its subjects, until when it is muted.

    `settled` once everything it watches has been there; `unknown` where nothing it looks at is known now.
    """

    condition: str
    since: datetime
    settled: bool = False
    unknown: bool = False
    subjects: dict[str, Subject] = msgspec.field(default_factory=dict[str, Subject])
    muted_until: datetime | None = None


class Firing(Aware, frozen=True, kw_only=True):
    """An alert fired: `id` is the same whenever the same snapshots are judged again.

    `time` is the market's clock. `held_until` is when quiet hours end that it fell into, `dropped` why nobody is told.
    """

    id: str
    alert: str
    on: str
    time: datetime
    text: str
    symbol: str = ""
    held_until: datetime | None = None
    dropped: str = ""
    test: bool = False


class Delivery(Aware, frozen=True, kw_only=True):
    """One way of telling one firing.

    `state` is pending, begun, sent, failed or dropped; `next_try` when a pending one is tried, `tries` how often it
    was, `cause` why it failed or was dropped, in words. Times are of the market's clock, `released` is the wall's time
    at which the screens were given it.
    """

    firing: str
    way: str
    state: str = "pending"
    changed_at: datetime
    next_try: datetime | None = None
    tries: int = 0
    cause: str = ""
    released: datetime | None = None


class Ring(Aware, frozen=True, kw_only=True):
    """What screens tell by themselves, once for an `id`: by the terminal's `bell`, its notification, or both.

    `at` is the wall's time at which it was released: a screen that was opened later says nothing.
    """

    id: str
    alert: str
    at: datetime
    text: str
    bell: bool = False
    notify: bool = False


class Told(Aware, frozen=True, kw_only=True):
    """How one way of the last firing went, for the screen."""

    way: str
    state: str
    at: datetime | None = None
    tries: int = 0
    next_try: datetime | None = None
    cause: str = ""


class AlertReading(Aware, frozen=True, kw_only=True):
    """One alert as it stands: `state` is armed, latched, cooling, quiet, muted or unknown, `until` when that ends.

    `condition` says in words what it waits for; `last_*` are of its newest firing, a test aside.
    """

    name: str
    condition: str
    state: str
    until: datetime | None = None
    ways: tuple[str, ...] = ()
    last_fired: datetime | None = None
    last_text: str = ""
    told: tuple[Told, ...] = ()
    tested: bool = False


class Alerts(Aware, frozen=True, kw_only=True):
    """All alerts of a feed. It stays for them without a screen until `stays_until`, or for good (`service`).

    `rings` are the newest for the screens, oldest first.
    """

    alerts: tuple[AlertReading, ...] = ()
    rings: tuple[Ring, ...] = ()
    stays_until: datetime | None = None
    service: bool = False
