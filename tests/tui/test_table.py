"""Columns go whole and by rank; numbers stand on one decimal line and are never cut."""

from tapewatch.tui.text import plain
from tapewatch.tui.widgets.painter import RowLine
from tapewatch.tui.widgets.table import Cell, Column, TableRow, fitted, heading, order, sized

COLUMNS = (
    Column("symbol", "SYM", 5, 1, align="left", gap=0),
    Column("name", "NAME", 8, 6, align="left"),
    Column("last", "LAST", 9, 1, after=4, sortable=True),
    Column("change", "CHG", 7, 5, after=3, sortable=True),
    Column("bar", "", 4, 2, align="left", most=10),
)
ROWS = (
    TableRow(
        "a", {"symbol": Cell("SPX", value="SPX"), "last": Cell("6,664.01", value=6664.01), "change": Cell("+34.94")}
    ),
    TableRow("b", {"symbol": Cell("US10Y", value="US10Y"), "last": Cell("4.007", value=4.007), "change": Cell("–")}),
    TableRow("c", {"symbol": Cell("SX5E", value="SX5E"), "last": Cell("–"), "change": Cell("–")}),
)


def keys(cells: int) -> list[str]:
    return [one.column.key for one in fitted(COLUMNS, cells).placed]


def test_columns_go_by_rank_and_the_first_never() -> None:
    assert keys(60) == ["symbol", "name", "last", "change", "bar"]
    assert keys(30) == ["symbol", "last", "change", "bar"]
    assert keys(20) == ["symbol", "last", "bar"]
    assert keys(15) == ["symbol", "last"]
    assert keys(3) == ["symbol", "last"]


def test_what_is_missed_is_counted() -> None:
    assert fitted(COLUMNS, 30).gone == 0  # a name of rank 6 is not missed
    assert fitted(COLUMNS, 20).gone == 1
    assert fitted(COLUMNS, 15).gone == 2


def test_a_drawing_takes_what_is_left_up_to_its_most() -> None:
    assert [one.cells for one in fitted(COLUMNS, 60).placed if one.column.key == "bar"] == [10]
    assert [one.cells for one in fitted(COLUMNS, 31).placed if one.column.key == "bar"] == [7]


def test_columns_the_user_never_wants() -> None:
    assert "change" not in [one.column.key for one in fitted(COLUMNS, 60, ("CHG",)).placed]
    assert "last" in [one.column.key for one in fitted(COLUMNS, 60, ("LAST",)).placed]


def test_decimal_points_and_dashes_stand_in_one_line() -> None:
    table = fitted(COLUMNS, 40)
    lines = [plain(RowLine(table, row).drawn()) for row in ROWS]
    point = lines[0].index(".")
    assert lines[0][point - 5 : point + 3] == "6,664.01"
    assert lines[1][point - 1 : point + 4] == "4.007"
    assert lines[2][point] == "–"


def test_a_number_too_wide_widens_its_column_instead_of_being_cut() -> None:
    wide = (*ROWS, TableRow("d", {"symbol": Cell("BIG"), "last": Cell("1,234,567.89")}))
    table = fitted(sized(COLUMNS, wide), 60)
    lines = [plain(RowLine(table, row, 60).drawn()) for row in wide]
    assert "1,234,567.89" in lines[3]
    assert {len(line) for line in lines} == {60}
    assert lines[0].index(".") == lines[3].index(".")


def test_names_may_be_shortened() -> None:
    row = TableRow("x", {"symbol": Cell("X"), "name": Cell("A very long name")})
    assert "A very …" in plain(RowLine(fitted(COLUMNS, 60), row).drawn())


def test_order_is_from_the_largest_or_from_a_and_missing_values_come_last() -> None:
    assert [row.key for row in order(ROWS, "last", reverse=False)] == ["a", "b", "c"]
    assert [row.key for row in order(ROWS, "last", reverse=True)] == ["b", "a", "c"]
    assert [row.key for row in order(ROWS, "symbol", reverse=False)] == ["a", "c", "b"]


def test_the_heading_ends_over_the_last_decimal() -> None:
    table = fitted(COLUMNS, 40)
    label = plain(heading(table))
    line = plain(RowLine(table, ROWS[0]).drawn())
    assert label.index("LAST") + 4 == line.index("6,664.01") + 8
