"""Snapshots to show: the close of Friday 17 October 2025, and 14:20 of the same day with a sick feed.

The figures are the documented ones of that week; what is derived here (percentages of them) is plain
arithmetic, so the tests of the screen compare what is painted with what was put in.
"""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from tapewatch.core.model.flag import Event, Flag, FlagHistory
from tapewatch.core.model.reading import PreviousWeek, Quote, Record, RecordMark, Series, Week
from tapewatch.core.model.snapshot import Chance, ClockReading, Health, Market, Row, Snapshot
from tapewatch.core.universe import INSTRUMENTS

NEW_YORK = ZoneInfo("America/New_York")
FRIDAY = date(2025, 10, 17)
THURSDAY = date(2025, 10, 16)
MONDAY = date(2025, 10, 13)
SHOWN: tuple[str, ...] = (
    "^GSPC",
    "^DJI",
    "^IXIC",
    "^NDX",
    "^RUT",
    "^STOXX50E",
    "^AXJO",
    "^HSI",
    "IWM",
    "VTWO",
    "KRE",
    "SPY",
    "RSP",
    "RTY=F",
    "^VIX",
    "^TNX",
)
"""The sixteen of the pictures."""


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A time of New York."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=NEW_YORK)


class Day(NamedTuple):
    """Friday's bar, Thursday's close and when the last price was quoted."""

    open: float
    high: float
    low: float
    last: float
    before: float
    time: tuple[int, int] = (16, 0)


DAYS = {
    "^GSPC": Day(6613.27, 6678.88, 6603.76, 6664.01, 6629.07),
    "^DJI": Day(45862.40, 46327.07, 45862.37, 46190.609, 45952.24),
    "^IXIC": Day(22489.81, 22736.01, 22396.65, 22679.97, 22562.54),
    "^NDX": Day(24600.55, 24881.47, 24511.59, 24817.95, 24657.24),
    "^RUT": Day(2455.66, 2465.09, 2433.19, 2452.17, 2467.02),
    "^HSI": Day(25851.94, 25859.82, 25145.34, 25247.10, 25888.51, (4, 0)),
    "IWM": Day(243.32, 245.16, 241.47, 243.41, 245.06),
    "KRE": Day(58.87, 59.26, 58.05, 59.07, 58.14),
    "^VIX": Day(28.41, 28.99, 20.73, 20.78, 25.31, (16, 15)),
    "^TNX": Day(3.995, 4.017, 3.990, 4.007, 3.976, (15, 0)),
}


class Weekly(NamedTuple):
    """The week's extremes and their days (13-17), open, ×AVG, pattern; the week before and its change."""

    low: float
    low_day: int
    high: float
    high_day: int
    open: float
    average: float
    pattern: str
    before: tuple[float, float, float, float]


WEEKS = {
    "^GSPC": Weekly(6555.07, 14, 6724.12, 15, 6622.53, 1.3, "inside", (6764.58, 6550.78, 6552.51, -2.43)),
    "^DJI": Weekly(45452.03, 14, 46693.34, 15, 45698.46, 1.3, "", (46868.49, 45470.72, 45479.60, -2.73)),
    "^IXIC": Weekly(22213.73, 14, 22886.87, 16, 22578.67, 1.1, "inside", (23119.91, 22193.07, 22204.43, -2.53)),
    "^NDX": Weekly(24256.28, 14, 24998.30, 16, 24625.74, 1.2, "inside", (25195.28, 24207.15, 24221.74, -2.27)),
    "^RUT": Weekly(2417.74, 14, 2541.67, 15, 2423.00, 1.5, "", (2501.92, 2393.85, 2394.59, -3.29)),
    "^HSI": Weekly(25145.34, 17, 26102.68, 14, 25634.00, 1.1, "", (27145.17, 26247.04, 26290.32, -3.13)),
    "IWM": Weekly(240.36, 14, 252.77, 15, 241.83, 1.4, "", (248.48, 237.56, 237.79, -3.27)),
    "KRE": Weekly(57.55, 16, 63.84, 14, 61.22, 2.3, "", (65.02, 60.16, 60.19, -5.14)),
    "^VIX": Weekly(18.61, 13, 28.99, 17, 19.45, 3.4, "", (22.44, 16.19, 21.66, 30.09)),
    "^TNX": Weekly(3.971, 16, 4.051, 13, 4.051, 0.8, "nr4", (4.171, 4.044, 4.051, -1.65)),
}


class Records(NamedTuple):
    """Both records with dates and sessions since, and the phase."""

    price: float
    day: date
    sessions: int
    close: float
    close_day: date
    close_sessions: int
    phase: str


def _october(day: int) -> date:
    return date(2025, 10, day)


RECORDS = {
    "^GSPC": Records(6764.58, _october(9), 6, 6753.72, _october(8), 7, "near high"),
    "^DJI": Records(47049.64, _october(3), 10, 46758.28, _october(3), 10, "near high"),
    "^IXIC": Records(23119.91, _october(10), 5, 23043.38, _october(8), 7, "near high"),
    "^NDX": Records(25195.28, _october(10), 5, 25136.62, _october(8), 7, "near high"),
    "^RUT": Records(2541.67, _october(15), 2, 2519.75, _october(15), 2, "near high"),
    "^HSI": Records(33484.08, date(2018, 1, 29), 1898, 33154.12, date(2018, 1, 26), 1899, "bear"),
    "IWM": Records(252.77, _october(15), 2, 250.33, _october(15), 2, "near high"),
    "KRE": Records(78.81, date(2022, 1, 14), 942, 78.78, date(2022, 1, 14), 942, "bear"),
}

CLOSES = {
    "^GSPC": "6693.75 6656.92 6637.97 6604.72 6643.7 6661.21 6688.46 6711.2 6715.35 6715.79 6740.28 6714.59 6753.72 "
    "6735.11 6552.51 6654.72 6644.31 6671.06 6629.07 6664.01",
    "^RUT": "2463.34 2457.51 2434.98 2411.04 2434.32 2435.25 2436.48 2442.35 2458.49 2476.18 2486.35 2458.42 2483.99 "
    "2468.85 2394.59 2461.42 2495.5 2519.75 2467.02 2452.17",
}


def _quote(kind: str, day: Day, state: str) -> Quote:
    change = day.last - day.before
    return Quote(
        last=day.last, time=at(FRIDAY, *day.time), session=FRIDAY, state=state,
        previous_close=day.before, previous_session=THURSDAY, change=change,
        change_percent=None if kind == "yield" else change / day.before * 100,
        change_points=change * 100 if kind == "yield" else None,
        open=day.open, high=day.high, low=day.low, range=day.high - day.low,
    )  # fmt: skip


def _week(kind: str, one: Weekly, last: float, sessions: int, final: bool) -> Week:
    high, low, close, change = one.before
    spread = one.high - one.low
    return Week(
        monday=MONDAY, sessions=sessions, expected=5, final=final, open=one.open,
        high=one.high, high_date=_october(one.high_day), low=one.low, low_date=_october(one.low_day),
        close=last, previous_close=close, range=spread,
        range_percent=None if kind == "yield" else spread / close * 100,
        range_times_average=one.average, position_percent=(last - one.low) / spread * 100,
        change_percent=None if kind == "yield" else (last / close - 1) * 100,
        change_points=(last - close) * 100 if kind == "yield" else None,
        open_to_close_percent=(last / one.open - 1) * 100,
        previous=PreviousWeek(monday=date(2025, 10, 6), high=high, low=low, close=close, change_percent=change),
        patterns=(one.pattern,) if one.pattern and final else (),
    )  # fmt: skip


def _mark(price: float, day: date, sessions: int, last: float) -> RecordMark:
    return RecordMark(
        price=price, date=day, distance_percent=(last / price - 1) * 100, points=price - last,
        to_recover_percent=(price / last - 1) * 100, sessions_since=sessions, days_since=(FRIDAY - day).days,
    )  # fmt: skip


def _record(one: Records, last: float) -> Record:
    return Record(
        since=date(1987, 9, 10),
        intraday=_mark(one.price, one.day, one.sessions, last),
        close=_mark(one.close, one.close_day, one.close_sessions, last),
        phase=one.phase, deepest_percent=-5.0, deepest_date=_october(10), made_this_week=one.sessions < 5,
    )  # fmt: skip


def row(symbol: str, *, last: float | None = None, live: bool = False, stale: bool = False) -> Row:
    """One instrument: Friday's close, a live price of Friday, or Thursday's close gone stale."""
    instrument = next(one for one in INSTRUMENTS if one.symbol == symbol)
    bare = Row.bare(instrument)
    if symbol not in DAYS:
        return bare
    day = DAYS[symbol]
    if stale:
        day = day._replace(last=day.before)
    price = day.last if last is None else last
    quote = _quote(instrument.kind, day._replace(last=price), "live" if live else "final")
    if live:
        quote = msgspec.structs.replace(quote, time=at(FRIDAY, 14, 20))
    if stale:
        quote = msgspec.structs.replace(quote, session=THURSDAY, time=at(THURSDAY, 16), change=0.0)
    closes = tuple(float(one) for one in CLOSES.get(symbol, CLOSES["^GSPC"]).split())
    record = RECORDS.get(symbol)
    return msgspec.structs.replace(
        bare,
        freshness="stale" if stale else "live" if live else "closed",
        age_seconds=4.0 if live else None,
        quote=quote,
        week=_week(instrument.kind, WEEKS[symbol], price, 4 if stale else 5, final=not (live or stale)),
        record=_record(record, price) if record else None,
        atr14=43.6 if symbol == "^RUT" else None,
        series=Series(closes=closes),
    )


def history(days: int, episodes: int, share: float, median: float | None) -> FlagHistory:
    """What a rule did before; an interval that contains zero, or none at all."""
    return FlagHistory(
        days=days, episodes=episodes, since=date(1987, 9, 10), share_of_days=share,
        median_20=median, all_days_20=None if median is None else 0.7,
        interval_20=None if median is None else (-1.7, 3.1),
    )  # fmt: skip


REVERSAL = Flag(
    id="record-reversal:^RUT", rule="record-reversal", watched="^RUT", against=(), state="confirmed",
    severity="rare", first_seen=at(FRIDAY, 16), last_seen=at(FRIDAY, 16, 20), session=FRIDAY,
    sentence="Russell 2000 closed 3.52 % under its record of 2,541.67, made 2 sessions ago; the rule asks 3 %.",
    brief="−3.52 % from a 2-session-old record",
    clears_when="a close above 2,465.42, or 3 sessions", history=history(39, 19, 1 / 246, 1.8),
)  # fmt: skip
BREAKOUT = Flag(
    id="failed-breakout:^RUT", rule="failed-breakout", watched="^RUT", against=(), state="confirmed",
    severity="notable", first_seen=at(THURSDAY, 16), last_seen=at(THURSDAY, 16, 20), session=THURSDAY,
    sentence="Closed at 2,467.02, back under the old record close of 2,495.50, one session after breaking it.",
    brief="back under 2,495.50 a session later", clears_when="a close above 2,495.50",
    history=history(199, 77, 1 / 48, 0.3),
)  # fmt: skip
SAME_DAY = Flag(
    id="same-day-direction:^RUT:^GSPC+^DJI", rule="same-day-direction", watched="^RUT", against=("^GSPC", "^DJI"),
    state="confirmed", severity="watch", first_seen=at(FRIDAY, 14, 20), last_seen=at(FRIDAY, 16), session=FRIDAY,
    sentence="RUT −0.60 % while SPX +0.53 % and DJIA +0.52 %: spread −1.13 pp, 7th percentile of 5 years.",
    brief="−0.60 %; SPX +0.53 %, DJIA +0.52 %", clears_when="judged anew in the next session",
    percentile=93.0, history=history(169, 107, 1 / 57, None),
)  # fmt: skip


def event(flag: Flag, state: str, time: datetime, sentence: str = "") -> Event:
    """One line of the journal."""
    return Event(
        time=time, session=flag.session, flag=flag.id, rule=flag.rule, watched=flag.watched,
        against=flag.against, state=state, sentence=sentence,
    )  # fmt: skip


JOURNAL = (
    event(BREAKOUT, "confirmed", at(THURSDAY, 16, 20), "RUT closed at 2,467.02, under 2,495.50"),
    event(SAME_DAY, "forming", at(FRIDAY, 14, 20), "RUT −0.73 %, SPX +0.57 %"),
    event(SAME_DAY, "provisional", at(FRIDAY, 14, 35), "RUT −0.70 %, SPX +0.55 %"),
    event(REVERSAL, "confirmed", at(FRIDAY, 16, 19), "RUT −3.52 % from its record"),
    event(SAME_DAY, "confirmed", at(FRIDAY, 16, 20), "RUT −0.60 %, SPX +0.53 %, DJIA +0.52 %"),
)


def market(state: str, now: datetime) -> Market:
    """An exchange of New York's hours."""
    close = at(FRIDAY, 16)
    return Market(
        state=state, next_open=at(date(2025, 10, 20), 9, 30), next_close=close if now < close else None, session=FRIDAY
    )


def overview(mode: str = "live", counter: int = 1) -> Snapshot:
    """Friday after the close."""
    now = at(FRIDAY, 16, 30)
    rows = tuple(row(symbol) for symbol in SHOWN)
    calendars = {one.calendar for one in rows}
    return Snapshot(
        version=(1, counter), mode=mode, clock=ClockReading(now=now), session=FRIDAY, as_of=at(FRIDAY, 16, 15),
        markets={calendar: market("closed", now) for calendar in calendars},
        health=Health(source="yahoo", last_success=at(FRIDAY, 16, 20), requests_last_hour=37, budget=240,
                      history_loaded=(10, 10)),
        instruments=rows, flags=(SAME_DAY, REVERSAL, BREAKOUT), chance=Chance(flags=3, expected=1.3), journal=JOURNAL,
    )  # fmt: skip


def live(counter: int = 2) -> Snapshot:
    """14:20 of Friday: three indices live, six symbols silent since the open."""
    now = at(FRIDAY, 14, 20, 4)
    prices = {"^GSPC": 6667.11, "^IXIC": 22694.19, "^RUT": 2449.05}
    silent = ("^DJI", "^NDX", "IWM", "KRE", "^VIX", "^TNX")
    rows = tuple(
        row(symbol, last=prices.get(symbol), live=symbol in prices, stale=symbol in silent) for symbol in SHOWN
    )
    reversal = msgspec.structs.replace(
        REVERSAL, state="provisional", first_seen=at(FRIDAY, 9, 35), last_seen=at(FRIDAY, 14, 15)
    )
    forming = msgspec.structs.replace(
        SAME_DAY, state="forming", id="same-day-direction:^RUT:^GSPC", last_seen=at(FRIDAY, 14, 15), against=("^GSPC",),
        sentence="RUT −0.73 %, SPX +0.57 %: spread −1.30 pp; must hold until 14:35.",
        brief="−0.73 %; SPX +0.57 %; must hold to 14:35",
        history=msgspec.structs.replace(history(169, 107, 1 / 57, 1.5), survival_percent=100 / 3, survival_cases=12),
    )  # fmt: skip
    unknown = msgspec.structs.replace(
        SAME_DAY, state="unknown", first_seen=at(FRIDAY, 9, 30), history=None,
        sentence="Cannot compare with DJIA: its last quote is from Thu 16:00 ET, 22 h old.",
        brief="DJIA quote is from Thu 16:00 ET",
    )  # fmt: skip
    markets = {one.calendar: market("closed" if one.calendar != "XNYS" else "open", now) for one in rows}
    return Snapshot(
        version=(1, counter), mode="live", clock=ClockReading(now=now), session=FRIDAY, as_of=at(FRIDAY, 14, 20),
        markets=markets,
        health=Health(source="yahoo", last_success=at(FRIDAY, 14, 20), error="time-out", attempts=14,
                      failing_since=at(FRIDAY, 9, 30), next_try=now + timedelta(seconds=200), silent=silent,
                      requests_last_hour=61, budget=240, history_loaded=(10, 10)),
        instruments=rows, flags=(reversal, forming, unknown), chance=Chance(flags=2, expected=1.3),
        journal=JOURNAL[:2],
    )  # fmt: skip


def offline() -> Snapshot:
    """21 November of the next year without a connection: the prices are still those of Friday 17 October."""
    now = datetime(2026, 11, 21, 7, 12, tzinfo=UTC)
    shut = Market(state="closed", next_open=at(date(2026, 11, 23), 9, 30), session=date(2026, 11, 20))
    closed = overview()
    silent = tuple(one.symbol for one in closed.instruments if one.quote is not None)
    stale = tuple(
        msgspec.structs.replace(one, freshness="stale" if one.quote else "missing") for one in closed.instruments
    )
    return msgspec.structs.replace(
        closed, clock=ClockReading(now=now), instruments=stale, flags=(), markets=dict.fromkeys(closed.markets, shut),
        health=Health(source="yahoo", error="no connection", attempts=1, failing_since=now, silent=silent,
                      next_try=now + timedelta(seconds=10), history_loaded=(10, 10)),
    )  # fmt: skip


def loading() -> Snapshot:
    """5 of 16 histories are here: IWM has one day of its week and no record yet."""
    closed = overview()
    rows = tuple(
        msgspec.structs.replace(one, record=None, week=msgspec.structs.replace(one.week, sessions=1, previous=None))
        if one.symbol == "IWM" and one.week is not None
        else one
        for one in closed.instruments
    )
    health = Health(source="yahoo", last_success=at(FRIDAY, 16, 20), history_loaded=(5, 16), loading="IWM")
    return msgspec.structs.replace(closed, instruments=rows, health=health)


def empty(counter: int = 1) -> Snapshot:
    """A first start: four histories of sixteen are there, no price yet."""
    now = datetime(2025, 10, 17, 13, 12, tzinfo=UTC)
    return Snapshot(
        version=(1, counter), mode="live", clock=ClockReading(now=now),
        health=Health(source="yahoo", history_loaded=(4, 16), loading="^NDX"),
        instruments=tuple(row(symbol) for symbol in SHOWN if symbol not in DAYS),
    )  # fmt: skip
