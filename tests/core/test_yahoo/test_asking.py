"""The real client against a service of our own, TLS and all: what is asked, and what the session shows."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tapewatch.core.sources.yahoo import YahooSource
from tapewatch.core.universe import INSTRUMENTS

from ...fake_yahoo import FakeYahoo, troubles
from ...fake_yahoo.library import forget
from ...fake_yahoo.week import AFTERNOON, EVENING, FRIDAY, RUT_DAYS, Open, cause, only_tick

ROOT = Path(__file__).parents[3] / ".editable"


# -- what is asked -------------------------------------------------------------------------------------


def test_a_first_history_is_four_requests_and_the_next_chart_one(source: YahooSource, service: FakeYahoo) -> None:
    first = source.chart("^RUT", "full", service.now)
    assert [request.what for request in service.requests] == ["cookie", "crumb", "zone", "chart"]
    assert first.sent == 4

    again = source.chart("^RUT", "days", service.now)
    assert [request.what for request in service.requests[4:]] == ["chart"]
    assert again.sent == 1

    assert source.chart("^GSPC", "full", service.now).sent == 2
    assert service.strangers == []


def test_prices_of_all_symbols_are_one_request(source: YahooSource, service: FakeYahoo) -> None:
    answer = source.prices(("^RUT", "^GSPC", "^HSI"), service.now)
    assert answer.sent == 1
    assert [request.symbols for request in service.requests] == [("^RUT", "^GSPC", "^HSI")]
    assert {tick.symbol for tick in answer.ticks} == {"^RUT", "^GSPC", "^HSI"}


def test_more_than_twenty_symbols_are_asked_for_in_two(source: YahooSource, service: FakeYahoo) -> None:
    symbols = tuple(one.symbol for one in INSTRUMENTS)[:22]
    assert source.prices(symbols, service.now).sent == 2
    assert tuple(symbol for request in service.requests for symbol in request.symbols) == symbols


def test_a_restarted_feed_knows_cookie_and_zone_from_its_cache(
    source: YahooSource, service: FakeYahoo, tmp_path: Path
) -> None:
    source.chart("^RUT", "days", service.now)
    service.requests.clear()
    forget()

    again = YahooSource(Open(), tmp_path / "cache", INSTRUMENTS)
    assert again.chart("^RUT", "days", service.now).failures == {}
    again.close()

    assert [request.what for request in service.requests] == ["crumb", "chart"]


def test_the_librarys_folder_is_private_and_a_damaged_one_is_made_again(service: FakeYahoo, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o700)
    for name in ("tkr-tz.db", "cookies.db"):
        (folder / name).write_bytes(b"this was a database once " * 400)
    source = YahooSource(Open(), folder, INSTRUMENTS)
    assert source.chart("^RUT", "days", service.now).failures == {}
    source.close()

    made = YahooSource(Open(), tmp_path / "new", INSTRUMENTS)
    made.prices(("^RUT",), service.now)
    made.close()
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_a_failure_and_no_crash(service: FakeYahoo, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    source = YahooSource(Open(), tmp_path / "file" / "cache", INSTRUMENTS)
    assert "cannot create" in cause(source.chart("^RUT", "days", service.now)).cause
    assert service.requests == []


def test_the_library_is_not_imported_before_the_first_request() -> None:
    """It costs half a second and 100 MB."""
    program = (
        "import sys; from tapewatch.core.sources.yahoo import YahooSource; "
        "print([name for name in ('yfinance', 'curl_cffi', 'pandas') if name in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def test_a_process_of_its_own_needs_nothing_but_its_environment(service: FakeYahoo, tmp_path: Path) -> None:
    program = """
import sys
from datetime import datetime
from pathlib import Path
from tapewatch.core.sources.yahoo import YahooSource
from tapewatch.core.universe import INSTRUMENTS

class Open:
    def claim(self, now, url):
        return True

source = YahooSource(Open(), Path(sys.argv[1]), INSTRUMENTS)
answer = source.chart("^RUT", "full", datetime.fromisoformat(sys.argv[2]))
print(answer.ticks[0].last, len(answer.daily["^RUT"]), answer.sent)
"""
    arguments = [sys.executable, "-W", "error", "-c", program, str(tmp_path / "cache"), service.now.isoformat()]
    environment = {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)} | service.environment()
    found = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)

    seen = service.market.seen("^RUT", service.now)
    assert seen is not None
    assert (found.stdout.split(), found.stderr) == ([str(seen.price), "5", "4"], "")
    assert list(tmp_path.iterdir()) == [tmp_path / "cache"]


# -- what the session shows ----------------------------------------------------------------------------


def test_the_history_arrives_whole_and_unadjusted(source: YahooSource, service: FakeYahoo) -> None:
    bars = source.chart("^RUT", "full", service.now).daily["^RUT"]
    assert [bars.bar(index) for index in range(4)] == list(RUT_DAYS[:4])
    assert bars.day(4) == FRIDAY


def test_in_session_the_price_is_the_quotes_own_and_the_range_the_days(source: YahooSource, service: FakeYahoo) -> None:
    tick = only_tick(source.chart("^RUT", "days", service.now))
    assert (tick.session, tick.time, tick.range_as_of) == (FRIDAY, AFTERNOON, AFTERNOON)
    assert (tick.open, tick.high) == (2455.66, 2465.09)  # the walk tops in its first third
    assert tick.low is not None
    assert 2433.19 <= tick.low < 2455.66
    assert tick.delay == timedelta()


def test_prices_carry_the_sessions_closes_and_no_range(source: YahooSource, service: FakeYahoo) -> None:
    tick = only_tick(source.prices(("^RUT",), service.now))
    assert (tick.session, tick.time) == (FRIDAY, AFTERNOON)
    assert (tick.high, tick.low, tick.range_as_of) == (None, None, None)
    assert tick.bars.starts[0] == datetime(2025, 10, 17, 13, 30, tzinfo=UTC)
    assert len(tick.bars.starts) == 58  # 13:30 to 18:10 whole, 18:15 running
    assert tick.bars.closes[-1] == tick.last


def test_a_spike_between_two_polls_shows_in_the_chart_alone(source: YahooSource, service: FakeYahoo) -> None:
    service.spike("^RUT", at=AFTERNOON - timedelta(minutes=1), high=2499.99)
    assert max(only_tick(source.prices(("^RUT",), service.now)).bars.closes) < 2499.99
    answer = source.chart("^RUT", "days", service.now)
    assert only_tick(answer).high == 2499.99
    assert answer.daily["^RUT"].bar(-1).high == 2499.99


def test_after_the_close_the_official_bar_is_the_days(warm: YahooSource, service: FakeYahoo) -> None:
    service.now = EVENING
    answer = warm.chart("^RUT", "days", service.now)
    assert answer.daily["^RUT"].bar(-1) == RUT_DAYS[-1]
    assert only_tick(answer).last == 2452.17
    assert only_tick(answer).time == datetime(2025, 10, 17, 20, 0, tzinfo=UTC)


def test_a_delayed_exchange_says_so_and_its_quote_is_old(source: YahooSource, service: FakeYahoo) -> None:
    service.now = datetime(2025, 10, 17, 3, 0, tzinfo=UTC)
    tick = only_tick(source.chart("^HSI", "days", service.now))
    assert tick.delay == timedelta(minutes=15)
    assert tick.session == date(2025, 10, 16)


# -- wrong rows ----------------------------------------------------------------------------------------


def test_a_live_row_stamped_now_is_the_session(warm: YahooSource, service: FakeYahoo) -> None:
    service.trouble(troubles.live_row_stamped_now(), "chart")
    answer = warm.chart("^RUT", "days", service.now)
    assert answer.daily["^RUT"].day(-1) == FRIDAY
    assert only_tick(answer).high == 2465.09


def test_a_live_row_that_comes_twice_keeps_the_days_range(warm: YahooSource, service: FakeYahoo) -> None:
    service.trouble(troubles.live_row_twice(), "chart")
    answer = warm.chart("^RUT", "days", service.now)
    tick = only_tick(answer)
    assert (tick.high, tick.open) == (2465.09, None)
    bars = answer.daily["^RUT"]
    assert [bars.day(index) for index in range(-2, 0)] == [date(2025, 10, 16), FRIDAY]
    assert bars.bar(-1).high == 2465.09


@pytest.mark.parametrize(("keep_close", "why"), [(False, "no close"), (True, "only a close")])
def test_a_row_of_nulls_is_named_and_the_rest_stands(
    warm: YahooSource, service: FakeYahoo, keep_close: bool, why: str
) -> None:
    service.trouble(troubles.null_row(-2, keep_close), "chart")
    answer = warm.chart("^RUT", "days", service.now)
    assert answer.refused == (f"^RUT 2025-10-16: {why}",)
    assert len(answer.daily["^RUT"]) == 4
    assert only_tick(answer).session == FRIDAY


def test_an_index_of_closes_alone_is_a_price_without_bars(warm: YahooSource, service: FakeYahoo) -> None:
    service.trouble(troubles.only_closes(), "chart")
    answer = warm.chart("^RUT", "days", service.now)
    assert answer.daily == {}
    assert len(answer.refused) == 1
    assert only_tick(answer).high is None


def test_a_null_at_the_end_leaves_the_price_before(warm: YahooSource, service: FakeYahoo) -> None:
    service.trouble(troubles.null_closes(-1), "spark")
    tick = only_tick(warm.prices(("^RUT",), service.now))
    assert tick.time == datetime(2025, 10, 17, 18, 15, tzinfo=UTC)
