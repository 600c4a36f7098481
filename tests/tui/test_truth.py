"""What the screen may not leave out: how old the prices are, what is loading, what is wrong, at every size."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from textual.driver import Driver

from tapewatch.core.model.config import ScreenSettings
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.tui.app import Monitor
from tapewatch.tui.choices import Choices
from tapewatch.tui.chrome import Status, header
from tapewatch.tui.look import Look
from tapewatch.tui.message_line import Troubles, message
from tapewatch.tui.panes import discover
from tapewatch.tui.screens import settings
from tapewatch.tui.screens.welcome import too_small
from tapewatch.tui.text import Line, plain, width
from tests import builders
from tests.tui.stage import configured, stage

PANES = discover()


def look(snapshot: Snapshot, **choices: object) -> Look:
    return Look(now=snapshot.clock.now, choices=replace(Choices(), **choices))


def top(snapshot: Snapshot, cells: int, **choices: object) -> Line:
    return header(snapshot, look(snapshot, **choices), Status(since=snapshot.clock.now), cells)


def said(snapshot: Snapshot, cells: int) -> str:
    made = message(snapshot, look(snapshot), Troubles(), cells)
    assert width(made) <= cells
    return plain(made)


def small(snapshot: Snapshot, columns: int, rows: int) -> list[str]:
    lines = too_small(snapshot, look(snapshot), Status(), Troubles(), columns, rows)
    assert len(lines) <= rows
    assert [plain(one) for one in lines if width(one) > columns] == []
    return [plain(one) for one in lines]


def row_of(name: str, symbol: str, snapshot: Snapshot) -> Line:
    page = PANES[name].page(snapshot, look(snapshot), 118, 40)
    return next(one.line for one in page.body if one.key == symbol)


@pytest.mark.parametrize("cells", [60, 70, 80, 100, 120, 200])
def test_prices_of_an_earlier_session_show_year_and_age_and_are_not_final(cells: int) -> None:
    # 17 October 2025 to 21 November 2026 are 400 days
    made = top(builders.offline(), cells)
    assert "Fri 17 Oct 2025 · 400 d old" in plain(made)
    assert "final" not in plain(made)
    assert next(style for text, style in made if text == "400 d old").startswith("fault")


def test_the_cause_stands_in_a_wide_header() -> None:
    assert "no connection" in plain(top(builders.offline(), 160))


@pytest.mark.parametrize("size", [(50, 12), (30, 10), (20, 9)])
def test_the_least_window_shows_no_change_of_a_stale_row_and_says_how_old_it_is(size: tuple[int, int]) -> None:
    lines = small(builders.offline(), *size)
    text = "\n".join(lines)
    assert "CLOSED" in text
    assert "Fri 17 Oct 2025" in text
    assert "400 d old" in text
    assert "▲" not in text
    assert "▼" not in text
    assert lines[-1].startswith(" FEED  ")
    if size[0] >= 30:
        assert "SPX 6,664.01 – Oct ’25" in lines


def test_the_least_window_of_the_demo_says_so_with_the_time() -> None:
    text = "\n".join(small(builders.overview("demo"), 50, 12))
    assert " DEMO " in text
    assert "Fri 17 Oct" in text
    assert "SPX 6,664.01 ▲ +0.53" in text


@pytest.mark.parametrize("paused", [False, True])
def test_the_narrowest_header_keeps_the_time_of_the_data(paused: bool) -> None:
    live = builders.live()
    for snapshot in (live, msgspec.structs.replace(live, mode="demo")):
        assert "14:20" in plain(top(snapshot, 60, paused=paused))


def test_what_failed_degrades_step_by_step() -> None:
    offline = builders.offline()
    assert "no connection" in said(offline, 60)
    assert "next 10 s" in said(offline, 60)
    at_80 = said(offline, 80)
    assert "since 02:12" in at_80
    assert "(no connection)" in at_80
    assert "next 10 s" in at_80
    assert "no connection, 1 try" in said(offline, 160)
    lengths = [len(said(offline, cells)) for cells in range(40, 160)]
    assert lengths == sorted(lengths)


def test_an_entry_of_another_day_names_it() -> None:
    monday = builders.at(date(2025, 10, 20), 9, 31)
    later = msgspec.structs.replace(
        builders.overview(), clock=msgspec.structs.replace(builders.overview().clock, now=monday)
    )
    assert said(later, 120).startswith(" Fri 16:20 ET  same-day direction confirmed")


def test_a_stale_row_has_no_fresh_record() -> None:
    assert "record" in {style for _, style in row_of("record", "^RUT", builders.overview())[6:]}
    old = row_of("record", "^RUT", builders.offline())
    assert [text for text, style in old if style == "record" and any(one.isdigit() for one in text)] == []


def test_what_is_loading_says_so() -> None:
    loading = builders.loading()
    for cells in (60, 80, 100, 120):
        assert "history 5 of 16" in plain(top(loading, cells))
    assert "history is loading" in plain(row_of("record", "IWM", loading))
    weekly = plain(row_of("weekly", "IWM", loading))
    assert "history is loading" in weekly
    assert "240.36" not in weekly
    narrow = PANES["weekly"].page(loading, look(loading), 78, 40)
    assert "loading" in next(plain(one.line) for one in narrow.body if one.key == "IWM")
    assert "history" not in plain(row_of("weekly", "^RUT", loading))


def test_the_title_names_the_week_most_rows_show() -> None:
    closed = builders.overview()
    next_week = tuple(
        msgspec.structs.replace(
            row, week=msgspec.structs.replace(row.week, monday=date(2025, 10, 20), sessions=1, final=False)
        )
        if row.symbol == "^HSI" and row.week is not None
        else row
        for row in closed.instruments
    )
    page = PANES["weekly"].page(msgspec.structs.replace(closed, instruments=next_week), look(closed), 118, 40)
    assert plain(page.clauses[0]) == "week of Mon 13 Oct · 5 of 5 sessions, final"


def test_records_of_futures_are_marked_with_their_roll() -> None:
    closed = builders.overview()
    rolled = tuple(
        msgspec.structs.replace(row, kind="future", record=msgspec.structs.replace(row.record, since=date(2025, 9, 19)))
        if row.symbol == "^DJI" and row.record is not None
        else row
        for row in closed.instruments
    )
    snapshot = msgspec.structs.replace(closed, instruments=rolled)
    for name in ("record", "board"):
        page = PANES[name].page(snapshot, look(snapshot), 118, 40)
        assert "* since the roll of 19 Sep" in [plain(one) for one in page.clauses]
        assert "*" in plain(row_of(name, "^DJI", snapshot))
        assert "*" not in plain(row_of(name, "^GSPC", snapshot))


def card(snapshot: Snapshot, cells: int = 78, lines: int = 60) -> str:
    page = PANES["flags"].page(snapshot, look(snapshot), cells, lines)
    return " ".join(" ".join(plain(one.line) for one in page.body).replace("▏", " ").split())


def test_a_live_card_says_at_which_bar_it_was_judged() -> None:
    live = builders.live()
    forming = msgspec.structs.replace(
        live.flags[1], sentence="RUT −0.73 %, SPX +0.57 %.", first_seen=builders.at(builders.FRIDAY, 14, 10),
        last_seen=builders.at(builders.FRIDAY, 14, 20),
    )  # fmt: skip
    text = card(msgspec.structs.replace(live, flags=(forming,)))
    assert "Judged at 14:20; must hold to 14:25." in text
    assert "at 14:20" in card(msgspec.structs.replace(live, flags=(forming,)), lines=3)
    assert "Judged at" not in card(builders.overview())


def test_a_flag_may_have_a_title_of_its_own() -> None:
    mirror = msgspec.structs.replace(builders.SAME_DAY, title="same-day direction, mirror")
    both = msgspec.structs.replace(builders.overview(), flags=(mirror, builders.SAME_DAY))
    page = PANES["flags"].page(both, look(both), 78, 60)
    heads = [plain(one.line) for one in page.body if "confirmed" in plain(one.line)]
    assert ["mirror" in head for head in heads].count(True) == 1


def test_no_sentence_is_cut_while_lines_are_empty() -> None:
    long = msgspec.structs.replace(
        builders.SAME_DAY, brief="RUT has no prices of this session; its last is of Fri 16 Jan", history=None
    )
    snapshot = msgspec.structs.replace(builders.overview(), flags=(long, builders.REVERSAL))
    assert "its last is of Fri 16 Jan" in card(snapshot, cells=44, lines=6)


async def test_the_settings_page_shows_the_theme_in_force(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("T", "j", "enter", "comma")
        await pilot.pause()
        row = next(text for text in seen.lines() if "screen.theme" in text)
        assert row.split()[1] == seen.monitor.theme
        assert seen.monitor.theme != "graphite"


def test_a_theme_chosen_by_the_program_is_named() -> None:
    page = settings.page(configured(ScreenSettings(), {}), 100, "auto: ledger")
    assert "auto: ledger" in next(plain(one) for one in page if "screen.theme" in plain(one))


def test_the_age_of_an_open_market_s_prices_has_their_day() -> None:
    live = builders.live()
    later = Look(now=live.clock.now + timedelta(days=3))
    assert "Fri 17 Oct 14:20 ET · 3 d old" in plain(header(live, later, Status(), 120))


async def test_back_from_the_shell_everything_is_painted_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[str] = []

    def paint(_: Monitor) -> None:
        painted.append("all")

    monkeypatch.setattr(Monitor, "action_repaint", paint)
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        assert painted == []
        seen.monitor.post_message(Driver.SignalResume())
        await pilot.pause()
        assert painted == ["all"]


async def test_another_trade_s_word_for_a_screen_leads_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offered: dict[str, Callable[[], Awaitable[bool]]] = {}

    def offer(_: Monitor, commands: list[tuple[str, Callable[[], Awaitable[bool]], str]]) -> None:
        offered.update({title: run for title, run, _ in commands})

    monkeypatch.setattr(Monitor, "search_commands", offer)
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p")
        await offered["WEI: quotes"]()
        assert seen.monitor.choices.screen == "quotes"
