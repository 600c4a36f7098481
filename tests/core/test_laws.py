"""Laws that hold of every reading, record and rule, on made markets."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewatch.core.bars import Bars
from tapewatch.core.flags import rules
from tapewatch.core.flags.aligned import Aligned, align
from tapewatch.core.flags.rule import Judged, Rule
from tapewatch.core.model.snapshot import Row
from tapewatch.core.take import History, read_row

from ..market import calendar, eastern, index, rows, scaled, until, untouched, walk, walks

SEEDS = st.tuples(*[st.integers(0, 2**32 - 1)] * 3)
ALL = sorted(rules())
VARIANTS: dict[str, list[dict[str, float | bool | str]]] = {
    "same-day-direction": [{}, {"mirror": True}],
    "weekly-lag": [{}, {"mirror": True}],
    "record-reversal": [{}, {"basis": "year high"}],
}


def market(seeds: tuple[int, ...], size: int) -> list[Bars]:
    """Instruments that trade on partly different days."""
    return [walk(seed, size) for seed in seeds]


def legs(rule: Rule, histories: list[Bars]) -> list[tuple[str, Bars]]:
    return [(f"^{at}", bars) for at, bars in enumerate(histories[: 1 + max(1, rule.references)])]


def judged(rule: Rule, aligned: Aligned, chosen: Mapping[str, float | bool | str]) -> Judged:
    return rule.judge(aligned, rule.parameters(chosen))


def ends_week(days: "np.ndarray[tuple[int], np.dtype[np.datetime64]]", at: int) -> bool:
    """Whether the next session, if there is one, is in another ISO week."""
    iso = [day.isocalendar()[:2] for day in days[at : at + 2].astype(object)]
    return len(iso) < 2 or iso[0] != iso[1]


CASES = [(name, chosen) for name in ALL for chosen in VARIANTS.get(name, [{}])]


@pytest.mark.parametrize(("name", "chosen"), CASES)
@given(seeds=SEEDS, cut=st.integers(1, 799))
@settings(max_examples=12)
def test_no_rule_looks_ahead(
    name: str, chosen: dict[str, float | bool | str], seeds: tuple[int, ...], cut: int
) -> None:
    """What a rule says of a session is the same whether or not later sessions have happened."""
    rule = rules()[name]
    whole = align(legs(rule, market(seeds, 800)))
    at = min(cut, len(whole) - 1)
    day = whole.days[at].astype(object)
    past = [(leg.symbol, until(leg.bars, day)) for leg in (whole.watched, *whole.against)]
    then = align(past, last_is_week_end=ends_week(whole.days, at))
    later, earlier = judged(rule, whole, chosen), judged(rule, then, chosen)
    assert len(then) == at + 1
    np.testing.assert_array_equal(later.on()[: at + 1], earlier.on())
    np.testing.assert_array_equal(later.decides[: at + 1], earlier.decides)
    np.testing.assert_array_equal(later.enter[: at + 1], earlier.enter)
    np.testing.assert_array_equal(later.stay[: at + 1], earlier.stay)
    for measure, values in earlier.measures.items():
        np.testing.assert_array_equal(later.measures[measure][: at + 1], values)
    decided = earlier.decides
    if earlier.magnitude is not None:
        assert later.magnitude is not None
        np.testing.assert_array_equal(later.magnitude[: at + 1][decided], earlier.magnitude[decided])


@pytest.mark.parametrize(("name", "chosen"), CASES)
@given(seeds=SEEDS)
@settings(max_examples=12)
def test_what_raises_a_flag_also_keeps_it(
    name: str, chosen: dict[str, float | bool | str], seeds: tuple[int, ...]
) -> None:
    found = judged(rules()[name], align(legs(rules()[name], market(seeds, 700))), chosen)
    assert not (found.enter & ~found.stay).any()
    assert {len(column) for column in (found.enter, found.stay, found.decides)} == {len(found.enter)}


@pytest.mark.parametrize(("name", "chosen"), CASES)
@given(seeds=SEEDS, power=st.integers(-3, 6))
@settings(max_examples=12)
def test_the_unit_of_prices_changes_no_verdict_and_no_bars(
    name: str, chosen: dict[str, float | bool | str], seeds: tuple[int, ...], power: int
) -> None:
    rule, histories = rules()[name], market(seeds, 700)
    with untouched(*histories):
        one = judged(rule, align(legs(rule, histories)), chosen)
    other = judged(rule, align(legs(rule, [scaled(bars, 2.0**power) for bars in histories])), chosen)
    np.testing.assert_array_equal(one.enter, other.enter)
    np.testing.assert_array_equal(one.stay, other.stay)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("size", [0, 1, 2, 5, 15])
def test_every_rule_bears_a_short_history(name: str, size: int) -> None:
    rule = rules()[name]
    histories = [walk(seed, size) if size else Bars.empty() for seed in (1, 2, 3)]
    aligned = align(legs(rule, histories))
    found = judged(rule, aligned, {})
    assert size == 0 or len(aligned) > 0
    assert {len(column) for column in (found.enter, found.stay, found.decides)} == {len(aligned)}


# -- readings -------------------------------------------------------------------------------------------

ONE = index("^RUT")


def look(bars: Bars) -> Row:
    """The row at the end of the newest session's evening."""
    last = bars.day(len(bars) - 1)
    now = eastern(f"{last} 20:00")
    return read_row(History.of(ONE, bars), None, calendar("XNYS", last.year), now)


@given(walks(2, 500), st.integers(0, 499))
@settings(max_examples=40)
def test_no_reading_looks_ahead(bars: Bars, cut: int) -> None:
    at = min(cut, len(bars) - 1)
    assert look(until(bars, bars.day(at))) == look(bars.slice(0, at + 1))


@given(walks(2, 400), st.integers(-3, 5))
@settings(max_examples=40)
def test_the_unit_of_prices_changes_no_percentage(bars: Bars, power: int) -> None:
    one, other = look(bars), look(scaled(bars, 2.0**power))
    for path in PERCENTAGES:
        assert at_path(other, path) == pytest.approx(at_path(one, path), rel=1e-12, abs=1e-12), path


PERCENTAGES = [
    "quote.change_percent", "quote.close_position_percent", "quote.unusual", "week.change_percent",
    "week.open_to_close_percent", "week.first_close_to_close_percent", "week.range_percent", "week.range_percentile",
    "week.position_percent", "week.patterns", "week.range_times_average", "record.intraday.distance_percent",
    "record.close.to_recover_percent", "record.phase", "record.deepest_percent", "year_range.intraday.position_percent",
    "year_range.close.position_percent", "returns.month", "returns.year",
]  # fmt: skip


def at_path(row: Row, path: str) -> object:
    found: object = row
    for name in path.split("."):
        found = getattr(found, name)
    return found


@given(walks(2, 400))
@settings(max_examples=40)
def test_readings_agree_with_each_other_and_leave_the_bars_alone(bars: Bars) -> None:
    with untouched(bars):
        row = look(bars)
    assert row.quote is not None
    assert row.week is not None
    assert row.record is not None
    assert row.year_range is not None
    last = rows(bars)[-1]
    assert (row.quote.last, row.quote.high, row.quote.low) == (last.close, last.high, last.low)
    assert row.week.high <= row.record.intraday.price
    assert row.year_range.intraday.high <= row.record.intraday.price
    assert row.week.close == row.quote.last
    assert row.record.intraday.price - row.record.intraday.points == pytest.approx(last.close)
    for share in (
        row.quote.close_position_percent, row.week.position_percent, row.week.range_percentile,
        row.year_range.intraday.position_percent, row.year_range.close.position_percent,
    ):  # fmt: skip
        assert share is None or 0 <= share <= 100
    assert row.record.deepest_percent <= row.record.close.distance_percent <= 0
