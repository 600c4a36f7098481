"""One session's bar is missing: nothing is read across it, and it is named wherever it matters."""

from datetime import date

import pytest

from tapewatch.core.bars import Bars
from tapewatch.core.claims.check import check
from tapewatch.core.compose import compose_as_of
from tapewatch.core.model.claim import Answer
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.oneshot import lacking
from tapewatch.core.sessions import Calendars
from tapewatch.core.universe import INSTRUMENTS, default_config

Real = dict[str, Bars]
LOST = date(2025, 10, 15)


@pytest.fixture
def holed(real: Real) -> Real:
    """The real bars without the Russell's of Wednesday 15 October 2025, the day of its record."""
    rut = real["^RUT"]
    kept = Bars.of(rut.bar(index) for index in range(len(rut) - 400, len(rut)) if rut.day(index) != LOST)
    return {**real, "^RUT": kept}


def shown(bars: Real, day: date) -> Snapshot:
    return compose_as_of(default_config(), {name: one.upto(day) for name, one in bars.items()}, day, Calendars())


def answered(claim: str, bars: Real) -> Answer:
    return check(claim, INSTRUMENTS, bars, date(2026, 1, 20))


def test_no_change_runs_over_it_and_the_row_names_it(holed: Real) -> None:
    snapshot = shown(holed, date(2025, 10, 16))
    row = snapshot.row("RUT")
    assert row is not None
    assert row.quote is not None
    assert row.quote.change_percent is None
    assert row.note == "lacks the bar of Wed 15 Oct 2025: a record or an extreme of then is not known"
    assert any(one.startswith("RUT lacks the bar of Wed 15 Oct") for one in lacking(snapshot))
    other = snapshot.row("SPX")
    assert other is not None
    assert other.note is None


def test_its_week_is_not_ranked_and_has_no_kind(holed: Real) -> None:
    row = shown(holed, date(2025, 10, 17)).row("RUT")
    assert row is not None
    assert row.week is not None
    assert (row.week.sessions, row.week.expected, row.week.final) == (4, 5, True)
    assert (row.week.range_percentile, row.week.patterns) == (None, ())


def test_rules_on_it_are_unknown_for_a_week_and_others_are_not(holed: Real) -> None:
    flags = {flag.id: flag for flag in shown(holed, date(2025, 10, 17)).flags}
    assert flags["record-reversal:^RUT"].state == "unknown"
    assert flags["record-reversal:^RUT"].sentence == "RUT lacks the bar of Wed 15 Oct"
    assert "record-reversal:^GSPC" not in flags
    later = {flag.id: flag.state for flag in shown(holed, date(2025, 10, 27)).flags}
    assert later.get("record-reversal:^RUT") != "unknown"


def test_the_recap_leaves_the_path_and_the_records_out_and_says_so(holed: Real) -> None:
    recap = shown(holed, date(2025, 10, 17)).recap
    assert recap is not None
    keys = {part.key for part in recap.parts}
    assert "lacking" in keys
    assert not keys & {"record", "path", "sessions"}


@pytest.mark.parametrize("claim", ["RUT fell 2.1 % on 2025-10-16", "RUT set a record on 2025-10-16"])
def test_a_claim_of_the_day_after_is_unknown(holed: Real, claim: str) -> None:
    found = answered(claim, holed)
    assert found.verdict == "unknown"
    assert any("2025-10-15" in one for one in found.missing)


def test_a_claim_that_may_hang_on_it_names_it(holed: Real) -> None:
    assert any("2025-10-15" in one for one in answered("RUT fell two days in a row on 2025-10-17", holed).missing)
    assert answered("RUT fell 0.60 % on 2025-10-17", holed).verdict == "true"


def test_a_record_may_be_named_by_its_year(real: Real) -> None:
    found = answered("RUT broke its record of 2021 on 2025-09-18", real)
    verdicts = {reading.basis: reading.holds for part in found.parts for reading in part.readings}
    # on closes the record was of November 2021, intraday of November 2024
    assert verdicts == {"close": True, "intraday": False}
    assert found.verdict == "depends"
