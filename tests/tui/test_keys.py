"""The monitor driven by keys, mouse and settings."""

import re
from pathlib import Path

import msgspec
import pytest
from textual.events import MouseScrollDown

from tapewatch.core.model.config import Config, Problem, ScreenSettings
from tapewatch.core.settings import Watched, load
from tapewatch.tui.app import Monitor
from tapewatch.tui.choices import SCREENS
from tapewatch.tui.commands import COMMANDS
from tapewatch.tui.footer import SHORT
from tapewatch.tui.widgets.sheet import Sheet
from tests.tui.stage import Stage, builders, configured, stage


def symbols(lines: list[str]) -> list[str]:
    """The instruments of a painted pane, top down."""
    shorts = {row.short for row in builders.overview().instruments}
    found = [[word.lstrip("▸▌") for word in line.split()] for line in lines[2:]]
    return [next(word for word in words if word in shorts) for words in found if shorts & set(words)]


async def test_sorting_filtering_finding_zooming(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        own = symbols(seen.pane("quotes"))
        assert own[:3] == ["SPX", "DJIA", "COMP"]
        await pilot.press("s")
        assert symbols(seen.pane("quotes")) == sorted(own)
        await pilot.press("s", "s", "s")
        assert symbols(seen.pane("quotes"))[:2] == ["KRE", "NDX"]
        await pilot.press("S")
        assert symbols(seen.pane("quotes"))[:2] == ["VIX", "HSI"]
        await pilot.press("s", "s")
        assert symbols(seen.pane("quotes")) == own
        await pilot.press("f", "f")
        assert symbols(seen.pane("quotes")) == ["SX5E", "ASX", "HSI"]
        await pilot.press("escape", "slash", "r", "u", "s")
        assert symbols(seen.pane("quotes")) == ["RUT"]
        assert "find" in seen.lines()[38]
        await pilot.press("q", "backspace", "enter")  # a letter while finding, not the end of the program
        assert symbols(seen.pane("quotes")) == ["RUT"]
        await pilot.press("escape", "z")
        assert seen.monitor.desk.in_sight() == ("quotes",)
        await pilot.press("z")
        assert len(seen.monitor.desk.in_sight()) == 4


async def test_selection_is_shared_and_focus_goes_round(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("g", "j")
        assert "▸ DJIA" in "\n".join(seen.pane("quotes"))
        assert "▸" not in "\n".join(seen.pane("weekly"))
        await pilot.press("tab", "tab")
        assert "▸ DJIA" in "\n".join(seen.pane("weekly"))
        await pilot.press("shift+tab", "shift+tab")
        assert "▸ DJIA" in "\n".join(seen.pane("quotes"))


async def test_the_mouse_selects_focuses_and_scrolls(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.click("#weekly", offset=(10, 4))
        assert "▸ COMP" in "\n".join(seen.pane("weekly"))
        before = seen.pane("record")
        where = seen.monitor.desk.boards["record"].region
        wheel = MouseScrollDown(None, where.x, where.y, 0, 1, 0, False, False, False, where.x, where.y)
        seen.monitor.post_message(wheel)
        await pilot.pause()
        assert seen.pane("record") != before


async def test_keys_are_rebound_and_the_help_shows_the_live_ones(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview(), keys={"pause": "x", "zoom": "hyper+z"})
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        assert "CONFIG" in seen.lines()[38]
        assert "keys.zoom" in seen.lines()[38]
        await pilot.press("p")
        assert "PAUSED" not in seen.text()
        await pilot.press("x")
        assert "PAUSED" in seen.text()
        await pilot.press("question_mark")
        await pilot.pause()
        page = seen.text()
        assert re.search(r"\bx +pause", page)
        assert "┿" in page  # the legend of the gauge is drawn, not described
        await pilot.press("escape")
        assert seen.pane("quotes")


async def test_definitions_are_switched_and_said(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("d")
        assert "O>C %" in seen.text()
        assert "open to its last" in seen.lines()[38]
        await pilot.press("b")
        assert "distance from the record close" in seen.text()


async def test_refresh_leaves_a_request_or_says_why_not(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("r")
        assert len(list(seen.paths.requests.iterdir())) == 1
        seen.paths.requests.joinpath(next(seen.paths.requests.iterdir()).name).unlink()
        seen.paths.requests.rmdir()
        await pilot.press("r")
        assert "takes no requests" in seen.text()


async def test_a_broken_snapshot_leaves_the_last_good_one(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        seen.paths.snapshot.write_text("{broken")
        seen.monitor.tick()
        await pilot.pause()
        assert "6,664.01" in seen.text()
        assert "STORE" in seen.lines()[38]


async def test_the_palette_lists_commands(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert seen.monitor.screen is not seen.monitor.desk
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert seen.monitor.screen is seen.monitor.desk


@pytest.mark.parametrize("theme", ["graphite", "ledger", "ansi", "amber"])
async def test_ascii_leaves_nothing_else(tmp_path: Path, theme: str) -> None:
    seen = stage(tmp_path, builders.live(), settings=ScreenSettings(glyphs="ascii", theme=theme))
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        for key in ("1", "2", "3", "4", "5", "question_mark"):
            await pilot.press(key)
            await pilot.pause()
            assert seen.text().isascii()


async def test_no_color_uses_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    seen = stage(tmp_path, builders.live())
    async with seen.monitor.run_test(size=(120, 40)):
        styles = [
            segment.style
            for sheet in seen.monitor.desk.query(Sheet)
            if seen.shown(sheet)
            for y in range(sheet.region.height)
            for segment in sheet.render_line(y)
        ]
        assert all(style is None or (style.color is None and style.bgcolor is None) for style in styles)
        assert any(style is not None and style.reverse for style in styles)
        assert any(style is not None and style.bold for style in styles)


async def test_quit_ends_with_zero(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("q")
    assert seen.monitor.return_code == 0


async def test_hidden_columns_and_another_zone(tmp_path: Path) -> None:
    settings = ScreenSettings(glyphs="unicode", theme="ledger", hidden_columns=("NAME",), zone="Europe/Berlin")
    seen = stage(tmp_path, builders.live(), settings=settings)
    async with seen.monitor.run_test(size=(120, 40)):
        assert "NAME" not in seen.pane("quotes")[1]
        assert "20:20" in seen.text()


async def test_a_screen_and_its_pages_exist_for_every_digit(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(160, 48)) as pilot:
        digits = {one.action.split("'")[1]: one.keys[0] for one in COMMANDS if one.name.startswith("screen-")}
        for screen in SCREENS:
            await pilot.press(digits[screen])
            assert f"{digits[screen]} {SHORT.get(screen, screen)}" in seen.lines()[47]
            assert screen in seen.monitor.desk.in_sight() or screen == "overview"


def test_a_snapshot_of_a_newer_feed_with_new_words_is_still_shown() -> None:
    odd = msgspec.structs.replace(
        builders.overview(),
        markets={"XNYS": msgspec.structs.replace(builders.overview().markets["XNYS"], state="auction")},
        flags=(msgspec.structs.replace(builders.REVERSAL, severity="cosmic", state="dormant", rule="new-rule"),),
    )
    from tapewatch.tui.chrome import Status, header
    from tapewatch.tui.look import Look
    from tapewatch.tui.panes import discover

    where = Look(now=odd.clock.now)
    assert header(odd, where, Status(), 120)
    assert all(pane.page(odd, where, 118, 30).body for pane in discover().values())


async def test_changed_settings_are_taken_up_while_it_runs(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    newer = configured(ScreenSettings(glyphs="ascii", theme="ledger", week_basis="O>C"), {"quit": "x"})
    problem = Problem(file="config.toml", key="screen.zoom", value="3", expected="a known key")
    answers: list[tuple[Config, tuple[Problem, ...]] | None] = [None, (newer, (problem,))]
    monitor = Monitor(seen.monitor.data, seen.monitor.config, (), lambda: answers.pop(0) if answers else None)
    seen = Stage(seen.paths, monitor)
    async with monitor.run_test(size=(120, 40)) as pilot:
        monitor.tend()
        monitor.tend()
        await pilot.pause()
        assert monitor.theme == "ledger"
        assert seen.text().isascii()
        assert "O>C %" in seen.text()
        assert "Settings taken up anew." in seen.lines()[38]
        await pilot.press("q", "j")
        assert "screen.zoom" in seen.lines()[38]
        await pilot.press("x")
    assert monitor.return_code == 0


async def test_a_file_made_rubbish_leaves_the_screen_as_it_was_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[screen]\ntheme = "ledger"\n')
    config, _ = load(file)
    seen = stage(tmp_path, builders.overview())
    monitor = Monitor(seen.monitor.data, config, (), Watched(file, config).reloaded)
    seen = Stage(seen.paths, monitor)
    async with monitor.run_test(size=(120, 40)) as pilot:
        file.write_text("[screen\n")
        monitor.tend()
        await pilot.pause()
        assert monitor.theme == "ledger"
        assert "cannot be read" in seen.lines()[38]
        await pilot.press("j")
        assert "not valid TOML" in seen.lines()[38]
        file.write_text('[screen]\ntheme = "amber"\n')
        monitor.tend()
        await pilot.pause()
        assert monitor.theme == "amber"


@pytest.mark.parametrize(
    ("label", "first", "config_line"), [("CHG %", "KRE", False), ("chg %", "KRE", False), ("SIZE", "SPX", True)]
)
async def test_the_first_order_is_a_setting(tmp_path: Path, label: str, first: str, config_line: bool) -> None:
    seen = stage(tmp_path, builders.overview(), settings=ScreenSettings(glyphs="unicode", theme="graphite", sort=label))
    async with seen.monitor.run_test(size=(120, 40)):
        assert symbols(seen.pane("quotes"))[0] == first
        assert ("CONFIG" in seen.lines()[38]) is config_line
