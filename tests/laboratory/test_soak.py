"""A short soak in every test run, and the laws of the long one shown to notice what they are there for."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tapewatch.core.model.flag import Event

from ..end_to_end.desk import eastern
from . import week
from .ledger import note
from .overnight import Minute, summary
from .soak import soak
from .soaked import Found, Sample, busiest, faults_of, slope

BEGAN = datetime(2025, 10, 27, 10, 0, tzinfo=UTC)


def test_an_afternoon_of_faults_kills_and_restarts_loses_nothing_and_lies_never(tmp_path: Path) -> None:
    found = soak(tmp_path, 1.4, 5, eastern("2025-10-27 15:20"), often=8.0, patient=False)
    assert found.wrong == []
    assert found.restarts >= 1
    assert found.kills >= 1
    assert len(set(found.faults)) >= 3
    assert found.looked > 50
    assert 0 < found.busiest_hour <= found.budget


@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_a_day_of_it_with_another_seed(tmp_path: Path, seed: int) -> None:
    found = soak(tmp_path, 24.0, seed, often=2.0)
    assert found.wrong == []
    assert found.busiest_hour <= found.budget
    note("soak", f"a day of trouble, seed {seed}", hours=found.hours, steps=found.steps, faults=len(found.faults),
         kills=found.kills, restarts=found.restarts, false_fresh=len(found.lies), lost=len(found.lost))  # fmt: skip


@pytest.mark.long
def test_the_same_seed_draws_the_same_trouble(tmp_path: Path) -> None:
    drawn = [
        soak(tmp_path / name, 0.3, 3, eastern("2025-10-27 10:00"), often=8.0).faults for name in ("one", "other")
    ]  # fmt: skip
    assert drawn[0] == drawn[1] != []


def sample(hours: float, rss: float) -> Sample:
    return Sample(BEGAN + timedelta(hours=hours), rss, 0, 0, 0, 0.0, 0)


def test_a_leak_is_a_slope_a_day() -> None:
    assert slope([sample(hours, 200.0 + hours / 2) for hours in range(48)]) == pytest.approx(12.0)
    assert slope([sample(hours, 200.0) for hours in range(48)]) == pytest.approx(0.0, abs=1e-9)
    assert slope([sample(0, 1.0), sample(1, 2.0)]) is None


def test_the_warm_up_is_left_out() -> None:
    found = Found(BEGAN, BEGAN + timedelta(days=3), samples=[sample(hours, 1.0) for hours in range(72)])
    assert len(found.settled()) == 48


def test_the_busiest_hour_slides() -> None:
    times = [BEGAN + timedelta(minutes=minute) for minute in (0, 50, 55, 59, 60, 70, 200)]
    assert busiest(times) == 5
    assert busiest([]) == 0


def event(state: str, minute: int, flag: str = "x") -> Event:
    at = BEGAN + timedelta(minutes=minute)
    return Event(time=at, session=date(2025, 10, 27), flag=flag, rule="r", watched="^RUT", against=(), state=state,
                 sentence="")  # fmt: skip


@pytest.mark.parametrize(
    "states",
    [
        ["forming", "provisional", "confirmed"], ["forming", "faded", "forming", "faded"], ["confirmed"],
        ["unknown", "unknown", "confirmed"], ["forming", "unknown", "forming", "provisional", "faded"],
        ["forming", "confirmed", "faded"],
    ],
)  # fmt: skip
def test_a_journal_as_it_may_be(states: list[str]) -> None:
    assert list(faults_of([event(state, 5 * number) for number, state in enumerate(states)])) == []


@pytest.mark.parametrize(
    "states", [["faded"], ["forming", "forming"], ["confirmed", "forming"], ["forming", "faded", "faded"],
               ["unknown", "faded"]],
)  # fmt: skip
def test_a_journal_as_it_may_not_be(states: list[str]) -> None:
    assert len(list(faults_of([event(state, 5 * number) for number, state in enumerate(states)]))) == 1


def test_a_line_told_twice_is_seen() -> None:
    assert len(list(faults_of([event("forming", 0), event("unknown", 5), event("unknown", 5)]))) == 1


def test_the_market_of_a_soak_is_its_official_bars() -> None:
    """What is traded in five minutes adds up to the day that is told in the evening; half days end at one."""
    market = week.market(7, date(2025, 11, 24))
    for symbol in week.BOARD:
        official = market.history[symbol]
        for day in (date(2025, 11, 26), date(2025, 11, 28)):
            index = official.index_of(day)
            zone = market.exchange(symbol)
            bars = [one for one in market.intraday[symbol] if one.start.date() == day]
            assert index is not None
            bar = official.bar(index)
            assert max(one.high for one in bars) == pytest.approx(bar.high, rel=1e-4)
            assert min(one.low for one in bars) == pytest.approx(bar.low, rel=1e-4)
            american = zone.zone.startswith("America")
            if american and day.day == 28:
                assert bars[-1].start + timedelta(minutes=5) == eastern("2025-11-28 13:00")


def test_a_night_is_summed_up() -> None:
    minutes = [
        Minute(f"2025-10-27T{at // 60:02}:{at % 60:02}:00Z", 7, 150.0, 20, 45.0, 9, 2, 30.0, "", "") for at in range(90)
    ]
    said = summary(minutes)
    assert "90 minutes" in said
    assert "+0.00 MiB a day" in said
    assert "180, 120 in the busiest hour" in said
    assert summary(minutes[:1]).startswith("under two minutes")
