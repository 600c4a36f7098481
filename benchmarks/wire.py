"""Goal 4: bytes on the wire over ten recorded minutes against an ideal cell differ; nothing for what has not changed.

The recorded snapshots are published one after another, each only once the screen has painted the last one and rests.
The bytes are those that the terminal was given; the screens between which the ideal is priced are what pyte makes of
them. At the end a newly started screen must show the very same characters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .console import Console
from .differ import Cells, Pen, changed, price
from .measured import Measured, ratio
from .stage import HAS_CHOICE, Bench, Stage, painted, stage

GOAL = 4
LIMIT = 1.2
AGAIN = 3
"""How often the last snapshot is published again, unchanged."""


@dataclass(frozen=True)
class Step:
    """What one publication made the program send, what the ideal would have, and how many cells changed."""

    sent: int
    ideal: int
    cells: int


@dataclass(frozen=True)
class Recording:
    """All steps, what unchanged refreshes sent, and what is wrong with what is shown at the end."""

    steps: tuple[Step, ...]
    unchanged: int
    wrong: str = ""

    @property
    def sent(self) -> int:
        """Bytes in all."""
        return sum(one.sent for one in self.steps)

    @property
    def ideal(self) -> int:
        """Bytes of the ideal."""
        return sum(one.ideal for one in self.steps)

    @property
    def empty(self) -> int:
        """Steps that sent something and changed nothing."""
        return sum(one.sent > 0 and one.cells == 0 for one in self.steps)


def measure(bench: Bench) -> list[Measured]:
    """The program's own output, then the library's where one can choose."""
    with stage(bench) as house:
        cells = recorded(bench, house, "")
        stock = recorded(bench, house, "stock") if HAS_CHOICE and not bench.quick else None
    minutes = "ten recorded minutes" if not bench.quick else f"{len(cells.steps)} recorded steps"
    wrong = f"{cells.unchanged} bytes for what had not changed" if HAS_CHOICE and cells.unchanged else ""
    made = [
        Measured(GOAL, f"bytes over {minutes} / ideal differ", _figure(cells), ratio(cells.sent, cells.ideal), LIMIT,
                 wrong=cells.wrong),
        Measured(GOAL, "bytes of an unchanged refresh", f"{cells.unchanged} B in {AGAIN}", cells.unchanged, 0,
                 wrong=wrong),
        Measured(GOAL, "steps that sent bytes and changed no cell", f"{cells.empty} of {len(cells.steps)}",
                 cells.empty, 0),
    ]  # fmt: skip
    if stock is not None:
        made.append(
            Measured(GOAL, "the library's own output / ideal differ", _figure(stock), ratio(stock.sent, stock.ideal))
        )
    return made


def _figure(found: Recording) -> str:
    count = len(found.steps)
    each = f"{found.sent / count:,.0f} B a refresh, {sum(one.cells for one in found.steps) / count:,.0f} cells"
    return f"{found.sent:,} B, ideal {found.ideal:,} B; {each}"


def recorded(bench: Bench, house: Stage, output: str) -> Recording:
    """Every snapshot of the series, then the last one again and again, then a screen that starts with it."""
    first, *others = bench.series.running
    house.publish(first)
    with house.shown(output=output) as screen:
        marks = [len(screen.chunks)]
        for snapshot in others:
            house.publish(snapshot)
            painted([screen])
            marks.append(len(screen.chunks))
        before = screen.sent
        for _ in range(AGAIN):
            house.again()
            painted([screen])
        unchanged = screen.sent - before
        steps = _steps(screen, marks)
        with house.shown(output=output) as anew:
            wrong = differing(_last(screen), _last(anew))
    return Recording(steps, unchanged, wrong)


def _steps(screen: Console, marks: Sequence[int]) -> tuple[Step, ...]:
    """Each publication's bytes and the ideal's, which knows cursor and colours from one to the next."""
    pictures = dict(zip(sorted(set(marks)), screen.pictures(sorted(set(marks))), strict=True))
    pen, made = Pen(), list[Step]()
    for start, end in pairwise(marks):
        before, after = pictures[start], pictures[end]
        sent = sum(len(one.data) for one in screen.chunks[start:end])
        made.append(Step(sent, price(before, after, pen), len(changed(before, after))))
    return tuple(made)


def _last(screen: Console) -> Cells:
    return next(screen.pictures([len(screen.chunks)]))


def differing(shown: Cells, anew: Cells) -> str:
    """A sentence where two screens of the same snapshot do not show the same characters."""
    rows = [
        number
        for number, (one, other) in enumerate(zip(shown, anew, strict=True))
        if [glyph.text for glyph in one] != [glyph.text for glyph in other]
    ]
    return f"rows {rows} are not those of a screen started anew" if rows else ""
