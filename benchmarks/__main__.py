"""Every goal of speed, measured: `python -m benchmarks`.

    python -m benchmarks [--runs N] [--quick] [--only 1,3] [--json FILE] [--picture FILE.svg] [--markdown FILE]
    python -m benchmarks --from FILE --picture FILE.svg

Ratios within one run. The exit code is 1 only where a result is wrong, never where something is slow.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from . import report
from .measured import Measured, not_measured
from .picture import picture
from .stage import Bench

FAMILIES: dict[str, tuple[int, ...]] = {
    "startup": (1, 2), "idle": (3,), "wire": (4,), "tick": (5,), "chart": (4, 5), "link": (6,), "keys": (7,),
    "memory": (8,), "desk": (9,), "kills": (10,), "analytics": (11, 12), "peers": (0,),
}  # fmt: skip
"""Modules and the goals they measure; 0 are other programs, which have none."""

RESULTS = Path(__file__).with_name("results.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write."""
    chosen = parser().parse_args(arguments)
    if chosen.read:
        content = report.read(chosen.read)
    else:
        runs = 1 if chosen.quick else chosen.runs
        content = report.results(run(chosen.only, runs, quick=chosen.quick), runs, quick=chosen.quick)
        file = chosen.json or (None if chosen.quick else RESULTS)
        if file:
            report.write(content, file)
    found = report.rows_of(content)
    print(report.table(found))
    for file, made in ((chosen.picture, picture(content)), (chosen.markdown, report.markdown(found))):
        if file:
            file.write_text(made, encoding="utf-8")
    return 1 if any(one.wrong for one in found) else 0


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(prog="python -m benchmarks", description="every goal of speed, as ratios")
    made.add_argument("--runs", type=int, default=5, help="how often each figure is taken (default %(default)s)")
    made.add_argument("--quick", action="store_true", help="the smallest form: few ticks, few symbols, one run")
    made.add_argument("--only", type=goals, metavar="N,N", help="only these goals, 0 for other programs")
    made.add_argument(
        "--json", type=Path, metavar="FILE", help="where results go (benchmarks/results.json, nowhere if quick)"
    )
    made.add_argument("--picture", type=Path, metavar="FILE", help="an SVG picture of the results")
    made.add_argument("--markdown", type=Path, metavar="FILE", help="the table as Markdown")
    made.add_argument("--from", dest="read", type=Path, metavar="FILE", help="measure nothing, read these results")
    return made


def goals(text: str) -> tuple[int, ...]:
    """``1,3`` as numbers."""
    found = tuple(int(one) for one in text.split(","))
    unknown = [one for one in found if not any(one in of for of in FAMILIES.values())]
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no goal {unknown[0]}")
    return found


def run(only: Sequence[int] | None, runs: int, *, quick: bool) -> list[Measured]:
    """The families that measure these goals, one after another; what fails to run is a row that says so."""
    found = list[Measured]()
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        bench = Bench(Path(folder), runs, quick, tuple(only) if only else None)
        for name, of in FAMILIES.items():
            if any(bench.wants(goal) for goal in of):
                begun = time.monotonic()
                found += [one for one in family(name, of, bench) if bench.wants(one.goal)]
                print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return sorted(found, key=lambda one: one.goal or len(FAMILIES) + 2)


def family(name: str, of: Sequence[int], bench: Bench) -> list[Measured]:
    """One module's rows."""
    try:
        work: Callable[[Any], list[Any]] | None = getattr(import_module(f".{name}", __package__), "measure", None)
        if work is None:
            return [not_measured(goal, name, "it has no figures for this table yet") for goal in of]
        return [as_measured(one) for one in work(bench.runs if name == "analytics" else bench)]
    except (OSError, RuntimeError, TimeoutError, ValueError) as problem:
        said = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        return [Measured(goal, name, "not measured", wrong=f"it could not be run: {said}") for goal in of]


def as_measured(one: Any) -> Measured:
    """A row of ours, or one of the same fields."""
    if isinstance(one, Measured):
        return one
    return Measured(
        one.goal, one.what, one.figure, one.ratio, one.limit, getattr(one, "spread", None), getattr(one, "wrong", "")
    )


if __name__ == "__main__":
    sys.exit(main())
