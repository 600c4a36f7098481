"""Measures beside the four panes: periods, momentum, levels, and what confirms the index or does not.

Percentages are 0-100, dates are session dates of the instrument's own calendar, absent is None.
"""

from datetime import date

import msgspec


class Period(msgspec.Struct, frozen=True, kw_only=True, rename={"start": "from", "end": "to"}):
    """The change from the close of `start` to the close of `end`, in percent; price return."""

    start: date
    end: date
    label: str
    percent: float


class Momentum(msgspec.Struct, frozen=True, kw_only=True):
    """Oscillators and averages of the closes up to `as_of`; `provisional` where a running session is in them.

    `rsi14` is Wilder's, 0-100. `macd*` are MACD(12, 26, 9) in price units; `macd_crossed` is the session
    on which the histogram last changed sign, `macd_cross` the sign it took (up or down), both only once two
    bars agree. Slopes are the change of the average over 20 sessions in percent of the average 20 sessions
    ago. `sma_crossed` is the last session on which the 50-day average crossed the 200-day one, `sma_cross`
    golden or death. `atr14` is Wilder's, in price units; `volatility*` are the standard deviation of daily
    log returns times the root of 252, in percent a year.
    """

    as_of: date
    provisional: bool = False
    rsi14: float | None = None
    macd: float | None = None
    macd_signal: float | None = None
    macd_histogram: float | None = None
    macd_crossed: date | None = None
    macd_cross: str | None = None
    sma50: float | None = None
    sma200: float | None = None
    sma50_slope_percent: float | None = None
    sma200_slope_percent: float | None = None
    sma_crossed: date | None = None
    sma_cross: str | None = None
    atr14: float | None = None
    volatility20: float | None = None
    volatility252: float | None = None


class TrailStep(msgspec.Struct, frozen=True, kw_only=True):
    """A state a level entered on the close of `date`: broken, confirmed, retest, held or failed."""

    date: date
    state: str


class Swing(msgspec.Struct, frozen=True, kw_only=True):
    """Swing points of one price: when the first and the newest stood, and what gives them weight.

    `side` is high, low, or both where the price turned the market from above and from below; the points lie
    from `low` to `high`, `touches` counts them. `sessions` are the bars each side of the widest one,
    `move_atr` is the furthest the price went away from one of them in the 20 sessions after it, in the ATRs of
    its day.
    """

    side: str
    low: float
    high: float
    first: date
    last: date
    touches: int
    sessions: int
    move_atr: float | None = None


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster of levels within a quarter of an ATR, or a zone, from `low` to `high`.

    `sources` name what lies in it and `prices` say where, the most watched first; `price` is that one's, of a
    zone the middle. Distances run from the last price to `price`, above is positive, and in percent to both
    edges too. They are absent for a level of another series, which is not measured against this one, and
    percentages for a yield. `state` is above, below or at (the last price inside); for an old record that was
    broken or a user's level the state it is in, and `trail` the dated states it went through. `rule`, `series`
    (what the number was taken from) and `note` are a user's own; `swing` is what is known of a swing point in it.
    """

    price: float
    low: float
    high: float
    sources: tuple[str, ...]
    prices: tuple[float, ...] = ()
    distance_points: float | None = None
    distance_percent: float | None = None
    distance_atr: float | None = None
    low_percent: float | None = None
    high_percent: float | None = None
    state: str = ""
    trail: tuple[TrailStep, ...] = ()
    swing: Swing | None = None
    rule: str = ""
    series: str = ""
    note: str = ""


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """One line of what confirms or does not: a ratio, breadth, a correlation, a yield or volatility.

    `key` is stable (``ratio:^RUT/^GSPC``, ``breadth:above_sma50``), `label` what the screen says. `value` is
    in `unit` (``index`` with 252 sessions ago = 100, ``percent``, ``points`` of percent, ``count`` of `of`,
    ``net`` of `of`, ``correlation``, ``level``, ``yield`` in percent). `change20` is the change over 20
    sessions, percent (basis points for a yield, percentage points for a share). `low`, `high` and
    `position_percent` place the value in its last 252 sessions, a count in 0 to `of`; `percentile` ranks it
    among the 252 before. `measures` are further figures by name. `state` is known or unknown; `reading` says it
    in words, and why where it is unknown; `note` says why a known value has no place in its sessions.
    """

    key: str
    label: str
    meaning: str
    unit: str
    as_of: date | None = None
    value: float | None = None
    of: int | None = None
    change20: float | None = None
    low: float | None = None
    high: float | None = None
    position_percent: float | None = None
    percentile: float | None = None
    measures: dict[str, float] = msgspec.field(default_factory=dict[str, float])
    state: str = "known"
    reading: str = ""
    note: str = ""


class Transport(msgspec.Struct, frozen=True, kw_only=True):
    """Where a replay stands: the sessions of its week, the one shown, and the span it can go."""

    sessions: tuple[date, ...]
    shown: date
    first: date
    last: date
    playing: bool = False
    seconds_a_session: float = 1.0


class Nearest(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that is off and how near it is to firing: percentile of its magnitude and what it needs."""

    flag: str
    title: str
    watched: str
    against: tuple[str, ...]
    percentile: float
    needs: float
