"""The picture of last time while the next monitor starts: named, dim, and of this terminal alone."""

import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tapewatch.core.paths import default_paths
from tapewatch.tui import last_frame

from .conftest import House
from .tty import PROGRAM, Tty, screen_of

TAKEN = b"\x1b[?2026$p"
"""What the library asks when it has taken the terminal: what came before is the last frame's."""
LABEL = "LAST FRAME · prices to Fri 17 Oct 2025 16:15 ET · starting"


def ended_once(house: House) -> Path:
    """A monitor that was quit; where its picture is."""
    with house.shown() as tty:
        tty.press("q")
        assert tty.end() == 0
        assert tty.left_on() == []
        assert "LAST FRAME" not in tty.raw.decode()
    return the_file(house)


def the_file(house: House) -> Path:
    return (
        Path(str(house.environment["XDG_STATE_HOME"]))
        / "tapewatch"
        / Path(last_frame.file_of(str(house.paths.store))).name
    )


def early(tty: Tty) -> str:
    """What stood on the terminal before the library had it."""
    tty.read(lambda: TAKEN in tty.raw)
    return tty.raw.partition(TAKEN)[0].decode()


def test_it_is_there_at_once_named_and_dim_and_the_live_picture_replaces_all_of_it(house: House) -> None:
    ended_once(house)
    with house.screen() as tty:
        tty.until(LABEL)
        seen = tty.text().split("\n")
        assert seen[0].strip() == LABEL
        assert "6,664.01" in tty.text()
        assert "in 2 d 17 h" not in tty.text(), "countdowns and ages of then are not true any more"
        tty.read(lambda: "LAST FRAME" not in tty.text())
        assert early(tty).count("\x1b[?1049h") == 1
        assert tty.raw.count(b"\x1b[?1049h") == 1, "a second entry would clear it for a moment"
        tty.until("in 2 d 17 h")
        tty.press("q")
        assert tty.end() == 0
        assert tty.left_on() == []


def test_one_pen_for_all_of_it_for_old_things_have_one_colour(house: House) -> None:
    ended_once(house)
    with house.screen() as tty:
        before = early(tty)
        pens = re.findall(r"\x1b\[([\d;]*)m", before.partition(LABEL)[2])
        assert len({one for one in pens if one.startswith("0;2")}) == 1
        assert len(before) < 120 * 40 + 1000


def test_what_it_is_comes_first_lest_old_prices_stand_unnamed_on_a_slow_line(house: House) -> None:
    ended_once(house)
    with house.screen() as tty:
        before = early(tty)
        assert before.index(LABEL) < before.index("6,664.01")


def test_of_another_store_it_is_not_shown_though_the_state_is_one(house: House, tmp_path: Path) -> None:
    ended_once(house)
    with Tty(screen_of(tmp_path / "other"), environment=house.environment) as tty:
        assert "LAST FRAME" not in early(tty)


@pytest.mark.parametrize("spelled", ["{}/", "{}/.", "/.{}"])
def test_a_store_spelled_in_another_way_is_the_same_store(house: House, spelled: str) -> None:
    ended_once(house)
    command = [*PROGRAM, "--store", spelled.format(house.paths.store)]
    with Tty(command, environment=house.environment) as tty:
        tty.until(LABEL)


def test_a_terminal_of_all_colours_by_its_name_gets_one_too(house: House) -> None:
    direct: dict[str, str | None] = {"TERM": "xterm-direct", "COLORTERM": None}
    with house.shown(more=direct) as tty:
        tty.press("q")
        assert tty.end() == 0
    with house.screen(more=direct) as tty:
        tty.until(LABEL)


@pytest.mark.parametrize("place", ["/proc/nowhere", "a file"])
def test_where_no_state_can_be_kept_it_ends_as_ever(house: House, place: str) -> None:
    if place == "a file":
        file = house.folder / "state-file"
        file.write_text("")
        place = str(file)
    with house.shown(XDG_STATE_HOME=place) as tty:
        tty.press("q")
        assert tty.end() == 0
        assert tty.said_after() == ""


@pytest.mark.parametrize(("key", "there"), [("7", "NEXT BELL"), ("c", "chart"), ("i", "52 weeks"), ("\x10", "Search")])
def test_a_screen_of_ages_a_chart_or_a_palette_is_no_picture_to_keep(house: House, key: str, there: str) -> None:
    file = ended_once(house)
    with house.shown() as tty:
        tty.until("in 2 d 17 h")
        tty.press(key)
        tty.until(there)
        tty.send(signal.SIGTERM)
        tty.end()
    assert not file.exists() or key == "\x10", "the palette leaves the older picture"
    if file.exists():
        assert there not in file.read_text()


@pytest.mark.parametrize(
    "changed", [{"TERM": "screen"}, {"COLORTERM": None}, {"NO_COLOR": "1"}, {"LANG": "C", "LC_ALL": "C"}]
)
def test_of_another_kind_of_terminal_it_is_not_shown(house: House, changed: dict[str, str | None]) -> None:
    ended_once(house)
    with house.screen(more=changed) as tty:
        assert "LAST FRAME" not in early(tty)


def test_of_another_size_it_is_not_shown(house: House) -> None:
    ended_once(house)
    with house.screen(size=(80, 24)) as tty:
        assert "LAST FRAME" not in early(tty)


@pytest.mark.parametrize(
    ("key", "there"),
    [("?", "this page"), (",", "settings"), ("p", "PAUSED"), ("/", "Enter keeps"), ("\r", "Esc closes")],
)
def test_a_page_a_pause_or_a_proof_leaves_none_and_takes_the_older_one_away(house: House, key: str, there: str) -> None:
    file = ended_once(house)
    assert file.exists()
    with house.shown() as tty:
        tty.until("in 2 d 17 h")
        tty.press(key)
        tty.until(there)
        tty.send(signal.SIGTERM)
        tty.end()
    assert not file.exists()


def escape(file: Path) -> None:
    file.write_text(file.read_text().replace("S&P 500", "S&P\x1b]0;owned\x07"))


def open_to_others(file: Path) -> None:
    file.chmod(0o644)


def a_link(file: Path) -> None:
    kept = file.with_name("kept")
    file.rename(kept)
    file.symlink_to(kept)


def a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file, 0o600)


def no_text(file: Path) -> None:
    file.write_bytes(b"\xff\xfe" + file.read_bytes())


def another_pen(file: Path) -> None:
    begin, key, _, *rest = file.read_text().split("\n")
    file.write_text("\n".join((begin, key, "0m\x1b]0;owned\x07", *rest)))


def cut_in_half(file: Path) -> None:
    content = file.read_text()
    file.write_text(content[: len(content) // 2])


def a_digit(file: Path) -> None:
    file.write_text(file.read_text().replace("6,664.01", "9,664.01"))


def huge(file: Path) -> None:
    file.write_text(file.read_text() + "x" * 10_000_000)


@pytest.mark.parametrize(
    "trick", [escape, open_to_others, a_link, a_pipe, no_text, another_pen, cut_in_half, a_digit, huge]
)
def test_what_is_not_exactly_as_it_was_written_is_not_shown(house: House, trick: Callable[[Path], None]) -> None:
    trick(ended_once(house))
    with house.screen() as tty:
        assert "LAST FRAME" not in early(tty)
        assert b"owned" not in tty.raw
        tty.until("in 2 d 17 h")
        tty.press("q")
        assert tty.end() == 0


WAITS = "import sys, time; from tapewatch.tui import last_frame; last_frame.show(sys.argv[1:]); time.sleep(60)"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGALRM])
def test_a_signal_before_the_monitor_is_there_gives_the_terminal_back(house: House, number: signal.Signals) -> None:
    ended_once(house)
    command = [sys.executable, "-P", "-c", WAITS, "--store", str(house.paths.store)]
    with Tty(command, environment=house.environment) as tty:
        tty.until(LABEL)
        tty.send(number)
        assert tty.end() == -number
        assert tty.left_on() == []


def test_a_complaint_at_the_start_is_read_on_the_terminal_one_had(house: House) -> None:
    ended_once(house)
    with house.screen("--config", "/nowhere.toml") as tty:
        assert tty.end() == 2
        assert "LAST FRAME" in tty.raw.decode()
        assert "there is no settings file /nowhere.toml" in tty.said_after()
        assert tty.left_on() == []


def test_interrupted_while_it_starts_it_is_silent(house: House) -> None:
    ended_once(house)
    with Tty(screen_of(house.paths.store), environment=house.environment) as tty:
        tty.until(LABEL)
        tty.press("\x03")
        assert tty.end() in (130, 0)
        assert tty.left_on() == []
        assert tty.said_after().strip() in ("", "^C")


def test_the_demo_and_other_commands_show_none() -> None:
    assert last_frame.store_of(["demo"]) is None
    assert last_frame.store_of(["--store", "x", "replay"]) is None
    assert last_frame.store_of(["--store"]) is None
    assert last_frame.store_of(["--store", "--config"]) is None
    assert last_frame.store_of([]) == str(default_paths().store)
    assert last_frame.store_of(["--config", "a", "--store", "/b"]) == "/b"


def test_it_is_kept_where_the_platform_wants_states(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert Path(last_frame.file_of("x")).parent == default_paths().state
    assert last_frame.store_of([]) == str(default_paths().store)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "states"))
    assert Path(last_frame.file_of("x")).parent == default_paths().state
    assert last_frame.store_of([]) == str(default_paths().store)


def test_a_bare_one_and_each_view_have_pictures_of_their_own() -> None:
    usual = last_frame.picture_of([])
    layouts = [["--bare"], ["--view", "weekly"], ["--bare", "--view", "weekly"], ["--view", "small caps"]]
    own = [last_frame.picture_of(one) for one in layouts]
    assert None not in own
    assert len({usual, *own}) == len(own) + 1
    assert last_frame.picture_of(["--view", "WEEKLY", "--bare"]) == own[2]
    assert last_frame.picture_of(["demo", "--bare"]) is None
    assert last_frame.picture_of(["--view"]) is None


def test_a_bare_picture_is_shown_to_a_bare_monitor_alone(house: House) -> None:
    with house.shown("--bare", "--view", "quotes") as tty:
        tty.press("q")
        assert tty.end() == 0
    with house.screen() as tty:
        assert "LAST FRAME" not in early(tty)
    with house.screen("--bare", "--view", "quotes") as tty:
        tty.until(LABEL)
        assert "6,664.01" in tty.text()
        assert "quotes" not in early(tty).partition(LABEL)[2].split("SYM")[0], "the name stands on the first row"


def test_of_another_view_than_the_first_none_is_kept_for_the_next_start(house: House) -> None:
    with house.shown("--view", "quotes") as tty:
        tty.press("3")
        tty.until("weekly ranges")
        tty.press("q")
        assert tty.end() == 0
    with house.screen("--view", "quotes") as tty:
        assert "LAST FRAME" not in early(tty)


def test_a_view_that_is_not_there_is_named_with_the_nearest_before_anything_is_shown(house: House) -> None:
    with house.screen("--view", "weekli") as tty:
        assert tty.end() == 2
        assert tty.left_on() == []
        assert "there is no view 'weekli'; nearest: weekly" in tty.raw.decode()
