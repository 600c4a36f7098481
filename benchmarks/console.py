"""A program on a pseudo-terminal: what it sent and when, the CPU seconds and the memory it took, what it showed."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import pyte
from tests.life.tty import ODD, UNFINISHED, USUAL, show

from .differ import Cells, picture_of

QUERIES = {b"\x1b[6n": b"\x1b[1;1R", b"\x1b[c": b"\x1b[?62;22c"}
"""What a program may ask a terminal and waits for; whether it knows frames is left unanswered, as by many."""
PATIENCE = 60.0
PROGRAM = (sys.executable, "-P", "-m", "tapewatch")
LINUX = sys.platform == "linux"
"""Where the kernel tells the CPU time and the memory of another process that still runs."""


class Chunk(NamedTuple):
    """What arrived in one reading, and when."""

    at: float
    data: bytes


class Console:
    """One program in a session of its own on a terminal of so many columns and rows.

    Nothing is painted while it runs, so that looking costs the machine little; `shots` paints afterwards.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        size: tuple[int, int] = (120, 40),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.size, self.chunks = size, list[Chunk]()
        self.master, slave = pty.openpty()
        columns, rows = size
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        kept = {key: value for key, value in os.environ.items() if key not in ODD}
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True, cwd="/",
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0), env=kept | USUAL | dict(environment or {}),
        )  # fmt: skip
        os.close(slave)
        self.pid, self.over, self._lived = self.process.pid, False, 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> float:
        """Kill it; the CPU seconds of its whole life."""
        if not self.over:
            self.over = True
            if not self.ended:
                os.kill(self.pid, signal.SIGKILL)
                self._bury(0)
            os.close(self.master)
        return self._lived

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self.process.returncode is not None or self._bury(os.WNOHANG)

    def _bury(self, how: int) -> bool:
        pid, status, used = os.wait4(self.pid, how)
        if pid:
            self.process.returncode = os.waitstatus_to_exitcode(status)
            self._lived = used.ru_utime + used.ru_stime
        return bool(pid)

    # -- talking --------------------------------------------------------------------------------------

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self.master, keys.encode())

    def take(self, most: int = 65536) -> int:
        """Take what is there without waiting; how many bytes."""
        try:
            data = os.read(self.master, most)
        except OSError:  # the program has ended
            return 0
        self.chunks.append(Chunk(time.monotonic(), data))
        for query, answer in QUERIES.items():
            if query in data:
                os.write(self.master, answer)
        return len(data)

    @property
    def sent(self) -> int:
        """Bytes that have arrived so far."""
        return sum(len(one.data) for one in self.chunks)

    def raw(self, since: int = 0) -> bytes:
        """Everything that arrived from a chunk on."""
        return b"".join(one.data for one in self.chunks[since:])

    def until(self, words: bytes, seconds: float = PATIENCE, beside: "Sequence[Console]" = ()) -> None:
        """Wait until these bytes have arrived in a row; others are listened to meanwhile."""
        end = time.monotonic() + seconds
        while words not in self.raw():
            if time.monotonic() > end or self.ended:
                raise TimeoutError(f"{words!r} did not come; the screen:\n{self.text()}")
            listen([self, *beside], 0.05, lambda: words in self.chunks[-1].data if self.chunks else False)

    # -- painting, afterwards -------------------------------------------------------------------------

    def shots(self, since: int = 0) -> Iterator[tuple[Chunk, pyte.Screen]]:
        """Every chunk from one on, and the screen once it is painted."""
        screen = pyte.Screen(*self.size)
        stream, held = pyte.ByteStream(screen), b""
        for number, chunk in enumerate(self.chunks):
            data = held + chunk.data
            unfinished = UNFINISHED.search(data)
            cut = unfinished.start() if unfinished else len(data)
            held = data[cut:]
            show(stream, data[:cut])
            if number >= since:
                yield chunk, screen

    def pictures(self, marks: Sequence[int]) -> Iterator[Cells]:
        """The screen after so many chunks, for each of these numbers in their order."""
        left = list(marks)
        for number, (_, screen) in enumerate(self.shots(), 1):
            while left and left[0] == number:
                left.pop(0)
                yield picture_of(screen)

    def text(self) -> str:
        """The screen as it is now."""
        last = deque(self.shots(), maxlen=1)
        return "\n".join(line.rstrip() for line in last[0][1].display) if last else ""

    # -- what it costs --------------------------------------------------------------------------------

    def cpu(self) -> float:
        """CPU seconds of the process so far, all its threads, user and system."""
        return cpu_of(self.pid)

    def memory(self) -> "Memory":
        """What it holds of the machine's memory."""
        return memory_of(self.pid)


def listen(consoles: Sequence[Console], seconds: float, enough: Callable[[], bool] = lambda: False) -> None:
    """Take what all of them send for so long, or until it is enough."""
    by_handle = {one.master: one for one in consoles if not one.over}
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not enough():
        ready = select.select([*by_handle], [], [], min(left, 0.05))[0]
        for handle in ready:
            if not by_handle[handle].take():
                del by_handle[handle]


def settle(consoles: Sequence[Console], quiet: float, most: float = 5.0) -> None:
    """Wait until none of them has sent anything for so long."""
    end = time.monotonic() + most
    before = -1
    while before != (now := sum(len(one.chunks) for one in consoles)) and time.monotonic() < end:
        before = now
        listen(consoles, quiet)


# -- processes ------------------------------------------------------------------------------------------


class Memory(NamedTuple):
    """Bytes: resident, its share of what is shared, and what is its own alone."""

    resident: int
    proportional: int
    private: int


def cpu_of(pid: int) -> float:
    """CPU seconds of a process that runs, to the nanosecond: the kernel keeps a clock for each."""
    return time.clock_gettime((~pid << 3) | 2)


def memory_of(pid: int) -> Memory:
    """From the kernel's summary of its mappings."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    sizes = {name: 1024 * int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    return Memory(sizes["Rss"], sizes["Pss"], sizes["Private_Clean"] + sizes["Private_Dirty"])


def cpu_of_life(command: Sequence[str], environment: Mapping[str, str] | None = None) -> float:
    """CPU seconds of a program from its beginning to its end, its output thrown away."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=os.environ | dict(environment or {}), cwd="/",
    )  # fmt: skip
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime
