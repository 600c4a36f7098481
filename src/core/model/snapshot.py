"""The Snapshot: everything the feed knows at one moment, in one file."""

from datetime import date, datetime

import msgspec

from .alert import Alerts
from .flag import Event, Flag
from .instrument import ZONES, Instrument
from .measures import Confirmation, Level, Momentum, Nearest, Period, Transport
from .reading import Aware, Origin, Quote, Record, Returns, Series, Week, YearRange
from .recap import Recap

SCHEMA = 1
"""Number of the snapshot's layout; a reader refuses a higher one."""
LACKS = "lacks the bar of"
"""How the note of a row begins that has a session missing lately."""


class ClockReading(Aware, frozen=True, kw_only=True):
    """The market's time `now` when the wall said `read_at`, passing `rate` seconds a second."""

    now: datetime
    rate: float = 1.0
    read_at: datetime | None = None


class Hours(Aware, frozen=True, kw_only=True):
    """One trading day of an exchange; `half` marks an early close, `lunch` is when trading rests."""

    day: date
    open: datetime
    close: datetime
    half: bool = False
    lunch: tuple[datetime, datetime] | None = None


class Market(Aware, frozen=True, kw_only=True):
    """One exchange: `state` is open, pre, post, closed or holiday; `half_day` of the session at hand.

    `hours` are its sessions from some days back to the next ten days, so that whoever reads this later can tell
    its state by himself; beyond them the state is unknown.
    """

    state: str
    half_day: bool = False
    next_open: datetime | None = None
    next_close: datetime | None = None
    session: date | None = None
    holiday: str | None = None
    hours: tuple[Hours, ...] = ()


class Health(Aware, frozen=True, kw_only=True):
    """How the source does. Only a successful answer moves `last_success`.

    `error` is the cause in words, `attempts` the failures since the last success, `failing_since` the
    first of them. `history_loaded` is (loaded, wanted) full histories, `loading` the symbol in hand.
    Prices are asked for every `refresh_seconds` of the market's time.
    `next_due` is when the feed speaks again at the latest, however nothing happens; `silent_since`, set by whoever
    reads, is when it last spoke if that moment has gone by. `clock_behind` is by how many seconds the reader's clock
    stands before the snapshot's own time.
    `held` are bars and prices not believed yet, `mended` official closes that the source changed within a day,
    `refused` rows its last answers had that make no bar, `refused_rows` their number in this feed's life.
    `disagreements` are sessions of which the main source and another give two official closes, a sentence each.
    `silent` are symbols whose last request brought nothing. `failing` is "prices" or "chart" where only this
    way of asking fails: prices of all symbols in one request, or the chart of one. `store` is what is wrong with
    the feed's own store, a sentence.
    """

    source: str
    last_success: datetime | None = None
    error: str | None = None
    attempts: int = 0
    failing_since: datetime | None = None
    next_try: datetime | None = None
    paused_until: datetime | None = None
    next_due: datetime | None = None
    silent_since: datetime | None = None
    clock_behind: float = 0.0
    requests_last_hour: int = 0
    budget: int | None = None
    refresh_seconds: float = 60.0
    history_loaded: tuple[int, int] = (0, 0)
    loading: str | None = None
    silent: tuple[str, ...] = ()
    failing: str | None = None
    held: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    store: str | None = None
    mended: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    refused_rows: int = 0
    disagreements: tuple[str, ...] = ()


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One instrument and its readings.

    `official` is the close of a session of which the main source has no official bar, by another source: it is
    shown, and stands beside `quote`; every other reading is of the main source's bars and prices alone.
    `held` says what newer price is not believed yet and therefore not shown: `25.19 held: 99 % under the last, …`.
    `freshness` is live, delayed, late, stale, frozen, ahead (of the clock), closed or missing; `age_seconds` runs
    from the quote's own time to the snapshot's.
    """

    symbol: str
    short: str
    name: str
    role: str
    group: str
    kind: str
    currency: str
    calendar: str
    price_return: bool
    freshness: str = "missing"
    age_seconds: float | None = None
    held: str | None = None
    quote: Quote | None = None
    official: Quote | None = None
    week: Week | None = None
    record: Record | None = None
    year_range: YearRange | None = None
    returns: Returns | None = None
    periods: tuple[Period, ...] = ()
    momentum: Momentum | None = None
    levels: tuple[Level, ...] = ()
    atr14: float | None = None
    series: Series = Series()
    origin: Origin | None = None
    note: str | None = None

    @property
    def zone(self) -> str:
        """IANA name of the exchange's zone."""
        return ZONES.get(self.calendar, "UTC")

    @classmethod
    def bare(cls, instrument: Instrument, note: str | None = None) -> "Row":
        """The row of an instrument without bars."""
        same = ("symbol", "short", "name", "role", "group", "kind", "currency", "calendar", "price_return")
        return cls(**{field: getattr(instrument, field) for field in same}, note=note)


class Chance(msgspec.Struct, frozen=True, kw_only=True):
    """Flags on now beside the number on an ordinary day (the sum of the rules' shares of days).

    Flags on one watched instrument in one session are one story.
    """

    flags: int
    expected: float
    stories: int = 0


class Producer(Aware, frozen=True, kw_only=True):
    """Who made this snapshot."""

    version: str
    pid: int
    started: datetime
    config: str | None = None


class Snapshot(Aware, frozen=True, kw_only=True):
    """All panes at one moment. `as_of` is the newest quote's own time, never the wall's.

    `version` is (feed start in seconds, counter); the larger is the newer. `mode` is live, demo or
    replay. `session` is the newest session any instrument of the first calendar shows. `nearest` are the
    rules that are off and closest to firing, `transport` is where a replay stands,
    `recap` the week of the newest final bars in words, `alerts` what the user is told of, None without any.
    """

    version: tuple[int, int]
    mode: str
    clock: ClockReading
    schema: int = SCHEMA
    session: date | None = None
    as_of: datetime | None = None
    markets: dict[str, Market] = msgspec.field(default_factory=dict[str, Market])
    health: Health = Health(source="store")
    instruments: tuple[Row, ...] = ()
    flags: tuple[Flag, ...] = ()
    chance: Chance = Chance(flags=0, expected=0.0)
    nearest: tuple[Nearest, ...] = ()
    confirmation: tuple[Confirmation, ...] = ()
    transport: Transport | None = None
    recap: Recap | None = None
    journal: tuple[Event, ...] = ()
    problems: tuple[str, ...] = ()
    producer: Producer | None = None
    alerts: Alerts | None = None

    def row(self, symbol: str) -> Row | None:
        """The instrument's row, by symbol or short name."""
        return next((row for row in self.instruments if symbol in (row.symbol, row.short)), None)
