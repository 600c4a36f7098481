"""The world on one clock: chips, bells and countdowns of every exchange, also in the weeks when clocks are moved."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tapewatch.core.model.decoding import decoded, encoded
from tapewatch.core.model.instrument import ZONES
from tapewatch.core.model.snapshot import Hours, Market, Snapshot
from tapewatch.core.sessions import Calendars
from tapewatch.tui import session_bells as bells
from tapewatch.tui.choices import Choices
from tapewatch.tui.exchanges import city, region
from tapewatch.tui.format import until
from tapewatch.tui.look import Look
from tapewatch.tui.panes import discover
from tapewatch.tui.text import plain, width
from tapewatch.tui.widgets.session_bar import SessionBar, scale
from tests import builders
from tests.tui.stage import stage

WORLD = discover()["world"]
CALENDARS = Calendars()
MOVED = (
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 4, 5),
    date(2026, 10, 4),
    date(2026, 10, 25),
    date(2026, 11, 1),
)
"""Sundays on which New York, Europe or Sydney moves its clocks."""
SHOWN = ("America/New_York", "Europe/Berlin", "Australia/Sydney", "Asia/Tokyo", "UTC")


def around(day: date, seconds: int) -> datetime:
    return datetime.combine(day - timedelta(days=4), time(), UTC) + timedelta(seconds=seconds)


def moments() -> st.SearchStrategy[datetime]:
    """Any second of a week around a day on which clocks are moved."""
    return st.builds(around, st.sampled_from(MOVED), st.integers(0, 8 * 86400))


def market(name: str, now: datetime) -> Market:
    """An exchange as its calendar says, as it comes out of a snapshot's file."""
    snapshot = msgspec.structs.replace(builders.empty(), markets={name: CALENDARS.of(name, now.date()).market(now)})
    return decoded(encoded(snapshot), Snapshot).markets[name]


@given(moments(), st.sampled_from(sorted(ZONES)))
def test_a_countdown_is_the_difference_of_two_instants(now: datetime, name: str) -> None:
    found, calendar = bells.next_bell(market(name, now), now), CALENDARS.of(name, now.date())
    assert found is not None
    assert found.seconds(now) == found.at.timestamp() - now.timestamp()
    assert found.seconds(now) > 0
    session, upcoming = calendar.running(now), calendar.upcoming(now)
    if session is None:
        assert upcoming is not None
        assert (found.word, found.at) == ("opens", upcoming.open)
    elif found.word == "closes":
        assert found.at == session.close
    else:
        assert session.open <= now < found.at < session.close


@given(moments(), st.integers(1, 3 * 3600), st.sampled_from(SHOWN), st.integers(20, 120))
def test_the_mark_of_now_never_goes_back_within_a_day(now: datetime, later: int, zone: str, cells: int) -> None:
    axis, then = bells.Axis.of(now, zone), now + timedelta(seconds=later)
    assert axis.start <= now < axis.end
    assert 0 <= axis.cell(now, cells) < cells
    if bells.Axis.of(then, zone) == axis:
        assert axis.cell(now, cells) <= axis.cell(then, cells)
    else:
        assert bells.Axis.of(then, zone).start == axis.end
    assert axis.end - axis.start in [timedelta(hours=hours) for hours in (23, 24, 25)]


@given(moments(), st.sampled_from(sorted(ZONES)), st.sampled_from(SHOWN))
def test_the_bar_is_filled_when_the_exchange_trades_and_only_then(now: datetime, name: str, zone: str) -> None:
    shown, cells = market(name, now), 96
    axis = bells.Axis.of(now, zone)
    bar = plain(SessionBar(axis, bells.spans(shown, axis), axis.start, trades=False).draw(cells))
    quarter = (axis.end - axis.start) / cells
    for cell in range(1, cells):
        start = axis.start + cell * quarter
        trades = any(_trades(one, start + quarter / 2) for one in shown.hours)
        touched = any(
            _trades(one, start) or _trades(one, start + quarter - timedelta(seconds=1)) for one in shown.hours
        )
        if trades:
            assert bar[cell] == "━", (cell, bar)
        elif not touched:
            assert bar[cell] in " ·", (cell, bar)


def _trades(one: Hours, moment: datetime) -> bool:
    rests = one.lunch is not None and one.lunch[0] <= moment < one.lunch[1]
    return one.open <= moment < one.close and not rests


@given(moments(), st.sampled_from(SHOWN))
def test_the_hours_over_the_bar_stand_over_their_moments(now: datetime, zone: str) -> None:
    axis = bells.Axis.of(now, zone)
    for hour, moment in axis.hours(3):
        assert moment.astimezone(ZoneInfo(zone)).strftime("%H:%M") == f"{hour:02d}:00"
    found = [moment for _, moment in axis.hours(3)]
    assert all(one < other for one, other in pairwise(found))
    assert len(plain(scale(axis, now, 60))) == 60
    assert "now" in plain(scale(axis, now, 60))


def at(day: date, hour: int, minute: int, zone: str) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone))


NEW_YORK, HONG_KONG, LONDON = "America/New_York", "Asia/Hong_Kong", "Europe/London"
FRIDAY = date(2025, 10, 17)


@pytest.mark.parametrize(
    ("name", "now", "chip", "bell"),
    [
        ("XNYS", at(FRIDAY, 8, 0, NEW_YORK), "PRE", ("opens", 90)),
        ("XNYS", at(FRIDAY, 14, 41, NEW_YORK), "OPEN", ("closes", 79)),
        ("XNYS", at(FRIDAY, 17, 0, NEW_YORK), "POST", ("opens", 64 * 60 + 30)),
        ("XNYS", at(date(2025, 11, 27), 12, 0, NEW_YORK), "HOL", ("opens", 21 * 60 + 30)),
        ("XNYS", at(date(2025, 11, 28), 12, 0, NEW_YORK), "HALF", ("closes", 60)),
        ("XNYS", at(date(2025, 10, 18), 12, 0, NEW_YORK), "CLSD", ("opens", 45 * 60 + 30)),
        # a weekend with an hour less
        ("XNYS", at(date(2026, 3, 6), 16, 0, NEW_YORK), "POST", ("opens", 64 * 60 + 30)),
        ("XHKG", at(FRIDAY, 11, 0, HONG_KONG), "OPEN", ("lunch", 60)),
        ("XHKG", at(FRIDAY, 12, 30, HONG_KONG), "LUNCH", ("reopens", 30)),
        ("XHKG", at(FRIDAY, 13, 0, HONG_KONG), "OPEN", ("closes", 180)),
        ("XLON", at(FRIDAY, 16, 0, LONDON), "OPEN", ("closes", 30)),
    ],
)
def test_chip_and_bell_of_a_moment(name: str, now: datetime, chip: str, bell: tuple[str, int]) -> None:
    shown = market(name, now)
    found = bells.next_bell(shown, now)
    assert bells.state(shown, now) == chip
    assert found is not None
    assert (found.word, found.seconds(now)) == (bell[0], bell[1] * 60)


def test_an_exchange_whose_sessions_are_not_known_says_so() -> None:
    unknown = Market(state="unknown")
    assert bells.state(unknown, builders.at(FRIDAY, 12)) == "?"
    assert bells.next_bell(unknown, builders.at(FRIDAY, 12)) is None
    snapshot = _with(builders.overview(), {})
    assert "not known" in painted(snapshot)


def test_exchanges_stand_from_east_to_west_and_futures_last() -> None:
    assert [region(name) for name in ("XHKG", "XEUR", "XNYS", "CMES")] == ["asia", "europe", "americas", "futures"]
    assert (city("XHKG"), city("XNYS"), city("XNEW")) == ("Hong Kong", "New York", "XNEW")


def _with(snapshot: Snapshot, markets: dict[str, Market]) -> Snapshot:
    return msgspec.structs.replace(snapshot, markets=markets)


def of_the_world(now: datetime) -> Snapshot:
    """Friday's rows with the sessions of their exchanges."""
    live = builders.live()
    markets = {row.calendar: market(row.calendar, now) for row in live.instruments}
    return msgspec.structs.replace(live, markets=markets, clock=msgspec.structs.replace(live.clock, now=now))


def look(snapshot: Snapshot, **choices: object) -> Look:
    return Look(now=snapshot.clock.now, choices=replace(Choices(screen="world"), **choices))


def painted(snapshot: Snapshot, cells: int = 118) -> str:
    page = WORLD.page(snapshot, look(snapshot), cells, 60)
    lines = (page.heading or (), *(one.line for one in page.body))
    assert [plain(one) for one in lines if width(one) > cells] == []
    return "\n".join(map(plain, lines))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_every_index_stands_under_its_exchange_with_its_own_figures(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    now = builders.at(FRIDAY, 14, 20, 4)
    snapshot = of_the_world(now)
    seen = stage(tmp_path, snapshot)
    async with seen.monitor.run_test(size=size) as pilot:
        await pilot.press("7")
        await pilot.pause()
        lines = seen.pane("world")
        await pilot.press("G")
        lines += seen.pane("world")
    for row in snapshot.instruments:
        if row.kind not in ("index", "future"):
            assert not [one for one in lines if f" {row.short} " in one], row.short
            continue
        line = next(one for one in lines if one[:18].strip(" ▸▌").split(" ")[0] == row.short)
        if row.quote is None or row.quote.last is None:
            assert "no bars" in line
            continue
        assert f"{row.quote.last:,.2f}" in line
        stale = row.freshness == "stale"
        assert (f"{row.quote.change_percent:+.2f}".replace("-", "−") in line) is not stale
        assert row.freshness in line
    text = "\n".join(lines)
    assert f"closes in {until(100 * 60 - 4)}" in text
    assert "LUNCH" not in text
    assert " OPEN   New York" in text
    assert " CLSD   Hong Kong" in text


def test_a_narrow_board_counts_the_columns_it_leaves_out_and_cuts_no_number() -> None:
    now = builders.at(FRIDAY, 14, 20, 4)
    page = WORLD.page(of_the_world(now), look(of_the_world(now)), 58, 40)
    assert any("hidden" in plain(one) for one in page.clauses)
    text = "\n".join(plain(one.line) for one in page.body)
    assert "closes in 1 h 39 min" in text
    assert "…" not in text


async def test_the_countdown_moves_on_without_a_new_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = builders.at(FRIDAY, 14, 20, 4)
    seen = stage(tmp_path, of_the_world(now))
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("7")
        await pilot.pause()
        assert "closes in 1 h 39 min" in "\n".join(seen.pane("world"))
        monkeypatch.setattr(seen.monitor.data, "now", lambda: now + timedelta(minutes=2))
        seen.monitor.tick()
        await pilot.pause()
        assert "closes in 1 h 37 min" in "\n".join(seen.pane("world"))


async def test_enter_proves_a_change_and_i_opens_the_index(tmp_path: Path) -> None:
    seen = stage(tmp_path, of_the_world(builders.at(FRIDAY, 14, 20, 4)))
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("7")
        await pilot.pause()
        order = seen.monitor.desk.boards["world"].page.keys
        place = order.index("^GSPC")
        await pilot.press("g", *"j" * place, "enter")
        assert "instruments[^GSPC].quote.change_percent" in seen.text()
        await pilot.press("escape", "i")
        assert "SPX  S&P 500" in seen.text()
        await pilot.press("n")
        opened = seen.monitor.choices.opened
        assert opened is not None
        assert opened.symbol == order[place + 1]
        await pilot.press("escape")
        assert seen.monitor.choices.screen == "world"


async def test_in_a_pause_ages_and_countdowns_stand_as_the_prices_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = stage(tmp_path, builders.live())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("7")
        now = seen.monitor.data.now()
        assert now is not None
        monkeypatch.setattr(seen.monitor.data, "now", lambda: now)
        await pilot.press("p")
        before = seen.pane("world")
        monkeypatch.setattr(seen.monitor.data, "now", lambda: now + timedelta(minutes=8))
        seen.monitor.tick()
        await pilot.pause()
        assert seen.pane("world") == before
        await pilot.press("p")
        await pilot.pause()
        assert seen.pane("world") != before
