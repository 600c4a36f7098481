"""The service, running, and sources that ask it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tapewatch.core.sources.yahoo import YahooSource
from tapewatch.core.store.budget import Budget
from tapewatch.core.store.schema import connect
from tapewatch.core.universe import INSTRUMENTS

from ...fake_yahoo import FakeYahoo, walk
from ...fake_yahoo.week import AFTERNOON, HISTORY, Open


@pytest.fixture(scope="module")
def running() -> Iterator[FakeYahoo]:
    intraday = {symbol: walk(bars.bar(-1)) for symbol, bars in HISTORY.items() if symbol != "^HSI"}
    with FakeYahoo(HISTORY, intraday, AFTERNOON) as service:
        yield service


@pytest.fixture
def service(running: FakeYahoo) -> Iterator[FakeYahoo]:
    """The service as new, reached from this process by a client as newly started."""
    running.heal()
    running.requests.clear()
    running.market.spikes.clear()
    running.now = AFTERNOON
    with running.here():
        yield running


@pytest.fixture
def source(service: FakeYahoo, tmp_path: Path) -> Iterator[YahooSource]:
    assert service
    made = YahooSource(Open(), tmp_path / "cache", INSTRUMENTS)
    yield made
    made.close()


@pytest.fixture
def warm(source: YahooSource, service: FakeYahoo) -> YahooSource:
    """A source that has been asked before: cookie, crumb and zone are known."""
    source.chart("^RUT", "days", service.now)
    service.requests.clear()
    return source


@pytest.fixture
def budget(tmp_path: Path) -> Iterator[Budget]:
    database = connect(tmp_path / "tapewatch.db")
    yield Budget(database, per_hour=240, burst=6)
    database.close()
