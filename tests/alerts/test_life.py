"""Nobody watches: with alerts the feed stays until half an hour after the close, without them it goes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tapewatch.core import feed_loop
from tapewatch.core.feed_loop import live
from tapewatch.core.model.alert import AlertSetting
from tests.core.test_feed import BOARD, Desk, desk, well
from tests.market import Played, eastern

UP = AlertSetting(name="up", on="price", symbol="^A", above=1e6)
ANY = AlertSetting(name="any", on="flag")
MORNING, NOON = eastern("2025-10-17 05:00"), eastern("2025-10-17 12:00")


def lived(market: Desk, *, service: bool = False, hours: int = 12) -> datetime | None:
    """When a feed that nobody watches ended, of itself; None where it had to be stopped."""
    end = market.clock.now() + timedelta(hours=hours)

    def wait(_: float) -> None:
        market.clock.jump(market.clock.now() + timedelta(minutes=5))

    live(market.feed, lambda: market.clock.now() > end, wait, service=service)
    return market.clock.now() if market.clock.now() <= end else None


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_loop, "UNWATCHED", -1.0)


@pytest.fixture
def market(tmp_path: Path) -> Callable[..., datetime | None]:
    def run(start: str, *alerts: AlertSetting, service: bool = False) -> datetime | None:
        with desk(tmp_path, replace(BOARD, alerts=alerts), Played(well), eastern(start)) as made:
            return lived(made, service=service)

    return run


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2025-10-17 12:00", "2025-10-17 16:30"),
        ("2025-10-17 05:00", "2025-10-17 16:30"),
        ("2025-10-17 16:10", "2025-10-17 16:30"),
        ("2025-10-17 17:00", "2025-10-17 17:05"),
        ("2025-10-18 12:00", "2025-10-18 12:05"),
        ("2025-11-28 12:00", "2025-11-28 13:30"),
    ],
    ids=["session", "before the open", "after the bell", "evening", "Saturday", "half day"],
)
def test_with_an_alert_it_stays_until_half_an_hour_after_the_close(
    market: Callable[..., datetime | None], start: str, end: str
) -> None:
    ended = market(start, UP)
    assert ended is not None
    assert timedelta() <= ended - eastern(end) <= timedelta(minutes=5)


def test_without_alerts_it_goes_at_once(market: Callable[..., datetime | None]) -> None:
    assert market("2025-10-17 12:00") == NOON + timedelta(minutes=5)


def test_as_a_service_it_stays_for_good(market: Callable[..., datetime | None]) -> None:
    assert market("2025-10-17 12:00", service=True) is None


def test_the_screen_is_told_until_when(tmp_path: Path) -> None:
    with desk(tmp_path, replace(BOARD, alerts=(UP,)), Played(well), NOON) as market:
        market.step()
        alerts = market.snapshot().alerts
    assert alerts is not None
    assert alerts.stays_until == eastern("2025-10-17 16:30")
    assert not alerts.service


def test_an_alert_written_while_the_feed_runs_is_taken_up_and_a_broken_file_changes_nothing(tmp_path: Path) -> None:
    with desk(tmp_path, replace(BOARD, alerts=()), Played(well), NOON) as market:
        market.feed.paths.config_file.parent.mkdir(parents=True, exist_ok=True)
        market.step()
        assert market.snapshot().alerts is None
        file = market.feed.paths.config_file
        file.write_text('[[alerts]]\nname = "old"\non = "stale"\n')
        market.feed.hear(NOON)
        file.write_text("[[alerts]\nname = ")
        market.feed.hear(NOON)
        alerts = market.snapshot().alerts
        assert alerts is not None
        assert [one.name for one in alerts.alerts] == ["old"]
        file.unlink()
        market.feed.hear(NOON)  # some editors write a file anew: one that is gone is believed at the second look
        market.feed.hear(NOON)
        assert market.snapshot().alerts is None
