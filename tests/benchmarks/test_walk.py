"""The way of a new user leads to the first alert."""

from pathlib import Path

from benchmarks.walk import HOUSE, readme_line, walked


def test_a_new_user_proves_a_figure_draws_a_chart_and_is_told_of_something(tmp_path: Path) -> None:
    steps = [words for words, _, _ in walked(tmp_path, here=True).steps]
    assert steps[-3:] == ["the terminal's bell has rung", "its command has run", "its web server was told"]
    assert len(steps) == 11


def test_the_line_it_begins_with_needs_nothing_that_a_clone_has_not() -> None:
    makes, installs, runs = readme_line().split(" && ")
    assert makes == "python3 -m venv .venv"
    assert installs == ".venv/bin/pip install -c constraints.txt ."
    assert (HOUSE / "constraints.txt").read_text(encoding="utf-8").count("textual==") == 1
    assert runs == ".venv/bin/tapewatch demo"
