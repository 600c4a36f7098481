"""Two ways of asking, accounted apart: a dead one is neither hidden nor lets the other starve."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from tapewatch.core.account import BACK_OFF
from tapewatch.core.sources import Answer, Span

from ..market import Played, failing
from .test_feed import BOARD, MINUTE, NOON, desk, well

Answering = Callable[[tuple[str, ...], Span | None, datetime], Answer]


def dead(kind: str) -> Answering:
    """A service of which one way of asking answers with an error for ever."""
    broken = failing("server error (500)", status=500)

    def at(symbols: tuple[str, ...], span: Span | None, now: datetime) -> Answer:
        return broken(symbols, span, now) if (span is None) == (kind == "prices") else well(symbols, span, now)

    return at


def test_dead_prices_are_said_while_charts_go_on(tmp_path: Path) -> None:
    """Charts answer for an hour: the error stays, since when it is, and no time is moved by a failure."""
    service = Played(dead("prices"))
    with desk(tmp_path, BOARD, service) as market:
        market.until(NOON + timedelta(hours=1))
        health = market.snapshot().health
        assert (health.error, health.failing) == ("server error (500)", "prices")
        assert health.failing_since == NOON
        charts = [at for at, symbols in service.asked if len(symbols) == 1]
        assert health.last_success == max(charts)
        assert len(charts) > 20
        prices = [at for at, symbols in service.asked if len(symbols) == 2]
        rests = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(prices)]
        # asked again ever more rarely, not every minute
        assert rests[-1] >= BACK_OFF[-1]
        assert health.next_try is not None
        assert health.next_try >= max(prices) + timedelta(seconds=BACK_OFF[-1])


def test_dead_charts_do_not_stop_prices(tmp_path: Path) -> None:
    service = Played(dead("chart"))
    with desk(tmp_path, BOARD, service) as market:
        market.until(NOON + timedelta(hours=1))
        health = market.snapshot().health
        assert health.failing == "chart"
        assert len([at for at, symbols in service.asked if len(symbols) == 2]) > 30


def test_when_the_dead_way_answers_again_all_is_well(tmp_path: Path) -> None:
    service = Played(dead("prices"))
    with desk(tmp_path, BOARD, service) as market:
        market.until(NOON + timedelta(minutes=30))
        service.at = well
        market.until(NOON + timedelta(minutes=37))
        health = market.snapshot().health
        assert (health.error, health.failing, health.attempts, health.failing_since) == (None, None, 0, None)


def test_an_outage_of_the_whole_service_is_over_with_the_first_answer(tmp_path: Path) -> None:
    service = Played(failing("no connection"))
    with desk(tmp_path, BOARD, service) as market:
        market.until(NOON + 5 * MINUTE)
        assert market.snapshot().health.failing is None
        assert market.snapshot().health.attempts > 2
        service.at = well
        market.until(NOON + 12 * MINUTE)
        assert market.snapshot().health.error is None
