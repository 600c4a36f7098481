"""Charts out of histories and running sessions: one wish in, its series or a sentence out.

What is drawn ends with the newest price known; a history that was cut off before gives a chart of then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from msgspec.structs import replace

from .analytics import charted, records
from .analytics.charted import Daily, plain
from .analytics.levels import PHASES
from .analytics.momentum import LONG, SHORT
from .bars import Bar, Bars, Floats
from .charting_several import ratio_chart, relative_chart
from .charting_words import apart_words, basis_words, too_short
from .live import Live
from .model.chart import FRAMES, KINDS, MOST_SYMBOLS, STEPS, Beneath, Candles, Chart, Curve, Mark, Wish
from .model.instrument import Instrument
from .sessions import Calendars
from .take import History, session_state

__all__ = ["Charts", "Material"]

NEEDED = {"ratio": 2}
"""Symbols of a wish, where that is another number than one."""


@dataclass(frozen=True)
class Material:
    """What there is to draw from at a moment: final bars, running sessions, and the exchanges' calendars."""

    histories: Mapping[str, History]
    live: Mapping[str, Live]
    calendars: Calendars
    now: datetime


@dataclass(frozen=True, eq=False)
class Shown:
    """One instrument as it stands: the columns up to its newest price, those of final bars, the running session."""

    history: History
    daily: Daily
    final: Daily
    live: Live | None
    state: str

    @property
    def bars(self) -> Bars:
        """Its bars since the last hole, the running session's last of all."""
        return self.daily.bars


class Charts:
    """Answers wishes. The columns of a history are made once, when it is first drawn."""

    def __init__(self) -> None:
        self._final: dict[str, tuple[History, Daily]] = {}

    def answer(self, wish: Wish, known: Material) -> Chart:
        """The chart of a wish; what cannot be drawn is a sentence in `problem`."""
        problem = _refused(wish, known)
        if problem:
            return Chart(wish=wish, problem=problem)
        shown = [self._shown(symbol, known) for symbol in wish.symbols]
        empty = [one.history.instrument.short for one in shown if not len(one.bars)]
        if empty:
            return Chart(wish=wish, names=_names(shown), problem=f"no bars of {', '.join(empty)} yet")
        late = [one.history.instrument.short for one in shown if one.history.last_day is None]
        if late and wish.frame != "1d":
            problem = f"the daily bars of {', '.join(late)} have not come yet"
            return Chart(wish=wish, names=_names(shown), problem=problem)
        drawn = _together(shown) if wish.kind == "ratio" else shown
        newest = next((one for one in drawn if one.live is not None), drawn[0])
        made = _MAKERS[wish.kind](wish, drawn)
        return replace(
            made,
            names=_names(shown),
            state=newest.state,
            as_of=newest.live.time if newest.live else None,
            notes=(*made.notes, *_left_out(shown, drawn), *filter(None, (apart_words(one.history) for one in shown))),
        )

    def _shown(self, symbol: str, known: Material) -> Shown:
        history, live = known.histories[symbol], known.live.get(symbol)
        if live is not None and history.last_day is not None and live.session <= history.last_day:
            live = None
        calendar = known.calendars.of(history.instrument.calendar, known.now.date())
        final = self._daily(history)
        return Shown(history, _running(history, final, live), final, live, session_state(live, calendar, known.now))

    def _daily(self, history: History) -> Daily:
        symbol = history.instrument.symbol
        kept = self._final.get(symbol)
        if kept is None or kept[0] is not history:
            kept = self._final[symbol] = (history, Daily.of(history.whole))
        return kept[1]


def _running(history: History, final: Daily, live: Live | None) -> Daily:
    """The columns up to the newest price: a tick adds one row and computes no other."""
    if live is None:
        return final
    if history.momentum is None:
        return Daily.of(Bars.of([live.bar]))
    return final.with_running(live.bar, history.momentum.read(live.bar))


def _together(shown: list[Shown]) -> list[Shown]:
    """As they are where their running sessions are the same one, else by their final closes."""
    if len({one.live.session if one.live else None for one in shown}) == 1:
        return shown
    return [Shown(one.history, one.final, one.final, None, "final") for one in shown]


def _left_out(shown: list[Shown], drawn: list[Shown]) -> tuple[str, ...]:
    """Running sessions that are not drawn because they are not of all."""
    pairs = zip(shown, drawn, strict=True)
    names = [one.history.instrument.short for one, kept in pairs if one.live is not None and kept.live is None]
    return (f"the running session of {', '.join(names)} is left out: it is not of both",) if names else ()


def _names(shown: list[Shown]) -> tuple[str, ...]:
    return tuple(one.history.instrument.short for one in shown)


def _refused(wish: Wish, known: Material) -> str:
    """Why a wish cannot be drawn at all, whatever bars there are; empty where it can."""
    if wish.kind not in KINDS or wish.frame not in FRAMES:
        return f"this feed knows no {wish.kind} chart of {wish.frame}: restart it"
    unknown = [symbol for symbol in wish.symbols if symbol not in known.histories]
    if unknown:
        return f"the feed does not follow {', '.join(unknown)}"
    if wish.frame == "1d" and wish.kind != "price":
        return f"a {wish.kind} chart is of daily closes and begins at one week"
    return _miscounted(wish) or _unsuited(wish, [known.histories[symbol].instrument for symbol in wish.symbols])


def _miscounted(wish: Wish) -> str:
    """That a kind needs another number of instruments, or none twice."""
    count = len(wish.symbols)
    least, most = (2, MOST_SYMBOLS) if wish.kind == "relative" else (NEEDED.get(wish.kind, 1),) * 2
    if least <= count <= most and len(set(wish.symbols)) == count:
        return ""
    wanted = f"{least}" if least == most else f"{least} to {most}"
    return f"a {wish.kind} chart is of {wanted} different instruments"


def _unsuited(wish: Wish, instruments: list[Instrument]) -> str:
    """What has no record cannot fall from one, and of a yield no percentages are taken."""
    if wish.kind == "drawdown" and not instruments[0].has_record:
        return f"{instruments[0].short} has no record to fall from"
    yields = [one.short for one in instruments if one.kind == "yield"]
    if yields and wish.kind in ("ratio", "relative"):
        return f"{yields[0]} is a yield: it moves in basis points and has no change in percent"
    return ""


# -- one instrument -------------------------------------------------------------------------------------


def _price(wish: Wish, shown: list[Shown]) -> Chart:
    one = shown[0]
    if wish.frame == "1d":
        return _session(wish, one)
    daily, window = one.daily, charted.window_of(one.bars.days, wish.frame)
    points = charted.grouped(one.bars.slice(window.first, len(one.bars)), window.ends - window.first)
    averages = ((SHORT, daily.sma50), (LONG, daily.sma200))
    return Chart(
        wish=wish,
        points=charted.dates(points.days),
        step=window.step,
        unit="yield" if one.history.instrument.kind == "yield" else "price",
        curves=(
            Curve(name="close", numbers=plain(points.close)),
            *(Curve(name=f"SMA {length}", numbers=plain(column[window.ends])) for length, column in averages),
        ),
        candles=Candles(open=_numbers(points.open), high=_numbers(points.high), low=_numbers(points.low)),
        beneath=_beneath(one, points, window.ends),
        marks=_record_marks(one),
        basis=basis_words(one.history.instrument, STEPS[window.step]),
        notes=_price_notes(wish, one),
        problem=_one_bar(one),
    )


def _numbers(values: Floats) -> tuple[float, ...]:
    return tuple(values.tolist())


def _one_bar(one: Shown) -> str:
    if len(one.bars) > 1:
        return ""
    bar = one.bars.bar(0)
    return f"{one.history.instrument.short} has one bar, {bar.close:,.2f} of {bar.day}: a line needs two"


def _beneath(one: Shown, points: Bars, at: charted.Indices) -> tuple[Beneath, ...]:
    """Volume of a fund, then the oscillators where the history is long enough for them."""
    daily, found = one.daily, list[Beneath]()
    if one.history.instrument.kind == "fund":
        volume = np.where(points.volume > 0.0, points.volume, np.nan)
        found.append(Beneath(name="volume", bars=plain(volume)))
    if not np.isnan(daily.rsi14[-1]):
        found.append(Beneath(name="rsi", curves=(Curve(name="RSI 14", numbers=plain(daily.rsi14[at])),)))
    if not np.isnan(daily.macd_signal[-1]):
        lines = (("MACD", daily.macd), ("signal", daily.macd_signal))
        curves = tuple(Curve(name=name, numbers=plain(column[at])) for name, column in lines)
        found.append(Beneath(name="macd", curves=curves, bars=plain(daily.macd_histogram[at])))
    return tuple(found)


def _record_marks(one: Shown) -> tuple[Mark, ...]:
    """Both records; none where a hole, a yield or volatility knows none."""
    history, running = one.history, one.live.bar if one.live else None
    if history.records is None:
        return ()
    last = float(one.bars.close[-1])
    found = records.read_record(history.records, running, last, float(history.bars.close[-1]))
    pairs = (("record high", found.intraday), ("record close", found.close))
    return tuple(Mark(name=name, value=mark.price, day=mark.date) for name, mark in pairs)


def _price_notes(wish: Wish, one: Shown) -> tuple[str, ...]:
    count = len(one.bars)
    wanting = [str(length) for length in (SHORT, LONG) if count < length]
    notes = [too_short(wish, one.bars.day(0), one.bars.day(-1), one.history.instrument.short)]
    if wanting:
        notes.append(f"an average of {' or '.join(wanting)} sessions needs more than the {count} there are")
    return tuple(filter(None, notes))


def _session(wish: Wish, one: Shown) -> Chart:
    """The running session by its five-minute closes, and the price since."""
    live, short = one.live, one.history.instrument.short
    if live is None:
        return Chart(wish=wish, problem=f"{short} has no running session; five-minute prices of past ones are not kept")
    times, closes = list(live.ends), list(live.closes)
    if not times or live.time > times[-1]:
        times, closes = [*times, live.time], [*closes, live.last]
    waits = f"{short} has one price of this session yet, {closes[0]:,.2f}: a line needs two"
    before = one.history.bars.bar(-1) if len(one.history.bars) else None
    return Chart(
        wish=wish,
        times=tuple(times),
        points=(live.session,),
        step="5 minutes",
        unit="yield" if one.history.instrument.kind == "yield" else "price",
        curves=(Curve(name="last", numbers=tuple(closes)),),
        marks=(Mark(name="previous close", value=before.close, day=before.day),) if before else (),
        basis=basis_words(one.history.instrument, STEPS["5 minutes"]),
        problem=waits if len(closes) < 2 else "",
    )


def _drawdown(wish: Wish, shown: list[Shown]) -> Chart:
    one = shown[0]
    instrument, found = one.history.instrument, one.history.records
    if found is None:
        return Chart(wish=wish, problem=f"{apart_words(one.history)}: a record cannot be excluded")
    bars = _counted(found.bars, one.live.bar if one.live else None)
    depth = records.depths(bars.close)
    window = charted.window_of(bars.days, wish.frame)
    drawn = depth[window.ends]
    deepest = int(np.argmin(depth[window.first :])) + window.first
    return Chart(
        wish=wish,
        points=charted.dates(bars.days[window.ends]),
        step=window.step,
        unit="percent",
        curves=(Curve(name="below the highest close", numbers=plain(drawn)),),
        marks=(
            *(Mark(name=name, value=value) for value, name in PHASES),
            Mark(name="deepest", value=float(depth[deepest]), day=bars.day(deepest)),
        ),
        basis=f"{basis_words(instrument, STEPS[window.step])}; percent below the highest close since {bars.day(0)}",
        notes=tuple(filter(None, [too_short(wish, bars.day(0), bars.day(-1), instrument.short)])),
        problem=_one_bar(one),
    )


def _counted(bars: Bars, running: Bar | None) -> Bars:
    return bars.merged(Bars.of([running])) if running is not None else bars


# -- several ----------------------------------------------------------------------------------------------


def _ratio(wish: Wish, shown: list[Shown]) -> Chart:
    ours, theirs = shown
    return ratio_chart(wish, ours.bars, theirs.bars, _names(shown))


def _relative(wish: Wish, shown: list[Shown]) -> Chart:
    return relative_chart(wish, [one.bars for one in shown], _names(shown))


_MAKERS: Mapping[str, Callable[[Wish, list[Shown]], Chart]] = {
    "price": _price, "ratio": _ratio, "relative": _relative, "drawdown": _drawdown,
}  # fmt: skip
