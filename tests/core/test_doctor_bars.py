"""The doctor on bars that are old, have holes or are not there, and on stores that cannot be used."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tapewatch.core import channel
from tapewatch.core.bars import Bar
from tapewatch.core.doctor import Case, Check, Terminal, diagnose
from tapewatch.core.model.snapshot import ClockReading, Health, Snapshot
from tapewatch.core.paths import Paths
from tapewatch.core.store.bars import save_bars
from tapewatch.core.store.schema import connect
from tapewatch.core.universe import default_config

BOARD = tuple(one.symbol for one in default_config().watched)
NOW = datetime(2025, 10, 17, 18, 20, tzinfo=UTC)
"""A Friday on which New York is open: Thursday is the newest session that has closed."""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    home = tmp_path / "config"
    return Paths(
        store=tmp_path / "store", state=tmp_path / "state", config_file=home / "config.toml", themes=home / "themes"
    )


def store(paths: Paths, symbol: str, *days: date, source: str = "test", times: float = 1.0) -> None:
    database = connect(paths.database)
    bars = [Bar(day, 10.0 * times, 12.0 * times, 9.0 * times, 11.0 * times) for day in days]
    save_bars(database, symbol, bars, source=source, state="final", taken_at=NOW)
    database.close()


def store_all(paths: Paths, *days: date) -> None:
    for symbol in BOARD:
        store(paths, symbol, *days)


def looked_at(paths: Paths, now: datetime = NOW) -> dict[str, Check]:
    case = Case(paths, default_config(), (), Terminal({}, None, "utf-8"), now, processes=paths.store / "none")
    return {check.name: check for check in diagnose(case)}


def published(paths: Paths, mode: str, rate: float) -> None:
    reading = ClockReading(now=NOW, rate=rate, read_at=NOW + timedelta(days=400))
    health = Health(source="sample", last_success=NOW - timedelta(seconds=30))
    channel.publish(paths, Snapshot(version=(1, 1), mode=mode, clock=reading, as_of=NOW, health=health))


def test_a_store_that_is_up_to_date_and_whole_has_nothing_to_look_at(paths: Paths) -> None:
    store_all(paths, date(2025, 10, 15), date(2025, 10, 16))
    assert not {"no bars", "old bars", "holes", "set aside"} & set(looked_at(paths))


def test_watched_symbols_without_bars_are_named(paths: Paths) -> None:
    store_all(paths, date(2025, 10, 16))
    database = connect(paths.database)
    database.execute("DELETE FROM bars WHERE symbol IN ('^HSI', '^VIX')")
    database.close()
    check = looked_at(paths)["no bars"]
    assert (check.state, check.finding) == ("warn", "watched, but not stored: ^HSI, ^VIX")
    assert check.remedy is not None


@pytest.mark.parametrize(("newest", "old"), [(date(2025, 10, 13), False), (date(2025, 10, 10), True)])
def test_bars_more_than_three_sessions_behind_are_old(paths: Paths, newest: date, old: bool) -> None:
    store_all(paths, date(2025, 10, 16))
    database = connect(paths.database)
    database.execute("DELETE FROM bars WHERE symbol = '^RUT'")
    database.close()
    store(paths, "^RUT", newest)
    check = looked_at(paths).get("old bars")
    assert (check is not None) is old
    if check is not None:
        assert check.finding == "more than 3 sessions behind the exchange: ^RUT up to 2025-10-10"
        assert (check.state, bool(check.remedy)) == ("warn", True)


def test_a_hole_of_more_than_thirty_days_is_named_with_its_ends(paths: Paths) -> None:
    store_all(paths, date(2025, 9, 16), date(2025, 10, 16))
    assert "holes" not in looked_at(paths)
    store(paths, "^TNX", date(2020, 12, 31), date(2025, 9, 8))
    check = looked_at(paths)["holes"]
    assert check.finding == "no bars for more than 30 days: ^TNX from 2020-12-31 to 2025-09-08"
    assert check.remedy is not None
    assert "fetch --full ^TNX" in check.remedy


def test_sessions_that_an_import_lacks_are_named_though_nobody_asked_for_them(paths: Paths) -> None:
    """Thursday is not in the file; of a symbol that is hidden it is missed as well."""
    days = (date(2025, 10, 1), date(2025, 10, 3))
    store_all(paths, date(2025, 10, 16))
    for symbol in ("^RUT", "^GDAXI"):
        store(paths, symbol, *days, source="import")
    store(paths, "^DJI", *days)
    check = looked_at(paths, datetime(2025, 10, 4, tzinfo=UTC))["gaps"]
    assert check.state == "warn"
    assert "^RUT 2025-10-02 (not asked for yet)" in check.finding
    assert "^GDAXI 2025-10-02" in check.finding
    assert "^DJI 2025-10-02" not in check.finding
    assert "import the days" in (check.remedy or "")


def test_a_step_that_no_market_makes_is_named_with_both_its_ends(paths: Paths) -> None:
    store_all(paths, date(2025, 10, 15), date(2025, 10, 16))
    assert "steps" not in looked_at(paths)
    store(paths, "^RUT", date(2025, 10, 14), times=100.0)
    check = looked_at(paths)["steps"]
    wanted = "steps that no market makes: ^RUT 2025-10-15: close 11.00 after 1,100.00 on 2025-10-14"
    assert (check.state, check.finding) == ("warn", wanted)
    assert "fetch --full ^RUT" in (check.remedy or "")


@pytest.mark.parametrize("rate", [0.0, 60.0])
def test_a_demo_is_judged_on_its_own_clock(paths: Paths, rate: float) -> None:
    store_all(paths, date(2025, 10, 16))
    published(paths, "demo", rate)
    found = looked_at(paths, NOW + timedelta(days=420))
    assert "old bars" not in found
    assert found["source"].finding == "sample: last answer 30 s ago"
    assert found["snapshot"].state == "ok"
    assert "XNYS open" in found["calendars"].finding


def test_a_demo_that_runs_goes_on_at_its_own_pace(paths: Paths) -> None:
    store_all(paths, date(2025, 10, 16))
    published(paths, "demo", 60.0)
    lock = channel.Lock(paths.feed_lock, "alone")
    assert lock.take()
    found = looked_at(paths, NOW + timedelta(days=400, minutes=1))
    lock.release()
    assert found["source"].finding == "sample: last answer 1 h ago"


def test_a_live_store_is_judged_by_the_wall(paths: Paths) -> None:
    store_all(paths, date(2025, 10, 16))
    published(paths, "live", 1.0)
    found = looked_at(paths, NOW + timedelta(days=420))
    assert found["old bars"].state == found["snapshot"].state == "warn"


def test_a_store_that_was_set_aside_is_named(paths: Paths) -> None:
    store_all(paths, date(2025, 10, 16))
    aside = paths.store / "tapewatch.db.damaged-20251001T120000.000001"
    for suffix in ("", "-wal", "-shm"):
        Path(f"{aside}{suffix}").write_bytes(b"x")
    check = looked_at(paths)["set aside"]
    assert (check.state, check.finding) == (
        "warn",
        f"a damaged store, or a log of another, was set aside: {aside} (0.0 MB)",
    )
    assert check.remedy is not None


def test_a_folder_that_cannot_be_written_is_a_fault_with_its_path(paths: Paths) -> None:
    store_all(paths, date(2025, 10, 16))
    paths.store.chmod(0o555)
    check = looked_at(paths)["store"]
    paths.store.chmod(0o700)
    assert check.state == "fail"
    assert check.finding.startswith(str(paths.store))
    assert check.finding.endswith("cannot be written")
    assert check.remedy is not None


def test_a_folder_of_somebody_else_needs_his_feed(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    store_all(paths, date(2025, 10, 16))
    paths.store.chmod(0o555)
    monkeypatch.setattr(os, "geteuid", lambda: paths.store.stat().st_uid + 1)
    without = looked_at(paths)["store"]
    lock = channel.Lock(paths.feed_lock, "alone")
    paths.store.chmod(0o755)
    assert lock.take()
    paths.store.chmod(0o555)
    running = looked_at(paths)["store"]
    lock.release()
    paths.store.chmod(0o700)
    assert (without.state, running.state) == ("warn", "ok")
    assert "its feed must run under another account" in running.finding
