"""Flags through a day: formed on 5-minute bars, confirmed on final bars, unknown where a leg fails."""

from datetime import date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewatch.core.bars import Bar, Bars
from tapewatch.core.flags.engine import FlagEngine, World
from tapewatch.core.flags.lifecycle import Life
from tapewatch.core.live import Live, absorb
from tapewatch.core.model.config import RuleSetting
from tapewatch.core.model.flag import Event, Flag

from ..market import NEW_YORK, calendar, closes, eastern, five_minutes, index, tick

A, B, C = "^A", "^B", "^C"
FRIDAY = date(2025, 10, 17)
OPEN = eastern("2025-10-17 09:30")
FIVE = timedelta(minutes=5)
PAIR = RuleSetting(rule="same-day-direction", watched=A, against=(B,))
WEEKLY = RuleSetting(rule="weekly-lag", watched=A, against=(B,))


def history(last: date = date(2025, 10, 16), count: int = 300) -> Bars:
    """A flat past at 100 that ends on a day."""
    first = last - timedelta(days=count // 5 * 7 + 7)
    made = closes([100.0] * (count + 30), first=first)
    return made.upto(last)


class Desk:
    """A market of a few instruments and the engine over it, moved from moment to moment."""

    def __init__(self, *rules: RuleSetting, symbols: tuple[str, ...] = (A, B), lives: dict[str, Life] | None = None):
        self.instruments = [index(symbol) for symbol in symbols]
        self.bars = {symbol: history() for symbol in symbols}
        self.live: dict[str, Live] = {}
        self.engine = FlagEngine(rules, self.instruments, lives=dict(lives or {}))
        self.events: list[Event] = []
        self.now = OPEN - timedelta(minutes=30)
        self.rebuild()

    def world(self) -> World:
        return World(bars=self.bars, live=self.live, calendars={"XNYS": calendar()}, now=self.now)

    def rebuild(self) -> None:
        self.events += self.engine.rebuild(self.world())

    def sees(self, symbol: str, prices: list[float], now: datetime) -> None:
        """A price answer that holds the session's 5-minute bars as far as now."""
        self.now = now
        done = int((now - OPEN) / FIVE)
        known = prices[: done + 1]
        if known:
            end = min(now, OPEN + len(known) * FIVE)
            answer = tick(symbol, end, known[-1], bars=five_minutes(OPEN + FIVE, known))
            self.live[symbol] = absorb(self.live.get(symbol), answer, now)

    def runs(self, now: datetime) -> None:
        self.now = now
        self.events += self.engine.run(self.world())

    def closes(self, now: datetime, **official: float) -> None:
        """Official closes come in."""
        self.now = now
        for name, close in official.items():
            bar = Bar(FRIDAY, 100, max(100, close), min(100, close), close)
            self.bars[f"^{name}"] = self.bars[f"^{name}"].merged(Bars.of([bar]))
        self.rebuild()

    def through(self, prices: dict[str, list[float]], until: str, every: timedelta = FIVE) -> None:
        """Prices and judgement at regular moments."""
        end = eastern(f"2025-10-17 {until}")
        now = max(OPEN, self.now)
        while now <= end:
            for symbol, path in prices.items():
                self.sees(symbol, path, now)
            self.runs(now)
            now += every

    def journal(self) -> list[tuple[str, str]]:
        return [(f"{event.time.astimezone(NEW_YORK):%H:%M}", event.state) for event in self.events]

    def flag(self) -> Flag:
        return self.engine.flags(self.world())[0]


def path(*parts: tuple[int, float]) -> list[float]:
    """5-minute closes: so many bars at a price, and so on to the close."""
    made = [price for count, price in parts for _ in range(count)]
    return made + [made[-1]] * (78 - len(made))


FALLS_AT_TWO = path((54, 100.1), (24, 99.5))
RISES = path((78, 101.0))


def test_a_flag_forms_holds_and_is_confirmed() -> None:
    desk = Desk(PAIR)
    desk.through({A: FALLS_AT_TWO, B: RISES}, "16:00")
    desk.closes(eastern("2025-10-17 16:21"), A=99.4, B=101.0)
    assert desk.journal() == [("14:05", "forming"), ("14:20", "provisional"), ("16:20", "confirmed")]
    flag = desk.flag()
    assert (flag.state, flag.session, flag.against) == ("confirmed", FRIDAY, (B,))
    assert flag.measures[A] == pytest.approx(-0.6)
    assert "−0.60" in flag.sentence
    assert flag.first_seen == eastern("2025-10-17 14:05")
    assert desk.events[-1].source == "final bars"


def test_official_closes_may_say_otherwise() -> None:
    desk = Desk(PAIR)
    desk.through({A: FALLS_AT_TWO, B: RISES}, "16:00")
    desk.closes(eastern("2025-10-17 16:21"), A=100.2, B=101.0)
    assert desk.journal()[-1] == ("16:20", "faded")
    assert desk.flag().state == "faded"


def test_nothing_is_settled_before_the_official_closes_can_be_had() -> None:
    desk = Desk(PAIR)
    desk.closes(eastern("2025-10-17 16:19"), A=99.0, B=101.0)
    assert desk.journal() == []


def test_a_feed_that_was_not_there_confirms_late_and_says_so() -> None:
    desk = Desk(PAIR)
    desk.closes(eastern("2025-10-17 21:00"), A=99.0, B=101.0)
    assert desk.journal() == [("16:20", "confirmed")]
    assert desk.events[0].sentence.startswith("confirmed late, from final bars: ")


@pytest.mark.parametrize("spoken", ["10:00", "13:05"])
def test_a_leg_that_falls_silent_makes_the_flag_unknown_and_is_named(spoken: str) -> None:
    desk = Desk(PAIR)
    bars = int((eastern(f"2025-10-17 {spoken}") - OPEN) / FIVE)
    while desk.now <= eastern("2025-10-17 14:00"):
        now = max(OPEN, desk.now + FIVE)
        desk.sees(A, FALLS_AT_TWO, now)
        if now <= eastern(f"2025-10-17 {spoken}"):
            desk.sees(B, RISES[: bars + 1], now)
        desk.runs(now)
    assert {state for _, state in desk.journal()} == {"unknown"}
    assert len(desk.events) == 1
    assert desk.events[0].sentence.startswith(f"B has been silent since {spoken}")
    assert desk.flag().state == "unknown"


def test_a_leg_without_any_price_of_the_day_is_named_with_its_last_session() -> None:
    desk = Desk(PAIR)
    desk.through({A: FALLS_AT_TWO}, "11:00")
    assert [event.state for event in desk.events] == ["unknown"]
    assert desk.events[0].sentence == "B has no prices of this session; its last is of Thu 16 Oct"


def test_an_official_close_that_never_comes_is_named() -> None:
    desk = Desk(PAIR)
    desk.through({A: RISES, B: RISES}, "16:00")
    desk.closes(eastern("2025-10-17 16:30"), A=101.0)
    desk.runs(eastern("2025-10-17 17:19"))
    assert desk.journal() == []
    desk.runs(eastern("2025-10-17 17:20"))
    assert desk.journal() == [("17:20", "unknown")]
    assert desk.events[0].sentence == "B has no official close of Fri 17 Oct"


def test_on_final_bars_alone_a_missing_leg_is_unknown_too() -> None:
    desk = Desk(PAIR)
    desk.closes(eastern("2025-10-17 20:00"), A=101.0)
    desk.events += desk.engine.missing_legs(desk.world())
    assert desk.journal() == [("16:20", "unknown")]


def test_exchanges_that_are_open_at_different_hours_are_not_compared_live() -> None:
    setting = RuleSetting(rule="same-day-direction", watched=A, against=("^H",))
    desk = Desk(setting, symbols=(A, "^H"))
    desk.engine = FlagEngine([setting], [index(A), index("^H", "XHKG")])
    desk.rebuild()
    desk.through({A: FALLS_AT_TWO, "^H": RISES}, "11:00")
    assert "different exchanges" in desk.events[0].sentence


WANDERS = st.lists(st.sampled_from([99.5, 100.05, 100.2]), min_size=30, max_size=30)


@given(WANDERS, st.integers(1, 30))
@settings(max_examples=25)
def test_a_feed_that_is_started_anew_in_the_middle_writes_no_line_twice(prices: list[float], cut: int) -> None:
    whole = Desk(PAIR)
    whole.through({A: prices, B: RISES}, "12:00")
    before = Desk(PAIR)
    before.through({A: prices, B: RISES}, f"{(OPEN + cut * FIVE).astimezone(NEW_YORK):%H:%M}")
    stored = msgspec.json.decode(msgspec.json.encode(before.engine.lives), type=dict[str, Life])
    after = Desk(PAIR, lives=stored)
    after.now = before.now
    after.through({A: prices, B: RISES}, "12:00")
    assert before.journal() + after.journal() == whole.journal()


@pytest.mark.parametrize("every", [timedelta(seconds=37), timedelta(minutes=3), timedelta(minutes=5)])
@given(WANDERS)
@settings(max_examples=12)
def test_how_often_prices_come_and_rules_are_judged_changes_nothing(every: timedelta, prices: list[float]) -> None:
    usual = Desk(PAIR)
    usual.through({A: prices, B: RISES}, "12:15", timedelta(minutes=1))
    other = Desk(PAIR)
    other.through({A: prices, B: RISES}, "12:15", every)
    assert other.journal() == usual.journal()


@given(WANDERS, st.integers(1, 12))
@settings(max_examples=25)
def test_a_bar_that_comes_late_is_waited_for(prices: list[float], behind: int) -> None:
    """Judging between two answers, before the newest bar has come, changes nothing."""
    usual = Desk(PAIR)
    usual.through({A: prices, B: RISES}, "12:15", timedelta(minutes=1))
    hasty = Desk(PAIR)
    now = OPEN
    while now <= eastern("2025-10-17 12:15"):
        if int((now - OPEN) / timedelta(minutes=1)) % behind == 0:
            hasty.sees(A, prices, now)
            hasty.sees(B, RISES, now)
        hasty.runs(now)
        now += timedelta(minutes=1)
    assert hasty.journal() == usual.journal()


# -- weeks ----------------------------------------------------------------------------------------------


def a_laggard(last: date) -> dict[str, Bars]:
    """Three years in which A leads and lags a little, then a last week in which it falls by four percent."""
    count = 850
    first = date(2022, 9, 5)
    wobble = [100.0 + (0.2 if at // 5 % 2 else -0.2) + at // 5 / 1e4 for at in range(count)]
    own, other = closes(wobble, first=first).upto(last), closes([100.0] * count, first=first).upto(last)
    monday = last - timedelta(days=last.weekday())
    fall = [Bar(day, 96, 97, 95, 96) for day in own.days.astype(object).tolist() if day >= monday]
    return {A: own.merged(Bars.of(fall)), B: other}


def evening(bars: dict[str, Bars], day: date, lives: dict[str, Life] | None = None) -> Desk:
    """A feed that is started on the evening of a day."""
    desk = Desk(WEEKLY)
    desk.engine = FlagEngine([WEEKLY], desk.instruments, lives=dict(lives or {}))
    desk.bars, desk.now = bars, eastern(f"{day} 20:00")
    desk.rebuild()
    return desk


@pytest.mark.parametrize(
    ("last", "journal"),
    [
        (date(2025, 10, 15), [("16:20", "provisional")]),
        (date(2025, 10, 16), [("16:20", "provisional")]),
        (date(2025, 10, 17), [("16:20", "confirmed")]),
    ],
)
def test_a_weekly_flag_is_confirmed_at_the_weeks_last_close_alone(last: date, journal: list[tuple[str, str]]) -> None:
    assert evening(a_laggard(last), last).journal() == journal


def test_a_week_whose_last_close_one_leg_lacks_is_not_decided_by_the_day_before() -> None:
    bars = a_laggard(FRIDAY)
    desk = evening(bars | {B: bars[B].upto(date(2025, 10, 16))}, FRIDAY)
    assert desk.journal() == [("16:20", "provisional")]
    desk.events += desk.engine.missing_legs(desk.world())
    assert desk.journal()[-1] == ("16:20", "unknown")
    assert "B has no official close of Fri 17 Oct" in desk.events[-1].sentence


# -- what a trader sees ---------------------------------------------------------------------------------


def test_flags_on_are_counted_beside_an_ordinary_day() -> None:
    desk = Desk(PAIR)
    desk.bars = {A: closes([100.0, 99.0] * 150, first=date(2024, 8, 1)).upto(date(2025, 9, 1)),
                 B: closes([100.0, 101.0] * 150, first=date(2024, 8, 1)).upto(date(2025, 9, 1))}  # fmt: skip
    desk.engine = FlagEngine([PAIR], desk.instruments)
    desk.rebuild()
    # every second day A falls by 1 % while B rises by 1 %
    assert desk.engine.chance().expected == pytest.approx(0.5, abs=0.01)


def test_a_rule_nobody_knows_is_left_out() -> None:
    desk = Desk(RuleSetting(rule="moon-phase", watched=A), PAIR)
    assert set(desk.engine.watches) == {PAIR.id}


def test_a_pair_without_bars_says_nothing_and_fails_nothing() -> None:
    desk = Desk(RuleSetting(rule="same-day-direction", watched="^X", against=("^Y",)))
    desk.through({}, "12:00")
    assert all(event.state == "unknown" for event in desk.events)


def test_a_rule_whose_past_is_too_short_for_its_numbers_is_silent() -> None:
    desk = Desk(WEEKLY)
    desk.through({A: FALLS_AT_TWO, B: RISES}, "16:00")
    desk.closes(eastern("2025-10-17 16:21"), A=90.0, B=101.0)
    assert desk.events == []
    assert desk.engine.flags(desk.world()) == ()


def test_days_without_a_feed_are_made_up_for_within_a_week_too() -> None:
    first = evening(a_laggard(date(2025, 10, 13)), date(2025, 10, 13))
    assert first.journal() == [("16:20", "provisional")]
    later = evening(a_laggard(FRIDAY), FRIDAY, lives=first.engine.lives)
    assert [(event.session.day, event.state) for event in later.events] == [
        (14, "provisional"), (15, "provisional"), (16, "provisional"), (17, "confirmed"),
    ]  # fmt: skip
