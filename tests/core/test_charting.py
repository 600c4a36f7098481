"""Charts as a desk asks for them: what is drawn, on which basis, and one sentence where nothing can be."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.bars import Bar, Bars
from tapewatch.core.charting import Charts, Material
from tapewatch.core.live import Live
from tapewatch.core.model.chart import FRAMES, KINDS, Chart, Wish
from tapewatch.core.model.instrument import Instrument
from tapewatch.core.sessions import Calendars
from tapewatch.core.take import History

from ..market import eastern, index, until, walk, walks

RUT, SPX, IWM = index("^RUT"), index("^GSPC"), index("IWM", kind="fund")
TNX, VIX = index("^TNX", kind="yield"), index("^VIX", kind="volatility")
CALENDARS = Calendars()
SECOND = walk(2, 900)


def known(
    histories: Mapping[Instrument, Bars], live: Mapping[str, Live] | None = None, now: datetime | None = None
) -> Material:
    made = {one.symbol: History.of(one, bars) for one, bars in histories.items()}
    return Material(made, live or {}, CALENDARS, now or eastern("2025-10-17 17:00"))


def drawn(kind: str, frame: str, of: Material, *symbols: str, since: date | None = None) -> Chart:
    return Charts().answer(Wish(kind=kind, symbols=symbols or ("^RUT",), frame=frame, since=since), of)


def running(bars: Bars, last: float) -> Live:
    """A session on the weekday after the newest bar, at noon, with five-minute closes since half past nine."""
    day = bars.day(-1) + timedelta(days=3 if bars.day(-1).weekday() == 4 else 1)
    ends = tuple(eastern(f"{day} 09:35") + timedelta(minutes=5 * at) for at in range(30))
    closes = tuple(float(one) for one in np.linspace(float(bars.close[-1]), last, 30))
    return Live("^RUT", day, last, ends[-1] + timedelta(minutes=2), max(closes), min(closes), ends=ends, closes=closes)


@given(bars=walks(300, 900), cut=st.integers(260, 899), frame=st.sampled_from(["1m", "6m", "ytd", "1y"]))
def test_no_chart_looks_ahead(bars: Bars, cut: int, frame: str) -> None:
    """Every value drawn of a session is the same whether or not later sessions have happened."""
    at = min(cut, len(bars) - 1)
    day = bars.day(at)
    for kind, symbols in (("price", ("^RUT",)), ("drawdown", ("^RUT",))):
        later = drawn(kind, "all", known({RUT: bars}), *symbols)
        then = drawn(kind, frame, known({RUT: until(bars, day)}), *symbols)
        assert max(then.points) == day
        for curve, whole in zip(then.curves, later.curves, strict=True):
            values = dict(zip(later.points, whole.numbers, strict=True))
            assert [values[one] for one in then.points] == list(curve.numbers)


@given(ours=walks(300, 700), cut=st.integers(20, 280))
def test_a_ratio_is_a_hundred_at_its_start_and_looks_back_alone(ours: Bars, cut: int) -> None:
    whole = drawn("ratio", "1y", known({RUT: ours, SPX: SECOND}), "^RUT", "^GSPC")
    assert whole.curves[0].numbers[0] == pytest.approx(100.0)
    day = whole.points[min(cut, len(whole.points) - 1)]
    then = drawn("ratio", "1y", known({RUT: until(ours, day), SPX: until(SECOND, day)}), "^RUT", "^GSPC")
    both = [one for one in then.points if one in whole.points]
    assert both[-1] == day
    # another first session is another hundred: what does not change is the way from one session to the next
    ways = [dict(zip(one.points, one.curves[0].numbers, strict=True)) for one in (whole, then)]
    for before, after in pairwise(both):
        steps = [(way[after] or 0.0) / (way[before] or 1.0) for way in ways]
        assert steps[0] == pytest.approx(steps[1], rel=1e-12)


@given(bars=walks(5, 600), frame=st.sampled_from(FRAMES[1:]))
def test_a_drawdown_is_never_above_zero_and_zero_at_a_record_close(bars: Bars, frame: str) -> None:
    made = drawn("drawdown", frame, known({RUT: bars}))
    highest = pd.Series(bars.close, index=bars.days).cummax()
    wanted = 100.0 * (bars.close / highest - 1.0)
    for day, value in zip(made.points, made.curves[0].numbers, strict=True):
        assert value is not None
        assert value <= 0.0
        assert value == pytest.approx(wanted[pd.Timestamp(day)], abs=1e-9)
    deepest = next(one for one in made.marks if one.name == "deepest")
    assert deepest.value <= min(one for one in made.curves[0].numbers if one is not None)


def test_the_russell_of_october_2025_as_a_desk_knows_it(real: dict[str, Bars]) -> None:
    upto = {RUT: real["^RUT"].upto(date(2025, 10, 17)), SPX: real["^GSPC"].upto(date(2025, 10, 17))}
    year = drawn("price", "1y", known(upto))
    assert (year.points[0], year.points[-1]) == (date(2024, 10, 17), date(2025, 10, 17))
    assert year.curves[0].numbers[-1] == pytest.approx(2452.17, abs=0.01)
    assert [(mark.name, mark.day) for mark in year.marks] == [
        ("record high", date(2025, 10, 15)),
        ("record close", date(2025, 10, 15)),
    ]
    assert year.basis == "daily closes, price return"
    assert year.state == "final"
    ratio = drawn("ratio", "1y", known(upto), "^RUT", "^GSPC")
    assert (ratio.beneath[0].name, ratio.unit) == ("spread", "index")
    assert ratio.beneath[0].bars[-1] == pytest.approx(-0.6020 - 0.5271, abs=0.005)
    down = drawn("drawdown", "1y", known(upto))
    assert down.curves[0].numbers[-1] == pytest.approx(-2.68, abs=0.005)


def test_volume_is_drawn_of_funds_alone(real: dict[str, Bars]) -> None:
    of = known({IWM: real["IWM"], RUT: real["^RUT"]})
    assert [one.name for one in drawn("price", "3m", of, "IWM").beneath] == ["volume", "rsi", "macd"]
    assert [one.name for one in drawn("price", "3m", of, "^RUT").beneath] == ["rsi", "macd"]
    assert "not for dividends" in drawn("price", "3m", of, "IWM").basis


def test_the_running_session_is_the_last_point_and_is_not_final() -> None:
    bars = walk(5, 400)
    live = running(bars, 1234.5)
    at_noon = known({RUT: bars}, {"^RUT": live}, live.time)
    made = drawn("price", "3m", at_noon)
    assert (made.points[-1], made.curves[0].numbers[-1]) == (live.session, 1234.5)
    assert (made.state, made.as_of) == ("live", live.time)
    day = drawn("price", "1d", at_noon)
    assert day.times == (*live.ends, live.time)
    assert day.curves[0].numbers[-1] == 1234.5
    assert [(one.name, one.value) for one in day.marks] == [("previous close", float(bars.close[-1]))]


def test_a_ratio_leaves_out_a_session_that_only_one_has() -> None:
    bars = walk(5, 400)
    live = running(bars, 1234.5)
    made = drawn("ratio", "3m", known({RUT: bars, SPX: bars}, {"^RUT": live}, live.time), "^RUT", "^GSPC")
    assert (made.points[-1], made.state, made.as_of) == (bars.day(-1), "final", None)
    assert made.notes[0] == "the running session of RUT is left out: it is not of both"


def test_performance_counts_from_the_date_that_all_have() -> None:
    long, short = walk(5, 400), walk(6, 400).slice(350, 400)
    made = drawn("relative", "1y", known({RUT: long, SPX: short}), "^RUT", "^GSPC")
    assert all(one.numbers[0] == 0.0 for one in made.curves)
    assert made.points[0] <= short.day(0)
    assert made.notes[0] == f"GSPC begins {short.day(0)}, inside the year asked for"
    since = long.day(380)
    asked = drawn("relative", "1y", known({RUT: long, SPX: short}), "^RUT", "^GSPC", since=since)
    assert f"since the close of {since}" in asked.basis


@pytest.mark.parametrize(
    ("kind", "frame", "symbols", "said"),
    [
        ("price", "1y", ("^NDX",), "the feed does not follow ^NDX"),
        ("price", "2h", ("^RUT",), "this feed knows no price chart of 2h: restart it"),
        ("price", "1d", ("^RUT",), "RUT has no running session; five-minute prices of past ones are not kept"),
        ("ratio", "1y", ("^RUT",), "a ratio chart is of 2 different instruments"),
        ("ratio", "1y", ("^RUT", "^RUT"), "a ratio chart is of 2 different instruments"),
        ("relative", "1y", ("^RUT",), "a relative chart is of 2 to 8 different instruments"),
        ("ratio", "1d", ("^RUT", "^GSPC"), "a ratio chart is of daily closes and begins at one week"),
        ("ratio", "1y", ("^RUT", "^TNX"), "TNX is a yield: it moves in basis points and has no change in percent"),
        ("drawdown", "1y", ("^VIX",), "VIX has no record to fall from"),
        ("price", "1y", ("IWM",), "no bars of IWM yet"),
    ],
)
def test_what_cannot_be_drawn_is_one_sentence(kind: str, frame: str, symbols: tuple[str, ...], said: str) -> None:
    of = known({RUT: walk(1, 300), SPX: SECOND, TNX: walk(4, 300), VIX: walk(5, 300), IWM: Bars.empty()})
    made = drawn(kind, frame, of, *symbols)
    assert made.problem == said
    assert made.curves == ()


@pytest.mark.parametrize("kind", ["price", "ratio", "relative"])
def test_a_history_still_on_its_way_is_said_to_be_that_and_its_day_can_be_drawn(kind: str) -> None:
    bars = walk(5, 400)
    live = running(bars, 1234.5)
    of = known({RUT: Bars.empty(), SPX: bars}, {"^RUT": live}, live.time)
    symbols = ("^RUT",) if kind == "price" else ("^RUT", "^GSPC")
    assert drawn(kind, "1y", of, *symbols).problem == "the daily bars of RUT have not come yet"
    assert drawn("price", "1d", of, "^RUT").problem == ""


def test_one_bar_is_told_and_drawn_as_no_line() -> None:
    one = Bars.of([Bar(date(2025, 10, 17), 2455.0, 2465.0, 2433.0, 2452.17)])
    made = drawn("price", "1y", known({RUT: one}))
    assert made.problem == "RUT has one bar, 2,452.17 of 2025-10-17: a line needs two"


def test_a_frame_older_than_the_history_says_where_that_begins() -> None:
    bars = walk(1, 120)
    made = drawn("price", "5y", known({RUT: bars}))
    assert made.notes == (
        f"RUT begins {bars.day(0)}, inside the 5 years asked for",
        "an average of 200 sessions needs more than the 120 there are",
    )
    assert {one.name: one.numbers[-1] for one in made.curves}["SMA 200"] is None
    assert made.beneath == ()


def test_no_line_crosses_a_hole() -> None:
    bars = walk(1, 900)
    kept = Bars.of([bars.bar(at) for at in range(len(bars)) if not 300 <= at < 400])
    made = drawn("price", "all", known({RUT: kept}))
    assert made.points[0] == bars.day(400)
    assert f"RUT has no bars between {bars.day(299)} and {bars.day(400)}" in made.notes
    assert made.marks == ()
    assert "a record cannot be excluded" in drawn("drawdown", "1y", known({RUT: kept})).problem


def test_every_kind_answers_every_frame(real: dict[str, Bars]) -> None:
    of = known({RUT: real["^RUT"], SPX: real["^GSPC"]})
    symbols = {"ratio": ("^RUT", "^GSPC"), "relative": ("^RUT", "^GSPC")}
    for kind in KINDS:
        for frame in FRAMES[1:]:
            made = drawn(kind, frame, of, *symbols.get(kind, ("^RUT",)))
            assert made.problem == ""
            assert {len(one.numbers) for one in made.curves} == {made.size}
            assert all(len(one.bars) in (0, made.size) for one in made.beneath)
