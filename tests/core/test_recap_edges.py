"""Weeks at the edges: tiny bases, volatility and yields, the first days of a history, rules that wait."""

import re
from collections.abc import Callable
from datetime import date
from functools import cache

import msgspec
import pytest

from tapewatch.core.bars import Bars
from tapewatch.core.compose import compose_as_of
from tapewatch.core.model.config import Config
from tapewatch.core.model.recap import Recap
from tapewatch.core.recap import recap_of
from tapewatch.core.sessions import Calendars
from tapewatch.core.universe import RULES, default_config

from ..market import closes, index, until, walk, watching
from .recap_reading import statements, unexplained

CONFIG = msgspec.structs.replace(
    default_config(), rules=tuple(one for one in RULES if one.rule in ("same-day-direction", "record-reversal"))
)
BOARD = watching(index("^GSPC"), index("^RUT"))
FRIDAY = date(2025, 10, 17)
Week = Callable[..., Recap]


@pytest.fixture(scope="module")
def week(real: dict[str, Bars]) -> Week:
    @cache
    def look(day: str, watched: str = "^RUT") -> Recap:
        snapshot = compose_as_of(CONFIG, real, date.fromisoformat(day), Calendars())
        made = recap_of(snapshot, real, watched=watched)
        assert made is not None
        assert [one for one in statements(made) if unexplained(one)] == []
        return made

    return look


def words(recap: Recap, key: str) -> str:
    found = next(one for one in recap.parts if one.key == key)
    return " ".join((found.heading.text, *(one.text for one in found.sentences))).replace("\u00a0", " ")


def told(config: Config, bars: dict[str, Bars], day: date = FRIDAY) -> Recap:
    snapshot = compose_as_of(config, bars, day, Calendars())
    made = recap_of(snapshot, bars)
    assert made is not None
    assert [one for one in statements(made) if unexplained(one)] == []
    return made


# -- given back -----------------------------------------------------------------------------------------


def test_a_loss_of_half_a_point_is_none_to_take_back(week: Week) -> None:
    assert words(week("2025-10-24"), "path").startswith("The largest session: Monday +1.95 %")


@pytest.mark.parametrize("day", ["2025-08-15", "2025-10-10", "2007-01-05", "2025-10-24", "2025-10-17"])
def test_no_share_given_back_is_more_than_all(week: Week, day: str) -> None:
    shares = [float(one.replace(",", "")) for one in re.findall(r"([\d,.]+) %", words(week(day), "path"))]
    assert max(shares) <= 100.0


def test_more_than_all_is_said_in_points(week: Week) -> None:
    path = words(week("2025-10-17", "^VIX"), "path")
    assert path.startswith("Thursday took back more than all of the loss of 2.63 points")
    assert "it fell 2.63 points; Thursday took back 4.67 points, more than all of it" in path


# -- volatility and yields ------------------------------------------------------------------------------


@pytest.mark.parametrize("symbol", ["^VIX", "^TNX"])
def test_volatility_and_yields_neither_lead_nor_lag(week: Week, symbol: str) -> None:
    others = words(week("2025-10-17", symbol), "others")
    assert "S&P 500 +1.70 %" in others
    assert not {"led", "lagged", "Behind", "Ahead"} & set(others.split())


def test_a_yield_moves_in_basis_points_session_by_session(week: Week) -> None:
    recap = week("2025-10-17", "^TNX")
    changes = [round(one.change_points or 0.0, 1) for one in recap.by_session]
    assert changes == [0.0, -2.9, 2.4, -7.0, 3.1]
    assert "Tuesday fell 2.9 bp to 4.022" in words(recap, "sessions")
    assert "fell 7.5 bp; Friday took back 3.1 bp of it (41 %)" in words(recap, "path")
    assert all(one.change_percent is None for one in recap.by_session)
    assert sum(round(one.change_points or 0.0, 1) for one in recap.by_session) == pytest.approx(-4.4)


# -- records --------------------------------------------------------------------------------------------


def test_the_first_days_of_a_history_set_no_record(week: Week) -> None:
    recap = week("1987-09-11")
    assert "The history begins with this week" in words(recap, "record")
    assert "begin on 10 September; a record is told from 252 sessions on" in words(recap, "record")
    assert not any(one.record_high or one.record_close for one in recap.by_session)
    assert "RUT" not in [one.short for one in recap.records]
    assert not any("record" in one.meaning or "phase" in one.meaning for one in recap.turns)
    assert "record" not in words(recap, "levels")


def test_a_record_needs_a_year_behind_it() -> None:
    rising = closes([100.0 + step for step in range(400)], first=date(2024, 1, 2)).upto(FRIDAY)
    for sessions, made in ((252, False), (253, True)):
        bars = rising.slice(len(rising) - sessions, len(rising))
        recap = told(BOARD, {"^RUT": bars}, bars.day(sessions - 1))
        assert recap.by_session[-1].record_close is made


def test_records_of_one_basis_alone_are_counted_alone() -> None:
    prices = [100.0] * 300 + [101.0]
    bars = closes(prices, first=date(2024, 8, 1), reach=0.0)
    highs = bars.high.copy()
    highs[0] = 150.0
    spiked = Bars.columns(bars.days, bars.open, highs, bars.low, bars.close, bars.volume)
    recap = told(BOARD, {"^RUT": spiked}, bars.day(len(bars) - 1))
    assert words(recap, "record").startswith("One record close The intraday record")


# -- rules that wait ------------------------------------------------------------------------------------


def test_rules_that_were_not_judged_are_told_with_their_reason() -> None:
    bars = {one.symbol: until(walk(at, 700, first=date(2023, 3, 1)), FRIDAY) for at, one in enumerate(BOARD.watched)}
    recap = told(CONFIG, bars)
    flags = words(recap, "flags")
    assert "Not judged: " in flags
    assert "DJIA has no history yet" in flags
    assert "lacks the session" not in flags


@pytest.mark.parametrize("sessions", [1, 5])
def test_while_histories_load_no_heading_stands_alone_and_no_rule_is_said_to_be_off(sessions: int) -> None:
    bars: dict[str, Bars] = {}
    for at, one in enumerate(CONFIG.instruments):
        whole = until(walk(at, 900, first=date(2022, 6, 1)), FRIDAY)
        bars[one.symbol] = whole.slice(len(whole) - sessions, len(whole))
    recap = told(CONFIG, bars)
    assert all(one.sentences or one.heading.figures for one in recap.parts)
    flags = words(recap, "flags")
    assert "No flag was confirmed" not in flags
    assert "0.0 flags" not in flags
    assert f"Rules need 252 sessions of history; RUT has {sessions}." in flags
