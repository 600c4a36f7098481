"""Goal 10: feeds, imports and screens killed at any moment, by the laboratory's own test and its ledger."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.laboratory import ledger

from .measured import Measured
from .stage import Bench

GOAL = 10
ROOT = Path(__file__).parents[1]
TEST = "tests/life/test_kills.py"
WANTED = 100
POLLS = 20.0
"""Seconds of two poll intervals at the floor."""


def measure(bench: Bench) -> list[Measured]:
    """The long test, or the quick half of it."""
    file = bench.new_folder() / "ledger"
    which = "not long" if bench.quick else "long or not long"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", which, TEST]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {ledger.VARIABLE: str(file)}, capture_output=True, text=True, check=False
    )
    notes = ledger.read(file) if file.exists() else []
    return rows([one for one in notes if one["kind"] == "kill"], failed=done.returncode != 0)


def rows(notes: Sequence[Mapping[str, Any]], *, failed: bool) -> list[Measured]:
    """From the ledger's notes of kills."""

    def total(name: str) -> int:
        return sum(int(one.get(name) or 0) for one in notes)

    kills, lost, unreadable = total("count"), total("lost"), total("unreadable")
    slowest = max((float(one.get("recovery_seconds") or 0.0) for one in notes), default=0.0)
    few = "" if kills >= WANTED else f", {WANTED} are wanted"
    wrong = f"{TEST} failed" if failed else ""
    return [
        Measured(GOAL, "unreadable stores after kill -9", f"{unreadable} of {kills} kills{few}", unreadable, 0,
                 wrong=wrong or (f"{unreadable} unreadable stores" if unreadable else "")),
        Measured(GOAL, "acknowledged writes lost", f"{lost} in {kills} kills", lost, 0,
                 wrong=f"{lost} writes lost" if lost else ""),
        Measured(GOAL, "until another feed has published / two polls", f"{slowest:.2f} s at most", slowest / POLLS, 1),
    ]  # fmt: skip
