"""What only the screen can judge of the settings is named with file, key and value, like everything else."""

from pathlib import Path

import pytest

from tapewatch.core.paths import Paths
from tapewatch.core.settings import load
from tapewatch.tui.checking import screen_problems


def sentences(folder: Path, text: str) -> list[str]:
    """What is said of a settings file, without its name."""
    paths = Paths(store=folder, state=folder, config_file=folder / "c.toml", themes=folder / "themes")
    paths.config_file.write_text(text)
    return [
        str(one).removeprefix(f"{paths.config_file}: ") for one in screen_problems(paths, load(paths.config_file)[0])
    ]


def test_keys_themes_and_the_name_of_the_theme_are_judged(tmp_path: Path) -> None:
    paths = Paths(store=tmp_path, state=tmp_path, config_file=tmp_path / "c.toml", themes=tmp_path / "themes")
    paths.config_file.write_text('[screen]\ntheme = "grafite"\n[keys]\nqit = "Q"\n')
    paths.themes.mkdir()
    (paths.themes / "mine.toml").write_text('[colors]\nbul = "#ffffff"\n')
    config, problems = load(paths.config_file)
    assert problems == ()
    found = {problem.key: problem.expected for problem in screen_problems(paths, config)}
    assert set(found) == {"keys.qit", "colors.bul", "screen.theme"}
    assert "graphite" in found["screen.theme"]


def test_a_user_without_settings_has_no_problems(tmp_path: Path) -> None:
    paths = Paths(store=tmp_path, state=tmp_path, config_file=tmp_path / "c.toml", themes=tmp_path / "themes")
    assert screen_problems(paths, load(paths.config_file)[0]) == ()


@pytest.mark.parametrize("name", ["own order", "CHG %", "w/w %", "SYM"])
def test_an_order_by_a_heading_is_no_problem(tmp_path: Path, name: str) -> None:
    assert sentences(tmp_path, f'[screen]\nsort = "{name}"\n') == []


def test_an_order_by_what_is_no_heading_is_named(tmp_path: Path) -> None:
    (said,) = sentences(tmp_path, '[screen]\nsort = "xyz"\n')
    assert said.startswith('screen.sort = "xyz": expected "own order" or the heading of a column')


def test_a_column_that_no_pane_has_is_named_and_the_others_stand(tmp_path: Path) -> None:
    said = sentences(tmp_path, '[screen]\nhidden_columns = ["TIME", "BLA", "chg %", "recc %"]\n')
    assert said == [
        'screen.hidden_columns = "BLA": expected the heading of a column; it is left out',
        'screen.hidden_columns = "recc %": expected the heading of a column (nearest: REC %); it is left out',
    ]


def test_a_key_taken_from_another_command_is_named_until_that_has_its_own(tmp_path: Path) -> None:
    assert sentences(tmp_path, '[keys]\nquit = "j"\n') == [
        'keys.quit = "j": expected a key that down does not have; '
        "j is quit now and down keeps ↓; a line for down under [keys] settles it"
    ]
    assert "zoom has no key" in sentences(tmp_path, '[keys]\nquit = "z"\n')[0]
    assert sentences(tmp_path, '[keys]\nquit = "j"\ndown = "u"\n') == []
    assert sentences(tmp_path, '[keys]\nquit = "Q"\n') == []


def test_one_key_given_to_two_commands_is_named_once(tmp_path: Path) -> None:
    (said,) = sentences(tmp_path, '[keys]\nquit = "X"\nzoom = "X"\n')
    assert said == 'keys.zoom = "X": expected a key that quit does not have; the default is used'
