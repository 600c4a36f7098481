"""How the source does: what its answers and failures mean for the next request.

Only a successful answer moves `last_success`. A 429 is a pause in the store, obeyed by whoever asks
next; any other failure of the service is a rest of this feed alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from .model.snapshot import Health
from .rota import Task
from .sources import Answer, Failure
from .store.budget import Budget, patience

BACK_OFF = (15, 30, 60, 120, 300)
"""Seconds of rest after the first, second … failure of the service in a row."""


@dataclass
class Account:
    """The health of one source, as the feed keeps it."""

    budget: Budget
    log: Callable[[str], None]
    health: Health
    _rests_until: datetime | None = field(default=None, init=False)

    def change(self, **changes: object) -> None:
        """Set fields of the health."""
        self.health = msgspec.structs.replace(self.health, **changes)

    def resume(self, now: datetime) -> None:
        """Say a pause that an earlier feed was given and that is still on."""
        pause = self.budget.paused(now)
        if pause is not None:
            self.change(error=pause.why, paused_until=pause.until)

    def silent_until(self, now: datetime) -> datetime | None:
        """Until when nothing may be sent, a pause or a rest; None where something may."""
        pause = self.budget.paused(now)
        if pause is not None:
            return pause.until
        rests = self._rests_until
        return rests if rests is not None and now < rests else None

    def answered(self, task: Task, answer: Answer, now: datetime) -> None:
        """Take the answer to a request into account: a success, or a failure of the service."""
        common = service_failure(task, answer)
        if common is None:
            self._well(answer, now)
        else:
            self._failed(common, now)
        silent = set(self.health.silent) - set(task.symbols) | set(answer.failures)
        self.change(silent=tuple(sorted(silent)))

    def loaded(self, counts: tuple[int, int]) -> None:
        """How many histories are here of how many wanted; with all of them none is in hand."""
        self.change(history_loaded=counts, loading=self.health.loading if counts[0] < counts[1] else None)

    def _well(self, answer: Answer, now: datetime) -> None:
        if not answer.ticks and not answer.daily:
            return
        self._rests_until = None
        self.budget.set_strikes(0)
        self.change(last_success=now, error=None, attempts=0, failing_since=None, paused_until=None)

    def _failed(self, failure: Failure, now: datetime) -> None:
        attempts = self.health.attempts + 1
        until = self._next_try(failure, attempts, now)
        self.log(f"{now:%Y-%m-%d %H:%M:%S} {failure.cause}; next try {until:%H:%M:%S} UTC")
        self.change(
            error=failure.cause,
            attempts=attempts,
            failing_since=self.health.failing_since or now,
            paused_until=until if failure.slow_down else None,
        )

    def _next_try(self, failure: Failure, attempts: int, now: datetime) -> datetime:
        if failure.slow_down:
            return self.budget.slow_down(now, failure.retry_after, failure.cause)
        rest = patience(failure.retry_after) or BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
        self._rests_until = now + timedelta(seconds=rest)
        return self._rests_until


def service_failure(task: Task, answer: Answer) -> Failure | None:
    """The failure that says something of the service, not of one symbol."""
    if answer.ticks or answer.daily:
        return next((one for one in answer.failures.values() if one.slow_down), None)
    # a price request that brought nothing at all speaks of the service, whatever it says of each symbol
    alone = task.kind == "chart"
    theirs = [one for one in answer.failures.values() if not (one.unknown_symbol or one.unsent)]
    return next((one for one in theirs if not (one.of_symbol and alone)), None)
