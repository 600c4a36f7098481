"""What is taken out of a chart: its series as rows, and the values the wheel leads along."""

import csv
import json
from pathlib import Path

import pytest
from textual import events

from tapewatch.core.charting import Charts
from tapewatch.core.model.chart import Wish
from tapewatch.tui.chart_choices import place_of
from tests.tui.stage import builders, stage

from .test_charting import MATERIAL, opened


async def test_e_exports_the_series_that_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "store").mkdir()
    seen = stage(tmp_path / "store", builders.overview())
    folder = tmp_path / "data" / "tapewatch"
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        feed = await opened(seen, pilot)
        await pilot.press("e", "enter")
        await pilot.pause()
        (first,) = folder.iterdir()
        found = [*csv.DictReader(first.read_text(encoding="utf-8").splitlines())]
        bars = MATERIAL.histories["^RUT"].whole
        column = next(name for name in found[0] if name.startswith("close ["))
        assert "daily closes, price return" in column
        assert [float(row[column]) for row in found[:-1]][-5:] == [float(one) for one in bars.close[-5:]]
        assert found[-1]["session [date: the last one of the point]"].startswith("# prices of RUT, 1y, ")
        assert "source yahoo" in found[-1]["session [date: the last one of the point]"]
        first.unlink()
        await pilot.press("m")
        feed.hear()
        await pilot.press("e", "e", "enter")
        await pilot.pause()
        (second,) = folder.iterdir()
        told = json.loads(second.read_text(encoding="utf-8"))
        assert told["title"].startswith("ratio of RUT to GSPC, 1y")
        assert told["rows"][0]["ratio"] == pytest.approx(100.0)


async def test_before_the_answer_there_is_no_chart_to_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "store").mkdir()
    seen = stage(tmp_path / "store", builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("c", "e", "enter")
        await pilot.pause()
        assert "Not exported" in "\n".join(seen.lines())
    assert not (tmp_path / "data").exists()


async def test_the_wheel_moves_the_crosshair_point_by_point(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    days = MATERIAL.histories["^RUT"].whole

    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await opened(seen, pilot)
        board = seen.monitor.desk.boards["chart"]

        async def turned(kind: type[events.MouseEvent], *, shift: bool = False) -> str | None:
            x, y = board.region.x + 40, board.region.y + 8
            board.post_message(kind(board, 40, 8, 0, 0, 0, shift, meta=False, ctrl=False, screen_x=x, screen_y=y))
            await pilot.pause()
            return seen.monitor.choices.chart.cross

        assert await turned(events.MouseScrollUp) == days.day(-1).isoformat()
        assert await turned(events.MouseScrollUp) == days.day(-2).isoformat()
        assert await turned(events.MouseScrollUp, shift=True) == days.day(-12).isoformat()
        assert await turned(events.MouseScrollDown) == days.day(-11).isoformat()
        assert await turned(events.MouseScrollDown, shift=True) == days.day(-1).isoformat()
        assert await turned(events.MouseScrollDown) == days.day(-1).isoformat()


def test_a_point_that_is_gone_leaves_the_crosshair_on_the_next() -> None:
    made = Charts().answer(Wish(kind="price", symbols=("^RUT",), frame="1m"), MATERIAL)
    assert place_of(made, made.points[4].isoformat()) == 4
    assert place_of(made, "1990-01-01") == 0
    assert place_of(made, "2999-01-01") == made.size - 1
    assert place_of(made, None) is None
