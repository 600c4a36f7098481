"""Bars from files: what cannot be taken is named, and the rest is taken."""

from collections.abc import Callable
from datetime import date
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
GOOD = ["2025-10-15,100,102,99,101,5", "2025-10-16,101,103,100,102,5", "2025-10-17,102,104,101,103,5"]
Import = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return default_paths(tmp_path / "store", tmp_path / "none.toml")


@pytest.fixture
def take(paths: Paths) -> Import:
    def run(*files: Path) -> tuple[int, list[str]]:
        said: list[str] = []
        return import_paths(paths, files, INSTRUMENTS, said.append), said

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
        ("2025-10-16,1\x1b[31m,104,101,103,5", "line 3: open is not a number: '1?[31m'"),
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


def test_an_empty_folder_alone_makes_no_store(tmp_path: Path, paths: Paths, take: Import) -> None:
    (tmp_path / "empty").mkdir()
    assert take(tmp_path / "empty")[0] == 1
    assert not paths.store.exists()


def test_many_faults_are_counted_and_the_first_ones_shown(tmp_path: Path, take: Import) -> None:
    _, lines = take(written(tmp_path, "^RUT.csv", GOOD[0], *["no date,1,1,1,1,1"] * 40))
    assert "40 refused" in lines[0]
    assert lines[-1] == "  … and 35 more lines refused in this file"
    assert len(lines) == 7


@pytest.mark.parametrize(("count", "whole"), [(252, True), (251, False)])
def test_a_year_of_bars_counts_as_a_history(
    tmp_path: Path, paths: Paths, take: Import, count: int, whole: bool
) -> None:
    days = trading_days(count, date(2023, 1, 2))
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
