"""The two diseases, and the stakes that are about time and the data service: 1 to 4 and 13."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tapewatch.core.model.snapshot import Snapshot

from ..end_to_end.desk import Desk, eastern
from ..end_to_end.terminal import Terminal
from ..fake_yahoo import troubles
from ..fake_yahoo.troubles import Reply
from .conftest import Show, at

NO_NETWORK = {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}


def board_line(terminal: Terminal, short: str) -> str:
    return next(line for line in terminal.text().splitlines() if f" {short} " in line[:12])


def times_of(snapshot: Snapshot) -> list[object]:
    """Every time of the data that a screen could show."""
    quotes = [(row.quote.time, row.quote.range_as_of) for row in snapshot.instruments if row.quote]
    return [snapshot.as_of, snapshot.health.last_success, quotes]


def test_disease_1_false_freshness_no_time_moves_but_by_an_answer(market: Desk, show: Show) -> None:
    before = times_of(market.snapshot)
    market.service.trouble(troubles.status(500))
    with show("--store", market.paths.store) as terminal:
        terminal.until("10:05:31 ET")
        market.until(eastern("2025-10-15 10:40"))
        terminal.until("34 min old")
        assert times_of(market.snapshot) == before
        # a refresh that is asked for and fails moves nothing either
        terminal.press("r")
        market.until(eastern("2025-10-15 10:45"))
        terminal.until("39 min old")
        assert times_of(market.snapshot) == before
        assert "10:45" not in board_line(terminal, "RUT")


def test_disease_2_silent_failure_one_line_says_what_why_since_when_next_and_what_is_shown(
    market: Desk, show: Show
) -> None:
    market.service.trouble(troubles.too_many("600"))
    market.until(eastern("2025-10-15 10:08"))
    with show("--store", market.paths.store, size=(160, 40)) as terminal:
        line = next(one for one in terminal.text().splitlines() if one.lstrip().startswith("FEED"))
        for words in ("unanswered since 10:0", "ET", "slowed down (429)", "next try in", "shown: "):
            assert words in line
        assert sum("429" in one for one in terminal.text().splitlines()) <= 2
        assert "2," in board_line(terminal, "RUT")


def test_01_starts_with_the_last_good_data_at_once_labelled_with_its_age(market: Desk, show: Show) -> None:
    """The network is a hole: the prices of the morning are there, with their age, and keys work."""
    last = next(row.quote.last for row in market.snapshot.instruments if row.short == "RUT" and row.quote)
    market.clock.jump(eastern("2025-10-15 10:46"))
    market.feed.publish(market.clock.now())
    with show("--store", market.paths.store, **NO_NETWORK) as terminal:
        assert f"{last:,.2f}" in board_line(terminal, "RUT")
        assert "40 min old" in terminal.text()
        terminal.press("?")
        terminal.until("this page")


def test_02_each_row_knows_its_own_time_and_the_header_all_that_matters(market: Desk, show: Show) -> None:
    with show("--store", market.paths.store, size=(160, 40)) as terminal:
        header = terminal.text().splitlines()[0]
        for words in ("OPEN", "ET", "old", "closes in 5 h 54 min", "yahoo ok"):
            assert words in header
        # the delayed index abroad stands on its own, older time
        assert "10:0" in board_line(terminal, "RUT")
        assert "09:5" in board_line(terminal, "SX5E") or "15:5" in board_line(terminal, "SX5E")
        market.service.trouble(troubles.status(503))
        market.until(eastern("2025-10-15 10:20"))
        terminal.until("next try in")


STATES = (
    ("2025-10-15 17:00", "POST"), ("2025-10-15 21:00", "CLOSED"), ("2025-10-16 08:00", "PRE"),
    ("2025-10-16 11:00", "OPEN"), ("2025-11-27 11:00", "HOLIDAY"), ("2025-11-28 12:00", "HALF"),
)  # fmt: skip


def test_03_staleness_knows_the_session_and_a_delay_is_no_staleness(market: Desk, show: Show) -> None:
    words = {row.short: row.freshness for row in market.snapshot.instruments}
    assert (words["RUT"], words["SX5E"]) == ("live", "delayed")
    with show("--store", market.paths.store) as terminal:
        for moment, chip in STATES:
            at(market, moment)
            terminal.until(f" {chip} ")
            if chip == "CLOSED":
                at_night = {row.short: row.freshness for row in market.snapshot.instruments}
                assert set(at_night.values()) <= {"closed", "stale"}


def test_04_polite_one_fetcher_a_budget_growing_pauses_nothing_at_night(market: Desk) -> None:
    market.service.trouble(troubles.too_many())
    begun = market.clock.now()
    market.until(begun + timedelta(hours=3))
    sent = [request.at for request in market.service.requests if request.at > begun]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(sent)]
    assert gaps == sorted(gaps)
    assert gaps[0] >= 60
    assert gaps[-1] >= 1800
    market.service.heal()
    market.until(eastern("2025-10-15 21:00"))
    before = market.service.count()
    # its morning check of Frankfurt comes three quarters of an hour before the open
    market.until(eastern("2025-10-16 02:10"))
    assert market.service.count() == before
    hours = {request.at.replace(minute=0, second=0, microsecond=0) for request in market.service.requests}
    assert all(
        sum(hour <= request.at < hour + timedelta(hours=1) for request in market.service.requests) <= 240
        for hour in hours
    )


def extended(price: float, stamp: int) -> troubles.Trouble:
    """A price from before the open beside the regular one, in every place the service may put it."""

    def spoil(reply: Reply) -> Reply:
        if isinstance(reply.body, dict) and "chart" in reply.body:
            meta = reply.body["chart"]["result"][0]["meta"]
            meta |= {"preMarketPrice": price, "preMarketTime": stamp, "hasPrePostMarketData": True}
            meta |= {"postMarketPrice": price, "postMarketTime": stamp}
        elif isinstance(reply.body, dict):
            for part in reply.body.values():
                part["timestamp"].append(stamp)
                part["close"].append(price)
        return reply

    return spoil


@pytest.mark.parametrize(("moment", "chip"), [("2025-10-16 08:45", "PRE"), ("2025-10-15 17:30", "POST")])
def test_13_extended_hours_are_marked_and_never_mixed_into_the_days_change(
    market: Desk, show: Show, moment: str, chip: str
) -> None:
    """3 % over the close outside the session: neither price nor change, high or low takes it."""
    market.clock.jump(eastern("2025-10-15 15:55"))
    market.until(eastern("2025-10-15 16:45"))
    closed = {row.symbol: row.quote for row in market.snapshot.instruments if row.quote and row.calendar == "XNYS"}
    assert closed
    quote = closed["^RUT"]
    assert quote.last is not None
    price = round(quote.last * 1.03, 2)
    market.service.trouble(extended(price, int(eastern(moment).timestamp()) - 60), symbol="^RUT")
    market.clock.jump(eastern(moment))
    market.feed.rota.refresh_asked = True
    market.feed.step()
    row = next(row for row in market.snapshot.instruments if row.symbol == "^RUT")
    assert row.quote is not None
    assert (row.quote.last, row.quote.change, row.quote.high, row.quote.low) == (
        quote.last, quote.change, quote.high, quote.low,
    )  # fmt: skip
    with show("--store", market.paths.store) as terminal:
        terminal.until(f" {chip} ")
        assert f"{price:,.2f}" not in terminal.text()
