"""What goes wrong on the way: one cause in words, one request, nothing remembered, nothing printed."""

import logging
from pathlib import Path

import pytest
import trustme

from tapewatch.core.sources import Span
from tapewatch.core.sources.yahoo import YahooSource
from tapewatch.core.universe import INSTRUMENTS

from ...fake_yahoo import FakeYahoo, troubles
from ...fake_yahoo.week import Open, cause, only_tick

# -- failures and their causes -------------------------------------------------------------------------

FAILURES = [
    (troubles.too_many(), "slowed down (429)", 429),
    (troubles.dead(), "unknown symbol", 404),
    (troubles.status(403), "refused (403)", 403),
    (troubles.status(500), "server error (500)", 500),
    (troubles.status(503), "server error (503)", 503),
    (troubles.web_page(), "a web page instead of data", 200),
    (troubles.no_result(), "no data for this symbol", 200),
    (troubles.empty_quote(), "no data for this symbol", 200),
    (troubles.empty_quote(currency=None), "unknown symbol", 200),
    (troubles.garbage(), "an answer that cannot be read", 200),
    (troubles.reset(), "no connection", None),
]


@pytest.mark.parametrize(
    ("trouble", "words", "status"), FAILURES, ids=[f"{one[1]}-{i}" for i, one in enumerate(FAILURES)]
)
def test_a_failed_chart_is_one_request_and_keeps_its_cause(
    warm: YahooSource, service: FakeYahoo, trouble: troubles.Trouble, words: str, status: int | None
) -> None:
    service.trouble(trouble, "chart")
    answer = warm.chart("^RUT", "days", service.now)

    failure = cause(answer)
    assert (failure.cause, failure.status) == (words, status)
    assert failure.slow_down is (status == 429)
    assert failure.unknown_symbol is (words == "unknown symbol")
    assert answer.sent == 1
    assert {request.what for request in service.requests} == {"chart"}

    service.heal()
    assert only_tick(warm.chart("^RUT", "days", service.now)).symbol == "^RUT"


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (troubles.too_many(), "slowed down (429)"),
        (troubles.status(401), "refused (401)"),
        (troubles.status(404), "refused (404)"),
        (troubles.status(500), "server error (500)"),
        (troubles.web_page(), "a web page instead of data"),
        (troubles.garbage(), "an answer that cannot be read"),
        (troubles.reset(), "no connection"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_failed_prices_are_one_request_and_every_symbol_knows_why(
    warm: YahooSource, service: FakeYahoo, trouble: troubles.Trouble, words: str
) -> None:
    service.trouble(trouble, "spark")
    answer = warm.prices(("^RUT", "^GSPC"), service.now)
    assert cause(answer, "^RUT").cause == cause(answer, "^GSPC").cause == words
    assert not answer.failures["^RUT"].unknown_symbol
    assert answer.sent == 1


def test_a_symbol_missing_among_the_prices_fails_alone(source: YahooSource, service: FakeYahoo) -> None:
    answer = source.prices(("^RUT", "^NOPE"), service.now)
    assert [tick.symbol for tick in answer.ticks] == ["^RUT"]
    assert answer.failures["^NOPE"].cause == "no data for this symbol"


def test_a_slow_answer_is_a_time_out(service: FakeYahoo, tmp_path: Path) -> None:
    source = YahooSource(Open(), tmp_path / "cache", INSTRUMENTS, timeout=0.4)
    service.trouble(troubles.slow(30.0), "spark")
    assert cause(source.prices(("^RUT",), service.now)).cause == "time-out"
    source.close()


def test_a_field_the_library_needs_and_does_not_find_is_no_crash(warm: YahooSource, service: FakeYahoo) -> None:
    """Without its currency a raw KeyError leaves the library."""
    service.trouble(troubles.without("currency"), "chart")
    assert cause(warm.chart("^RUT", "days", service.now)).cause.startswith("an answer that cannot be read")


@pytest.mark.parametrize(("header", "seconds"), [("90", 90.0), ("Fri, 17 Oct 2025 18:18:30 GMT", 120.0), (None, None)])
def test_a_429_says_how_long_the_service_wants_to_be_left_alone(
    warm: YahooSource, service: FakeYahoo, header: str | None, seconds: float | None
) -> None:
    service.trouble(troubles.too_many(header))
    assert cause(warm.chart("^RUT", "days", service.now)).retry_after == seconds


@pytest.mark.parametrize("span", ["full", "days"])
def test_after_a_429_nothing_more_of_the_question_is_sent(source: YahooSource, service: FakeYahoo, span: Span) -> None:
    """The library would send the chart again, and a crumb."""
    service.trouble(troubles.too_many(), "zone")
    answer = source.chart("^RUT", span, service.now)
    assert cause(answer).slow_down
    assert [request.what for request in service.requests] == ["cookie", "crumb", "zone"]
    assert answer.sent == 3


def test_every_further_question_ends_with_its_own_429(source: YahooSource, service: FakeYahoo) -> None:
    """From its third failure on the library goes on without a zone, to the chart."""
    service.trouble(troubles.too_many(), "zone")
    assert [source.chart("^RUT", "days", service.now).sent for _ in range(4)] == [3, 1, 1, 1]
    assert service.count("chart") == 0


def test_a_429_on_the_crumb_does_not_cost_the_chart(source: YahooSource, service: FakeYahoo) -> None:
    """Charts need no crumb, and it is not asked for again within the hour."""
    service.trouble(troubles.too_many(), "crumb")
    assert only_tick(source.chart("^RUT", "days", service.now)).last > 0
    assert only_tick(source.chart("^GSPC", "days", service.now)).last > 0
    assert service.count("crumb") == 1
    assert [request.asked.get("crumb") for request in service.requests if request.what == "chart"] == [None, None]


def test_a_crumb_that_is_no_longer_good_is_done_without(warm: YahooSource, service: FakeYahoo) -> None:
    service.trouble(troubles.unauthorized(), "chart", nth=1)
    answer = warm.chart("^RUT", "days", service.now)
    assert only_tick(answer).last > 0
    assert [request.what for request in service.requests] == ["chart", "chart"]


def test_a_service_that_refuses_twice_is_left_alone(warm: YahooSource, service: FakeYahoo) -> None:
    service.trouble(troubles.unauthorized(), "chart")
    answer = warm.chart("^RUT", "days", service.now)
    assert cause(answer).cause == "refused (401)"
    assert answer.sent == len(service.requests) == 2


@pytest.mark.parametrize(
    ("trouble", "times"),
    [
        (troubles.web_page(), 1),
        (troubles.no_result(), 1),
        (troubles.garbage(), 1),
        (troubles.status(500), 1),
        (troubles.unauthorized(), 2),
    ],
    ids=["page", "nothing", "garbage", "500", "401"],
)
def test_a_bad_answer_about_the_zone_is_not_remembered(
    source: YahooSource, service: FakeYahoo, trouble: troubles.Trouble, times: int
) -> None:
    """The library would keep it for the life of the process and never ask again."""
    service.trouble(trouble, "zone", nth=range(1, times + 1))
    assert "^RUT" in source.chart("^RUT", "full", service.now).failures
    assert len(source.chart("^RUT", "full", service.now).daily["^RUT"]) == 5


# -- the outside ---------------------------------------------------------------------------------------


def test_nobody_at_the_other_end_is_no_connection(
    service: FakeYahoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    source = YahooSource(Open(), tmp_path / "cache", INSTRUMENTS)
    assert cause(source.prices(("^RUT",), service.now)).cause.startswith("no connection")
    assert cause(source.chart("^RUT", "full", service.now)).cause.startswith("no connection")
    assert service.requests == []
    source.close()


def test_a_certificate_of_a_stranger_is_not_trusted(
    service: FakeYahoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(other))
    source = YahooSource(Open(), tmp_path / "cache", INSTRUMENTS)
    assert cause(source.prices(("^RUT",), service.now)).cause == "no connection (the certificate is not trusted)"
    source.close()


def test_nothing_is_said_to_the_terminal_whatever_goes_wrong(
    warm: YahooSource, service: FakeYahoo, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for trouble, _, _ in FAILURES:
        service.heal()
        service.trouble(trouble, "chart")
        warm.chart("^RUT", "full", service.now)
    assert capfd.readouterr() == ("", "")
    assert [record for record in caplog.records if record.name.startswith("yfinance")] == []
