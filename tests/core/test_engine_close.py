"""Rules of official closes: judged at the close, never on prices; runs, stories and what is near."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from tapewatch.core.bars import Bar, Bars
from tapewatch.core.flags import engine as engines
from tapewatch.core.flags.aligned import Aligned
from tapewatch.core.flags.engine import FlagEngine, World
from tapewatch.core.flags.rule import Judged, Rule, Telling, Wording
from tapewatch.core.model.config import RuleSetting
from tapewatch.core.model.flag import Event

from ..market import calendar, closes, eastern, index

A, B = "^A", "^B"
FRIDAY = date(2025, 10, 17)


def judge(aligned: Aligned, parameters: Mapping[str, float | bool | str]) -> Judged:
    """On while the watched one is over a price; how near is its price."""
    close = aligned.watched.close
    on = close > float(parameters["over"])
    return Judged(
        enter=on, stay=on, decides=np.ones(len(aligned), dtype=bool), measures={"close": close},
        nearness=close - 10.0, needs=float(parameters["over"]) - 10.0,
    )  # fmt: skip


def tell(telling: Telling) -> Wording:
    return Wording(f"over {telling.setting('over'):g}", "over", "under")


CLOSING = Rule(
    name="closing", title="closing", version=1, references=0, kind="event", basis="closes",
    judge=judge, tell=tell, defaults={"over": 101.0}, live=False,
)  # fmt: skip


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "rules", lambda: {"closing": CLOSING})


def desk(*settings: RuleSetting, last: float = 100.0) -> tuple[FlagEngine, dict[str, Bars]]:
    made = closes([100.0] * 400, first=FRIDAY - timedelta(days=500)).upto(FRIDAY - timedelta(days=1))
    rules = settings or (RuleSetting(rule="closing", watched=A),)
    bars = {A: made, B: made}
    if last != 100.0:
        bars[A] = made.merged(Bars.of([Bar(FRIDAY - timedelta(days=1), 100, max(100, last), 99, last)]))
    return FlagEngine(rules, [index(A), index(B)]), bars


def world(bars: Mapping[str, Bars], now: datetime) -> World:
    return World(bars=bars, live={}, calendars={"XNYS": calendar()}, now=now)


def closing(bars: Mapping[str, Bars], price: float) -> dict[str, Bars]:
    bar = Bar(FRIDAY, 100, max(100, price), min(100, price), price)
    return {**bars, A: bars[A].merged(Bars.of([bar]))}


def judged(engine: FlagEngine, bars: Mapping[str, Bars], when: str) -> list[Event]:
    return engine.rebuild(world(bars, eastern(f"2025-10-17 {when}")))


def test_nothing_is_judged_while_the_session_runs() -> None:
    engine, bars = desk()
    judged(engine, bars, "10:00")
    assert engine.run(world(bars, eastern("2025-10-17 15:00"))) == []
    assert engine.flags(world(bars, eastern("2025-10-17 15:00"))) == ()


def test_an_official_close_in_time_confirms_without_the_word_late() -> None:
    engine, bars = desk()
    judged(engine, bars, "10:00")
    events = judged(engine, closing(bars, 102.0), "16:35")
    assert [(event.state, event.sentence) for event in events] == [("confirmed", "over 101")]
    assert events[0].time == eastern("2025-10-17 16:20")


def test_an_official_close_of_the_next_morning_confirms_late() -> None:
    engine, bars = desk()
    events = engine.rebuild(world(closing(bars, 102.0), eastern("2025-10-18 09:00")))
    assert events[0].sentence.startswith("confirmed late, from final bars: ")


def test_yesterdays_flag_stands_with_its_date_until_the_next_close_is_judged() -> None:
    engine, bars = desk(last=103.0)
    engine.rebuild(world(bars, eastern("2025-10-16 17:00")))
    now = world(bars, eastern("2025-10-17 12:00"))
    engine.run(now)
    assert [(flag.state, flag.session) for flag in engine.flags(now)] == [("confirmed", date(2025, 10, 16))]
    judged(engine, closing(bars, 100.0), "16:30")
    assert engine.flags(world(bars, eastern("2025-10-17 16:30"))) == ()


def test_a_leg_without_its_official_close_makes_it_unknown_and_is_named() -> None:
    engine, bars = desk(RuleSetting(rule="closing", watched=A, against=(B,)), last=103.0)
    engine.rebuild(world(bars, eastern("2025-10-16 17:00")))
    late = closing(bars, 104.0)
    engine.rebuild(world(late, eastern("2025-10-17 16:30")))
    events = engine.run(world(late, eastern("2025-10-17 17:21")))
    assert [(event.state, event.sentence) for event in events] == [("unknown", "B has no official close of Fri 17 Oct")]


def test_the_same_flag_within_five_sessions_goes_on() -> None:
    engine, bars = desk(last=103.0)
    after = closing(bars, 104.0)
    engine.rebuild(world(after, eastern("2025-10-17 17:00")))
    assert engine.flags(world(after, eastern("2025-10-17 17:00")))[0].continues == date(2025, 10, 16)


def test_a_flag_that_was_off_longer_is_new() -> None:
    engine, bars = desk()
    after = closing(bars, 104.0)
    engine.rebuild(world(after, eastern("2025-10-17 17:00")))
    assert engine.flags(world(after, eastern("2025-10-17 17:00")))[0].continues is None


def test_flags_on_one_instrument_in_one_session_are_one_story() -> None:
    settings = [RuleSetting(rule="closing", watched=A, set={"over": over}) for over in (101.0, 102.0)]
    engine, bars = desk(*settings, RuleSetting(rule="closing", watched=B))
    after = closing(bars, 104.0)
    after[B] = after[A]
    engine.rebuild(world(after, eastern("2025-10-17 17:00")))
    assert (engine.chance().flags, engine.chance().stories) == (3, 2)


def test_the_nearest_to_firing_is_named_with_what_it_needs() -> None:
    settings = [RuleSetting(rule="closing", watched=A, set={"over": over}) for over in (109.0, 105.0)]
    engine, bars = desk(*settings)
    judged(engine, closing(bars, 104.0), "17:00")
    assert [(one.percentile, one.needs) for one in engine.nearest()] == [(94.0, 95.0), (94.0, 99.0)]
    judged(engine, closing(bars, 106.0), "17:00")
    assert [one.needs for one in engine.nearest()] == [99.0]


def test_going_through_the_past_nothing_is_late() -> None:
    engine, bars = desk(last=103.0)
    engine.replayed = True
    events = engine.rebuild(world(closing(bars, 104.0), eastern("2025-10-17 23:59")), sessions=10)
    assert [(event.session.day, event.sentence) for event in events] == [(16, "over 101"), (17, "over 101")]
