"""The pane of what confirms: figures as their units are written, reasons in place of those that are missing."""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tapewatch.core.model.measures import Confirmation
from tapewatch.core.model.reading import Week
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.tui.choices import Choices
from tapewatch.tui.confirmation_words import change_text, value_text
from tapewatch.tui.look import Look
from tapewatch.tui.panes import confirmation as pane
from tapewatch.tui.panes.weekly import kind
from tapewatch.tui.report import printed
from tapewatch.tui.text import plain, width
from tests.tui.stage import builders, stage

RATIO = Confirmation(
    key="ratio:^RUT/^GSPC", label="RUT / SPX", meaning="small over large", unit="index", as_of=builders.FRIDAY,
    value=95.112, change20=0.144, low=89.6, high=105.4, position_percent=34.6, percentile=99.6,
    reading="0.96 % over SMA 50",
)  # fmt: skip
YIELD = Confirmation(
    key="yield:^TNX", label="US10Y", meaning="10-year yield", unit="yield", as_of=builders.FRIDAY,
    value=4.007, change20=-13.2, reading="99.3 bp under 5.00 %", note="no bars 2020–25",
)  # fmt: skip
ABOVE = Confirmation(
    key="breadth:above_sma50", label="BREADTH", meaning="above SMA 50", unit="count", as_of=builders.FRIDAY,
    value=11.0, of=16, change20=-6.25, low=0.0, high=16.0, position_percent=68.75, reading="5 below",
)  # fmt: skip
UNKNOWN = Confirmation(
    key="breadth:advancing", label="BREADTH", meaning="rose that day", unit="count", as_of=builders.FRIDAY,
    state="unknown", reading="panel incomplete: no bars of XLK, XLF",
)  # fmt: skip
LINES = (RATIO, YIELD, ABOVE, UNKNOWN)


def snapshot(lines: tuple[Confirmation, ...] = LINES) -> Snapshot:
    return msgspec.structs.replace(builders.overview(), confirmation=lines)


def look(find: str = "") -> Look:
    return Look(now=datetime(2025, 10, 17, 20, 30, tzinfo=builders.NEW_YORK), choices=Choices(find=find))


def body(cells: int, find: str = "", lines: tuple[Confirmation, ...] = LINES) -> list[str]:
    return [plain(one.line) for one in pane.page(snapshot(lines), look(find), cells, 40).body]


def test_the_line_of_a_ratio() -> None:
    words = body(118)[0].split()
    assert words[:6] == ["RUT", "/", "SPX", "small", "over", "large"]
    assert words[6:9] == ["95.11", "▲", "+0.14"]
    assert words[10:] == ["35", "0.96", "%", "over", "SMA", "50"]


def test_a_value_stands_on_its_hairline() -> None:
    bar = body(118)[0].split()[9]
    assert (bar[0], bar.count("●"), set(bar)) == ("─", 1, {"─", "●"})
    assert bar.index("●") == pytest.approx((len(bar) - 1) * 0.346, abs=0.5)


def test_a_yield_moves_in_basis_points_and_says_why_it_has_no_place() -> None:
    line = body(118)[1]
    assert "4.007" in line
    assert "−13.2bp" in line
    assert "no bars 2020–25" in line
    assert "●" not in line


def test_breadth_is_of_how_many_and_its_share_moves_in_points() -> None:
    assert body(118)[2].split()[4:8] == ["11", "of", "16", "▼"]
    assert "−6.2pp" in body(118)[2]


def test_what_is_unknown_gives_its_reason_and_no_figure() -> None:
    line = body(118)[3]
    assert line.rstrip().endswith("panel incomplete: no bars of XLK, XLF")
    assert not set("0123456789●") & set(line)


def test_lines_of_one_label_are_told_apart_where_there_is_no_room_for_their_meaning() -> None:
    starts = [line.split("  ")[2] for line in body(66)]
    assert starts == ["RUT / SPX", "US10Y", "above SMA 50", "rose that day"]


@pytest.mark.parametrize("cells", range(38, 200, 7))
def test_no_line_is_wider_than_its_place(cells: int) -> None:
    page = pane.page(snapshot(), look(), cells, 40)
    assert page.heading is not None
    assert max(width(one) for one in (*(line.line for line in page.body), page.heading)) <= cells


def test_find_leaves_the_lines_it_names() -> None:
    assert len(body(118, "breadth")) == 2
    assert body(118, "rut")[0].split()[0] == "RUT"
    assert "Nothing matches" in body(118, "nothing like it")[0]


def test_before_there_is_history_it_says_what_it_waits_for() -> None:
    assert "a year of closes" in " ".join(body(118, lines=()))


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("index", 107.427, "107.43"), ("correlation", 0.84, "0.84"), ("correlation", 0.9981, "0.998"),
        ("percent", -0.25, "−0.25"), ("points", 0.24, "+0.24"), ("net", -3.0, "−3"), ("level", 20.78, "20.78"),
        ("yield", 4.007, "4.007"),
    ],
)  # fmt: skip
def test_each_unit_is_written_its_own_way(unit: str, value: float, text: str) -> None:
    one = msgspec.structs.replace(RATIO, unit=unit, value=value, change20=None)
    assert (value_text(one), change_text(one)) == (text, "–")


def test_it_stands_on_paper_too_and_never_rounds_a_rank_up() -> None:
    text = printed(snapshot(), "text")
    assert "confirmation and macro - closes of 2025-10-17" in text
    rut = next(line for line in text.splitlines() if line.startswith("  RUT / SPX"))
    assert rut.split()[6:] == ["95.11", "+0.14", "89.60", "105.40", "35", "99", "0.96", "%", "over", "SMA", "50"]
    assert "unknown: panel incomplete: no bars of XLK, XLF" in text
    assert "| RUT / SPX | small over large |" in printed(snapshot(), "markdown")
    assert "confirmation and macro" not in printed(snapshot(()), "text")


async def test_it_has_a_screen_of_its_own_and_the_large_one_shows_it(tmp_path: Path) -> None:
    seen = stage(tmp_path, snapshot())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        assert seen.pane("confirmation") == []
        await pilot.press("9")
        await pilot.pause()
        assert seen.monitor.desk.in_sight() == ("quotes", "confirmation")
        assert "VIX" in "".join(seen.pane("quotes"))
        assert "SPX" not in "".join(seen.pane("quotes"))
        assert "95.11" in "".join(seen.pane("confirmation"))
        await pilot.press("1")
        await pilot.resize_terminal(200, 60)
        await pilot.pause()
        assert "95.11" in "".join(seen.pane("confirmation"))


def short_week(sessions: int, patterns: tuple[str, ...]) -> Week:
    week = builders.row("^GSPC").week
    assert week is not None
    return msgspec.structs.replace(week, sessions=sessions, expected=sessions, patterns=patterns)


@pytest.mark.parametrize(
    ("sessions", "patterns", "text"),
    [(5, ("inside",), "inside"), (4, ("nr4", "nr7"), "nr4 4d"), (3, ("inside",), "in 3d"), (4, (), "–")],
)
def test_a_pattern_of_a_holiday_week_is_marked(sessions: int, patterns: tuple[str, ...], text: str) -> None:
    row = msgspec.structs.replace(builders.row("^GSPC"), week=short_week(sessions, patterns))
    alone = msgspec.structs.replace(builders.overview(), instruments=(row,))
    assert kind(row, alone) == text


def test_the_title_names_the_session_of_the_closes() -> None:
    """In a running session that is the one before."""
    before = tuple(msgspec.structs.replace(one, as_of=builders.FRIDAY - timedelta(days=1)) for one in LINES)
    clauses = pane.page(snapshot(before), look(), 118, 40).clauses
    assert plain(clauses[0]) == "closes of Thu 16 Oct"
