"""The doctor finds what is wrong, says what to do, and touches nothing."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import msgspec
import pytest

from tapewatch import __version__
from tapewatch.core import channel
from tapewatch.core.bars import Bar, Refusal
from tapewatch.core.doctor import Case, Check, Terminal, diagnose, in_words, run_doctor
from tapewatch.core.doctor_store import running_feeds
from tapewatch.core.doctor_world import without_password
from tapewatch.core.model.config import Problem
from tapewatch.core.model.snapshot import ClockReading, Health, Producer, Snapshot
from tapewatch.core.paths import Paths
from tapewatch.core.store.bars import hold, save_bars
from tapewatch.core.store.budget import Budget
from tapewatch.core.store.schema import connect
from tapewatch.core.universe import default_config

NOW = datetime(2025, 10, 17, 18, 20, tzinfo=UTC)
WIDE = Terminal({"TERM": "xterm-256color"}, (120, 40), "utf-8")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    home = tmp_path / "config"
    return Paths(
        store=tmp_path / "store",
        state=tmp_path / "state",
        config_file=home / "config.toml",
        themes=home / "themes",
    )


@pytest.fixture
def stored(paths: Paths) -> Paths:
    """A store with two bars, one held back, and three requests spent."""
    database = connect(paths.database)
    bars = [Bar(date(2025, 10, day), 10.0, 12.0, 9.0, 11.0) for day in (15, 16)]
    save_bars(database, "^RUT", bars, source="test", state="final", taken_at=NOW)
    hold(database, "^VIX", [Refusal(date(2025, 10, 16), "a price is 0")], NOW)
    budget = Budget(database, 240, 6)
    for _ in range(3):
        assert budget.claim(NOW - timedelta(minutes=5), "x")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return paths


def case(paths: Paths, *, problems: tuple[Problem, ...] = (), terminal: Terminal = WIDE, now: datetime = NOW) -> Case:
    return Case(paths, default_config(), problems, terminal, now, processes=paths.store / "none")


def checked(name: str, looked_at: Case) -> Check:
    found = [check for check in diagnose(looked_at) if check.name == name]
    assert found, name
    return found[-1]


def tree(folder: Path) -> dict[str, str]:
    return {
        str(file): hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "folder"
        for file in sorted(folder.rglob("*"))
    }


def test_a_machine_without_a_store_is_well_but_for_that(paths: Paths) -> None:
    checks = diagnose(case(paths))
    assert [check.name for check in checks if check.state != "ok"] == ["store"]
    assert checked("store", case(paths)).remedy is not None


def test_nothing_is_made_or_changed(stored: Paths, tmp_path: Path) -> None:
    before = tree(tmp_path)
    diagnose(case(stored))
    assert tree(tmp_path) == before


def test_nothing_is_made_where_there_is_nothing(paths: Paths, tmp_path: Path) -> None:
    diagnose(case(paths))
    assert tree(tmp_path) == {}


def test_bars_are_counted_to_their_newest_session(stored: Paths) -> None:
    assert checked("bars", case(stored)).finding == "2 bars of 1 symbol up to 2025-10-16"
    assert "^VIX 2025-10-16: a price is 0" in checked("held back", case(stored)).finding


def test_the_budget_is_told(stored: Paths) -> None:
    assert checked("budget", case(stored)).finding == "3 of 240 requests in the last hour"


def test_a_pause_is_told_with_its_end_and_cause(stored: Paths) -> None:
    database = connect(stored.database)
    Budget(database, 240, 6).pause(NOW + timedelta(minutes=30), "429 Too Many Requests")
    database.close()
    check = checked("budget", case(stored))
    assert check.state == "warn"
    assert "until 2025-10-17 18:50 UTC: 429 Too Many Requests" in check.finding


def test_a_newer_store_is_refused_untouched(stored: Paths, tmp_path: Path) -> None:
    database = connect(stored.database)
    database.execute("PRAGMA user_version = 99")
    database.close()
    before = tree(tmp_path)
    check = checked("bars", case(stored))
    assert (check.state, "99" in check.finding) == ("fail", True)
    assert tree(tmp_path) == before


def test_a_damaged_store_is_said(paths: Paths) -> None:
    paths.store.mkdir()
    paths.database.write_bytes(b"this is no database" * 100)
    assert checked("bars", case(paths)).state == "fail"


def test_a_store_others_may_change_is_a_finding(stored: Paths) -> None:
    stored.store.chmod(0o777)
    check = checked("store", case(stored))
    assert (check.state, "0777" in check.finding) == ("warn", True)


def published(paths: Paths, health: Health, version: str = __version__) -> None:
    reading = ClockReading(now=NOW, rate=1.0, read_at=NOW)
    by = Producer(version=version, pid=7, started=NOW, config="/home/x/c.toml")
    snapshot = Snapshot(version=(1, 1), mode="live", clock=reading, as_of=NOW, health=health, producer=by)
    channel.publish(paths, snapshot)


def test_the_snapshot_is_told_with_its_age_and_maker(stored: Paths) -> None:
    published(stored, Health(source="yahoo", last_success=NOW))
    check = checked("snapshot", case(stored, now=NOW + timedelta(minutes=3)))
    assert check.state == "ok"
    assert check.finding.startswith("published 3 min ago")
    assert f"version {__version__}, pid 7, with /home/x/c.toml" in check.finding


def test_an_old_snapshot_is_told(stored: Paths) -> None:
    published(stored, Health(source="yahoo"))
    assert checked("snapshot", case(stored, now=NOW + timedelta(days=9))).state == "warn"


def test_a_feed_of_another_version_is_told(stored: Paths) -> None:
    published(stored, Health(source="yahoo"), version="0.0.1")
    check = checked("snapshot", case(stored))
    assert (check.state, "0.0.1" in check.finding) == ("warn", True)


def test_a_snapshot_nobody_can_read_is_a_fault(stored: Paths) -> None:
    stored.snapshot.write_text('{"schema": 99}')
    assert "newer tapewatch" in checked("snapshot", case(stored)).finding
    stored.snapshot.write_text("not a snapshot")
    assert checked("snapshot", case(stored)).state == "fail"


def test_a_sick_source_is_told_in_its_own_words(stored: Paths) -> None:
    published(stored, Health(source="yahoo", error="time-out", attempts=4, next_try=NOW))
    check = checked("source", case(stored))
    assert check.state == "warn"
    assert check.finding == "yahoo: time-out (4 in a row); next try 18:20:00 UTC"


def test_the_feed_names_itself_and_its_settings(stored: Paths) -> None:
    lock = channel.Lock(stored.feed_lock, "alone")
    assert lock.take()
    lock.note("pid 4711, version 0.1.0, /srv/desk.toml, since 2025-10-17 09:00 UTC")
    said = [check for check in diagnose(case(stored)) if check.name == "feed"]
    lock.release()
    assert said[0].finding.startswith("pid 4711")
    assert (said[1].state, "default settings" in said[1].finding) == ("warn", True)
    assert checked("feed", case(stored)).finding.startswith("none runs")


def test_feeds_of_this_machine_are_counted_but_not_demos(tmp_path: Path) -> None:
    lines = {
        "10": "python\0-P\0-m\0tapewatch\0feed\0",
        "11": "/usr/bin/python3\0/usr/bin/tapewatch\0feed\0--service\0",
        "12": "python\0-P\0-m\0tapewatch\0feed\0--demo-rate\x00195\0",
        "13": "python\0-m\0tapewatch\0",
        "15": "python\0-P\0-m\0tapewatch\0feed\0--replay-of\0/srv/tapewatch\0",
        "14": "vim\0feed\0",
    }
    for name, line in lines.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "cmdline").write_text(line)
    (tmp_path / "meminfo").write_text("")
    assert running_feeds(tmp_path) == (10, 11)
    assert running_feeds(tmp_path / "none") == ()


@pytest.mark.parametrize(
    ("size", "state"), [((120, 40), "ok"), ((80, 24), "ok"), ((79, 24), "warn"), ((59, 24), "fail")]
)
def test_a_terminal_too_small_is_told(paths: Paths, size: tuple[int, int], state: str) -> None:
    assert checked("terminal", case(paths, terminal=Terminal({}, size, "UTF-8"))).state == state


def test_a_locale_without_utf8_is_told(paths: Paths) -> None:
    looked_at = case(paths, terminal=Terminal({}, (80, 24), "ISO-8859-1"))
    assert checked("characters", looked_at).state == "warn"
    assert checked("characters", case(paths)).state == "ok"


def test_the_first_certificate_variable_is_in_force(paths: Paths, tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("")
    env = {"CURL_CA_BUNDLE": "c", "SSL_CERT_FILE": "b", "REQUESTS_CA_BUNDLE": str(bundle)}
    found = checked("authority", case(paths, terminal=Terminal(env, None, "utf-8")))
    assert (found.state, found.finding) == ("ok", f"REQUESTS_CA_BUNDLE={bundle} is in force")
    del env["REQUESTS_CA_BUNDLE"]
    found = checked("authority", case(paths, terminal=Terminal(env, None, "utf-8")))
    assert (found.state, found.finding) == ("fail", "SSL_CERT_FILE=b is in force, and it cannot be read")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://user:secret@proxy.example:8080", "http://proxy.example:8080"),
        ("user:secret@proxy.example:8080", "proxy.example:8080"),
        ("http://proxy.example", "http://proxy.example"),
        ("http://[broken", "(unreadable)"),
    ],
)
def test_a_proxys_password_is_never_shown(paths: Paths, address: str, shown: str) -> None:
    assert without_password(address) == shown
    looked_at = case(paths, terminal=Terminal({"HTTPS_PROXY": address}, None, "utf-8"))
    assert checked("proxy", looked_at).finding == f"HTTPS_PROXY={shown}"


def test_problems_of_settings_and_themes_stand_apart(paths: Paths) -> None:
    theme = Problem(file=str(paths.themes / "x.toml"), key="colors.bul", value="1", expected="a role")
    setting = Problem(file=str(paths.config_file), key="feed.poll", value="5", expected="more")
    looked_at = case(paths, problems=(theme, setting))
    assert "colors.bul" in checked("themes", looked_at).finding
    assert "feed.poll" in checked("settings", looked_at).finding
    assert {checked(name, looked_at).state for name in ("themes", "settings")} == {"fail"}


def test_a_check_that_breaks_is_a_finding_and_the_others_are_read(
    stored: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Path) -> tuple[int, ...]:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr("tapewatch.core.doctor_store.running_feeds", broken)
    checks = diagnose(case(stored))
    assert "ZeroDivisionError: boom" in [check for check in checks if check.name == "feed"][-1].finding
    assert checks[-1].name == "authority"


def test_every_finding_that_is_not_ok_says_what_to_do(stored: Paths) -> None:
    published(stored, Health(source="yahoo", error="time-out"), version="0.0.1")
    stored.store.chmod(0o777)
    small = Terminal({}, (10, 5), "ascii")
    for check in diagnose(case(stored, terminal=small)):
        assert (check.state == "ok") or check.remedy, check


def test_json_and_words_say_the_same(stored: Paths) -> None:
    config, out, words = default_config(), StringIO(), StringIO()
    code = run_doctor(stored, config, (), as_json=True, out=out, terminal=WIDE)
    assert run_doctor(stored, config, (), out=words, terminal=WIDE) == code == 0
    told = msgspec.json.decode(out.getvalue(), type=list[Check])
    assert words.getvalue() == in_words(tuple(told))


def test_a_failed_check_is_an_error_of_the_command(stored: Paths) -> None:
    stored.snapshot.write_text("not a snapshot")
    assert run_doctor(stored, default_config(), (), out=StringIO(), terminal=WIDE) == 1
