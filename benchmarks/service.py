"""The data service of the tests in a process of its own, with forty years of every symbol.

    with Service() as service: … service.environment … service.counts()

Run as a program it tells on standard output what a process must find in its environment, then the number of requests
by kind whenever a line is typed.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[1]
SESSIONS = 10_000


class Service:
    """The other end: starts it, asks it what it was asked, ends it."""

    def __init__(self, symbols: Iterable[str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", __file__, *symbols],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.environment: dict[str, str] = self._told()

    def _told(self) -> Any:
        if self._process.stdout is None:
            raise RuntimeError("the service has no output")
        return json.loads(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def counts(self) -> Counter[str]:
        """Requests so far by what they asked for."""
        if self._process.stdin is None:
            raise RuntimeError("the service has no input")
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return Counter(self._told())


# -- in the service's process ---------------------------------------------------------------------------


def main() -> None:
    """Until nobody asks any more."""
    sys.path.insert(0, str(ROOT))
    from tests.fake_yahoo import FakeYahoo
    from tests.fake_yahoo.bodies import text
    from tests.fake_yahoo.service import Request
    from tests.fake_yahoo.troubles import Reply

    from tapewatch.core.clock import wall

    class Remembering(FakeYahoo):
        """Makes every answer once, so that the service's own work is not what others wait for."""

        made: dict[tuple[object, ...], Reply] = {}  # noqa: RUF012

        def _usual(self, request: Request) -> Reply:
            key = (request.what, request.symbols, *sorted(request.asked.items()))
            if key not in self.made:
                reply = super()._usual(request)
                self.made[key] = Reply(reply.status, text(reply.body), reply.headers)
            return self.made[key]

    with Remembering(histories(sys.argv[1:]), now=wall()) as service:
        answer(service.environment())
        for _ in sys.stdin:
            answer(Counter(request.what for request in service.requests))


def answer(content: object) -> None:
    """One line of JSON."""
    sys.stdout.write(json.dumps(content) + "\n")
    sys.stdout.flush()


def histories(symbols: Iterable[str]) -> Any:
    """Random walks over every weekday until yesterday."""
    import numpy as np

    from tapewatch.core.bars import Bars
    from tapewatch.core.clock import wall

    chance = np.random.default_rng(1)
    yesterday = np.datetime64(wall().date()) - 1
    days = np.busday_offset(yesterday, np.arange(1 - SESSIONS, 1), roll="backward").astype("datetime64[D]")
    made: dict[str, Bars] = {}
    for symbol in symbols:
        close = 100.0 * np.exp(np.cumsum(0.01 * chance.standard_normal(SESSIONS)))
        opened = np.r_[close[:1], close[:-1]] * 1.0005
        high, low = np.maximum(opened, close) * 1.004, np.minimum(opened, close) * 0.996
        made[symbol] = Bars.columns(days, opened, high, low, close, np.full(SESSIONS, 1e6))
    return made


if __name__ == "__main__":
    main()
