"""What holds for every pane: pure, never empty, never wider than its place, its numbers the snapshot's."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from tapewatch.core.model.measures import Nearest
from tapewatch.core.model.snapshot import ClockReading, Producer, Row, Snapshot
from tapewatch.tui import panes
from tapewatch.tui.choices import Choices, Sort
from tapewatch.tui.commands import bind
from tapewatch.tui.look import Look
from tapewatch.tui.panes import discover
from tapewatch.tui.screens import help as help_page
from tapewatch.tui.text import clean, plain, width
from tapewatch.tui.widgets.board import Page, title_line
from tests import builders

NOW = builders.at(builders.FRIDAY, 16, 30)
PANES = discover()
SNAPSHOTS = {"closed": builders.overview(), "live": builders.live(), "demo": builders.overview("demo")}
WIDTHS = (58, 60, 78, 98, 118, 158, 198)


def look(**choices: object) -> Look:
    return Look(now=NOW, choices=replace(Choices(), **choices))


def pages(name: str, **choices: object) -> Iterator[tuple[int, Page]]:
    for snapshot in SNAPSHOTS.values():
        for cells in WIDTHS:
            yield cells, PANES[name].page(snapshot, look(**choices), cells, 40)


def test_panes_are_the_files_of_their_folder() -> None:
    folder = Path(panes.__file__).parent
    files = {file.stem for file in folder.glob("*.py") if not file.stem.startswith("_")}
    assert set(PANES) == files
    assert files >= {"quotes", "weekly", "record", "flags", "board", "journal", "recap"}


@pytest.mark.parametrize("name", sorted(PANES))
def test_a_pane_is_a_pure_function_of_its_snapshot(name: str) -> None:
    snapshot = builders.live()
    before = msgspec.json.encode(snapshot)
    first = PANES[name].page(snapshot, look(selected="^RUT"), 118, 40)
    assert PANES[name].page(snapshot, look(selected="^RUT"), 118, 40) == first
    assert msgspec.json.encode(snapshot) == before


@pytest.mark.parametrize("name", sorted(PANES))
def test_a_pane_is_never_blank_and_never_wider_than_its_place(name: str) -> None:
    for cells, page in pages(name):
        lines = [one.line for one in page.body] + ([page.heading] if page.heading else [])
        assert any(plain(one).strip() for one in lines)
        assert [plain(one) for one in lines if width(one) > cells] == []


@pytest.mark.parametrize("name", sorted(PANES))
def test_need_is_what_the_pane_fills(name: str) -> None:
    for snapshot in SNAPSHOTS.values():
        needed = PANES[name].need(snapshot, look(), 118)
        page = PANES[name].page(snapshot, look(), 118, needed)
        assert len(page.body) + 1 + (page.heading is not None) <= needed


@pytest.mark.parametrize("name", sorted(PANES))
def test_filters_that_leave_nothing_leave_a_sentence(name: str) -> None:
    for _, page in pages(name, find="no such thing", rule="no-such-rule"):
        assert len(plain(page.body[0].line).split()) > 2


@pytest.mark.parametrize("name", ["quotes", "weekly", "record", "board"])
def test_numbers_of_one_column_stand_on_one_decimal_line(name: str) -> None:
    page = PANES[name].page(SNAPSHOTS["closed"], look(), 118, 40)
    lines = {one.key: plain(one.line) for one in page.body}
    last = {"quotes": "last", "board": "last", "weekly": "low", "record": "price"}[name]
    points = {where(row, lines[row.symbol], last) for row in SNAPSHOTS["closed"].instruments if row.symbol in lines}
    assert len(points - {None}) == 1


def where(row: Row, line: str, what: str) -> int | None:
    figures = {
        "last": row.quote.last if row.quote else None,
        "low": row.week.low if row.week else None,
        "price": row.record.intraday.price if row.record else None,
    }
    value = figures[what]
    if value is None:
        return None
    written = f"{value:,.3f}" if value < 10 else f"{value:,.2f}"
    return line.index(written) + written.index(".")


def row_of(name: str, symbol: str, snapshot: Snapshot, cells: int = 118, **choices: object) -> str:
    page = PANES[name].page(snapshot, look(**choices), cells, 40)
    return next(plain(one.line) for one in page.body if one.key == symbol)


def test_the_documented_rows() -> None:
    closed = SNAPSHOTS["closed"]
    assert row_of("quotes", "^RUT", closed, 72).split()[:6] == ["▌RUT", "Russell", "2000", "2,452.17", "−14.85", "▼"]
    weekly = row_of("weekly", "^RUT", closed).split()
    assert weekly[1:3] == ["2,417.74", "Tue"]
    assert weekly[4:] == ["2,541.67", "Wed", "28", "▲", "+2.40", "5.18", "1.5", "–"]
    record = row_of("record", "^RUT", closed).split()
    assert record[1:4] == ["near", "high", "−3.52"]
    assert record[5:] == ["2,541.67", "15", "Oct", "2", "2,519.75", "15", "Oct", "−2.68", "2"]
    hong_kong = row_of("record", "^HSI", closed).split()
    assert hong_kong[2:4] == ["bear", "−24.60"]
    assert hong_kong[-6:] == ["1,898", "33,154.12", "Jan", "’18", "−23.85", "1,899"]


def test_a_stale_row_keeps_its_price_and_loses_its_change() -> None:
    cells = row_of("quotes", "^DJI", SNAPSHOTS["live"], 72).split()
    assert cells[3:5] == ["45,952.24", "–"]
    assert cells[-2:] == ["Thu", "16"]
    assert "+" not in "".join(cells)


def test_yields_move_in_basis_points_and_have_no_record() -> None:
    assert row_of("quotes", "^TNX", SNAPSHOTS["closed"], 72).split()[3:7] == ["4.007", "+0.031", "▲", "+3.1bp"]
    assert "−4.4bp" in row_of("weekly", "^TNX", SNAPSHOTS["closed"])
    assert "^TNX" not in {one.key for one in PANES["record"].page(SNAPSHOTS["closed"], look(), 118, 40).body}


def test_a_definition_with_the_other_sign_is_marked() -> None:
    # VIX: 21.66 to 20.78 week on week, 19.45 to 20.78 from its open
    assert "−4.06!" in row_of("weekly", "^VIX", SNAPSHOTS["closed"])
    assert "+6.84!" in row_of("weekly", "^VIX", SNAPSHOTS["closed"], week_basis="O>C")
    assert "+2.40 " in row_of("weekly", "^RUT", SNAPSHOTS["closed"])


def test_the_record_close_may_be_the_basis() -> None:
    cells = row_of("record", "^RUT", SNAPSHOTS["closed"], record_basis="close").split()
    assert cells[3] == "−2.68"
    assert cells[5] == "2,519.75"


def test_instruments_without_bars_keep_their_place_or_share_a_line() -> None:
    assert "no bars" in row_of("quotes", "^STOXX50E", SNAPSHOTS["closed"], 72)
    last = plain(PANES["board"].page(SNAPSHOTS["closed"], look(), 78, 40).body[-1].line)
    assert last.split() == ["SX5E", "ASX", "VTWO", "SPY", "RSP", "RTY", "no", "bars", "yet"]


def test_patterns_wait_for_the_final_week_and_missing_sessions_are_named() -> None:
    assert row_of("weekly", "^GSPC", SNAPSHOTS["closed"]).endswith("inside") or "inside" in row_of(
        "weekly", "^GSPC", SNAPSHOTS["closed"]
    )
    assert "inside" not in row_of("weekly", "^GSPC", SNAPSHOTS["live"])
    assert "4 of 5" in row_of("weekly", "^DJI", SNAPSHOTS["live"])


def heads(snapshot: Snapshot, **choices: object) -> list[str]:
    page = PANES["flags"].page(snapshot, look(**choices), 78, 60)
    firsts = {one.unit: plain(one.line) for one in reversed(page.body) if one.unit is not None}
    return [firsts[unit] for unit in sorted(firsts)]


def test_flags_go_from_rare_to_info_then_unknown() -> None:
    assert [one.split()[0] for one in heads(SNAPSHOTS["closed"])] == ["▂▅█", "▂▅·", "▂··"]
    assert [one.split()[0] for one in heads(SNAPSHOTS["live"])] == ["▂▅█", "▂··", "?"]


def test_a_card_names_state_and_since() -> None:
    assert heads(SNAPSHOTS["closed"])[1].endswith("● confirmed Thu 16 Oct")
    assert heads(SNAPSHOTS["closed"])[2].endswith("● confirmed Fri 14:20")
    assert heads(SNAPSHOTS["live"])[1].endswith("○ forming 14:20")


def words(snapshot: Snapshot, cells: int = 118, **choices: object) -> str:
    page = PANES["flags"].page(snapshot, look(**choices), cells, 60)
    text = " ".join(plain(one.line).replace("▏", " ") for one in page.body)
    return " ".join(text.replace("\u00a0", " ").split())


def test_the_record_of_a_flag_stands_under_it() -> None:
    said = words(SNAPSHOTS["closed"])
    assert "39 days in 19 cases since 1987; 20 sessions later median +1.8 %, all days +0.7 %:" in said
    assert "not distinguishable from chance." in said
    assert "1 day in 246 Clears: a close above 2,465.42, or 3 sessions." in said


def test_without_medians_only_the_counts_are_given() -> None:
    assert "169 days in 107 cases since 1987; 1 day in 57." in words(SNAPSHOTS["closed"])


def test_under_ten_cases_the_years_are_named_and_no_median() -> None:
    years = tuple(date(year, 3, 3) for year in (2003, 2008, 2008, 2020))
    few = msgspec.structs.replace(builders.history(7, 4, 0.001, 5.0), first_days=years)
    flag = msgspec.structs.replace(builders.REVERSAL, history=few)
    said = words(msgspec.structs.replace(builders.overview(), flags=(flag,)))
    assert "7 days, 4 cases" not in said
    assert "7 days in 4 cases since 1987: 2003, 2008, 2020." in said
    assert "+5.0" not in said


def test_a_forming_flag_tells_how_many_last() -> None:
    assert "4 of 12 of these lasted to the close." in words(SNAPSHOTS["live"])


def test_no_flag_is_a_statement() -> None:
    quiet = msgspec.structs.replace(builders.overview(), flags=())
    assert "No flag is on." in words(quiet)


def test_flags_are_narrowed_by_rule() -> None:
    assert len(heads(SNAPSHOTS["closed"], rule="record-reversal")) == 1


def test_the_journal_is_newest_first() -> None:
    body = PANES["journal"].page(SNAPSHOTS["closed"], look(), 100, 60).body
    firsts = [plain(one.line).split()[:2] for one in body if plain(one.line).startswith(" Fri")]
    assert firsts == [["Fri", "16:20"], ["Fri", "16:19"], ["Fri", "14:35"], ["Fri", "14:20"]]


def test_what_a_file_or_a_network_says_cannot_steer_the_terminal() -> None:
    assert clean("\x1b[2JRUT\x07\r\n") == "�[2JRUT�  "
    bad = msgspec.structs.replace(builders.REVERSAL, sentence="up \x1b]0;title\x07 down", brief="\x1b[31m")
    rows = tuple(
        msgspec.structs.replace(row, name="\x1b[5mname", note="\x9bnote") for row in builders.overview().instruments
    )
    hostile = msgspec.structs.replace(builders.overview(), flags=(bad,), instruments=rows)
    for pane in PANES.values():
        for one in pane.page(hostile, look(), 118, 60).body:
            assert "\x1b" not in plain(one.line)
            assert "\x9b" not in plain(one.line)


@pytest.mark.parametrize(
    ("zone", "rate", "said"),
    [
        ("America/New_York", 1.0, "since Thu 22:30 ET."),
        ("Asia/Tokyo", 1.0, "since Fri 11:30 JST."),
        # an hour of the wall's is ten of the demo's
        ("America/New_York", 10.0, "since Thu 13:30 ET."),
        ("America/New_York", 0.0, "its state."),
    ],
)
def test_an_empty_journal_tells_since_when_on_the_clock_of_the_screen(zone: str, rate: float, said: str) -> None:
    now = datetime(2025, 10, 17, 3, 30, tzinfo=UTC)
    reading = ClockReading(now=now, rate=rate, read_at=now)
    by = Producer(version="1", pid=1, started=now - timedelta(hours=1))
    snapshot = msgspec.structs.replace(builders.empty(), clock=reading, producer=by)
    (row,) = PANES["journal"].page(snapshot, Look(now=now, zone=zone), 100, 60).body
    assert plain(row.line).strip().endswith(said)


def test_the_journal_dates_entries_of_another_week() -> None:
    snapshot = SNAPSHOTS["closed"]
    event = snapshot.journal[-1]
    older = msgspec.structs.replace(event, session=date(2025, 10, 10))
    snapshot = msgspec.structs.replace(snapshot, journal=(older, event))
    text = [plain(one.line) for one in PANES["journal"].page(snapshot, look(), 58, 40).body]
    assert any(one.startswith(" 10 Oct ") for one in text)
    assert any(one.startswith((" Fri 1", " Thu 1")) for one in text)


def test_an_empty_pane_names_what_is_nearest_and_never_rounds_up_to_its_bound() -> None:
    near = Nearest(
        flag="x", title="beta-adjusted residual", watched="^RUT", against=("^GSPC",), percentile=97.49, needs=97.5
    )
    snapshot = msgspec.structs.replace(SNAPSHOTS["closed"], flags=(), nearest=(near,))
    page = PANES["flags"].page(snapshot, Look(now=snapshot.clock.now), 44, 12)
    text = [plain(one.line) for one in page.body]
    assert "No flag is on." in text[0]
    assert text[-1].split() == ["RUT", "beta-adjusted", "residual", "97.4", "/", "97.5"]


def test_rules_that_wait_for_a_history_are_one_line_where_they_are_many() -> None:
    flag = SNAPSHOTS["closed"].flags[0]
    waiting = tuple(
        msgspec.structs.replace(flag, id=f"w{number}", state="unknown", sentence="DJIA has no history yet")
        for number in range(5)
    )
    snapshot = msgspec.structs.replace(SNAPSHOTS["closed"], flags=(flag, *waiting))
    text = " ".join(plain(one.line) for one in PANES["flags"].page(snapshot, look(), 58, 40).body)
    assert "5 rules cannot be judged yet" in text
    assert "DJIA has no history yet" not in text
    few = msgspec.structs.replace(snapshot, flags=(flag, *waiting[:2]))
    text = " ".join(plain(one.line) for one in PANES["flags"].page(few, look(), 58, 40).body)
    assert text.count("DJIA has no history yet") == 2


def test_the_marks_of_week_and_record_do_not_touch_on_the_board() -> None:
    for name in ("overview", "live"):
        snapshot = getattr(builders, name)()
        first = snapshot.instruments[0]
        week = msgspec.structs.replace(first.week, change_percent=1.4, open_to_close_percent=-1.4)
        future = msgspec.structs.replace(first, kind="future", week=week)
        marked = msgspec.structs.replace(snapshot, instruments=(future, *snapshot.instruments[1:]))
        for cells in (60, 78, 80, 98):
            text = plain(PANES["board"].page(marked, look(), cells, 40).body[0].line)
            assert "!" in text
            assert re.search(r"! +\*−", text), text


def test_a_narrow_board_gives_up_sessions_and_not_the_time_of_a_price() -> None:
    page = PANES["board"].page(builders.live(), look(), 60, 40)
    assert page.heading is not None
    assert "TIME" in plain(page.heading)
    assert "SESS" not in plain(page.heading)
    rows = [plain(one.line) for one in page.body]
    assert any("Thu 16" in row for row in rows)
    assert all(row[59:].strip() == "" for row in rows[:-1]), "the last figure stands off the edge"


def test_no_heading_is_said_twice_beside_its_own_column() -> None:
    snapshot = builders.overview()
    for cells in (78, 98, 158):
        record = PANES["record"].page(snapshot, look(), cells, 40).heading
        assert record is not None
        assert plain(record).replace("C DIST", "").count("DIST") == 1
        weekly = PANES["weekly"].page(snapshot, look(), cells, 40).heading
        assert weekly is not None
        assert plain(weekly).split().count("LOW") == 1
        assert plain(weekly).split().count("HIGH") == 1


def test_the_headings_record_line_stands_over_the_drawn_one_also_while_rows_are_narrowed() -> None:
    snapshot = builders.overview()
    first = snapshot.instruments[0]
    future = msgspec.structs.replace(first, symbol="ES=F", short="ES", kind="future", group="futures")
    both = msgspec.structs.replace(snapshot, instruments=(*snapshot.instruments, future))
    places = set()
    for shot in (snapshot, both):
        for basis, mark in (("intraday", "┃"), ("close", "╎")):
            page = PANES["record"].page(shot, look(record_basis=basis), 78, 40)
            assert page.heading is not None
            at = plain(page.heading).index(mark)
            assert plain(page.body[0].line)[at] == mark
            places.add(at)
    assert len(places) == 1


def test_the_basis_of_a_record_stands_before_footnotes_and_old_prices() -> None:
    for name in ("overview", "live"):
        page = PANES["record"].page(getattr(builders, name)(), look(), 78, 40)
        shown = plain(title_line(page.title, page.clauses, 78, focused=False))
        assert "all-time high" in shown
        assert name != "live" or "on old prices" in shown


def test_a_title_says_by_what_and_which_way_its_rows_are_ordered() -> None:
    ways = {
        ("percent", False): "by CHG %, largest first", ("percent", True): "by CHG %, smallest first",
        ("symbol", False): "by SYM, A first", ("symbol", True): "by SYM, Z first",
    }  # fmt: skip
    for (column, reverse), words in ways.items():
        sorts = (("quotes", Sort(column, reverse)),)
        page = PANES["quotes"].page(builders.overview(), look(sorts=sorts), 118, 40)
        assert words in [plain(one) for one in page.clauses]
    sorts = (("record", Sort("distance")),)
    page = PANES["record"].page(builders.live(), look(sorts=sorts), 118, 40)
    shown = plain(title_line(page.title, page.clauses, 118, focused=False))
    assert "all-time high · by DIST, largest first · 4 of 8 on old prices" in shown


def test_the_help_page_says_the_whole_of_what_each_key_does() -> None:
    for cells in (78, 118):
        text = "\n".join(plain(one) for one in help_page.page(bind({})[0], cells, 36))
        assert "proof of a figure or flag" in text
        assert "mute alert an hour, back" in text
        assert "to the shell; fg returns" in text
