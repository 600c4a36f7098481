"""The feed's alerts with a real store, real commands and a real webhook: told once, noted, tried again, never twice."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from tapewatch.core.alerts.desk import AlertDesk
from tapewatch.core.channel import Request
from tapewatch.core.clock import elapsed, wall
from tapewatch.core.model.alert import AlertReading, AlertSetting, Delivery
from tapewatch.core.store.alerts import read_deliveries, read_firings
from tapewatch.core.store.schema import connect
from tapewatch.core.universe import default_config

from .post import NEVER, Post
from .watching import board

UP = AlertSetting(name="up", on="price", symbol="^RUT", above=2460.0)
PATIENCE = 20.0


class Feed:
    """The part of a feed that alerts see: a store, a clock moved by hand, and a desk that may be begun anew."""

    def __init__(self, folder: Path, *settings: AlertSetting, outside: bool = True, shared: bool = False) -> None:
        self.database = connect(folder / "store" / "tapewatch.db")
        self.config = replace(default_config(), alerts=settings, path=str(folder / "config.toml"))
        self.now, self.said, self._outside, self._shared = wall(), list[str](), outside, shared
        self.begin()

    def begin(self) -> None:
        """A feed begins, the one before gone without a word, as after kill -9."""
        self.desk = AlertDesk(self.database, self.config, self.said.append, outside=self._outside, shared=self._shared)

    def price(self, last: float) -> AlertReading:
        """The feed publishes a price; the first alert as it stands then."""
        self.now += timedelta(seconds=1)
        alerts = self.desk.judge(board(last), self.now).alerts
        assert alerts is not None
        return alerts.alerts[0]

    def crosses(self) -> None:
        """RUT goes above 2,460."""
        self.price(2450)
        self.price(2461)

    def until(self, happened: Callable[[], bool]) -> None:
        """Go on as the loop does until something has happened."""
        begun = elapsed()
        while not happened():
            assert elapsed() - begun < PATIENCE, (self.said, self.deliveries())
            self.desk.tend(self.now)
            time.sleep(0.02)

    def later(self, seconds: float) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)
        self.desk.tend(self.now)

    def deliveries(self) -> list[Delivery]:
        """As the journal has them."""
        return list(read_deliveries(self.database).values())

    def states(self) -> list[str]:
        """Their states."""
        return [one.state for one in self.deliveries()]


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[Callable[..., Feed]]:
    made: list[Feed] = []

    def begin(*settings: AlertSetting, outside: bool = True, shared: bool = False) -> Feed:
        made.append(Feed(tmp_path, *settings, outside=outside, shared=shared))
        return made[-1]

    yield begin
    for one in made:
        one.desk.close(one.now)
        one.database.close()


@pytest.fixture(autouse=True)
def plain_network(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def waits_after(feed: Feed, hook: Post, tries: int) -> bool:
    return len(hook.received) == tries and feed.states() == ["pending"]


def nothing(*_: object) -> None:
    """A feed that is killed before it comes to tell anybody."""


def appending(file: Path, then: str = "true") -> AlertSetting:
    return replace(UP, how=("command",), command=("/bin/sh", "-c", f'echo "$1" >> "{file}"; {then}', "x", "{text}"))


def test_what_fires_is_told_by_every_way_and_noted(tmp_path: Path, feed: Callable[..., Feed]) -> None:
    out = tmp_path / "said"
    with Post() as hook:
        up = replace(appending(out), how=("bell", "command", "webhook"), url=hook.url)
        desk = feed(up)
        desk.crosses()
        desk.until(lambda: desk.states() == ["sent"] * 3)
    assert out.read_text() == "RUT 2,461.00 is at or above 2,460.00\n"
    assert [one["text"] for one in hook.received] == ["RUT 2,461.00 is at or above 2,460.00"]
    stands = desk.price(2462)
    assert {told.way: told.state for told in stands.told} == dict.fromkeys(up.how, "sent")
    assert stands.last_text == "RUT 2,461.00 is at or above 2,460.00"


def test_a_webhook_that_fails_is_tried_again_with_growing_pauses_and_the_same_key(feed: Callable[..., Feed]) -> None:
    with Post(500, 503, 200) as hook:
        desk = feed(replace(UP, how=("webhook",), url=hook.url))
        desk.crosses()
        pauses: list[float] = []
        for tries in (1, 2):
            desk.until(partial(waits_after, desk, hook, tries))
            (one,) = desk.deliveries()
            assert one.next_try is not None
            pauses.append((one.next_try - desk.now).total_seconds())
            assert one.cause.startswith("server error (50")
            desk.later(pauses[-1] - 1)
            assert desk.states() == ["pending"]
            desk.later(1)
        desk.until(lambda: desk.states() == ["sent"])
    assert pauses == [10.0, 60.0]
    assert len({one["idempotency_key"] for one in hook.received}) == 1
    assert desk.said.count("an alert's webhook server error (500)") == 1


def test_a_webhook_that_never_takes_it_is_given_up_after_some_hours(feed: Callable[..., Feed]) -> None:
    with Post(500) as hook:
        desk = feed(replace(UP, how=("webhook",), url=hook.url))
        desk.crosses()
        while desk.states() != ["failed"]:
            desk.until(lambda: desk.states() != ["begun"])
            desk.later(3600)
        assert len(hook.received) == 8
    assert desk.price(2470).told[0].cause == "server error (500)"


def test_one_that_hangs_keeps_nobody_else_waiting(tmp_path: Path, feed: Callable[..., Feed]) -> None:
    out = tmp_path / "said"
    with Post(NEVER) as hook:
        desk = feed(replace(appending(out), how=("webhook", "command"), url=hook.url))
        begun = elapsed()
        desk.crosses()
        assert elapsed() - begun < 2.0
        desk.until(lambda: sorted(desk.states()) == ["begun", "sent"])
    assert out.exists()


def test_a_command_that_failed_is_run_again_only_where_that_is_asked(tmp_path: Path, feed: Callable[..., Feed]) -> None:
    out = tmp_path / "said"
    desk = feed(appending(out, "exit 3"), replace(appending(out, "exit 3"), name="again", retry=True))
    desk.crosses()
    desk.until(lambda: sorted(desk.states()) == ["failed", "pending"])
    desk.later(10)
    desk.until(lambda: len(out.read_text().splitlines()) == 3)
    assert any("ended with exit code 3" in said for said in desk.said)


def test_a_command_that_is_missing_is_tried_again_for_it_never_began(feed: Callable[..., Feed]) -> None:
    desk = feed(replace(UP, how=("command",), command=("/nowhere/ding",)))
    desk.crosses()
    desk.until(lambda: desk.states() == ["pending"])
    assert desk.deliveries()[0].cause == "/nowhere/ding cannot be started: No such file or directory"


def test_killed_between_written_and_told_the_next_feed_tells_it_once(
    tmp_path: Path, feed: Callable[..., Feed], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "said"
    desk = feed(appending(out))
    with monkeypatch.context() as killed:
        killed.setattr(AlertDesk, "_send", nothing)
        desk.crosses()
    assert desk.states() == ["pending"]
    assert not out.exists()
    desk.begin()
    desk.price(2461)
    desk.until(lambda: desk.states() == ["sent"])
    desk.begin()
    desk.price(2461)
    desk.later(60)
    assert len(out.read_text().splitlines()) == 1
    assert len(read_firings(desk.database)) == 1


def test_a_command_that_had_begun_is_never_begun_again_and_a_webhook_goes_on_with_its_key(
    tmp_path: Path, feed: Callable[..., Feed]
) -> None:
    out = tmp_path / "said"
    with Post(NEVER, 200) as hook:
        desk = feed(replace(appending(out, "sleep 60"), how=("command", "webhook"), url=hook.url))
        desk.crosses()
        desk.until(lambda: out.exists() and len(hook.received) == 1)
        before = desk.states()
        desk.begin()
        assert before == ["begun", "begun"]
        desk.price(2461)
        desk.until(lambda: "sent" in desk.states())
        told = {one.way: one for one in desk.deliveries()}
    assert (told["command"].state, told["webhook"].state) == ("failed", "sent")
    assert told["command"].cause == "the feed ended while it ran: it is not run again"
    assert hook.received[0]["idempotency_key"] == hook.received[1]["idempotency_key"]
    assert len(out.read_text().splitlines()) == 1


def test_a_demo_tells_nobody_outside_but_a_test_of_the_user(tmp_path: Path, feed: Callable[..., Feed]) -> None:
    out = tmp_path / "said"
    desk = feed(replace(appending(out), how=("bell", "command")), outside=False)
    desk.crosses()
    assert sorted(desk.states()) == ["dropped", "sent"]
    assert desk.desk.stays_until(desk.now) is None
    desk.desk.heard(Request(kind="alerts-test", asked_at=desk.now, symbol="up"), desk.now)
    desk.until(out.exists)
    assert "a test of this alert, which waits for: RUT at or above 2,460" in out.read_text()


def test_the_desktop_is_told_where_there_is_one(
    tmp_path: Path, feed: Callable[..., Feed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    desk = feed(replace(UP, how=("desktop",)))
    desk.crosses()
    desk.until(lambda: desk.states() == ["failed"])
    assert desk.deliveries()[0].cause == "there is no notify-send here"
    (tmp_path / "notify-send").write_text(f'#!/bin/sh\nprintf "%s|" "$@" > "{tmp_path}/shown"\n')
    (tmp_path / "notify-send").chmod(0o755)
    desk.desk.test("up", desk.now)
    desk.until(lambda: "sent" in desk.states())
    said = "a test of this alert, which waits for: RUT at or above 2,460"
    assert (tmp_path / "shown").read_text() == f"--app-name=tapewatch|--|up|{said}|"


def test_in_a_shared_store_nobody_reads_what_a_command_is_or_said(feed: Callable[..., Feed]) -> None:
    desk = feed(replace(UP, how=("command",), command=("/nowhere/secret-name",)), shared=True)
    desk.crosses()
    desk.until(lambda: desk.states() == ["pending"])
    stands = desk.price(2462)
    assert stands.told[0].cause == "see the log of the feed"
    assert "secret" not in str(stands)


def test_what_is_muted_is_told_to_nobody_until_it_is_not(tmp_path: Path, feed: Callable[..., Feed]) -> None:
    out = tmp_path / "said"
    desk = feed(appending(out), replace(UP, name="other"))
    desk.price(2450)
    desk.desk.heard(Request(kind="alerts-mute", asked_at=desk.now, symbol="up", value="3600"), desk.now)
    stands = desk.price(2461)
    assert (stands.state, stands.until) == ("muted", desk.now + timedelta(seconds=3599))
    told = {one.way: (one.state, one.cause) for one in desk.deliveries()}
    assert told == {"command": ("dropped", "muted"), "bell": ("sent", "")}
    desk.begin()
    assert desk.price(2461).state == "muted"
    desk.desk.heard(Request(kind="alerts-mute", asked_at=desk.now, symbol="up"), desk.now)
    assert desk.price(2461).state == "cooling"
    desk.now += timedelta(minutes=16)
    desk.crosses()
    desk.until(out.exists)


def test_what_fired_at_night_is_told_in_the_morning_also_by_the_next_feed(
    tmp_path: Path, feed: Callable[..., Feed]
) -> None:
    out = tmp_path / "said"
    hour = wall().hour
    night = replace(appending(out), quiet=f"{hour:02}:00-{(hour + 2) % 24:02}:00", zone="UTC")
    desk = feed(night)
    desk.crosses()
    assert desk.price(2461).state == "quiet"
    desk.begin()
    desk.later(600)
    assert desk.states() == ["pending"]
    desk.later(7200)
    desk.until(out.exists)


def test_screens_are_given_one_ring_a_firing_and_the_next_feed_gives_the_same(feed: Callable[..., Feed]) -> None:
    desk = feed(replace(UP, how=("bell", "notify")), replace(UP, name="silent", how=("notify",)))
    desk.crosses()
    first = desk.desk.standing(desk.now)
    desk.begin()
    again = desk.desk.judge(board(2461), desk.now).alerts
    assert first is not None
    assert again is not None
    assert [(ring.alert, ring.bell, ring.notify) for ring in first.rings] == [
        ("up", True, True), ("silent", False, True),
    ]  # fmt: skip
    assert again.rings == first.rings


def test_settings_changed_while_the_feed_runs_go_on_where_the_condition_is_the_same(feed: Callable[..., Feed]) -> None:
    desk = feed(UP, replace(UP, name="gone"))
    desk.crosses()
    changed = (replace(UP, how=("notify",)), replace(UP, name="new", above=2455.0))
    desk.desk.configure(replace(desk.config, alerts=changed), desk.now)
    desk.price(2462)
    assert [one.alert for one in read_firings(desk.database)] == ["up", "gone"]
    names = [name for (name,) in desk.database.execute("SELECT name FROM alerts ORDER BY name")]
    assert names == ["new", "up"]


def test_settings_that_cannot_be_read_lose_nothing_that_was_still_to_be_told(
    tmp_path: Path, feed: Callable[..., Feed]
) -> None:
    desk, out = feed(replace(UP, how=("command",), command=("/nowhere/ding",))), tmp_path / "said"
    desk.crosses()
    desk.until(lambda: desk.states() == ["pending"])
    whole, broken = desk.config, replace(desk.config, alerts=(), path=None)
    desk.config = broken
    desk.begin()
    desk.later(60)
    assert desk.states() == ["pending"]
    desk.config = replace(whole, alerts=(appending(out),))
    desk.begin()
    desk.price(2461)
    desk.until(out.exists)
    assert len(read_firings(desk.database)) == 1


def test_a_store_that_refuses_costs_no_firing(feed: Callable[..., Feed]) -> None:
    desk = feed(UP)
    desk.price(2450)
    desk.database.execute("PRAGMA query_only = ON")
    with pytest.raises(sqlite3.OperationalError):
        desk.price(2461)
    desk.database.execute("PRAGMA query_only = OFF")
    desk.price(2461)
    assert [one.alert for one in read_firings(desk.database)] == ["up"]
