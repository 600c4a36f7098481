"""Saved layouts: a digit shows a view as it was saved, and everything is as before when it is left."""

import tomllib
from pathlib import Path

import pytest
from textual import events

from tapewatch.core import channel
from tapewatch.core.data import MarketData
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.paths import Paths
from tapewatch.core.settings import Watched, load
from tapewatch.tui.app import Monitor
from tapewatch.tui.starting import Start
from tests.tui.editable import typed
from tests.tui.stage import Stage, builders

SMALL = """\
# my settings
[screen]
theme = "graphite"   # dark
glyphs = "unicode"

[[view]]
digit = 3
name = "small caps"
panes = ["quotes", "flags"]
groups = ["us"]
sort = "CHG %"
week_basis = "O>C"
hidden_columns = ["20 SESS"]

[[view]]
digit = 7
name = "RUT chart"
screen = "chart"
symbol = "RUT"
against = "SPX"
frame = "3m"
"""


def opened(folder: Path, text: str = SMALL, start: Start | None = None, snapshot: Snapshot | None = None) -> Stage:
    """A monitor with this settings file."""
    paths = Paths(store=folder, state=folder, config_file=folder / "config.toml", themes=folder / "themes")
    paths.requests.mkdir(exist_ok=True)
    paths.config_file.write_text(text)
    channel.publish(paths, snapshot or builders.overview())
    config, problems = load(paths.config_file)
    watched = Watched(paths.config_file)
    data = MarketData(paths, config)
    return Stage(paths, Monitor(data, config, problems, watched.reloaded, start=start or Start()))


def written(seen: Stage) -> str:
    return seen.paths.config_file.read_text()


async def test_a_digit_shows_the_view_with_its_groups_order_and_columns(tmp_path: Path) -> None:
    seen = opened(tmp_path)
    async with seen.monitor.run_test(size=(160, 48)) as pilot:
        assert "20 SESS" in "\n".join(seen.pane("quotes"))
        await pilot.press("3")
        assert seen.monitor.desk.in_sight() == ("quotes", "flags")
        quotes = "\n".join(seen.pane("quotes"))
        assert "HSI" not in quotes
        assert "RUT" in quotes
        assert "20 SESS" not in quotes
        assert "by CHG %" in quotes
        assert "3 small caps" in seen.lines()[-1]
        assert "3 weekly" not in seen.lines()[-1]


async def test_leaving_a_view_brings_back_what_it_had_changed(tmp_path: Path) -> None:
    seen = opened(tmp_path)
    async with seen.monitor.run_test(size=(160, 48)) as pilot:
        before = seen.pane("quotes"), seen.pane("weekly"), seen.monitor.choices.selected
        await pilot.press("3", "7")
        chart = seen.monitor.choices.chart
        assert (chart.kind, chart.frame, chart.against, seen.monitor.choices.selected) == (
            "ratio", "3m", "^GSPC", "^RUT",
        )  # fmt: skip
        await pilot.press("1")
        assert (seen.pane("quotes"), seen.pane("weekly"), seen.monitor.choices.selected) == before
        assert seen.monitor.choices.chart.kind == "price"


async def test_escape_leads_home_and_the_screen_that_shipped_there_is_reached_by_its_letter(tmp_path: Path) -> None:
    seen = opened(tmp_path)
    async with seen.monitor.run_test(size=(160, 48)) as pilot:
        await pilot.press("3", "escape")
        assert seen.monitor.choices.view is None
        assert seen.monitor.choices.screen == "overview"
        await pilot.press("c")
        assert seen.monitor.choices.screen == "chart"
        await pilot.press("question_mark")
        help_page = "\n".join(seen.pane("help"))
        assert "small caps" in help_page
        assert "RUT chart" in help_page


async def test_a_view_on_the_first_digit_is_home(tmp_path: Path) -> None:
    seen = opened(tmp_path, '[[view]]\ndigit = 1\nname = "desk"\npanes = ["weekly", "journal"]\n')
    async with seen.monitor.run_test(size=(160, 48)) as pilot:
        assert seen.monitor.desk.in_sight() == ("weekly", "journal")
        await pilot.press("5", "escape")
        assert seen.monitor.desk.in_sight() == ("weekly", "journal")
        await pilot.press("escape")
        assert seen.monitor.desk.in_sight() == ("weekly", "journal")


@pytest.mark.parametrize("word", ["3", "small caps", "SMALL CAPS"])
async def test_a_monitor_starts_in_the_view_that_is_asked_for(tmp_path: Path, word: str) -> None:
    seen = opened(tmp_path, start=Start(view=word))
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        assert seen.monitor.desk.in_sight() == ("quotes", "flags")
        await pilot.press("2", "escape")
        assert seen.monitor.desk.in_sight() == ("quotes", "flags")


async def test_macro_is_a_name_of_the_ninth_screen(tmp_path: Path) -> None:
    seen = opened(tmp_path, "", Start(view="macro"))
    async with seen.monitor.run_test(size=(120, 40)):
        assert seen.monitor.desk.in_sight() == ("quotes", "confirmation")
        quotes = "\n".join(seen.pane("quotes"))
        assert "VIX" in quotes
        assert "US10Y" in quotes
        assert "RUT" not in quotes
        assert "9 macro" in seen.lines()[-1]


async def test_two_screens_on_one_store_show_views_of_their_own(tmp_path: Path) -> None:
    one = opened(tmp_path)
    other = Stage(one.paths, Monitor(MarketData(one.paths, one.monitor.config), one.monitor.config))
    async with one.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("3")
    async with other.monitor.run_test(size=(120, 40)):
        assert other.monitor.desk.in_sight() == ("quotes", "flags", "weekly", "record")
    assert one.monitor.choices.view is not None


# -- saving ---------------------------------------------------------------------------------------------------


async def test_what_acts_always_acts_while_a_view_is_named_and_what_is_pasted_is_typed(tmp_path: Path) -> None:
    seen = opened(tmp_path)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("V")
        seen.monitor.post_message(events.Paste("morning\nmore"))
        await pilot.pause()
        assert "save this view as 9 morning" in seen.lines()[-2]
        await pilot.press("ctrl+u")
        await typed(pilot, "a name alone")
        await pilot.press("enter")
        assert "expected a digit and a name" in seen.lines()[-2]
        await pilot.press("ctrl+c")
        assert not seen.monitor.is_running


async def test_what_is_shown_is_saved_with_the_file_s_comments_kept(tmp_path: Path) -> None:
    seen = opened(tmp_path)
    async with seen.monitor.run_test(size=(160, 48)) as pilot:
        await pilot.press("4", "d", "s", "V")
        assert "save this view as 9 " in seen.lines()[-2]
        await typed(pilot, "far off")
        assert seen.monitor.choices.screen == "record", "letters are letters while a view is named"
        await pilot.press("enter")
        assert "Saved as 9, far off." in seen.lines()[-2]
        assert written(seen).startswith("# my settings\n")
        assert '"graphite"   # dark' in written(seen)
        block = tomllib.loads(written(seen))["view"][2]
        assert block == {"digit": 9, "name": "far off", "screen": "record", "sort": "SYM", "week_basis": "O>C"}
        await pilot.press("1")
        assert seen.monitor.choices.week_basis == "w/w"
        await pilot.press("9")
        assert seen.monitor.choices.screen == "record"
        assert seen.monitor.choices.week_basis == "O>C"
        assert "9 far off" in seen.lines()[-1]
    again = opened(tmp_path, written(seen))
    async with again.monitor.run_test(size=(160, 48)) as pilot:
        await pilot.press("9")
        assert again.monitor.choices == seen.monitor.choices


async def test_a_view_that_is_shown_is_saved_over_itself(tmp_path: Path) -> None:
    seen = opened(tmp_path)
    async with seen.monitor.run_test(size=(160, 48)) as pilot:
        await pilot.press("3", "d", "z", "V")
        assert "3 small caps" in seen.lines()[-2]
        assert "in place of small caps" in seen.lines()[-2]
        await pilot.press("enter")
        views = tomllib.loads(written(seen))["view"]
        assert [one["name"] for one in views] == ["small caps", "RUT chart"]
        assert views[0]["week_basis"] == "1stC>C"
        assert views[0]["zoomed"] is True
        assert views[0]["groups"] == ["us"]
        assert seen.monitor.desk.in_sight() == ("quotes",)


async def test_what_cannot_be_saved_is_said_and_the_file_stays(tmp_path: Path) -> None:
    seen = opened(tmp_path)
    async with seen.monitor.run_test(size=(160, 48)) as pilot:
        await pilot.press("i", "V")
        assert "Only panes can be saved" in seen.lines()[-2]
        await pilot.press("escape", "V")
        await typed(pilot, "RUT chart")
        await pilot.press("enter")
        assert "Not saved." in seen.lines()[-2]
        await pilot.press("V", "escape")
        assert seen.monitor.choices.edit is None
        assert written(seen) == SMALL


# -- the file changes ---------------------------------------------------------------------------------------


async def test_a_view_is_taken_up_while_the_monitor_runs(tmp_path: Path) -> None:
    seen = opened(tmp_path)
    async with seen.monitor.run_test(size=(160, 48)) as pilot:
        await pilot.press("3")
        seen.paths.config_file.write_text(SMALL.replace('"quotes", "flags"', '"quotes", "record"'))
        seen.monitor.tend()
        await pilot.pause()
        assert seen.monitor.desk.in_sight() == ("quotes", "record")
        seen.paths.config_file.write_text('[[view]]\ndigit = 5\nname = "only"\nscreen = "weekly"\n')
        seen.monitor.tend()
        await pilot.pause()
        assert seen.monitor.choices.view is None
        assert len(seen.monitor.desk.in_sight()) == 4
        assert seen.monitor.choices.week_basis == "w/w"
        await pilot.press("5")
        assert seen.monitor.desk.in_sight() == ("weekly",)


async def test_a_compact_screen_stays_so_when_other_settings_change(tmp_path: Path) -> None:
    seen = opened(tmp_path)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("C")
        seen.paths.config_file.write_text(SMALL + "\n[keys]\n")
        seen.monitor.tend()
        await pilot.pause()
        assert seen.monitor.choices.compact
        seen.paths.config_file.write_text(SMALL.replace("[screen]", "[screen]\ncompact = true"))
        seen.monitor.tend()
        assert seen.monitor.choices.compact


async def test_a_key_of_the_user_s_keeps_a_digit_and_that_is_named(tmp_path: Path) -> None:
    seen = opened(tmp_path, SMALL + '\n[keys]\nquit = "3"\n')
    async with seen.monitor.run_test(size=(120, 40)):
        said = [str(one) for one in seen.monitor.troubles.problems]
        assert any("small caps" in one and "quit" in one for one in said)
        assert all(one.keys == () for one in seen.monitor.bound if one.command.name == "view-3")
