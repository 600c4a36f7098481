"""Starting a feed as a process of its own, and trying again when it dies young."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Sequence

from .channel import feed_holder
from .clock import elapsed
from .holder import Holder
from .log import last_words, open_log
from .paths import Paths

YOUNG = 10.0
"""Seconds: a feed that dies earlier counts as failed."""
PAUSES = (10.0, 60.0, 300.0)
"""Seconds to wait after the first, second and every further early death."""


class FeedKeeper:
    """Sees to it that somebody feeds this store; one object a screen.

    `arguments` follow ``tapewatch`` on the feed's command line. With `own` the feed ends with this screen.
    """

    def __init__(self, paths: Paths, arguments: Sequence[str], *, own: bool = False) -> None:
        self._paths, self._arguments, self._own = paths, tuple(arguments), own
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._deaths = 0
        self._not_before = 0.0
        self.problem: str | None = None

    def tend(self) -> None:
        """Start a feed if none runs and no pause is on; called now and then from the screen's timer."""
        if self._process is not None:
            if self._process.poll() is None:
                self.problem = self._asleep()
                return
            self._buried()
        holder = feed_holder(self._paths)
        if holder is not None:
            self.problem = Holder.of(holder).problem
            return
        if elapsed() >= self._not_before:
            self._start()

    def _asleep(self) -> str | None:
        """Whether whoever feeds, the process started here or another, was stopped by a signal."""
        holder = feed_holder(self._paths)
        return Holder.of(holder).problem if holder is not None else None

    def _start(self) -> None:
        # own session and folder "/": a closed terminal must not end the feed of the others;
        # -P: a textual.py in the current folder must not be executed.
        command = [sys.executable, "-P", "-m", "tapewatch", *self._arguments]
        try:
            with self._nowhere_else() as log:
                self._process = subprocess.Popen(
                    command, cwd="/", start_new_session=True, close_fds=True,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                )  # fmt: skip
        except OSError as problem:
            self.problem = f"the feed could not be started: {problem.strerror or problem}"
            self._deaths += 1
            self._rest()
            return
        self._started = elapsed()

    @contextlib.contextmanager
    def _nowhere_else(self) -> Generator[int, None, None]:
        """Where a feed speaks that nobody hears: the log, or nowhere if that cannot be written."""
        try:
            handle = open_log(self._paths.log)
        except OSError:
            handle = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
        try:
            yield handle
        finally:
            os.close(handle)

    def _buried(self) -> None:
        lived = elapsed() - self._started
        code = self._process.returncode if self._process else 0
        self._process = None
        if code == 0 or lived > YOUNG:
            self._deaths, self.problem = 0, None
            return
        self._deaths += 1
        said = (last_words(self._paths.log) or "").removeprefix("tapewatch: ")
        self.problem = f"the feed stopped: {said or f'exit code {code}'}"
        self._rest()

    def _rest(self) -> None:
        self._not_before = elapsed() + PAUSES[min(self._deaths, len(PAUSES)) - 1]

    def close(self) -> None:
        """End the feed if it is this screen's own."""
        if self._own and self._process is not None and self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=2.0)
                return
            self._process.kill()
            self._process.wait()


class PrivateFeed(FeedKeeper):
    """A feed in a folder of its own: both end with the screen."""

    def __init__(self, paths: Paths, arguments: Sequence[str]) -> None:
        super().__init__(paths, arguments, own=True)

    def close(self) -> None:
        """End the feed and remove its folder."""
        super().close()
        shutil.rmtree(self._paths.store, ignore_errors=True)
