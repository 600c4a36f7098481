"""Price against momentum and against breadth: held to other libraries, and to swings drawn by hand."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import talib

from tapewatch.core.bars import Bar, Bars
from tapewatch.core.model.config import Parameters

from ..market import trading_days
from .test_price_rules import Real, frame, judged, over, plain, told

WARM_UP = 250


# -- D10 against TA-Lib and a search bar by bar ----------------------------------------------------------------


def swings(values: Sequence[float], side: int = 5) -> list[int]:
    """Bars strictly above all of the bars on both sides."""
    return [
        at
        for at in range(side, len(values) - side)
        if all(values[at] > values[at + off] for off in range(-side, side + 1) if off)
    ]


def indicator(name: str, close: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[float]:
    found = talib.RSI(close, 14) if name == "rsi" else talib.MACD(close, 12, 26, 9)[0]
    return [float("nan") if at < WARM_UP else float(value) for at, value in enumerate(found)]


@pytest.mark.parametrize("name", ["rsi", "macd"])
@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize(("pivots", "hidden"), [("price", False), ("indicator", False), ("price", True)])
def test_divergences_of_the_russell_as_found_bar_by_bar(
    real: Real, name: str, mirror: bool, pivots: str, hidden: bool
) -> None:
    bars = real["^RUT"].slice(6000, 9662)
    sign = -1.0 if mirror else 1.0
    price = [sign * value for value in (bars.low if mirror else bars.high).tolist()]
    reading = [sign * value for value in indicator(name, bars.close)]
    found = swings(price if pivots == "price" else reading)
    expected: list[int] = []
    for first, second in pairwise(found):
        up, reads = price[second] > price[first], reading[second] > reading[first]
        down, falls = price[second] < price[first], reading[second] < reading[first]
        if 5 <= second - first <= 60 and ((down and reads) if hidden else (up and falls)):
            expected.append(second + 5)
    parameters: Parameters = {"indicator": name, "mirror": mirror, "pivots": pivots, "hidden": hidden}
    on = judged(over({"A": bars}, "A"), "momentum-divergence", parameters).on()
    assert np.flatnonzero(on).tolist() == expected
    assert len(expected) > 5


def zigzag(*turns: tuple[int, float]) -> Bars:
    """Straight lines between (session, price) after a long flat start; every bar opens and closes at its price."""
    at, prices = zip(*turns, strict=True)
    values = np.interp(np.arange(at[-1] + 1), at, prices)
    days = trading_days(len(values))
    return Bars.of([Bar(day, c, c + 0.1, c - 0.1, c) for day, c in zip(days, values.tolist(), strict=True)])


FAST = ((0, 90.0), (1, 91.0), (280, 100.0), (290, 120.0))
"""A steep rise to a first high at session 290."""


@pytest.mark.parametrize(
    ("turns", "on"),
    [
        (((300, 110.0), (320, 121.0), (330, 115.0)), [325]),
        (((300, 110.0), (320, 119.0), (330, 115.0)), []),
        (((300, 110.0), (320, 121.0), (324, 118.0)), []),
        (((300, 110.0), (351, 121.0), (360, 115.0)), []),
        (((300, 110.0), (350, 121.0), (360, 115.0)), [355]),
    ],
    ids=["slower to a higher high", "to a lower high", "not known yet", "too long ago", "just in time"],
)
def test_a_higher_high_that_was_reached_more_slowly(turns: tuple[tuple[int, float], ...], on: list[int]) -> None:
    found = judged(over({"A": zigzag(*FAST, *turns)}, "A"), "momentum-divergence", {})
    assert np.flatnonzero(found.on()).tolist() == on


@pytest.mark.parametrize(("high", "hidden", "on"), [(140.0, False, []), (140.0, True, []), (104.0, True, [315])])
def test_a_high_that_was_reached_faster(high: float, hidden: bool, on: list[int]) -> None:
    """After a slow first high of 105: no divergence when higher, a hidden one when lower."""
    slow = ((0, 110.0), (250, 130.0), (280, 95.0), (290, 105.0), (300, 75.0), (310, high), (320, 90.0))
    found = judged(over({"A": zigzag(*slow)}, "A"), "momentum-divergence", {"hidden": hidden})
    assert np.flatnonzero(found.on()).tolist() == on


def test_nothing_is_said_while_the_indicator_warms_up() -> None:
    early = ((0, 90.0), (1, 91.0), (180, 100.0), (190, 120.0), (200, 110.0), (220, 121.0), (230, 115.0))
    assert not judged(over({"A": zigzag(*early)}, "A"), "momentum-divergence", {}).on().any()


def test_a_divergence_in_words() -> None:
    bars = zigzag(*FAST, (300, 110.0), (320, 121.0), (330, 115.0))
    words = told(over({"^RUT": bars}, "^RUT"), "momentum-divergence", bars.day(325), {})
    said = plain(words.sentence)
    assert said.startswith(
        "RUT's swing high of 121.10 5 sessions ago is over the 120.10 of 30 sessions before, with RSI(14) lower: "
    )
    assert said.endswith(" (the rule asks swings of 5 bars a side, 5 to 60 sessions apart).")
    reading = talib.RSI(bars.close, 14)
    assert f"{reading[320]:.2f} after {reading[290]:.2f}" in said


# -- D11 against pandas ------------------------------------------------------------------------------------------

PANEL = ("^DJI", "^IXIC", "^NDX", "^RUT", "^HSI")


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize(("apart", "drop"), [(5, 10.0), (1, 0.0)])
def test_breadth_divergences_as_pandas_finds_them(real: Real, mirror: bool, apart: int, drop: float) -> None:
    aligned = over(real, "^GSPC", *PANEL)
    on = judged(aligned, "breadth-divergence", {"mirror": mirror, "apart": float(apart), "drop": drop}).on()
    sign = -1.0 if mirror else 1.0
    own = sign * frame(real["^GSPC"]).close
    common = pd.DatetimeIndex(aligned.days)
    means = {one: frame(real[one]).close.rolling(50).mean() for one in PANEL}
    above = pd.DataFrame({one: frame(real[one]).close > means[one] for one in PANEL}).reindex(common).astype(float)
    known = pd.DataFrame(means).reindex(common).notna().all(axis=1)
    share = (100.0 * above.mean(axis=1)).where(known)
    top = (own >= own.rolling(20).max()).reindex(common)
    position = pd.Series(np.arange(len(common), dtype=float), index=common).where(top).ffill().shift(apart)
    has = position.notna()
    before = position.fillna(0).astype(int).to_numpy()
    own = own.reindex(common)
    higher = has & (own > own.to_numpy()[before])
    fewer = sign * (share.to_numpy()[before] - share)
    expected = top & higher & (fewer > 0) & (fewer >= drop - 1e-9)
    # the mean of fifty closes is summed in another order there: a close within a hair of it may fall either way
    assert int((on != expected.to_numpy()).sum()) == 0
    assert on.sum() > 10


RISING = [100.0 + at for at in range(60)]


def panel(own: list[float], members: list[list[float]]) -> Real:
    days = trading_days(len(own))

    def bars(values: list[float]) -> Bars:
        return Bars.of([Bar(day, c, c, c, c) for day, c in zip(days, values, strict=True)])

    return {"^RUT": bars(own), **{f"M{at}": bars(values) for at, values in enumerate(members)}}


def turned(last: float, fallen: int, size: int = 5) -> tuple[Real, tuple[str, ...]]:
    """The index dips for six sessions and is back at `last`; so many members of the panel are not."""
    dip = [150.0] * 6
    members = [[*RISING, *dip, 100.0 if at < fallen else 170.0] for at in range(size)]
    return panel([*RISING, *dip, last], members), tuple(f"M{at}" for at in range(size))


@pytest.mark.parametrize(
    ("last", "fallen", "on"), [(160.0, 1, True), (160.0, 0, False), (158.5, 1, False), (150.0, 5, False)]
)
def test_fewer_members_carry_a_higher_high(last: float, fallen: int, on: bool) -> None:
    bars, members = turned(last, fallen)
    assert bool(judged(over(bars, "^RUT", *members), "breadth-divergence", {}).on()[-1]) is on


@pytest.mark.parametrize(("size", "on"), [(10, True), (11, False)])
def test_one_member_in_eleven_is_not_ten_points(size: int, on: bool) -> None:
    bars, members = turned(160.0, 1, size)
    assert bool(judged(over(bars, "^RUT", *members), "breadth-divergence", {}).on()[-1]) is on


def test_a_member_without_enough_bars_makes_breadth_unknown() -> None:
    bars, members = turned(160.0, 2)
    bars["M4"] = bars["M4"].slice(30, 67)
    found = judged(over(bars, "^RUT", *members), "breadth-divergence", {})
    assert not found.on().any()
    assert np.isnan(found.measures["share"]).all()


def test_a_breadth_divergence_in_words() -> None:
    bars, members = turned(160.0, 2)
    words = told(over(bars, "^RUT", *members), "breadth-divergence", bars["^RUT"].day(66), {})
    assert plain(words.sentence) == (
        "RUT closed at a 20-session high of 160.00, over the one of 159.00 7 sessions before, with 60 % of 5 members "
        "above their 50-session average, then 100 % (the rule asks 10 points less)."
    )
