"""A key acts on what is seen: the row that was found, the words that stand in the row, the sentence as it is."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from tapewatch.core.model.measures import Level
from tapewatch.tui import edits
from tapewatch.tui.edits import Edit
from tapewatch.tui.panes import discover
from tapewatch.tui.text import plain
from tests import builders
from tests.tui.stage import stage
from tests.tui.test_instrument import look
from tests.tui.whole import RUT, whole


@pytest.mark.parametrize("screen", ["1", "2", "3", "4"])
async def test_what_was_found_is_selected_and_what_a_key_acts_on(tmp_path: Path, screen: str) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("g", screen, "slash", *"ndx", "enter")
        assert seen.monitor.choices.selected == "^NDX"
        await pilot.press("i")
        assert seen.monitor.choices.opened is not None
        assert seen.monitor.choices.opened.symbol == "^NDX"
        await pilot.press("escape", "c")
        assert seen.monitor.choices.selected == "^NDX"


async def test_a_row_that_a_filter_leaves_out_is_not_acted_on(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("2", "g")
        first = seen.monitor.choices.selected
        await pilot.press("f", "f")
        rows = seen.monitor.desk.boards["quotes"].page.keys
        assert first not in rows
        assert seen.monitor.choices.selected in rows


async def test_leaving_a_search_leaves_the_row_that_was_selected(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("2", "g", "j", "j")
        before = seen.monitor.choices.selected
        await pilot.press("slash", *"vix", "escape")
        assert seen.monitor.choices.selected == before


def written(edit: Edit, text: str) -> str:
    for one in text:
        edit = edits.typed(edit, one, one)
    return edit.text


def test_what_stands_in_a_row_is_written_over_or_gone_on_from() -> None:
    assert written(Edit("group", text="us"), "us") == "us"
    assert written(Edit("pair", text="same-day-direction RUT"), "spread-shock RUT NDX") == "spread-shock RUT NDX"
    assert written(Edit("view", text="9 "), "3 my week") == "3 my week"
    assert written(Edit("view", text="9 "), "my week") == "9 my week"
    shorter = edits.typed(Edit("group", text="us"), "backspace", None)
    assert written(shorter, "a") == "ua"
    assert edits.pasted(Edit("group", text="us"), "europe").text == "europe"


def test_a_zone_has_its_own_price_and_edges_and_each_figure_is_of_it() -> None:
    snapshot = whole()
    zone = Level(
        price=2541.67, low=2538.69, high=2541.67, sources=("record high", "52-week high"), distance_percent=3.65,
        distance_atr=2.1,
    )  # fmt: skip
    rows = tuple(replace(one, levels=(zone,)) if one.symbol == RUT else one for one in snapshot.instruments)
    page = discover()["symbol_levels"].page(replace(snapshot, instruments=rows), look(snapshot), 90, 20)
    line = next(plain(one.line) for one in page.body if "record high" in plain(one.line))
    assert line.split()[:4] == ["2,541.67", "2,538.69", "2,541.67", "+3.65"]
    narrow = discover()["symbol_levels"].page(replace(snapshot, instruments=rows), look(snapshot), 40, 20)
    line = next(plain(one.line) for one in narrow.body if "record" in plain(one.line))
    assert line.split()[:2] == ["2,541.67", "+3.65"]


@pytest.mark.parametrize("screen", ["5", "8"])
async def test_beside_a_proof_sentences_are_written_anew_and_lose_no_word(tmp_path: Path, screen: str) -> None:
    seen = stage(tmp_path, whole())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press(screen, "j")
        await pilot.pause()
        pane = "flags" if screen == "5" else "recap"
        before = " ".join(" ".join(seen.pane(pane)).split())
        await pilot.press("enter")
        await pilot.pause()
        board = seen.monitor.desk.boards[pane].page
        after = " ".join(" ".join(plain(one.line) for one in board.body).split())
        words = [word for word in before.split() if any(letter.isalnum() for letter in word)]
        assert [word for word in words[8:40] if word not in after] == []
        edge = seen.monitor.size.width // 2
        assert all(len(plain(one.line)) < edge for one in board.body)
