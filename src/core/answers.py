"""Charts on their way between feed and screens: a wish is left as a request, its answer is a file of its own.

The file stands beside the snapshot and is replaced whole, as that is. Its name is made of the wish, so screens
that want the same chart read the same file; one that nobody asked for lately is removed.
"""

import contextlib
from datetime import timedelta
from pathlib import Path

import msgspec

from . import channel
from .channel import UNREADABLE, ChannelError, Stamp
from .clock import elapsed, wall
from .files import MEGABYTE, read_file, refuse_planted
from .model.chart import Chart, Wish
from .model.decoding import decoded, encoded
from .paths import Paths

BEGINS, ENDS = "chart-", ".json"
LARGEST_ANSWER = 4 * MEGABYTE
"""Bytes: some ten times what a feed answers."""
ANSWER_LIFE = timedelta(minutes=10)
"""A screen that still shows a chart has asked for it again by then, or its prices stand still."""


def answer_path(paths: Paths, wish: Wish) -> Path:
    """Where a wish is answered."""
    import hashlib  # a screen that never draws a chart does not need it

    name = hashlib.sha256(msgspec.json.encode(wish)).hexdigest()[:24]
    return paths.store / f"{BEGINS}{name}{ENDS}"


def write_answer(paths: Paths, chart: Chart, mode: int = 0o600) -> None:
    """Answer a wish in one step. Raises OSError on a full or read-only disk."""
    channel.write_atomically(answer_path(paths, chart.wish), encoded(chart), mode)


def forget_answers(paths: Paths) -> None:
    """Remove what nobody has asked for lately."""
    now = wall().timestamp()
    with contextlib.suppress(OSError):
        for one in paths.store.iterdir():
            if is_answer(one.name) and now - one.lstat().st_mtime > ANSWER_LIFE.total_seconds():
                one.unlink()


def is_answer(name: str) -> bool:
    """Whether a file of a store is the answer to a wish."""
    return name.startswith(BEGINS) and name.endswith(ENDS)


class Asked:
    """A wish left with the feed, and its answer once that is there."""

    def __init__(self, paths: Paths, wish: Wish) -> None:
        self.wish = wish
        self._paths, self._path = paths, answer_path(paths, wish)
        self._before = self._stamp()
        self._since = elapsed()

    def ask(self) -> str | None:
        """Leave the wish; the sentence says why it could not be left."""
        self._since = elapsed()
        try:
            channel.ask(self._paths, "chart", chart=self.wish)
        except ChannelError as problem:
            return str(problem)
        return None

    @property
    def waited(self) -> float:
        """Seconds since it was left."""
        return elapsed() - self._since

    def answer(self) -> Chart | None:
        """The answer, None while there is none that is newer than the wish; ChannelError where it cannot be read."""
        found = self._stamp()
        if found is None or found == self._before:
            return None
        self._before = found
        try:
            refuse_planted(self._path)
            chart = decoded(read_file(self._path, LARGEST_ANSWER, links=False), Chart)
        except FileNotFoundError:
            return None
        except (OSError, *UNREADABLE) as problem:
            raise ChannelError(f"the feed's answer cannot be read: {_why(problem)}") from problem
        if chart.wish != self.wish or _uneven(chart):
            raise ChannelError("the feed's answer is of another chart")
        return chart

    def _stamp(self) -> Stamp | None:
        try:
            found = self._path.lstat()
        except OSError:
            return None
        return Stamp(found.st_ino, found.st_mtime_ns, found.st_size)


def _why(problem: Exception) -> str:
    return (problem.strerror or str(problem)) if isinstance(problem, OSError) else str(problem)


def _uneven(chart: Chart) -> bool:
    """Whether its columns are not of one length: nothing could be drawn of them."""
    if chart.problem:
        return False
    columns = [one.numbers for one in chart.curves]
    columns += [one.numbers for part in chart.beneath for one in part.curves]
    columns += [part.bars for part in chart.beneath if part.bars]
    candles = chart.candles
    columns += [candles.open, candles.high, candles.low] if candles else []
    return not chart.curves or not chart.points or any(len(one) != chart.size for one in columns)
