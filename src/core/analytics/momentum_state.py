"""The newest momentum of a history, and what the running session's price makes of it in constant time.

A history is analysed once per final bar. Every figure here is one step of a recursion or one value more in a
window, so a tick needs no series; with a running session in it a figure is provisional.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from ..bars import Bar, Bars, Floats
from ..model.measures import Momentum
from . import momentum

WARM_UP = 250
"""Bars before RSI and MACD are shown: until then libraries differ by how they begin, by up to 3 points."""
REMEMBERED = 2600
"""Bars the newest values are computed from. What a seed leaves in RSI, MACD and ATR is below the last bit
after 600 of them; ten years are for the averages, which may go long without crossing."""
RECENT = 600
"""Bars in which a cross of the averages is looked for first."""
UP_DOWN, GOLDEN_DEATH = ("up", "down"), ("golden", "death")


@dataclass(frozen=True)
class _Wilder:
    """Smoothed gains, losses and ranges after a close; `still`: none of the last 13 changes moved it."""

    close: float
    gain: float
    loss: float
    atr: float
    still: bool

    def rsi(self, close: float) -> float:
        """Were this the next close."""
        change = close - self.close
        gain = self.gain + (max(change, 0.0) - self.gain) / momentum.RSI
        loss = self.loss + (max(-change, 0.0) - self.loss) / momentum.RSI
        moved = not self.still or change != 0.0
        return 100.0 * gain / (gain + loss) if moved and gain + loss > 0.0 else math.nan

    def range(self, bar: Bar) -> float:
        """The ATR were this the next bar."""
        return self.atr + (max(bar.high, self.close) - min(bar.low, self.close) - self.atr) / momentum.ATR


@dataclass(frozen=True)
class _Exponentials:
    """The averages of MACD after a close."""

    fast: float
    slow: float
    signal: float

    def line_and_signal(self, close: float) -> tuple[float, float]:
        """Were this the next close."""
        line = _step(self.fast, close, momentum.FAST) - _step(self.slow, close, momentum.SLOW)
        return line, _step(self.signal, line, momentum.SIGNAL)


def _step(average: float, value: float, length: int) -> float:
    return average + (value - average) * 2.0 / (length + 1)


@dataclass(frozen=True)
class _Average:
    """Sum of the closes that stay in a moving average, and the average its slope will run from."""

    length: int
    rest: float
    before: float

    def value_and_slope(self, close: float) -> tuple[float, float]:
        """Were this the next close."""
        value = (self.rest + close) / self.length
        return value, 100.0 * (value - self.before) / self.before


@dataclass(frozen=True)
class _Spread:
    """Count, mean and summed squared deviations of the log returns that stay in a volatility's window."""

    size: int
    mean: float
    squares: float

    def volatility(self, change: float) -> float:
        """In percent a year, were this the next log return."""
        off = change - self.mean
        squares = self.squares + off * off * self.size / (self.size + 1)
        return 100.0 * momentum.ANNUAL * math.sqrt(squares / self.size)


class _Series:
    """The recursions over the remembered bars, each gone through once."""

    def __init__(self, bars: Bars) -> None:
        self.bars, self.close = bars, bars.close
        self.warm = len(bars) >= WARM_UP

    @cached_property
    def gain_loss(self) -> tuple[Floats, Floats]:
        return momentum.gains_and_losses(self.close)

    @cached_property
    def exponentials(self) -> tuple[Floats, Floats]:
        return momentum.exponentials(self.close)

    @cached_property
    def macd(self) -> momentum.Macd:
        return momentum.macd_of(*self.exponentials)

    @cached_property
    def ranges(self) -> Floats:
        return momentum.atr(self.bars)


@dataclass(frozen=True)
class MomentumState:
    """The newest readings of final bars; a figure that needs more bars than there are is None.

    Dates of crosses are of final bars alone, and so is the second bar that confirms one. What only a running
    session needs is made when the first one is read.
    """

    in_points: bool
    _series: _Series

    @classmethod
    def of(cls, bars: Bars, *, in_points: bool = False) -> "MomentumState | None":
        """Of final bars without a hole, None without any; `in_points` for yields: no percentages are taken."""
        if not len(bars):
            return None
        return cls(in_points, _Series(bars.slice(max(0, len(bars) - REMEMBERED), len(bars))))

    @cached_property
    def final(self) -> Momentum:
        """The readings at the newest final bar."""
        return _final(self._series, self.in_points)

    @cached_property
    def _wilder(self) -> _Wilder:
        return _wilder(self._series)

    @cached_property
    def _macd(self) -> _Exponentials:
        return _exponentials(self._series)

    @cached_property
    def _averages(self) -> tuple[_Average, _Average]:
        close = self._series.close
        return _average(close, momentum.SHORT), _average(close, momentum.LONG)

    @cached_property
    def _spreads(self) -> tuple[_Spread, _Spread]:
        changes = np.diff(np.log(self._series.close[-momentum.YEAR :]))
        return _spread(changes, momentum.MONTH), _spread(changes, momentum.YEAR)

    def read(self, running: Bar | None) -> Momentum:
        """The readings at the newest final bar, or provisional ones with a running session after it."""
        if running is None or running.day <= self.final.as_of:
            return self.final
        return self._with(running)

    def _with(self, bar: Bar) -> Momentum:
        line, signal = self._macd.line_and_signal(bar.close)
        (short, short_slope), (long, long_slope) = (one.value_and_slope(bar.close) for one in self._averages)
        month, year = (one.volatility(math.log(bar.close / self._wilder.close)) for one in self._spreads)
        return Momentum(
            as_of=bar.day,
            provisional=True,
            rsi14=_known(self._wilder.rsi(bar.close)),
            macd=_known(line),
            macd_signal=_known(signal),
            macd_histogram=_known(line - signal),
            macd_crossed=self.final.macd_crossed,
            macd_cross=self.final.macd_cross,
            sma50=_known(short),
            sma200=_known(long),
            sma50_slope_percent=self._share(short_slope),
            sma200_slope_percent=self._share(long_slope),
            sma_crossed=self.final.sma_crossed,
            sma_cross=self.final.sma_cross,
            atr14=_known(self._wilder.range(bar)),
            volatility20=self._share(month),
            volatility252=self._share(year),
        )

    def _share(self, percent: float) -> float | None:
        return None if self.in_points else _known(percent)


def _final(series: _Series, in_points: bool) -> Momentum:
    bars, close, enough = series.bars, series.close, series.warm
    turned, way = _last_cross(momentum.crosses(series.macd.histogram), bars, UP_DOWN) if enough else (None, None)
    crossed, cross = _last_cross_of_averages(bars)
    short, long = (_ending(momentum.sma, close, length, momentum.SLOPE) for length in (momentum.SHORT, momentum.LONG))
    percents = (
        momentum.slope_percent(short),
        momentum.slope_percent(long),
        _ending(momentum.volatility, close, momentum.MONTH, 1),
        _ending(momentum.volatility, close, momentum.YEAR, 1),
    )
    shares = [None if in_points else _newest(values) for values in percents]
    return Momentum(
        as_of=bars.day(len(bars) - 1),
        rsi14=_newest(momentum.strength(close, *series.gain_loss)) if enough else None,
        macd=_newest(series.macd.line) if enough else None,
        macd_signal=_newest(series.macd.signal) if enough else None,
        macd_histogram=_newest(series.macd.histogram) if enough else None,
        macd_crossed=turned,
        macd_cross=way,
        sma50=_newest(short),
        sma200=_newest(long),
        sma50_slope_percent=shares[0],
        sma200_slope_percent=shares[1],
        sma_crossed=crossed,
        sma_cross=cross,
        atr14=_newest(series.ranges),
        volatility20=shares[2],
        volatility252=shares[3],
    )


def _ending(statistic: Callable[[Floats, int], Floats], close: Floats, length: int, more: int) -> Floats:
    """The end of a statistic's series, its newest value and so many before: each is of its own window alone."""
    return statistic(close[-(length + more) :], length)


def _last_cross_of_averages(bars: Bars) -> tuple[date | None, str | None]:
    """The newest cross of the two averages; they are looked at from the end, and whole where they long went without."""
    for size in (RECENT, len(bars)):
        tail = bars.slice(max(0, len(bars) - size), len(bars))
        apart = momentum.sma(tail.close, momentum.SHORT) - momentum.sma(tail.close, momentum.LONG)
        found = _last_cross(momentum.crosses(apart), tail, GOLDEN_DEATH)
        if found[0] is not None:
            return found
    return None, None


def _last_cross(found: momentum.Crosses, bars: Bars, names: tuple[str, str]) -> tuple[date | None, str | None]:
    if not len(found.index):
        return None, None
    return bars.day(int(found.index[-1])), names[0] if found.up[-1] else names[1]


def _wilder(series: _Series) -> _Wilder:
    close = series.close
    gain, loss = (float(one[-1]) for one in series.gain_loss) if series.warm else (math.nan, math.nan)
    still = not np.diff(close[-momentum.RSI :]).any()
    return _Wilder(float(close[-1]), gain, loss, float(series.ranges[-1]), still)


def _exponentials(series: _Series) -> _Exponentials:
    if not series.warm:
        return _Exponentials(math.nan, math.nan, math.nan)
    fast, slow = series.exponentials
    return _Exponentials(float(fast[-1]), float(slow[-1]), float(series.macd.signal[-1]))


def _average(close: Floats, length: int) -> _Average:
    rest = float(close[-(length - 1) :].sum()) if len(close) >= length - 1 else math.nan
    values = _ending(momentum.sma, close, length, momentum.SLOPE)
    return _Average(length, rest, float(values[-momentum.SLOPE]) if len(values) >= momentum.SLOPE else math.nan)


def _spread(changes: Floats, length: int) -> _Spread:
    kept = changes[-(length - 1) :]
    if len(kept) < length - 1:
        return _Spread(length - 1, math.nan, math.nan)
    mean = float(kept.mean())
    return _Spread(length - 1, mean, float(((kept - mean) ** 2).sum()))


def _newest(values: Floats) -> float | None:
    return _known(float(values[-1]))


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
