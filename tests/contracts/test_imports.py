"""Imports run one way, and the screen's process stays light."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"pandas", "numpy", "yfinance", "curl_cffi", "requests", "exchange_calendars", "sqlite3"}


def modules_after(statement: str) -> set[str]:
    """Names of the top-level packages a fresh interpreter has loaded after a statement."""
    ran = subprocess.run(
        [sys.executable, "-c", f"{statement}; import sys; print(*sys.modules)"],
        capture_output=True, text=True, check=True, cwd="/",
        env={**os.environ, "PYTHONPATH": str(ROOT / ".editable")},
    )  # fmt: skip
    return {name.partition(".")[0] for name in ran.stdout.split()}


def test_a_heavy_import_would_be_seen() -> None:
    assert "sqlite3" in modules_after("import tapewatch.core.store.schema")


@pytest.mark.parametrize(
    "module",
    ["cli", "core.data", "core.settings", "core.model.snapshot", "core.launch", "tui.themes", "tui.app"],
)
def test_what_the_screen_needs_loads_nothing_heavy(module: str) -> None:
    where = ROOT / "src" / f"{module.replace('.', '/')}.py"
    if not where.exists():
        pytest.skip(f"{module} is not there yet")
    assert modules_after(f"import tapewatch.{module}") & HEAVY == set()


@pytest.mark.parametrize("module", ["cli", "core.feeding", "core.settings", "core.paths"])
def test_a_command_starts_without_what_it_does_not_need(module: str) -> None:
    loaded = modules_after(f"import tapewatch.{module}")
    assert loaded & (HEAVY | {"textual", "rich", "tomlkit"}) == set()


def test_the_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    if not program.exists():
        pytest.skip("import-linter is not installed")
    ran = subprocess.run(
        [str(program), "--no-cache"], capture_output=True, text=True, check=False, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / ".editable")},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout
