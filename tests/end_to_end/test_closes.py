"""Official closes of others, asked for only when the main source is out for long, and never more than that."""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import msgspec
import pytest

from tapewatch.core.model.config import RuleSetting
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.store.closes import load_closes

from ..fake_closes import CBOE, FRED
from ..fake_yahoo import troubles
from ..laboratory.ledger import note
from .closing_desk import OUT, Closed, closed
from .desk import NEW_YORK
from .said import Command

PAIR = ("^RUT", "^GSPC")
RULES = (RuleSetting(rule="same-day-direction", watched="^RUT", against=("^GSPC",)),)
EVENING, LATER = "2025-10-15 18:50", "2025-10-15 19:10"

Open = Callable[..., AbstractContextManager[Closed]]
Outage = tuple[str, tuple[str, ...], str]
"""From when on, what is looked at, until when the source has been back for long enough."""


@pytest.fixture
def opened(daily_folder: Path, intraday_folder: Path, tmp_path: Path) -> Open:
    def make(*symbols: str, **more: object) -> AbstractContextManager[Closed]:
        return closed((daily_folder, intraday_folder), tmp_path, *symbols, **({"start": EVENING} | more))  # type: ignore[arg-type]

    return make


def bars_of(day: Closed) -> list[tuple[object, ...]]:
    return day.desk.database.execute("SELECT symbol, session, close, source FROM bars ORDER BY 1, 2").fetchall()


def without_officials(snapshot: Snapshot) -> list[object]:
    # when the bars of the store were taken is the time of this run
    rows = [msgspec.structs.replace(row, official=None, origin=None) for row in snapshot.instruments]
    return [rows, snapshot.flags, snapshot.session, snapshot.as_of, snapshot.recap, snapshot.confirmation]


def test_nobody_else_is_asked_unless_the_settings_say_so(opened: Open) -> None:
    with opened(*PAIR, closes="off") as day:
        day.yahoo.trouble(OUT)
        day.until("2025-10-16 10:00")
        assert day.closes.requests == []
        assert day.yahoo.strangers == []
        assert [row.official for row in day.desk.snapshot.instruments] == [None, None]


def test_nobody_else_is_asked_while_the_source_is_well(opened: Open) -> None:
    with opened(*PAIR, start="2025-10-15 15:50") as day:
        day.until("2025-10-16 09:00")
        assert day.closes.requests == []
        own = day.row("SPX").quote
        assert own is not None
        assert (own.state, own.session) == ("final", date(2025, 10, 15))


def test_the_evening_brings_the_close_and_names_who_published_it(opened: Open) -> None:
    with opened(*PAIR, rules=RULES) as day:
        day.yahoo.trouble(OUT)
        day.until("2025-10-15 18:59")
        assert day.closes.requests == []
        before = bars_of(day)
        day.until(LATER)
        assert sorted(day.closes.asked(CBOE)) == ["RUT", "SPX"]
        close = day.official("RUT")
        assert (close.source, close.basis, close.state) == ("cboe", "close", "final")
        assert close.session == date(2025, 10, 15)
        assert close.last == pytest.approx(day.close_of("^RUT", "2025-10-15"), abs=1e-6)
        assert close.previous_close == pytest.approx(day.close_of("^RUT", "2025-10-14"), abs=1e-6)
        assert close.change_percent == pytest.approx(100 * (2519.75 / 2495.50 - 1), abs=1e-4)
        assert (close.open, close.high, close.low, close.range, close.unusual) == (None, None, None, None, False)
        # nothing else has moved
        own = day.row("RUT").quote
        assert own is not None
        assert own.session == date(2025, 10, 14)
        assert bars_of(day) == before
        flag = day.desk.snapshot.flags[0]
        assert (flag.state, flag.session) == ("unknown", date(2025, 10, 15))
        assert flag.sentence.endswith("its last is of Tue 14 Oct")


def test_one_request_a_symbol_and_evening_and_one_the_next_morning_whoever_runs_the_feed(opened: Open) -> None:
    with opened(*PAIR) as day:
        day.yahoo.trouble(OUT)
        day.closes.trouble(troubles.status(404))
        for moment in ("2025-10-15 19:02", "2025-10-15 20:00", "2025-10-15 23:00"):
            day.until(moment)
            day.desk.open_feed()
        assert sorted(day.closes.asked()) == ["RUT", "SPX"]
        day.until("2025-10-16 09:20")
        day.desk.open_feed()
        day.until("2025-10-16 12:00")
        assert sorted(day.closes.asked()) == ["RUT", "RUT", "SPX", "SPX"]
        times = [at.astimezone(NEW_YORK) for at, _, _ in day.closes.requests]
        assert [(at.day, at.hour) for at in times] == [(15, 19), (15, 19), (16, 8), (16, 8)]


def test_a_pause_of_the_main_source_says_nothing_of_the_others(opened: Open) -> None:
    """Slowed down for six hours by one service; the other is asked, and the budget pays for both."""
    with opened(*PAIR) as day:
        day.yahoo.trouble(troubles.too_many("21600"))
        day.until(LATER)
        assert day.desk.snapshot.health.paused_until is not None
        assert len(day.closes.requests) == 2
        assert day.official("SPX").source == "cboe"
        assert day.desk.snapshot.health.requests_last_hour == day.yahoo.count() + 2


def test_who_is_slow_to_publish_is_passed_over_for_the_next(opened: Open) -> None:
    """FRED is trusted most, and has the close the next morning only; Cboe has it in the evening."""
    with opened("^GSPC", "^IXIC", closes=("fred", "cboe")) as day:
        day.yahoo.trouble(OUT)
        day.until(LATER)
        assert day.official("SPX").source == "cboe"
        # Tuesday's is here already, by the main source
        assert day.row("COMP").official is None
        day.until("2025-10-16 09:00")
        comp = day.official("COMP")
        assert (comp.source, comp.last) == ("fred", round(day.close_of("^IXIC", "2025-10-15"), 2))
        # what has come is not asked for again
        assert day.closes.asked(CBOE) == ["SPX"]
        assert sorted(day.closes.asked(FRED)) == ["NASDAQCOM", "NASDAQCOM", "SP500"]


def test_the_dow_says_what_it_was_made_of_and_the_rate_that_it_is_another(opened: Open) -> None:
    with opened("^DJI", "^TNX", closes=("cboe", "fred")) as day:
        day.yahoo.trouble(OUT)
        day.until("2025-10-16 09:00")
        dow, rate = day.official("DJIA"), day.official("US10Y")
        assert dow.made_of == "100 × DJX"
        assert dow.last == pytest.approx(day.close_of("^DJI", "2025-10-15"), abs=1e-4)
        assert (rate.source, rate.basis, rate.change_percent) == ("fred", "constant maturity", None)
        assert rate.change_points == pytest.approx(3.0)


FAULTS = {
    "no such file": (troubles.status(404), "no such file (404)"),
    "forbidden": (troubles.status(403), "refused (403)"),
    "slowed down": (troubles.too_many("3600"), "slowed down (429)"),
    "out itself": (troubles.status(502), "server error (502)"),
    "a web page with 200": (troubles.web_page(), "a web page instead of data"),
    "nothing with 200": (troubles.status(200, b""), "an empty answer"),
    "another heading": (troubles.status(200, b"DATE,VIX\n10/15/2025,20.64\n"), "a file in another layout"),
    "another date format": (troubles.status(200, b"DATE,SPX\n15.10.2025,6671.06\n"), "a file in another layout"),
    "fifty megabytes": (troubles.status(200, b"DATE,SPX\n" + b"10/15/2025,6671.06\n" * 2_800_000), "far too long"),
    "broken off": (troubles.reset(), "no connection"),
    "hostile cells": (
        troubles.status(200, b"DATE,SPX\n10/14/2025,6644.31\n10/15/2025,\x1b]0;owned\x07=cmd()\n"),
        "closes to 2025-10-14, not yet of 2025-10-15",
    ),
    "an older file": (
        troubles.status(200, b"DATE,SPX\n10/10/2025,6552.51\n10/13/2025,6654.72\n"),
        "closes to 2025-10-13, not yet of 2025-10-15",
    ),
    "a hundredth": (
        troubles.status(200, b"DATE,SPX\n10/13/2025,6654.72\n10/14/2025,6644.31\n10/15/2025,66.7106\n"),
        "not believed: 2025-10-15",
    ),
    "a day that has not been": (
        troubles.status(200, b"DATE,SPX\n10/14/2025,6644.31\n10/16/2025,6629.07\n"),
        "closes to 2025-10-14, not yet of 2025-10-15",
    ),
    "a close of a Sunday": (
        troubles.status(200, b"DATE,SPX\n10/12/2025,6600.00\n10/14/2025,6644.31\n"),
        "closes to 2025-10-14, not yet of 2025-10-15",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_publisher_that_fails_shows_nothing_and_is_not_asked_again_that_evening(
    opened: Open, name: str, command: Command
) -> None:
    trouble, cause = FAULTS[name]
    with opened("^GSPC") as day:
        day.yahoo.trouble(OUT)
        day.closes.trouble(trouble)
        before = bars_of(day)
        day.until("2025-10-15 21:00")
        assert any(cause in line for line in day.desk.said), day.desk.said[-5:]
        assert not any("\x1b" in line for line in day.desk.said)
        assert day.row("SPX").official is None
        assert bars_of(day) == before
        assert len(day.closes.requests) == 1
        code = command("snapshot", "--store", str(day.desk.paths.store)).code
        young = [row.short for row in day.desk.snapshot.instruments if row.freshness in ("live", "delayed")]
        assert (code, young) == (3, [])
        day.closes.heal()
        day.until("2025-10-16 09:00")
        recovered = day.official("SPX")
        assert recovered.last == pytest.approx(day.close_of("^GSPC", "2025-10-15"), abs=1e-6)
        asked = day.closes.requests[-1][0] - day.closes.requests[0][0]
        note(
            "fault", f"second source: {name}", said=cause, exit_code=code, requests=len(day.closes.requests),
            lost=len(set(before) - set(bars_of(day))), false_fresh=len(young), recovery_seconds=asked.total_seconds(),
        )  # fmt: skip


def test_an_older_file_takes_nothing_back(opened: Open) -> None:
    with opened("^GSPC", closes="cboe") as day:
        day.yahoo.trouble(OUT)
        day.until(LATER)
        kept = day.official("SPX")
        day.closes.trouble(troubles.status(200, b"DATE,SPX\n10/13/2025,6654.72\n10/14/2025,6644.31\n"))
        day.until("2025-10-16 21:00")
        # Thursday's is not there; Wednesday's still is, with its day
        still = day.official("SPX")
        assert (still.session, still.last, still.source) == (kept.session, kept.last, "cboe")


def test_closes_that_differ_are_named_when_the_source_is_back_and_its_bars_stand(opened: Open) -> None:
    with opened(*PAIR) as day:
        day.closes.changed[("SPX", date(2025, 10, 15))] = 6672.06
        day.yahoo.trouble(OUT)
        day.until(LATER)
        assert day.official("SPX").last == 6672.06
        assert not day.desk.snapshot.health.disagreements
        day.yahoo.heal()
        day.until("2025-10-16 09:20")
        row = day.row("SPX")
        assert row.official is None
        assert row.quote is not None
        assert (row.quote.session, row.quote.state) == (date(2025, 10, 15), "final")
        assert row.quote.last == pytest.approx(6671.06, abs=0.001)
        said = "SPX close of Wed 15 Oct 2025: 6,671.06 by the bars, 6,672.06 by Cboe"
        assert day.desk.snapshot.health.disagreements == (said,)


def lived(day: Closed, out: str, moments: tuple[str, ...], back: str) -> list[object]:
    """What was shown at some moments of an outage, and what is here when it is over, without the labelled closes."""
    day.until(out)
    day.yahoo.trouble(OUT)
    found: list[object] = []
    for moment in moments:
        day.until(moment)
        day.desk.feed.publish(day.desk.clock.now())
        found += [*without_officials(day.desk.snapshot), bars_of(day)]
        shown = [row.official is not None for row in day.desk.snapshot.instruments]
        assert shown == [bool(day.desk.config.feed.close_sources)] * len(shown)
    day.yahoo.heal()
    day.until(back)
    assert [row.official for row in day.desk.snapshot.instruments] == [None, None]
    return [*found, bars_of(day), day.desk.events()]


WEDNESDAY_NIGHT: Outage = (EVENING, (LATER, "2025-10-15 21:00"), "2025-10-16 09:20")
TO_FRIDAY: Outage = (
    "2025-10-15 12:00",
    ("2025-10-15 21:00", "2025-10-16 10:00", "2025-10-16 21:00"),
    "2025-10-17 10:30",
)


@pytest.mark.parametrize("outage", [WEDNESDAY_NIGHT, pytest.param(TO_FRIDAY, marks=pytest.mark.long)])
def test_all_but_the_labelled_close_is_the_same_with_and_without_a_second_source(
    daily_folder: Path, intraday_folder: Path, tmp_path: Path, outage: Outage
) -> None:
    """Rows with their weeks, records and ranges, flags, recap, bars and journal, through the outage and after it."""
    seen: dict[str, list[object]] = {}
    for closes in ("off", "cboe"):
        folders, start = (daily_folder, intraday_folder), "2025-10-15 11:50" if outage is TO_FRIDAY else EVENING
        with closed(folders, tmp_path / closes, *PAIR, start=start, closes=closes, rules=RULES) as day:
            seen[closes] = lived(day, *outage)
    assert seen["off"] == seen["cboe"]


def test_a_store_of_the_layout_before_has_no_closes_and_can_be_read() -> None:
    with sqlite3.connect(":memory:") as older:
        assert load_closes(older) == {}
