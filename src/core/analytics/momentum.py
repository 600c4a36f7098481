"""Oscillators, averages, true range and volatility of daily bars.

Series have the shape of the closes, (n,), and are NaN where there is no value. RSI, MACD and ATR remember
every bar since their seed; seeds are means, as TA-Lib's.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..bars import Bars, Floats
from .rolling import lagged, rolling_mean, rolling_sd

RSI, FAST, SLOW, SIGNAL, ATR = 14, 12, 26, 9, 14
SHORT, LONG, SLOPE = 50, 200, 20
"""Sessions of the two averages, and those their slope is measured over."""
MONTH, YEAR = 20, 252
"""Sessions of the two volatilities."""
ANNUAL = math.sqrt(252.0)


def rsi(close: Floats, length: int = RSI) -> Floats:
    """Wilder's relative strength index, 0-100; NaN over a window in which no close moved."""
    return strength(close, *gains_and_losses(close, length), length)


def gains_and_losses(close: Floats, length: int = RSI) -> tuple[Floats, Floats]:
    """The smoothed rises and the smoothed falls that an RSI is made of, in price units."""
    changes = np.r_[np.nan, np.diff(close)]
    gain, loss = (smoothed(np.maximum(one, 0.0), 1, length, 1.0 / length) for one in (changes, -changes))
    return gain, loss


def strength(close: Floats, gain: Floats, loss: Floats, length: int = RSI) -> Floats:
    """The RSI of smoothed gains and losses."""
    moves = np.r_[False, close[1:] != close[:-1]]
    moved = np.convolve(moves, np.ones(length))[: len(close)] > 0.0
    both = np.where(moved, gain + loss, np.nan)
    return np.asarray(100.0 * gain / np.where(both > 0.0, both, np.nan))


class Macd(NamedTuple):
    """The line, its signal, and the histogram (line minus signal), in price units."""

    line: Floats
    signal: Floats
    histogram: Floats


def macd(close: Floats, fast: int = FAST, slow: int = SLOW, signal: int = SIGNAL) -> Macd:
    """Fast less slow exponential average. Both begin on one bar, the first that the slow one can have."""
    return macd_of(*exponentials(close, fast, slow), slow, signal)


def exponentials(close: Floats, fast: int = FAST, slow: int = SLOW) -> tuple[Floats, Floats]:
    """The two averages that a MACD is the difference of."""
    quick, calm = (_exponential(close, slow - length, length) for length in (fast, slow))
    return quick, calm


def macd_of(quick: Floats, calm: Floats, slow: int = SLOW, signal: int = SIGNAL) -> Macd:
    """The MACD of its two averages; `slow` is the length of the calm one."""
    line = np.asarray(quick - calm)
    smooth = _exponential(line, slow - 1, signal)
    return Macd(line, smooth, np.asarray(line - smooth))


def sma(close: Floats, length: int) -> Floats:
    """Arithmetic mean of the last `length` closes, in price units."""
    return rolling_mean(close, length)


def slope_percent(values: Floats, sessions: int = SLOPE) -> Floats:
    """Change over so many sessions in percent of the value then."""
    before = lagged(values, sessions)
    return np.asarray(100.0 * (values - before) / before)


def true_range(bars: Bars) -> Floats:
    """The larger of high minus low and either one's distance from the close before; the first is NaN."""
    ranges = np.full(len(bars), np.nan)
    before = bars.close[:-1]
    ranges[1:] = np.maximum(bars.high[1:], before) - np.minimum(bars.low[1:], before)
    return ranges


def atr(bars: Bars, length: int = ATR) -> Floats:
    """ATR in points, seeded by the mean of the first `length` true ranges; NaN before. Shape (n,)."""
    return smoothed(true_range(bars), 1, length, 1.0 / length)


def volatility(close: Floats, sessions: int) -> Floats:
    """Standard deviation of the last `sessions` daily log returns, in percent a year of 252 sessions."""
    return np.asarray(100.0 * ANNUAL * rolling_sd(_log_returns(close), sessions))


def realised_volatility(close: Floats, *, simple: bool = False) -> float | None:
    """The same over every change between the closes given, None under two; of `simple` returns where asked.

    Simple returns say less: for the Russell since 1987 21.5 against 21.6 percent.
    """
    changes = np.diff(close) / close[:-1] if simple else _log_returns(close)[1:]
    return 100.0 * ANNUAL * float(np.std(changes, ddof=1)) if len(changes) > 1 else None


@dataclass(frozen=True, eq=False)
class Crosses:
    """Where values changed sign: the first of the two bars that agree, the one it was known after, the way."""

    index: npt.NDArray[np.int64]
    known_at: npt.NDArray[np.int64]
    up: npt.NDArray[np.bool_]


def crosses(values: Floats) -> Crosses:
    """Changes of sign that a second bar confirmed; zero and NaN confirm nothing, a flicker is no cross."""
    sign = np.sign(np.nan_to_num(values))
    settled = np.flatnonzero((sign[1:] == sign[:-1]) & (sign[1:] != 0.0)) + 1
    turned = settled[1:][sign[settled[1:]] != sign[settled[:-1]]].astype(np.int64)
    return Crosses(turned - 1, turned, sign[turned] > 0.0)


def _exponential(values: Floats, first: int, length: int) -> Floats:
    return smoothed(values, first, length, 2.0 / (length + 1))


def smoothed(values: Floats, first: int, length: int, weight: float) -> Floats:
    """Each value moves the mean by its `weight`, from the mean of the `length` values that begin at `first`."""
    begin = first + length
    smooth = np.full(len(values), np.nan)
    if len(values) < begin:
        return smooth
    value = float(np.mean(values[first:begin]))
    found = [value]
    for one in values[begin:].tolist():
        value += (one - value) * weight
        found.append(value)
    smooth[begin - 1 :] = found
    return smooth


def _log_returns(close: Floats) -> Floats:
    return np.asarray(np.r_[np.nan, np.diff(np.log(close))])
