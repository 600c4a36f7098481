"""Studies of a rule on real and made bars: spans, conditions, the reference's outcome, and no look ahead."""

from datetime import date, timedelta
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pytest

from tapewatch.core.analytics.study import episodes
from tapewatch.core.bars import Bar, Bars
from tapewatch.core.conditions import ConditionError, condition
from tapewatch.core.flags.history import conclude, holes, survival
from tapewatch.core.model.config import RuleSetting
from tapewatch.core.model.flag import Event
from tapewatch.core.model.study import Horizon, Study
from tapewatch.core.studying import asked_for, study
from tapewatch.core.universe import INSTRUMENTS, RULES, default_config

from ..market import closes, eastern, rows, untouched, walk

Real = dict[str, Bars]
PAIR = RuleSetting(rule="same-day-direction", watched="^RUT", against=("^GSPC",))
CONFIG = msgspec.structs.replace(
    default_config(),
    rules=(
        RuleSetting(rule="same-day-direction", watched="^RUT", against=("^GSPC", "^DJI")),
        RuleSetting(rule="same-day-direction", watched="^RUT", against=("^GSPC", "^DJI"), set={"mirror": True}),
        RuleSetting(rule="weekly-lag", watched="^RUT", against=("^GSPC",)),
    ),
)


def studied(bars: Real, setting: RuleSetting, **more: Any) -> Study:
    found = study(setting, bars, **more)
    assert found is not None
    return found


def asked(name: str, *chosen: str, watched: str | None = None, against: tuple[str, ...] | None = None) -> RuleSetting:
    return asked_for(CONFIG, name, watched, against, chosen)


# -- counts to reproduce: RUT against SPX to 2026-01-16 ---------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "days"),
    [
        (asked("D1", against=("^GSPC",)), 169),
        (asked("D1"), 118),
        (asked("D5", "drought=1e9"), 74),
        (asked("D5", "depth=100"), 190),
        *((asked("D7", f"within={within}", "ranges=0"), days) for within, days in
          ((2, 23), (3, 42), (4, 69), (5, 91), (6, 112))),
    ],
    ids=lambda one: one.id if isinstance(one, RuleSetting) else str(one),
)  # fmt: skip
def test_days_on_real_bars(real: Real, setting: RuleSetting, days: int) -> None:
    found = studied(real, setting)
    assert (found.days, found.sessions) == (days, 9662)
    assert found.span == (date(1987, 9, 10), date(2026, 1, 16))
    assert found.gaps == ()
    assert found.share_of_days == pytest.approx(days / 9662)


def test_a_bearish_flag_of_the_articles_is_like_chance_and_its_mirror_is_not(real: Real) -> None:
    plain = studied(real, asked("D1", against=("^GSPC",)))
    assert len(plain.episodes) == 107
    assert plain.conclusion.startswith("not distinguishable from chance")
    mirror = studied(real, asked("D1", "mirror=true", against=("^GSPC",)))
    assert "after 1 session" in mirror.conclusion
    assert "after 5 sessions" in mirror.conclusion
    assert "after 20" not in mirror.conclusion
    assert "of 3 such intervals about 0.15 would leave zero out by chance" in mirror.conclusion


# -- nothing later is used -------------------------------------------------------------------------------

LAST_OF_2015 = date(2015, 12, 31)
"""A Thursday that ends its week: the Friday was New Year's Day."""


@pytest.mark.parametrize("setting", [PAIR, *RULES], ids=lambda one: one.id)
def test_a_study_to_a_day_is_that_of_bars_that_end_there(real: Real, setting: RuleSetting) -> None:
    legs = (setting.watched, *setting.against)
    lack = [symbol for symbol in legs if symbol not in real]
    if lack:
        pytest.skip(f"no real bars of {', '.join(lack)}")
    found = studied(real, setting, until=LAST_OF_2015)
    assert found == studied({symbol: ended(real[symbol], LAST_OF_2015) for symbol in legs}, setting)
    assert found.span[1] == LAST_OF_2015
    whole = studied(real, setting)
    assert found.episodes == tuple(first for first in whole.episodes if first <= LAST_OF_2015)


def ended(bars: Bars, day: date) -> Bars:
    """A copy that never held anything later than a day."""
    kept = bars.days <= np.datetime64(day)
    columns = (bars.open, bars.high, bars.low, bars.close, bars.volume)
    return Bars.columns(bars.days[kept], *(column[kept] for column in columns))


def test_days_before_the_span_warm_the_rule_up_and_are_not_counted(real: Real) -> None:
    begin = date(2010, 1, 4)
    whole, found = studied(real, asked("D4")), studied(real, asked("D4"), since=begin)
    assert found.span[0] == begin
    assert 0 < found.days < whole.days
    cold = {symbol: beginning(real[symbol], begin) for symbol in ("^RUT", "^GSPC")}
    # from cold bars the first two years cannot be ranked
    assert studied(cold, asked("D4")).episodes[0] > found.episodes[0]


def beginning(bars: Bars, day: date) -> Bars:
    return Bars.of([bar for bar in rows(bars) if bar.day >= day])


def test_studying_changes_no_bars() -> None:
    bars = {"^RUT": walk(1, 700), "^GSPC": walk(2, 700), "KRE": walk(3, 700)}
    with untouched(*bars.values()):
        assert study(PAIR, bars, given=condition("KRE above sma50", INSTRUMENTS), entry="next open")


def test_the_same_study_twice_is_the_same(real: Real) -> None:
    assert studied(real, PAIR) == studied(real, PAIR)


# -- whose outcome, from where ----------------------------------------------------------------------------


def made(own: list[float], other: list[float]) -> Real:
    return {"^RUT": closes(own), "^GSPC": closes(other)}


def tens() -> Real:
    """Every 30 sessions the Russell falls by 1 % as the S&P rises by 2; then it regains 4, 3, ... and so on."""
    own, other = [100.0], [1000.0]
    for at in range(1, 400):
        own.append(own[-1] * (0.99 if at % 30 == 0 else 1.04 if at % 30 == 1 else 1.0))
        other.append(other[-1] * (1.02 if at % 30 == 0 else 1.0))
    return made(own, other)


def test_what_followed_is_counted_from_the_close_of_the_flag() -> None:
    found = studied(tens(), PAIR)
    assert (found.days, len(found.episodes)) == (13, 13)
    one = found.horizons["1"]
    assert (one.cases, one.mean, one.median, one.hit_percent) == pytest.approx((13, 4.0, 4.0, 100.0))
    assert one.hit_interval == pytest.approx((77.19, 100.0), abs=0.01)
    assert one.relative_to_reference == pytest.approx(4.0)
    assert one.worst_adverse == pytest.approx(4.0)


def test_from_the_next_open_part_of_it_is_gone() -> None:
    bars = tens()
    higher = [
        Bar(bar.day, bar.close / 1.01 if bar.close > bar.open else bar.open, bar.high, 1.0, bar.close)
        for bar in rows(bars["^RUT"])
    ]
    found = studied({**bars, "^RUT": Bars.of(higher)}, PAIR, entry="next open")
    assert found.horizons["1"].mean == pytest.approx(1.0)
    assert found.entry == "next open"
    # the made opens of all other days are the closes before, and that is said
    assert "of the opens equal the close before" in found.notes[0]


def test_the_reference_can_be_followed_instead() -> None:
    found = studied(tens(), PAIR, outcome="reference")
    assert found.outcome == "reference"
    assert found.horizons["1"].mean == pytest.approx(0.0)
    assert found.horizons["1"].hit_percent == 0
    assert found.horizons["1"].relative_to_reference is None


def test_the_excess_is_over_the_same_days_where_calendars_differ() -> None:
    bars = tens()
    missing = [bar for at, bar in enumerate(rows(bars["^GSPC"])) if at % 30 != 1]
    found = studied({**bars, "^GSPC": Bars.of(missing)}, PAIR)
    one = found.horizons["5"]
    assert one.mean == pytest.approx(4.0)
    assert one.relative_to_reference == pytest.approx(4.0)


def test_under_ten_cases_there_are_counts_and_dates_alone() -> None:
    bars = {symbol: one.slice(0, 250) for symbol, one in tens().items()}
    found = studied(bars, PAIR)
    assert (found.days, len(found.episodes)) == (8, 8)
    assert found.conclusion == "8 separate cases are too few to compare with all days"
    assert {one.mean for one in found.horizons.values()} == {None}
    assert [one.cases for one in found.horizons.values()] == [8, 8, 7]


# -- conditions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("KRE above sma50", "KRE above its 50-session average"),
        ("kre  below SMA200", "KRE below its 200-session average"),
        ("^RUT within 5% of record", "RUT within 5 % of its record close"),
        ("SPX within 2.5 % of its record", "SPX within 2.5 % of its record close"),
        ("phase of SPX is bear", "phase of SPX is bear"),
        ("phase of ^RUT is Near High", "phase of RUT is near high"),
    ],
)
def test_conditions_in_words(text: str, told: str) -> None:
    assert condition(text, INSTRUMENTS).text == told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("KRE strong", "known forms: SYMBOL above smaN"),
        ("GSPX above sma50", "unknown symbol 'GSPX' in a condition; nearest: SPX"),
        ("phase of RUT is bull", "there are at record, near high"),
        ("KRE above sma1", "2 to 1000 sessions"),
        ("", "known forms"),
    ],
)
def test_an_unknown_condition_is_answered_with_the_forms(text: str, said: str) -> None:
    with pytest.raises(ConditionError, match=said):
        condition(text, INSTRUMENTS)


@pytest.mark.parametrize(
    ("text", "days"),
    [("SPX above sma50", "above"), ("SPX within 3% of record", "near"), ("phase of SPX is correction", "correction")],
)
def test_a_condition_is_what_a_table_says(text: str, days: str) -> None:
    bars = {"^RUT": walk(1, 900), "^GSPC": walk(2, 900)}
    close = pd.Series(bars["^GSPC"].close, index=bars["^GSPC"].days)
    depth = close / close.cummax() - 1
    wanted = {
        "above": close > close.rolling(50).mean(),
        "near": depth >= -0.03,
        "correction": (depth <= -0.10) & (depth > -0.20),
    }[days]
    found = condition(text, INSTRUMENTS).on(bars["^GSPC"].days, bars["^GSPC"], "XNYS")
    np.testing.assert_array_equal(found.holds, wanted)
    assert int(found.known.sum()) == (851 if days == "above" else 900)


def test_days_of_a_study_are_those_that_meet_the_condition(real: Real) -> None:
    plain = studied(real, PAIR, since=date(2006, 8, 31))
    strong = studied(real, PAIR, given=condition("KRE above sma50", INSTRUMENTS))
    weak = studied(real, PAIR, given=condition("KRE below sma50", INSTRUMENTS))
    # the fund has 50 closes from then on
    assert strong.span[0] == weak.span[0] == date(2006, 8, 31)
    assert strong.days + weak.days == plain.days
    assert strong.days_without == weak.days
    assert strong.given == "KRE above its 50-session average"
    assert strong.sessions == plain.sessions


def test_behind_a_hole_no_record_and_no_average_is_told() -> None:
    early, late = closes([100.0] * 80, first=date(2020, 1, 6)), closes([50.0] * 80, first=date(2024, 1, 8))
    bars = early.merged(late)
    record = condition("US10Y within 5% of record", INSTRUMENTS).on(bars.days, bars, "XNYS")
    assert record.known.tolist() == [True] * 80 + [False] * 80
    average = condition("US10Y below sma50", INSTRUMENTS).on(bars.days, bars, "XNYS")
    assert np.flatnonzero(average.known).tolist() == [*range(49, 80), *range(129, 160)]


def test_a_condition_abroad_is_that_of_the_day_before() -> None:
    bars = closes([100.0] * 60 + [200.0], first=date(2024, 1, 1))
    made = condition("SPX above sma50", INSTRUMENTS)
    assert made.on(bars.days, bars, "XNYS").holds[-1]
    assert not made.on(bars.days, bars, "XHKG").holds[-1]
    late = bars.days[-1:] + np.timedelta64(9, "D")
    assert not made.on(late, bars, "XNYS").known[-1]


# -- what is missing -------------------------------------------------------------------------------------


def test_a_hole_of_a_leg_is_named(real: Real) -> None:
    found = studied(real, RuleSetting(rule="momentum-divergence", watched="^TNX"))
    assert found.gaps == ("US10Y: no bars between 2020-12-31 and 2025-09-08",)


def test_a_yield_moves_in_basis_points_and_is_held_against_no_price(real: Real) -> None:
    """RSI divergences of the 10-year yield; what followed counted again with pandas, hole and all."""
    found = studied(real, RuleSetting(rule="momentum-divergence", watched="^TNX", against=("^GSPC",)))
    assert found.unit == "basis points"
    bars = real["^TNX"]
    close = pd.Series(bars.close, index=pd.DatetimeIndex(bars.days))
    days = close.index.to_series()
    ahead = (100.0 * (close.shift(-5) - close))[days.shift(-5) - days < pd.Timedelta(days=31)]
    shared = ahead[ahead.index.isin(pd.DatetimeIndex(real["^GSPC"].days))]
    five = found.horizons["5"]
    assert five.all_days.mean == pytest.approx(shared.mean())
    assert five.all_days.median == pytest.approx(shared.median())
    assert -100 < (five.worst_adverse or 0) < 0
    assert all(one.relative_to_reference is None for one in found.horizons.values())
    assert studied(real, RuleSetting(rule="momentum-divergence", watched="^RUT")).unit == "percent"


def test_a_price_is_not_held_against_a_yield() -> None:
    bars = {"^RUT": walk(1, 700), "^TNX": walk(2, 700)}
    setting = RuleSetting(rule="momentum-divergence", watched="^RUT", against=("^TNX",))
    found = studied(bars, setting)
    assert (found.unit, studied(bars, setting, outcome="reference").unit) == ("percent", "basis points")
    assert all(one.relative_to_reference is None for one in found.horizons.values())


def test_a_leg_that_ends_early_is_named() -> None:
    bars = {"A": closes([1.0] * 100), "B": closes([1.0] * 50)}
    assert holes(bars, date(2019, 1, 2), date(2019, 3, 1)) == ("B: no bars after 2019-03-12",)
    assert holes({"A": bars["A"]}, date(2019, 1, 2), date(2019, 3, 1)) == ()


def test_without_a_common_session_there_is_no_study() -> None:
    apart = {"^RUT": closes([1.0] * 9), "^GSPC": closes([1.0] * 9, first=date(2024, 1, 2))}
    assert study(PAIR, apart) is None
    assert study(PAIR, {}) is None
    assert study(PAIR, tens(), since=date(2030, 1, 1)) is None


# -- words and survival ----------------------------------------------------------------------------------


def test_the_conclusion_names_what_differs_and_what_chance_would_do() -> None:
    zero, apart = Horizon(cases=12, interval=(-1.0, 1.0), difference=0.1), Horizon(
        cases=12, interval=(-3.0, -0.5), difference=-1.5
    )  # fmt: skip
    assert conclude({"1": zero, "5": zero}, 12).startswith("not distinguishable from chance")
    said = conclude({"1": zero, "5": apart}, 12)
    assert said == (
        "the mean differs from that of all days by −1.50 points after 5 sessions (95 %: −3.00 to −0.50); "
        "of 2 such intervals about 0.1 would leave zero out by chance alone"
    )
    assert conclude({"20": Horizon(cases=9)}, 10) == "too few cases are over to compare with all days"
    assert conclude({}, 0) == "it never held in this span"
    assert conclude({}, 1) == "1 separate case is too few to compare with all days"


def told(flag: str, day: int, *states: str) -> list[Event]:
    moment = eastern(f"2025-10-{day:02d} 10:00")
    return [
        Event(
            time=moment + timedelta(minutes=at), session=date(2025, 10, day), flag=flag, rule="r", watched="A",
            against=(), state=state, sentence="",
        )
        for at, state in enumerate(states)
    ]  # fmt: skip


def test_how_many_live_flags_lasted_to_the_close() -> None:
    events = [
        *told("a", 1, "forming", "provisional", "confirmed"),
        *told("a", 2, "forming", "provisional", "faded"),
        *told("a", 3, "forming", "provisional", "faded", "forming", "provisional", "confirmed"),
        *told("a", 6, "forming", "faded"),  # never provisional
        *told("a", 7, "provisional", "unknown"),  # nobody knows
        *told("a", 8, "provisional"),  # not over yet
        *told("a", 9, "provisional", "faded"),
        *told("b", 1, "confirmed"),  # from final bars: it was never live
        *told("c", 1, "provisional", "confirmed"),
    ]
    assert survival(events) == {"a": (50.0, 4), "c": (100.0, 1)}
    assert survival([]) == {}


def test_cases_of_the_count_are_more_than_twenty_sessions_apart(real: Real) -> None:
    found = studied(real, PAIR)
    days = real["^RUT"].days
    at = np.searchsorted(days, np.array(found.episodes, "datetime64[D]"))
    assert int(np.diff(at).min()) > 20
    on = np.zeros(len(days), dtype=bool)
    on[at] = True
    assert episodes(on, 20) == at.tolist()


def test_across_exchanges_a_pair_is_studied_on_two_days_unless_said_otherwise() -> None:
    config = default_config()
    assert asked_for(config, "D12", "^HSI", ("^GSPC",)).set["days"] == 2.0
    assert asked_for(config, "D12", "^HSI", ("^GSPC",), ["days=1"]).set["days"] == 1.0
    assert "days" not in asked_for(config, "D12", "^RUT", ("^GSPC",)).set


def test_a_history_too_short_to_rank_says_so_instead_of_never() -> None:
    pair = RuleSetting(rule="correlation-break", watched="^RUT", against=("^GSPC",))
    made = study(pair, {"^RUT": walk(1, 100), "^GSPC": walk(1, 100)})
    assert made is not None
    assert made.conclusion == "100 sessions are too few to judge by: a rule that ranks needs 252 before"
    assert made.gaps[-1].startswith("100 common sessions")
