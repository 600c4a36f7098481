"""Daily bars of the sample market: made once from a seed, back for decades and on until 2049.

All chance is drawn by calendar day, so that neither the order nor the number of questions matters and no
later bar can change an earlier one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt

from ..bars import Bar, Bars, Days, Floats
from ..model.instrument import Instrument
from ..sessions import trading_days
from .sample_facts import FACTS as BOARD
from .sample_facts import Fact, Shadow, Walk
from .sample_panel import PANEL

FACTS: dict[str, Fact] = {**BOARD, **PANEL}
Whole = npt.NDArray[np.int64]
FIRST, LAST = date(1957, 3, 4), date(2049, 12, 31)
"""The calendars know Hong Kong's holidays no further; after that the last closes stand."""
_OLDEST = {"XNYS": FIRST, "XTKS": date(1997, 1, 6)}
_OLD = date(1986, 1, 2)
"""Where the calendars, or what is told, begin."""
START = np.datetime64("2025-10-17")
_EPOCH = np.datetime64(FIRST)
_LENGTH = (LAST - FIRST).days + 1
_YEAR = 252
_RESTLESS = 2.0
"""From the demo's first day on small caps go their own way more often, so that flags have work to do."""


def numbers(seed: int, *names: str | int) -> np.random.Generator:
    """A generator of its own for a purpose; the same names always give the same numbers."""
    return np.random.default_rng([seed, *(crc32(name.encode()) if isinstance(name, str) else name for name in names)])


def fact_of(instrument: Instrument) -> Fact:
    """What is given for an instrument; for one not in the tables a walk after its kind."""
    given = FACTS.get(instrument.symbol)
    if given is not None:
        return given
    unit = 1.0 + crc32(instrument.symbol.encode()) % 900 / 100
    price = unit * {"index": 1000.0, "future": 500.0}.get(instrument.kind, 12.0)
    return Walk(closes=f"2005-01-03 {price / 3:.2f} 2025-10-17 {price:.2f}", volatility=0.012, market=0.7)


@dataclass(frozen=True)
class _Chance:
    """What all instruments share, by calendar day: shocks of the market and of its factions, and its mood."""

    seed: int
    market: Floats
    factions: dict[str, Floats]
    mood: Floats

    @classmethod
    def drawn(cls, seed: int) -> "_Chance":
        mood = persistent(numbers(seed, "mood").standard_normal(_LENGTH), 0.985)
        return cls(
            seed,
            numbers(seed, "market").standard_normal(_LENGTH),
            {name: numbers(seed, name).standard_normal(_LENGTH) for name in ("tech", "small")},
            np.exp(0.07 * mood - 0.08),
        )


def persistent(shocks: Floats, keep: float) -> Floats:
    """A sum in which a shock's share left a step later is `keep` (1: a walk)."""
    if keep == 1.0:
        return np.cumsum(shocks)
    return np.fromiter(accumulate(shocks.tolist(), lambda before, shock: keep * before + shock), float, len(shocks))


class SampleHistory:
    """Every daily bar of the sample market, past and to come. The caller cuts at the present."""

    def __init__(self, instruments: Iterable[Instrument], seed: int) -> None:
        self.instruments = {one.symbol: one for one in instruments}
        self.seed = seed
        self._chance: _Chance | None = None
        self._days: dict[str, Days] = {}
        self._bars: dict[str, Bars] = {}

    def bars(self, symbol: str) -> Bars:
        """All bars of one symbol, made when first asked for. KeyError for an unknown one."""
        if symbol not in self._bars:
            self._bars[symbol] = self._made(symbol, self.calendar(symbol))
        return self._bars[symbol]

    def calendar(self, symbol: str) -> str:
        """The exchange a symbol trades on; those it follows may not be on the board."""
        known = self.instruments.get(symbol)
        return known.calendar if known else "XNYS"

    def fact(self, symbol: str) -> Fact:
        """What is given for a symbol. KeyError for an unknown one."""
        return FACTS[symbol] if symbol in FACTS else fact_of(self.instruments[symbol])

    def _made(self, symbol: str, calendar: str) -> Bars:
        fact = self.fact(symbol)
        if isinstance(fact, Shadow):
            made = shadow(fact, self.bars(fact.of), self._since(calendar, fact.since), self.seed, symbol)
        else:
            since = next(closes(fact.closes))[0]
            made = self._walked(symbol, fact, self._since(calendar, since))
        return made.merged(Bars.of(bars(fact.bars)))

    def _since(self, calendar: str, first: str) -> Days:
        if calendar not in self._days:
            self._days[calendar] = np.array(
                trading_days(calendar, _OLDEST.get(calendar, _OLD), LAST), dtype="datetime64[D]"
            )
        days = self._days[calendar]
        return days[np.searchsorted(days, np.datetime64(first)) :]

    def _walked(self, symbol: str, fact: Walk, days: Days) -> Bars:
        if self._chance is None:
            self._chance = _Chance.drawn(self.seed)
        at = (days - _EPOCH).astype(int)
        own = numbers(self.seed, symbol).standard_normal((5, _LENGTH))[:, at]
        size = fact.volatility * self._chance.mood[at]
        shocks = size * _mixed(fact, self._chance, own[0], days, at) + fact.drift / _YEAR
        close = _closes(fact, days, persistent(shocks, fact.keep))
        return _around(fact, days, close, size, own[1:])


def _mixed(fact: Walk, chance: _Chance, own: Floats, days: Days, at: Whole) -> Floats:
    """Shocks of unit size: the market's, the faction's and the instrument's own."""
    name, share = fact.faction
    mixed = fact.market * chance.market[at] + np.sqrt(1 - fact.market**2 - share**2) * own
    if not name:
        return np.asarray(mixed)
    restless = np.where((days > START) & (name == "small"), _RESTLESS, 1.0)
    return np.asarray(mixed + share * restless * chance.factions[name][at])


def _closes(fact: Walk, days: Days, walk: Floats) -> Floats:
    """Closes through the given ones, under the ceilings."""
    given = {np.datetime64(day): price for day, price in closes(fact.closes)}
    given |= {np.datetime64(bar.day): bar.close for bar in bars(fact.bars)}
    on = np.array(sorted(given), dtype="datetime64[D]")
    price = np.log(np.array([given[day] for day in on], dtype=np.float64))
    at = np.searchsorted(days, on)
    log = walk + _tilt(fact, at, price - walk[at], len(days))
    top = np.log(_ceiling(fact, days, 0))
    log = np.where(np.isfinite(top), _under(log, top), log)
    log[at] = price
    return np.asarray(np.round(np.exp(log), fact.decimals), dtype=np.float64)


def _tilt(fact: Walk, at: Whole, missing: Floats, length: int) -> Floats:
    """What is added to a walk so that it passes through what is given."""
    if fact.keep == 1.0:
        return np.asarray(np.interp(np.arange(length), at, missing))
    home, pull = float(np.log(fact.level)), -float(np.log(fact.keep))
    tilt = home + (missing[-1] - home) * fact.keep ** (np.arange(length) - at[-1])
    turns: list[int] = at.tolist()
    for (left, right), (one, other) in zip(pairwise(turns), pairwise(missing - home), strict=True):
        weights = np.sinh(pull * np.arange(right - left, -1, -1))
        tilt[left : right + 1] = home + (one * weights + other * weights[::-1]) / weights[0]
    return np.asarray(tilt)


def _ceiling(fact: Walk, days: Days, which: int) -> Floats:
    """The highest close (0) or high (1) allowed on each day; infinite where none is set."""
    top = np.full(len(days), np.inf)
    for row in reversed(fact.ceilings):
        top[days <= np.datetime64(row[0])] = row[1 + which]
    return top


def _under(log: Floats, top: Floats) -> Floats:
    """Bent smoothly below a ceiling; far under it nothing changes."""
    softness = 0.012
    with np.errstate(invalid="ignore"):
        return np.asarray(-softness * np.logaddexp(-log / softness, -top / softness))


def _around(fact: Walk, days: Days, close: Floats, size: Floats, own: Floats) -> Bars:
    """Open, high and low around the closes."""
    before = np.concatenate((close[:1], close[:-1]))
    top, peak = _ceiling(fact, days, 0), _ceiling(fact, days, 1)
    opened = np.minimum(before * np.exp(0.35 * size * own[0]), top)
    upper, lower = np.maximum(opened, close), np.minimum(opened, close)
    high = upper * np.exp(0.55 * size * np.abs(own[1]))
    with np.errstate(invalid="ignore"):
        room = upper + (peak - upper) * (0.5 + 0.45 * np.tanh(np.abs(own[3])))
    high = np.where(np.isfinite(peak), np.maximum(upper, np.minimum(high, room)), high)
    low = lower * np.exp(-0.55 * size * np.abs(own[2]))
    return _rounded(days, (opened, high, low, close), fact.decimals)


def shadow(fact: Shadow, of: Bars, days: Days, seed: int, symbol: str) -> Bars:
    """Bars of an instrument that follows another; on days without the other's bar it hardly moves."""
    apart = numbers(seed, symbol).standard_normal(_LENGTH)[(days - _EPOCH).astype(int)]
    drift = persistent(fact.wander * apart, 0.99)
    ratio = fact.ratio * np.exp(drift - drift[np.searchsorted(days, START)])
    at = np.searchsorted(of.days, days, side="right") - 1
    trades = of.days[at] == days
    close = of.close[at] * ratio
    opened = of.open[at] * ratio
    if fact.round_the_clock:
        opened = np.concatenate((close[:1], close[:-1])) * np.exp(0.1 * fact.wander * apart)
    opened = np.where(trades, opened, close * np.exp(fact.wander * apart))
    high = np.maximum(np.maximum(opened, close), np.where(trades, of.high[at] * ratio, 0.0))
    low = np.minimum(np.minimum(opened, close), np.where(trades, of.low[at] * ratio, np.inf))
    return _rounded(days, (opened, high, low, close), fact.decimals)


def _rounded(days: Days, prices: tuple[Floats, Floats, Floats, Floats], decimals: int) -> Bars:
    o, h, l, c = (np.round(column, decimals) for column in prices)  # noqa: E741
    return Bars.columns(days, o, h, l, c, np.zeros(len(days)))


def closes(table: str) -> Iterator[tuple[str, float]]:
    """Pairs of day and close from a table."""
    words = table.split()
    for day, price in zip(words[::2], words[1::2], strict=True):
        yield day, float(price)


def bars(table: str) -> Iterator[Bar]:
    """Bars from lines of day, open, high, low, close."""
    for line in table.split("\n"):
        words = line.split()
        if words:
            yield Bar(date.fromisoformat(words[0]), *map(float, words[1:]))
