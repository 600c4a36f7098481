"""How old a quote is and what that means."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.freshness import FROZEN_POLLS, age, judge

from ..market import calendar, eastern, local

NEW_YORK, HONG_KONG = "XNYS", "XHKG"
POLL = timedelta(seconds=60)
NONE = timedelta()
MOMENTS = st.datetimes(datetime(2025, 3, 1), datetime(2025, 11, 30)).map(lambda one: eastern(one.isoformat()))  # noqa: DTZ001


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def word(now: datetime, quoted: datetime | None, name: str = NEW_YORK, delay: timedelta = NONE, polls: int = 0) -> str:
    return judge(calendar(name), now, quoted, delay, POLL, polls).word


@given(MOMENTS, MOMENTS, st.timedeltas(NONE, timedelta(days=4)))
def test_age_is_never_negative_and_grows_with_the_clock(now: datetime, quoted: datetime, later: timedelta) -> None:
    assert age(now, quoted) >= NONE
    assert age(now + later, quoted) >= age(now, quoted)
    seconds = judge(calendar(), now, quoted, NONE, POLL).age_seconds
    assert seconds == max(0.0, (now - quoted).total_seconds())


RANK = {"live": 0, "late": 1, "stale": 2}


@given(st.integers(0, 389), st.integers(0, 389), st.integers(0, 389))
def test_within_a_session_a_quote_only_gets_worse(quoted: int, one: int, other: int) -> None:
    opens = eastern("2025-10-17 09:30")
    first, second = sorted((one, other))
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
        ("16:10", "15:45", "closed"),
    ],
)
def test_hong_kong_with_its_delay_and_its_lunch(now: str, quoted: str, found: str) -> None:
    moment, then = (local(f"2025-10-17 {one}", "Asia/Hong_Kong") for one in (now, quoted))
    assert word(moment, then, HONG_KONG, minutes(15)) == found


def test_the_same_answer_again_and_again_is_frozen_only_when_time_has_passed() -> None:
    noon = eastern("2025-10-17 12:00")
    assert word(noon, noon - minutes(5), polls=FROZEN_POLLS) == "frozen"
    assert word(noon, noon - minutes(1), polls=FROZEN_POLLS) == "live"
    assert word(noon, noon - minutes(5), polls=FROZEN_POLLS - 1) == "late"


def test_without_a_quote_it_is_missing() -> None:
    found = judge(calendar(), eastern("2025-10-17 12:00"), None, NONE, POLL)
    assert (found.word, found.age_seconds) == ("missing", None)


@pytest.mark.parametrize(
    ("now", "found"),
    [("2025-10-17 15:01", "live"), ("2025-10-17 15:50", "live"), ("2025-10-18 12:00", "closed"),
     ("2025-10-20 09:31", "closed"), ("2025-10-20 09:40", "late")],
)  # fmt: skip
def test_a_yield_that_ends_an_hour_before_its_exchange_is_not_late_for_that(now: str, found: str) -> None:
    quoted = eastern("2025-10-17 15:00")
    assert judge(calendar(), eastern(now), quoted, NONE, POLL, last_print=time(15, 0)).word == found
