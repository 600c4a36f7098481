"""The file that `config init` writes, what `config show` says, and changing one setting."""

import os
import tomllib
from pathlib import Path

import msgspec
import pytest

from tapewatch.core.settings import load
from tapewatch.core.settings_file import write_setting
from tapewatch.core.settings_keys import KEYS
from tapewatch.core.settings_text import default_text, describe
from tapewatch.core.universe import default_config


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


LEVEL = '[[level]]\nsymbol = "RUT"\nlow = 2417.74\nhigh = 2433.19\nrule = "close below"\nsince = 2025-10-17\n'


def uncommented(text: str) -> str:
    """As if a user had taken the sign away from every setting."""
    head, _, body = text.partition("\n\n")
    assert head.startswith("# Settings")
    return "\n".join(line.removeprefix("# ") for line in body.splitlines())


def test_the_default_file_changes_nothing(file: Path) -> None:
    file.write_text(default_text())
    config, problems = load(file)
    assert problems == ()
    assert msgspec.structs.replace(config, path=None) == default_config()


def test_every_line_of_the_default_file_is_the_default(file: Path) -> None:
    file.write_text(uncommented(default_text()))
    config, problems = load(file)
    assert problems == ()
    assert msgspec.structs.replace(config, path=None) == default_config()
    assert len(tomllib.loads(file.read_text())["rule"]) == len(default_config().rules)


def test_every_key_stands_in_the_default_file() -> None:
    settings = tomllib.loads(uncommented(default_text()))
    for section in ("feed", "screen"):
        assert set(settings[section]) == {key.name for key in KEYS[section]}
    for section in ("instrument", "rule", "level"):
        for key in KEYS[section]:
            assert f"##     {key.name}: " in default_text(), key.name


def test_what_is_shown_is_what_is_in_force(file: Path) -> None:
    file.write_text('order = ["RUT"]\n[screen]\ntheme = "ledger"\n[keys]\nquit = "Q"\n' + LEVEL)
    config, _ = load(file)
    assert config.levels
    shown = describe(config)
    assert 'theme = "ledger"  # default "auto"' in shown
    assert str(file) in shown
    again = file.with_name("again.toml")
    again.write_text(shown)
    found, problems = load(again)
    assert problems == ()
    assert msgspec.structs.replace(found, path=str(file)) == config


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[screen]\ntheme = "ledger"\n'),
        ('# mine\n[screen]\ntheme = "x" # why\n', '# mine\n[screen]\ntheme = "ledger" # why\n'),
        ('screen.theme = "x"\n', 'screen.theme = "ledger"\n'),
        ('screen = { theme = "x", sort = "CHG" }\n', 'screen = { theme = "ledger", sort = "CHG" }\n'),
        ('[screen]\r\ntheme = "x"\r\n', '[screen]\r\ntheme = "ledger"\r\n'),
        (
            '[screen]\nsort = "CHG"\n\n[feed]\npoll = 5\n',
            '[screen]\nsort = "CHG"\ntheme = "ledger"\n\n[feed]\npoll = 5\n',
        ),
    ],
)
def test_one_setting_is_changed_and_nothing_else(file: Path, before: str, after: str) -> None:
    file.write_bytes(before.encode())
    assert write_setting(file, "screen.theme", "ledger") is None
    assert file.read_bytes().decode() == after


def test_a_setting_can_be_taken_away(file: Path) -> None:
    file.write_text('[screen]\ngain = "#00ff00"\nsort = "CHG"\n')
    assert write_setting(file, "screen.gain", None) is None
    assert file.read_text() == '[screen]\nsort = "CHG"\n'


def test_a_file_and_its_folder_are_made_for_their_owner_alone(file: Path) -> None:
    file = file.parent / "new" / "config.toml"
    assert write_setting(file, "screen.hidden_columns", ("CHG", "TIME")) is None
    assert load(file)[0].screen.hidden_columns == ("CHG", "TIME")
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_link_stays_a_link_and_rights_stay_rights(file: Path) -> None:
    real = file.with_name("dotfiles.toml")
    real.write_text("[screen]\n")
    real.chmod(0o640)
    file.symlink_to(real)
    assert write_setting(file, "screen.theme", "amber") is None
    assert file.is_symlink()
    assert real.read_text() == '[screen]\ntheme = "amber"\n'
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("content", "key", "value", "said"),
    [
        (b"[screen\n", "screen.theme", "ledger", "line 1"),
        (b"screen = 3\n", "screen.theme", "ledger", "by hand"),
        (b"\xff", "screen.theme", "ledger", "UTF-8"),
        (b"[screen]\n", "screen.theem", "ledger", "nearest: theme"),
        (b"[screen]\n", "screen.refresh", 0, "from 0.1"),
        (b"[screen]\n", "scren.theme", "ledger", "a known key"),
        (b"[screen]\n", "rule.rule", "weekly-lag", "a known key"),
    ],
)
def test_what_cannot_be_written_leaves_the_file_as_it_is(
    file: Path, content: bytes, key: str, value: str | float, said: str
) -> None:
    file.write_bytes(content)
    problem = write_setting(file, key, value)
    assert problem is not None
    assert said in problem.expected
    assert file.read_bytes() == content


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_ours_is_said(file: Path) -> None:
    file.write_text("[screen]\n")
    file.parent.chmod(0o500)
    problem = write_setting(file, "screen.theme", "ledger")
    file.parent.chmod(0o700)
    assert problem is not None
    assert "cannot be written" in problem.expected


def test_a_file_where_the_folder_should_be_is_said(file: Path) -> None:
    file.write_text("")
    problem = write_setting(file / "config.toml", "screen.theme", "ledger")
    assert problem is not None
    assert "Not a directory" in problem.expected
