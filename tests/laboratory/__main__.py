"""The whole laboratory in one command: its tests, the long ones too, a soak, and the page made of them.

    python -m tests.laboratory [--quick] [--weeks 1] [--page FILE]

The exit code is 1 where a test failed, a write was lost, something was shown fresher than it was, or too
little was tried.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from . import ledger, table

ROOT = Path(__file__).parents[2]
FOLDERS = ("tests/laboratory", "tests/life", "tests/hostile")
"""The laboratory's own tests."""


def measuring() -> list[str]:
    """Those, and every other file of tests that writes its figures down."""
    others = (
        str(file.relative_to(ROOT))
        for file in sorted((ROOT / "tests").rglob("test_*.py"))
        if not str(file.relative_to(ROOT)).startswith(FOLDERS) and "note(" in file.read_text(encoding="utf-8")
    )
    return [*FOLDERS, *others]


def main() -> int:
    """Run, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m tests.laboratory", description="the fault laboratory")
    parser.add_argument("--quick", action="store_true", help="the half that every test run does, no soak")
    parser.add_argument("--weeks", type=float, default=1.0, help="simulated weeks of the soak (default %(default)g)")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the page here as well")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="laboratory-") as folder:
        file = Path(folder) / "ledger"
        codes = [_tested(file, quick=chosen.quick)]
        if not chosen.quick:
            codes.append(_soaked(file, chosen.weeks))
        notes = ledger.read(file) if file.exists() else []
    made = table.page(notes)
    sys.stdout.write(made)
    if chosen.page:
        chosen.page.write_text(f"{HEAD}\n{made}", encoding="utf-8")
    said = [] if chosen.quick else table.shortfalls(notes)
    for one in said:
        sys.stderr.write(f"{one}\n")
    return 1 if any(codes) or said else 0


HEAD = """# The fault laboratory

What was done to the program on purpose, and what became of it. Made by `make faults`; not edited by hand.
"""


def _tested(file: Path, *, quick: bool) -> int:
    """The tests that measure; progress goes to standard error."""
    which = "not long" if quick else "long or not long"
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "-m", which, *measuring()]
    return _run(command, file)


def _soaked(file: Path, weeks: float) -> int:
    return _run([sys.executable, "benchmarks/soak.py", "--weeks", str(weeks)], file)


def _run(command: list[str], file: Path) -> int:
    environment = os.environ | {ledger.VARIABLE: str(file)}
    return subprocess.run(command, cwd=ROOT, env=environment, stdout=sys.stderr, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
