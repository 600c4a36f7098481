"""The source and the store's budget: nothing is sent that was not paid for, and pauses outlive a feed."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tapewatch.core.sources import Gate
from tapewatch.core.sources.yahoo import YahooSource
from tapewatch.core.store.budget import Budget
from tapewatch.core.store.schema import connect
from tapewatch.core.universe import INSTRUMENTS

from ...fake_yahoo import FakeYahoo
from ...fake_yahoo.week import cause


def gated(gate: Gate, folder: Path) -> YahooSource:
    return YahooSource(gate, folder / "cache", INSTRUMENTS)


def test_every_request_is_paid_for_before_it_is_sent(service: FakeYahoo, budget: Budget, tmp_path: Path) -> None:
    source = gated(budget, tmp_path)
    source.prices(("^RUT",), service.now)
    source.chart("^RUT", "full", service.now)
    assert budget.spent_last_hour(service.now) == len(service.requests) == 5
    source.close()


def test_a_spent_budget_sends_nothing_and_says_so(service: FakeYahoo, budget: Budget, tmp_path: Path) -> None:
    source = gated(budget, tmp_path)
    while budget.claim(service.now, "elsewhere"):
        pass
    assert cause(source.prices(("^RUT",), service.now)).cause == "request budget spent"
    answer = source.chart("^RUT", "days", service.now)
    assert cause(answer).cause == "request budget spent"
    assert answer.sent == len(service.requests) == 0
    source.close()


def test_a_pause_begun_by_a_killed_feed_silences_the_next(service: FakeYahoo, tmp_path: Path) -> None:
    first = connect(tmp_path / "tapewatch.db")
    Budget(first, per_hour=240, burst=6).pause(service.now + timedelta(minutes=30), "slowed down (429)")
    first.close()

    second = connect(tmp_path / "tapewatch.db")
    source = gated(Budget(second, per_hour=240, burst=6), tmp_path)
    assert cause(source.chart("^RUT", "full", service.now)).cause == "paused"
    assert cause(source.prices(("^RUT",), service.now + timedelta(minutes=29))).cause == "paused"
    assert service.requests == []

    later = service.now + timedelta(minutes=30)
    assert source.prices(("^RUT",), later).failures == {}
    source.close()
    second.close()


def test_a_budget_that_runs_out_within_a_question_stops_it(service: FakeYahoo, budget: Budget, tmp_path: Path) -> None:
    source = gated(budget, tmp_path)
    for _ in range(3):
        budget.claim(service.now, "elsewhere")
    answer = source.chart("^RUT", "full", service.now)
    assert cause(answer).cause == "request budget spent"
    assert answer.sent == len(service.requests) == 3
    source.close()


def test_a_bug_of_ours_is_not_taken_for_trouble_of_the_service(service: FakeYahoo, tmp_path: Path) -> None:
    class Broken:
        def claim(self, now: datetime, url: str) -> bool:  # noqa: ARG002
            raise sqlite3.ProgrammingError("Cannot operate on a closed database.")

    source = gated(Broken(), tmp_path)
    with pytest.raises(sqlite3.ProgrammingError):
        source.chart("^RUT", "full", service.now)
    with pytest.raises(sqlite3.ProgrammingError):
        source.prices(("^RUT",), service.now)
    source.close()
