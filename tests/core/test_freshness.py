"""How old a quote is and what that means."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.freshness import AHEAD, FROZEN_POLLS, LONGEST_DELAY, Freshness, judge

from ..market import calendar, eastern, local

NEW_YORK, HONG_KONG = "XNYS", "XHKG"
POLL = timedelta(seconds=60)
NONE = timedelta()


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def told(
    now: datetime,
    quoted: datetime | None,
    name: str = NEW_YORK,
    delay: timedelta = NONE,
    polls: int = 0,
    *,
    last_print: time | None = None,
    halted: bool = False,
) -> Freshness:
    trading = calendar(name, now.year).trading(now)
    return judge(trading, now, quoted, delay, POLL, polls, last_print=last_print, halted=halted)


def word(now: datetime, quoted: datetime | None, name: str = NEW_YORK, delay: timedelta = NONE, polls: int = 0) -> str:
    return told(now, quoted, name, delay, polls).word


RANK = {"live": 0, "late": 1, "stale": 2}


@given(st.integers(0, 389), st.integers(0, 389), st.integers(0, 389))
def test_within_a_session_a_quote_only_gets_worse(quoted: int, one: int, other: int) -> None:
    opens = eastern("2025-10-17 09:30")
    first, second = sorted((max(quoted, one), max(quoted, other)))
    words = [word(opens + minutes(now), opens + minutes(quoted)) for now in (first, second)]
    assert RANK[words[0]] <= RANK[words[1]]


@pytest.mark.parametrize(
    ("now", "quoted", "found"),
    [
        ("2025-10-17 11:00", "2025-10-17 10:58", "live"),
        ("2025-10-17 11:00", "2025-10-17 10:57", "late"),
        ("2025-10-17 11:00", "2025-10-17 10:45", "late"),
        ("2025-10-17 11:00", "2025-10-17 10:44", "stale"),
        ("2025-10-17 11:00", "2025-10-16 16:00", "stale"),
        # after the bell the day's last price is good for good
        ("2025-10-17 16:00", "2025-10-17 16:00", "closed"),
        ("2025-10-19 12:00", "2025-10-17 16:00", "closed"),
        ("2025-10-20 09:29", "2025-10-17 16:00", "closed"),
        # what misses the bell by more is late while the last prices still come, and then old for good
        ("2025-10-17 16:02", "2025-10-17 15:54", "late"),
        ("2025-10-17 16:10", "2025-10-17 15:54", "stale"),
        ("2025-10-20 09:31", "2025-10-17 15:54", "stale"),
        # just after the open nothing newer can be here yet
        ("2025-10-20 09:31", "2025-10-17 16:00", "closed"),
        ("2025-10-20 09:33", "2025-10-17 16:00", "late"),
        ("2025-10-20 09:46", "2025-10-17 16:00", "stale"),
        ("2025-10-19 12:00", "2025-10-17 15:44", "stale"),
        ("2025-10-19 12:00", "2025-10-16 16:00", "stale"),
        # a holiday between, a half day, the change of clocks over a weekend
        ("2025-11-28 09:00", "2025-11-26 16:00", "closed"),
        ("2025-11-28 15:00", "2025-11-28 13:00", "closed"),
        ("2025-11-28 15:00", "2025-11-28 12:40", "stale"),
        ("2025-11-02 22:00", "2025-10-31 16:00", "closed"),
    ],
)
def test_new_york_in_real_time(now: str, quoted: str, found: str) -> None:
    assert word(eastern(now), eastern(quoted)) == found


@pytest.mark.parametrize(
    ("now", "quoted", "found"),
    [
        ("11:00", "10:44", "delayed"),
        ("11:00", "10:42", "late"),
        ("11:00", "10:29", "stale"),
        # at lunch nothing trades, so nothing ages
        ("12:55", "11:59", "delayed"),
        ("13:10", "11:59", "delayed"),
        ("13:25", "11:59", "late"),
        ("13:40", "11:59", "stale"),
        # the closing print comes with its delay; then it is here or is missed
        ("16:05", "15:49", "closed"),
        ("16:10", "15:45", "late"),
        ("18:00", "15:45", "stale"),
        ("18:00", "16:08", "closed"),
    ],
)
def test_hong_kong_with_its_delay_and_its_lunch(now: str, quoted: str, found: str) -> None:
    moment, then = (local(f"2025-10-17 {one}", "Asia/Hong_Kong") for one in (now, quoted))
    assert word(moment, then, HONG_KONG, minutes(15)) == found


def test_a_quote_as_old_as_its_declared_delay_is_delayed_and_not_stale() -> None:
    noon = eastern("2025-10-17 12:00")
    assert word(noon, noon - minutes(14), delay=minutes(15)) == "delayed"
    assert word(noon, noon - minutes(14)) == "late"


@pytest.mark.parametrize("declared", [timedelta(hours=5), timedelta(days=3), LONGEST_DELAY])
def test_no_declared_delay_excuses_more_than_an_hour(declared: timedelta) -> None:
    noon = eastern("2025-10-17 12:00")
    assert word(noon, noon - minutes(80), delay=declared) == "stale"


def test_a_negative_delay_is_none() -> None:
    noon = eastern("2025-10-17 12:00")
    assert word(noon, noon - minutes(1), delay=-minutes(30)) == "live"


# -- a price that stands still ---------------------------------------------------------------------------


def test_the_same_answer_again_and_again_is_frozen_only_when_time_has_passed() -> None:
    noon = eastern("2025-10-17 12:00")
    assert word(noon, noon - minutes(6), polls=FROZEN_POLLS) == "frozen"
    assert word(noon, noon - minutes(1), polls=FROZEN_POLLS) == "live"
    assert word(noon, noon - minutes(6), polls=FROZEN_POLLS - 1) == "late"


@pytest.mark.parametrize("now", ["12:30", "13:00", "13:10", "13:16"])
def test_an_index_that_stood_still_over_lunch_is_not_frozen(now: str) -> None:
    then = local("2025-10-17 11:59", "Asia/Hong_Kong")
    assert word(local(f"2025-10-17 {now}", "Asia/Hong_Kong"), then, HONG_KONG, minutes(15), polls=70) == "delayed"


def test_an_exchange_that_is_halted_is_late_and_old_but_not_frozen() -> None:
    halt = eastern("2025-10-17 12:00")
    words = [told(halt + minutes(passed), halt, polls=40, halted=True).word for passed in (1, 10, 18, 25)]
    assert words == ["live", "late", "stale", "frozen"]


def test_just_after_the_open_the_close_of_the_day_before_is_not_frozen() -> None:
    assert word(eastern("2025-10-20 09:34"), eastern("2025-10-17 16:00"), polls=30) == "late"


# -- what has no age -------------------------------------------------------------------------------------


def test_without_a_quote_it_is_missing() -> None:
    assert told(eastern("2025-10-17 12:00"), None) == Freshness("missing", None)


def test_a_quote_from_the_future_is_named_and_has_no_age() -> None:
    noon = eastern("2025-10-17 12:00")
    assert told(noon, noon + timedelta(hours=3)) == Freshness("ahead", None)
    assert told(noon, noon + AHEAD) == Freshness("live", 0.0)


@pytest.mark.parametrize(
    ("now", "found"),
    [("2025-10-17 14:59", "late"), ("2025-10-17 15:01", "closed"), ("2025-10-17 15:50", "closed"),
     ("2025-10-18 12:00", "closed"), ("2025-10-20 09:31", "closed"), ("2025-10-20 09:40", "late")],
)  # fmt: skip
def test_a_yield_that_ends_an_hour_before_its_exchange_is_not_late_for_that(now: str, found: str) -> None:
    quoted = eastern("2025-10-17 14:56")
    assert told(eastern(now), quoted, last_print=time(15, 0)).word == found


@pytest.mark.parametrize("now", ["03:30", "08:00", "09:20", "17:00"])
def test_a_volatility_index_quoted_outside_the_session_is_not_stale(now: str) -> None:
    quoted = eastern(f"2025-10-20 {now}") - minutes(40)
    assert told(eastern(f"2025-10-20 {now}"), quoted, last_print=time(16, 15)).word == "closed"
