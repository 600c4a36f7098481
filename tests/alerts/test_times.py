"""Quiet hours and mutes: what fires in them is told later, or never; durations are read as people write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tapewatch.core.alerts.times import Quiet, duration
from tapewatch.core.model.alert import AlertSetting
from tests.builders import FRIDAY, at

from .watching import MINUTE, Watch, board

BERLIN = "Europe/Berlin"
NIGHT = AlertSetting(name="n", on="price", symbol="^RUT", above=2460.0, quiet="22:00-07:00", zone=BERLIN)


def quiet(text: str, zone: str) -> Quiet:
    made = Quiet.of(text, zone)
    assert made is not None
    return made


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2025-10-17 19:59", None),
        ("2025-10-17 20:00", "2025-10-18 05:00"),
        ("2025-10-18 04:59", "2025-10-18 05:00"),
        ("2025-10-18 05:00", None),
        # the night of 25 October 2025 has an hour more, the morning is at seven all the same
        ("2025-10-25 20:00", "2025-10-26 06:00"),
        ("2026-03-28 21:00", "2026-03-29 05:00"),
    ],
)
def test_the_night_in_berlin_ends_at_seven_there(now: str, end: str | None) -> None:
    assert quiet("22:00-07:00", BERLIN).until(utc(now)) == (utc(end) if end else None)


def test_hours_within_one_day() -> None:
    lunch = quiet("12:00-13:30", "UTC")
    assert lunch.until(utc("2025-10-17 12:00")) == utc("2025-10-17 13:30")
    assert lunch.until(utc("2025-10-17 13:30")) is None


@pytest.mark.parametrize("text", ["", "22-7", "24:00-07:00", "7:00-8:00", "22:00-22:00", "22:00-07:00 "[:-1] + "x"])
def test_what_is_no_hours_is_none(text: str) -> None:
    assert Quiet.of(text, "UTC") is None


@given(st.integers(0, 3 * 365 * 24 * 60))
def test_the_end_of_quiet_hours_is_ahead_within_a_day_and_no_longer_quiet(minutes: int) -> None:
    night, now = quiet("22:00-07:00", BERLIN), utc("2024-01-01") + timedelta(minutes=minutes)
    end = night.until(now)
    if end is not None:
        assert timedelta() < end - now <= timedelta(hours=10)
        assert night.until(end) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), (" 1h ", 3600), ("2d", 172800), ("400d", None), ("1", None), ("-5m", None), ("", None)],
)
def test_a_duration(text: str, seconds: int | None) -> None:
    assert duration(text) == (None if seconds is None else timedelta(seconds=seconds))


def test_what_fires_at_night_is_held_until_the_morning_or_dropped() -> None:
    for setting, held, dropped in (
        (NIGHT, at(FRIDAY + timedelta(days=1), 1), ""),
        (replace(NIGHT, after_quiet="drop"), None, "quiet hours"),
    ):
        watch = Watch(setting)
        watch.see(board(2450), at(FRIDAY, 16, 30))
        (fired,) = watch.see(board(2461), at(FRIDAY, 16, 40))
        assert (fired.held_until, fired.dropped) == (held, dropped)


def test_what_is_muted_goes_on_being_judged_and_is_not_told() -> None:
    watch = Watch(replace(NIGHT, quiet=""))
    noon = at(FRIDAY, 12)
    watch.see(board(2450), noon)
    watch.memories = {"n": replace(watch.memories["n"], muted_until=noon + 60 * MINUTE)}
    (fired,) = watch.see(board(2461), noon + MINUTE)
    assert fired.dropped == "muted"
    assert not watch.see(board(2461), noon + 61 * MINUTE)
    watch.see(board(2450), noon + 62 * MINUTE)
    assert watch.see(board(2461), noon + 63 * MINUTE)[0].dropped == ""
