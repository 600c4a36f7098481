"""Steps that no market makes: one wrong bar is one, so is a split, and no real bar is any."""

from collections.abc import Sequence
from datetime import date

import pytest

from tapewatch.core.bars import Bar, Bars
from tapewatch.core.steps import impossible_steps
from tapewatch.core.universe import INSTRUMENTS, find

from ..market import index, trading_days


def closes(*prices: float) -> Bars:
    """Bars of one price each, on one weekday after another."""
    days = trading_days(len(prices), date(2025, 9, 1))
    return Bars.of(Bar(day, price, price, price, price) for day, price in zip(days, prices, strict=True))


def named(prices: Sequence[float], kind: str = "index") -> list[int]:
    bars = closes(*prices)
    return [bars.index_of(step.day) or 0 for step in impossible_steps(index("^X", kind=kind), bars)]


@pytest.mark.parametrize(
    ("prices", "strange"),
    [
        ([], []),
        ([100], []),
        ([100, 101, 102, 101], []),
        # a third in a day is Hong Kong in 1987, and happened
        ([100, 67, 66, 65], []),
        ([100, 101, 10200, 103, 104], [2]),
        ([100, 101, 1.02, 103, 104], [2]),
        ([100, 101, 10200], [2]),
        ([10000, 101, 102, 103], [1]),
        # a split that was left out of the bars before it
        ([200, 202, 101, 102, 103], [2]),
        ([100, 10100, 1.02, 103, 104], [1, 2]),
        ([100, 10100, 10200, 103, 104], [1, 3]),
    ],
)
def test_each_strange_bar_is_named_once(prices: list[float], strange: list[int]) -> None:
    assert named(prices) == strange


def test_a_high_alone_can_be_wrong() -> None:
    bars = closes(100, 101, 102)
    spoilt = bars.merged(Bars.of([Bar(bars.day(1), 101, 10100, 100, 101)]))
    (step,) = impossible_steps(index("^X"), spoilt)
    assert str(step) == f"{bars.day(1)}: high 10,100.00 after 100.00 on {bars.day(0)}"


def test_each_kind_has_its_own_reach() -> None:
    assert named([10, 90, 12], "volatility") == []
    assert named([10, 110, 12], "volatility") == [1]
    assert named([0.5, 1.9, 0.6], "yield") == []
    assert named([4.2, 42.0, 4.3], "yield") == [1]
    # in basis points
    assert named([420.0, 429.0, 415.0], "yield") == []


def test_after_a_long_pause_more_is_possible() -> None:
    late = Bars.of([Bar(date(2014, 7, 30), 100, 100, 100, 100), Bar(date(2014, 12, 12), 180, 180, 180, 180)])
    assert impossible_steps(index("^X"), late) == ()


def test_no_real_bar_is_such_a_step(real: dict[str, Bars]) -> None:
    """Forty years of ten instruments, the crashes of 1987, 2008 and 2020 among them."""
    for symbol, bars in real.items():
        one = find(symbol, INSTRUMENTS)
        assert one is not None
        assert impossible_steps(one, bars) == (), symbol
