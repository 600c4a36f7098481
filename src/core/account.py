"""How the source does: what its answers and failures mean for the next request.

Only a successful answer moves `last_success`. A 429 is a pause in the store, obeyed by whoever asks
next; any other failure of the service is a rest of this feed alone. The two ways of asking, prices of all
symbols and the chart of one, are accounted apart: where one is dead the other goes on, and the dead one
is not called well because of it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec

from .log import debug, warning
from .model.snapshot import Health
from .rota import Kind, Task
from .sources import Answer, Failure
from .store.budget import Budget, patience

BACK_OFF = (15, 30, 60, 120, 300)
"""Seconds of rest after the first, second … failure of the service in a row."""
OTHER: dict[Kind, Kind] = {"prices": "chart", "chart": "prices"}


@dataclass(frozen=True)
class _Trouble:
    """Failures of one way of asking since its last success.

    `alone`: the other way answered in between, so the fault is not the service's. `pardoned`: the other
    has answered since, and this one was not asked again yet.
    """

    cause: str
    since: datetime
    attempts: int
    alone: bool = False
    pardoned: bool = False


@dataclass
class Account:
    """The health of one source, as the feed keeps it."""

    budget: Budget
    log: Callable[[str], None]
    health: Health
    _troubles: dict[Kind, _Trouble] = field(default_factory=dict[Kind, _Trouble], init=False)
    _succeeded: dict[Kind, datetime] = field(default_factory=dict[Kind, datetime], init=False)
    _rests: dict[Kind, datetime] = field(default_factory=dict[Kind, datetime], init=False)
    _priced: frozenset[str] = field(default=frozenset(), init=False)
    _empty: set[str] = field(default_factory=set[str], init=False)

    def change(self, **changes: object) -> None:
        """Set fields of the health."""
        self.health = msgspec.structs.replace(self.health, **changes)

    def resume(self, old: Health | None, now: datetime) -> None:
        """Go on with an outage that the feed before had, and with a pause that is still on."""
        if old is not None:
            kept = ("last_success", "error", "attempts", "failing_since", "silent")
            self.change(**{name: getattr(old, name) for name in kept})
            if old.error and old.failing_since:
                self._troubles["prices"] = _Trouble(old.error, old.failing_since, old.attempts)
        pause = self.budget.paused(now)
        if pause is not None:
            self.change(error=pause.why, paused_until=pause.until)

    def shift(self, by: timedelta) -> None:
        """The wall's clock was set by so much: rests go on as long as they were to, times stay as long ago."""
        self.budget.shift(by)
        self._rests = {kind: until + by for kind, until in self._rests.items()}
        self._succeeded = {kind: at + by for kind, at in self._succeeded.items()}
        self._troubles = {kind: replace(one, since=one.since + by) for kind, one in self._troubles.items()}
        times = ("last_success", "failing_since", "paused_until")
        self.change(**{name: at + by for name in times if (at := getattr(self.health, name)) is not None})

    def resting(self, now: datetime) -> Mapping[Kind, datetime]:
        """Ways of asking that may not be used now, and until when."""
        pause = self.budget.paused(now)
        if pause is not None:
            return dict.fromkeys(OTHER, pause.until)
        return {kind: until for kind, until in self._rests.items() if now < until}

    def next_try(self, now: datetime, due: datetime) -> datetime | None:
        """When what fails is asked again (`due` is the feed's next step), None where nothing does."""
        if not self.health.error:
            return None
        rests = self.resting(now)
        failing = [rests[kind] for kind, one in self._troubles.items() if kind in rests and not one.pardoned]
        return max(due, min(failing, default=due))

    def answered(self, task: Task, answer: Answer, now: datetime) -> None:
        """Take the answer to a request into account: a success, or a failure of the service."""
        self.log(debug(_exchange(task, answer)))
        common = service_failure(task, answer) or self._without_charts(task, answer)
        if common is not None:
            self._failed(task.kind, common, now)
        elif answer.ticks or answer.daily:
            self._well(task.kind, now)
        if task.kind == "prices":
            self._priced = frozenset(tick.symbol for tick in answer.ticks)
        # whose price still comes is not silent for want of its chart
        failed = set(answer.failures) - (self._priced if task.kind == "chart" else set())
        silent = set(self.health.silent) - set(task.symbols) | failed
        self.change(silent=tuple(sorted(silent)))

    def _without_charts(self, task: Task, answer: Answer) -> Failure | None:
        """Charts of several symbols in a row without data: that is the service's, not a symbol's."""
        if task.kind != "chart":
            return None
        if answer.ticks or answer.daily:
            self._empty.clear()
        empty = next((one for one in answer.failures.values() if one.of_symbol), None)
        if empty is None:
            return None
        self._empty |= set(task.symbols)
        return replace(empty, cause="charts without data", of_symbol=False) if len(self._empty) > 1 else None

    def follow(self, symbols: Collection[str], every: timedelta) -> None:
        """Other instruments, or another pace: nothing more is said of a symbol that is not asked for."""
        silent = tuple(symbol for symbol in self.health.silent if symbol in symbols)
        self._empty &= set(symbols)
        self.change(silent=silent, budget=self.budget.per_hour, refresh_seconds=every.total_seconds())

    def loaded(self, counts: tuple[int, int]) -> None:
        """How many histories are here of how many wanted; with all of them none is in hand."""
        self.change(history_loaded=counts, loading=self.health.loading if counts[0] < counts[1] else None)

    def _well(self, kind: Kind, now: datetime) -> None:
        self._succeeded[kind] = now
        self._troubles.pop(kind, None)
        self._rests.pop(kind, None)
        other = self._troubles.get(OTHER[kind])
        if other is not None and not other.alone:
            self._troubles[OTHER[kind]] = replace(other, pardoned=True)
            self._rests.pop(OTHER[kind], None)
        self.budget.set_strikes(0)
        self.change(last_success=now, paused_until=None)
        self._tell()

    def _failed(self, kind: Kind, failure: Failure, now: datetime) -> None:
        before = self._troubles.get(kind)
        answers = self._succeeded.get(OTHER[kind])
        alone = before is not None and answers is not None and answers > before.since
        since, attempts = (before.since, before.attempts + 1) if before else (now, 1)
        self._troubles[kind] = _Trouble(failure.cause, since, attempts, alone=alone)
        self._tell()
        until = self._rest(kind, failure, now, alone=alone)
        self.log(warning(f"{failure.cause}; next try {until:%H:%M:%S} UTC"))
        self.change(error=failure.cause, paused_until=until if failure.slow_down else None)

    def _rest(self, kind: Kind, failure: Failure, now: datetime, *, alone: bool) -> datetime:
        """Until when nothing is asked this way, or either way where the fault is the service's."""
        if failure.slow_down:
            return self.budget.slow_down(now, failure.retry_after, failure.cause)
        attempts = self._troubles[kind].attempts if alone else self.health.attempts
        rest = patience(failure.retry_after) or BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
        until = now + timedelta(seconds=rest)
        self._rests |= {kind: until} if alone else dict.fromkeys(OTHER, until)
        return until

    def _tell(self) -> None:
        """Put what is failing into the health."""
        shown = {kind: one for kind, one in self._troubles.items() if not one.pardoned}
        only = next(iter(shown)) if len(shown) == 1 and all(one.alone for one in shown.values()) else None
        self.change(
            error=next((one.cause for one in reversed(shown.values())), None),
            attempts=sum(one.attempts for one in shown.values()),
            failing_since=min((one.since for one in shown.values()), default=None),
            failing=only,
        )


def _exchange(task: Task, answer: Answer) -> str:
    """One request and what came of it, for whoever looks for a fault."""
    asked = f"the {task.span} chart of {task.symbols[0]}" if task.kind == "chart" else f"{len(task.symbols)} prices"
    failures = ", ".join(f"{symbol} {failure.cause}" for symbol, failure in sorted(answer.failures.items()))
    came = f"{len(answer.ticks)} prices, {sum(map(len, answer.daily.values()))} daily bars, {answer.sent} requests"
    return f"asked for {asked}: {came}" + (f"; {failures}" if failures else "")


def service_failure(task: Task, answer: Answer) -> Failure | None:
    """The failure that says something of the service, not of one symbol."""
    if answer.ticks or answer.daily:
        return next((one for one in answer.failures.values() if one.slow_down), None)
    # a price request that brought nothing at all speaks of the service, whatever it says of each symbol
    alone = task.kind == "chart"
    theirs = [one for one in answer.failures.values() if not (one.unknown_symbol or one.unsent)]
    return next((one for one in theirs if not (one.of_symbol and alone)), None)
