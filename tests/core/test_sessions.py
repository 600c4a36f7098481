"""Trading days and bells, against the calendars that exchanges publish."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from tapewatch.core.bars import Bars
from tapewatch.core.sessions import Calendar, Calendars, monday_of, trading_days

from ..market import calendar, eastern, local

BERLIN, CHICAGO, HONG_KONG, SYDNEY = "Europe/Berlin", "America/Chicago", "Asia/Hong_Kong", "Australia/Sydney"


@pytest.mark.parametrize(
    ("name", "day", "opens", "closes", "zone", "half"),
    [
        ("XNYS", "2025-10-17", "09:30", "16:00", "America/New_York", False),
        ("XNYS", "2025-11-28", "09:30", "13:00", "America/New_York", True),
        ("XNYS", "2026-12-24", "09:30", "13:00", "America/New_York", True),
        ("XNYS", "2025-07-03", "09:30", "13:00", "America/New_York", True),
        # the clocks change between these two
        ("XNYS", "2025-03-07", "09:30", "16:00", "America/New_York", False),
        ("XNYS", "2025-03-10", "09:30", "16:00", "America/New_York", False),
        ("XEUR", "2025-10-17", "09:00", "17:30", BERLIN, False),
        ("XEUR", "2025-10-24", "09:00", "17:30", BERLIN, False),
        ("XEUR", "2025-10-27", "09:00", "17:30", BERLIN, False),
        ("XASX", "2025-10-17", "10:00", "16:00", SYDNEY, False),
        ("XHKG", "2025-10-17", "09:30", "16:00", HONG_KONG, False),
        ("XHKG", "2025-12-24", "09:30", "12:00", HONG_KONG, True),
        ("XLON", "2025-10-17", "08:00", "16:30", "Europe/London", False),
    ],
)
def test_bells(name: str, day: str, opens: str, closes: str, zone: str, half: bool) -> None:
    session = calendar(name, int(day[:4])).session(date.fromisoformat(day))
    assert session is not None
    assert session.open == local(f"{day} {opens}", zone)
    assert session.close == local(f"{day} {closes}", zone)
    assert session.half is half


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("XNYS", "2025-04-18"), ("XNYS", "2025-01-09"), ("XNYS", "2025-11-27"), ("XNYS", "2026-07-03"),
        ("XNYS", "2026-04-03"), ("XNYS", "2025-10-18"), ("XNYS", "2018-12-05"), ("XNYS", "2012-10-29"),
        ("XNYS", "2001-09-11"), ("XEUR", "2025-04-18"), ("XEUR", "2025-04-21"), ("XASX", "2025-04-25"),
        ("XHKG", "2025-10-07"), ("XHKG", "2025-01-29"), ("XLON", "2025-08-25"), ("CMES", "2025-04-18"),
    ],
)  # fmt: skip
def test_days_on_which_an_exchange_is_shut(name: str, day: str) -> None:
    assert calendar(name, int(day[:4])).session(date.fromisoformat(day)) is None


@pytest.mark.parametrize(
    ("monday", "sessions"),
    [
        ("2001-09-10", 1), ("2012-10-29", 3), ("2007-01-01", 3), ("2018-12-03", 4), ("2018-12-31", 4),
        ("2025-01-06", 4), ("2025-04-14", 4), ("2026-06-29", 4), ("2026-12-21", 4), ("2025-10-13", 5),
    ],
)  # fmt: skip
def test_sessions_of_odd_weeks(monday: str, sessions: int) -> None:
    day = date.fromisoformat(monday)
    assert len(calendar("XNYS", day.year).week(day)) == sessions


def test_hong_kong_can_miss_most_of_a_week() -> None:
    # lunar new year of 2025: 29 to 31 January, and the eve is a half day
    week = calendar("XHKG").week(date(2025, 1, 27))
    assert [(one.day.day, one.half) for one in week] == [(27, False), (28, True)]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2025-10-16 15:59", "2025-10-16"),
        ("2025-10-16 17:00", "2025-10-17"),
        ("2025-10-16 23:30", "2025-10-17"),
        ("2025-10-17 09:00", "2025-10-17"),
        ("2025-10-19 17:00", "2025-10-20"),
    ],
)
def test_a_globex_evening_belongs_to_the_next_day(moment: str, day: str) -> None:
    running = calendar("CMES").running(local(moment, CHICAGO))
    assert running is not None
    assert running.day == date.fromisoformat(day)


@pytest.mark.parametrize("moment", ["2025-10-16 16:00", "2025-10-16 16:59", "2025-10-17 17:30", "2025-10-18 20:00"])
def test_globex_pauses_for_an_hour_and_for_the_weekend(moment: str) -> None:
    assert calendar("CMES").running(local(moment, CHICAGO)) is None


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2025-10-17 03:59", "closed"),
        ("2025-10-17 04:00", "pre"),
        ("2025-10-17 09:30", "open"),
        ("2025-10-17 15:59", "open"),
        ("2025-10-17 16:00", "post"),
        ("2025-10-17 20:00", "closed"),
        ("2025-10-18 12:00", "closed"),
        ("2025-11-27 12:00", "holiday"),
        ("2025-11-28 12:59", "open"),
        ("2025-11-28 13:00", "post"),
    ],
)
def test_states_of_new_york(moment: str, state: str) -> None:
    assert calendar().market(eastern(moment)).state == state


def test_the_next_bell_is_on_the_other_side_of_the_weekend_and_of_the_clock_change() -> None:
    market = calendar().market(eastern("2025-10-31 18:00"))
    assert market.next_open is not None
    assert market.next_open.isoformat() == "2025-11-03T09:30:00-05:00"
    assert market.next_close is not None
    assert market.next_close.isoformat() == "2025-11-03T16:00:00-05:00"
    assert not market.half_day


def test_a_half_day_is_said_on_the_day_alone() -> None:
    on_the_eve, on_the_day = (calendar().market(eastern(f"2025-11-{day} 10:00")) for day in ("26", "28"))
    assert (on_the_eve.half_day, on_the_day.half_day) == (False, True)


@pytest.mark.parametrize(
    ("since", "until", "minutes"),
    [
        ("2025-10-17 11:50", "2025-10-17 12:30", 10),
        ("2025-10-17 11:50", "2025-10-17 13:05", 15),
        ("2025-10-17 12:10", "2025-10-17 13:05", 5),
        ("2025-10-17 15:58", "2025-10-20 09:31", 3),
        ("2025-10-17 11:00", "2025-10-17 10:00", 0),
        ("2025-10-17 10:00", "2025-10-17 10:07", 7),
    ],
)
def test_hong_kong_trades_neither_at_lunch_nor_at_night(since: str, until: str, minutes: int) -> None:
    moments = local(since, HONG_KONG), local(until, HONG_KONG)
    found = calendar("XHKG").trading(moments[1]).traded(*moments)
    assert found == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("day", "newest"),
    [("2025-10-19", "2025-10-17"), ("2025-10-17", "2025-10-17"), ("2026-07-05", "2026-07-02")],
)
def test_a_weekend_means_the_session_before_it(day: str, newest: str) -> None:
    year = date.fromisoformat(day)
    assert calendar("XNYS", year.year).on_or_before(year).day.isoformat() == newest


@pytest.mark.parametrize(("day", "monday"), [("2021-01-01", "2020-12-28"), ("2018-12-31", "2018-12-31")])
def test_a_week_is_named_by_its_monday(day: str, monday: str) -> None:
    assert monday_of(date.fromisoformat(day)).isoformat() == monday


@pytest.mark.parametrize("name", ["XNYS", "XEUR", "XASX", "XHKG", "CMES", "XLON", "XTKS"])
@pytest.mark.parametrize("year", [1, 1900, 1928, 1955, 1984, 1999, 2025])
def test_a_calendar_can_be_had_for_any_year(name: str, year: int) -> None:
    """Before its first year a calendar begins with its first: nothing fails, nothing is claimed."""
    day = date(year, 2, 28)
    made = Calendars().of(name, day)
    first, last = made.span
    assert first < last
    assert last > day or first > day
    assert first.year >= 1928


def gaps(found: Calendar) -> list[tuple[datetime, datetime]]:
    days = found.days(*found.span)
    return [(one.close, other.open) for one, other in pairwise(days)]


@pytest.mark.parametrize("name", ["XNYS", "XEUR", "XASX", "XHKG", "CMES"])
def test_sessions_never_overlap(name: str) -> None:
    assert all(close < opens for close, opens in gaps(calendar(name)))


def test_real_bars_of_twenty_years_are_the_calendars_days(real: dict[str, Bars]) -> None:
    bars = real["^GSPC"]
    first, last = date(2005, 1, 3), date(2025, 12, 31)
    have = {one for one in bars.days.astype(object).tolist() if first <= one <= last}
    assert have == set(trading_days("XNYS", first, last))
