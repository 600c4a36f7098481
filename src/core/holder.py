"""Who feeds a store: the process that its lock names, and whether it is awake."""

import contextlib
import re
from pathlib import Path

import msgspec

STOPPED = ("T", "t")
"""States of a process that was stopped by a signal, or by a debugger."""


class Holder(msgspec.Struct, frozen=True):
    """A feed as its lock's note tells of it; `pid` and `version` None where the note does not say."""

    note: str
    pid: int | None
    version: str | None
    stopped: bool

    @classmethod
    def of(cls, note: str, processes: Path = Path("/proc")) -> "Holder":
        """From a note, and from the system where it lists its processes."""
        found = re.match(r"pid (\d+), version ([^,]+),", note)
        pid = int(found[1]) if found else None
        return cls(note, pid, found[2] if found else None, pid is not None and _is_stopped(pid, processes))

    @property
    def problem(self) -> str | None:
        """What keeps it from feeding, and what to do, in a sentence; None where nothing is known to."""
        if not self.stopped:
            return None
        return f"the feed (pid {self.pid}) is stopped and feeds nobody: kill -CONT {self.pid}, or kill -9 {self.pid}"


def _is_stopped(pid: int, processes: Path) -> bool:
    with contextlib.suppress(OSError, IndexError):
        words = (processes / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()
        return words[0] in STOPPED
    return False
