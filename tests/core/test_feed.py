"""The feed: asks, rests, pauses, judges and publishes; how often it asks changes no journal."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tapewatch.core import channel
from tapewatch.core.account import BACK_OFF
from tapewatch.core.bars import Bar, Bars
from tapewatch.core.channel import read_snapshot
from tapewatch.core.clock import PacedClock
from tapewatch.core.feed import Feed
from tapewatch.core.model.config import Config
from tapewatch.core.model.flag import Event
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.sources import Answer, Source, Span
from tapewatch.core.sources.sample import SampleSource
from tapewatch.core.store.bars import save_bars
from tapewatch.core.store.budget import Budget
from tapewatch.core.store.journal import read_events
from tapewatch.core.store.schema import connect
from tapewatch.core.store.symbols import mark_full
from tapewatch.core.universe import default_config

from ..market import Played, eastern, failing, index, rows, tick, walk, watching

NOON = eastern("2025-10-17 12:00")
ONE, OTHER = index("^A"), index("^B")
PAST = walk(5, 700, first=datetime(2023, 1, 3).date()).upto(datetime(2025, 10, 16).date())  # noqa: DTZ001
MINUTE = timedelta(minutes=1)


class Desk:
    """A feed on a clock that only moves when told to."""

    def __init__(self, paths: Paths, database: sqlite3.Connection, config: Config, source: Source, start: datetime):
        self.paths, self.database = paths, database
        self.clock = PacedClock(start, 0.0)
        self.said: list[str] = []
        self.budget = Budget(database, source.manners.budget, 6)
        self.feed = Feed(paths, config, source, self.clock, database, self.budget, log=self.said.append)

    def step(self, now: datetime | None = None) -> datetime:
        """Step at a moment; returns when the feed wants to step again."""
        self.clock.jump(now or self.clock.now())
        return self.feed.step()

    def until(self, end: datetime, every: timedelta | None = None) -> None:
        """Step whenever the feed wants to, or more often."""
        while (now := self.clock.now()) < end:
            due = self.step(now)
            self.clock.jump(min(end, due, now + every if every else due))

    def snapshot(self) -> Snapshot:
        found = read_snapshot(self.paths)
        assert found is not None
        return found

    def journal(self) -> tuple[Event, ...]:
        return read_events(self.database)


@contextmanager
def desk(
    folder: Path, config: Config, source: Source, start: datetime = NOON, *, filled: bool = True
) -> Generator[Desk]:
    paths = default_paths(folder / "store")
    database = connect(paths.database)
    paths.requests.mkdir(exist_ok=True)
    for one in config.watched if filled else ():
        save_bars(database, one.symbol, rows(PAST), source="test", state="final", taken_at=start)
        mark_full(database, one.symbol)
    try:
        yield Desk(paths, database, config, source, start)
    finally:
        database.close()


BOARD = watching(ONE, OTHER)


def well(symbols: tuple[str, ...], span: Span | None, now: datetime) -> Answer:
    """A service that always knows a price."""
    last = float(PAST.close[-1])
    ticks = tuple(
        tick(symbol, now, last, open=last, high=last, low=last) if span else tick(symbol, now, last)
        for symbol in symbols
    )
    return Answer(ticks=ticks, sent=1, taken_at=now)


# -- health ---------------------------------------------------------------------------------------------


def test_a_failure_is_counted_and_leaves_the_last_success_alone(tmp_path: Path) -> None:
    service = Played(well)
    with desk(tmp_path, BOARD, service) as market:
        market.step()
        good = market.snapshot().health
        assert (good.last_success, good.error, good.attempts, good.next_try) == (NOON, None, 0, None)
        service.at = failing("HTTP 500")
        due = market.step(NOON + MINUTE)
        bad = market.snapshot().health
        assert (bad.last_success, bad.error, bad.attempts) == (NOON, "HTTP 500", 1)
        assert (bad.failing_since, bad.next_try) == (NOON + MINUTE, due)
        assert bad.silent == ("^A", "^B")
        service.at = well
        market.step(due)
        again = market.snapshot().health
        assert (again.last_success, again.error, again.attempts, again.failing_since) == (due, None, 0, None)
        assert again.silent == ()


def test_the_rest_after_failures_grows_and_nothing_is_sent_meanwhile(tmp_path: Path) -> None:
    service = Played(failing("no network"))
    with desk(tmp_path, BOARD, service) as market:
        for rest in (*BACK_OFF, BACK_OFF[-1]):
            sent = len(service.asked)
            now = market.clock.now()
            due = market.step()
            assert len(service.asked) == sent + 1
            assert timedelta(seconds=rest) <= due - now <= timedelta(seconds=rest + 18)
            assert market.snapshot().health.next_try == due
            market.step(now + timedelta(seconds=rest - 1))
            assert len(service.asked) == sent + 1
            market.clock.jump(due)
        assert list(BACK_OFF) == sorted(BACK_OFF)


def test_a_429_pauses_as_long_as_it_says_and_twice_as_long_the_next_time(tmp_path: Path) -> None:
    service = Played(failing("asked to slow down", slow_down=True, status=429))
    with desk(tmp_path, BOARD, service) as market:
        ends: list[float] = []
        for _ in range(3):
            now = market.clock.now()
            due = market.step()
            pause = market.snapshot().health.paused_until
            assert pause is not None
            assert due >= pause
            ends.append((pause - now).total_seconds())
            sent = len(service.asked)
            market.step(pause - timedelta(seconds=1))
            assert len(service.asked) == sent
            market.clock.jump(pause)
        assert ends == [60, 120, 240]


def test_a_pause_asked_for_by_the_service_is_kept_to_the_second(tmp_path: Path) -> None:
    service = Played(failing("asked to slow down", slow_down=True, retry_after=777.0))
    with desk(tmp_path, BOARD, service) as market:
        market.step()
        assert market.snapshot().health.paused_until == NOON + timedelta(seconds=777)


def test_a_pause_is_obeyed_by_the_next_feed(tmp_path: Path) -> None:
    with desk(tmp_path, BOARD, Played(failing("slow", slow_down=True, retry_after=600.0))) as first:
        first.step()
    service = Played(well)
    with desk(tmp_path, BOARD, service, NOON + 9 * MINUTE) as second:
        assert second.step() == NOON + 10 * MINUTE
        assert service.asked == []
        second.step(NOON + 10 * MINUTE)
        assert service.asked[0][0] == NOON + 10 * MINUTE


def test_a_symbol_the_service_does_not_know_is_no_failure_of_the_service(tmp_path: Path) -> None:
    def one_is_unknown(symbols: tuple[str, ...], span: Span | None, now: datetime) -> Answer:
        answer = well(tuple(symbol for symbol in symbols if symbol != "^B"), span, now)
        gone = failing("HTTP 404", unknown_symbol=True)(symbols, span, now).failures
        return replace(answer, failures={"^B": gone["^B"]} if "^B" in gone else {})

    service = Played(one_is_unknown)
    with desk(tmp_path, BOARD, service) as market:
        market.until(NOON + 5 * MINUTE)
        health = market.snapshot().health
        assert (health.error, health.silent) == (None, ("^B",))
        assert sum("^B" in symbols for _, symbols in service.asked) == 1
        assert market.budget.is_unknown("^B", NOON.date())


def test_in_any_hour_no_more_is_sent_than_the_budget(tmp_path: Path) -> None:
    service = Played(well)
    with desk(tmp_path, BOARD, service, eastern("2025-10-17 09:00")) as market:
        times: list[datetime] = []

        def counted(symbols: tuple[str, ...], span: Span | None, now: datetime) -> Answer:
            assert market.budget.claim(now, "u")
            times.append(now)
            return well(symbols, span, now)

        service.at = counted
        market.until(eastern("2025-10-17 12:00"))
        most = max(sum(one <= other < one + timedelta(hours=1) for other in times) for one in times)
        assert 100 < most <= 240


def test_nothing_is_sent_over_a_weekend(tmp_path: Path) -> None:
    service = Played(well)
    with desk(tmp_path, BOARD, service, eastern("2025-10-17 23:00")) as market:
        official = Bar(eastern("2025-10-17 12:00").date(), 1000, 1001, 999, 1000)
        for one in BOARD.watched:
            save_bars(market.database, one.symbol, [official], source="test", state="final", taken_at=NOON)
        channel.ask(market.paths, "reload")
        market.until(eastern("2025-10-20 08:00"))
        assert service.asked == []
        market.until(eastern("2025-10-20 09:31"))
        assert service.asked != []


# -- the folder -----------------------------------------------------------------------------------------


def test_every_step_publishes_something_newer(tmp_path: Path) -> None:
    with desk(tmp_path, BOARD, Played(well)) as market:
        versions = []
        for step in range(4):
            market.step(NOON + step * MINUTE)
            versions.append(market.snapshot().version)
        assert versions == sorted(set(versions))


def test_a_disk_that_refuses_is_said_once_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk(tmp_path, BOARD, Played(well)) as market:
        publish = channel.publish

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(channel, "publish", full)
        market.step()
        market.step(NOON + MINUTE)
        said = [line for line in market.said if getattr(line, "level", "info") != "debug"]
        assert ["No space" in line for line in said] == [True]
        monkeypatch.setattr(channel, "publish", publish)
        market.step(NOON + 2 * MINUTE)
        assert market.snapshot().clock.now == NOON + 2 * MINUTE


def test_a_refresh_is_heard(tmp_path: Path) -> None:
    service = Played(well)
    with desk(tmp_path, BOARD, service) as market:
        market.step()
        sent = len(service.asked)
        channel.ask(market.paths, "refresh")
        market.step(NOON + timedelta(seconds=32))
        assert (NOON + timedelta(seconds=32), ("^A", "^B")) in service.asked[sent:]


def test_imported_bars_are_taken_up(tmp_path: Path) -> None:
    with desk(tmp_path, BOARD, Played(failing("no network"))) as market:
        market.step()
        changed = rows(PAST)[-1]
        bar = Bar(changed.day, changed.open, changed.high * 1.5, changed.low, changed.close)
        save_bars(market.database, "^A", [bar], source="import", state="final", taken_at=NOON)
        channel.ask(market.paths, "reload")
        market.step(NOON + MINUTE)
        row = market.snapshot().row("^A")
        assert row is not None
        assert row.record is not None
        assert row.record.intraday.price == bar.high


def test_an_empty_store_without_a_network_is_a_snapshot_that_says_so(tmp_path: Path) -> None:
    with desk(tmp_path, BOARD, Played(failing("no network")), filled=False) as market:
        market.step()
        found = market.snapshot()
        assert [(row.freshness, row.note) for row in found.instruments] == [("missing", "no bars yet")] * 2
        assert (found.health.error, found.health.history_loaded) == ("no network", (0, 2))


# -- the journal ----------------------------------------------------------------------------------------


class Sample(SampleSource):
    """The sample market, asked for prices at another pace."""

    def __init__(self, config: Config, seed: int, every: timedelta) -> None:
        super().__init__(config.watched, seed=seed)
        self.manners = replace(SampleSource.manners, prices_every=every)


SHORT = ("^GSPC", "^DJI", "^IXIC", "^NDX", "^RUT")


def small() -> Config:
    usual = default_config()
    instruments = tuple(one for one in usual.instruments if one.symbol in SHORT)
    return Config(instruments=instruments, rules=usual.rules)


def lived(
    folder: Path, *, every: timedelta, step: timedelta | None = None, seed: int = 7
) -> list[tuple[str, str, str]]:
    """What the journal of a sample Friday says."""
    folder.mkdir()
    config = small()
    with desk(folder, config, Sample(config, seed, every), eastern("2025-10-17 11:00"), filled=False) as market:
        market.until(eastern("2025-10-17 16:45"), step)
        return [(event.time.isoformat(), event.flag, event.state) for event in market.journal()]


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str]]:
    return lived(tmp_path_factory.mktemp("usual") / "a", every=timedelta(minutes=3))


def test_the_sample_friday_has_a_story(usual: list[tuple[str, str, str]]) -> None:
    assert {"forming", "provisional", "confirmed"} <= {state for _, _, state in usual}


@pytest.mark.parametrize(
    ("every", "step"),
    [(timedelta(minutes=1), None), (timedelta(minutes=3), timedelta(seconds=50)), (timedelta(minutes=5), None)],
)
def test_how_often_the_feed_asks_changes_no_line_of_the_journal(
    tmp_path: Path, usual: list[tuple[str, str, str]], every: timedelta, step: timedelta | None
) -> None:
    assert lived(tmp_path / "a", every=every, step=step) == usual


def test_the_same_seed_writes_the_same_journal(tmp_path: Path, usual: list[tuple[str, str, str]]) -> None:
    assert lived(tmp_path / "a", every=timedelta(minutes=3)) == usual


def test_a_feed_that_is_started_anew_in_the_middle_continues_the_journal(
    tmp_path: Path, usual: list[tuple[str, str, str]]
) -> None:
    config = small()
    every = timedelta(minutes=3)
    with desk(tmp_path, config, Sample(config, 7, every), eastern("2025-10-17 11:00"), filled=False) as first:
        first.until(eastern("2025-10-17 14:52"))
    with desk(tmp_path, config, Sample(config, 7, every), eastern("2025-10-17 14:53"), filled=False) as second:
        second.until(eastern("2025-10-17 16:45"))
        again = [(event.time.isoformat(), event.flag, event.state) for event in second.journal()]
    assert again == usual


def test_a_bar_of_a_running_session_is_never_stored_as_final(tmp_path: Path) -> None:
    config = small()
    with desk(
        tmp_path, config, Sample(config, 7, timedelta(minutes=3)), eastern("2025-10-17 15:30"), filled=False
    ) as market:
        market.until(eastern("2025-10-17 16:14"))
        assert market.feed.book.histories["^RUT"].last_day == eastern("2025-10-16 12:00").date()
        market.until(eastern("2025-10-17 16:30"))
        assert market.feed.book.histories["^RUT"].last_day == eastern("2025-10-17 12:00").date()


def test_bars_of_the_store_are_not_changed_by_looking(tmp_path: Path) -> None:
    with desk(tmp_path, BOARD, Played(well)) as market:
        before: dict[str, Bars] = dict(market.feed.book.bars())
        kept = {symbol: rows(bars) for symbol, bars in before.items()}
        market.until(NOON + 20 * MINUTE)
        assert {symbol: rows(bars) for symbol, bars in before.items()} == kept
