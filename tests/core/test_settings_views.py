"""Saved layouts in the settings file: what can be used is taken, what cannot is named with what was meant."""

from pathlib import Path

import pytest

from tapewatch.core.model.view_setting import ViewSetting
from tapewatch.core.settings import load
from tapewatch.core.settings_actions import add_symbol, goes_with, remove_symbol, set_group
from tapewatch.core.settings_blocks import put_block
from tapewatch.core.settings_text import describe

GOOD = '[[view]]\ndigit = 3\nname = "morning"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "c.toml"


def read(folder: Path, text: str) -> tuple[tuple[ViewSetting, ...], list[str]]:
    file = folder / "c.toml"
    file.write_text(text)
    config, problems = load(file)
    return config.views, [str(one).removeprefix(f"{file}: ") for one in problems]


def test_a_view_is_taken_with_symbols_as_the_board_has_them(tmp_path: Path) -> None:
    text = GOOD + 'screen = "chart"\nsymbol = "rut"\nagainst = "SPX"\nframe = "3m"\n'
    views, said = read(tmp_path, text)
    assert said == []
    assert views == (ViewSetting(digit=3, name="morning", screen="chart", symbol="^RUT", against="^GSPC", frame="3m"),)


@pytest.mark.parametrize(
    ("text", "said", "left"),
    [
        ('panes = ["quots", "flags"]', "nearest: quotes", 1),
        ('panes = ["nothing"]', "a pane (quotes, weekly, record, board", 0),
        ('screen = "weekly"\ngroups = ["makro"]', "nearest: macro", 1),
        ('screen = "wekly"', "nearest: weekly", 0),
        ('screen = "weekly"\nsymbol = "RUTT"', "nearest: RUT", 1),
        ('screen = "weekly"\nsymbol = "DAX"', "a symbol of the board", 1),
        ('screen = "weekly"\nweek_basis = "month"', '"O>C"', 1),
        ('screen = "weekly"\nsorted = "LAST"', "nearest: sort", 1),
        ('screen = "weekly"\nfocus = "weely"', "nearest: weekly", 1),
        ('screen = "weekly"\npanes = ["flags"]', "not both", 0),
        ('zoomed = true', "or panes", 0),
        ('screen = "weekly"\n[[view]]\ndigit = 3\nname = "b"\nscreen = "flags"', '"morning" does not have', 1),
        ('screen = "weekly"\n[[view]]\ndigit = 4\nname = "Morning"\nscreen = "flags"', "no other view has", 1),
        ('screen = "weekly"\n[[view]]\ndigit = 10\nname = "b"\nscreen = "flags"', "from 1 to 9", 1),
        ('screen = "weekly"\n[[view]]\nname = "b"\nscreen = "flags"', "view[b].digit", 1),
        ('screen = "weekly"\n[[view]]\ndigit = 4\nname = "4"\nscreen = "flags"', "letters", 1),
        ('screen = "weekly"\n[[view]]\ndigit = 4\nname = "a\\u001b[31m"\nscreen = "flags"', "letters", 1),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_once_and_costs_no_more_than_it_must(
    tmp_path: Path, text: str, said: str, left: int
) -> None:
    views, problems = read(tmp_path, f"{GOOD}{text}\n")
    assert len(problems) == 1
    assert said in problems[0]
    assert "\x1b" not in problems[0]
    assert len(views) == left


def test_no_view_is_ever_fatal(tmp_path: Path) -> None:
    for text in ("view = 3", "[view]\ndigit = 1", "[[view]]", '[[view]]\npanes = "quotes"', "[[view]]\ndigit = true"):
        views, problems = read(tmp_path, text)
        assert views == ()
        assert problems


def test_what_is_in_force_can_be_written_and_read_again(tmp_path: Path) -> None:
    text = GOOD + 'panes = ["quotes", "flags"]\ngroups = ["us"]\nreverse = true\nsort = "CHG %"\n'
    views, _ = read(tmp_path, text)
    config, _ = load(tmp_path / "c.toml")
    assert read(tmp_path, describe(config))[0] == views


def test_a_view_is_written_and_nothing_else_of_the_file_moves(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text(f'# mine\n{GOOD}screen = "weekly"  # the ranges\n')
    assert put_block(file, "view", {"digit": 5}, {"name": "late", "panes": ("flags", "journal")}) is None
    assert file.read_text().startswith(f'# mine\n{GOOD}screen = "weekly"  # the ranges\n')
    assert [one.name for one in load(file)[0].views] == ["morning", "late"]
    problem = put_block(file, "view", {"digit": 6}, {"name": "late", "screen": "flags"})
    assert problem is not None
    assert "no other view has" in str(problem)


# -- what a view names goes ----------------------------------------------------------------------------------

VIEW = '[[view]]\ndigit = 3\nname = "mine"  # the morning\npanes = ["chart", "quotes"]\n'


def test_a_symbol_of_ones_own_leaves_the_views_that_name_it(file: Path) -> None:
    named = 'symbol = "SAP.DE"\nagainst = "^GSPC"\ngroups = ["us", "shares"]\n'
    other = '\n[[view]]\ndigit = 4\nname = "other"\npanes = ["chart"]\nsymbol = "RUT"\nagainst = "sap.de"\n'
    file.write_text('[[instrument]]\nsymbol = "SAP.DE"\ngroup = "shares"\n\n' + VIEW + named + other)
    assert load(file)[1] == ()
    assert goes_with(file, "SAP.DE") == "its place in view mine and its place in view other"
    assert remove_symbol(file, "SAP.DE") is None
    assert load(file)[1] == ()
    mine, another = load(file)[0].views
    assert (mine.symbol, mine.against, mine.groups) == ("", "^GSPC", ("us",))
    assert (another.symbol, another.against) == ("^RUT", "")
    assert "# the morning" in file.read_text()


@pytest.mark.parametrize("key", ["symbol", "against"])
def test_an_instrument_that_a_view_names_can_be_hidden_and_comes_back_into_it(file: Path, key: str) -> None:
    file.write_text(VIEW + f'{key} = "RUT"\n')
    before = load(file)
    assert "its place in view mine" in goes_with(file, "RUT")
    assert remove_symbol(file, "RUT") is None
    config, problems = load(file)
    assert [one.name for one in config.views] == ["mine"]
    said = [str(one) for one in problems if one.key == f"view[mine].{key}"]
    assert len(said) == 1
    assert "RUT is hidden" in said[0]
    assert add_symbol(file, "RUT") is None
    assert load(file) == before


def test_the_last_of_a_group_that_a_view_shows_can_go_to_another(file: Path) -> None:
    file.write_text('[[instrument]]\nsymbol = "SAP.DE"\ngroup = "shares"\n\n' + VIEW + 'groups = ["shares"]\n')
    assert set_group(file, "SAP.DE", "us") is None
    assert [one.key for one in load(file)[1]] == ["view[mine].groups"]
    assert set_group(file, "SAP.DE", "shares") is None
    assert load(file)[1] == ()
