"""What an answer of the data service says: rows, metadata and causes of failure, without its library.

Nothing here sends anything or knows the time; `now` is passed. Values <= 0 and NaN are missing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..bars import Bar, Bars
from ..model.instrument import Instrument
from . import FiveMinutes, Tick

if TYPE_CHECKING:
    import pandas as pd

SessionOf = Callable[[Instrument, datetime], date]
"""Which session a moment belongs to: the running one, or the last before."""

_HIGHEST = 1e12
"""No price or volume is as high; what is cannot be told from garbage."""
GRID = 300
"""Seconds of a 5-minute bar; a stamp off this grid is the running quote's own time."""
_DAY = timedelta(days=1)
_GLOBEX_OPENS = time(17, 0)
_LAST = 2**33
"""Seconds since 1970, in the year 2242: no stamp of a market is as late."""
_MOST_DELAY = 60.0
"""Minutes: a longer declared delay would make an excuse for any age, and is not believed."""


def local_session(instrument: Instrument, moment: datetime) -> date:
    """The session by weekdays alone: the exchange's date, a weekend's being the Friday before.

    A future's session begins at 17:00 Chicago on the evening before. Holidays are not known here; a
    feed passes its calendar instead.
    """
    local = moment.astimezone(ZoneInfo(instrument.zone))
    day = local.date()
    if instrument.calendar == "CMES" and local.time() >= _GLOBEX_OPENS and day.weekday() not in (4, 5):
        return day + _DAY
    return day - max(0, day.weekday() - 4) * _DAY


@dataclass(frozen=True)
class Row:
    """One daily row as the service gave it; None is missing."""

    day: date
    open: float | None
    high: float | None
    low: float | None
    close: float | None
    volume: float = 0.0


@dataclass(frozen=True)
class Meta:
    """What an answer says beside its rows.

    `price` and `time` are the quote's own; `high` and `low` the day's. `zone` is the one the rows are
    stamped in. `running` is true while the quote's time lies in its trading period (or none was
    given). `merged`: the day came in two rows and only the later was kept.
    """

    zone: str
    price: float | None = None
    time: datetime | None = None
    high: float | None = None
    low: float | None = None
    delay: timedelta = timedelta()
    running: bool = True
    merged: bool = False


@dataclass(frozen=True)
class Chart:
    """One symbol's answer after the sanity of rows; `refused` names rows that were dropped and why."""

    tick: Tick | None
    bars: Bars
    refused: tuple[str, ...] = ()


def rows_of(frame: "pd.DataFrame") -> list[Row]:
    """Rows of a daily frame whose index is midnight in the exchange's zone."""
    names = ("Open", "High", "Low", "Close", "Volume")
    columns: list[list[object]] = [frame[name].to_numpy().tolist() for name in names]
    days: list[date] = [stamp.date() for stamp in frame.index]
    return [
        Row(day, price(o), price(h), price(low), price(c), price(v) or 0.0)
        for day, o, h, low, c, v in zip(days, *columns, strict=True)
    ]


def price(value: object) -> float | None:
    """A usable price, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _HIGHEST:
        return None
    return float(value)


def moment(value: object) -> datetime | None:
    """An aware UTC time from seconds since 1970 or from an aware time, or None."""
    if isinstance(value, datetime):
        try:
            plain = datetime.fromtimestamp(value.timestamp(), UTC)
        except (ValueError, OverflowError, OSError):  # pandas makes NaT, a time that is none, of what it cannot read
            return None
        return plain if value.tzinfo is not None else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _LAST:
        return None
    return datetime.fromtimestamp(value, UTC)


def meta_of(raw: Mapping[str, object], zone: str) -> Meta:
    """The metadata of a chart answer; `zone` stands in where it names none that exists."""
    when = moment(raw.get("regularMarketTime"))
    delay = price(raw.get("exchangeDataDelayedBy")) or 0.0
    return Meta(
        zone=_known_zone(raw.get("exchangeTimezoneName"), zone),
        price=price(raw.get("regularMarketPrice")),
        time=when,
        high=price(raw.get("regularMarketDayHigh")),
        low=price(raw.get("regularMarketDayLow")),
        delay=timedelta(minutes=delay if delay <= _MOST_DELAY else 0.0),
        running=_is_running(raw.get("currentTradingPeriod"), when),
        merged="lastTrade" in raw,
    )


def _known_zone(name: object, default: str) -> str:
    try:
        return ZoneInfo(str(name)).key
    except (KeyError, ValueError, OSError):
        return default


def _is_running(periods: object, when: datetime | None) -> bool:
    regular = _inside(periods, "regular")
    start, end = moment(_inside(regular, "start")), moment(_inside(regular, "end"))
    if start is None or end is None or when is None:
        return True
    return start <= when < end


def _inside(outer: object, key: str) -> object:
    return outer.get(key) if isinstance(outer, Mapping) else None  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType]


# -- daily rows --------------------------------------------------------------------------------------


def read_chart(instrument: Instrument, rows: Sequence[Row], meta: Meta, now: datetime, session_of: SessionOf) -> Chart:
    """Bars and the tick of a chart answer.

    The row of the running session stays among the bars, widened to the day's high and low of the
    metadata; its price is also the tick, at the quote's own time and never later than `now`. A row
    with only a close makes no bar, yet its price stands as the tick's last.
    """
    session = None if meta.time is None else session_of(instrument, meta.time)
    placed, strays = _placed(instrument, rows, meta, session, session_of)
    if session is not None and placed and placed[-1].day > session:
        return _out_of_step(instrument, placed, session)
    bars, faults = _usable(placed)
    today = next((bar for bar in reversed(bars) if bar.day == session), None)
    # with the running row gone the last day is an earlier one, and the range beside it is not its own
    settled = today if strays else today and _settled(today, meta)
    if today is not None and settled is None:
        faults.append((today.day, "the day came in two rows and the kept one is not the whole day"))
    kept = [bar for bar in bars if bar is not today] + ([settled] if settled else [])
    tick = _tick(instrument, placed, meta, now, session, today) if session else None
    return Chart(tick, Bars.of(kept), _named(instrument.symbol, strays + faults))


def _out_of_step(instrument: Instrument, rows: Sequence[Row], session: date) -> Chart:
    """Days later than the quote's own time: neither is the running one, so the day's range belongs to none."""
    later = [(row.day, "a day later than the quote's own time") for row in rows if row.day > session]
    bars, faults = _usable(row for row in rows if row.day < session)
    return Chart(None, Bars.of(bars), _named(instrument.symbol, later + faults))


def _placed(
    instrument: Instrument, rows: Sequence[Row], meta: Meta, session: date | None, session_of: SessionOf
) -> tuple[list[Row], list[tuple[date, str]]]:
    """Rows by session date: the live one may be stamped with the evening before its session."""
    if not rows or session is None or meta.time is None:
        return list(rows), []
    last, zone = rows[-1], ZoneInfo(meta.zone)
    if last.day == session or last.day != meta.time.astimezone(zone).date():
        return list(rows), []
    noon = datetime.combine(last.day, time(12), zone)
    if session_of(instrument, noon) == last.day:
        # one date, two sessions: the evening's live row may have replaced the day's official one
        return list(rows[:-1]), [(last.day, "the evening's row cannot be told from the day's")]
    return [*rows[:-1], replace(last, day=session)], []


def _usable(rows: Iterable[Row]) -> tuple[list[Bar], list[tuple[date, str]]]:
    """Rows that make a bar, and the others with the reason.

    Where only the open is missing the close before stands in for it, inside the row's range, as
    indices used to be published.
    """
    bars: list[Bar] = []
    faults: list[tuple[date, str]] = []
    before: float | None = None
    for row in rows:
        fault = _fault(row)
        if fault is not None or row.close is None or row.high is None or row.low is None:
            faults.append((row.day, fault or "no close"))
            continue
        opened = row.open or min(max(before or row.close, row.low), row.high)
        bars.append(Bar(row.day, opened, row.high, row.low, row.close, row.volume))
        before = row.close
    return bars, faults


def _fault(row: Row) -> str | None:
    if row.close is None:
        return "no close"
    if row.high is None and row.low is None:
        return "only a close"
    missing = [name for name, value in (("high", row.high), ("low", row.low)) if value is None]
    return f"no {missing[0]}" if missing else None


def _settled(bar: Bar, meta: Meta) -> Bar | None:
    """The day's bar with the whole day's range; None for a day that is over and not whole."""
    high, low = max(bar.high, meta.high or bar.high), min(bar.low, meta.low or bar.low)
    if meta.running:
        return replace(bar, high=high, low=low)
    narrower = (high, low) != (bar.high, bar.low)
    return None if meta.merged and narrower and bar.high == bar.low else bar


def _tick(
    instrument: Instrument, rows: Sequence[Row], meta: Meta, now: datetime, session: date, today: Bar | None
) -> Tick | None:
    row = next((one for one in reversed(rows) if one.day == session), None)
    last = meta.price or (row.close if row else None)
    if last is None or meta.time is None:
        return None
    when = min(meta.time, now)
    # a day that came in two rows lost its open with the first of them
    whole = today is not None and not (meta.merged and today.high == today.low)
    high, low = _day_range(today, meta, last)
    return Tick(
        instrument.symbol,
        session,
        last,
        when,
        open=row.open if row and whole else None,
        high=high,
        low=low,
        range_as_of=when if high is not None and low is not None else None,
        delay=meta.delay,
    )


def _day_range(today: Bar | None, meta: Meta, last: float) -> tuple[float | None, float | None]:
    beside = meta.running or meta.merged or today is None
    highs = [value for value in (today and today.high, beside and meta.high) if value]
    lows = [value for value in (today and today.low, beside and meta.low) if value]
    return max([*highs, last]) if highs else None, min([*lows, last]) if lows else None


def _named(symbol: str, faults: Sequence[tuple[date, str]]) -> tuple[str, ...]:
    """One line a reason, in the order they were met: the day, or the span and the count."""
    lines: list[str] = []
    for reason in dict.fromkeys(reason for _, reason in faults):
        days = sorted(day for day, why in faults if why == reason)
        span = f"{days[0]}" if len(days) == 1 else f"{days[0]} to {days[-1]} ({len(days)} rows)"
        lines.append(f"{symbol} {span}: {reason}")
    return tuple(lines)


# -- 5-minute closes ---------------------------------------------------------------------------------


def read_spark(
    instrument: Instrument,
    stamps: Sequence[int],
    closes: Sequence[object],
    end: int | None,
    now: datetime,
    delay: timedelta,
    session_of: SessionOf,
) -> Tick | None:
    """The tick of one symbol's 5-minute closes, None where there is no usable one.

    A point off the 5-minute grid is the running quote with its own time; one at or after the session's
    `end` is the closing print and no bar. A bar's close was traded somewhere inside the bar, so its
    time is the bar's end, the session's end or `now` less the exchange's declared delay, whichever is
    earliest: at most five minutes fresher than the trade, never later than `now`.
    """
    pairs = zip(stamps, map(price, closes), strict=False)
    points = sorted((stamp, close) for stamp, close in pairs if close is not None and 0 < stamp < _LAST)
    if not points:
        return None
    first, (stamp, last) = points[0][0], points[-1]
    over = end if end is not None and first <= end < _LAST else None
    bars = {at - at % GRID: close for at, close in points if over is None or at < over}
    return Tick(
        instrument.symbol,
        session_of(instrument, datetime.fromtimestamp(first, UTC)),
        last,
        _spark_time(stamp, over, now, delay),
        delay=delay,
        bars=FiveMinutes(tuple(datetime.fromtimestamp(at, UTC) for at in bars), tuple(bars.values())),
        quoted=min(datetime.fromtimestamp(stamp, UTC), now),
    )


def _spark_time(stamp: int, end: int | None, now: datetime, delay: timedelta) -> datetime:
    begun = datetime.fromtimestamp(stamp, UTC)
    if stamp % GRID or (end is not None and stamp >= end):
        return min(begun, now)
    latest = datetime.fromtimestamp(min(stamp + GRID, end or stamp + GRID), UTC)
    return min(max(begun, min(latest, now - delay)), now)
