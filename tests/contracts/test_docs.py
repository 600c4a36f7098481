"""Nothing that can be typed, set or chosen is missing from the documentation."""

import re
from pathlib import Path

import pytest

from tapewatch import __version__
from tapewatch.cli import build_parser
from tapewatch.completions import Command, described
from tapewatch.core.model.config import ScreenSettings
from tapewatch.core.model.theme import ROLES
from tapewatch.core.settings_keys import KEYS, TOP
from tapewatch.tui.themes import load_themes

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
TOP_COMMAND, COMMANDS = described(build_parser())


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def shell_blocks(name: str) -> list[str]:
    return [block.strip() for block in re.findall(r"```sh\n(.*?)```", page(name), re.DOTALL)]


def test_the_test_command_of_the_readme_is_what_is_run() -> None:
    command = page(".ci/run").splitlines()[-1]
    assert command.startswith("python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e '.[dev]' && ")
    assert command in shell_blocks("README.md")


def test_the_demo_command_stands_word_for_word() -> None:
    wanted = "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt . && .venv/bin/tapewatch demo"
    assert wanted in shell_blocks("README.md")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_and_option_is_in_readme_and_man_page(command: Command) -> None:
    assert f"`tapewatch {command.name}" in page("README.md")
    manual = page("docs/tapewatch.1").replace("\\-", "-")
    assert re.search(rf"^\.(B|BR|BI) {command.name}\b", manual, re.MULTILINE), command.name
    for option in command.options:
        long = next(name for name in option.names if name.startswith("--"))
        assert long in manual, (command.name, long)
        if long not in ("--help", "--rate", "--seed"):
            assert long in page("README.md"), (command.name, long)


def test_every_exit_code_is_in_the_readme() -> None:
    for code in range(5):
        assert re.search(rf"^\| {code} \|", page("README.md"), re.MULTILINE), code


@pytest.mark.parametrize("section", KEYS)
def test_every_setting_is_documented_under_its_section(section: str) -> None:
    part = re.split(rf"^## \[+{section}\]+$", page("docs/settings.md"), flags=re.MULTILINE)[1]
    part = part.partition("\n## ")[0]
    for key in KEYS[section]:
        assert f"`{key.name}`" in part, (section, key.name)


def test_every_default_of_the_screen_is_documented_as_it_is() -> None:
    for name in ScreenSettings.__struct_fields__:
        value = getattr(ScreenSettings(), name)
        words = {None: '""', (): "[]", True: "true", False: "false"}
        shown = words[value] if value in (None, (), True, False) and value != 1.0 else value
        shown = f'"{shown}"' if isinstance(value, str) else shown
        assert re.search(rf"`{name}`[^|]*\| `{re.escape(str(shown))}` \|", page("docs/settings.md")), name


def test_every_section_is_documented() -> None:
    for name in TOP:
        assert re.search(rf"^## \[*{name}\]*$", page("docs/settings.md"), re.MULTILINE), name


def test_every_theme_and_role_is_documented() -> None:
    told = page("docs/a-theme.md")
    for name in (*load_themes()[0], *ROLES):
        assert f"`{name}`" in told, name


def test_every_rule_is_documented() -> None:
    from tapewatch.core.flags import rules

    for name in rules():
        assert f"| `{name}` |" in page("docs/a-flag.md"), name


def test_every_pane_is_documented() -> None:
    from tapewatch.tui.panes import discover

    told = page("docs/a-pane.md").partition("## The panes there are")[2]
    for name in discover():
        assert re.search(rf"^\|[^|]*`{name}`[^|]*\|", told, re.MULTILINE), name


def test_every_command_of_the_monitor_is_documented_with_its_keys() -> None:
    from tapewatch.tui.commands import COMMANDS as ACTIONS
    from tapewatch.tui.commands import key_name, shown

    told = page("docs/settings.md").partition("## [keys]")[2].partition("\n## ")[0]
    listed: dict[str, str] = dict(re.findall(r"^\| `([a-z-]+)` \| (.*?) \| [^|]+ \|$", told, re.MULTILINE))
    keys = {one.name: " ".join(f"`{shown(key_name(key) or key)}`" for key in one.keys) for one in ACTIONS}
    assert listed == keys


def test_every_page_over_the_panes_has_its_key_in_the_readme() -> None:
    from tapewatch.tui.commands import COMMANDS as ACTIONS
    from tapewatch.tui.screens.desk import PAGES as PAGES_OVER

    keys = {"theme" if name == "themes" else name for name in PAGES_OVER}
    for one in ACTIONS:
        if one.name in keys:
            assert f"`{one.keys[0]}`" in page("README.md"), one.name


def test_every_heading_of_a_column_is_in_the_glossary() -> None:
    from tapewatch.tui.panes import confirmation, quotes, record, weekly

    told = page("docs/glossary.md")
    for pane in (quotes, weekly, record, confirmation):
        for column in pane.COLUMNS:
            word = column.label.strip("┃╎ ")
            assert not word or word in ("SYM", "NAME") or word in told, (pane.NAME, word)


def test_this_version_has_its_changes() -> None:
    assert f"## {__version__}" in page("CHANGELOG.md")


def anchors_and_links(path: Path) -> list[str]:
    return re.findall(r"\]\(([^)#\s]+)\)", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in anchors_and_links(path):
        assert link.startswith("https://") or (path.parent / link).exists(), link


def test_the_man_page_names_every_exit_code_and_common_option() -> None:
    manual = page("docs/tapewatch.1").replace("\\-", "-")
    status = manual.partition(".SH EXIT STATUS")[2].partition(".SH ")[0]
    assert re.findall(r"^\.B (\d)$", status, re.MULTILINE) == ["0", "1", "2", "3", "4"]
    for option in TOP_COMMAND.options:
        assert all(name in manual for name in option.names), option.names


def test_every_key_of_the_readme_does_something() -> None:
    from tapewatch.tui.commands import COMMANDS as ACTIONS
    from tapewatch.tui.commands import key_name

    bound = {key_name(key) or key for action in ACTIONS for key in action.keys}
    table = page("README.md").partition("| key | does | key | does |")[2].partition("\n\n")[0]
    arrows = {"↓": "down", "↑": "up", "←": "left", "→": "right"}
    written: list[str] = [key for row in table.splitlines()[2:] for key in re.findall(r"`([^`]+)`", row)]
    keys = [arrows.get(key, key) for key in written]
    assert len(keys) > 15
    assert {key for key in keys if (key_name(key) or key) not in bound} == set()
