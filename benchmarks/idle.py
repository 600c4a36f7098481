"""Goal 3: an idle screen over a whole minute of a weekend: CPU against an idle minimal app, bytes beside the clock."""

from .console import LINUX, Chunk, Console, listen, settle
from .differ import Cells, changed, picture_of
from .measured import Measured, compared, not_measured
from .stage import Bench, stage
from .startup import MINIMAL, PRICE, PYTHON

GOAL = 3
LIMIT = 1.5
MINUTE = 60.0
WARM = 5.0
"""Seconds after the first paint in which a program may still be busy with itself."""
HEADER = 0
"""The row on which the clock stands."""


def measure(bench: Bench) -> list[Measured]:
    """Both programs side by side, so that they meet the same machine; one of them only looks at the store."""
    if not LINUX:
        return [not_measured(GOAL, "idle screen / idle minimal app", "no CPU clock of another process here")]
    seconds, runs = (2.0, 1) if bench.quick else (MINUTE, min(bench.runs, 3))
    ours, base, sent = list[float](), list[float](), list[tuple[int, int, int]]()
    with stage(bench, bench.series.weekend()) as house:
        for _ in range(runs):
            house.publish(bench.series.weekend())
            with house.shown(refresh=1.0) as screen, Console([*PYTHON, MINIMAL], environment=house.environment) as app:
                app.until(PRICE.encode())
                settle([app, screen], 0.3 if bench.quick else WARM)
                start, before = len(screen.chunks), (screen.cpu(), app.cpu())
                listen([screen, app], seconds)
                ours.append((screen.cpu() - before[0]) * MINUTE / seconds)
                base.append((app.cpu() - before[1]) * MINUTE / seconds)
                sent.append(beside_the_clock(screen, start))
    figure = f"{sorted(ours)[len(ours) // 2]:.3f} against {sorted(base)[len(base) // 2]:.3f} CPU s a minute"
    clock, beside, redraws = (max(one[at] for one in sent) for at in range(3))
    words = f"{beside} B; the clock {clock} B in {redraws} redraws, in {seconds:.0f} s"
    return [
        compared(GOAL, "CPU of an idle screen / idle minimal app", figure, ours, base, LIMIT),
        Measured(GOAL, "bytes of an idle screen beside the clock", words, beside, 0),
        Measured(GOAL, "redraws of the idle clock in a minute", f"{redraws} in {seconds:.0f} s", redraws, 1),
    ]


def beside_the_clock(screen: Console, since: int) -> tuple[int, int, int]:
    """Bytes that changed the header alone, all other bytes, and how often the header was redrawn."""
    clock = beside = redraws = 0
    at = 0.0
    before: Cells | None = None
    for number, (chunk, shown) in enumerate(screen.shots()):
        if number + 1 < since:
            continue
        after = picture_of(shown)
        if before is not None and number >= since:
            rows = {row for row, _ in changed(before, after)}
            of_clock = rows == {HEADER} or (not rows and chunk.at - at < 0.02)
            clock, beside = (clock + len(chunk.data), beside) if of_clock else (clock, beside + len(chunk.data))
            redraws += _is_another(chunk, at)
            at = chunk.at
        before = after
    return clock, beside, redraws


def _is_another(chunk: Chunk, before: float) -> bool:
    """What arrives within a moment is one redraw, in however many pieces."""
    return chunk.at - before > 0.2
