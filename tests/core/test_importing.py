"""Bars from files: what cannot be taken is named, and the rest is taken."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tapewatch.core import channel
from tapewatch.core.importing import import_paths
from tapewatch.core.oneshot import stored_bars
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.store.schema import reading
from tapewatch.core.store.symbols import with_full_history
from tapewatch.core.universe import INSTRUMENTS

from ..market import trading_days

HEAD = "date,open,high,low,close,volume\n"
NOW = datetime(2025, 10, 20, 12, tzinfo=UTC)
"""A Monday before New York opens."""
GOOD = ["2025-10-15,100,102,99,101,5", "2025-10-16,101,103,100,102,5", "2025-10-17,102,104,101,103,5"]
Import = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return default_paths(tmp_path / "store", tmp_path / "none.toml")


@pytest.fixture
def take(paths: Paths) -> Import:
    def run(*files: Path, now: datetime = NOW) -> tuple[int, list[str]]:
        said: list[str] = []
        return import_paths(paths, files, INSTRUMENTS, said.append, now), said

    return run


def written(folder: Path, name: str, *lines: str, head: str = HEAD) -> Path:
    file = folder / name
    file.write_text(head + "\n".join(lines) + "\n")
    return file


def days_of(paths: Paths, symbol: str) -> list[str]:
    bars = stored_bars(paths).get(symbol)
    return [] if bars is None else [str(day) for day in bars.days]


def test_a_file_is_taken_whole_and_again_changes_nothing(tmp_path: Path, paths: Paths, take: Import) -> None:
    file = written(tmp_path, "^RUT.csv", *GOOD)
    assert take(file) == (0, ["^RUT: 3 new, 0 replaced, 0 unchanged, 0 refused; 2025-10-15 to 2025-10-17"])
    assert take(file)[1] == ["^RUT: 0 new, 0 replaced, 3 unchanged, 0 refused; 2025-10-15 to 2025-10-17"]
    bars = stored_bars(paths)["^RUT"]
    assert (bars.open[1], bars.high[1], bars.low[1], bars.close[1], bars.volume[1]) == (101, 103, 100, 102, 5)


def test_a_changed_row_is_counted_as_replaced(tmp_path: Path, take: Import) -> None:
    take(written(tmp_path, "RUT.csv", *GOOD))
    said = take(written(tmp_path, "RUT.csv", *GOOD[:2], "2025-10-17,102,104,101,103.5,5"))[1]
    assert said == ["^RUT: 0 new, 1 replaced, 2 unchanged, 0 refused; 2025-10-15 to 2025-10-17"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("17.10.2025,102,104,101,103,5", "line 3: not a date: '17.10.2025'"),
        ("2025-02-30,102,104,101,103,5", "line 3: not a date: '2025-02-30'"),
        (",102,104,101,103,5", "line 3: not a date: ''"),
        ("2025-10-16,a lot,104,101,103,5", "line 3: open is not a number: 'a lot'"),
        ("2025-10-16,102,104,101,,5", "line 3: close is not a number: ''"),
        ("2025-10-16,102", "line 3: high is not a number: ''"),
        ("2025-10-16,102,nan,101,103,5", "line 3: high is not a number: 'nan'"),
        ("2999-01-04,102,104,101,103,5", "line 3: a date in the future: 2999-01-04"),
        ("2025-10-16,0,104,0,103,5", "line 3: 2025-10-16: a price is 0"),
        ("2025-10-16,102,100,101,103,5", "line 3: 2025-10-16: high 100 is under"),
        ("2025-10-16,1\x1b[31m,104,101,103,5", "line 3: open is not a number: '1�[31m'"),
    ],
)
def test_a_line_that_is_no_bar_is_named_and_the_rest_taken(
    tmp_path: Path, paths: Paths, take: Import, line: str, said: str
) -> None:
    file = written(tmp_path, "^RUT.csv", GOOD[0], line, GOOD[2])
    code, lines = take(file)
    assert code == 3
    assert lines[0] == "^RUT: 2 new, 0 replaced, 0 unchanged, 1 refused; 2025-10-15 to 2025-10-17"
    assert lines[1].startswith(f"  {file}, {said}")
    assert days_of(paths, "^RUT") == ["2025-10-15", "2025-10-17"]


def test_bytes_that_are_no_text_cost_their_line_alone(tmp_path: Path, paths: Paths, take: Import) -> None:
    file = tmp_path / "^RUT.csv"
    body = "\n".join(GOOD).encode().replace(b"101,103,100", b"\xff\xfe,103,100")
    file.write_bytes(HEAD.encode() + body)
    code, lines = take(file)
    assert code == 3
    assert "line 3: open is not a number" in lines[1]
    assert days_of(paths, "^RUT") == ["2025-10-15", "2025-10-17"]


def test_a_quote_that_is_never_closed_costs_what_follows_it_alone(tmp_path: Path, paths: Paths, take: Import) -> None:
    code, lines = take(written(tmp_path, "^RUT.csv", GOOD[0], '2025-10-16,"' + "9" * 140_000, GOOD[2]))
    assert code == 3
    assert "line 3" in lines[1]
    assert days_of(paths, "^RUT") == ["2025-10-15"]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("date,open,high,low,volume\n", "line 1: no column close; found: date,open,high,low,volume"),
        ("when,first,top\n", "line 1: no column date, open, high, low, close; found: when,first,top"),
        ("", "line 1: no column date"),
    ],
)
def test_a_missing_column_is_named(tmp_path: Path, paths: Paths, take: Import, head: str, said: str) -> None:
    code, lines = take(written(tmp_path, "^RUT.csv", head=head))
    assert code == 1
    assert said in lines[1]
    assert days_of(paths, "^RUT") == []


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 100, b"\x89PNG\r\n\x1a\n" + b"\xff" * 50, b"PK\x03\x04"])
def test_what_is_no_csv_is_named(tmp_path: Path, take: Import, content: bytes) -> None:
    file = tmp_path / "^RUT.csv"
    file.write_bytes(content)
    code, lines = take(file)
    assert code == 1
    assert lines[0] == f"{file}: nothing taken"
    assert str(file) in lines[1]
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("head", ["\ufeff" + HEAD, "Date, Open ,HIGH,low,Close,volume\n", HEAD.replace("\n", "\r\n")])
def test_what_spreadsheets_add_is_no_fault(tmp_path: Path, paths: Paths, take: Import, head: str) -> None:
    assert take(written(tmp_path, "^RUT.csv", *GOOD, head=head))[0] == 0
    assert len(days_of(paths, "^RUT")) == 3


def test_other_columns_and_another_order_are_no_fault(tmp_path: Path, paths: Paths, take: Import) -> None:
    file = written(tmp_path, "^RUT.csv", "101,x,99,102,100,2025-10-15", head="close,adj,low,high,open,date\n")
    assert take(file)[0] == 0
    assert stored_bars(paths)["^RUT"].high.tolist() == [102]


def test_an_unknown_symbol_is_named_with_the_nearest(tmp_path: Path, paths: Paths, take: Import) -> None:
    code, lines = take(written(tmp_path, "GSPX.csv", *GOOD), written(tmp_path, "^DJI.csv", *GOOD))
    assert code == 3
    assert "unknown symbol 'GSPX'; nearest: SPX" in lines[1]
    assert days_of(paths, "^DJI") == [line.split(",")[0] for line in GOOD]


def test_folders_files_and_what_is_neither(tmp_path: Path, paths: Paths, take: Import) -> None:
    folder, empty = tmp_path / "bars", tmp_path / "empty"
    folder.mkdir()
    empty.mkdir()
    written(folder, "^RUT.csv", *GOOD)
    written(folder, "RUT-notes.txt", "not bars")
    code, lines = take(folder, empty, tmp_path / "nowhere")
    assert code == 3
    assert lines[:2] == [f"{empty}: no CSV files in this folder", f"{tmp_path / 'nowhere'}: no such file or folder"]
    assert len(days_of(paths, "^RUT")) == 3


def test_a_link_in_a_folder_is_not_followed_and_one_that_is_named_is(
    tmp_path: Path, paths: Paths, take: Import
) -> None:
    """Who unpacks a folder of somebody else's must not print his own files by it."""
    folder, secret = tmp_path / "bars", written(tmp_path, "secret", "", head="hidden:x:0\n")
    folder.mkdir()
    written(folder, "^RUT.csv", *GOOD)
    (folder / "COMP.csv").symlink_to(secret)
    code, lines = take(folder)
    assert code == 3
    assert lines[0].startswith(f"{folder / 'COMP.csv'}: a symbolic link, and none in a folder is followed; name")
    assert "hidden" not in "".join(lines)
    (tmp_path / "DJIA.csv").symlink_to(folder / "^RUT.csv")
    (tmp_path / "mine").symlink_to(folder)
    (folder / "COMP.csv").unlink()
    assert take(tmp_path / "DJIA.csv")[0] == take(tmp_path / "mine")[0] == 0
    assert days_of(paths, "^DJI") == days_of(paths, "^RUT")


def test_an_empty_folder_alone_makes_no_store(tmp_path: Path, paths: Paths, take: Import) -> None:
    (tmp_path / "empty").mkdir()
    assert take(tmp_path / "empty")[0] == 1
    assert not paths.store.exists()


@pytest.mark.parametrize(
    ("count", "last"),
    [
        (50, "line 52: not a date: 'no date'"),
        (51, "  … and 1 more line refused in this file"),
        (90, "  … and 40 more lines refused in this file"),
    ],
)
def test_fifty_faults_are_named_and_the_others_counted(tmp_path: Path, take: Import, count: int, last: str) -> None:
    _, lines = take(written(tmp_path, "^RUT.csv", GOOD[0], *["no date,1,1,1,1,1"] * count))
    assert f"{count} refused" in lines[0]
    assert lines[-1].endswith(last)
    assert sum("not a date" in line for line in lines) == 50


def test_of_two_rows_for_a_day_the_later_stands_and_the_earlier_is_named(
    tmp_path: Path, paths: Paths, take: Import
) -> None:
    file = written(tmp_path, "^RUT.csv", *GOOD, "2025-10-16,101,103,100,102.5,5")
    code, lines = take(file)
    assert code == 3
    assert lines == [
        "^RUT: 3 new, 0 replaced, 0 unchanged, 1 refused; 2025-10-15 to 2025-10-17",
        f"  {file}, line 3: 2025-10-16 stands again in line 5, which is taken",
    ]
    assert stored_bars(paths)["^RUT"].close.tolist() == [101, 102.5, 103]
    assert take(file)[1][0] == "^RUT: 0 new, 0 replaced, 3 unchanged, 1 refused; 2025-10-15 to 2025-10-17"
    assert stored_bars(paths)["^RUT"].close.tolist() == [101, 102.5, 103]


def test_a_bad_row_is_named_by_its_own_line_and_costs_no_good_one(tmp_path: Path, paths: Paths, take: Import) -> None:
    bad = "2025-10-16,101,103,-1,102,5"
    first = written(tmp_path, "^RUT.csv", GOOD[0], bad, GOOD[1])
    assert take(first)[1][1:] == [f"  {first}, line 3: 2025-10-16: a price is -1"]
    last = written(tmp_path, "^DJI.csv", *GOOD, bad)
    assert take(last)[1][1:] == [f"  {last}, line 5: 2025-10-16: a price is -1"]
    assert days_of(paths, "^RUT") == ["2025-10-15", "2025-10-16"]
    assert days_of(paths, "^DJI") == ["2025-10-15", "2025-10-16", "2025-10-17"]


def test_faults_come_in_the_order_of_their_lines(tmp_path: Path, take: Import) -> None:
    lines = take(written(tmp_path, "^RUT.csv", GOOD[0], "2025-10-16,0,1,0,1,0", "x", GOOD[0], "y"))[1]
    assert [line.partition(", line ")[2][0] for line in lines[1:]] == ["2", "3", "4", "6"]


@pytest.mark.parametrize(
    ("name", "day", "reason"),
    [
        ("^RUT.csv", "2025-10-18", "XNYS does not trade that day"),
        ("^RUT.csv", "2024-12-25", "XNYS does not trade that day"),
        ("^AXJO.csv", "2025-01-27", "XASX does not trade that day"),
    ],
)
def test_a_recent_day_without_a_session_is_refused(
    tmp_path: Path, take: Import, name: str, day: str, reason: str
) -> None:
    code, lines = take(written(tmp_path, name, GOOD[0], f"{day},100,102,99,101,5"))
    assert code == 3
    assert lines[1].endswith(f"line 3: {day}: {reason}")


@pytest.mark.parametrize("day", ["2023-10-14", "1952-02-02"])
def test_bars_older_than_two_years_are_their_own_calendar(tmp_path: Path, paths: Paths, take: Import, day: str) -> None:
    assert take(written(tmp_path, "^GSPC.csv", f"{day},100,102,99,101,5"))[0] == 0
    assert days_of(paths, "^GSPC") == [day]


def test_a_session_is_taken_a_quarter_of_an_hour_after_its_bell(tmp_path: Path, paths: Paths, take: Import) -> None:
    file = written(tmp_path, "^RUT.csv", *GOOD)
    code, lines = take(file, now=datetime(2025, 10, 17, 20, 14, tzinfo=UTC))
    assert code == 3
    assert lines[1].endswith("line 4: 2025-10-17: not final yet, its session ends at 2025-10-17 20:00 UTC")
    assert days_of(paths, "^RUT") == ["2025-10-15", "2025-10-16"]
    assert take(file, now=datetime(2025, 10, 17, 20, 15, tzinfo=UTC))[0] == 0
    assert days_of(paths, "^RUT")[-1] == "2025-10-17"


def test_a_file_without_rows_says_so(tmp_path: Path, take: Import) -> None:
    file = written(tmp_path, "^RUT.csv")
    assert take(file) == (1, [f"{file}: nothing taken", f"  {file}: no rows"])


@pytest.mark.parametrize(("count", "whole"), [(252, True), (251, False)])
def test_a_year_of_bars_counts_as_a_history(
    tmp_path: Path, paths: Paths, take: Import, count: int, whole: bool
) -> None:
    days = trading_days(count, date(2021, 1, 4))
    take(written(tmp_path, "^RUT.csv", *[f"{day},100,101,99,100,0" for day in days]))
    with reading(paths.database) as database:
        assert (with_full_history(database) == {"^RUT"}) is whole


def test_a_running_feed_is_told(tmp_path: Path, paths: Paths, take: Import) -> None:
    take(written(tmp_path, "^RUT.csv", GOOD[0]))
    paths.requests.mkdir()
    lock = channel.Lock(paths.feed_lock, "alone")
    assert lock.take()
    take(written(tmp_path, "^RUT.csv", GOOD[1]))
    lock.release()
    assert [one.kind for one in channel.take_requests(paths)] == ["reload"]


FAR = "2025-10-16,10100,10300,10000,10200,5"


def test_a_row_that_no_market_makes_is_taken_and_named_with_file_line_date_and_value(
    tmp_path: Path, paths: Paths
) -> None:
    said: list[str] = []
    warned: list[str] = []
    file = written(tmp_path, "^RUT.csv", GOOD[0], FAR, GOOD[2])
    assert import_paths(paths, [file], INSTRUMENTS, said.append, NOW, warned.append) == 3
    assert said == ["^RUT: 3 new, 0 replaced, 0 unchanged, 0 refused; 2025-10-15 to 2025-10-17"]
    assert warned == [
        f"{file}, line 3: 2025-10-16: close 10,200.00 after 101.00 on 2025-10-15: "
        "no market makes such a step; taken as it is"
    ]
    assert stored_bars(paths)["^RUT"].close.tolist() == [101, 10200, 103]


def test_a_row_is_measured_by_what_the_store_has_and_what_is_stored_by_it(tmp_path: Path, take: Import) -> None:
    take(written(tmp_path, "^RUT.csv", GOOD[0], GOOD[2]))
    code, lines = take(written(tmp_path, "^RUT.csv", FAR))
    assert (code, len(lines)) == (3, 2)
    assert "line 2: 2025-10-16: close 10,200.00 after 101.00" in lines[1]
    assert take(written(tmp_path, "^RUT.csv", *GOOD))[0] == 0
    code, lines = take(written(tmp_path, "^RUT.csv", FAR.replace("10-16", "10-14")))
    assert code == 3
    assert "line 2: 2025-10-15: close 101.00 after 10,200.00 on 2025-10-14" in lines[1]


def test_volatility_leaps(tmp_path: Path, take: Import) -> None:
    """5 February 2018, and more than that: no step of it is named under ten times."""
    leap = [*GOOD[:2], "2025-10-17,300,400,250,350,5"]
    assert take(written(tmp_path, "^VIX.csv", *leap))[0] == 0
    assert take(written(tmp_path, "^RUT.csv", *leap))[0] == 3
