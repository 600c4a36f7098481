"""How the monitor is made to end: asked by a signal or by a terminal that has gone, and seen to by a watchman."""

import asyncio
import contextlib
import os
import signal
import threading
import warnings
from collections.abc import Callable, Generator
from types import FrameType

ENDS = (
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGALRM,
)
"""Signals that end a program: each is obeyed, after the terminal has been given back."""
PATIENCE = 3.0
"""Seconds for an orderly end; a terminal that takes nothing any more would hold it up for ever."""


class Ending:
    """Whether and with which exit code the monitor has to end.

    Signals arrive between any two lines, so all they do is note the code and wake the loop. `forced` is what
    the watchman does before the last resort.
    """

    def __init__(self) -> None:
        self.code: int | None = None
        self.forced: Callable[[], None] = _nothing
        self._wake: Callable[[], None] = _nothing
        self._asked, self._over = threading.Event(), threading.Event()

    def ask(self, number: int) -> None:
        """End, with the exit code a shell gives for this signal; the first to ask names it."""
        if self.code is None:
            self.code = 128 + number
        self._asked.set()
        self._wake()

    def tell(self, loop: asyncio.AbstractEventLoop, leave: Callable[[], None]) -> None:
        """Call `leave` in this loop as soon as there is a demand to end; there may be one already."""

        def wake() -> None:
            with contextlib.suppress(RuntimeError):  # the loop may be over already
                loop.call_soon_threadsafe(leave)

        self._wake = wake
        if self.code is not None:
            leave()

    def reached(self) -> None:
        """The terminal has been given back: nobody has to insist any more."""
        self._over.set()
        self._asked.set()

    @contextlib.contextmanager
    def heard(self) -> Generator[None, None, None]:
        """Hear signals for as long as this lasts; those ignored from the start stay so (nohup)."""
        warnings.simplefilter("ignore")  # what a library warns of would land on the screen, or behind it at the end
        watchman = threading.Thread(target=self._insist, name="watchman", daemon=True)
        watchman.start()
        before = {one: signal.getsignal(one) for one in ENDS}
        taken = [one for one in ENDS if before[one] is not signal.SIG_IGN]
        for one in taken:
            signal.signal(one, self._signalled)
        try:
            yield
        finally:
            self.reached()
            watchman.join()
            for one in taken:
                signal.signal(one, before[one] or signal.SIG_DFL)

    def _signalled(self, number: int, _frame: FrameType | None) -> None:
        self.ask(number)

    def _insist(self) -> None:
        """Wait for a demand to end; where nothing comes of it, give the terminal back and be gone."""
        self._asked.wait()
        if self._over.wait(PATIENCE) or self.code is None:
            return
        self.forced()
        os._exit(self.code)


def _nothing() -> None:
    """Nothing to do yet."""
