"""How much is read, how long is waited, whom is followed, and what is believed of an answer."""

import copy
import random
import tracemalloc
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import isfinite
from pathlib import Path
from typing import Any

import pytest

from tapewatch.core.clock import elapsed
from tapewatch.core.model.instrument import Instrument
from tapewatch.core.sessions import Calendars
from tapewatch.core.sources import Answer
from tapewatch.core.sources.yahoo import YahooSource
from tapewatch.core.sources.yahoo_causes import moved_failure, seconds_of
from tapewatch.core.sources.yahoo_wire import MOST_BYTES
from tapewatch.core.universe import INSTRUMENTS

from ...fake_yahoo import FakeYahoo, lies, troubles
from ...fake_yahoo.troubles import Reply
from ...fake_yahoo.week import AFTERNOON, RUT_DAYS, Open, cause, only_tick
from ...laboratory import ledger

TOO_LONG = "an answer far too long to be one"


@pytest.mark.parametrize("trouble", [troubles.flood(50), troubles.bomb(60)], ids=["50 MB", "60 MB packed"])
def test_of_an_endless_answer_no_more_is_held_than_a_few_times_the_limit(
    warm: YahooSource, service: FakeYahoo, trouble: troubles.Trouble
) -> None:
    service.trouble(trouble)
    before = service.bytes_sent
    tracemalloc.start()
    try:
        answer = warm.prices(("^RUT",), service.now)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert cause(answer).cause == TOO_LONG
    assert most < 4 * MOST_BYTES
    assert service.bytes_sent - before < 3 * MOST_BYTES
    ledger.note("hostile", "bytes kept of an endless answer, at most", count=most, escaped=0)


def test_a_long_true_history_is_read_whole(warm: YahooSource, service: FakeYahoo) -> None:
    def padded(reply: Reply) -> Reply:
        reply.body["chart"]["padding"] = "x" * (MOST_BYTES // 2)
        return reply

    service.trouble(padded, "chart")
    assert len(warm.chart("^RUT", "full", service.now).daily["^RUT"]) == 5


def test_a_question_ends_in_its_time_however_slowly_its_parts_come(service: FakeYahoo, tmp_path: Path) -> None:
    """Cookie, crumb, zone and chart, each a byte at a time: not four waits on end, nor one without end."""
    source = YahooSource(Open(), tmp_path / "cache", INSTRUMENTS, timeout=1.0)
    service.trouble(troubles.dripping(0.3))
    begun = elapsed()
    answer = source.chart("^RUT", "days", service.now)
    assert cause(answer).cause == "time-out"
    # without a limit of the whole one answer of a byte every 0.3 s would last over a minute
    assert elapsed() - begun < 20.0
    source.close()


@pytest.mark.parametrize("path", ["chart", "spark"])
def test_nobody_is_followed_to_another_host(warm: YahooSource, service: FakeYahoo, path: str) -> None:
    service.trouble(troubles.moved("https://login.hotel.example/?next=query1.finance.yahoo.com"))
    ask = warm.prices(("^RUT",), service.now) if path == "spark" else warm.chart("^RUT", "days", service.now)
    assert cause(ask).cause == "sent on to another page at login.hotel.example"
    assert (ask.sent, service.strangers) == (1, [])


@pytest.mark.parametrize("location", [None, "", "http://[::", "https://\x1b[31mred\x1b[0m/", "https://" + "a" * 300])
def test_an_address_that_is_none_is_not_repeated(location: str | None) -> None:
    assert moved_failure(302, location).cause == "sent on to another page"


@pytest.mark.parametrize("header", ["soon", "Fri, 17 Oct 2025 18:18:30 +9999999999", "-5", "1e9999", "\u0661 day", ""])
def test_a_retry_after_that_says_nothing_is_none(header: str) -> None:
    assert seconds_of(header, AFTERNOON) is None


def test_a_404_without_the_services_own_words_is_not_the_symbols(warm: YahooSource, service: FakeYahoo) -> None:
    """Else one bad gateway would silence every symbol for the day."""
    service.trouble(troubles.status(404, b"<html>not here</html>"), "chart")
    failure = cause(warm.chart("^RUT", "days", service.now))
    assert (failure.cause, failure.unknown_symbol) == ("refused (404)", False)


@pytest.mark.parametrize(("hours", "words"), [(3, "3 h"), (0.25, "15 min")])
def test_quotes_of_the_future_are_refused_with_how_far_ahead_they_are(
    warm: YahooSource, service: FakeYahoo, hours: float, words: str
) -> None:
    service.trouble(lies.shifted(int(3600 * hours)))
    for answer in (warm.chart("^RUT", "days", service.now), warm.prices(("^RUT",), service.now)):
        assert cause(answer).cause == f"quotes stamped {words} ahead of this machine's clock"


def test_a_chart_of_another_symbol_is_refused(warm: YahooSource, service: FakeYahoo) -> None:
    service.trouble(lies.chart_of(service, "^GSPC"), "chart")
    assert cause(warm.chart("^RUT", "days", service.now)).cause == "an answer for another symbol"


def test_prices_that_name_another_symbol_are_refused(warm: YahooSource, service: FakeYahoo) -> None:
    def renamed(reply: Reply) -> Reply:
        reply.body["^RUT"]["symbol"] = "^GSPC"
        return reply

    service.trouble(renamed, "spark")
    answer = warm.prices(("^RUT", "^GSPC"), service.now)
    assert answer.failures["^RUT"].cause == "an answer for another symbol"
    assert [tick.symbol for tick in answer.ticks] == ["^GSPC"]


def test_days_that_fall_on_a_weekend_spoil_the_whole_answer(warm: YahooSource, service: FakeYahoo) -> None:
    service.trouble(lies.shifted_rows(-12 * 3600), "chart")
    assert cause(warm.chart("^RUT", "days", service.now)).cause == "days stamped in another zone"


def test_before_the_open_no_past_day_is_widened_by_the_range_beside_it(service: FakeYahoo, tmp_path: Path) -> None:
    """A clock hours behind would date the quote to the session before and give it today's range."""
    calendars = Calendars()

    def begun(one: Instrument, moment: datetime) -> date:
        return calendars.of(one.calendar, moment.date()).begun(moment).day

    source = YahooSource(Open(), tmp_path / "cache", INSTRUMENTS, session_of=begun)
    service.trouble(lies.shifted(-6 * 3600), "chart")
    found = source.chart("^RUT", "days", service.now).daily["^RUT"]
    assert [found.bar(index) for index in range(len(found))] == list(RUT_DAYS[:4])
    source.close()


def test_a_declared_delay_of_a_day_excuses_nothing(warm: YahooSource, service: FakeYahoo) -> None:
    def delayed(reply: Reply) -> Reply:
        reply.body["chart"]["result"][0]["meta"]["exchangeDataDelayedBy"] = 1440
        return reply

    service.trouble(delayed, "chart")
    assert only_tick(warm.chart("^RUT", "days", service.now)).delay == timedelta()


# -- anything at all -----------------------------------------------------------------------------------

HOSTILE: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, -(10**30), 1e308, -1e308, float("nan"), float("inf"), "", "7", "\x1b[2J\u202e",
    "A" * 5000, [], {}, [[]], [None] * 50, {"a": {"b": [1]}}, 1760724990, 253402300800, 4102444800, 86400, 0.5,
)  # fmt: skip


def _mutated(chance: random.Random, body: Any) -> Any:
    """One value, list or object somewhere in the body made into something else, or gone."""
    places = list(_places(body))
    for _ in range(chance.choice((1, 1, 2, 5))):
        holder, key = chance.choice(places)
        if isinstance(holder, dict) and chance.random() < 0.2:
            holder.pop(key, None)  # pyright: ignore[reportUnknownMemberType]
        elif isinstance(holder, dict) or key < len(holder):
            holder[key] = copy.deepcopy(chance.choice(HOSTILE))
    return body


def _places(body: Any) -> Iterator[tuple[Any, Any]]:
    pairs = body.items() if isinstance(body, dict) else enumerate(body)  # pyright: ignore[reportUnknownVariableType,reportUnknownMemberType]
    for key, value in list(pairs):
        yield body, key
        if isinstance(value, dict | list):
            yield from _places(value)


def _is_sane(answer: Answer, asked: set[str]) -> bool:
    """Only asked symbols, every figure a price, no time later than the question; or a cause in words."""
    ticks = all(
        tick.symbol in asked and isfinite(tick.last) and tick.last > 0 and tick.time <= AFTERNOON
        for tick in answer.ticks
    )
    bars = all(bool((bars.close > 0).all()) for bars in answer.daily.values())
    told = {tick.symbol for tick in answer.ticks} | set(answer.daily) | set(answer.failures)
    said = {one.cause for one in answer.failures.values()}
    causes = all(one.isprintable() and len(one) < 120 for one in said) and "no connection" not in said
    return ticks and bars and causes and told == asked


def _fuzzed(source: YahooSource, service: FakeYahoo, count: int) -> None:
    chance = random.Random(20251017)

    def spoil(reply: Reply) -> Reply:
        return Reply(200, _mutated(chance, copy.deepcopy(reply.body)))

    service.trouble(spoil, "chart")
    service.trouble(spoil, "spark")
    for _ in range(count):
        assert _is_sane(source.chart("^RUT", "days", AFTERNOON), {"^RUT"})
        assert _is_sane(source.prices(("^RUT", "^GSPC"), AFTERNOON), {"^RUT", "^GSPC"})
    ledger.note("hostile", "answers of the data service", count=2 * count, escaped=0)


def test_whatever_an_answer_holds_it_is_believed_in_bounds_or_refused_in_words(
    warm: YahooSource, service: FakeYahoo
) -> None:
    _fuzzed(warm, service, 60)


@pytest.mark.long
def test_five_thousand_answers_that_hold_anything(warm: YahooSource, service: FakeYahoo) -> None:
    _fuzzed(warm, service, 2500)
