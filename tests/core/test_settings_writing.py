"""A settings file is changed by several at once, by others between, and for its owner: nobody's words are lost."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewatch.core import settings_file
from tapewatch.core.settings import load
from tapewatch.core.settings_cut import with_setting
from tapewatch.core.settings_file import replaced, write_setting

APART = """\
[screen]
theme = "graphite"   # calm

[[level]]
symbol = "RUT"
price = 5

# SAP: my biggest position
[[instrument]]
symbol = "SAP.DE"

[[level]]
symbol = "SPX"
price = 7
"""
"""Blocks of one kind that stand apart, with words of their own."""

WRITER = """
import sys
from pathlib import Path
from tapewatch.core.settings_actions import add_level
for at in range(8):
    problem = add_level(Path(sys.argv[1]), "RUT", float(sys.argv[2]) + at)
    assert problem is None, problem
"""


@pytest.mark.parametrize(
    ("key", "value"), [("screen.theme", "amber"), ("screen.zone", "Asia/Tokyo"), ("keys.quit", "Q")]
)
def test_a_setting_leaves_every_other_line_where_it_stands(tmp_path: Path, key: str, value: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(APART)
    assert write_setting(file, key, value) is None
    after = file.read_text().splitlines()
    rest = iter(after)
    assert all(line in rest for line in APART.splitlines() if not (key == "screen.theme" and "theme" in line))
    assert after[after.index("# SAP: my biggest position") + 1 :][:2] == ["[[instrument]]", 'symbol = "SAP.DE"']
    section, _, name = key.partition(".")
    assert tomllib.loads(file.read_text())[section][name] == value
    assert write_setting(file, key, None) is None
    assert name not in tomllib.loads(file.read_text())[section]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# mine\n",
        'screen.zone = "UTC"\n',
        'screen = { zone = "UTC" }\n',
        "[screen]",
        "[screen]\n# theme = 1\n\n[feed]\npoll = 20",
    ],
)
def test_however_a_section_is_written_a_key_comes_and_goes(text: str) -> None:
    after = with_setting(text, "screen", "theme", "amber")
    assert tomllib.loads(after)["screen"]["theme"] == "amber"
    before = tomllib.loads(text)
    again = tomllib.loads(with_setting(after, "screen", "theme", None))
    assert again == before | {"screen": before.get("screen", {})}
    assert all(line in after for line in text.splitlines() if line.startswith("#"))


LINES = st.lists(
    st.sampled_from(
        ["# a word", "", "[feed]\npoll = 20", '[[level]]\nsymbol = "RUT"\nprice = 5', '[[instrument]]\nsymbol = "AB"']
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(LINES, st.sampled_from(["amber", "ledger"]))
def test_no_line_of_anybody_else_moves(lines: list[str], theme: str) -> None:
    kept = [one for at, one in enumerate(lines) if not (one.startswith("[feed]") and one in lines[:at])]
    text = "\n".join(kept) + "\n"
    after = with_setting(text, "screen", "theme", theme)
    assert after.startswith(text.rstrip("\n"))
    assert with_setting(after, "screen", "theme", None).startswith(text.rstrip("\n"))


def test_writers_who_hold_on_for_long_lose_nothing_of_each_other(tmp_path: Path) -> None:
    """A large file takes each of them longer than anybody is waited for."""
    file = tmp_path / "mine.toml"
    file.write_text("".join(f'[[instrument]]\nsymbol = "S{at}X"\nshort = "S{at}"\n\n' for at in range(120)))
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(file), str(100 * at)]) for at in (1, 2)]
    assert [one.wait() for one in writers] == [0, 0]
    assert len(load(file)[0].levels) == 16


def test_what_an_editor_saves_in_between_stays(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[screen]\nrefresh = 2.0\n")
    seen: list[str] = []

    def edit(text: str) -> str:
        if not seen:
            file.write_text("# saved meanwhile\n" + text)
        seen.append(text)
        return text + 'theme = "amber"\n'

    assert replaced(file, edit, "screen.theme") is None
    assert file.read_text() == '# saved meanwhile\n[screen]\nrefresh = 2.0\ntheme = "amber"\n'
    assert len(seen) == 2


def test_a_file_that_never_rests_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[screen]\n")

    def edit(text: str) -> str:
        file.write_text(text + "# more\n")
        return text + 'theme = "amber"\n'

    problem = replaced(file, edit, "screen.theme")
    assert problem is not None
    assert "changed by somebody else" in str(problem)
    assert "amber" not in file.read_text()
    assert [one.name for one in tmp_path.iterdir()] == ["mine.toml"]
    assert file.read_text().count("# more") == settings_file.TRIES


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can write another's file for him")
def test_the_file_of_another_stays_his(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[screen]\n")
    file.chmod(0o640)
    os.chown(file, 1000, 1001)
    assert write_setting(file, "screen.theme", "amber") is None
    found = file.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (1000, 1001, 0o640)
