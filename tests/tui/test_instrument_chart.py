"""The chart on the screen of one instrument: of what is open, and asked for only where it is seen."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from tapewatch.core.model.chart import Wish
from tapewatch.tui import charting
from tapewatch.tui.panes.chart import WAITING
from tests.tui.stage import builders, stage
from tests.tui.test_charting import LAST, Feed, opened


async def test_an_open_instrument_has_its_chart_where_there_is_room(tmp_path: Path) -> None:
    """Never that of another; `c` then charts what is open, not the row left behind."""
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(200, 60)) as pilot:
        feed = await opened(seen, pilot, "escape")
        seen.monitor.choose(replace(seen.monitor.choices, selected="^RUT"))
        await pilot.press("i")
        await pilot.pause()
        feed.hear()
        await pilot.pause()
        assert feed.wishes[-1] == Wish(kind="price", symbols=("^RUT",), frame="1y", since=None)
        assert LAST in "\n".join(seen.pane("symbol_chart"))
        await pilot.press("N")
        await pilot.pause()
        there = seen.monitor.choices.opened
        assert there is not None
        assert there.symbol != "^RUT"
        assert LAST not in "\n".join(seen.pane("symbol_chart"))
        assert "Asking the feed for the series" in "\n".join(seen.pane("symbol_chart"))
        await pilot.press("c")
        assert seen.monitor.choices.selected == there.symbol
        assert seen.monitor.choices.screen == "chart"


async def test_without_room_for_its_chart_an_open_instrument_asks_for_none(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        feed = Feed(seen)
        seen.monitor.choose(replace(seen.monitor.choices, selected="^RUT"))
        await pilot.press("i")
        await pilot.pause()
        feed.hear()
        assert feed.wishes == []
        assert seen.pane("symbol_chart") == []


async def test_a_chart_asked_for_in_place_of_the_one_shown_is_said_to_be_on_its_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at once: an answer usually comes within the blink in which a sentence would only flicker."""
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        feed = await opened(seen, pilot)
        await pilot.press("L", "m")
        seen.monitor.attend()
        await pilot.pause()
        assert WAITING not in seen.text()
        monkeypatch.setattr(charting, "SOON", 0.0)
        seen.monitor.attend()
        await pilot.pause()
        assert WAITING in seen.text()
        assert LAST in seen.text()
        feed.hear()
        await pilot.pause()
        assert WAITING not in seen.text()
