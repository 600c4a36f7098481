"""What the analytics cost: curves over the number of symbols, and a snapshot from a warm store.

CPU seconds, the median of several runs, printed as ratios within this run: `python benchmarks/analytics.py [RUNS]`.
Prices are made from a seed; nothing is asked of a network.
"""

import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np

from tapewatch.core import channel
from tapewatch.core.analytics.records import Records, read_record, records_of
from tapewatch.core.bars import Bar, Bars, Floats
from tapewatch.core.live import Live
from tapewatch.core.model.instrument import Instrument
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.paths import default_paths
from tapewatch.core.sessions import Calendar, Calendars
from tapewatch.core.store.bars import keep_bars, load_bars, save_bars
from tapewatch.core.store.schema import connect
from tapewatch.core.take import History, read_row
from tapewatch.core.universe import default_config

try:
    from .measured import Measured
except ImportError:  # run as a script
    from measured import Measured  # type: ignore[no-redef]

SESSIONS = 10_000
STORED = 500
"""Sessions of each symbol in the store's curves: the cost of a row does not hang on how many there are."""
SIZES = (16, 200, 2_000)
RECORDS, TICK, SHOT = 2.0, 3.0, 2.0
"""The goals: times the bare maximum, times the update in place, times importing pandas."""
BENT = 1.35
"""A cost a symbol that grows by less than this from one size to the next is called straight."""
FILL = "--fill"
"""How this file is called to fill a book in a process of its own."""
MEMORY = "the columns no longer fit into the processor's cache: it waits for memory"
SHARED = "what each run costs whatever the number is shared by more"
NOW = datetime(2015, 1, 27, 15, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Curve:
    """CPU seconds of one piece of work at each of the sizes, and why it bends where it does."""

    name: str
    seconds: tuple[float, ...]
    reason: str

    def line(self) -> str:
        """Milliseconds in all, microseconds a symbol, and where it bends."""
        each = [1e6 * spent / count for spent, count in zip(self.seconds, SIZES, strict=True)]
        sizes = "".join(f"{1000 * spent:11.2f} ms {one:8.1f} us" for spent, one in zip(self.seconds, each, strict=True))
        return f"  {self.name:26}{sizes}  {self.bend(each)}"

    def bend(self, each: Sequence[float]) -> str:
        """Where the cost a symbol changes, in words."""
        steps = zip(SIZES[1:], each[1:], each[:-1], strict=True)
        found = [
            f"{after / before:.1f} times at N = {size:,}: {self.reason if after > before else SHARED}"
            for size, after, before in steps
            if bent(after, before)
        ]
        return "; ".join(found) or "straight"


def bent(after: float, before: float) -> bool:
    """Whether a cost a symbol is another one."""
    return not 1 / BENT < after / before < BENT


def main() -> int:
    """Print the tables."""
    if sys.argv[1:2] == [FILL]:
        return fill(Path(sys.argv[2]))
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    for one in measure(runs, say=print):
        held = "" if one.met is None else f" (goal {one.limit:g}: {'met' if one.met else 'not met'})"
        print(f"  {one.goal:3} {one.what:58} {'' if one.ratio is None else f'{one.ratio:8.2f}'}  {one.figure}{held}")
    return 0


def measure(runs: int, say: Callable[[str], object] = lambda _: None) -> list[Measured]:
    """Every figure of goals 11 and 12; `say` hears the curves."""
    found: list[Measured] = []
    say(f"CPU of N symbols of {SESSIONS:,} sessions (the store's: {STORED}), in all and a symbol, and where it bends")
    say(f"  {'':26}" + "".join(f"{f'N = {size:,}':>25}" for size in SIZES))
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        lines, rows = in_memory(runs)
        found += rows
        for curve in (*lines, *stored(Path(folder), runs), published(Path(folder), runs)):
            say(curve.line())
        found += [*one_board(runs), *memory(), *snapshots(Path(folder), runs)]
    return found


def spent(work: Callable[[], object], runs: int) -> float:
    """CPU seconds of a piece of work, the median of so many runs."""
    taken: list[float] = []
    for _ in range(max(1, runs)):
        before = time.process_time()
        work()
        taken.append(time.process_time() - before)
    return statistics.median(taken)


# -- in memory ------------------------------------------------------------------------------------------


def walk(count: int, sessions: int = SESSIONS) -> list[Bars]:
    """Histories of random walks; what no two need of their own they share."""
    numbers = np.random.default_rng(1)
    days = np.arange(np.datetime64("1987-09-10"), np.datetime64("1987-09-10") + sessions)
    volume = np.zeros(sessions)
    made: list[Bars] = []
    for _ in range(count):
        close: Floats = 100.0 * np.exp(np.cumsum(0.01 * numbers.standard_normal(sessions)))
        opened = np.r_[close[:1], close[:-1]] * 1.0005
        high, low = np.maximum(opened, close) * 1.004, np.minimum(opened, close) * 0.996
        made.append(Bars(days, opened, high, low, close, volume))
    return made


def next_day(bars: Bars) -> Bar:
    """The session after the last, at its close."""
    return Bar(bars.day(-1) + timedelta(days=1), *([float(bars.close[-1])] * 4))


def in_memory(runs: int) -> tuple[list[Curve], list[Measured]]:
    """Records, a tick of them, a day appended, and everything a row shows."""
    names = ("bare maximum", "records", "tick of every record", "the same in place", "append a day", "every figure")
    taken: dict[str, list[float]] = {name: [] for name in names}
    for size in SIZES:
        histories = walk(size)
        for name, seconds in zip(names, _in_memory(histories, runs), strict=True):
            taken[name].append(seconds)
    reasons = (
        MEMORY,
        MEMORY,
        "plain Python: what is made for each symbol no longer stays in the cache",
        MEMORY,
        MEMORY,
        MEMORY,
    )
    curves = [
        Curve(name, tuple(seconds), reason) for (name, seconds), reason in zip(taken.items(), reasons, strict=True)
    ]
    bare, records, tick, place = (taken[name][-1] for name in names[:4])
    figure = f"{1e6 * records / SIZES[-1]:.1f} us a symbol at N = {SIZES[-1]:,}"
    ticked = f"{1e6 * tick / SIZES[-1]:.2f} us a symbol, in place {1e6 * place:.1f} us for all"
    return curves, [
        Measured(11, "records on both bases / the maximum of both columns", figure, records / bare, RECORDS),
        Measured(11, "a tick of every record, as a row reads it / in place", ticked, tick / place, TICK),
    ]


def _in_memory(histories: list[Bars], runs: int) -> tuple[float, ...]:
    found = [one for bars in histories if (one := records_of(bars)) is not None]
    ticks = [next_day(bars) for bars in histories]
    days = [Bars.of((one,)) for one in ticks]
    tops, last = np.array([one.intraday.price for one in found]), np.array([one.close for one in ticks])
    _read(found, ticks)  # what is told beside a record is counted once
    return (
        spent(lambda: [(bars.high.max(), bars.close.max()) for bars in histories], runs),
        spent(lambda: [records_of(bars) for bars in histories], runs),
        spent(lambda: _read(found, ticks), runs),
        spent(lambda: np.maximum(tops, last, out=tops), 5 * runs),
        spent(lambda: _appended(histories, days), runs),
        # every figure of so many symbols takes long enough to be taken once
        spent(lambda: _rows(histories), runs if len(histories) < SIZES[-1] else 1),
    )


def _read(found: Sequence[Records], ticks: Sequence[Bar]) -> None:
    for one, bar in zip(found, ticks, strict=True):
        read_record(one, bar, bar.close, bar.close)


def _appended(histories: Sequence[Bars], days: Sequence[Bars]) -> None:
    for bars, day in zip(histories, days, strict=True):
        records_of(bars.merged(day))


def _index() -> tuple[Instrument, Calendar]:
    one = next(each for each in default_config().watched if each.symbol == "^RUT")
    return one, Calendars().of("XNYS", NOW.date())


def _rows(histories: Sequence[Bars]) -> None:
    one, calendar = _index_once()
    for bars in histories:
        read_row(History.of(one, bars), None, calendar, NOW)


_known: list[tuple[Instrument, Calendar]] = []


def _index_once() -> tuple[Instrument, Calendar]:
    if not _known:
        _known.append(_index())
    return _known[0]


def one_board(runs: int) -> list[Measured]:
    """Everything the rows of one board show: analysed from its bars, and read on a tick."""
    one, calendar = _index_once()
    histories = walk(SIZES[0])
    analysed = [History.of(one, bars) for bars in histories]
    lives = [_running(bars) for bars in histories]

    def read() -> None:
        for history, live in zip(analysed, lives, strict=True):
            read_row(history, live, calendar, NOW)

    read()
    every, tick = spent(lambda: _rows(histories), runs), spent(read, runs)
    figure = f"{1000 * tick:.1f} ms for {SIZES[0]} rows, {1000 * every:.1f} ms anew"
    return [Measured(11, "a tick of every figure of a board / analysing it anew", figure, tick / every)]


def _running(bars: Bars) -> Live:
    last = float(bars.close[-1]) * 1.001
    return Live(
        symbol="^RUT", session=NOW.date(), last=last, time=NOW, open=last, high=last, low=last, range_as_of=NOW,
        high_from_chart=True, low_from_chart=True, delay=timedelta(),
    )  # fmt: skip


# -- the store and the snapshot file --------------------------------------------------------------------


def stored(folder: Path, runs: int) -> list[Curve]:
    """Reading a store into memory, and saving one more final bar of every symbol."""
    loads, saves = list[float](), list[float]()
    for size in SIZES:
        database = connect(folder / f"{size}.db")
        histories = walk(size, STORED)
        for number, bars in enumerate(histories):
            keep_bars(database, f"S{number:04}", bars, source="bench", taken_at=NOW)
        loads.append(spent(lambda known=database: load_bars(known), runs if size < SIZES[-1] else 1))
        saves.append(spent(lambda known=database, all_bars=histories: _append(known, all_bars), 1))
        database.close()
    return [
        Curve("load", tuple(loads), "the pages no longer fit into SQLite's cache"),
        Curve("append: one row saved", tuple(saves), "the log is written back every thousand pages"),
    ]


def _append(database: sqlite3.Connection, histories: Sequence[Bars]) -> None:
    for number, bars in enumerate(histories):
        save_bars(database, f"S{number:04}", [next_day(bars)], source="bench", state="final", taken_at=NOW)


def published(folder: Path, runs: int) -> Curve:
    """Writing the snapshot of N rows and putting it in place."""
    one, calendar = _index_once()
    row = read_row(History.of(one, walk(1)[0]), None, calendar, NOW)
    taken: list[float] = []
    for size in SIZES:
        rows = tuple(msgspec.structs.replace(row, symbol=f"S{number:04}") for number in range(size))
        snapshot = msgspec.structs.replace(_bare(), instruments=rows)
        paths = default_paths(folder)
        taken.append(spent(lambda p=paths, made=snapshot: channel.publish(p, made), runs))
    return Curve("publish", tuple(taken), "the file is no longer small beside what opening and renaming cost")


def _bare() -> Snapshot:
    from tapewatch.core.compose import compose_as_of

    return compose_as_of(msgspec.structs.replace(default_config(), rules=()), {}, NOW.date(), Calendars())


# -- memory ---------------------------------------------------------------------------------------------


def memory() -> list[Measured]:
    """What a feed's process holds after whole histories came, and after they came once more."""
    what = "resident memory after whole histories came eight times / once"
    if not Path("/proc/self/statm").exists():
        return [Measured(11, what, "not measured: no /proc here")]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        command = [sys.executable, __file__, FILL, folder]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
    before, *after = (float(one) for one in ran.stdout.split())
    figure = f"{before:.0f} MiB empty, then {', '.join(f'{one:.0f}' for one in after)} MiB"
    return [Measured(11, what, figure, after[-1] / after[0])]


def fill(folder: Path) -> int:
    """In a process of its own: a book takes every history of the sample market, all its rows read, eight times."""
    from tapewatch.core.book import Book
    from tapewatch.core.sources import Answer
    from tapewatch.core.sources.sample_history import SampleHistory

    config, calendars = default_config(), Calendars()
    sample = SampleHistory(config.followed, seed=7)
    now = datetime(2025, 10, 18, 12, 0, tzinfo=UTC)
    given = {one.symbol: sample.bars(one.symbol).upto(now.date()) for one in config.followed}
    book = Book(connect(folder / "tapewatch.db"), config.followed, calendars)
    book.load(now)
    print(resident())
    for _ in range(8):
        for symbol, bars in given.items():
            book.absorb(Answer(daily={symbol: bars.slice(0, len(bars))}), now, "bench", full=True)
        # as a feed that begins anew on this store: every figure of every row is made once more
        book.load(now)
        for one in config.watched:
            read_row(book.histories[one.symbol], None, calendars.of(one.calendar, now.date()), now)
        print(resident())
    return 0


def resident() -> float:
    """Memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


# -- the command ----------------------------------------------------------------------------------------


def snapshots(folder: Path, runs: int) -> list[Measured]:
    """The command as a process, on a store of the sample market's histories."""
    store = folder / "store"
    _fill(store)
    base = process([sys.executable, "-c", "import pandas"], folder, runs)
    command = [sys.executable, "-P", "-m", "tapewatch", "snapshot", "--store", str(store), "--json"]
    shown = process(command, folder, runs)
    (store / "snapshot.json").unlink()
    dated = process([*command, "--as-of", "2025-10-16"], folder, runs)
    past = process([*command, "--as-of", "2020-03-20"], folder, runs)
    return [
        Measured(12, "tapewatch snapshot, published / import pandas", _against(shown, base), shown / base, SHOT),
        Measured(12, "tapewatch snapshot --as-of the last day / import pandas", _against(dated, base), dated / base),
        Measured(12, "tapewatch snapshot --as-of an earlier day / import pandas", _against(past, base), past / base),
    ]


def _against(seconds: float, base: float) -> str:
    return f"{1000 * seconds:.0f} ms against {1000 * base:.0f} ms of CPU"


def _fill(store: Path) -> None:
    """A store with every history of the sample market, and its snapshot."""
    from tapewatch.core.channel import read_snapshot

    command = [sys.executable, "-P", "-m", "tapewatch", "feed", "--store", str(store), "--demo-rate", "195"]
    feed = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    for _ in range(600):
        found = read_snapshot(default_paths(store))
        if found is not None and found.health.history_loaded[0] == found.health.history_loaded[1] > 0:
            break
        time.sleep(0.1)
    time.sleep(2.0)
    feed.terminate()
    feed.wait()


def process(command: list[str], folder: Path, runs: int) -> float:
    """CPU seconds of a whole process, user and system; its modules are compiled, as an installation's are."""
    given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    given["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    taken: list[float] = []
    for _ in range(runs + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, env=given)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return statistics.median(taken[1:])


if __name__ == "__main__":
    sys.exit(main())
