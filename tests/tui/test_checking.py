"""What only the screen can judge of the settings is named with file, key and value, like everything else."""

from pathlib import Path

from tapewatch.core.paths import Paths
from tapewatch.core.settings import load
from tapewatch.tui.checking import screen_problems


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
