"""What is asked next: pure decisions, from calendars, budget and what is known."""

from datetime import date, datetime, timedelta

import msgspec
import pytest

from tapewatch.core.rota import CACHED, Known, Rota, Task, ready
from tapewatch.core.sources import Manners

from ..market import calendar, eastern, index

A, B, HK = index("^A"), index("^B"), index("^H", "XHKG")
MANNERS = Manners(
    prices_every=timedelta(seconds=60),
    chart_every=timedelta(seconds=18),
    chart_every_near=timedelta(seconds=18),
    budget=240,
)
NOON = eastern("2025-10-17 12:00")
THURSDAY, FRIDAY = date(2025, 10, 16), date(2025, 10, 17)
PLENTY = 6.0


def rota(*instruments: object, full: bool = True, last: date = THURSDAY) -> Rota:
    chosen = tuple(instruments) or (A, B)
    made = Rota(chosen, MANNERS, lambda one, now: calendar(one.calendar, now.year))  # type: ignore[arg-type]
    for state in made.known.values():
        state.full_history, state.last_final = full, last if full else None
    return made


def drained(made: Rota, now: datetime, tokens: float = PLENTY) -> list[Task]:
    """All tasks of a moment, each of them answered."""
    found: list[Task] = []
    while (task := made.next_task(now, tokens - len(found))) is not None and len(found) < 20:
        found.append(task)
        for symbol in task.symbols if task.kind == "chart" else ():
            state = made.known[symbol]
            state.charted_at = state.tried_at = now
            state.last_final = calendar().closed(now - timedelta(minutes=20)).day
    return found


@pytest.mark.parametrize(
    "now",
    [
        "2025-10-18 12:00",
        "2025-10-19 20:00",
        "2025-11-27 12:00",
        "2025-10-17 03:00",
        "2025-10-17 22:00",
        "2025-10-17 08:00",
    ],
)
def test_nothing_is_asked_at_night_on_weekends_and_holidays(now: str) -> None:
    moment = eastern(now)
    made = rota(last=calendar().closed(moment).day)
    assert drained(made, moment) == []
    assert made.next_due(moment) > moment


def test_open_symbols_are_priced_in_one_request() -> None:
    made = rota(A, B, HK)
    made.known["^H"].last_final = FRIDAY
    assert drained(made, NOON)[0] == Task("prices", ("^A", "^B"))
    assert all(task.kind == "chart" for task in drained(made, NOON + timedelta(seconds=59)))
    assert drained(made, NOON + timedelta(seconds=60))[0].kind == "prices"


def test_a_start_asks_for_what_has_traded_since_the_newest_final_bar() -> None:
    """Hong Kong closed eight hours ago and its Friday is not here; at night the same, once."""
    assert drained(rota(A, HK), NOON)[0] == Task("prices", ("^A", "^H"))
    assert drained(rota(A, B), eastern("2025-10-17 16:05"))[0] == Task("prices", ("^A", "^B"))
    assert drained(rota(A, B, last=FRIDAY), eastern("2025-10-17 16:05")) == []


def test_a_start_on_saturday_fetches_the_friday_it_missed_once() -> None:
    made, saturday = rota(A, B), eastern("2025-10-18 11:00")
    assert [task.kind for task in drained(made, saturday)] == ["prices", "chart", "chart"]
    assert drained(made, saturday + timedelta(hours=3)) == []


def test_charts_go_round_and_leave_a_token_for_prices() -> None:
    made = rota()
    asked: list[str] = []
    for step in range(8):
        now = NOON + timedelta(seconds=18 * step)
        asked += [task.symbols[0] for task in drained(made, now, 2.0) if task.kind == "chart"]
    assert set(asked) == {"^A", "^B"}
    assert abs(asked.count("^A") - asked.count("^B")) <= 1
    assert rota().next_task(NOON, 0.9) is None


def test_a_symbol_near_an_extreme_is_asked_more_often_but_not_alone() -> None:
    made = rota()
    made.known["^A"].near_extreme = True
    asked: list[str] = []
    for step in range(40):
        asked += [
            task.symbols[0] for task in drained(made, NOON + timedelta(seconds=18 * step), 2.9) if task.kind == "chart"
        ]
    assert asked.count("^A") >= asked.count("^B") > 0


def test_a_record_seen_by_closes_is_charted_at_once() -> None:
    made = rota()
    made.prices_at = NOON
    for state in made.known.values():
        state.charted_at = NOON - CACHED
    made.known["^B"].urgent = True
    # sooner the service answers with a copy of what it said
    assert made.next_task(NOON - timedelta(seconds=1), 1.0) is None
    assert made.next_task(NOON, 1.0) == Task("chart", ("^B",))
    assert made.next_task(NOON, 1.0) is None


def test_a_first_start_prices_everything_then_loads_histories_one_by_one() -> None:
    made = rota(A, B, HK, full=False)
    assert made.next_task(NOON, PLENTY) == Task("prices", ("^A", "^B", "^H"))
    assert made.next_task(NOON, PLENTY) == Task("chart", ("^A",), "full")
    assert made.next_task(NOON, 1.9) is None


def test_a_history_that_did_not_come_is_left_for_a_while() -> None:
    made = rota(A, full=False)
    made.prices_at = NOON
    state = made.known["^A"]
    state.tries, state.tried_at = 1, NOON
    assert made.next_task(NOON + timedelta(minutes=19), PLENTY) != Task("chart", ("^A",), "full")
    later = NOON + timedelta(minutes=21)
    made.prices_at = later
    assert made.next_task(later, PLENTY) == Task("chart", ("^A",), "full")


def test_a_symbol_the_service_does_not_know_is_left_out_today_alone() -> None:
    made = rota()
    made.known["^A"].unknown_on = FRIDAY
    assert {symbol for task in drained(made, NOON) for symbol in task.symbols} == {"^B"}
    monday = eastern("2025-10-20 12:00")
    assert "^A" in {symbol for task in drained(made, monday) for symbol in task.symbols}


@pytest.mark.parametrize(
    ("now", "asked"),
    [("2025-10-17 16:19", set()), ("2025-10-17 16:20", {"^A", "^B"}), ("2025-10-17 20:00", {"^A", "^B"})],
)
def test_official_closes_are_fetched_once_twenty_minutes_after_the_bell(now: str, asked: set[str]) -> None:
    made = rota()
    moment = eastern(now)
    made.prices_at = moment
    tasks = drained(made, moment)
    assert {symbol for task in tasks for symbol in task.symbols} == asked
    assert len(tasks) == len(asked)


def test_the_last_prices_are_asked_for_after_the_bell() -> None:
    made = rota()
    bell = eastern("2025-10-17 16:00")
    made.prices_at = bell - timedelta(seconds=61)
    assert made.next_task(bell, PLENTY) == Task("prices", ("^A", "^B"))


def test_a_refresh_is_heard_at_any_hour_but_not_within_half_a_minute() -> None:
    sunday = eastern("2025-10-19 12:00")
    made = rota(last=FRIDAY)
    made.refresh_asked = True
    assert made.next_task(sunday, PLENTY) == Task("prices", ("^A", "^B"))
    made.refresh_asked = True
    assert made.next_task(sunday + timedelta(seconds=29), PLENTY) is None
    assert made.next_task(sunday + timedelta(seconds=30), PLENTY) == Task("prices", ("^A", "^B"))


@pytest.mark.parametrize("now", ["2025-10-17 09:29:59", "2025-10-17 15:59:59", "2025-10-19 12:00", "2025-11-28 12:59"])
def test_the_next_moment_is_ahead_and_not_beyond_an_hour(now: str) -> None:
    moment = eastern(now)
    assert moment < rota().next_due(moment) <= moment + timedelta(hours=1)


def test_the_open_is_not_slept_through() -> None:
    assert rota().next_due(eastern("2025-10-17 09:29")) <= eastern("2025-10-17 09:30")


def test_histories_loaded_are_counted() -> None:
    assert ready({"^A": Known(full_history=True), "^B": Known()}) == (1, 2)


PANEL = msgspec.structs.replace(index("XLK"), panel=True)


def test_of_the_panel_only_closes_are_asked() -> None:
    made = rota(A, PANEL)
    assert all("XLK" not in task.symbols for task in drained(made, NOON))
    assert Task("chart", ("XLK",)) in drained(made, eastern("2025-10-17 16:25"))


def test_histories_of_the_panel_wait_until_the_board_is_shut() -> None:
    made = rota(A, PANEL)
    made.known["XLK"].full_history = False
    assert all(task.span != "full" for task in drained(made, NOON))
    evening = eastern("2025-10-17 19:00")
    made.known["^A"].last_final = FRIDAY
    assert made.next_task(evening, PLENTY) == Task("chart", ("XLK",), "full")
    assert made.next_due(evening) <= evening + timedelta(seconds=15)
