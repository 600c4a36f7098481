"""Compact and bare screens: more rows, and still whose prices they are, of when, and what fails."""

import re
from itertools import combinations
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewatch.core.model.config import ScreenSettings
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.model.view_setting import ARRANGED, PANES, ViewSetting
from tapewatch.tui.bare_row import bare_row
from tapewatch.tui.choices import SCREENS, SECTIONS, Choices
from tapewatch.tui.chrome import Status
from tapewatch.tui.look import Look
from tapewatch.tui.message_line import Troubles
from tapewatch.tui.panes import discover
from tapewatch.tui.screens.plan import LEAST_BARE, Plan, arrange, chrome, least
from tapewatch.tui.text import plain, width
from tapewatch.tui.view_choices import Layout, entered
from tests.tui.editable import settled, typed
from tests.tui.stage import Stage, builders, stage

SIZES = ((48, 5), (50, 7), (60, 4), (60, 12), (79, 9), (80, 24), (100, 10), (120, 40), (200, 60))


def bare(seen: Stage) -> Stage:
    seen.monitor.choices = msgspec.structs.replace(seen.monitor.choices, bare=True)
    return seen


def inside_and_apart(plan: Plan, columns: int, lines: int) -> None:
    assert plan
    for place in plan.values():
        assert place.cells > 0
        assert place.lines > 0
        assert place.x >= 0
        assert place.x + place.cells <= columns
        assert place.y >= 0
        assert place.y + place.lines <= lines
    for one, other in combinations(plan.values(), 2):
        beside = one.x + one.cells <= other.x or other.x + other.cells <= one.x
        above = one.y + one.lines <= other.y or other.y + other.lines <= one.y
        assert beside or above


needs = st.dictionaries(st.sampled_from((*PANES, *SECTIONS)), st.integers(2, 60))


@settings(max_examples=300, deadline=None)
@given(
    panes=st.lists(st.sampled_from(PANES), min_size=1, max_size=6, unique=True),
    arranged=st.sampled_from(ARRANGED),
    columns=st.integers(48, 260),
    rows=st.integers(5, 90),
    look=st.tuples(st.booleans(), st.booleans(), st.integers(0, 5), st.booleans()),
    wanted=needs,
)
def test_the_panes_of_a_view_never_overlap_and_stay_inside(
    panes: list[str],
    arranged: str,
    columns: int,
    rows: int,
    look: tuple[bool, bool, int, bool],
    wanted: dict[str, int],
) -> None:
    compact, is_bare, at, zoomed = look
    focus = panes[at % len(panes)]
    view = ViewSetting(digit=3, name="v", panes=tuple(panes), arrange=arranged, focus=focus, zoomed=zoomed)
    choices = entered(Choices(compact=compact, bare=is_bare), Layout(view))
    plan = arrange(choices, columns, rows, lambda pane, _: wanted.get(pane, 20))
    if columns < least(choices)[0] or rows < least(choices)[1]:
        assert plan == {}
        return
    assert focus in plan, "the pane the keys are in is always in sight"
    inside_and_apart(plan, columns, rows - chrome(choices, columns))


@settings(max_examples=300, deadline=None)
@given(
    screen=st.sampled_from((*SCREENS, "instrument")),
    columns=st.integers(48, 260),
    rows=st.integers(5, 90),
    wanted=needs,
    is_bare=st.booleans(),
    focus=st.sampled_from(("", *PANES, *SECTIONS)),
)
def test_no_screen_that_ships_overlaps_when_it_is_compact_or_bare(
    screen: str, columns: int, rows: int, wanted: dict[str, int], is_bare: bool, focus: str
) -> None:
    choices = Choices(screen=screen, compact=not is_bare, bare=is_bare, focus=focus)
    wanted = wanted | {"symbol_quote": 5}  # the head of an instrument's screen, which never grows
    plan = arrange(choices, columns, rows, lambda pane, _: wanted.get(pane, 20))
    if columns < least(choices)[0] or rows < least(choices)[1]:
        assert plan == {}
        return
    inside_and_apart(plan, columns, rows - chrome(choices, columns))


def test_every_pane_that_settings_may_name_is_there_and_none_is_missing() -> None:
    assert set(PANES) == {name for name in discover() if not name.startswith("symbol_")}


# -- what must be known --------------------------------------------------------------------------------------


def failing(mode: str = "live") -> Snapshot:
    return msgspec.structs.replace(builders.live(), mode=mode)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", ["live", "demo"])
async def test_a_bare_screen_names_mode_time_age_and_failure(tmp_path: Path, size: tuple[int, int], mode: str) -> None:
    seen = bare(stage(tmp_path, failing(mode)))
    async with seen.monitor.run_test(size=size) as pilot:
        for key in ("1", "3", "5", "9", "i"):
            await pilot.press(key)
            text = seen.text()
            assert "FEED" in text
            assert "time-out" in text
            assert re.search(r"14:20(:\d\d)? ET", text)
            assert "DEMO" in text if mode == "demo" else re.search(r"\d+ s old", text)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40), (200, 60)])
async def test_a_compact_screen_names_them_too_and_has_no_footer(tmp_path: Path, size: tuple[int, int]) -> None:
    look = ScreenSettings(glyphs="unicode", theme="graphite", compact=True)
    seen = stage(tmp_path, failing(), settings=look)
    async with seen.monitor.run_test(size=size):
        lines = seen.lines()
        assert re.search(r"\d+ s old", lines[0])
        assert "FEED" in lines[-1]
        assert "q quit" not in seen.text()


@settings(max_examples=200, deadline=None)
@given(
    cells=st.integers(60, 220),
    paused=st.booleans(),
    error=st.text("abcdefg ", min_size=1, max_size=80).filter(str.strip),
    made=st.sampled_from(["live", "overview", "offline", "loading"]),
    mode=st.sampled_from(["demo", "replay"]),
)
def test_the_one_row_is_never_wider_than_the_window_and_never_without_its_facts(
    cells: int, paused: bool, error: str, made: str, mode: str
) -> None:
    snapshot: Snapshot = getattr(builders, made)()
    snapshot = msgspec.structs.replace(snapshot, mode=mode)
    now = snapshot.clock.now
    look = Look(now=now, choices=Choices(bare=True, paused=paused))
    row = bare_row(snapshot, look, Status(since=now), Troubles(feed=error), cells)
    assert width(row) <= cells
    assert mode.upper() in plain(row)
    assert re.search(r"\d\d:\d\d|\d \w\w\w", plain(row)), "the data's own time"
    assert "FEED" in plain(row)
    assert error.split()[0][:8] in plain(row)
    assert not paused or "PAUSED" in plain(row)


async def test_a_pause_is_named_on_a_bare_screen(tmp_path: Path) -> None:
    seen = bare(stage(tmp_path, builders.live()))
    async with seen.monitor.run_test(size=(60, 12)) as pilot:
        await pilot.press("p")
        assert "PAUSED" in seen.text()
        assert "frozen" in seen.text()


async def test_typing_does_not_hide_whose_prices_these_are(tmp_path: Path) -> None:
    seen = bare(stage(tmp_path, failing("demo")))
    async with seen.monitor.run_test(size=(80, 10)) as pilot:
        await pilot.press("slash", "r", "u")
        assert "find" in seen.text()
        assert "DEMO" in seen.text()


async def test_a_bare_window_shows_more_rows_and_a_smaller_one_says_what_it_needs(tmp_path: Path) -> None:
    seen = bare(stage(tmp_path, builders.overview()))
    async with seen.monitor.run_test(size=(60, 12)):
        assert len([line for line in seen.pane("board") if re.search(r"\d\.\d\d", line)]) == 9
    small = bare(stage(tmp_path, builders.overview()))
    async with small.monitor.run_test(size=(LEAST_BARE[0] - 1, 12)):
        assert "needs 48 × 5" in small.text().replace(" ", " ")


async def test_compact_shows_more_instruments_and_sets_nothing_apart(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        usual = len(seen.pane("board"))
        await pilot.press("C")
        assert len(seen.pane("board")) >= usual
        assert len(seen.pane("board")) + len(seen.pane("flags")) == 22
        await pilot.press("2")
        assert all(line.strip() for line in seen.pane("quotes")[:12])
        await pilot.resize_terminal(120, 24)
        assert "2 quotes" in seen.lines()[-1]
        await pilot.press("C")
        assert "q quit" in seen.lines()[-1]


async def test_a_bare_demo_is_marked_before_it_has_prices(tmp_path: Path) -> None:
    seen = bare(stage(tmp_path, None))
    seen.monitor.data.mode = "demo"
    async with seen.monitor.run_test(size=(60, 12)):
        assert "DEMO" in seen.lines()[-1]
        assert "no data yet" in seen.lines()[-1]


@pytest.mark.parametrize("columns", [48, 60, 72, 90])
@pytest.mark.parametrize("mode", ["demo", "live"])
async def test_what_is_typed_or_asked_is_seen_on_a_bare_screen(tmp_path: Path, columns: int, mode: str) -> None:
    seen = bare(settled(tmp_path, snapshot=msgspec.structs.replace(builders.overview(), mode=mode)))
    async with seen.monitor.run_test(size=(columns, 8)) as pilot:
        await pilot.press("2", "plus")
        await typed(pilot, "SAP.DE sap")
        assert "add SAP.DE sap" in seen.lines()[-1]
        await pilot.press("escape", "minus")
        row = seen.lines()[-1]
        assert "off the" in row
        assert "-: yes, Esc: no" in row
        whole = " ".join(seen.lines()[:1] + seen.lines()[-1:])
        assert "17 Oct" in whole
        assert ("DEMO" in whole) == (mode == "demo")
