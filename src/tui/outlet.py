"""Where what is sent to the terminal goes out: in pieces, from a thread of its own, and never twice at once."""

import os
import select
from collections.abc import Callable

CHUNK = 65536
PIECE = 4096
"""Bytes handed over at once: so many may stand between a stuck terminal and the farewell."""


def _nobody() -> None:
    """Nobody waits for it."""


class Outlet:
    """Standard output: what its encoding has no sign for becomes ``?``; a terminal that has gone swallows the rest.

    Written to from one thread. `lost` is called once, when the terminal turns out to have gone, `drained` whenever
    the system has taken all there was. `texts` counts what it was given and has passed on.
    """

    def __init__(
        self, handle: int, encoding: str, lost: Callable[[], None], drained: Callable[[], None] = _nobody
    ) -> None:
        self._handle, self._encoding, self._lost, self._drained = handle, encoding, lost, drained
        self.texts = self._given = 0
        self._waiting = bytearray()
        self._gone = False

    def fileno(self) -> int:
        """The terminal's handle."""
        return self._handle

    def isatty(self) -> bool:
        """It is one."""
        return True

    def write(self, text: str) -> int:
        """Take text; it goes out when flushed, or when there is much of it."""
        self._given += 1
        self._waiting += text.encode(self._encoding, "replace")
        if len(self._waiting) >= CHUNK:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what waits, however long the terminal takes."""
        while self._waiting and not self._gone:
            try:
                del self._waiting[: os.write(self._handle, self._waiting[:PIECE])]
            except BlockingIOError:
                # somebody before us left the terminal in this mode
                select.select([], [self._handle], [])
            except OSError:
                self._gone = True
                self._lost()
        self._waiting.clear()
        self.texts = self._given
        self._drained()

    def stop(self) -> None:
        """Send nothing more."""
        self._gone = True
