"""Feeds that come late, come again, or find less than they need: nothing false meanwhile, nothing lost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest

from tapewatch.core.model.config import RuleSetting

from ..fake_yahoo import FakeYahoo, load_daily, load_five_minutes, troubles
from .desk import Desk, desk, eastern, watching

PAIR = RuleSetting(rule="same-day-direction", watched="^RUT", against=("^GSPC", "^IXIC"))
NAMES = {"^RUT": "RUT", "^GSPC": "SPX", "^IXIC": "IXIC"}
DAY = "2025-10-17"

Open = Callable[[str, str | None], AbstractContextManager[Desk]]


@pytest.fixture
def opened(daily_folder: Path, intraday_folder: Path, tmp_path: Path) -> Open:
    """A desk from a time of 17 October on, its store filled up to a day (None: empty)."""

    def make(start: str, upto: str | None) -> AbstractContextManager[Desk]:
        bars = {symbol: load_five_minutes(intraday_folder / f"{name}_5m_{DAY}.csv") for symbol, name in NAMES.items()}
        service = FakeYahoo(load_daily(daily_folder), bars, eastern(start))
        last = eastern(f"{upto} 00:00") if upto else None
        return desk(tmp_path, watching(*NAMES, rules=(PAIR,)), service, eastern(start), last)

    return make


@pytest.mark.parametrize("start", [f"{DAY} 17:00", "2025-10-18 11:00", "2025-10-20 08:00"])
def test_an_empty_store_is_filled_outside_the_session_without_a_false_flag(opened: Open, start: str) -> None:
    with opened(start, None) as late:
        late.until(eastern(start) + timedelta(minutes=20))
        assert late.snapshot.health.history_loaded == (3, 3)
        assert [state for _, state in late.journal()] == ["confirmed"]


def test_a_day_is_judged_only_when_the_closes_before_it_are_here(opened: Open) -> None:
    """Opened at 15:10 with a store a week old: unknown at first, then the same journal as if always there."""
    with opened(f"{DAY} 15:10", "2025-10-10") as late:
        late.feed.step()
        first = late.snapshot
        assert late.journal() == []
        assert {flag.state for flag in first.flags} <= {"unknown"}
        late.until(eastern(f"{DAY} 15:20"))
        assert late.journal() == [("17 14:20", "forming"), ("17 14:35", "provisional")]


def test_a_feed_started_again_goes_on_from_what_was_published(opened: Open) -> None:
    """Killed in the session and started in a pause: the live price stays, with its age, and the cause is said."""
    with opened(f"{DAY} 11:00", "2025-10-16") as day:
        day.until(eastern(f"{DAY} 11:05"))
        before = day.snapshot.row("RUT")
        success = day.snapshot.health.last_success
        assert before is not None
        assert before.quote is not None
        day.budget.pause(eastern(f"{DAY} 11:30"), "slowed down (429)")
        day.clock.jump(eastern(f"{DAY} 11:10"))
        sent = day.service.count()
        day.open_feed()
        day.feed.step()
        after, health = day.snapshot.row("RUT"), day.snapshot.health
        assert after is not None
        assert after.quote is not None
        assert (after.quote.last, after.quote.time) == (before.quote.last, before.quote.time)
        assert (health.error, health.last_success) == ("slowed down (429)", success)
        assert health.paused_until == eastern(f"{DAY} 11:30")
        assert day.service.count() == sent


def test_a_pause_the_service_cannot_mean_is_cut_to_six_hours(opened: Open) -> None:
    with opened(f"{DAY} 11:00", "2025-10-16") as day:
        day.service.trouble(troubles.too_many("999999999999"))
        day.feed.step()
        pause = day.budget.paused(eastern(f"{DAY} 11:01"))
        assert pause is not None
        assert pause.until <= eastern(f"{DAY} 17:01")
