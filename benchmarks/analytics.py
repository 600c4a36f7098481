"""What the analytics cost: records of many symbols, a tick, a whole history, and a snapshot from a warm store.

CPU seconds, the median of several runs taken in turn, printed as ratios within this run:
`python benchmarks/analytics.py [RUNS]`. Prices are made from a seed; nothing is asked of a network.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from tapewatch.core.analytics.records import read_record, records_of
from tapewatch.core.bars import Bar, Bars, Floats
from tapewatch.core.live import Live
from tapewatch.core.sessions import Calendars
from tapewatch.core.take import History, read_row
from tapewatch.core.universe import default_config

SESSIONS = 10_000
SIZES = (16, 200, 2_000)
SYMBOLS = 16


def main() -> int:
    """Print the tables."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"records on both bases of N x {SESSIONS:,} bars, against the bare maximum of the same columns")
    for count in SIZES:
        records(count, runs)
    print(f"\n{SYMBOLS} symbols of full history: analysed once, and read on a tick")
    rows(runs)
    print("\ntapewatch snapshot from a warm store, against importing pandas")
    snapshots(runs)
    return 0


def spent(work: Callable[[], object], runs: int) -> float:
    """CPU seconds of a piece of work, the median of so many runs."""
    taken: list[float] = []
    for _ in range(runs):
        before = time.process_time()
        work()
        taken.append(time.process_time() - before)
    return statistics.median(taken)


def told(name: str, seconds: float, base: float, words: str) -> None:
    """A line of a table."""
    print(f"  {name:44} {1000 * seconds:9.2f} ms  {seconds / base:7.2f} times {words}")


def walk(count: int) -> list[Bars]:
    """Histories of random walks."""
    numbers = np.random.default_rng(1)
    days = np.arange(np.datetime64("1987-09-10"), np.datetime64("1987-09-10") + SESSIONS)
    made: list[Bars] = []
    for _ in range(count):
        close: Floats = 100.0 * np.exp(np.cumsum(0.01 * numbers.standard_normal(SESSIONS)))
        opened = np.r_[close[:1], close[:-1]] * 1.0005
        high, low = np.maximum(opened, close) * 1.004, np.minimum(opened, close) * 0.996
        made.append(Bars.columns(days, opened, high, low, close, np.zeros(SESSIONS)))
    return made


def records(count: int, runs: int) -> None:
    """Records of N histories, and a tick of all of them."""
    histories = walk(count)
    bare = spent(lambda: [(bars.high.max(), bars.close.max()) for bars in histories], runs)
    found = [one for bars in histories if (one := records_of(bars)) is not None]
    told(
        f"N = {count:5,}: records_of",
        spent(lambda: [records_of(bars) for bars in histories], runs),
        bare,
        "the maximum",
    )
    last = np.array([bars.close[-1] for bars in histories])
    tops = np.array([one.intraday.price for one in found])
    in_place = spent(lambda: np.maximum(tops, last, out=tops), 5 * runs)
    ticks = [Bar(bars.day(SESSIONS - 1) + timedelta(days=1), *([float(bars.close[-1])] * 4)) for bars in histories]
    tick = spent(
        lambda: [read_record(one, bar, bar.close, bar.close) for one, bar in zip(found, ticks, strict=True)], runs
    )
    told(f"N = {count:5,}: a tick of every record", tick, bare, "the maximum")
    print(f"  {'':44} {1e6 * tick / count:9.2f} us a symbol; numpy in place {1e6 * in_place:.1f} us for all")


def rows(runs: int) -> None:
    """Everything a row shows: analysed from its bars, and read on a tick."""
    one = next(each for each in default_config().watched if each.symbol == "^RUT")
    histories = walk(SYMBOLS)
    now = datetime(2015, 1, 27, 15, 0, tzinfo=UTC)
    calendar = Calendars().of("XNYS", now.date())
    analysed = [History.of(one, bars) for bars in histories]
    every = spent(lambda: [History.of(one, bars) for bars in histories], runs)
    lives = [_running(bars, now) for bars in histories]
    tick = spent(lambda: [read_row(h, live, calendar, now) for h, live in zip(analysed, lives, strict=True)], runs)
    bare = spent(lambda: [(bars.high.max(), bars.close.max()) for bars in histories], 5 * runs)
    told("analysed once per final bar", every, bare, "the maximum")
    told("a tick: every figure of every row", tick, every, "analysing anew")


def _running(bars: Bars, now: datetime) -> Live:
    last = float(bars.close[-1]) * 1.001
    return Live(
        symbol="^RUT", session=now.date(), last=last, time=now, open=last, high=last, low=last, range_as_of=now,
        high_from_chart=True, low_from_chart=True, delay=timedelta(),
    )  # fmt: skip


def snapshots(runs: int) -> None:
    """The command as a process, on a store of the sample market's histories."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        _filled(store)
        import_pandas = process([sys.executable, "-c", "import pandas"], runs)
        told("python -c 'import pandas'", import_pandas, import_pandas, "")
        command = [sys.executable, "-P", "-m", "tapewatch", "snapshot", "--store", str(store), "--json"]
        told("tapewatch snapshot --json, published", process(command, runs), import_pandas, "importing pandas")
        (store / "snapshot.json").unlink()
        dated = [*command, "--as-of", "2025-10-17"]
        told("tapewatch snapshot --json --as-of", process(dated, runs), import_pandas, "importing pandas")


def _filled(store: Path) -> None:
    """A store with every history of the sample market, and its snapshot."""
    from tapewatch.core.channel import read_snapshot
    from tapewatch.core.paths import default_paths

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


def process(command: list[str], runs: int) -> float:
    """CPU seconds of a whole process, user and system."""
    taken: list[float] = []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return statistics.median(taken)


if __name__ == "__main__":
    sys.exit(main())
