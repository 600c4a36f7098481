"""`tapewatch config` in its four forms, and rules that nobody could judge."""

from io import StringIO
from pathlib import Path

import pytest

from tapewatch.cli import run
from tapewatch.core.config_command import run_config
from tapewatch.core.model.config import Problem, RuleSetting
from tapewatch.core.paths import Paths
from tapewatch.core.rule_check import usable
from tapewatch.core.settings import load
from tapewatch.core.settings_file import write_setting
from tapewatch.core.universe import default_config
from tapewatch.tui.themes import load_themes


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    home = tmp_path / "home"
    return Paths(store=home / "data", state=home / "state", config_file=home / "c.toml", themes=home / "t")


def test_path_says_where_and_makes_nothing(paths: Paths) -> None:
    out = StringIO()
    assert run_config("path", paths, out) == 0
    assert out.getvalue() == f"{paths.config_file}\n"
    assert not paths.config_file.parent.exists()


def test_init_writes_a_file_that_has_no_problems(paths: Paths) -> None:
    out = StringIO()
    assert run_config("init", paths, out) == 0
    assert run_config("check", paths, out) == 0
    assert out.getvalue().splitlines() == [
        str(paths.config_file),
        f"{paths.config_file}: no problems",
    ]
    assert paths.config_file.stat().st_mode & 0o777 == 0o600


def test_init_never_overwrites(paths: Paths) -> None:
    paths.config_file.parent.mkdir()
    paths.config_file.write_text("[broken")
    out, err = StringIO(), StringIO()
    assert run_config("init", paths, out, err) == 1
    assert paths.config_file.read_text() == "[broken"
    assert "is there already" in err.getvalue()


def test_init_leaves_a_link_that_leads_nowhere(paths: Paths) -> None:
    paths.config_file.parent.mkdir()
    paths.config_file.symlink_to(paths.config_file.with_name("missing"))
    assert run_config("init", paths, StringIO(), StringIO()) == 1
    assert paths.config_file.is_symlink()


def test_init_says_why_it_cannot(paths: Paths) -> None:
    paths.config_file.parent.write_text("a file where the folder should be")
    err = StringIO()
    assert run_config("init", paths, StringIO(), err) == 1
    assert "cannot" in err.getvalue()


def test_check_names_every_problem(paths: Paths) -> None:
    paths.config_file.parent.mkdir()
    paths.config_file.write_text("[feed]\npoll = 5\n[screen]\nglyphs = 3\n")
    of_a_theme = Problem(file="t.toml", key="colors.bul", value='"#fff"', expected="a known role")
    out = StringIO()
    assert run_config("check", paths, out, more=(of_a_theme,)) == 1
    assert [line.split(": ")[1].split(" = ")[0] for line in out.getvalue().splitlines()] == [
        "feed.poll",
        "screen.glyphs",
        "colors.bul",
    ]


def test_check_without_a_file_says_that_the_defaults_are_used(paths: Paths) -> None:
    out = StringIO()
    assert run_config("check", paths, out) == 0
    assert "the defaults are used" in out.getvalue()


def test_show_says_what_is_not_in_force(paths: Paths) -> None:
    paths.config_file.parent.mkdir()
    paths.config_file.write_text('[feed]\npoll = 5\n[screen]\ntheme = "amber"\n')
    out, err = StringIO(), StringIO()
    assert run_config("show", paths, out, err) == 3
    assert 'theme = "amber"' in out.getvalue()
    assert "poll = 60.0" in out.getvalue()
    assert "feed.poll = 5" in err.getvalue()


@pytest.mark.parametrize("content", [b"[feed\npoll", b"\xff\xfe[\0"])
def test_show_does_not_deny_a_file_that_is_broken(paths: Paths, content: bytes) -> None:
    paths.config_file.parent.mkdir()
    paths.config_file.write_bytes(content)
    out, err = StringIO(), StringIO()
    assert run_config("show", paths, out, err) == 3
    assert out.getvalue().startswith(f"# {paths.config_file} cannot be read: these are the defaults\n")
    assert str(paths.config_file) in err.getvalue()
    paths.config_file.unlink()
    assert run_config("show", paths, none := StringIO()) == 0
    assert none.getvalue().startswith("# no settings file: these are the defaults\n")


def test_the_mark_that_windows_begins_a_file_with_is_no_fault(paths: Paths) -> None:
    paths.config_file.parent.mkdir()
    paths.config_file.write_bytes(b'\xef\xbb\xbf[screen]\r\ntheme = "amber"\r\n')
    config, problems = load(paths.config_file)
    assert (config.screen.theme, problems) == ("amber", ())
    assert write_setting(paths.config_file, "screen.theme", "ledger") is None
    assert paths.config_file.read_bytes() == b'\xef\xbb\xbf[screen]\r\ntheme = "ledger"\r\n'
    paths.themes.mkdir()
    (paths.themes / "mine.toml").write_bytes(b'\xef\xbb\xbfextends = "amber"\n')
    themes, wrong = load_themes(paths.themes)
    assert ("mine" in themes, wrong) == (True, ())


def test_the_rules_that_ship_can_all_be_judged() -> None:
    assert usable(default_config()) == (default_config(), ())


@pytest.mark.parametrize(
    ("setting", "key", "expected"),
    [
        (
            RuleSetting(rule="weekly-lag", watched="^RUT", against=("^GSPC",), set={"percentil": 3.0}),
            "rule[weekly-lag].set.percentil",
            "nearest: percentile",
        ),
        (
            RuleSetting(rule="weekly-lag", watched="^RUT", against=("^GSPC",), set={"percentile": "low"}),
            "rule[weekly-lag].set.percentile",
            "a number",
        ),
        (
            RuleSetting(rule="weekly-lag", watched="^RUT", against=("^GSPC",), set={"percentile": True}),
            "rule[weekly-lag].set.percentile",
            "a number",
        ),
        (
            RuleSetting(rule="weekly-lag", watched="^RUT", against=("^GSPC",), set={"mirror": 1.0}),
            "rule[weekly-lag].set.mirror",
            "true or false",
        ),
        (RuleSetting(rule="weekly-lag", watched="^RUT"), "rule[weekly-lag].against", "at least 1"),
        (RuleSetting(rule="tea-leaves", watched="^RUT"), "rule[tea-leaves].rule", "same-day-direction"),
    ],
)
def test_a_rule_nobody_can_judge_is_left_out_and_named(setting: RuleSetting, key: str, expected: str) -> None:
    from msgspec.structs import replace

    good = default_config().rules[0]
    config, (problem,) = usable(replace(default_config(), rules=(good, setting)))
    assert config.rules == (good,)
    assert problem.key == key
    assert expected in problem.expected


def test_a_threshold_is_repeated_as_it_was_typed(paths: Paths) -> None:
    paths.config_file.parent.mkdir()
    rule = '[[rule]]\nrule = "weekly-lag"\nwatched = "RUT"\nagainst = ["SPX"]\n'
    paths.config_file.write_text(rule + "set = { mirror = 1 }\n" + rule + "set = { mirror = 1.5 }\n")
    out = StringIO()
    assert run_config("check", paths, out) == 1
    assert "set.mirror = 1: expected true or false" in out.getvalue()
    assert "set.mirror = 1.5: expected true or false" in out.getvalue()


@pytest.mark.parametrize("what", ["check", "show"])
def test_settings_named_but_not_there_are_wrong_usage(
    paths: Paths, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["config", what, "--config", str(paths.config_file)]) == 2
    said = capsys.readouterr()
    assert (said.out, f"there is no settings file {paths.config_file}" in said.err) == ("", True)
