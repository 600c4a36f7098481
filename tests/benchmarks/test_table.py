"""Figures as they are printed, kept in a file and drawn."""

import json
import math
from pathlib import Path
from xml.etree import ElementTree

import benchmarks.report as report
import pytest
from benchmarks.__main__ import FAMILIES, as_measured, goals, main
from benchmarks.kills import rows as of_kills
from benchmarks.measured import Measured, compared, percentile, ratio, slope
from benchmarks.picture import picture, share_of_limit

ROWS = [
    Measured(1, "first paint / minimal app", "200 ms against 180 ms CPU", 1.11, 1.15, (1.05, 1.2)),
    Measured(4, "bytes of an unchanged refresh", "12 B", 12, 0),
    Measured(4, "the same | with a bar", "0 B", 0, 0),
    Measured(7, "keys", "not measured: no terminal"),
    Measured(9, "requests", "12 of 10", 1.2, 2.0, wrong="two too many"),
    Measured(4, "bytes against none", "7 B, ideal 0 B", math.inf, 1.2),
]


def test_a_row_says_goal_figure_ratio_limit_and_whether_it_is_met() -> None:
    lines = report.table(ROWS).splitlines()
    assert lines[0].split() == ["goal", "what", "measured", "ratio", "limit", "met"]
    assert lines[1].split()[-6:] == ["1.11", "(1.05", "to", "1.2)", "1.15", "yes"]
    assert [line.split()[-1] for line in lines[1:]] == ["yes", "no", "yes", "–", "no", "no"]
    assert "WRONG: two too many" in lines[5]
    assert "∞" in lines[6]


def test_markdown_has_a_line_a_row_and_its_bars_are_no_columns() -> None:
    lines = report.markdown(ROWS).splitlines()
    assert len(lines) == 2 + len(ROWS)
    assert {line.replace("\\|", "").count("|") for line in lines} == {7}


def test_the_file_gives_the_rows_back_and_names_no_machine(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    report.write(report.results(ROWS, 3, quick=False), file)
    content = report.read(file)
    assert report.rows_of(content) == ROWS
    assert set(content) == {
        "date", "tapewatch", "python", "textual", "platform", "cpus", "runs", "quick", "rows",
    }  # fmt: skip
    assert str(tmp_path) not in file.read_text(encoding="utf-8")
    assert "Infinity" not in json.dumps(content)


def test_the_picture_has_a_bar_for_every_row_with_a_limit_and_none_leaves_it() -> None:
    root = ElementTree.fromstring(picture(report.results(ROWS, 3, quick=False)))
    bars = [one for one in root.iter("{http://www.w3.org/2000/svg}rect") if one.get("rx")]
    assert len(bars) == 5
    assert all(0 < float(one.get("x", "")) + float(one.get("width", "")) <= 960 for one in bars)
    assert [share_of_limit(one) for one in ROWS[1:3]] == [math.inf, 0.0]


def test_the_statistics_are_those_of_the_textbook() -> None:
    assert ratio(3.0, 2.0) == 1.5
    assert (ratio(0, 0), ratio(1, 0)) == (1.0, math.inf)
    assert percentile(range(1, 101), 0.95) == 95
    assert percentile([7.0], 0.99) == 7.0
    assert slope([0, 1, 2], [1, 3, 5]) == 2.0
    assert slope([1, 1], [1, 2]) == 0.0


def test_a_comparison_is_of_medians_and_its_spread_of_runs_taken_in_turn() -> None:
    made = compared(5, "a tick", "", [2.0, 4.0, 3.0], [2.0, 2.0, 1.0], 2.0)
    assert (made.ratio, made.spread, made.met) == (1.5, (1.0, 3.0), True)


def test_every_goal_has_a_module_and_an_unknown_one_is_refused() -> None:
    assert {goal for of in FAMILIES.values() for goal in of} == set(range(13))
    assert goals("1,3") == (1, 3)
    with pytest.raises(Exception, match="no goal 13"):
        goals("13")


def test_a_row_of_another_shape_is_taken_by_its_names() -> None:
    class Other:
        goal, what, figure, ratio, limit = 11, "records", "3 ms", 1.4, 2.0

    assert as_measured(Other()) == Measured(11, "records", "3 ms", 1.4, 2.0)


def test_kills_are_counted_from_the_ledger() -> None:
    notes = [
        {"kind": "kill", "name": "feed", "count": 120, "lost": 0, "unreadable": 0, "recovery_seconds": 2.0},
        {"kind": "kill", "name": "import", "count": 20, "lost": 1},
    ]
    unreadable, lost, again = of_kills(notes, failed=False)
    assert unreadable.figure == "0 of 140 kills"
    assert (lost.ratio, lost.met, lost.wrong) == (1, False, "1 writes lost")
    assert again.ratio == pytest.approx(0.1)


def test_what_was_measured_before_is_printed_and_drawn_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, drawn = tmp_path / "results.json", tmp_path / "picture.svg"
    report.write(report.results(ROWS[:4], 3, quick=False), file)
    assert main(["--from", str(file), "--picture", str(drawn)]) == 0
    assert capsys.readouterr().out.strip() == report.table(ROWS[:4]).strip()
    assert drawn.read_text(encoding="utf-8").startswith("<svg")
