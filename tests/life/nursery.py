"""Real feeds by the dozen: one process that has imported everything and forks a feed whenever asked.

Each child is a process of its own that runs what `tapewatch feed` runs; only the seconds of importing are
saved. Run as ``python -m tests.life.nursery``: a JSON list a line in, a number a line out.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[2]
NOBODY = 65534
EDITABLE = ROOT / ".editable"
HEAVY = ("tapewatch.cli", "tapewatch.core.feed_loop", "tapewatch.core.importing", "tapewatch.core.sources.sample",
         "tests.life.market")  # fmt: skip
"""What a child would spend its first seconds on."""


class Nursery:
    """The other end: starts processes in the nursery and kills them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("STATE", "CONFIG", "DATA", "CACHE")}
        path = os.pathsep.join((str(EDITABLE), str(ROOT)))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.life.nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=ROOT, env=os.environ | places | {"HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": path},
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def feed(self, store: Path, rate: float = 600.0) -> int:
        """A feed of the sample market of three indices; its process id."""
        return self._ask("feed", str(store), rate)

    def run(self, *arguments: object) -> int:
        """A command of the command line; its process id."""
        return self._ask("run", [str(one) for one in arguments])

    def feed_without_locks(self, store: Path, rate: float = 600.0) -> int:
        """The same where no file can be locked, as on some network drives: the kernel refuses every `flock`."""
        return self._ask("unlocked", str(store), rate)

    def run_as_nobody(self, *arguments: object) -> int:
        """A command of the command line as another user."""
        return self._ask("nobody", [str(one) for one in arguments])

    def said(self) -> str:
        """What all of them have said so far."""
        file = self.home / "said"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def ended(self, pid: int) -> int:
        """Wait for a process to end; its exit code, negative for a signal."""
        return self._ask("wait", pid)

    def kill(self, pid: int) -> None:
        """As the kernel does when memory runs out, or a user with -9."""
        assert self.killed(pid), f"it had ended before: see {self.home / 'said'}"

    def killed(self, pid: int) -> bool:
        """The same of what may be quicker: whether the kill came in time."""
        os.kill(pid, signal.SIGKILL)
        return self.ended(pid) == -signal.SIGKILL

    def _ask(self, *words: Any) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


# -- in the nursery -------------------------------------------------------------------------------------


def _feed(store: str, rate: float) -> int:
    from tapewatch.core.feeding import Demo, run_feed
    from tapewatch.core.paths import default_paths

    from .market import board

    return run_feed(default_paths(store), board(), service=True, demo=Demo(rate=rate))


def _run(arguments: list[str]) -> int:
    from tapewatch.cli import run

    return run(arguments)


def _unlocked(store: str, rate: float) -> int:
    from .lockless import refuse_locks

    refuse_locks()
    return _feed(store, rate)


def _nobody(arguments: list[str]) -> int:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    return _run(arguments)


JOBS: dict[str, Callable[..., int]] = {"feed": _feed, "unlocked": _unlocked, "run": _run, "nobody": _nobody}


def _born(job: str, words: list[Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        os.setsid()
        said = os.open("said", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, handle in ((0, nothing), (1, said), (2, said)):
            os.dup2(handle, number)
        code = JOBS[job](*words)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def main() -> None:
    """Until nobody asks any more."""
    for name in HEAVY:
        importlib.import_module(name)
    from tapewatch.core.clock import wall
    from tapewatch.core.sessions import Calendars

    Calendars().of("XNYS", wall().date())
    os.chdir(os.environ["HOME"])
    living: set[int] = set()
    for line in sys.stdin:
        job, *words = json.loads(line)
        if job == "wait":
            answer = os.waitstatus_to_exitcode(os.waitpid(words[0], 0)[1])
            living.discard(words[0])
        else:
            answer = _born(job, words)
            living.add(answer)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    for pid in living:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
