"""The stakes that are about the program in the hand: 5 to 12."""

import csv
import io
import itertools
import json
import os
import re
import signal
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tapewatch.core.settings import load
from tapewatch.tui.commands import COMMANDS

from ..end_to_end.desk import Desk
from ..end_to_end.terminal import Terminal
from ..life.tty import Tty, screen_of
from .conftest import Show, homes
from .test_data import NO_NETWORK, board_line

ROOT = Path(__file__).parents[2]
OWN = """
[screen]
sort = "own order"
hidden_columns = ["NAME"]

[keys]
quit = "Q"

[[instrument]]
symbol = "^RUT"
group = "mine"
"""


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    command = [sys.executable, "-P", "-m", "tapewatch", *map(str, arguments)]
    env = os.environ | NO_NETWORK | environment
    return subprocess.run(command, capture_output=True, text=True, env=env, timeout=120, check=False)


def order_of(terminal: Terminal) -> list[str]:
    """Short names from the top of the board down to the next pane."""
    lines = itertools.takewhile(lambda line: not line.lstrip().startswith("─"), terminal.text().splitlines()[2:])
    return [name for line in lines for name in ("RUT", "SPX", "COMP", "SX5E") if f" {name} " in line[:12]]


def test_05_the_board_is_sorted_by_any_column_and_columns_and_groups_are_the_users(
    market: Desk, show: Show, tmp_path: Path
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(OWN, encoding="utf-8")
    with show("--store", market.paths.store, "--config", file, ready="Q quit") as terminal:
        assert "NAME" not in terminal.text()
        assert "US10Y" not in terminal.text()
        before = order_of(terminal)
        seen: set[tuple[str, ...]] = set()
        for _ in range(6):
            terminal.press("s")
            terminal.read(0.5)
            seen.add(tuple(order_of(terminal)))
        assert len(seen) > 1
        assert all(sorted(one) == sorted(before) for one in seen)
    named = {one.symbol: one for one in load(file)[0].instruments}
    assert named["^RUT"].group == "mine"


def test_06_hands_find_their_keys_the_mouse_works_and_help_lists_what_lives(market: Desk, show: Show) -> None:
    with show("--store", market.paths.store) as terminal:
        for key, words in (("2", "2 quotes"), ("5", "5 flags"), ("1", "1 overview")):
            terminal.press(key)
            terminal.until(words)
        assert "▸ SPX" in terminal.text()
        terminal.press("j")
        terminal.until("▸ COMP")
        terminal.press("k")
        terminal.until("▸ SPX")
        row = next(number for number, line in enumerate(terminal.text().splitlines(), 1) if " RUT " in line[:12])
        terminal.press(f"\x1b[<0;20;{row}M\x1b[<0;20;{row}m")
        terminal.until("▸ RUT")
        terminal.press("/")
        terminal.press("spx\r")
        terminal.read(20.0, lambda: order_of(terminal) == ["SPX"])
        assert order_of(terminal) == ["SPX"], terminal.text()
        terminal.press("\x10")
        terminal.read(5.0, lambda: "commands" in terminal.text().lower())
        terminal.press("\x1b")
        terminal.read(1.0)
        terminal.press("?")
        terminal.until("─ help")
        terminal.until("row down")
        above = listed(terminal)
        terminal.press("G")
        wanted = {"down", "next-pane", "find", "sort", "pause", "help", "palette", "theme"}
        terminal.read(30.0, lambda: wanted <= above | listed(terminal))
        assert wanted - (above | listed(terminal)) == set(), terminal.text()
        assert not {"play", "session-on"} & (above | listed(terminal))
        terminal.press("\x1b")
        terminal.read(1.0)
        assert terminal.status is None


def listed(terminal: Terminal) -> set[str]:
    """Commands whose help is on the screen."""
    return {one.name for one in COMMANDS if one.help in terminal.text()}


def colours(raw: bytes) -> set[bytes]:
    """Foreground and background colours that were sent."""
    return set(re.findall(rb"\x1b\[[0-9;]*?((?:38|48);[25];[0-9;]+|\b[349][0-7])m", raw))


def test_07_no_color_sends_none_and_sign_and_arrow_stand_beside_every_colour(market: Desk, show: Show) -> None:
    with show("--store", market.paths.store, NO_COLOR="1") as terminal:
        assert colours(terminal.raw) == set()
        text = terminal.text()
        assert re.search(r"▲ +\+\d", text)
        assert re.search(r"▼ +−\d", text)
    with show("--store", market.paths.store) as coloured:
        assert len(colours(coloured.raw)) > 5
    plain = run("--store", market.paths.store, "snapshot")
    assert "\x1b" not in plain.stdout + plain.stderr


@pytest.mark.parametrize("size", [(80, 24), (60, 16)])
def test_08_honest_when_small_whole_columns_go_and_no_number_is_cut(
    market: Desk, show: Show, size: tuple[int, int]
) -> None:
    with show("--store", market.paths.store, size=(200, 60)) as large:
        whole = set(re.findall(r"[−+\d][\d,]*\.\d+", large.text()))
    with show("--store", market.paths.store, size=size, ready="RUT") as small:
        text = small.text()
    shown = set(re.findall(r"[−+\d][\d,]*\.\d+", text))
    assert shown
    assert shown <= whole
    if size[0] < 80:
        # the board of 80 columns is whole; below it a pane says how many columns are not there
        assert re.search(r"\d+ columns? hidden", text), text


def test_08_below_the_least_size_it_says_so_and_comes_back(market: Desk, tmp_path: Path) -> None:
    with Tty(screen_of(market.paths.store), size=(30, 8), environment=homes(tmp_path)) as terminal:
        terminal.read(lambda: "OPEN" in terminal.text() and "60" in terminal.text())
        terminal.resize(120, 40)
        terminal.until("q quit")
        terminal.until("RUT")
        terminal.resize(30, 8)
        terminal.read(lambda: "quotes" not in terminal.text() and "60" in terminal.text())


def test_09_one_shot_text_json_csv_with_exit_codes_that_mean_something(market: Desk, tmp_path: Path) -> None:
    store = market.paths.store
    text, whole, table = (run("--store", store, "snapshot", *form) for form in ((), ("--json",), ("--csv",)))
    assert (text.returncode, whole.returncode, table.returncode) == (0, 0, 0)
    assert "RUT" in text.stdout
    shorts = [row["short"] for row in json.loads(whole.stdout)["instruments"]]
    assert [row["short"] for row in csv.DictReader(io.StringIO(table.stdout))] == shorts
    assert run("--store", tmp_path / "nothing", "snapshot").returncode == 4
    assert run("--store", store, "snapshot", "--as-of", "yesterday").returncode == 2
    assert run("--version").stdout.startswith("tapewatch ")
    assert run("--store", store, "doctor").stdout.count("\n") > 10
    for shell in ("bash", "zsh", "fish"):
        assert "tapewatch" in run("completions", shell).stdout
    assert (ROOT / "docs/tapewatch.1").read_text(encoding="utf-8").startswith(".")


def test_10_a_bad_key_is_named_and_survived_and_a_broken_file_is_kept(market: Desk, show: Show, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[screen]\nrefresh = "often"\ncolour = 1\n', encoding="utf-8")
    checked = run("--config", file, "config", "check")
    assert checked.returncode == 1
    for words in ("screen.refresh", "often", "screen.colour", str(file)):
        assert words in checked.stdout + checked.stderr
    with show("--store", market.paths.store, "--config", file, size=(200, 40)) as terminal:
        terminal.until("CONFIG")
        assert "2," in board_line(terminal, "RUT")
    file.write_text("[screen\n", encoding="utf-8")
    assert run("--config", file, "config", "init").returncode == 1
    assert file.read_text(encoding="utf-8") == "[screen\n"


def test_11_one_command_to_install_no_account_no_network_for_the_demo(show: Show) -> None:
    found = [one for one in entry_points(group="console_scripts") if one.name == "tapewatch"]
    assert [one.value for one in found] == ["tapewatch.__main__:main"]
    with show("demo", **NO_NETWORK) as terminal:
        terminal.until("DEMO")
        terminal.until("RUT")


def test_12_idle_it_sends_nothing_and_a_hang_up_ends_it(market: Desk, show: Show) -> None:
    """A clock that stands still and no new snapshot: not a byte in five looks; then the line drops."""
    with show("--store", market.paths.store) as terminal:
        terminal.read(3.0)
        sent = len(terminal.raw)
        terminal.read(5.0)
        assert len(terminal.raw) == sent
        terminal.send(signal.SIGHUP)
        terminal.read(30.0, lambda: terminal.status is not None)
        assert terminal.status == 129
        assert b"\x1b[?1049l" in terminal.raw
        assert b"\x1b[?25h" in terminal.raw
