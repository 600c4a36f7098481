"""The monitor as it is painted, at every size: figures, states, repaints."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.color import Color
from textual.geometry import Region

from tapewatch.core.model.config import ScreenSettings
from tapewatch.core.model.snapshot import Row, Snapshot
from tapewatch.tui.widgets.sheet import Sheet
from tests.tui.stage import SIZES, Stage, builders, changed, stage

NUMBER = re.compile(r"[+−]?\d[\d,]*\.\d+")
PANES = ("quotes", "weekly", "record", "board")


def allowed(row: Row) -> set[str]:
    """Every figure with decimals that may stand in this instrument's rows, written by plain formatting."""
    figures: set[str] = set()

    def add(value: float | None, decimals: int, *, sign: bool = False, unit: str = "") -> None:
        if value is not None:
            figures.add(f"{value:{'+' if sign else ''},.{decimals}f}{unit}".replace("-", "−"))

    quote, week, record = row.quote, row.week, row.record
    if quote is not None and quote.last is not None:
        digits = 3 if quote.last < 10 else 2
        for price in (quote.last, quote.open, quote.high, quote.low, quote.previous_close):
            add(price, digits)
        add(quote.change, digits, sign=True)
        add(quote.change_percent, 2, sign=True)
        add(quote.change_points, 1, sign=True)
    if week is not None:
        digits = 3 if week.low < 10 else 2
        add(week.low, digits)
        add(week.high, digits)
        add(week.change_percent, 2, sign=True)
        add(week.change_points, 1, sign=True)
        add(week.range_percent, 2)
        add(week.range_times_average, 1)
        add(week.previous.change_percent if week.previous else None, 2, sign=True)
    if record is not None:
        for mark in (record.intraday, record.close):
            add(mark.price, 2)
            add(mark.distance_percent, 2)
            add(mark.to_recover_percent, 2)
        add(record.deepest_percent, 2)
    add(row.atr14, 2)
    return figures


def checked(seen: Stage, snapshot: Snapshot) -> int:
    """Compare every figure of every painted instrument row with the snapshot's; how many there were."""
    shorts = {row.short: row for row in snapshot.instruments}
    count = 0
    for pane in PANES:
        for line in seen.pane(pane)[2:]:
            symbol = next((word.lstrip("▸▌") for word in line.split() if word.lstrip("▸▌") in shorts), None)
            numbers = NUMBER.findall(line)
            if symbol is None:
                assert numbers == []
                continue
            assert set(numbers) <= allowed(shorts[symbol]), (pane, line)
            count += len(numbers)
    return count


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("made", [builders.overview, builders.live])
async def test_every_number_is_the_snapshots(
    tmp_path: Path, size: tuple[int, int], made: Callable[[], Snapshot]
) -> None:
    snapshot = made()
    seen = stage(tmp_path, snapshot)
    async with seen.monitor.run_test(size=size) as pilot:
        for digit in "12341":
            await pilot.press(digit)
            await pilot.pause()
            assert checked(seen, snapshot) >= 12


@pytest.mark.parametrize("size", SIZES)
async def test_every_pane_in_sight_shows_something_and_names_stand_whole(tmp_path: Path, size: tuple[int, int]) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=size) as pilot:
        for digit in "123451":
            await pilot.press(digit)
            await pilot.pause()
            assert seen.monitor.desk.in_sight()
            for pane in seen.monitor.desk.in_sight():
                lines = seen.pane(pane)
                assert lines[0].strip("─ ") != ""
                assert any(line.strip() for line in lines[1:])
                assert not any(re.search(r"\d…|\d,…", line) for line in lines)


async def test_the_first_frame_has_the_last_snapshot(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)):
        assert "6,664.01" in seen.text()


@pytest.mark.parametrize("size", SIZES)
async def test_the_demo_chip_is_on_every_screen_and_page(tmp_path: Path, size: tuple[int, int]) -> None:
    seen = stage(tmp_path, builders.overview("demo"))
    async with seen.monitor.run_test(size=size) as pilot:
        for key in ("1", "2", "3", "4", "5", "question_mark", "escape", "comma", "escape", "slash", "escape", "z", "p"):
            await pilot.press(key)
            await pilot.pause()
            assert " DEMO " in seen.lines()[0], key
            assert "not real prices" in seen.lines()[0] or key == "p"
        assert " PAUSED " in seen.lines()[0]


async def test_paused_keeps_receiving_and_stops_showing(tmp_path: Path) -> None:
    first = builders.overview()
    seen = stage(tmp_path, first)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("p")
        second = changed(first, "^GSPC", 6670.5)
        seen.publish(second)
        seen.publish(changed(second, "^GSPC", 6671.5))
        await pilot.pause()
        assert "6,664.01" in seen.text()
        assert "2 newer snapshots wait" in seen.lines()[0]
        for digit in "12345":
            await pilot.press(digit)
            assert " PAUSED " in seen.lines()[0]
        await pilot.press("1", "p")
        assert "6,671.50" in seen.text()
        assert "PAUSED" not in seen.text()


class Repaints:
    """The regions every part of the screen asked to have painted again."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.regions: list[tuple[str, Region]] = []
        stock = Sheet.refresh

        def noted(sheet: Sheet, *regions: Region, **options: bool) -> Sheet:
            whole = Region(0, 0, *sheet.size)
            self.regions += [(sheet.id or "", region) for region in (regions or (whole,))]
            return stock(sheet, *regions, **options)

        monkeypatch.setattr(Sheet, "refresh", noted)


async def test_an_unchanged_refresh_paints_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        painted = Repaints(monkeypatch)
        seen.publish(builders.overview(counter=2))
        for _ in range(5):
            seen.monitor.tick()
        await pilot.pause()
        assert painted.regions == []


async def test_one_changed_number_paints_only_its_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = builders.overview()
    seen = stage(tmp_path, snapshot)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        before = seen.lines()
        painted = Repaints(monkeypatch)
        seen.publish(changed(snapshot, "^NDX", 24817.99))
        await pilot.pause()
        after = seen.lines()
        assert [(pane, region.height) for pane, region in painted.regions] == [("quotes", 1)]
        _, region = painted.regions[0]
        differing = [(x, y) for y in range(40) for x in range(120) if before[y][x] != after[y][x]]
        board = seen.monitor.desk.boards["quotes"].region
        assert differing == [(board.x + region.x, board.y + region.y)]
        assert region.width == 1  # 24,817.95 to 24,817.99: one digit


async def test_a_first_start_says_what_is_missing_and_what_to_do(tmp_path: Path) -> None:
    seen = stage(tmp_path, None)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        assert "no data yet" in seen.lines()[0]
        assert "No prices yet." in seen.text()
        assert "tapewatch demo" in seen.text()
        seen.publish(builders.empty())
        await pilot.pause()
        assert "Fetching full history: 4 of 16, ^NDX" in seen.text()
        seen.publish(builders.overview(counter=5))
        await pilot.pause()
        assert "6,664.01" in seen.text()
        assert "No prices yet." not in seen.text()


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (200, 60)])
async def test_a_demo_is_marked_before_it_has_a_price_and_does_not_recommend_itself(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    seen = stage(tmp_path, None)
    seen.monitor.data.mode = "demo"
    async with seen.monitor.run_test(size=size):
        assert " DEMO " in seen.lines()[0]
        assert "Making the sample market" in seen.text()
        assert "tapewatch demo" not in seen.text()


@pytest.mark.parametrize("size", [(59, 16), (60, 15), (20, 5), (10, 2), (1, 1)])
async def test_a_window_too_small_gets_a_sentence(tmp_path: Path, size: tuple[int, int]) -> None:
    seen = stage(tmp_path, builders.overview("demo"))
    async with seen.monitor.run_test(size=size) as pilot:
        await pilot.press("j", "2", "question_mark", "1")
        if size[0] >= 50:
            assert f"tapewatch needs 60 × 16; this window is {size[0]} × {size[1]}." in seen.text()
            assert "SPX 6,664.01 ▲ +0.53" in seen.text()
            assert " DEMO " in seen.text()


async def test_a_window_that_grows_and_shrinks_is_planned_anew(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        assert seen.monitor.desk.in_sight() == ("board", "flags")
        await pilot.resize_terminal(200, 60)
        await pilot.pause()
        assert seen.monitor.desk.in_sight() == ("quotes", "weekly", "record", "confirmation", "flags", "journal")
        assert seen.pane("journal")
        assert seen.pane("board") == []
        await pilot.resize_terminal(50, 10)
        await pilot.pause()
        assert "tapewatch needs" in seen.text()
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert len(seen.lines()[0].rstrip()) > 60
        assert "6,664.01" in seen.text()


async def test_columns_go_whole_by_rank_and_the_title_says_so(tmp_path: Path) -> None:
    labels = {}
    for size in SIZES:
        folder = tmp_path / str(size[0])
        folder.mkdir()
        seen = stage(folder, builders.overview())
        async with seen.monitor.run_test(size=size) as pilot:
            await pilot.press("3")
            await pilot.pause()
            title, heading = seen.pane("weekly")[:2]
            labels[size[0]] = (heading.split(), "hidden" in title)
    assert "KIND" in labels[120][0]
    assert "LAST" in labels[200][0]
    assert "KIND" not in labels[80][0]
    assert labels[60][1]
    assert not labels[120][1]


@pytest.mark.parametrize("theme", ["graphite", "ledger", "amber", "contrast-light"])
async def test_the_margin_beside_the_panes_is_of_the_theme_from_the_first_frame_on(tmp_path: Path, theme: str) -> None:
    seen = stage(tmp_path, builders.overview(), settings=ScreenSettings(theme=theme))
    async with seen.monitor.run_test(size=(120, 40)):
        ground = Color.parse(seen.monitor.worn.theme.colors["background"])
        assert seen.monitor.desk.styles.background == ground
        assert seen.monitor.desk.body.styles.background == ground
