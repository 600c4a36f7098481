"""The main source out from Wednesday noon to Friday: what a trader reads each evening, and when it is back."""

import csv
import io
import json
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tapewatch.core.channel import Lock
from tapewatch.core.clock import PacedClock
from tapewatch.core.doctor import Case, diagnose
from tapewatch.core.doctor import Terminal as Around
from tapewatch.core.model.config import RuleSetting
from tapewatch.core.oneshot import lacking, snapshot_now
from tapewatch.core.settings import load

from ..laboratory.ledger import note
from .closing_desk import OUT, Closed, closed
from .said import Command
from .terminal import Terminal
from .test_closes import bars_of

BOARD = ("^GSPC", "^DJI", "^IXIC", "^RUT", "^VIX", "^TNX")
RULES = (RuleSetting(rule="same-day-direction", watched="^RUT", against=("^GSPC",)),)


@contextmanager
def screen(day: Closed, folder: Path, size: tuple[int, int] = (120, 40)) -> Generator[Terminal, None, None]:
    """The monitor on the desk's store, whose feed is the desk."""
    day.desk.feed.publish(day.desk.clock.now())
    lock = Lock(day.desk.paths.feed_lock, "alone")
    assert lock.take()
    lock.note("pid 1, version of the tests, default settings, since now")
    home = {name: str(folder / name) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    try:
        with Terminal("--store", str(day.desk.paths.store), size=size, environment=home | {"HOME": str(folder)}) as one:
            # the footer is painted last
            one.until("q quit", 60.0)
            yield one
    finally:
        lock.release()


def line_of(text: str, short: str) -> str:
    """The first row of the board that begins with an instrument, past margin and cursor."""
    return next(line for line in text.splitlines() if f" {short} " in line[:12] and "." in line)


def test_from_wednesday_noon_to_friday(
    daily_folder: Path, intraday_folder: Path, tmp_path: Path, command: Command
) -> None:
    folders = (daily_folder, intraday_folder)
    with closed(folders, tmp_path, *BOARD, start="2025-10-15 11:55", closes=("cboe", "fred"), rules=RULES) as day:
        day.until("2025-10-15 12:00")
        day.yahoo.trouble(OUT)

        day.until("2025-10-15 21:00")
        with screen(day, tmp_path) as shown:
            shown.until("CBOE")
            text = shown.text()
            assert "6,671.06" in line_of(text, "SPX")
            assert line_of(text, "SPX").count("CBOE") == 1
            assert "100 × DJX" in line_of(text, "DJIA")
            assert "+0.97" in line_of(text, "RUT")
            # FRED has nothing before the morning: the last of noon stays, without a change
            assert "22,643.19" in line_of(text, "COMP")
            assert "11:59" in line_of(text, "COMP")
            assert "bars to Tue 14 Oct, prices to Wed 15 Oct 11:59" in text
            assert "Wed 15 Oct, provisional" in text
            assert "unanswered since 12:00 ET (server error (503)" in text

        day.until("2025-10-16 21:00")
        with screen(day, tmp_path) as shown:
            shown.until("CBOE")
            text = shown.text()
            assert "6,629.07" in line_of(text, "SPX")
            assert "−0.63" in line_of(text, "SPX")
            assert "Wed FRED" in line_of(text, "COMP")
            assert "constant mat" in line_of(text, "US10Y")
            assert "Wed 15 Oct · 1 d old" in text
            assert "change from the previous close" in text
            shown.press("\r")
            shown.until("official.change_percent")
            assert "^GSPC official close, cboe; closes only" in shown.text()
            assert "6,629.07 ÷ 6,671.06" in shown.text()
        with screen(day, tmp_path, (80, 24)) as narrow:
            narrow.until("CBOE")
            assert "6,629.07" in line_of(narrow.text(), "SPX")
            assert "CBOE" in line_of(narrow.text(), "SPX")

        code = printed_of(day, command)
        sent, before = len(day.closes.requests), bars_of(day)

        day.yahoo.heal()
        seconds = seconds_to_own_closes(day)
        day.until("2025-10-17 09:20")
        with screen(day, tmp_path) as shown:
            shown.until("Thu 16 Oct")
            text = shown.text()
            assert "6,629.07" in line_of(text, "SPX")
            assert not {"CBOE", "FRED"} & set(text.split())
            assert "bars to" not in text
        note(
            "fault", "Yahoo out from Wednesday noon to Friday, closes on",
            said="CBOE, FRED beside each close; bars to Tue 14 Oct", exit_code=code, requests=sent,
            lost=len(set(before) - set(bars_of(day))), recovery_seconds=seconds,
        )  # fmt: skip


def seconds_to_own_closes(day: Closed) -> float:
    """Market seconds from the end of the outage until every row stands on its own source again."""
    begun = day.desk.clock.now()
    while any(row.official for row in day.desk.snapshot.instruments):
        assert day.desk.clock.now() - begun < timedelta(hours=14)
        day.desk.until(day.desk.clock.now() + timedelta(minutes=10))
    return (day.desk.clock.now() - begun).total_seconds()


def printed_of(day: Closed, command: Command) -> int:
    """The same in text, JSON and CSV, with exit code 3; and what the doctor says."""
    day.desk.feed.publish(day.desk.clock.now())
    store = str(day.desk.paths.store)
    plain = command("snapshot", "--store", store)
    assert plain.code == 3
    row = next(line for line in plain.out.splitlines() if line.strip().startswith("SPX "))
    assert "6,629.07" in row
    assert "close, cboe" in row
    assert "only the official close of 2025-10-16 from cboe: SPX, DJIA, RUT, VIX; bars to 2025-10-14" in plain.err
    whole = json.loads(command("snapshot", "--json", "--store", store).out)
    spx = next(one for one in whole["instruments"] if one["short"] == "SPX")
    assert (spx["official"]["source"], spx["official"]["basis"], spx["official"]["session"]) == (
        "cboe", "close", "2025-10-16",
    )  # fmt: skip
    assert (spx["quote"]["source"], spx["quote"]["basis"], spx["quote"]["session"]) == (None, "bars", "2025-10-15")
    flat = {
        one["short"]: one for one in csv.DictReader(io.StringIO(command("snapshot", "--csv", "--store", store).out))
    }
    assert flat["DJIA"]["official.made_of"] == "100 × DJX"
    assert flat["US10Y"]["official.basis"] == "constant maturity"

    case = Case(day.desk.paths, day.desk.config, (), Around({}, None, "utf-8"), day.desk.clock.now())
    said = "\n".join(check.finding for check in diagnose(case) if check.name == "closes")
    assert "Cboe: SPX 6,629.07 of 2025-10-16 (asked 2025-10-16 23:00 UTC: closes to 2025-10-16)" in said
    assert "FRED: SPX none" in said
    assert "COMP 22,670.08 of 2025-10-15" in said
    return plain.code


def test_a_snapshot_from_the_store_alone_has_the_labelled_close_too(
    daily_folder: Path, intraday_folder: Path, tmp_path: Path
) -> None:
    with closed((daily_folder, intraday_folder), tmp_path, "^GSPC", "^RUT", start="2025-10-15 18:55") as day:
        day.yahoo.trouble(OUT)
        day.until("2025-10-15 19:10")
        day.desk.paths.snapshot.unlink()
        config, clock = day.desk.config, PacedClock(day.desk.clock.now(), 0.0)
        found = snapshot_now(day.desk.paths, config, clock)
        assert found is not None
        assert [row.official.source for row in found.instruments if row.official] == ["cboe", "cboe"]
        assert any("from cboe: SPX, RUT; bars to 2025-10-14" in one for one in lacking(found))
        off = msgspec.structs.replace(config, feed=msgspec.structs.replace(config.feed, closes="off"))
        without = snapshot_now(day.desk.paths, off, clock)
        assert without is not None
        assert [row.official for row in without.instruments] == [None, None]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('closes = "cboe"', ("cboe",)),
        ('closes = ["fred", "cboe"]', ("fred", "cboe")),
        ('closes = "off"', ()),
        ("closes = []", ()),
    ],
)
def test_sources_of_closes_are_set_by_name_in_order_of_trust(
    tmp_path: Path, text: str, wanted: tuple[str, ...]
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[feed]\n{text}\n")
    config, problems = load(file)
    assert problems == ()
    assert config.feed.close_sources == wanted


@pytest.mark.parametrize("text", ['closes = "stooq"', 'closes = ["off", "cboe"]', "closes = true", "closes_after = 0"])
def test_another_source_of_closes_is_named_and_leaves_them_off(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[feed]\n{text}\n")
    config, problems = load(file)
    assert len(problems) == 1
    assert config.feed.close_sources == ()
