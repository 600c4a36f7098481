"""The ladder: every level around the last price, merged, measured and named.

What needs history is found once per final bar (`LevelState`); the rest stands in the row already, so that a
level is the very figure the panes show.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from ..bars import Bar, Bars
from ..model.measures import Level, TrailStep
from ..model.reading import Week
from ..model.snapshot import Row
from ..model.user_level import UserLevel, series_of
from .levels import (
    LOOKED_BACK,
    Mark,
    floor_pivots,
    phase_lines,
    pivot_marks,
    round_numbers,
    strongest,
    swing_marks,
    two_lows,
)
from .polarity import old_record, trail_of
from .records import Records
from .returns import percent
from .user_levels import progress

SAME_LEVEL = 0.25
"""ATRs within which levels are one line of the ladder."""
REACH = 8.0
"""ATRs to either side that the ladder shows; records and the user's own levels always."""
REACH_PERCENT = 15.0
"""The same in percent of the price while there is no ATR."""
SWINGS = 6
"""Swing levels shown, the ones of most weight within reach."""
OLD_RECORD, USER = "old record", "user level"


@dataclass(frozen=True)
class LevelState:
    """The levels of final bars that no tick changes; `state` and `trail` are the old record's."""

    bars: Bars
    pivots: tuple[Mark, ...] = ()
    swings: tuple[Mark, ...] = ()
    old: Mark | None = None
    state: str = ""
    trail: tuple[TrailStep, ...] = ()

    @classmethod
    def of(cls, bars: Bars, records: Records | None) -> "LevelState":
        """Of final bars without a hole; `records` are the instrument's, None where it can have none."""
        if not len(bars):
            return cls(bars)
        last = bars.bar(len(bars) - 1)
        pivots = tuple(pivot_marks(floor_pivots(last.high, last.low, last.close)))
        tail = bars.slice(max(0, len(bars) - LOOKED_BACK), len(bars))
        plain = cls(tail, pivots, tuple(swing_marks(bars)))
        return _with_old_record(plain, bars, records) if records else plain

    def read(self, row: Row, users: Sequence[UserLevel] = ()) -> tuple[Level, ...]:
        """The ladder around a row's last price, the highest level first; empty without a price."""
        if row.quote is None or row.quote.last is None:
            return ()
        place = _Place(row.quote.last, row.atr14, row.kind == "yield")
        marks = [mark for mark in self._marks(row, place) if mark.low > 0.0]
        lines = [self._line(cluster, place) for cluster in clusters(marks, place.same)]
        lines += [self._own(level, row, place, marks) for level in users]
        return tuple(sorted(lines, key=lambda level: -level.price))

    def _marks(self, row: Row, place: "_Place") -> list[Mark]:
        """Every level within reach, and however far the records and the lines of the phases."""
        usual = [*self.pivots, *_of_week(row), *_of_year(row), *_averages(row)]
        found = [mark for mark in usual if place.reaches(mark)]
        found += round_numbers(place.last, place.reach)
        found += strongest([mark for mark in self.swings if place.reaches(mark)], SWINGS)
        return found + _records(row) + ([self.old] if self.old else [])

    def _line(self, cluster: Sequence[Mark], place: "_Place") -> Level:
        marks = sorted(cluster, key=lambda mark: mark.rank)
        line = place.line(min(mark.low for mark in marks), max(mark.high for mark in marks), marks)
        if self.trail and any(mark is self.old for mark in marks):
            line = replace(line, state=self.state, trail=self.trail)
        swings = [mark.swing for mark in marks if mark.swing is not None]
        return replace(line, swing=swings[0]) if swings else line

    def _own(self, level: UserLevel, row: Row, place: "_Place", marks: Iterable[Mark]) -> Level:
        """A user's level: a line of its own, with the names of what lies in it."""
        if level.instrument != series_of(row.kind):
            return _tagged(_not_measured(level), level)
        inside = [mark for mark in marks if mark.low <= level.top and mark.high >= level.bottom]
        own = Mark(USER, level.bottom, level.top)
        line = place.line(level.bottom, level.top, [own, *sorted(inside, key=lambda mark: mark.rank)])
        came = progress(level, self.bars, _running(row))
        return _tagged(replace(line, state=came.state or line.state, trail=came.trail), level)


def _tagged(line: Level, level: UserLevel) -> Level:
    return replace(line, rule=level.rule, series=level.instrument, note=level.note)


def _not_measured(level: UserLevel) -> Level:
    """A price of another series stands in the ladder and has no distance from this one."""
    return Level(
        price=(level.bottom + level.top) / 2.0,
        low=level.bottom,
        high=level.top,
        sources=(USER,),
        state=f"of another series ({level.instrument})",
    )


def nearest(levels: Iterable[Level], count: int) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
    """The levels above the last price and those at or under it, so many of each, the nearest first."""
    known = [(level.distance_points, level) for level in levels if level.distance_points is not None]
    above = sorted((one for one in known if one[0] > 0.0), key=lambda one: one[0])
    below = sorted((one for one in known if one[0] <= 0.0), key=lambda one: -one[0])
    return tuple(level for _, level in above[:count]), tuple(level for _, level in below[:count])


def clusters(marks: Iterable[Mark], width: float) -> list[list[Mark]]:
    """Levels within `width` of the lowest of them, from the lowest up; a wider zone takes in what lies inside it."""
    known = sorted(marks, key=lambda one: one.middle)
    zones = [[mark] for mark in known if mark.high - mark.low > width]
    found: list[list[Mark]] = []
    for mark in (one for one in known if one.high - one.low <= width):
        around = next((zone for zone in zones if zone[0].low <= mark.low and mark.high <= zone[0].high), None)
        if around is not None:
            around.append(mark)
        elif found and mark.high - found[-1][0].low <= width:
            found[-1].append(mark)
        else:
            found.append([mark])
    return found + zones


@dataclass(frozen=True)
class _Place:
    """Where the price stands and how far a level may be; `in_points`: a yield, of which no percent is taken."""

    last: float
    atr: float | None
    in_points: bool = False

    @property
    def reach(self) -> float:
        """Points to either side."""
        return REACH * self.atr if self.atr else REACH_PERCENT / 100.0 * self.last

    @property
    def same(self) -> float:
        """Points within which levels are one."""
        return SAME_LEVEL * self.atr if self.atr else 0.0

    def reaches(self, mark: Mark) -> bool:
        """Whether a level is near enough to be shown."""
        return abs(mark.middle - self.last) <= self.reach

    def share(self, price: float) -> float | None:
        """Distance in percent of the last price."""
        return None if self.in_points else percent(price, self.last)

    def line(self, low: float, high: float, marks: Sequence[Mark]) -> Level:
        """A level from `low` to `high`, measured from the price to the first of its marks and to its edges."""
        price = marks[0].middle
        points = price - self.last
        return Level(
            price=price,
            low=low,
            high=high,
            sources=tuple(mark.source for mark in marks),
            prices=tuple(mark.middle for mark in marks),
            distance_points=points,
            distance_percent=self.share(price),
            distance_atr=points / self.atr if self.atr else None,
            low_percent=self.share(low),
            high_percent=self.share(high),
            state="above" if low > self.last else "below" if high < self.last else "at",
        )


def _with_old_record(plain: LevelState, bars: Bars, records: Records) -> LevelState:
    counted = bars.slice(int(np.searchsorted(bars.days, np.datetime64(records.since))), len(bars))
    found = old_record(counted)
    if found is None:
        return plain
    trail = trail_of(counted, found.price, found.day)
    mark = Mark.at(OLD_RECORD, found.price)
    return LevelState(plain.bars, plain.pivots, plain.swings, mark, trail.state, trail.steps)


def _of_week(row: Row) -> list[Mark]:
    """The week so far, the one before, the zone between the lows, and the pivots of the last final week."""
    week, quote = row.week, row.quote
    if week is None or quote is None:
        return []
    found = [Mark.at("week high", week.high), Mark.at("week low", week.low)]
    if week.open is not None:
        found.append(Mark.at("week open", week.open))
    if quote.low is not None and quote.low != week.low:
        found.append(two_lows(week.low, quote.low))
    if week.previous is not None:
        before = week.previous
        found += [Mark.at("last week high", before.high), Mark.at("last week low", before.low)]
        found.append(Mark.at("last week close", before.close))
    return found + _week_pivots(week)


def _week_pivots(week: Week) -> list[Mark]:
    done = week if week.final else week.previous
    return pivot_marks(floor_pivots(done.high, done.low, done.close), "week") if done else []


def _of_year(row: Row) -> list[Mark]:
    if row.year_range is None or row.year_range.since is not None:
        return []
    year = row.year_range.intraday
    return [Mark.at("52-week high", year.high), Mark.at("52-week low", year.low)]


def _averages(row: Row) -> list[Mark]:
    known = row.momentum
    found = (("50-day average", known.sma50), ("200-day average", known.sma200)) if known else ()
    return [Mark.at(name, price) for name, price in found if price is not None]


def _records(row: Row) -> list[Mark]:
    if row.record is None:
        return []
    close = row.record.close.price
    return [Mark.at("record high", row.record.intraday.price), Mark.at("record close", close), *phase_lines(close)]


def _running(row: Row) -> Bar | None:
    """The session in progress, as a bar."""
    quote = row.quote
    if quote is None or quote.state == "final" or quote.session is None:
        return None
    if quote.last is None or quote.high is None or quote.low is None:
        return None
    return Bar(quote.session, quote.open or quote.last, quote.high, quote.low, quote.last)
