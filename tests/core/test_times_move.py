"""Nothing but a successful answer moves a time: not a failure, not a pause, not the passing of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.sources import Answer, Failure, Span

from ..laboratory import ledger
from ..market import Played, eastern, tick
from .test_feed import BOARD, PAST, desk

OPEN = eastern("2025-10-17 10:00")
LAST = float(PAST.close[-1])
FAILURES = {
    "500": Failure("HTTP 500", status=500),
    "429": Failure("slowed down (429)", status=429, slow_down=True),
    "time-out": Failure("time-out"),
    "404": Failure("HTTP 404", status=404, unknown_symbol=True),
    "nothing": Failure("no data", of_symbol=True),
    "unsent": Failure("held back", unsent=True),
}
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["good", "good", "half", "same", "older", *FAILURES]),
        st.integers(1, 900),
        st.floats(0.99, 1.01),
    ),
    min_size=2,
    max_size=14,
)


class Service:
    """Answers as told, and keeps what it really gave: the newest time of each symbol and of its day's range."""

    def __init__(self) -> None:
        self.mood, self.factor = "good", 1.0
        self.told: dict[str, datetime] = {}
        self.ranges: dict[str, datetime] = {}
        self.answered: datetime | None = None

    def at(self, symbols: tuple[str, ...], span: Span | None, now: datetime) -> Answer:
        failure = FAILURES.get(self.mood)
        if failure is not None:
            return Answer(failures=dict.fromkeys(symbols, failure), sent=1, taken_at=now)
        well = symbols[: max(1, len(symbols) // 2)] if self.mood == "half" else symbols
        ticks = []
        for symbol in well:
            before = self.told.get(symbol, now)
            time = {"same": before, "older": before - timedelta(minutes=3)}.get(self.mood, now)
            price = LAST * self.factor
            more = {"high": max(LAST, price), "low": min(LAST, price), "open": LAST} if span else {}
            ticks.append(tick(symbol, time, price, **more))
            self.told[symbol] = max(before, time) if symbol in self.told else time
            if span:
                self.ranges[symbol] = time
        self.answered = now
        lost = Failure("time-out")
        return Answer(
            ticks=tuple(ticks), failures={one: lost for one in symbols if one not in well}, sent=1, taken_at=now
        )


def times(shot: Snapshot) -> Mapping[str, tuple[datetime | None, datetime | None]]:
    found = {}
    for row in shot.instruments:
        live = row.quote if row.quote and row.quote.state != "final" else None
        found[row.symbol] = (live.time, live.range_as_of) if live else (None, None)
    return found


@settings(max_examples=40, deadline=None)
@given(MOVES)
def test_only_a_successful_answer_moves_a_time(moves: list[tuple[str, int, float]]) -> None:
    service = Service()
    with TemporaryDirectory() as folder, desk(Path(folder), BOARD, Played(service.at), OPEN) as market:
        before: Snapshot | None = None
        now = OPEN
        for mood, seconds, factor in moves:
            service.mood, service.factor, service.answered = mood, factor, None
            told = dict(service.told)
            now += timedelta(seconds=seconds)
            market.step(now)
            shot = market.snapshot()
            _holds(before, shot, service, told)
            before = shot
    ledger.note("freshness", "only a successful answer moves a time", count=len(moves))


def _holds(before: Snapshot | None, shot: Snapshot, service: Service, told: Mapping[str, datetime]) -> None:
    now = shot.clock.now
    if service.answered is None:
        assert shot.health.last_success == (before.health.last_success if before else None)
        assert shot.as_of == (before.as_of if before else shot.as_of)
    for symbol, (time, known) in times(shot).items():
        assert time is None or time <= service.told[symbol]
        assert known is None or known in (service.ranges.get(symbol), *_known(before, symbol))
        if before is not None and service.told.get(symbol) == told.get(symbol):
            assert time == times(before)[symbol][0]
    for row in shot.instruments:
        if row.quote is not None and row.quote.time is not None:
            assert row.age_seconds == (now - row.quote.time).total_seconds()
        if row.freshness == "live":
            assert now - service.told[row.symbol] <= timedelta(minutes=2)
    newest = [row.quote.time for row in shot.instruments if row.quote and row.quote.time]
    assert shot.as_of == max(newest)


def _known(before: Snapshot | None, symbol: str) -> tuple[datetime | None, ...]:
    return (times(before)[symbol][1],) if before else ()


def test_the_law_is_broken_by_a_service_that_lies_about_what_it_gave() -> None:
    service = Service()
    with TemporaryDirectory() as folder, desk(Path(folder), BOARD, Played(service.at), OPEN) as market:
        market.step(OPEN)
        shot = market.snapshot()
    service.told = {symbol: time - timedelta(minutes=9) for symbol, time in service.told.items()}
    try:
        _holds(None, shot, service, {})
    except AssertionError:
        return
    raise AssertionError("a time newer than any answer was not noticed")
