"""How long a feed lives, and what one symbol may cost the others."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tapewatch.core import channel
from tapewatch.core.feed import Feed
from tapewatch.core.feed_loop import live
from tapewatch.core.sources import Answer, Failure, Span

from ..market import Played, failing
from .test_feed import BOARD, NOON, desk, well


def test_a_feed_ends_when_nobody_has_watched_for_a_while_and_a_service_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A screen's shared lock keeps it; the clock of the wait is the machine's own, moved here by hand."""
    seconds = iter(range(0, 100_000, 7))
    monkeypatch.setattr("tapewatch.core.feed_loop.elapsed", lambda: next(seconds))
    with desk(tmp_path, BOARD, Played(failing("no network"))) as market:
        screen = channel.Lock(market.paths.watch_lock, "shared")
        assert screen.take()
        looks = 0

        def wait(_: float) -> None:
            nonlocal looks
            looks += 1
            if looks == 40:
                screen.release()

        live(market.feed, lambda: looks > 400, wait, service=False)
        assert 40 < looks < 60
        assert market.said[-1] == "nobody watches: the feed ends"
        looks = 40
        live(market.feed, lambda: looks > 100, wait, service=True)
        assert looks == 101


def test_a_symbol_without_data_neither_rests_the_others_nor_is_asked_all_night(tmp_path: Path) -> None:
    """The service answers for A alone; B's history never comes: three tries, then half a day of silence."""

    def half(symbols: tuple[str, ...], span: Span | None, now: datetime) -> Answer:
        lost = {"^B": Failure("no data for this symbol", 200, of_symbol=True)} if "^B" in symbols else {}
        found = well(tuple(one for one in symbols if one != "^B"), span, now)
        return replace(found, failures=lost)

    service = Played(half)
    with desk(tmp_path, BOARD, service) as market:
        market.database.execute("DELETE FROM bars WHERE symbol = '^B'")
        market.feed = Feed(
            market.paths, BOARD, service, market.clock, market.database, market.budget, log=market.said.append
        )
        market.until(NOON + timedelta(hours=8))
        charts = [at for at, symbols in service.asked if symbols == ("^B",)]
        assert len(charts) == 3
        assert market.snapshot().health.error is None
        assert market.snapshot().health.silent == ("^B",)
