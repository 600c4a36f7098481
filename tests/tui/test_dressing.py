"""A theme is tried on before it is kept, follows its file, and keeps its colours when the file is spoilt."""

import os
from io import StringIO
from pathlib import Path

import msgspec
import pytest

from tapewatch.core.config_command import run_config
from tapewatch.core.model.config import Config, Problem, ScreenSettings
from tapewatch.core.model.theme import ROLES
from tapewatch.tui import wardrobe
from tapewatch.tui.app import Monitor
from tapewatch.tui.checking import screen_problems
from tapewatch.tui.message_line import settings_sentences
from tapewatch.tui.themes import load_themes
from tests import builders
from tests.tui.stage import Stage, configured, stage

THEMES, _ = load_themes()
LINE = 38
"""The row of the message at 120x40."""


def own(folder: Path, text: str, name: str = "mine") -> Path:
    themes = folder / "themes"
    themes.mkdir(exist_ok=True)
    file = themes / f"{name}.toml"
    beside = themes / "beside.tmp"
    # as most editors write: beside it, then in its place
    beside.write_text(text)
    beside.replace(file)
    return file


def wearing(folder: Path, theme: str = "mine") -> Stage:
    return stage(folder, builders.overview(), settings=ScreenSettings(glyphs="unicode", theme=theme))


def color(seen: Stage, role: str) -> str:
    return seen.monitor.palette.theme.colors[role]


# -- the file changes -----------------------------------------------------------------------------------


async def test_a_theme_follows_its_file_while_the_monitor_runs(tmp_path: Path) -> None:
    own(tmp_path, '[colors]\nbull = "#00ff00"\n')
    seen = wearing(tmp_path)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        assert color(seen, "bull") == "#00ff00"
        own(tmp_path, '[colors]\nbull = "#00aaff"\nbackground = "#001122"\n')
        seen.monitor.tend()
        await pilot.pause()
        assert color(seen, "bull") == "#00aaff"
        assert "Theme mine, put on anew." in seen.lines()[LINE]
        # the margin beside the panes is the library's to paint
        assert seen.monitor.desk.styles.background.hex.lower() == "#001122"
        assert seen.monitor.get_css_variables()["bull"] == "#00aaff"


async def test_an_edit_in_place_is_found_too(tmp_path: Path) -> None:
    file = own(tmp_path, '[colors]\nbull = "#00ff00"\n')
    seen = wearing(tmp_path)
    async with seen.monitor.run_test(size=(120, 40)):
        file.write_text('[colors]\nbull = "#00bbff" # longer\n')
        seen.monitor.tend()
        assert color(seen, "bull") == "#00bbff"


async def test_a_theme_follows_the_one_it_extends(tmp_path: Path) -> None:
    below = own(tmp_path, '[colors]\nbear = "#aa0000"\n', "below")
    own(tmp_path, 'extends = "below"\n')
    seen = wearing(tmp_path)
    async with seen.monitor.run_test(size=(120, 40)):
        below.write_text('[colors]\nbear = "#ff8888" # another\n')
        seen.monitor.tend()
        assert color(seen, "bear") == "#ff8888"


async def test_the_theme_asked_for_is_put_on_when_it_appears(tmp_path: Path) -> None:
    seen = wearing(tmp_path)
    async with seen.monitor.run_test(size=(120, 40)):
        assert seen.monitor.theme in ("graphite", "ansi")
        assert 'screen.theme = "mine": expected the name of a theme' in seen.lines()[LINE]
        own(tmp_path, '[colors]\nbull = "#00ff00"\n')
        seen.monitor.tend()
        assert (seen.monitor.theme, color(seen, "bull")) == ("mine", "#00ff00")
        seen.monitor.say("")
        seen.monitor.paint()
        assert "CONFIG" not in seen.lines()[LINE]


@pytest.mark.parametrize(
    ("rubbish", "cause"),
    [
        ("[colors\n", "is not valid TOML"),
        ('[colors]\nbull = "#12"\n', 'theme mine.toml: colors.bull = "#12": expected a colour such as "#4fc58a"'),
        ('extends = "mine2"\n', "expected a known theme"),
        (None, "theme mine.toml: is not there any more; its colours stay as they were"),
    ],
)
async def test_a_theme_spoilt_while_it_is_worn_keeps_its_colours_until_it_is_mended(
    tmp_path: Path, rubbish: str | None, cause: str
) -> None:
    good = '[colors]\nbull = "#00ff00"\nbackground = "#000011"\n'
    file = own(tmp_path, good)
    seen = wearing(tmp_path)
    async with seen.monitor.run_test(size=(160, 48)):
        own(tmp_path, rubbish) if rubbish is not None else file.unlink()
        for _ in range(3):
            seen.monitor.tend()
            assert seen.monitor.theme == "mine"
            assert (color(seen, "bull"), color(seen, "background")) == ("#00ff00", "#000011")
            told = seen.lines()[46]
            assert "CONFIG" in told
            assert cause in told, told
        own(tmp_path, good.replace("#00ff00", "#00ee00"))
        seen.monitor.tend()
        assert color(seen, "bull") == "#00ee00"
        seen.monitor.say("")
        seen.monitor.paint()
        assert "CONFIG" not in seen.lines()[46]


async def test_new_settings_do_not_take_the_colours_of_a_spoilt_theme(tmp_path: Path) -> None:
    own(tmp_path, '[colors]\nbull = "#00ff00"\n')
    seen = wearing(tmp_path)
    newer = msgspec.structs.replace(seen.monitor.config, keys={"quit": "x"})
    answers: list[tuple[Config, tuple[Problem, ...]]] = []
    monitor = Monitor(seen.monitor.data, seen.monitor.config, (), lambda: answers.pop(0) if answers else None)
    async with monitor.run_test(size=(120, 40)):
        own(tmp_path, "rubbish")
        monitor.tend()
        answers.append((newer, ()))
        monitor.tend()
        assert monitor.palette.theme.colors["bull"] == "#00ff00"


async def test_a_user_s_version_of_a_packaged_theme_gives_it_back_when_it_goes(tmp_path: Path) -> None:
    file = own(tmp_path, '[colors]\nbull = "#00ff00"\n', "amber")
    seen = wearing(tmp_path, "amber")
    async with seen.monitor.run_test(size=(120, 40)):
        assert color(seen, "bull") == "#00ff00"
        file.unlink()
        seen.monitor.tend()
        assert color(seen, "bull") == THEMES["amber"].colors["bull"]


async def test_looking_costs_a_stat_of_the_folder_while_a_packaged_theme_is_worn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own(tmp_path, '[colors]\nbull = "#00ff00"\n')
    for theme, paths in (("graphite", {"themes"}), ("mine", {"themes", "mine.toml"})):
        now = wardrobe.filled(tmp_path / "themes")
        asked: list[Path] = []

        def counted(path: Path, seen: list[Path] = asked) -> os.stat_result:
            seen.append(path)
            return os.stat(path)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "stat", counted)
            patch.setattr(wardrobe, "load_themes", None)
            assert not wardrobe.has_changed(now, theme)
        assert {one.name for one in asked} == paths
        assert len(asked) == len(paths)


async def test_a_short_colour_is_painted_as_the_long_one(tmp_path: Path) -> None:
    own(tmp_path, '[colors]\nbright = "#Abc"\nbackground = "#012"\n')
    settings = ScreenSettings(glyphs="unicode", theme="mine", gain="#0f0", loss="#F00")
    seen = stage(tmp_path, builders.overview(), settings=settings)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("T", "escape", "ctrl+p")
        await pilot.pause()
        found = {role: str(seen.monitor.palette.style(role)) for role in ("bright", "bull", "bear")}
    assert found == {
        "bright": "#aabbcc on #001122",
        "bull": "#00ff00 on #001122",
        "bear": "#ff0000 on #001122",
    }


# -- faults are one sentence ----------------------------------------------------------------------------


async def test_many_faults_are_one_line_with_file_key_and_cause(tmp_path: Path) -> None:
    own(tmp_path, '[colors]\nbull = "#12"\nbear = 7\nshade = "#000000"\n')
    seen = wearing(tmp_path)
    async with seen.monitor.run_test(size=(120, 40)):
        told = seen.lines()[LINE]
        assert told.startswith(' CONFIG  theme mine.toml: colors.bull = "#12": expected a colour such as "#4fc58a"')
        assert "(2 more: tapewatch config check)" in told
    problems = screen_problems(seen.paths, seen.monitor.config)
    out = StringIO()
    assert run_config("check", seen.paths, out, more=problems) == 1
    assert [part for part in ("colors.bull", "colors.bear", "colors.shade") if part not in out.getvalue()] == []


def test_faults_of_settings_and_of_the_feed_are_counted_together() -> None:
    one = Problem(file="/home/a/config.toml", key="screen.zoom", value="3", expected="a known key")
    said = settings_sentences((one, one), ("the rule x is off",))
    assert said[0].endswith("(2 more: tapewatch config check)")
    assert said[-1] == "config.toml: screen.zoom = 3: expected a known key"
    assert settings_sentences((), ()) == ()


@pytest.mark.parametrize(
    ("text", "count", "cause"),
    [
        ("[colors]\n" + "".join(f'role{n} = "#000000"\n' for n in range(4000)), 4000, "a known role"),
        ("[colors]\n" + "".join(f'role{n} = "#000000"\n' for n in range(10000)), 1, "more than 5,000 values"),
        ('[colors]\ntext = "#zzz"\n', 1, "a colour"),
        ('[colors]\ntext = "rgb("\n', 1, "a colour"),
        ("[colors]\ntext = [1, 2]\n", 1, "a colour"),
        ('extends = "mine"\n', 1, "a theme that does not extend this one"),
        ("", 0, ""),
    ],
)
def test_a_mad_theme_costs_only_its_own_roles(tmp_path: Path, text: str, count: int, cause: str) -> None:
    own(tmp_path, text)
    themes, problems = load_themes(tmp_path / "themes")
    assert len(problems) == count
    assert all(cause in one.expected for one in problems)
    if "mine" in themes:
        assert themes["mine"].colors == THEMES["graphite"].colors


def test_three_themes_in_a_ring_are_named_and_whole(tmp_path: Path) -> None:
    for name, above in (("a", "b"), ("b", "c"), ("c", "a")):
        own(tmp_path, f'extends = "{above}"\n', name)
    themes, problems = load_themes(tmp_path / "themes")
    assert {one.key for one in problems} == {"extends"}
    assert all(set(themes[name].colors) == set(ROLES) for name in "abc")


def test_two_files_of_one_name_are_told(tmp_path: Path) -> None:
    own(tmp_path, 'name = "mine"\n[colors]\nbull = "#00ff00"\n', "a")
    own(tmp_path, 'name = "mine"\n[colors]\nbull = "#0000ff"\n', "b")
    themes, (problem,) = load_themes(tmp_path / "themes")
    assert "a.toml has it" in problem.expected
    assert themes["mine"].colors["bull"] == "#00ff00"


# -- the page -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_the_page_lists_every_theme_and_wears_the_one_under_the_cursor(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    own(tmp_path, '[colors]\nbull = "#00ff00"\n')
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=size) as pilot:
        await pilot.press("T")
        text = seen.text()
        assert all(name in text for name in (*THEMES, "mine", "mine.toml", "packaged", "cb-safe", "light"))
        for words in ("CONTRAST", "text 11.4", "up 8.", "rare", "notable", "watch", "info", "OPEN", "FEED", "old"):
            assert words in text, words
        assert any(row.startswith("  ▸ graphite ") for row in seen.lines())
        await pilot.press("g")
        assert (seen.monitor.theme, seen.monitor.screen.styles.background.hex.lower()) == (
            "amber", THEMES["amber"].colors["background"],
        )  # fmt: skip
        await pilot.press("j", "j")
        assert seen.monitor.theme == sorted((*THEMES, "mine"))[2]
        await pilot.press("escape")
        assert seen.monitor.theme == "graphite"
        assert "6,664.01" in seen.text()
    assert not seen.paths.config_file.exists()


@pytest.mark.parametrize("leave", ["T", "escape", "2", "question_mark", "slash"])
async def test_who_leaves_without_enter_is_dressed_as_before(tmp_path: Path, leave: str) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("T", "g", leave)
        assert seen.monitor.theme == "graphite"
    assert not seen.paths.config_file.exists()


async def test_enter_keeps_the_theme_and_writes_it_among_the_settings(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    seen.paths.config_file.write_text("# mine\n[screen]\nzone = 'Europe/London' # at home\n")
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("T", "g", "enter")
        assert seen.monitor.theme == "amber"
        assert "Theme amber, kept in" in seen.lines()[LINE]
        await pilot.press("T", "G", "escape")
        assert seen.monitor.theme == "amber"
    text = seen.paths.config_file.read_text()
    assert "# mine\n[screen]\nzone = 'Europe/London' # at home\n" in text
    assert 'theme = "amber"' in text


async def test_a_settings_file_that_cannot_be_written_keeps_the_theme_for_the_session(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    seen.paths.config_file.write_text("[screen\n")
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("T", "g", "enter")
        assert seen.monitor.theme == "amber"
        assert "Theme amber until this monitor ends: config.toml: is not valid TOML" in seen.lines()[LINE]


async def test_a_theme_chosen_on_the_screen_survives_settings_that_say_nothing_of_it(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    newer = msgspec.structs.replace(seen.monitor.config, keys={"quit": "x"})
    other = configured(ScreenSettings(theme="ledger"), {})
    answers: list[tuple[Config, tuple[Problem, ...]]] = []
    monitor = Monitor(seen.monitor.data, seen.monitor.config, (), lambda: answers.pop(0) if answers else None)
    async with monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("T", "g", "enter")
        answers.append((newer, ()))
        monitor.tend()
        assert monitor.theme == "amber"
        answers.append((other, ()))
        monitor.tend()
        assert monitor.theme == "ledger"


async def test_a_theme_tried_on_follows_its_file_too(tmp_path: Path) -> None:
    file = own(tmp_path, '[colors]\nbull = "#00ff00"\n')
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("T", "G")
        assert seen.monitor.theme == "mine"
        file.write_text('[colors]\nbull = "#161718" # hardly\n')
        seen.monitor.tend()
        await pilot.pause()
        assert color(seen, "bull") == "#161718"
        assert "bull is hardly readable on background" in seen.text()
        assert "!" in next(row for row in seen.lines() if "text 1" in row)


async def test_without_colour_one_sentence_stands_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("T", "j", "j")
        assert "NO_COLOR is set: there is one theme without colour" in seen.text()
        await pilot.press("enter")
        assert "6,664.01" in seen.text()
    assert not seen.paths.config_file.exists()


async def test_a_terminal_of_sixteen_colours_is_told_which_are_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "linux")
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.setenv("TEXTUAL_COLOR_SYSTEM", "auto")
    seen = wearing(tmp_path, "auto")
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("T")
        assert "This terminal shows sixteen colours: those marked 16 are made for it" in seen.text()
        assert " 16 " in next(row for row in seen.lines() if "ansi-light" in row)
        assert "the terminal’s own" in seen.text()


async def test_many_themes_keep_the_one_under_the_cursor_and_the_sample_in_sight(tmp_path: Path) -> None:
    for number in range(60):
        own(tmp_path, f'[colors]\nbull = "#00ff{number:02d}"\n', f"own{number:02d}")
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("T", "G")
        assert seen.monitor.theme == "own59"
        assert any("▸ own59" in row for row in seen.lines())
        assert "CONTRAST" in seen.text()
        assert "69 of 69" in seen.text()
