"""What must hold of every age, whatever the quote, the exchange, the moment and the zone it is written in."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import exchange_calendars
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tapewatch.core.freshness import LATE, Freshness, judge, told_at
from tapewatch.core.model.instrument import ZONES
from tapewatch.core.model.reading import Quote
from tapewatch.core.model.snapshot import ClockReading, Health, Hours, Market, Row, Snapshot
from tapewatch.core.trading import Trading

from ..laboratory import ledger
from ..market import calendar, local

FIRST, LAST = datetime(2025, 9, 1, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
EXCHANGES = sorted(ZONES)
ELSEWHERE = [ZoneInfo(name) for name in (*ZONES.values(), "UTC", "Asia/Kathmandu", "America/St_Johns")]
MOMENTS = st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None), timezones=st.just(UTC))
AGES = st.one_of(
    st.timedeltas(timedelta(), timedelta(minutes=40)),
    st.timedeltas(timedelta(), timedelta(hours=30)),
    st.timedeltas(timedelta(), timedelta(days=9)),
)
DELAYS = st.sampled_from([0, 0, 10, 15, 20, 30, 60, 300]).map(lambda minutes: timedelta(minutes=minutes))
REFRESHES = st.sampled_from([30, 60, 60, 300, 900]).map(lambda seconds: timedelta(seconds=seconds))
ANSWERS = st.sampled_from([0, 0, 9, 10, 400])
RANK = {"live": 0, "delayed": 0, "closed": 0, "late": 1, "frozen": 2, "stale": 2}
HELD: Counter[str] = Counter()
CASES = settings(max_examples=300, deadline=None)


@pytest.fixture(scope="module", autouse=True)
def _noted() -> Iterator[None]:
    yield
    for law, count in sorted(HELD.items()):
        ledger.note("freshness", law, count=count)


@cache
def _around(name: str, year: int, month: int, day: int) -> Trading:
    return calendar(name, year).trading(datetime(year, month, day, 12, tzinfo=UTC))


def trading(name: str, now: datetime) -> Trading:
    """The sessions a feed would have told on the day of a moment."""
    return _around(name, now.year, now.month, now.day)


@st.composite
def quotes(draw: st.DrawFn) -> tuple[str, datetime, datetime, timedelta, timedelta, int]:
    """An exchange, the moment, the quote's time before it, delay, refresh, answers that were the same."""
    now = draw(MOMENTS)
    return draw(st.sampled_from(EXCHANGES)), now, now - draw(AGES), draw(DELAYS), draw(REFRESHES), draw(ANSWERS)


Case = tuple[str, datetime, datetime, timedelta, timedelta, int]


def found(case: Case, now: datetime | None = None) -> Freshness:
    name, at, quoted, delay, refresh, same = case
    return judge(trading(name, at), now or at, quoted, delay, refresh, same)


@CASES
@given(quotes())
def test_an_age_is_the_time_since_the_quote_and_never_less(case: Case) -> None:
    HELD["an age is never less than the true one"] += 1
    assert found(case).age_seconds == (case[1] - case[2]).total_seconds()


@CASES
@given(quotes(), st.timedeltas(timedelta(minutes=1, microseconds=1), timedelta(days=3)))
def test_a_quote_from_the_future_has_no_age(case: Case, ahead: timedelta) -> None:
    HELD["a quote from the future is named"] += 1
    name, now, _, delay, refresh, same = case
    assert found((name, now, now + ahead, delay, refresh, same)) == Freshness("ahead", None)


@CASES
@given(quotes(), st.timedeltas(timedelta(), timedelta(hours=8)))
def test_while_an_exchange_is_open_nothing_gets_fresher_without_a_newer_quote(case: Case, later: timedelta) -> None:
    known, now = trading(case[0], case[1]), case[1]
    assume(known.running(now) is not None and known.running(now) == known.running(now + later))
    HELD["open: no fresher without a newer quote"] += 1
    assert RANK[found(case, now + later).word] >= RANK[found(case).word]


@CASES
@given(quotes(), st.timedeltas(timedelta(), timedelta(days=6)))
def test_what_is_old_stays_old(case: Case, later: timedelta) -> None:
    HELD["what is old stays old"] += 1
    if found(case).word in ("stale", "frozen"):
        assert found(case, case[1] + later).word in ("stale", "frozen")


@CASES
@given(quotes(), st.timedeltas(timedelta(), timedelta(days=6)))
def test_only_a_bell_makes_a_late_price_good_and_only_the_close_s(case: Case, later: timedelta) -> None:
    HELD["late turns good at a bell alone"] += 1
    after = found(case, case[1] + later).word
    if found(case).word == "late" and RANK[after] == 0:
        assert after == "closed"
        assert trading(case[0], case[1]).running(case[1]) is not None


@CASES
@given(quotes(), st.lists(st.sampled_from(ELSEWHERE), min_size=3, max_size=3))
def test_the_zone_a_time_is_written_in_means_nothing(case: Case, zones: list[ZoneInfo]) -> None:
    HELD["the zone of a time means nothing"] += 1
    name, now, quoted, delay, refresh, same = case
    moved = Trading(name, (_written(one, zones[0]) for one in trading(name, now).hours))
    told = judge(moved, now.astimezone(zones[1]), quoted.astimezone(zones[2]), delay, refresh, same)
    assert told == found(case)
    assert moved.state(now.astimezone(zones[1])) == trading(name, now).state(now)


def _written(one: Hours, zone: ZoneInfo) -> Hours:
    lunch = (one.lunch[0].astimezone(zone), one.lunch[1].astimezone(zone)) if one.lunch else None
    return Hours(
        day=one.day, open=one.open.astimezone(zone), close=one.close.astimezone(zone), half=one.half, lunch=lunch
    )


def board(at: datetime, *cases: Case) -> Snapshot:
    """What a feed would publish at a moment with these quotes."""
    rows = [
        Row(
            symbol=f"^{number}", short=f"{number}", name="", role="", group="us", kind="index", currency="USD",
            calendar=name, price_return=True,
            quote=Quote(last=1.0, time=quoted, session=quoted.date(), state="live", same_answers=same,
                        delay_minutes=int(delay.total_seconds() // 60)),
        )
        for number, (name, _, quoted, delay, _, same) in enumerate(cases)
    ]  # fmt: skip
    return Snapshot(
        version=(1, 1), mode="live", clock=ClockReading(now=at, read_at=at), instruments=tuple(rows),
        markets={row.calendar: calendar(row.calendar, at.year).market(at) for row in rows}, health=Health(source="x"),
    )  # fmt: skip


@CASES
@given(quotes(), st.timedeltas(timedelta(), timedelta(days=9)), st.timedeltas(timedelta(), timedelta(days=9)))
def test_it_does_not_matter_when_the_snapshot_was_made(case: Case, one: timedelta, other: timedelta) -> None:
    HELD["when it was published means nothing"] += 1
    now = case[1]
    first, second = (told_at(board(now - before, case), now) for before in (one, other))
    assert first.instruments == second.instruments
    states = [told.markets[case[0]] for told in (first, second)]
    assert [(one.state, one.session, one.half_day, one.next_open) for one in states[:1]] == [
        (one.state, one.session, one.half_day, one.next_open) for one in states[1:]
    ]


@CASES
@given(quotes(), st.timedeltas(timedelta(), timedelta(days=20)))
def test_to_judge_what_was_judged_changes_nothing(case: Case, later: timedelta) -> None:
    HELD["judged twice is judged once"] += 1
    once = told_at(board(case[1], case), case[1] + later)
    assert told_at(once, case[1] + later) == once
    assert told_at(told_at(board(case[1], case), case[1] + later / 2), case[1] + later).instruments == once.instruments


# -- against the calendars that exchanges publish --------------------------------------------------------

THEIRS = ("XNYS", "XASX", "XHKG", "XLON", "XTKS")
"""Exchanges whose hours are taken as published; of the others they are ours."""


@cache
def _published(name: str) -> Any:
    return exchange_calendars.get_calendar(name, start="2025-08-01", end="2026-12-31", side="left")


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(THEIRS), MOMENTS, st.timedeltas(timedelta(), timedelta(days=2)))
def test_trading_time_is_what_the_exchange_s_own_minutes_are(name: str, now: datetime, since: timedelta) -> None:
    HELD["trading time by the exchange's minutes"] += 1
    until = now.replace(second=0, microsecond=0)
    begin = (until - since).replace(second=0, microsecond=0)
    minutes = _published(name).minutes_in_range(begin, until - timedelta(minutes=1)) if begin < until else ()
    assert trading(name, until).traded(begin, until) == timedelta(minutes=len(minutes))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(THEIRS), MOMENTS)
def test_an_exchange_is_open_when_it_says_so(name: str, now: datetime) -> None:
    HELD["open when the exchange says so"] += 1
    minute = now.replace(second=0, microsecond=0)
    assert (trading(name, minute).state(minute) == "open") == _published(name).is_open_on_minute(
        minute, ignore_breaks=True
    )


# -- days on which clocks change -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "closes", "opens", "hours"),
    [
        # the wall clocks say 65.5 hours; the night is an hour longer in autumn and shorter in spring
        ("XNYS", "2026-10-30 16:00", "2026-11-02 09:30", 66.5),
        ("XNYS", "2026-03-06 16:00", "2026-03-09 09:30", 64.5),
        ("XEUR", "2026-10-23 17:30", "2026-10-26 09:00", 64.5),
        ("XEUR", "2026-03-27 17:30", "2026-03-30 09:00", 62.5),
        ("XASX", "2026-10-02 16:00", "2026-10-05 10:00", 65.0),
        ("XHKG", "2026-10-30 16:00", "2026-11-02 09:30", 65.5),
    ],
)
def test_countdowns_and_ages_are_right_over_a_change_of_clocks(
    name: str, closes: str, opens: str, hours: float
) -> None:
    HELD["days on which clocks change"] += 1
    bell, opening = local(closes, ZONES[name]), local(opens, ZONES[name])
    told = told_at(board(bell, (name, bell, bell, timedelta(), timedelta(minutes=1), 0)), bell)
    market, row = told.markets[name], told.instruments[0]
    assert market.next_open is not None
    assert market.next_open - bell == opening - bell == timedelta(hours=hours)
    assert (market.state in ("closed", "post"), row.freshness, row.age_seconds) == (True, "closed", 0.0)
    before, after = (told_at(told, opening + timedelta(minutes=minute)) for minute in (-1, 1))
    assert (before.markets[name].state == "open", after.markets[name].state) == (False, "open")
    assert after.instruments[0].age_seconds == hours * 3600 + 60
    assert [told_at(told, opening + timedelta(minutes=past)).instruments[0].freshness for past in (1, 14, 16)] == [
        "closed", "late", "stale",
    ]  # fmt: skip


def test_in_the_hour_that_comes_twice_a_quote_of_the_first_is_an_hour_old_in_the_second() -> None:
    new_york = ZoneInfo("America/New_York")
    first = datetime(2026, 11, 1, 1, 30, tzinfo=new_york)
    second = first.replace(fold=1)
    told = told_at(board(first, ("CMES", first, first, timedelta(), timedelta(minutes=1), 0)), second)
    assert told.instruments[0].age_seconds == 3600.0


def test_beyond_the_sessions_a_snapshot_tells_its_exchange_is_not_called_open_or_closed() -> None:
    published = local("2026-10-30 12:00", "America/New_York")
    told = told_at(
        board(published, ("XNYS", published, published, timedelta(), LATE, 0)), published + timedelta(days=60)
    )
    assert (told.markets["XNYS"].state, told.instruments[0].freshness) == ("unknown", "stale")


def test_of_a_snapshot_without_sessions_nothing_stays_live() -> None:
    now = local("2026-10-30 15:30", "America/New_York")
    bare = board(now, ("XNYS", now, now, timedelta(), LATE, 0))
    market = Market(state="open", next_close=now + timedelta(minutes=30))
    live = replace(bare.instruments[0], freshness="live")
    old = Snapshot(
        version=(1, 1),
        mode="live",
        clock=ClockReading(now=now, read_at=now),
        instruments=(live,),
        markets={"XNYS": market},
    )
    words = [
        (told.instruments[0].freshness, told.markets["XNYS"].state)
        for told in (told_at(old, now + timedelta(minutes=past)) for past in (5, 20, 40))
    ]
    assert words == [("live", "open"), ("stale", "open"), ("stale", "unknown")]
