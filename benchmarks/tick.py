"""Goal 5: CPU of the screen's process for one refresh, against DataTables on the same file, and on a large terminal.

All four programs run beside each other on one store, so that they meet the same machine and the same ticks: the
recorded series, one snapshot for every look of theirs.
"""

from contextlib import ExitStack

from .console import LINUX, Console, listen, settle
from .measured import Measured, compared, milliseconds, not_measured
from .stage import Bench, Stage, stage

GOAL = 5
LIMIT, LARGE_LIMIT = 0.2, 1.3
SMALL, USUAL, LARGE = (80, 24), (120, 40), (200, 60)
PACE = 0.25
"""Seconds between two snapshots, and between two looks for one."""
TICKS, FEW = 60, 5


def measure(bench: Bench) -> list[Measured]:
    """Seconds a tick of each program, their ratios."""
    if not LINUX:
        return [not_measured(GOAL, "CPU a tick / DataTables", "no CPU clock of another process here")]
    spent: dict[str, list[float]] = {"usual": [], "small": [], "large": [], "tables": []}
    with stage(bench) as house:
        for _ in range(bench.runs):
            for name, seconds in one_run(bench, house, FEW if bench.quick else TICKS).items():
                spent[name].append(seconds)

    def said(one: str, other: str) -> str:
        return f"{milliseconds(spent[one])} against {milliseconds(spent[other])} CPU a tick"

    return [
        compared(GOAL, "CPU a tick / DataTables", said("usual", "tables"), spent["usual"], spent["tables"], LIMIT),
        compared(GOAL, "CPU a tick at 200x60 / 80x24", said("large", "small"), spent["large"], spent["small"],
                 LARGE_LIMIT),
    ]  # fmt: skip


def one_run(bench: Bench, house: Stage, ticks: int) -> dict[str, float]:
    """CPU seconds a tick of each program."""
    snapshots = bench.series.endless()
    house.publish(next(snapshots))
    with ExitStack() as stack:
        shown: dict[str, Console] = {
            "usual": house.screen(size=USUAL, refresh=PACE),
            "small": house.screen(size=SMALL, refresh=PACE),
            "large": house.screen(size=LARGE, refresh=PACE),
            "tables": house.tables(size=USUAL, refresh=PACE),
        }
        for one in shown.values():
            stack.enter_context(one)
        all_ = [*shown.values()]
        house.await_paint(all_, PACE)
        before = {name: one.cpu() for name, one in shown.items()}
        for _ in range(ticks):
            house.publish(next(snapshots))
            listen(all_, PACE)
        settle(all_, 2 * PACE)
        return {name: (one.cpu() - before[name]) / ticks for name, one in shown.items()}
