"""The ladder: every level around the price on one line each, measured, named and in order."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from msgspec.structs import replace

from tapewatch.core.analytics.ladder import LevelState, nearest
from tapewatch.core.analytics.momentum_state import MomentumState
from tapewatch.core.bars import Bars
from tapewatch.core.live import Live
from tapewatch.core.model.measures import Level
from tapewatch.core.model.reading import Quote
from tapewatch.core.model.snapshot import Row
from tapewatch.core.model.user_level import UserLevel
from tapewatch.core.take import History, read_row

from ..market import calendar, closes, index, scaled, untouched, walk, walks

MINUTE = timedelta(seconds=60)


def row_of(bars: Bars, kind: str = "index", live: Live | None = None) -> tuple[History, Row]:
    """The row of an instrument after its last bar, with its momentum."""
    day = live.session if live else bars.day(len(bars) - 1)
    history = History.of(index("^X", kind=kind), bars)
    evening = datetime(day.year, day.month, day.day, 23, tzinfo=UTC)
    row = read_row(history, live, calendar(year=day.year), evening)
    state = MomentumState.of(bars)
    assert state is not None
    return history, replace(row, momentum=state.read(live.bar if live else None))


def ladder(bars: Bars, users: Sequence[UserLevel] = (), kind: str = "index") -> tuple[Level, ...]:
    history, row = row_of(bars, kind)
    return LevelState.of(bars, history.records).read(row, users)


def line(levels: Sequence[Level], source: str) -> Level:
    return next(level for level in levels if source in level.sources)


def at(levels: Sequence[Level], source: str) -> float:
    """Where one source stands, whatever else is on its line."""
    level = line(levels, source)
    return level.prices[level.sources.index(source)]


def own(price: float, high: float | None = None, **more: object) -> UserLevel:
    place = {"price": price} if high is None else {"low": price, "high": high}
    return UserLevel(symbol="^X", **place, **more)  # type: ignore[arg-type]


# -- the articles -----------------------------------------------------------------------------------------


def test_the_ladder_of_17_october_2025(real: dict[str, Bars]) -> None:
    bars = real["^RUT"].upto(date(2025, 10, 17))
    with untouched(bars):
        levels = ladder(bars)
    above, below = (next(level for level in levels if level.price == price) for price in (2500.0, 2400.0))
    assert (above.sources[0], below.sources[0]) == ("major round number", "round number")
    assert above.distance_percent == pytest.approx(1.95, abs=0.005)
    assert below.distance_percent == pytest.approx(-2.13, abs=0.005)
    assert below.distance_atr == pytest.approx(-1.2, abs=0.05)
    zone = line(levels, "two lows")
    assert (round(zone.low, 2), round(zone.high, 2), zone.state) == (2417.74, 2433.19, "below")
    assert line(levels, "record high").price == pytest.approx(2541.67, abs=0.005)
    assert {"record high", "52-week high", "week high"} <= set(line(levels, "record high").sources)
    old = line(levels, "old record")
    assert old.price == pytest.approx(2442.74, abs=0.005)
    assert [step.state for step in old.trail][:2] == ["broken", "confirmed"]
    assert old.state == old.trail[-1].state


def test_the_phase_lines_below_the_record_close_of_december_2025(real: dict[str, Bars]) -> None:
    bars = real["^RUT"].upto(date(2025, 12, 31))
    history, row = row_of(bars)
    assert row.record is not None
    assert row.record.close.price == pytest.approx(2590.61, abs=0.005)
    levels = LevelState.of(bars, history.records).read(row)
    assert at(levels, "correction line") == pytest.approx(2331.55, abs=0.005)


def test_the_levels_of_december_2024_from_the_close(real: dict[str, Bars]) -> None:
    wanted = {2288: -6.03, 2450: 0.63, 2170: -10.87, 2080: -14.57}
    users = [*(own(price) for price in wanted), own(2625, 2655)]
    levels = ladder(real["^RUT"].upto(date(2024, 11, 29)), users)
    mine = [level for level in levels if "user level" in level.sources]
    found = {level.price: level.distance_percent for level in mine if level.low == level.high}
    assert found == {price: pytest.approx(share, abs=0.005) for price, share in wanted.items()}
    zone = next(level for level in mine if level.low < level.high)
    assert (zone.low_percent, zone.high_percent) == pytest.approx((7.81, 9.05), abs=0.005)
    assert zone.state == "above"


def test_the_same_levels_of_a_cfd_are_not_measured_against_the_index(real: dict[str, Bars]) -> None:
    levels = ladder(real["^RUT"].upto(date(2024, 11, 29)), [own(2450, instrument="CFD", note="article 002")])
    mine = line(levels, "user level")
    assert (mine.state, mine.series, mine.note) == ("of another series (CFD)", "CFD", "article 002")
    assert (mine.distance_points, mine.distance_percent, mine.distance_atr, mine.low_percent) == (None,) * 4
    above, below = nearest(levels, 99)
    assert mine not in above + below


@pytest.mark.parametrize(("symbol", "day"), [("^RUT", date(2020, 3, 20)), ("^GSPC", date(2025, 10, 17)),
                                             ("^HSI", date(2025, 8, 7)), ("IWM", date(2017, 6, 7))])  # fmt: skip
def test_a_ladder_can_be_read_at_a_glance(real: dict[str, Bars], symbol: str, day: date) -> None:
    levels = ladder(real[symbol].upto(day))
    assert 10 <= len(levels) <= 26
    above, below = nearest(levels, 2)
    assert (len(above), len(below)) == (2, 2)
    near = [abs(level.distance_atr or 0) for level in (above[0], below[0])]
    assert max(near) < 2


# -- laws -------------------------------------------------------------------------------------------------


@given(walks(300, 700))
def test_levels_are_in_order_apart_and_measured_from_the_price(bars: Bars) -> None:
    levels = ladder(bars)
    last = float(bars.close[-1])
    assert list(levels) == sorted(levels, key=lambda level: -level.price)
    lines = sorted((level for level in levels if "two lows" not in level.sources), key=lambda level: level.low)
    assert all(low.high < high.low for low, high in pairwise(lines))
    for level in levels:
        assert level.low <= level.price <= level.high
        assert level.distance_points == pytest.approx(level.price - last)
        assert level.distance_percent == pytest.approx(100 * (level.price / last - 1))
        assert len(level.sources) == len(level.prices)
        if "old record" not in level.sources:
            assert level.state == ("above" if level.low > last else "below" if level.high < last else "at")


@given(walks(300, 600))
def test_the_unit_of_the_prices_changes_no_percentage(bars: Bars) -> None:
    # round numbers are round in one unit only
    one, other = ladder(bars), ladder(scaled(bars, 4.0))

    def places(levels: Sequence[Level]) -> dict[str, float]:
        return {
            source: round(price / float(levels[0].price - (levels[0].distance_points or 0)), 9)
            for level in levels
            for source, price in zip(level.sources, level.prices, strict=True)
            if "round number" not in source and "swing" not in source
        }

    assert places(one) == places(other)


# -- the running session ------------------------------------------------------------------------------------


def running(bars: Bars, close: float, reach: float = 5.0) -> Live:
    day = bars.day(len(bars) - 1) + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    noon = datetime(day.year, day.month, day.day, 17, tzinfo=UTC)
    return Live("^X", day, last=close, time=noon, high=close + reach, low=close - reach, open=close, range_as_of=noon)


def test_a_tick_moves_the_distances_and_not_the_pivots() -> None:
    bars = walk(7, 400)
    history, before = row_of(bars)
    state = LevelState.of(bars, history.records)
    _, after = row_of(bars, live=running(bars, float(bars.close[-1]) * 1.004))
    p = [at(state.read(row), "pivot P") for row in (before, after)]
    assert p[0] == p[1] == pytest.approx((bars.high[-1] + bars.low[-1] + bars.close[-1]) / 3)
    assert after.quote
    moved = line(state.read(after), "pivot P")
    assert moved.distance_points == pytest.approx(moved.price - (after.quote.last or 0))


def test_a_user_s_touch_counts_the_running_session_and_closes_do_not() -> None:
    bars = walk(7, 400)
    price = float(bars.close[-1]) * 1.02
    history, row = row_of(bars, live=running(bars, price + 1))
    rules = ["touch", "close above"]
    levels = LevelState.of(bars, history.records).read(row, [own(price, rule=rule) for rule in rules])
    found = {level.rule: level.state for level in levels if "user level" in level.sources}
    assert found == {"touch": "touched", "close above": "waiting"}


# -- a user's own rules -------------------------------------------------------------------------------------


def steps(values: Sequence[float], level: UserLevel) -> tuple[str, list[tuple[int, str]]]:
    bars = closes([*([100.0] * 30), *values])
    found = line(ladder(bars, [level]), "user level")
    start = 30
    return found.state, [((bars.index_of(step.date) or 0) - start, step.state) for step in found.trail]


SINCE = closes([100.0] * 31).day(30)


@pytest.mark.parametrize(
    ("rule", "values", "state", "trail"),
    [
        ("touch", [101, 104, 108], "touched", [(1, "touched")]),
        ("close above", [104, 104.9, 106, 103], "closed above", [(2, "closed above")]),
        ("close below", [104, 105, 106, 107, 103], "closed below", [(0, "closed below")]),
        ("2 closes above", [106, 104, 106, 107, 101], "2 closes above", [(3, "2 closes above")]),
        ("3 closes above", [106, 107, 104, 106, 107], "waiting", []),
        ("", [106, 107], "below", []),
    ],
)
def test_what_a_level_waits_for(rule: str, values: list[float], state: str, trail: list[tuple[int, str]]) -> None:
    assert steps(values, own(105, rule=rule, since=SINCE)) == (state, trail)


def test_a_close_beyond_the_invalid_price_ends_the_idea() -> None:
    level = own(105, rule="close above", since=SINCE, invalid_below=98)
    assert steps([101, 97, 99, 106], level) == ("invalid", [(1, "invalid")])
    assert steps([106, 97], level) == ("invalid", [(0, "closed above"), (1, "invalid")])
    above = own(95, rule="touch", since=SINCE, invalid_above=103)
    assert steps([101, 104, 94], above) == ("invalid", [(1, "invalid")])


def test_without_a_date_only_the_newest_session_counts() -> None:
    assert steps([106, 104], own(105, rule="close above")) == ("waiting", [])
    assert steps([104, 106], own(105, rule="close above"))[0] == "closed above"


@pytest.mark.parametrize(("kind", "series", "measured"), [
    ("index", "cash", True), ("index", "future", False), ("future", "future", True), ("future", "CFD", False),
    ("fund", "fund", True), ("fund", "cash", False), ("volatility", "cash", True),
])  # fmt: skip
def test_a_level_is_measured_against_its_own_series_alone(kind: str, series: str, measured: bool) -> None:
    level = line(ladder(walk(3, 300), [own(1000, instrument=series)], kind), "user level")
    assert (level.distance_percent is not None) is measured


# -- edges --------------------------------------------------------------------------------------------------


def test_a_yield_has_points_and_no_percentages() -> None:
    levels = ladder(walk(3, 300), kind="yield")
    assert levels
    assert all(level.distance_percent is None and level.distance_points is not None for level in levels)


def test_a_short_history_has_few_levels_and_no_history_none() -> None:
    levels = ladder(walk(3, 5))
    assert {source for level in levels for source in level.sources} >= {"pivot P", "record high", "week high"}
    assert all(level.distance_atr is None for level in levels)
    bare = Row.bare(index("^X"))
    assert LevelState.of(Bars.empty(), None).read(bare) == ()
    assert LevelState.of(walk(3, 5), None).read(replace(bare, quote=Quote())) == ()
