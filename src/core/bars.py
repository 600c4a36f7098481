"""Daily bars as read-only columns, and the door every bar comes through.

Columns have one shape, (n,), oldest first; `days` is datetime64[D] of the session date in the
instrument's own calendar, strictly ascending; prices are float64 and > 0; volume is float64, 0 where
unknown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.datetime64]
Floats = npt.NDArray[np.float64]

Column = TypeVar("Column", Days, Floats)

ROUNDING = 2e-6
"""Relative error below which a high under its close is the vendor's rounding."""
CENT = 0.01 + 1e-9
"""One cent, and what binary fractions add to it."""


@dataclass(frozen=True)
class Bar:
    """One session's open, high, low, close and volume."""

    day: date
    open: float
    high: float
    low: float
    close: float
    volume: float = 0.0


@dataclass(frozen=True, eq=False)
class Bars:
    """Daily bars of one instrument; never changed after they are made."""

    days: Days
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats

    def __len__(self) -> int:
        return len(self.days)

    @classmethod
    def of(cls, bars: Iterable[Bar]) -> "Bars":
        """From single bars, sorted by day; of two for one day the later given stands."""
        rows = sorted({bar.day: bar for bar in bars}.values(), key=lambda bar: bar.day)
        days = np.array([bar.day for bar in rows], dtype="datetime64[D]")
        prices = np.array([(b.open, b.high, b.low, b.close, b.volume) for b in rows], dtype=np.float64)
        return cls.columns(days, *prices.reshape(-1, 5).T)

    @classmethod
    def columns(cls, days: Days, o: Floats, h: Floats, l: Floats, c: Floats, v: Floats) -> "Bars":  # noqa: E741
        """From columns of one length, days strictly ascending; they are copied, contiguous and read-only."""
        made_days = np.array(days, dtype="datetime64[D]")
        made = [np.array(column, dtype=np.float64) for column in (o, h, l, c, v)]
        if {len(column) for column in made} != {len(made_days)}:
            raise ValueError("columns of different length")
        if not bool((made_days[1:] > made_days[:-1]).all()):
            raise ValueError("days are not strictly ascending")
        made_days.flags.writeable = False
        for column in made:
            column.flags.writeable = False
        return cls(made_days, *made)

    @classmethod
    def empty(cls) -> "Bars":
        """No bars."""
        return cls.of(())

    def bar(self, index: int) -> Bar:
        """The bar at an index, as plain Python numbers."""
        return Bar(
            self.day(index), float(self.open[index]), float(self.high[index]),
            float(self.low[index]), float(self.close[index]), float(self.volume[index]),
        )  # fmt: skip

    def day(self, index: int) -> date:
        """The session date at an index."""
        found = self.days.item(index)
        assert isinstance(found, date)
        return found

    def index_of(self, day: date) -> int | None:
        """Where a session stands, None where it has no bar."""
        found = int(np.searchsorted(self.days, np.datetime64(day)))
        return found if found < len(self) and self.day(found) == day else None

    def slice(self, start: int, stop: int) -> "Bars":
        """The bars from `start` up to and without `stop`."""
        part = slice(start, stop)
        return Bars(
            self.days[part],
            self.open[part],
            self.high[part],
            self.low[part],
            self.close[part],
            self.volume[part],
        )

    def upto(self, day: date) -> "Bars":
        """The bars up to and including a day."""
        return self.slice(0, int(np.searchsorted(self.days, np.datetime64(day), side="right")))

    def merged(self, newer: "Bars") -> "Bars":
        """Both; where both have a day the newer bar stands."""
        if not len(newer):
            return self
        # decades lie before the first newer day: only what is behind it is put in order
        first = int(np.searchsorted(self.days, np.datetime64(newer.day(0))))
        later = self.slice(first, len(self))
        kept = later._picked(~np.isin(later.days, newer.days)) if len(later) else later
        end = kept._followed_by(newer)
        if len(kept):
            end = end._picked(np.argsort(end.days))
        return self.slice(0, first)._followed_by(end)

    def _picked(self, which: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> "Bars":
        return Bars(_sealed(self.days[which]), *(_sealed(column[which]) for column in self._values()))

    def _followed_by(self, later: "Bars") -> "Bars":
        pairs = zip(self._values(), later._values(), strict=True)
        days: Days = np.concatenate((self.days, later.days))
        return Bars(_sealed(days), *(_sealed(np.concatenate(pair)) for pair in pairs))

    def _values(self) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        return self.open, self.high, self.low, self.close, self.volume


def _sealed(column: Column) -> Column:
    """A column that was just made, from now on read-only."""
    column.flags.writeable = False
    return column


def as_date(day: np.datetime64) -> date:
    """A numpy day as a date."""
    found = day.item()
    assert isinstance(found, date)
    return found


@dataclass(frozen=True)
class Refusal:
    """A bar that was not taken and why."""

    day: date
    reason: str


def at_the_door(bars: Sequence[Bar]) -> tuple[list[Bar], list[Refusal]]:
    """Lift highs and lows that miss their own open or close by rounding; refuse what cannot be a bar.

    A bar with any price <= 0 or not finite, or whose high (low) is under (over) its open or close by
    more than max(0.01, 2e-6 x price), is refused and named.
    """
    taken: list[Bar] = []
    refused: list[Refusal] = []
    for bar in bars:
        reason = _fault(bar)
        if reason:
            refused.append(Refusal(bar.day, reason))
        else:
            taken.append(_lifted(bar))
    return taken, refused


def _fault(bar: Bar) -> str | None:
    prices = (bar.open, bar.high, bar.low, bar.close)
    if not all(np.isfinite(prices)):
        return "a price is missing"
    if min(prices) <= 0:
        return f"a price is {min(prices):g}"
    slack = max(CENT, ROUNDING * bar.close)
    if max(bar.open, bar.close) - bar.high > slack:
        return f"high {bar.high:g} is under open or close {max(bar.open, bar.close):g}"
    if bar.low - min(bar.open, bar.close) > slack:
        return f"low {bar.low:g} is over open or close {min(bar.open, bar.close):g}"
    return None


def _lifted(bar: Bar) -> Bar:
    high, low = max(bar.open, bar.high, bar.close), min(bar.open, bar.low, bar.close)
    if (high, low) == (bar.high, bar.low):
        return bar
    return Bar(bar.day, bar.open, high, low, bar.close, bar.volume)
