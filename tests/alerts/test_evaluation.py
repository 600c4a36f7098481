"""An alert fires when its condition comes true: once, and for nothing that was true before or is not known."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tapewatch.core.alerts.words import condition
from tapewatch.core.model.alert import AlertSetting
from tapewatch.core.model.measures import Level, TrailStep
from tapewatch.core.model.snapshot import Snapshot
from tests.builders import BREAKOUT, FRIDAY, MONDAY, SAME_DAY, THURSDAY, at

from .watching import LOADED, MINUTE, NOON, Watch, board

ABOVE = AlertSetting(name="rut up", on="price", symbol="^RUT", above=2460.0, cool_down="10m")
FLAG = AlertSetting(name="flags", on="flag", rule="same-day-direction")
PRICES = st.lists(st.sampled_from((2450.0, 2459.99, 2460.0, 2470.0)), min_size=1, max_size=30)


def test_a_price_that_crosses_fires_once_however_long_it_stays_there() -> None:
    assert Watch(ABOVE).prices(2450, 2459.99, 2460, 2461, 2470, 2460) == [2]


def test_it_says_what_happened_in_figures() -> None:
    watch = Watch(ABOVE)
    watch.prices(2450, 2461.5)
    assert watch.fired[0].text == "RUT 2,461.50 is at or above 2,460.00"
    assert (watch.fired[0].symbol, watch.fired[0].time) == ("^RUT", NOON + MINUTE)


def test_what_was_true_when_it_was_configured_is_no_news_unless_asked() -> None:
    assert Watch(ABOVE).prices(2461, 2462) == []
    assert Watch(replace(ABOVE, at_first=True)).prices(2461, 2462) == [0]


def test_after_the_condition_cleared_it_fires_again_but_not_within_the_cool_down() -> None:
    assert Watch(ABOVE).prices(2450, 2461, 2450, 2461, 2450, every=4 * MINUTE) == [1]
    assert Watch(ABOVE).prices(2450, 2461, 2450, 2461, every=5 * MINUTE) == [1, 3]


def test_without_a_latch_it_fires_again_after_each_cool_down() -> None:
    watch = Watch(replace(ABOVE, latch=False))
    assert watch.prices(2450, *[2461.0] * 25) == [1, 11, 21]
    assert Watch(replace(ABOVE, latch=False)).prices(*[2461.0] * 25) == []


def test_another_condition_under_the_same_name_begins_anew() -> None:
    watch = Watch(ABOVE)
    watch.prices(2450, 2461)
    watch.settings = (replace(ABOVE, above=2455.0),)
    assert watch.prices(2461, 2462, begin=NOON + 60 * MINUTE) == []


@pytest.mark.parametrize("freshness", ["stale", "frozen", "ahead", "missing"])
def test_a_price_nobody_would_believe_fires_nothing_and_clears_nothing(freshness: str) -> None:
    watch = Watch(ABOVE)
    watch.see(board(2450), NOON)
    watch.see(board(2461, freshness=freshness), NOON + MINUTE)
    assert watch.memories["rut up"].unknown
    watch.see(board(2461), NOON + 2 * MINUTE)
    watch.see(board(2450, freshness=freshness), NOON + 20 * MINUTE)
    watch.see(board(2461), NOON + 40 * MINUTE)
    assert [one.time for one in watch.fired] == [NOON + 2 * MINUTE]


@given(prices=PRICES, seen=st.lists(st.integers(1, 3), min_size=30, max_size=30))
def test_how_often_a_snapshot_is_seen_and_where_a_restart_falls_changes_nothing(
    prices: list[float], seen: list[int]
) -> None:
    plain, again = Watch(ABOVE), Watch(ABOVE, restarts=True)
    for number, last in enumerate(prices):
        now, shot = NOON + number * MINUTE, board(last)
        plain.see(shot, now)
        for _ in range(seen[number]):
            again.see(shot, now)
    assert again.fired == plain.fired
    assert len({one.id for one in plain.fired}) == len(plain.fired)


@given(prices=PRICES, latch=st.booleans())
def test_two_firings_are_never_nearer_than_the_cool_down_and_each_was_true(prices: list[float], latch: bool) -> None:
    watch = Watch(replace(ABOVE, latch=latch))
    fired = watch.prices(*prices)
    assert all(prices[number] >= 2460 for number in fired)
    assert all(after - before >= 10 for before, after in pairwise(fired))
    if latch:
        crossings = [n for n in range(1, len(prices)) if prices[n] >= 2460 > prices[n - 1]]
        assert set(fired) <= set(crossings)
        assert fired[:1] == crossings[:1]


# -- flags ----------------------------------------------------------------------------------------------


def flagged(state: str, session: date = FRIDAY, continues: date | None = None, severity: str = "watch") -> Snapshot:
    flag = replace(SAME_DAY, state=state, session=session, continues=continues, severity=severity)
    return board(2450, flags=(flag,))


def states(watch: Watch, *names: str) -> list[str]:
    """Which of these states, one after another, made it fire."""
    return [name for number, name in enumerate(names) if watch.see(flagged(name) if name else board(2450), _at(number))]


def _at(number: int) -> datetime:
    return NOON + number * 30 * MINUTE


def test_a_forming_flag_is_no_confirmed_one() -> None:
    assert states(Watch(FLAG), "", "forming", "provisional", "confirmed", "confirmed") == ["confirmed"]


def test_asked_for_forming_it_fires_when_it_forms_and_not_again_when_it_is_confirmed() -> None:
    assert states(Watch(replace(FLAG, state="forming")), "", "forming", "provisional", "confirmed") == ["forming"]


def test_an_unknown_flag_fires_only_who_asked_for_that() -> None:
    assert states(Watch(FLAG), "", "unknown", "forming") == []
    assert states(Watch(replace(FLAG, state="unknown")), "", "forming", "unknown", "unknown") == ["unknown"]


def test_a_flag_of_fridays_close_fires_no_second_time_in_its_run_but_the_next_one_does() -> None:
    watch = Watch(FLAG)
    watch.see(board(2450), NOON)
    assert watch.see(flagged("confirmed"), NOON + 4 * 60 * MINUTE)
    monday, tuesday = FRIDAY + timedelta(days=3), FRIDAY + timedelta(days=4)
    assert not watch.see(flagged("confirmed", monday, continues=FRIDAY), at(monday, 16, 30))
    assert watch.see(flagged("confirmed", tuesday), at(tuesday, 16, 30))


def test_flags_that_were_on_before_the_alert_are_no_news_though_histories_come_late() -> None:
    watch = Watch(FLAG)
    empty = replace(board(2450), instruments=(), health=replace(LOADED, history_loaded=(3, 10)))
    watch.see(empty, NOON)
    watch.see(replace(flagged("confirmed"), health=replace(LOADED, history_loaded=(9, 10))), NOON + 5 * MINUTE)
    watch.see(flagged("confirmed"), NOON + 7 * MINUTE)
    assert watch.fired == []


def test_only_the_rule_the_symbol_and_the_severity_that_were_asked_for() -> None:
    shot = board(2450, flags=(BREAKOUT,))
    for setting, fires in (
        (FLAG, False),
        (replace(FLAG, rule=""), True),
        (replace(FLAG, rule="", symbol="^GSPC"), False),
        (replace(FLAG, rule="", severity="notable"), True),
        (replace(FLAG, rule="", severity="rare"), False),
    ):
        watch = Watch(setting)
        watch.see(board(2450), NOON)
        assert bool(watch.see(shot, NOON + MINUTE)) is fires, setting


# -- records, weeks, levels, age ------------------------------------------------------------------------


def test_a_new_record_fires_once_a_session() -> None:
    watch = Watch(AlertSetting(name="record", on="record", symbol="^RUT"))
    assert not watch.see(board(2450), NOON)
    assert watch.see(with_record(2545.0, FRIDAY), NOON + MINUTE)
    assert not watch.see(with_record(2550.0, FRIDAY), NOON + 60 * MINUTE)
    assert "new intraday record, 2,545.00" in watch.fired[0].text


def with_record(price: float, day: date) -> Snapshot:
    shot = board(price)
    rows = tuple(
        replace(one, record=replace(one.record, intraday=replace(one.record.intraday, price=price, date=day)))
        if one.symbol == "^RUT" and one.record
        else one
        for one in shot.instruments
    )
    return replace(shot, instruments=rows)


def week(high: float, low: float, last: float, state: str = "live", monday: date = MONDAY) -> Snapshot:
    """RUT in a week after one that went from 2,393.85 to 2,501.92."""
    shot = board(last)
    rows = tuple(
        replace(
            one,
            week=replace(one.week, high=high, low=low, monday=monday),
            quote=replace(one.quote, state=state, previous_close=2467.02, previous_session=THURSDAY),
        )
        if one.symbol == "^RUT" and one.week and one.quote
        else one
        for one in shot.instruments
    )
    return replace(shot, instruments=rows)


def test_last_weeks_high_is_broken_once_a_week() -> None:
    watch = Watch(AlertSetting(name="week", on="week-break", symbol="^RUT"))
    assert not watch.see(week(2490.0, 2400.0, 2490.0), NOON)
    assert watch.see(week(2502.0, 2400.0, 2502.0), NOON + MINUTE)
    assert not watch.see(week(2502.0, 2400.0, 2480.0), NOON + 60 * MINUTE)
    assert watch.see(week(2502.0, 2393.0, 2393.0), NOON + 90 * MINUTE)
    assert [one.text for one in watch.fired] == [
        "RUT went above last week's high 2,501.92: 2,502.00",
        "RUT went under last week's low 2,393.85: 2,393.00",
    ]


def test_on_closes_a_break_during_the_day_is_none_yet() -> None:
    watch = Watch(AlertSetting(name="week", on="week-break", symbol="^RUT", side="above", basis="close"))
    assert not watch.see(week(2490.0, 2400.0, 2490.0), NOON)
    assert not watch.see(week(2510.0, 2400.0, 2510.0), NOON + MINUTE)
    assert not watch.see(week(2510.0, 2400.0, 2500.0, "final"), NOON + 300 * MINUTE)
    assert watch.see(week(2515.0, 2400.0, 2505.0, "final"), NOON + 1500 * MINUTE)


def laddered(level: Level, last: float) -> Snapshot:
    shot = board(last)
    rows = tuple(replace(one, levels=(level,)) if one.symbol == "^RUT" else one for one in shot.instruments)
    return replace(shot, instruments=rows)


ZONE = Level(
    price=2425.0, low=2417.74, high=2433.19, sources=("user level",), distance_points=-20.0, state="waiting",
    rule="close below", series="cash", note="the week's two lows",
)  # fmt: skip


def test_a_level_of_your_own_fires_when_what_it_waits_for_came() -> None:
    watch = Watch(AlertSetting(name="lows", on="level", symbol="^RUT"))
    assert not watch.see(laddered(ZONE, 2450), NOON)
    came = replace(ZONE, state="closed below", trail=(TrailStep(date=FRIDAY, state="closed below"),))
    assert watch.see(laddered(came, 2410), NOON + 300 * MINUTE)
    assert watch.fired[0].text == "RUT closed below user level 2,417.74 to 2,433.19 (the week's two lows)"
    ended = replace(ZONE, state="invalid", trail=(TrailStep(date=FRIDAY, state="invalid"),))
    assert not watch.see(laddered(ended, 2510), NOON + 600 * MINUTE)


def test_of_several_levels_on_one_line_each_stands_at_its_own_price() -> None:
    merged = Level(
        price=2500.0, low=2498.0, high=2500.0, sources=("round number", "200-day average"), prices=(2500.0, 2498.0)
    )
    watch = Watch(AlertSetting(name="average", on="level", symbol="^RUT", level="200-day average", side="above"))
    assert not watch.see(laddered(merged, 2497), NOON)
    assert watch.see(laddered(merged, 2499), NOON + MINUTE)
    assert watch.fired[0].text == "RUT 2,499.00 is above 200-day average 2,498.00"


def test_a_level_of_another_series_is_never_measured_against_this_one() -> None:
    other = replace(ZONE, distance_points=None, state="of another series (future)", series="future")
    watch = Watch(AlertSetting(name="lows", on="level", symbol="^RUT", side="below"))
    assert not watch.see(laddered(other, 2450), NOON)
    assert not watch.see(laddered(other, 2400), NOON + MINUTE)


def test_a_price_that_goes_old_is_told_once_and_again_when_it_does_so_again() -> None:
    watch = Watch(AlertSetting(name="old", on="stale", symbol="^RUT"))
    words = ("live", "late", "stale", "frozen", "live", "stale")
    fired = [n for n, word in enumerate(words) if watch.see(board(2450, freshness=word), NOON + n * 20 * MINUTE)]
    assert fired == [2, 5]


def test_without_a_symbol_a_quarter_of_the_board_must_be_old() -> None:
    watch = Watch(AlertSetting(name="old", on="stale"))
    assert not watch.see(board(2450), NOON)
    assert not watch.see(board(2450, freshness="stale"), NOON + MINUTE)
    old = tuple(replace(one, freshness="stale") for one in board(2450).instruments)
    assert watch.see(replace(board(2450), instruments=old), NOON + 2 * MINUTE)
    assert watch.fired[0].text.startswith("10 of 10 prices are old: SPX, DJIA")
    assert watch.fired[0].text.endswith(" and 5 more")


@pytest.mark.parametrize(
    ("later", "named"),
    [(0, "12:00 ET"), (1, "Fri 17 Oct 12:00 ET"), (90, "Fri 17 Oct 2025 12:00 ET"), (400, "Fri 17 Oct 2025 12:00 ET")],
)
def test_an_old_price_is_told_with_its_day_and_the_year_where_it_is_another(later: int, named: str) -> None:
    watch = Watch(AlertSetting(name="old", on="stale", symbol="^RUT", at_first=True))
    old = board(2450, freshness="stale")
    rows = tuple(
        replace(one, quote=replace(one.quote, time=NOON)) if one.symbol == "^RUT" and one.quote else one
        for one in old.instruments
    )
    now = NOON + timedelta(days=later)
    assert watch.see(replace(old, instruments=rows, clock=replace(old.clock, now=now)), now)
    assert watch.fired[0].text == f"RUT is stale, the last price is of {named}"


def test_nothing_is_rarer_than_rare() -> None:
    flags = AlertSetting(name="flags", on="flag", severity="rare")
    assert condition(flags, {}).endswith("confirmed, rare")
    assert condition(replace(flags, severity="notable"), {}).endswith("confirmed, notable or rarer")
