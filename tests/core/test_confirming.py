"""What confirms, as of a session: figures of real bars, and the reason where there is none."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewatch.core.bars import Bars
from tapewatch.core.confirming import PANEL, confirm
from tapewatch.core.model.measures import Confirmation
from tapewatch.core.universe import INSTRUMENTS

from ..market import closes, rows, until, untouched, walk

NAMES = {one.symbol: one.short for one in INSTRUMENTS}
FRIDAY = date(2025, 10, 17)
OTHERS = ("KRE", "SPY", "RSP", "IWM", "VTWO", "MAGS", "HYG", "IEF", "^VIX", "^TNX")
Real = dict[str, Bars]


def lines(bars: Real, day: date) -> dict[str, Confirmation]:
    return {one.key: one for one in confirm(bars, day, NAMES)}


@pytest.fixture(scope="module")
def friday(real: Real) -> dict[str, Confirmation]:
    return lines(real, FRIDAY)


def market(size: int = 330, seed: int = 7) -> Real:
    """A made market in which every leg has every session."""
    days = closes([1.0] * size).days
    made = {symbol: walk(seed + at, size) for at, symbol in enumerate((*PANEL, *OTHERS))}
    return {
        symbol: Bars.columns(days, one.open, one.high, one.low, one.close, one.volume) for symbol, one in made.items()
    }


@pytest.mark.parametrize(
    ("key", "label", "value", "change", "position", "reading"),
    [
        ("ratio:^RUT/^GSPC", "RUT / SPX", 95.11, 0.14, 35, "0.96 % over SMA 50"),
        ("ratio:KRE/SPY", "KRE / SPX", 87.18, -9.59, 3, "SPX for SPY, 8.31 % under SMA 50"),
        ("ratio:^NDX/^GSPC", "NDX / SPX", 107.43, 0.78, 99, "1.30 % over SMA 50"),
        ("level:^VIX", "VIX", 20.78, 34.50, 20, "78th percentile of year"),
        ("level:KRE", "KRE", 59.07, -9.60, 51, "under SMA 50, record -25.02 %"),
    ],
)
def test_the_lines_of_the_screen_on_17_october_2025(
    friday: dict[str, Confirmation],
    key: str,
    label: str,
    value: float,
    change: float,
    position: float,
    reading: str,
) -> None:
    one = friday[key]
    assert (one.state, one.as_of, one.label, one.reading) == ("known", FRIDAY, label, reading)
    assert [one.value, one.change20] == pytest.approx([value, change], abs=0.006)
    assert one.position_percent == pytest.approx(position, abs=0.5)


def test_correlation_has_not_broken(friday: dict[str, Confirmation]) -> None:
    one = friday["correlation:^RUT/^GSPC"]
    assert one.value == pytest.approx(0.84, abs=0.005)
    assert one.measures["correlation250"] == pytest.approx(0.87, abs=0.005)
    assert one.reading == "250 s.: 0.87, no break"
    assert one.measures["z"] > -3


def test_the_yield_is_told_in_basis_points_and_has_no_place_over_its_hole(friday: dict[str, Confirmation]) -> None:
    one = friday["yield:^TNX"]
    assert [one.value, one.change20, one.measures["to_threshold_bp"]] == pytest.approx([4.007, -13.2, 99.3])
    assert (one.reading, one.position_percent, one.note) == ("99.3 bp under 5.00 %", None, "no bars 2020–25")


def test_what_a_yield_did_to_the_russell_is_not_told_from_six_weeks(friday: dict[str, Confirmation]) -> None:
    one = friday["sensitivity:^RUT/^TNX"]
    assert (one.state, one.value) == ("unknown", None)
    assert one.reading == "US10Y: 30 of 61 sessions, no bars between 2020-12-31 and 2025-09-08"


def test_sensitivity_once_there_are_sixty_changes(real: Real) -> None:
    one = lines(real, date(2026, 1, 16))["sensitivity:^RUT/^TNX"]
    pair = [real[symbol].upto(date(2026, 1, 16)) for symbol in ("^RUT", "^TNX")]
    days = sorted(set(pair[0].days.tolist()) & set(pair[1].days.tolist()))[-61:]
    price, level = (np.array([bars.close[bars.index_of(day) or 0] for day in days]) for bars in pair)
    moved, returns = 100 * np.diff(level), 100 * (price[1:] / price[:-1] - 1)
    assert one.state == "known"
    assert one.value == pytest.approx(10 * np.polyfit(moved, returns, 1)[0])
    assert one.measures["correlation60"] == pytest.approx(np.corrcoef(moved, returns)[0, 1])


def test_without_its_sectors_the_panel_is_not_counted(friday: dict[str, Confirmation]) -> None:
    for key in ("breadth:advancing", "breadth:above_sma50", "breadth:above_sma200", "breadth:new_highs_lows"):
        one = friday[key]
        assert (one.state, one.value, one.of, one.position_percent) == ("unknown", None, None, None)
        assert one.reading.startswith("panel incomplete: no bars of XLK, XLF, ")
        assert one.reading.endswith("XLRE, XLC")


def test_a_missing_leg_is_named(friday: dict[str, Confirmation]) -> None:
    wanted = {"ratio:RSP/SPY": "RSP has no bars", "ratio:HYG/IEF": "HYG has no bars",
              "tracking:VTWO/^RUT": "VTWO has no bars", "concentration:SPY-RSP": "SPY has no bars"}  # fmt: skip
    assert {key: friday[key].reading for key in wanted} == wanted
    assert {friday[key].state for key in wanted} == {"unknown"}


def test_a_leg_without_the_sessions_bar_makes_its_lines_unknown_not_old() -> None:
    bars = market()
    day = bars["^RUT"].day(-1)
    before = bars["IWM"].day(-2)
    told = lines(bars | {"IWM": until(bars["IWM"], before)}, day)
    for key in ("ratio:IWM/SPY", "ratio:KRE/IWM", "tracking:IWM/^RUT"):
        assert (told[key].state, told[key].value, told[key].reading) == (
            "unknown",
            None,
            f"IWM has bars to {before} only",
        )
    assert {one.state for key, one in told.items() if "IWM" not in key} == {"known"}


def test_a_sector_without_the_sessions_bar_leaves_breadth_unknown() -> None:
    bars = market()
    day = bars["^RUT"].day(-1)
    told = lines(bars | {"XLU": until(bars["XLU"], day - timedelta(days=1))}, day)
    assert told["breadth:advancing"].reading == f"panel incomplete: no bar of {day} of XLU"


def test_with_every_leg_there_every_line_is_known_and_in_order() -> None:
    bars = market()
    day = bars["^RUT"].day(-1)
    with untouched(*bars.values()):
        told = confirm(bars, day, NAMES)
    assert {one.state for one in told} == {"known"}
    assert {one.as_of for one in told} == {day}
    assert len({one.key for one in told}) == len(told)
    assert [one.label for one in told[:8]] == [
        "RUT / SPX", "KRE / SPY", "NDX / SPX", "VIX", "BREADTH", "BREADTH", "CORR", "US10Y",
    ]  # fmt: skip
    for one in told:
        assert one.position_percent is None or 0 <= one.position_percent <= 100
        assert one.low is None or one.high is None or one.value is None or one.low <= one.value <= one.high


def test_breadth_adds_up() -> None:
    bars = market()
    told = lines(bars, bars["^RUT"].day(-1))
    rose = told["breadth:advancing"]
    assert rose.value is not None
    assert rose.value + rose.measures["declining"] + rose.measures["unchanged"] == rose.of == 16
    extremes = told["breadth:new_highs_lows"]
    assert extremes.value == extremes.measures["highs"] - extremes.measures["lows"]


def test_concentration_is_what_the_large_made_more_than_all_alike() -> None:
    bars = market()
    one = lines(bars, bars["^RUT"].day(-1))["concentration:SPY-RSP"]
    made = {symbol: 100 * (bars[symbol].close[-1] / bars[symbol].close[-21] - 1) for symbol in ("SPY", "RSP")}
    assert one.value == pytest.approx(made["SPY"] - made["RSP"])
    assert one.measures == pytest.approx(made)


@settings(max_examples=20)
@given(st.integers(310, 328), st.integers(0, 500))
def test_what_comes_later_changes_no_line(cut: int, seed: int) -> None:
    bars = market(seed=seed)
    day = bars["^RUT"].day(cut)
    assert confirm(bars, day, NAMES) == confirm({key: until(one, day) for key, one in bars.items()}, day, NAMES)


def test_a_weekend_means_the_session_before(real: Real) -> None:
    assert confirm(real, FRIDAY + timedelta(days=2), NAMES) == confirm(real, FRIDAY, NAMES)


def test_nothing_is_told_before_the_first_bar() -> None:
    assert confirm({}, FRIDAY, NAMES) == ()
    assert confirm({"^RUT": closes([100.0] * 5)}, date(2018, 1, 1), NAMES) == ()


def test_a_market_of_one_day_has_reasons_only() -> None:
    bars = {symbol: Bars.of(rows(one)[-1:]) for symbol, one in market().items()}
    told = confirm(bars, bars["^RUT"].day(-1), NAMES)
    assert {one.state for one in told} == {"unknown"}
    assert all(one.reading for one in told)


def test_what_did_not_move_has_no_correlation_and_no_sensitivity() -> None:
    bars = market()
    still = closes([4.0] * 330, reach=0)
    told = lines(bars | {"^TNX": still, "IWM": still, "^GSPC": still}, still.day(-1))
    for key in ("sensitivity:^RUT/^TNX", "tracking:IWM/^RUT", "correlation:^RUT/^GSPC"):
        assert (told[key].state, told[key].reading) == ("unknown", "a leg has not moved")
    assert told["yield:^TNX"].position_percent is None
