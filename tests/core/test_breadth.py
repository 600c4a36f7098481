"""Breadth of a complete panel against a second count by pandas; of an incomplete one, nothing."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.analytics.breadth import (
    Count,
    Lacking,
    Panel,
    above_average,
    advancing,
    new_extremes,
    share_above,
)
from tapewatch.core.bars import Bar, Bars
from tapewatch.core.confirming import PANEL

from ..market import closes, rows, until, untouched, walk

SEEDS = st.integers(0, 2**31)
MEMBERS = ("A", "B", "C", "D", "E", "F", "G")


def panel(seed: int, size: int = 330) -> dict[str, Bars]:
    """Seven members with holidays of their own, all of them there on the last day."""
    last = walk(seed, size).day(-1)
    made = {name: walk(seed + at, size, swing=0.02).upto(last) for at, name in enumerate(MEMBERS)}
    return {name: _ending(bars, last) for name, bars in made.items()}


def _ending(bars: Bars, day: date) -> Bars:
    if bars.day(-1) == day:
        return bars
    close = round(float(bars.close[-1]) * 1.01, 2)
    return bars.merged(Bars.of([Bar(day, close, close + 1, close - 1, close)]))


def by_pandas(bars: Mapping[str, Bars], day: date) -> dict[str, int]:
    """The same counts from long tables, by other means: indexers and group-bys instead of windows."""
    table = pd.concat(
        [pd.DataFrame({"name": name, "day": one.days, "h": one.high, "l": one.low, "c": one.close})
         for name, one in bars.items()]
    )  # fmt: skip
    table["day"] = pd.to_datetime(table["day"])
    table = table[table["day"] <= pd.Timestamp(day)].sort_values(["name", "day"], ignore_index=True)
    closing = table.groupby("name")["c"]
    last = closing.last()
    means = {n: closing.tail(n).groupby(table["name"]).mean() for n in (50, 200)}
    found = {f"above{n}": int((last > mean).sum()) for n, mean in means.items()}
    moves = last - closing.nth(-2).to_numpy()
    found |= {"up": int((moves > 0).sum()), "down": int((moves < 0).sum())}
    window = table[table["day"] > pd.Timestamp(day - timedelta(days=364))]
    today, before = window[window["day"] == pd.Timestamp(day)], window[window["day"] < pd.Timestamp(day)]
    highest, lowest = before.groupby("name")["h"].max(), before.groupby("name")["l"].min()
    found["highs"] = int((today.set_index("name")["h"] > highest).sum())
    found["lows"] = int((today.set_index("name")["l"] < lowest).sum())
    return found


def counted(found: Count | Lacking) -> Count:
    assert isinstance(found, Count), found
    return found


@given(SEEDS)
def test_a_complete_panel_is_counted_as_pandas_counts_it(seed: int) -> None:
    bars = panel(seed)
    day = bars["A"].day(-1)
    with untouched(*bars.values()):
        whole = Panel.of(bars, MEMBERS, day)
        above = {n: counted(above_average(whole, n)) for n in (50, 200)}
        moved, extremes = counted(advancing(whole)), counted(new_extremes(whole))
    wanted = by_pandas(bars, day)
    assert {f"above{n}": one.number for n, one in above.items()} == {k: wanted[k] for k in ("above50", "above200")}
    assert (moved.number, moved.against) == (wanted["up"], wanted["down"])
    assert (extremes.number, extremes.against) == (wanted["highs"], wanted["lows"])
    assert extremes.net == wanted["highs"] - wanted["lows"]
    assert {one.of for one in (*above.values(), moved, extremes)} == {len(MEMBERS)}


@given(SEEDS, st.integers(0, 40))
def test_an_earlier_session_is_counted_as_if_it_were_the_last(seed: int, ago: int) -> None:
    """Members that share every session, so that `ago` counts the same for all."""
    first = walk(seed, 300)
    bars = {name: closes(np.roll(first.close, at).tolist(), reach=0.5) for at, name in enumerate(MEMBERS)}
    days = bars["A"].days
    cut = bars["A"].day(len(days) - 1 - ago)
    now = counted(above_average(Panel.of(bars, MEMBERS, bars["A"].day(-1)), 50, ago))
    then = counted(above_average(Panel.of({k: until(v, cut) for k, v in bars.items()}, MEMBERS, cut), 50))
    assert now == then
    shares = share_above(bars, MEMBERS, days, 50)
    assert shares[len(days) - 1 - ago] == pytest.approx(then.percent)
    assert np.isnan(shares[:49]).all()


@given(SEEDS, st.sampled_from(MEMBERS))
def test_one_missing_member_makes_all_of_it_unknown(seed: int, missing: str) -> None:
    bars = panel(seed)
    day = bars["A"].day(-1)
    without = {name: one for name, one in bars.items() if name != missing}
    late = bars | {missing: until(bars[missing], day - timedelta(days=1))}
    count: tuple[Callable[[Panel], Count | Lacking], ...] = (partial(above_average, length=50), advancing, new_extremes)
    for one in count:
        assert one(Panel.of(without, MEMBERS, day)) == Lacking(none=(missing,))
        assert one(Panel.of(late, MEMBERS, day)) == Lacking(late=(missing,))
    assert np.isnan(share_above(without, MEMBERS, bars["A"].days, 50)).all()
    assert np.isnan(share_above(late, MEMBERS, bars["A"].days[-1:], 50)).all()


def test_a_member_too_young_for_the_average_or_the_year_is_named() -> None:
    bars = {"A": closes([100.0] * 300), "B": closes([100.0] * 300).slice(200, 300)}
    whole = Panel.of(bars, ("A", "B"), bars["A"].day(-1))
    assert above_average(whole, 200) == Lacking(short=("B",))
    assert new_extremes(whole) == Lacking(short=("B",))
    assert isinstance(above_average(whole, 50), Count)


def test_what_came_before_a_hole_is_not_counted() -> None:
    early, late = closes([100.0] * 300), closes([100.0] * 60, first=date(2021, 6, 1))
    whole = Panel.of({"A": early.merged(late)}, ("A",), late.day(-1))
    assert isinstance(above_average(whole, 50), Count)
    assert above_average(whole, 200) == Lacking(short=("A",))
    shares = share_above({"A": early.merged(late)}, ("A",), late.days, 50)
    assert np.isnan(shares[:49]).all()
    assert shares[49] == 0


def test_a_close_at_its_average_does_not_lie_above_it() -> None:
    bars = {"A": closes([100.0] * 60), "B": closes([*([100.0] * 59), 101.0])}
    found = counted(above_average(Panel.of(bars, ("A", "B"), bars["A"].day(-1)), 50))
    assert (found.number, found.others, found.percent) == (1, ("A",), 50)


def test_an_unchanged_member_neither_rose_nor_fell() -> None:
    bars = {"A": closes([100, 100]), "B": closes([100, 101]), "C": closes([100, 99])}
    found = counted(advancing(Panel.of(bars, ("A", "B", "C"), bars["A"].day(-1))))
    assert (found.number, found.against, found.of) == (1, 1, 3)


def test_a_year_high_must_be_beaten_and_the_window_is_52_weeks() -> None:
    bars = closes([100.0, *([50.0] * 300)], reach=0)
    higher = bars.merged(Bars.of([Bar(bars.day(-1) + timedelta(days=7), 60, 60, 55, 60)]))
    day = higher.day(-1)
    assert counted(new_extremes(Panel.of({"A": higher}, ("A",), day))).number == 1
    same = Bars.of([*rows(higher)[:-1], Bar(day, 50, 50, 50, 50)])
    assert counted(new_extremes(Panel.of({"A": same}, ("A",), day))) == Count(0, 1, 0)


def test_the_panel_is_five_indices_and_eleven_sectors() -> None:
    assert len(PANEL) == len(set(PANEL)) == 16
    assert set(PANEL[:5]) == {"^GSPC", "^DJI", "^IXIC", "^NDX", "^RUT"}
    assert all(one.startswith("XL") for one in PANEL[5:])
