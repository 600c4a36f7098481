"""Decimals, the order of columns, the zone and the keys are the user's, and are taken up while the monitor runs."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tapewatch.core.model.config import Config, Problem, ScreenSettings
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.settings import load
from tapewatch.tui.app import Monitor
from tapewatch.tui.checking import screen_problems
from tapewatch.tui.choices import Choices, Opened
from tapewatch.tui.format import change, price
from tapewatch.tui.look import Decimals, Look
from tapewatch.tui.outfit import outfit
from tapewatch.tui.panes import discover
from tapewatch.tui.text import plain
from tapewatch.tui.widgets.board import Page
from tapewatch.tui.widgets.table import Column, fitted, reordered
from tests import builders
from tests.tui.stage import Stage, configured, stage

NOW = builders.overview().clock.now


def config_of(folder: Path, text: str) -> Config:
    file = folder / "config.toml"
    file.write_text(text)
    config, problems = load(file)
    assert problems == ()
    return config


def look_of(folder: Path, text: str, **more: object) -> Look:
    worn = outfit(config_of(folder, text), folder / "themes", {"TERM": "xterm-256color"})
    return Look(now=NOW, decimals=worn.decimals, first=worn.first, **more)  # type: ignore[arg-type]


def lines(page: Page) -> list[str]:
    return [plain(page.heading or ()), *(plain(one.line) for one in page.body)]


def shown(pane: str, look: Look, cells: int = 200, snapshot: Snapshot | None = None) -> list[str]:
    return lines(discover()[pane].page(snapshot or builders.overview(), look, cells, 40))


def row_of(table: list[str], symbol: str) -> str:
    return next(one for one in table if f" {symbol} " in f" {one} ")


# -- decimals -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "decimals", "wanted"),
    [
        (46190.609, None, "46,190.61"),
        (4.007, None, "4.007"),
        (46190.609, 0, "46,191"),
        (4.007, 0, "4"),
        (4.007, 2, "4.01"),
        (46190.609, 4, "46,190.6090"),
        (-0.4, 0, "0"),
        (None, 3, "–"),
    ],
)
def test_a_price_has_the_decimals_that_are_set_else_those_of_its_size(
    value: float | None, decimals: int | None, wanted: str
) -> None:
    assert price(value, decimals) == wanted


def test_a_change_has_the_decimals_of_its_price_and_no_sign_where_it_rounds_to_zero() -> None:
    assert change(34.94, 6664.01, 0) == "+35"
    assert change(-0.4, 6664.01, 0) == "0"
    assert change(0.031, 4.007, 4) == "+0.0310"


def test_all_prices_follow_the_screen_and_one_its_own(tmp_path: Path) -> None:
    text = "[screen]\ndecimals = 0\n" + "".join(
        f'[[instrument]]\nsymbol = "{symbol}"\ndecimals = {decimals}\n'
        for symbol, decimals in (("US10Y", 4), ("IWM", 1))
    )
    table = shown("quotes", look_of(tmp_path, text))
    spx = row_of(table, "SPX")
    for words in ("6,664 ", "+35 ", "6,613 ", "6,679 ", "6,604 ", "6,629 "):
        assert words in spx, words
    assert "+0.53" in spx
    assert "4.0070" in row_of(table, "US10Y")
    assert "+3.1bp" in row_of(table, "US10Y")
    assert "243.4 " in row_of(table, "IWM")


def test_without_the_setting_two_decimals_and_three_under_ten(tmp_path: Path) -> None:
    table = shown("quotes", look_of(tmp_path, ""))
    assert "6,664.01" in row_of(table, "SPX")
    assert "4.007" in row_of(table, "US10Y")


@pytest.mark.parametrize("pane", ["quotes", "board", "weekly", "record"])
@pytest.mark.parametrize("cells", [78, 118, 200])
def test_points_stay_in_one_column_however_decimals_are_mixed(tmp_path: Path, pane: str, cells: int) -> None:
    text = "[screen]\ndecimals = 3\n" + "".join(
        f'[[instrument]]\nsymbol = "{symbol}"\ndecimals = {decimals}\n'
        for symbol, decimals in (("SPX", 0), ("DJIA", 1), ("RUT", 6), ("US10Y", 4))
    )
    snapshot, look = builders.overview(), look_of(tmp_path, text)
    made = discover()[pane].page(snapshot, look, cells, 40)
    key, header = {
        "quotes": ("last", "LAST"),
        "board": ("last", "LAST"),
        "weekly": ("low", "LOW"),
        "record": ("price", "INTRADAY"),
    }[pane]
    assert header in plain(made.heading or ())
    values = {row.symbol: _figure(row.symbol, key, snapshot) for row in snapshot.instruments}
    places = {}
    for one in made.body:
        value, text = values.get(one.key or ""), plain(one.line)
        if value is None:
            continue
        figure = price(value, look.decimals.of(next(row for row in snapshot.instruments if row.symbol == one.key)))
        assert f"{figure} " in f"{text} ", (one.key, figure, text)
        places[one.key] = text.index(figure) + (figure.find(".") if "." in figure else len(figure))
    assert len(places) >= 7
    assert len(set(places.values())) == 1, places


def _figure(symbol: str, key: str, snapshot: Snapshot) -> float | None:
    row = snapshot.row(symbol)
    if row is None or row.quote is None:
        return None
    if key == "last":
        return row.quote.last
    if key == "low":
        return row.week.low if row.week else None
    return row.record.intraday.price if row.record else None


def test_an_instrument_s_own_screen_has_its_decimals(tmp_path: Path) -> None:
    look = look_of(tmp_path, "[screen]\ndecimals = 1\n", choices=Choices(opened=Opened("^GSPC")))
    for pane, words in (
        ("symbol_quote", "6,664.0"), ("symbol_week", "6,555.1"), ("symbol_record", "6,764.6"),
    ):  # fmt: skip
        text = "\n".join(shown(pane, look))
        assert f"{words} " in text, pane
        assert "6,664.01" not in text


def test_exports_keep_every_digit_whatever_is_shown(tmp_path: Path) -> None:
    from tapewatch.tui.exports import exported

    look = look_of(tmp_path, "[screen]\ndecimals = 0\n")
    page = discover()["quotes"].page(builders.overview(), look, 200, 40)
    table = exported("quotes", page, builders.overview(), look)
    assert 46190.609 in {cell for row in table.rows for cell in row}


@pytest.mark.parametrize("value", ['"two"', "7", "-1", "true", "1.5"])
def test_decimals_that_cannot_be_are_named(tmp_path: Path, value: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'[screen]\ndecimals = {value}\n[[instrument]]\nsymbol = "RUT"\ndecimals = {value}\n')
    config, problems = load(file)
    assert config.screen.decimals == "auto"
    assert {one.key for one in problems} == {"screen.decimals", "instrument[RUT].decimals"}
    assert all("0 to 6" in one.expected for one in problems)


# -- columns --------------------------------------------------------------------------------------------


def headings(table: list[str]) -> list[str]:
    return table[0].replace("CHG %", "CHG%").replace("DAY RANGE", "DAYRANGE").replace("20 SESS", "20SESS").split()


def test_columns_named_stand_first_after_the_name_and_the_others_follow(tmp_path: Path) -> None:
    usual = headings(shown("quotes", look_of(tmp_path, "")))
    found = headings(shown("quotes", look_of(tmp_path, '[screen]\ncolumns = ["time", "chg %", "LAST"]\n')))
    assert usual[:5] == ["SYM", "NAME", "LAST", "CHG", "CHG%"]
    assert found[:6] == ["SYM", "NAME", "TIME", "ET", "CHG%", "LAST"]
    assert sorted(found) == sorted(usual)


def test_every_pane_that_has_a_column_follows(tmp_path: Path) -> None:
    look = look_of(tmp_path, '[screen]\ncolumns = ["SESS", "POS", "W/W %", "POS %", "CHG %"]\n')
    assert look.first == {
        "board": ("sessions", "position", "change", "percent"),
        "quotes": ("percent",),
        "weekly": ("change", "position"),
        "record": ("sessions", "other_sessions"),
        "world": ("percent",),
        "confirmation": ("position",),
    }
    assert shown("record", look)[0].split()[:2] == ["SYM", "SESS"]
    assert shown("world", look)[1].split()[:3] == ["SYM", "NAME", "CHG"]
    by_open = msgspec.structs.replace(look, choices=Choices(week_basis="O>C"))
    assert shown("weekly", by_open)[0].split()[:4] == ["SYM", "O>C", "%", "POS"]


@pytest.mark.parametrize("cells", range(40, 200, 7))
def test_columns_still_go_as_a_whole_and_by_rank(tmp_path: Path, cells: int) -> None:
    look = look_of(tmp_path, '[screen]\ncolumns = ["PREV", "OPEN", "CHG"]\n')
    pane = discover()["quotes"]
    columns: tuple[Column, ...] = pane.COLUMNS  # type: ignore[attr-defined]
    usual = fitted(columns, cells)
    moved = fitted(reordered(columns, look.first["quotes"]), cells)
    dropped = {one.key: one.rank for one in columns} | {}
    for key in (one.column.key for one in moved.placed):
        dropped.pop(key)
    assert {"symbol", "last", "percent"} <= {one.column.key for one in moved.placed}
    assert len(usual.placed) - len(moved.placed) <= 1
    table = lines(pane.page(builders.overview(), look, cells, 40))
    figures = {row.quote.previous_close for row in builders.overview().instruments if row.quote}
    if "PREV" in table[0]:
        assert all(any(price(one) in text for text in table) for one in figures)
    assert all(len(text) <= max(cells, 40) for text in table)


def test_no_two_figures_touch_in_any_order(tmp_path: Path) -> None:
    for first in (["CHG %", "REC %", "LAST"], ["REC %", "TIME"], ["SESS", "LAST", "REC %"]):
        look = look_of(tmp_path, f"[screen]\ncolumns = {first}\n".replace("'", '"'))
        row = row_of(shown("board", look, 118), "SPX").split()
        for figure in ("6,664.01", "+0.53", "16:00", "6"):
            assert figure in row, (first, row)


def test_a_heading_nobody_has_is_named_with_the_nearest(tmp_path: Path) -> None:
    config = config_of(tmp_path, '[screen]\ncolumns = ["LAST", "CGH %"]\n')
    problems = [one for one in screen_problems(stage(tmp_path, None).paths, config) if one.key == "screen.columns"]
    assert [(one.value, one.expected) for one in problems] == [('"CGH %"', "the heading of a column (nearest: CHG %)")]


# -- the zone -------------------------------------------------------------------------------------------

TOKYO = "Asia/Tokyo"


@pytest.mark.parametrize("key", ["1", "2", "3", "4", "5", "7", "8", "9", "a", "c", "i"])
async def test_no_time_of_new_york_is_left_where_another_zone_is_set(tmp_path: Path, key: str) -> None:
    settings = ScreenSettings(glyphs="unicode", theme="graphite", zone=TOKYO)
    for name, snapshot in (("live", builders.live()), ("closed", builders.overview())):
        # a sentence of the feed is for every screen, and names the zone it is in
        flags = tuple(one for one in snapshot.flags if " ET" not in one.sentence)
        snapshot = msgspec.structs.replace(snapshot, flags=flags)
        (tmp_path / name).mkdir()
        seen = stage(tmp_path / name, snapshot, settings=settings)
        async with seen.monitor.run_test(size=(200, 60)) as pilot:
            await pilot.press(key)
            await pilot.pause()
            text = seen.text()
            assert " ET" not in text, [row for row in seen.lines() if " ET" in row]
            assert "JST" in text
            for york in ("14:20", "16:20"):
                # a city's own clock on the world's page is its own
                rows = [row for row in seen.lines() if york in row and "New York" not in row]
                assert rows == [], rows


@pytest.mark.parametrize("zone", ["Europe/London", "Australia/Sydney", "Asia/Kathmandu"])
@pytest.mark.parametrize("pane", ["quotes", "board", "world", "symbol_quote"])
@pytest.mark.parametrize("cells", [78, 118, 200])
def test_a_zone_with_a_long_name_moves_no_heading_off_its_column(pane: str, zone: str, cells: int) -> None:
    look = Look(now=builders.live().clock.now, zone=zone, choices=Choices(opened=Opened("^GSPC")))
    made = discover()[pane].page(builders.live(), look, cells, 40)
    heads = [plain(made.heading or ()), *(plain(one.line) for one in made.body if one.key is None)]
    assert all(len(one.rstrip()) <= cells for one in heads)
    whole = next(one for one in heads if "TIME" in one)
    if pane == "board":
        return
    end = whole.index("TIME") + len(whole[whole.index("TIME") :].split("  ")[0])
    clock = builders.at(builders.FRIDAY, 14, 20).astimezone(ZoneInfo(zone)).strftime("%H:%M")
    rows = [plain(one.line) for one in made.body if one.key and clock in plain(one.line)]
    assert rows
    assert all(one[:end].endswith(clock) for one in rows), (whole, rows[0])


async def test_a_zone_is_named_by_its_letters_and_taken_up_while_it_runs(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.live())
    newer = msgspec.structs.replace(
        seen.monitor.config, screen=ScreenSettings(glyphs="unicode", theme="graphite", zone="Europe/London")
    )
    seen, answers = running(seen)
    async with seen.monitor.run_test(size=(120, 40)):
        assert "TIME ET" in seen.text()
        answers.append((newer, ()))
        seen.monitor.tend()
        assert "TIME BST" in seen.text()
        assert "+01" not in seen.text()


def test_the_last_frame_is_dated_in_the_zone_it_was_painted_in() -> None:
    from tapewatch.tui.keeping import label

    snapshot = msgspec.structs.replace(builders.overview(), as_of=datetime(2025, 10, 17, 20, 0, tzinfo=UTC))
    assert "Fri 17 Oct 2025 16:00 ET" in label(snapshot)
    assert "Sat 18 Oct 2025 05:00 JST" in label(snapshot, TOKYO)


# -- taken up while it runs -----------------------------------------------------------------------------


Answers = list[tuple[Config, tuple[Problem, ...]]]


def running(seen: Stage) -> tuple[Stage, Answers]:
    """The stage with a monitor whose settings have changed at the next look whenever something stands in the list."""
    answers: Answers = []
    monitor = Monitor(seen.monitor.data, seen.monitor.config, (), lambda: answers.pop(0) if answers else None)
    return Stage(seen.paths, monitor), answers


async def test_a_key_given_to_another_command_is_taken_up_while_it_runs(tmp_path: Path) -> None:
    screen = ScreenSettings(glyphs="unicode", theme="graphite")
    seen = stage(tmp_path, builders.overview())
    first = configured(screen, {"zoom": "x", "quit": "ctrl+q"})
    wrong = configured(screen, {"zoom": "no key"})
    seen, answers = running(seen)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("z")
        assert seen.monitor.choices.zoomed
        await pilot.press("z")
        answers.append((first, ()))
        seen.monitor.tend()
        await pilot.press("z")
        assert not seen.monitor.choices.zoomed
        await pilot.press("x")
        assert seen.monitor.choices.zoomed
        await pilot.press("x", "question_mark")
        assert any("Ctrl+Q" in row and "quit" in row for row in seen.lines())
        await pilot.press("escape")
        answers.append((wrong, ()))
        seen.monitor.tend()
        await pilot.press("z")
        assert seen.monitor.choices.zoomed
        await pilot.press("j")
        assert "keys.zoom" in seen.text()


async def test_decimals_and_columns_are_taken_up_while_it_runs(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    own = ScreenSettings(glyphs="unicode", theme="graphite", decimals=0, columns=("CHG %",))
    seen, answers = running(seen)
    async with seen.monitor.run_test(size=(120, 40)):
        assert "6,664.01" in seen.pane("quotes")[2]
        answers.append((configured(own, {}), ()))
        seen.monitor.tend()
        assert "6,664 " in seen.pane("quotes")[2]
        heading = seen.pane("quotes")[1]
        assert heading.index("CHG %") < heading.index("LAST")
        assert Decimals(0) == seen.monitor.worn.decimals
