"""Goals 4 and 5 for an open chart: bytes and CPU of a price that moves, beside its whole picture and the overview.

This process is the feed: it publishes the recorded series and answers what the screen asks for out of a history of
forty years whose running session follows the prices published.
"""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from tapewatch.core import channel
from tapewatch.core.bars import Bars
from tapewatch.core.charting import Material
from tapewatch.core.charting_feed import Clerk
from tapewatch.core.live import Live
from tapewatch.core.model.snapshot import Row, Snapshot
from tapewatch.core.sessions import Calendars, trading_days
from tapewatch.core.take import History
from tapewatch.core.universe import default_config

from .console import LINUX, Console, listen, settle
from .measured import Measured, compared, milliseconds, not_measured
from .stage import Bench, Stage, stage

BYTES, CPU = 4, 5
"""The goals these rows stand under; there is no limit of their own."""
PACE = 0.25
"""Seconds between two looks of the screen, and what a tick is given to be shown."""
TICKS, FEW = 40, 4
FIRST = date(1986, 1, 2)
WHOLE = "\x0c"
"""The key that repaints everything."""


@dataclass
class Answers:
    """The feed's half: answers wishes at the prices published last, and counts what that costs."""

    house: Stage
    spent: list[float] = field(default_factory=list[float])

    def __post_init__(self) -> None:
        self._clerk, self._calendars = Clerk(self.house.paths), Calendars()
        self._histories = dict[str, History]()

    def give(self) -> None:
        """Answer what has been asked for since."""
        asked = channel.take_requests(self.house.paths)
        if asked and self.house.last is not None:
            last = self.house.last
            begun = time.process_time()
            self._clerk.serve(asked, lambda: self._material(last, [one for r in asked for one in _symbols(r)]))
            self.spent.append(time.process_time() - begun)

    def _material(self, snapshot: Snapshot, symbols: Sequence[str]) -> Material:
        rows = [row for row in snapshot.instruments if row.symbol in symbols and row.quote is not None]
        for row in rows:
            if row.symbol not in self._histories:
                self._histories[row.symbol] = _history(row)
        live = {row.symbol: _live(row) for row in rows}
        return Material(self._histories, live, self._calendars, snapshot.clock.now)


def _symbols(request: channel.Request) -> tuple[str, ...]:
    return request.chart.symbols if request.chart is not None else ()


def _history(row: Row) -> History:
    """Forty years of sessions that end at the close before."""
    assert row.quote is not None
    end = row.quote.session or FIRST
    days = [day for day in trading_days("XNYS", FIRST, end) if day < end]
    moves = np.random.default_rng(7).normal(0.0, 0.01, len(days))
    close = (row.quote.previous_close or 1.0) * np.exp(np.cumsum(moves) - moves.sum())
    high, low = close * 1.006, close * 0.994
    bars = Bars.columns(np.array(days, "datetime64[D]"), close, high, low, close, np.zeros(len(days)))
    return History.of(next(one for one in default_config().instruments if one.symbol == row.symbol), bars)


def _live(row: Row) -> Live:
    quote = row.quote
    assert quote is not None
    assert quote.last is not None
    assert quote.time is not None
    assert quote.session is not None
    return Live(row.symbol, quote.session, quote.last, quote.time, quote.high or quote.last, quote.low or quote.last)


@dataclass(frozen=True)
class Found:
    """Bytes of each tick, CPU seconds a tick of the screen and of each answer, bytes of the whole picture."""

    sent: list[int]
    cpu: float
    answers: list[float]
    whole: int


def measure(bench: Bench) -> list[Measured]:
    """An open chart at ticks of the recorded series; then the overview at as many."""
    if not LINUX:
        return [not_measured(CPU, "a chart tick", "no CPU clock of another process here")]
    charts, overviews = list[Found](), list[float]()
    with stage(bench) as house:
        for _ in range(bench.runs):
            charts.append(_charted(bench, house))
            overviews.append(_overview(bench, house))
    ticks = [statistics.mean(one.sent) for one in charts]
    whole = [float(one.whole) for one in charts]
    answers = [spent for one in charts for spent in one.answers[1:]]
    said = f"{milliseconds([one.cpu for one in charts])} against {milliseconds(overviews)} CPU a tick"
    return [
        compared(BYTES, "bytes of a chart tick / of the whole chart",
                 f"{statistics.median(ticks):,.0f} B a tick, {statistics.median(whole):,.0f} B whole", ticks, whole),
        compared(CPU, "CPU of a chart tick / of the overview's",
                 f"{said}; {milliseconds(answers)} the feed's answer", [one.cpu for one in charts], overviews),
    ]  # fmt: skip


def _charted(bench: Bench, house: Stage) -> Found:
    snapshots, answers = bench.series.endless(), Answers(house)
    house.publish(next(snapshots))
    with house.shown(refresh=PACE) as screen:
        before = screen.sent
        screen.press("c")
        _follow(screen, answers, 3 * PACE)
        if b"SMA" not in screen.raw():
            raise RuntimeError("the chart was not drawn")
        sent, cpu = list[int](), screen.cpu()
        count = FEW if bench.quick else TICKS
        for _ in range(count):
            before = screen.sent
            house.publish(next(snapshots))
            _follow(screen, answers, 2 * PACE)
            sent.append(screen.sent - before)
        spent = (screen.cpu() - cpu) / count
        before = screen.sent
        screen.press(WHOLE)
        settle([screen], 2 * PACE)
        return Found(sent, spent, answers.spent, screen.sent - before)


def _follow(screen: Console, answers: Answers, seconds: float) -> None:
    """What a feed beside the screen does: hear every twentieth of a second."""
    for _ in range(round(seconds / 0.05)):
        listen([screen], 0.05)
        answers.give()
    settle([screen], PACE)


def _overview(bench: Bench, house: Stage) -> float:
    snapshots = bench.series.endless()
    house.publish(next(snapshots))
    with house.shown(refresh=PACE) as screen:
        cpu, count = screen.cpu(), FEW if bench.quick else TICKS
        for _ in range(count):
            house.publish(next(snapshots))
            listen([screen], 2 * PACE)
            settle([screen], PACE)
        return (screen.cpu() - cpu) / count
