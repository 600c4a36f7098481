"""The week in words: the articles' weeks from real bars, every number traceable, nothing from later."""

import re
from collections.abc import Callable
from datetime import date
from functools import cache

import msgspec
import pytest

from tapewatch.core.bars import Bars
from tapewatch.core.compose import compose_as_of
from tapewatch.core.model.flag import Flag
from tapewatch.core.model.measures import Level, Momentum
from tapewatch.core.model.recap import CLOSING, Part, Recap, Statement
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.recap import recap_of
from tapewatch.core.sessions import Calendars
from tapewatch.core.universe import RULES, default_config

from ..market import closes, index, until, walk, watching
from .recap_reading import is_plain, led_to, statements, unexplained

CONFIG = msgspec.structs.replace(
    default_config(), rules=tuple(one for one in RULES if one.rule in ("same-day-direction", "record-reversal"))
)
CALENDARS = Calendars()
Told = tuple[Recap, Snapshot]
Week = Callable[..., Told]


@pytest.fixture(scope="module")
def week(real: dict[str, Bars]) -> Week:
    @cache
    def look(day: str, watched: str = "^RUT") -> Told:
        return told(real, date.fromisoformat(day), watched)

    return look


def told(bars: dict[str, Bars], day: date, watched: str = "^RUT") -> Told:
    snapshot = compose_as_of(CONFIG, bars, day, CALENDARS)
    made = recap_of(snapshot, bars, watched=watched)
    assert made is not None
    return made, snapshot


def part(recap: Recap, key: str) -> Part:
    return next(one for one in recap.parts if one.key == key)


def words(recap: Recap, key: str) -> str:
    found = part(recap, key)
    return " ".join((found.heading.text, *(one.text for one in found.sentences))).replace("\u00a0", " ")


# -- the articles' weeks --------------------------------------------------------------------------------


def test_the_week_of_the_record_2541_67(week: Week) -> None:
    recap, _ = week("2025-10-17")
    assert recap.title == "the week of 13–17 October 2025"
    assert words(recap, "week").startswith("RUT +2.40 % on the week, closing at 28 % of its range")
    assert "Monday’s open the change is +1.20 %, from Monday’s close −0.38 %" in words(recap, "week")
    assert "2,541.67, set on Wednesday; the record close is 2,519.75, set on Wednesday" in words(recap, "record")
    assert "Tuesday’s high of 2,512.68" in words(recap, "record")
    assert "two sessions later, is 3.52 % (89.50 points, 2.1 ATR) under the first and 2.68 %" in words(recap, "record")
    assert "5.18 % of the previous close" in words(recap, "range")
    assert "RUT led by 0.70 pp" in words(recap, "others")
    assert "KRE −1.86 %" in words(recap, "others")
    assert "Hang Seng −3.97 %" in words(recap, "others")
    assert part(recap, "path").heading.text == "Thursday gave back 42\u00a0% of the gain"
    assert "a range of 71.04 points (1.6 ATR), closing at 12 % of it" in words(recap, "sessions")
    assert "closing at 59 % of it, 18.98 points above the low of 2,433.19" in words(recap, "sessions")
    assert "Same-day direction against SPX and DJIA on Friday: " in words(recap, "flags")
    assert "Record-high reversal on Friday: " in words(recap, "flags")
    assert "US10Y at 4.007, −4.4 bp" in words(recap, "macro")
    assert recap.closing == CLOSING


def test_what_would_change_that_week(week: Week) -> None:
    recap, _ = week("2025-10-17")
    turns = {(one.side, round(one.price, 2)): one for one in recap.turns}
    assert turns["above", 2519.75].meaning == "a new record close"
    assert turns["above", 2519.75].distance_percent == pytest.approx(2.756, abs=5e-4)
    assert turns["under", 2417.74].meaning == "under the week’s low"
    assert turns["under", 2417.74].distance_percent == pytest.approx(-1.404, abs=5e-4)
    assert turns["under", 2393.76].meaning == "phase: pullback"
    assert any("clears" in one.meaning for one in recap.turns)


def test_its_records_are_marked_session_by_session(week: Week) -> None:
    recap, _ = week("2025-10-17")
    assert [one.record_high for one in recap.by_session] == [False, True, True, False, False]
    assert [one.record_close for one in recap.by_session] == [False, True, True, False, False]
    assert {one.short for one in recap.by_index if one.disagrees} == {"COMP", "RUT", "IWM", "VIX"}


def test_the_week_that_edged_higher_and_did_not_lag(week: Week) -> None:
    recap, _ = week("2025-08-08")
    assert "up 2.38 %" in words(recap, "week")
    assert "the change is +1.90 %, from Monday’s close +0.28 %" in words(recap, "week")
    assert "RUT lagged by 0.04 pp" in words(recap, "others")
    assert "Nasdaq Comp +3.87 %" in words(recap, "others")
    assert "10.06 % under the intraday record" in words(recap, "record")
    assert "2,466.49 of 25 November 2024" in words(recap, "record")
    assert "a rise of 11.18 % would bring back" in words(recap, "record")
    assert "1,732.99 to 2,466.49 it stands at 66 %" in words(recap, "range")
    assert "Of Tuesday’s own gain of 13.37 points 81.9 % was given back by Thursday’s close" in words(recap, "path")
    assert "No flag was confirmed on RUT" in words(recap, "flags")


def test_any_index_can_be_the_subject(week: Week) -> None:
    recap, _ = week("2025-10-17", "^GSPC")
    assert "The S&P 500 ended the week at 6,664.01, up 1.70 %" in words(recap, "week")
    assert "The Russell 2000 gained 2.40 %, so SPX lagged by 0.70 pp" in words(recap, "others")
    yields, _ = week("2025-10-17", "^TNX")
    assert "US10Y −4.4 bp on the week" in words(yields, "week")
    assert "%" not in part(yields, "week").sentences[0].text


# -- short weeks and weeks under way --------------------------------------------------------------------


def test_a_week_of_four_sessions_is_set_beside_hong_kongs_five(week: Week) -> None:
    recap, _ = week("2018-12-07")
    assert (recap.sessions, recap.expected, recap.final) == (4, 4, True)
    assert "ended a week of four sessions at 1,448.09" in words(recap, "week")
    assert "Hang Seng −1.67 % (5 of 5 sessions)" in words(recap, "others")
    assert [one.day.day for one in recap.by_session] == [3, 4, 6, 7]


def test_the_week_of_one_session_has_no_path_but_that_session(week: Week) -> None:
    recap, _ = week("2001-09-14")
    assert (recap.sessions, recap.as_of) == (1, date(2001, 9, 10))
    assert "a week of one session" in words(recap, "week")
    assert part(recap, "path").heading.text.startswith("The largest session: Monday")
    assert "without their signs" not in words(recap, "path")


def test_a_week_under_way_says_so_and_judges_no_pattern(week: Week) -> None:
    recap, snapshot = week("2025-10-15")
    assert (recap.sessions, recap.expected, recap.final) == (3, 5, False)
    assert "stands at 2,519.75 after three of five sessions, up 5.23 %" in words(recap, "week")
    assert "percentile" not in words(recap, "range")
    assert recap.as_of == date(2025, 10, 15)
    assert [unexplained(one) for one in statements(recap) if unexplained(one)] == []
    assert snapshot.session == recap.as_of


# -- every number ---------------------------------------------------------------------------------------

WEEKS = ("2025-10-17", "2025-08-08", "2018-12-07", "2001-09-14", "2020-03-20", "2024-11-29", "2021-11-12", "1987-10-23")


@pytest.mark.parametrize("day", WEEKS)
def test_every_number_in_the_words_is_one_of_their_figures(week: Week, day: str) -> None:
    recap, _ = week(day)
    for statement in statements(recap):
        assert unexplained(statement) == [], statement.text
        assert set(statement.figures) == set(statement.sources)


@pytest.mark.parametrize("day", WEEKS[:4])
def test_every_path_leads_to_its_figure(week: Week, day: str) -> None:
    recap, snapshot = week(day)
    plain = 0
    for statement in statements(recap):
        for name, source in statement.sources.items():
            assert source, (statement.text, name)
            if is_plain(source):
                plain += 1
                found = led_to(source, recap, snapshot)
                found = found.year if name == "since" and isinstance(found, date) else found
                found = found.isoformat() if isinstance(found, date) else found
                assert statement.figures[name] == found, (statement.text, name, source)
    assert plain > 30
    for turn in recap.turns:
        if is_plain(turn.source):
            assert led_to(turn.source, recap, snapshot) == turn.price


def test_words_hold_no_cause_no_advice_and_no_opinion(week: Week) -> None:
    forbidden = {
        "because", "due", "amid", "investors", "fear", "hope", "should", "must", "buy", "sell", "expect", "likely",
        "strong", "weak", "sharp", "bullish", "bearish", "surge", "plunge", "only", "just", "even",
    }  # fmt: skip
    for day in WEEKS:
        text = " ".join(one.text for one in statements(week(day)[0])).lower()
        assert set(re.findall(r"[a-z]+", text)) & forbidden == set()


def test_a_number_from_nowhere_would_be_found() -> None:
    true = Statement(text="up 2.40\u00a0% in two sessions", figures={"a": 2.404, "b": 2.0})
    assert unexplained(true) == []
    assert unexplained(msgspec.structs.replace(true, text="up 2.41\u00a0% in three sessions")) == ["2.41", "three"]
    assert unexplained(msgspec.structs.replace(true, text="−2.40\u00a0% in two sessions")) == ["−2.40"]


# -- nothing later, nothing missing ---------------------------------------------------------------------


def test_what_comes_later_changes_nothing(real: dict[str, Bars], week: Week) -> None:
    day = date(2025, 8, 8)
    assert recap_of(week("2025-08-08")[1], real, watched="^RUT") == week("2025-08-08")[0]
    assert told({symbol: until(one, day) for symbol, one in real.items()}, day)[0] == week("2025-08-08")[0]


def test_without_banks_and_hong_kong_they_are_named_and_left_out(real: dict[str, Bars]) -> None:
    few = {symbol: one for symbol, one in real.items() if symbol not in ("KRE", "^HSI")}
    recap, _ = told(few, date(2025, 10, 17))
    assert {"KRE", "HSI"} <= set(recap.missing)
    assert "KRE" not in words(recap, "others")
    assert "Hang Seng" not in words(recap, "others")
    assert [unexplained(one) for one in statements(recap) if unexplained(one)] == []


BOARD = watching(index("^GSPC"), index("^RUT"))


def made(day: date, seed: int = 3) -> dict[str, Bars]:
    return {
        one.symbol: until(walk(seed + at, 700, first=date(2023, 3, 1)), day) for at, one in enumerate(BOARD.watched)
    }


def test_a_running_session_is_not_in_it() -> None:
    wednesday = date(2025, 10, 15)
    bars = made(wednesday)
    closed = compose_as_of(BOARD, bars, wednesday, CALENDARS)
    calm = recap_of(closed, bars)
    assert calm is not None
    rows = tuple(
        msgspec.structs.replace(
            row,
            quote=msgspec.structs.replace(row.quote, state="live", session=date(2025, 10, 16), last=9999.0),
            week=msgspec.structs.replace(row.week, close=9999.0, sessions=4) if row.week else None,
        )
        for row in closed.instruments
        if row.quote is not None
    )
    running = Flag(
        id="record-reversal:^RUT", rule="record-reversal", watched="^RUT", against=(), state="provisional",
        severity="info", first_seen=closed.clock.now, last_seen=closed.clock.now, session=date(2025, 10, 16),
        sentence="", clears_when="a close above 8,888.00, or 3 sessions",
    )  # fmt: skip
    unknown = msgspec.structs.replace(running, state="unknown")
    live = recap_of(msgspec.structs.replace(closed, instruments=rows, flags=(running, unknown)), bars)
    assert live is not None
    assert (live.by_session, live.by_index, live.as_of) == (calm.by_session, calm.by_index, calm.as_of)
    assert live.turns == calm.turns
    told_now = " ".join(one.text for one in statements(live))
    assert "9,999" not in told_now
    assert "could not be judged" not in told_now


def test_without_bars_of_the_subject_there_is_no_recap() -> None:
    bars = {"^GSPC": made(date(2025, 10, 17))["^GSPC"]}
    snapshot = compose_as_of(BOARD, bars, date(2025, 10, 17), CALENDARS)
    assert recap_of(snapshot, bars) is None
    assert recap_of(snapshot, bars, watched="^GSPC") is not None


def test_a_week_that_never_moves_is_told_without_a_position() -> None:
    flat = closes([100.0] * 330, first=date(2024, 7, 22), reach=0.0).upto(date(2025, 10, 17))
    snapshot = compose_as_of(BOARD, {"^RUT": flat}, date(2025, 10, 17), CALENDARS)
    recap = recap_of(snapshot, {"^RUT": flat})
    assert recap is not None
    assert "unchanged" in words(recap, "week")
    assert [unexplained(one) for one in statements(recap) if unexplained(one)] == []


@pytest.mark.parametrize("seed", range(6))
def test_made_markets_are_told_with_traceable_numbers_too(seed: int) -> None:
    for friday in (date(2025, 1, 10), date(2025, 4, 18), date(2025, 6, 27)):
        bars = made(friday, 10 * seed)
        snapshot = compose_as_of(BOARD, bars, friday, CALENDARS)
        recap = recap_of(snapshot, bars)
        assert recap is not None
        assert [unexplained(one) for one in statements(recap) if unexplained(one)] == []


# -- what the row may carry besides ---------------------------------------------------------------------


def test_levels_and_momentum_are_told_where_the_row_has_them() -> None:
    friday = date(2025, 10, 17)
    bars = made(friday)
    snapshot = compose_as_of(BOARD, bars, friday, CALENDARS)
    last = float(bars["^RUT"].close[-1])

    def level(factor: float, *sources: str, reach: float = 0.0) -> Level:
        price = last * factor
        return Level(
            price=price, low=price - reach, high=price + reach, sources=sources,
            distance_points=price - last, distance_percent=100 * (factor - 1), distance_atr=50 * (factor - 1),
        )  # fmt: skip

    levels = (
        level(1.09, "pivot R3"), level(1.05, "52-week high", "record"), level(1.02, "round number", reach=1.0),
        level(1.0, "two lows", reach=0.5), level(0.98, "SMA50"), level(0.95, "swing low"), level(0.9, "week low"),
        Level(price=last, low=last, high=last, sources=("user level",), series="CFD"),
    )  # fmt: skip
    state = Momentum(as_of=friday, rsi14=51.8, macd_histogram=-1.5, sma50=last / 1.0555, sma200=last * 1.1)
    rows = tuple(
        msgspec.structs.replace(row, levels=levels, momentum=state, atr14=last / 50) for row in snapshot.instruments
    )
    recap = recap_of(msgspec.structs.replace(snapshot, instruments=rows), bars)
    assert recap is not None
    told = words(recap, "levels")
    assert "(0.00 %, 0.0 ATR: two lows)" in told
    assert "(+2.00 %, 1.0 ATR: round number)" in told
    assert "(+5.00 %, 2.5 ATR: 52-week high and record)" in told
    assert "(−2.00 %, 1.0 ATR: SMA50)" in told
    assert "pivot R3" not in told
    assert "user level" not in told
    assert "RSI(14) 51.8; MACD histogram −1.50; +5.55 % from the average of 50 sessions" in words(recap, "momentum")
    assert [unexplained(one) for one in statements(recap) if unexplained(one)] == []
