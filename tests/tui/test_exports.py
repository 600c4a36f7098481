"""What `e` and `E` give: the pane's own rows, exact, with what they are of; and one sentence whatever goes wrong."""

import base64
import csv
import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.cells import cell_len

from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.new_file import write_new
from tapewatch.tui.clipboard import LARGEST, refusal, sent, through_tmux
from tapewatch.tui.exports.table import Column, Table
from tapewatch.tui.exports.writing import written
from tapewatch.tui.sender import Sender
from tests.hostile.canary import acting
from tests.tui.stage import Stage, builders, stage

ROW = "export weekly CSV JSON Markdown e next Enter file y clipboard Esc back"


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where exports go, not there yet."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for name in ("TMUX", "STY", "TERM_PROGRAM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    return tmp_path / "data" / "tapewatch"


def on_stage(tmp_path: Path, snapshot: Snapshot) -> Stage:
    (tmp_path / "store").mkdir()
    return stage(tmp_path / "store", snapshot)


async def pressed(seen: Stage, *keys: str, size: tuple[int, int] = (120, 40)) -> str:
    """The line above the footer after these keys."""
    async with seen.monitor.run_test(size=size) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        return seen.lines()[size[1] - 2].strip()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def only(folder: Path) -> Path:
    (found,) = folder.iterdir()
    return found


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV, its last line left out."""
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    return [{name.split(" [")[0]: value for name, value in row.items()} for row in rows[:-1]]


async def test_the_row_names_pane_forms_and_keys_and_escape_closes_it(tmp_path: Path, notes: Path) -> None:
    seen = on_stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        before = seen.lines()[22]
        await pilot.press("3", "e")
        row = seen.lines()[22]
        assert row.split() == ROW.split()
        await pilot.press("escape")
        assert seen.lines()[22] == before
        assert seen.monitor.choices.screen == "weekly"
    assert names(notes) == []


async def test_a_rebound_key_stands_in_the_row(tmp_path: Path, notes: Path) -> None:
    del notes
    (tmp_path / "store").mkdir()
    seen = stage(tmp_path / "store", builders.overview(), keys={"export": "x"})
    assert (await pressed(seen, "x")).endswith("x next  Enter file  y clipboard  Esc back")


async def test_quotes_are_written_with_every_digit_and_what_they_are_of(tmp_path: Path, notes: Path) -> None:
    snapshot = builders.overview()
    said = await pressed(on_stage(tmp_path, snapshot), "2", "e", "enter")
    path = only(notes)
    assert said == f"Written to ~/data/tapewatch/{path.name}."
    assert path.name == "tapewatch-quotes-2025-10-17-1615.csv"
    assert path.stat().st_mode & 0o777 == 0o600
    rows = {row["symbol"]: row for row in rows_of(path)}
    assert [*rows] == [row.symbol for row in snapshot.instruments]
    russell = snapshot.row("^RUT")
    assert russell is not None
    assert russell.quote is not None
    assert float(rows["^RUT"]["change_percent"]) == russell.quote.change_percent
    assert float(rows["^RUT"]["age_seconds"]) == (snapshot.clock.now - builders.at(builders.FRIDAY, 16)).total_seconds()
    assert (rows["^TNX"]["change_percent"], rows["VTWO"]["last"]) == ("", "")
    text = path.read_text(encoding="utf-8")
    assert "change_percent [%: from the previous final close; none for yields]" in text.splitlines()[0]
    last = text.splitlines()[-1]
    for words in ("tapewatch 0.", "source yahoo", "data of Fri 2025-10-17 16:15 ET", "New York closed", "10 closed"):
        assert words in last


async def test_filter_order_and_definition_in_force_go_along(tmp_path: Path, notes: Path) -> None:
    snapshot = builders.overview()
    await pressed(on_stage(tmp_path, snapshot), "3", "d", "s", "slash", "r", "u", "s", "s", "enter", "e", "enter")
    (row,) = rows_of(only(notes))
    russell = snapshot.row("^RUT")
    assert russell is not None
    assert russell.week is not None
    assert row["symbol"] == "^RUT"
    assert float(row["week_change_percent"]) == russell.week.open_to_close_percent
    assert "this week's open to its last" in only(notes).read_text(encoding="utf-8").splitlines()[0]


async def test_an_old_row_keeps_its_price_and_has_no_change(tmp_path: Path, notes: Path) -> None:
    await pressed(on_stage(tmp_path, builders.live()), "2", "e", "enter")
    dow = next(row for row in rows_of(only(notes)) if row["short"] == "DJIA")
    assert (dow["last"], dow["change"], dow["change_percent"], dow["freshness"]) == ("45952.24", "", "", "stale")


async def test_flags_as_json_name_unit_and_meaning_of_each_column(tmp_path: Path, notes: Path) -> None:
    await pressed(on_stage(tmp_path, builders.overview()), "5", "e", "e", "enter")
    told: dict[str, Any] = json.loads(only(notes).read_text(encoding="utf-8"))
    assert told["of"]["source"] == "yahoo"
    assert told["columns"]["percentile"]["unit"] == "0-100"
    assert {row["rule"] for row in told["rows"]} == {"record-reversal", "failed-breakout", "same-day-direction"}


async def test_nothing_is_overwritten(tmp_path: Path, notes: Path) -> None:
    await pressed(on_stage(tmp_path, builders.overview()), "2", "e", "enter", "e", "enter")
    assert names(notes) == ["tapewatch-quotes-2025-10-17-1615-2.csv", "tapewatch-quotes-2025-10-17-1615.csv"]


async def test_a_demo_is_named_in_the_file_and_its_name(tmp_path: Path, notes: Path) -> None:
    await pressed(on_stage(tmp_path, builders.overview(mode="demo")), "2", "e", "enter")
    assert only(notes).name.startswith("tapewatch-demo-quotes-")
    assert "DEMO, not the live market" in only(notes).read_text(encoding="utf-8").splitlines()[-1]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_every_pane_in_sight_can_be_exported_in_every_form(
    tmp_path: Path, notes: Path, size: tuple[int, int]
) -> None:
    seen = on_stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=size) as pilot:
        for screen in "123459":
            await pilot.press(screen)
            for _ in seen.monitor.desk.in_sight():
                for _ in range(3):
                    await pilot.press("e", "e", "enter")
                    await pilot.pause()
                    said = seen.lines()[size[1] - 2]
                    rowless = seen.monitor.desk.focused_pane(seen.monitor.choices) == "confirmation"
                    assert ("no rows in this pane" in said) == rowless
                await pilot.press("tab")
    assert {name.rpartition(".")[2] for name in names(notes)} == {"csv", "json", "md"}


async def test_the_screen_as_text_is_what_is_shown(tmp_path: Path, notes: Path) -> None:
    seen = on_stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        shown = [line.rstrip() for line in seen.lines()]
        await pilot.press("E", "enter")
        await pilot.pause()
    assert only(notes).name == "tapewatch-screen-overview-2025-10-17-1615.txt"
    assert only(notes).read_text(encoding="utf-8").split("\n") == [*shown, ""]


async def test_the_screen_as_svg_has_the_themes_colours_and_asks_nobody_for_fonts(tmp_path: Path, notes: Path) -> None:
    seen = on_stage(tmp_path, builders.overview())
    await pressed(seen, "E", "E", "enter")
    picture = only(notes).read_text(encoding="utf-8")
    assert picture.startswith("<svg ")
    assert "#4fc58a" in picture
    assert "6,664.01" in picture
    assert "url(&quot;http" not in picture
    assert "@font-face" not in picture


async def test_a_copy_is_sent_and_no_more_is_claimed(tmp_path: Path, notes: Path) -> None:
    seen = on_stage(tmp_path, builders.overview())
    said = await pressed(seen, "2", "e", "y")
    assert said == "Sent to the terminal's clipboard; whether it was taken cannot be known."
    assert seen.monitor.clipboard.startswith("symbol,short,name,")
    assert names(notes) == []


def test_a_clipboard_that_cannot_be_is_named() -> None:
    assert refusal("x" * LARGEST, {"TERM": "xterm"}) == ""
    assert "Enter writes a file" in refusal("é" * LARGEST, {"TERM": "xterm"})
    assert "no clipboard" in refusal("x", {"TERM": "linux"})
    assert "GNU screen" in refusal("x", {"TERM": "screen", "STY": "1.pts"})


def test_tmux_is_given_the_wrapped_sequence_too_and_nobody_else() -> None:
    assert through_tmux("RUT", {"TERM": "xterm"}) == ""
    wrapped = through_tmux("RUT", {"TMUX": "/tmp/x,1,0"})
    assert wrapped.removeprefix("\x1bPtmux;").removesuffix("\x1b\\").replace("\x1b\x1b", "\x1b") == (
        f"\x1b]52;c;{base64.b64encode(b'RUT').decode()}\x07"
    )
    assert "set-clipboard" in sent({"TMUX": "x"})


def test_both_sequences_reach_the_terminal_whole_and_are_no_picture() -> None:
    sent_to: list[str] = []
    sender = Sender("cells")
    sender.connect((20, 3), sent_to.append, lambda: True)
    wrapped = through_tmux("RUT", {"TMUX": "x"})
    sender.write("\x1b]52;c;UlVU\x07")
    sender.beside(wrapped)
    sender.beside("")
    sender.paint()
    assert sent_to == ["\x1b]52;c;UlVU\x07", wrapped]
    assert {cell[0] for row in sender.picture() for cell in row} == {" "}


async def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path, notes: Path) -> None:
    notes.parent.write_text("a file in its place")
    said = await pressed(on_stage(tmp_path, builders.overview()), "2", "e", "enter")
    assert said.startswith("Not written: cannot create ")


async def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    seen = on_stage(tmp_path, builders.overview())
    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(os, "replace", full)
    said = await pressed(seen, "2", "e", "enter")
    assert said.endswith("No space left on device.")
    assert names(notes) == []


def test_without_hard_links_a_file_is_still_new_and_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    (tmp_path / "a.csv").write_text("mine")
    assert write_new(tmp_path / "a.csv", b"new").name == "a-2.csv"
    assert [(tmp_path / name).read_text() for name in ("a.csv", "a-2.csv")] == ["mine", "new"]
    assert len([*tmp_path.iterdir()]) == 2


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "elsewhere")
    assert write_new(tmp_path / "a.csv", b"new").name == "a-2.csv"
    assert not (tmp_path / "elsewhere").exists()


def test_a_page_over_the_panes_is_not_exported(tmp_path: Path, notes: Path) -> None:
    import asyncio

    said = asyncio.run(pressed(on_stage(tmp_path, builders.overview()), "?", "e"))
    assert said == "There is nothing to export here."
    assert names(notes) == []


WORDS = (
    '=cmd|" /C calc"!A0',
    "+1",
    "-1",
    "@SUM(A1)",
    "  =1+1",
    "\uff1d1",
    "−1 %",
    "a,b",
    'say "no"',
    "\x1b]0;x\x07",
    "a\nb",
)


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("form", ["CSV", "JSON", "Markdown"])
def test_no_name_becomes_a_formula_a_column_or_an_escape(name: str, form: str) -> None:
    table = Table("quotes", "quotes", (Column("name"), Column("change", "%")), ((name, -0.1234567890123),))
    text = written(table, builders.overview(), form)
    assert acting(text) == []
    assert "-0.1234567890123" in text
    if form == "CSV":
        _, (cell, number), _ = csv.reader(text.splitlines())
        assert cell.lstrip()[0] not in "=+-@\uff1d"
        assert number == "-0.1234567890123"
    if form == "Markdown":
        assert text.splitlines()[4].replace("\\|", "").count("|") == 3


@pytest.mark.parametrize("made", [builders.empty, builders.overview])
async def test_before_the_first_price_there_is_a_sentence(
    tmp_path: Path, notes: Path, made: Callable[[], Snapshot]
) -> None:
    bare = msgspec.structs.replace(made(), instruments=builders.empty().instruments)
    said = await pressed(on_stage(tmp_path, bare), "e", "enter")
    assert said == "There is nothing to export here."
    assert names(notes) == []


async def test_a_wide_name_keeps_the_columns_of_the_screen_in_line(tmp_path: Path, notes: Path) -> None:
    rows = tuple(
        msgspec.structs.replace(row, name="日経平均") if row.symbol == "^GSPC" else row
        for row in builders.overview().instruments
    )
    seen = on_stage(tmp_path, msgspec.structs.replace(builders.overview(), instruments=rows))
    await pressed(seen, "E", "enter")
    shown = only(notes).read_text(encoding="utf-8").splitlines()
    named, below = (next(line for line in shown if word in line) for word in ("日経平均", "Dow Jones"))
    assert cell_len(named[: named.index("6,664.01")]) == cell_len(below[: below.index("46,190.61")]) + 1
