"""The sessions that are written down are the library's, and are used with no other version of it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core import timetable
from tapewatch.core.model.instrument import ZONES
from tapewatch.core.sessions import asked, build, earliest, trading_days
from tapewatch.core.timetable import LAST, Listed, listed
from tapewatch.core.timetable_writing import written

ANEW = "python -m tapewatch.core.timetable_writing writes it anew"


@pytest.fixture
def another_version(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timetable, "installed", lambda: "3.0")
    timetable.usable.cache_clear()
    yield
    timetable.usable.cache_clear()


def test_the_installed_version_is_told_without_importing_it() -> None:
    assert timetable.installed() == version("exchange_calendars")


@pytest.mark.parametrize("name", sorted(ZONES))
def test_every_session_bell_and_early_close_is_the_librarys(name: str) -> None:
    first = earliest(name)
    assert listed(name, first, LAST) == asked(name, first, LAST), ANEW


@pytest.mark.parametrize("name", sorted(ZONES))
@pytest.mark.parametrize("around", [date(1971, 2, 3), date(2001, 9, 11), date(2012, 10, 29), date(2025, 1, 9)])
def test_a_part_is_what_the_library_says_of_that_part_alone(name: str, around: date) -> None:
    first = max(earliest(name), around - timedelta(days=400))
    last = max(around, first) + timedelta(days=400)
    assert listed(name, first, last) == asked(name, first, last)
    assert timetable.days(name, first, last) == [one.day for one in asked(name, first, last)]


@pytest.mark.usefixtures("another_version")
def test_with_another_version_the_library_itself_is_asked() -> None:
    assert listed("XNYS", date(2025, 1, 1), date(2025, 12, 31)) is None
    mourning = date(2025, 1, 9)
    calendar = build("XNYS", date(2025, 1, 15))
    assert calendar.session(mourning) is None
    assert calendar.session(mourning + timedelta(days=1)) is not None


def test_past_the_last_day_the_library_is_asked() -> None:
    assert listed("XNYS", date(2036, 1, 1), date(2036, 2, 1)) is None
    assert date(2036, 1, 2) in trading_days("XNYS", date(2036, 1, 1), date(2036, 2, 1))


@given(
    st.sampled_from(sorted(ZONES)),
    st.lists(
        st.tuples(st.integers(1, 90), st.integers(-480, 700), st.integers(720, 1400), st.booleans()),
        min_size=1, max_size=60,
    ),
)  # fmt: skip
def test_what_is_written_is_read_again(name: str, rows: list[tuple[int, int, int, bool]]) -> None:
    zone, day, wanted = ZoneInfo(ZONES[name]), date(1990, 1, 1), list[Listed]()
    for step, opens, closes, half in rows:
        day += timedelta(days=step)
        midnight = datetime.combine(day, time())
        bells = [(midnight + timedelta(minutes=one)).replace(tzinfo=zone) for one in (opens, closes)]
        wanted.append(Listed(day, bells[0], bells[1], half))
    found = timetable.Exchange(name, written(name, wanted)).between(wanted[0].day, day)
    assert found == wanted


@pytest.mark.parametrize("left", [None, b"", b"\x93garbage"])
def test_without_a_readable_table_the_library_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, left: bytes | None
) -> None:
    file = tmp_path / "timetable.bin"
    if left is not None:
        file.write_bytes(left)
    monkeypatch.setattr(timetable, "FILE", file)
    timetable.usable.cache_clear()
    try:
        assert timetable.listed("XNYS", date(2025, 10, 13), date(2025, 10, 17)) is None
    finally:
        timetable.usable.cache_clear()
