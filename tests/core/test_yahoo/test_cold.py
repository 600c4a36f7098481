"""A source whose very first answers are none: what it was told then it does not hold on to."""

from pathlib import Path

import pytest

from tapewatch.core.sources.yahoo import YahooSource
from tapewatch.core.universe import INSTRUMENTS

from ...fake_yahoo import FakeYahoo, lies, troubles
from ...fake_yahoo.week import Open

FIRST = {
    "a maintenance page": troubles.web_page(),
    "truncated JSON": lies.halved(),
    "an empty body": lies.body(b""),
    "no result": troubles.no_result(),
    "no zone": troubles.without("exchangeTimezoneName"),
    "404": troubles.status(404),
    "500": troubles.status(500),
    "429": troubles.too_many(),
    "a captive portal": troubles.moved("https://login.hotel.example/"),
}


@pytest.mark.parametrize("trouble", FIRST.values(), ids=FIRST)
def test_a_cold_source_gets_over_answers_that_were_none(
    service: FakeYahoo, tmp_path: Path, trouble: troubles.Trouble
) -> None:
    source = YahooSource(Open(), tmp_path / "cache", INSTRUMENTS)
    service.trouble(trouble, "zone")
    service.trouble(trouble, "chart")
    assert source.chart("^RUT", "days", service.now).failures
    assert source.chart("^RUT", "days", service.now).failures
    service.heal()
    assert source.chart("^RUT", "days", service.now).failures == {}
    source.close()
