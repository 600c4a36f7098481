"""Momentum, returns and levels on paper."""

from datetime import date

import msgspec
from msgspec.structs import replace

from tapewatch.core.model.measures import Level, Momentum, Period
from tapewatch.core.model.reading import Returns
from tapewatch.core.model.snapshot import Row
from tapewatch.core.oneshot import lacking
from tapewatch.tui.report import printed
from tapewatch.tui.report_measures import measures_of, nearest_levels
from tests import builders

DAY = date(2025, 10, 17)


def level(price: float, last: float, **more: object) -> Level:
    made = Level(
        price=price, low=price, high=price, sources=("week low",), distance_points=price - last,
        distance_percent=100 * (price - last) / last, distance_atr=(price - last) / 40.0, state="under",
    )  # fmt: skip
    return msgspec.structs.replace(made, **more)


def row(symbol: str = "^RUT", **more: object) -> Row:
    return msgspec.structs.replace(builders.row(symbol), **more)


def test_nothing_is_written_of_what_is_not_known() -> None:
    bare = row(momentum=None, levels=(), periods=(), returns=None)
    assert measures_of([bare]) == ()


def test_momentum_stands_with_its_date_and_whether_it_is_live() -> None:
    found = Momentum(as_of=DAY, provisional=True, rsi14=63.47, macd_histogram=1.5, macd_cross="up", macd_crossed=DAY)
    table = measures_of([row(momentum=found, returns=None)])[0]
    assert table.rows[0][:5] == ("RUT", "2025-10-17 live", "63.5", "+1.50", "up 2025-10-17")
    assert table.rows[0][5] == "–"


def test_of_a_yield_no_percentage_over_an_average_is_taken() -> None:
    found = Momentum(as_of=DAY, sma50=4.2)
    table = measures_of([row("^TNX", momentum=found, returns=None)])[0]
    assert table.rows[0][5] == "–"


def test_periods_stand_under_their_own_labels() -> None:
    period = Period(start=date(2023, 12, 29), end=date(2024, 12, 31), label="2024", percent=10.0189)
    tables = measures_of([row(periods=(period,), returns=Returns(year=9.95))])
    table = next(one for one in tables if one.title.startswith("returns"))
    assert table.heads[-1] == "2024"
    assert table.rows[0][-1] == "+10.02"


def test_the_three_nearest_levels_of_each_side_and_the_users_own_are_written() -> None:
    last = 2452.17
    levels = [level(last + step, last) for step in (10, 20, 30, 40, -10, -20, -30, -40)]
    own = level(2700.0, last, series="cash", note="target")
    other = level(2288.0, last, series="CFD", distance_points=None, distance_percent=None, distance_atr=None)
    kept = nearest_levels([*levels, own, other])
    assert [round(one.price - last) for one in kept if not one.series] == [30, 20, 10, -10, -20, -30]
    assert {own, other} <= set(kept)
    table = next(one for one in measures_of([row(levels=tuple(kept))]) if one.title.startswith("levels"))
    assert any("(target)" in line[-1] for line in table.rows)
    assert any(line[2] == "–" for line in table.rows)


def test_a_rule_and_its_mirror_are_told_apart_on_paper_and_beside_it() -> None:
    usual, references = "same-day-direction:^RUT:^GSPC+^DJI", ("^GSPC", "^DJI")
    plain_one = replace(builders.SAME_DAY, id=usual, against=references, state="unknown")
    mirror = replace(plain_one, id=f"{plain_one.id}:mirror=True")
    future = replace(plain_one, id="spread-shock:RTY=F:ES=F", rule="spread-shock", watched="RTY=F", against=("ES=F",))
    year = replace(plain_one, id="failed-breakout:^RUT:level=year high:mirror=True", rule="failed-breakout", against=())
    high = "failed-breakout (level=year high, mirror)"
    names = ["same-day-direction", "same-day-direction (mirror)", "spread-shock", high]
    flags = (plain_one, mirror, future, year)
    assert [one.called for one in flags] == names
    snapshot = replace(builders.overview(), flags=flags)
    said = [one for one in lacking(snapshot) if " of ^RUT: " in one or " of RTY=F: " in one]
    assert [one.partition(" of ")[0] for one in said] == names
    paper = printed(snapshot, "text")
    assert all(f"[{builders.SAME_DAY.severity}] {name} unknown since" in paper for name in names)
