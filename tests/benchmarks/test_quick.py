"""The harness in its smallest form: it runs, and what it says is well formed and right. Nothing is held to a time."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import benchmarks.report as report
import pytest
from benchmarks.picture import picture
from benchmarks.stage import HAS_CHOICE

ROOT = Path(__file__).parents[2]
GOALS = (2, 4, 5)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the figures of other processes are Linux's")


def test_the_smallest_run_has_every_row_and_nothing_in_it_is_wrong(tmp_path: Path) -> None:
    """No heavy package in the screen's process, nothing sent for what has not changed, the right characters shown."""
    file = tmp_path / "results.json"
    only = ",".join(str(one) for one in GOALS)
    command = [sys.executable, "-m", "benchmarks", "--quick", "--only", only, "--json", str(file)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONWARNINGS": "ignore"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    content = report.read(file)
    found = report.rows_of(content)
    assert [one.wrong for one in found if one.wrong] == []
    assert {one.goal for one in found} == set(GOALS)
    assert all(one.what and one.figure and one.ratio is not None for one in found)
    assert done.stdout.strip() == report.table(found).strip()
    assert ElementTree.fromstring(picture(content)).tag.endswith("svg")
    by_name = {one.what: one for one in found}
    assert by_name["heavy packages in the screen's process"].ratio == 0
    assert by_name["steps that sent bytes and changed no cell"].ratio is not None
    if HAS_CHOICE:
        assert by_name["bytes of an unchanged refresh"].ratio == 0
